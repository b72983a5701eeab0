"""Everything in open formats: each table as JSON lines, each run's channels as CSV, and a note that explains both."""

from __future__ import annotations

import base64
import csv
import io
import json
import math
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from charley.journal import cramp_log, open_mhealth, runs
from charley.journal.digest import columns
from charley.journal.sqlite_errors import plain_errors
from charley.journal.store import PRIVATE_FILE, Store, make_private_folder, streams_folder, sync_folder
from charley.vocabulary.errors import JournalError, UsageError, Warned
from charley.vocabulary.journal import Exported
from charley.vocabulary.run import Run, Streams

_NOTE = """This folder holds everything that a journal of Charley held on {moment}.

*.jsonl      one table each, one row a line, as JSON. Names end in their unit. *_unix_s are seconds since 1970 UTC;
             at_s, from_s and to_s are seconds from the start of the run. Bytes are base64.
             answer.jsonl has every answer in the order told; "replaces" names the answer whose place it took;
             event.jsonl, drink.jsonl ... hold what was said, by answer_id. prompt.jsonl has what was asked.
cramp-log.json  what was told and still holds, in an open format that other programs can read, and that
             `charley import` takes back. docs/cramp-log.md defines it; its schema is in the package.
open-mhealth.json  where it was asked for: the runs and weighings as data points of Open mHealth.
streams/     one CSV a run, named by its run_id: one row a second, empty where nothing was recorded.
             "moving" is 0 in pauses and gaps. Further columns are fields of apps and sensors, with their unit.

UTF-8 everywhere. The files need no program of ours.
"""
LOG_NAME, POINTS_NAME = "cramp-log.json", "open-mhealth.json"
_PASSING = "streams_to_remove"  # work in hand: says nothing of the runner
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a table program would reckon with a heading that begins so
_NOT_READ = """
Parts of the journal could not be read, and are not here in full:
{parts}
See: charley data doctor
"""


