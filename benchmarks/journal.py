"""Bringing a career into a journal, repeating that, passing over an account's other files, and a backup."""

from __future__ import annotations

import os
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import reading
from charley.activities import archives
from charley.journal import desk_part
from charley.journal.importing import import_runs

CAREER_FILES, OTHER_FILES = 100, 7779
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
        made = timed(lambda: desk_part.make_backup(folder / "journal.sqlite"))
        print(f"\nbackup of {CAREER_FILES} runs, read back: {1000 * made:.0f} ms")


def row(name: str, source: Path, files: int, bar: str) -> None:
    journal = source.with_name("journal.sqlite")
    before = os.times()
    seconds = timed(lambda: import_runs(journal, archives.walk([source]), archives.read_and_clean, read_by="0"))
    spent = sum(os.times()[:4]) - sum(before[:4])
    print(f"| {name} | {files / seconds:.0f} | {1000 * spent / files:.1f} | {bar} |")


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
