"""Chunks of runners to workers, their counts into one tally, and a checkpoint from which a stopped run goes on.

Any worker may do any chunk, twice if need be: what is added is added once, by the range of runners that it is of.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from charley.cohort.checkpoint import Checkpoint
from charley.cohort.simulate import outcomes_of
from charley.cohort.tally import Packed, Tally, tally_of
from charley.evidence.tables import tables_sha256
from charley.parallel.tasks import Task, Workers
from charley.vocabulary.errors import UsageError
from charley.vocabulary.version import __version__

MODEL = "cohort 1"  # raise it when the same question would be answered otherwise
AT_ONCE = 2048  # runners that a worker holds at a time
LEAST_CHUNK, MOST_CHUNKS = 2048, 2000
SAVE_EVERY_S = 10.0


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked: the text of the field, how many runners, the seed."""

    field_key: str
    runners: int
    seed: int

    def question(self) -> str:
        """Everything on which the counts depend, as one line: model, tables, field, runners, seed."""
        parts = {
            "model": MODEL,
            "version": __version__,
            "parameters": tables_sha256(),
            "field": sha256(self.field_key.encode()).hexdigest(),
            "runners": self.runners,
            "seed": self.seed,
        }
        return json.dumps(parts, sort_keys=True)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Runners ``first`` to ``first + count - 1``."""

    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Done:
    """A chunk's counts, the process that made them, its peak memory so far and the processor time that they took."""

    chunk: Chunk
    packed: Packed
    process: str
    peak_mb: float
    cpu_s: float


def identity() -> str:
    """What must be the same on every worker for the counts to be."""
    return f"charley {__version__}, {MODEL}, tables {tables_sha256()[:16]}"


def work(field_key: str, seed: int, first: int, count: int) -> Done:
    """One task: simulate the runners, in pieces that bound its memory, and count."""
    began = time.process_time()
    total = Tally.empty()
    for at in range(first, first + count, AT_ONCE):
        total.add(tally_of(outcomes_of(field_key, seed, at, min(AT_ONCE, first + count - at))).packed())
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    return Done(Chunk(first, count), total.packed(), _process(), peak_mb, time.process_time() - began)


def _process() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass(frozen=True, slots=True)
class Ran:
    """A finished run, or one that was stopped: its tally, whole seconds, memory, and what it cost."""

    tally: Tally
    complete: bool
    seconds: float
    peak_mb: float
    cpu_s: float
    kept: bool  # False: a checkpoint was asked for and could not be written
    fresh: int  # runners that it simulated; the others came from the checkpoint


def chunk_size(runners: int) -> int:
    """Runners a task: at least 2048 (a second or two), and at most 2000 tasks."""
    return max(LEAST_CHUNK, -(-runners // MOST_CHUNKS))


def run(
    order: Order,
    workers: Workers,
    checkpoint: Checkpoint | None = None,
    size: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Ran:
    """All runners of the order, from where the checkpoint left off. Stopped at any time, the checkpoint holds the rest.

    ``size``: runners a chunk, any number; the counts are the same. ``progress`` is told runners done and asked for.
    Raises what the workers raise, with what was counted until then in the checkpoint.
    """
    if size is not None and size < 1:
        raise UsageError("usage-value", f"chunks of {size} runners", "--chunk")
    began = time.monotonic()
    state = checkpoint.load(order.question()) if checkpoint else None
    tally, done = state if state else (Tally.empty(), [])
    left = list(_left(done, order.runners, size or chunk_size(order.runners)))
    tasks = (Task(work, (order.field_key, order.seed, first, count)) for first, count in left)
    before = sum(n for _, n in done)
    peaks: dict[str, float] = {}
    counted: set[Chunk] = set()
    cpu_s, saved, kept = 0.0, float("-inf"), True
    try:
        for one in workers.run(tasks):
            if one.chunk in counted:
                continue
            counted.add(one.chunk)
            tally.add(one.packed)
            done = joined([*done, (one.chunk.first, one.chunk.count)])
            peaks[one.process] = max(one.peak_mb, peaks.get(one.process, 0.0))
            cpu_s += one.cpu_s
            if progress:
                progress(sum(n for _, n in done), order.runners)
            if checkpoint and time.monotonic() - saved > SAVE_EVERY_S:
                kept = checkpoint.save(order.question(), tally, done)
                saved = time.monotonic()
    finally:
        if checkpoint:
            kept = checkpoint.save(order.question(), tally, done)
    peaks[_process()] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    there = sum(n for _, n in done)
    seconds = time.monotonic() - began
    return Ran(tally, there == order.runners, seconds, sum(peaks.values()), cpu_s, kept, there - before)


def joined(done: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges of runners, in order, those that touch as one."""
    out: list[tuple[int, int]] = []
    for first, count in sorted(done):
        if out and out[-1][0] + out[-1][1] == first:
            out[-1] = (out[-1][0], out[-1][1] + count)
        else:
            out.append((first, count))
    return out


def _left(done: list[tuple[int, int]], runners: int, size: int) -> Iterator[tuple[int, int]]:
    """The runners that are not done yet, cut into chunks."""
    at = 0
    for first, count in [*sorted(done), (runners, 0)]:
        while at < first:
            yield at, min(size, first - at)
            at += min(size, first - at)
        at = max(at, first + count)
