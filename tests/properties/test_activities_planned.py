"""Times that no recording has are refused; rare points, odd clocks and foreign digits are a recording all the same."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from activity_files import RUN_M_S, START, Leg, Sample, gpx, one_piece, tcx
from charley.activities import clean
from charley.activities.xml import gpx as gpx_reader
from charley.activities.xml import tcx as tcx_reader
from charley.vocabulary.errors import RunFileError
from charley.vocabulary.run import Run


def run_of(data: bytes) -> Run:
    reader = tcx_reader if b"<Training" in data[:40] else gpx_reader
    return clean(reader.read(data, "made"))


def bare(samples: list[Sample]) -> list[Sample]:
    """Without a sensor."""
    return [replace(s, heart_rate=None) for s in samples]


def spread(samples: list[Sample], seconds: float) -> list[Sample]:
    """The same places with the times spread evenly over so many seconds."""
    return [replace(s, second=seconds * i / (len(samples) - 1)) for i, s in enumerate(samples)]


def corners(metres: float) -> list[float]:
    """Places along a way as far apart as the corners of a route: many close ones, some far."""
    steps = np.random.default_rng(1).lognormal(3.5, 1.0, 400)
    return (np.cumsum(steps) * metres / steps.sum()).tolist()


@pytest.mark.parametrize("seconds", [135 * 86_400, 3 * 86_400, 0])
def test_a_way_spread_over_days_is_a_plan(seconds: float) -> None:
    way = spread(bare(one_piece(Leg(4200), every=7)), seconds)
    with pytest.raises(RunFileError, match="not-recorded"):
        run_of(gpx([way], sport=None))


def test_times_worked_out_of_one_speed_are_a_plan() -> None:
    whole = bare(one_piece(Leg(10), every=1))[0]
    way = [replace(whole, ground_m=m, second=float(round(m / 2.8))) for m in corners(14_000)]
    with pytest.raises(RunFileError, match="not-recorded"):
        run_of(gpx([way], sport=None))
    with_a_heart = [replace(s, heart_rate=150) for s in way]
    assert run_of(gpx([with_a_heart])).distance_m == pytest.approx(14_000, rel=0.01)


@pytest.mark.parametrize("every", [1, 5, 11, 15, 20, 30, 45, 60])
@pytest.mark.parametrize("write", [lambda s: gpx([s]), lambda s: tcx([[s]])])
def test_points_up_to_a_minute_apart_are_a_recording(every: int, write) -> None:
    """An hour at 3.4 and half an hour at 2.0 m/s: no gap, no pause, and the speeds of both."""
    run = run_of(write(one_piece(Leg(3600, 3.4), Leg(1800, 2.0), every=every)))
    assert run.distance_m == pytest.approx(3600 * 3.4 + 1800 * 2.0, abs=5 * every)
    assert run.elapsed_s == run.timer_s == pytest.approx(5400, abs=every)
    assert run.intervals == ()
    assert run.moving.all()
    assert run.streams.speed_m_s[1800] == pytest.approx(3.4, abs=0.02)
    assert run.streams.speed_m_s[4500] == pytest.approx(2.0, abs=0.02)


def test_a_pause_among_rare_points_is_still_one() -> None:
    run = run_of(gpx([one_piece(Leg(1800), Leg(600, 0.0, recorded=False), Leg(1800), every=20)]))
    assert run.distance_m == pytest.approx(12_000, abs=60)
    assert run.timer_s == pytest.approx(3600, abs=5)


def rewritten(data: bytes, form) -> bytes:
    """Each time of a file in another form."""

    def other(found: re.Match[str]) -> str:
        return form(datetime.strptime(found[0], "%Y-%m-%dT%H:%M:%SZ"))

    return re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", other, data.decode()).encode()


PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
FORMS = {
    "persian": lambda t: f"{t:%Y-%m-%dT%H:%M:%SZ}".translate(PERSIAN),
    "points": lambda t: f"{t:%Y-%m-%dT%H.%M.%SZ}",
    "noon": lambda t: f"{t:%Y-%m-%dT%I:%M:%S %p Z}",
    "slashes": lambda t: f"{t:%m/%d/%Y %I:%M:%S %p}",
    "buddha": lambda t: f"{t.year + 543}{t:-%m-%dT%H:%M:%SZ}",
    "milliseconds": lambda t: str(round((t - datetime(1970, 1, 1)).total_seconds() * 1000)),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("hour", [8, 12, 23])
def test_a_time_in_another_form_is_the_same_run(form: str, hour: int) -> None:
    start = START.replace(hour=hour)
    data = gpx([one_piece(Leg(5400))], start=start)
    run = run_of(rewritten(data, FORMS[form]))
    assert run.started_at == start
    assert (run.elapsed_s, run.distance_m) == (5400, pytest.approx(18_000, abs=10))


@pytest.mark.parametrize("hour", [11, 12, 19, 23])
def test_hours_of_1_to_12_are_carried_on(hour: int) -> None:
    """A program that writes hh where it means HH, over noon, one o'clock and midnight."""
    data = gpx([one_piece(Leg(9000))], start=START.replace(hour=hour, minute=30))
    data = rewritten(data, lambda t: f"{t:%Y-%m-%dT%I:%M:%SZ}")
    run = run_of(data)
    assert (run.elapsed_s, run.distance_m) == (9000, pytest.approx(30_000, abs=10))
    assert {w.code for w in run.warnings} <= {"clock-twelve"}
    assert run.started_at.hour % 12 == hour % 12


def test_decimal_commas_are_read_in_every_number() -> None:
    samples = one_piece(Leg(3600, RUN_M_S, 150))
    for data in (gpx([samples]), tcx([[samples]])):
        commas = re.sub(r"(\d)\.(\d)", r"\1,\2", data.decode().replace('version="1.1"', "")).encode()
        run = run_of(commas)
        assert (run.distance_m, run.elapsed_s) == (pytest.approx(12_000, abs=10), 3600)


@pytest.mark.parametrize("written", [84, 168])
@pytest.mark.parametrize("every", [1, 60])
@pytest.mark.parametrize("kind", ["tcx", "gpx"])
def test_cadence_in_strides_or_in_steps_is_the_same(written: int, every: int, kind: str) -> None:
    """168 steps a minute, every second or once a minute, as strides (84) or, wrongly, as steps (168)."""
    samples = one_piece(Leg(3600, RUN_M_S, 150, written), every=1 if every == 1 else 10)
    samples = [s if s.second % every == 0 else replace(s, cadence=None) for s in samples]
    run = run_of(tcx([[samples]]) if kind == "tcx" else gpx([samples]))
    cadence = run.streams.cadence_spm
    assert np.nanmean(cadence) == pytest.approx(168, abs=1)
    assert np.isfinite(cadence).sum() >= 3600 // every


def test_the_steps_of_a_walk_are_judged_by_walking() -> None:
    """116 steps a minute at 1.4 m/s, written as steps where strides belong."""
    run = run_of(tcx([[one_piece(Leg(1800, 1.4, 100, 116))]]))
    assert np.nanmean(run.streams.cadence_spm) == pytest.approx(116, abs=1)


def test_an_hour_back_for_some_minutes_leaves_them_out_and_says_so() -> None:
    first, rest = one_piece(Leg(3600))[:400], one_piece(Leg(3600))[400:]
    late = [replace(s, second=s.second - 3600) if i < 100 else s for i, s in enumerate(rest)]
    run = run_of(gpx([[*first, *late]]))
    assert "clock-backwards" in {w.code for w in run.warnings}
    assert run.distance_m == pytest.approx(12_000, abs=50)
