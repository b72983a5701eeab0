"""Reading activity files: ours beside fitdecode, a bare XML parse and a bare read of the same bytes, and a day's file.

The files are made here: FIT at one record a second with running dynamics and with messages that no profile describes,
as watches write them; TCX and GPX; a folder of settings files, which an import must pass over quickly.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from benchmarks.timing import header, in_turn, row
from charley import activities
from charley.activities.fit import fast, fitdecode_reader
from charley.activities.fit import profile as profile
from charley.activities.fit.crc import crc16
from charley.activities.fit.frame import parts
from charley.activities.fit.writer import SINT8, SINT32, UINT8, UINT16, UINT32, Field, FitWriter
from charley.activities.limits import Deadline

START_UNIX_S = 1_714_550_400
SETTINGS_FILES = 2000
NO_HURRY_S = 1e6

# Reads the file that is named, if one is, and prints the largest memory (MiB) of its own process. Where there is a
# /proc, that is asked: getrusage also counts what the parent held before.
PEAK = """
import resource, sys
from pathlib import Path
from charley import activities
for name in sys.argv[1:]:
    activities.clean(activities.read(name))
status = Path("/proc/self/status")
if status.exists():
    print(int(status.read_text().split("VmHWM:")[1].split()[0]) / 2**10)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10))
