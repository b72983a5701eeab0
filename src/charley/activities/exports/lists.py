"""A list in JSON, in a stream: its objects one after the other, as they stand, without the list ever being whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from charley.activities import limits
from charley.activities.exports.files import Readable

_OUTSIDE, _INSIDE = re.compile(rb'["{}\[\]]'), re.compile(rb'["\\]')  # of a text


class TooLong(ValueError):
    """An object is longer than any activity."""


def objects_in(stream: Readable) -> Iterator[bytes]:  # noqa: C901 - one state over all chunks; parts would share it
    """Each object of a list, or the one object that stands alone; one that is cut at the end is passed over.

    Raises TooLong.
    """
    parts: list[bytes] = []
    size = depth = 0
    in_text = escaped = False
    chunk = stream.read(limits.CHUNK_BYTES)
    while chunk:
        begin, at = 0, int(escaped)
        escaped = False
        while mark := (_INSIDE if in_text else _OUTSIDE).search(chunk, at):
            what, at = mark.group(), mark.end()
            if in_text:
                in_text = what != b'"'
                if in_text:  # a backslash: the letter behind it is text
                    escaped = at == len(chunk)
                    at += 1
            elif what == b'"':
                in_text = True
            elif what in b"{[":
                begin = mark.start() if depth == 0 else begin
                depth += what == b"{" or depth > 0
            elif depth:
                depth -= 1
                if depth == 0:
                    yield b"".join([*parts, chunk[begin:at]])
                    parts, size = [], 0
        if depth:
            parts.append(chunk[begin:])
            size += len(chunk) - begin
            if size > limits.JSON_BYTES:
                raise TooLong("an activity in it is longer than any recording")
        chunk = stream.read(limits.CHUNK_BYTES)
