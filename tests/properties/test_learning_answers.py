"""Forecast, drivers, verdict, experiment, trial and track record against brute force, identities and simple rules."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from charley.inference import next_run, simulated_runners, streaming
from charley.inference.attribution import (
    CANNOT_TELL,
    LEANS,
    MOST_LIKELY,
    attribute_cramp,
    drivers,
    reference_levels,
    verdict,
)
from charley.inference.compress import compress
from charley.inference.design import FactorTable, Report, RunRows
from charley.inference.forecast import chance, estimate, forecast
from charley.inference.forecast_score import track_record
from charley.inference.posterior import Posterior
from charley.inference.prior import Features, sourced_runner_prior
from charley.inference.recurrence import later_log_likelihood, raised_log_hazard
from charley.inference.smc import fit
from charley.inference.trial import randomised_arms, trial_result, with_change

TABLE, PRIOR = simulated_runners.fixture_priors()
JOURNAL = simulated_runners.simulate_journal(np.random.default_rng(4), runs=40, races=6)
HARD = [r for r in JOURNAL.runs if r.hard]


def _belief(draws: int = 300, seed: int = 1) -> Posterior:
    return streaming.start(TABLE, PRIOR, draws=draws, seed=seed)


def test_chance_equals_a_plain_sum_over_bins() -> None:
    p, run = _belief(), HARD[0]
    for draw in range(5):
        rate = np.exp(p.level[draw] + run.covariates[0] @ p.sensitivities[draw]) * run.dt_h
        theta = p.frailty[draw]
        assert chance(p, run)[draw] == pytest.approx(1 - (1 + theta * rate.sum()) ** (-1 / theta), rel=1e-4)


def test_forecast_grows_with_time_ends_at_the_chance_and_is_the_integral_of_its_rate() -> None:
    p, run = _belief(), HARD[0]
    f = forecast(p, run, until_h=np.linspace(0.1, run.duration_h, 30))
    assert (np.diff(f.by_time, axis=1) >= 0).all()
    np.testing.assert_allclose(f.by_time[:, -1], f.chance, atol=1e-6)
    np.testing.assert_allclose(f.chance, chance(p, run), atol=1e-5)
    # -log survival is the integrated rate given none so far; the bin's own growth of H makes it a little low
    quiet = f.chance < 0.5
    np.testing.assert_allclose((f.rate_per_h @ run.dt_h)[quiet], -np.log1p(-f.chance)[quiet], rtol=0.05)


def test_an_estimate_takes_weights_into_account() -> None:
    p = _belief(draws=2000)
    tilted = replace(p, log_weights=np.where(p.level > np.median(p.level), 0.0, -40.0))
    assert estimate(tilted, p.level).mean == pytest.approx(p.level[p.level > np.median(p.level)].mean(), abs=1e-6)


def test_preventable_fractions_equal_removal_bin_by_bin() -> None:
    p, reference = _belief(draws=20), reference_levels(JOURNAL.runs)
    d = drivers(p, HARD, reference)

    def expected(members: list[int], draw: int) -> float:
        whole = less = 0.0
        for run in HARD:
            x = run.covariates[0].copy()
            whole += (np.exp(x @ p.sensitivities[draw]) * run.dt_h).sum()
            x[:, members] = np.minimum(x[:, members], reference[members])
            less += (np.exp(x @ p.sensitivities[draw]) * run.dt_h).sum()
        return float(1 - less / whole)

    fluid = [i for i, f in enumerate(TABLE.families) if f.startswith("fluid")]
    for draw in range(20):
        assert d.factor[draw, 0] == pytest.approx(expected([0], draw), abs=0.01)
        at = TABLE.family_names.index("fluid, salt and heat")
        assert d.family[draw, at] == pytest.approx(expected(fluid, draw), abs=0.01)
        assert d.unexplained[draw] == pytest.approx(1 - expected(list(range(12)), draw), abs=0.01)


def test_shares_overlap_but_removing_more_never_helps_less() -> None:
    d = drivers(_belief(), HARD)
    members = TABLE.family_members()
    for i in range(len(TABLE.family_names)):
        assert (d.family[:, [i]] >= d.factor[:, members[i]] - 1e-9).all()
    assert (d.joint[:, None] >= d.family - 1e-9).all()
    assert (d.factor.sum(axis=1) > d.joint).any()
    assert d.main_factor.sum() == pytest.approx(1)
    assert d.main_family.sum() + d.main_none == pytest.approx(1)


def test_a_sensitivity_to_what_is_never_met_drives_nothing() -> None:
    runs = []
    for r in HARD:
        x = r.covariates.copy()
        x[:, :, 3] = 0
        runs.append(replace(r, covariates=x))
    assert (drivers(_belief(), runs).factor[:, 3] == 0).all()


def test_one_cramp_shares_equal_the_integral_along_the_path() -> None:
    """Aumann and Shapley: int_0^1 a_k exp(s A) ds / (exp(A) - 1), by Simpson's rule."""
    from scipy.integrate import simpson

    p, x = _belief(draws=50), HARD[0].covariates[0, -1]
    got = attribute_cramp(p, x)
    s = np.linspace(0, 1, 2001)
    for draw in range(50):
        a = p.sensitivities[draw] * x
        path = simpson(a[:, None] * np.exp(s * a.sum()), x=s) / np.expm1(a.sum())
        np.testing.assert_allclose(got.share[draw], path, atol=1e-6)
        np.testing.assert_allclose(got.but_for[draw], 1 - np.exp(-a), atol=1e-12)
    np.testing.assert_allclose(got.share.sum(axis=1), 1)