"""


def fit_recording(hours: int) -> bytes:
    """One record a second; every third second a message that the profile does not know."""
    writer = FitWriter()
    fields = [
        Field(profile.TIMESTAMP, UINT32), Field(0, SINT32), Field(1, SINT32), Field(5, UINT32), Field(73, UINT32),
        Field(78, UINT32), Field(7, UINT16), Field(39, UINT16), Field(41, UINT16), Field(85, UINT16), Field(3, UINT8),
        Field(4, UINT8), Field(53, UINT8), Field(13, SINT8), Field(87, UINT16), Field(90, SINT8), Field(135, UINT8, 4),
    ]  # fmt: skip
    writer.define(0, profile.FILE_ID, [Field(0, 0)])
    writer.write(0, profile.ACTIVITY_FILE)
    writer.define(1, profile.RECORD, fields)
    writer.define(2, 140, [Field(profile.TIMESTAMP, UINT32), *(Field(n, UINT16) for n in range(8))])
    start = START_UNIX_S - int(profile.FIT_EPOCH_UNIX_S)
    for s in range(hours * 3600):
        places = (548_000_000 + s, -298_000_000 + s)
        motion = (300 * s, 3000 + s % 50, 2700 + s % 90, 240, 820, 2450, 1050)
        writer.write(1, start + s, *places, *motion, 140 + s % 30, 85, s % 128, 20, 0, 0, [1, 2, 3, 4])
        if s % 3 == 0:
            writer.write(2, start + s, *range(8))
    writer.define(3, profile.SESSION, [*(Field(n, UINT32) for n in (2, 7, 8, 9)), Field(5, 0)])
    writer.write(3, start, hours * 3_600_000, hours * 3_600_000, hours * 1_080_000, 1)
    return writer.finish()


def xml_recording(kind: str, hours: int) -> bytes:
    """One point a second with position, heart rate and cadence."""
    times = [datetime.fromtimestamp(START_UNIX_S + s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for s in range(hours * 3600)]
    if kind == "tcx":
        form = (
            "<Trackpoint><Time>{t}</Time><Position><LatitudeDegrees>46.{s:06d}</LatitudeDegrees>"
            "<LongitudeDegrees>-25.1</LongitudeDegrees></Position><AltitudeMeters>12.5</AltitudeMeters>"
            "<DistanceMeters>{d}</DistanceMeters><HeartRateBpm><Value>150</Value></HeartRateBpm><Extensions><TPX>"
            "<Speed>3.0</Speed><RunCadence>85</RunCadence></TPX></Extensions></Trackpoint>"
        )
        inner = "<Activity Sport='Running'><Lap><Track>{}</Track></Lap></Activity>"
        around = f"<TrainingCenterDatabase><Activities>{inner}</Activities></TrainingCenterDatabase>"
    else:
        form = (
            '<trkpt lat="46.{s:06d}" lon="-25.1"><ele>12.5</ele><time>{t}</time><extensions><TrackPointExtension>'
            "<hr>150</hr><cad>85</cad></TrackPointExtension></extensions></trkpt>"
        )
        around = "<gpx><trk><type>running</type><trkseg>{}</trkseg></trk></gpx>"
    return around.format("".join(form.format(t=t, s=s, d=3 * s) for s, t in enumerate(times))).encode()


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        header()
        fit_rows(folder)
        xml_rows(folder)
        settings_rows(folder)
        memory_row(folder)


def fit_rows(folder: Path) -> None:
    """Four hours of FIT."""
    path = folder / "4h.fit"
    path.write_bytes(data := fit_recording(4))
    found, _ = parts(data, path.name)
    deadline = Deadline(path.name, NO_HURRY_S)
    recording = activities.read(path)
    times = in_turn(
        5,
        fitdecode=lambda: fitdecode_reader.messages(data, found, deadline),
        ours=lambda: fast.messages(data, found, deadline),
        checksum=lambda: crc16(data),
        read=lambda: activities.read(path),
        clean=lambda: activities.clean(recording),
        demo=lambda: activities.write_demo(folder),
    )
    ours = times["ours"]
    row(f"FIT, 4 h, {len(data) / 1e6:.1f} MB: messages, no checksum", ours)
    row("the same by fitdecode", times["fitdecode"], ours, "ours", "50x")
    row("our checksum alone", times["checksum"], ours, "the messages")
    row("file to recording, checksum and units included", times["read"], ours, "the messages", "120 ms")
    row("recording to run (cleaning)", times["clean"], ours, "the messages", "100 ms")
    row("the demonstration run, written", times["demo"], bar="300 ms")


def xml_rows(folder: Path) -> None:
    """Four hours of TCX and GPX against lxml doing nothing with them."""
    from lxml import etree

    for kind in ("tcx", "gpx"):
        path = folder / f"4h.{kind}"
        path.write_bytes(data := xml_recording(kind, 4))

        def walk(data: bytes = data) -> None:
            for _, element in etree.iterparse(BytesIO(data)):
                element.clear()

        times = in_turn(5, floor=walk, ours=lambda path=path: activities.read(path))
        row(f"{kind.upper()}, 4 h, {len(data) / 1e6:.1f} MB: lxml, elements thrown away", times["floor"])
        row("file to recording", times["ours"], times["floor"], "lxml", "350 ms")


def settings_rows(folder: Path) -> None:
    """Files that are no activities, as most files of an account's export."""
    writer = FitWriter()
    writer.define(0, profile.FILE_ID, [Field(0, 0), Field(1, UINT16)])
    writer.write(0, 2, 1)
    writer.raw(bytes(4000))
    paths = [folder / f"{n}.fit" for n in range(SETTINGS_FILES)]
    for path in paths:
        path.write_bytes(writer.finish())
    times = in_turn(
        5,
        floor=lambda: [path.read_bytes() for path in paths],
        ours=lambda: [activities.sniff(path) for path in paths],
    )
    row(f"{SETTINGS_FILES} settings files, read only", times["floor"])
    row("the same, told from activities", times["ours"], times["floor"], "reading them", "2000 ms")


def memory_row(folder: Path) -> None:
    """The largest memory of a process that reads and cleans a day at one record a second."""
    path = folder / "24h.fit"
    path.write_bytes(fit_recording(24))
    empty, day = (
        float(subprocess.run([sys.executable, "-c", PEAK, *more], check=True, capture_output=True, text=True).stdout)
        for more in ([], [str(path)])
    )
    print(f"| FIT, 24 h, {path.stat().st_size / 1e6:.1f} MB, read and cleaned: memory | {day:.0f} MiB |", end=" ")
    print(f"{day / empty:.1f}x importing us | 200 MiB |")


if __name__ == "__main__":
    main()
