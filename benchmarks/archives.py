"""Whole archives: a career as an account's export has it, thousands of files that are no activities, the millions of
records of a phone, and small files of a stranger that are made to cost much."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks import reading
from charley.activities.fit.crc import crc16

RUNS, OTHER_FILES, RECORDS = 2000, 10_000, 2_700_000
SECONDS_PER_DAY = 86_400
SETTINGS = bytes([12, 16, 0, 0, 11, 0, 0, 0]) + b".FIT" + bytes([0x40, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 0, 0])
MEBIBYTE = 2**20

# Imports a file and prints wall and processor seconds, the largest memory (MiB) of itself and of its readers, and the
# number of activities that came of it. Of the readers only the largest is known, so it counts once for each.
IMPORT = """
import os, resource, sys, time
from pathlib import Path
from charley.api import journal
if __name__ == "__main__":
    before, spent = time.perf_counter(), sum(os.times()[:4])
    summary = journal.import_files(Path(sys.argv[2]), [Path(sys.argv[1])], workers=2)
    wall, cpu = time.perf_counter() - before, sum(os.times()[:4]) - spent
    own = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    readers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(wall, cpu, own, 2 * readers, summary.imported)
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as there:
        folder = Path(there)
        print(
            f"Load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores when it began. Memory: the importing process + its readers.\n"
        )
        print("| what | wall | processor | a second | processor ms a file | memory of all processes | bar |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        line("an account's export, 2000 runs of one hour", career(folder), RUNS, ">= 150 a second, <= 400 MiB")
        line("10 000 files that are no activities", settings(folder), OTHER_FILES, "<= 2 s")
        line("a phone's export, 2.7 million records, 30 runs", phone(folder), 30, "<= 300 MiB, the importing process")
        print(
            "\nSmall files that are made to cost much (bar: 3 s of processor time, 500 MiB), beside an ordinary one:\n"
        )
        print(
            "| what | kB | `import`, processor | memory | `why`, processor | memory |\n| --- | --- | --- | --- | --- | --- |"
        )
        for name, make in HOSTILE.items():
            path = folder / name
            path.write_bytes(make())
            hostile_line(name, path)


def line(name: str, source: Path, files: int, bar: str) -> None:
    wall, cpu, own, readers, imported = imported_from(source)
    source.unlink()
    memory = f"{own:.0f} + {readers:.0f} MiB"
    each = f"{1000 * cpu / files:.1f}"
    print(
        f"| {name}: {imported:.0f} kept | {wall:.1f} s | {cpu:.1f} s | {files / wall:.0f} | {each} | {memory} | {bar} |"
    )


def imported_from(source: Path) -> list[float]:
    with tempfile.TemporaryDirectory() as journal:
        command = [sys.executable, "-c", IMPORT, str(source), str(Path(journal) / "journal.sqlite")]
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [float(x) for x in out.split()]


def hostile_line(name: str, path: Path) -> None:
    _, cpu, own, readers, _ = imported_from(path)
    _, floor_cpu, *_ = imported_from(path.with_name("nothing") if path.with_name("nothing").exists() else nothing(path))
    before = os.times()
    code = "import resource, sys; from charley.faces.cli.main import main; sys.argv = ['charley', 'why', sys.argv[1]]\n"
    code += "try:\n    main()\nfinally:\n    r = resource.getrusage\n"
    code += "    own = int(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])\n"
    code += "    print(max(own, r(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024, file=sys.stderr)"
    found = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    memory = float(re.findall(r"^[\d.]+$", found.stderr, re.M)[-1])
    size = path.stat().st_size / 1000
    print(
        f"| {name} | {size:.0f} | {cpu - floor_cpu:.1f} s | {max(own, readers / 2):.0f} MiB | {spent:.1f} s | {memory:.0f} MiB |"
    )


def nothing(path: Path) -> Path:
    empty = path.with_name("nothing")
    empty.write_bytes(b"x")
    return empty


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


def _zip(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


def _tar(data: bytes, packed: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{packed}") as archive:
        info = tarfile.TarInfo("a.gpx")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def _most(make: Callable[[int], bytes], pack: Callable[[bytes], bytes], most: int = 1_000_000) -> bytes:
    """The largest of a kind that still packs to so many bytes: doubled until it does not."""
    size, found = 1000, pack(make(1000))
    while size < 2**27 and len(more := pack(make(2 * size))) <= most:
        size, found = 2 * size, more
    return found


def _varied(form: str) -> Callable[[int], bytes]:
    """So many copies of a form, each with its number, so that they do not pack away."""
    return lambda count: "".join(
        form.format(n=n, t=n % 86_400, k=n * 7919 % 100_003) for n in range(min(count, 2**20))
    ).encode()


_POINT = '<trkpt lat="46.{k:06d}" lon="7"><time>2024-05-01T{t}Z</time></trkpt>'
HOSTILE: dict[str, Callable[[], bytes]] = {
    "points.gpx.gz": lambda: _most(lambda n: b"<gpx><trk><trkseg>" + _varied(_POINT)(n), gzip.compress),
    "empty elements.gpx.gz": lambda: _most(lambda n: b"<gpx><trk><trkseg>" + b"<a/>" * n, gzip.compress),
    "names of elements.tcx.gz": lambda: _most(lambda n: b"<TrainingCenterDatabase>" + _varied("<e{k}/>")(n), gzip.compress),
    "plain elements.gpx": lambda: b"<gpx><trk><trkseg>" + b"<a/>" * 245_000,
    "objects.json.gz": lambda: _most(lambda n: b'{"DeviceLog":{"Samples":[' + b"{}," * n + b"{}]}}", gzip.compress),
    "values.json": lambda: b'{"DeviceLog":{"Samples":[' + b"1," * 450_000 + b"1]}}",
    "depth.json": lambda: b'{"DeviceLog":{"Samples":' + b"[" * 990_000,
    "lines.hitrack.gz": lambda: _most(_varied("tp=h-r;k=17{n:08d}000;v={k};\n"), gzip.compress),
    "lists of a phone.json": lambda: b"[" + b'{"attribute":"","sportType":4},' * 32_000 + b"{}]",
    "records of a phone.zip": lambda: _most(
        lambda n: _varied('<Record type="HKQuantityTypeIdentifierHeartRate" endDate="2024-01-01 00:00:{n}" value="{k}"/>')(n),
        lambda data: _zip(apple_health_export__export_dot_xml=b"<HealthData>" + data),
    ),
    "tar of spaces.xz": lambda: _tar(b"<gpx>" + b" " * (300 * MEBIBYTE), "xz"),
    "spaces.gpx.bz2": lambda: bz2.compress(b"<gpx>" + b" " * (300 * MEBIBYTE)),
    "spaces.gpx.xz": lambda: lzma.compress(b"<gpx>" + b" " * (300 * MEBIBYTE)),
    "empty entries.zip": lambda: _zip(**{f"{n}": b"" for n in range(9000)}),
    "empty tar entries.tar.gz": lambda: gzip.compress(_headers(200_000)),
    "samsung rows.zip": lambda: _zip(
        com_dot_samsung_dot_health_dot_exercise_dot_1_dot_csv=b"x\nstart_time,live_data,duration,distance\n"
        + "".join(f"2024-01-01 00:00:{n:05d},a.json,1,1\n" for n in range(60_000)).encode(),
        jsons__com_dot_samsung_dot_health_dot_exercise__a_dot_json=json.dumps([{"start_time": 1}] * 20_000).encode(),
    ),
}  # fmt: skip


def _headers(count: int) -> bytes:
    block = bytearray(tarfile.TarInfo("x").tobuf())
    return bytes(block) * count


if __name__ == "__main__":
    main()
