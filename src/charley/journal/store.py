"""Opens the journal: where it is, who may read it, one writer at a time, and what to say when it cannot be opened."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO

from charley.journal import migrations, overwrite, own_schema, readable
from charley.journal.names import in_the_way, may_be_replaced
from charley.journal.sqlite_errors import explained, plain_errors
from charley.vocabulary.errors import JournalError

FILE_NAME = "journal.sqlite"
PATIENCE_S = 5.0  # how long to wait for another writer
SYNCED_TOGETHER = 16  # files of streams
OLDEST_SQLITE = (3, 37, 0)  # STRICT tables
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
MOST_VALUE_BYTES = 2**28  # of one value; the draws of a belief over ten thousand runs have a few MB
_READING_ONLY: ContextVar[bool] = ContextVar("reading_only", default=False)


def default_path() -> Path:
    """Where the journal is unless the runner says otherwise: the user's own data folder."""
    from platformdirs import user_data_path

    return user_data_path("charley", appauthor=False) / FILE_NAME


def journal_file(path: str | os.PathLike[str]) -> Path:
    """The file meant by ``path``: itself, or ``journal.sqlite`` within it if it is a folder.

    A link is followed, so that a journal has one lock and one folder of streams by whatever name it is called.
    """
    given = Path(path).expanduser()
    try:
        folder = given.is_dir() or str(path).endswith(("/", os.sep))
        file = given / FILE_NAME if folder else given
        return Path(os.path.realpath(file)) if file.is_symlink() else file
    except (OSError, ValueError):  # ValueError: a name with a zero byte; said when it is opened
        return given


@contextmanager
def reading_only() -> Iterator[None]:
    """Journals that are opened within it are opened for reading: nothing changes them, whatever is asked."""
    before = _READING_ONLY.set(True)
    try:
        yield
    finally:
        _READING_ONLY.reset(before)


@dataclass(slots=True)
class Store:
    """An open journal. Use it as a context manager; ``reading`` and ``writing`` are its transactions."""

    path: Path
    db: sqlite3.Connection
    writable: bool
    format: int
    _lock: IO[bytes] | None = field(default=None, repr=False)
    unsettled: set[Path] = field(default_factory=set, repr=False)  # written, and perhaps not on the disk yet

    @property
    def streams_folder(self) -> Path:
        """The folder beside the journal that holds the channels of the runs, one file a content."""
        return streams_folder(self.path)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A transaction that sees one state of the journal, whatever others write meanwhile."""
        with plain_errors(self.path):
            if self.db.in_transaction:
                yield self.db
                return
            self.db.execute("BEGIN")
            try:
                yield self.db
            finally:
                with suppress(sqlite3.Error):  # SQLite may have ended it by itself (the disk cannot be read)
                    self.db.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is written whole when the block ends, and not at all if the block raises.

        Files of streams that it points at (``unsettled``) are on the disk before it is.
        """
        if not self.writable:
            raise JournalError("journal-read-only", "it may not be written", str(self.path))
        with plain_errors(self.path):
            if self.db.in_transaction:
                yield self.db
                return
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield self.db
                if self.unsettled:
                    sync_files(self.unsettled, self.streams_folder)
                self.db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # SQLite may have rolled back by itself (disk full)
                    self.db.execute("ROLLBACK")
                raise
            finally:
                self.unsettled.clear()

    def close(self) -> None:
        """Give the journal back; safe to call twice.

        SQLite removes its log with the last connection. What was said stands in it, so its bytes are overwritten: else
        they would outlive being forgotten.
        """
        with suppress(sqlite3.Error), overwrite.emptied_when_gone(Path(f"{self.path}-wal")):
            self.db.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_store(path: str | os.PathLike[str], *, create: bool = False, patience_s: float | None = None) -> Store:
    """Open the journal at ``path`` and bring it to the newest format.

    ``create`` makes an empty one where there is none. A journal that may not be written is opened for reading. Raises
    JournalError: journal-missing, -unreachable, -read-only, -locked, -damaged, -not-ours, -newer, -full, -in-use.
    """
    file = journal_file(path)
    patience = PATIENCE_S if patience_s is None else patience_s
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise JournalError("journal-old-sqlite", f"this Python brings SQLite {sqlite3.sqlite_version}", str(file))
    with plain_errors(file):
        if not file.exists():
            if not create:
                raise JournalError("journal-missing", "there is no journal yet", str(file))
            make_private_folder(file.parent)
            make_private_file(file)
        if not file.is_file():
            raise JournalError("journal-unreachable", "this is not a file", str(file))
        if other := in_the_way(file):
            raise JournalError("journal-unreachable", "a file of that name is in the way; move it", str(other))
        may_write = os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)
        writable = may_write and not _READING_ONLY.get()
        lock = hold(file, exclusive=False) if may_write else None
        db: sqlite3.Connection | None = None
        try:
            db = _connect(file, writable, patience)
            _check_and_migrate(db, file, writable)
        except BaseException:
            if db is not None:
                db.close()
            if lock is not None:
                lock.close()
            raise
    return Store(file, db, writable, migrations.format_of(db), lock)


