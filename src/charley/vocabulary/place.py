"""Where on a run: what people write ("33km", "2:45:10", "78%", "somewhere-after 30km") and what it is in seconds."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from charley.vocabulary.arrays import Floats
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.errors import UsageError
from charley.vocabulary.run import Run
from charley.vocabulary.units import METRES_PER_KM, METRES_PER_MILE, SECONDS_PER_HOUR, SECONDS_PER_MINUTE

FORMS = "33km, 20.5mi, 2:45:10, 78%, 30km-35km or somewhere-after 30km"
_DISTANCE = re.compile(r"(\d+(?:[.,]\d+)?)\s*(km|mi|m)", re.ASCII)
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})", re.ASCII)
_SHARE = re.compile(r"(\d+(?:[.,]\d+)?)\s*%", re.ASCII)
_METRES = {"km": METRES_PER_KM, "mi": METRES_PER_MILE, "m": 1.0}
_SLACK_S = 1.0  # a place that rounds to the very end of the run is the end of the run


@dataclass(frozen=True, slots=True)
class Point:
    """One place: ``unit`` is "m", "s" or "share" (of the elapsed time)."""

    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Place:
    """A point, a range, or anything after a point (``end`` None and ``open_ended``)."""

    start: Point
    end: Point | None = None
    open_ended: bool = False


def parse_place(text: str) -> Place:
    """Read a place. Raises UsageError "at-form" for anything that is not one of ``FORMS``."""
    words = text.strip().lower()
    if words.startswith("somewhere-after"):
        return Place(_point(words.removeprefix("somewhere-after"), text), open_ended=True)
    first, dash, last = words.partition("-")
    if dash:
        return Place(_point(first, text), _point(last, text))
    return Place(_point(words, text))


def locate(place: Place, run: Run, muscle: str = "calf", side: str | None = None, severity: int | None = None) -> Cramp:
    """The cramp on this run, in elapsed seconds. Raises UsageError "at-outside" beyond the run's end."""
    start_s = _seconds(place.start, run)
    if place.open_ended:
        return Cramp(None, start_s, float(run.elapsed_s), muscle, side, severity)
    if place.end is None:
        return Cramp(start_s, start_s, start_s, muscle, side, severity)
    end_s = _seconds(place.end, run)
    if end_s <= start_s:
        raise UsageError("at-form", "a range that ends before it starts", "--at")
    return Cramp(None, start_s, end_s, muscle, side, severity)


def distances_at_m(run: Run, time_s: Floats) -> Floats:
    """Distance done at elapsed times, between recorded samples along a straight line; shape of ``time_s``."""
    known = np.isfinite(run.streams.distance_m)
    if not known.any():
        return np.zeros_like(time_s)
    return np.asarray(np.interp(time_s, run.streams.time_s[known], run.streams.distance_m[known]))


def distance_at_m(run: Run, time_s: float) -> float:
    """Distance done at one elapsed time."""
    return float(distances_at_m(run, np.array([time_s]))[0])


def _point(text: str, whole: str) -> Point:
    word = text.strip()
    if match := _DISTANCE.fullmatch(word):
        return Point(_number(match[1]) * _METRES[match[2]], "m")
    if match := _CLOCK.fullmatch(word):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return Point(hours * SECONDS_PER_HOUR + minutes * SECONDS_PER_MINUTE + seconds, "s")
    if match := _SHARE.fullmatch(word):
        return Point(_number(match[1]) / 100.0, "share")
    raise UsageError("at-form", f"no place on a run: {whole[:60]!r}", "--at", f"Write {FORMS}.")


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _seconds(point: Point, run: Run) -> float:
    """Elapsed seconds of a point; the first moment at which that distance was reached."""
    end_s = float(run.elapsed_s)
    if point.unit == "s":
        time_s = point.value
    elif point.unit == "share":
        time_s = point.value * end_s
    else:
        time_s = _time_at_distance(point.value, run)
    if time_s > end_s + _SLACK_S:
        km, clock = run.distance_m / METRES_PER_KM, _clock(end_s)
        raise UsageError("at-outside", f"the run ends before that: at {km:.2f} km, {clock}", "--at")
    return min(time_s, end_s)


def _time_at_distance(distance_m: float, run: Run) -> float:
    known = np.isfinite(run.streams.distance_m)
    reached = run.streams.distance_m[known]
    # A device's own total may lie a few metres beyond its last sample.
    if reached.size == 0 or distance_m > max(float(reached[-1]), run.distance_m):
        return float("inf")
    index = min(int(np.searchsorted(reached, distance_m)), reached.size - 1)
    return float(run.streams.time_s[known][index])


def _clock(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
