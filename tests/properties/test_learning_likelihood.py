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
from charley.inference.prior import Features, Layout, sourced_runner_prior
from charley.inference.sequential import fit, grouped

TABLE, PRIOR = simulated_runners.fixture_priors()
RNG = np.random.default_rng(7)
EVERYTHING = Features(report_asked=True, report_unasked=True, twitch=True)
# Triggers and background: the second family, whose pieces are summed in ``_pieces``.
TRIGGERED = simulated_runners.with_triggers(TABLE)
WITH_BACKGROUND = replace(PRIOR, background_log_rate=(-3.0, 1.0), background_easy=(-1.0, 1.0), trigger_log=(-1.0, 1.5))


def _run(draws: int = 1, bins: int = 40, time_y: float = 0.0, seed: int = 1) -> RunRows:
    rng = np.random.default_rng(seed)
    x = rng.uniform(0, 1, (draws, bins, len(TABLE)))
    return RunRows(
        dt_h=np.full(bins, 0.05),
        log_h0=rng.normal(4.0, 0.3, (draws, bins)),
        covariates=x,
        time_y=time_y,
    )


def _met(run: RunRows, seed: int, hard: bool) -> RunRows:
    """The run with stressors that cross the knees."""
    rng = np.random.default_rng([seed, 1])
    return replace(run, stressors=rng.uniform(0, 2, (run.draws, run.dt_h.size, 3)), hard=hard)


def _likelihood(runs: list[RunRows], reports: list[Report], *, triggered: bool = False) -> Likelihood:
    table, prior = (TRIGGERED, WITH_BACKGROUND) if triggered else (TABLE, PRIOR)
    packed = [compress(r, p, table, prior, tolerance=0) for r, p in zip(runs, reports, strict=True)]
    layout = Layout(table, prior, features_of(packed, prior))
    return Likelihood(packed, layout, min(r.time_y for r in runs), dtype=np.float64)


def _pieces(run: RunRows, values: np.ndarray, layout: Layout, until_h: float) -> tuple[float, float, float]:
    """Cumulative hazard and that of twitches up to a time, and the hazard at it, by a plain sum for one draw.

    A ramp between two of its places is the mixture of the two; the knee stands at its own place otherwise.
    """
    named = dict(zip(layout.names, values, strict=True))
    beta = np.array([named[key] for key in TABLE.keys])
    edges = np.concatenate(([0], np.cumsum(run.dt_h)))
    held = np.clip(edges[1:], 0, until_h) - np.clip(edges[:-1], 0, until_h)
    linear = run.covariates[0] @ beta
    base = np.exp(run.log_h0[0] + named["level"])
    quiet = (
        np.exp(named["background"] + (0 if run.hard else named["background_easy"])) if "background" in named else 0.0
    )
    trigger = np.zeros(run.dt_h.size)
    triggers = layout.table.triggers
    for j, key in enumerate(triggers.keys):
        mean, sd = triggers.knee_mean[j], triggers.knee_sd[j]
        place = np.clip((named[f"knee_{key}"] - mean) / sd, -2, 2)
        low = min(np.floor(place), 1.0)
        for knee, share in ((low, 1 - (place - low)), (low + 1, place - low)):
            ramp = 1 / (1 + np.exp(-((run.stressors[0, :, j] - mean) / sd - knee) / 0.4))
            trigger += named[f"trigger_{key}"] * share * ramp
    shared = named.get("twitch_shared", 1.0)
    at = run.at(until_h)
    hazard = (quiet + base * np.exp(linear)) * np.exp(trigger)
    of_twitches = (quiet + base * np.exp(shared * linear)) * np.exp(shared * trigger)
    return float(hazard @ held), float(of_twitches @ held), float(hazard[at])


def _over_frailty(function, theta: float) -> float:
    """Mean of a function of the frailty, by a fine grid of its quantiles in log frailty."""
    from scipy.stats import gamma

    u = np.exp(np.linspace(-60, 6, 400_001))
    density = gamma.pdf(u, 1 / theta, scale=theta) * u
    return float(np.trapezoid(function(u) * density, np.log(u)))


@pytest.mark.parametrize("triggered", [False, True])
@pytest.mark.parametrize("kind", list(ReportKind))
def test_each_kind_equals_numerical_integration_over_the_frailty(kind: ReportKind, triggered: bool) -> None:
    run = _met(_run(), 5, hard=False) if triggered else _run()
    end = run.duration_h
    report = {
        ReportKind.EXACT: Report.exact(1.23),
        ReportKind.INTERVAL: Report.interval(0.4, 1.1),
        ReportKind.NONE: Report.none(asked=True),
        ReportKind.TWITCH: Report.twitch(),
        ReportKind.NO_REPORT: Report.no_report(),
    }[kind]
    likelihood = _likelihood([run], [report], triggered=triggered)
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


