"""Turns what SQLite and the file system say into one line that a person can act on."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from charley.vocabulary.errors import JournalError

_PRIMARY = 0xFF  # the low byte of an extended result code
_OURS = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_RANGE)
_SCHEMA = ("no such table", "no such column", "table ")
_READING = (sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ)
_CODES = {
    sqlite3.SQLITE_BUSY: ("journal-locked", "another program is writing to it"),
    sqlite3.SQLITE_LOCKED: ("journal-locked", "another program is writing to it"),
    sqlite3.SQLITE_FULL: ("journal-full", "the disk is full"),
    sqlite3.SQLITE_IOERR: ("journal-full", "the disk refused to write (full, or over a limit)"),
    sqlite3.SQLITE_READONLY: ("journal-read-only", "it may not be written"),
    sqlite3.SQLITE_PERM: ("journal-read-only", "it may not be opened"),
    sqlite3.SQLITE_CORRUPT: ("journal-damaged", "its content is damaged"),
    sqlite3.SQLITE_NOTADB: ("journal-damaged", "it is not a journal, or its first page is damaged"),
    sqlite3.SQLITE_CANTOPEN: ("journal-unreachable", "it cannot be opened"),
    sqlite3.SQLITE_NOMEM: ("journal-unreachable", "there is not enough memory"),
}
_NUMBERS = {
    errno.ENOSPC: ("journal-full", "the disk is full"),
    errno.EDQUOT: ("journal-full", "the disk quota is used up"),
    errno.EFBIG: ("journal-full", "the file would grow beyond what is allowed"),
    errno.EROFS: ("journal-read-only", "the disk is read-only"),
    errno.EACCES: ("journal-read-only", "access is not allowed"),
    errno.EPERM: ("journal-read-only", "access is not allowed"),
}


def explained(error: sqlite3.Error | OSError, path: Path) -> JournalError:
    """The JournalError that says the same as ``error``."""
    if isinstance(error, OSError):
        fallback = ("journal-unreachable", error.strerror or "it cannot be reached")
        code, found = _NUMBERS.get(error.errno or 0, fallback)
        return JournalError(code, found, str(error.filename or path))
    number = getattr(error, "sqlite_errorcode", 0)
    if str(error).startswith(_SCHEMA):
        return JournalError("journal-damaged", "its tables are not those of a journal", str(path))
    if number in _READING:
        return JournalError("journal-damaged", "it is shorter than it says", str(path))
    if number == sqlite3.SQLITE_READONLY and os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        # told without a look at the file: who opens and closes it loses all locks that SQLite holds on it
        told = "a damaged byte keeps it from being changed"
        return JournalError("journal-damaged", told, str(path), "Run: charley data doctor --repair")
    code, found = _CODES.get(number & _PRIMARY, ("journal-damaged", str(error)))
    first_page = number & _PRIMARY == sqlite3.SQLITE_NOTADB
    step = "Run: charley data doctor --repair. If it stays so, restore a backup." if first_page else ""
    return JournalError(code, found, str(path), step)


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Errors of SQLite and of the file system leave it as JournalError; wrong SQL and broken rules are defects."""
    try:
        yield
    except OSError as error:
        raise explained(error, path) from error
    except UnicodeDecodeError as error:  # SQLite quotes what it found, and what it found is no text
        raise JournalError("journal-damaged", "text in it is no text", str(path)) from error
    except sqlite3.ProgrammingError:
        raise
    except sqlite3.Error as error:
        # without a number it is a text that is no text, and a missing table is a name with flipped bits: damage
        ours = getattr(error, "sqlite_errorcode", 0) & _PRIMARY in _OURS
        if ours and not str(error).startswith(_SCHEMA):
            raise
        raise explained(error, path) from error
