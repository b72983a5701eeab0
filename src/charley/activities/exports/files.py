"""A folder or a zip as files with names, whichever it is; and what an export gives of them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from charley.activities import limits
from charley.vocabulary.journal import FileNotes

NO_NOTES = FileNotes()


class Readable(Protocol):
    """What can be read forwards."""

    def read(self, size: int = ..., /) -> bytes:
        """The next bytes, at most that many; none at the end."""


class Files(Protocol):
    """Files by name; the names have slashes, in a folder too."""

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""

    def open(self, name: str) -> AbstractContextManager[Readable]:
        """A file to be read from its start. Raises what opening a file or an entry raises."""

    def packed_bytes(self, name: str) -> int:
        """The room that it takes where it lies."""


@dataclass(frozen=True, slots=True)
class Given:
    """An activity that an export gave: what is read, under which name, and what else is known of it."""

    name: str
    data: bytes
    notes: FileNotes = NO_NOTES


@dataclass(frozen=True, slots=True)
class Lost:
    """Something of an export that could not be used: its name, the code of an error, what was found."""

    name: str
    code: str
    found: str


class Export(Protocol):
    """An export found among files: the names that it uses up, and its activities."""

    @property
    def uses(self) -> frozenset[str]:
        """Names that nothing else is to be made of."""

    def activities(self) -> Iterator[Given | Lost]:
        """Each activity in its order, and what could not be used. Reads as it goes."""


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """A folder and all below it."""

    root: Path
    names: tuple[str, ...]

    def open(self, name: str) -> IO[bytes]:
        """A file to be read."""
        return (self.root / name).open("rb")

    def packed_bytes(self, name: str) -> int:
        """Its size."""
        return (self.root / name).stat().st_size


@dataclass(frozen=True, slots=True)
class ZipFiles:
    """The entries of a zip that are safe to open."""

    archive: zipfile.ZipFile
    infos: dict[str, zipfile.ZipInfo] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Of all entries."""
        return tuple(self.infos)

    def open(self, name: str) -> IO[bytes]:
        """An entry to be read."""
        return self.archive.open(self.infos[name])

    def packed_bytes(self, name: str) -> int:
        """Its packed size."""
        return self.infos[name].compress_size


@dataclass(frozen=True, slots=True)
class OneFile:
    """A single file that was opened already."""

    stream: Readable
    name: str
    size: int

    @property
    def names(self) -> tuple[str, ...]:
        """Its own."""
        return (self.name,)

    def open(self, name: str) -> AbstractContextManager[Readable]:
        """The file itself, once."""
        return nullcontext(self.stream)

    def packed_bytes(self, name: str) -> int:
        """Its size."""
        return self.size


def bounded(files: Files, name: str, most_bytes: int) -> bytes:
    """A whole file. Raises RunFileError (file-limits) beyond that many bytes, or where it unpacks to too much."""
    packed = max(files.packed_bytes(name), 1)
    parts, size = [], 0
    with files.open(name) as stream:
        while part := stream.read(limits.CHUNK_BYTES):
            parts.append(part)
            size += len(part)
            if size > most_bytes:
                raise limits.too_large(name, f"more than {most_bytes // limits.MEBIBYTE} MiB")
            if size > limits.RATIO_FREE_BYTES and size > limits.RATIO * packed:
                raise limits.too_large(name, f"unpacks to more than {limits.RATIO} times its size")
    return b"".join(parts)
