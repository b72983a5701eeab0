"""Directions that hold for every runner: more heat, more sweat; more drink, more water; faster, more work."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from body_world import bodies, even_course, ordinary_inputs
from charley.body import central_body, cost, course_of, simulate, stride

QUICK = settings(max_examples=25, deadline=None)


def changed(inputs, **other):
    return even_course({**inputs, **other}, 60.0)


@QUICK
@given(inputs=ordinary_inputs(), who=bodies(), hotter=st.floats(0.5, 15.0))
def test_hotter_air_is_never_less_sweat(inputs, who, hotter):
    # The same clothes in both: in warmer air people wear less, which is another question.
    inputs = {**inputs, "clothing_clo": 0.12}
    cool, hot = (simulate(changed(inputs, air_temp_c=inputs["air_temp_c"] + d), who).sweat_l[-1] for d in (0.0, hotter))
    assert (hot >= cool - 1e-9).all()


@QUICK
@given(inputs=ordinary_inputs(), who=bodies(), more=st.floats(0.05, 0.8))
def test_more_drink_is_never_less_body_water(inputs, who, more):
    dry, wet = (
        simulate(changed(inputs, drink_l_s=inputs["drink_l_s"] + d / 3600.0), who).body_water_change_l[-1]
        for d in (0.0, more)
    )
    # Urine takes a part of what is too much; it never takes more than was drunk.
    assert (wet >= dry - 1e-6).all()


@QUICK
@given(inputs=ordinary_inputs(), who=bodies(), faster=st.floats(0.01, 2.0))
def test_faster_is_never_less_metabolism(inputs, who, faster):
    slow, fast = (
        simulate(changed(inputs, speed_m_s=inputs["speed_m_s"] + d), who).metabolic_rate_w for d in (0.0, faster)
    )
    assert (fast >= slow).all()


@QUICK
@given(grade=st.floats(-0.45, 0.45), speed=st.floats(0.0, 12.0), faster=st.floats(1e-3, 3.0))
def test_the_cost_of_a_second_rises_through_the_change_from_walk_to_run(grade, speed, faster):
    slope = np.full(2, grade)
    speeds = np.array([speed, speed + faster])
    power = cost.transport_cost_j_kg_m(speeds, slope) * speeds
    assert power[1] > power[0]


@QUICK
@given(speed=st.floats(0.0, 12.0))
def test_on_the_level_the_equivalent_speed_is_the_speed(speed):
    assert np.isclose(cost.equivalent_speed_m_s(np.array([speed]), np.array([0.0]))[0], speed, atol=1e-3)


@QUICK
@given(inputs=ordinary_inputs(), who=bodies(), speeds=st.lists(st.floats(2.6, 5.5), min_size=1, max_size=6))
def test_slow_fatigue_never_falls_while_running(inputs, who, speeds):
    course = course_of(np.repeat(speeds, 30), 60.0, air_temp_c=inputs["air_temp_c"])
    states = simulate(course, who)
    for muscle in ("calf", "quadriceps", "hamstring"):
        slow = getattr(states, f"{muscle}_slow_fatigue")
        assert (np.diff(slow, axis=0) >= -1e-12).all(), muscle


@settings(max_examples=8, deadline=None)
@given(who=bodies(), speed=st.floats(2.8, 5.0))
def test_fast_fatigue_passes_in_minutes_and_slow_fatigue_in_a_day_or_more(who, speed):
    hour, rest = np.full(60, speed), np.zeros(12 * 60)
    states = simulate(course_of(np.concatenate([hour, rest]), 60.0), who)
    fast, slow = states.calf_fast_fatigue, states.calf_slow_fatigue
    assert (fast[60 + 10] < 0.05 * fast[59]).all()
    assert (slow[60 + 10] > 0.98 * slow[59]).all()
    assert (slow[-1] < 0.85 * slow[59]).all()  # twelve hours on
    assert (slow[-1] > 0.5 * slow[59]).all()


@QUICK
@given(who=bodies(), speed=st.floats(2.6, 4.5))
def test_a_stop_for_an_hour_refills_the_reserve_and_cools_the_core(who, speed):
    course = course_of(np.concatenate([np.full(60, speed), np.zeros(60)]), 60.0, air_temp_c=15.0)
    states = simulate(course, who)
    assert (states.d_prime_balance_m[-1] >= states.d_prime_balance_m[59] - 1e-9).all()
    assert (states.d_prime_balance_m[-1] > 0.99 * who.d_prime_m).all()
    assert (states.core_temp_c[-1] < states.core_temp_c[59]).all()


def test_a_forefoot_runner_in_flat_shoes_tires_the_calf_more_and_nothing_else():
    course = course_of(np.full(1260, 3.35), 10.0)
    plain = simulate(course, central_body(forefoot=0.0, shoe_drop_mm=8.0))
    flat = simulate(course, central_body(forefoot=1.0, shoe_drop_mm=0.0))
    assert flat.calf_slow_fatigue[-1, 0] > 1.08 * plain.calf_slow_fatigue[-1, 0]
    assert flat.quadriceps_slow_fatigue[-1, 0] == plain.quadriceps_slow_fatigue[-1, 0]


def test_downhill_tires_the_quadriceps_and_spares_the_calf():
    level, down = (simulate(course_of(np.full(360, 3.0), 10.0, grade=g), central_body()) for g in (0.0, -0.08))
    assert down.quadriceps_slow_fatigue[-1, 0] > level.quadriceps_slow_fatigue[-1, 0]
    assert down.calf_slow_fatigue[-1, 0] < level.calf_slow_fatigue[-1, 0]
    assert down.eccentric_load[-1, 0] > level.eccentric_load[-1, 0]


def test_over_drinking_dilutes_the_blood_and_a_person_gains_weight():
    # 55 kg, 4:30, 1.2 L/h of water on a cool day: the case that kills.
    course = course_of(np.full(270, 42_195 / 16_200), 60.0, drink_l_s=1.2 / 3600.0, air_temp_c=12.0)
    states = simulate(course, central_body(mass_kg=55.0, height_m=1.63, critical_speed_m_s=3.1))
    assert states.plasma_sodium_mmol_l[-1, 0] < 135.0
    assert states.mass_change_kg[-1, 0] > 0.5


def test_shorter_steps_at_one_speed_load_the_calf_less_a_step():
    # Direction of Lyght et al. 2016: 5 % more steps, less force a step.
    contact, run = np.array([0.25]), np.array([1.0])
    usual, quick = (stride.peak_force_bw(stride.step_time_s(np.array([c])), contact, run) for c in (165.0, 173.25))
    assert quick[0] < usual[0]
