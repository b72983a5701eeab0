"""A small FIT writer: for the demonstration runner, and for tests that need files nobody else has.

It writes what the FIT protocol allows, and on request what it forbids; it checks nothing.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from charley.activities.fit.crc import crc16
from charley.activities.fit.profile import BASE_TYPES, BYTE, STRING

ENUM, SINT8, UINT8, UINT16, SINT32, UINT32, FLOAT32 = 0x00, 0x01, 0x02, 0x84, 0x85, 0x86, 0x88

_LETTERS = {
    "u1": "B", "i1": "b", "u2": "H", "i2": "h", "u4": "I", "i4": "i", "u8": "Q", "i8": "q", "f4": "f", "f8": "d"
}  # fmt: skip

Value = float | int | str | bytes | None


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a definition: its number, base type, and how many values (bytes, for a text) it holds.

    ``developer_index`` is set for developer fields, whose ``number`` counts within that index.
    """

    number: int
    base: int
    count: int = 1
    developer_index: int | None = None

    @property
    def size(self) -> int:
        """Bytes that the field takes in a message."""
        return self.count * (1 if self.base in (STRING, BYTE) else BASE_TYPES[self.base][1])

    def pack(self, order: str, value: Value | Sequence[Value]) -> bytes:
        """``value`` as bytes; None as the value that means missing."""
        if self.base in (STRING, BYTE):
            raw = value.encode() if isinstance(value, str) else value if isinstance(value, bytes) else b""
            return raw[: self.count].ljust(self.count, b"\0" if self.base == STRING else b"\xff")
        letter, _, missing = BASE_TYPES[self.base]
        several = list(value) if isinstance(value, Sequence) and not isinstance(value, str | bytes) else [value]
        nothing = float("nan") if missing is None else missing
        numbers = [nothing if v is None else v if missing is None else round(float(v)) for v in several]
        return struct.pack(f"{order}{self.count}{_LETTERS[letter]}", *numbers)


class FitWriter:
    """Messages in order; ``finish`` puts header and checksum around them. One writer, one FIT file of a chain."""

    def __init__(self, *, big_endian: bool = False, header_bytes: int = 14) -> None:
        self._body = bytearray()
        self._order = ">" if big_endian else "<"
        self._header_bytes = header_bytes
        self._fields: dict[int, list[Field]] = {}

    def define(self, local: int, message: int, fields: Sequence[Field]) -> None:
        """What messages of the ``local`` type (0 to 15) hold from now on."""
        self._fields[local] = list(fields)
        own = [f for f in fields if f.developer_index is None]
        added = [f for f in fields if f.developer_index is not None]
        self._body += struct.pack(
            f"{self._order}BBBHB", 0x40 | (0x20 if added else 0) | local, 0, self._order == ">", message, len(own)
        )
        for field in own:
            self._body += bytes((field.number, field.size, field.base))
        if added:
            self._body.append(len(added))
            for field in added:
                self._body += bytes((field.number, field.size, field.developer_index or 0))

    def write(self, local: int, *values: Value | Sequence[Value], time_offset: int | None = None) -> None:
        """A message; with ``time_offset`` (0 to 31 s) under a compressed header, for local types 0 to 3."""
        self._body.append(local if time_offset is None else 0x80 | local << 5 | time_offset)
        for field, value in zip(self._fields[local], values, strict=True):
            self._body += field.pack(self._order, value)

    def raw(self, data: bytes) -> None:
        """Any bytes at all."""
        self._body += data

    def finish(self, *, declared_bytes: int | None = None) -> bytes:
        """The whole file. ``declared_bytes`` puts another size in the header than the true one."""
        size = len(self._body) if declared_bytes is None else declared_bytes
        header = struct.pack("<BBHI4s", self._header_bytes, 0x20, 2132, size, b".FIT")
        if self._header_bytes > len(header):
            header += struct.pack("<H", crc16(header))
        data = header + bytes(self._body)
        return data + struct.pack("<H", crc16(data))
