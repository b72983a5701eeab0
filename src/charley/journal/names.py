"""Which files beside a journal are its own: told by their whole name, and where a name is short by their first bytes.

A journal may be called anything and lie among the runner's other files: beside one called ``notes`` there may be a
``notes.before-christmas`` or a ``notes-journal`` that nobody but the runner may touch.
"""

from __future__ import annotations

import re
from pathlib import Path

from charley.journal.migrations import APPLICATION_ID

_STAMP = r"\d{8}T\d{6}Z"
_COPY = rf"\.before-(?:restore-{_STAMP}(?:-\d+)?|format-\d+)"
_SQLITES = r"(?:-wal|-shm|-journal)?"
_STREAM_PART = re.compile(r"[0-9a-f]{64}\.\d+\.part")
# First bytes of what SQLite writes beside a database: sqlite.org/fileformat2.html, /walformat.html. Zeros alone are a
# file that was already overwritten, or one that SQLite has emptied.
_FIRST_BYTES = {
    "-wal": (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83"),
    "-shm": (),
    "-journal": (b"\xd9\xd5\x05\xf9",),
}
# The index of the log is told by its size: not begun, or of whole pages, one after the other up to the end of a region
# (walformat.html, 2.2; unixShmMap of SQLite's os_unix.c writes the last byte of each page): whoever looks while another
# process begins it may find any number of them. SQLite holds locks on that file, and a process that opens and closes it
# loses all of its own.
_INDEX, _GROWS_BY_BYTES, _NOT_BEGUN_BYTES = "-shm", 4096, 3
_DATABASE = b"SQLite format 3\0"
_HEADER_BYTES, _APPLICATION_ID_AT = 100, 68  # of a database: sqlite.org/fileformat2.html, section 1.3


def says_it_is_ours(file: Path) -> bool:
    """Whether the first page of a file says that it is a journal, however damaged the rest."""
    if not file.is_file():
        return False
    with open(file, "rb") as opened:
        head = opened.read(_HEADER_BYTES)
    identity = head[_APPLICATION_ID_AT : _APPLICATION_ID_AT + 4]
    return head.startswith(_DATABASE) and identity == APPLICATION_ID.to_bytes(4, "big")


def copies(file: Path) -> tuple[Path, ...]:
    """Older states of the journal that were kept: before a restore, before a change of format."""
    return _beside(file, _COPY)


def set_aside_files(file: Path) -> tuple[Path, ...]:
    """Files with rows that a repair set aside because they could not be read."""
    return _beside(file, rf"\.set-aside-{_STAMP}\.jsonl")


def parts(file: Path) -> tuple[Path, ...]:
    """Unfinished files that an interrupted command left beside the journal."""
    return tuple(p for p in _beside(file, rf"(?:\.restored|{_COPY})?\.part{_SQLITES}") if _is_databases(p))


def is_stream_part(path: Path) -> bool:
    """Whether it is an unfinished file of channels."""
    return _STREAM_PART.fullmatch(path.name) is not None


def is_backup_part(path: Path, suffix: str) -> bool:
    """Whether it is an unfinished backup in the journal's own folder of backups."""
    return re.fullmatch(rf".+{re.escape(suffix)}\.part{_SQLITES}", path.name) is not None and _is_databases(path)


def sqlites(file: Path) -> tuple[Path, ...]:
    """What SQLite keeps beside the journal: its log and the like, told by their first bytes."""
    there = (Path(f"{file}{end}") for end in _FIRST_BYTES)
    return tuple(path for path in there if path.is_file() and _is_databases(path))


def in_the_way(file: Path) -> Path | None:
    """A file with a name that SQLite takes for its own, and that is not: SQLite would remove or write over it."""
    for end in _FIRST_BYTES:
        path = Path(f"{file}{end}")
        try:
            if path.exists() and not _is_databases(path):
                return path
        except FileNotFoundError:  # another program has just closed the journal
            continue
    return None


def may_be_replaced(part: Path) -> bool:
    """Whether a file with the name of an unfinished one is one: a database, or nothing yet."""
    if part.is_symlink() or not part.is_file():
        return not part.exists() and not part.is_symlink()
    return _is_databases(part)


def _is_databases(path: Path) -> bool:
    """Whether a file is a database, or what SQLite writes beside one, or nothing yet."""
    if path.name.endswith(_INDEX):
        size = path.stat().st_size
        return path.is_file() and (size == _NOT_BEGUN_BYTES or size % _GROWS_BY_BYTES == 0)
    starts = next((s for end, s in _FIRST_BYTES.items() if path.name.endswith(end)), (_DATABASE,))
    with open(path, "rb") as opened:
        head = opened.read(len(_DATABASE))
    return head.startswith(starts) or not any(head[:8])  # the start of a log is written last


def _beside(file: Path, ending: str) -> tuple[Path, ...]:
    form = re.compile(re.escape(file.name) + ending)
    if not file.parent.is_dir():
        return ()
    return tuple(sorted(p for p in file.parent.iterdir() if form.fullmatch(p.name) and p.is_file()))
