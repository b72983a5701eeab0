"""A process of its own for what reads a stranger's file: limited memory, processor time and waiting.

It is a fork, so that nothing has to be loaded again, and the caller goes on loading what it needs while the file is
read. Where a system has no fork, the work is done in the same process, without limits.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from charley.vocabulary.errors import CharleyError, RunFileError

CPU_SECONDS = 30  # processor time of one file
WALL_SECONDS = 120.0  # for a file that waits instead of working, and on a machine that has more to do
MEMORY_BYTES = 4 * 2**30  # address space of one process: far above any recording, below what stops a computer

R = TypeVar("R")
_CHUNK = 1 << 20


def limit_memory() -> None:
    """From now on the process has that much address space, and leaves no image of its memory behind when it crashes."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_cpu(cpu_seconds: int) -> None:
    """From now on the process may use that much processor time; then the system ends it, in compiled code too."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        spent = resource.getrusage(resource.RUSAGE_SELF)
        end = int(spent.ru_utime + spent.ru_stime) + 1 + cpu_seconds
        resource.setrlimit(resource.RLIMIT_CPU, (end, resource.getrlimit(resource.RLIMIT_CPU)[1]))


@dataclass(slots=True)
class Guarded(Generic[R]):
    """Work that was started; ``result`` waits for it. Use it as a context manager: what is not waited for is ended."""

    work: Callable[[], R]
    name: str
    cpu_seconds: int = CPU_SECONDS
    _child: int = 0
    _pipe: int = -1
    _until: float = field(default=0.0)

    def __enter__(self) -> Guarded[R]:
        if hasattr(os, "fork"):
            self._fork()
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def result(self) -> R:
        """What the work returned. Raises what it raised, and RunFileError (file-slow, file-limits, import-killed,
        import-stopped) where its process was ended; one that was ended from outside is started once more."""
        if not self._child:
            return self.work()
        for last in (False, True):
            payload, status = self._wait()
            if payload:
                kind, value = pickle.loads(payload)
                if kind == "returned":
                    return value  # type: ignore[no-any-return]
                if kind == "raised":
                    raise value
                raise RunFileError(*value)
            ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            if ended != signal.SIGKILL or last:
                raise _ended(self.name, ended, status, self.cpu_seconds)
            self._fork()
        raise AssertionError("the second time raises")

    def _fork(self) -> None:
        hears, tells = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(hears)
            _child_work(self.work, self.name, tells, self.cpu_seconds)
        os.close(tells)
        self._child, self._pipe, self._until = child, hears, time.monotonic() + WALL_SECONDS

    def _wait(self) -> tuple[bytes, int]:
        parts = []
        while True:
            left = self._until - time.monotonic()
            if left <= 0 or not select.select([self._pipe], [], [], left)[0]:
                self._end()
                raise RunFileError("file-slow", f"reading takes longer than {WALL_SECONDS:g} s", self.name)
            part = os.read(self._pipe, _CHUNK)
            if not part:
                break
            parts.append(part)
        os.close(self._pipe)
        _, status = os.waitpid(self._child, 0)
        self._child, self._pipe = 0, -1
        return (b"".join(parts) if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0 else b""), status

    def _end(self) -> None:
        if self._pipe >= 0:
            os.close(self._pipe)
            self._pipe = -1
        if self._child:
            with suppress(OSError):
                os.kill(self._child, signal.SIGKILL)
                os.waitpid(self._child, 0)
            self._child = 0


def _child_work(work: Callable[[], object], name: str, tells: int, cpu_seconds: int) -> None:
    """Does not return: a child must not run what its parent still has to do."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
        limit_memory()
        limit_cpu(cpu_seconds)
        payload = pickle.dumps(_done(work, name), protocol=5)
        at = 0
        while at < len(payload):
            at += os.write(tells, payload[at : at + _CHUNK])
        code = 0
    finally:
        os._exit(code)


def _done(work: Callable[[], object], name: str) -> tuple[str, object]:
    try:
        return "returned", work()
    except CharleyError as error:
        return "raised", error
    except MemoryError:
        text = f"reading takes more than {MEMORY_BYTES // 2**30} GiB of memory"
        return "ended", ("file-limits", text, name)
    except BaseException as error:  # readers with compiled parts throw panics that are no Exception
        return "ended", ("import-killed", f"reading ended with {type(error).__name__}: {str(error)[:200]}", name)


def _ended(name: str, ended: int, status: int, cpu_seconds: int) -> RunFileError:
    if ended == getattr(signal, "SIGXCPU", 0):
        return RunFileError("file-slow", f"reading takes more than {cpu_seconds} s of processor time", name)
    if ended == signal.SIGKILL:
        return RunFileError("import-stopped", "the process that read it was ended from outside, twice", name)
    how = f"signal {ended}" if ended else f"code {os.waitstatus_to_exitcode(status)}"
    return RunFileError("import-killed", f"reading it ended its process ({how})", name)
