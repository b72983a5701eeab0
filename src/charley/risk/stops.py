"""Stops late in a run, told apart: a sudden stop is abrupt, a fade is smooth, a planned walk comes back.

Only ever a suggestion. The limits below are our own (see ``parameters_risk.toml``): no study has labelled stops.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.evidence.numbers.risk import RISK, RiskNumbers
from charley.vocabulary.answer import SuggestedStop
from charley.vocabulary.arrays import Floats
from charley.vocabulary.note import note
from charley.vocabulary.run import Run


@dataclass(frozen=True, slots=True)
class _Halt:
    """A stretch in which the runner did not run: indices into the 1-Hz streams, end exclusive."""

    start: int
    end: int


def suggest(run: Run, n: RiskNumbers = RISK) -> tuple[SuggestedStop, ...]:
    """Stops in the second half of the run that last long enough to matter, with what each looks like, in order."""
    speed = _speed(run)
    halts = _halts(speed, n)
    planned = _planned(halts, n)
    half = run.streams.distance_m[np.isfinite(run.streams.distance_m)]
    middle_m = half[-1] / 2 if half.size else 0.0
    found = []
    for halt in halts:
        at_m = _distance(run, halt.start)
        if at_m < middle_m or halt.start < n.stop_look_back_s:
            continue
        found.append(_classify(run, speed, halt, at_m, planned, n))
    return tuple(found)


def _classify(run: Run, speed: Floats, halt: _Halt, at_m: float, planned: bool, n: RiskNumbers) -> SuggestedStop:
    back, near, fall = int(n.stop_look_back_s), int(n.stop_near_s), int(n.stop_fall_s)
    cadence = run.streams.cadence_spm
    before = np.nanmean(speed[halt.start - back : halt.start - fall])
    just = np.nanmean(speed[max(halt.start - near - fall, 0) : halt.start - fall])
    after_run = speed[halt.end : halt.end + back]
    after = np.nanmean(after_run) if np.isfinite(after_run).any() else 0.0
    cadence_before = _mean(cadence[halt.start - near : halt.start - fall])
    fell = _fell_abruptly(speed, cadence, halt, n)
    faded = just / before < 1 - n.stop_fade
    slower_after = after / before < n.stop_back_to_pace
    if faded:
        kind = "fade"
        why = note("had-slowed", share=float(1 - just / before))
    elif planned:
        kind = "walk_break"
        why = note("regular-walks")
    elif fell and slower_after:
        kind = "sudden_stop"
        steps = {} if cadence_before is None else {"cadence_spm": cadence_before}
        why = note("stopped-dead", within_s=n.stop_fall_s, **steps)
    else:
        kind = "pause"
        why = note("neither" if slower_after else "pace-came-back")
    return SuggestedStop(
        at_s=float(halt.start),
        at_m=at_m,
        kind=kind,
        stood_s=float((np.nan_to_num(speed[halt.start : halt.end]) < n.stop_standing_m_s).sum()),
        cadence_before_spm=cadence_before,
        why=why,
    )


def _fell_abruptly(speed: Floats, cadence: Floats, halt: _Halt, n: RiskNumbers) -> bool:
    """True if cadence (or speed, where there is no cadence) went from running to almost none within seconds."""
    fall = int(n.stop_fall_s)
    window = slice(max(halt.start - fall, 0), halt.start + fall)
    if np.isfinite(cadence[window]).sum() >= 2:
        seen = cadence[window][np.isfinite(cadence[window])]
        # A watch that records every few seconds has the run-down inside one of its steps.
        return bool(seen[0] >= n.stop_running_spm and seen[-1] <= n.stop_standing_spm)
    seen = speed[window][np.isfinite(speed[window])]
    return bool(seen.size >= 2 and seen[-1] < n.stop_standing_m_s and seen[0] >= n.stop_walking_m_s)


def _halts(speed: Floats, n: RiskNumbers) -> list[_Halt]:
    """Stretches below running speed of at least the minimum length; pauses (no speed) count as standing."""
    halted = np.nan_to_num(speed, nan=0.0) < n.stop_walking_m_s
    edges = np.flatnonzero(np.diff(np.concatenate(([False], halted, [False])).astype(np.int8)))
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [_Halt(int(a), int(b)) for a, b in pairs if b - a >= n.stop_shortest_s]


def _planned(halts: list[_Halt], n: RiskNumbers) -> bool:
    """True if there are several halts of like length at like spacing: a run-walk plan or drink stations."""
    if len(halts) < n.stop_plan_count:
        return False
    lengths = np.array([h.end - h.start for h in halts], dtype=np.float64)
    gaps = np.diff([h.start for h in halts]).astype(np.float64)
    like = n.stop_plan_variation
    return bool(lengths.std() / lengths.mean() < like and gaps.std() / gaps.mean() < like)


def _speed(run: Run) -> Floats:
    """Speed in m/s: standing in pauses, and in a gap of the recording the mean speed between its ends."""
    speed = run.streams.speed_m_s.copy()
    for interval in run.intervals:
        inside = slice(int(interval.start_s) + 1, int(interval.end_s))
        if interval.kind == "pause":
            speed[inside] = 0.0
        elif interval.kind == "gap" and interval.duration_s > 0:
            done = _distance(run, int(interval.end_s)) - _distance(run, int(interval.start_s))
            speed[inside] = done / interval.duration_s
    return speed


def _distance(run: Run, index: int) -> float:
    known = np.isfinite(run.streams.distance_m)
    return float(np.interp(index, np.flatnonzero(known), run.streams.distance_m[known])) if known.any() else 0.0


def _mean(values: Floats) -> float | None:
    seen = values[np.isfinite(values)]
    return float(seen.mean()) if seen.size else None
