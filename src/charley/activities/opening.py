"""What one file holds, wherever it lies: an activity, a zip, a tar, a list of activities, a database of them, or none.

Nothing is written to disk and nothing declared is believed. Most files of an account export are no activities: they are
told by their first 8 kB and never read whole. Links, names that leave the archive, locked entries and archives nested
deeper than ``limits.ARCHIVE_NESTING`` are not opened. Whatever is passed over is named, with the reason.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, cast

from charley.activities import formats, limits
from charley.activities.exports import apple, health_connect, samsung
from charley.activities.exports.files import NO_NOTES, Export, Files, Given, Lost, Readable, ZipFiles
from charley.activities.exports.lists import TooLong, objects_in
from charley.activities.exports.tables import Table, is_table, read_table
from charley.activities.exports.tars import Broken, Unpacked, members
from charley.activities.file_kinds import HEAD_BYTES, kind_of
from charley.activities.finding import (
    Share,
    is_packed_tar,
    no_file,
    passed_over,
    shown,
    skip,
    unsafe,
    unsafe_name,
    why_not,
)
from charley.vocabulary.errors import RunFileError
from charley.vocabulary.journal import FileNotes, FoundFile

ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError, ValueError)
_PACKED = frozenset({"bz2", "xz"})
_TABLE_BYTES = limits.FIT_BYTES


def opened(
    stream: Readable, name: str, share: Share, packed_bytes: int, depth: int, notes: FileNotes = NO_NOTES
) -> Iterator[FoundFile]:
    """Everything in a stream that stands at its start. Raises RunFileError and what reading it raises."""
    head = stream.read(HEAD_BYTES)
    kind = kind_of(head)
    if kind in ("zip", "tar") or kind in _PACKED or is_packed_tar(head):
        if depth > limits.ARCHIVE_NESTING:
            yield passed_over(share, name, "file-limits", f"archives nested deeper than {limits.ARCHIVE_NESTING}.")
        else:
            yield from _archive(stream, head, kind, name, share, packed_bytes, depth)
    elif kind == "huawei":
        yield from _listed_activities(_Ahead(head, stream), name, share)
    elif kind == "apple":
        yield from given(apple.alone(_Ahead(head, stream), name, packed_bytes), "", share)
    elif kind == "an SQLite database":
        yield from _database(stream, head, name, share, packed_bytes)
    else:
        reason = why_not(name, head)
        data = None if reason else _whole(name, stream, head, packed_bytes)
        yield FoundFile(shown(name), data, reason, share.end, notes)


def exports_in(files: Files) -> list[Export]:
    """The account exports among these files whose parts belong together."""
    found: list[Export | None] = [apple.find(files), samsung.find(files)]
    return [export for export in found if export is not None]


def given(found: Iterator[Given | Lost], within: str, share: Share) -> Iterator[FoundFile]:
    """What an export gives, as an import takes it."""
    for one in found:
        name = f"{within}/{one.name}" if within else one.name
        if isinstance(one, Given):
            yield FoundFile(shown(name), one.data, None, share.end, one.notes)
        else:
            yield passed_over(share, name, one.code, f"{one.found}.")


class _Ahead:
    """A stream of which the first bytes were read already."""

    def __init__(self, head: bytes, stream: Readable) -> None:
        self._head, self._stream = head, stream

    def read(self, size: int = limits.CHUNK_BYTES, /) -> bytes:
        """The next bytes, at most that many; none at the end."""
        if self._head:
            part, self._head = self._head[:size], self._head[size:]
            return part if len(part) == size else part + self._stream.read(size - len(part))
        return self._stream.read(size)


def _archive(
    stream: Readable, head: bytes, kind: str, name: str, share: Share, packed_bytes: int, depth: int
) -> Iterator[FoundFile]:
    if kind == "zip":
        file = cast(IO[bytes], stream) if hasattr(stream, "seek") else BytesIO(_whole(name, stream, head, packed_bytes))
        file.seek(0)
        yield from _zip(file, name, share, depth)
        return
    inside: Readable = _Ahead(head, stream) if kind == "tar" else Unpacked(_Ahead(head, stream), kind, packed_bytes)
    try:
        if kind in _PACKED:
            first = inside.read(HEAD_BYTES)
            inside = _Ahead(first, inside)
            if kind_of(first) != "tar":
                yield from opened(inside, name, share, packed_bytes, depth + 1)
                return
        yield from _tar(inside, name, share, packed_bytes, depth)
    except Broken as error:
        yield passed_over(share, name, "archive-damaged", f"{error}; what came before is imported.")


def _tar(tar: Readable, name: str, share: Share, packed_bytes: int, depth: int) -> Iterator[FoundFile]:
    unpacked = 0
    for member in members(tar):
        inner = f"{name}/{member.name}"
        if member.name.endswith("/"):
            continue
        reason = skip(inner, "import-entry", "this is a link.") if member.is_link else unsafe_name(member.name, inner)
        if reason is not None:
            yield FoundFile(shown(inner), None, reason, share.start)
            continue
        try:
            for found in opened(member, inner, Share(share.start, 0.0), max(packed_bytes, member.size), depth + 1):
                unpacked += len(found.data or b"")
                yield found
        except RunFileError as error:
            yield passed_over(Share(share.start, 0.0), inner, error.code, f"{error.found}.")
        if unpacked > limits.ARCHIVE_BYTES:
            raise Broken(f"it unpacks to more than {limits.ARCHIVE_BYTES // 2**30} GiB")


def _zip(file: IO[bytes], name: str, share: Share, depth: int) -> Iterator[FoundFile]:
    try:
        archive = zipfile.ZipFile(file)
    except ZIP_ERRORS:
        yield passed_over(share, name, "archive-damaged", "the zip's table of contents cannot be read.")
        return
    with archive:
        infos = [i for i in archive.infolist() if not i.filename.endswith("/")]
        if len(infos) > limits.ARCHIVE_ENTRIES:
            yield passed_over(
                share, name, "file-limits", f"{len(infos)} entries; the limit is {limits.ARCHIVE_ENTRIES}."
            )
            return
        infos.sort(key=lambda i: i.header_offset)  # a zip within a zip can only be read forwards
        unpacked = 0
        for found in _entries(archive, infos, name, share, depth):
            unpacked += len(found.data or b"")
            yield found
            if unpacked > limits.ARCHIVE_BYTES:
                text = f"it unpacks to more than {limits.ARCHIVE_BYTES // 2**30} GiB; what came before is imported."
                yield passed_over(share, name, "file-limits", text)
                return


def _entries(
    archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], name: str, share: Share, depth: int
) -> Iterator[FoundFile]:
    """Exports whose parts belong together first, then the rest in the order in which it lies there."""
    safe = {i.filename: i for i in infos if unsafe(i, "") is None}
    used: set[str] = set()
    for export in exports_in(ZipFiles(archive, safe)) if depth == 1 else ():
        used |= export.uses
        yield from given(export.activities(), name, Share(share.start, 0.0))
    tables = [i.filename for i in infos if i.filename in safe and is_table(i.filename.rpartition("/")[2])]
    table_name = min(tables, key=len, default=None)
    table = _table_of(archive, table_name)
    beside = (table_name or "")[: (table_name or "").rfind("/") + 1]  # the folder that it stands in, "" at the top
    there = {i.filename.removeprefix(beside) for i in infos}
    yield from without_file(table, f"{name}/{table_name}", there, Share(share.start, 0.0))
    left = [i for i in infos if i.filename not in used and i.filename != table_name]
    packed = float(sum(i.compress_size for i in left)) or 1.0
    before = 0.0
    for info in left:
        part = share.part(before / packed, info.compress_size / packed)
        before += info.compress_size
        yield from _entry(archive, info, name, part, depth, table)


def without_file(table: Table, name: str, there: Path | set[str], share: Share) -> Iterator[FoundFile]:
    """The entries by hand in a table of activities that say when, how long and how far, and what is not to be had."""
    for row, found in table.without_file(there):
        if isinstance(found, str):
            yield FoundFile(shown(name), None, no_file(f"{name}, {row}", found), share.end)
        else:
            yield FoundFile(f"{shown(name)}, {row}", found.document(), None, share.end)


def _entry(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, within: str, share: Share, depth: int, table: Table
) -> Iterator[FoundFile]:
    name = shown(f"{within}/{info.filename}")
    if (reason := unsafe(info, name)) is not None:
        yield FoundFile(name, None, reason, share.end)
        return
    notes = table.notes.get(PurePosixPath(info.filename).name, FileNotes())
    if info.file_size > limits.ARCHIVE_BYTES:
        yield passed_over(share, name, "file-limits", "the entry is larger than an archive may be.")
        return
    try:
        with archive.open(info) as stream:
            yield from opened(stream, name, share, info.compress_size, depth + 1, notes)
    except RunFileError as error:
        yield passed_over(share, name, error.code, f"{error.found}.")
    except ZIP_ERRORS as error:
        yield passed_over(share, name, "archive-damaged", f"it cannot be unpacked ({type(error).__name__}).")


def _listed_activities(stream: _Ahead, name: str, share: Share) -> Iterator[FoundFile]:
    """Each activity of a list in JSON, as a list of one."""
    try:
        for number, one in enumerate(objects_in(stream), start=1):
            yield FoundFile(f"{shown(name)}, activity {number}", b"[" + one + b"]", None, share.start)
    except TooLong as error:
        yield passed_over(share, name, "file-limits", f"{error}.")


def _database(stream: Readable, head: bytes, name: str, share: Share, packed_bytes: int) -> Iterator[FoundFile]:
    """The sessions of Health Connect; any other database is none of an activity."""
    reason = why_not(name, head)
    if name.lower().endswith((".db", ".sqlite")):
        data = _whole(name, stream, head, packed_bytes, health_connect.MOST_BYTES)
        if health_connect.is_export(data):
            yield from given(health_connect.activities(data, name), "", share)
            return
    yield FoundFile(shown(name), None, reason, share.end)


def _whole(name: str, stream: Readable, head: bytes, packed_bytes: int, most_bytes: int = 0) -> bytes:
    """The rest of a file behind its first bytes; stops as soon as it is larger than any recording."""
    cap = most_bytes or formats.most_bytes(kind_of(head))
    parts, size = [head], len(head)
    while part := stream.read(limits.CHUNK_BYTES):
        parts.append(part)
        size += len(part)
        if size > cap:
            raise limits.too_large(name, f"more than {cap // limits.MEBIBYTE} MiB")
        if size > limits.RATIO_FREE_BYTES and size > limits.RATIO * max(packed_bytes, 1):
            raise limits.too_large(name, f"unpacks to more than {limits.RATIO} times its size")
    return b"".join(parts)


def _table_of(archive: zipfile.ZipFile, name: str | None) -> Table:
    if name is None:
        return Table()
    try:
        with archive.open(name) as stream:
            return read_table(PurePosixPath(name).name, stream.read(_TABLE_BYTES))
    except ZIP_ERRORS:
        return Table()