@pytest.mark.parametrize("triggered", [False, True])
def test_gradient_equals_finite_differences_for_every_kind_of_row(triggered: bool) -> None:
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
        replace(Report.none(), until_h=1.0),
    ]
    for draws in (1, 3):
        for i, report in enumerate(kinds):
            run = _run(draws=draws, time_y=0.3 * i, seed=i)
            runs.append(_met(run, i, hard=i % 2 == 0) if triggered else run)
            reports.append(report)
    likelihood = _likelihood(runs, reports, triggered=triggered)
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
def test_merged_rows_keep_the_likelihood_and_stand_ins_all_but(seed: int) -> None:
    """Bar of the design: SD at most 0.02, greatest error at most 0.1, over draws that the posterior holds.

    Stand-ins may be off by so much that correcting them by weights still leaves half of the draws.
    """
    minutes, merged, layout = _journal(seed)
    full, small, rough = (
        Likelihood(runs, layout, 0.0, dtype=np.float64) for runs in (minutes, merged, grouped(merged, TABLE))
    )
    assert rough.rows < small.rows < full.rows / 4
    z = fit(merged, TABLE, PRIOR, 500).z
    error = small.value(z) - full.value(z)
    assert error.std() <= 0.02
    assert np.abs(error - np.median(error)).max() <= 0.1
    weights = np.exp(full.value(z) - rough.value(z))
    assert weights.sum() ** 2 / (weights @ weights) > 0.5 * z.shape[0]
    assert sum(r.copies for r in grouped(merged, TABLE)) == len(minutes)


def test_runs_far_beyond_the_usual_neither_overflow_nor_lose_the_likelihood() -> None:
    """Covariates of which some draw of the prior would make exp overflow in single precision."""
    rng = np.random.default_rng(11)
    journal = simulated_runners.simulate_journal(rng, runs=60, races=6)
    far = [replace(r, covariates=8 * r.covariates) for r in journal.runs]
    layout = Layout(TABLE, PRIOR, Features())
    z = layout.draw(300, np.random.default_rng(0))
    steepest = max(float((r.covariates[0] @ layout.natural(z)[:, layout.sensitivity].T).max()) for r in far)
    assert steepest > np.log(np.finfo(np.float32).max)
    packed = [compress(r, Report.none(), TABLE, PRIOR) for r in far]
    belief = fit(packed, TABLE, PRIOR, 300)
    assert np.isfinite(belief.z).all()
    assert np.isfinite(Likelihood(packed, layout, 0.0).value(belief.z)).all()


def test_a_knee_between_two_ramps_is_their_mixture_and_a_trigger_acts_on_the_background_too() -> None:
    """One run, no causes: the hazard is the background times exp(trigger x mixed ramps)."""
    layout = Layout(TRIGGERED, WITH_BACKGROUND, Features())
    values = layout.natural(np.zeros((1, layout.dimension)))
    values[0, layout.index["level"]] = -60.0
    values[0, layout.index["trigger_heat"]] = 2.0
    values[0, layout.index["knee_heat"]] = 0.8 + 0.25 * 0.3
    run = replace(_met(_run(), 3, hard=True), stressors=np.full((1, 40, 3), 0.9))
    got = _likelihood([run], [Report.none()], triggered=True).value_of(values)[0]
    ramps = [1 / (1 + np.exp(-((0.9 - 0.8) / 0.3 - knee) / 0.4)) for knee in (0.0, 1.0)]
    others = [(1 / (1 + np.exp(-((0.9 - 0.8) / 0.3) / 0.4))) * values[0, layout.index[f"trigger_{k}"]]
              for k in ("overpace", "glycogen")]  # fmt: skip
    log_rate = -3.0 + 2.0 * (0.75 * ramps[0] + 0.25 * ramps[1]) + sum(others)
    theta = values[0, layout.index["frailty"]]
    assert got == pytest.approx(-np.log1p(theta * np.exp(log_rate) * run.duration_h) / theta, rel=1e-9)


def test_the_sourced_prior_lets_one_person_in_twenty_have_a_ten_fold_trigger() -> None:
    """Own assumption of the table: beyond the knee a risk of ten in 1 of 20, less than a doubling in 8 of 9."""
    layout = Layout(TRIGGERED, sourced_runner_prior(), Features())
    triggers = layout.natural(layout.draw(100_000, np.random.default_rng(1)))[:, layout.trigger]
    assert (triggers > np.log(10)).mean() == pytest.approx(1 / 20, abs=0.005)
    assert (triggers < np.log(2)).mean() == pytest.approx(8 / 9, abs=0.005)
    np.testing.assert_allclose(layout.coordinates(layout.natural(z := layout.draw(50, np.random.default_rng(2)))), z)


def test_a_run_without_baseline_hazard_says_nothing() -> None:
    run = replace(_run(), log_h0=np.full((1, 40), -np.inf))
    likelihood = _likelihood([run], [Report.none()])
    assert (likelihood.value(likelihood.layout.draw(5, RNG)) == 0).all()
