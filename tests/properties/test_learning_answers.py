"""Forecast, drivers, experiment, trial and track record against brute force, identities and simple rules."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from charley.inference import after_runs, next_run, sequential, simulated_runners
from charley.inference.attribution import (
    Shares,
    at_even_odds,
    attribute_cramp,
    own_reference,
    reference_run,
    trigger_evidence,
)
from charley.inference.compress import compress
from charley.inference.design import FactorTable, Report, RunRows
from charley.inference.forecast import chance, estimate, forecast
from charley.inference.forecast_score import track_record
from charley.inference.posterior import Posterior
from charley.inference.prior import sourced_runner_prior
from charley.inference.recurrence import later_log_likelihood, raised_log_hazard

TABLE, PRIOR = simulated_runners.fixture_priors()
JOURNAL = simulated_runners.simulate_journal(np.random.default_rng(4), runs=40, races=6)
HARD = [r for r in JOURNAL.runs if r.hard]
NOTHING = reference_run(TABLE)
# The same runs with stressors, for runners who have triggers and cramps of no known cause
TRIGGERED = simulated_runners.with_triggers(TABLE)
WITH_BACKGROUND = replace(PRIOR, background_log_rate=(-4.0, 1.0), background_easy=(-1.0, 1.0), trigger_log=(-1.0, 1.5))
STRESSED = [
    r
    for r in simulated_runners.simulate_journal(np.random.default_rng(4), runs=40, races=6, triggers=True).runs
    if r.hard
]


def _belief(draws: int = 300, seed: int = 1, *, triggered: bool = False) -> Posterior:
    table, prior = (TRIGGERED, WITH_BACKGROUND) if triggered else (TABLE, PRIOR)
    return sequential.posterior(sequential.begin(table, prior, draws, seed), [])


def _hazard(p: Posterior, run: RunRows, draw: int) -> np.ndarray:
    """Hazard of each bin of the run's first body under one draw, by its definition."""
    truth = p.values[draw]
    return simulated_runners.true_hazard(run, p.layout, truth, 0.0)


@pytest.mark.parametrize("triggered", [False, True])
def test_chance_equals_a_plain_sum_over_bins(triggered: bool) -> None:
    p, run = _belief(triggered=triggered), (STRESSED if triggered else HARD)[0]
    for draw in range(5):
        rate = _hazard(p, run, draw) * run.dt_h
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


@pytest.mark.parametrize("triggered", [False, True])
def test_preventable_fractions_equal_removal_bin_by_bin(triggered: bool) -> None:
    """Runs that would not cramp, by a plain sum over bins. Rows of a share are merged more than those of a likelihood:
    0.02 is allowed."""
    p, runs = _belief(draws=20, triggered=triggered), STRESSED if triggered else HARD
    table, reference = p.layout.table, own_reference(runs)
    d = Shares(p, runs).against(reference)

    def cramps(run: RunRows, draw: int) -> float:
        theta, total = p.frailty[draw], (_hazard(p, run, draw) * run.dt_h).sum()
        return float(1 - (1 + theta * total) ** (-1 / theta))

    def expected(factors: list[int], triggers: list[int], draw: int) -> float:
        whole = less = 0.0
        for run in runs:
            whole += cramps(run, draw)
            x, met = run.covariates.copy(), run.stressors.copy()
            x[:, :, factors] = np.minimum(x[:, :, factors], reference.factors[factors])
            met[:, :, triggers] = np.minimum(met[:, :, triggers], reference.met[triggers])
            less += cramps(replace(run, covariates=x, stressors=met), draw)
        return float(1 - less / whole)

    fluid = [i for i, f in enumerate(TABLE.families) if f.startswith("fluid")]
    warm = [i for i, f in enumerate(table.triggers.families) if f.startswith("fluid")]
    everything = list(range(len(table.triggers)))
    for draw in range(20):
        assert d.factor[draw, 0] == pytest.approx(expected([0], [], draw), abs=0.02)
        at = table.family_names.index("fluid, salt and heat")
        assert d.family[draw, at] == pytest.approx(expected(fluid, warm, draw), abs=0.02)
        assert d.none[draw] == pytest.approx(1 - expected(list(range(12)), everything, draw), abs=0.02)


