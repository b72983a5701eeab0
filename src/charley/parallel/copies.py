"""Work shared out to copies of this process: they hold all that it holds, and only what they find is sent back.

A copy is made by ``fork``, which costs milliseconds where a new process would import everything anew. It takes one
thread only, and must touch no file or database that was open before: the work opens what it needs. Where a system
cannot copy a process, or this one has other threads, the work is done here: the same, to the last digit, and later.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor
from multiprocessing import active_children, get_context
from typing import Any, TypeVar

from charley.parallel.processes import begin

Part = TypeVar("Part")
Result = TypeVar("Result")

_given: Callable[[Any], Any] | None = None  # in a copy: the work, which need not be pickled


def in_copies(work: Callable[[Part], Result], parts: Iterable[Part]) -> Iterator[Result]:
    """``work`` of each part, in their order, by as many copies of this process as there are processors.

    Parts and results are pickled. What a copy that dies leaves undone is done here.
    """
    each = list(parts)
    count = min(processors(), len(each)) if can_copy() else 1
    done = 0
    if count > 1:
        others = set(active_children())
        pool = ProcessPoolExecutor(count, get_context("fork"), initializer=_begin, initargs=(work, os.getpid()))
        ended = False
        try:
            for result in pool.map(_done, each):
                done += 1
                yield result
            ended = True
        except BrokenProcessPool:
            pass
        finally:
            if not ended:  # whoever interrupts does not wait for what nobody wants any more
                for copy in set(active_children()) - others:
                    copy.kill()
            pool.shutdown(cancel_futures=True)
    yield from map(work, each[done:])


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on every system
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def can_copy() -> bool:
    """True where a process can be copied whole: Linux, and no thread beside the one that asks."""
    return sys.platform == "linux" and threading.active_count() == 1


def _begin(work: Callable[[Any], Any], parent: int) -> None:
    global _given
    _given = work
    begin(parent)


def _done(part: Any) -> Any:
    assert _given is not None
    return _given(part)
