"""What can be measured on one person: each measure is a function of what was done and recorded.

A value is a float (nan where there is none), or an array with one value for each of a few motor units; those are pooled
over people, as a paper that counts units does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from charley.lab import emg, units
from charley.lab.examination import Tested
from charley.lab.force import TAKEN_UP_S, active_force, maximal_force
from charley.lab.protocol import Setup
from charley.lab.reflex import Waves, waves
from charley.lab.session import MS_PER_S, Part
from charley.neuromuscular import layout, reflex_loop
from charley.neuromuscular.emg import Electromyogram
from charley.vocabulary.arrays import Floats, Ints
from charley.vocabulary.laboratory import Mark

Measured = float | Floats
Value = Callable[[Tested], Measured]
AnyValue = TypeVar("AnyValue", bound=Value)
NAN = float("nan")
PERCENT = 100.0
RELIEF_S = 5.0  # within which something that was done may be said to have ended a cramp
BEFORE_SHOCK_S = 0.1  # before a tendon shock, for comparison
DIP_S = (0.045, 0.080)  # after a tendon shock, in which its first inhibition falls (Khan and Burne 2009)
HALF_S = 0.5
STRETCH_BIN_S = 0.25
OUTLAST_S = 1.0  # a unit that fires this long after a stimulus goes on by itself
UNITS_SEEN = 8  # of a person's, as a needle finds them: evenly from the smallest to the largest that fire
EARLY_S = 30.0  # first part of a cramp or an effort, as E26 has it
LEAST_IMPULSES = 2  # of a unit that is recruited: one may be chance
OF_FORCE = ("effort_force_pct", "effort_held", "effort_rate_hz", "effort_units_pct")  # asked of an effort of a force
AGAINST = ("stretch", "shock", "sip", "inhibit", "train", "vibration")  # what may be done against a cramp


@dataclass(frozen=True, slots=True)
class Kind:
    """A measure: its unit and meaning, and whether the cramp has to be watched to its end for it."""

    value: Value
    unit: str
    help: str
    to_the_end: bool


MEASURES: dict[str, Kind] = {}


def measure(name: str, unit: str, help: str, to_the_end: bool = True) -> Callable[[AnyValue], AnyValue]:
    """Enter a function of ``Tested`` among the measures."""

    def enter(value: AnyValue) -> AnyValue:
        MEASURES[name] = Kind(value, unit, help, to_the_end)
        return value

    return enter


def usual(setup: Setup) -> tuple[str, ...]:
    """What is measured where a protocol does not say: what its test is for."""
    if setup.ramp is not None:
        found = ["threshold_hz", "cramp_duration_s"]
    else:
        found = ["cramped", "cramp_duration_s"]
        found += ["time_to_cramp_s"] if setup.effort is not None else []
        found += list(OF_FORCE) if setup.effort is not None and setup.effort.force is not None else []
    found += ["shock_dip_pct"] if setup.tendon_shock else []
    found += ["stretch_rise_hz"] if setup.stretch else []
    found += ["relief_s"] if setup.stretch or setup.tendon_shock or setup.sip or setup.inhibit else []
    found += ["vibration_rise_hz"] if setup.vibration else []
    found += ["voluntary_before_pct", "voluntary_left_pct", "evoked_left_pct"] if setup.force_test is not None else []
    found += ["m_max_uv", "h_max_pct", "h_at_m_pct"] if setup.reflex is not None else []
    found += ["sodium_mmol_l"] if setup.fluid is not None else []
    return tuple(found)


# ---- windows of the record ----


def states(tested: Tested, start_s: float, end_s: float) -> Floats:
    """Records of a window, shape (n, loop.STATES); rests that were skipped are left out."""
    parts = [p for p in _parts(tested, start_s, end_s) if not p.skipped]
    inside = [p.z[(p.time_s >= start_s) & (p.time_s < end_s)] for p in parts]
    return np.concatenate([*inside, np.zeros((0, reflex_loop.STATES))])


def impulses(tested: Tested, start_s: float, end_s: float) -> tuple[Ints, Ints]:
    """Impulses of a window (ms, unit), without those that a stimulus caused directly."""
    parts = _parts(tested, start_s, end_s)
    none = [np.zeros(0, np.int64)]
    ms, unit, kind = (
        np.concatenate([getattr(p, k) for p in parts] or none) for k in ("spike_ms", "spike_unit", "spike_kind")
    )
    own = (kind != layout.DIRECT) & (ms >= start_s * MS_PER_S) & (ms < end_s * MS_PER_S)
    return ms[own], unit[own]


def _parts(tested: Tested, start_s: float, end_s: float) -> list[Part]:
    return [p for p in tested.parts if p.end_ms > start_s * MS_PER_S and p.start_ms < end_s * MS_PER_S]


def rate_hz(tested: Tested, start_s: float, end_s: float) -> float:
    """Mean rate of all units in a window."""
    return len(impulses(tested, start_s, end_s)[0]) / tested.session.subject.units / max(end_s - start_s, 1e-9)


def _discharge(tested: Tested, start_s: float, end_s: float) -> units.Discharge:
    ms, unit = impulses(tested, start_s, end_s)
    return units.discharge(ms / MS_PER_S, unit)


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else NAN


# ---- whether, when, how long ----


@measure("threshold_hz", "Hz", "cramp threshold frequency; none where the ramp ends without a cramp", False)
def _threshold(tested: Tested) -> float:
    return tested.threshold_hz


@measure("cramped", "0 or 1", "whether there was a cramp", False)
def _cramped(tested: Tested) -> float:
    return float(tested.cramped)


@measure("duration_s", "s", "how long the muscle went on by itself, 0 without a cramp")
def _duration(tested: Tested) -> float:
    return tested.end_s - tested.onset_s if tested.cramped else 0.0


@measure("cramp_duration_s", "s", "the same, of those who cramped")
def _cramp_duration(tested: Tested) -> float:
    return tested.end_s - tested.onset_s


@measure("time_to_cramp_s", "s", "from the start of the test to the cramp's onset", False)
def _time_to_cramp(tested: Tested) -> float:
    return tested.onset_s - tested.start_s


@measure("prior_cramp_s", "s", "duration of a cramp that was made before the test", False)
def _prior(tested: Tested) -> float:
    return tested.prior_cramp_s


# ---- single motor units ----


def _of_units(attribute: str, scale: float = 1.0) -> Value:
    def value(tested: Tested) -> Floats:
        if not tested.cramped:
            return np.zeros(0)
        if tested.discharge is None:
            tested.discharge = _discharge(tested, tested.onset_s, tested.end_s)
        found: Floats = getattr(tested.discharge, attribute) * scale
        return found[np.unique(np.linspace(0, len(found) - 1, UNITS_SEEN).astype(int))] if len(found) else found

    return value


measure("unit_active_s", "s", "from a unit's first to its last impulse in the cramp")(_of_units("active_s"))
measure("unit_rate_hz", "pulse/s", "mean rate of a unit in the cramp")(_of_units("mean_rate_hz"))
measure("unit_largest_rate_hz", "pulse/s", "a unit's highest rate over a second")(_of_units("largest_rate_hz"))
measure("unit_last_rate_hz", "pulse/s", "a unit's rate as it falls silent")(_of_units("last_rate_hz"))
measure("unit_cv_pct", "%", "variation of a unit's intervals")(_of_units("interval_cv", PERCENT))
measure("doublets_pct", "% of discharges", "impulses within 10 ms of the one before")(_of_units("doublets", PERCENT))


@measure("early_rate_hz", "pulse/s", "mean rate of units in the first 30 s of the cramp")
def _early_rate(tested: Tested) -> float:
    if not tested.cramped:
        return NAN
    return _mean(_discharge(tested, tested.onset_s, min(tested.end_s, tested.onset_s + EARLY_S)).mean_rate_hz)


@measure("effort_rate_hz", "pulse/s", "mean rate of units in the first 30 s of an effort")
def _effort_rate(tested: Tested) -> float:
    return _mean(_effort_discharge(tested).mean_rate_hz)


@measure("effort_cv_pct", "%", "variation of a unit's intervals in the first 30 s of an effort")
def _effort_cv(tested: Tested) -> float:
    return PERCENT * _mean(_effort_discharge(tested).interval_cv)


@measure("early_over_effort_hz", "pulse/s", "rate of units early in the cramp less that in the effort before it")
def _early_over_effort(tested: Tested) -> float:
    return _early_rate(tested) - _effort_rate(tested)


@measure("effort_units_pct", "% of units", "units that fire twice or more in the first 30 s of an effort")
def _effort_units(tested: Tested) -> float:
    times = np.bincount(impulses(tested, *_early_effort(tested))[1], minlength=1)
    return PERCENT * float((times >= LEAST_IMPULSES).sum()) / tested.session.subject.units


@measure("effort_force_pct", "% of maximal voluntary force", "mean force of all efforts, without the first second")
def _effort_force(tested: Tested) -> float:
    greatest = maximal_force(tested.session)
    return PERCENT * _mean(_force_of_efforts(tested)) / greatest if greatest > 0.0 else NAN


@measure("effort_force_cv_pct", "% of its mean", "how unsteady that force is: its standard deviation")
def _effort_force_cv(tested: Tested) -> float:
    found = _force_of_efforts(tested)
    return PERCENT * float(found.std() / found.mean()) if len(found) and found.mean() > 0.0 else NAN


@measure(
    "effort_held", "0 or 1", "whether the force that was asked for was held within two points, before and in the test"
)
def _effort_held(tested: Tested) -> float:
    return float(all(tested.session.forces_held)) if tested.session.forces_held else NAN


def _force_of_efforts(tested: Tested) -> Floats:
    """Force above that of the silent muscle, of all efforts of the test, once it is taken up."""
    found = [np.zeros(0)]
    for mark in _marks(tested, tested.start_s, "effort"):
        from_s = mark.start_s + min(TAKEN_UP_S, 0.5 * (mark.end_s - mark.start_s))
        for part in _parts(tested, from_s, mark.end_s):
            inside = (part.time_s >= from_s) & (part.time_s < mark.end_s)
            found.append(active_force(tested.session, part)[inside])
    return np.concatenate(found)


def _early_effort(tested: Tested) -> tuple[float, float]:
    marks = _marks(tested, tested.start_s, "effort")
    start = marks[0].start_s if marks else tested.start_s
    return start, min(marks[-1].end_s, start + EARLY_S) if marks else start


def _effort_discharge(tested: Tested) -> units.Discharge:
    return _discharge(tested, *_early_effort(tested))


def _common(which: int) -> Value:
    def value(tested: Tested) -> float:
        if not tested.cramped:
            return NAN
        if tested.common_drive is None:
            tested.common_drive = units.common_drive(*impulses(tested, tested.onset_s, tested.end_s))
        return tested.common_drive[which]

    return value


measure("common_drive_hz", "Hz", "frequency at which the rates of two units rise and fall together")(_common(0))
measure("cross_correlation", "r", "cross-correlation of the smoothed rates of two units")(_common(1))

# ---- the loop in the cramp ----


def _in_cramp(column: int, scale: float, largest: bool = False) -> Value:
    def value(tested: Tested) -> float:
        z = states(tested, tested.onset_s, tested.end_s) if tested.cramped else np.zeros((0, reflex_loop.STATES))
        if not len(z):
            return NAN
        return float((z[:, column].max() if largest else z[:, column].mean()) * scale)

    return value


measure("force_pct", "% of maximum", "mean force in the cramp")(_in_cramp(reflex_loop.TENDON_FORCE, PERCENT))
measure("peak_force_pct", "% of maximum", "largest force in the cramp")(
    _in_cramp(reflex_loop.TENDON_FORCE, PERCENT, True)
)
measure("flow_pct", "% of free flow", "mean blood flow in the cramp")(_in_cramp(reflex_loop.FLOW, PERCENT))
measure("ia_hz", "imp/s", "mean discharge of spindles (Ia) in the cramp")(_in_cramp(reflex_loop.IA, 1.0))
measure("ib_hz", "imp/s", "mean discharge of tendon organs in the cramp")(_in_cramp(reflex_loop.IB, 1.0))
measure("pic", "open share", "mean activation of the inward current in the cramp")(_in_cramp(reflex_loop.PLATEAU, 1.0))


def _emg_of_cramp(tested: Tested) -> Electromyogram:
    if tested.emg is None:
        parts = _parts(tested, tested.onset_s, tested.end_s)
        tested.emg = emg.of_parts(tested.session.subject, parts, tested.onset_s, tested.end_s)
    return tested.emg


def _maximal_uv(tested: Tested) -> float:
    session = tested.session
    return emg.maximal_uv(session.subject, session.angle_deg, session.pool.seed)


@measure("emg_pct", "% of maximal effort", "mean rectified EMG in the cramp")
def _emg_mean(tested: Tested) -> float:
    if not tested.cramped:
        return NAN
    return PERCENT * _emg_of_cramp(tested).rectified_uv(0.0, _cramp_duration(tested)) / _maximal_uv(tested)


@measure("emg_peak_pct", "% of maximal effort", "highest half second of it")
def _emg_peak(tested: Tested) -> float:
    if not tested.cramped:
        return NAN
    found = _emg_of_cramp(tested)
    starts = np.arange(0.0, max(_cramp_duration(tested) - HALF_S, 0.0) + 1e-9, HALF_S)
    return PERCENT * max(found.rectified_uv(a, a + HALF_S) for a in starts) / _maximal_uv(tested)


@measure("emg_frequency_hz", "Hz", "centre of the spectrum of the EMG in the cramp")
def _emg_frequency(tested: Tested) -> float:
    return _emg_of_cramp(tested).mean_frequency_hz(0.0, _cramp_duration(tested)) if tested.cramped else NAN


# ---- what was done against it ----


def _marks(tested: Tested, from_s: float, *kinds: str) -> list[Mark]:
    found = [m for m in tested.session.marks if m.kind in kinds and m.start_s >= from_s]
    return sorted(found, key=lambda m: m.start_s)


def _against(tested: Tested) -> Mark | None:
    """The first thing done against the cramp while it lasted."""
    if not tested.cramped:
        return None
    return next((m for m in _marks(tested, tested.onset_s, *AGAINST) if m.start_s <= tested.end_s), None)


@measure("relief_s", "s", "from what was done against the cramp to its end")
def _relief(tested: Tested) -> float:
    mark = _against(tested)
    return NAN if mark is None else tested.end_s - mark.start_s


@measure("ended", "0 or 1", "whether the cramp was over 5 s after what was done against it")
def _ended(tested: Tested) -> float:
    mark = _against(tested)
    if mark is None:
        return NAN
    done_s = max(m.end_s for m in _marks(tested, tested.onset_s, mark.kind))
    return float(tested.end_s <= done_s + RELIEF_S and not tested.watched_out)


@measure("shock_dip_pct", "%", "how far discharge falls 45 to 80 ms after a tendon shock, over all shocks in the cramp")
def _shock_dip(tested: Tested) -> float:
    times = [m.start_s for m in _marks(tested, tested.onset_s, "shock")] if tested.cramped else []
    times = [at for at in times if at + DIP_S[1] <= tested.end_s]
    before = sum(rate_hz(tested, at - BEFORE_SHOCK_S, at) for at in times)
    after = sum(rate_hz(tested, at + DIP_S[0], at + DIP_S[1]) for at in times)
    return PERCENT * (1.0 - after / before) if before > 0.0 else NAN


@measure(
    "stretch_rise_hz", "imp/s a unit", "highest quarter second in a stretch's first second, less the second before"
)
def _stretch_rise(tested: Tested) -> float:
    from_s = tested.onset_s if tested.cramped else tested.start_s
    mark = next(iter(_marks(tested, from_s, "stretch")), None)
    if mark is None or (tested.cramped and mark.start_s > tested.end_s):
        return NAN
    bins = np.arange(mark.start_s, mark.start_s + 1.0 - 1e-9, STRETCH_BIN_S)
    before = rate_hz(tested, mark.start_s - 1.0, mark.start_s)
    return max(rate_hz(tested, a, a + STRETCH_BIN_S) for a in bins) - before


@measure("vibration_rise_hz", "imp/s a unit", "discharge in the second half of a vibration, less that before it")
def _vibration_rise(tested: Tested) -> float:
    mark = next(iter(_marks(tested, tested.start_s, "vibration")), None)
    if mark is None:
        return NAN
    before_s = max(mark.start_s - 1.0, tested.start_s)
    before = rate_hz(tested, before_s, mark.start_s) if before_s < mark.start_s else 0.0
    return rate_hz(tested, 0.5 * (mark.start_s + mark.end_s), mark.end_s) - before


@measure("units_outlast", "units", "units that fire on for 1 to 2 s after the last stimulus")
def _units_outlast(tested: Tested) -> float:
    ends = [m.end_s for m in tested.session.marks if m.kind in ("train", "vibration", "effort")]
    if not ends:
        return NAN
    return float(len(np.unique(impulses(tested, max(ends) + OUTLAST_S, max(ends) + 2.0 * OUTLAST_S)[1])))


# ---- waves of a shock to the nerve ----


def _waves(tested: Tested) -> Waves | None:
    if tested.waves is None and tested.setup.reflex is not None:
        tested.waves = waves(tested.session, _marks(tested, tested.start_s, "reflex"))
    return tested.waves


def _of_waves(value: Callable[[Waves], float]) -> Value:
    def read(tested: Tested) -> float:
        found = _waves(tested)
        return NAN if found is None else value(found)

    return read


measure("m_max_uv", "uV", "largest M wave of a test of the reflex, from peak to peak")(_of_waves(lambda w: w.m_max_uv))
measure("h_max_pct", "% of largest M wave", "largest H wave")(_of_waves(lambda w: PERCENT * w.h_max()))
measure("h_units_pct", "% of units", "most units that a shock fires by reflex, above those that fire anyway")(
    _of_waves(lambda w: PERCENT * float(w.h_units.max()))
)
measure("h_threshold_pct", "% of the M wave's", "current at which the H wave can be told, over that of the M wave")(
    _of_waves(lambda w: PERCENT * w.threshold(w.h_uv) / w.threshold(w.m_uv))
)


@measure("h_at_m_pct", "% of largest M wave", "H wave at the M wave that reflex.at_m_pct says")
def _h_at_m(tested: Tested) -> float:
    found, reflex = _waves(tested), tested.setup.reflex
    return NAN if found is None or reflex is None else PERCENT * found.h_at(reflex.at_m_pct / PERCENT)


# ---- force that is asked for before, in and after a cramp ----


def _asked(when: str, what: str) -> Callable[[Tested], float]:
    def value(tested: Tested) -> float:
        found = tested.forces.get(when)
        return NAN if found is None else PERCENT * float(getattr(found, what))

    return value


def _left(what: str) -> Callable[[Tested], float]:
    before, after = _asked("before", what), _asked("after", what)

    def value(tested: Tested) -> float:
        first = before(tested)
        return PERCENT * after(tested) / first if first > 0.0 else NAN

    return value


for _what, _by in (("evoked", "a short train or a twitch"), ("voluntary", "a greatest effort")):
    for _when, _then in (
        ("before", "before the test"),
        ("onset", "once the cramp is one"),
        ("after", "after the cramp"),
    ):
        measure(f"{_what}_{_when}_pct", "% of maximum", f"largest force by {_by} {_then}")(_asked(_when, _what))
    measure(f"{_what}_left_pct", "% of that before", f"the force after the cramp over that before, by {_by}")(
        _left(_what)
    )


# ---- slow states ----


@measure("sodium_mmol_l", "mmol/L", "plasma sodium at the test, where fluids are given", False)
def _sodium(tested: Tested) -> float:
    return tested.sodium_mmol_l


@measure("ion_shift_mv", "mV", "shift of activation voltages by ions", False)
def _ion_shift(tested: Tested) -> float:
    return float(tested.state.ion_shift_mv)


@measure("fast_fatigue", "0 to 1", "fatigue of minutes when the test begins", False)
def _fast_fatigue(tested: Tested) -> float:
    return float(tested.state.fast_fatigue)


@measure("fast_fatigue_after", "0 to 1", "the same at the end")
def _fast_fatigue_after(tested: Tested) -> float:
    return float(tested.session.pool.z[reflex_loop.FAST_FATIGUE])


@measure("sensitisation", "0 to 1", "after-effect of earlier cramps when the test begins", False)
def _sensitisation(tested: Tested) -> float:
    return float(tested.state.sensitisation)
