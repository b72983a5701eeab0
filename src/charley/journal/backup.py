"""Backup into one file that is read back before it counts; restore that swaps a journal whole and keeps the old one.

A backup is the journal itself, taken by SQLite's online backup while others may read and write, with the streams of its
runs in one more table. A file with the name of a backup was written to its end and verified; a kill leaves at most a
``.part`` beside it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from charley.journal import migrations, own_schema, quarantine, streams, versions
from charley.journal.digest import digest, row_counts
from charley.journal.sqlite_errors import plain_errors
from charley.journal.store import (
    Store,
    distrust,
    fresh_part,
    hold,
    journal_file,
    make_private_file,
    make_private_folder,
    open_store,
    publish,
    streams_folder,
    sync_files,
    sync_folder,
)
from charley.vocabulary.errors import JournalError, UsageError, Warned
from charley.vocabulary.journal import BackupMade, Restored

SUFFIX = ".charley-backup"
_EXTRA = """
CREATE TABLE backup_streams (streams_sha256 TEXT PRIMARY KEY NOT NULL, content BLOB NOT NULL) STRICT;
CREATE TABLE backup_about (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""


def backups_folder(file: Path) -> Path:
    """Where backups go unless a name is given."""
    return file.with_name(f"{file.name}.backups")


def backups(file: Path) -> tuple[Path, ...]:
    """The backups in that folder, the oldest first."""
    return tuple(sorted(backups_folder(file).glob(f"*{SUFFIX}")))


def backup(store: Store, to: Path | None = None, now: datetime | None = None) -> BackupMade:
    """Write a backup, read it back, and only then give it its name.

    Raises UsageError (backup-exists) rather than write over a file; JournalError: journal-full, -read-only, -damaged.
    """
    moment = now or datetime.now(UTC)
    target = to or backups_folder(store.path) / f"{stamp(moment)}{SUFFIX}"
    if target.is_dir():
        target = target / f"{stamp(moment)}{SUFFIX}"
    with plain_errors(target):
        if target.exists() or target.is_symlink():
            raise UsageError("backup-exists", "there is a file of that name", str(target))
        if streams_folder(store.path).resolve() in target.resolve().parents:
            raise UsageError("backup-exists", "that lies among the channels of the journal", str(target))
        _check_own(store)
        make_private_folder(target.parent)
        part = fresh_part(target)
        try:
            lost, kept = _write(store, part, moment)
            made = verify(part)
            if made.data_sha256 != kept:
                raise JournalError("backup-bad", "what was read back differs from the journal", str(part))
            publish(part, target)
        except BaseException:
            with suppress(OSError):
                part.unlink()
            raise
    text = f"the channels of {lost} runs were missing or damaged before the backup was made"
    warnings = (*((Warned("streams-lost", text),) if lost else ()), *rows_warning(store))
    return BackupMade(target, target.stat().st_size, made.rows, made.streams, made.data_sha256, warnings)


def _check_own(store: Store) -> None:
    """A journal with names that cannot be ours gives no backup that could be restored: its owner mends it first."""
    with store.reading() as db:
        names = db.execute("SELECT run_id, streams_sha256 FROM run").fetchall()
    if not all(streams.is_run_id(run) and streams.is_name(sha) for run, sha in names):
        told = "the name of a run or of its channels is damaged"
        next_step = "Run: charley data doctor --repair; then make the backup."
        raise JournalError("journal-damaged", told, str(store.path), next_step)


def rows_warning(store: Store) -> tuple[Warned, ...]:
    """What is said of rows that are in a journal and cannot be read; () where there are none."""
    bad = quarantine.unreadable_rows(store)
    if not bad:
        return ()
    more = f", and {len(bad) - 1} more" if len(bad) > 1 else ""
    text = f"{bad[0].about} cannot be read{more}; it is in the copy as it stands. See: charley data doctor"
    return (Warned("journal-row", text),)


def _write(store: Store, part: Path, moment: datetime) -> tuple[int, str]:
    """Copy one state of the journal and the streams that it names; how many of these were lost, and its hash."""
    copy = sqlite3.connect(part, isolation_level=None)
    try:
        with store.reading() as db:  # the copy, the counts and the hash are of the same state
            db.execute("SELECT count(*) FROM run").fetchone()
            db.backup(copy)
            kept, counts = digest(db), row_counts(db)
            names = [n for (n,) in db.execute("SELECT DISTINCT streams_sha256 FROM run ORDER BY streams_sha256")]
        copy.execute("PRAGMA journal_mode = DELETE")
        copy.execute("PRAGMA synchronous = OFF")  # published only after a sync of the whole
        copy.execute("BEGIN")
        for statement in migrations.statements(_EXTRA):
            copy.execute(statement)
        lost = 0
        for name in names:
            data = streams.read_raw(store.streams_folder, name)
            if data is None:
                lost += 1
                continue
            copy.execute("INSERT INTO backup_streams VALUES (?, ?)", (name, data))
        about = {"made_at": moment.isoformat(), "digest": kept, "rows": repr(counts), "streams": str(len(names) - lost)}
        copy.executemany("INSERT INTO backup_about VALUES (?, ?)", about.items())
        copy.execute("COMMIT")
    finally:
        copy.close()
    return lost, kept


def verify(path: Path) -> BackupMade:
    """Open a backup and check it whole, as data that anybody may have made: nothing of it is believed or executed.

    The schema is that of a fresh journal of its format, without any other trigger, view or table; pages and references
    are sound; rows are those that were written; each file of channels is what its name says; whatever becomes the name
    of a file is 64 hexadecimal digits. Raises JournalError (backup-bad, journal-newer).
    """
    with _opened(path) as db:
        about = dict(db.execute("SELECT key, value FROM backup_about LIMIT 100"))
        _check_names(db, path)
        if (
            db.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok"
            or db.execute("PRAGMA foreign_key_check").fetchone()
        ):
            raise JournalError("backup-bad", "its pages or references are damaged", str(path))
        rows, content = row_counts(db), digest(db)
        if (about.get("digest"), about.get("rows")) != (content, repr(rows)):
            raise JournalError("backup-bad", "its rows are not those that were written", str(path))
        count = 0
        for name, data in db.execute("SELECT streams_sha256, content FROM backup_streams"):
            if streams.name_of(data) != name:
                raise JournalError("backup-bad", "the channels of a run are damaged", str(path))
            count += 1
        if str(count) != about.get("streams"):
            raise JournalError("backup-bad", "channels of runs are missing", str(path))
    return BackupMade(path, path.stat().st_size, rows, count, content)


def _check_names(db: sqlite3.Connection, path: Path) -> None:
    """Refuse what could become the name of a file outside, and channels larger than any run has."""
    names = {
        "run": ("run_id, streams_sha256", (streams.is_run_id, streams.is_name)),
        "streams_to_remove": ("streams_sha256", (streams.is_name,)),
        "backup_streams": ("streams_sha256", (streams.is_name,)),
    }
    for table, (columns, forms) in names.items():
        for row in db.execute(f"SELECT {columns} FROM {table}"):
            if not all(form(name) for form, name in zip(forms, row, strict=True)):
                raise JournalError("backup-bad", f"names in a row of {table} are not of the form of ours", str(path))
    largest = db.execute("SELECT max(length(content)) FROM backup_streams").fetchone()[0] or 0
    if largest > streams.MOST_PACKED_BYTES:
        raise JournalError("backup-bad", "the channels of a run are larger than any run has", str(path))


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    if not path.is_file():
        raise UsageError("backup-missing", "there is no backup of that name", str(path))
    try:
        db = sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True, isolation_level=None)
        try:
            distrust(db)
            ours = int(db.execute("PRAGMA application_id").fetchone()[0]) == migrations.APPLICATION_ID
            if not ours or not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'backup_about'").fetchone():
                raise JournalError("backup-bad", "this is not a backup of a journal", str(path))
            if (found := migrations.format_of(db)) > migrations.newest_format():
                raise JournalError("journal-newer", f"this backup has format {found}", str(path))
            if db.execute("PRAGMA encoding").fetchone()[0] != "UTF-8":
                raise JournalError("backup-bad", "its text is not in UTF-8", str(path))
            if foreign := own_schema.differences(db, _EXTRA):
                told = f"it holds what no backup of Charley holds: {', '.join(foreign[:3])}"
                raise JournalError("backup-bad", told, str(path))
            yield db
        finally:
            db.close()
    except (sqlite3.Error, ValueError, TypeError, OverflowError, MemoryError) as error:
        raise JournalError("backup-bad", f"it cannot be read ({error})", str(path)) from error


