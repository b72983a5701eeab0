"""A race from studies alone: the engine's prior, told as a mean over people with the studies' own range."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from career_world import made_run
from charley.answers.history.belief import Muscles
from charley.answers.history.plan import MUSCLES, factor_table, runner_prior
from charley.answers.history.studies import WORLDS
from charley.answers.one_run.question import Question
from charley.answers.one_run.simulate import simulate
from charley.api import race as api
from charley.inference import sequential
from charley.inference.design import RunRows
from charley.planning.race.belief import Belief, from_studies
from charley.planning.race.scenario import outcomes, setting_of
from charley.planning.race.strategy import way_of
from charley.planning.race.usual import NOBODYS
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.runner import BestEffort, CrampHistory, Runner, Weather

FINISH_S, DISTANCE_M, BODIES = 13_200.0, 42_195.0, 24
WEATHER = Weather(air_temp_c=14.0, relative_humidity=0.6, wind_m_s=1.0, solar_w_m2=100.0)
RUNNER = Runner(mass_kg=70.0, bests=(BestEffort(10_000.0, 45 * 60.0),))


@cache
def asked(runner: Runner = RUNNER) -> tuple[Belief, RunRows]:
    way = api.course(None, DISTANCE_M)
    race = api.race_of(way, weather=WEATHER)
    belief = from_studies(runner, 1).thinned(BODIES, WORLDS * BODIES)
    setting = setting_of(belief, way_of(way, race.stations_m), race.air, 1)
    return belief, outcomes([NOBODYS.strategy(FINISH_S, belief)], setting)[0].rows


@pytest.mark.parametrize("muscle", MUSCLES)
def test_taken_together_the_draws_are_those_of_the_engines_prior(muscle: str) -> None:
    """Spreads are about 1, and 1.6 for triggers: four standard errors of 1,920 draws are 0.15 of a mean."""
    found = from_studies(RUNNER, 1).posterior.of[muscle]
    prior = found.layout.draw(20_000, np.random.default_rng(3))
    np.testing.assert_allclose(found.z.mean(axis=0), prior.mean(axis=0), atol=0.15)
    np.testing.assert_allclose(found.z.std(axis=0), prior.std(axis=0), rtol=0.12)


def test_the_mean_stays_and_the_range_is_of_the_studies_alone() -> None:
    belief, rows = asked()
    draws = WORLDS * BODIES
    plain = Muscles(
        {
            m: sequential.posterior(sequential.begin(factor_table(), runner_prior(RUNNER, m), draws, 7), [])
            for m in MUSCLES
        }
    )
    before = replace(belief, posterior=plain, crossed=False).chance(rows)
    after = belief.chance(rows)
    assert after.shape == (WORLDS,)
    error = np.hypot(before.std() / np.sqrt(before.size), after.std() / np.sqrt(after.size))
    assert after.mean() == pytest.approx(before.mean(), abs=4 * error)
    wide, narrow = Estimate.from_draws(before), Estimate.from_draws(after)
    assert narrow.high - narrow.low < 0.5 * (wide.high - wide.low)
    assert narrow.low < narrow.mean < narrow.high
    differ = belief.people_differ(rows)
    assert differ is not None
    assert differ[0] < narrow.low
    assert differ[1] > narrow.high


@pytest.mark.parametrize("history", [None, CrampHistory(5, 10)])
def test_a_race_to_come_and_the_same_race_run_agree_in_mean_and_range(history: CrampHistory | None) -> None:
    """Two ways to the same figures. As in the rows of a journal the race has triggers for each kind of muscle, and its
    bodies are others: two fifths are allowed for the mean, and as much of it for each limit."""
    runner = replace(RUNNER, history=history)
    belief, rows = asked(runner)
    race = Estimate.from_draws(belief.chance(rows))
    run = made_run(0, int(FINISH_S), DISTANCE_M / FINISH_S)
    ran = Estimate.from_draws(simulate(Question(run, None, runner, WEATHER, effort="race", draws=300)).hazard.chance)
    assert race.mean == pytest.approx(ran.mean, rel=0.4)
    assert race.low == pytest.approx(ran.low, abs=0.4 * ran.mean)
    assert race.high == pytest.approx(ran.high, abs=0.4 * ran.mean)


def test_each_kilometre_leads_to_the_whole_and_people_are_averaged_in_each() -> None:
    belief, rows = asked()
    by = belief.chance_by(rows, np.array([1.0, 2.0, rows.duration_h]))
    assert by.shape == (3, WORLDS)
    assert (np.diff(by, axis=0) >= 0).all()
    np.testing.assert_allclose(by[-1], belief.chance(rows), rtol=1e-5)


def test_fewer_bodies_are_the_same_worlds() -> None:
    """Half of the bodies in all worlds: each world's own numbers stay, and the mean within its error."""
    whole, rows = asked()
    few = whole.thinned(BODIES // 2, WORLDS * BODIES // 2)
    frailty = whole.posterior.of[MUSCLES[0]].frailty.reshape(WORLDS, -1)
    np.testing.assert_array_equal(few.posterior.of[MUSCLES[0]].frailty.reshape(WORLDS, -1), frailty[:, ::2])
    assert rows.draws == BODIES
