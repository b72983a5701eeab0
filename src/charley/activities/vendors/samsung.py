"""An activity of Samsung Health: a row of a table, and up to two lists of samples that it names, in files of their
own.

An import puts the three together (``exports/samsung.py``) and hands them on as one JSON document, which is read
here. Old exports give local times and the offset in milliseconds, newer ones UTC and the offset as a text; stamps
of samples are milliseconds since 1970 in both. Rests on rows and layouts that tests of an open reader show; codes
of sports are those of several open readers. No true file lies beside this.
"""

from __future__ import annotations

import math
import re
from itertools import pairwise

from charley.activities.vendors.json_text import Object, load, object_of, objects
from charley.activities.vendors.series import Part, Series, milliseconds, positive, recording, unix_of, value_of
from charley.vocabulary.run import Recording, Session

_CHANNELS = {
    "heart_rate": "heart_rate_bpm", "speed": "speed_m_s", "cadence": "cadence_spm", "latitude": "latitude_deg",
    "longitude": "longitude_deg", "altitude": "altitude_m", "power": "power_w",
}  # fmt: skip
_SPORTS = {
    0: "generic", 1001: "walking", 1002: "running", 11007: "cycling", 13001: "hiking", 13003: "hiking",
    14001: "swimming", 15003: "cycling", 15004: "rowing", 15005: "running", 15006: "fitness_equipment",
    10007: "training",
}  # fmt: skip
_OFFSET = re.compile(r"UTC(?:([+-])(\d\d):?(\d\d))?")
_AS_WHOLE = 0.1  # a last value this near to the row's distance is no step but the way from the start


def read(data: bytes, name: str) -> Recording:
    """The activity of a document. Raises RunFileError."""
    whole = object_of(load(data, name))
    row = object_of(whole.get("samsung_health"))
    offset_s, is_utc = _offset(str(row.get("time_offset", "")).strip())
    begin = unix_of(row.get("start_time"), 0.0 if is_utc or offset_s is None else offset_s)
    distance = positive(value_of(row.get("distance")))
    series = Series(name)
    live = objects(whole.get("live_data"))
    for sample in [*live, *objects(whole.get("location_data"))]:
        at = milliseconds(sample.get("start_time"))
        for key, channel in _CHANNELS.items():
            if key in sample:
                series.add(channel, at, value_of(sample[key]))
    _add_distance(series, [s for s in live if "distance" in s], distance)
    kind = value_of(row.get("exercise_type"))
    duration = positive(milliseconds(row.get("duration")))
    end = unix_of(row.get("end_time"), 0.0 if is_utc or offset_s is None else offset_s)
    told = Session(
        sport="" if math.isnan(kind) else _SPORTS.get(int(kind), "unknown"),
        start_unix_s=None if math.isnan(begin) else begin,
        elapsed_s=positive(end - begin) or duration,
        timer_s=duration,
        distance_m=distance,
    )
    return recording(data, name, "samsung", [Part(told, series)], device="Samsung", utc_offset_s=offset_s)


def _offset(text: str) -> tuple[float | None, bool]:
    """Seconds from UTC to the runner's clock (None: not said), and whether the row's times are UTC."""
    found = _OFFSET.fullmatch(text)
    if found is not None:
        sign, hours, minutes = found.groups()
        seconds = 3600 * int(hours or 0) + 60 * int(minutes or 0)
        return (-1.0 if sign == "-" else 1.0) * seconds, True
    offset = milliseconds(text)
    return (None, False) if math.isnan(offset) else (offset, False)


def _add_distance(series: Series, samples: list[Object], whole_m: float | None) -> None:
    """Metres since the start: mostly each sample has its own step, in some versions the way so far."""
    times = [milliseconds(s.get("start_time")) for s in samples]
    metres = [value_of(s.get("distance")) for s in samples]
    grows = all(b >= a for a, b in pairwise(metres))
    if metres and whole_m and grows and abs(metres[-1] - whole_m) <= _AS_WHOLE * whole_m:
        for at, value in zip(times, metres, strict=True):
            series.add("distance_m", at, value)
    else:
        series.add_steps("distance_m", times, metres)
