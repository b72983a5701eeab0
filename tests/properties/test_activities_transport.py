"""The car home, the train, the cable car are no running; strides, repeats, descents and dead sensors are.

Expected metres and seconds follow from the legs that were written.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from activity_files import RUN_M_S, Leg, fit, gpx, one_piece, session_of, tcx
from charley.activities import clean
from charley.activities.fit import reader as fit_reader
from charley.activities.transport import record_speed_m_s
from charley.activities.xml import gpx as gpx_reader
from charley.activities.xml import tcx as tcx_reader
from charley.evidence.numbers.activities import ACTIVITIES
from charley.vocabulary.errors import RunFileError
from charley.vocabulary.run import Run

RAN = Leg(3000)  # 10.0 km
STOOD = Leg(300, 0.0)


def run_of(*legs: Leg, kind: str = "gpx", sport: str | None = "running", every: int = 3) -> Run:
    """The run in a file of the legs."""
    samples = one_piece(*legs, every=every)
    if kind == "fit":
        return clean(fit_reader.read(fit(samples, [session_of(samples)]), "made.fit"))
    if kind == "tcx":
        return clean(tcx_reader.read(tcx([[samples]]), "made.tcx"))
    return clean(gpx_reader.read(gpx([samples], sport), "made.gpx"))


def codes(run: Run) -> list[str]:
    return [w.code for w in run.warnings if w.code.startswith("carried")]


def drive(minutes: int, heart_rate: int | None = None, cadence: int | None = None) -> list[Leg]:
    """By car, in turns of 40 s at 9 m/s and 40 s at 14 m/s."""
    return [Leg(40, speed, heart_rate, cadence) for _ in range(minutes * 60 // 80) for speed in (9.0, 14.0)]


def town(minutes: int, heart_rate: int | None, cadence: int | None) -> list[Leg]:
    """From light to light: 15 s at 9 m/s, 60 s standing; 1.8 m/s on average, slower than any run."""
    return [Leg(s, v, heart_rate, cadence) for _ in range(minutes * 60 // 75) for s, v in ((15, 9.0), (60, 0.0))]


@pytest.mark.parametrize("kind", ["gpx", "tcx", "fit"])
@pytest.mark.parametrize("sensors", [(None, None), (150, None), (150, 84)])
def test_the_drive_home_is_cut_off_and_named(kind: str, sensors: tuple[int | None, int | None]) -> None:
    heart, cadence = sensors
    run = run_of(Leg(3000, RUN_M_S, heart, cadence), Leg(300, 0.0, heart, 0 if cadence else None),
                 *drive(20, 95 if heart else None, 0 if cadence else None), kind=kind)  # fmt: skip
    assert run.distance_m == pytest.approx(10_000, abs=100)
    assert run.timer_s == pytest.approx(3300, abs=15)
    assert codes(run) == ["carried"]
    told = next(w.text for w in run.warnings if w.code == "carried")
    assert told.startswith("from 55 to 75 min")
    assert not run.moving[3400:4400].any()
    assert np.nanmax(run.streams.speed_m_s) < 8


def test_a_drive_before_the_run_and_a_train_within_it_are_cut_out() -> None:
    run = run_of(*drive(8), RAN, Leg(600, 26.0), Leg(1500), sport=None)
    assert run.distance_m == pytest.approx(15_000, abs=200)
    assert codes(run) == ["carried", "carried"]
    assert run.timer_s == pytest.approx(4500, abs=30)


def test_a_cable_car_rises_faster_than_anybody_climbs() -> None:
    """5 m/s along at 32 %: 1.5 m of height a second; the best over 1000 m of height is 0.58 m a second."""
    run = run_of(Leg(1800), Leg(480, 5.0, climb=0.32), Leg(1500))
    assert run.distance_m == pytest.approx(11_000, abs=150)
    assert codes(run) == ["carried"]


@pytest.mark.parametrize(
    "ride",
    [
        [Leg(1200, 6.1, 128, 0)],  # a bicycle that a runner could keep up with for some minutes; no step is counted
        [Leg(1200, 6.1, 105, None)],  # the same without steps in the file; the heart says it
        town(25, 84, 0),
    ],
)
def test_slow_rides_are_cut_when_two_signs_agree(ride: list[Leg]) -> None:
    counted = None if ride[0].cadence is None else 84
    run = run_of(Leg(3000, RUN_M_S, 150, counted), *ride, kind="tcx")
    assert run.distance_m == pytest.approx(10_000, abs=150)
    assert codes(run) == ["carried"]


UPHILL, DOWNHILL = Leg(600, 1.6, 165, climb=0.18), Leg(300, 5.6, 120, climb=-0.18)
FAST_400, FAST_1000 = Leg(66, 6.1), Leg(182, 5.5)
HONEST = {
    "repeats of 400 m at 22 km/h, standing between them": [
        Leg(1200, 2.8),
        *[FAST_400, Leg(90, 0.0)] * 10,
        Leg(900, 2.8),
    ],
    "the same with a jog between them": [Leg(1200, 2.8), *[FAST_400, Leg(90, 2.2)] * 10, Leg(900, 2.8)],
    "strides of 200 m at 25 km/h": [Leg(1800, 3.0), *[Leg(29, 6.9), Leg(60, 1.3)] * 8],
    "kilometres at 5.5 m/s": [Leg(1200, 3.3), *[FAST_1000, Leg(120, 2.5)] * 5],
    "a fast finish of twenty minutes": [Leg(2400, 3.2, 140, 82), Leg(1200, 4.6, 172, 90)],
    "a descent of 18 % with a calm heart": [Leg(1500, 3.0), UPHILL, DOWNHILL, Leg(900, 3.0)],
    "a dead foot pod": [Leg(1500, RUN_M_S, 150, 84), Leg(1500, RUN_M_S, 150, 0)],
    "a strap that slips": [Leg(1500, RUN_M_S, 150), Leg(1500, RUN_M_S, 80)],
    "a buggy that stills the arms": [Leg(1500, RUN_M_S, 150, 84), Leg(1500, 3.1, 155, 0)],
    "the walk home": [Leg(2400, RUN_M_S, 150, 84), Leg(1200, 1.4, 95, 0)],
    "a world-class ten thousand metres": [Leg(1590, 6.3, 180, 95)],
}


@pytest.mark.parametrize("name", HONEST)
@pytest.mark.parametrize("kind", ["gpx", "fit"])
def test_honest_runs_that_look_odd_stay_whole(name: str, kind: str) -> None:
    legs = HONEST[name]
    run = run_of(*legs, kind=kind, every=1)
    assert codes(run) == []
    assert run.distance_m == pytest.approx(sum(leg.seconds * leg.speed_m_s for leg in legs), rel=0.005)


def test_a_position_that_jumps_and_comes_back_is_no_ride() -> None:
    samples = one_piece(Leg(3600), every=1)
    for at in (600, 1500, 2400):
        for i in range(at, at + 25):  # 25 s on the other side of the valley
            samples[i] = replace(samples[i], ground_m=samples[i].ground_m + 900)
    run = clean(gpx_reader.read(gpx([samples]), "made.gpx"))
    assert codes(run) == []
    assert run.distance_m == pytest.approx(12_000, abs=60)


def test_what_may_be_a_ride_and_may_be_a_very_fast_runner_is_named_and_stays() -> None:
    """6.0 m/s for 15 min behind an easy hour: two in a thousand could; nothing else in the file tells."""
    run = run_of(Leg(3600, 3.0), Leg(900, 6.0), sport=None)
    assert codes(run) == ["carried-perhaps"]
    assert run.distance_m == pytest.approx(3600 * 3 + 900 * 6, abs=60)


@pytest.mark.parametrize("sport", [None, "running"])
@pytest.mark.parametrize(("seconds", "speed"), [(3600, 6.98), (3600, 8.3), (1200, 9.0), (7200, 6.5)])
def test_what_nobody_has_run_is_no_run(sport: str | None, seconds: int, speed: float) -> None:
    with pytest.raises(RunFileError, match="not-a-run"):
        run_of(Leg(seconds, speed, 130), sport=sport)


def test_a_ride_over_hills_is_no_run_between_its_descents() -> None:
    """Up at 3.5 m/s, down at 11: the slow half alone would pass for a run."""
    legs = [leg for _ in range(6) for leg in (Leg(600, 3.5, 150, climb=0.05), Leg(190, 11.0, 110, climb=-0.05))]
    with pytest.raises(RunFileError, match="not-a-run"):
        run_of(*legs, sport=None)


def test_records_fall_with_time_and_meet_the_books() -> None:
    """100 m of sprinting aside: 10 000 m in 26:11, the marathon in 2:00:35."""
    seconds = np.array([60.0, 300.0, 1571.0, 3600.0, 7235.0])
    speed = record_speed_m_s(seconds, ACTIVITIES)
    assert (np.diff(speed) < 0).all()
    assert speed[2] == pytest.approx(10_000 / 1571)
    assert speed[4] == pytest.approx(42_195 / 7235)
