"""Health Connect: the database of an Android phone, SQLite in a zip; sessions, and tables of what was measured
meanwhile.

The database is somebody else's, so it is opened in memory and read only, its schema is not trusted, only true
tables are asked, each once, and a query that takes too long is ended. Rows belong to a session by their time, and by
the app that wrote them: a phone and a watch both count the same way. Rests on tables and codes as descriptions and the
sources of Android give them; numbers of sports are those of the database, which are not those of the interface for
programs.
"""

from __future__ import annotations

import sqlite3
import time
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from charley.activities import limits
from charley.activities.exports.files import Given, Lost
from charley.activities.vendors.joined import Joined
from charley.activities.vendors.series import positive
from charley.vocabulary.arrays import Floats, Ints

MOST_BYTES = 256 * limits.MEBIBYTE
SIGNATURE = b"SQLite format 3\x00"
_SESSIONS = "exercise_session_record_table"
_QUERY_SECONDS = 20.0
_STEPS = 20_000  # of SQLite's machine between two looks at the clock
_SPORTS = {
    8: "cycling", 9: "cycling", 24: "training", 25: "hiking", 27: "ice_skating", 31: "paddling", 37: "rowing", 39:
    "running", 40: "sailing", 43: "inline_skating", 44: "alpine_skiing", 45: "snowboarding", 46: "snowshoeing", 50:
    "fitness_equipment", 51: "training", 53: "walking", 55: "swimming", 56: "swimming",
}  # fmt: skip
# channel -> parent table (the app stands there), table of samples, columns of time and value
_SERIES = {
    "heart_rate_bpm": ("heart_rate_record_table", "heart_rate_record_series_table", "epoch_millis", "beats_per_minute"),
    "speed_m_s": ("SpeedRecordTable", "speed_record_table", "epoch_millis", "speed"),
    "cadence_spm": ("StepsCadenceRecordTable", "steps_cadence_record_table", "epoch_millis", "rate"),
}
_LEAST_STEPS = 10  # fewer spans of distance are sums, not a counter
_ROUTE = "exercise_route_table"
_ROUTE_COLUMNS = {"latitude": "latitude_deg", "longitude": "longitude_deg", "altitude": "altitude_m"}
_DISTANCE = "distance_record_table"


def is_export(data: bytes) -> bool:
    """True for a database in which sessions of exercise have a table."""
    return data.startswith(SIGNATURE) and _SESSIONS.encode() in data


def activities(data: bytes, name: str) -> Iterator[Given | Lost]:
    """Each session in order of time, as a document. Never raises for what the database holds."""
    try:
        with _Database(data) as db:
            yield from _sessions(db, name)
    except (sqlite3.Error, OverflowError, ValueError, TypeError) as error:
        yield Lost(name, "archive-damaged", f"the database cannot be read further ({str(error)[:80]})")


