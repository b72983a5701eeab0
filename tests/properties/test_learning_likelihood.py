"""The likelihood against numerical integration over the frailty, against the rules of probability, and its gradient."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from charley.inference import simulated_runners
from charley.inference.compress import MERGE_TOLERANCE, CompressedRun, compress, features_of
from charley.inference.design import Report, ReportKind, RunRows
from charley.inference.likelihood import Likelihood
from charley.inference.pooling import pooled
from charley.inference.prior import Features, Layout

TABLE, PRIOR = simulated_runners.fixture_priors()
RNG = np.random.default_rng(7)
EVERYTHING = Features(report_asked=True, report_unasked=True, twitch=True, after=True, night=True)


def _run(draws: int = 1, bins: int = 40, time_y: float = 0.0, seed: int = 1) -> RunRows:
    rng = np.random.default_rng(seed)
    x = rng.uniform(0, 1, (draws, bins, len(TABLE)))
    return RunRows(
        dt_h=np.full(bins, 0.05),
        log_h0=rng.normal(4.0, 0.3, (draws, bins)),
        covariates=x,
        time_y=time_y,
        after_log_h0=np.array([3.0, 3.5]),
    )


def _likelihood(runs: list[RunRows], reports: list[Report], **features: bool) -> Likelihood:
    packed = [compress(r, p, TABLE, PRIOR, tolerance=0) for r, p in zip(runs, reports, strict=True)]
    layout = Layout(TABLE, PRIOR, replace(features_of(packed, PRIOR), **features))
    return Likelihood(packed, layout, max(r.time_y for r in runs), dtype=np.float64)


def _pieces(run: RunRows, values: np.ndarray, layout: Layout, until_h: float) -> tuple[float, float, float]:
    """Cumulative hazard and that of twitches up to a time, and the hazard at it, by a plain sum for one draw."""
    beta, level = values[1:13], values[0]
    edges = np.concatenate(([0], np.cumsum(run.dt_h)))
    held = np.clip(edges[1:], 0, until_h) - np.clip(edges[:-1], 0, until_h)
    linear = run.covariates[0] @ beta
    base = np.exp(run.log_h0[0] + level)
    shared = values[layout.index["twitch_shared"]] if "twitch_shared" in layout.index else 1.0
    at = run.at(until_h)
    return (
        float(base * np.exp(linear) @ held),
        float(base * np.exp(shared * linear) @ held),
        float(base[at] * np.exp(linear[at])),
    )


def _over_frailty(function, theta: float) -> float:
    """Mean of a function of the frailty, by a fine grid of its quantiles in log frailty."""
    from scipy.stats import gamma

    u = np.exp(np.linspace(-60, 6, 400_001))
    density = gamma.pdf(u, 1 / theta, scale=theta) * u
    return float(np.trapezoid(function(u) * density, np.log(u)))


@pytest.mark.parametrize("kind", list(ReportKind))
def test_each_kind_equals_numerical_integration_over_the_frailty(kind: ReportKind) -> None:
    run = _run()
    end = run.duration_h
    report = {
        ReportKind.EXACT: Report.exact(1.23),
        ReportKind.INTERVAL: Report.interval(0.4, 1.1),
        ReportKind.NONE: Report.none(asked=True),
        ReportKind.TWITCH: Report.twitch(),
        ReportKind.NO_REPORT: Report.no_report(),
    }[kind]
    likelihood = _likelihood([run], [report])
    layout = likelihood.layout
    z = layout.draw(6, np.random.default_rng(3))
    got = likelihood.value(z)
    for values, value in zip(layout.natural(z), got, strict=True):
        theta = values[layout.index["frailty"]]
        h, h_twitch, _ = _pieces(run, values, layout, end)
        if kind is ReportKind.EXACT:
            h_t, _, rate = _pieces(run, values, layout, 1.23)
            expected = _over_frailty(lambda u, h=h_t, r=rate: u * r * np.exp(-u * h), theta)
        elif kind is ReportKind.INTERVAL:
            a, b = _pieces(run, values, layout, 0.4)[0], _pieces(run, values, layout, 1.1)[0]
            expected = _over_frailty(lambda u, a=a, b=b: np.exp(-u * a) - np.exp(-u * b), theta)
        elif kind is ReportKind.NO_REPORT:
            r1 = values[layout.index["report_given_cramp_unasked"]]
            r0 = values[layout.index["report_given_none_unasked"]]
            expected = _over_frailty(
                lambda u, h=h, r1=r1, r0=r0: (1 - r1) * -np.expm1(-u * h) + (1 - r0) * np.exp(-u * h), theta
            )
        else:
            more = values[layout.index["twitch_excess"]] * h_twitch
            if kind is ReportKind.NONE:
                expected = _over_frailty(lambda u, h=h, m=more: np.exp(-u * (h + m)), theta)
            else:
                expected = _over_frailty(lambda u, h=h, m=more: np.exp(-u * h) * -np.expm1(-u * m), theta)
        assert value == pytest.approx(np.log(expected), abs=2e-4)


def test_answers_to_one_prompt_have_probabilities_that_sum_to_one() -> None:
    run = _run()
    quarters = np.linspace(0, run.duration_h, 5)
    reports = [Report.interval(a, b, asked=True) for a, b in pairwise(quarters)]
    reports += [Report.none(asked=True), Report.twitch()]
    layout = Layout(TABLE, PRIOR, Features(twitch=True))
    z = layout.draw(50, RNG)
    packed = [compress(run, p, TABLE, PRIOR, tolerance=0) for p in reports]
    total = sum(np.exp(Likelihood([p], layout, 0.0, dtype=np.float64).value(z)) for p in packed)
    np.testing.assert_allclose(total, 1.0, atol=1e-9)


def test_body_state_draws_are_averaged_as_likelihoods() -> None:
    run = _run(draws=4)
    report = Report.exact(1.4)
    together = _likelihood([run], [report])
    z = together.layout.draw(20, RNG)
    singly = [
        _likelihood([replace(run, covariates=run.covariates[j : j + 1], log_h0=run.log_h0[j : j + 1])], [report]).value(
            z
        )
        for j in range(4)
    ]
    np.testing.assert_allclose(together.value(z), np.log(np.mean(np.exp(singly), axis=0)), rtol=1e-9)


def test_gradient_equals_finite_differences_for_every_kind_of_row() -> None:
    runs, reports = [], []
    kinds = [
        Report.exact(1.2),
        Report.exact(0.8, asked=True),
        Report.interval(0.5, 1.0),
        Report.interval(),
        Report.none(),
        Report.none(asked=True),
        Report.twitch(),
        Report.no_report(),
        Report.no_report(asked=True),
        replace(Report.none(), until_h=1.0, after=(True, False, True)),
        replace(Report.exact(1.9), after=(False, None, False)),
    ]
    for draws in (1, 3):
        for i, report in enumerate(kinds):
            runs.append(_run(draws=draws, time_y=0.3 * i, seed=i))
            reports.append(report)
    likelihood = _likelihood(runs, reports)
    layout = likelihood.layout
    assert layout.features == replace(EVERYTHING, drift_years=3)
    z = layout.draw(4, RNG)
    value, gradient = likelihood.value_and_gradient(z)
    np.testing.assert_allclose(value, likelihood.value(z), rtol=1e-12)
    prior_value, prior_gradient = layout.log_density(z)
    step = 1e-5
    for i in range(layout.dimension):
        up, down = z.copy(), z.copy()
        up[:, i] += step
        down[:, i] -= step
        slope = (likelihood.value(up) - likelihood.value(down)) / (2 * step)
        np.testing.assert_allclose(gradient[:, i], slope, rtol=2e-6, atol=2e-6, err_msg=layout.names[i])
        slope = (layout.log_density(up)[0] - layout.log_density(down)[0]) / (2 * step)
        np.testing.assert_allclose(prior_gradient[:, i], slope, rtol=2e-6, atol=2e-6, err_msg=layout.names[i])
    assert prior_value.shape == (4,)


def test_an_exact_time_is_the_limit_of_a_short_interval() -> None:
    run = _run()
    wide = 1e-5
    exact = _likelihood([run], [Report.exact(1.225)])
    z = exact.layout.draw(20, RNG)
    near = _likelihood([run], [Report.interval(1.225 - wide / 2, 1.225 + wide / 2)]).value(z) - np.log(wide)
    np.testing.assert_allclose(exact.value(z), near, atol=1e-4)


def _journal(seed: int) -> tuple[list[CompressedRun], list[CompressedRun], Layout]:
    rng = np.random.default_rng(seed)
    journal = simulated_runners.simulate_journal(rng, runs=120, races=10)
    layout = Layout(TABLE, PRIOR, Features())
    truth = layout.natural(layout.draw(1, rng))[0]
    reports = simulated_runners.simulate_reports(rng, journal, layout, truth)
    packed = [
        [compress(r, p, TABLE, PRIOR, tolerance=t) for r, p in zip(journal.runs, reports, strict=True)]
        for t in (0.0, MERGE_TOLERANCE)
    ]
    return packed[0], packed[1], layout


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_merged_and_grouped_rows_keep_the_likelihood(seed: int) -> None:
    """Bar of the design: SD at most 0.02, greatest error at most 0.1, over draws that the posterior holds."""
    from charley.inference.smc import sample

    minutes, merged, layout = _journal(seed)
    grouped = pooled(merged, layout, 0.0)
    full = Likelihood(minutes, layout, 0.0, dtype=np.float64)
    small = Likelihood(grouped, layout, 0.0)
    assert small.rows < full.rows / 5
    z, *_ = sample([small], layout, 500, np.random.default_rng(0))
    error = small.value(z) - full.value(z)
    assert error.std() <= 0.02
    assert np.abs(error - np.median(error)).max() <= 0.1
    assert sum(r.copies for r in grouped) == len(minutes)


def test_grouping_runs_far_beyond_the_usual_neither_overflows_nor_loses_the_likelihood() -> None:
    """Covariates of which some draw of the prior would make exp overflow in single precision: only ratios count."""
    from charley.inference.smc import sample

    rng = np.random.default_rng(11)
    journal = simulated_runners.simulate_journal(rng, runs=60, races=6)
    far = [replace(r, covariates=8 * r.covariates) for r in journal.runs]
    layout = Layout(TABLE, PRIOR, Features())
    z = layout.draw(300, np.random.default_rng(0))
    steepest = max(float((r.covariates[0] @ layout.natural(z)[:, 1:13].T).max()) for r in far)
    assert steepest > np.log(np.finfo(np.float32).max)
    packed = [compress(r, Report.none(), TABLE, PRIOR) for r in far]
    grouped = pooled(packed, layout, 0.0)
    assert sum(r.copies for r in grouped) == 60
    small, full = (Likelihood(runs, layout, 0.0, dtype=np.float64) for runs in (grouped, packed))
    believed, *_ = sample([full], layout, 300, rng)
    error = small.value(believed) - full.value(believed)
    assert error.std() <= 0.1  # so far out not the bar of the design, yet little beside the 1 that would matter


def test_a_run_without_baseline_hazard_says_nothing() -> None:
    run = replace(_run(), log_h0=np.full((1, 40), -np.inf))
    likelihood = _likelihood([run], [Report.none()])
    assert (likelihood.value(likelihood.layout.draw(5, RNG)) == 0).all()
