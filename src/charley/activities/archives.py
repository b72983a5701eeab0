"""Walks what a runner hands over - files, folders, zips, whole account exports - and finds the activities in it.

Nothing is written to disk and nothing declared is believed. Most files of an account export are no activities: they
are told by their first 8 kB and never read whole. Links, names that leave the archive, locked entries and zips nested
deeper than ``limits.ARCHIVE_NESTING`` are not opened. Whatever is passed over is named, with the reason.

Layouts known: Garmin (``DI_CONNECT/...`` with zips of FIT files within the zip) needs no more than that. Strava's
``activities.csv`` is read by position and by the form of its cells, as its headers are in the account's language and
its columns change: it gives titles, and names the activities that have no file.
"""

from __future__ import annotations

import csv
import io
import os
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from charley.activities import formats, limits
from charley.activities.file_kinds import HEAD_BYTES, fit_file_type, fit_type_name, kind_of
from charley.activities.sports import sport_of
from charley.activities.unpack import ACTIVITY_KINDS
from charley.vocabulary.errors import RunFileError, registry
from charley.vocabulary.journal import FileNotes, FoundFile, Skipped

_FIT_ACTIVITY = 4  # file_id.type
_CLAIMS = (*formats.ENDINGS, ".gz", ".zip")  # names that say that there is an activity inside
_STRAVA_TABLE = "activities.csv"
_STRAVA_FILE = re.compile(r"(?:.*/)?[^/]+\.(?:fit|tcx|gpx)(?:\.gz)?", re.I)
_STRAVA_TITLE, _STRAVA_TYPE = 2, 3  # the third and fourth column in every language seen
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError, ValueError)


def walk(paths: Iterable[Path]) -> Iterator[FoundFile]:
    """Every file in ``paths``, their folders and their archives: its bytes if it may be an activity, else why not.

    The order is that of ``paths``, and by name within a folder. Never raises for what it finds.
    """
    plan = [entry for path in paths for entry in _listed(Path(path))]
    total = float(sum(size for _, size, _ in plan)) or 1.0
    before = 0.0
    tables: dict[Path, _Table] = {}
    for path, size, why_not in plan:
        share = _Share(before / total, size / total)
        before += size
        if why_not is None:
            yield from _costs_itself(path, share, _one(path, size, share, tables))
        else:
            yield FoundFile(_shown(str(path)), None, why_not, share.end)


def _costs_itself(path: Path, share: _Share, found: Iterator[FoundFile]) -> Iterator[FoundFile]:
    """What is found at a path; whatever goes wrong there, even a lack of memory, ends there, and is told."""
    try:
        yield from found
    except Exception as error:
        code = "import-stopped" if isinstance(error, MemoryError) else "import-killed"
        text = f"looking into it ended with {type(error).__name__}: {str(error)[:200]}."
        yield FoundFile(_shown(str(path)), None, _skip(str(path), code, text), share.end)


def _one(path: Path, size: int, share: _Share, tables: dict[Path, _Table]) -> Iterator[FoundFile]:
    """What one file holds; a table of activities is kept for the files that it names."""
    if path.name == _STRAVA_TABLE:
        tables[path.parent] = table = _read_table(path.read_bytes())
        known = [_no_file(f"{path}, {row}", text) for row, text in table.without_file(path.parent)]
        yield from (FoundFile(s.file, None, s, share.end) for s in known)
        return
    table = tables.get(path.parent) or tables.get(path.parent.parent) or _Table()
    yield from _file(path, size, share, table.notes.get(path.name, FileNotes()))


@dataclass(frozen=True, slots=True)
class _Share:
    """The part of the whole import that a file or an archive stands for, from 0 to 1."""

    start: float
    width: float

    @property
    def end(self) -> float:
        return self.start + self.width

    def part(self, start: float, width: float) -> _Share:
        return _Share(self.start + start * self.width, width * self.width)


@dataclass(frozen=True, slots=True)
class _Table:
    """Strava's list of activities: notes by the name of the file, and the rows without a file by row number."""

    notes: dict[str, FileNotes] = field(default_factory=dict)
    files: dict[int, str] = field(default_factory=dict)
    manual: tuple[int, ...] = ()

    def without_file(self, there: Path | set[str]) -> Iterator[tuple[str, str]]:
        """(row, what is wrong) for every activity whose file is not ``there``."""
        for row in self.manual:
            yield f"row {row}", "an entry made by hand, without a recording"
        for row, name in self.files.items():
            if not ((there / name).exists() if isinstance(there, Path) else name in there):
                yield f"row {row}", f"its file {PurePosixPath(name).name} is not in the export"