class _Database:
    """The bytes as a database in memory, for as long as a query may take."""

    def __init__(self, data: bytes) -> None:
        # the write-ahead log is not here: bytes 18 and 19 say that there is one, and then nothing could be opened
        self._data = data[:18] + b"\x01\x01" + data[20:]
        self._db = sqlite3.connect(":memory:")
        self._end = 0.0
        self.tables: dict[str, set[str]] = {}

    def __enter__(self) -> _Database:
        self._db.deserialize(self._data)
        self._db.execute("PRAGMA trusted_schema = OFF")
        self._db.execute("PRAGMA query_only = ON")
        self._db.execute("PRAGMA cell_size_check = ON")
        self._db.set_progress_handler(lambda: time.thread_time() > self._end, _STEPS)
        self._end = time.thread_time() + _QUERY_SECONDS
        wanted = {_SESSIONS, _DISTANCE, _ROUTE, *(t for one in _SERIES.values() for t in one[:2])}
        for name, sql in self.rows("SELECT name, sql FROM sqlite_master WHERE type = 'table'"):
            if name in wanted and str(sql).lstrip().upper().startswith("CREATE TABLE"):
                self.tables[name] = {str(row[1]) for row in self.rows(f'PRAGMA table_info("{name}")')}
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def rows(self, query: str) -> list[Any]:
        """All rows of a query, within the time that is left."""
        return self._db.execute(query).fetchall()

    def numbers(self, query: str, columns: int) -> tuple[Floats, ...]:
        """The columns of a query, of the rows in which all are numbers, but for the last: NaN where that is none."""
        held = array("d")
        for row in self._db.execute(f"{query} LIMIT {limits.SAMPLES // 2}"):
            *wanted, last = row
            if all(isinstance(value, int | float) for value in wanted):
                held.extend(wanted)
                held.append(last if isinstance(last, int | float) else np.nan)
        return tuple(np.array(held).reshape(-1, columns).T)

    def has(self, table: str, *columns: str) -> bool:
        """True if there is such a table with these columns."""
        return set(columns) <= self.tables.get(table, set())


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of one table in order of their time (ms), each with its value and the app that wrote it (NaN: not said)."""

    times: Floats
    values: Floats
    apps: Floats
    begins: Floats  # of what lasts; else the times

    @classmethod
    def sorted(cls, times: Floats, values: Floats, apps: Floats, begins: Floats | None = None) -> _Rows:
        """The same rows in order."""
        order = np.argsort(times, kind="stable")
        return cls(times[order], values[order], apps[order], (times if begins is None else begins)[order])

    def within(self, begin: int, end: int, app: object) -> tuple[Floats, Floats]:
        """Times and values from ``begin`` to ``end``, of that app where it wrote some of them."""
        span = slice(int(np.searchsorted(self.times, begin)), int(np.searchsorted(self.times, end, side="right")))
        inside = self.begins[span] >= begin
        own = inside & (self.apps[span] == app) if isinstance(app, int) else inside
        kept = own if own.any() else inside
        return self.times[span][kept], self.values[span][kept]


@dataclass(slots=True)
class _Measured:
    """All that was measured: by channel, the spans of distance, and the places of each session by its key."""

    channels: dict[str, _Rows]
    distance: _Rows | None
    places: dict[str, tuple[Ints, Floats, Floats]]  # keys in order, times, values
    held: int
    given: int = 0  # samples that sessions were given


def _sessions(db: _Database, name: str) -> Iterator[Given | Lost]:
    if not db.has(_SESSIONS, "row_id", "start_time", "end_time"):
        yield Lost(name, "archive-damaged", "the table of sessions has no times")
        return
    columns = [c for c in ("exercise_type", "start_zone_offset", "app_info_id") if db.has(_SESSIONS, c)]
    picked = ", ".join(["row_id", "start_time", "end_time", *columns])
    measured = _measured(db)
    for row in db.rows(f"SELECT {picked} FROM {_SESSIONS} ORDER BY start_time, row_id LIMIT {limits.ARCHIVE_ENTRIES}"):
        key, begin, end = row[:3]
        more = dict(zip(columns, row[3:], strict=True))
        if not (isinstance(begin, int) and isinstance(end, int) and 0 < begin < end < 2**53):
            continue
        try:
            day = datetime.fromtimestamp(begin / 1000, UTC)
        except (ValueError, OverflowError):
            continue
        joined = _joined(measured, key, begin, end, more)
        yield Given(f"{name}, session of {day:%Y-%m-%d %H:%M} UTC", joined.document())
        if measured.given > limits.GIVEN_FREE + limits.GIVEN_TIMES * measured.held:
            yield Lost(name, "file-limits", "its sessions cover the same hours again and again")
            return


def _measured(db: _Database) -> _Measured:
    """Every table, read once."""
    channels = {}
    for channel, (parent, table, at, value) in _SERIES.items():
        if db.has(parent, "row_id") and db.has(table, "parent_key", at, value):
            app = "p.app_info_id" if db.has(parent, "app_info_id") else "NULL"
            query = (
                f'SELECT s.{at}, s.{value}, {app} FROM "{table}" AS s JOIN "{parent}" AS p ON p.row_id = s.parent_key'
            )
            channels[channel] = _Rows.sorted(*db.numbers(query, 3))
    distance = None
    if db.has(_DISTANCE, "start_time", "end_time", "distance"):
        app = "app_info_id" if db.has(_DISTANCE, "app_info_id") else "NULL"
        begins, ends, metres, apps = db.numbers(f"SELECT start_time, end_time, distance, {app} FROM {_DISTANCE}", 4)
        walked = metres >= 0
        distance = _Rows.sorted(ends[walked], metres[walked], apps[walked], begins[walked])
    places = {}
    if db.has(_ROUTE, "parent_key", "timestamp_millis"):
        for column, channel in _ROUTE_COLUMNS.items():
            if db.has(_ROUTE, column):
                keys, times, values = db.numbers(f"SELECT parent_key, timestamp_millis, {column} FROM {_ROUTE}", 3)
                known = np.flatnonzero(np.isfinite(values) & (np.abs(keys) < 2**53))
                order = known[np.argsort(keys[known], kind="stable")]
                places[channel] = (keys[order].astype(np.int64), times[order], values[order])
    sizes = [rows.times.size for rows in (*channels.values(), *([distance] if distance else []))]
    return _Measured(channels, distance, places, sum(sizes))


def _joined(measured: _Measured, key: object, begin: int, end: int, more: dict[str, Any]) -> Joined:
    app = more.get("app_info_id")
    kind = more.get("exercise_type")
    series: dict[str, tuple[list[float], list[float]]] = {}
    for channel, rows in measured.channels.items():
        _keep(series, channel, *rows.within(begin, end, app))
    for channel, (keys, times, values) in measured.places.items():
        first, behind = np.searchsorted(keys, [key, key + 1]).tolist() if isinstance(key, int) else (0, 0)
        _keep(series, channel, times[first:behind], values[first:behind])
    distance = None
    if measured.distance is not None:
        times, metres = measured.distance.within(begin, end, app)
        distance = positive(float(metres.sum()))
        if times.size >= _LEAST_STEPS:
            _keep(series, "distance_m", np.array([begin, *times]), np.array([0.0, *np.cumsum(metres)]))
    measured.given += sum(len(times) for times, _ in series.values())
    offset = more.get("start_zone_offset")
    return Joined(
        "Health Connect", _SPORTS.get(kind, "unknown") if isinstance(kind, int) else "", begin / 1000,
        (end - begin) / 1000, (end - begin) / 1000, distance,
        float(offset) if isinstance(offset, int) and abs(offset) <= 14 * 3600 else None, (), series,
    )  # fmt: skip


def _keep(series: dict[str, tuple[list[float], list[float]]], channel: str, times_ms: Floats, values: Floats) -> None:
    good = np.isfinite(values)
    if good.any():
        series[channel] = ((times_ms[good] / 1000).tolist(), values[good].tolist())
