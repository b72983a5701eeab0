"""What TCX and GPX share: a stream of elements without a tree, columns of points, times, and a second, forgiving pass.

Names are compared without their namespace. No document type is accepted: entities are how XML is made to explode or to
read other files, and no watch writes one.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any, Protocol, TypeVar

import numpy as np

from charley.activities import limits
from charley.activities.limits import Deadline
from charley.activities.texts import moment
from charley.activities.zones import FILE
from charley.vocabulary.arrays import Floats
from charley.vocabulary.errors import RunFileError, Warned

_BLANKS = b"\xef\xbb\xbf \t\r\n"  # byte order mark and white space, which some programs put before the XML
_NAN = math.nan
HALF_DAY_S = 43_200.0
_NEXT_POINT_S = 120.0


@dataclass(slots=True)
class Points:
    """Columns that grow by a point at a time."""

    channels: tuple[str, ...]
    file_name: str
    time_unix_s: array[float] = field(default_factory=lambda: array("d"))
    columns: list[array[float]] = field(init=False)
    breaks: list[tuple[float, float]] = field(default_factory=list)  # times before and after the end of a piece
    naive_times: int = 0
    utc_offset_s: float | None = None  # of the first time that names a zone other than UTC
    half_days: int = 0  # how often the hours began again at 1, in a file that counts them from 1 to 12
    _shift_s: float = 0.0  # by which times are moved for that
    _last_s: float = _NAN  # time of the last point that has one
    _piece_ended: bool = False

    def __post_init__(self) -> None:
        self.columns = [array("d") for _ in self.channels]

    def __len__(self) -> int:
        return len(self.time_unix_s)

    def add(self, time_text: str | None, values: dict[str, float]) -> float:
        """Append a point; returns its time (NaN if it has none)."""
        at = self._of_the_day(self.unix_s(time_text))
        self.time_unix_s.append(at)
        for channel, column in zip(self.channels, self.columns, strict=True):
            column.append(values.get(channel, _NAN))
        if not math.isnan(at):
            if self._piece_ended and at > self._last_s:
                self.breaks.append((self._last_s, at))
            self._last_s, self._piece_ended = at, False
        if len(self) > limits.RECORDS:
            raise limits.too_large(self.file_name, f"more than {limits.RECORDS} points")
        return at

    def _of_the_day(self, at: float) -> float:
        """Carries on hours counted from 1 to 12: behind 12:59 they fall by 12 h, at midnight they jump a day."""
        at += self._shift_s
        step = at - self._last_s
        if -HALF_DAY_S < step <= -HALF_DAY_S + _NEXT_POINT_S:
            turn = HALF_DAY_S
        elif 0.0 < step - 2 * HALF_DAY_S <= _NEXT_POINT_S and (at - self._shift_s) % HALF_DAY_S <= _NEXT_POINT_S:
            turn = -2 * HALF_DAY_S
        else:
            return at
        self.half_days += 1
        self._shift_s += turn
        return at + turn

    def end_piece(self) -> None:
        """The next point begins a new segment, track or lap."""
        self._piece_ended = True

    def forget_last(self) -> None:
        """The next point begins something of its own, to which no pause leads."""
        self._last_s, self._piece_ended = _NAN, False

    def as_channels(self) -> dict[str, Floats]:
        """Channels with at least one value."""
        arrays = {name: np.array(c, dtype=np.float64) for name, c in zip(self.channels, self.columns, strict=True)}
        return {name: values for name, values in arrays.items() if np.isfinite(values).any()}

    def zone(self) -> dict[str, Any]:
        """The offset that the times bear; times without a zone are the runner's own clock, as far as anybody knows."""
        offset = 0.0 if self.naive_times == len(self) else self.utc_offset_s
        return {} if offset is None else {"utc_offset_s": offset, "zone_from": FILE}

    def warnings(self) -> list[Warned]:
        """What is to be said about the times."""
        found = []
        without = int(np.isnan(np.array(self.time_unix_s)).sum())
        if 0 < without < len(self):
            found.append(
                Warned("points-without-time", f"{without} of {len(self)} points have no time and are left out")
            )
        if self.half_days:
            text = "the hours are counted from 1 to 12, without a word for the half of the day; they were carried on"
            found.append(Warned("clock-twelve", text))
        if self.naive_times:
            found.append(Warned("time-zone-missing", f"{self.naive_times} times name no zone and are taken as UTC"))
        return found

    def unix_s(self, text: str | None) -> float:
        """Seconds since 1970, NaN where the text is no time."""
        when = moment(text) if text else None
        if when is None:
            return _NAN
        if when.tzinfo is None:
            self.naive_times += 1
            when = when.replace(tzinfo=UTC)
        elif when.tzinfo is not UTC and self.utc_offset_s is None and (away := when.utcoffset()):
            self.utc_offset_s = away.total_seconds()
        try:
            return when.timestamp()
        except (ValueError, OverflowError):
            return _NAN


