"""The threshold along a run: what protects needs work above critical speed, what sensitises builds over hours."""

from __future__ import annotations

import numpy as np
import pytest

from charley.answers.one_run.threshold_track import protective_fatigue, threshold_hz
from charley.body import central_body, course_of, simulate
from charley.neuromuscular import constants

MARATHON_M = 42195.0
STEP_S = 60.0


def even_marathon(drink_l_h):
    """At 85 % of the middle body's critical speed, at 18 degrees, and 20 minutes after it."""
    body = central_body()
    speed = 0.85 * float(body.critical_speed_m_s[0])
    steps = int(MARATHON_M / speed / STEP_S)
    course = course_of(
        np.append(np.full(steps, speed), np.zeros(20)), STEP_S, air_temp_c=18.0, drink_l_s=drink_l_h / 3600.0
    )
    return simulate(course, body), steps


@pytest.mark.parametrize(("drink_l_h", "fall_hz"), [(0.4, 2.0), (0.0, 1.0)])
def test_along_an_even_marathon_the_threshold_falls_from_the_second_hour_to_the_end(drink_l_h, fall_hz):
    # Runners cramp late in a race and after it; the threshold was highest there while fresh fatigue was taken to build
    # in any run, and while a rise of sodium was worth more than its own gradient is. Without a drink it levels off.
    states, steps = even_marathon(drink_l_h)
    at = np.append(np.arange(0, steps, 15), steps - 1)
    hz = threshold_hz(states, at)[:, 0]
    second_hour = at >= 60
    assert (np.diff(hz[second_hour]) < 0.05).all()
    assert hz[-1] < hz.min() + 0.05
    assert hz[-1] < hz[0] - fall_hz
    after = threshold_hz(states, np.array([steps - 1, steps + 10]))[:, 0]
    assert abs(after[1] - after[0]) < 1.0  # no leap when the run stops, as one that ended a protection of minutes made


def test_protection_builds_above_critical_speed_and_passes_in_tens_of_minutes():
    body, p = central_body(), constants()
    speed = float(body.critical_speed_m_s[0])
    steady, sprint = np.full(20, 0.8 * speed), np.full(3, 1.25 * speed)
    states = simulate(course_of(np.concatenate([steady, sprint, np.zeros(40)]), STEP_S), body)
    protection = protective_fatigue(p, states)[:, 0]
    assert protection[19] < 1e-6
    after = protection[22:]
    assert after.max() > 0.3
    # once the reserve is back, the table's own recovery: half in ln 2 / 0.0006 s = 19 min
    late = protection[45:]
    assert np.allclose(late[1:] / late[:-1], np.exp(-p.fast_fatigue_recovery * STEP_S), atol=0.01)
