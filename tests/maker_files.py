"""Files of single makers for tests: one invented run along a meridian, 3 m/s, in the form of each maker's export.

Written from the same descriptions as the readers, which ``docs/reading.md`` names; no true file is among them.
"""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from itertools import accumulate
from math import radians

LATITUDE_DEG, LONGITUDE_DEG = 46.0, -25.0
DEGREES_PER_METRE = 1 / 111_195.0


@dataclass(frozen=True)
class Made:
    """A run: its start, how many samples a second apart, its zone, and what it is called."""

    start: datetime = datetime(2024, 5, 1, 8, tzinfo=UTC)
    samples: int = 120
    hours_ahead: float = 0.0
    heart_rate: int = 150
    speed_m_s: float = 3.0
    every_s: int = 1

    @property
    def zone(self) -> timezone:
        return timezone(timedelta(hours=self.hours_ahead))

    @property
    def seconds(self) -> list[int]:
        return [n * self.every_s for n in range(self.samples)]

    @property
    def elapsed_s(self) -> int:
        return self.seconds[-1]

    @property
    def distance_m(self) -> float:
        return self.speed_m_s * self.elapsed_s

    @property
    def unix_s(self) -> int:
        return int(self.start.timestamp())

    def at(self, second: float) -> datetime:
        return (self.start + timedelta(seconds=second)).astimezone(self.zone)

    def local(self, second: float) -> str:
        return self.at(second).replace(tzinfo=None).isoformat(timespec="milliseconds")

    def latitude(self, second: float) -> float:
        return round(LATITUDE_DEG + self.speed_m_s * second * DEGREES_PER_METRE, 8)


def polar(run: Made, sport: str = "RUNNING", *, route: bool = True) -> bytes:
    def samples(value: Callable[[int], float]) -> list[dict[str, object]]:
        return [{"dateTime": run.local(s), "value": value(s)} for s in run.seconds]

    held: dict[str, object] = {
        "heartRate": samples(lambda s: run.heart_rate),
        "speed": samples(lambda s: 3.6 * run.speed_m_s),
        "distance": samples(lambda s: run.speed_m_s * s),
        "cadence": samples(lambda s: 85),
    }
    if route:
        held["recordedRoute"] = [
            {"dateTime": run.local(s), "longitude": LONGITUDE_DEG, "latitude": run.latitude(s), "altitude": 40.0}
            for s in run.seconds
        ]
    times = {"startTime": run.local(0), "stopTime": run.local(run.elapsed_s), "timezoneOffset": 60 * run.hours_ahead}
    sums = {"duration": f"PT{run.elapsed_s}S", "distance": run.distance_m}
    exercise = {**times, **sums, "sport": sport, "samples": held}
    times["timeZoneOffset"] = times.pop("timezoneOffset")
    return json.dumps({"exportVersion": "1.6", **times, **sums, "exercises": [exercise]}).encode()


def _suunto_samples(run: Made) -> list[dict[str, object]]:
    return [
        {
            "Latitude": radians(run.latitude(s)), "Longitude": radians(LONGITUDE_DEG), "HR": run.heart_rate / 60,
            "Cadence": 85 / 60, "Distance": run.speed_m_s * s, "Speed": run.speed_m_s, "Temperature": 293.15,
            "TimeISO8601": run.at(s).isoformat(timespec="milliseconds"),
        }
        for s in run.seconds
    ]  # fmt: skip


def suunto(run: Made, kind: int = 3, *, wrapped: bool = False) -> bytes:
    start = run.at(0).isoformat(timespec="milliseconds")
    begun: dict[str, object] = {"Events": [{"Activity": {"ActivityType": kind}}], "TimeISO8601": start}
    samples = [begun, *_suunto_samples(run)]
    if wrapped:
        inside = [{k: v for k, v in s.items() if k != "TimeISO8601"} for s in samples]
        packed = [
            {"Attributes": {"suunto/sml": {"Sample": held}}, "TimeISO8601": s["TimeISO8601"]}
            for s, held in zip(samples, inside, strict=True)
        ]
        return json.dumps({"Samples": packed}).encode()
    header = {"ActivityType": kind, "DateTime": start, "Distance": run.distance_m, "Duration": run.elapsed_s}
    return json.dumps({"DeviceLog": {"Header": header, "Device": {"Name": "Oslo"}, "Samples": samples}}).encode()


