"""A tar in a stream, and what it may be packed in: nothing is written, and nothing that it declares is believed.

Only what every tar has is read: the header of 512 bytes, and the long names of GNU and POSIX, which are headers too.
"""

from __future__ import annotations

import bz2
import lzma
import re
import zlib
from collections.abc import Iterator
from typing import Protocol

from charley.activities import limits
from charley.activities.exports.files import Readable

BLOCK = 512
_LONG_NAME_BYTES = 1 << 16
_FILE, _GNU_NAME, _POSIX = b"0\0", b"L", b"x"
_LINKS = b"12"
_LZMA_BYTES = 128 * limits.MEBIBYTE  # what unpacking may hold; the strongest level of xz needs 65
_POSIX_PATH = re.compile(rb"\d+ path=([^\n]*)\n")


class Broken(ValueError):
    """The archive cannot be read on; the text says why."""


class _Decompressor(Protocol):
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


class Unpacked:
    """A gzip, bz2 or xz as a stream of what is in it, forwards only.

    Raises Broken where it is damaged, or unpacks to more than an honest one does.
    """

    def __init__(self, stream: Readable, kind: str, packed_bytes: int) -> None:
        self._stream, self._kind, self._packed = stream, kind, max(packed_bytes, 1)
        self._state = self._new()
        self._rest, self._size, self._over = b"", 0, False

    def read(self, size: int = limits.CHUNK_BYTES, /) -> bytes:
        """The next bytes, at most ``size``; none at the end."""
        parts: list[bytes] = []
        while size > 0 and not self._over:
            part = self._next(min(size, limits.CHUNK_BYTES))
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _new(self) -> _Decompressor:
        if self._kind == "gzip":
            return zlib.decompressobj(wbits=31)
        return bz2.BZ2Decompressor() if self._kind == "bz2" else lzma.LZMADecompressor(memlimit=_LZMA_BYTES)

    def _next(self, most: int) -> bytes:
        try:
            if getattr(self._state, "eof", False):
                self._rest = getattr(self._state, "unused_data", b"") or self._stream.read(limits.CHUNK_BYTES)
                if not self._rest.strip(b"\0"):
                    self._over = True
                    return b""
                self._state = self._new()
            if not self._rest and getattr(self._state, "needs_input", True):
                self._rest = self._stream.read(limits.CHUNK_BYTES)
                if not self._rest:
                    raise Broken("it ends early")
            out = self._state.decompress(self._rest, most)
            self._rest = getattr(self._state, "unconsumed_tail", b"")
        except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
            raise error if isinstance(error, Broken) else Broken("it cannot be unpacked") from error
        self._size += len(out)
        if self._size > limits.ARCHIVE_BYTES:
            raise Broken(f"it unpacks to more than {limits.ARCHIVE_BYTES // 2**30} GiB")
        if self._size > limits.RATIO_FREE_BYTES and self._size > limits.RATIO * self._packed:
            raise Broken(f"it unpacks to more than {limits.RATIO} times its size")
        return out


class Member:
    """A file in a tar: its name, its size, and its bytes while the walk stands at it."""

    def __init__(self, tar: Readable, name: str, size: int, *, is_link: bool) -> None:
        self._tar, self.name, self.size, self.is_link = tar, name, size, is_link
        self.left = size

    def read(self, size: int = limits.CHUNK_BYTES, /) -> bytes:
        """The next bytes of the file."""
        data = self._tar.read(min(size, self.left))
        self.left -= len(data)
        return data


def members(tar: Readable) -> Iterator[Member]:
    """The files in their order; what is left of one is passed over. Raises Broken where the tar ends early."""
    long_name = b""
    count = 0
    while True:
        header = tar.read(BLOCK)
        if len(header) < BLOCK or not header.strip(b"\0"):
            if header and len(header) < BLOCK:
                raise Broken("it ends early")
            return
        count += 1
        if count > limits.TAR_ENTRIES:
            raise Broken(f"it holds more than {limits.TAR_ENTRIES} entries")
        size, kind = _number(header[124:136]), header[156:157]
        if kind in (_GNU_NAME, _POSIX):
            if size > _LONG_NAME_BYTES:
                raise Broken("a name in it is longer than any name")
            text = _padded(tar, size)
            found = _POSIX_PATH.search(text)
            long_name = text.rstrip(b"\0") if kind == _GNU_NAME else found.group(1) if found else long_name
            continue
        name = long_name or _name(header)
        long_name = b""
        member = Member(tar, name.decode("utf-8", errors="replace"), size, is_link=kind in _LINKS)
        if kind in _LINKS or kind in _FILE:
            yield member
        _pass_over(tar, member.left + -size % BLOCK)


def _name(header: bytes) -> bytes:
    name = header[:100].split(b"\0")[0]
    prefix = header[345:500].split(b"\0")[0] if header[257:263] == b"ustar\0" else b""
    return prefix + b"/" + name if prefix else name


def _number(field: bytes) -> int:
    """A size: digits to the base of 8, or, of large files, bytes."""
    if field[0] & 0x80:
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b"\0 ")
    try:
        return int(digits or b"0", 8)
    except ValueError:
        raise Broken("a size in it is no number") from None


def _padded(tar: Readable, size: int) -> bytes:
    return tar.read(size + -size % BLOCK)[:size]


def _pass_over(tar: Readable, count: int) -> None:
    while count > 0:
        part = tar.read(min(count, limits.CHUNK_BYTES))
        if not part:
            raise Broken("it ends early")
        count -= len(part)
