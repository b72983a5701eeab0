"""A second motor neuron, of another make, to see which conclusions about the loop hang on the first one.

One compartment that spikes by fast sodium and a delayed rectifier. What makes it go on by itself is not a dendritic
inward current, as in ``membrane.py``, but calcium: spikes let it in through a high-voltage channel, it releases more of
itself, and it opens a cation current that depolarises. Persistent sodium helps; potassium that calcium opens opposes.
Equations and numbers: Molkov et al. 2025, doi:10.3389/fncel.2025.1710893, and the code that goes with the paper. With V
in mV, calcium c in mmol/L, conductances g in mS/cm2, x_inf = 1 / (1 + exp((half - V) / slope)):

    C V' = -g_L (V - E_L) - (g_Na m_inf^3 h + g_NaP p_inf) (V - E_Na) - g_Ca a b (V - E_Ca)
           - g_CAN c / (c + K_CAN) (V - E_CAN) - (g_Kdr n^4 + g_Kv1 k_inf l + g_KCa c / (c + K_KCa)) (V - E_K)
           - g_E (V - E_E) - g_I (V - E_I)
    c' = -alpha g_Ca a b (V - E_Ca) - c / tau_c

and first-order gates h, n, a, b, l. The synaptic conductances g_E, g_I and the reflex are ours, the same as the loop's:
a pulse adds to g_E, which decays; what the pool fires comes back through the spindle's linkage, and saturates.

Validity: a neuron of the mouse in a slice, which fires at 70 to 200 impulses a second, ten times as fast as a human
unit; so drives and rates are compared in its own measure (what makes it begin to fire, what it then fires at). It has
no noise, no slow inactivation and no adaptation: by itself it never tires. No forecast uses it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from charley.evidence.numbers.calcium import CALCIUM, CalciumNumbers
from charley.neuromuscular.parameters import constants
from charley.vocabulary.arrays import Floats, Ints
from charley.vocabulary.errors import ProtocolError, SimulationError

STEP_MS = 0.025  # exponential Euler, first order: rates within 1.5 % of a solver of high order (tests/published)
V, KV1 = 0, 6  # rows of the state: potential, calcium, gates a, b, h, n, l
STATES = 7
SPIKE_MV = 0.0
MOST_HZ = 500.0


class Synapses(NamedTuple):
    """What the neurons hear. ``loop`` is the conductance (mS/cm2) that a pool firing without bound would get back,
    ``loop_half_hz`` the mean rate that gives half of it."""

    excitatory_mv: float
    inhibitory_mv: float
    volley_time_ms: float
    loop: float
    loop_half_hz: float
    loop_time_ms: float


@dataclass(slots=True)
class CalciumPool:
    """A pool of these neurons. ``drive`` (units,): factor on the excitation of each unit, so that they begin one after
    the other; ``numbers``: other values are passed by ``CALCIUM._replace``."""

    drive: Floats
    numbers: CalciumNumbers
    synapses: Synapses
    state: Floats  # (STATES, units)
    volley: float = 0.0
    rate_hz: float = 0.0  # smoothed mean over the pool

    def run(self, excitation: Floats, pulses: Floats, inhibition: Floats) -> tuple[Ints, Ints]:
        """Advance over milliseconds. ``excitation`` and ``inhibition``: held conductances (mS/cm2), ``pulses``: what a
        volley adds, all shape (ms,). Returns spikes (ms since the start of the run, unit).

        Raises ProtocolError without Numba, SimulationError where a state is not finite.
        """
        room = round(MOST_HZ / 1000.0 * len(excitation) * self.state.shape[1]) + 100
        spike_ms, spike_unit = np.zeros(room, np.int64), np.zeros(room, np.int64)
        shared = np.array([self.volley, self.rate_hz])
        heard, found = (excitation, pulses, inhibition), (spike_ms, spike_unit)
        count = _engine()(self.state, shared, self.drive, self.numbers, self.synapses, *heard, *found)
        self.volley, self.rate_hz = float(shared[0]), float(shared[1])
        if not np.isfinite(self.state).all() or count >= room:
            raise SimulationError("simulation-diverged", "a state left its range", "calcium neuron")
        return spike_ms[:count], spike_unit[:count]


def calcium_pool(
    units: int = 1, numbers: CalciumNumbers = CALCIUM, loop: float = 0.0, loop_half_hz: float = 1.0
) -> CalciumPool:
    """A silent pool at rest, its units spread in drive as the loop's are (``drive_range``)."""
    p = constants()
    rank = np.linspace(0.0, 1.0, units) if units > 1 else np.zeros(1)
    state = np.zeros((STATES, units))
    state[V], state[KV1] = numbers.leak_reversal_mv, 1.0
    synapses = Synapses(
        p.excitatory_reversal_mv, p.inhibitory_reversal_mv, p.volley_time_ms, loop, loop_half_hz, p.ia_linkage_time_ms
    )
    return CalciumPool(p.drive_range**-rank, numbers, synapses, state)


def potassium_reversal_mv(n: CalciumNumbers) -> float:
    """Reversal potential of potassium (mV) from what stands inside and outside."""
    return n.thermal_mv * math.log(n.potassium_outside_mmol_l / n.potassium_inside_mmol_l)


