"""Own level: from bests, from heart rate, from what a run proves; and a weighed sweat rate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from body_world import recorded_run
from charley.body import (
    central_body,
    course_of,
    draw_bodies,
    level_from_run,
    level_speed_m_s,
    levelled,
    match_sweat_rate,
    shown_by,
    simulate,
    sustainable_distance_m,
)
from charley.body.critical_speed import marathon_speed_m_s
from charley.body.level import PROOF_DISTANCES_M
from charley.body.readiness import (
    HALF_MARATHON_M,
    MARATHON_M,
    marathon_from_one_race_s,
    riegel_time_s,
    vdot_ml_kg_min,
)
from charley.vocabulary.runner import BestEffort, Runner
from charley.vocabulary.units import METRES_PER_MILE

QUICK = settings(max_examples=15, deadline=None)


def bodies(runner, draws=500, seed=0):
    return draw_bodies(runner, draws, np.random.default_rng(seed))


@QUICK
@given(seed=st.integers(0, 1000), near=st.floats(800.0, 100_000.0), further=st.floats(1.001, 2.0))
def test_a_longer_race_is_never_run_faster(seed, near, further):
    who = bodies(Runner(), 50, seed)
    assert (level_speed_m_s(who, near) > level_speed_m_s(who, near * further)).all()


@QUICK
@given(seed=st.integers(0, 1000), distance=st.floats(1500.0, 200_000.0))
def test_the_sustainable_distance_is_the_inverse(seed, distance):
    who = bodies(Runner(), 50, seed)
    back = sustainable_distance_m(who, level_speed_m_s(who, distance))
    assert back == pytest.approx(distance, rel=1e-6)


def test_the_curve_has_no_step_where_the_two_models_meet():
    who = central_body()
    distance = 1500.0 * float(who.critical_speed_m_s[0]) + float(who.d_prime_m[0])
    before, after = (level_speed_m_s(who, distance + d)[0] for d in (-0.01, 0.01))
    assert before == pytest.approx(after, rel=1e-5)


def test_a_best_narrows_the_level_and_is_hardly_ever_above_it():
    best = BestEffort(HALF_MARATHON_M, 6000.0)
    with_best, without = bodies(Runner(bests=(best,))), bodies(Runner())
    speed = level_speed_m_s(with_best, HALF_MARATHON_M)
    assert speed.std() < 0.3 * level_speed_m_s(without, HALF_MARATHON_M).std()
    ratio = speed / (best.distance_m / best.time_s)
    assert np.quantile(ratio, 0.02) > 0.96  # best <= capacity, but for clocks and courses
    assert 1.0 < np.median(ratio) < 1.05


def test_a_half_foretells_the_marathon_between_riegel_and_what_recreational_runners_did():
    # 1:40: Riegel says 3:28, Vickers and Vertosick (30 miles a week) 3:44; half of their runners lost 10 min on Riegel.
    who = bodies(Runner(bests=(BestEffort(HALF_MARATHON_M, 6000.0),)))
    marathon = float(np.median(MARATHON_M / level_speed_m_s(who, MARATHON_M)))
    riegel = riegel_time_s(HALF_MARATHON_M, 6000.0, MARATHON_M)
    assert riegel < marathon < marathon_from_one_race_s(HALF_MARATHON_M, 6000.0, 30 * METRES_PER_MILE)


@pytest.mark.parametrize(("distance", "time"), [(5000.0, 1200.0), (10_000.0, 2700.0), (HALF_MARATHON_M, 5100.0)])
def test_one_race_foretells_the_marathon_about_as_vdot_does_and_not_faster(distance, time):
    # Daniels' tables are for well-trained runners; recreational ones are slower over the marathon (Vickers 2016).
    who = bodies(Runner(bests=(BestEffort(distance, time),)))
    marathon = float(np.median(MARATHON_M / level_speed_m_s(who, MARATHON_M)))
    vdot = vdot_ml_kg_min(distance, time)
    low, high = 1.5 * 3600.0, 8 * 3600.0
    for _ in range(40):
        mid = 0.5 * (low + high)
        low, high = (mid, high) if vdot_ml_kg_min(MARATHON_M, mid) > vdot else (low, mid)
    assert 0.97 < marathon / low < 1.12


def test_more_bests_narrow_more():
    one = bodies(Runner(bests=(BestEffort(5000.0, 1200.0),)))
    four = bodies(
        Runner(
            bests=(
                BestEffort(1500.0, 325.0),
                BestEffort(5000.0, 1200.0),
                BestEffort(HALF_MARATHON_M, 5500.0),
                BestEffort(MARATHON_M, 11_700.0),
            )
        )
    )
    assert level_speed_m_s(four, MARATHON_M).std() < 0.6 * level_speed_m_s(one, MARATHON_M).std()
    assert np.median(MARATHON_M / level_speed_m_s(four, MARATHON_M)) == pytest.approx(11_600.0, rel=0.03)


def test_critical_speed_of_six_bests_is_that_of_the_two_parameter_fit():
    distance = np.array([800.0, 1000.0, 1500.0, 3000.0, 5000.0])
    bests = tuple(BestEffort(d, (d - 190.0) / 3.9) for d in distance)
    who = bodies(Runner(bests=bests))
    assert np.median(who.critical_speed_m_s) == pytest.approx(3.95, abs=0.08)  # a little above: bests fall short


def test_a_run_proves_a_level():
    # Nobody said anything, and the file holds a marathon in 2:35 without heart rate.
    pace = MARATHON_M / 9300.0
    run = recorded_run(np.full(9300, pace))
    before = bodies(Runner(), 300)
    assert np.median(level_speed_m_s(before, MARATHON_M)) < 0.8 * pace
    after = level_from_run(run, Runner(), np.random.default_rng(1), before)
    for distance in (*PROOF_DISTANCES_M[:4], 42_190.0):
        assert np.quantile(level_speed_m_s(after, distance), 0.03) > 0.95 * pace
    assert (after.economy == before.economy).all()
    assert after.vo2max_ml_kg_min.mean() > before.vo2max_ml_kg_min.mean()


def test_an_easy_run_without_heart_rate_proves_little():
    run = recorded_run(np.full(1800, 2.3))
    before = bodies(Runner(), 400)
    after = level_from_run(run, Runner(), np.random.default_rng(1), before)
    # Neither side of the field is ruled out but the slowest.
    assert np.median(after.critical_speed_m_s) == pytest.approx(np.median(before.critical_speed_m_s), rel=0.05)


def test_a_run_too_short_to_prove_anything_leaves_the_level_alone():
    before = bodies(Runner(), 300)
    after = level_from_run(recorded_run(np.full(120, 3.0)), Runner(), np.random.default_rng(1), before)
    assert np.median(after.critical_speed_m_s) == pytest.approx(np.median(before.critical_speed_m_s), rel=0.05)


def test_heart_rate_tells_an_easy_run_from_a_hard_one():
    levels = []
    for heart in (125.0, 165.0):
        run = recorded_run(np.full(3600, 3.0), heart_rate_bpm=heart)
        who = bodies(Runner(age_y=40.0, sex="male"), 300)
        levels.append(level_from_run(run, Runner(age_y=40.0, sex="male"), np.random.default_rng(1), who))
    easy, hard = (np.median(level_speed_m_s(x, MARATHON_M)) for x in levels)
    assert easy > 1.15 * hard
    # 165 of 180 beats is 85 % of maximal uptake, at which critical speed lies: 3.05 m/s, drawn to the field's 4.0.
    assert 3.05 < np.median(levels[1].critical_speed_m_s) < 3.6


def test_bests_outweigh_heart_rate():
    runner = Runner(bests=(BestEffort(HALF_MARATHON_M, 6000.0),))
    who = bodies(runner, 300)
    run = recorded_run(np.full(3600, 2.8), heart_rate_bpm=175.0)
    after = level_from_run(run, runner, np.random.default_rng(1), who)
    assert np.median(level_speed_m_s(after, HALF_MARATHON_M)) > HALF_MARATHON_M / 6000.0


def test_the_field_is_the_field():
    finish = MARATHON_M / level_speed_m_s(bodies(Runner(), 4000), MARATHON_M) / 60.0
    # Gordon et al. 2017: 229 (49) min; ours has all sexes and ages, and a longer slow tail.
    assert np.median(finish) == pytest.approx(229.0, abs=12.0)
    assert finish.std() == pytest.approx(49.0, abs=18.0)


def test_what_was_said_of_a_body_is_taken():
    who = bodies(Runner(mass_kg=61.0, height_m=1.66, body_fat=0.2, age_y=51.0, sex="female"))
    for name, value in (("mass_kg", 61.0), ("height_m", 1.66), ("body_fat", 0.2), ("age_y", 51.0), ("female", 1.0)):
        assert (getattr(who, name) == value).all(), name
    tested = bodies(Runner(sweat_sodium_mmol_l=60.0))
    assert np.median(tested.sweat_sodium_mmol_l) == pytest.approx(60.0, rel=0.03)
    assert tested.sweat_sodium_mmol_l.std() < bodies(Runner()).sweat_sodium_mmol_l.std()


@pytest.mark.parametrize("weighed", [0.5, 0.8, 1.3])
def test_a_weighed_sweat_rate_is_what_the_model_then_sweats(weighed):
    who = bodies(Runner(mass_kg=70.0), 120)
    run = course_of(np.full(120, 3.2), 60.0, air_temp_c=16.0)
    usual = simulate(run, who).sweat_l[-1] / 2.0
    matched = match_sweat_rate(who, run, weighed, np.random.default_rng(2))
    rate = simulate(run, matched).sweat_l[-1] / 2.0
    assert np.median(rate) == pytest.approx(weighed, rel=0.06)
    assert np.log(rate).std() == pytest.approx(0.12, abs=0.05)
    assert abs(np.median(usual) - weighed) > abs(np.median(rate) - weighed) or abs(np.median(usual) - weighed) < 0.05


def test_a_stated_sweat_rate_narrows_the_draws():
    known = {"mass_kg": 70.0, "sex": "male", "bests": (BestEffort(HALF_MARATHON_M, 6000.0),)}
    run = course_of(np.full(90, 3.0), 60.0, air_temp_c=18.0)
    told, untold = (
        simulate(run, bodies(Runner(**known, sweat_rate_l_h=rate), 200)).sweat_l[-1] / 1.5 for rate in (1.2, None)
    )
    assert np.median(untold) < 0.9  # so the stated rate pulls it up, from another pace than the trial's
    assert np.median(told) == pytest.approx(1.2, rel=0.1)
    assert np.log(told).std() < np.log(untold).std()


def test_the_same_seed_gives_the_same_bodies():
    runner = Runner(bests=(BestEffort(5000.0, 1300.0),), sweat_rate_l_h=1.0)
    one, two = (bodies(runner, 60, 7) for _ in range(2))
    for name in ("critical_speed_m_s", "sweat_gain", "mass_kg", "slow_heat"):
        assert (getattr(one, name) == getattr(two, name)).all()


@QUICK
@given(critical_speed=st.floats(1.5, 7.0))
def test_the_speed_of_a_marathon_agrees_with_the_share_at_its_own_time(critical_speed):
    speed = marathon_speed_m_s(np.array([critical_speed]))
    percent = np.interp(MARATHON_M / speed / 60.0, (150.0, 360.0), (93.0, 78.9))  # as published (Smyth 2020)
    assert speed == pytest.approx(critical_speed * percent / 100.0, rel=1e-12)


def test_a_level_is_the_same_whatever_others_are_drawn_with_it():
    who = bodies(Runner(), 64)
    raced = Runner(bests=(BestEffort(5000.0, 1200.0), BestEffort(HALF_MARATHON_M, 5500.0)))
    fast, beating, short = np.full(9300, 4.4), recorded_run(np.full(3600, 3.0), heart_rate_bpm=150.0), np.full(120, 3.0)
    shown = [
        shown_by(run, runner, who)
        for run, runner in ((recorded_run(fast), raced), (beating, Runner()), (recorded_run(short), Runner()))
    ]
    together = levelled(shown, np.random.default_rng(1), who)
    for one, many in zip(shown, together, strict=True):
        (alone,) = levelled([one], np.random.default_rng(1), who)
        for name in ("critical_speed_m_s", "d_prime_m", "level_steepness", "vo2max_ml_kg_min"):
            assert (getattr(alone, name) == getattr(many, name)).all(), name
