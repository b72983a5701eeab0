"""The list of activities in the exports of Strava and Runkeeper: what it says of the files beside it.

Its headers are in the account's language and its columns change, so that it is read by the form of its cells: the
column with the most names of files, and the third and fourth of every language seen, which hold title and sport.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from charley.activities import limits
from charley.activities.sports import sport_of
from charley.activities.texts import moment, number
from charley.activities.vendors.joined import Joined
from charley.activities.vendors.series import unix_of
from charley.evidence.numbers.activities import ACTIVITIES
from charley.vocabulary.journal import FileNotes

_TITLE_TYPE = {"activities.csv": (2, 3), "cardioActivities.csv": (3, 2)}  # of Strava and of Runkeeper
_FILE = re.compile(r"(?:.*/)?[^/]+\.(?:fit|tcx|gpx)(?:\.gz)?", re.I)
_MAKER = "activities.csv"
_DATE, _ELAPSED, _DISTANCE = 1, 5, 6  # of Strava's: in every language seen
_METRES = (1000.0, 1609.344)  # what a unit of the first column of distances may be
_CELLS = 4_000_000
_LOST = "#error#"  # stands where the platform could not write the file


@dataclass(frozen=True, slots=True)
class Table:
    """Notes by the name of the file, names by row, and the cells of rows without a file."""

    notes: dict[str, FileNotes] = field(default_factory=dict)
    files: dict[int, str] = field(default_factory=dict)
    by_hand: dict[int, list[str]] = field(default_factory=dict)
    maker: str = ""

    def without_file(self, there: Path | set[str]) -> Iterator[tuple[str, str | Joined]]:
        """(row, figures or what is wrong) for every activity that has no file there; made as they are asked for."""
        for row, cells in self.by_hand.items():
            joined = _figures(cells) if self.maker == _MAKER else None
            yield f"row {row}", joined or "an entry made by hand, without a recording"
        for row, name in self.files.items():
            if name.strip() == _LOST:
                yield f"row {row}", "the platform could not export its file (#error#)"
            elif not (os.path.exists(there / name) if isinstance(there, Path) else name in there):  # whatever the name
                yield f"row {row}", f"its file {PurePosixPath(name).name} is not in the export"


def is_table(name: str) -> bool:
    """True for the name of such a list."""
    return name in _TITLE_TYPE


def read_table(name: str, data: bytes) -> Table:
    """What the list says; an empty table for what is none, or has more cells than any account has."""
    if sum(map(data.count, (b",", b"\n", b"\r"))) > _CELLS:
        return Table()
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig", errors="replace"), newline="")))
    except csv.Error:
        return Table()
    columns = Counter(i for row in rows[1:] for i, cell in enumerate(row) if _FILE.fullmatch(cell.strip()))
    if not columns:
        return Table()
    column = columns.most_common(1)[0][0]
    title_at, type_at = _TITLE_TYPE[name]
    notes, files = {}, {}
    by_hand: dict[int, list[str]] = {}
    for line, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        cells = [cell.strip() for cell in row] + [""] * 8
        file = cells[column] if len(row) > column else ""
        if file:
            files[line] = file
            notes[PurePosixPath(file).name] = FileNotes(cells[title_at], sport_of(limits.plain(cells[type_at])))
        else:
            by_hand[line] = cells
    return Table(notes, files, by_hand, name)


def _figures(cells: list[str]) -> Joined | None:
    """When, how long and how far, where Strava's row says all three: the metres stand once more farther right."""
    when = moment(cells[_DATE])
    elapsed, far = number(cells[_ELAPSED]), number(cells[_DISTANCE])
    if when is None:
        return None
    start = unix_of(when.isoformat())  # in UTC, whatever the account's zone
    later = [number(cell) for cell in cells[_DISTANCE + 1 :]]
    found = [v for unit in _METRES for v in later if abs(v - unit * far) <= 0.01 * unit * far]
    if not found or elapsed < ACTIVITIES.min_elapsed_s or found[0] < ACTIVITIES.min_distance_m:
        return None  # or a slip of the thumb
    sport = sport_of(limits.plain(cells[_TITLE_TYPE[_MAKER][1]]))
    return Joined("Strava", sport, start, elapsed, elapsed, found[0])
