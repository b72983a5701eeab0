"""Health Connect: the database of an Android phone, SQLite in a zip; sessions, and tables of what was measured
meanwhile.

The database is somebody else's, so it is opened in memory and read only, its schema is not trusted, only true
tables are asked, and a query that takes too long is ended. Rows belong to a session by their time, and by the app
that wrote them: a phone and a watch both count the same way. Rests on tables and codes as descriptions and the
sources of Android give them; numbers of sports are those of the database, which are not those of the interface for
programs.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from charley.activities import limits
from charley.activities.exports.files import Given, Lost
from charley.activities.vendors.joined import Joined
from charley.activities.vendors.series import positive

MOST_BYTES = 256 * limits.MEBIBYTE
SIGNATURE = b"SQLite format 3\x00"
_SESSIONS = "exercise_session_record_table"
_QUERY_SECONDS = 20.0
_STEPS = 20_000  # of SQLite's machine between two looks at the clock
_ROWS = 400_000  # samples of one session and quantity
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
        wanted = {_SESSIONS, "distance_record_table", _ROUTE, *(t for one in _SERIES.values() for t in one[:2])}
        for name, sql in self.rows("SELECT name, sql FROM sqlite_master WHERE type = 'table'"):
            if name in wanted and str(sql).lstrip().upper().startswith("CREATE TABLE"):
                self.tables[name] = {str(row[1]) for row in self.rows(f'PRAGMA table_info("{name}")')}
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def rows(self, query: str, values: tuple[object, ...] = ()) -> list[Any]:
        """All rows of a query, within the time that is left."""
        return self._db.execute(query, values).fetchall()

    def has(self, table: str, *columns: str) -> bool:
        """True if there is such a table with these columns."""
        return set(columns) <= self.tables.get(table, set())


def _sessions(db: _Database, name: str) -> Iterator[Given | Lost]:
    if not db.has(_SESSIONS, "row_id", "start_time", "end_time"):
        yield Lost(name, "archive-damaged", "the table of sessions has no times")
        return
    columns = [c for c in ("exercise_type", "start_zone_offset", "app_info_id") if db.has(_SESSIONS, c)]
    picked = ", ".join(["row_id", "start_time", "end_time", *columns])
    for row in db.rows(f"SELECT {picked} FROM {_SESSIONS} ORDER BY start_time, row_id LIMIT {limits.ARCHIVE_ENTRIES}"):
        key, begin, end = row[:3]
        more = dict(zip(columns, row[3:], strict=True))
        if not (isinstance(begin, int) and isinstance(end, int) and 0 < begin < end < 2**53):
            continue
        try:
            day = datetime.fromtimestamp(begin / 1000, UTC)
        except (ValueError, OverflowError):
            continue
        joined = _joined(db, key, begin, end, more)
        yield Given(f"{name}, session of {day:%Y-%m-%d %H:%M} UTC", joined.document())


def _joined(db: _Database, key: object, begin: int, end: int, more: dict[str, Any]) -> Joined:
    app = more.get("app_info_id")
    kind = more.get("exercise_type")
    series: dict[str, tuple[list[float], list[float]]] = {}
    for channel, (parent, table, at, value) in _SERIES.items():
        if db.has(parent, "row_id") and db.has(table, "parent_key", at, value):
            by_app = app is not None and db.has(parent, "app_info_id")
            query = (
                f'SELECT s.{at}, s.{value}, {"p.app_info_id" if by_app else "NULL"} FROM "{table}" AS s '
                f'JOIN "{parent}" AS p ON p.row_id = s.parent_key '
                f"WHERE s.{at} BETWEEN ? AND ? ORDER BY s.{at} LIMIT {_ROWS}"
            )
            _keep(series, channel, _of_app(db.rows(query, (begin, end)), app))
    if db.has(_ROUTE, "parent_key", "timestamp_millis"):
        for column, channel in _ROUTE_COLUMNS.items():
            if db.has(_ROUTE, column):
                query = f"SELECT timestamp_millis, {column}, NULL FROM {_ROUTE} WHERE parent_key = ? LIMIT {_ROWS}"
                _keep(series, channel, db.rows(query, (key,)))
    distance = _distance(db, begin, end, app, series)
    offset = more.get("start_zone_offset")
    return Joined(
        "Health Connect", _SPORTS.get(kind, "unknown") if isinstance(kind, int) else "", begin / 1000,
        (end - begin) / 1000, (end - begin) / 1000, distance,
        float(offset) if isinstance(offset, int) and abs(offset) <= 14 * 3600 else None, (), series,
    )  # fmt: skip


def _distance(
    db: _Database, begin: int, end: int, app: object, series: dict[str, tuple[list[float], list[float]]]
) -> float | None:
    """Metres of the session. Several spans are a counter too; one over the whole of it is no more than its sum."""
    table = "distance_record_table"
    if not db.has(table, "start_time", "end_time", "distance"):
        return None
    by_app = app is not None and db.has(table, "app_info_id")
    query = (
        f"SELECT end_time, distance, {'app_info_id' if by_app else 'NULL'} FROM {table} "
        f"WHERE start_time >= ? AND end_time <= ? ORDER BY end_time LIMIT {_ROWS}"
    )
    steps = [
        (at, metres)
        for at, metres, *_ in _of_app(db.rows(query, (begin, end)), app)
        if isinstance(at, int) and isinstance(metres, int | float) and metres >= 0
    ]
    if len(steps) >= _LEAST_STEPS:
        total, times, metres = 0.0, [begin / 1000], [0.0]
        for at, step in steps:
            total += step
            times.append(at / 1000)
            metres.append(total)
        series["distance_m"] = (times, metres)
    return positive(float(sum(step for _, step in steps)))


def _of_app(rows: list[Any], app: object) -> list[Any]:
    """The rows of the app that wrote the session, all of them where it wrote none."""
    own = [row for row in rows if row[2] == app and app is not None]
    return own or rows


def _keep(series: dict[str, tuple[list[float], list[float]]], channel: str, rows: list[Any]) -> None:
    good = [(at, v) for at, v, *_ in rows if isinstance(at, int) and isinstance(v, int | float)]
    if good:
        series[channel] = ([at / 1000 for at, _ in good], [float(v) for _, v in good])