def test_shares_overlap_but_removing_more_never_helps_less() -> None:
    d = Shares(_belief(), HARD).against(NOTHING)
    members = TABLE.family_members()
    for i in range(len(TABLE.family_names)):
        assert (d.family[:, [i]] >= d.factor[:, members[i]] - 1e-6).all()
    assert (d.joint[:, None] >= d.family - 1e-6).all()
    assert (d.factor.sum(axis=1) > d.joint).any()


def test_a_sensitivity_to_what_is_never_met_drives_nothing() -> None:
    runs = []
    for r in HARD:
        x = r.covariates.copy()
        x[:, :, 3] = 0
        runs.append(replace(r, covariates=x))
    assert (Shares(_belief(), runs).against(NOTHING).factor[:, 3] == 0).all()


def test_what_is_there_in_every_hard_run_has_no_share_against_the_runner_s_own() -> None:
    """The same high factor in all hard runs: nothing against their own quartile, much against the reference run."""
    runs = [replace(r, covariates=np.where(np.arange(12) == 4, 2.0, r.covariates)) for r in HARD]
    shares = Shares(_belief(), runs)
    assert (shares.against(own_reference(runs)).factor[:, 4] == 0).all()
    assert shares.against(NOTHING).factor[:, 4].mean() > 0.3


def test_what_would_have_cramped_anyhow_is_not_prevented_by_a_little_less() -> None:
    """A factor takes two thirds of the hazard. Where a cramp is rare that is two thirds of the cramps; where the rest
    alone makes it sure, next to none."""
    table, _ = _one_factor()
    prior = simulated_runners.without_background(sourced_runner_prior())
    p = sequential.posterior(sequential.begin(table, prior, 20), [])
    p.z[:, p.layout.sensitivity] = 10.0  # a sensitivity of 0.1 + 10 x 0.1
    for log_h0, least, most in ((-9.0, 0.66, 0.67), (60.0, 0.0, 0.001)):
        run = RunRows(np.ones(1), np.full((1, 1), log_h0), np.ones((1, 1, 1)), hard=True)
        found = Shares(p, [run]).against(reference_run(table)).factor[:, 0]
        assert (found >= least).all()
        assert (found <= most).all()


def test_how_far_and_how_long_is_the_hazard_beyond_half_way() -> None:
    """A hazard that grows with f^2, where cramps are rare: of what comes after half way, 1 - (1/2)^2 / f^2 would not
    have come."""
    table, _ = _one_factor()
    f = (np.arange(100) + 0.5) / 100
    late = 2 * np.log(np.maximum(f, 0.5) / 0.5)
    run = RunRows(np.full(100, 0.02), np.log(f**2)[None] - 12.0, np.zeros((1, 100, 1)), hard=True, lateness=late[None])
    p = sequential.posterior(
        sequential.begin(table, simulated_runners.without_background(sourced_runner_prior()), 10), []
    )
    expected = 1 - (np.minimum(f, 0.5) ** 2).sum() / (f**2).sum()
    np.testing.assert_allclose(Shares(p, [run]).against(reference_run(table)).length, expected, atol=0.03)


def test_evidence_for_a_trigger_is_the_odds_of_the_draws_over_those_of_the_prior() -> None:
    p = _belief(draws=20_000, triggered=True)
    np.testing.assert_allclose(trigger_evidence(p), 0.0, atol=0.06)  # the prior's own draws tell nothing
    values = p.values.copy()
    values[:, p.layout.index["trigger_heat"]] = 3.0
    sure = replace(p, z=p.layout.coordinates(values))
    found = dict(zip(p.layout.table.family_names, trigger_evidence(sure), strict=True))
    assert found["fluid, salt and heat"] > 8
    assert abs(found["pace"]) < 0.06


