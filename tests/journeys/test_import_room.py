"""A small file that names more activities than files of its size hold costs no more than its size allows.

The bound is our own; that it is kept, told and no loss is what is tested: the next import goes on.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from charley.activities import archives, limits
from charley.activities.exports import apple, health_connect
from charley.activities.exports.files import Given, Lost
from charley.activities.kept import read_and_clean
from charley.api import journal as verbs
from charley.journal import digest
from charley.journal.importing import PRICE_RUN, import_runs
from charley.journal.store import open_store
from charley.vocabulary.errors import RunFileError
from charley.vocabulary.journal import FileNotes, FoundFile, Room
from journal_world import START, file_of, found, reader
from maker_files import Made, apple_xml
from maker_files import health_connect as health_connect_of

NOW = START + timedelta(days=60)


def _in_a_room(left: int, count: int = 6) -> list[FoundFile]:
    room = Room("many.zip", left)
    return [replace(file, room=room) for file in found(*(file_of(n, seconds=60) for n in range(count)))]


def _digest(path) -> str:
    with open_store(path) as store:
        return digest.digest(store.db, everything=False)


def test_what_there_is_no_room_for_waits_for_the_next_import(tmp_path) -> None:
    counts = []
    for name, workers in (("a", 0), ("b", 2)):
        path = tmp_path / name
        for _ in range(3):
            files = _in_a_room(3 * PRICE_RUN)
            done = import_runs(path, files, reader, read_by="1", workers=workers, now=NOW)
            told = [(s.file, s.code) for s in done.skipped]
            counts.append((done.imported, done.duplicates, told))
    full = [("many.zip", "import-room")]
    assert counts[:3] == [(3, 0, full), (3, 3, []), (0, 6, [])]
    assert counts[3:] == counts[:3], "the order of the files decides, not the speed of a reader"
    assert _digest(tmp_path / "a") == _digest(tmp_path / "b")


def test_rows_of_a_table_are_bounded_by_its_size(tmp_path, monkeypatch) -> None:
    first = datetime(2020, 1, 1, tzinfo=UTC)
    rows = [f"{first + timedelta(days=n):%Y-%m-%d %H:%M:%S},1002,3600000,9000,UTC+0000\n" for n in range(60)]
    table = "com.samsung.shealth.exercise,1,2\nstart_time,exercise_type,duration,distance,time_offset\n" + "".join(rows)
    source = tmp_path / "export.zip"
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("s/com.samsung.shealth.exercise.2025.csv", table)
    monkeypatch.setattr(limits, "ROOM_FREE", 20)
    room = next(archives.walk([source])).room
    assert room == Room(str(source), 20 + source.stat().st_size // limits.ROOM_BYTES)
    imported, told = [], []
    for _ in range(4):
        summary = verbs.import_files(tmp_path / "journal.sqlite", [source], workers=0)
        imported.append(summary.imported)
        told += [s.file for s in summary.skipped]
    assert 0 < imported[0] < 20
    assert told[0] == str(source)
    monkeypatch.undo()
    verbs.import_files(tmp_path / "journal.sqlite", [source], workers=0)
    assert len(verbs.list_others(tmp_path / "journal.sqlite")) == 60


def test_a_file_of_a_thousand_activities_is_read_and_one_of_more_refused() -> None:
    sums = "<TotalTimeSeconds>60</TotalTimeSeconds><DistanceMeters>90</DistanceMeters>"
    lap = f'<Lap StartTime="{{:%Y-%m-%dT%H:%M:%SZ}}">{sums}</Lap>'
    first = datetime(2020, 1, 1, tzinfo=UTC)
    many = [f'<Activity Sport="Biking">{lap.format(first + timedelta(hours=2 * n))}</Activity>' for n in range(1001)]

    def read(count: int) -> int:
        inside = "".join(many[:count])
        text = f"<TrainingCenterDatabase><Activities>{inside}</Activities></TrainingCenterDatabase>"
        return len(read_and_clean(gzip.compress(text.encode()), "history.tcx.gz", FileNotes()))

    assert read(1000) == 1000
    with pytest.raises(RunFileError, match="more than 1000 activities") as refused:
        read(1001)
    assert refused.value.code == "file-limits"


@pytest.mark.parametrize("kind", ["apple", "health_connect"])
def test_workouts_that_cover_the_same_hours_share_a_bounded_count_of_samples(kind: str, monkeypatch) -> None:
    """Twelve devices that recorded the same hour: each workout would be given all samples of it."""
    monkeypatch.setattr(limits, "GIVEN_FREE", 0)
    runs = [Made(samples=1200 + n) for n in range(12)]
    if kind == "apple":
        found = list(apple.alone(io.BytesIO(apple_xml(*(("Running", run, "") for run in runs))), "export.xml", 10**6))
    else:
        found = list(health_connect.activities(health_connect_of(*((39, run) for run in runs)), "health.db"))
    assert [one.code for one in found if isinstance(one, Lost)] == ["file-limits"]
    assert 3 <= sum(isinstance(one, Given) for one in found) < len(runs)
