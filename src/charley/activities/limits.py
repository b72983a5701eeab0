"""What a file may cost: bytes, records, seconds. A file is somebody else's, so nothing in it is believed."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from charley.vocabulary.errors import RunFileError

MEBIBYTE = 2**20

FIT_BYTES = 64 * MEBIBYTE  # a rich 24-hour recording at 1 Hz holds 7 MB
XML_BYTES = 256 * MEBIBYTE  # a 24-hour TCX holds 25 MB
JSON_BYTES = 64 * MEBIBYTE  # a 24-hour session of the most wordy maker holds 35 MB
JSON_OBJECTS, JSON_VALUES = 1_000_000, 4_000_000  # 24 hours hold half of that; half a gigabyte at the worst
SAMPLES = 4_000_000  # of all channels of one file together, where each has its own times
ARCHIVE_BYTES = 4096 * MEBIBYTE  # all entries of one archive together, unpacked
RATIO = 200  # unpacked to packed bytes; real recordings stay below 30
RATIO_FREE_BYTES = 1 * MEBIBYTE  # below this size no ratio can hurt
CHUNK_BYTES = 256 * 1024
ARCHIVE_ENTRIES = 200_000
TAR_ENTRIES = 100_000  # which take almost no room, packed
ARCHIVE_NESTING = 2  # a zip in a zip: account exports have that
RECORDS = 1_000_000
ACTIVITIES = 1_000  # in one file: a chain of every run of some years
# What the activities of a file that is handed in may cost, by its own size (prices: ``journal.importing``). A run
# of half an hour packs to 8 kB and more. Whoever has more than that imports the file again, and it goes on.
ROOM_FREE, ROOM_BYTES = 6_000, 256
GIVEN_FREE, GIVEN_TIMES = 10_000, 3  # samples given to activities for each one held: a watch and two programs, one run
GRID_SECONDS = 400_000  # samples kept of one run: four and a half days at 1 Hz
CPU_SECONDS = 30.0
NAME_CHARACTERS = 80  # of a device, a developer field, a sport that no table knows
CLOCK_AHEAD_S = 2 * 86_400.0  # a watch may be wrong by a time zone, not by more
CLOCK_JUMP_S = 6 * 3600.0  # longer silences without a stopped timer are a broken clock or another day
SESSION_FACTOR, SESSION_MARGIN_S = 1.5, 3600.0  # samples may outlast what the session says by so much
EARLIEST_UNIX_S = 946_684_800.0  # 2000-01-01 UTC: no watch recorded runs before


def latest_unix_s() -> float:
    """The last moment that a record may bear: now and two days."""
    return time.time() + CLOCK_AHEAD_S


@dataclass(slots=True)
class Deadline:
    """Processor time that the reading of one file may take; decode loops call ``check`` now and then."""

    file_name: str
    seconds: float = CPU_SECONDS
    _end: float = field(init=False)

    def __post_init__(self) -> None:
        self._end = time.thread_time() + self.seconds

    def check(self) -> None:
        """Raise RunFileError (file-slow) once the time is used up."""
        if time.thread_time() > self._end:
            raise RunFileError("file-slow", f"reading takes longer than {self.seconds:g} s", self.file_name)


def plain(text: str) -> str:
    """A name out of a file, made harmless: one line of at most 80 printable characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:NAME_CHARACTERS]


def too_large(file_name: str, what: str) -> RunFileError:
    """The error of a file that goes beyond a limit; ``what`` names the limit."""
    return RunFileError("file-limits", what, file_name)
