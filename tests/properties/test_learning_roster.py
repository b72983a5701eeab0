"""A learnt population as plain numbers: what becomes of it as a prior, and what is said when the extra is missing."""

from __future__ import annotations

import itertools
import json
import sys
from dataclasses import asdict, replace

import numpy as np
import pytest
from scipy.stats import norm

from charley.evidence import parameters
from charley.inference import simulated_runners
from charley.inference.compress import compress
from charley.inference.design import Report, ReportKind
from charley.inference.likelihood import Likelihood
from charley.inference.population import (
    SPREAD_LOG_SD,
    Population,
    joint_rows,
    learn_population,
    minus_log_density,
    numpy_arrays,
)
from charley.inference.prior import Features, Layout
from charley.inference.sequential import grouped
from charley.vocabulary.errors import UsageError


def _population(keys: tuple[str, ...]) -> Population:
    n = len(keys)
    return Population(keys, tuple(np.linspace(-1.0, 0.5, n)), tuple(np.linspace(0.2, 0.9, n)), 0.4, 0.3, 50, 366, 1.01)


@pytest.mark.parametrize("priors", [simulated_runners.fixture_priors, simulated_runners.sourced_priors])
def test_new_runners_are_drawn_with_the_population_s_centre_and_spread(priors) -> None:
    table, prior = priors()
    population = _population(table.keys)
    layout = Layout(population.table(table), population.prior(prior), Features())
    values = layout.natural(layout.draw(40_000, np.random.default_rng(1)))[:, layout.sensitivity]
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


def test_the_joint_density_is_that_of_each_runner_s_own_engine_and_of_the_prior_above_them() -> None:
    """Two ways to one number: the joint model in NumPy, and the engine's likelihood with SciPy's densities.

    Both leave out constants, so that differences between points are compared. A twitch counts as no cramp here.
    """
    table, prior = simulated_runners.sourced_priors()
    prior = simulated_runners.without_background(prior)
    layout = Layout(table, prior, Features(report_unasked=True))
    rng = np.random.default_rng(5)
    reports = [
        Report.none(), Report.exact(0.4), Report.interval(0.2, 0.5), Report.no_report(), Report.twitch(), Report.none(),
    ]  # fmt: skip
    runners = []
    for _ in range(2):
        journal = simulated_runners.simulate_journal(rng, runs=6, races=2, sourced=True)
        runners.append([compress(r, p, table, prior) for r, p in zip(journal.runs, reports, strict=True)])
    density = minus_log_density(joint_rows(runners, layout), layout, numpy_arrays())

    def point() -> dict[str, np.ndarray]:
        k, n = layout.active.size, len(runners)
        centre, scale = layout.centre_and_scale(layout.sensitivity)
        return {
            "m": centre + scale * rng.standard_normal(k),
            "log_tau": np.log(scale) + 0.3 * rng.standard_normal(k),
            "eta": rng.standard_normal((n, k)),
            "m_level": np.asarray(0.3 * rng.standard_normal()),
            "own": prior.level_mean + prior.level_sd * rng.standard_normal(n),
            "log_theta": prior.frailty_log_mean + prior.frailty_log_sd * rng.standard_normal(n),
        }

    def expected(at: dict[str, np.ndarray]) -> float:
        half = 1 / np.sqrt(2)
        centre, scale = layout.centre_and_scale(layout.sensitivity)
        total = norm.logpdf(at["m"], centre, half * scale).sum()
        total += norm.logpdf(at["log_tau"], np.log(half * scale), SPREAD_LOG_SD).sum() + norm.logpdf(at["eta"]).sum()
        total += norm.logpdf(at["m_level"], 0.0, half * prior.level_sd)
        total += norm.logpdf(at["log_theta"], prior.frailty_log_mean, prior.frailty_log_sd).sum()
        for level in at["own"]:
            of_class = norm.pdf(level, prior.class_mean, half * prior.class_sd)
            total += np.log(prior.class_probability @ of_class)
        rates = [parameters("learning")[f"report_given_{what}_unasked"].value for what in ("cramp", "none")]
        for i, runs in enumerate(runners):
            told = [
                replace(r, kind=ReportKind.NONE) if r.kind is ReportKind.TWITCH else r for r in grouped(runs, table)
            ]
            engine = Likelihood(told, layout, 0.0, dtype=np.float64)
            raw = at["m"] + np.exp(at["log_tau"]) * at["eta"][i]
            beta = np.where(table.positive[layout.active], np.exp(raw), raw)
            level, theta = at["m_level"] + at["own"][i], np.exp(at["log_theta"][i])
            values = layout.natural(np.zeros((1, layout.dimension)))
            values[0, layout.index["level"]], values[0, layout.index["frailty"]] = level, theta
            values[0, layout.sensitivity], values[0, layout.trigger] = beta, 0.0
            for what, rate in zip(("cramp", "none"), rates, strict=True):
                values[0, layout.index[f"report_given_{what}_unasked"]] = rate
            total += engine.value_of(values)[0]
        return float(total)

    points = [point() for _ in range(5)]
    for one, other in itertools.pairwise(points):
        assert density(other) - density(one) == pytest.approx(expected(one) - expected(other), rel=1e-4, abs=1e-4)
