"""Predictors of a race's time against their papers' own figures, and the ranges in which each may speak."""

import numpy as np
import pytest

from charley import body
from charley.evidence.numbers.planning import PLANNING
from charley.planning.finish import predictors
from charley.planning.finish.heat import heat_factor, heat_slope_per_c
from charley.planning.finish.pacing import slump, used_by
from charley.planning.finish.predictors import Training
from charley.vocabulary.runner import BestEffort, Runner

MARATHON, HALF, KM, MILE = 42195.0, 21097.5, 1000.0, 1609.344
NO_NOISE = np.zeros(40)


def best(distance_m: float, clock: str) -> BestEffort:
    seconds = 0.0
    for part in clock.split(":"):
        seconds = 60 * seconds + float(part)
    return BestEffort(distance_m, seconds)


def test_riegel_carries_a_half_to_its_marathon_and_is_not_counted_there():
    # 1:40:00 x 2^1.06 = 12 509.6 s; Vickers and Vertosick 2016: at least 10 min too fast for half of runners
    said = predictors.riegel(MARATHON, [best(HALF, "1:40:00")], NO_NOISE)
    assert said is not None
    assert said.time_s == pytest.approx(12509.6, abs=0.1)
    assert not said.counted
    assert said.why_not is not None
    assert said.why_not.code == "predictor-too-fast"


def test_riegel_counts_up_to_the_half_marathon():
    # 45:00 x 2.10975^1.06 = 5957.9 s (arithmetic on Riegel 1981)
    said = predictors.riegel(HALF, [best(10 * KM, "45:00")], NO_NOISE)
    assert said is not None
    assert said.time_s == pytest.approx(2700 * 2.10975**1.06, abs=0.1)
    assert said.counted


def test_riegel_does_not_speak_from_beyond_its_range():
    # Riegel 1981: efforts of 3.5 to 230 minutes; a marathon in 4:10 lies outside
    assert predictors.riegel(HALF, [best(MARATHON, "4:10:00")], NO_NOISE) is None
    said = predictors.riegel(50 * KM, [best(MARATHON, "3:45:00")], NO_NOISE)
    assert said is not None
    assert not said.counted


def test_vickers_and_vertosick_by_one_race_and_by_two():
    # additional file 1 of the paper: 1:40:00 and 20 miles a week; 45:00, 1:40:00 and 30 miles a week
    one = predictors.vickers_vertosick(MARATHON, [best(HALF, "1:40:00")], Training(20 * MILE), NO_NOISE)
    two = predictors.vickers_vertosick(
        MARATHON, [best(10 * KM, "45:00"), best(HALF, "1:40:00")], Training(30 * MILE), NO_NOISE
    )
    assert one is not None
    assert two is not None
    assert one.time_s == pytest.approx(13737.7, abs=1.0)
    assert two.time_s == pytest.approx(13354.0, abs=1.0)
    assert one.counted
    assert two.counted


@pytest.mark.parametrize(
    ("distance_m", "bests", "training"),
    [
        (HALF, [best(10 * KM, "45:00")], Training(30 * MILE)),  # the study predicts the marathon alone
        (MARATHON, [best(3 * KM, "12:00")], Training(30 * MILE)),  # from 5 km on
        (MARATHON, [best(HALF, "1:40:00")], None),  # it needs the weekly distance
    ],
)
def test_vickers_and_vertosick_say_nothing_without_what_they_need(distance_m, bests, training):
    assert predictors.vickers_vertosick(distance_m, bests, training, NO_NOISE) is None


def test_tanda_by_weekly_distance_and_pace_within_its_range():
    # 17.1 + 140 exp(-0.0053 x 50) + 0.55 x 330 s/km over 42.195 km = 12 912 s = 3:35:12 (Tanda 2011)
    said = predictors.tanda(MARATHON, Training(50 * KM, 0.330), NO_NOISE)
    assert said is not None
    assert said.time_s == pytest.approx(12912.0, abs=1.0)
    assert said.counted
    slow = predictors.tanda(MARATHON, Training(30 * KM, 0.420), NO_NOISE)  # 4:27: beyond 3:36 it was not studied
    assert slow is not None
    assert not slow.counted


