"""Apple Health: one XML file of all that the phone knows, and the routes of workouts as GPX files beside it.

The XML is read in a stream, as it may hold millions of records: only heart rate and distance are kept, twenty bytes a
sample, until the workouts are known. Its document type, which some versions of the system write wrongly, stands before
the root and is passed over unread, so that nothing can be declared. A workout with a route becomes that GPX file with
heart rate beside it; one without becomes a document of its own (``vendors/joined.py``).
"""

from __future__ import annotations

import math
import re
import time
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from xml.parsers import expat

import numpy as np

from charley.activities import limits
from charley.activities.exports.files import Files, Given, Lost, OneFile, Readable, bounded
from charley.activities.sports import WALKS, sport_of
from charley.activities.texts import moment, number
from charley.activities.vendors.joined import Joined
from charley.vocabulary.arrays import Floats, Ints
from charley.vocabulary.errors import RunFileError
from charley.vocabulary.journal import FileNotes

ROOT, DECLARED = b"<HealthData", b"<!DOCTYPE HealthData"  # the declaration is longer than what is looked at
_HEAD_BYTES = 8192
_DECLARED_BYTES = 1 << 16  # the longest document type before it
_ROUTES = "workout-routes/"
_HEART, _DISTANCE = "HKQuantityTypeIdentifierHeartRate", "HKQuantityTypeIdentifierDistanceWalkingRunning"
_METRES = {"km": 1000.0, "m": 1.0, "mi": 1609.344, "yd": 0.9144, "ft": 0.3048, "cm": 0.01}
_SECONDS = {"min": 60.0, "s": 1.0, "hr": 3600.0, "h": 3600.0}
_ON_FOOT = WALKS | {"running", ""}
_SECONDS_PER_MEBIBYTE, _MOST_SECONDS = 2.0, 900.0  # processor time for what takes that much room, packed
_AROUND_S = 30.0  # a route begins within so long of its workout
_FIRST_TIME = re.compile(rb"<trkpt.*?<time>([^<]{10,40})</time>", re.S)
_ERRORS = (RunFileError, OSError, ValueError, RuntimeError, EOFError, zlib.error, NotImplementedError)


