"""The log of a Suunto watch: as JSON (the app) and as XML (.sml, of Movescount and Moveslink). Both hold one thing.

Positions are in radians, heart rate in beats and cadence in strides a second, temperature in kelvins, distance and
speed in metres and m/s. Some samples have a time with its zone, some UTC, some only seconds since the start. Numbers of
sports are those of an open reader, and so are the names in the JSON, of which it has a true sample; those of the XML
are from another's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from charley.activities.limits import Deadline, plain
from charley.activities.sports import sport_of
from charley.activities.vendors.json_text import Object, load, object_of, objects
from charley.activities.vendors.series import Part, Series, offset_of, positive, recording, unix_of, value_of
from charley.activities.xml.points import Points, parse
from charley.vocabulary.run import Recording, Session

_CHANNELS = {  # name -> channel, factor, offset
    "Latitude": ("latitude_deg", math.degrees(1.0), 0.0),
    "Longitude": ("longitude_deg", math.degrees(1.0), 0.0),
    "Altitude": ("altitude_m", 1.0, 0.0),
    "HR": ("heart_rate_bpm", 60.0, 0.0),
    "Cadence": ("cadence_spm", 120.0, 0.0),
    "Distance": ("distance_m", 1.0, 0.0),
    "Speed": ("speed_m_s", 1.0, 0.0),
    "Temperature": ("air_temp_c", 1.0, -273.15),
    "Power": ("power_w", 1.0, 0.0),
}
_SECOND_HEIGHT = "GPSAltitude"  # where there is no barometer
_SPORTS = {
    1: "generic", 2: "multisport", 3: "running", 4: "cycling", 5: "cycling", 6: "swimming", 8: "inline_skating", 9:
    "fitness_equipment", 11: "hiking", 12: "walking", 13: "sailing", 14: "kayaking", 15: "rowing", 16:
    "rock_climbing", 17: "cycling", 18: "training", 19: "multisport", 20: "alpine_skiing", 21: "snowboarding", 22:
    "cross_country_skiing", 23: "training", 55: "multisport", 56: "multisport", 57: "multisport", 64:
    "fitness_equipment", 70: "ice_skating", 71: "rowing", 72: "paddling", 74: "mountaineering", 75: "running", 78:
    "alpine_skiing", 81: "running", 82: "running", 83: "swimming", 84: "walking", 85: "snowshoeing", 88:
    "cross_country_skiing", 89: "stand_up_paddleboarding", 93: "running", 96: "hiking",
}  # fmt: skip
_INNER = "suunto/sml"


@dataclass(slots=True)
class _Log:
    """What both forms come to: header, samples and events in their order."""

    header: Object
    device: str = ""
    samples: list[Object] = field(default_factory=list)


def read_json(data: bytes, name: str) -> Recording:
    """The activity in a log as JSON. Raises RunFileError."""
    whole = object_of(load(data, name))
    log = object_of(whole.get("DeviceLog")) or whole
    header = object_of(log.get("Header"))
    device = object_of(log.get("Device")) or object_of(header.get("Device"))
    samples = [_plain(sample) for sample in objects(log.get("Samples"))]
    return _recording(data, name, _Log(header, str(device.get("Name", "")), samples), "suunto")


def read_sml(data: bytes, name: str) -> Recording:
    """The activity in a log as XML. Raises RunFileError."""
    target, warnings = parse(data, lambda: _Sml(name), Deadline(name))
    found = _recording(data, name, target.log, "sml")
    return found if not warnings else _with(found, warnings)


def _with(found: Recording, warnings: list[Any]) -> Recording:
    from dataclasses import replace

    return replace(found, warnings=(*found.warnings, *warnings))


def _plain(sample: Object) -> Object:
    """A sample of the app's newer form wraps what it holds twice."""
    inner = object_of(object_of(object_of(sample.get("Attributes")).get(_INNER)).get("Sample"))
    return {"TimeISO8601": sample.get("TimeISO8601"), **inner} if inner else sample