def restore(path: Path, source: Path, now: datetime | None = None) -> Restored:
    """Put the content of a backup in the place of the journal at ``path``; the journal before it is kept beside it.

    At every moment there is a whole journal under its name: first the old, then the new. Raises JournalError:
    backup-bad, journal-in-use, journal-locked, journal-full, journal-read-only; the journal is then the old one.
    """
    file = journal_file(path)
    verify(source)
    with plain_errors(file):
        make_private_folder(file.parent)
        lock = hold(file, exclusive=True)
        try:
            fresh = _prepare(file, source)
            kept = _set_aside(file, stamp(now or datetime.now(UTC)))
            publish(fresh, file)
        finally:
            if lock is not None:
                lock.close()
    with open_store(file) as store, store.reading() as db:
        counts = dict(row_counts(db))
        warnings = rows_warning(store)
    return Restored(file, kept, counts["run"], counts["answer"], warnings)


def _prepare(file: Path, source: Path) -> Path:
    """The backed-up journal under another name beside the present one, in the newest format; its streams in place."""
    fresh = fresh_part(file.with_name(file.name + ".restored"))
    with _opened(source) as backed_up:
        folder = streams_folder(file)
        put = [  # named by content: they cannot harm the present journal
            folder / streams.put(folder, data)
            for _, data in backed_up.execute("SELECT streams_sha256, content FROM backup_streams")
        ]
        if put:
            sync_files(put, folder)
        with closing(sqlite3.connect(fresh, isolation_level=None)) as db:
            backed_up.backup(db)
        if versions.locks_out(fresh):  # a damaged byte of the backup; its rows were checked, and are sound
            versions.mend(fresh, versions.ROLLED_BACK)
        db = sqlite3.connect(fresh, isolation_level=None)
        try:
            distrust(db)
            db.execute("PRAGMA journal_mode = DELETE")
            db.execute("PRAGMA foreign_keys = ON")
            db.execute("DROP TABLE backup_streams")
            db.execute("DROP TABLE backup_about")
            # Files that the backed-up journal wanted removed may be needed by the one that is kept.
            db.execute("DELETE FROM streams_to_remove")
            migrations.migrate(db)
            db.execute("VACUUM")
        finally:
            db.close()
    return fresh