class Target(Protocol):
    """What a format does with the elements: local names in, points out."""

    points: Points

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def finish(self, name: str, text: str) -> None:
        """An element ends; ``text`` is what stood directly before its end."""


T = TypeVar("T", bound=Target)


def parse(data: bytes, make: Callable[[], T], deadline: Deadline) -> tuple[T, list[Warned]]:
    """Run ``data`` through a fresh target, and once more in the forgiving way if it is not well-formed XML."""
    from lxml import etree

    data = data.lstrip(_BLANKS) if data[:4] not in (b"\xff\xfe<\0", b"\xfe\xff\0<") else data
    target = make()
    try:
        _feed(data, target, deadline, recover=False)
        return target, []
    except etree.XMLSyntaxError as error:
        line = error.lineno
    target = make()
    with suppress(etree.XMLSyntaxError):  # what came before it is kept
        _feed(data, target, deadline, recover=True)
    if len(target.points) == 0:
        raise RunFileError("xml-unreadable", f"the XML is broken at line {line}", deadline.file_name)
    text = f"the XML is broken at line {line}; {len(target.points)} points could still be read"
    return target, [Warned("xml-repaired", text)]


def _feed(data: bytes, target: Target, deadline: Deadline, *, recover: bool) -> None:
    from lxml import etree

    parser = etree.XMLParser(
        target=_Elements(target, deadline.file_name),
        recover=recover,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
    )
    view = memoryview(data)
    for start in range(0, len(data), limits.CHUNK_BYTES):
        deadline.check()
        parser.feed(bytes(view[start : start + limits.CHUNK_BYTES]))
    parser.close()


class _Elements:
    """lxml's target interface on one side, local names and collected text on the other."""

    def __init__(self, target: Target, file_name: str) -> None:
        self._begin, self._finish = target.begin, target.finish
        self._file_name = file_name
        self._text: list[str] = []
        self._local: dict[str, str] = {}

    def start(self, tag: str, attributes: Any) -> None:
        """An element begins (called by lxml)."""
        self._text.clear()
        self._begin(self._local.get(tag) or self._name(tag), attributes)

    def end(self, tag: str) -> None:
        """An element ends (called by lxml)."""
        self._finish(self._local.get(tag) or self._name(tag), "".join(self._text))
        self._text.clear()

    def data(self, text: str) -> None:
        """Text within an element (called by lxml, perhaps in pieces)."""
        self._text.append(text)

    def doctype(self, name: str, public_id: str | None, system_id: str | None) -> None:
        """A document type stands before the root (called by lxml)."""
        raise RunFileError("xml-entities", "the file declares a document type, as no watch does", self._file_name)

    def close(self) -> None:
        """The document is over (called by lxml)."""

    def _name(self, tag: str) -> str:
        local = tag.rpartition("}")[2].rpartition(":")[2]
        if len(self._local) < 1000:  # a hostile file may have a new name for each element
            self._local[tag] = local
        return local
