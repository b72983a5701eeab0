"""Runs in the journal: added once, found again by content, by time, or by what a person types."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from charley.journal import days, readable, same_run, streams
from charley.journal.prepared import Prepared, prepare
from charley.journal.store import Store
from charley.vocabulary.errors import JournalError, UsageError, Warned
from charley.vocabulary.journal import RunRow
from charley.vocabulary.run import Change, Interval, OtherLeg, Run

# Figures of one activity from two platforms, one of which cut its ends: shared time over time covered by either.
SAME_ACTIVITY_OVERLAP = 0.8
# No watch recorded a path before; 1989, 1990, 2000 and the like are what a clock shows that was never set.
FIRST_WATCHES = datetime(2003, 1, 1, tzinfo=UTC)
CLOCK_AHEAD = timedelta(days=1)  # another time zone, not another week
SHORTEST_PREFIX = 4
SHORT_ID = 8
COLUMNS = (
    "run_id", "started_unix_s", "elapsed_s", "timer_s", "distance_m", "records", "file_name", "file_format", "device",
    "sport", "title", "demo", "samples", "channels", "details", "streams_sha256", "read_by", "added_unix_s",
)  # fmt: skip
# Rows that are worth the trial whether they can be read: of all others SQLite itself can tell that they can.
_TIME, _TOTAL, _ZONE = "BETWEEN -6e10 AND 2e11", "BETWEEN 0 AND 1e12", "'$.zone.utc_offset_s'"
_DOUBTFUL = (
    "NOT coalesce(length(run_id) = 64 AND run_id NOT GLOB '*[^0-9a-f]*' "
    f"AND started_unix_s {_TIME} AND added_unix_s {_TIME} "
    f"AND elapsed_s {_TOTAL} AND timer_s {_TOTAL} AND distance_m {_TOTAL} "
    "AND channels NOT GLOB '*[^][a-z0-9_\", ]*' "
    "AND CASE WHEN json_valid(channels) AND json_valid(details) THEN "
    "json_type(channels) = 'array' AND json_type(details) = 'object' "
    "AND coalesce(json_type(details, '$.clock'), 'object') = 'object' "
    "AND (coalesce(json_type(details, '$.zone'), 'null') = 'null' OR "
    f"json_type(details, {_ZONE}) IN ('integer', 'real') AND abs(json_extract(details, {_ZONE})) < 86400 "
    "AND json_type(details, '$.zone.from') IS NOT NULL) END, 0)"
)
_REFRESHED = tuple(c for c in COLUMNS if c not in ("run_id", "file_name", "title", "added_unix_s"))


@dataclass(frozen=True, slots=True)
class Added:
    """What adding a run came to: "new", "refreshed" (known, read by a newer reader) or "duplicate" of ``run_id``."""

    run_id: str
    outcome: str
    dated: bool = True  # False: its clock was never set, and its date stands for nothing until somebody says it
    beside: str = ""  # a duplicate that is another recording: the file of the run that it is of


def add(store: Store, prepared: Prepared, read_by: str, now: datetime) -> Added:
    """Keep a run unless it is there already. Its channels are on the disk before the row that names them is."""
    with store.writing() as db:
        known = db.execute(
            "SELECT read_by, started_unix_s, details FROM run WHERE run_id = ?", (prepared.run_id,)
        ).fetchone()
        if known is not None and known[0] == read_by:
            return Added(prepared.run_id, "duplicate")
        if known is not None and same_run.merged_from(known[2]) not in (None, prepared.run_id):
            return Added(prepared.run_id, "duplicate")  # another device's recording gives its channels
        dated = believable(prepared.started_unix_s, now)
        if known is None and dated:  # clocks that start at the same moment each time say nothing of two runs
            twin = same_run.find(store, prepared, COLUMNS)
            if twin is not None:
                return _join(store, prepared, twin, read_by, now)
        row = {name: getattr(prepared, name) for name in COLUMNS if hasattr(prepared, name)}
        if not dated:
            row["details"] = _with_clock(row["details"], prepared.started_unix_s, said=False)
        if known is not None and (clock := _clock(known[2])) is not None and clock["said"]:
            row["started_unix_s"] = known[1]  # what the runner said of the date outlives a newer reader
            zone = json.loads(known[2]).get("zone")
            row["details"] = _with_clock(row["details"], clock["recorded_unix_s"], said=True, zone=zone)
        if known is None:
            _keep(store, row, prepared.streams_content, read_by, now)
            marks = ", ".join(f":{name}" for name in COLUMNS)
            db.execute(f"INSERT INTO run ({', '.join(COLUMNS)}) VALUES ({marks})", row)
            return Added(prepared.run_id, "new", dated)
        _refresh(store, row, prepared.streams_content, read_by, now)
        return Added(prepared.run_id, "refreshed")


def _keep(store: Store, row: dict[str, Any], content: bytes, read_by: str, now: datetime) -> None:
    """The channels on the disk, and their name in the row that is to be written."""
    row["streams_sha256"] = streams.put(store.streams_folder, content)
    store.unsettled.add(store.streams_folder / row["streams_sha256"])
    row |= {"read_by": read_by, "added_unix_s": now.timestamp()}
    store.db.execute("DELETE FROM streams_to_remove WHERE streams_sha256 = ?", (row["streams_sha256"],))


def _refresh(store: Store, row: dict[str, Any], content: bytes, read_by: str, now: datetime) -> None:
    """A run that is there with new channels and figures."""
    _keep(store, row, content, read_by, now)
    let_go_of_streams(store.db, row["run_id"], unless=row["streams_sha256"])
    changes = ", ".join(f"{name} = :{name}" for name in _REFRESHED)
    store.db.execute(f"UPDATE run SET {changes} WHERE run_id = :run_id", row)


def _join(store: Store, prepared: Prepared, twin: same_run.Twin, read_by: str, now: datetime) -> Added:
    """Another recording of a run that is there: one run, of the better one's start, end and channels."""
    own = twin.content_id == prepared.run_id
    if own and twin.row["read_by"] == read_by:
        return Added(twin.run_id, "duplicate")
    prefer_made = own or same_run.better(prepared, twin)
    try:
        joined = same_run.joined(store, prepared, twin, prefer_made=prefer_made)
    except (JournalError, *readable.UNREADABLE):  # the channels that are there are lost: the examination says so
        joined = None
    if joined is not None:
        if prefer_made:
            same_run.carry_answers(store, twin, joined.started_unix_s, joined.elapsed_s)
        row = {name: getattr(joined, name) for name in COLUMNS if hasattr(joined, name)}
        _refresh(store, row, joined.streams_content, read_by, now)
        store.db.execute("UPDATE run SET file_name = :file_name WHERE run_id = :run_id", row)
    return Added(twin.run_id, "refreshed") if own else Added(twin.run_id, "duplicate", beside=twin.row["file_name"])


