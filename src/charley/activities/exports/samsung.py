"""Samsung Health: a table of exercises, and for each up to two files of samples in folders below ``jsons``."""

from __future__ import annotations

import csv
import io
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from charley.activities import limits
from charley.activities.exports.files import Files, Given, Lost, bounded
from charley.vocabulary.errors import RunFileError

_TABLE = re.compile(r"(?:.*/)?com\.samsung\.s?health\.exercise\.\d+\.csv", re.I)
_SAMPLES = re.compile(r"(?:.*/)?jsons/com\.samsung\.s?health\.exercise/.+", re.I)
_PREFIX = re.compile(r"com\.samsung\.s?health\.exercise\.")
_WANTED = ("start_time", "end_time", "time_offset", "exercise_type", "duration", "distance", "title")
_LISTS = ("live_data", "location_data")
_TABLE_BYTES = 64 * limits.MEBIBYTE
_CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class SamsungExport:
    """The tables of exercises among the files."""

    files: Files
    tables: tuple[str, ...]
    uses: frozenset[str]

    def activities(self) -> Iterator[Given | Lost]:
        """An activity for each row of the tables."""
        at = {PurePosixPath(name).name.lower(): name for name in self.files.names if _SAMPLES.fullmatch(name)}
        for table in self.tables:
            try:
                rows = _rows(bounded(self.files, table, _TABLE_BYTES))
            except RunFileError as error:
                yield Lost(table, error.code, error.found)
                continue
            for number, row in rows:
                yield self._activity(f"{table}, row {number}", row, at)

    def _activity(self, name: str, row: dict[str, str], at: dict[str, str]) -> Given | Lost:
        parts = [b'{"samsung_health":', json.dumps({k: row.get(k, "") for k in _WANTED}).encode()]
        for key in _LISTS:
            named = row.get(key, "").strip().lower()
            # each list belongs to one activity: a table may name one a thousand times
            there = (at.pop(named, "") or at.pop(f"{named}.json", "")) if named else ""
            if not there:
                continue
            try:
                samples = bounded(self.files, there, limits.JSON_BYTES // 2)
            except (RunFileError, OSError, ValueError, RuntimeError, EOFError, zlib.error) as error:
                code = error.code if isinstance(error, RunFileError) else "archive-damaged"
                return Lost(there, code, f"the samples of {name} cannot be had")
            parts += [b',"', key.encode(), b'":', samples.removeprefix(b"\xef\xbb\xbf")]
        return Given(name, b"".join([*parts, b"}"]))


def find(files: Files) -> SamsungExport | None:
    """The export among these files, None where there is none."""
    tables = tuple(name for name in files.names if _TABLE.fullmatch(name))
    samples = frozenset(name for name in files.names if _SAMPLES.fullmatch(name))
    return SamsungExport(files, tables, samples | set(tables)) if tables else None


def _rows(data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells by name. The first line names the table, the second the columns, some with a prefix.

    Raises RunFileError (file-limits) for a table that no export has.
    """
    if data.count(b",") > _CELLS:
        raise limits.too_large("the table", f"more than {_CELLS} cells")
    lines = csv.reader(io.StringIO(data.decode("utf-8-sig", errors="replace"), newline=""))
    names: list[str] | None = None
    try:
        for number, cells in enumerate(lines, start=1):
            if names is None:
                if len(cells) > 3 or any("start_time" in cell for cell in cells):
                    names = [_PREFIX.sub("", cell.strip()) for cell in cells]
            elif any(cell.strip() for cell in cells):
                yield number, dict(zip(names, cells, strict=False))
    except csv.Error:
        return
