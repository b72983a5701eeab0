"""Rows as they may come from a disk that is ill, or from somebody else's journal: one that cannot be read costs itself.

Lists go on past a bad row; ``charley data doctor`` names it and can set it aside (see ``quarantine``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import TypeVar

UNREADABLE = (
    ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError, OSError,
)  # fmt: skip

R = TypeVar("R")
T = TypeVar("T")


def each(rows: Iterable[R], build: Callable[[R], T]) -> Iterator[T]:
    """What ``build`` makes of each row, without those of which it makes nothing."""
    for row in rows:
        try:
            made = build(row)
        except UNREADABLE:
            continue
        yield made


def when(unix_s: float) -> datetime:
    """A moment in UTC. Raises one of UNREADABLE for a number that is none."""
    return datetime.fromtimestamp(unix_s, UTC)


def finite(*values: object) -> None:
    """ValueError where a number among the values is infinite or NaN."""
    for value in values:
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{value} is no number that was measured")


def text(raw: bytes) -> str:
    """Text as SQLite hands it over; a byte that is no text becomes a mark, and the row stays readable."""
    return raw.decode("utf-8", errors="replace")
