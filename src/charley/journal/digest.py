"""One hash of all that a journal says: equal hashes, equal content, whatever the pages of the files look like."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping

from charley.journal.store import Store

# When a row was written, or where a file lay, says nothing about a runner.
_CIRCUMSTANCE = {"added_unix_s", "seen_unix_s", "place", "read_by"}
_OWN = {"sqlite_sequence", "sqlite_stat1", "backup_streams", "backup_about"}
LEARNT_FROM = (
    "run", "answer", "event", "weighing", "drink", "sodium", "sweat_test", "shoes", "strength", "health", "baseline",
    "about", "prompt",
)  # fmt: skip


def tables(db: sqlite3.Connection) -> tuple[str, ...]:
    """The journal's tables by name."""
    found = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return tuple(name for (name,) in found if name not in _OWN)


def row_counts(db: sqlite3.Connection) -> tuple[tuple[str, int], ...]:
    """Rows of each table."""
    return tuple((t, int(db.execute(f'SELECT count(*) FROM "{t}"').fetchone()[0])) for t in tables(db))


def columns(db: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """The columns of every table by name."""
    return {t: tuple(name for _, name, *_ in db.execute(f'PRAGMA table_info("{t}")')) for t in tables(db)}


def digest(
    db: sqlite3.Connection, of: Mapping[str, Iterable[str]] | Iterable[str] | None = None, *, everything: bool = True
) -> str:
    """SHA-256 over the rows of the tables ``of`` (all, if None) in the order of their keys; a mapping names the columns
    too, as those of an earlier format.

    Without ``everything``, when and where a row came from is left out: two imports of the same files are then equal.
    """
    total = hashlib.sha256()
    there = columns(db)
    for table in there if of is None else [t for t in of if t in there]:
        named = tuple(of[table]) if isinstance(of, Mapping) else there[table]
        chosen = [c for c in named if everything or c not in _CIRCUMSTANCE]
        names = ", ".join(f'"{c}"' for c in chosen)
        total.update(f"{table}({names})\n".encode())
        for row in _rows(db, f'SELECT {names} FROM "{table}" ORDER BY "{named[0]}"'):
            total.update(repr(row).encode())
    return total.hexdigest()


def _rows(db: sqlite3.Connection, query: str) -> list[tuple[object, ...]]:
    """All rows at once, read as SQLite reads text: half the time of our own reading of it, which is there for a journal
    with a byte that is no text."""
    forgiving = db.text_factory
    db.text_factory = str
    try:
        return db.execute(query).fetchall()
    except sqlite3.OperationalError:  # such a byte
        pass
    finally:
        db.text_factory = forgiving
    return db.execute(query).fetchall()


def data_sha256(store: Store) -> str:
    """The hash of everything that is learnt from: runs, answers and questions. Names the data behind a posterior."""
    with store.reading() as db:
        return digest(db, LEARNT_FROM, everything=False)
