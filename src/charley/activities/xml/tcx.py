"""TCX files (Training Center Database): activities, laps, tracks and track points."""

from __future__ import annotations

import math
from hashlib import sha256

import numpy as np

from charley.activities.fit.reader import common_sport, has_figures
from charley.activities.limits import Deadline, plain
from charley.activities.sports import sport_of
from charley.activities.texts import number
from charley.activities.xml.points import Points, parse
from charley.vocabulary.errors import RunFileError
from charley.vocabulary.run import Piece, Recording, Session

# Element within a Trackpoint -> channel, and the factor to its unit. Cadence counts one leg.
_FIELDS = {
    "LatitudeDegrees": ("latitude_deg", 1.0),
    "LongitudeDegrees": ("longitude_deg", 1.0),
    "AltitudeMeters": ("altitude_m", 1.0),
    "DistanceMeters": ("distance_m", 1.0),
    "Value": ("heart_rate_bpm", 1.0),  # the only Value of a Trackpoint is that of HeartRateBpm
    "Cadence": ("cadence_spm", 2.0),
    "RunCadence": ("cadence_spm", 2.0),
    "Speed": ("speed_m_s", 1.0),
    "Watts": ("power_w", 1.0),
    "Temperature": ("air_temp_c", 1.0),
}
_CHANNELS = tuple(dict.fromkeys(channel for channel, _ in _FIELDS.values()))
_LAP_ROUNDING_S = 2.0  # starts of laps are written in whole seconds
_SPORTS = {"biking": "cycling", "other": "generic"}


def read(data: bytes, file_name: str) -> Recording:
    """The recording in a TCX file. Raises RunFileError when it is broken beyond use or holds no track points."""
    target, warnings = parse(data, lambda: _Tcx(file_name), Deadline(file_name))
    if target.is_course and not target.pieces:
        raise RunFileError("not-activity", "a planned course, not a recorded activity", file_name)
    target.end_activity()  # of a file that is cut before the end of its activity
    sessions = tuple(s for piece in target.pieces for s in piece.sessions)
    if len(target.points) == 0 and not any(map(has_figures, sessions)):
        raise RunFileError("no-records", "the file holds no track points", file_name)
    return Recording(
        file_name=file_name,
        file_format="tcx",
        content_sha256=sha256(data).hexdigest(),
        time_unix_s=np.array(target.points.time_unix_s, dtype=np.float64),
        channels=target.points.as_channels(),
        sessions=sessions,
        sport=common_sport(sessions),
        device=target.device,
        breaks=tuple(target.points.breaks),
        pieces=tuple(target.pieces) if len(target.pieces) > 1 else (),
        **target.points.zone(),
        warnings=(*warnings, *target.points.warnings()),
    )


class _Tcx:
    def __init__(self, file_name: str) -> None:
        self.points = Points(_CHANNELS, file_name)
        self.pieces: list[Piece] = []
        self.device = ""
        self.is_course = False
        self._path: list[str] = []  # names of the elements that are open
        self._in_point = self._in_activity = self._in_lap = False
        self._values: dict[str, float] = {}
        self._time: str | None = None
        self._sport = ""
        self._first_point = 0  # of the activity
        self._timer_s = self._distance_m = math.nan
        self._start_s = math.nan  # of the first lap
        self._lap_start_s = self._lap_timer_s = math.nan
        self._in_multisport = self._first_of_multisport = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        if name == "Trackpoint":
            self._in_point, self._values, self._time = True, {}, None
        elif name == "Track":
            if self._in_lap:  # the first track of a lap is no break of its own
                self.points.end_piece()
            self._in_lap = True
        elif name == "Lap":
            self._begin_lap(self.points.unix_s(attributes.get("StartTime")))
        elif name == "Activity":
            self.end_activity()
            self.points.forget_last()
            self._lap_start_s = self._lap_timer_s = math.nan
            self._in_activity, self._first_point = True, len(self.points)
            sport = plain(attributes.get("Sport", "")).lower()
            self._sport = _SPORTS.get(sport) or sport_of(sport) or sport
            self._start_s = self._timer_s = self._distance_m = math.nan
        elif name == "MultiSportSession":
            self._in_multisport = self._first_of_multisport = True
        elif name == "Course":
            self.is_course = True

    def finish(self, name: str, text: str) -> None:
        if self._path:
            self._path.pop()
        parent = self._path[-1] if self._path else ""
        if self._in_point:
            self._finish_in_point(name, text)
        elif name == "Activity":
            self.end_activity()
        elif name == "MultiSportSession":
            self._in_multisport = False
        elif parent == "Lap" and name == "TotalTimeSeconds":
            self._lap_timer_s = number(text)
            self._timer_s = _known(self._timer_s) + _known(self._lap_timer_s)
        elif parent == "Lap" and name == "DistanceMeters":
            self._distance_m = _known(self._distance_m) + _known(number(text))
        elif name == "Name" and parent == "Creator":
            self.device = plain(text)

    def _finish_in_point(self, name: str, text: str) -> None:
        if name == "Trackpoint":
            self._in_point = False
            self.points.add(self._time, self._values)
        elif name == "Time":
            self._time = text
        elif (known := _FIELDS.get(name)) is not None and not math.isnan(value := number(text)):
            self._values.setdefault(known[0], known[1] * value)

    def _begin_lap(self, start_s: float) -> None:
        """A lap that begins when the timer of the one before says that it ended goes on without a pause."""
        if not abs(start_s - self._lap_start_s - self._lap_timer_s) <= _LAP_ROUNDING_S:
            self.points.end_piece()
        self._in_lap, self._lap_start_s, self._lap_timer_s = False, start_s, math.nan
        self._start_s = start_s if math.isnan(self._start_s) else self._start_s

    def end_activity(self) -> None:
        if not self._in_activity:
            return
        self._in_activity = False
        times = np.array(self.points.time_unix_s[self._first_point :], dtype=np.float64)
        times = times[np.isfinite(times)]
        begin = float(times.min()) if times.size else self._start_s
        elapsed = float(np.ptp(times)) if times.size else self._timer_s
        session = Session(
            sport=self._sport,
            start_unix_s=None if math.isnan(begin) else begin,
            elapsed_s=None if math.isnan(elapsed) else elapsed,
            timer_s=None if math.isnan(self._timer_s) else self._timer_s,
            distance_m=None if math.isnan(self._distance_m) else self._distance_m,
        )
        joined = self._in_multisport and not self._first_of_multisport
        self._first_of_multisport = False
        self.pieces.append(Piece(self._first_point, (session,), joined))


def _known(value: float) -> float:
    """What is added where a lap may not say it."""
    return 0.0 if math.isnan(value) else value
