"""GPX files: tracks, segments and points, with the extensions that watches and platforms add."""

from __future__ import annotations

import math
from hashlib import sha256

import numpy as np

from charley.activities.fit.reader import common_sport
from charley.activities.limits import Deadline, plain
from charley.activities.sports import sport_of, sport_of_name
from charley.activities.texts import number
from charley.activities.xml.points import Points, parse
from charley.vocabulary.arrays import Floats
from charley.vocabulary.errors import RunFileError
from charley.vocabulary.run import Piece, Recording, Session

# Element within a trkpt, lower case -> channel, and the factor to its unit. Cadence counts one leg.
_FIELDS = {
    "ele": ("altitude_m", 1.0),
    "speed": ("speed_m_s", 1.0),
    "distance": ("distance_m", 1.0),
    "hr": ("heart_rate_bpm", 1.0),
    "heartrate": ("heart_rate_bpm", 1.0),
    "cad": ("cadence_spm", 2.0),
    "cadence": ("cadence_spm", 2.0),
    "atemp": ("air_temp_c", 1.0),
    "temp": ("air_temp_c", 1.0),
    "power": ("power_w", 1.0),
    "watts": ("power_w", 1.0),
    "powerinwatts": ("power_w", 1.0),
}
_CHANNELS = ("latitude_deg", "longitude_deg", *dict.fromkeys(channel for channel, _ in _FIELDS.values()))


def read(data: bytes, file_name: str) -> Recording:
    """The recording in a GPX file. Raises RunFileError when it is broken beyond use or holds no track points."""
    target, warnings = parse(data, lambda: _Gpx(file_name), Deadline(file_name))
    if len(target.points) == 0:
        what = "a route or way points, not a recorded track" if target.has_plan else "the file holds no track points"
        raise RunFileError("no-records", what, file_name)
    target.end_track()  # of a file that is cut before the end of its track
    times = np.array(target.points.time_unix_s, dtype=np.float64)
    pieces = _pieces(target.tracks, times)
    sessions = tuple(s for piece in pieces for s in piece.sessions)
    return Recording(
        file_name=file_name,
        file_format="gpx",
        content_sha256=sha256(data).hexdigest(),
        time_unix_s=times,
        channels=target.points.as_channels(),
        sessions=sessions,
        sport=common_sport(sessions),
        device=target.device,
        breaks=tuple(target.points.breaks),
        pieces=pieces if len(pieces) > 1 else (),
        **target.points.zone(),
        warnings=(*warnings, *target.points.warnings()),
    )


def _pieces(tracks: list[tuple[int, str]], times: Floats) -> tuple[Piece, ...]:
    """A piece a track that holds points; of several, each says when it was."""
    edges = [*(first for first, _ in tracks), times.size]
    held = [(first, end, sport) for (first, sport), end in zip(tracks, edges[1:], strict=True) if end > first]
    if len(held) == 1:
        return (Piece(held[0][0], (Session(sport=held[0][2]),) if held[0][2] else ()),)
    return tuple(Piece(first, _session(sport, times[first:end])) for first, end, sport in held)


def _session(sport: str, times: Floats) -> tuple[Session, ...]:
    known = times[np.isfinite(times)]
    if not known.size:
        return (Session(sport=sport),) if sport else ()
    return (Session(sport=sport, start_unix_s=float(known.min()), elapsed_s=float(np.ptp(known))),)


class _Gpx:
    def __init__(self, file_name: str) -> None:
        self.points = Points(_CHANNELS, file_name)
        self.tracks: list[tuple[int, str]] = []  # first point and sport of each
        self._sport = self._named_sport = ""
        self.device = ""
        self.has_plan = False
        self._in_point = self._in_track = False
        self._first_point = 0
        self._values: dict[str, float] = {}
        self._time: str | None = None

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "trkpt":
            self._in_point, self._time = True, None
            self._values = {
                "latitude_deg": number(attributes.get("lat", "")),
                "longitude_deg": number(attributes.get("lon", "")),
            }
        elif name == "trkseg":
            self.points.end_piece()
        elif name == "trk":
            self._in_track, self._sport, self._named_sport = True, "", ""
            self._first_point = len(self.points)
        elif name == "gpx":
            self.device = plain(attributes.get("creator", ""))
        elif name in ("rtept", "wpt"):
            self.has_plan = True

    def finish(self, name: str, text: str) -> None:
        if self._in_point:
            if name == "trkpt":
                self._in_point = False
                self.points.add(self._time, self._values)
            elif name == "time":
                self._time = text
            elif known := _FIELDS.get(name) or _FIELDS.get(name.lower()):
                self._put(*known, number(text))
        elif name == "trk":
            self.end_track()
        elif name == "type" and self._in_track and not self._sport:
            self._sport = sport_of(plain(text))
        elif name == "name" and self._in_track and not self._named_sport:
            self._named_sport = sport_of_name(plain(text))

    def end_track(self) -> None:
        if self._in_track:
            self._in_track = False
            self.tracks.append((self._first_point, self._sport or self._named_sport))

    def _put(self, channel: str, factor: float, value: float) -> None:
        if not math.isnan(value):
            self._values.setdefault(channel, factor * value)
