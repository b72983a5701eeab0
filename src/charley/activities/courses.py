"""A course file: the way and its heights, with or without times, from a track, a route or a planned course."""

from __future__ import annotations

from itertools import pairwise
from os import PathLike
from typing import Any

import numpy as np

from charley.activities import unpack
from charley.activities.distance import track_length
from charley.activities.fit import fast, fitdecode_reader
from charley.activities.fit import profile as fit
from charley.activities.fit.frame import parts
from charley.activities.fit.reader import channels_of
from charley.activities.limits import Deadline, plain
from charley.activities.texts import number
from charley.activities.xml.points import Points, parse
from charley.vocabulary.arrays import Floats, middle
from charley.vocabulary.course import CoursePoints
from charley.vocabulary.errors import RunFileError

SHORTEST_M, LONGEST_M = 400.0, 500_000.0
_COLUMNS = ("latitude_deg", "longitude_deg", "altitude_m", "distance_m")
_TEXTS = {
    "ele": "altitude_m",
    "AltitudeMeters": "altitude_m",
    "DistanceMeters": "distance_m",
    "LatitudeDegrees": "latitude_deg",
    "LongitudeDegrees": "longitude_deg",
}


def read_course(path: str | PathLike[str]) -> CoursePoints:
    """The course in a GPX, TCX or FIT file: the longest of its tracks or routes.

    A recorded run is a course as well as a planned one. Distance is along the positions where the file has them, else
    the file's own. Raises RunFileError for a file without a way, or with one below 400 m or above 500 km.
    """
    content = unpack.content(path)
    name = plain(content.name)
    if content.kind == "fit":
        points, title = _fit(content.data, name)
    else:
        target, _ = parse(content.data, lambda: _Course(name), Deadline(name))
        points, title = target.longest(), target.title
    latitude, longitude, altitude, own = (points[c] for c in _COLUMNS)
    placed = np.isfinite(latitude) & np.isfinite(longitude)
    along = track_length(np.where(placed, latitude, np.nan), np.where(placed, longitude, np.nan))
    at = along if np.isfinite(along).sum() > 1 else own - (own[np.isfinite(own)][0] if np.isfinite(own).any() else 0.0)
    known = np.isfinite(at)
    if known.sum() < 2 or not SHORTEST_M <= float(at[known].max()) <= LONGEST_M:
        far = f"{float(at[known].max()) / 1000:.1f} km" if known.any() else "nothing"
        raise RunFileError("no-course", f"the way in this file covers {far}", name)
    return CoursePoints(
        name=title or name,
        at_m=at[known],
        altitude_m=altitude[known],
        latitude_deg=middle(latitude[placed]) if placed.any() else None,
        longitude_deg=middle(longitude[placed]) if placed.any() else None,
    )


def _fit(data: bytes, name: str) -> tuple[dict[str, Floats], str]:
    file_parts, _ = parts(data, name)
    known = all(part.protocol <= fit.PROTOCOL for part in file_parts)
    messages = (fast if known else fitdecode_reader).messages(data, file_parts, Deadline(name))
    channels = channels_of(messages)
    nothing = np.full(messages.records, np.nan)
    return {c: channels.get(c, nothing) for c in _COLUMNS}, ""


class _Course:
    """Points of tracks and routes, one piece a track or route."""

    def __init__(self, file_name: str) -> None:
        self.points = Points(_COLUMNS, file_name)
        self.title = ""
        self._pieces = [0]
        self._values: dict[str, float] = {}
        self._in_point = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("trkpt", "rtept", "Trackpoint"):
            self._in_point = True
            self._values = {
                "latitude_deg": number(attributes.get("lat", "")),
                "longitude_deg": number(attributes.get("lon", "")),
            }
        elif name in ("trk", "rte", "Course", "Activity") and len(self.points) > self._pieces[-1]:
            self._pieces.append(len(self.points))

    def finish(self, name: str, text: str) -> None:
        if name in ("trkpt", "rtept", "Trackpoint"):
            self._in_point = False
            self.points.add(None, self._values)
        elif self._in_point and name in _TEXTS:
            self._values[_TEXTS[name]] = number(text)
        elif name in ("name", "Name") and not self.title and len(self.points) == 0:
            self.title = plain(text)

    def longest(self) -> dict[str, Floats]:
        """The columns of the piece with the most points."""
        edges = [*self._pieces, len(self.points)]
        first, last = max(pairwise(edges), key=lambda e: e[1] - e[0])
        columns: dict[str, Any] = dict(zip(_COLUMNS, self.points.columns, strict=True))
        return {c: np.array(columns[c][first:last], dtype=np.float64) for c in _COLUMNS}