def add_run(store: Store, run: Run, *, title: str = "", read_by: str, now: datetime | None = None) -> Added:
    """Prepare and keep one run."""
    with store.writing():
        return add(store, prepare(run, title), read_by, now or datetime.now(UTC))


def believable(started_unix_s: float, now: datetime) -> bool:
    """Whether a run can have been recorded then: after the first watches, and not in days to come."""
    latest = max(now, datetime.now(UTC)) + CLOCK_AHEAD
    return FIRST_WATCHES.timestamp() <= started_unix_s <= latest.timestamp()


def set_date(store: Store, run: str, started_at: datetime) -> RunRow:
    """Say when a run was, where its clock was wrong; what the file has is kept beside it. Repeat it to correct it.

    Raises UsageError (journal-date) for a day on which no run can have been recorded.
    """
    moment = started_at.astimezone(UTC)
    if not believable(moment.timestamp(), datetime.now(UTC)):
        raise UsageError("journal-date", f"{moment:%Y-%m-%d} is before the first watches or still to come")
    with store.writing() as db:
        raw = _raw(store, find(store, run))
        _row(store, raw)
        clock = _clock(raw["details"]) or {"recorded_unix_s": raw["started_unix_s"]}
        zone = days.zone_of(started_at, days.RUNNER)
        details = _with_clock(raw["details"], clock["recorded_unix_s"], said=True, zone=zone)
        db.execute(
            "UPDATE run SET started_unix_s = ?, details = ? WHERE run_id = ?",
            (moment.timestamp(), details, raw["run_id"]),
        )
    return row(store, str(raw["run_id"]))


