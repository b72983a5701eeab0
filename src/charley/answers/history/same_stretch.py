"""All passes over one stretch of road: of the stretches on which a cramp came, with every run that came by.

A stretch is some 2.4 km of a run that cramped, around the place. Another run passes where it comes within 60 m of its
beginning, its middle and its end, in that order and within a quarter of an hour. One run may pass several times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from charley.vocabulary.arrays import Floats
from charley.vocabulary.run import Run
from charley.vocabulary.stretch import Pass, Stretch

BEFORE_M, AFTER_M = 1800.0, 600.0  # of the cramp, along the run that cramped; own assumption: what one sees of a road
NEAR_M = 60.0  # a road's width and what two watches differ by (own assumption)
SLOWEST_S = 900.0  # for the whole stretch; slower is a stay, not a pass
GRID_M = 40.0
SAME_M = 250.0  # cramps within so much of each other share a stretch, as in the answer to "at the same place?"
EARTH_RADIUS_M = 6_371_000.0  # mean radius


@dataclass(frozen=True, slots=True)
class Looked:
    """A run to look at: who it is, how to read it, and where it cramped (metres), if it did."""

    run_id: str
    distance_m: float
    read: Callable[[], Run]
    cramp_m: float | None
    answered: bool


def stretches(runs: Sequence[Looked]) -> tuple[Stretch, ...]:
    """The stretches on which cramps came, those with most cramps first. Runs without positions pass nowhere."""
    courses = [(looked, course) for looked in runs if (course := _course(looked.read())) is not None]
    seeds: list[tuple[float, tuple[float, float], _Course]] = []
    for looked, course in courses:
        if looked.cramp_m is not None:
            spot = course.at(looked.cramp_m)
            if spot is not None and all(_apart_m(spot, other) > SAME_M for _, other, _ in seeds):
                seeds.append((looked.cramp_m, spot, course))
    made = [_stretch(cramp_m, course, courses) for cramp_m, _, course in seeds]
    found = [s for s in made if s is not None and len(s.passes) > 1]
    return tuple(sorted(found, key=lambda s: (-s.cramps, -len(s.passes))))


@dataclass(frozen=True, slots=True)
class _Course:
    """A run on a grid of distance: position (deg), clock (s), height (m); (points,)."""

    at_m: Floats
    latitude_deg: Floats
    longitude_deg: Floats
    clock_s: Floats
    height_m: Floats

    def at(self, metres: float) -> tuple[float, float] | None:
        """The position there, None where nothing is known of it."""
        i = min(int(np.searchsorted(self.at_m, metres)), len(self.at_m) - 1)
        here = float(self.latitude_deg[i]), float(self.longitude_deg[i])
        return here if np.isfinite(here).all() else None


def _course(run: Run) -> _Course | None:
    s = run.streams
    known = np.isfinite(s.distance_m) & np.isfinite(s.latitude_deg) & np.isfinite(s.longitude_deg)
    if known.sum() < 2 or run.distance_m < BEFORE_M:
        return None
    at = np.arange(0.0, float(s.distance_m[known][-1]), GRID_M)
    grow = np.maximum.accumulate(s.distance_m[known])

    def on(values: Floats) -> Floats:
        return np.asarray(np.interp(at, grow, values[known]))

    return _Course(at, on(s.latitude_deg), on(s.longitude_deg), on(s.time_s), on(s.altitude_m))


def _stretch(cramp_m: float, course: _Course, courses: Iterable[tuple[Looked, _Course]]) -> Stretch | None:
    """The stretch around a cramp, with all its passes."""
    start = max(cramp_m - BEFORE_M, 0.0)
    end = min(start + BEFORE_M + AFTER_M, float(course.at_m[-1]))
    ends = [course.at(m) for m in (start, (start + end) / 2, end)]
    if any(e is None for e in ends):
        return None
    gates = [e for e in ends if e is not None]
    length_m = end - start
    passes = [p for looked, other in courses for p in _passes(looked, other, gates, length_m)]
    here = (course.at_m >= start) & (course.at_m <= end)
    return Stretch(
        length_m=length_m,
        at_m=course.at_m[here] - start,
        height_m=course.height_m[here],
        passes=tuple(sorted(passes, key=lambda p: p.from_m)),
    )


def _passes(looked: Looked, course: _Course, gates: Sequence[tuple[float, float]], length_m: float) -> list[Pass]:
    """Each time that a run goes through the three gates in order."""
    first, middle, last = (_distance_m(course, gate) for gate in gates)
    made, i, n = [], 0, len(course.at_m)
    span = int(1.3 * length_m / GRID_M)
    while i < n:
        if first[i] > NEAR_M:
            i += 1
            continue
        near = i + int(first[i : i + 4].argmin())
        window = slice(near, min(near + span, n))
        out = near + int(last[window].argmin())
        through = middle[near : out + 1].min(initial=np.inf) <= NEAR_M and last[out] <= NEAR_M
        quick = course.clock_s[out] - course.clock_s[near] <= SLOWEST_S
        long_enough = course.at_m[out] - course.at_m[near] >= 0.7 * length_m
        cramp = looked.cramp_m
        stopped = cramp is not None and course.at_m[near] <= cramp <= course.at_m[near] + length_m
        if (through and long_enough) and (quick or stopped):
            made.append(_pass(looked, course, near, out, cramp if stopped else None))
            i = out
        i += 1
    return made


def _pass(looked: Looked, course: _Course, near: int, out: int, cramp_m: float | None) -> Pass:
    at = course.at_m[near : out + 1]
    speed = np.gradient(at, np.maximum.accumulate(course.clock_s[near : out + 1]) + 1e-3 * np.arange(len(at)))
    return Pass(
        run_id=looked.run_id,
        from_m=float(at[0]),
        at_m=at - at[0],
        speed_m_s=np.clip(speed, 0.3, 9.0),
        cramp_at_m=None if cramp_m is None else float(cramp_m - at[0]),
        answered=looked.answered,
    )


def _distance_m(course: _Course, spot: tuple[float, float]) -> Floats:
    north = np.radians(course.latitude_deg - spot[0]) * EARTH_RADIUS_M
    east = np.radians(course.longitude_deg - spot[1]) * EARTH_RADIUS_M * np.cos(np.radians(spot[0]))
    return np.asarray(np.hypot(north, east))


def _apart_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    north = np.radians(one[0] - other[0]) * EARTH_RADIUS_M
    east = np.radians(one[1] - other[1]) * EARTH_RADIUS_M * np.cos(np.radians(one[0]))
    return float(np.hypot(north, east))
