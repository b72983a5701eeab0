"""Stops told apart, on runs made here: what was put in must be what is found."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from charley.faces.report.wording.definitions import verdict
from charley.risk.late_run import slowed_fraction, wall_doherty_2020, wall_miyazaki_2025, wall_smyth_2021
from charley.risk.stops import suggest
from charley.vocabulary.run import Run, Streams


def run_of(speed_m_s: np.ndarray, cadence_spm: np.ndarray | None = None) -> Run:
    """A run from a speed for each second; cadence follows speed where none is given."""
    n = speed_m_s.size
    cadence = np.where(speed_m_s > 1.8, 170.0, np.where(speed_m_s > 0.6, 105.0, 0.0))
    streams = Streams.of(
        n,
        distance_m=np.concatenate([[0.0], np.cumsum(speed_m_s)[:-1]]),
        speed_m_s=speed_m_s.astype(np.float64),
        cadence_spm=cadence if cadence_spm is None else cadence_spm,
    )
    return Run(
        run_id="0" * 64,
        file_name="made",
        file_format="made",
        started_at=datetime(2026, 5, 3, 8, 0, tzinfo=UTC),
        elapsed_s=float(n),
        timer_s=float(n),
        distance_m=float(streams.distance_m[-1]),
        records=n,
        streams=streams,
        moving=speed_m_s > 0.3,
    )


def steady(seconds: int, speed: float = 3.2) -> np.ndarray:
    return np.full(seconds, speed)


def kinds(run: Run) -> list[str]:
    return [s.kind for s in suggest(run)]


def test_an_abrupt_stop_with_a_limp_after_it_looks_like_a_sudden_stop():
    speed = np.concatenate([steady(9000), np.zeros(70), steady(300, 1.3), steady(1500, 2.4)])
    (stop,) = suggest(run_of(speed))
    assert stop.kind == "sudden_stop"
    assert stop.at_s == pytest.approx(9000, abs=1)
    assert stop.at_m == pytest.approx(9000 * 3.2, rel=0.001)
    assert stop.cadence_before_spm == pytest.approx(170, abs=1)


def test_the_same_stop_with_the_old_pace_after_it_is_a_pause():
    speed = np.concatenate([steady(9000), np.zeros(70), steady(2500)])
    assert kinds(run_of(speed)) == ["pause"]


def test_a_smooth_loss_of_speed_is_a_fade():
    fading = np.linspace(3.2, 1.9, 900)
    speed = np.concatenate([steady(8000), fading, steady(400, 1.4), steady(800, 2.0)])
    assert kinds(run_of(speed)) == ["fade"]


def test_walks_of_like_length_at_like_spacing_are_a_plan():
    lap = np.concatenate([steady(480), steady(60, 1.5)])
    assert set(kinds(run_of(np.tile(lap, 20)))) == {"walk_break"}


def test_an_early_stop_and_a_kerb_are_no_suggestion():
    speed = np.concatenate([steady(1500), np.zeros(70), steady(9000), np.zeros(8), steady(600)])
    assert kinds(run_of(speed)) == []


def test_without_cadence_speed_alone_must_do():
    speed = np.concatenate([steady(9000), np.zeros(70), steady(300, 1.3), steady(1500, 2.4)])
    run = run_of(speed, np.full(speed.size, np.nan))
    (stop,) = suggest(run)
    assert stop.kind == "sudden_stop"
    assert stop.cadence_before_spm is None


def marathon(late_speed: float, from_km: float = 30.0) -> Run:
    early = steady(int(from_km * 1000 / 3.2))
    return run_of(np.concatenate([early, steady(int((42.3 - from_km) * 1000 / late_speed), late_speed)]))


def test_the_wall_of_smyth_needs_a_quarter_slower_over_5_km():
    # The definition itself: at least 25 % slower than 5 to 20 km over 5 km after 20 km.
    assert wall_smyth_2021(marathon(3.2 / 1.30)).met is True
    assert wall_smyth_2021(marathon(3.2 / 1.20)).met is False
    assert wall_smyth_2021(marathon(3.2 / 1.30)).figure == pytest.approx(0.30, abs=0.005)
    assert wall_smyth_2021(run_of(steady(5000))).met is None


def test_the_wall_of_miyazaki_must_last_more_than_5_km_on_end():
    assert wall_miyazaki_2025(marathon(3.2 / 1.30)).met is True
    assert wall_miyazaki_2025(marathon(3.2 / 1.30, from_km=38.5)).met is False  # slow, but for under 4 km
    assert wall_miyazaki_2025(marathon(3.2 / 1.20)).met is False


@pytest.mark.parametrize(
    ("definition", "km"),
    # more than 5 km after 25 km; a stretch of 5 km after 20 km; three segments of 5 km
    [(wall_miyazaki_2025, 30.0), (wall_smyth_2021, 25.0), (wall_doherty_2020, 15.0)],
)
def test_a_run_too_short_for_a_definition_neither_meets_nor_misses_it(definition, km):
    short, long = (definition(run_of(steady(int(1000 * (km + more) / 3.2)))) for more in (-0.2, 0.2))
    assert (short.met, long.met) == (None, False)
    assert "too short" in verdict(short, "metric")
    assert "too short" not in verdict(long, "metric")


def test_the_wall_of_doherty_is_one_slow_segment():
    assert wall_doherty_2020(marathon(3.2 / 1.30)).met is True
    assert wall_doherty_2020(marathon(3.2)).met is False
    assert wall_doherty_2020(run_of(steady(3000))).met is None


def test_the_last_half_hour_is_held_against_what_came_before():
    run = run_of(np.concatenate([steady(7200), steady(1800, 2.4)]))
    assert slowed_fraction(run, run.elapsed_s) == pytest.approx(0.25, abs=0.002)
    assert slowed_fraction(run_of(steady(2400)), 2400.0) is None
