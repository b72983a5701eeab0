"""Walks what a runner hands over - files, folders, zips, whole account exports - and finds the activities in it.

What one file holds is the matter of ``opening.py``; here is the order in which they are taken. In a folder as in an
archive, exports whose parts belong together (``exports/``) come first, and a list of activities before the files
that it names: it gives their titles and sports, and tells of those that have no file.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from charley.activities import formats, limits
from charley.activities.exports.files import Export, FolderFiles
from charley.activities.exports.tables import Table, is_table, read_table
from charley.activities.finding import Share, passed_over, shown, skip
from charley.activities.opening import exports_in, given, opened, without_file
from charley.vocabulary.errors import RunFileError
from charley.vocabulary.journal import FileNotes, FoundFile, Room, Skipped

_TABLE_BYTES = limits.FIT_BYTES


@dataclass(frozen=True, slots=True)
class _Planned:
    """A file to be looked into, an export to be taken as a whole, or why neither is possible."""

    path: Path
    size: int
    export: Export | None = None
    why_not: Skipped | None = None


def walk(paths: Iterable[Path]) -> Iterator[FoundFile]:
    """Every file in ``paths``, their folders and their archives: its bytes if it may be an activity, else why not.

    The order is that of ``paths``, and by name within a folder. Never raises for what it finds.
    """
    plan = [entry for path in paths for entry in _planned(Path(path))]
    total = float(sum(one.size for one in plan)) or 1.0
    before = 0.0
    tables: dict[Path, Table] = {}
    for one in plan:
        share = Share(before / total, one.size / total)
        before += one.size
        if one.why_not is not None:
            yield FoundFile(shown(str(one.path)), None, one.why_not, share.end)
        else:
            room = Room(shown(str(one.path)), limits.ROOM_FREE + one.size // limits.ROOM_BYTES)
            yield from _within(room, _costs_itself(one.path, share, _one(one, share, tables)))


def _within(room: Room, found: Iterator[FoundFile]) -> Iterator[FoundFile]:
    """What is found, until there is no more room; one more is handed on then, so that an import can tell."""
    for file in found:
        full = room.left <= 0
        yield file if file.data is None else replace(file, room=room)
        if full and file.data is not None:
            return


def _costs_itself(path: Path, share: Share, found: Iterator[FoundFile]) -> Iterator[FoundFile]:
    """What is found at a path; whatever goes wrong there, even a lack of memory, ends there, and is told."""
    try:
        yield from found
    except Exception as error:
        code = "import-stopped" if isinstance(error, MemoryError) else "import-killed"
        yield passed_over(
            share, str(path), code, f"looking into it ended with {type(error).__name__}: {str(error)[:200]}."
        )


def _one(one: _Planned, share: Share, tables: dict[Path, Table]) -> Iterator[FoundFile]:
    """What one file or export holds; a table of activities is kept for the files that it names."""
    path = one.path
    if one.export is not None:
        yield from given(one.export.activities(), str(path), share)
    elif is_table(path.name):
        with path.open("rb") as file:
            tables[path.parent] = table = read_table(path.name, file.read(_TABLE_BYTES))
        yield from without_file(table, str(path), path.parent, share)
    else:
        table = tables.get(path.parent) or tables.get(path.parent.parent) or Table()
        yield from _file(path, one.size, share, table.notes.get(path.name, FileNotes()))


def _planned(path: Path) -> Iterator[_Planned]:
    """The files at a path, in the order in which they are taken."""
    if not os.path.isdir(path):  # does not raise, whatever the name
        yield _sized(path)
        return
    plan = list(_below(path))
    files = FolderFiles(path, tuple(one.path.relative_to(path).as_posix() for one in plan if one.why_not is None))
    used: set[str] = set()
    for export in exports_in(files):
        used |= export.uses
        yield _Planned(path, sum(files.packed_bytes(name) for name in export.uses), export)
    yield from (one for one in plan if one.path.relative_to(path).as_posix() not in used)


def _below(path: Path) -> Iterator[_Planned]:
    for folder, inner, names in os.walk(path):
        inner.sort()
        # a table of activities comes before the files that it names
        for name in sorted(names, key=lambda n: (not is_table(n), _rank(n), n)):
            yield _sized(Path(folder) / name)


def _sized(path: Path) -> _Planned:
    try:
        found = path.stat()
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        what = getattr(error, "strerror", None) or "this is no path"
        return _Planned(path, 0, why_not=skip(str(path), "import-missing", f"{what}."))
    if not stat.S_ISREG(found.st_mode):
        return _Planned(path, 0, why_not=skip(str(path), "import-missing", "this is no file."))
    return _Planned(path, found.st_size)


def _rank(name: str) -> int:
    plain = name.lower().removesuffix(".gz")
    return next((i for i, end in enumerate(formats.ENDINGS) if plain.endswith(end)), len(formats.ENDINGS))


def _file(path: Path, size: int, share: Share, notes: FileNotes) -> Iterator[FoundFile]:
    try:
        with path.open("rb") as file:
            yield from opened(file, str(path), share, size, 1, notes)
    except RunFileError as error:
        yield passed_over(share, str(path), error.code, f"{error.found}.")
    except OSError as error:
        yield passed_over(share, str(path), "import-missing", f"{error.strerror}.")