def _set_aside(file: Path, moment: str) -> Path | None:
    """Keep the present journal under a second name, merged with its write-ahead log; nothing of it is left open."""
    if not file.exists():
        return None
    kept = free_name(file.with_name(f"{file.name}.before-restore-{moment}"))
    log, kept_log = Path(f"{file}-wal"), Path(f"{kept}-wal")
    if log.exists():  # SQLite throws away the log of a journal that it cannot read
        make_private_file(kept_log)
        kept_log.write_bytes(log.read_bytes())
    try:
        db = sqlite3.connect(file, isolation_level=None, timeout=1.0)
        try:
            db.execute("PRAGMA journal_mode = DELETE").fetchone()  # fails while anybody else has the journal open
        finally:
            db.close()
        kept_log.unlink(missing_ok=True)  # it is merged
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            kept_log.unlink(missing_ok=True)
            raise
        for end in ("-wal", "-shm"):  # damaged: its log must not be merged into the new journal
            Path(f"{file}{end}").unlink(missing_ok=True)
    try:
        kept.hardlink_to(file)
    except OSError:  # a file system without second names
        part = fresh_part(kept)
        part.write_bytes(file.read_bytes())
        publish(part, kept)
    sync_folder(file.parent)
    return kept


def free_name(path: Path) -> Path:
    """``path``, or the first of path-2, path-3 ... that nothing has yet."""
    candidate, number = path, 1
    while candidate.exists():
        number += 1
        candidate = path.with_name(f"{path.name}-{number}")
    return candidate


def stamp(moment: datetime) -> str:
    """A moment as a part of a file name."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
