"""The app in the browser over five thousand runs: how long the server takes for a page, and how large it is."""

from __future__ import annotations

import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.journal import many_runs
from charley.api import demo
from charley.api import journal as journals
from charley.journal import answers
from charley.journal.store import open_store
from charley.vocabulary.journal import Event

RUNS, ROUNDS = 5000, 7
CRAMPED_EVERY, SILENT_EVERY = 50, 5  # of the runs that were told of
PAGES = (
    "/", "/runs", "/runs?from=4900", "/run/ID", "/why", "/same-stretch", "/stops", "/race", "/plan", "/try", "/bring", "/data",
    "/profile", "/ask?q=does+salt+help", "/lab", "/cramp-now",
)  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory() as there:
        print(
            f"Each page of a journal of {RUNS} runs, most of them answered for, right after one more answer (median and "
            f"slowest of {ROUNDS}), and with nothing changed since. The processor is the server's own, for a page after "
            "an answer: what other processes work out meanwhile, on the same two cores, is neither waited for nor "
            "counted, and the page says how far it is.\n\n"
            "| page | processor | after an answer, median | slowest | unchanged | gzipped | bar |\n"
            "| --- | --- | --- | --- | --- | --- | --- |"
        )
        big = Path(there) / "big" / "journal.sqlite"
        many_runs(big, RUNS)
        told(big)
        _pages(big, PAGES)
        print("\n| what | wall | bar |\n| --- | --- | --- |")
        start = time.perf_counter()
        made_up = Path(there) / "demo" / "journal.sqlite"
        demo.fill(made_up)
        print(f"| the made-up runner's 240 runs, filled in | {time.perf_counter() - start:.1f} s | 3 s |")


def told(path: Path) -> None:
    """What was said of most runs: some cramped, some were left without an answer."""
    rows = journals.list_runs(path)
    with open_store(path) as store, store.writing():
        for number, row in enumerate(rows[1:]):
            if number % SILENT_EVERY == 0:
                continue
            cramped = number % CRAMPED_EVERY == 1
            at_s = row.elapsed_s * 0.8 if cramped else None
            said = answers.Told(row.run_id, row.started_at + timedelta(hours=2), datetime.now(UTC))
            answers.append(
                store, Event, said, kind="cramp" if cramped else "none", phase="during", at_s=at_s, from_s=at_s,
                to_s=at_s, muscle=None, side=None, severity=None, helped="",
            )  # fmt: skip


def _pages(journal: Path, paths: tuple[str, ...]) -> None:
    rows = journals.list_runs(journal)
    own = [path.replace("ID", rows[1].run_id[:16]) for path in paths]
    command = [sys.executable, "-m", "charley", "--journal", str(journal), "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        address = urlsplit(next(m[0] for line in server.stdout if (m := re.search(r"http://\S+", line))))
        try:
            entered, _ = _get(address.port or 0, address.path, "")
            cookie = str(entered.getheader("set-cookie")).partition(";")[0]
            for path, shown in zip(own, paths, strict=True):
                _get(address.port or 0, path, cookie)  # what is loaded once, when a page is first asked for
                changed, still, spent, body = [], [], 0.0, b""
                for number in range(ROUNDS):
                    journals.log_event(journal, "none", run=rows[100 + number].run_id, source="tap")
                    before = _processor_s(server.pid)
                    changed.append(_timed(address.port or 0, path, cookie)[0])
                    spent += _processor_s(server.pid) - before
                    seconds, body = _timed(address.port or 0, path, cookie)
                    still.append(seconds)
                size = len(zlib.compress(body, 6)) / 1000
                figures = (spent / ROUNDS, statistics.median(changed), max(changed), statistics.median(still))
                times = " | ".join(f"{1000 * s:.0f} ms" for s in figures)
                print(f"| `{shown}` | {times} | {size:.0f} kB | 100 ms, 100 kB |", flush=True)
        finally:
            server.terminate()


def _processor_s(pid: int) -> float:
    """Processor time of a process so far, in the steps of a hundredth of a second in which Linux counts it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _timed(port: int, path: str, cookie: str) -> tuple[float, bytes]:
    start = time.perf_counter()
    answer, body = _get(port, path, cookie)
    seconds = time.perf_counter() - start
    assert answer.status in (200, 202, 404), (path, answer.status)
    return seconds, body


def _get(port: int, path: str, cookie: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    return answer, answer.read()


if __name__ == "__main__":
    main()