@dataclass(slots=True)
class Workout:
    """What the XML says of one."""

    sport: str
    source: str
    start: float
    end: float
    offset_s: float
    timer_s: float = math.nan
    distance_m: float = math.nan
    routes: list[str] = field(default_factory=list)
    pauses: list[tuple[float, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Samples:
    """Times and values of one quantity; ``source`` numbers the device."""

    times: array[float] = field(default_factory=lambda: array("d"))
    values: array[float] = field(default_factory=lambda: array("f"))
    sources: array[int] = field(default_factory=lambda: array("H"))


@dataclass(frozen=True, slots=True)
class AppleExport:
    """The XML among the files, and the routes."""

    files: Files
    xml: str
    routes: tuple[str, ...]
    uses: frozenset[str]

    def activities(self) -> Iterator[Given | Lost]:
        """Each workout on foot or of another sport, in order of time; then routes that no workout has."""
        reader = _Reader()
        packed = self.files.packed_bytes(self.xml)
        try:
            with self.files.open(self.xml) as stream:
                broken = reader.read(stream, packed)
        except _ERRORS as error:
            broken = f"it cannot be read further ({type(error).__name__})"
        if broken:
            yield Lost(self.xml, "archive-damaged", f"{broken}; what came before it is used")
        by_name = {PurePosixPath(name).name: name for name in self.routes}
        left = dict.fromkeys(self.routes)
        starts: dict[str, float] | None = None
        for workout in sorted(reader.workouts, key=lambda w: w.start):
            named = [by_name[n] for path in workout.routes if (n := PurePosixPath(path).name) in by_name]
            if not named and left:
                starts = self._starts() if starts is None else starts
                named = [r for r in left if -_AROUND_S <= starts.get(r, math.nan) - workout.start <= _AROUND_S]
            for route in named:
                left.pop(route, None)
            yield from self._workout(workout, named, reader)
            if reader.given > limits.GIVEN_FREE + limits.GIVEN_TIMES * reader.held:
                yield Lost(self.xml, "file-limits", "its workouts cover the same hours again and again")
                return
        for route in left:
            yield from self._track(route, FileNotes())

    def _workout(self, workout: Workout, routes: list[str], reader: _Reader) -> Iterator[Given | Lost]:
        name = f"{self.xml}, workout of {datetime.fromtimestamp(workout.start + workout.offset_s, UTC):%Y-%m-%d %H:%M}"
        joined = _joined(workout, reader)
        if workout.sport in _ON_FOOT and routes:
            notes = FileNotes(sport=workout.sport, joined=replace(joined, distance_m=None).document())
            for route in routes:
                yield from self._track(route, notes)
        else:
            yield Given(name, joined.document())

    def _track(self, route: str, notes: FileNotes) -> Iterator[Given | Lost]:
        try:
            yield Given(route, bounded(self.files, route, limits.XML_BYTES), notes)
        except _ERRORS as error:
            yield Lost(route, error.code if isinstance(error, RunFileError) else "archive-damaged", "it cannot be had")

    def _starts(self) -> dict[str, float]:
        """When each route begins, for exports whose workouts do not name them."""
        found = {}
        for route in self.routes:
            try:
                with self.files.open(route) as stream:
                    head = stream.read(_HEAD_BYTES)
            except _ERRORS:
                continue
            text = _FIRST_TIME.search(head)
            when = moment(text.group(1).decode("latin-1")) if text else None
            if when is not None and when.tzinfo is not None:
                found[route] = when.timestamp()
        return found


def alone(stream: Readable, name: str, packed_bytes: int) -> Iterator[Given | Lost]:
    """What the XML gives without its routes."""
    return AppleExport(OneFile(stream, name, packed_bytes), name, (), frozenset({name})).activities()


def find(files: Files) -> AppleExport | None:
    """The export among these files, None where there is none: an XML file with that root beside routes."""
    folders = {name[: name.rfind(_ROUTES)] for name in files.names if _ROUTES in name}
    for name in files.names:
        folder = name[: name.rfind("/") + 1]
        if not name.lower().endswith(".xml") or not (folder in folders or folder.endswith("apple_health_export/")):
            continue
        try:
            with files.open(name) as stream:
                head = stream.read(_HEAD_BYTES)
        except _ERRORS:
            continue
        if ROOT in head or DECLARED in head:
            routes = tuple(
                sorted(n for n in files.names if n.startswith(folder + _ROUTES) and n.lower().endswith(".gpx"))
            )
            return AppleExport(files, name, routes, frozenset({name, *routes}))
    return None


def _joined(workout: Workout, reader: _Reader) -> Joined:
    """The workout with its heart rate, and the distance that its own device counted."""
    series = {}
    times, values = reader.within(_HEART, workout.start, workout.end, None)
    if times.size:
        series["heart_rate_bpm"] = (times.tolist(), values.tolist())
    times, values = reader.within(_DISTANCE, workout.start, workout.end, workout.source)
    if times.size and workout.sport in _ON_FOOT:
        series["distance_m"] = ([workout.start, *times.tolist()], [0.0, *np.cumsum(values).tolist()])
    elapsed = workout.end - workout.start
    timer = workout.timer_s if 0 < workout.timer_s <= elapsed + 1 else elapsed
    return Joined(
        "Apple Health", workout.sport, workout.start, elapsed, timer,
        workout.distance_m if workout.distance_m > 0 else None, workout.offset_s, tuple(_stops(workout)), series,
    )  # fmt: skip


def _stops(workout: Workout) -> Iterator[tuple[float, float]]:
    paused = math.nan
    for at, kind in sorted(workout.pauses):
        if "Resume" in kind and at > paused:
            yield paused, at
            paused = math.nan
        elif "Pause" in kind and math.isnan(paused):
            paused = at


class _Reader:
    """The XML in a stream."""

    def __init__(self) -> None:
        self.workouts: list[Workout] = []
        self._samples = {_HEART: _Samples(), _DISTANCE: _Samples()}
        self._sources: dict[str, int] = {}
        self._days: dict[str, float] = {}
        self._zones: dict[str, float] = {}
        self._open: Workout | None = None
        self._sorted: dict[str, tuple[Floats, Floats, Ints]] = {}
        self.held = self.given = 0  # samples that were kept, and that workouts were given

    def read(self, stream: Readable, packed_bytes: int) -> str:
        """Take it all in; what ended it early, "" where nothing did."""
        head = stream.read(_DECLARED_BYTES)
        root = head.find(ROOT)
        if root < 0:
            return "its root is missing"
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._finish
        mebibytes = packed_bytes / limits.MEBIBYTE
        end = time.thread_time() + min(max(1.0, mebibytes) * _SECONDS_PER_MEBIBYTE, _MOST_SECONDS)
        size, chunk = 0, head[root:]
        try:
            while chunk:
                parser.Parse(chunk)
                size += len(chunk)
                if time.thread_time() > end or size > limits.ARCHIVE_BYTES:
                    return "reading it takes too long"
                if size > limits.RATIO_FREE_BYTES and size > limits.RATIO * max(packed_bytes, 1):
                    return f"it unpacks to more than {limits.RATIO} times its size"
                chunk = stream.read(limits.CHUNK_BYTES)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            return f"its XML is broken at line {error.lineno}"
        return ""

    def within(self, kind: str, begin: float, end: float, source: str | None) -> tuple[Floats, Floats]:
        """Times and values of a quantity from begin to end, of one device or of all."""
        if kind not in self._sorted:
            held = self._samples.pop(kind)  # a million samples are not kept twice
            columns = (np.array(held.times), np.array(held.values), np.array(held.sources))
            del held
            order = np.argsort(columns[0], kind="stable").astype(np.int32)
            self._sorted[kind] = (columns[0][order], columns[1][order], columns[2][order])
        times, values, sources = self._sorted[kind]
        rows = slice(*np.searchsorted(times, [begin, end + 1.0]).tolist())
        times, values, sources = times[rows], values[rows], sources[rows]
        self.given += times.size
        if source is None:
            return times, values.astype(np.float64)
        own = sources == self._sources.get(source, -1)
        return times[own], values[own].astype(np.float64)

    def _begin(self, name: str, of: dict[str, str]) -> None:
        if name == "Record":
            held = self._samples.get(of.get("type", ""))
            if held is not None:
                self._sample(held, of)
        elif name == "Workout":
            self._open = self._workout(of)
        elif self._open is not None:
            self._within_workout(self._open, name, of)

    def _finish(self, name: str) -> None:
        if name == "Workout" and self._open is not None:
            self.workouts.append(self._open)
            self._open = None

    def _sample(self, held: _Samples, of: dict[str, str]) -> None:
        at = self._unix_s(of.get("endDate", of.get("startDate", "")))
        value = number(of.get("value", ""))
        if math.isnan(at) or math.isnan(value):
            return
        held.times.append(at)
        held.values.append(value * _METRES.get(of.get("unit", ""), 1.0))
        source = of.get("sourceName", "")
        self.held += 1
        held.sources.append(self._sources.setdefault(source, min(len(self._sources), 65_535)))

    def _workout(self, of: dict[str, str]) -> Workout | None:
        start, end = self._unix_s(of.get("startDate", "")), self._unix_s(of.get("endDate", ""))
        if not (end > start and len(self.workouts) < limits.ARCHIVE_ENTRIES):
            return None
        sport = sport_of(of.get("workoutActivityType", "").removeprefix("HKWorkoutActivityType"))
        workout = Workout(sport or "unknown", of.get("sourceName", ""), start, end, self._offset(of["startDate"]))
        workout.timer_s = number(of.get("duration", "")) * _SECONDS.get(of.get("durationUnit", "min"), math.nan)
        workout.distance_m = number(of.get("totalDistance", "")) * _METRES.get(
            of.get("totalDistanceUnit", ""), math.nan
        )
        return workout

    def _within_workout(self, workout: Workout, name: str, of: dict[str, str]) -> None:
        if name == "FileReference":
            workout.routes.append(of.get("path", ""))
        elif name == "WorkoutEvent":
            workout.pauses.append((self._unix_s(of.get("date", "")), of.get("type", "")))
        elif name == "WorkoutStatistics" and "Distance" in of.get("type", ""):
            workout.distance_m = number(of.get("sum", "")) * _METRES.get(of.get("unit", ""), math.nan)

    def _unix_s(self, text: str) -> float:
        """Seconds since 1970 of "2025-05-05 06:42:00 -0930": a million times, so the day is looked up."""
        day = self._days.get(text[:10])
        try:
            if day is None:
                day = datetime.fromisoformat(text[:10]).replace(tzinfo=UTC).timestamp()
                if len(self._days) < limits.ARCHIVE_ENTRIES:
                    self._days[text[:10]] = day
            clock = 3600 * int(text[11:13]) + 60 * int(text[14:16]) + int(text[17:19])
        except (ValueError, OverflowError):
            return math.nan
        return day + clock - self._offset(text)

    def _offset(self, text: str) -> float:
        zone = text[20:]
        known = self._zones.get(zone)
        if known is None:
            digits = zone[1:5]
            known = 3600.0 * int(digits[:2]) + 60.0 * int(digits[2:]) if len(digits) == 4 and digits.isdigit() else 0.0
            known = -known if zone[:1] == "-" else known
            if len(self._zones) < limits.ARCHIVE_ENTRIES:
                self._zones[zone] = known
        return known
