"""Messages of a FIT file that come again and again in the same order, so that a walk need not look at each.

Watches write a record a second and, in between, messages of their own: three records and one of those, for hours. Where
the first bytes of the messages repeat, the lengths do too, as nothing but a definition changes them; so places of
thousands of messages follow from a look at every first byte.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

L = TypeVar("L")
_FEW = 16  # repetitions looked ahead before a whole stretch is
_LONGEST = 64  # messages of an order that is looked for
_PATIENCE = 20_000  # looks in vain, beyond those that found something: then a file has no order


@dataclass(slots=True)
class Trail(Generic[L]):
    """The messages behind the last definition, each with its place, first byte and layout."""

    _places: list[int] = field(default_factory=list)
    _heads: list[int] = field(default_factory=list)
    _layouts: list[L] = field(default_factory=list)
    _first_of: dict[int, int] = field(default_factory=dict)  # first byte -> where its latest stretch begins here
    patience: int = _PATIENCE

    def forget(self) -> None:
        """Something came that says nothing of what follows."""
        if self._places:
            self._places.clear()
            self._heads.clear()
            self._layouts.clear()
            self._first_of.clear()

    def add(self, at: int, head: int, layout: L, size: int, count: int) -> None:
        """``count`` messages with the same first byte, one behind the other."""
        if len(self._places) + count > _LONGEST:
            self.forget()
        if count > _LONGEST or self.patience < 0:
            return
        self._first_of[head] = len(self._places)
        self._places.extend(range(at, at + count * size, size))
        self._heads.extend([head] * count)
        self._layouts.extend([layout] * count)

    def repeated(self, data: bytes, at: int, end: int) -> tuple[int, int, list[tuple[int, L]]]:
        """How often the latest order is repeated from ``at`` on, short of ``end``; its length in bytes; the place
        within it and the layout of each message. (0, 0, []) where it is not repeated."""
        begin = self._first_of.get(data[at], -1)
        if begin < 0 or self.patience < 0:
            return 0, 0, []
        start = self._places[begin]
        size = at - start
        if at + size > end:
            return 0, 0, []
        for n in range(begin, len(self._places)):
            self.patience -= 1
            if data[self._places[n] + size] != self._heads[n]:
                return 0, 0, []
        places = [place - start for place in self._places[begin:]]
        order = list(zip(places, self._heads[begin:], strict=True))
        times = _times(data, at, min(end, at + _FEW * size), size, order)
        if times == _FEW:
            times = _times(data, at, end, size, order)
        self.patience += times * len(order)
        return times, size, list(zip(places, self._layouts[begin:], strict=True))


def alike(data: bytes, at: int, stop: int, end: int, size: int) -> int:
    """How many messages from ``at`` on, short of ``stop``, are followed by one that begins with the same byte."""
    heads = data[at : min(at + _FEW * size, end) : size]
    count = len(heads) - len(heads.lstrip(heads[:1]))
    if count == _FEW:
        heads = data[at : min(stop, end) : size]
        count = len(heads) - len(heads.lstrip(heads[:1]))
    return max(min(count, (end - at) // size) - 1, 0)


def _times(data: bytes, at: int, end: int, size: int, order: list[tuple[int, int]]) -> int:
    """How often messages with these places and first bytes stand whole one after the other between two places."""
    times = (end - at) // size
    for place, head in order:
        if times == 0:
            return 0
        heads = data[at + place : at + times * size : size]
        times = len(heads) - len(heads.lstrip(bytes((head,))))
    return times
