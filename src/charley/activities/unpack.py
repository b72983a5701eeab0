"""From a path to the bytes of one activity, through gzip and zip, without ever trusting a declared size.

Nothing is written to disk. An archive with several activities is another verb's work; ``entries`` walks it safely.
"""

from __future__ import annotations

import lzma
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import IO

from charley.activities import formats, limits
from charley.activities.file_kinds import HEAD_BYTES, called, kind_of
from charley.vocabulary.errors import RunFileError, Warned

ACTIVITY_KINDS = frozenset(formats.BY_KIND)
_EXPORT_MARKS = (  # names in account exports
    b"activities.csv", b"DI_CONNECT/", b"cardioActivities.csv", b"apple_health_export/", b"com.samsung.",
    b"health_connect_export", b"motion path detail data",
)  # fmt: skip
_TO_IMPORT = frozenset({"tar", "xz", "bz2", "apple"})  # what an import opens
# of the others Python's reader unpacks a whole entry at once, whatever it comes to
ZIP_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DIRECTORY_BYTES = 4 * limits.MEBIBYTE  # a zip's table of contents stands at its end
_GZIP_MEMBERS = 64  # gzips glued together; honest files have one
_UNZIP_ERRORS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Content:
    """The unpacked bytes of one activity file, where they came from, and what unpacking had to say."""

    name: str
    kind: str  # "fit", "tcx" or "gpx"
    data: bytes
    warnings: tuple[Warned, ...] = ()


def content(path: str | PathLike[str]) -> Content:
    """The one activity in the file at ``path``. Raises RunFileError when there is none, or more than one."""
    name = Path(path).name
    data = _bytes_of(Path(path), name)
    kind = kind_of(data[:HEAD_BYTES])
    if kind == "zip":
        return _only_activity(name, data)
    return unpacked(name, data)


def unpacked(name: str, data: bytes, *, in_zip: bool = False) -> Content:
    """``data`` with its gzip layers (two at most) taken off, as an activity of known kind."""
    warnings: list[Warned] = []
    kind = kind_of(data[:HEAD_BYTES])
    for _ in range(limits.ARCHIVE_NESTING):
        if kind != "gzip":
            break
        data, cut = _gunzip(name, data)
        kind = kind_of(data[:HEAD_BYTES])
        if cut and not data:
            raise RunFileError("archive-damaged", "nothing of this gzip can be unpacked", name)
        if cut and "gzip-cut" not in (w.code for w in warnings):
            warnings.append(Warned("gzip-cut", f"{name}: the gzip ends early or is damaged; what came out is used"))
    if kind == "zip" and in_zip:
        raise limits.too_large(name, f"archives nested deeper than {limits.ARCHIVE_NESTING}")
    if kind == "zip":
        inner = _only_activity(name, data)
        return Content(inner.name, inner.kind, inner.data, (*warnings, *inner.warnings))
    if kind == "empty":
        raise RunFileError("file-empty", "the file holds no bytes", name)
    if kind in _TO_IMPORT:
        raise RunFileError("archive-several", f"this is {called(kind)}", name)
    if kind not in ACTIVITY_KINDS:
        raise RunFileError("file-kind", f"this is {kind if kind != 'gzip' else 'a gzip within gzips'}", name)
    _check_size(name, kind, len(data))
    return Content(name, kind, data, tuple(warnings))