def _connect(file: Path, writable: bool, patience_s: float) -> sqlite3.Connection:
    modes = ("mode=rw",) if writable else ("mode=ro", "immutable=1")
    for mode in modes:
        if mode == "immutable=1" and _size(Path(f"{file}-wal")):
            break  # what another program has written but not yet merged would be overlooked
        db = sqlite3.connect(f"{file.absolute().as_uri()}?{mode}", uri=True, isolation_level=None, timeout=patience_s)
        try:
            distrust(db)
            db.execute("PRAGMA foreign_keys = ON")
            db.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten
            db.execute("PRAGMA user_version").fetchone()
        except sqlite3.OperationalError as error:
            db.close()
            if mode == modes[-1] or (error.sqlite_errorcode & 0xFF) not in (
                sqlite3.SQLITE_CANTOPEN,
                sqlite3.SQLITE_READONLY,
            ):
                raise
            continue
        except BaseException:
            db.close()
            raise
        return db
    raise JournalError("journal-read-only", "it holds changes that only its owner can merge", str(file))


def distrust(db: sqlite3.Connection) -> None:
    """Settings for a file that anybody may have made: no functions within its schema, sizes of cells checked, no value
    larger than any of ours."""
    db.text_factory = readable.text
    db.execute("PRAGMA trusted_schema = OFF")
    db.execute("PRAGMA cell_size_check = ON")
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_VALUE_BYTES)


def _check_and_migrate(db: sqlite3.Connection, file: Path, writable: bool) -> None:
    if not migrations.is_ours(db):
        raise JournalError("journal-not-ours", "this is an SQLite file of another program", str(file))
    found, newest = migrations.format_of(db), migrations.newest_format()
    if found > newest:
        raise JournalError(
            "journal-newer", f"it has format {found}, and this Charley knows formats up to {newest}", str(file)
        )
    if foreign := own_schema.foreign_triggers(db):
        raise JournalError("journal-unsafe", f"it holds a trigger that is not ours: {', '.join(foreign)}", str(file))
    if not writable:
        if found < newest:
            raise JournalError(
                "journal-read-only", f"it has the older format {found} and may not be changed", str(file)
            )
        return
    _write_ahead(db)
    if found < newest:
        if found > 0:
            keep_copy(db, file.with_name(f"{file.name}.before-format-{newest}"))
        migrations.migrate(db)
    db.execute("PRAGMA synchronous = FULL")  # an answer that was confirmed is on the disk


def _write_ahead(db: sqlite3.Connection) -> None:
    """Readers beside one writer. SQLite does not wait here by itself if two programs open a fresh journal together."""
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL").fetchone()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.01)


def keep_copy(db: sqlite3.Connection, to: Path) -> Path:
    """A private copy of an open journal by SQLite's online backup, whole or not there at all; the first one stays."""
    if not to.exists():
        part = fresh_part(to)
        copy = sqlite3.connect(part)
        try:
            db.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        finally:
            copy.close()
        publish(part, to)
    return to


def fresh_part(to: Path) -> Path:
    """An empty private file beside ``to``, in which it can grow; what a kill left of an earlier one is removed.

    Raises JournalError (journal-unreachable) where somebody's own file has that name.
    """
    part = to.with_name(to.name + ".part")
    if not may_be_replaced(part):
        raise JournalError("journal-unreachable", "a file of that name is in the way; move it", str(part))
    for end in ("", "-wal", "-shm", "-journal"):
        Path(f"{part}{end}").unlink(missing_ok=True)
    make_private_file(part)
    return part


def publish(part: Path, to: Path) -> None:
    """Give a file that was written whole its name, and have both on the disk before going on."""
    with open(part, "rb") as file:
        os.fsync(file.fileno())
    os.replace(part, to)
    sync_folder(to.parent)


def sync_files(files: Iterable[Path], folder: Path) -> None:
    """Have the bytes of files, and then their names in the folder, on the disk.

    They are waited for together: a disk that needs 6 ms for one of them has 64 of them in 20 ms.
    """
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(SYNCED_TOGETHER) as pool:
        for _ in pool.map(_sync_file, files):
            pass  # raises what went wrong
    sync_folder(folder)


def _sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk (where the system can)."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def hold(file: Path, *, exclusive: bool) -> IO[bytes] | None:
    """The journal's lock among Charley's own processes: shared while one uses it, exclusive while one replaces it.

    The system lets go of it when the process ends, however it ends. None on systems without such locks.
    """
    try:
        import fcntl
    except ImportError:
        return None
    make_private_file(lock_path := file.with_name(file.name + ".lock"))
    lock = open(lock_path, "rb+")  # noqa: SIM115 - it is held as long as the store
    try:
        fcntl.flock(lock, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        if error.errno in (11, 13, 35):  # EAGAIN, EACCES, EWOULDBLOCK: held by another
            raise JournalError("journal-in-use", "another charley has it open", str(file)) from error
        raise explained(error, file) from error
    return lock


def make_private_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing; each new one is the user's alone."""
    missing = [p for p in (folder, *folder.parents) if not p.exists()]
    for path in reversed(missing):
        path.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)


def make_private_file(file: Path) -> None:
    """Make an empty file that is the user's alone; one that exists stays as it is."""
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT, PRIVATE_FILE))


def streams_folder(file: Path) -> Path:
    """The folder of streams that belongs to the journal at ``file``."""
    return file.with_name(file.name + ".streams")


def free_bytes(folder: Path) -> int:
    """Room left on the disk of ``folder``."""
    return shutil.disk_usage(folder).free


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
