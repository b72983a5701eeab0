"""Small files of a stranger that are made to cost much: at most a megabyte, packed, of what unpacks or adds up."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta

from charley.activities.fit import profile
from charley.activities.fit.writer import UINT32, Field, FitWriter

MEBIBYTE, MOST_BYTES = 2**20, 1_000_000
FIRST = datetime(2010, 1, 1, tzinfo=UTC)
HOURS_APART = 2
FIT_START, FIT_APART_S = 700_000_000, 23_000  # farther apart than sessions of one activity


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


def _most(make: Callable[[int], bytes], pack: Callable[[bytes], bytes], most: int = MOST_BYTES) -> bytes:
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


def _when(number: int, second: int = 0, form: str = "%Y-%m-%dT%H:%M:%SZ") -> str:
    return (FIRST + timedelta(hours=HOURS_APART * number, seconds=second)).strftime(form)


def _tcx(numbers: range, sport: str = "Biking") -> bytes:
    """Activities of two minutes: rides in figures, runs with four points."""
    parts = []
    for n in numbers:
        points = "".join(
            f"<Trackpoint><Time>{_when(n, s)}</Time><DistanceMeters>{3 * s}</DistanceMeters></Trackpoint>"
            for s in ((0, 40, 80, 120) if sport == "Running" else ())
        )
        parts.append(
            f'<Activity Sport="{sport}"><Lap StartTime="{_when(n)}"><TotalTimeSeconds>120</TotalTimeSeconds>'
            f"<DistanceMeters>360</DistanceMeters>{f'<Track>{points}</Track>' if points else ''}</Lap></Activity>"
        )
    return f"<TrainingCenterDatabase><Activities>{''.join(parts)}</Activities></TrainingCenterDatabase>".encode()


def _gpx(numbers: range) -> bytes:
    """Runs of four points each, on tracks of their own."""
    tracks = (
        "".join(
            f'<trkpt lat="{46 + s * (2.7e-5 + n * 1e-10):.9f}" lon="7"><time>{_when(n, s)}</time></trkpt>'
            for s in (0, 40, 80, 120)
        )
        for n in numbers
    )
    return ("<gpx>" + "".join(f"<trk><trkseg>{track}</trkseg></trk>" for track in tracks) + "</gpx>").encode()


def _fit(count: int) -> bytes:
    """So many sessions of two minutes, hours apart, with four records each."""
    writer = FitWriter()
    writer.define(0, profile.FILE_ID, [Field(0, 0)])
    writer.write(0, profile.ACTIVITY_FILE)
    writer.define(1, profile.RECORD, [Field(profile.TIMESTAMP, UINT32), Field(5, UINT32)])
    writer.define(2, profile.SESSION, [*(Field(n, UINT32) for n in (2, 7, 8, 9)), Field(5, 0)])
    for n in range(count):
        for second in (0, 40, 80, 120):
            writer.write(1, FIT_START + FIT_APART_S * n + second, 300 * second)
        writer.write(2, FIT_START + FIT_APART_S * n, 120_000, 120_000, 36_000, 1)
    return writer.finish()


def _stops(count: int) -> bytes:
    """A run of days that is stopped every four seconds."""
    writer = FitWriter()
    writer.define(0, profile.FILE_ID, [Field(0, 0)])
    writer.write(0, profile.ACTIVITY_FILE)
    writer.define(1, profile.RECORD, [Field(profile.TIMESTAMP, UINT32), Field(5, UINT32)])
    writer.define(3, profile.EVENT, [Field(profile.TIMESTAMP, UINT32), Field(0, 0), Field(1, 0)])
    for n in range(count):
        writer.write(1, FIT_START + 4 * n, 1200 * n)
        writer.write(3, FIT_START + 4 * n + 1, 0, 4)
        writer.write(3, FIT_START + 4 * n + 2, 0, 0)
    return writer.finish()


def _laps(count: int) -> bytes:
    """A run of two days in laps of two seconds."""
    form = (
        '<Lap StartTime="{at}"><TotalTimeSeconds>2</TotalTimeSeconds><DistanceMeters>6</DistanceMeters><Track>'
        "<Trackpoint><Time>{at}</Time><DistanceMeters>{far}</DistanceMeters></Trackpoint></Track></Lap>"
    )
    laps = "".join(form.format(at=_when(0, 2 * n), far=6 * n) for n in range(count))
    return f'<TrainingCenterDatabase><Activity Sport="Running">{laps}</Activity></TrainingCenterDatabase>'.encode()


def _zip_in_zip(count: int, one: Callable[[range], bytes]) -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_STORED) as archive:
        for n in range(count):
            archive.writestr(f"{n}", one(range(n, n + 1)))
    return _zip(a_dot_zip=inner.getvalue())


def _by_hand(count: int) -> bytes:
    rows = "".join(
        f'{n},"{_when(n, form="%b %d, %Y, %I:%M:%S %p")}",n,Run,,600,2,{"a.gpx" if n == 0 else ""},,2000\n'
        for n in range(count)
    )
    return _zip(activities_dot_csv=f"Id,Date,Name,Type,About,Elapsed,Distance,File,x,Distance\n{rows}".encode())


def _workouts(count: int, *, same_hours: bool = False) -> bytes:
    """Workouts of a phone without a route; with ``same_hours`` each covers all samples of heart rate that follow."""
    form, parts = "%Y-%m-%d %H:%M:%S +0000", []
    for n in range(count):
        start = _when(0, n, form) if same_hours else _when(n, 0, form)
        end = _when(200, 0, form) if same_hours else _when(n, 120, form)
        if same_hours:
            parts.append(f'<Record type="HKQuantityTypeIdentifierHeartRate" endDate="{start}" value="150"/>')
        parts.append(
            f'<Workout workoutActivityType="HKWorkoutActivityTypeRunning" startDate="{start}" endDate="{end}">'
            '<WorkoutStatistics type="Distance" sum="0.36" unit="km"/></Workout>'
        )
    return _zip(apple_health_export__export_dot_xml=f"<HealthData>{''.join(parts)}</HealthData>".encode())


def _sessions(count: int) -> bytes:
    """Sessions of a phone's database that all cover the same samples."""
    begin = int(FIRST.timestamp() * 1000)
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE exercise_session_record_table (row_id, start_time, end_time, exercise_type)")
        db.execute("CREATE TABLE heart_rate_record_table (row_id)")
        db.execute("CREATE TABLE heart_rate_record_series_table (parent_key, beats_per_minute, epoch_millis)")
        db.execute("INSERT INTO heart_rate_record_table VALUES (1)")
        rows = [(n, begin + n, begin + 10**10, 39) for n in range(count)]
        db.executemany("INSERT INTO exercise_session_record_table VALUES (?, ?, ?, ?)", rows)
        beats = [(begin + 1000 * n,) for n in range(count)]
        db.executemany("INSERT INTO heart_rate_record_series_table VALUES (1, 150, ?)", beats)
        db.commit()
        return _zip(health_connect_export_dot_db=db.serialize())


