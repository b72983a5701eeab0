"""Being forgotten: rows, channels or the whole journal, and their bytes where they lay (see ``overwrite`` for how far).

SQLite zeroes what is deleted (``secure_delete``) and its pages are made anew (``VACUUM``); its log, which still holds
the pages as they were, is written over when the last connection lets go of it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from charley.journal import answers, overwrite, runs, streams
from charley.journal.backup import backups, backups_folder
from charley.journal.names import copies, is_stream_part, says_it_is_ours, set_aside_files, sqlites
from charley.journal.sqlite_errors import plain_errors
from charley.journal.store import Store, hold, journal_file, open_store, streams_folder
from charley.vocabulary.errors import JournalError
from charley.vocabulary.journal import Forgotten

_DETAILS = tuple(answers.KINDS.values())


def forget_run(path: Path, run: str) -> Forgotten:
    """Remove a run and all that was said of it, and overwrite it on the disk. Raises UsageError for an unknown run."""
    return _overwritten(path, lambda store: _forget(store, "run_id = ?", (runs.find(store, run),)))


def forget_demo(path: Path) -> Forgotten:
    """Remove the runs of the demonstration."""
    return _overwritten(path, lambda store: _forget(store, "demo = 1", ()))


def forget_health(path: Path) -> Forgotten:
    """Remove every answer about conditions and medicines."""

    def work(store: Store) -> tuple[int, int]:
        with store.writing() as db:
            told = delete_answers(db, "kind = 'health'", ())
            db.execute("DELETE FROM posterior")
        return 0, told

    return _overwritten(path, work)


def forget_all(path: Path, *, backups_too: bool = False) -> Forgotten:
    """Remove the journal and its streams, and with ``backups_too`` the kept copies and backups in their own folder.

    Only what is a journal of ours is touched: a damaged one too, if its first page still says whose it is.
    Raises JournalError: journal-missing, -not-ours, -newer, -in-use, -read-only; nothing is changed then.
    """
    file = journal_file(path)
    if not file.exists():
        raise JournalError("journal-missing", "there is no journal", str(file))
    number, told = _counted(file)
    kept: list[Path] = []  # files of others among ours, and names whose bytes could not be written over
    with plain_errors(file):
        lock = hold(file, exclusive=True)
        try:
            kept += _remove_streams(streams_folder(file))
            if backups_too:
                kept += _removed([*copies(file), *set_aside_files(file), *backups(file)])
                _remove_folder(backups_folder(file))
            # the journal itself comes last, so that after a kill the same command goes on
            kept += _removed([*sqlites(file), file])
        finally:
            if lock is not None:
                lock.close()
        Path(f"{file}.lock").unlink(missing_ok=True)
    return Forgotten(number, told, (*_elsewhere(file), *(p for p in kept if p.exists())), tuple(kept))


def _counted(file: Path) -> tuple[int, int]:
    """Runs and answers of a journal of ours; 0 where it is too damaged to say. Raises JournalError for others."""
    if not file.is_file():
        raise JournalError("journal-unreachable", "this is not a file", str(file))
    with open(file, "rb") as opened:
        begins = opened.read(100)
    if not begins and not Path(f"{file}-wal").exists():
        raise JournalError("journal-not-ours", "this file is empty, and no journal", str(file))
    try:
        with open_store(file) as store, store.reading() as db:
            return (
                int(db.execute("SELECT count(*) FROM run").fetchone()[0]),
                int(db.execute("SELECT count(*) FROM answer").fetchone()[0]),
            )
    except JournalError as error:
        if error.code not in ("journal-damaged", "journal-unsafe"):
            raise
        # zeros alone: an earlier command was killed on its last steps
        if not says_it_is_ours(file) and any(begins):
            raise JournalError("journal-not-ours", "this is not a journal of Charley", str(file)) from error
    return 0, 0


def _remove_streams(folder: Path) -> list[Path]:
    """Remove the files of channels, also behind a link; what lies there and is not ours stays, and is named."""
    real = Path(os.path.realpath(folder))
    if not real.is_dir():
        return []
    mine = [p for p in real.iterdir() if streams.is_name(p.name) or is_stream_part(p)]
    kept = _removed(p for p in mine if not p.is_dir() or p.is_symlink())
    others = [p for p in real.iterdir() if p not in kept]
    if not others:
        _remove_folder(real)
        if folder.is_symlink():
            folder.unlink()
    return [*kept, *others]


def _removed(paths: Iterable[Path]) -> list[Path]:
    """Overwrite and remove; returns those of which bytes may be left."""
    return [path for path in paths if not overwrite.remove(path)]


def _remove_folder(folder: Path) -> None:
    with suppress(OSError):  # something else lies in it
        folder.rmdir()


def _overwritten(path: Path, work: Callable[[Store], tuple[int, int]]) -> Forgotten:
    """Do the work, and leave nothing of what was deleted in free pages, in the log or in files of streams."""
    with open_store(path) as store:
        number, told = work(store)
        runs.sweep_streams(store)
        with plain_errors(store.path):
            # zeros reach the pages at the end of the file before VACUUM cuts them off
            busy, *_ = store.db.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
            store.db.execute("VACUUM")
    log = Path(f"{store.path}-wal")
    if busy or (log.exists() and log.stat().st_size):
        still = "it is forgotten, but another program still reads the old pages"
        raise JournalError("journal-locked", still, str(store.path))
    return Forgotten(number, told, _elsewhere(store.path))


def _forget(store: Store, where: str, values: tuple[str, ...]) -> tuple[int, int]:
    with store.writing() as db:
        ids = [i for (i,) in db.execute(f"SELECT run_id FROM run WHERE {where}", values)]
        told = 0
        for run_id in ids:
            told += delete_answers(db, "run_id = ?", (run_id,))
            db.execute("DELETE FROM prompt WHERE run_id = ?", (run_id,))
            runs.let_go_of_streams(db, run_id)
            db.execute("DELETE FROM run WHERE run_id = ?", (run_id,))
        if ids:
            db.execute("DELETE FROM posterior")  # they were learnt from these runs too, and can be learnt again
    return len(ids), told


def delete_answers(db: sqlite3.Connection, where: str, values: tuple[object, ...]) -> int:
    """Delete the answers of which ``where`` is true, with what they say and what took them back; how many."""
    db.execute("PRAGMA defer_foreign_keys = ON")  # answers point at each other
    for table in _DETAILS:
        db.execute(f"DELETE FROM {table} WHERE answer_id IN (SELECT id FROM answer WHERE {where})", values)
    db.execute(
        f"DELETE FROM answer WHERE kind = 'withdrawal' AND replaces IN (SELECT id FROM answer WHERE {where})", values
    )
    return db.execute(f"DELETE FROM answer WHERE {where}", values).rowcount


def _elsewhere(file: Path) -> tuple[Path, ...]:
    return (*copies(file), *set_aside_files(file), *backups(file))
