"""The app in the browser over five thousand runs: how long the server takes for a page, and how large it is."""

from __future__ import annotations

import http.client
import re
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.journal import many_runs
from charley.api import demo
from charley.api import journal as journals

RUNS, ROUNDS = 5000, 7
PAGES = ("/", "/runs", "/data", "/ask?q=does+salt+help", "/profile", "/lab", "/cramp-now")


def main() -> None:
    with tempfile.TemporaryDirectory() as there:
        print(f"| page, {RUNS} runs | server, median | gzipped | bar |\n| --- | --- | --- | --- |")
        big = Path(there) / "big" / "journal.sqlite"
        many_runs(big, RUNS)
        run = journals.list_runs(big)[0].run_id[:16]
        _pages(big, (*PAGES, f"/run/{run}"))
        print("\n| what | wall | bar |\n| --- | --- | --- |")
        start = time.perf_counter()
        made_up = Path(there) / "demo" / "journal.sqlite"
        demo.fill(made_up)
        print(f"| the made-up runner's 240 runs, filled in | {time.perf_counter() - start:.1f} s | 3 s |")


def _pages(journal: Path, paths: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "charley", "--journal", str(journal), "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        address = urlsplit(next(m[0] for line in server.stdout if (m := re.search(r"http://\S+", line))))
        try:
            entered, _ = _get(address.port or 0, address.path, "")
            cookie = str(entered.getheader("set-cookie")).partition(";")[0]
            for path in paths:
                seen, body = [], b""
                for _ in range(ROUNDS):
                    start = time.perf_counter()
                    _, body = _get(address.port or 0, path, cookie)
                    seen.append(time.perf_counter() - start)
                shown = re.sub(r"[0-9a-f]{16}", "ID", path)
                size = len(zlib.compress(body, 6)) / 1000
                print(f"| `{shown}` | {1000 * statistics.median(seen):.0f} ms | {size:.0f} kB | 100 ms, 100 kB |")
        finally:
            server.terminate()


def _get(port: int, path: str, cookie: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    return answer, answer.read()


if __name__ == "__main__":
    main()