def export(store: Store, folder: Path, now: datetime | None = None, *, as_open_mhealth: bool = False) -> Exported:
    """Write everything into a new folder, which appears when it is complete.

    ``as_open_mhealth`` adds the runs as data points of Open mHealth, in one file.
    Raises UsageError (export-exists) where there is something already, JournalError: journal-full, -read-only.
    """
    with plain_errors(folder):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageError("export-exists", "there is something of that name", str(folder))
        if streams_folder(store.path).resolve() in folder.resolve().parents:
            raise UsageError("export-exists", "that lies among the channels of the journal", str(folder))
    part = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    with plain_errors(folder):
        make_private_folder(folder.parent)
        shutil.rmtree(part, ignore_errors=True)
        make_private_folder(part / "streams")
        try:
            made_at = now or datetime.now(UTC)
            moment = made_at.isoformat(timespec="seconds")
            lost: list[str] = []
            with store.reading():
                counts = [
                    (f"{table}.jsonl", _write(part / f"{table}.jsonl", _lines(store, table, names, lost)))
                    for table, names in columns(store.db).items()
                    if table != _PASSING
                ]
                try:
                    log = cramp_log.written(store)
                except (JournalError, sqlite3.DatabaseError) as error:  # the tables above hold what can be read
                    lost.append(f"{LOG_NAME}: {error}")
                else:
                    text = json.dumps(log, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
                    counts.append((LOG_NAME, _write(part / LOG_NAME, text) and len(log["entries"])))
                if as_open_mhealth:
                    points = open_mhealth.data_points(store, made_at, lost)
                    counts.append((POINTS_NAME, _write(part / POINTS_NAME, _array(points)) - 1))
                counts += _streams(store, part / "streams", lost)
            note = _NOTE.format(moment=moment)
            _write(part / "READ_ME.txt", note + (_NOT_READ.format(parts="\n".join(lost)) if lost else ""))
            if folder.exists():
                folder.rmdir()  # it was empty
            os.replace(part, folder)
            sync_folder(folder.parent)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    warnings = (
        (Warned("journal-row", f"not all of it could be read; READ_ME.txt names what could not ({len(lost)})"),)
        if lost
        else ()
    )
    return Exported(folder, tuple(counts), warnings)


def _lines(store: Store, table: str, names: tuple[str, ...], lost: list[str]) -> Iterator[str]:
    nested = {"channels", "details", "unusual", "made_from", "detail"}
    for row in _all_rows(store.db, table, lost):
        values = {n: _plain(v) for n, v in zip(names, row, strict=True)}
        for name in nested & set(names):
            try:
                values[name] = json.loads(str(values[name]), parse_constant=str)
            except (ValueError, RecursionError):  # flipped bits: the text as it stands
                lost.append(f"{table}.jsonl: {name} of {str(row[0])[:64]} is written as it stands")
        yield json.dumps(values, ensure_ascii=False, allow_nan=False) + "\n"


def _array(things: Iterator[dict[str, Any]]) -> Iterator[str]:
    """A JSON array, one thing a line, without holding them all; one piece more than there are things."""
    start = "[\n"
    for thing in things:
        yield start + json.dumps(thing, ensure_ascii=False, allow_nan=False)
        start = ",\n"
    yield "[]\n" if start == "[\n" else "\n]\n"


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # JSON has no word for it
    return value


def _all_rows(db: sqlite3.Connection, table: str, lost: list[str]) -> Iterator[tuple[Any, ...]]:
    """Every row in order; where pages in the middle are damaged, those before and those behind them."""
    seen = 0
    try:
        for row in db.execute(f'SELECT * FROM "{table}" ORDER BY 1'):
            seen += 1
            yield row
        return
    except sqlite3.DatabaseError as error:
        lost.append(f"{table}.jsonl: damaged behind row {seen} ({error})")
    behind: list[tuple[Any, ...]] = []
    with suppress(sqlite3.DatabaseError):
        for row in db.execute(f'SELECT * FROM "{table}" ORDER BY 1 DESC'):
            behind.append(row)
    yield from reversed(behind)


def _streams(store: Store, folder: Path, lost: list[str]) -> list[tuple[str, int]]:
    counts = []
    for run_id, name in runs.unreadable(store):
        lost.append(f"streams: the run {run_id} ({name})")
    for row in runs.rows(store):
        try:
            run = runs.load(store, row.run_id)
        except (JournalError, MemoryError) as error:
            counts.append((f"streams/{row.run_id}.txt", _write(folder / f"{row.run_id}.txt", f"{error}\n")))
            continue
        _write(folder / f"{row.run_id}.csv", _csv(run))
        counts.append((f"streams/{row.run_id}.csv", len(run.streams)))
    return counts


def _csv(run: Run) -> str:
    names = [f.name for f in fields(Streams) if f.name == "time_s" or run.streams.has(f.name)]
    channels = [_texts(getattr(run.streams, name)) for name in names]
    channels.append(["1" if m else "0" for m in run.moving])
    channels += [_texts(d.values) for d in run.developer]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    of_apps = (f"{d.name} [{d.unit}]" if d.unit else d.name for d in run.developer)
    writer.writerow([*names, "moving", *(f"'{n}" if n.startswith(_FORMULA) else n for n in of_apps)])
    writer.writerows(zip(*channels, strict=True))
    return text.getvalue()


def _texts(values: np.ndarray) -> list[str]:
    # ten digits tell neighbouring steps of storage apart (a longitude has the most), and no more was kept
    return ["" if v != v else f"{v:.10g}" for v in values.tolist()]


def _write(path: Path, lines: str | Iterator[str]) -> int:
    """Write text and return the number of pieces; the file is the user's alone."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    count = 0
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        for line in [lines] if isinstance(lines, str) else lines:
            file.write(line)
            count += 1
    return count
