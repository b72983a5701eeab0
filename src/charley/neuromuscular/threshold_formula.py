"""The cramp threshold without simulating a spike: where the mean drive of a stimulus lifts the dendrites over the
knee of their inward current.

Three conditions, all algebraic and smooth in every input:

* ``ignition``: the drive that a train of ``f`` Hz adds to the rest discharge of the spindles, less the tendon organs'
  and Renshaw cells' answer to the force it makes, against the upper knee of the dendrites' steady current-voltage
  curve. Its root in ``f`` is the central threshold.
* ``sustain``: the drive that the recruited pool gives itself through its spindles, against the lower knee. Above zero
  a cramp holds by itself.
* ``peripheral_hz``: the frequency at which axon terminals go on by themselves, in closed form.

All functions are vectorised: the fields of ``SlowState`` (and angles) may have any shapes that broadcast, such as
(steps, draws). They need neither Numba nor a solver. Derivatives are implicit, -D_x / D_f, with exact complex-step
partial derivatives. Checked against the pool on a stored grid of 27 conditions (tests/identical/data). The drive of
running in Hz is unmeasured, so a margin to it is a relative index.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from charley.neuromuscular.excitability import spindle_gain, tendon_organ_gain, threshold_shift_mv
from charley.neuromuscular.parameters import Constants, passive_length
from charley.neuromuscular.renshaw import renshaw_rate
from charley.neuromuscular.spindle import ia_efficacy, ia_static, ii_static
from charley.neuromuscular.subject import SlowState, Subject
from charley.neuromuscular.tendon_organ import ib_efficacy, ib_static
from charley.neuromuscular.terminals import terminal_shift
from charley.vocabulary.arrays import Floats

Array = NDArray[Any]  # of floats, or of complex numbers while a derivative is taken
Numbers = float | Array
SIZES = (np.arange(6) + 0.5) / 6.0  # size classes that stand for the pool
SHARES = np.array([0.15, 0.3, 0.45, 0.6, 0.8, 1.0])  # recruited shares tried for a holding discharge
HIGHEST_HZ = 80.0  # no threshold is looked for above
KNEE_STEPS = 5  # of Newton's method
BLOCK = 4096  # states at a time
TINY = 1e-20  # the complex step: no cancellation, so as small as one likes


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What the conditions need of person, state and position, broadcast to one shape; floats or complex."""

    shift_mv: Array
    spindle: Array
    tendon: Array
    nociceptive: Array
    weaken: Array  # factor on force
    fast_fatigue: Array
    availability: Array  # 1 - slow inactivation of the inward current
    passive: Array  # passive fibre length
    inhibition: Array


def _logistic(x: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-x))


def _inputs(
    p: Constants, subject: Subject, state: SlowState, angle_deg: Numbers, knee_deg: Numbers, inhibition: Numbers
) -> _Inputs:
    s: dict[str, Array] = {f.name: np.asarray(getattr(state, f.name)) for f in fields(state)}
    passive = np.asarray(passive_length(p, np.asarray(angle_deg), np.asarray(knee_deg)))
    trait_mv: Array = np.asarray(subject.excitability_mv)
    parts = (
        threshold_shift_mv(p, trait_mv, s["ion_shift_mv"], s["fast_fatigue"], s["sensitisation"], s["adaptation"]),
        subject.spindle_gain * spindle_gain(p, s["slow_fatigue"], s["fast_fatigue"]),
        subject.tendon_organ_gain * tendon_organ_gain(p, s["slow_fatigue"]),
        p.nociceptor_weight * (s["pain"] + p.nociceptor_metabolites * s["metabolites"]),
        1.0 - p.fatigue_force_loss * s["fast_fatigue"],
        s["fast_fatigue"],
        np.asarray(1.0),
        passive,
        np.asarray(inhibition),
    )
    return _Inputs(*np.broadcast_arrays(*parts))


