"""Whatever the run: nothing is lost, nothing is counted twice, and every state is one that a body can have."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from body_world import assert_possible, bodies, courses
from charley.body import accounts, central_body, course_of, simulate

CLOSED = 1e-9


@settings(max_examples=40, deadline=None)
@given(course=courses(), who=bodies())
def test_the_books_close(course, who):
    for account in accounts(course, who):
        assert np.abs(account.gap()).max() <= CLOSED, account.name


@settings(max_examples=40, deadline=None)
@given(course=courses(), who=bodies())
def test_every_state_is_possible(course, who):
    assert_possible(simulate(course, who))


@settings(max_examples=5, deadline=None)
@given(
    speed=st.floats(0.0, 12.5),
    grade=st.floats(-0.45, 0.45),
    air=st.floats(-40.0, 55.0),
    humidity=st.floats(0.0, 1.0),
    drink=st.floats(0.0, 5.0),
    mass=st.floats(30.0, 200.0),
)
@example(speed=12.5, grade=0.45, air=55.0, humidity=1.0, drink=0.0, mass=200.0)
@example(speed=0.0, grade=0.0, air=-40.0, humidity=0.0, drink=0.0, mass=30.0)
@example(speed=0.0, grade=0.0, air=20.0, humidity=0.5, drink=5.0, mass=30.0)
@example(speed=3.0, grade=0.0, air=40.0, humidity=0.2, drink=0.0, mass=60.0)
def test_a_day_and_a_night_of_anything_is_possible(speed, grade, air, humidity, drink, mass):
    course = course_of(
        np.full(1440, speed), 60.0, grade=grade, air_temp_c=air, relative_humidity=humidity, drink_l_s=drink / 3600.0
    )
    who = central_body(mass_kg=mass, height_m=1.3 + mass / 400.0)
    assert_possible(simulate(course, who))


def test_a_book_with_a_flow_left_out_does_not_close():
    # The test above bites: take a litre of sweat out of the water book, and it is open by far more than 1e-9.
    course, who = course_of(np.full(360, 3.0), 10.0), central_body()
    water = next(a for a in accounts(course, who) if a.name == "water")
    open_book = type(water)(water.name, water.unit, water.start, water.end, water.came, water.went - 1.0)
    assert np.abs(open_book.gap()).min() > 1e-3
