"""Cohorts on several processes: the same digest with one, two, seven, with one of them killed, after a killed run.

Oracle: the same order in one process.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from charley.api import cohort as api
from charley.cohort.field import field_text
from charley.cohort.run import Order, run
from charley.parallel.processes import Processes
from charley.vocabulary.errors import CharleyError, UsageError

RUNNERS = 240
ORDER = Order(field_text("boston-2004")[0], RUNNERS, 4)


@pytest.fixture(scope="module")
def digest() -> str:
    return api.simulate("boston-2004", runners=RUNNERS, seed=4).digest


def children_of(pid: int) -> list[int]:
    return [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_two_processes_count_the_same(digest: str) -> None:
    answer = api.simulate("boston-2004", runners=RUNNERS, seed=4, workers=2, chunk=50)
    assert answer.digest == digest
    assert answer.scheduler == "processes"


def test_seven_processes_count_the_same(digest: str) -> None:
    assert api.simulate("boston-2004", runners=RUNNERS, seed=4, workers=7, chunk=11).digest == digest


def test_a_killed_process_is_replaced(digest: str) -> None:
    killed: list[int] = []

    def kill_one(done: int, _: int) -> None:
        if not killed:
            victims = [c for c in children_of(os.getpid()) if "spawn_main" in _command(c)]
            killed.append(victims[0])
            os.kill(victims[0], signal.SIGKILL)

    ran = run(ORDER, Processes(2), size=20, progress=kill_one)
    assert killed
    assert ran.tally.digest(ORDER.question()) == digest


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")


def test_processes_that_always_die_are_one_coded_line() -> None:
    def kill_all(*_: int) -> None:
        for child in children_of(os.getpid()):
            if "spawn_main" in _command(child):
                os.kill(child, signal.SIGKILL)

    with pytest.raises(CharleyError) as stopped:
        run(ORDER, Processes(2), size=5, progress=kill_all)
    assert stopped.value.code == "cohort-workers"


def test_a_killed_run_goes_on_and_leaves_nobody_behind(digest: str, tmp_path: Path) -> None:
    kept = tmp_path / "c.npz"
    options = f"--field boston-2004 --runners {RUNNERS} --seed 4 --workers 2 --chunk 12 --json --checkpoint"
    command = [sys.executable, "-m", "charley", "cohort", *options.split(), str(kept)]
    first = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not kept.exists() and time.monotonic() < deadline and first.poll() is None:
        time.sleep(0.01)
    children = children_of(first.pid) if first.poll() is None else []
    first.kill()
    first.wait()
    assert kept.exists()
    found = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    assert found["digest"] == digest
    assert found["complete"]
    while any(_alive(c) for c in children) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(_alive(c) for c in children)


def _alive(pid: int) -> bool:
    try:
        return "charley" in _command(pid) or "spawn_main" in _command(pid)
    except OSError:
        return False


@pytest.mark.parametrize("workers", [0, -1, 1000])
def test_impossible_workers_are_refused(workers: int) -> None:
    with pytest.raises(UsageError, match="workers"):
        api.simulate("boston-2004", runners=10, workers=workers)
