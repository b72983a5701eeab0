"""From the record of one person to the rows that a picture needs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from charley.lab import emg
from charley.lab.examination import Tested
from charley.lab.oxygen import oxygen_course
from charley.lab.session import MS_PER_S, RECORD_MS
from charley.neuromuscular import reflex_loop
from charley.vocabulary.arrays import Floats
from charley.vocabulary.laboratory import LabTrace, Mark

LEAD_S = 2.0  # drawn before the first thing done
BEFORE_S = 65.0  # of a ramp, at most, drawn before a short cramp; before a long one as much as it lasts
SMOOTHED = 25  # records over which the pool's rate is averaged: a quarter of a second
COLUMNS = {
    "pic": reflex_loop.PLATEAU,
    "ia_hz": reflex_loop.IA,
    "ii_hz": reflex_loop.II,
    "ib_hz": reflex_loop.IB,
    "renshaw_hz": reflex_loop.RENSHAW,
    "force": reflex_loop.TENDON_FORCE,
    "flow": reflex_loop.FLOW,
    "fast_fatigue": reflex_loop.FAST_FATIGUE,
}


def traced(tested: Tested, condition: str, subject: str) -> LabTrace:
    """The last trains of the test and all that follows them, on a clock that starts at 0."""
    start = _start(tested)
    parts = [p for p in tested.parts if p.end_ms / MS_PER_S > start]
    time_s = np.concatenate([p.time_s for p in parts])
    z = np.concatenate([p.z for p in parts])
    session = tested.session
    oxygen = oxygen_course(z[:, reflex_loop.ACTIVATION], z[:, reflex_loop.FLOW], RECORD_MS / MS_PER_S)
    inside = time_s >= start
    time_s, z = time_s[inside], z[inside]
    end = float(time_s[-1])
    ms, unit = (np.concatenate([getattr(p, k) for p in parts]) for k in ("spike_ms", "spike_unit"))
    shown = ms >= start * MS_PER_S
    ms, unit = ms[shown], unit[shown]
    series = {name: z[:, column] for name, column in COLUMNS.items()}
    series["oxygen"] = oxygen[inside]
    units = session.subject.units
    rate = z[:, reflex_loop.MUSCLE_SPIKES] / units / (RECORD_MS / MS_PER_S)
    series["rate_hz"] = np.convolve(rate, np.full(SMOOTHED, 1.0 / SMOOTHED), mode="same")
    protocol = session.protocol()
    angles = np.array(protocol.joint_angle_deg)
    series["angle_deg"] = np.interp(time_s, angles[:, 0], angles[:, 1])
    emg_s, signal = _emg(tested, start, end)
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
    trains = sorted((m for m in tested.session.marks if m.kind == "train"), key=lambda m: m.start_s)
    if tested.setup.ramp is None or not trains:
        return tested.start_s
    lasted = tested.end_s - tested.onset_s if tested.cramped else 0.0
    last = next((m for m in reversed(trains) if not tested.cramped or m.start_s < tested.onset_s), trains[-1])
    early = [m.start_s for m in trains if m.start_s >= last.start_s - max(BEFORE_S, lasted)]
    return max(tested.start_s, early[0] - LEAD_S)


def _emg(tested: Tested, start: float, end: float) -> tuple[Floats, Floats]:
    session = tested.session
    found = emg.of_parts(session.subject, tested.parts, start, end)
    maximal = emg.maximal_uv(session.subject, session.angle_deg, session.pool.seed)
    return found.time_s, found.signal_uv / maximal


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
