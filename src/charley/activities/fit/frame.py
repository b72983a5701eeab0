"""The frame of a FIT file: headers, declared sizes, checksums, files chained in one.

Sizes are clipped to the bytes that there are; a wrong checksum is a warning, since the runs behind it are mostly whole.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from charley.activities import limits
from charley.activities.fit.crc import crc16
from charley.vocabulary.errors import RunFileError, Warned

HEADER_SIZES = (12, 14)
CRC_BYTES = 2
MOST_PARTS = limits.ACTIVITIES  # a hostile file has millions, of 14 bytes each


@dataclass(frozen=True, slots=True)
class Part:
    """One FIT file of a chain: its messages are ``data[start:end]``."""

    start: int
    end: int
    protocol: int = 2  # major version


def parts(data: bytes, name: str) -> tuple[list[Part], list[Warned]]:
    """The parts of ``data`` and what is wrong with their frames. Raises RunFileError if not even a header is there."""
    found: list[Part] = []
    warnings: list[Warned] = []
    at = 0
    while at < len(data):
        if not _is_header(data, at):
            break
        start = at + data[at]
        (declared,) = struct.unpack_from("<I", data, at + 4)
        end = start + declared
        if declared == 0 and len(data) > start + CRC_BYTES and not _is_header(data, start + CRC_BYTES):
            end = len(data)
            warnings.append(Warned("fit-cut", "the recording was never closed (size 0 in its header)"))
        elif end + CRC_BYTES > len(data):
            warnings.append(
                Warned("fit-cut", f"the file ends early: {declared} bytes declared, {len(data) - start} there")
            )
            end = min(end, len(data))
        elif crc16(data[at : end + CRC_BYTES]) != 0 or not _header_crc_holds(data, at):
            warnings.append(
                Warned("fit-checksum", f"the checksum of part {len(found) + 1} is wrong: bytes have changed")
            )
        found.append(Part(start, end, data[at + 1] >> 4))
        at = end + CRC_BYTES
        if len(found) > MOST_PARTS:
            raise limits.too_large(name, f"more than {MOST_PARTS} FIT files chained in one")
    if not found:
        raise RunFileError("fit-unreadable", "the FIT header is cut or broken", name)
    if at < len(data) and data[at:].strip(b"\0"):
        warnings.append(Warned("fit-trailing", f"{len(data) - at} bytes after the end are no FIT and were passed over"))
    return found, warnings


def _is_header(data: bytes, at: int) -> bool:
    return at + 12 <= len(data) and data[at] in HEADER_SIZES and data[at + 8 : at + 12] == b".FIT"


def _header_crc_holds(data: bytes, at: int) -> bool:
    """True also where the header has none: 12 bytes, or a checksum field of 0."""
    if data[at] == HEADER_SIZES[0] or at + HEADER_SIZES[1] > len(data):
        return True
    (stored,) = struct.unpack_from("<H", data, at + 12)
    return bool(stored == 0 or crc16(data[at : at + 12]) == stored)
