"""What an import keeps of a file: its runs, and of everything else the figures, as load on the same body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import PurePosixPath

import numpy as np

from charley.activities import limits, unpack
from charley.activities.cleaning import clean
from charley.activities.reading import decode
from charley.activities.several import activities_of
from charley.activities.sports import is_walk
from charley.activities.vendors.joined import beside
from charley.vocabulary.errors import CharleyError, RunFileError
from charley.vocabulary.journal import FileNotes, OtherActivity
from charley.vocabulary.run import Recording, Run, Session

_NO_RUN = frozenset({"not-a-run", "no-distance"})  # an activity nevertheless
_BY_HAND = "no-records"


def read_and_clean(data: bytes, name: str, notes: FileNotes) -> tuple[Run | OtherActivity | CharleyError, ...]:
    """The activities in the bytes of one file, which may be a gzip: runs whole, other sports and entries by hand in
    figures, and for each that is neither the reason. Raises RunFileError where that is all there is to say."""
    content = unpack.unpacked(PurePosixPath(name).name, data)
    recording = decode(content.kind, content.data, content.name)
    if notes.joined:
        recording = beside(recording, notes.joined)
    recording = noted(replace(recording, warnings=(*content.warnings, *recording.warnings)), notes)
    found = [result for activity in activities_of(recording) for result in _results(activity)]
    if len(found) == 1 and isinstance(found[0], CharleyError):
        raise found[0]
    return tuple(found)


def noted(recording: Recording, notes: FileNotes) -> Recording:
    """The recording with the sport of its archive's list, where it does not say one itself."""
    if not notes.sport or any(s.sport not in ("", "generic") for s in recording.sessions):
        return recording
    sessions = tuple(replace(s, sport=notes.sport) for s in recording.sessions) or (Session(sport=notes.sport),)
    return replace(recording, sessions=sessions, sport=notes.sport)


def _results(activity: Recording) -> Iterator[Run | OtherActivity | CharleyError]:
    if not activity.records:
        yield from _figures(activity, _BY_HAND)
        return
    try:
        run = clean(activity)
    except RunFileError as error:
        figures = tuple(_figures(activity, error.code)) if error.code in _NO_RUN else ()
        yield from figures or (error,)
        return
    if is_walk(run):
        name, start = activity.content_sha256, run.started_at.astimezone(UTC)
        yield OtherActivity(name, run.sport, start, run.elapsed_s, run.distance_m, activity.file_name, "not-a-run")
        return
    yield run
    for leg in run.other_legs:
        began = run.started_at + timedelta(seconds=leg.start_s)
        name = sha256(f"{run.run_id} {leg.sport} {leg.start_s:.0f}".encode()).hexdigest()
        yield OtherActivity(name, leg.sport, began, leg.duration_s, leg.distance_m, run.file_name, "not-a-run")


def _figures(activity: Recording, why_no_run: str) -> Iterator[OtherActivity]:
    """What the device summed up of an activity that is no run, else its first and last time; nothing without a time."""
    times = activity.time_unix_s[np.isfinite(activity.time_unix_s)]
    times = times[(times >= limits.EARLIEST_UNIX_S) & (times <= limits.latest_unix_s())]
    timed = [(s.start_unix_s, s.elapsed_s or s.timer_s, s.distance_m, s.sport) for s in activity.sessions]
    known = [
        (start, long_s, far, sport)
        for start, long_s, far, sport in timed
        if start is not None and long_s and long_s > 0
    ]
    if not known and times.size:
        known = [(float(times.min()), float(np.ptp(times)), None, activity.sport)]
    several = len(known) > 1
    for start, long_s, far, sport in known:
        if limits.EARLIEST_UNIX_S <= start <= limits.latest_unix_s() and 0 <= long_s <= limits.GRID_SECONDS:
            name = activity.content_sha256
            name = sha256(f"{name} {sport} {start:.0f}".encode()).hexdigest() if several else name
            began = datetime.fromtimestamp(start, UTC)
            way_m = far if far is None or far >= 0 else None  # nobody runs less than nothing
            yield OtherActivity(name, sport, began, long_s, way_m, activity.file_name, why_no_run)