def _with_clock(details: str, recorded_unix_s: float, *, said: bool, zone: dict[str, Any] | None = None) -> str:
    clock = {"recorded_unix_s": recorded_unix_s, "said": said}
    return json.dumps(json.loads(details) | {"clock": clock, "zone": zone}, ensure_ascii=False, sort_keys=True)


def same_time(others: Iterable[tuple[str, float, float]], started_unix_s: float, elapsed_s: float) -> str | None:
    """The first of ``others`` (id, start, length) that covers the same time, or None."""
    end = started_unix_s + elapsed_s
    for identity, start, length in others:
        shared = min(end, start + length) - max(started_unix_s, start)
        covered = max(end, start + length) - min(started_unix_s, start)
        if shared >= 0 and (covered == 0 or shared / covered >= SAME_ACTIVITY_OVERLAP):
            return identity
    return None


def let_go_of_streams(db: sqlite3.Connection, run_id: str, unless: str = "") -> None:
    """Note a run's file of streams for removal if no other run has the same."""
    db.execute(
        "INSERT OR IGNORE INTO streams_to_remove SELECT streams_sha256 FROM run AS r WHERE run_id = ? "
        "AND streams_sha256 <> ? AND NOT EXISTS "
        "(SELECT 1 FROM run WHERE streams_sha256 = r.streams_sha256 AND run_id <> r.run_id)",
        (run_id, unless),
    )


def sweep_streams(store: Store) -> int:
    """Remove the files noted for removal; what a kill left over is removed the next time."""
    with store.writing() as db:
        names = [str(name) for (name,) in db.execute("SELECT streams_sha256 FROM streams_to_remove")]
        for name in names:
            with suppress(OSError):  # a folder in its place, a disk that may not be written: no reason to stop
                streams.remove(store.streams_folder, name)
        if names:
            db.execute("DELETE FROM streams_to_remove")
    return len(names)


def rows(store: Store, *, demo: bool | None = None) -> tuple[RunRow, ...]:
    """All runs without their streams, the latest first; ``demo`` False or True takes one kind only."""
    with store.reading() as db:
        found = db.execute(
            f"SELECT {', '.join(COLUMNS)} FROM run WHERE ?1 IS NULL OR demo = ?1 ORDER BY started_unix_s DESC, run_id",
            (demo,),
        )
        return tuple(readable.each(found, built))


def page(store: Store, first: int, most: int, leave_out: Iterable[str] = ()) -> tuple[RunRow, ...]:
    """Runs from a place of the list on, the latest first; ``leave_out``: ids of those that cannot be read."""
    with store.reading() as db:
        found = db.execute(
            f"SELECT {', '.join(COLUMNS)} FROM run WHERE run_id NOT IN (SELECT value FROM json_each(?)) "
            "ORDER BY started_unix_s DESC, run_id LIMIT ? OFFSET ?",
            (json.dumps(list(leave_out)), most, first),
        )
        return tuple(readable.each(found, built))


def unreadable(store: Store) -> tuple[tuple[str, str], ...]:
    """Id and file name of each run whose row cannot be read: it is in no list, and counts in nothing."""
    return tuple((str(row["run_id"])[:SHORT_ID], str(row["file_name"])[:80]) for row in _bad(store))


