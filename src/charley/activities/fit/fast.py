"""FIT decoded with NumPy: one walk over the message headers, then whole columns at once.

A definition fixes the length of the messages behind it, so that the walk needs no more than the first byte of each. Of
the messages it keeps the place of every ``record`` and decodes the few others that matter at once. Behind the walk the
records of each definition are gathered into rows and read as columns of a structured array. On whole files the result
equals that of ``fitdecode_reader``; in damaged ones it keeps all that stands before the damage.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from charley.activities.fit import profile as fit
from charley.activities.fit.frame import Part
from charley.activities.fit.messages import Fields, FitMessages, check_counts
from charley.activities.fit.repeats import Trail, alike
from charley.activities.limits import CHUNK_BYTES, Deadline, too_large
from charley.vocabulary.arrays import Floats, Index
from charley.vocabulary.errors import Warned

_DEFINITION, _DEVELOPER, _COMPRESSED = 0x40, 0x20, 0x80  # bits of a message's first byte
_LOCAL_TYPES = 16
_NO_STAMP = b"\xff\xff\xff\xff"
_LAYOUTS = 20_000  # honest files have some dozens
_DEVELOPER_FIELDS = 64  # a column each; honest files have a dozen
_STRUCT_LETTERS = {
    "u1": "B", "i1": "b", "u2": "H", "i2": "h", "u4": "I", "i4": "i", "u8": "Q", "i8": "q", "f4": "f", "f8": "d"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Slot:
    """A number within a message: where, how it is written, what means missing. Of several values the first counts."""

    at: int
    letter: str  # NumPy's, with the byte order
    missing: int | None


@dataclass(slots=True)
class _Layout:
    """What one definition says, and where the records that follow it stand."""

    order: str
    size: int = 1  # the header byte; then the fields
    numbers: list[tuple[int, _Slot]] = field(default_factory=list)
    texts: list[tuple[int, int, int]] = field(default_factory=list)  # field number, from, to
    developer: list[tuple[str, str, _Slot]] = field(default_factory=list)  # name, unit
    packed_at: int = 0  # of compressed speed and distance
    stamp_at: int = 0  # of the timestamp
    offsets: list[int] = field(default_factory=list)
    keep: Callable[[int], None] | None = None  # what to do with a message at a place; None: pass over it
    is_record: bool = False

    def last_stamp(self, data: bytes, at: int, count: int, before: int, order: str) -> tuple[int, str]:
        """Place and byte order of the last time that the ``count`` messages short of ``at`` hold, else those before."""
        for place in range(at - self.size + self.stamp_at, at - count * self.size, -self.size):
            if data[place : place + 4] != _NO_STAMP:
                return place, self.order
        return before, order


def messages(data: bytes, file_parts: list[Part], deadline: Deadline) -> FitMessages:
    """Decode all parts. Damage ends the decoding of its part with a warning; RunFileError only for limits."""
    walk = _Walk(data, deadline)
    for part in file_parts:
        walk.part(part)
    return walk.result()


class _Walk:
    def __init__(self, data: bytes, deadline: Deadline) -> None:
        self._data = data
        self._deadline = deadline
        self._layouts: dict[bytes, _Layout] = {}  # by definition
        self._compressed: dict[int, int] = {}  # place of a message -> its time, where the header holds it
        self._others: list[tuple[int, Fields]] = []
        self._part_starts: list[int] = []
        self._part_others: list[int] = []
        self._described: dict[float, dict[int, tuple[str, str, int]]] = {}  # application, field -> name, unit, type
        self._generation = 0  # of the descriptions
        self._warnings: list[Warned] = []

    def part(self, part: Part) -> None:  # noqa: C901 - every message passes here, and a call would cost more than its work
        """Walk over one part. Local types and developer fields hold within a part only."""
        self._part_starts.append(part.start)
        self._part_others.append(len(self._others))
        self._described = {}
        self._generation += 1
        data, end, at = self._data, part.end, part.start
        current: list[_Layout | None] = [None] * _LOCAL_TYPES
        stamp_at, stamp_order, read_at, clock = 0, "<", 0, 0
        trail: Trail[_Layout] = Trail()
        while at < end:
            self._check()
            stop = min(end, at + CHUNK_BYTES)
            while at < stop:
                header = data[at]
                if header < _DEFINITION:
                    layout = current[header & 15]
                elif header >= _COMPRESSED:
                    layout = current[header >> 5 & 3]
                else:
                    after = _end_of_definition(data, at, end)
                    if after > end:
                        return self._damaged(at, "is cut")
                    current[header & 15] = self._layout(at, after)
                    trail.forget()
                    at = after
                    continue
                if layout is None:
                    return self._damaged(at, "was never defined")
                count = 0
                if header < _DEFINITION and (layout.is_record or (layout.keep is None and trail.patience >= 0)):
                    times, size, order = trail.repeated(data, at, min(stop, end))
                    if times:
                        for place, one in order:
                            if one.is_record:
                                one.offsets.extend(range(at + place, at + times * size, size))
                        stamp_at, stamp_order = _last_stamp(data, at, times, size, order, (stamp_at, stamp_order))
                        at += times * size
                        trail.forget()
                        continue
                    count = alike(data, at, stop, end, layout.size)
                    trail.add(at, header, layout, layout.size, count + 1)
                    if layout.is_record:
                        layout.offsets.extend(range(at, at + count * layout.size, layout.size))
                    at += count * layout.size
                else:
                    trail.forget()
                if at + layout.size > end:
                    return self._damaged(at, "is cut")
                if header >= _COMPRESSED:
                    if stamp_at != read_at:
                        (clock,) = struct.unpack_from(stamp_order + "I", data, stamp_at)
                        read_at = stamp_at
                    clock += (header & 31) - clock & 31  # the five bits only ever go forwards
                    if layout.keep is not None:
                        self._compressed[at] = clock
                if layout.keep is not None:
                    layout.keep(at)
                if stamp := layout.stamp_at:
                    if data[at + stamp : at + stamp + 4] != _NO_STAMP:
                        stamp_at, stamp_order = at + stamp, layout.order
                    elif count:
                        stamp_at, stamp_order = layout.last_stamp(data, at, count, stamp_at, stamp_order)
                at += layout.size
        return None

    def _check(self) -> None:
        """Raise RunFileError where the file holds more than any recording can, or takes too long."""
        self._deadline.check()
        name = self._deadline.file_name
        check_counts(sum(len(layout.offsets) for layout in self._layouts.values()), len(self._others), name)
        if len(self._layouts) > _LAYOUTS:
            raise too_large(name, f"more than {_LAYOUTS} different definitions")

    def _damaged(self, at: int, what: str) -> None:
        self._warnings.append(Warned("fit-damaged", f"the message at byte {at} {what}; what came before is used"))

    def _layout(self, at: int, after: int) -> _Layout:
        """What the definition from ``at`` to ``after`` says."""
        data = self._data
        has_developer = data[at] & _DEVELOPER
        key = bytes((has_developer,)) + data[at + 2 : after] + self._generation.to_bytes(4, "little")
        if (known := self._layouts.get(key)) is not None:
            return known
        layout = _Layout(">" if data[at + 2] else "<")
        (message,) = struct.unpack_from(layout.order + "H", data, at + 3)
        own_end = at + 6 + 3 * data[at + 5]
        self._add_own(layout, data[at + 6 : own_end])
        if has_developer:
            self._add_developer(layout, data[own_end + 1 : after])
        if message == fit.RECORD:
            layout.keep, layout.is_record = layout.offsets.append, True
        elif message in fit.KEPT:
            layout.keep = lambda place: self._others.append((message, self._fields(layout, place)))
        elif message in (fit.FIELD_DESCRIPTION, fit.DEVELOPER_ID):
            layout.keep = lambda place: self._describe(message, self._fields(layout, place))
        self._layouts[key] = layout
        return layout

    def _add_own(self, layout: _Layout, fields: bytes) -> None:
        for number, size, base in zip(fields[0::3], fields[1::3], fields[2::3], strict=True):
            slot = _slot(layout.size, size, base, layout.order)
            if slot is not None:
                layout.numbers.append((number, slot))
                if number == fit.TIMESTAMP and size == 4 and not layout.stamp_at:
                    layout.stamp_at = layout.size
            elif base == fit.STRING:
                layout.texts.append((number, layout.size, layout.size + size))
            elif number == fit.COMPRESSED_SPEED_DISTANCE and base == fit.BYTE and size == 3:
                layout.packed_at = layout.size
            layout.size += size

    def _add_developer(self, layout: _Layout, fields: bytes) -> None:
        for number, size, index in zip(fields[0::3], fields[1::3], fields[2::3], strict=True):
            name, unit, base = self._described.get(index, {}).get(number, ("", "", fit.BYTE))
            slot = _slot(layout.size, size, base, layout.order)
            if slot is not None and name:
                layout.developer.append((name, unit, slot))
            layout.size += size

    def _fields(self, layout: _Layout, at: int) -> Fields:
        """All fields of one message."""
        fields: Fields = {}
        for number, slot in layout.numbers:
            (value,) = struct.unpack_from(slot.letter[0] + _STRUCT_LETTERS[slot.letter[1:]], self._data, at + slot.at)
            if value != slot.missing and np.isfinite(value):
                fields.setdefault(number, float(value))
        for number, begin, end in layout.texts:
            text = self._data[at + begin : at + end].split(b"\0")[0].decode("utf-8", errors="replace")
            if text:
                fields.setdefault(number, text)
        if at in self._compressed:
            fields.setdefault(fit.TIMESTAMP, float(self._compressed[at]))
        return fields

    def _describe(self, message: int, fields: Fields) -> None:
        """Names and types of developer fields; to name an application anew takes its fields back."""
        self._generation += 1
        if message == fit.DEVELOPER_ID:
            index = fields.get(fit.DEVELOPER_INDEX)
            self._described.pop(index if isinstance(index, float) else -1.0, None)
            return
        index, number, base = (
            fields.get(n) for n in (fit.DESCRIBED_INDEX, fit.DESCRIBED_NUMBER, fit.DESCRIBED_BASE_TYPE)
        )
        if isinstance(index, float) and isinstance(number, float):
            name, unit = fields.get(fit.DESCRIBED_NAME), fields.get(fit.DESCRIBED_UNIT)
            self._described.setdefault(index, {})[int(number)] = (
                name if isinstance(name, str) else "",
                unit if isinstance(unit, str) else "",
                int(base) if isinstance(base, float) else fit.BYTE,
            )

    def result(self) -> FitMessages:
        """Columns of all records in file order."""
        self._check()
        layouts = [layout for layout in self._layouts.values() if layout.offsets]
        places = np.array([at for layout in layouts for at in layout.offsets], dtype=np.intp)
        row = np.empty(places.size, dtype=np.intp)
        row[np.argsort(places, kind="stable")] = np.arange(places.size)
        columns: dict[int, Floats] = {}
        developer: dict[str, tuple[str, Floats]] = {}
        packed = np.full(places.size, np.nan)
        begin = 0
        for layout in layouts:
            self._deadline.check()
            rows = row[begin : begin + len(layout.offsets)]
            begin += len(layout.offsets)
            table = _table(self._data, layout)
            for number, values in _columns([(n, s) for n, s in layout.numbers if n in fit.WANTED], table):
                _put(columns.setdefault(number, np.full(places.size, np.nan)), rows, values)
            for name, unit, slot in layout.developer:
                ((_, values),) = _columns([(0, slot)], table)
                _put(developer.setdefault(name, (unit, np.full(places.size, np.nan)))[1], rows, values)
                if len(developer) > _DEVELOPER_FIELDS:
                    raise too_large(self._deadline.file_name, f"more than {_DEVELOPER_FIELDS} developer fields")
            if layout.packed_at:
                three = table[:, layout.packed_at : layout.packed_at + 3].astype(np.int64)
                together = three @ np.array([1, 1 << 8, 1 << 16])
                packed[rows] = np.where((three == 0xFF).all(axis=1), np.nan, together)
        if self._compressed:
            stamps = np.array([self._compressed.get(at, np.nan) for at in places.tolist()])
            _put(columns.setdefault(fit.TIMESTAMP, np.full(places.size, np.nan)), row, stamps)
        return FitMessages(
            records=places.size,
            columns=columns,
            packed_speed_distance=packed if np.isfinite(packed).any() else None,
            developer={name: (unit, v) for name, (unit, v) in developer.items() if np.isfinite(v).any()},
            others=self._others,
            part_rows=np.searchsorted(np.sort(places), self._part_starts).tolist(),
            part_others=self._part_others,
            warnings=self._warnings,
        )


def _last_stamp(
    data: bytes, at: int, times: int, size: int, order: list[tuple[int, _Layout]], before: tuple[int, str]
) -> tuple[int, str]:
    """Place and byte order of the last time in messages that come ``times`` times from ``at`` on, else those before."""
    stamped = [(place + layout.stamp_at, layout.order) for place, layout in reversed(order) if layout.stamp_at]
    for begin in range(at + (times - 1) * size, at - 1, -size) if stamped else ():
        for place, byte_order in stamped:
            if data[begin + place : begin + place + 4] != _NO_STAMP:
                return begin + place, byte_order
    return before


def _end_of_definition(data: bytes, at: int, end: int) -> int:
    """The place behind the definition at ``at``; beyond ``end`` if it is cut."""
    after = at + 6
    if after <= end:
        after += 3 * data[at + 5]
    if data[at] & _DEVELOPER:
        after += 1 + 3 * data[after] if after < end else 1
    return after


def _slot(at: int, size: int, base: int, order: str) -> _Slot | None:
    """The number at that place, None if what stands there is none, or is not a whole count of numbers."""
    letter, width, missing = fit.BASE_TYPES.get(base, ("", 1, None))
    return _Slot(at, order + letter, missing) if letter and size and size % width == 0 else None


def _table(data: bytes, layout: _Layout) -> NDArray[np.uint8]:
    """The bytes of all messages of a layout, one row a message."""
    return sliding_window_view(np.frombuffer(data, np.uint8), layout.size)[np.array(layout.offsets, dtype=np.intp)]


def _columns(slots: list[tuple[int, _Slot]], table: NDArray[np.uint8]) -> list[tuple[int, Floats]]:
    """Each slot as float64 with NaN for what is missing."""
    kind = np.dtype(
        {
            "names": [str(i) for i in range(len(slots))],
            "formats": [slot.letter for _, slot in slots],
            "offsets": [slot.at for _, slot in slots],
            "itemsize": table.shape[1],
        }
    )
    whole = table.view(kind)[:, 0]
    found = []
    for i, (number, slot) in enumerate(slots):
        raw = whole[str(i)]
        values = raw.astype(np.float64)
        values[~np.isfinite(values) if slot.missing is None else raw == slot.missing] = np.nan
        found.append((number, values))
    return found


def _put(column: Floats, rows: Index, values: Floats) -> None:
    """Fill ``rows`` of a column; where a record holds a field twice, the first counts."""
    held = column[rows]
    column[rows] = np.where(np.isnan(held), values, held)
