"""Arithmetic on large arrays in threads: NumPy lets others work while it counts.

Only for work in which arrays of some 100 000 numbers are the rule; what steps through small ones waits for its turn.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on every system
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_threads(work: Callable[[Part], Result], parts: Iterable[Part]) -> list[Result]:
    """``work`` of each part, in their order, by as many threads as there are processors.

    The same to the last digit as one part after the other, as long as the parts share nothing that they write to.
    """
    each = list(parts)
    threads = min(processors(), len(each))
    if threads < 2:
        return [work(part) for part in each]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, each))