def unreadable_ids(store: Store) -> tuple[str, ...]:
    """The same runs by their whole ids, as they stand there."""
    return tuple(str(row["run_id"]) for row in _bad(store))


def _bad(store: Store) -> Iterator[dict[str, Any]]:
    query = f"SELECT {', '.join(COLUMNS)} FROM run WHERE {_DOUBTFUL} ORDER BY started_unix_s DESC, run_id"
    with store.reading() as db:
        for raw in db.execute(query):
            try:
                built(raw)
            except readable.UNREADABLE:
                yield dict(zip(COLUMNS, raw, strict=True))


def row(store: Store, run_id: str) -> RunRow:
    """One run without its streams."""
    return _row(store, _raw(store, run_id))


def load(store: Store, run_id: str) -> Run:
    """One run with its streams, as it was added (see ``streams`` for the exactness)."""
    raw = _raw(store, run_id)
    content = streams.get(store.streams_folder, raw["streams_sha256"], f"run {run_id[:SHORT_ID]}")
    try:
        return _run(raw, content)
    except readable.UNREADABLE as error:
        raise _damaged(store, run_id) from error


@dataclass(frozen=True, slots=True)
class Carried:
    """One run as it is stored, to be read where the journal is not: its row, and its channels or None if lost."""

    raw: dict[str, Any]
    channels: bytes | None

    def __call__(self) -> Run:
        """As ``load``. Raises JournalError (journal-streams-lost, journal-damaged)."""
        run = f"run {str(self.raw['run_id'])[:SHORT_ID]}"
        content = streams.unpacked(self.channels, run, self.raw["file_name"])
        try:
            return _run(self.raw, content)
        except readable.UNREADABLE as error:
            raise JournalError("journal-damaged", f"the row of {run} cannot be read") from error


def carried(store: Store, run_id: str) -> Carried:
    """One run to be read elsewhere."""
    raw = _raw(store, run_id)
    return Carried(raw, streams.read_raw(store.streams_folder, raw["streams_sha256"]))


def _run(raw: dict[str, Any], content: streams.Content) -> Run:
    said: dict[str, Any] = details_of(raw["details"])
    details = json.loads(raw["details"])
    return Run(
        run_id=raw["run_id"], file_name=raw["file_name"], file_format=raw["file_format"],
        started_at=days.moment(raw["started_unix_s"], details), zone_from=days.zone_from(details),
        elapsed_s=raw["elapsed_s"], timer_s=raw["timer_s"],
        distance_m=raw["distance_m"], records=raw["records"], streams=content.streams, moving=content.moving,
        **said, developer=content.developer, device=raw["device"], sport=raw["sport"], demo=bool(raw["demo"]),
    )  # fmt: skip


def details_of(text: str) -> dict[str, tuple[Any, ...]]:
    """What the cleaner said of a run. Raises one of ``readable.UNREADABLE`` for a text that is something else."""
    details = json.loads(text)
    made: dict[str, tuple[Any, ...]] = {
        "intervals": tuple(Interval(**i) for i in details["intervals"]),
        "changes": tuple(Change(**c) for c in details["changes"]),
        "warnings": tuple(Warned(**w) for w in details["warnings"]),
        "other_legs": tuple(OtherLeg(**leg) for leg in details.get("other_legs", ())),
    }
    readable.finite(*(float(t) for i in made["intervals"] for t in (i.start_s, i.end_s)))
    return made


