"""Compressed bytes that others may have made: never more is unpacked than anything of ours can hold."""

from __future__ import annotations

import zlib


def inflate(data: bytes, most_bytes: int) -> bytes:
    """The plain bytes of a zlib stream. ValueError where it would hold more than ``most_bytes``, ends early, or is no
    zlib stream."""
    state = zlib.decompressobj()
    try:
        plain = state.decompress(data, most_bytes + 1)
    except zlib.error as error:
        raise ValueError(f"not compressed as it should be ({error})") from None
    if len(plain) > most_bytes:
        raise ValueError(f"unpacks to more than {most_bytes} bytes")
    if not state.eof:
        raise ValueError("ends early")
    return plain