@cache
def _engine() -> Callable[..., int]:
    try:
        import numba
    except ImportError as error:
        raise ProtocolError("protocol-engine", "the second motor neuron needs Numba, which is not installed") from error
    from charley.neuromuscular.compiled import compiled

    inline: Any = numba.extending.register_jitable
    inline(_gate)
    found: Callable[..., int] = compiled(_advance)
    return found


def _gate(v: float, half: float, slope: float) -> float:
    return 1.0 / (1.0 + math.exp((half - v) / slope))


def _advance(
    state: Floats, shared: Floats, drive: Floats, n: CalciumNumbers, s: Synapses, excitation: Floats, pulses: Floats,
    inhibition: Floats, spike_ms: Ints, spike_unit: Ints,
) -> int:  # fmt: skip
    """All units over all milliseconds; the reflex has the millisecond as its step. Returns the number of spikes."""
    units, steps = state.shape[1], round(1.0 / STEP_MS)
    e_k = n.thermal_mv * math.log(n.potassium_outside_mmol_l / n.potassium_inside_mmol_l)
    to_a, to_b = 1.0 - math.exp(-STEP_MS / n.calcium_time_ms), 1.0 - math.exp(-STEP_MS / n.calcium_inactivation_time_ms)
    volley_kept, rate_kept = math.exp(-1.0 / s.volley_time_ms), math.exp(-1.0 / s.loop_time_ms)
    count = 0
    for ms in range(len(excitation)):
        shared[0] = shared[0] * volley_kept + pulses[ms]
        returned = s.loop * shared[1] / (shared[1] + s.loop_half_hz)
        fired = 0
        for u in range(units):
            v, c, a, b, h, r, k = (
                state[0, u],
                state[1, u],
                state[2, u],
                state[3, u],
                state[4, u],
                state[5, u],
                state[6, u],
            )
            g_e = drive[u] * (excitation[ms] + shared[0] + returned)
            g_i = inhibition[ms]
            for _ in range(steps):
                g_ca = n.calcium_conductance * a * b
                g_na = n.sodium_conductance * _gate(v, n.sodium_half_mv, n.sodium_slope_mv) ** 3 * h
                g_na += n.persistent_conductance * _gate(v, n.persistent_half_mv, n.persistent_slope_mv)
                g_k = n.rectifier_conductance * r**4 + n.kv1_conductance * _gate(v, n.kv1_half_mv, n.kv1_slope_mv) * k
                g_k += n.potassium_calcium_conductance * c / (c + n.potassium_calcium_half_mmol_l)
                g_can = n.cation_conductance * c / (c + n.cation_half_mmol_l)
                g = n.leak_conductance + g_na + g_k + g_can + g_ca + g_e + g_i
                pull = n.leak_conductance * n.leak_reversal_mv + g_na * n.sodium_reversal_mv + g_k * e_k
                pull += g_can * n.cation_reversal_mv + g_ca * n.calcium_reversal_mv
                pull += g_e * s.excitatory_mv + g_i * s.inhibitory_mv
                c += STEP_MS * (n.calcium_per_current * g_ca * (n.calcium_reversal_mv - v) - c / n.calcium_removal_ms)
                a += to_a * (_gate(v, n.calcium_half_mv, n.calcium_slope_mv) - a)
                b += to_b * (_gate(v, n.calcium_inactivation_half_mv, -n.calcium_inactivation_slope_mv) - b)
                away = v - n.sodium_inactivation_time_mv
                tau = math.exp(away / n.sodium_inactivation_rise_mv) + math.exp(-away / n.sodium_inactivation_fall_mv)
                h += (1.0 - math.exp(-STEP_MS * tau / n.sodium_inactivation_time_ms)) * (
                    _gate(v, n.sodium_inactivation_half_mv, -n.sodium_inactivation_slope_mv) - h
                )
                away = v - n.rectifier_time_mv
                tau = math.exp(away / n.rectifier_rise_mv) + math.exp(-away / n.rectifier_fall_mv)
                r += (1.0 - math.exp(-STEP_MS * tau / n.rectifier_time_ms)) * (
                    _gate(v, n.rectifier_half_mv, n.rectifier_slope_mv) - r
                )
                tau = n.kv1_first_rate * math.exp((n.kv1_first_mv - v) / n.kv1_first_slope_mv)
                tau += n.kv1_second_rate * _gate(v, n.kv1_second_mv, n.kv1_second_slope_mv)
                k += (1.0 - math.exp(-STEP_MS * tau / n.kv1_time_ms)) * (
                    _gate(v, n.kv1_inactivation_half_mv, -n.kv1_inactivation_slope_mv) - k
                )
                rest = pull / g
                after = rest + (v - rest) * math.exp(-STEP_MS * g / n.capacitance_uf_cm2)
                if v < SPIKE_MV <= after:
                    fired += 1
                    if count < len(spike_ms):
                        spike_ms[count], spike_unit[count] = ms, u
                        count += 1
                v = after
            state[0, u], state[1, u], state[2, u], state[3, u], state[4, u], state[5, u], state[6, u] = (
                v,
                c,
                a,
                b,
                h,
                r,
                k,
            )
        shared[1] = shared[1] * rate_kept + (1.0 - rate_kept) * 1000.0 * fired / units
    return count
