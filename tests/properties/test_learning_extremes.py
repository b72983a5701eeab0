"""Logs at the edge: forty cramps in one run, ten years of runs, reports that contradict each other or the model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from charley.inference import simulated_runners
from charley.inference.attribution import Shares, attribute_cramp, reference_run
from charley.inference.compress import CompressedRun, compress
from charley.inference.design import Report, RunRows
from charley.inference.forecast import chance, forecast
from charley.inference.likelihood import Likelihood
from charley.inference.posterior import Posterior
from charley.inference.prior import Features, Layout
from charley.inference.recurrence import raised_log_hazard
from charley.inference.sequential import fit, grouped

TABLE, PRIOR = simulated_runners.fixture_priors()


def _packed(runs: list[RunRows], reports: list[Report]) -> list[CompressedRun]:
    return [compress(r, p, TABLE, PRIOR) for r, p in zip(runs, reports, strict=True)]


def _races(count: int, seed: int = 3) -> list[RunRows]:
    journal = simulated_runners.simulate_journal(np.random.default_rng(seed), runs=count + 10, races=count)
    return [r for r in journal.runs if r.hard]


def _finite(belief: Posterior, run: RunRows) -> bool:
    answers = (
        belief.values,
        forecast(belief, run).rate_per_h,
        Shares(belief, [run]).against(reference_run(belief.layout.table)).family,
        attribute_cramp(belief, run, run.duration_h).but_for,
    )
    return all(bool(np.isfinite(a).all()) for a in answers) and bool(np.isfinite(belief.log_evidence))


def test_forty_cramps_in_one_run_count_once_for_the_drivers_and_all_for_what_a_cramp_leaves_behind() -> None:
    """What follows the first cramp depends on it: only the term for later cramps may learn from it."""
    runs = _races(12)
    long = max(range(12), key=lambda i: runs[i].duration_h)
    first_h = 0.6 * runs[long].duration_h
    later = np.linspace(first_h, runs[long].duration_h, 41)[1:-1]
    once = [Report.exact(first_h) if i == long else Report.none() for i in range(12)]
    forty = [replace(p, further_h=tuple(later)) if i == long else p for i, p in enumerate(once)]
    belief, same = fit(_packed(runs, forty), TABLE, PRIOR, 500), fit(_packed(runs, once), TABLE, PRIOR, 500)
    np.testing.assert_array_equal(belief.z, same.z)
    assert belief.cramps == 1
    assert _finite(belief, runs[long])
    after_one, after_forty = (raised_log_hazard(belief, runs, told) for told in (once, forty))
    assert np.isfinite(after_forty).all()
    assert np.median(after_forty) > np.quantile(after_one, 0.9)


def test_ten_years_with_sixty_cramps_keep_the_likelihood_and_foretell_as_many() -> None:
    rng = np.random.default_rng([31, 0])
    journal = simulated_runners.simulate_journal(rng, runs=2000, races=150)
    layout = Layout(TABLE, PRIOR, Features())
    truth = layout.natural(np.zeros((1, layout.dimension)))[0]
    truth[0] += 0.7
    reports = simulated_runners.simulate_reports(rng, journal, layout, truth)
    cramps = sum(r.cramped for r in reports)
    assert 45 <= cramps <= 75
    packed = _packed(list(journal.runs), reports)
    belief = fit(packed, TABLE, PRIOR, 400, seed=1)
    assert (belief.runs, belief.cramps) == (2000, cramps)
    assert _finite(belief, journal.runs[0])
    some = belief.z[:100]
    minutes = [compress(r, p, TABLE, PRIOR, 0) for r, p in zip(journal.runs, reports, strict=True)]
    full, small = Likelihood(minutes, layout, 0.0), Likelihood(packed, layout, 0.0)
    assert small.rows < full.rows / 4
    assert Likelihood(grouped(packed, TABLE), layout, 0.0).rows < small.rows / 3
    assert (small.value(some) - full.value(some)).std() <= 0.04  # ten times as many runs as the bar of 0.02 is for
    few = belief.equal(100)
    expected = np.sum([chance(few, r) for r in journal.runs], axis=0).mean()
    assert expected == pytest.approx(cramps, rel=0.15)  # the prior weighs little beside 2,000 runs


def test_the_same_run_told_both_ways_leaves_sensitivities_to_the_studies_and_sets_the_rate() -> None:
    """Ten copies of one race, half with a cramp: no factor differs between them, so none can have been the reason."""
    race = max(_races(6), key=lambda r: r.duration_h)
    runs = [race] * 10
    reports = [Report.interval() if i % 2 else Report.none() for i in range(10)]
    belief = fit(_packed(runs, reports), TABLE, PRIOR, 2000, seed=1)
    assert _finite(belief, race)
    assert 0.35 < chance(belief, race).mean() < 0.65
    never_met = race.covariates[0].max(axis=0) == 0
    assert never_met.any()
    z = belief.z[:, belief.layout.sensitivity][:, never_met]
    assert np.abs(z.mean(axis=0)).max() < 4 / np.sqrt(2000) * 1.5
    assert np.abs(z.std(axis=0) - 1).max() < 0.1


def test_reports_against_the_model_weaken_its_sensitivities_and_its_evidence() -> None:
    """Cramps in the shortest, freshest runs and none in the hardest: against every sign, and still an answer."""
    journal = simulated_runners.simulate_journal(np.random.default_rng(5), runs=60, races=12)
    order = sorted(journal.runs, key=lambda r: float(r.covariates[0].sum()))
    cramped = [Report.interval() if i < 6 else Report.none() for i in range(60)]
    against = fit(_packed(order, cramped), TABLE, PRIOR, 1000, seed=1)
    along = fit(_packed(order[::-1], cramped), TABLE, PRIOR, 1000, seed=1)
    assert _finite(against, order[-1])
    assert (against.sensitivities > 0).all()
    assert against.log_evidence < along.log_evidence - 5
    s = along.layout.sensitivity
    assert against.z[:, s].mean() < -0.1 < along.z[:, s].mean()
    assert chance(against, order[-1]).mean() < chance(along, order[-1]).mean()


def test_an_interval_after_the_end_is_refused_with_the_run_named() -> None:
    run = _races(3)[0]
    with pytest.raises(ValueError, match=rf"{run.run_id}.*after the run's end"):
        compress(run, Report.interval(run.duration_h + 0.1, run.duration_h + 0.2), TABLE, PRIOR)