def find(store: Store, text: str) -> str:
    """The id of the run that ``text`` means: "last", the first letters of an id (4 or more), or a day.

    Raises UsageError (journal-unknown-run) for none and (journal-which-run) for several.
    """
    wanted = text.strip().lower()
    query, value = "run_id LIKE ? || '%'", wanted
    if wanted in ("last", "latest"):
        query, value = "started_unix_s = (SELECT max(started_unix_s) FROM run) AND ? <> ''", wanted
    elif len(wanted) == len("2026-01-31") and wanted[4] == wanted[7] == "-":
        query, value = days.ON_DAY, wanted
    elif len(wanted) < SHORTEST_PREFIX or not wanted.isalnum():
        raise UsageError("journal-unknown-run", f"'{text}' is not the id of a run")
    with store.reading() as db:
        found = db.execute(
            f"SELECT run_id, started_unix_s, details FROM run WHERE {query} ORDER BY started_unix_s LIMIT 6", (value,)
        ).fetchall()
    if not found:
        there = "no run yet" if wanted in ("last", "latest") else f"no run '{text}'"
        raise UsageError("journal-unknown-run", f"there is {there} in the journal", str(store.path))
    if len(found) > 1:
        some = ", ".join(readable.each(found[:5], lambda row: f"{row[0][:SHORT_ID]} ({_told(row[1], row[2])})"))
        raise UsageError("journal-which-run", f"'{text}' means several runs: {some}")
    return str(found[0][0])


def _raw(store: Store, run_id: str) -> dict[str, Any]:
    with store.reading() as db:
        found = db.execute(f"SELECT {', '.join(COLUMNS)} FROM run WHERE run_id = ?", (run_id,)).fetchone()
    if found is None:
        raise UsageError(
            "journal-unknown-run", f"there is no run '{run_id[:SHORT_ID]}' in the journal", str(store.path)
        )
    return dict(zip(COLUMNS, found, strict=True))


def _row(store: Store, raw: dict[str, Any]) -> RunRow:
    try:
        return built(tuple(raw[name] for name in COLUMNS))
    except readable.UNREADABLE as error:
        raise _damaged(store, raw["run_id"]) from error


def built(values: tuple[Any, ...]) -> RunRow:
    """The row of a run. Raises one of ``readable.UNREADABLE`` where a value is not what it should be."""
    raw = dict(zip(COLUMNS, values, strict=True))
    if not streams.is_run_id(raw["run_id"]):
        raise ValueError("this is no id of a run")
    numbers = (raw["elapsed_s"], raw["timer_s"], raw["distance_m"])
    readable.finite(*numbers)
    channels, details = json.loads(raw["channels"]), json.loads(raw["details"])
    if min(numbers) < 0 or not all(isinstance(c, str) for c in channels):
        raise ValueError("totals below zero, or channels without names")
    return RunRow(
        raw["run_id"], days.moment(raw["started_unix_s"], details), *numbers,
        raw["records"], raw["file_name"], raw["file_format"], raw["device"], raw["sport"], raw["title"],
        bool(raw["demo"]), raw["samples"], tuple(channels), readable.when(raw["added_unix_s"]),
        details.get("clock", {}).get("said", True), days.zone_from(details),
    )  # fmt: skip


def check(values: tuple[Any, ...]) -> None:
    """Raise one of ``readable.UNREADABLE`` for a row (COLUMNS) of which a list or a run cannot be made."""
    built(values)
    raw = dict(zip(COLUMNS, values, strict=True))
    details_of(raw["details"])
    if not streams.is_name(raw["streams_sha256"]):
        raise ValueError("the name of its channels is 64 hexadecimal digits")


def _clock(details: str) -> dict[str, Any] | None:
    """What was noted of a run's clock; None also where the row cannot be read."""
    try:
        found = json.loads(details).get("clock")
        return {"recorded_unix_s": float(found["recorded_unix_s"]), "said": bool(found["said"])} if found else None
    except readable.UNREADABLE:
        return None


def _damaged(store: Store, run_id: object) -> JournalError:
    return JournalError("journal-damaged", f"the row of run {str(run_id)[:SHORT_ID]} cannot be read", str(store.path))


def _told(unix_s: float, details: str) -> str:
    return f"{days.moment(unix_s, json.loads(details)):%Y-%m-%d %H:%M}"
