"""A run of Nike Run Club, as the export of an account holds it: JSON, one file a run.

Each metric is a list of spans with a value, those of distance in kilometres. Moments say where a run was halted and
resumed. Read off the types of an open reader; no true file lies beside this.
"""

from __future__ import annotations

import math

from charley.activities.sports import sport_of
from charley.activities.vendors.json_text import Object, load, object_of, objects
from charley.activities.vendors.series import Part, Series, milliseconds, positive, recording, value_of
from charley.vocabulary.run import Recording, Session

_METRICS = {
    "heart_rate": "heart_rate_bpm",
    "latitude": "latitude_deg",
    "longitude": "longitude_deg",
    "elevation": "altitude_m",
}
_DISTANCE = "distance"
_METRES = {"KM": 1000.0, "M": 1.0, "MI": 1609.344, "MILE": 1609.344}


def read(data: bytes, name: str) -> Recording:
    """The activity in a JSON file of Nike Run Club. Raises RunFileError."""
    activity = object_of(load(data, name))
    series = Series(name)
    for metric in objects(activity.get("metrics")):
        values = objects(metric.get("values"))
        ends = [milliseconds(v.get("end_epoch_ms", v.get("start_epoch_ms"))) for v in values]
        kind = metric.get("type")
        if kind == _DISTANCE:
            scale = _METRES.get(str(metric.get("unit", "KM")).upper(), 1000.0)
            series.add_steps("distance_m", ends, [scale * value_of(v.get("value")) for v in values])
        elif isinstance(kind, str) and kind in _METRICS:
            for at, v in zip(ends, values, strict=True):
                series.add(_METRICS[kind], at, value_of(v.get("value")))
    begin, end = (milliseconds(activity.get(key)) for key in ("start_epoch_ms", "end_epoch_ms"))
    told = Session(
        sport=sport_of(str(activity.get("type", ""))),
        start_unix_s=None if math.isnan(begin) else begin,
        elapsed_s=positive(end - begin),
        timer_s=positive(milliseconds(activity.get("active_duration_ms"))),
        distance_m=_total(activity),
    )
    return recording(data, name, "nike", [Part(told, series)], device="Nike Run Club", stops=_stops(activity))


def _total(activity: Object) -> float | None:
    """Metres of the whole, from the summaries, which count kilometres."""
    for summary in objects(activity.get("summaries")):
        if summary.get("metric") == _DISTANCE and summary.get("summary") == "total":
            return positive(1000.0 * value_of(summary.get("value")))
    return None


def _stops(activity: Object) -> tuple[tuple[float, float], ...]:
    """From each halt to the moment at which the run went on."""
    halts = [m for m in objects(activity.get("moments")) if m.get("key") == "halt"]
    told = sorted((milliseconds(m.get("timestamp")), str(m.get("value", ""))) for m in halts)
    stops, halted = [], math.nan
    for at, what in told:
        if "resume" in what and at > halted:
            stops.append((halted, at))
            halted = math.nan
        elif "pause" in what and math.isnan(halted):
            halted = at
    return tuple(stops)
