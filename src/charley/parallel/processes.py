"""Several processes on this machine. One that dies is replaced, and its tasks are done again."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context

from charley.parallel.tasks import Result, Task, ThisProcess, Workers
from charley.vocabulary.errors import CharleyError, UsageError

MOST_WORKERS = 256
AHEAD = 2  # tasks in hand for each process: it never waits for the next, and few are lost with it
LIVES = 3  # times that dead processes are replaced before the run is stopped
WATCH_S = 1.0
PINS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def workers_of(count: int) -> Workers:
    """This process, or ``count`` others. Raises UsageError for less than one or more than 256."""
    if not 1 <= count <= MOST_WORKERS:
        raise UsageError("usage-value", f"{count} workers; possible is 1 to {MOST_WORKERS}", "--workers")
    return ThisProcess() if count == 1 else Processes(count)


@dataclass(frozen=True, slots=True)
class Processes:
    """``count`` processes of one thread each."""

    count: int
    name: str = "processes"

    def run(self, tasks: Iterator[Task[Result]]) -> Iterator[Result]:
        """The results as they come back. Raises CharleyError (cohort-workers) where processes die again and again."""
        pending: list[Task[Result]] = []
        for life in range(LIVES + 1):
            try:
                yield from self._one_pool(tasks, pending)
            except BrokenProcessPool as error:
                if life == LIVES:
                    found = f"{LIVES + 1} times a process was killed"
                    raise CharleyError("cohort-workers", found) from error
            else:
                return

    def _one_pool(self, tasks: Iterator[Task[Result]], pending: list[Task[Result]]) -> Iterator[Result]:
        """Tasks that are out stand in ``pending``, so that they can be given to another pool."""
        for pin in PINS:  # before the processes start: a library reads them once
            os.environ.setdefault(pin, "1")
        pool = ProcessPoolExecutor(self.count, get_context("spawn"), initializer=begin, initargs=(os.getpid(),))
        out: dict[Future[Result], Task[Result]] = {}
        try:
            for task in pending:
                out[pool.submit(task.function, *task.arguments)] = task
            while True:
                while len(out) < AHEAD * self.count and (following := next(tasks, None)) is not None:
                    pending.append(following)
                    out[pool.submit(following.function, *following.arguments)] = following
                if not out:
                    return
                for future in wait(out, return_when=FIRST_COMPLETED).done:
                    result = future.result()
                    pending.remove(out.pop(future))
                    yield result
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def begin(parent: int) -> None:
    """In each process: an interrupt is for the one who asked, and nobody works on when that one is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH_S)
    os._exit(1)