def _force(
    p: Constants, rate_hz: Array, passive: Array, weaken: Array, share: float | None = None
) -> tuple[Array, Array]:
    """Steady force and fibre length of the pool (or of a recruited share of it) at one rate for all units."""
    twitch = p.twitch_range**SIZES
    contraction_s = 1e-3 * p.twitch_small_ms * (p.twitch_large_ms / p.twitch_small_ms) ** SIZES
    q2 = (rate_hz[..., None] * contraction_s) ** 2
    saturated = q2 / (q2 + p.twitch_half**2)
    if share is not None:
        saturated = saturated * _logistic((share - SIZES) / 0.08)
    active = weaken * (saturated * (twitch / twitch.sum())).sum(-1)
    stiffness = p.optimal_fibre_length_m / (p.tendon_strain * p.tendon_slack_length_m)

    def silent(length: Array) -> tuple[Array, Array]:
        stretched = np.real(length) > p.passive_length_onset
        grown = np.exp(p.passive_force_rate * np.where(stretched, length - p.passive_length_onset, 0.0))
        return p.passive_force_scale * (grown - 1.0), np.where(
            stretched, p.passive_force_scale * p.passive_force_rate * grown, 0.0
        )

    at_rest = silent(passive)[0]
    length = passive - 0.1 * active / (active + 0.3)
    for _ in range(5):
        x = (length - 1.0) / p.force_length_width
        hump = np.exp(-x * x)
        pull, slope = silent(length)
        excess = active * hump + pull - at_rest - (passive - length) * stiffness
        length = length - excess / (active * hump * (-2.0 * x / p.force_length_width) + slope + stiffness)
    return at_rest + (passive - length) * stiffness, length


def _afferents(p: Constants, i: _Inputs, length: Array, pool_rate: Array) -> tuple[Array, Array]:
    """Natural excitatory conductance at a fibre length and pool rate, and the efficacy of Ia impulses."""
    efficacy = ia_efficacy(p, i.passive)
    ia = i.spindle * ia_static(p, length, pool_rate, 1.0)
    ii = i.spindle * ii_static(p, length, 1.0)
    return efficacy * ia + p.ii_weight * ii + i.nociceptive, efficacy


def _inhibition(p: Constants, i: _Inputs, force: Array, collateral: Array) -> Array:
    """Inhibitory conductance of tendon organs, Renshaw cells and whatever is added."""
    ib = p.ib_weight * ib_efficacy(p, i.passive) * i.tendon * ib_static(p, force)
    total: Array = ib + p.renshaw_weight * renshaw_rate(p, collateral) + i.inhibition
    return total


def _knee(p: Constants, i: _Inputs, inhibition: Array, soma_mv: float, upper: bool, conductance: float) -> Array:
    """Excitatory conductance at the upper (ignition) or lower (extinction) knee of the dendrites' steady curve.

    The curve gives the conductance that holds a potential; its stationary point is found by Newton steps within the
    range of the knee (at the end of the range where there is none). The value there is right to the square of the
    potential's error.
    """
    low, high, offset = (
        (p.margin_upper_from_mv, p.margin_upper_to_mv, p.margin_upper_start_mv)
        if upper
        else (p.margin_lower_from_mv, p.margin_lower_to_mv, p.margin_lower_start_mv)
    )
    inward = conductance * i.availability
    half = p.pic_half_mv + i.shift_mv
    rest = p.leak_reversal_mv + p.coupling_dendrite * (soma_mv + i.shift_mv) + inhibition * p.inhibitory_reversal_mv
    total = 1.0 + p.coupling_dendrite + inhibition
    v = half + offset

    def current(v: Array) -> tuple[Array, Array, Array]:
        gate = _logistic((v - half) / p.pic_slope_mv)
        opening = gate * (1.0 - gate) / p.pic_slope_mv
        bend = opening * (1.0 - 2.0 * gate) / p.pic_slope_mv
        drop = v - p.calcium_reversal_mv
        return (
            total * v - rest + inward * gate * drop,
            total + inward * (opening * drop + gate),
            inward * (bend * drop + 2.0 * opening),
        )

    for _ in range(KNEE_STEPS):
        value, slope, curvature = current(v)
        reach = v - p.excitatory_reversal_mv
        step = (slope * reach - value) / np.where(np.abs(curvature * reach) > 1e-12, curvature * reach, 1e-12)
        v = v - step
        inside = np.clip(np.real(v - half), low, high) + np.real(half)
        v = np.where(np.real(v) == inside, v, inside + 1j * np.imag(half) if np.iscomplexobj(v) else inside)
    held: Array = -current(v)[0] / (v - p.excitatory_reversal_mv)
    return held


