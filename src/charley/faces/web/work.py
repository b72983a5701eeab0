"""What takes longer than a page may: answers and imports, in processes of their own, with progress and an end.

A page asks for an answer and is told to wait (``Waiting``) until it is there; the answer is kept for as long as what
it stands on has not changed. Two processes at most work at a time, and one stands by with everything loaded. A process
that is killed costs its task only. Nothing here is kept on the disk: what must survive a restart keeps itself (an
import its files, the journal its draws).
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count
from multiprocessing.connection import Connection
from typing import Any, Generic, Protocol, TypeVar, cast

from charley.vocabulary.errors import CharleyError

T = TypeVar("T")
WORKERS = 2
BEHIND = 3  # steps of niceness; more, and a busy machine would never come to them
LOOK_S = 0.5  # between looks at whether a silent process is alive
MOST_KEPT = 48  # answers; one over a large journal takes a few MB
READY = ("numpy", "charley.api.history", "charley.answers.history.answer", "charley.answers.history.learn",
         "charley.answers.one_run.answer")  # fmt: skip


class News(Protocol):
    """What a piece of work tells of itself while it goes on."""

    @property
    def share(self) -> float:
        """Of the whole, 0 to 1."""
        ...


@dataclass(slots=True)
class Task(Generic[T]):
    """One piece of work. ``state``: "waiting", "running", "done", "failed", "stopped"."""

    key: Hashable
    what: str
    call: Callable[..., T]
    args: tuple[Any, ...]
    progress: bool
    state: str = "waiting"
    news: News | None = None  # what the work last told of itself
    result: T | None = None
    error: CharleyError | None = None
    began: float = field(default_factory=time.monotonic)
    ended: threading.Event = field(default_factory=threading.Event)
    number: int = field(default_factory=count(1).__next__)  # by which a form names it

    @property
    def done(self) -> float:
        """How far it is, 0 to 1."""
        if self.over:
            return 1.0
        return 0.0 if self.news is None else self.news.share

    @property
    def over(self) -> bool:
        """Whether it came to an end of its own; what was stopped may go on."""
        return self.state in ("done", "failed")

    @property
    def seconds(self) -> float:
        """How long it has been going on."""
        return time.monotonic() - self.began


class Waiting(Exception):
    """The answer is being worked out; ``stopped``: it was, until the reader stopped it."""

    def __init__(self, task: Task[Any]) -> None:
        super().__init__(task.what)
        self.what, self.done, self.news, self.seconds = task.what, task.done, task.news, task.seconds
        self.number = task.number
        self.stopped = task.state == "stopped"


class Work:
    """All work of one server."""

    def __init__(self, workers: int = WORKERS) -> None:
        self._context = multiprocessing.get_context("spawn")  # a fork would copy threads and open databases
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Task[Any]] = OrderedDict()
        self._queue: list[Task[Any]] = []
        self._running: dict[int, tuple[_Worker, Task[Any]]] = {}
        self._spare: list[_Worker] = []
        self._workers, self._closed = workers, False

    def ready(self) -> None:
        """Have a process stand by, so that the first answer does not wait for one to start."""
        with self._lock:
            if not self._spare and not self._closed:
                self._spare.append(_Worker(self._context))

    def answer(self, key: Hashable, what: str, call: Callable[..., T], *args: Any, progress: bool = False) -> T:
        """The answer of ``call(*args)``, a function of a module. Raises Waiting until it is there, and its error.

        What the reader stopped stays so until it goes on (``go_on``).
        """
        stopped = self.find(key)
        if stopped is not None and stopped.state == "stopped":
            raise Waiting(stopped)
        task: Task[T] = self.start(key, what, call, *args, progress=progress)
        if task.error is not None:
            with self._lock:
                self._kept.pop(key, None)  # asked again, it is tried again
            raise task.error
        if task.state != "done":
            raise Waiting(task)
        return cast("T", task.result)

    def start(self, key: Hashable, what: str, call: Callable[..., T], *args: Any, progress: bool = False) -> Task[T]:
        """The task of that key, begun if there is none; with ``progress`` the call is given ``tell(news)``."""
        with self._lock:
            task = self._kept.get(key)
            if task is None or task.state == "stopped":
                task = Task(key, what, call, args, progress)
                self._let_go_of_older(task)
                self._kept[key] = task
                self._queue.append(task)
                self._forget()
            self._kept.move_to_end(key)
            self._go_on()
            return task

    def find(self, key: Hashable) -> Task[Any] | None:
        """The task of that key, if there is one."""
        with self._lock:
            return self._kept.get(key)

    def numbered(self, number: str) -> Task[Any] | None:
        """The task of that number, as a form names it, if there still is one."""
        with self._lock:
            return next((task for task in self._kept.values() if str(task.number) == number), None)

    def stop(self, key: Hashable) -> None:
        """End a task, whatever it is doing."""
        with self._lock:
            task = self._kept.get(key)
            if task is None or task.state not in ("waiting", "running"):
                return
            task.state = "stopped"
            self._queue = [t for t in self._queue if t is not task]
            for worker, one in self._running.values():
                if one is task:
                    worker.kill()
        task.ended.set()

    def go_on(self, key: Hashable) -> None:
        """Let a task that was stopped be begun again when it is asked for."""
        with self._lock:
            task = self._kept.get(key)
            if task is not None and task.state == "stopped":
                del self._kept[key]

    def close(self) -> None:
        """End everything."""
        with self._lock:
            self._closed = True
            self._queue.clear()
            for worker in self._spare:
                worker.end()
            for worker, _ in self._running.values():
                worker.kill()

    def _let_go_of_older(self, task: Task[Any]) -> None:
        """What waits under the same name was asked of a journal that has changed since: nobody waits for it."""
        for old in [t for t in self._queue if _name(t) == _name(task)]:
            self._queue.remove(old)
            old.state = "stopped"
            self._kept.pop(old.key, None)
            old.ended.set()

    def _forget(self) -> None:
        """Let go of the oldest answers; what is under way stays."""
        over = len(self._kept) - MOST_KEPT
        for key in [k for k, t in self._kept.items() if t.state not in ("waiting", "running")][: max(over, 0)]:
            del self._kept[key]

    def _go_on(self) -> None:
        """Begin what can be begun; the lock is held."""
        while self._queue and len(self._running) < self._workers and not self._closed:
            task = self._queue.pop(0)
            worker = self._spare.pop() if self._spare else _Worker(self._context)
            task.state = "running"
            self._running[id(task)] = (worker, task)
            threading.Thread(target=self._follow, args=(worker, task), daemon=True).start()

    def _follow(self, worker: _Worker, task: Task[Any]) -> None:
        """Hear what a process tells of a task, until it is over."""
        over = _Over("failed", error=CharleyError("work-ended", "the process that worked on this was ended"))
        try:
            worker.pipe.send((task.call, task.args, task.progress))
            while True:
                told = worker.told()
                if isinstance(told, _Over):
                    over = told
                    break
                task.news = told
        except (EOFError, OSError):
            worker.kill()
        with self._lock:
            if task.state != "stopped":
                task.state, task.result, task.error = over.state, over.result, over.error
            del self._running[id(task)]
            if worker.alive and not self._spare and not self._closed:
                self._spare.append(worker)
            else:
                worker.end()
            self._go_on()
        task.ended.set()


@dataclass(frozen=True, slots=True)
class _Over:
    state: str
    result: Any = None
    error: CharleyError | None = None


def _name(task: Task[Any]) -> tuple[Any, ...]:
    """What is asked: the same call of the same things, whatever the journal held when it was asked."""
    return (task.call, *task.args)


class _Worker:
    """A process and the pipe to it."""

    def __init__(self, context: Any) -> None:
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs,), daemon=False)
        self.process.start()
        self.killed = False
        theirs.close()

    @property
    def alive(self) -> bool:
        return not self.killed and bool(self.process.is_alive())  # one that is killed lives on for a moment

    def told(self) -> Any:
        """What the process says next. Raises EOFError when it is dead, whoever else still holds its end of the pipe."""
        while not self.pipe.poll(LOOK_S):
            if not self.process.is_alive():
                raise EOFError
        return self.pipe.recv()

    def kill(self) -> None:
        """From any thread; who hears the pipe closes it, or its number could be another file's by then."""
        self.killed = True
        self.process.kill()

    def end(self) -> None:
        """Kill it, where nobody hears it any more."""
        self.kill()
        self.pipe.close()


def _serve(pipe: Connection) -> None:
    """A process: do what comes down the pipe, one thing after the other, until nothing more comes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    with suppress(OSError, AttributeError):  # a system without it
        os.nice(BEHIND)  # a page does not wait for what is worked out behind it
    for module in READY:
        import_module(module)
    with suppress(EOFError, OSError):
        while True:
            call, args, progress = pipe.recv()
            pipe.send(_done(pipe, call, args, progress))


def _done(pipe: Connection, call: Callable[..., Any], args: tuple[Any, ...], progress: bool) -> _Over:
    try:
        return _Over("done", call(*args, tell=pipe.send) if progress else call(*args))
    except CharleyError as error:
        return _Over("failed", error=error)
    except Exception as error:
        return _Over("failed", error=CharleyError("defect", f"{type(error).__name__}: {error}"))
