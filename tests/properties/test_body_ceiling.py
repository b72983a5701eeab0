"""What must always hold of the ceiling of oxygen uptake: it never rises with heat or lost water; the cool leave it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from charley.body import central_body, course_of, simulate
from charley.body.ceiling import oxygen_ceiling_left

CORE, SKIN, DEFICIT = st.floats(30.0, 43.5), st.floats(0.0, 45.0), st.floats(0.0, 20.0)


def left(core_c: float, skin_c: float, deficit_percent: float) -> float:
    return float(oxygen_ceiling_left(np.array([core_c]), np.array([skin_c]), np.array([deficit_percent]))[0])


@given(CORE, SKIN, DEFICIT, st.floats(0.0, 3.0))
def test_it_lies_between_nothing_and_all_and_never_rises(core_c, skin_c, deficit, more):
    here = left(core_c, skin_c, deficit)
    assert 0.0 < here <= 1.0
    assert max(left(core_c + more, skin_c, deficit), left(core_c, skin_c + more, deficit)) <= here
    assert left(core_c, skin_c, deficit + more) <= here


@given(st.floats(30.0, 43.5), st.floats(0.0, 34.0), st.floats(0.0, 2.0))
def test_a_cool_skin_and_little_water_lost_leave_it_whole(core_c, skin_c, deficit):
    assert left(core_c, skin_c, deficit) == 1.0


def test_the_same_run_takes_more_of_what_is_left_on_a_hot_day_and_burns_no_less_glycogen():
    hot, cool = (
        simulate(course_of(np.full(180, 3.35), 60.0, air_temp_c=air_c, solar_w_m2=sun), central_body())
        for air_c, sun in ((30.0, 800.0), (10.0, 100.0))
    )
    assert hot.oxygen_fraction[-1, 0] > cool.oxygen_fraction[-1, 0] + 0.05
    assert hot.critical_speed_m_s[-1, 0] < 0.95 * cool.critical_speed_m_s[-1, 0]
    assert hot.critical_speed_m_s[-1, 0] < hot.critical_speed_m_s[60, 0], "it falls on the way"
    assert hot.leg_glycogen_g[90, 0] < cool.leg_glycogen_g[90, 0]
    hour = slice(0, 60)  # what heat takes stands in both, as long as nobody is asked for more than can be given
    assert np.allclose(
        hot.oxygen_fraction[hour, 0] * hot.critical_speed_m_s[hour, 0],
        cool.oxygen_fraction[hour, 0] * cool.critical_speed_m_s[hour, 0],
        rtol=0.02,
    )
