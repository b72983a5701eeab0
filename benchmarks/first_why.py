"""From an archive to the first honest why, as the app in the browser goes about it: the archive of an account with two
thousand runs is handed over, brought in by a job, and answered by another."""

from __future__ import annotations

import http.client
import json
import os
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.archives import RUNS, career
from benchmarks.web import Server

BAR_S = 120
BOUNDARY = "part-of-a-form"


def main() -> None:
    with tempfile.TemporaryDirectory() as there:
        folder = Path(there)
        archive = career(folder)
        print(
            f"An archive of {RUNS} runs of one hour ({archive.stat().st_size / 1e6:.0f} MB), `charley serve` on no journal, "
            f"{os.cpu_count()} cores. The processor is that of the server and of all that works for it.\n\n"
            "| what | wall | processor | memory at one time | bar |\n| --- | --- | --- | --- | --- |"
        )
        with Server(folder / "journal.sqlite") as server:
            began, first = time.perf_counter(), server.spent_s()
            steps: tuple[tuple[str, Callable[[], float]], ...] = (
                ("handed over", lambda: _hand_over(server, archive)),
                ("brought in", lambda: _until(server, "/bring.json", "ok", "partial")),
                ("answered: the first why", lambda: _until(server, "/why.json", "ok", "cannot_tell")),
            )
            for what, step in steps:
                start, spent = time.perf_counter(), server.spent_s()
                most = step()
                wall, cpu = time.perf_counter() - start, server.spent_s() - spent
                print(f"| {what} | {wall:.1f} s | {cpu:.1f} s | {most:.0f} MiB |  |", flush=True)
            runs = json.loads(server.get("/home.json")[1])["runs"]
            wall, cpu = time.perf_counter() - began, server.spent_s() - first
            print(f"| from the archive to why: {runs} runs | {wall:.1f} s | {cpu:.1f} s |  | {BAR_S} s |")


def _hand_over(server: Server, archive: Path) -> float:
    """The archive as a browser sends it; the memory while it came."""
    token = re.search(r'name="form" value="(\w+)"', server.get("/bring")[1].decode())
    assert token is not None
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    begin = f'{head}"form"\r\n\r\n{token[1]}\r\n{head}"files"; filename="{archive.name}"\r\n\r\n'.encode()
    body = b"".join((begin, archive.read_bytes(), f"\r\n--{BOUNDARY}--\r\n".encode()))
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
    sent = {"Cookie": server.cookie, "Origin": f"http://{server.host}"}
    connection.request("POST", "/bring", body, sent | {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})
    assert connection.getresponse().status == 303
    return server.memory_mib()


def _until(server: Server, path: str, *over: str) -> float:
    """Ask until it is there; the most memory on the way."""
    most = 0.0
    while (found := json.loads(server.get(path)[1]))["meta"]["status"] not in over:
        assert found["meta"]["status"] == "working", (path, found)
        most = max(most, server.memory_mib())
        time.sleep(0.25)
    return most


if __name__ == "__main__":
    main()