def _tars(count: int) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for n in range(count):
            data = _tcx(range(n, n + 1))
            info = tarfile.TarInfo(f"{n}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


_POINT = '<trkpt lat="46.{k:06d}" lon="7"><time>2024-05-01T{t}Z</time></trkpt>'
FILES: dict[str, Callable[[], bytes]] = {
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
    # many small activities
    "rides.tcx.gz": lambda: gzip.compress(_tcx(range(60_000))),
    "runs.tcx.gz": lambda: gzip.compress(_tcx(range(1000), "Running")),
    "tracks.gpx.gz": lambda: gzip.compress(_gpx(range(1000))),
    "sessions.fit.gz": lambda: gzip.compress(_fit(1000)),
    "rides.zip": lambda: _zip_in_zip(30_000, _tcx),
    "runs.zip": lambda: _zip_in_zip(20_000, _gpx),
    "rides.tar.gz": lambda: _tars(30_000),
    "by hand.zip": lambda: _by_hand(60_000),
    "workouts.zip": lambda: _workouts(60_000),
    "workouts of the same hours.zip": lambda: _workouts(8000, same_hours=True),
    "sessions of the same hours.zip": lambda: _sessions(8000),
    "laps.tcx.gz": lambda: gzip.compress(_laps(100_000)),
    "stops.fit.gz": lambda: gzip.compress(_stops(64_000)),
}  # fmt: skip


def _headers(count: int) -> bytes:
    block = bytearray(tarfile.TarInfo("x").tobuf())
    return bytes(block) * count
