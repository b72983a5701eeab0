"""The journal's format: one numbered SQL file a step, all in one transaction, so that a kill leaves the old or the new.

``schema/0001_*.sql`` makes format 1 from nothing, ``0002_*.sql`` format 2 from format 1, and so on; SQLite's
``user_version`` says which format a file has. A step that was ever released is never edited.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.resources import files

APPLICATION_ID = 0x43726C79  # "Crly" in the header of the file: tells a journal from other SQLite files


@cache
def steps() -> tuple[str, ...]:
    """The SQL of every step in order; step i leads to format i + 1."""
    folder = files(__package__) / "schema"
    named = sorted((f.name, f) for f in folder.iterdir() if f.name.endswith(".sql"))
    if [int(name.split("_")[0]) for name, _ in named] != list(range(1, len(named) + 1)):
        raise RuntimeError("the numbers of the schema steps have a gap")
    return tuple(f.read_text(encoding="utf-8") for _, f in named)


def newest_format() -> int:
    """The format that this version reads and writes."""
    return len(steps())


def format_of(db: sqlite3.Connection) -> int:
    """The format of an open journal; 0 = nothing in it yet."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def is_ours(db: sqlite3.Connection) -> bool:
    """True for a journal and for a file with nothing in it; False for somebody else's SQLite file.

    The three reads are one transaction: a journal that another process makes between them would look like a stranger's.
    """
    db.execute("BEGIN")
    try:
        if int(db.execute("PRAGMA application_id").fetchone()[0]) == APPLICATION_ID:
            return True
        return format_of(db) == 0 and db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    finally:
        with suppress(sqlite3.Error):  # SQLite may have ended it by itself (the file cannot be read)
            db.execute("ROLLBACK")


def migrate(db: sqlite3.Connection, to: int | None = None) -> None:
    """Bring an open journal to the newest format (or ``to``, for tests), all steps or none."""
    target = newest_format() if to is None else to
    db.execute("BEGIN IMMEDIATE")
    try:
        for number in range(format_of(db), target):  # read within the transaction: another process may have been first
            for statement in statements(steps()[number]):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {number + 1}")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        broken = db.execute("PRAGMA foreign_key_check").fetchone()
        if broken is not None:
            raise sqlite3.DatabaseError(f"after the change of format a row of {broken[0]} points at nothing")
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: ``executescript`` would commit the transaction around them."""
    part = ""
    for line in script.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            yield part
            part = ""
    if any(line.strip() and not line.lstrip().startswith("--") for line in part.splitlines()):
        raise RuntimeError("a schema step ends within a statement")