def test_what_protected_is_listed_apart_and_gets_no_share() -> None:
    got = attribute_cramp(_belief(), np.zeros(12), reference=np.full(12, 0.5))
    assert (got.share == 0).all()
    assert (got.but_for == 0).all()
    assert (got.protective > 0).all()


@pytest.mark.parametrize(
    ("top", "cramps", "code", "mostly_studies", "ranked"),
    [
        (0.95, 0, CANNOT_TELL, True, False),
        (0.95, 2, MOST_LIKELY, True, True),
        (0.49, 8, CANNOT_TELL, False, True),
        (0.5, 3, LEANS, False, True),
        (0.79, 8, LEANS, False, True),
        (0.8, 8, MOST_LIKELY, False, True),
    ],
)
def test_what_may_be_said(top: float, cramps: int, code: str, mostly_studies: bool, ranked: bool) -> None:
    now = np.array([1 - top - 0.02, 0.02, top]) if top > 0.5 else np.array([0.3, 0.7 - top, top])
    said = verdict(("pace", "load", "fluid"), now, np.array([0.4, 0.3, 0.3]), cramps, runs=60)
    assert (said.code, said.mostly_studies, said.ranked) == (code, mostly_studies, ranked)
    first = ("fluid", pytest.approx(top), 0.3) if cramps else ("pace", pytest.approx(now[0]), 0.4)
    assert said.leading[0] == first  # without a cramp: in the order of the studies
    assert len(said.leading) == 2


def test_no_design_adds_a_stressor_or_risk_and_one_that_does_is_left_out() -> None:
    p, usual = _belief(), HARD[0]
    candidates = next_run.designs(usual, TABLE)
    worse = replace(usual, covariates=usual.covariates * 1.2)
    risky = replace(usual, log_h0=usual.log_h0 + 0.1)
    sneaky = usual.covariates.copy()
    sneaky[:, :, 2] *= 0.1
    sneaky[:, :5, 1] += 0.2  # far safer on the whole, and yet a burst of speed
    offered = next_run.propose(
        p,
        [
            *candidates,
            next_run.Design("worse", "", worse),
            next_run.Design("risky", "", risky),
            next_run.Design("sneaky", "", replace(usual, covariates=sneaky)),
        ],
    )
    keys = {o.design.key for o in offered}
    assert keys == {d.key for d in candidates}
    usual_risk = next(o.risk for o in offered if o.design.key == "")
    assert all(o.risk <= usual_risk for o in offered)
    assert [o.utility_bits for o in offered] == sorted((o.utility_bits for o in offered), reverse=True)


def test_information_equals_the_mutual_information_of_the_joint_table() -> None:
    rng = np.random.default_rng(2)
    outcomes = rng.dirichlet(np.ones(5), size=(3, 400)).astype(np.float32)
    answer, weights = rng.integers(0, 4, 400), rng.dirichlet(np.ones(400))
    got = next_run.expected_information_bits(outcomes, answer, weights)
    for d in range(3):
        joint = np.array([[(weights * (answer == z) * outcomes[d, :, y]).sum() for y in range(5)] for z in range(4)])
        product = joint.sum(1, keepdims=True) * joint.sum(0, keepdims=True)
        assert got[d] == pytest.approx((joint * np.log2(joint / product)).sum(), abs=1e-5)


def test_a_run_that_tells_nothing_has_no_information_and_a_perfect_one_all() -> None:
    answer, weights = np.array([0, 0, 1, 1]), np.full(4, 0.25)
    same = np.tile(np.float32([0.3, 0.7]), (4, 1))
    perfect = np.float32([[1, 0], [1, 0], [0, 1], [0, 1]])
    got = next_run.expected_information_bits(np.stack([same, perfect]), answer, weights)
    np.testing.assert_allclose(got, [0, 1], atol=1e-6)


