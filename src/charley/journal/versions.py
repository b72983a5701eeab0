"""Two bytes near the start of an SQLite file that say by which version it may be written and read.

SQLite knows 1 (a journal that is rolled back) and 2 (written ahead). With a higher one it opens the file for reading
only, or not at all: one damaged byte would lock its owner out, and nothing else in the file would be wrong.
"""

from __future__ import annotations

from pathlib import Path

_WRITE_AT, _READ_AT = 18, 19  # bytes of the header; https://www.sqlite.org/fileformat2.html, 1.3.3
ROLLED_BACK, WRITTEN_AHEAD = 1, 2


def locks_out(file: Path) -> bool:
    """Whether one of the bytes is higher than any that SQLite knows. A file too short to hold them locks nobody out."""
    with open(file, "rb") as opened:
        head = opened.read(_READ_AT + 1)
    return len(head) > _READ_AT and max(head[_WRITE_AT], head[_READ_AT]) > WRITTEN_AHEAD


def mend(file: Path, version: int) -> None:
    """Put the version there. The file must be open nowhere."""
    with open(file, "r+b") as opened:
        opened.seek(_WRITE_AT)
        opened.write(bytes((version, version)))
