"""A Dask cluster of two worker processes on this machine, for the tests that kill one of them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest


def dask(*arguments: str) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        f"distributed.cli.dask_{arguments[0]}",
        *arguments[1:],
        "--no-dashboard",
    ]
    pins = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **pins})


def started(address: str) -> subprocess.Popen[bytes]:
    return dask(
        "worker", address, "--nthreads", "1", "--no-nanny", "--local-directory", os.environ.get("TMPDIR", "/tmp")
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and the processes: scheduler, worker, worker. Skipped without the extra."""
    pytest.importorskip("distributed", reason="the extra cluster is not installed: no cluster was started")
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    processes = [dask("scheduler", "--host", "127.0.0.1", "--port", str(port))]
    deadline = time.monotonic() + 60
    while socket.socket().connect_ex(("127.0.0.1", port)) and time.monotonic() < deadline:
        time.sleep(0.1)
    processes += [started(address), started(address)]
    yield address, processes
    for process in processes:
        process.kill()
        process.wait()
