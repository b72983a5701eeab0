"""Whether tables, indexes and triggers are those that Charley makes: a file from elsewhere may carry others.

SQLite keeps the schema of a file as SQL text and runs what it says: a trigger works on every later change, whoever put
it there. So the text is compared token by token with that of a journal made anew; nothing of it is executed.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from functools import cache, lru_cache

from charley.journal import migrations

# Comments and blanks say nothing; quoted text is one token, so that nothing can hide in it.
_TOKEN = re.compile(r"\s+|--[^\n]*|/\*.*?\*/|('(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\w+|.)", re.DOTALL)
_MOST_CHARACTERS = 100_000  # of one statement; ours have a few hundred
_MOST_REMEMBERED = 4_000  # of ours all are shorter; a stranger's long ones fill no memory
_TOO_LONG = ("too long",)

Parts = frozenset[tuple[str, str, str, tuple[str, ...]]]  # kind, name, table, tokens


def differences(db: sqlite3.Connection, extra: str = "") -> tuple[str, ...]:
    """What an open file has otherwise than a fresh journal of its format, in names such as "trigger t"; () if nothing.

    ``extra`` is a script of further tables that belong to it. A format that is not known differs in everything.
    """
    found = _parts(db)
    number = migrations.format_of(db)
    if not 1 <= number <= migrations.newest_format():
        return (f"format {number}",)
    ours = _fresh(number, extra, migrations.steps()[:number])
    return tuple(sorted({f"{kind} {name}"[:80] for kind, name, _, _ in found ^ ours}))


def foreign_triggers(db: sqlite3.Connection) -> tuple[str, ...]:
    """Names of the triggers of an open journal that no step of its format makes.

    Looked at each time a journal is opened: other additions (an index, a table of the runner's own) do nothing by
    themselves.
    """
    rows = db.execute("SELECT name, CAST(sql AS TEXT) FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    # SQLite goes by the text of a row, whatever its type says
    found = [(str(name), tokens(sql)) for name, sql in rows if "trigger" in sql.lower()]
    allowed = _own_triggers(migrations.steps())
    return tuple(name[:80] for name, made in found if _is_trigger(made) and made not in allowed)


def tokens(sql: str) -> tuple[str, ...]:
    """The words and signs of a statement, without comments and blanks. Two statements with the same are the same."""
    if len(sql) > _MOST_CHARACTERS:
        return _TOO_LONG
    return _remembered(sql) if len(sql) <= _MOST_REMEMBERED else _split(sql)


def _split(sql: str) -> tuple[str, ...]:
    return tuple(m[1] for m in _TOKEN.finditer(sql) if m[1] is not None)


_remembered = lru_cache(maxsize=256)(_split)  # `charley serve` opens the journal for each page, with the same triggers


def _parts(db: sqlite3.Connection) -> Parts:
    rows = db.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master")
    return frozenset((str(kind), str(name), str(table), tokens(str(sql))) for kind, name, table, sql in rows)


@cache
def _fresh(number: int, extra: str, steps: tuple[str, ...]) -> Parts:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        for script in (*steps[:number], extra):
            for statement in migrations.statements(script):
                db.execute(statement)
        return _parts(db)


@cache
def _own_triggers(steps: Iterable[str]) -> frozenset[tuple[str, ...]]:
    made = (tokens(statement) for script in steps for statement in migrations.statements(script))
    return frozenset(_without_end(t) for t in made if _is_trigger(t))


def _is_trigger(statement: tuple[str, ...]) -> bool:
    return "TRIGGER" in (word.upper() for word in statement[:3]) or statement == _TOO_LONG


def _without_end(statement: tuple[str, ...]) -> tuple[str, ...]:
    return statement[:-1] if statement[-1:] == (";",) else statement  # SQLite keeps the text without it