def sml(run: Made, kind: int = 3, *, pause_after: int | None = None) -> bytes:
    parts = []
    for s, held in zip(run.seconds, _suunto_samples(run), strict=True):
        if s == pause_after:
            for state, second in (("True", s), ("False", s + run.every_s)):
                when = f"{run.start + timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}"
                parts.append(
                    f"<Sample><Events><Pause><State>{state}</State></Pause></Events><UTC>{when}</UTC></Sample>"
                )
        inside = "".join(f"<{k}>{v}</{k}>" for k, v in held.items() if k != "TimeISO8601")
        parts.append(f"<Sample>{inside}<UTC>{run.start + timedelta(seconds=s):%Y-%m-%dT%H:%M:%SZ}</UTC></Sample>")
    return (
        f'<?xml version="1.0"?><sml xmlns="http://www.suunto.com/schemas/sml"><DeviceLog><Header><Duration>{run.elapsed_s}'
        f"</Duration><Distance>{run.distance_m}</Distance><ActivityType>{kind}</ActivityType>"
        f"<DateTime>{run.start:%Y-%m-%dT%H:%M:%S}</DateTime></Header><Device><Name>Ambit</Name></Device>"
        f"<Samples>{''.join(parts)}</Samples></DeviceLog></sml>"
    ).encode()


def nike(run: Made, *, halt: tuple[int, int] | None = None, kind: str = "run") -> bytes:
    def ms(second: float) -> int:
        return 1000 * run.unix_s + int(1000 * second)

    going = [s for s in run.seconds if halt is None or not halt[0] < s < halt[1]]
    steps = [0.0] + [run.speed_m_s * run.every_s / 1000] * (len(going) - 1)
    if halt is not None:
        steps[going.index(halt[1])] = 0.0

    def metric(name: str, unit: str, values: list[float]) -> dict[str, object]:
        spans = [
            {"start_epoch_ms": ms(s), "end_epoch_ms": ms(s), "value": v} for s, v in zip(going, values, strict=True)
        ]
        return {"type": name, "unit": unit, "values": spans}

    held = 0 if halt is None else halt[1] - halt[0]
    moments = [] if halt is None else [("pause", halt[0]), ("resume", halt[1])]
    return json.dumps({
        "id": "x", "type": kind, "start_epoch_ms": ms(0), "end_epoch_ms": ms(run.elapsed_s),
        "active_duration_ms": 1000 * (run.elapsed_s - held),
        "summaries": [{"metric": "distance", "summary": "total", "value": sum(steps)}],
        "metrics": [
            metric("distance", "KM", steps), metric("heart_rate", "BPM", [run.heart_rate] * len(going)),
            metric("latitude", "DD", [LATITUDE_DEG + 1000 * DEGREES_PER_METRE * km for km in accumulate(steps)]),
            metric("longitude", "DD", [LONGITUDE_DEG] * len(going)),
        ],
        "moments": [{"key": "halt", "value": v, "timestamp": ms(s)} for v, s in moments],
    }).encode()  # fmt: skip


def hitrack(
    run: Made, stamp: Callable[[int], str] = lambda s: f"{s}000", pauses: dict[int, str] | None = None
) -> bytes:
    lines = []
    for k, s in enumerate(run.seconds):
        at = run.unix_s + s
        if pauses and s in pauses:
            lines.append(f"tp=lbs;k={k};lat=90.0;lon=-80.0;alt=0.0;t={pauses[s]};")
        lines.append(f"tp=lbs;k={k};lat={run.latitude(s)};lon={LONGITUDE_DEG};alt=0.0;t={stamp(at)};")
        lines += [f"tp=h-r;k={at}000;v={run.heart_rate};", f"tp=s-r;k={at}000;v=170;"]
    return "\n".join(lines).encode()


def huawei(*runs: Made, kinds: tuple[int, ...] = (4,), bare_keys: bool = True, zone: str = "+0000") -> bytes:
    """A list of activities; the key without quotation marks is how the phone writes it."""
    items = []
    for run, kind in zip(runs, kinds * len(runs), strict=False):
        track = "HW_EXT_TRACK_DETAIL@is" + hitrack(run, lambda s: f"{s / 1e9:.9f}E9").decode()
        said = {
            "recordId": "r", "sportType": kind, "timeZone": zone, "startTime": 1000 * run.unix_s,
            "endTime": 1000 * (run.unix_s + run.elapsed_s), "totalTime": 1000 * run.elapsed_s,
            "totalDistance": run.distance_m, "partTimeMap": {"1.0": 333}, "attribute": track,
        }  # fmt: skip
        text = json.dumps(said)
        items.append(text.replace('"1.0":', "1.0:") if bare_keys else text)
    return f"[{','.join(items)}]".encode()


