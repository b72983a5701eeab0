"""Activities of Huawei Health: the list of the account's export, JSON, and a track as the watch writes it, lines of
text.

In both a line is a sample of one kind: ``tp=lbs`` a position, ``tp=h-r`` heart rate, ``tp=s-r`` steps a minute,
``tp=alti`` a height. The stamps are milliseconds or seconds; in some versions the phone writes them as a power of
ten that has lost its own size (1.74E9), which their number of digits tells. Latitude 90 with longitude -80 marks a
pause. Keys of one map have no quotation marks. Read off open readers and a record that a description shows; no true
file lies beside this.
"""

from __future__ import annotations

import math
import re

from charley.activities.vendors.json_text import Object, load, objects
from charley.activities.vendors.series import Part, Series, milliseconds, positive, recording, value_of
from charley.vocabulary.errors import RunFileError
from charley.vocabulary.run import Recording, Session

_LINE = re.compile(r"tp=(lbs|h-r|s-r|alti);([^\n\\]*)")
_VALUES = {"h-r": "heart_rate_bpm", "s-r": "cadence_spm", "alti": "altitude_m"}
_SECONDS_BELOW = 1e11  # a number of milliseconds is larger since 1973, a number of seconds will be so in 3 000 years
_PAUSE = (90.0, -80.0)
_SPORTS = {
    2: "hiking", 3: "cycling", 4: "running", 5: "walking", 101: "running", 102: "swimming", 103: "cycling",
    104: "swimming", 111: "fitness_equipment", 118: "running", 257: "walking", 258: "running", 259: "cycling",
    264: "running", 265: "cycling", 281: "walking", 282: "hiking",
}  # fmt: skip
_ZONE = re.compile(r"([+-])(\d\d):?(\d\d)")


def read(data: bytes, name: str) -> Recording:
    """The one activity in a list of the export. Raises RunFileError; archive-several where there are more."""
    found = load(data, name, bare_keys=True)
    activities = objects(found if isinstance(found, list) else [found])
    if len(activities) != 1:
        code, what = (
            ("archive-several", f"{len(activities)} activities") if activities else ("no-records", "no activity")
        )
        raise RunFileError(code, f"the list of Huawei Health holds {what}", name)
    (activity,) = activities
    series, stops = _samples(str(activity.get("attribute", "")), name)
    begin, end = milliseconds(activity.get("startTime")), milliseconds(activity.get("endTime"))
    told = Session(
        sport=_SPORTS.get(int(kind), "unknown") if math.isfinite(kind := value_of(activity.get("sportType"))) else "",
        start_unix_s=None if math.isnan(begin) else begin,
        elapsed_s=positive(end - begin),
        timer_s=positive(milliseconds(activity.get("totalTime"))),
        distance_m=positive(value_of(activity.get("totalDistance"))),
    )
    return recording(
        data, name, "huawei", [Part(told, series)], device="Huawei", utc_offset_s=_zone(activity), stops=stops
    )


def read_track(data: bytes, name: str) -> Recording:
    """The activity in a track of the watch. Raises RunFileError."""
    series, stops = _samples(data.decode("utf-8", errors="replace"), name)
    return recording(data, name, "hitrack", [Part(Session(), series)], device="Huawei", stops=stops)


def _zone(activity: Object) -> float | None:
    """Seconds from UTC to the runner's clock, None where the activity does not say."""
    found = _ZONE.fullmatch(str(activity.get("timeZone", ""))[:8])
    if found is None:
        return None
    sign, hours, minutes = found.groups()
    return (-1.0 if sign == "-" else 1.0) * (3600 * int(hours) + 60 * int(minutes))


def _samples(text: str, name: str) -> tuple[Series, tuple[tuple[float, float], ...]]:
    """The samples of all lines, and from the last position before each mark of a pause to the next one."""
    series = Series(name)
    stops: list[tuple[float, float]] = []
    last, paused = math.nan, False
    for kind, rest in _LINE.findall(text):
        fields = dict(part.partition("=")[::2] for part in rest.split(";"))
        if kind != "lbs":
            series.add(_VALUES[kind], _stamp(fields.get("k")), value_of(fields.get("v")))
            continue
        latitude, longitude = value_of(fields.get("lat")), value_of(fields.get("lon"))
        if (latitude, longitude) == _PAUSE:
            paused = True
            continue
        at = _stamp(fields.get("t"))
        if math.isnan(at):
            continue
        series.add("latitude_deg", at, latitude)
        series.add("longitude_deg", at, longitude)
        if paused and at > last:
            stops.append((last, at))
        last, paused = at, False
    return series, tuple(stops)


def _stamp(text: str | None) -> float:
    """A stamp as seconds since 1970; NaN for none, and for 0."""
    value = value_of(text)
    if not value > 0:
        return math.nan
    if value < 1e6:  # a number of seconds that lost its power of ten: 1.74
        value *= 10.0 ** (9 - math.floor(math.log10(value)))
    return value if value < _SECONDS_BELOW else value / 1000.0
