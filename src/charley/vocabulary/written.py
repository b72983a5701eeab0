"""What people write for a distance or a time ("20 miles", "mile 22", "45min", "2h45"), as metres and seconds.

Each function gives None for what it does not read: the caller knows what was asked for, and says so.
"""

from __future__ import annotations

import math
import re

from charley.vocabulary.units import (
    METRES_PER_KM,
    METRES_PER_MILE,
    METRES_PER_YARD,
    SECONDS_PER_HOUR,
    SECONDS_PER_MINUTE,
)

METRES = {
    **dict.fromkeys(("km", "kms", "k", "kilometre", "kilometres", "kilometer", "kilometers"), METRES_PER_KM),
    **dict.fromkeys(("mi", "mile", "miles"), METRES_PER_MILE),
    **dict.fromkeys(("m", "metre", "metres", "meter", "meters"), 1.0),
    **dict.fromkeys(("yd", "yard", "yards"), METRES_PER_YARD),
}
NUMBER = r"\d+(?:[.,]\d+)?"
_LIKE_ASCII = str.maketrans({"−": "-", "–": "-", "\u00a0": " ", "\u202f": " ", "’": "'", "′": "'", "″": '"', "”": '"'})
_THOUSANDS = re.compile(r"(\d{1,3}),(\d{3})\s*(m|metres?|meters?|yd|yards?)", re.ASCII)
_AFTER = re.compile(rf"({NUMBER})\s*-?\s*([a-z]+)\.?", re.ASCII)
_BEFORE = re.compile(rf"(km|kilometre|kilometer|mile)(?:\s*(?:marker|mark|post))?\s*({NUMBER})", re.ASCII)
_UNITS = re.compile(
    r"(?:(\d{1,3})\s*(?:h|hrs?|hours?)(?:\s*(?:and\s+)?(\d{1,2})\s*(?:m|mins?|minutes?)?)?|(\d{1,4})\s*(?:mins?|minutes?))?"
    r"(?:\s*(?:and\s+)?(\d{1,5})\s*(?:s|secs?|seconds?))?",
    re.ASCII,
)
_DECIMAL = re.compile(rf"({NUMBER})\s*(h|hrs?|hours?|min|mins|minutes?)", re.ASCII)
_NAMED_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)\s*(h|hrs?|hours?|min|mins|minutes?)", re.ASCII)  # "2:45 h", "45:10 min"
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d)", re.ASCII)
_TWO_PARTS = re.compile(r"(\d{1,3}):([0-5]\d)", re.ASCII)


def plain(text: str) -> str:
    """Small letters and single spaces; signs that stand for a hyphen, a quote or a space as those of a keyboard."""
    return " ".join(text.translate(_LIKE_ASCII).lower().split())


def number(text: str) -> float:
    """A number with a point or a comma."""
    return float(text.replace(",", "."))


def distance_m(text: str) -> float | None:
    """Metres of "33km", "20.5 miles", "mile 22", "10k" or "1,500 m" (whole metres and yards, grouped by a comma)."""
    words = plain(text)
    if match := _THOUSANDS.fullmatch(words):
        return float(match[1] + match[2]) * METRES[match[3]]
    if match := _AFTER.fullmatch(words):
        amount, unit = match[1], match[2]
    elif match := _BEFORE.fullmatch(words):
        amount, unit = match[2], match[1]
    else:
        return None
    metres = number(amount) * METRES.get(unit, math.nan)
    return metres if math.isfinite(metres) else None


def in_miles(text: str) -> bool:
    """True where a distance in it is told in miles or yards."""
    return re.search(r"(?<![a-z])(?:mi|miles?|yd|yards?)(?![a-z])", plain(text)) is not None


def duration_s(text: str) -> float | None:
    """Seconds of "2:45:10", "2h45", "2 hours 45 minutes", "1.5h", "45min", "2:45 h" or "90s"; None for "2:45" alone,
    which is two things."""
    words = plain(text)
    if match := _NAMED_CLOCK.fullmatch(words):
        return (int(match[1]) * SECONDS_PER_MINUTE + int(match[2])) * (_unit_s(match[3]) / SECONDS_PER_MINUTE)
    if match := _DECIMAL.fullmatch(words):
        return number(match[1]) * _unit_s(match[2])
    if match := _CLOCK.fullmatch(words):
        hours, minutes, seconds = map(int, match.groups())
        return hours * SECONDS_PER_HOUR + minutes * SECONDS_PER_MINUTE + seconds
    match = _UNITS.fullmatch(words)
    if not words or match is None:
        return None
    hours, minutes, alone, seconds = (int(part or 0) for part in match.groups())
    return hours * SECONDS_PER_HOUR + (minutes + alone) * SECONDS_PER_MINUTE + seconds


def _unit_s(name: str) -> float:
    return SECONDS_PER_HOUR if name.startswith("h") else SECONDS_PER_MINUTE


def two_part_clock(text: str) -> tuple[float, float] | None:
    """Seconds of "2:45" as minutes and seconds, and as hours and minutes; None for anything else."""
    match = _TWO_PARTS.fullmatch(plain(text))
    if match is None:
        return None
    as_minutes_s = int(match[1]) * SECONDS_PER_MINUTE + int(match[2])
    return as_minutes_s, as_minutes_s * SECONDS_PER_MINUTE
