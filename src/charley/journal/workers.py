"""Reads files in processes of their own: a file that hangs, eats memory or crashes its reader costs that file only."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from types import ModuleType
from typing import Any

from charley.journal import guard
from charley.journal.guard import CPU_SECONDS, WALL_SECONDS
from charley.journal.prepared import Prepared, prepare
from charley.vocabulary.errors import CharleyError
from charley.vocabulary.journal import FileNotes, OtherActivity
from charley.vocabulary.run import Run

Activity = Run | OtherActivity | CharleyError  # an error: why one of several activities is no run
Reader = Callable[[bytes, str, FileNotes], tuple[Activity, ...]]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a file did not become a run."""

    code: str
    text: str


Result = tuple[Prepared | OtherActivity | Refused, ...]  # one for each activity of the file


@dataclass(frozen=True, slots=True)
class Task:
    """One file to read."""

    index: int
    name: str
    data: bytes
    notes: FileNotes
    again: bool = False  # the process that read it first was ended from outside


def read_one(task: Task, reader: Reader) -> Result:
    """Read, clean and encode one file. Whatever the reader throws, even what is no Exception, becomes a reason."""
    try:
        return tuple(_ready(found, task.notes) for found in reader(task.data, task.name, task.notes))
    except CharleyError as error:
        return (_refused(error),)
    except MemoryError:  # of this process or of the computer: another time there may be enough
        return (Refused("import-stopped", "There was not enough memory to read it. The next import reads it again."),)
    except BaseException as error:  # readers with compiled parts throw panics that are no Exception
        return (Refused("import-killed", f"Reading it ended with {type(error).__name__}: {str(error)[:200]}"),)


def _ready(found: Activity, notes: FileNotes) -> Prepared | OtherActivity | Refused:
    if isinstance(found, CharleyError):
        return _refused(found)
    return prepare(found, notes.title) if isinstance(found, Run) else found


def _refused(error: CharleyError) -> Refused:
    return Refused(error.code, f"{error.found[:1].upper()}{error.found[1:]}. {error.next_step}")


@contextmanager
def _apart_from_main() -> Iterator[None]:
    """A process that is started in here does not run the caller's script again.

    A spawned process first imports the program that started it. A script that imports runs at its top level, without
    ``if __name__ == "__main__"``, would so start itself for every file, and each file would be lost. Readers stand in
    modules and need nothing of it.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@dataclass(slots=True)
class _Worker:
    process: Any
    pipe: Connection
    task: Task | None = None
    since: float = field(default_factory=time.monotonic)


class Pool:
    """Processes that each read one file at a time; ``results`` come in the order in which the files were read."""

    def __init__(self, reader: Reader, workers: int, cpu_seconds: int = CPU_SECONDS) -> None:
        self._reader = reader
        self._cpu_seconds = cpu_seconds
        self._context = multiprocessing.get_context("spawn")  # a fork would copy threads and open databases
        self._workers: list[_Worker] = []
        self._wanted = workers

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            if worker.task is None:
                with suppress(OSError):
                    worker.pipe.send(None)
            else:
                worker.process.kill()
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join()
        self._workers.clear()

    @property
    def busy(self) -> int:
        """Files that are being read."""
        return sum(w.task is not None for w in self._workers)

    @property
    def free(self) -> bool:
        """True if a file can be handed over now."""
        return self.busy < self._wanted

    def hand_over(self, task: Task) -> None:
        """Give a file to a free process, starting one if there are fewer than wanted."""
        worker = next((w for w in self._workers if w.task is None), None) or self._start()
        try:
            worker.pipe.send(task)
        except OSError:  # it died while it was idle
            self._end(worker)
            worker = self._start()
            worker.pipe.send(task)
        worker.task, worker.since = task, time.monotonic()

    def results(self, timeout_s: float) -> Iterator[tuple[Task, Result]]:
        """What is ready within ``timeout_s``; a process that died or takes too long gives a reason for its file."""
        busy = {w.pipe: w for w in self._workers if w.task is not None}
        for pipe in wait(list(busy), timeout_s) if busy else []:
            worker = busy[pipe]  # type: ignore[index]
            assert worker.task is not None
            task = worker.task
            try:
                result = worker.pipe.recv()
                worker.task = None
            except (EOFError, OSError):
                died = self._died(worker)
                if died.code == "import-stopped" and not task.again:
                    self.hand_over(replace(task, again=True))
                    continue
                result = (died,)
            yield task, result
        for worker in [w for w in self._workers if w.task and time.monotonic() - w.since > WALL_SECONDS]:
            assert worker.task is not None
            task = worker.task
            self._end(worker)
            yield task, (Refused("import-killed", f"Reading it took more than {WALL_SECONDS:g} s; it was stopped"),)

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs, self._reader, self._cpu_seconds), daemon=True)
        with _apart_from_main():
            process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _died(self, worker: _Worker) -> Refused:
        self._end(worker)
        code = worker.process.exitcode
        if code is not None and -code == getattr(signal, "SIGXCPU", 0):
            return Refused(
                "import-killed", f"Reading it took more than {self._cpu_seconds} s of processor time; it was stopped"
            )
        if code is not None and -code == signal.SIGKILL:
            text = "The process that read it was ended from outside, twice. The next import reads it again."
            return Refused("import-stopped", text)
        how = f"signal {-code}" if code and code < 0 else f"code {code}"
        return Refused("import-killed", f"Reading it ended its process ({how})")

    def _end(self, worker: _Worker) -> None:
        worker.pipe.close()
        worker.process.join(timeout=1.0)  # one that ended by itself keeps its own exit code
        if worker.process.exitcode is None:
            worker.process.kill()
            worker.process.join()
        self._workers.remove(worker)


def _work(pipe: Connection, reader: Reader, cpu_seconds: int) -> None:
    """A process: read what comes down the pipe until nothing more comes (also when the parent was killed)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    guard.limit_memory()
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):
            return
        if task is None:
            return
        guard.limit_cpu(cpu_seconds)
        result = read_one(task, reader)
        try:
            pipe.send(result)
        except OSError:
            return
