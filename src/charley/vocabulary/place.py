"""Where on a run: what people write ("33km", "mile 22", "2:45:10", "halfway") and what it is in seconds."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from charley.vocabulary import written
from charley.vocabulary.arrays import Floats
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.errors import UsageError
from charley.vocabulary.run import Run
from charley.vocabulary.units import METRES_PER_KM, SECONDS_PER_HOUR, SECONDS_PER_MINUTE

FORMS = "33km, mile 22, 2:45:10, 45min, halfway, 78%, 30km-35km or somewhere-after 30km"
_SHARE = re.compile(rf"({written.NUMBER})\s*(?:%|per ?cent)", re.ASCII)
_AFTER = re.compile(
    r"(?:somewhere[ -]?)?(?:after|past|beyond)\b ?(.+)|somewhere-after(.+)|from (.+) on(?:wards?)?|(.+?)\+"
)
_TO_GO = re.compile(r"(?:with )?(.+?) (?:to go|before the (?:end|finish)|from the (?:end|finish))")
_LAST = re.compile(r"(?:in )?(?:the )?last (.+)")
# what people put round a place: "at about the 30 km mark", "22 miles in"
_ROUND = re.compile(
    r"(?:(?:at|around|about|roughly|circa|approx\.?|approximately|the|~) ?){0,4}"
    r"(.+?)(?:[ -](?:mark|marker|point|in|into (?:it|the run|the race)))?"
)
_LONGEST = 60  # letters of a place
_RANGE = re.compile(r"(?:between |from )?(.+?) ?(?:-| to | and )-? ?(.+)")
_WITHOUT_UNIT = re.compile(rf"{written.NUMBER}", re.ASCII)
_UNIT_AFTER = re.compile(rf"{written.NUMBER}\s*([a-z%]+)", re.ASCII)
_UNIT_BEFORE = re.compile(rf"(km|kilometre|kilometer|mile)s?\s*({written.NUMBER})", re.ASCII)
_SLACK_S = 1.0  # a place that rounds to the very end of the run is the end of the run
_NEAR_END = 1.05  # a runner's own clock and the device's differ by so much: "2:45" in a run of 2:44:50 is not 165 s


@dataclass(frozen=True, slots=True)
class Point:
    """One place. ``unit``: "m", "to go" (m from the end), "s", "share" (of the elapsed time), "distance share", or
    "clock": "2:45" as minutes and seconds, which may be hours and minutes."""

    value: float
    unit: str


NAMED = {  # in the words of a runner half of a race is half of its distance
    **dict.fromkeys(("halfway", "half way", "half-way", "half", "the middle"), Point(0.5, "distance share")),
    **dict.fromkeys(("quarter", "a quarter", "1/4"), Point(0.25, "distance share")),
    **dict.fromkeys(("a third", "one third", "1/3"), Point(1 / 3, "distance share")),
    **dict.fromkeys(("two thirds", "2/3"), Point(2 / 3, "distance share")),
    **dict.fromkeys(("three quarters", "3/4"), Point(0.75, "distance share")),
    **dict.fromkeys(("start", "the start"), Point(0.0, "s")),
    **dict.fromkeys(("end", "the end", "finish", "the finish"), Point(1.0, "share")),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A point, a range, or anything after a point (``end`` None and ``open_ended``)."""

    start: Point
    end: Point | None = None
    open_ended: bool = False


