"""A body or a hazard can be run with another constant, and the process keeps its own, also at the same time."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from charley.body import central_body, course_of, draw_bodies, joined, simulate
from charley.body.heat import saturation_pressure_kpa
from charley.evidence.numbers.body import BODY
from charley.evidence.numbers.risk import RISK
from charley.risk.draws import draw_hazard
from charley.vocabulary.runner import Runner
from risk_world import even_run, of_anybody

COURSE = course_of(np.full(60, 3.2), 60.0, air_temp_c=28.0, relative_humidity=0.8)


def final_core(numbers=BODY):
    return simulate(COURSE, replace(central_body(5), numbers=numbers)).core_temp_c[-1]


def test_an_equation_takes_another_constant():
    # Bolton 1980: 17.67 in place of the Magnus factor of Alduchov and Eskridge, the other two constants kept
    other = BODY._replace(magnus_factor=17.67)
    expected = 0.61094 * np.exp(17.67 * 20.0 / (20.0 + 243.04))
    assert saturation_pressure_kpa(np.array(20.0), other) == pytest.approx(expected, rel=1e-12)


def test_a_body_with_another_constant_leaves_the_default_alone():
    before, factor = final_core(), BODY.magnus_factor
    changed = final_core(BODY._replace(magnus_factor=17.3))
    assert (changed != before).all()
    assert BODY.magnus_factor == factor
    assert np.array_equal(final_core(), before)


def test_bodies_with_different_constants_run_at_the_same_time():
    factors = (17.0, 17.3, BODY.magnus_factor, 18.0)
    alone = [final_core(BODY._replace(magnus_factor=f)) for f in factors]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda f: final_core(BODY._replace(magnus_factor=f)), factors * 3))
    assert all(np.array_equal(a, b) for a, b in zip(alone * 3, together, strict=True))
    assert len({tuple(a) for a in alone}) == 4


def test_a_drawn_number_that_is_replaced_is_taken_as_said_and_moves_no_other_draw():
    usual = draw_bodies(Runner(), 50, np.random.default_rng(1))
    said = draw_bodies(Runner(), 50, np.random.default_rng(1), BODY._replace(sweat_gain=150.0))
    assert (said.sweat_gain == 150.0).all()
    assert usual.sweat_gain.std() > 0
    assert np.array_equal(usual.slow_water, said.slow_water)  # drawn after it


def test_bodies_of_different_constants_are_not_simulated_as_one():
    with pytest.raises(ValueError, match="different numbers"):
        joined([central_body(), central_body(n=BODY._replace(magnus_factor=17.3))])


def test_a_hazard_with_another_constant_leaves_the_default_alone():
    def marathon(numbers=RISK):
        worlds = draw_hazard(200, np.random.default_rng(1), n=numbers)
        return of_anybody(even_run(42.2, worlds), worlds)

    usual, changed, again = marathon(), marathon(RISK._replace(after_half_life_h=3.0)), marathon()
    assert np.array_equal(usual.chance, changed.chance)
    # a longer half-life moves cramps from the first hour to the later ones
    assert changed.after()[0][1].mean() < usual.after()[0][1].mean()
    assert np.array_equal(usual.after()[0][1], again.after()[0][1])


ANSWER = """
import sys
from charley.evidence.numbers import body, risk

real = body.BODY, risk.RISK
if sys.argv[1] == "refuse":

    def refusing(record):
        def get(self, name):
            if name in record._fields:
                raise AssertionError(f"{name} was read from the default of the process")
            return super(kind, self).__getattribute__(name)

        kind = type(record)("Refusing", (record,), {"__getattribute__": get})
        return kind

    body.BODY = refusing(body.BodyNumbers)._make(body.BODY)
    risk.RISK = refusing(risk.RiskNumbers)._make(risk.RISK)

import numpy as np
from charley import activities
from charley.answers.one_run.question import Question
from charley.answers.one_run.simulate import simulate
from charley.body import accounts
from charley.vocabulary.runner import CrampHistory, Runner

run = activities.clean(activities.read(sys.argv[2]))
runner = Runner(
    sex="male",
    age_y=50.0,
    sweat_rate_l_h=1.1,
    sweat_sodium_mmol_l=50.0,
    history=CrampHistory(1, 4),
    about=(("family_history", 1.0),),
)
found = simulate(Question(run=run, runner=runner, draws=20), *real)
found.hazard.after()
accounts(found.course, found.bodies)
print(repr(found.hazard.chance.tolist()), repr(found.states.core_temp_c[-1].tolist()))
"""


def test_no_function_falls_back_on_the_default_where_a_record_is_passed(tmp_path):
    from charley.activities import write_demo

    run = write_demo(tmp_path)
    printed = [
        subprocess.run(
            [sys.executable, "-c", ANSWER, how, str(run)], capture_output=True, text=True, check=False, cwd=Path.cwd()
        )
        for how in ("plain", "refuse")
    ]
    assert [p.returncode for p in printed] == [0, 0], printed[1].stderr[-2000:]
    assert printed[0].stdout == printed[1].stdout


def test_a_pool_with_another_constant_leaves_the_muscle_alone():
    from charley.neuromuscular import Subject, constants
    from charley.neuromuscular.pool import Pool

    def impulses(*overrides):
        return Pool(Subject(motor_neurons=30, overrides=overrides), engine="reference").discharge(0.5, 0.0, 0.2).sum()

    before, usual = impulses(), constants().pic_half_mv
    # an inward current that opens 20 mV later never carries the discharge
    assert impulses(("pic_half_mv", usual + 20.0)) < before
    assert constants().pic_half_mv == usual
    assert impulses() == before
