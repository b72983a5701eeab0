"""From the record of one person to the rows that a picture needs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from charley.lab import emg
from charley.lab.session import MS_PER_S
from charley.lab.testing import Tested
from charley.neuromuscular import layout, loop
from charley.vocabulary.laboratory import LabTrace, Mark

Floats = NDArray[np.float64]
LEAD_S = 2.0  # drawn before the first thing done
TRAINS = 4  # of a ramp, that are drawn
LONGEST_REST_S = 60.0  # rests are drawn as they were, up to this
COLUMNS = {
    "pic": loop.PLATEAU,
    "ia_hz": loop.IA,
    "ii_hz": loop.II,
    "ib_hz": loop.IB,
    "renshaw_hz": loop.RENSHAW,
    "force": loop.TENDON_FORCE,
    "flow": loop.FLOW,
    "fast_fatigue": loop.FAST_FATIGUE,
}


def traced(tested: Tested, condition: str, subject: str) -> LabTrace:
    """The last trains of the test and all that follows them, on a clock that starts at 0."""
    start = _start(tested)
    parts = [p for p in tested.parts if p.end_ms / MS_PER_S > start]
    time_s = np.concatenate([p.time_s for p in parts])
    z = np.concatenate([p.z for p in parts])
    inside = time_s >= start
    time_s, z = time_s[inside], z[inside]
    end = float(time_s[-1])
    ms, unit, kind = (np.concatenate([getattr(p, k) for p in parts]) for k in ("spike_ms", "spike_unit", "spike_kind"))
    shown = ms >= start * MS_PER_S
    ms, unit, kind = ms[shown], unit[shown], kind[shown]
    series = {name: z[:, column] for name, column in COLUMNS.items()}
    units = tested.session.subject.units
    spacing = np.diff(time_s, prepend=time_s[0] - 0.01)
    series["rate_hz"] = np.where(spacing > 0, z[:, loop.MUSCLE_SPIKES] / units / 0.01, 0.0)
    protocol = tested.session.protocol()
    angles = np.array(protocol.joint_angle_deg)
    series["angle_deg"] = np.interp(time_s, angles[:, 0], angles[:, 1])
    own = kind != layout.DIRECT
    emg_s, signal = _emg(tested, ms[own], unit[own], start, end)
    state = tested.state
    return LabTrace(
        condition=condition,
        subject=subject,
        time_s=time_s - start,
        series=series,
        marks=_marks(tested, start, end),
        spike_s=ms / MS_PER_S - start,
        spike_unit=unit,
        units=units,
        emg_time_s=emg_s,
        emg=signal,
        numbers=_numbers(tested, start),
        state={
            "slow_fatigue": float(state.slow_fatigue),
            "fast_fatigue": float(state.fast_fatigue),
            "ion_shift_mv": float(state.ion_shift_mv),
            "pain": float(state.pain),
            "sensitisation": float(state.sensitisation),
            "adaptation": float(state.adaptation),
        },
    )


def _start(tested: Tested) -> float:
    trains = sorted(m.start_s for m in tested.session.marks if m.kind == "train")
    if tested.setup.ramp is None or not trains:
        return tested.start_s
    return max(tested.start_s, trains[-TRAINS:][0] - LEAD_S)


def _emg(
    tested: Tested, ms: NDArray[np.int64], unit: NDArray[np.int64], start: float, end: float
) -> tuple[Floats, Floats]:
    first, last = round(start * MS_PER_S), round(end * MS_PER_S)
    inside = (ms >= first) & (ms < last)
    signal = emg.electromyogram(tested.session.p, tested.session.subject.units, ms[inside], unit[inside], first, last)
    maximal = emg.maximal_amplitude(tested.session.subject, tested.session.angle_deg, tested.session.pool.seed)
    return np.arange(last - first) / MS_PER_S, signal / maximal


def _marks(tested: Tested, start: float, end: float) -> tuple[Mark, ...]:
    moved = (
        replace(m, start_s=max(m.start_s - start, 0.0), end_s=min(m.end_s, end) - start)
        for m in tested.session.marks
        if m.end_s >= start and m.start_s <= end
    )
    return tuple(sorted(moved, key=lambda m: m.start_s))


def _numbers(tested: Tested, start: float) -> dict[str, float]:
    return {
        "threshold_hz": tested.threshold_hz,
        "onset_s": tested.onset_s - start,
        "end_s": tested.end_s - start,
        "duration_s": tested.end_s - tested.onset_s,
        "watched_out": float(tested.watched_out),
    }
