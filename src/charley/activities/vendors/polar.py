"""A training session of Polar Flow, as the export of an account holds it: JSON, one file a session.

Times are local, minutes from UTC stand beside them. Speed is in km/h, cadence counts one leg. Each exercise of a
session (a triathlon has several) is a leg of its own. Read off the classes of an open reader and from rows that
users show; no true file lies beside this.
"""

from __future__ import annotations

import math
import re

from charley.activities.sports import sport_of
from charley.activities.vendors.json_text import Object, load, object_of, objects
from charley.activities.vendors.series import Part, Series, positive, recording, unix_of, value_of
from charley.vocabulary.run import Recording, Session

_SAMPLES = {  # name -> channel, factor to its unit
    "heartRate": ("heart_rate_bpm", 1.0),
    "speed": ("speed_m_s", 1 / 3.6),
    "distance": ("distance_m", 1.0),
    "altitude": ("altitude_m", 1.0),
    "cadence": ("cadence_spm", 2.0),
    "temperature": ("air_temp_c", 1.0),
}
_DURATION = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")


def read(data: bytes, name: str) -> Recording:
    """The session in a JSON file of Polar Flow. Raises RunFileError."""
    session = object_of(load(data, name))
    minutes = value_of(session.get("timeZoneOffset", session.get("timezoneOffset")))
    exercises = objects(session.get("exercises"))
    if len(exercises) == 1:  # some versions give its sums beside it
        sums: Object = {
            key: session[key] for key in ("startTime", "stopTime", "duration", "distance") if key in session
        }
        exercises = [{**sums, **exercises[0]}]
    parts = [_part(exercise, minutes, name) for exercise in exercises]
    offset_s = None if math.isnan(minutes) else 60 * minutes
    return recording(data, name, "polar", parts, device="Polar", utc_offset_s=offset_s)


def _part(exercise: Object, minutes: float, name: str) -> Part:
    own = value_of(exercise.get("timezoneOffset", exercise.get("timeZoneOffset")))
    ahead_s = 60 * (minutes if math.isnan(own) else own)
    ahead_s = 0.0 if math.isnan(ahead_s) else ahead_s
    begin, end = (unix_of(exercise.get(key), ahead_s) for key in ("startTime", "stopTime"))
    series = Series(name)
    samples = object_of(exercise.get("samples"))
    for key, (channel, factor) in _SAMPLES.items():
        for sample in objects(samples.get(key)):
            series.add(channel, unix_of(sample.get("dateTime"), ahead_s), factor * value_of(sample.get("value")))
    for fix in objects(samples.get("recordedRoute")):
        at = unix_of(fix.get("dateTime"), ahead_s)
        series.add("latitude_deg", at, value_of(fix.get("latitude")))
        series.add("longitude_deg", at, value_of(fix.get("longitude")))
    told = Session(
        sport=sport_of(str(exercise.get("sport", "")).replace("_", " ")),
        start_unix_s=None if math.isnan(begin) else begin,
        elapsed_s=positive(end - begin),
        timer_s=positive(_seconds(exercise.get("duration"))),
        distance_m=positive(value_of(exercise.get("distance"))),
    )
    return Part(told, series)


def _seconds(text: object) -> float:
    """A length in the form of ISO 8601 (PT1H2M3.5S), NaN for what is none."""
    found = _DURATION.fullmatch(text[:40]) if isinstance(text, str) else None
    if found is None or not any(found.groups()):
        return math.nan
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return 86_400 * days + 3600 * hours + 60 * minutes + seconds
