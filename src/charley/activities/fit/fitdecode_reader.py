"""FIT decoded by fitdecode, frame by frame: the oracle of the fast decoder, and its fallback.

All frames up to the first exception are kept.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from charley.activities.fit import profile as fit
from charley.activities.fit.frame import Part
from charley.activities.fit.messages import Fields, FitMessages, check_counts
from charley.activities.limits import Deadline
from charley.vocabulary.arrays import Floats
from charley.vocabulary.errors import CharleyError, Warned

_CHECK_EVERY = 1024  # frames


class _Column:
    """Values of one field with the rows that they stand in; within a row the first one counts."""

    __slots__ = ("rows", "values")

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.values: list[float] = []

    def add(self, row: int, value: float | None) -> None:
        if value is not None and not (self.rows and self.rows[-1] == row):
            self.rows.append(row)
            self.values.append(value)

    def array(self, size: int) -> Floats:
        out = np.full(size, np.nan)
        out[self.rows] = self.values
        return out


def messages(data: bytes, file_parts: list[Part], deadline: Deadline) -> FitMessages:
    """Decode all parts. Damage ends the decoding of its part with a warning; RunFileError only for limits."""
    columns: dict[int, _Column] = {}
    packed = _Column()
    developer: dict[str, tuple[str, _Column]] = {}
    others: list[tuple[int, Fields]] = []
    warnings: list[Warned] = []
    part_rows: list[int] = []
    part_others: list[int] = []
    rows = 0
    for part in file_parts:
        part_rows.append(rows)
        part_others.append(len(others))
        try:
            for count, frame in enumerate(_frames(data, part)):
                if count % _CHECK_EVERY == 0:
                    deadline.check()
                    check_counts(rows, len(others), deadline.file_name)
                number = frame.global_mesg_num
                if number == fit.RECORD:
                    rows += 1
                    _add_record(frame, rows - 1, columns, packed, developer)
                elif number in fit.KEPT:
                    others.append((number, _fields(frame)))
        except CharleyError:
            raise
        except Exception as error:
            warnings.append(Warned("fit-damaged", f"a part of the file cannot be decoded ({type(error).__name__})"))
    return FitMessages(
        records=rows,
        columns={number: column.array(rows) for number, column in columns.items()},
        packed_speed_distance=packed.array(rows) if packed.rows else None,
        developer={name: (unit, column.array(rows)) for name, (unit, column) in developer.items() if column.rows},
        others=others,
        part_rows=part_rows,
        part_others=part_others,
        warnings=warnings,
    )


def _frames(data: bytes, part: Part) -> Any:
    """The data messages of one part, given to fitdecode under a header that tells its true size."""
    import fitdecode

    body = data[part.start : part.end]
    header = bytes((14, 0x20, 0, 0)) + len(body).to_bytes(4, "little") + b".FIT\0\0"
    reader = fitdecode.FitReader(
        header + body + b"\0\0",
        processor=None,
        check_crc=fitdecode.CrcCheck.DISABLED,
        error_handling=fitdecode.ErrorHandling.IGNORE,
    )
    with reader:
        for frame in reader:
            if frame.frame_type == fitdecode.FIT_FRAME_DATA:
                yield frame


def _add_record(
    frame: Any, row: int, columns: dict[int, _Column], packed: _Column, developer: dict[str, tuple[str, _Column]]
) -> None:
    for item in frame.fields:
        if item.field_def is None:  # made by fitdecode out of another field, or a compressed timestamp
            if item.def_num == fit.TIMESTAMP:
                columns.setdefault(fit.TIMESTAMP, _Column()).add(row, float(item.raw_value))
            continue
        if item.field_def.is_dev:
            value = _number(item)
            if isinstance(item.name, str) and value is not None:
                unit = item.units if isinstance(item.units, str) else ""
                developer.setdefault(item.name, (unit, _Column()))[1].add(row, value)
        elif item.def_num in fit.WANTED:
            columns.setdefault(item.def_num, _Column()).add(row, _number(item))
        elif item.def_num == fit.COMPRESSED_SPEED_DISTANCE:
            raw = item.raw_value
            if item.base_type.identifier == fit.BYTE and raw is not None and len(raw) == 3:
                packed.add(row, float(raw[0] | raw[1] << 8 | raw[2] << 16))


def _fields(frame: Any) -> Fields:
    fields: Fields = {}
    for item in frame.fields:
        if item.field_def is not None and item.field_def.is_dev:
            continue
        if item.field_def is None and item.def_num != fit.TIMESTAMP:
            continue
        value = item.raw_value if isinstance(item.raw_value, str) else _number(item)
        if value is not None:
            fields.setdefault(item.def_num, value)
    return fields


def _number(item: Any) -> float | None:
    """The first element of a field as a number, None where it is missing or no number."""
    if item.field_def is not None and item.base_type.identifier == fit.BYTE:
        return None
    raw = item.raw_value[0] if isinstance(item.raw_value, tuple) else item.raw_value
    if isinstance(raw, int | float) and np.isfinite(raw):
        return float(raw)
    return None