def _recording(data: bytes, name: str, log: _Log, file_format: str) -> Recording:
    begin_text = log.header.get("DateTime") or log.header.get("TimeISO8601")
    zone = next((z for s in log.samples if (z := offset_of(s.get("TimeISO8601"))) is not None), offset_of(begin_text))
    begin = unix_of(begin_text, zone or 0.0)
    legs: list[tuple[str, float]] = []
    stops: list[tuple[float, float]] = []
    series = [Series(name)]
    halted = math.nan
    has_barometer = any("Altitude" in s for s in log.samples)
    at = begin
    for sample in log.samples:
        at = _time(sample, begin, at)
        for event in _events(sample):
            if isinstance(activity := event.get("Activity"), dict):
                sport = _sport(activity.get("ActivityType"))
                series += [Series(name)] if legs and sport != legs[-1][0] else []
                legs += [(sport, at)] if not legs or sport != legs[-1][0] else []
            elif isinstance(pause := event.get("Pause"), dict):
                if str(pause.get("State")).lower() in ("true", "1"):
                    halted = at if math.isnan(halted) else halted
                elif at > halted:
                    stops.append((halted, at))
                    halted = math.nan
        for key, (channel, factor, offset) in _CHANNELS.items():
            if key in sample:
                series[-1].add(channel, at, factor * value_of(sample[key]) + offset)
        if not has_barometer and _SECOND_HEIGHT in sample:
            series[-1].add("altitude_m", at, value_of(sample[_SECOND_HEIGHT]))
    sessions = _sessions(log.header, legs, begin, at)
    parts = [Part(session, one) for session, one in zip(sessions, series, strict=True)]
    return recording(
        data, name, file_format, parts, device=f"Suunto {plain(log.device)}", utc_offset_s=zone, stops=tuple(stops)
    )


def _time(sample: Object, begin: float, before: float) -> float:
    """The moment of a sample: what it says, else seconds since the start, else that of the one before."""
    for key in ("TimeISO8601", "UTC"):
        at = unix_of(sample.get(key))
        if not math.isnan(at):
            return at
    since = begin + value_of(sample.get("Time"))
    return before if math.isnan(since) else since


def _events(sample: Object) -> Iterator[Object]:
    """The events of a sample, which are a list in JSON."""
    events = sample.get("Events")
    yield from objects(events if isinstance(events, list) else [events])


def _sport(kind: object) -> str:
    number = value_of(kind)
    return "" if math.isnan(number) else _SPORTS.get(int(number), "unknown")


def _sessions(header: Object, legs: list[tuple[str, float]], begin: float, end: float) -> list[Session]:
    """The sums of the header; of several legs each has its own times, and nothing else is known of it."""
    if len(legs) > 1:
        ends = [*(start for _, start in legs[1:]), end]
        return [Session(s, "", start, positive(e - start)) for (s, start), e in zip(legs, ends, strict=True)]
    timer = value_of(header.get("Duration"))
    paused = value_of(header.get("PauseDuration"))
    named = sport_of(str(header.get("Activity") or ""))
    return [
        Session(
            sport=(legs[0][0] if legs else "") or _sport(header.get("ActivityType")) or named,
            start_unix_s=None if math.isnan(begin) else begin,
            elapsed_s=positive(timer + (0.0 if math.isnan(paused) else paused)),
            timer_s=positive(timer),
            distance_m=positive(value_of(header.get("Distance"))),
        )
    ]


class _Sml:
    """Elements of the XML -> header and samples, as the JSON has them."""

    def __init__(self, file_name: str) -> None:
        self.points = Points((), file_name)  # counts the samples, within the limit of a file
        self.log = _Log({})
        self._sample: Object | None = None
        self._path: list[str] = []

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        if name == "Sample":
            self._sample = {}

    def finish(self, name: str, text: str) -> None:
        above = self._path[-2] if len(self._path) > 1 else ""
        if self._path:
            self._path.pop()
        if name == "Sample" and self._sample is not None:
            self.log.samples.append(self._sample)
            self.points.add(None, {})
            self._sample = None
        elif self._sample is not None and above == "Sample" and name != "Events":
            self._sample.setdefault(name, text.strip())
        elif self._sample is not None and above in ("Pause", "Activity"):
            self._sample.setdefault("Events", {}).setdefault(above, {})[name] = text.strip()
        elif self._sample is None and above == "Header":
            self.log.header.setdefault(name, text.strip())
        elif self._sample is None and above == "Device" and name == "Name":
            self.log.device = text.strip()