def _listed(path: Path) -> Iterator[tuple[Path, int, Skipped | None]]:
    """The files at a path with their sizes, in the order in which they are taken."""
    if os.path.isdir(path):  # does not raise, whatever the name
        for folder, inner, names in os.walk(path):
            inner.sort()
            # the table of a Strava export comes before the files that it names
            for name in sorted(names, key=lambda n: (n != _STRAVA_TABLE, _rank(n), n)):
                yield _sized(Path(folder) / name)
    else:
        yield _sized(path)


def _sized(path: Path) -> tuple[Path, int, Skipped | None]:
    try:
        found = path.stat()
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        what = getattr(error, "strerror", None) or "this is no path"
        return path, 0, _skip(str(path), "import-missing", f"{what}.")
    if not stat.S_ISREG(found.st_mode):
        return path, 0, _skip(str(path), "import-missing", "this is no file.")
    return path, found.st_size, None


def _rank(name: str) -> int:
    plain = name.lower().removesuffix(".gz")
    return next((i for i, end in enumerate(formats.ENDINGS) if plain.endswith(end)), len(formats.ENDINGS))


def _file(path: Path, size: int, share: _Share, notes: FileNotes) -> Iterator[FoundFile]:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
            if kind_of(head) == "zip":
                file.seek(0)
                yield from _zip(file, _shown(str(path)), share, depth=1)
                return
            why_not = _why_not(str(path), head)
            data = None if why_not else _whole(str(path), file, head, size)
    except RunFileError as error:
        why_not, data = _skip(str(path), error.code, f"{error.found}."), None
    except OSError as error:
        why_not, data = _skip(str(path), "import-missing", f"{error.strerror}."), None
    yield FoundFile(_shown(str(path)), data, why_not, share.end, notes)


def _zip(file: IO[bytes], name: str, share: _Share, depth: int) -> Iterator[FoundFile]:
    try:
        archive = zipfile.ZipFile(file)
    except _ZIP_ERRORS:
        skipped = _skip(name, "archive-damaged", "the zip's table of contents cannot be read.")
        yield FoundFile(name, None, skipped, share.end)
        return
    with archive:
        infos = [i for i in archive.infolist() if not i.filename.endswith("/")]
        if len(infos) > limits.ARCHIVE_ENTRIES:
            text = f"{len(infos)} entries; the limit is {limits.ARCHIVE_ENTRIES}."
            yield FoundFile(name, None, _skip(name, "file-limits", text), share.end)
            return
        infos.sort(key=lambda i: i.header_offset)  # a zip within a zip can only be read forwards
        table = _table_of(archive, infos)
        there = {i.filename for i in infos}
        for row, text in table.without_file(there):
            yield FoundFile(
                f"{name}/{_STRAVA_TABLE}", None, _no_file(f"{name}/{_STRAVA_TABLE}, {row}", text), share.start
            )
        packed = float(sum(i.compress_size for i in infos)) or 1.0
        before, unpacked = 0.0, 0
        for info in infos:
            part = share.part(before / packed, info.compress_size / packed)
            before += info.compress_size
            if info.filename == table_name(infos):
                continue
            for found in _entry(archive, info, name, part, depth, table):
                unpacked += len(found.data or b"")
                yield found
            if unpacked > limits.ARCHIVE_BYTES:
                text = f"it unpacks to more than {limits.ARCHIVE_BYTES // 2**30} GiB; what came before is imported."
                yield FoundFile(name, None, _skip(name, "file-limits", text), share.end)
                return


def _entry(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, within: str, share: _Share, depth: int, table: _Table
) -> Iterator[FoundFile]:
    name = _shown(f"{within}/{info.filename}")
    why_not = _unsafe(info, name)
    data = None
    if why_not is None:
        try:
            with archive.open(info) as stream:
                head = stream.read(HEAD_BYTES)
                if kind_of(head) == "zip":
                    if depth < limits.ARCHIVE_NESTING and info.file_size <= limits.ARCHIVE_BYTES:
                        stream.seek(0)
                        yield from _zip(stream, name, share, depth + 1)
                        return
                    why_not = _skip(name, "file-limits", f"zips nested deeper than {limits.ARCHIVE_NESTING}.")
                else:
                    why_not = _why_not(name, head)
                    data = None if why_not else _whole(name, stream, head, info.compress_size)
        except RunFileError as error:
            why_not = _skip(name, error.code, f"{error.found}.")
        except _ZIP_ERRORS as error:
            why_not = _skip(name, "archive-damaged", f"it cannot be unpacked ({type(error).__name__}).")
    yield FoundFile(name, data, why_not, share.end, table.notes.get(PurePosixPath(info.filename).name, FileNotes()))


