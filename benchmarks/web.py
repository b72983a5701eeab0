"""The app in the browser over five thousand runs: the first why, then how long the server takes for each page, and how
large it is, with that answer there and right after one more answer was told."""

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
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.journal import many_runs
from charley.api import demo
from charley.api import journal as journals
from charley.faces.web.app import PAGES
from charley.journal import answers
from charley.journal.store import open_store
from charley.vocabulary.journal import Event

RUNS, ROUNDS = 5000, 7
CRAMPED_EVERY, SILENT_EVERY = 50, 5  # of the runs that were told of
DAY = f"{date.today() + timedelta(days=120)}"
ASKED = (
    "/runs?from=4900", f"/race?distance=marathon&goal=3:30&date={DAY}&health=none", f"/plan?distance=half&date={DAY}&years=8",
    "/try?change=slower-start", "/ask?q=does+salt+help", "/ask?q=my+calf+is+swollen+and+hot", "/cramp-now",
)  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory() as there:
        big = Path(there) / "big" / "journal.sqlite"
        many_runs(big, RUNS)
        told(big)
        _pages(big)
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


def _pages(journal: Path) -> None:
    """Every page that the app has, as it is opened first and as its form fills it."""
    rows = journals.list_runs(journal)
    paths = [*sorted(page.path for page in PAGES), *ASKED]
    own = [path.replace("{run}", rows[1].run_id[:16]) for path in paths]
    with Server(journal) as server:
        print(
            f"A journal of {RUNS} runs, most of them answered for. What is worked out in processes of its own stands "
            "first, from an empty memory; while it goes on, a page says how far it is.\n\n"
            "| what | wall | processor, all processes | memory at one time | bar |\n| --- | --- | --- | --- | --- |"
        )
        for path, shown in zip(own, paths, strict=True):
            server.worked_out(path, shown)
        print(
            f"\nThe server's own processor for a page, and how long it took (median and slowest of {ROUNDS}): with every "
            "answer there, and right after one more answer was told, when it is worked out anew meanwhile on the same "
            "two cores.\n\n"
            "| page | gzipped | processor, answer there | wall, median | slowest | processor, one told | wall, median | slowest | "
            "bar |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
        )
        there = []
        for path in own:
            server.worked_out(path)  # the server keeps some answers, not those of all pages
            there.append((server.size_kb(path), server.times(path)))
        for number, (path, shown, (size_kb, before)) in enumerate(zip(own, paths, there, strict=True)):

            def tell(number: int = number) -> None:
                journals.log_event(journal, "none", run=rows[100 + number].run_id, source="tap")

            figures = (*before, *server.times(path, tell))
            times = " | ".join(f"{1000 * s:.0f} ms" for s in figures)
            print(f"| `{shown}` | {size_kb:.0f} kB | {times} | 100 kB, 100 ms |", flush=True)


class Server:
    """`charley serve` on a journal, and a browser that it let in."""

    def __init__(self, journal: Path) -> None:
        command = [sys.executable, "-m", "charley", "--journal", str(journal), "serve"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        address = urlsplit(next(m[0] for line in self.process.stdout if (m := re.search(r"http://\S+", line))))
        self.host, self.port, self.cookie = address.netloc, address.port or 0, ""
        self.cookie = str(self.get(address.path)[0].getheader("set-cookie")).partition(";")[0]

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(60)

    def get(self, path: str) -> tuple[http.client.HTTPResponse, bytes]:
        """An answer and its body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        connection.request("GET", path, headers={"Cookie": self.cookie} if self.cookie else {})
        answer = connection.getresponse()
        return answer, answer.read()

    def worked_out(self, path: str, shown: str = "", bar: str = "") -> None:
        """Ask until nothing of a page is being worked out any more; of one that is to be shown, a line of the table."""
        start, spent, most = time.perf_counter(), self.spent_s(), 0.0
        waited = False
        while (got := self.get(path))[0].status == 202 or b'hx-trigger="every' in got[1]:
            waited, most = True, max(most, self.memory_mib())
            time.sleep(0.2)
        assert got[0].status in (200, 404), (path, got[0].status)
        wall, cpu = time.perf_counter() - start, self.spent_s() - spent
        if waited and shown:
            print(f"| `{shown}`, worked out | {wall:.1f} s | {cpu:.1f} s | {most:.0f} MiB | {bar} |", flush=True)

    def size_kb(self, path: str) -> float:
        """What a page with its answer there takes as it is sent to a browser that takes it packed."""
        answer, body = self.get(path)
        assert answer.status == 200, (path, answer.status)
        assert b'hx-trigger="every' not in body, path
        return len(zlib.compress(body, 6)) / 1000

    def times(self, path: str, before: Callable[[], None] = lambda: None) -> tuple[float, float, float]:
        """Processor seconds of the server for a page, mean; wall seconds, median and slowest."""
        walls, spent = [], 0.0
        for _ in range(ROUNDS):
            before()
            began = processor_s(self.process.pid)
            start = time.perf_counter()
            answer, _ = self.get(path)
            walls.append(time.perf_counter() - start)
            spent += processor_s(self.process.pid) - began
            assert answer.status in (200, 202, 404), (path, answer.status)
        return spent / ROUNDS, statistics.median(walls), max(walls)

    def all(self) -> list[int]:
        """The server and the processes that work for it."""
        own = self.process.pid
        return [own, *map(int, Path(f"/proc/{own}/task/{own}/children").read_text().split())]

    def spent_s(self) -> float:
        """Processor seconds of all of them so far; of those that have ended, once they are waited for."""
        return sum(processor_s(pid, ended=True) for pid in self.all())

    def memory_mib(self) -> float:
        """What all of them hold, shared pages counted once."""
        found = 0.0
        for pid in self.all():
            with suppress(OSError):
                found += int(Path(f"/proc/{pid}/smaps_rollup").read_text().split("Pss:")[1].split()[0]) / 1024
        return found


def processor_s(pid: int, *, ended: bool = False) -> float:
    """Processor time of a process so far, in the steps of a hundredth of a second in which Linux counts it; ``ended``:
    with that of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # gone meanwhile
        return 0.0
    return sum(map(int, fields[11 : 15 if ended else 13])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
