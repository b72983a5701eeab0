"""A learnt population as plain numbers: what becomes of it as a prior, and what is said when the extra is missing."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import numpy as np
import pytest

from charley.inference import simulated_runners
from charley.inference.compress import compress
from charley.inference.design import Report
from charley.inference.population import Population, learn_population
from charley.inference.prior import Features, Layout
from charley.vocabulary.errors import UsageError


def _population(keys: tuple[str, ...]) -> Population:
    n = len(keys)
    return Population(keys, tuple(np.linspace(-1.0, 0.5, n)), tuple(np.linspace(0.2, 0.9, n)), 0.4, 0.3, 50, 366, 1.01)


@pytest.mark.parametrize("priors", [simulated_runners.fixture_priors, simulated_runners.sourced_priors])
def test_new_runners_are_drawn_with_the_population_s_centre_and_spread(priors) -> None:
    table, prior = priors()
    population = _population(table.keys)
    layout = Layout(population.table(table), population.prior(prior), Features())
    values = layout.natural(layout.draw(40_000, np.random.default_rng(1)))[:, 1 : 1 + len(table)]
    values[:, table.positive] = np.log(values[:, table.positive])
    np.testing.assert_allclose(values.mean(axis=0), population.centre, atol=0.02)
    np.testing.assert_allclose(values.std(axis=0), population.spread, rtol=0.03)


def test_the_level_of_the_classes_moves_together() -> None:
    table, prior = simulated_runners.sourced_priors()
    moved = _population(table.keys).prior(prior)
    np.testing.assert_allclose(moved.class_mean - prior.class_mean, 0.4)
    np.testing.assert_allclose(moved.class_probability, prior.class_probability)
    assert (moved.class_sd < np.hypot(prior.class_sd, 0.3)).all()


def test_a_population_survives_json_and_refuses_other_factors() -> None:
    table, _ = simulated_runners.sourced_priors()
    other, _ = simulated_runners.fixture_priors()
    population = _population(table.keys)
    again = json.loads(json.dumps(asdict(population)))
    assert Population(**{k: tuple(v) if isinstance(v, list) else v for k, v in again.items()}) == population
    with pytest.raises(ValueError, match="other factors"):
        population.table(other)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jax", None)
    table, prior = simulated_runners.fixture_priors()
    run = simulated_runners.simulate_journal(np.random.default_rng(1), runs=3, races=1).runs[0]
    with pytest.raises(UsageError, match=r"roster-extra.*pip install"):
        learn_population([[compress(run, Report.none(), table, prior)]], table, prior)