def _why_not(name: str, head: bytes) -> Skipped | None:
    """Why a file with these first bytes is no activity, or None if it may be one."""
    kind = kind_of(head)
    if kind == "gzip":
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, HEAD_BYTES)
        except zlib.error:
            return None  # the reader says what is wrong with it
        kind = kind_of(head)
        if kind in ("gzip", "zip"):
            return None
    if kind == "empty":
        return _skip(name, "file-empty", "the file holds no bytes.")
    if kind == "fit":
        number = fit_file_type(head)
        if number in (None, _FIT_ACTIVITY):
            return None
        return _skip(
            name, "not-activity", f"this is a FIT file of the kind: {fit_type_name(number or 0)}.", harmless=True
        )
    if kind in ACTIVITY_KINDS:
        return None
    claims = PurePosixPath(name).name.lower().endswith(_CLAIMS)
    return _skip(name, "file-kind", f"this is {kind}.", harmless=not claims)


def _unsafe(info: zipfile.ZipInfo, name: str) -> Skipped | None:
    parts = info.filename.replace("\\", "/").split("/")
    if stat.S_ISLNK(info.external_attr >> 16):
        return _skip(name, "import-entry", "this is a link.")
    if parts[0] == "" or ":" in parts[0] or ".." in parts:
        return _skip(name, "import-entry", "its name leaves the archive.")
    if info.flag_bits & 1:
        return _skip(name, "import-entry", "it is locked with a password.")
    if parts[0] == "__MACOSX" or parts[-1].startswith("."):
        return _skip(name, "file-kind", "this is a file of the operating system.", harmless=True)
    return None


def _whole(name: str, stream: IO[bytes], head: bytes, packed_bytes: int) -> bytes:
    """The rest of a file behind its first bytes; stops as soon as it is larger than any recording."""
    cap = formats.most_bytes(kind_of(head))
    parts, size = [head], len(head)
    while part := stream.read(limits.CHUNK_BYTES):
        parts.append(part)
        size += len(part)
        if size > cap:
            raise limits.too_large(name, f"more than {cap // limits.MEBIBYTE} MiB")
        if size > limits.RATIO_FREE_BYTES and size > limits.RATIO * max(packed_bytes, 1):
            raise limits.too_large(name, f"unpacks to more than {limits.RATIO} times its size")
    return b"".join(parts)


def table_name(infos: Iterable[zipfile.ZipInfo]) -> str | None:
    """The entry that is Strava's list of activities, if the zip has one at its top."""
    return next((i.filename for i in infos if i.filename == _STRAVA_TABLE), None)


def _table_of(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> _Table:
    name = table_name(infos)
    if name is None:
        return _Table()
    try:
        with archive.open(name) as stream:
            return _read_table(stream.read(limits.FIT_BYTES))
    except _ZIP_ERRORS:
        return _Table()


def _read_table(data: bytes) -> _Table:
    """What the list of activities says, found by the form of the cells: the column with the most names of files."""
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig", errors="replace"), newline="")))
    except csv.Error:
        return _Table()
    columns = Counter(i for row in rows[1:] for i, cell in enumerate(row) if _STRAVA_FILE.fullmatch(cell.strip()))
    if not columns:
        return _Table()
    column = columns.most_common(1)[0][0]
    notes, files, manual = {}, {}, []
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        name = row[column].strip() if len(row) > column else ""
        if name:
            files[number] = name
            title, sport = (row[i].strip() if len(row) > i else "" for i in (_STRAVA_TITLE, _STRAVA_TYPE))
            notes[PurePosixPath(name).name] = FileNotes(title, sport_of(limits.plain(sport)))
        else:
            manual.append(number)
    return _Table(notes, files, tuple(manual))


def _no_file(where: str, text: str) -> Skipped:
    return _skip(where, "import-row", f"{text}.", harmless="by hand" in text)


def _skip(file: str, code: str, found: str, *, harmless: bool = False) -> Skipped:
    return Skipped(_shown(file), code, f"{found[0].upper()}{found[1:]} {registry()[code].next_step}".strip(), harmless)


def _shown(name: str) -> str:
    """A name of somebody else's, so that it cannot draw on a screen."""
    return "".join(c if c.isprintable() else "?" for c in name)
