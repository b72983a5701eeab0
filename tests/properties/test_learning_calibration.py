"""Simulated runners: intervals hold the truth as often as they say, one by one equals all at once, studies rank at 0.

The long versions of these checks are in scripts/calibrate_learning.py, their figures in docs/calibration.md.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charley.answers.history.cache import pack_states, readable_states
from charley.inference import sequential, simulated_runners
from charley.inference.attribution import Shares, reference_run
from charley.inference.compress import compress
from charley.inference.design import Report, RunRows
from charley.inference.forecast import chance
from charley.inference.posterior import Posterior
from charley.inference.prior import Features, Layout
from charley.inference.sequential import fit

RUNNERS = (50, 120)  # the second are left to `make test-long`
DRAWS, RANKS = 300, 59
UNKNOWNS = (
    22  # level, background of hard and of other runs, twelve sensitivities, three triggers with their knees, theta
)


def _joint(p: Posterior, hard: list[RunRows]) -> np.ndarray:
    return Shares(p, hard).against(reference_run(p.layout.table)).joint


@cache
def _simulated(runners: int) -> list[tuple[Posterior, Posterior, list[RunRows]]]:
    """Truth (as one draw), belief and hard runs of runners with 24 runs, triggers, prompts, twitches and silence."""
    table, prior = simulated_runners.sourced_priors()
    table = simulated_runners.with_triggers(table)
    features = Features(report_asked=True, twitch=True)
    layout = Layout(table, prior, features)
    how = simulated_runners.Reporting(silent=True, asked=True)
    out = []
    for seed in range(runners):
        rng = np.random.default_rng([21, seed])
        journal = simulated_runners.simulate_journal(rng, runs=24, races=4, sourced=True, triggers=True)
        z = layout.draw(1, rng)
        reports = simulated_runners.simulate_reports(rng, journal, layout, layout.natural(z)[0], how)
        packed = [compress(r, p, table, prior) for r, p in zip(journal.runs, reports, strict=True)]
        belief = fit(packed, table, prior, DRAWS, seed)
        truth = replace(belief, layout=layout, z=z, log_weights=np.zeros(1))
        out.append((truth, belief, [r for r in journal.runs if r.hard]))
    return out


def _ranked(runners: int, narrowed: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Ranks of the truth among draws, (runners, quantities), and whether the 90 % interval held it.

    ``narrowed``: draws drawn together about their mean, as by an engine that is too sure of itself.
    """
    ranks, inside = [], []
    rng = np.random.default_rng(2)
    for truth, belief, hard in _simulated(runners):
        centre = belief.z.mean(axis=0)
        tight = replace(belief, z=centre + narrowed * (belief.z - centre))
        mine, true = (np.column_stack([p.z[:, :UNKNOWNS], _joint(p, hard), chance(p, hard[0])]) for p in (tight, truth))
        few = mine[rng.permutation(DRAWS)[:RANKS]]
        ranks.append((few < true).sum(axis=0))
        inside.append((np.quantile(mine, 0.05, axis=0) <= true[0]) & (true[0] <= np.quantile(mine, 0.95, axis=0)))
    return np.array(ranks), np.array(inside)


def _uniform(ranks: np.ndarray) -> float:
    """Smallest p of the chi-square tests of uniform ranks, in ten cells, over the quantities."""
    from scipy.stats import chisquare

    cells = ranks * 10 // (RANKS + 1)
    return min(float(chisquare(np.bincount(c, minlength=10)).pvalue) for c in cells.T)


def _noise(runners: int) -> float:
    """How far the share of intervals that hold the truth may lie from 0.90 over all quantities."""
    return float(0.03 * np.sqrt(120 / runners))


@pytest.mark.parametrize("runners", RUNNERS)
def test_the_truth_ranks_uniformly_and_intervals_hold_it_as_often_as_they_say(runners: int) -> None:
    ranks, inside = _ranked(runners)
    assert _uniform(ranks) > 0.05 / ranks.shape[1]
    assert inside.mean() == pytest.approx(0.90, abs=_noise(runners))
    assert inside.mean(axis=0).min() > 0.90 - 4 * np.sqrt(0.9 * 0.1 / runners)


