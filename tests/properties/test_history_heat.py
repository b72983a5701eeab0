"""Acclimation of each run of a log, from the air of the runs before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from career_world import run_of, told
from charley.answers.history.bodies import Bodies
from charley.answers.history.heat import Heat
from charley.answers.history.plan import Career, plan
from charley.evidence.numbers.body import BODY
from charley.vocabulary.runner import Runner, Weather

RUNS = 20  # one every other day


def log(air_of, runs=RUNS):
    """The story's runs with the air that was told of each, None where nothing was."""
    return tuple(told(n, weather=Weather(air_temp_c=air_of(n))) for n in range(runs))


def heat_of(runs):
    return Heat(runs, lambda i: runs[i].read())


def test_a_run_knows_the_weeks_before_it_and_not_its_own_air():
    runs = log(lambda n: 31.0)
    heat = heat_of(runs)
    states = [heat.before(t.row.started_at) for t in runs]
    assert states[0] is None
    assert 0.0 < states[1] < states[10] < 1.0
    own_day_cold = heat_of((*runs[:-1], replace(runs[-1], weather=Weather(air_temp_c=-5.0))))
    assert own_day_cold.before(runs[-1].row.started_at) == states[-1]


def test_the_log_hotter_by_a_degree_is_never_less_acclimated():
    last = log(lambda n: 20.0)[-1].row.started_at
    states = [heat_of(log(lambda n, c=c: c)).before(last) for c in range(10, 40)]
    assert states == sorted(states)
    assert states[0] == 0.0 < states[-1]


def test_a_silent_log_is_unknown_and_its_bodies_are_as_without_heat():
    silent = log(lambda n: None)
    assert heat_of(silent).before(silent[-1].row.started_at) is None
    career = Career(Runner(heat_runs_14d=14.0), silent)  # told of today: it says nothing of runs gone by
    planned = plan(career)
    assert planned[-1].runner.heat_runs_14d is None
    assert (Bodies(career).of(planned[-1]).heat_acclimation == 0.0).all()


def test_the_bodies_of_a_run_are_in_the_state_of_its_weeks():
    hot = Career(Runner(), log(lambda n: 31.0))
    bodies, last = Bodies(hot), plan(hot)[-1]
    state = bodies.heat.before(last.told.row.started_at)
    ran = bodies.of(last)
    assert (ran.heat_acclimation == state).all()
    assert np.array_equal(ran.sweat_gain, Bodies(Career(Runner(), log(lambda n: None))).of(last).sweat_gain)


def test_rows_are_worked_out_anew_when_the_air_of_an_earlier_run_is_told():
    silent = plan(Career(Runner(), log(lambda n: None)))
    one_told = plan(Career(Runner(), log(lambda n: 30.0 if n == 15 else None)))
    changed = [a.key != b.key for a, b in zip(silent, one_told, strict=True)]
    assert changed == [False] * 15 + [True] * 5


def test_a_watch_without_a_word_is_read_and_cooled_by_the_wrist():
    watch_c = 36.0
    seconds = run_of(1).records
    hot = replace(run_of(1).streams, air_temp_c=np.full(seconds, watch_c))
    run = replace(run_of(1), streams=hot)
    row = replace(told(1).row, channels=("air_temp_c",))
    worn = replace(told(1), row=row, read=lambda: run)
    after = worn.row.started_at + timedelta(days=1)
    read = heat_of((worn,)).before(after)
    said = heat_of((replace(told(1), weather=Weather(air_temp_c=watch_c - BODY.watch_bias_c)),)).before(after)
    assert read == pytest.approx(said)