def _ignition(p: Constants, i: _Inputs, frequency_hz: Array, sensory_share: Numbers = 1.0) -> Array:
    """Drive of a train, less the upper knee of a small unit: above zero the train lights the pool."""
    force, length = _force(p, frequency_hz, i.passive, i.weaken)
    natural, efficacy = _afferents(p, i, length, np.zeros(()))
    knee = _knee(
        p,
        i,
        _inhibition(p, i, force, frequency_hz),
        p.margin_soma_train_mv,
        True,
        p.pic_conductance * (1.0 + p.pic_spread),
    )
    drive = natural + efficacy * p.volley_strength * sensory_share * frequency_hz
    surplus: Array = drive * p.drive_range**-p.margin_unit - knee
    return surplus


def _sustain(p: Constants, i: _Inputs) -> Array:
    """Largest surplus, over recruited shares, of the drive that the pool gives itself over the lower knee of its last
    unit."""
    surplus = []
    for share in SHARES:
        rate = np.full(np.shape(i.passive), p.margin_cramp_rate_hz)
        force, length = _force(p, rate, i.passive, i.weaken, share)
        natural, _ = _afferents(p, i, length, rate * share)
        knee = _knee(p, i, _inhibition(p, i, force, rate * share), p.margin_soma_cramp_mv, False, p.pic_conductance)
        surplus.append(natural * p.drive_range**-share - knee)
    stacked = np.stack(surplus)
    steep = 200.0
    largest: Array = np.log(np.exp(steep * stacked).sum(0)) / steep
    return largest


def _peripheral_hz(p: Constants, i: _Inputs, train_s: float = 2.0) -> Array:
    """Frequency at which a train of ``train_s`` leaves the middle axon terminal firing, in closed form."""
    half = p.terminal_half * (1.0 + terminal_shift(p, i.passive, i.shift_mv, i.fast_fatigue))
    per_hz = sum(
        sign * per_spike * time_ms / 1000.0 * (1.0 - np.exp(-1000.0 * train_s / time_ms))
        for sign, per_spike, time_ms in (
            (1.0, p.potassium_per_spike, p.potassium_time_ms),
            (-1.0, p.pump_per_spike, p.pump_time_ms),
        )
    )
    hz: Array = p.margin_peripheral * half / per_hz
    return hz


def _softplus(x: Array) -> Array:
    return np.where(np.real(x) > 30.0, x, np.log1p(np.exp(np.where(np.real(x) > 30.0, 0.0, x))))


def _softmin(a: Array, b: Array, width: float) -> Array:
    """The smaller of two, rounded over ``width`` where they meet."""
    return b - width * _softplus((b - a) / width)


def _root_hz(p: Constants, i: _Inputs, sensory_share: Numbers) -> Array:
    """Frequency at which ``_ignition`` vanishes: bisection to 10 Hz, then secants within that bracket."""
    low = np.zeros(np.shape(i.passive))
    high = np.full(np.shape(i.passive), HIGHEST_HZ)
    for _ in range(3):
        middle = 0.5 * (low + high)
        lit = _ignition(p, i, middle, sensory_share) > 0.0
        low, high = np.where(lit, low, middle), np.where(lit, middle, high)
    before, root = low, high
    value_before, value = (_ignition(p, i, f, sensory_share) for f in (before, root))
    for _ in range(5):
        change = value - value_before
        step = value * (root - before) / np.where(np.abs(change) > 0.0, change, 1.0)
        before, value_before = root, value
        root = np.clip(root - step, low, high)
        value = _ignition(p, i, root, sensory_share)
    return root


def _threshold(p: Constants, i: _Inputs, root_hz: Array) -> Array:
    """Central and peripheral threshold joined; ``root_hz`` may carry the derivative of the root as its imaginary
    part."""
    surplus = _sustain(p, i)
    late = _softplus((p.margin_sustain_knee - surplus) / p.margin_sustain_width)
    central = p.margin_offset_hz + p.margin_slope * root_hz + p.margin_sustain_hz * late
    return _softmin(central, _peripheral_hz(p, i), p.margin_join_hz)


