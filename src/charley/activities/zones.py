"""The runner's day: which zone a run's start is told in.

The watch's own local time counts (FIT), then an offset that the file's times bear, then what the archive's list says,
then the place: the zone of the city of the tz database that is nearest to the start, or, where a system has no list of
them, an hour for each 15 degrees of longitude. Where nothing says it, the zone of the machine is all there is. A watch
that shows UTC hours away from it does not know better: there the place counts.
"""

from __future__ import annotations

import math
import zoneinfo
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path

import numpy as np

from charley.vocabulary.arrays import Floats
from charley.vocabulary.run import Recording

WATCH, FILE, LIST, PLACE, MACHINE = "watch", "file", "list", "place", "machine"
_WEST_S, _EAST_S = -12 * 3600.0, 14 * 3600.0  # the zones there are
_QUARTER_S = 900.0  # zones differ by quarters of an hour
_SLACK_S = 60.0  # a watch notes its two clocks some seconds apart
_DEGREES_PER_HOUR = 15.0
_FAR_OFF = timedelta(minutes=90)  # a zone and its summer time are an hour apart


def offset_s(local: float, utc: float) -> float | None:
    """Seconds from UTC to a local clock that shows ``local`` at ``utc`` (both s), None where no zone is like that."""
    whole = round((local - utc) / _QUARTER_S) * _QUARTER_S
    good = abs(local - utc - whole) <= _SLACK_S and _WEST_S <= whole <= _EAST_S
    return whole if good else None


def start_of(recording: Recording, unix_s: float) -> tuple[datetime, str]:
    """The moment in the runner's zone, and where that zone is from."""
    moment = datetime.fromtimestamp(unix_s, UTC)
    ahead_s = recording.utc_offset_s
    said = timedelta(seconds=ahead_s) if ahead_s is not None and _WEST_S <= ahead_s <= _EAST_S else None
    if said:
        return moment.astimezone(timezone(said)), recording.zone_from
    there = _place(recording)
    by_place = None if there is None else offset_at(*there, moment)
    if said is not None and (by_place is None or recording.zone_from != WATCH or abs(by_place) < _FAR_OFF):
        return moment, recording.zone_from
    if by_place is None:
        return moment.astimezone(), MACHINE
    return moment.astimezone(timezone(by_place)), PLACE


def _place(recording: Recording) -> tuple[float, float] | None:
    """Degrees of the first position, None where there is none."""
    latitude, longitude = (recording.channels.get(name) for name in ("latitude_deg", "longitude_deg"))
    if latitude is None or longitude is None:
        return None
    with np.errstate(invalid="ignore"):
        somewhere = (np.abs(latitude) <= 90) & (np.abs(longitude) <= 180) & ((latitude != 0) | (longitude != 0))
    held = np.flatnonzero(somewhere)
    return (float(latitude[held[0]]), float(longitude[held[0]])) if held.size else None


def offset_at(latitude_deg: float, longitude_deg: float, moment: datetime) -> timedelta:
    """The offset from UTC at a place and time."""
    by_sun = timedelta(hours=round(longitude_deg / _DEGREES_PER_HOUR))
    nearest = _nearest_zone(latitude_deg, longitude_deg)
    if nearest is None:
        return by_sun
    try:
        offset = moment.astimezone(zoneinfo.ZoneInfo(nearest)).utcoffset()
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OverflowError):
        offset = None
    return by_sun if offset is None else timedelta(minutes=round(offset.total_seconds() / 60))


def _nearest_zone(latitude_deg: float, longitude_deg: float) -> str | None:
    """The name of the zone of the nearest city, None where the system has no list of cities."""
    names, places = _cities()
    if not names:
        return None
    return names[int((places @ _on_sphere(latitude_deg, longitude_deg)).argmax())]


def _on_sphere(latitude_deg: float, longitude_deg: float) -> Floats:
    """A place as a vector of length 1: of two, the product is the larger the nearer they are."""
    up, turn = math.radians(latitude_deg), math.radians(longitude_deg)
    return np.array([math.cos(up) * math.cos(turn), math.cos(up) * math.sin(turn), math.sin(up)])


@cache
def _cities() -> tuple[tuple[str, ...], Floats]:
    """Zones of the cities of the tz database and where they lie, (n, 3); none where the system has no list of them."""
    for folder in zoneinfo.TZPATH:
        try:
            lines = (Path(folder) / "zone.tab").read_text(encoding="utf-8").splitlines()
        except OSError:
            continue
        rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
        held = [row for row in rows if len(row) > 2]
        return tuple(row[2] for row in held), np.array([_on_sphere(*_coordinates(row[1])) for row in held])
    return (), np.empty((0, 3))


def _coordinates(text: str) -> tuple[float, float]:
    """Degrees of a place in the form of ISO 6709, +DDMM+DDDMM with or without seconds."""
    cut = max(text.rfind("+"), text.rfind("-"))
    return _degrees(text[:cut], 2), _degrees(text[cut:], 3)


def _degrees(text: str, digits: int) -> float:
    sign, rest = (-1.0 if text[0] == "-" else 1.0), text[1:]
    minutes, seconds = float(rest[digits : digits + 2] or 0), float(rest[digits + 2 :] or 0)
    return sign * (float(rest[:digits]) + minutes / 60 + seconds / 3600)
