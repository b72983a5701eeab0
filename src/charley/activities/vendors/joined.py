"""One activity out of an export that keeps the parts of it in many places, put together as a document of our own.

An import walks over such an export once (Apple Health, Health Connect) and hands on one document an activity, so that a
process of its own reads it like a file of the activity. Where a track of the activity is a file in the export, the
document goes beside it, with what the track lacks.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace

import numpy as np

from charley.activities.vendors.json_text import Object, load, object_of
from charley.activities.vendors.series import Part, Series, positive, recording, value_of
from charley.activities.zones import LIST
from charley.vocabulary.arrays import Bools, Floats, Index
from charley.vocabulary.run import Recording, Session, Streams

_NEAR_S = 8.0  # a watch that measures the heart every 5 s; no sample is put farther from its time
_MARK = "charley-joined"
_CHANNELS = frozenset(Streams.__dataclass_fields__) - {"time_s", "grade"}


@dataclass(frozen=True, slots=True)
class Joined:
    """What an export says of an activity. Series map a channel to its times (s since 1970) and values."""

    maker: str
    sport: str = ""
    start_unix_s: float | None = None
    elapsed_s: float | None = None
    timer_s: float | None = None
    distance_m: float | None = None
    utc_offset_s: float | None = None
    stops: tuple[tuple[float, float], ...] = ()
    series: dict[str, tuple[list[float], list[float]]] = field(default_factory=dict)

    def document(self) -> bytes:
        """The same as text, always in the same letters, as its hash names the run."""
        return json.dumps({_MARK: 1, **asdict(self)}, ensure_ascii=True).encode()


def read(data: bytes, name: str) -> Recording:
    """The activity of a document. Raises RunFileError."""
    raw = object_of(load(data, name))
    start, elapsed, timer, far = (
        positive(value_of(raw.get(key))) for key in ("start_unix_s", "elapsed_s", "timer_s", "distance_m")
    )
    offset = value_of(raw.get("utc_offset_s"))
    session = Session(str(raw.get("sport", "")), "", start, elapsed, timer, far)
    found = recording(
        data, name, "joined", [Part(session, _series(raw, name))], device=str(raw.get("maker", "")), stops=_stops(raw)
    )
    return found if np.isnan(offset) else replace(found, utc_offset_s=offset, zone_from=LIST)


def beside(track: Recording, document: bytes) -> Recording:
    """A track with the channels that it lacks and the document has, each sample at the record nearest to it."""
    raw = object_of(load(document, track.file_name))
    other_times, held_channels = _series(raw, track.file_name).columns()
    order = np.argsort(track.time_unix_s, kind="stable")
    times = track.time_unix_s[order]
    order = order[np.isfinite(times)]
    times = times[np.isfinite(times)]
    more = {c: v for c, v in held_channels.items() if c not in track.channels and c != "distance_m"}
    channels = dict(track.channels)
    for channel, values in more.items() if times.size else ():
        channels[channel] = column = np.full(track.records, np.nan)
        held = np.isfinite(values)
        rows, near = _nearest(times, other_times[held])
        column[order[rows[near]]] = values[held][near]
    found = replace(track, channels=channels, stops=tuple(sorted({*track.stops, *_stops(raw)})))
    offset = value_of(raw.get("utc_offset_s"))
    if track.utc_offset_s is not None or np.isnan(offset):
        return found
    return replace(found, utc_offset_s=offset, zone_from=LIST)


def _series(raw: Object, name: str) -> Series:
    """The samples of a document."""
    series = Series(name)
    for channel, columns in object_of(raw.get("series")).items():
        if channel in _CHANNELS and isinstance(columns, list) and len(columns) == 2:
            times, values = (column if isinstance(column, list) else [] for column in columns)
            for at, value in zip(times, values, strict=False):
                series.add(channel, value_of(at), value_of(value))
    return series


def _stops(raw: Object) -> tuple[tuple[float, float], ...]:
    """The pauses of a document."""
    pairs = raw.get("stops")
    held = [p for p in pairs if isinstance(p, list) and len(p) == 2] if isinstance(pairs, list) else []
    stops = [(value_of(a), value_of(b)) for a, b in held]
    return tuple((a, b) for a, b in stops if b > a)


def _nearest(times: Floats, wanted: Floats) -> tuple[Index, Bools]:
    """For each time wanted the place of the nearest in ``times``, and whether it is near enough."""
    after = (
        np.clip(np.searchsorted(times, wanted), 1, max(times.size - 1, 1))
        if times.size > 1
        else np.zeros(wanted.size, int)
    )
    before = np.maximum(after - 1, 0)
    rows = np.where(np.abs(times[before] - wanted) <= np.abs(times[after] - wanted), before, after)
    return rows, np.abs(times[rows] - wanted) <= _NEAR_S