def threshold_frequency_hz(
    state: SlowState,
    subject: Subject | None = None,
    joint_angle_deg: Numbers | None = None,
    knee_flexion_deg: Numbers = 0.0,
    inhibition: Numbers = 0.0,
    sensory_share: Numbers = 1.0,
) -> Floats:
    """Cramp threshold frequency (Hz) of a slow state, without simulating: same shape as the fields of ``state``
    broadcast.

    ``joint_angle_deg`` None is the muscle's usual test position. ``inhibition`` is an extra inhibitory conductance.
    The value is where a
    train would light the pool even where no cramp could hold; ``sustain`` says whether it can. Between 0 and
    ``HIGHEST_HZ``.

    Validity: slow states of the table's range, joint angles -45 to +15 degrees; against the pool on the stored grid 1
    Hz on average.
    Raises ProtocolError for a state outside its range.
    """
    subject, p, i = _prepared(state, subject, joint_angle_deg, knee_flexion_deg, inhibition)
    shape = np.shape(i.passive)
    flat = _Inputs(*(np.ravel(getattr(i, f.name)) for f in fields(_Inputs)))
    share = np.broadcast_to(np.asarray(sensory_share, dtype=float), shape).ravel()
    found = np.empty(flat.passive.shape)
    for start in range(0, len(found), BLOCK):  # in pieces that stay in the processor's cache
        part = slice(start, start + BLOCK)
        piece = _Inputs(*(getattr(flat, f.name)[part] for f in fields(_Inputs)))
        found[part] = np.real(_threshold(p, piece, _root_hz(p, piece, share[part])))
    return np.clip(found, 0.0, HIGHEST_HZ).reshape(shape)


def sustain(
    state: SlowState,
    subject: Subject | None = None,
    joint_angle_deg: Numbers | None = None,
    knee_flexion_deg: Numbers = 0.0,
    inhibition: Numbers = 0.0,
) -> Floats:
    """Surplus (leak conductances) of the drive that a discharging pool gives itself; above zero a cramp holds by
    itself."""
    subject, p, i = _prepared(state, subject, joint_angle_deg, knee_flexion_deg, inhibition)
    return np.asarray(np.real(_sustain(p, i)) - p.margin_sustain_zero)


def derivatives(
    state: SlowState,
    subject: Subject | None = None,
    joint_angle_deg: Numbers | None = None,
    knee_flexion_deg: Numbers = 0.0,
    inhibition: Numbers = 0.0,
) -> dict[str, Floats]:
    """Slope of the threshold (Hz per unit) in each field of ``state`` and in ``joint_angle_deg``,
    ``tendon_organ_gain``, ``spindle_gain``.

    Implicit: dTF/dx = -D_x / D_f at the root, each partial exact by a complex step; the remaining terms explicitly.
    """
    subject = subject or Subject()
    _, p, i = _prepared(state, subject, joint_angle_deg, knee_flexion_deg, inhibition)
    root = _root_hz(p, i, 1.0)
    slope = np.imag(_ignition(p, i, root + 1j * TINY, 1.0)) / TINY
    angle = p.test_angle_deg if joint_angle_deg is None else joint_angle_deg
    found = {}
    for name in (*(f.name for f in fields(state)), "joint_angle_deg", "tendon_organ_gain", "spindle_gain"):
        if name == "temperature_c":
            continue  # acts on rates of channels, which the steady conditions do not hold
        shifted_state, shifted_subject, shifted_angle = state, subject, angle
        if name == "joint_angle_deg":
            shifted_angle = np.asarray(angle) + 1j * TINY
        elif hasattr(subject, name):
            shifted_subject = replace(subject, **{name: getattr(subject, name) + 1j * TINY})
        else:
            shifted: Any = np.asarray(getattr(state, name)) + 1j * TINY
            shifted_state = replace(state, **{name: shifted})
        moved = _inputs(p, shifted_subject, shifted_state, shifted_angle, knee_flexion_deg, inhibition)
        root_moved = root - 1j * np.imag(_ignition(p, moved, root, 1.0)) / slope
        found[name] = np.asarray(np.imag(_threshold(p, moved, root_moved)) / TINY)
    return found


def _prepared(
    state: SlowState,
    subject: Subject | None,
    joint_angle_deg: Numbers | None,
    knee_flexion_deg: Numbers,
    inhibition: Numbers,
) -> tuple[Subject, Constants, _Inputs]:
    subject = subject or Subject()
    p = subject.constants()
    angle = p.test_angle_deg if joint_angle_deg is None else joint_angle_deg
    return subject, p, _inputs(p, subject, state.check(), angle, knee_flexion_deg, inhibition)