def test_outcomes_of_a_run_sum_to_one_and_hold_the_chance() -> None:
    p = _belief()
    table = next_run.outcome_probabilities(p, HARD[0])
    np.testing.assert_allclose(table.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(1 - table[:, 0], chance(p, HARD[0]), atol=1e-4)


def test_a_run_beyond_all_bounds_is_certain_to_cramp_and_its_outcomes_stay_numbers() -> None:
    run = replace(HARD[0], log_h0=np.linspace(-5, 200, HARD[0].dt_h.size)[None])
    p = next_run.outcome_probabilities(_belief(), run)
    assert np.isfinite(p).all()
    np.testing.assert_allclose(p[:, 0], 0, atol=1e-4)
    np.testing.assert_allclose(p.sum(axis=1), 1, atol=1e-5)


def test_arms_are_balanced_in_blocks_of_four_and_follow_the_seed() -> None:
    arms = randomised_arms(22, seed=5)
    assert len(arms) == 22
    assert all(sum(arms[i : i + 4]) == 2 for i in range(0, 20, 4))
    assert arms == randomised_arms(22, seed=5)
    assert arms != randomised_arms(22, seed=6)


def _one_factor() -> tuple[FactorTable, Report]:
    one = np.ones(1)
    return FactorTable(("heat",), ("heat",), ("heat",), 0.1 * one, 0.1 * one, ("signed",)), Report.none()


def _even_run(hazard_per_h: float = 0.4) -> RunRows:
    bins = 30
    return RunRows(np.full(bins, 0.1), np.full((1, bins), np.log(hazard_per_h)), np.zeros((1, bins, 1)), hard=True)


def test_a_trial_finds_a_change_that_works_and_keeps_its_sign() -> None:
    """24 alike runs: a cramp in 9 of 12 without the change, in 1 of 12 with it."""
    table, none = _one_factor()
    run = _even_run()
    arms = randomised_arms(24, seed=1)
    off, on = iter([Report.exact(1.5)] * 9 + [none] * 3), iter([Report.exact(1.5)] + [none] * 11)
    reports = [next(on) if arm else next(off) for arm in arms]
    bigger, runs = with_change(table, [run] * 24, arms, "salt", "a pinch of salt")
    prior = sourced_runner_prior()
    p = fit([compress(r, q, bigger, prior) for r, q in zip(runs, reports, strict=True)], bigger, prior, draws=1000)
    found = trial_result(p, run, "salt")
    assert found.probability_lower > 0.97
    assert found.difference.mean() < -0.15
    np.testing.assert_allclose(found.difference, found.chance_on - found.chance_off)
    assert (np.sign(found.difference) == np.sign(found.log_ratio)).all()


def test_a_trial_without_outcomes_says_what_was_believed_before() -> None:
    table, _ = _one_factor()
    bigger, _ = with_change(table, [], [], "salt", "a pinch of salt", log_ratio_sd=0.5)
    found = trial_result(fit([], bigger, sourced_runner_prior(), draws=4000), _even_run(), "salt")
    assert found.log_ratio.std() == pytest.approx(0.5, abs=0.03)
    assert found.probability_lower == pytest.approx(0.5, abs=0.035)


def test_track_record_of_perfect_useless_and_base_rate_forecasts() -> None:
    cramped = np.array([True, False, False, True, False, False, False, True])
    assert track_record(cramped.astype(float), cramped).skill == 1
    assert track_record(1 - cramped.astype(float), cramped).skill < 0
    before = np.concatenate(([0], np.cumsum(cramped)[:-1]))
    base = (before + 1) / (np.arange(8) + 2)  # Laplace's rule of succession
    record = track_record(base, cramped)
    assert record.skill == pytest.approx(0)
    assert (record.runs, record.cramped) == (8, 3)
    assert track_record(np.full(3, 0.1), np.zeros(3, dtype=bool)).skill is None
    with pytest.raises(ValueError, match="probability"):
        track_record(np.array([1.2]), np.array([True]))


def _cramping_runs(gamma: float, count: int) -> tuple[Posterior, list[RunRows], list[Report]]:
    """Runs of one known runner in which each cramp raises the hazard by exp(gamma), fading over 1.5 h."""
    table, _ = _one_factor()
    p = streaming.start(table, sourced_runner_prior(), draws=40, seed=0)
    p = replace(p, z=np.tile(p.z[:1], (40, 1)))
    theta, level = p.frailty[0], p.level[0]
    rng = np.random.default_rng(3)
    run = RunRows(np.full(300, 0.01), np.full((1, 300), np.log(0.8) - level), np.zeros((1, 300, 1)))
    runs, reports = [], []
    for _ in range(count):
        u, last, times = rng.gamma(1 / theta, theta), -np.inf, []
        for t in np.arange(300) * 0.01 + 0.005:
            raised = gamma * np.exp(-(t - last) / 1.5) if times else 0.0
            if rng.random() < u * 0.8 * np.exp(raised) * 0.01:
                last = t
                times.append(float(t))
        if times:
            runs.append(run)
            reports.append(Report.exact(times[0], further_h=times[1:]))
    return p, runs, reports


@pytest.mark.parametrize("gamma", [0.3, 1.6])
def test_later_cramps_tell_how_much_a_cramp_raises_the_hazard(gamma: float) -> None:
    p, runs, reports = _cramping_runs(gamma, 250)
    assert sum(len(r.further_h) for r in reports) > 50
    draws = raised_log_hazard(p, runs, reports)
    assert abs(draws.mean() - gamma) < 3.5 * draws.std()
    assert draws.std() < 0.3


def test_without_an_exact_cramp_a_raised_hazard_is_what_studies_say() -> None:
    """P10 of the evidence tables: mean 0.9, SD 0.4."""
    p = _belief(draws=4000)
    draws = raised_log_hazard(p, [HARD[0]], [Report.none()])
    assert draws.mean() == pytest.approx(0.9, abs=0.03)
    assert draws.std() == pytest.approx(0.4, abs=0.03)


def test_frailty_given_the_first_cramp_equals_the_ratio_of_integrals() -> None:
    """The later part's likelihood for two values of gamma against a fine grid over the frailty."""
    from scipy.stats import gamma as gamma_distribution

    p, runs, reports = _cramping_runs(1.0, 60)
    run, report = next((r, q) for r, q in zip(runs, reports, strict=True) if len(q.further_h) >= 2)
    values = np.array([0.2, 1.4])
    got = later_log_likelihood(p, run, report, values, 1.5)[0]
    theta = p.frailty[0]
    cramps = np.array([report.at_h, *report.further_h])
    middle = np.cumsum(run.dt_h) - run.dt_h / 2
    after = middle > cramps[0]
    since = middle - cramps[np.maximum(np.searchsorted(cramps, middle) - 1, 0)]
    u = np.exp(np.linspace(-40, 6, 200_001))
    density = gamma_distribution.pdf(u, 1 / theta, scale=theta) * u**2  # one u for the first cramp, one for the grid
    expected = []
    for g in values:
        raised = np.exp(g * np.exp(-np.maximum(since, 0) / 1.5))
        total = 0.8 * run.dt_h[0] * ((~after).sum() + raised[after].sum())
        log_rates = sum(g * np.exp(-(b - a) / 1.5) for a, b in pairwise(cramps))
        integral = np.trapezoid(density * u ** len(report.further_h) * np.exp(-u * total), np.log(u))
        expected.append(log_rates + np.log(integral))
    assert got[1] - got[0] == pytest.approx(expected[1] - expected[0], abs=0.02)


def test_one_more_run_refuses_what_the_belief_has_no_place_for() -> None:
    p = _belief()
    silent = compress(HARD[0], Report.no_report(), TABLE, PRIOR)
    assert not streaming.covers(p, silent)
    with pytest.raises(ValueError, match="fresh fit"):
        streaming.one_more_run(p, silent, [])
    later = replace(compress(HARD[0], Report.none(), TABLE, PRIOR), time_y=1.0)
    assert streaming.covers(p, later)  # without a drift the level has no age
    assert not streaming.covers(streaming.start(TABLE, PRIOR, Features(drift_years=2), draws=10), later)


@pytest.mark.parametrize(
    "report",
    [
        lambda: Report.interval(2.0, 1.0),
        lambda: Report(Report.none().kind, at_h=1.0),
        lambda: Report.exact(1.0, further_h=[0.5]),
        lambda: replace(Report.twitch(), asked=False),
    ],
)
def test_impossible_reports_are_refused(report: object) -> None:
    with pytest.raises(ValueError, match=r"ordered|belongs|further|asked"):
        report()


def test_a_cramp_where_no_hazard_is_is_refused_with_the_run_named() -> None:
    run = replace(_even_run(), log_h0=np.full((1, 30), -np.inf), run_id="evening")
    table, _ = _one_factor()
    with pytest.raises(ValueError, match="evening"):
        compress(run, Report.exact(1.0), table, sourced_runner_prior())
