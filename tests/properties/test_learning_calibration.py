"""Simulated runners: intervals hold the truth as often as they say, one by one equals all at once, studies rank at 0.

The long versions of these checks are in scripts/calibrate_learning.py, their figures in docs/calibration.md.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from charley.inference import simulated_runners, streaming
from charley.inference.attribution import CANNOT_TELL, drivers, verdict
from charley.inference.compress import compress
from charley.inference.design import Report, RunRows
from charley.inference.forecast import chance
from charley.inference.likelihood import Likelihood
from charley.inference.pooling import coarsened, pooled
from charley.inference.posterior import Posterior
from charley.inference.prior import Features, Layout
from charley.inference.smc import fit, sample
from learning_sets import DATA_SETS

RUNNERS, DRAWS, RANKS = 120, 300, 59


@cache
def _simulated() -> list[tuple[Posterior, Posterior, list[RunRows]]]:
    """Truth (as one draw), belief and hard runs of runners with 24 runs, prompts, twitches and silence."""
    table, prior = simulated_runners.sourced_priors()
    features = Features(report_asked=True, twitch=True)
    layout = Layout(table, prior, features)
    how = simulated_runners.Reporting(silent=True, asked=True)
    out = []
    for seed in range(RUNNERS):
        rng = np.random.default_rng([21, seed])
        journal = simulated_runners.simulate_journal(rng, runs=24, races=4, sourced=True)
        z = layout.draw(1, rng)
        reports = simulated_runners.simulate_reports(rng, journal, layout, layout.natural(z)[0], how)
        packed = [compress(r, p, table, prior) for r, p in zip(journal.runs, reports, strict=True)]
        truth = replace(streaming.start(table, prior, features, draws=1), z=z)
        out.append((truth, fit(packed, table, prior, DRAWS, seed), [r for r in journal.runs if r.hard]))
    return out


def _ranked(narrowed: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Ranks of the truth among draws, (runners, quantities), and whether the 90 % interval held it.

    ``narrowed``: draws drawn together about their mean, as by an engine that is too sure of itself.
    """
    ranks, inside = [], []
    rng = np.random.default_rng(2)
    for truth, belief, hard in _simulated():
        centre = belief.z.mean(axis=0)
        tight = replace(belief, z=centre + narrowed * (belief.z - centre))
        mine, true = (
            np.column_stack([p.z[:, :14], drivers(p, hard).joint, chance(p, hard[0])]) for p in (tight, truth)
        )
        few = mine[rng.permutation(DRAWS)[:RANKS]]
        ranks.append((few < true).sum(axis=0))
        inside.append((np.quantile(mine, 0.05, axis=0) <= true[0]) & (true[0] <= np.quantile(mine, 0.95, axis=0)))
    return np.array(ranks), np.array(inside)


def _uniform(ranks: np.ndarray) -> float:
    """Smallest p of the chi-square tests of uniform ranks, in ten cells, over the quantities."""
    from scipy.stats import chisquare

    cells = ranks * 10 // (RANKS + 1)
    return min(float(chisquare(np.bincount(c, minlength=10)).pvalue) for c in cells.T)


def test_the_truth_ranks_uniformly_and_intervals_hold_it_as_often_as_they_say() -> None:
    ranks, inside = _ranked()
    assert _uniform(ranks) > 0.05 / ranks.shape[1]
    assert 0.87 <= inside.mean() <= 0.93
    assert inside.mean(axis=0).min() > 0.90 - 4 * np.sqrt(0.9 * 0.1 / RUNNERS)


def test_an_engine_that_is_too_sure_fails_the_same_check() -> None:
    ranks, inside = _ranked(narrowed=0.7)
    assert _uniform(ranks) < 0.05 / ranks.shape[1]
    assert inside.mean() < 0.87


@pytest.mark.parametrize("name", ["four", "six_again"])
def test_runs_one_by_one_give_the_belief_of_all_at_once_in_any_order(name: str) -> None:
    """Bar of the design: means within 0.15 SD after all single updates, and between two orders."""
    data = DATA_SETS[name]()
    packed = [compress(r, p, data.table, data.prior) for r, p in zip(data.runs, data.reports, strict=True)]
    refit = fit(packed, data.table, data.prior, 4000, seed=3)
    shifts = []
    for order in range(2):
        runs = [packed[i] for i in np.random.default_rng(order).permutation(len(packed))]
        p = streaming.start(data.table, data.prior, draws=2000, seed=order)
        for i, run in enumerate(runs):
            p = streaming.one_more_run(p, run, runs[:i], seed=i).posterior
        shifts.append((p.weights @ p.z - refit.z.mean(axis=0)) / refit.z.std(axis=0))
        assert np.abs(shifts[-1]).max() <= 0.15
        assert (p.runs, p.cramps) == (refit.runs, refit.cramps)
        assert p.log_evidence == pytest.approx(refit.log_evidence, abs=0.5)
    assert np.abs(shifts[0] - shifts[1]).max() <= 0.15