def test_at_even_odds_half_of_the_prior_has_a_trigger_of_the_family_and_the_rest_stays_in_proportion() -> None:
    p = _belief(draws=4000, triggered=True)
    weights, active = at_even_odds(p), p.values[:, p.layout.trigger] > np.log(2)
    for w, members in zip(weights, p.layout.table.family_triggers(), strict=True):
        assert w.sum() == pytest.approx(1)
        has = active[:, members].any(axis=1)
        if members.any():
            assert w[has].sum() == pytest.approx(0.5, abs=0.03)  # the share of active draws is known to four SEs
        assert np.ptp(w[has]) == pytest.approx(0, abs=1e-12) if has.any() else True
        assert np.ptp(w[~has]) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("triggered", [False, True])
def test_without_a_factor_or_a_trigger_so_many_moments_would_not_have_cramped(triggered: bool) -> None:
    """But for k: 1 - hazard without it over the hazard at that moment, from the definition of the hazard."""
    p, run = _belief(draws=30, triggered=triggered), (STRESSED if triggered else HARD)[0]
    at_h = 0.9 * run.duration_h
    at, got = run.at(at_h), attribute_cramp(p, run, at_h)
    for draw in range(30):
        whole = _hazard(p, run, draw)[at]
        for k in (0, 1, 4):
            x = run.covariates.copy()
            x[:, :, k] = 0.0
            left = _hazard(p, replace(run, covariates=x), draw)[at]
            assert got.but_for[draw, k] == pytest.approx(1 - left / whole, abs=1e-9)
        if triggered:
            met = run.stressors.copy()
            met[:, :, 1] = -20.0
            left = _hazard(p, replace(run, stressors=met), draw)[at]
            assert got.triggered[draw, 1] == pytest.approx(1 - left / whole, abs=1e-9)


def test_what_protected_is_listed_apart_and_takes_no_cramp_away() -> None:
    run = replace(HARD[0], covariates=np.full_like(HARD[0].covariates, -0.5))
    got = attribute_cramp(_belief(), run, 0.5)
    assert (got.but_for == 0).all()
    assert (got.protective > 0).all()


def test_cramps_after_runs_move_their_own_chance_and_nothing_else() -> None:
    """Seven of twelve runs that cramped only afterwards; the belief in runs is not even given."""
    p = _belief(draws=400)
    run = after_runs.AfterRun(np.log([0.02, 0.02]), np.zeros(12), (False, True, None))
    quiet = replace(run, answers=(False, False, None))
    before, after = after_runs.learn(p, []), after_runs.learn(p, [run] * 7 + [quiet] * 5)
    assert (after.cramped, after.asked) == ((0, 7, 0), (12, 12, 0))
    chances = [found.chance(p, run).mean(axis=0) for found in (before, after)]
    assert chances[0][1] < 0.1
    assert 0.3 < chances[1][1] < 0.75  # seven of twelve, drawn towards the little that was believed
    assert chances[1][0] < 0.15
    np.testing.assert_array_equal(p.z, _belief(draws=400).z)


def test_no_design_adds_a_stressor_or_risk_and_one_that_does_is_left_out() -> None:
    p, usual = _belief(), HARD[0]
    candidates = next_run.designs(usual, TABLE, NOTHING)
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
        NOTHING,
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


def _one_factor() -> tuple[FactorTable, Report]:
    one = np.ones(1)
    return FactorTable(("heat",), ("heat",), ("heat",), 0.1 * one, 0.1 * one, ("signed",)), Report.none()


def _even_run(hazard_per_h: float = 0.4) -> RunRows:
    bins = 30
    return RunRows(np.full(bins, 0.1), np.full((1, bins), np.log(hazard_per_h)), np.zeros((1, bins, 1)), hard=True)


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
    prior = simulated_runners.without_background(sourced_runner_prior())
    p = sequential.posterior(sequential.begin(table, prior, 40, 0), [])
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