def test_the_share_of_critical_speed_falls_with_the_time_as_published():
    # Smyth and Muniz-Pumares 2020: 93.0 % of critical speed at 150 min, 78.9 % at 360 min
    from charley.body.critical_speed import marathon_speed_m_s

    critical = 42_195.0 / (np.array([150.0, 360.0]) * 60) / np.array([0.93, 0.789])
    assert 100 * marathon_speed_m_s(critical) / critical == pytest.approx([93.0, 78.9], abs=0.05)


def test_published_errors_are_those_of_the_papers():
    # square roots of the printed mean squared errors, in minutes
    n = PLANNING
    assert [n.riegel_marathon_rmse_min**2, n.vickers_one_rmse_min**2, n.vickers_two_rmse_min**2] == pytest.approx(
        [381, 228, 208], rel=0.01
    )


def test_the_pool_holds_the_disagreement_of_its_members():
    bodies = body.draw_bodies(Runner(bests=(best(HALF, "1:40:00"),), sex="male", age_y=40.0), 400)
    rng = np.random.default_rng(1)
    said = predictors.predictions(MARATHON, [best(HALF, "1:40:00")], Training(20 * MILE, 0.36), bodies, rng)
    counted = [p for p in said if p.counted]
    pool = predictors.pooled(said, rng)
    assert {p.id for p in said} == {"riegel", "vickers", "tanda", "critical_speed"}
    assert "riegel" not in {p.id for p in counted}
    assert min(np.mean(p.draws_s) for p in counted) <= pool.mean() <= max(np.mean(p.draws_s) for p in counted)
    assert pool.std() >= min(p.draws_s.std() for p in counted)
    # at least 10 min too fast for half of runners (Vickers and Vertosick 2016): the pool lies within a minute of that
    riegel = next(p for p in said if p.id == "riegel")
    assert np.median(pool) > riegel.time_s + 540


def test_heat_costs_what_was_published_at_both_ends():
    # Ely et al. 2007: 1.7 to 4.5 % behind the record over 15 degrees; Knechtle et al. 2019: 1:53 min a degree of air
    assert 15 * float(heat_slope_per_c(132 * 60.0)) == pytest.approx(0.028, abs=0.0005)
    air_to_wbgt = 0.735 + 0.00292 * 50  # Ono and Tonouchi 2014, at 50 % humidity
    assert 220 * 60 * air_to_wbgt * float(heat_slope_per_c(220 * 60.0)) == pytest.approx(113, abs=2)
    assert float(heat_factor(200 * 60.0, 5.0)) == 1.0


def test_an_even_race_at_own_level_uses_all_and_slumps_nowhere():
    steepness = np.array([0.05, 0.1, 0.2])
    assert used_by(np.ones(3), steepness) == pytest.approx(1.0)
    assert slump(1.0, steepness).time_factor() == pytest.approx(1.0)
    assert slump(0.95, steepness).time_factor() == pytest.approx(1 / 0.95)


def test_pace_errors_give_the_published_slow_down_of_men_and_women():
    # Deaner et al. 2015: second half 15.6 and 11.7 % slower; scripts/calibrate_race.py sets the numbers on it
    for sex, who, published in (("male", "men", 0.156), ("female", "women", 0.117)):
        rng = np.random.default_rng(3)
        steepness = body.draw_bodies(Runner(sex=sex), 8000, rng).level_steepness
        mean, sd = (getattr(PLANNING, f"pace_error_{part}_{who}") for part in ("mean", "sd"))
        run = slump(np.exp(mean + sd * rng.standard_normal(8000)), steepness)
        slower = run.time_factor(0.5, 1.0) / run.time_factor(0.0, 0.5) - 1
        assert slower.mean() == pytest.approx(published, abs=0.012)
