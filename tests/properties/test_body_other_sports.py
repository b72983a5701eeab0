"""What came before a run: its heat, water and fuel are there when the run begins, and none of its metres."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from body_world import central_body, recorded_run
from charley.body import course_from_run, simulate
from charley.body.balance import accounts
from charley.body.course import Course
from charley.body.other_sports import power_w_kg
from charley.vocabulary.run import Interval, OtherLeg, Run
from charley.vocabulary.runner import Intake, Weather

RIDE = OtherLeg("cycling", -4900.0, -100.0, 40_000.0, 145.0)
SWIM = OtherLeg("swimming", -7200.0, -5400.0, 1500.0)
RUN = recorded_run(np.full(3000, 10 / 3))


def course(run: Run) -> Course:
    return course_from_run(run, Weather(22.0, 0.5, 1.0, 300.0), Intake(), np.random.default_rng(1), central_body(6))


def after(*legs: OtherLeg):
    return simulate(course(replace(RUN, other_legs=legs)), central_body(6))


def test_a_run_after_a_ride_begins_hot_dry_and_with_less_fuel() -> None:
    fresh, tired = after(), after(SWIM, RIDE)
    assert (tired.core_temp_c[0] > fresh.core_temp_c[0] + 0.3).all()
    assert (tired.body_water_change_l[0] < fresh.body_water_change_l[0] - 0.15).all()
    assert (tired.leg_glycogen_g[0] < fresh.leg_glycogen_g[0] - 50).all()
    assert (tired.critical_speed_m_s[-1] < fresh.critical_speed_m_s[-1]).all()


def test_none_of_its_metres_and_of_its_calf_load_is_running() -> None:
    fresh, tired = after(), after(SWIM, RIDE)
    for name in ("distance_m", "flat_distance_m", "calf_impulse_bw_s", "time_s"):
        np.testing.assert_array_equal(getattr(tired, name), getattr(fresh, name))


def test_a_run_without_it_is_what_it_was() -> None:
    """The same figures to the last bit with an empty list of legs."""
    assert course(RUN).before is None
    assert (course(RUN).other_power_w_kg == 0).all()


def test_a_ride_between_the_legs_heats_and_drains_and_rests_the_calves() -> None:
    """1000 s of running, 3000 s of riding with the timer of the run stopped, 1000 s of running."""
    speed = np.concatenate([np.full(1000, 10 / 3), np.zeros(3000), np.full(1000, 10 / 3)])
    stood = recorded_run(speed, (Interval(1000.0, 4000.0, "pause"),))
    rode = replace(stood, other_legs=(OtherLeg("cycling", 1000.0, 4000.0, 25_000.0, 145.0),))
    still, riding = (simulate(course(run), central_body(6)) for run in (stood, rode))
    assert (riding.leg_glycogen_g[399] < still.leg_glycogen_g[399] - 30).all()
    assert (riding.sweat_l[399] > still.sweat_l[399] + 0.2).all()
    np.testing.assert_array_equal(riding.flat_distance_m, still.flat_distance_m)
    np.testing.assert_allclose(riding.calf_impulse_bw_s, still.calf_impulse_bw_s)


def test_the_balances_close_over_what_came_before_too() -> None:
    for account in accounts(course(replace(RUN, other_legs=(SWIM, RIDE))), central_body(6)):
        assert np.abs(account.gap()).max() <= 1e-9, account.name


@pytest.mark.parametrize(
    ("leg", "low", "high"),
    [
        (OtherLeg("cycling", -3600, 0, None, None), 9.0, 13.0),  # 8 to 10 METs of 1.2 W/kg
        (OtherLeg("swimming", -3600, 0, None, None), 7.0, 12.5),
        (OtherLeg("cycling", -3600, 0, None, 100.0), 3.0, 8.0),  # a calm heart
        (OtherLeg("cycling", -3600, 0, None, 165.0), 11.0, 20.0),
    ],
)
def test_the_power_of_a_leg_is_that_of_its_heart_or_its_sport(leg: OtherLeg, low: float, high: float) -> None:
    power = power_w_kg(leg, central_body(6))
    assert power.shape == (6,)
    assert ((power >= low) & (power <= high)).all()


def test_it_is_said_with_the_occasion() -> None:
    (note,) = [n for n in course(replace(RUN, other_legs=(SWIM, RIDE))).notes if n.code == "other-sports"]
    assert note.detail == ("swimming", "cycling")
    assert (note.value("before_s"), note.value("between_s")) == (6600.0, 0.0)
