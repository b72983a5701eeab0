"""Bringing a career into a journal, repeating that, passing over an account's other files; a backup of ten thousand
runs; and why over four hundred runs, the first time, again, and with one answer more."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from benchmarks import reading
from benchmarks.long_run import four_hours, years
from benchmarks.timing import both, pair, process
from charley.activities import archives, kept
from charley.api import journal as journals
from charley.journal import streams
from charley.journal.importing import import_runs
from charley.journal.store import streams_folder

CAREER_FILES, OTHER_FILES = 100, 7779
BACKUP_RUNS, WHY_RUNS = 10_000, 400
SECONDS_PER_DAY = 86_400
SETTINGS = bytes([12, 16, 0, 0, 11, 0, 0, 0]) + b".FIT" + bytes([0x40, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 0, 0])


def main() -> None:
    print("| what | files a second | processor ms a file, all processes | bar |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as there:
        folder = Path(there)
        with zipfile.ZipFile(folder / "career.zip", "w") as archive:
            for day in range(CAREER_FILES):
                reading.START_UNIX_S += SECONDS_PER_DAY
                archive.writestr(f"{day}.fit", reading.fit_recording(1))
        row(f"import of {CAREER_FILES} runs of one hour, two readers", folder / "career.zip", CAREER_FILES, ">= 60")
        row("the same again", folder / "career.zip", CAREER_FILES, "")
        with zipfile.ZipFile(folder / "part.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(OTHER_FILES):
                archive.writestr(f"{number}.fit", SETTINGS + os.urandom(2000))
        with zipfile.ZipFile(folder / "export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(folder / "part.zip", "part.zip")
        row(f"passing over {OTHER_FILES} files that are no activities", folder / "export.zip", OTHER_FILES, ">= 1000")
        backup(folder)
        why(folder)


def many_runs(path: Path, runs: int) -> None:
    """A journal of so many runs. The rows are copies of one run of an hour on other days; each has channels of its own:
    those of that run with its number behind them, so that no two files are alike."""
    journals.add_run(path, four_hours(3600), read_by="0")
    kept = streams_folder(path)
    (one,) = kept.iterdir()
    content = one.read_bytes()
    with closing(sqlite3.connect(path)) as db, db:
        columns = [c for (_, c, *_) in db.execute("PRAGMA table_info(run)")]
        own = {"run_id": "?4", "started_unix_s": f"started_unix_s - {SECONDS_PER_DAY} * ?1",
               "streams_sha256": "?2"}  # fmt: skip
        values = ", ".join(own.get(c, c) for c in columns)
        for number in range(1, runs):
            data = content + number.to_bytes(4, "big")
            name = streams.name_of(data)
            (kept / name).write_bytes(data)
            db.execute(
                f"INSERT INTO run ({', '.join(columns)}) SELECT {values} FROM run WHERE run_id = ?3",
                (number, name, "0" * 64, sha256(str(number).encode()).hexdigest()),
            )


def backup(folder: Path) -> None:
    """A backup of ten thousand runs, read back."""
    path = folder / "many" / "journal.sqlite"
    many_runs(path, BACKUP_RUNS)
    times = both(1, floor=lambda: [os.urandom(2**20) for _ in range(400)], backup=lambda: journals.make_backup(path))
    print("\n| what | wall | processor | ratio to the floor | bar |\n| --- | --- | --- | --- | --- |")
    pair("floor: 400 MB of random bytes", times["floor"])
    pair(f"backup of {BACKUP_RUNS} runs, read back", times["backup"], times["floor"], "5000 ms")


def why(folder: Path) -> None:
    """The whole process: the first time (all rows computed, the log fitted), the same question again (the answer is
    kept), and when one answer more was told (all but the latest run is kept)."""
    path = folder / "why" / "journal.sqlite"
    years(path, WHY_RUNS)
    ask = process("-m", "charley", "--journal", str(path), "why", warm=False)  # the first time is what is measured
    empty = both(5, empty=process("-c", "pass"))["empty"]
    first = both(1, first=ask)["first"]
    again = both(3, again=ask)["again"]
    journals.log_event(path, "none", run=max(journals.list_runs(path), key=lambda r: r.started_at).run_id)
    told = both(1, told=ask)["told"]
    print("\n| what | wall | processor | ratio to an empty interpreter | bar |\n| --- | --- | --- | --- | --- |")
    pair("empty interpreter", empty)
    pair(f"`charley why` over {WHY_RUNS} runs, the first time", first, empty, "3000 ms")
    pair("the same question again", again, empty, "800 ms")
    pair("when one answer more was told", told, empty)


def row(name: str, source: Path, files: int, bar: str) -> None:
    journal = source.with_name("journal.sqlite")
    before = os.times()
    seconds = timed(lambda: import_runs(journal, archives.walk([source]), kept.read_and_clean, read_by="0"))
    spent = sum(os.times()[:4]) - sum(before[:4])
    print(f"| {name} | {files / seconds:.0f} | {1000 * spent / files:.1f} | {bar} |")


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