@pytest.mark.parametrize("runners", RUNNERS)
def test_an_engine_that_is_too_sure_fails_the_same_check(runners: int) -> None:
    ranks, inside = _ranked(runners, narrowed=0.7)
    assert _uniform(ranks) < 0.05 / ranks.shape[1]
    assert inside.mean() < 0.90 - _noise(runners)


def _packed(seed: int, runs: int, races: int) -> tuple:
    """Table, prior and compressed runs of a runner with triggers, half of the runs in silence."""
    table, prior = simulated_runners.sourced_priors()
    table = simulated_runners.with_triggers(table)
    rng = np.random.default_rng([22, seed])
    journal = simulated_runners.simulate_journal(rng, runs=runs, races=races, years=2.0, sourced=True, triggers=True)
    layout = Layout(table, prior, Features(drift_years=2, report_unasked=True))
    truth = layout.natural(layout.draw(1, rng))[0]
    truth[0] += 2.0
    how = simulated_runners.Reporting(silent=True)
    reports = simulated_runners.simulate_reports(rng, journal, layout, truth, how)
    return table, prior, [compress(r, p, table, prior) for r, p in zip(journal.runs, reports, strict=True)]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_way_through_a_log_is_the_same_wherever_it_is_taken_up_again(seed: int) -> None:
    """To the last digit: shorter logs first, each taken up from states that were kept of those before it."""
    table, prior, runs = _packed(seed, 60, 8)
    start = sequential.begin(table, prior, 200, 1)
    kept: dict[int, bytes] = {}
    for count in (20, 45, len(runs)):
        state = start
        for stop in sequential.waypoints(count):
            if stop not in kept:
                kept[stop] = pack_states(sequential.absorb(state, runs, stop))
            taken_up = readable_states(kept[stop], start)
            assert taken_up is not None
            state = taken_up
        believed, anew = sequential.posterior(state, runs), fit(runs[:count], table, prior, 200, 1)
        np.testing.assert_array_equal(believed.z, anew.z)
        assert believed.log_evidence == anew.log_evidence
        assert believed.runs == anew.runs == count
    assert set(kept) == {16, 20, 32, 45, 48, 60}


@given(st.integers(1, 5000))
def test_the_way_to_a_longer_log_is_short_and_shares_its_stops(count: int) -> None:
    stops = sequential.waypoints(count)
    assert stops == sorted(set(stops))
    assert stops[-1] == count
    assert len(stops) <= count.bit_length()
    longer = sequential.waypoints(count + 1)
    assert longer[:-1] == stops[: len(longer) - 1]
    for stop in stops[:-1]:
        assert stop % sequential.LEAST_TOGETHER == 0
        assert sequential.waypoints(stop) == stops[: stops.index(stop) + 1]


def test_two_walks_of_other_seeds_agree_within_their_noise() -> None:
    """Bar of the design: means within 0.15 SD of each other, for 4,000 draws."""
    table, prior, runs = _packed(3, 80, 10)
    one, other = (fit(runs, table, prior, 4000, seed) for seed in (1, 2))
    sd = (one.z.std(axis=0) + other.z.std(axis=0)) / 2
    assert (np.abs(one.z.mean(axis=0) - other.z.mean(axis=0)) / sd).max() <= 0.15
    assert one.log_evidence == pytest.approx(other.log_evidence, abs=0.5)


def test_without_a_cramp_the_order_is_that_of_the_studies() -> None:
    table, prior = simulated_runners.sourced_priors()
    journal = simulated_runners.simulate_journal(np.random.default_rng(8), runs=60, races=5, sourced=True)
    packed = [compress(r, Report.none(), table, prior) for r in journal.runs]
    hard = [r for r in journal.runs if r.hard]
    belief, studies = fit(packed, table, prior, 4000), fit([], table, prior, 4000)
    now, before = (Shares(p, hard).against(reference_run(table)) for p in (belief, studies))
    a, b = now.factor.mean(axis=0), before.factor.mean(axis=0)
    apart = np.abs(np.subtract.outer(b, b)) > 0.03  # shares that the studies tell apart at all
    assert apart.sum() > 20
    assert (np.sign(np.subtract.outer(a, a)) == np.sign(np.subtract.outer(b, b)))[apart].all()
    assert belief.prior_share() > 0.95


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