def parse_place(text: str) -> Place:
    """Read a place. Raises UsageError "at-form" for anything that is not one of ``FORMS``."""
    words = written.plain(text)
    if len(words) > _LONGEST:
        return Place(_known(None, text))
    if (point := _point(words)) is not None:
        return Place(point)
    if match := _LAST.fullmatch(words):
        return Place(_to_go(match[1], text), open_ended=True)
    if match := _TO_GO.fullmatch(words):
        return Place(_to_go(match[1], text))
    if match := _AFTER.fullmatch(words):
        return Place(_known(_point(next(part for part in match.groups() if part).strip()), text), open_ended=True)
    if match := _RANGE.fullmatch(words):
        first, last = _with_units(match[1], match[2])
        return Place(_known(_point(first), text), _known(_point(last), text))
    return Place(_known(None, text))


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a place with a "2:45" in it: ``text`` has no other reading, ``said`` is for a sentence."""

    text: str
    said: str


def two_ways(text: str) -> tuple[Reading, Reading] | None:
    """The two readings of a place with a "2:45" in it, the longer time first; None where there is one.

    "0:45" gives "45min" and "45s"; "2:45" gives "2:45:00" and "0:02:45".
    """
    clocks = list(re.finditer(r"(?<![\d:])\d{1,3}:[0-5]\d(?![\d:])", text))
    if not clocks:
        return None
    readings = []
    for reading in (1, 0):
        written_out = said = text
        for match in reversed(clocks):
            seconds = (written.two_part_clock(match[0]) or (0.0, 0.0))[reading]
            written_out = written_out[: match.start()] + _plainly(seconds) + written_out[match.end() :]
            said = said[: match.start()] + spoken(seconds) + said[match.end() :]
        readings.append(Reading(written_out.strip(), said.replace("-", " to ").strip()))
    return readings[0], readings[1]


def locate(place: Place, run: Run, muscle: str = "calf", side: str | None = None, severity: int | None = None) -> Cramp:
    """The cramp on this run, in elapsed seconds.

    Raises UsageError "at-outside" beyond the run's end, "at-two-ways" for a "2:45" of which both readings lie in it.
    """
    place = _read_clocks(place, run)
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


def _to_go(words: str, whole: str) -> Point:
    """A distance from the end: "last 5 km", "last mile", "5 km to go"."""
    metres = written.distance_m(words if any(c.isdigit() for c in words) else f"1 {words}")
    return _known(None if metres is None else Point(metres, "to go"), whole)


def _point(words: str) -> Point | None:
    """The place itself, with or without what people put round it."""
    bare = _ROUND.fullmatch(words)
    return _bare_point(words) or (None if bare is None else _bare_point(bare[1].strip()))


def _bare_point(words: str) -> Point | None:
    if words in NAMED:
        return NAMED[words]
    if (metres := written.distance_m(words)) is not None:
        return Point(metres, "m")
    if (seconds := written.duration_s(words)) is not None:
        return Point(seconds, "s")
    if (clock := written.two_part_clock(words)) is not None:
        return Point(clock[0], "clock")
    if match := _SHARE.fullmatch(words):
        return Point(written.number(match[1]) / 100.0, "share")
    return None


def _known(point: Point | None, whole: str) -> Point:
    if point is None:
        raise UsageError("at-form", f"no place on a run: {whole[:60]!r}", "--at", f"Write {FORMS}.")
    return point


def _with_units(first: str, last: str) -> tuple[str, str]:
    """The two ends of a range, a unit that is said once given to both: "30-35km", "mile 20 to 22"."""
    if _WITHOUT_UNIT.fullmatch(first) and (match := _UNIT_AFTER.fullmatch(last)):
        return first + match[1], last
    if _WITHOUT_UNIT.fullmatch(last) and (match := _UNIT_BEFORE.fullmatch(first)):
        return f"{match[2]}{match[1]}", f"{last}{match[1]}"
    return first, last


def _read_clocks(place: Place, run: Run) -> Place:
    """Each "2:45" as minutes and seconds where hours and minutes would lie beyond the end of the run."""
    clocks = [p.value for p in (place.start, place.end) if p is not None and p.unit == "clock"]
    if not clocks:
        return place
    if 0 < max(clocks) * SECONDS_PER_MINUTE <= float(run.elapsed_s) * _NEAR_END:
        typed = [f"{int(c) // 60}:{int(c) % 60:02d}" for c in clocks]
        long, short = ("-".join(_plainly(c * by) for c in clocks) for by in (SECONDS_PER_MINUTE, 1.0))
        found = f"{' and '.join(typed)} may be {spoken(max(clocks) * SECONDS_PER_MINUTE)} or {spoken(max(clocks))}"
        raise UsageError("at-two-ways", found, "--at", f"Write {long} or {short}.")
    as_seconds = [p if p is None or p.unit != "clock" else replace(p, unit="s") for p in (place.start, place.end)]
    assert as_seconds[0] is not None
    return Place(as_seconds[0], as_seconds[1], place.open_ended)


def spoken(seconds: float) -> str:
    """A time within a sentence: "2 hours 45 minutes", "45 seconds"."""
    hours, minutes, left = int(seconds) // 3600, int(seconds) // 60 % 60, int(seconds) % 60
    parts = [(hours, "hour"), (minutes, "minute"), (left, "second")]
    return " ".join(f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in parts if n) or "0 seconds"


def _plainly(seconds: float) -> str:
    """A time as it can be read in one way only: "45min", "45s", "2:45:00"."""
    if seconds < SECONDS_PER_MINUTE:
        return f"{int(seconds)}s"
    minutes = seconds < SECONDS_PER_HOUR and seconds % SECONDS_PER_MINUTE == 0
    return f"{int(seconds) // 60}min" if minutes else _clock(seconds)


def _seconds(point: Point, run: Run) -> float:
    """Elapsed seconds of a point; the first moment at which that distance was reached."""
    end_s = float(run.elapsed_s)
    if point.unit == "s":
        time_s = point.value
    elif point.unit == "share":
        time_s = point.value * end_s
    elif point.unit == "to go":
        time_s = _time_at_distance(max(run.distance_m - point.value, 0.0), run)
    elif point.unit == "distance share":
        time_s = _time_at_distance(point.value * run.distance_m, run)
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