def entries(data: bytes, name: str, *, nesting: int = 1) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the files in a zip, and in the zips in it. What is unsafe or no file is passed over:
    folders, links, absolute names, names with "..", encrypted entries, and what systems add of their own.

    Raises RunFileError for too many entries, too deep a nesting, an absurd ratio, or more bytes than the limit.
    """
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except _UNZIP_ERRORS as error:
        raise RunFileError("archive-damaged", "the zip's table of contents cannot be read", name) from error
    with archive:
        infos = archive.infolist()
        if len(infos) > limits.ARCHIVE_ENTRIES:
            raise limits.too_large(name, f"{len(infos)} entries; the limit is {limits.ARCHIVE_ENTRIES}")
        total = 0
        for info in infos:
            if not _is_safe_file(info):
                continue
            inner = _read_entry(archive, info, name)
            total += len(inner)
            if total > limits.ARCHIVE_BYTES:
                raise limits.too_large(name, "the archive unpacks to more than 4 GiB")
            if kind_of(inner[:HEAD_BYTES]) != "zip":
                yield info.filename, inner
            elif nesting >= limits.ARCHIVE_NESTING:
                raise limits.too_large(name, f"zips nested deeper than {limits.ARCHIVE_NESTING}")
            else:
                yield from entries(inner, name, nesting=nesting + 1)


def _only_activity(name: str, data: bytes) -> Content:
    """The single activity of a zip; copies of the same content count once."""
    found: dict[str, Content] = {}
    problems: list[RunFileError] = []
    if any(mark in data[-_DIRECTORY_BYTES:] for mark in _EXPORT_MARKS):
        raise RunFileError("archive-several", "this is the export of a whole account", name)
    for inner_name, inner in entries(data, name):
        try:
            item = unpacked(Path(inner_name).name, inner, in_zip=True)
        except RunFileError as error:
            if error.code == "file-limits":
                raise
            problems.append(error)
            continue
        found.setdefault(sha256(item.data).hexdigest(), item)
        if len(found) > 1:
            raise RunFileError("archive-several", "the archive holds several activities", name)
    if not found:
        what = f"the archive holds no activity ({problems[0].found})" if problems else "the archive holds no activity"
        raise RunFileError("archive-empty", what, name)
    return next(iter(found.values()))


def _bytes_of(path: Path, name: str) -> bytes:
    try:
        if not path.is_file():
            what = "this is a folder" if path.is_dir() else "there is no such file"
            raise RunFileError("file-missing", what, str(path))
        most = formats.most_bytes("")
        if path.stat().st_size > most:
            raise limits.too_large(name, f"more than {most // limits.MEBIBYTE} MiB")
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        raise RunFileError("file-missing", "the file cannot be opened", str(path)) from error


def _check_size(name: str, kind: str, size: int) -> None:
    cap = formats.most_bytes(kind)
    if size > cap:
        raise limits.too_large(name, f"more than {cap // limits.MEBIBYTE} MiB of {kind.upper()}")


def _is_safe_file(info: zipfile.ZipInfo) -> bool:
    parts = info.filename.replace("\\", "/").split("/")
    mode = info.external_attr >> 16
    return not (
        info.filename.endswith("/")
        or stat.S_ISLNK(mode)
        or info.flag_bits & 1  # encrypted
        or info.compress_type not in ZIP_METHODS
        or parts[0] == ""
        or ":" in parts[0]
        or ".." in parts
        or parts[0] == "__MACOSX"
        or parts[-1].startswith(".")
    )


def _read_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    try:
        with archive.open(info) as stream:
            return _bounded(name, max(info.compress_size, 1), _reader(stream))
    except _UNZIP_ERRORS as error:
        raise RunFileError("archive-damaged", f"{Path(info.filename).name} cannot be unpacked", name) from error


def _reader(stream: IO[bytes]) -> Callable[[], bytes]:
    return lambda: stream.read(limits.CHUNK_BYTES)


def _gunzip(name: str, data: bytes) -> tuple[bytes, bool]:
    """Unpacked bytes, and whether the stream was cut or damaged. Members that follow each other are joined."""
    state = zlib.decompressobj(wbits=31)
    rest, cut, members = data, False, 1

    def chunk() -> bytes:
        nonlocal state, rest, cut, members
        try:
            while True:
                if state.eof:
                    rest = state.unused_data
                    if not rest.startswith(b"\x1f\x8b") or members >= _GZIP_MEMBERS:
                        return b""
                    members += 1
                    state = zlib.decompressobj(wbits=31)
                out = state.decompress(rest, limits.CHUNK_BYTES)
                rest = state.unconsumed_tail
                if out:
                    return out
                if not rest and not state.eof:
                    cut = True
                    return b""
        except zlib.error:
            cut = True
            return b""

    return _bounded(name, len(data), chunk), cut


def _bounded(name: str, packed_bytes: int, chunk: Callable[[], bytes]) -> bytes:
    """All chunks joined; stops with RunFileError as soon as a limit is crossed, before anything more is unpacked."""
    parts: list[bytes] = []
    size = 0
    cap = formats.most_bytes("")
    while part := chunk():
        if not parts:
            cap = formats.most_bytes(kind_of(part[:HEAD_BYTES]))
        parts.append(part)
        size += len(part)
        if size > cap:
            raise limits.too_large(name, f"unpacks to more than {cap // limits.MEBIBYTE} MiB")
        if size > limits.RATIO_FREE_BYTES and size > limits.RATIO * packed_bytes:
            raise limits.too_large(name, f"unpacks to more than {limits.RATIO} times its size")
    return b"".join(parts)
