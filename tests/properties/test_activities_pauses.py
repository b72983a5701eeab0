"""Pauses: one rule for GPX segments, TCX tracks and laps, timer events and silences that nothing marks.

Every expected value follows from the legs that were written: metres and seconds of the running ones.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from activity_files import RUN_M_S, Leg, Sample, fit, gpx, one_piece, pieces, session_of, tcx
from charley.activities.cleaning import clean
from charley.activities.fit import reader as fit_reader
from charley.activities.xml import gpx as gpx_reader
from charley.activities.xml import tcx as tcx_reader
from charley.vocabulary.run import Run

HALF = Leg(1800)  # 6.0 km
FERRY = Leg(1200, 11.4, recorded=False, counts=False)
STOOD = Leg(600, 0.0, recorded=False)


def run_of(data: bytes) -> Run:
    """The cleaned run in the bytes of a file."""
    reader = fit_reader if data[8:12] == b".FIT" else tcx_reader if b"<Training" in data[:40] else gpx_reader
    return clean(reader.read(data, "made"))


def pauses(run: Run) -> list[float]:
    return [i.duration_s for i in run.intervals if i.kind == "pause"]


def as_gpx(*legs: Leg) -> bytes:
    return gpx(pieces(*legs))


def as_tcx_tracks(*legs: Leg) -> bytes:
    return tcx([pieces(*legs)])


def as_tcx_laps(*legs: Leg) -> bytes:
    return tcx([[piece] for piece in pieces(*legs)])


def as_fit(*legs: Leg) -> bytes:
    """A stop of the timer behind each piece."""
    parts = pieces(*legs)
    stops = [(a[-1].second, b[0].second) for a, b in pairwise(parts)]
    samples = [s for part in parts for s in part]
    return fit(samples, [session_of(samples, sum(b - a for a, b in stops))], stops)


FORMATS = [as_gpx, as_tcx_tracks, as_tcx_laps, as_fit]


@pytest.mark.parametrize("written", FORMATS)
@pytest.mark.parametrize("pause", [FERRY, STOOD, Leg(300, 1.4, recorded=False, counts=False)])
def test_what_moves_while_the_timer_is_stopped_is_not_running(written, pause: Leg) -> None:
    run = run_of(written(HALF, pause, HALF))
    assert run.distance_m == pytest.approx(12_000, abs=30)
    assert run.elapsed_s == 3600 + pause.seconds
    assert run.timer_s == pytest.approx(3600, abs=1)
    assert pauses(run) == pytest.approx([pause.seconds], abs=1)
    paused = slice(1802, 1799 + pause.seconds)
    assert (run.streams.speed_m_s[paused] == 0).all()
    assert not run.moving[paused].any()


def test_a_counter_that_goes_on_in_a_pause_is_taken_back() -> None:
    """Another device counts the ferry: 6.0 + 13.7 + 6.0 km on its counter, 12.0 km run."""
    ferry = Leg(1200, 11.4, recorded=False, counts=True)
    for written in (as_tcx_tracks, as_fit):
        assert run_of(written(HALF, ferry, HALF)).distance_m == pytest.approx(12_000, abs=30)


@pytest.mark.parametrize("counts", [True, False])
def test_records_from_within_a_stop_move_nothing(counts: bool) -> None:
    """A watch that goes on writing while its timer is stopped, on a ferry; its counter goes on or stands still."""
    samples = one_piece(HALF, Leg(1200, 11.4, 90, counts=counts), HALF)
    run = run_of(fit(samples, [], [(1800, 3000)]))
    assert run.distance_m == pytest.approx(12_000, abs=30)
    assert run.timer_s == pytest.approx(3600, abs=1)
    assert pauses(run) == pytest.approx([1200], abs=3)
    assert run.streams.heart_rate_bpm[2400] == 90  # what the heart did is kept


def test_records_behind_the_last_stop_are_no_running() -> None:
    """Stopped, but saved at home: the drive is on the file behind the last stop, which no start follows."""
    samples = one_piece(HALF, HALF, Leg(1200, 11.4, 90, counts=False))
    data = fit(samples, [], [(3600, 10**6)])
    assert run_of(data).distance_m == pytest.approx(12_000, abs=30)
    assert run_of(data).timer_s == pytest.approx(3600, abs=5)


@pytest.mark.parametrize("every", [1, 5, 12])
def test_pieces_that_follow_each_other_are_no_pause(every: int) -> None:
    """A new segment (or lap) each kilometre, one usual step after the last: nothing was stopped, no metre is lost."""
    whole = one_piece(Leg(3600), every=every)
    parts: list[list[Sample]] = [whole[i : i + 300 // every] for i in range(0, len(whole), 300 // every)]
    for data in (gpx(parts), tcx([[part] for part in parts]), tcx([parts])):
        run = run_of(data)
        assert run.streams.distance_m[-1] == pytest.approx(12_000, abs=20)
        assert pauses(run) == []


def test_a_silence_that_nothing_marks_is_what_its_ends_say() -> None:
    """Stood still: a pause. Carried by bus: a pause, and it is said. Run in a tunnel: a gap with its metres."""
    stood = run_of(gpx([one_piece(HALF, STOOD, HALF)]))
    assert (stood.distance_m, stood.timer_s) == (pytest.approx(12_000, abs=30), 3600)
    assert pauses(stood) == pytest.approx([600], abs=1)
    carried = run_of(gpx([one_piece(HALF, Leg(1080, 5.6, recorded=False), HALF)]))
    assert (carried.distance_m, carried.timer_s) == (pytest.approx(12_000, abs=30), 3600)
    assert [w.code for w in carried.warnings] == ["carried"]
    assert "6.0 km" in carried.warnings[0].text
    tunnel = run_of(gpx([one_piece(HALF, Leg(300, RUN_M_S, recorded=False), HALF)]))
    assert tunnel.distance_m == pytest.approx(13_000, abs=30)
    assert pauses(tunnel) == []
    assert [i.kind for i in tunnel.intervals] == ["gap"]


def test_a_silence_of_a_counter_that_stands_still_is_a_pause() -> None:
    """A watch without timer events: its counter says that nobody ran, whatever the positions say."""
    samples = one_piece(HALF, Leg(1080, 5.6, recorded=False, counts=False), HALF)
    run = run_of(fit(samples, [session_of(samples)]))
    assert run.distance_m == pytest.approx(12_000, abs=30)
    assert run.timer_s == 3600


@pytest.mark.parametrize("frozen_s", [20, 75, 110])
def test_a_position_that_freezes_and_jumps_back_loses_no_metre(frozen_s: int) -> None:
    """A phone in a tunnel repeats its last position; behind it the true one comes back in one step."""
    samples = one_piece(Leg(1800), every=1)
    last = samples[600].ground_m
    stuck = [replace(s, ground_m=last) if 600 < i <= 600 + frozen_s else s for i, s in enumerate(samples)]
    run = run_of(gpx([stuck]))
    assert run.distance_m == pytest.approx(6_000, abs=15)
    assert run.streams.speed_m_s[600 + frozen_s // 2] == pytest.approx(RUN_M_S, rel=0.1)
