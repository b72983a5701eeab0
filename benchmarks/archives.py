"""Whole archives: a career as an account's export has it, thousands of files that are no activities, and the millions
of records of a phone. What small files of a stranger cost at the most: ``hostile``."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from benchmarks import reading
from charley.activities.fit.crc import crc16

RUNS, OTHER_FILES, RECORDS = 2000, 10_000, 2_700_000
SECONDS_PER_DAY = 86_400
SETTINGS = bytes([12, 16, 0, 0, 11, 0, 0, 0]) + b".FIT" + bytes([0x40, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 0, 0])

# Imports a file and prints wall and processor seconds; the memory (MiB) of the importing process and of each other one
# at its largest, added up; the largest sum of what all of them hold at one time, pages that they share counted once
# (PSS, looked at twenty times a second); and how many activities came of it.
IMPORT = """
import os, sys, threading, time
from pathlib import Path
from charley.api import journal

def mebibytes(pid, what, file="status"):
    try:
        return int(Path(f"/proc/{pid}/{file}").read_text().split(what)[1].split()[0]) / 1024
    except (OSError, IndexError):
        return 0.0

def look():
    own, largest, together = os.getpid(), {}, 0.0
    while not done.wait(0.05):
        others = Path(f"/proc/{own}/task/{own}/children").read_text().split()
        together = max(together, sum(mebibytes(p, "Pss:", "smaps_rollup") for p in (own, *others)))
        for p in others:
            largest[p] = max(largest.get(p, 0.0), mebibytes(p, "VmHWM:"))
    found.append((mebibytes(own, "VmHWM:"), sum(largest.values()), together))

if __name__ == "__main__":
    done, found = threading.Event(), []
    looker = threading.Thread(target=look)
    looker.start()
    before, spent = time.perf_counter(), sum(os.times()[:4])
    summary = journal.import_files(Path(sys.argv[2]), [Path(sys.argv[1])], workers=2)
    wall, cpu = time.perf_counter() - before, sum(os.times()[:4]) - spent
    done.set()
    looker.join()
    print(wall, cpu, *found[0], summary.imported)
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as there:
        folder = Path(there)
        print(
            f"Load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores when it began. Memory: the importing process + its "
            "readers, each at its largest; and all of them at one time, shared pages counted once.\n"
        )
        print("| what | wall | processor | a second | processor ms a file | memory | at one time | bar |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- |")
        line("an account's export, 2000 runs of one hour", career(folder), RUNS, ">= 150 a second, <= 400 MiB")
        line("10 000 files that are no activities", settings(folder), OTHER_FILES, "<= 2 s")
        line("a phone's export, 2.7 million records, 30 runs", phone(folder), 30, "<= 300 MiB")


def line(name: str, source: Path, files: int, bar: str) -> None:
    wall, cpu, own, readers, together, imported = imported_from(source)
    source.unlink()
    memory = f"{own:.0f} + {readers:.0f} MiB | {together:.0f} MiB"
    each = f"{1000 * cpu / files:.1f}"
    print(
        f"| {name}: {imported:.0f} kept | {wall:.1f} s | {cpu:.1f} s | {files / wall:.0f} | {each} | {memory} | {bar} |"
    )


def imported_from(source: Path) -> list[float]:
    with tempfile.TemporaryDirectory() as journal:
        command = [sys.executable, "-c", IMPORT, str(source), str(Path(journal) / "journal.sqlite")]
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [float(x) for x in out.split()]


def career(folder: Path) -> Path:
    """Runs on days of their own: one recording whose times are moved, in the two zips of such an export."""
    one = np.frombuffer(reading.fit_recording(1), np.uint8)
    at = _times(one.tobytes())
    source = folder / "account.zip"
    with zipfile.ZipFile(source, "w") as outer:
        for part in range(2):
            inner = io.BytesIO()
            with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                for day in range(part * RUNS // 2, (part + 1) * RUNS // 2):
                    archive.writestr(f"a_{day}.fit", _on_day(one, at, day))
            name = f"DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part{part + 1}.zip"
            outer.writestr(name, inner.getvalue())
    return source


def _times(data: bytes) -> np.ndarray:
    """Where the times of records and of the session stand: 4 bytes that lie within the hour of the recording."""
    first = reading.START_UNIX_S - 631_065_600
    words = np.lib.stride_tricks.sliding_window_view(np.frombuffer(data, np.uint8), 4).astype(np.uint32)
    values = words @ np.array([1, 1 << 8, 1 << 16, 1 << 24], dtype=np.uint32)
    return np.flatnonzero((values >= first) & (values < first + 3600))


def _on_day(one: np.ndarray, at: np.ndarray, day: int) -> bytes:
    data = one.copy()
    places = at[:, None] + np.arange(4)
    values = data[places].astype(np.uint32) @ np.array([1, 1 << 8, 1 << 16, 1 << 24], dtype=np.uint32)
    data[places] = ((values - SECONDS_PER_DAY * day).astype("<u4")[:, None].view(np.uint8)).reshape(-1, 4)
    return data[:-2].tobytes() + crc16(data[:-2].tobytes()).to_bytes(2, "little")


def settings(folder: Path) -> Path:
    source = folder / "settings.zip"
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(OTHER_FILES):
            archive.writestr(f"{number}.fit", SETTINGS + os.urandom(2000))
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("DI_CONNECT/part.zip", inner.getvalue())
    return source


def phone(folder: Path) -> Path:
    """The XML of Apple Health: heart rate, steps and energy of years, with runs of an hour that have no route."""
    source = folder / "phone.zip"
    kinds = ("HeartRate", "DistanceWalkingRunning", "ActiveEnergyBurned")
    with (
        zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("apple_health_export/export.xml", "w", force_zip64=True) as out,
    ):
        out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<HealthData locale="en_GB">\n')
        for n in range(RECORDS):
            second = 5 * (n // 3)
            day, rest = divmod(second, SECONDS_PER_DAY)
            at = f"2024-{day // 28 + 1:02d}-{day % 28 + 1:02d} {rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d} +0100"
            out.write(
                f' <Record type="HKQuantityTypeIdentifier{kinds[n % 3]}" sourceName="Watch" sourceVersion="11" device="a watch" '
                f'unit="{("count/min", "km", "kcal")[n % 3]}" creationDate="{at}" startDate="{at}" endDate="{at}" '
                f'value="{(150, 0.015, 1)[n % 3]}"/>\n'.encode()
            )
        for n in range(30):
            day = f"2024-{n // 28 + 1:02d}-{n % 28 + 1:02d}"
            out.write(
                f' <Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="60" durationUnit="min" '
                f'sourceName="Watch" startDate="{day} 07:00:00 +0100" endDate="{day} 08:00:00 +0100"/>\n'.encode()
            )
        out.write(b"</HealthData>\n")
    return source


if __name__ == "__main__":
    main()