def samsung_document(run: Made) -> bytes:
    """One activity as an import puts it together."""
    row = {
        "start_time": run.start.strftime("%Y-%m-%d %H:%M:%S.000"), "time_offset": "UTC+0000", "exercise_type": "1002",
        "duration": str(1000 * run.elapsed_s), "distance": str(run.distance_m),
    }  # fmt: skip
    return b'{"samsung_health":%b,"live_data":%b,"location_data":%b}' % (
        json.dumps(row).encode(), _samsung_live(run), _samsung_places(run),
    )  # fmt: skip


def _samsung_live(run: Made) -> bytes:
    return json.dumps([
        {
            "start_time": 1000 * (run.unix_s + s), "heart_rate": run.heart_rate, "speed": run.speed_m_s, "cadence": 170,
            "distance": run.speed_m_s * run.every_s if s else 0.0,
        }
        for s in run.seconds
    ]).encode()  # fmt: skip


def _samsung_places(run: Made) -> bytes:
    return json.dumps([
        {"start_time": 1000 * (run.unix_s + s), "latitude": run.latitude(s), "longitude": LONGITUDE_DEG}
        for s in run.seconds
    ]).encode()  # fmt: skip


def samsung_export(runs: dict[int, Made], *, old: bool = False) -> dict[str, bytes]:
    """The files of an export by name: a table and the samples, by code of the sport; in the old or the newer layout."""
    made, prefix = ("health", "") if old else ("shealth", "com.samsung.health.exercise.")
    columns = (
        "datauuid",
        "exercise_type",
        "start_time",
        "time_offset",
        "duration",
        "distance",
        "live_data",
        "location_data",
    )
    lines = [f"com.samsung.{made}.exercise,1,2", "title," + ",".join(prefix + c for c in columns)]
    files: dict[str, bytes] = {f"s/com.samsung.{made}.exercise.weather.20250101.csv": b"x\n"}
    for number, (kind, run) in enumerate(runs.items()):
        start = run.at(0) if old else run.start
        offset = int(3_600_000 * run.hours_ahead) if old else f"UTC{run.at(0):%z}"
        names = [f"u{number}.{k}" if old else f"u{number}.com.samsung.health.exercise.{k}.json" for k in columns[-2:]]
        lines.append(
            f",u{number},{kind},{start:%Y-%m-%d %H:%M:%S}.000,{offset},{1000 * run.elapsed_s},{run.distance_m},"
            + ",".join(names)
        )
        where = f"s/jsons/com.samsung.{made}.exercise/" + ("" if old else "u/")
        for name, data in zip(names, (_samsung_live(run), _samsung_places(run)), strict=True):
            files[where + name + (".json" if old else "")] = data
    files[f"s/com.samsung.{made}.exercise.20250101120000.csv"] = "\n".join(lines).encode()
    return files


def joined(run: Made) -> bytes:
    from charley.activities.vendors.joined import Joined

    times = [float(run.unix_s + s) for s in run.seconds]
    series = {
        "heart_rate_bpm": (times, [float(run.heart_rate)] * run.samples),
        "distance_m": (times, [run.speed_m_s * s for s in run.seconds]),
    }
    sums = (float(run.elapsed_s), float(run.elapsed_s), run.distance_m)
    return Joined("Some phone", "running", times[0], *sums, 0.0, (), series).document()


def apple_route(run: Made) -> bytes:
    points = "".join(
        f'<trkpt lon="{LONGITUDE_DEG}" lat="{run.latitude(s)}"><ele>40</ele>'
        f"<time>{run.start + timedelta(seconds=s):%Y-%m-%dT%H:%M:%SZ}</time></trkpt>"
        for s in run.seconds
    )
    return (
        f'<?xml version="1.0"?><gpx creator="Apple Health Export"><trk><trkseg>{points}</trkseg></trk></gpx>'.encode()
    )


