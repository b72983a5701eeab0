"""Rows that cannot be read: found one by one, named, and on request set aside into a file, so that all else goes on.

A run whose row is set aside stays in the journal with what was said of it, without the parts that could not be read;
the next import of its file fills them in. Any other row leaves the journal.
"""

from __future__ import annotations

import base64
import json
import math
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from charley.journal import answers, forecasts, other_activities, readable, runs, streams, trials
from charley.journal.digest import tables
from charley.journal.sqlite_errors import plain_errors
from charley.journal.store import PRIVATE_FILE, Store, sync_folder
from charley.vocabulary.errors import JournalError

_EMPTY_DETAILS = '{"changes": [], "intervals": [], "warnings": []}'


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read, or (not ``grave``) only shows marks in the place of some letters."""

    table: str
    key: Any
    about: str  # what it is, for a person
    why: str
    grave: bool = True


@dataclass(frozen=True, slots=True)
class _Check:
    table: str
    query: str  # its first column is the key
    read: Callable[[tuple[Any, ...]], object]


def _checks() -> Iterator[_Check]:
    yield _Check("run", f"SELECT {', '.join(runs.COLUMNS)} FROM run", runs.check)
    for kind, table in answers.KINDS.items():
        yield _Check(table, answers.selected(kind), partial(answers.check, kind))
    yield _Check("prompt", "SELECT id, asked_unix_s, about_s FROM prompt", _times(1))
    yield _Check("other_activity", f"SELECT {other_activities.COLUMNS} FROM other_activity", other_activities.built)
    yield _Check("source_file", "SELECT sha256, seen_unix_s FROM source_file", _times(1))
    yield _Check("posterior", "SELECT id, made_unix_s FROM posterior", _times(1))
    yield _Check("forecast", f"SELECT {forecasts.FORECAST} FROM forecast", forecasts.built)
    yield _Check("forecast_outcome", "SELECT id, scored_unix_s FROM forecast_outcome", _times(1))
    yield _Check("trial", f"SELECT id, {trials.COLUMNS} FROM trial", trials.built)


def _times(*at: int) -> Callable[[tuple[Any, ...]], None]:
    def read(row: tuple[Any, ...]) -> None:
        readable.finite(*row)
        for column in at:
            readable.when(row[column])

    return read


def bad_rows(store: Store) -> tuple[BadRow, ...]:
    """Every row of the journal that cannot be read, and those that show marks in the place of letters."""
    found = unreadable_rows(store)
    return (*found, *_marked(store, {(row.table, row.key) for row in found}))


def unreadable_rows(store: Store) -> tuple[BadRow, ...]:
    """Every row of the journal, read as its users read it; those that cannot be."""
    found: list[BadRow] = []
    for check in _checks():
        try:
            with store.reading() as db:
                for row in db.execute(check.query):
                    try:
                        check.read(row)
                    except readable.UNREADABLE as error:
                        why = f"{type(error).__name__}: {str(error)[:80]}"
                        found.append(BadRow(check.table, row[0], _about(check.table, row), why))
        except JournalError as error:  # pages of the table are damaged: the examination of pages says so too
            found.append(BadRow(check.table, None, f"a part of the table {check.table}", error.found))
    return tuple(found)


def _about(table: str, row: tuple[Any, ...]) -> str:
    if table == "run":
        return f"the row of run {str(row[0])[: runs.SHORT_ID]} ({str(row[runs.COLUMNS.index('file_name')])[:80]})"
    key = str(row[0])[:20]
    return f"answer {key} ({table})" if table in answers.KINDS.values() else f"row {key} of {table}"


def _marked(store: Store, known: set[tuple[str, Any]]) -> Iterator[BadRow]:
    """Rows with bytes in a text that are no letters."""
    for table in tables(store.db):
        with suppress(JournalError), store.reading() as db:
            named = [(n, kind) for _, n, kind, *_ in db.execute(f'PRAGMA table_info("{table}")')]
            texts = [n for n, kind in named if kind == "TEXT"]
            if not texts:
                continue
            casts = ", ".join(f'CAST("{n}" AS BLOB)' for n in texts)
            for key, *values in db.execute(f'SELECT "{named[0][0]}", {casts} FROM "{table}"'):
                if (table, key) not in known and any(not _is_text(v) for v in values):
                    yield BadRow(table, key, f"row {str(key)[:20]} of {table}", "", grave=False)


def _is_text(value: object) -> bool:
    try:
        return not isinstance(value, bytes) or bool(value.decode() or True)
    except UnicodeDecodeError:
        return False


def set_aside(store: Store, bad: Sequence[BadRow], now: datetime | None = None) -> Path:
    """Write rows into a file beside the journal, as JSON lines, and take them out of the journal, all or none.

    Returns the file. Raises JournalError where it or the journal cannot be written.
    """
    moment = (now or datetime.now(UTC)).strftime("%Y%m%dT%H%M%SZ")
    to = store.path.with_name(f"{store.path.name}.set-aside-{moment}.jsonl")
    rows = [row for row in bad if row.key is not None]
    with store.writing() as db, plain_errors(to):
        lines = [line for row in rows for line in _lines(db, row)]
        handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_FILE)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(to.parent)
        db.execute("PRAGMA defer_foreign_keys = ON")
        with _changeable(db):
            for row in rows:
                _take_out(store, db, row)
    return to


def _lines(db: sqlite3.Connection, bad: BadRow) -> Iterator[str]:
    """The row, and of an answer both of its rows, with every byte."""
    where = [(bad.table, _key(bad.table))]
    if bad.table in answers.KINDS.values():
        where.append(("answer", "id"))
    for table, key in where:
        found = db.execute(f'SELECT * FROM "{table}" WHERE "{key}" = ?', (bad.key,))
        columns = [d[0] for d in found.description]
        for row in found:
            values = {n: _plain(v) for n, v in zip(columns, row, strict=True)}
            yield json.dumps({"table": table, "why": bad.why, "row": values}, ensure_ascii=False) + "\n"


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode()}
    return repr(value) if isinstance(value, float) and not math.isfinite(value) else value


def _key(table: str) -> str:
    keys = {"run": "run_id", "other_activity": "activity_id", "source_file": "sha256"}
    return keys.get(table, "answer_id" if table in answers.KINDS.values() else "id")


@contextmanager
def _changeable(db: sqlite3.Connection) -> Iterator[None]:
    """Within it the triggers that keep answers as they are do not stand; the same ones stand again behind it. An error
    takes the whole transaction back, and with it that they were dropped."""
    made = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in made:
        db.execute(f'DROP TRIGGER "{name}"')
    yield
    for _, sql in made:
        db.execute(sql)


def _take_out(store: Store, db: sqlite3.Connection, bad: BadRow) -> None:
    if bad.table == "run":
        _mend_run(store, db, bad.key)
    elif bad.table in answers.KINDS.values():
        _delete_answers(db, [bad.key])
    elif bad.table == "prompt":
        db.execute("UPDATE answer SET prompt_id = NULL WHERE prompt_id = ?", (bad.key,))
        db.execute("DELETE FROM prompt WHERE id = ?", (bad.key,))
    else:
        if bad.table == "other_activity":
            db.execute("DELETE FROM source_file WHERE activity_id = ?", (bad.key,))
        db.execute(f'DELETE FROM "{bad.table}" WHERE "{_key(bad.table)}" = ?', (bad.key,))


def _delete_answers(db: sqlite3.Connection, ids: Iterable[int]) -> None:
    for identity in ids:
        for table in answers.KINDS.values():
            db.execute(f"DELETE FROM {table} WHERE answer_id = ?", (identity,))
        db.execute("DELETE FROM answer WHERE kind = 'withdrawal' AND replaces = ?", (identity,))
        db.execute("UPDATE answer SET replaces = NULL WHERE replaces = ?", (identity,))
        db.execute("DELETE FROM answer WHERE id = ?", (identity,))


def _mend_run(store: Store, db: sqlite3.Connection, run_id: str) -> None:
    """Put something that can be read in the place of what cannot, and have the file of the run read again."""
    db.execute("DELETE FROM source_file WHERE run_id = ?", (run_id,))
    if not streams.is_run_id(run_id):
        _delete_answers(db, [i for (i,) in db.execute("SELECT id FROM answer WHERE run_id = ?", (run_id,)).fetchall()])
        for table in ("prompt", "forecast_outcome", "run"):
            db.execute(f"DELETE FROM {table} WHERE run_id = ?", (run_id,))
        return
    raw = dict(
        zip(
            runs.COLUMNS,
            db.execute(f"SELECT {', '.join(runs.COLUMNS)} FROM run WHERE run_id = ?", (run_id,)).fetchone(),
            strict=True,
        )
    )
    neutral: dict[str, Any] = {
        "details": _EMPTY_DETAILS, "channels": json.dumps(_channels(store, raw["streams_sha256"])),
        "streams_sha256": "0" * 64, "started_unix_s": 0.0, "added_unix_s": 0.0, "elapsed_s": 0.0, "timer_s": 0.0,
        "distance_m": 0.0,
    }  # fmt: skip
    for name, value in neutral.items():
        if not _stands(name, raw[name]):
            db.execute(f'UPDATE run SET "{name}" = ? WHERE run_id = ?', (value, run_id))
    db.execute("UPDATE run SET read_by = '' WHERE run_id = ?", (run_id,))


def _stands(name: str, value: Any) -> bool:
    """Whether one value of a run's row can be read by itself."""
    try:
        match name:
            case "details":
                runs.details_of(value)
                json.loads(value).get("clock", {}).get("said", True)
            case "channels":
                return all(isinstance(c, str) for c in list(json.loads(value)))
            case "streams_sha256":
                return streams.is_name(value)
            case "started_unix_s" | "added_unix_s":
                readable.when(value)
            case _:
                readable.finite(value)
                return bool(value >= 0)
    except readable.UNREADABLE:
        return False
    return True


def _channels(store: Store, name: str) -> list[str]:
    data = streams.read_raw(store.streams_folder, name)
    if data is None:
        return []
    try:
        found = streams.decode(data).streams
    except (*readable.UNREADABLE, MemoryError):
        return []
    return [c for c in type(found).__dataclass_fields__ if c != "time_s" and found.has(c)]
