"""Calf and other muscles are independent of each other before any log: oracle, the multiplication of their chances."""

from __future__ import annotations

import numpy as np
import pytest

from charley.answers.history.belief import Muscles, seed_of
from charley.answers.history.plan import MUSCLES, factor_table, runner_prior
from charley.answers.history.studies import WORLDS, studies
from charley.inference import forecast, sequential
from charley.inference.design import RunRows
from charley.risk.draws import trigger_draws, trigger_log
from charley.vocabulary.runner import Runner

PRIORS = {m: runner_prior(Runner(), m) for m in MUSCLES}
PEOPLE = 24


def a_marathon(start: float = 0.0) -> RunRows:
    """Four hours at the hazard of studies; every stressor ``start`` SDs beyond its knee."""
    table, bins = factor_table(), 24
    knees = table.triggers
    met = np.broadcast_to(knees.knee_mean + start * knees.knee_sd, (1, bins, len(knees)))
    f = (np.arange(bins) + 0.5) / bins
    log_h0 = np.log(0.08 * f**2)[None]
    return RunRows(np.full(bins, 4 / bins), log_h0, np.zeros((1, bins, len(table))), hard=True, stressors=met)


def drawn(draws: int = 3000, seed: int = 1) -> Muscles:
    return Muscles(
        {
            m: sequential.posterior(sequential.begin(factor_table(), PRIORS[m], draws, seed_of(m, seed)), [])
            for m in MUSCLES
        }
    )


def test_no_seed_serves_two_muscles() -> None:
    seeds = [seed_of(m, seed) for seed in range(50) for m in MUSCLES]
    assert len(set(seeds)) == len(seeds)


@pytest.mark.parametrize("start", [-3.0, 3.0])
def test_the_chance_of_any_muscle_is_what_independent_ones_multiply_to(start: float) -> None:
    """Means over the prior: E[1 - (1 - calf)(1 - other)] = 1 - (1 - E calf)(1 - E other); four standard errors."""
    belief, run = drawn(), a_marathon(start)
    calf, other = (forecast.chance(belief.of[m], run) for m in MUSCLES)
    both = belief.chance(run)
    error = (calf * other).std() / np.sqrt(calf.size)
    assert both.mean() == pytest.approx(1 - (1 - calf.mean()) * (1 - other.mean()), abs=4 * error)
    assert abs(np.corrcoef(calf, other)[0, 1]) < 4 / np.sqrt(calf.size)


def test_from_studies_people_are_independent_and_the_worlds_the_same() -> None:
    found = studies(factor_table(), PRIORS, PEOPLE)
    calf, other = (found.of[m].layout.trigger for m in MUSCLES)
    a, b = found.of[MUSCLES[0]].z[:, calf], found.of[MUSCLES[1]].z[:, other]
    between = np.array([np.corrcoef(x, y)[0, 1] for x, y in zip(a.T, b.T, strict=True)])
    assert np.abs(between).max() < 4 / np.sqrt(len(a))
    layout = found.of[MUSCLES[0]].layout
    same = [p.z[:, layout.sensitivity].reshape(WORLDS, PEOPLE, -1) for p in found.of.values()]
    np.testing.assert_array_equal(same[0], same[1])
    assert (same[0] == same[0][:, :1]).all()


def test_as_many_people_have_a_tenfold_risk_in_some_muscle_as_the_table_says() -> None:
    """One in twenty beyond a knee (the table's own words: 4.7 in 100), of all cramps; four standard errors."""
    count = 60_000
    tenfold = [
        (trigger_draws(count, np.random.default_rng(seed), share) > np.log(10)).mean()
        for seed, share in enumerate((1.0, 0.6, 0.4))
    ]
    error = 4 * np.sqrt(0.05 / count)
    assert tenfold[0] == pytest.approx(0.047, abs=error)
    assert tenfold[1] + tenfold[2] == pytest.approx(tenfold[0], abs=1.5 * error)
    assert [PRIORS[m].trigger_log for m in MUSCLES] == [trigger_log(0.6), trigger_log(0.4)]
