"""Watch and phone, and copies under another clock: one run, whichever came first, and nothing that was said is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from activity_files import RUN_M_S, START, Leg, Sample, fit, gpx, one_piece, session_of, shifted, tcx
from charley.activities import archives
from charley.activities.kept import read_and_clean
from charley.api import journal as journals
from charley.journal import entries, maintenance
from charley.journal.importing import import_runs
from charley.journal.store import open_store
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.run import Run

WATCH_LATE_S = 300
ROAD = one_piece(Leg(4620, RUN_M_S, None))  # the phone: 77 min, from five minutes before the watch
RUN = [replace(s, heart_rate=150, cadence=84) for s in one_piece(Leg(3600))]


def phone() -> bytes:
    return gpx([ROAD], creator="phone app")


def watch(positions: bool = False) -> bytes:
    samples = shifted(RUN, WATCH_LATE_S)
    return fit(samples, [session_of(samples)], positions=positions)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


def imported(journal: Path, *contents: tuple[str, bytes], read_by: str | None = None) -> list[str]:
    """Import files one after the other; the texts about runs that were there."""
    told = []
    for name, data in contents:
        file = journal.parent / name
        file.write_bytes(data)
        if read_by is None:
            summary = journals.import_files(journal, [file], workers=0)
        else:
            summary = import_runs(journal, archives.walk([file]), read_and_clean, read_by=read_by, workers=0)
        told += [s.text for s in summary.same_runs]
    return told


def the_run(journal: Path) -> Run:
    (row,) = journals.list_runs(journal)
    return journals.get_run(journal, row.run_id)


FILES = {"phone.gpx": phone(), "watch.fit": watch()}


@pytest.mark.parametrize("order", list(permutations(FILES)))
def test_a_watch_within_a_phones_recording_is_one_run(journal: Path, order: tuple[str, ...]) -> None:
    """Start, end, distance and pulse are the watch's; the places, which it lacks, the phone's, five minutes on."""
    told = imported(journal, *((name, FILES[name]) for name in order))
    assert len(told) == 1
    assert order[0] in told[0]
    run = the_run(journal)
    assert run.started_at == START + timedelta(seconds=WATCH_LATE_S)
    assert (run.elapsed_s, run.distance_m) == (3600, pytest.approx(12_000, abs=5))
    assert run.file_name == "watch.fit"
    assert (run.streams.heart_rate_bpm[np.isfinite(run.streams.heart_rate_bpm)] == 150).all()
    there = run.streams.longitude_deg[600]
    assert there == pytest.approx(ROAD[(600 + WATCH_LATE_S) // 3].longitude_deg, abs=1e-6)
    assert maintenance.doctor(journal) == ()


@pytest.mark.parametrize("order", list(permutations(FILES)))
def test_again_and_by_a_newer_version_it_stays_that_run(journal: Path, order: tuple[str, ...]) -> None:
    files = [(name, FILES[name]) for name in order]
    imported(journal, *files, read_by="1")
    first = the_run(journal)
    for version in ("1", "2", "2"):
        imported(journal, *files, read_by=version)
        again = the_run(journal)
        assert (again.run_id, again.started_at, again.distance_m) == (first.run_id, first.started_at, first.distance_m)
        np.testing.assert_array_equal(again.streams.longitude_deg, first.streams.longitude_deg)
        assert again.file_name == "watch.fit"
    assert maintenance.doctor(journal) == ()


def test_what_was_said_of_the_phones_run_moves_with_the_start(journal: Path) -> None:
    imported(journal, ("phone.gpx", phone()))
    with open_store(journal) as store:
        entries.event(store, "cramp", place=Cramp(3000.0, 2940.0, 3060.0), severity=3, note="the left one")
        entries.drink(store, 0.25, at_s=1800.0)
        entries.weight(store, 70.0, when="before")
    imported(journal, ("watch.fit", watch()))
    (cramp,) = [e for e in journals.get_report(journal).events if e.kind == "cramp"]
    assert (cramp.at_s, cramp.from_s, cramp.to_s) == (2700, 2640, 2760)
    assert (cramp.severity, cramp.note) == (3, "the left one")
    (drink,) = journals.drinks(journal)
    assert drink.at_s == 1500
    assert len(journals.weighings(journal)) == 1
    assert [e.at_s for e in journals.get_report(journal).history if e.kind == "cramp"] == [3000, 2700]


def test_a_richer_file_takes_the_place_of_a_poorer_one(journal: Path) -> None:
    """The platform's track without a pulse, then the watch's own file of the same hour."""
    bare = [replace(s, heart_rate=None, cadence=None) for s in RUN]
    imported(journal, ("platform.gpx", gpx([bare])), ("own.fit", fit(RUN, [session_of(RUN)])))
    run = the_run(journal)
    assert (run.file_name, run.file_format) == ("own.fit", "fit")
    assert run.streams.has("heart_rate_bpm")


def lively(samples: list[Sample]) -> list[Sample]:
    """A pulse that no two runs share."""
    dice = np.random.default_rng(7)
    return [replace(s, heart_rate=int(150 + dice.normal(0, 8))) for s in samples]


@pytest.mark.parametrize("hours", [-6, -1, 1, 2, 5.75])
@pytest.mark.parametrize("indoors", [False, True])
def test_the_same_track_under_a_shifted_clock_is_a_copy(journal: Path, hours: float, indoors: bool) -> None:
    """A platform that took local time for UTC: the same places, or on a treadmill the same pulse, second by second."""
    samples = lively(RUN)
    first = fit(samples, [session_of(samples)], positions=not indoors)
    later = START + timedelta(hours=hours)
    second = tcx([[samples]], start=later)
    if indoors:
        second = fit(samples, [session_of(samples)], positions=False, start=later)
    told = imported(journal, ("first.fit", first), ("second", second))
    assert len(told) == 1
    assert the_run(journal).started_at == START


def test_the_same_course_at_another_pace_or_on_another_day_is_another_run(journal: Path) -> None:
    """An hour later and 5 % faster; the next day at the same pace; a quarter of an hour off the quarters."""
    others = [
        gpx([one_piece(Leg(1800))]),
        gpx([one_piece(Leg(1714, RUN_M_S * 1.05))], start=START + timedelta(hours=1)),
        gpx([one_piece(Leg(1800))], start=START + timedelta(days=1)),
        gpx([one_piece(Leg(1800))], start=START + timedelta(hours=3, minutes=7)),
    ]
    assert imported(journal, *((f"{i}.gpx", data) for i, data in enumerate(others))) == []
    assert len(journals.list_runs(journal)) == 4


def test_runs_that_meet_are_two(journal: Path) -> None:
    """A warm-up whose recording ends half a minute into that of the race."""
    warm, race = one_piece(Leg(1200)), one_piece(Leg(2400))
    imported(journal, ("a.gpx", gpx([warm])), ("b.gpx", gpx([race], start=START + timedelta(seconds=1170))))
    assert len(journals.list_runs(journal)) == 2
