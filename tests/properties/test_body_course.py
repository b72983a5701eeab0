"""From a recorded run to the course that the models are given."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from body_world import recorded_run
from charley.body import central_body, course_from_run, course_of, draw_bodies, reference_course, simulate
from charley.body.weather import clear_sky_w_m2, climate_temp_c, solar_elevation_deg
from charley.vocabulary.run import Interval
from charley.vocabulary.runner import Intake, Runner, Weather

MILD = Weather(air_temp_c=12.0, relative_humidity=0.6, wind_m_s=1.0, solar_w_m2=100.0)


DRANK = Intake(drink_l=0.5)


def course(run, weather=MILD, intake=DRANK, who=None, seed=1, **more):
    return course_from_run(run, weather, intake, np.random.default_rng(seed), who or central_body(4), **more)


def test_seconds_become_steps_without_losing_a_metre():
    speed = 3.0 + np.sin(np.arange(3725) / 60.0)
    run = recorded_run(speed)
    found = course(run)
    assert found.steps == 373
    # The last second's metres are not in the distance of the file; they are taken to be like those before.
    assert found.speed_m_s.sum() * found.step_s == pytest.approx(speed.sum(), rel=1e-5)


def test_a_pause_is_standing():
    speed = np.full(1800, 3.0)
    speed[600:900] = 0.0
    found = course(recorded_run(speed, (Interval(600.0, 900.0, "pause"),)))
    assert (found.speed_m_s[61:89] == 0.0).all()
    assert (found.moving[61:89] == 0.0).all()
    assert (found.moving[:59] == 1.0).all()
    states = simulate(found, central_body(4))
    assert (np.diff(states.flat_distance_m[61:89], axis=0) == 0.0).all()
    assert (np.diff(states.calf_impulse_bw_s[62:89], axis=0) == 0.0).all()


def test_a_gap_is_bridged_at_the_speed_around_it_and_said_so():
    speed = np.concatenate([np.full(600, 2.5), np.full(300, np.nan), np.full(600, 3.5)])
    run = recorded_run(np.nan_to_num(speed), (Interval(600.0, 900.0, "gap"),), distance_m=np.nan)
    run = replace(run, streams=replace(run.streams, speed_m_s=speed))
    found = course(run)
    assert found.speed_m_s[65:85] == pytest.approx(3.0, abs=0.05)
    assert "gap-bridged" in codes(found.notes)


def test_a_gap_across_which_the_distance_goes_on_is_bridged_with_that_distance():
    distance = np.concatenate([np.arange(600) * 3.0, np.full(300, np.nan), 1800.0 + 1200.0 + np.arange(600) * 3.0])
    run = recorded_run(np.full(1500, 3.0), (Interval(600.0, 900.0, "gap"),), distance_m=distance)
    assert course(run).speed_m_s[65:85] == pytest.approx(4.0, abs=0.05)


def test_a_gap_across_which_the_distance_stands_still_is_standing():
    distance = np.concatenate([np.arange(600) * 3.0, np.full(300, np.nan), 1797.0 + np.arange(600) * 3.0])
    run = recorded_run(np.full(1500, 3.0), (Interval(600.0, 900.0, "gap"),), distance_m=distance)
    assert (course(run).speed_m_s[65:85] == 0.0).all()


def test_measured_steps_are_taken_and_missing_ones_come_from_the_formula():
    n = 1200
    cadence = np.full(n, np.nan)
    cadence[:600] = 182.0
    contact = np.full(n, np.nan)
    contact[:600] = 0.21
    found = course(recorded_run(np.full(n, 3.0), cadence_spm=cadence, contact_time_s=contact))
    assert found.cadence_spm[:60] == pytest.approx(182.0)
    assert found.contact_time_s[:60] == pytest.approx(0.21)
    assert (np.abs(found.cadence_spm[60:] - 164.0) < 1e-6).all()  # 146 + 6 v
    assert (np.abs(found.contact_time_s[60:] - 0.515 * 3.0**-0.62) < 1e-6).all()


def test_what_was_told_is_taken_and_what_was_not_is_drawn_and_said_so():
    run, who = recorded_run(np.full(600, 3.0)), draw_bodies(Runner(), 300, np.random.default_rng(0))
    told = course(run, who=who)
    assert np.ptp(told.air_temp_c) == 0.0
    assert "temperature-drawn" not in codes(told.notes)
    untold = course(run, Weather(), Intake(), who=who)
    assert untold.air_temp_c[0].std() > 3.0
    assert (untold.air_temp_c[0] == untold.air_temp_c[-1]).all()
    assert "temperature-drawn" in codes(untold.notes)
    assert "drink-drawn" in codes(untold.notes)
    assert untold.drink_l_s[0] == pytest.approx(who.habitual_drink_l_h / 3600.0)


def test_a_warm_watch_bounds_the_air_from_above():
    run = recorded_run(np.full(600, 3.0), air_temp_c=24.0)
    air = course(run, Weather(), who=central_body(500)).air_temp_c[0]
    assert air.max() <= 24.0
    assert air.mean() == pytest.approx(24.0 - 5.0, abs=0.6)


def test_all_that_was_drunk_is_drunk():
    found = course(recorded_run(np.full(3600, 3.0)), intake=Intake(drink_l=0.7, salt_g=1.0, carbohydrate_g=30.0))
    states = simulate(found, central_body(4))
    assert states.drunk_l[-1] == pytest.approx(0.7)
    assert (found.salt_mmol_s * found.step_s).sum() == pytest.approx(1000.0 * 0.3934 / 22.98977, rel=1e-3)
    assert (found.carbohydrate_g_s * found.step_s).sum() == pytest.approx(30.0)


def test_a_day_long_run_gets_longer_steps_and_says_so():
    found = course(recorded_run(np.full(86_400, 2.0)))
    assert found.steps == 1440
    assert found.time_s[-1] == 86_400.0
    assert [n.value("step_s") for n in found.notes if n.code == "long-steps"] == [60.0]
    assert course(recorded_run(np.full(3 * 86_400, 2.0))).step_s == 120.0  # days take no more steps than two of them


def test_a_marathon_gets_steps_that_are_nothing_to_speak_of():
    found = course(recorded_run(np.full(4 * 3600, 2.9)))
    assert (found.steps, found.step_s) == (720, 20.0)
    assert not [n for n in found.notes if n.code == "long-steps"]


def test_a_minute_is_a_run():
    found = course(recorded_run(np.full(60, 3.0)))
    assert found.steps == 6
    assert np.isfinite(simulate(found, central_body(4)).core_temp_c).all()


def test_the_same_seed_gives_the_same_course():
    run = recorded_run(np.full(600, 3.0))
    one, two = (course(run, Weather(), Intake(), seed=5) for _ in range(2))
    for name in ("air_temp_c", "solar_w_m2", "wind_m_s", "relative_humidity"):
        assert (getattr(one, name) == getattr(two, name)).all()


def test_a_course_refuses_what_no_run_has():
    with pytest.raises(ValueError, match="speed_m_s"):
        course_of(np.full(10, 13.0), 10.0)
    with pytest.raises(ValueError, match="air_temp_c"):
        course_of(np.full(10, 3.0), 10.0, air_temp_c=np.nan)
    with pytest.raises(ValueError, match="step_s"):
        course_of(np.full(10, 3.0), 600.0)
    with pytest.raises(TypeError, match="no shoes"):
        course_of(np.full(10, 3.0), 10.0, shoes=1.0)


def test_the_reference_lasts_until_the_slowest_has_run_it():
    who = central_body(3)
    speed = np.array([2.5, 3.0, 4.0])
    reference = simulate(reference_course(who, 10_000.0, speed), who)
    assert (reference.flat_distance_m[-1] >= 10_000.0 - 1e-6).all()
    assert np.diff(reference.flat_distance_m, axis=0)[:, 1] == pytest.approx(180.0, rel=1e-3)


def test_wbgt_of_a_course_follows_heat_and_sun():
    cool = course_of(np.full(3, 3.0), 10.0, air_temp_c=10.0).wet_bulb_globe_temp_c()
    hot = course_of(np.full(3, 3.0), 10.0, air_temp_c=30.0, solar_w_m2=800.0).wet_bulb_globe_temp_c()
    assert cool.shape == (3, 1)
    assert (hot > cool + 12.0).all()


def test_the_sun_stands_where_it_stands():
    # Declination and hour angle alone: noon at the equator near an equinox, midsummer noon and midnight at 60 N.
    def height(when, latitude, longitude, after_s=0.0):
        return float(solar_elevation_deg(when, latitude, longitude, np.array([after_s]))[0])

    midsummer = datetime(2024, 6, 21, 12, tzinfo=UTC)
    assert height(datetime(2024, 3, 20, 12, tzinfo=UTC), 0.0, 0.0) == pytest.approx(90.0, abs=3.0)
    assert height(midsummer, 60.0, 0.0) == pytest.approx(53.4, abs=1.0)
    assert height(datetime(2024, 12, 21, 0, tzinfo=UTC), 60.0, 0.0) < -50.0
    assert height(midsummer, 60.0, -90.0, 6 * 3600.0) == pytest.approx(53.4, abs=1.0)
    assert clear_sky_w_m2(np.array([-5.0, 30.0, 90.0])) == pytest.approx([0.0, 490.0, 1037.0], abs=2.0)
    january, july = (datetime(2024, month, 20, tzinfo=UTC) for month in (1, 7))
    assert climate_temp_c(52.0, july) - climate_temp_c(52.0, january) == pytest.approx(20.8, abs=0.5)
    assert climate_temp_c(-35.0, january) > climate_temp_c(-35.0, july)


def codes(notes):
    return {note.code for note in notes}


def said(speed, who=None, **inputs):
    return codes(simulate(course_of(np.full(360, speed), 10.0, **inputs), who or central_body(5)).outside)


def test_an_ordinary_hour_leaves_no_model_s_range():
    assert said(3.0) == set()


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"air_temp_c": 2.0}, "sweat-in-the-cold"),
        ({"air_temp_c": 36.0}, "heat-model"),
        ({"grade": 0.6}, "slope-cost"),
        ({"grade": -0.3}, "braking"),
        ({"grade": 0.3}, "above-ceiling"),
        ({"drink_l_s": 5.0 / 3600.0}, "drink-refused"),
        ({"air_temp_c": 45.0, "relative_humidity": 0.9}, "temperature-held"),
    ],
)
def test_what_lies_outside_is_said(inputs, code):
    assert code in said(3.0, **inputs)


def test_a_run_above_own_level_says_that_the_level_is_higher():
    assert "above-level" in said(4.6, central_body(5, critical_speed_m_s=3.3))


def test_a_long_hard_run_says_where_durability_ends():
    states = simulate(course_of(np.full(1400, 3.4), 10.0), central_body(3))
    assert "durability" in codes(states.outside)