def apple_xml(
    *workouts: tuple[str, Made, str],
    name_routes: bool = True,
    counter_of: tuple[str, ...] = ("Watch",),
    end: str = "</HealthData>",
    declares: int = 2,
) -> bytes:
    """The XML of (type, run, file of the route or ""): heart rate every 5 s, distance every 10 s by each device."""

    def when(run: Made, second: float) -> str:
        return f"{run.at(second):%Y-%m-%d %H:%M:%S %z}"

    quantity = "HKQuantityTypeIdentifier"
    parts = []
    for _, run, _ in workouts:
        for s in range(0, run.elapsed_s + 1, 5):
            at = when(run, s)
            parts.append(
                f'<Record type="{quantity}HeartRate" sourceName="Watch" unit="count/min" startDate="{at}" '
                f'endDate="{at}" value="{run.heart_rate}"><MetadataEntry key="a" value="b"/></Record>'
            )
        for source in counter_of:
            for s in range(10, run.elapsed_s + 1, 10):
                parts.append(
                    f'<Record type="{quantity}DistanceWalkingRunning" sourceName="{source}" unit="km" '
                    f'startDate="{when(run, s - 10)}" endDate="{when(run, s)}" value="{run.speed_m_s / 100}"/>'
                )
    for kind, run, route in workouts:
        named = f'<WorkoutRoute><FileReference path="/workout-routes/{route}"/></WorkoutRoute>'
        parts.append(
            f'<Workout workoutActivityType="HKWorkoutActivityType{kind}" duration="{run.elapsed_s / 60}" '
            f'durationUnit="min" sourceName="Watch" startDate="{when(run, 0)}" endDate="{when(run, run.elapsed_s)}">'
            f'<WorkoutStatistics type="{quantity}DistanceWalkingRunning" sum="{run.distance_m / 1000}" unit="km"/>'
            f"{named if route and name_routes else ''}</Workout>"
        )
    kinds = "".join(f"<!ELEMENT Field{n} EMPTY><!ATTLIST Field{n} value CDATA #REQUIRED>" for n in range(declares))
    declared = f"<!DOCTYPE HealthData [<!ELEMENT HealthData (ExportDate,Me)>{kinds}]>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{declared}\n<HealthData locale="en">{"".join(parts)}{end}'.encode()


def health_connect(*sessions: tuple[int, Made], spans: int = 1, second_app: bool = False) -> bytes:
    """The database of (code of the sport, run): heart rate every 10 s, distance in so many spans."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        interval = "row_id integer primary key, app_info_id integer, start_time integer, start_zone_offset integer, "
        interval += "end_time integer"
        db.execute(f"CREATE TABLE exercise_session_record_table ({interval}, exercise_type integer, title text)")
        db.execute(f"CREATE TABLE distance_record_table ({interval}, distance real)")
        db.execute(f"CREATE TABLE heart_rate_record_table ({interval})")
        db.execute(
            "CREATE TABLE heart_rate_record_series_table (parent_key, beats_per_minute integer, epoch_millis integer)"
        )
        for kind, run in sessions:
            begin, end, offset = 1000 * run.unix_s, 1000 * (run.unix_s + run.elapsed_s), int(3600 * run.hours_ahead)
            db.execute(
                "INSERT INTO exercise_session_record_table VALUES (NULL, 1, ?, ?, ?, ?, 'x')",
                (begin, offset, end, kind),
            )
            for app in (1, 2) if second_app else (1,):
                for n in range(spans):
                    part = (app, begin + (end - begin) * n // spans, offset, begin + (end - begin) * (n + 1) // spans)
                    db.execute(
                        "INSERT INTO distance_record_table VALUES (NULL, ?, ?, ?, ?, ?)",
                        (*part, run.distance_m / spans),
                    )
            key = db.execute(
                "INSERT INTO heart_rate_record_table VALUES (NULL, 1, ?, ?, ?)", (begin, offset, end)
            ).lastrowid
            for s in range(0, run.elapsed_s + 1, 10):
                db.execute(
                    "INSERT INTO heart_rate_record_series_table VALUES (?, ?, ?)",
                    (key, run.heart_rate, begin + 1000 * s),
                )
        return db.serialize()


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(files: dict[str, bytes], packed: str = "", form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{packed}", format=form) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


# of each kind that a reader has, a small file with a sample a second
BY_KIND: dict[str, Callable[[Made], bytes]] = {
    "polar": polar,
    "suunto": suunto,
    "sml": sml,
    "nike": nike,
    "huawei": huawei,
    "hitrack": hitrack,
    "samsung": samsung_document,
    "joined": joined,
}