def test_without_a_cramp_the_order_is_that_of_the_studies_and_no_driver_is_named() -> None:
    table, prior = simulated_runners.sourced_priors()
    journal = simulated_runners.simulate_journal(np.random.default_rng(8), runs=60, races=5, sourced=True)
    packed = [compress(r, Report.none(), table, prior) for r in journal.runs]
    hard = [r for r in journal.runs if r.hard]
    belief, studies = fit(packed, table, prior, 4000), streaming.start(table, prior, draws=4000)
    now, before = drivers(belief, hard), drivers(studies, hard)
    a, b = now.factor.mean(axis=0), before.factor.mean(axis=0)
    apart = np.abs(np.subtract.outer(b, b)) > 0.03  # shares that the studies tell apart at all
    assert apart.sum() > 20
    assert (np.sign(np.subtract.outer(a, a)) == np.sign(np.subtract.outer(b, b)))[apart].all()
    assert belief.prior_share() > 0.95
    said = verdict(table.family_names, now.main_family, before.main_family, belief.cramps, belief.runs)
    assert (said.code, said.ranked, said.mostly_studies) == (CANNOT_TELL, False, True)


def test_a_stand_in_that_misleads_is_given_up() -> None:
    """A log with a very steep sensitivity, on which the coarse rows alone would be 160 nats too hopeful."""
    table, prior = simulated_runners.fixture_priors()
    rng = np.random.default_rng([7, 249])
    journal = simulated_runners.simulate_journal(rng, 40, 4)
    layout = Layout(table, prior, Features())
    truth = layout.natural(layout.draw(1, rng))[0]
    reports = simulated_runners.simulate_reports(rng, journal, layout, truth)
    packed = [compress(r, p, table, prior) for r, p in zip(journal.runs, reports, strict=True)]
    fine, coarse = (Likelihood(rows(packed, layout, 0.0), layout, 0.0) for rows in (pooled, coarsened))
    hopeful, *_ = sample([coarse], layout, 500, np.random.default_rng(1))
    assert np.median(coarse.value(hopeful) - fine.value(hopeful)) > 50
    z, evidence, _ = sample([coarse, fine], layout, 500, np.random.default_rng(1))
    plain, expected, _ = sample([fine], layout, 2000, np.random.default_rng(2))
    assert evidence == pytest.approx(expected, abs=1.0)
    assert np.abs((z.mean(axis=0) - plain.mean(axis=0)) / plain.std(axis=0)).max() < 0.4


def test_a_log_that_nothing_can_explain_is_refused() -> None:
    table, prior = simulated_runners.fixture_priors()
    run = simulated_runners.simulate_journal(np.random.default_rng(1), 8, 1).runs[0]
    impossible = replace(run, log_h0=np.full_like(run.log_h0, -800.0))
    with pytest.raises(ValueError, match="contradicts"):
        fit([compress(impossible, Report.interval(), table, prior)], table, prior, 50)


def test_no_runs_at_all_give_back_the_prior() -> None:
    table, prior = simulated_runners.sourced_priors()
    belief = fit([], table, prior, 4000)
    assert belief.prior_share() == pytest.approx(1.0, abs=0.03)
    np.testing.assert_allclose(belief.class_probability(), prior.class_probability, atol=0.03)
    np.testing.assert_allclose(belief.sensitivities.mean(axis=0), table.prior_mean, atol=4 * table.prior_sd.max() / 60)
    assert belief.log_evidence == 0


def test_history_moves_the_class_by_bayes() -> None:
    """Against a sum over a fine grid of levels; more cramps told, more likely prone."""
    _, prior = simulated_runners.sourced_priors()
    log_h = -2.839  # cumulative hazard of a marathon, average runner of the class that is not prone
    level = np.linspace(-8, 12, 4001)
    theta = np.exp(prior.frailty_log_mean)
    p = 1 - (1 + theta * np.exp(log_h + level)) ** (-1 / theta)
    joint = [
        q * np.trapezoid(p**2 * (1 - p) ** 3 * np.exp(-0.5 * ((level - m) / s) ** 2) / s, level)
        for q, m, s in zip(prior.class_probability, prior.class_mean, prior.class_sd, strict=True)
    ]
    got = prior.with_history(2, 5, log_h).class_probability
    np.testing.assert_allclose(got, np.array(joint) / sum(joint), atol=1e-3)
    prone = [prior.with_history(c, 5, log_h).class_probability[1] for c in range(6)]
    assert (np.diff(prone) > 0).all()
    assert prone[0] < prior.class_probability[1] < prone[2]
    with pytest.raises(ValueError, match="cannot be"):
        prior.with_history(6, 5, log_h)


def test_old_runs_tell_less_about_the_calf_of_today() -> None:
    """Five cramps in ten races: their runner's level of today is less sure when that was five years ago.

    The random walk of 0.3 a year adds 0.3 x sqrt(5) = 0.67 to the spread, in quadrature.
    """
    table, prior = simulated_runners.sourced_priors()
    journal = simulated_runners.simulate_journal(np.random.default_rng(9), runs=24, races=10, sourced=True)
    races = [r for r in journal.runs if r.hard]
    beliefs = {}
    for when in (5.0, 0.0):
        runs = [*(replace(r, time_y=when) for r in races), replace(races[0], time_y=5.0)]
        told = [Report.interval() if i % 2 else Report.none() for i in range(10)]
        packed = [compress(r, p, table, prior) for r, p in zip(runs, [*told, Report.no_report()], strict=True)]
        beliefs[when] = fit(packed, table, prior, 4000).level
    recent, old = beliefs[5.0], beliefs[0.0]
    assert recent.mean() > prior.level_mean + 0.5
    assert old.std() == pytest.approx(np.hypot(recent.std(), 0.3 * np.sqrt(5)), rel=0.15)
