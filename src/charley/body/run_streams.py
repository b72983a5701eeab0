"""A run second by second as the models need it: pauses stand still, gaps are bridged, and it is said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Bools, Floats
from charley.vocabulary.note import Note, assumed
from charley.vocabulary.run import Run


@dataclass(frozen=True, slots=True)
class Seconds:
    """Speed and grade once a second, without holes; ``moving`` is False where the runner stood. Shapes (n,)."""

    speed_m_s: Floats
    grade: Floats
    moving: Floats  # 0 or 1
    notes: tuple[Note, ...]


def seconds_of(run: Run, n: BodyNumbers = BODY) -> Seconds:
    """Speed from the distance covered, else from the recorded speed; 0 in pauses; gaps at their neighbours' mean.

    A gap with a recorded distance at both ends is bridged with that distance instead, also where it is none.
    """
    seconds = len(run.streams)
    notes: list[Note] = []
    paused = _within(run, "pause", seconds)
    gap = _within(run, "gap", seconds) & ~paused
    speed = _recorded_speed(run)
    speed[paused] = 0.0
    unknown = ~np.isfinite(speed) | gap
    known = ~unknown
    bridged = 0.0
    for start, end in _stretches(unknown):
        around = speed[max(start - _NEIGHBOURHOOD_S, 0) : end + _NEIGHBOURHOOD_S]
        around = around[known[max(start - _NEIGHBOURHOOD_S, 0) : end + _NEIGHBOURHOOD_S]]
        mean = float(around.mean()) if around.size else _overall(run)
        covered = _distance_across(run.streams.distance_m, start, end)
        speed[start:end] = mean if np.isnan(covered) else covered / (end - start)
        bridged += end - start
    if bridged:
        notes.append(assumed("gap-bridged", seconds=bridged))
    fastest = n.speed_limit_m_s
    if (speed > fastest).any():
        notes.append(assumed("speed-capped", speed_m_s=fastest))
    speed = np.clip(speed, 0.0, fastest)
    grade = np.nan_to_num(run.streams.grade)
    moving = np.where(paused | (speed < n.standing_m_s), 0.0, 1.0)
    return Seconds(speed, np.where(moving > 0, grade, 0.0), moving, tuple(notes))


_NEIGHBOURHOOD_S = 60


def _recorded_speed(run: Run) -> Floats:
    """Metres covered in each second, NaN where neither distance nor speed was recorded."""
    distance = run.streams.distance_m
    speed = np.diff(distance, append=np.nan)
    if distance.size > 1:
        speed[-1] = speed[-2]
    return np.where(np.isfinite(speed), speed, run.streams.speed_m_s)


def _overall(run: Run) -> float:
    return run.distance_m / run.timer_s if run.timer_s > 0 and np.isfinite(run.distance_m) else 0.0


def _distance_across(distance_m: Floats, start: int, end: int) -> float:
    """Metres that the recorded distance went on from second ``start`` to second ``end``; NaN where it does not tell."""
    before, after = distance_m[: start + 1], distance_m[end:]
    before, after = before[np.isfinite(before)], after[np.isfinite(after)]
    return float(after[0] - before[-1]) if before.size and after.size else np.nan


def _within(run: Run, kind: str, seconds: int) -> Bools:
    found = np.zeros(seconds, dtype=np.bool_)
    for interval in run.intervals:
        if interval.kind == kind:
            found[max(int(np.ceil(interval.start_s)), 0) : max(int(np.ceil(interval.end_s)), 0)] = True
    return found


def _stretches(mask: Bools) -> list[tuple[int, int]]:
    """(start, end) of each run of True, end not included."""
    edges = np.flatnonzero(np.diff(mask.astype(np.int8), prepend=0, append=0))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
