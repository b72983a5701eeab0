"""Once it has cramped: how much the hazard is raised by a cramp that has just been.

After the first cramp a runner stops, slows and stretches: what they then do depends on the cramp. Later cramps of a run
therefore inform only this term and never the drivers: it is drawn after them, given them (a cut posterior).

    hazard(t) = u exp(log h(t) + gamma exp(-(t - t_last) / tau)),      u: the run's frailty, given its first cramp
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from charley.evidence import priors
from charley.evidence.numbers.learning import LEARNING
from charley.inference.design import Report, RunRows
from charley.inference.forecast import hazards
from charley.inference.posterior import Posterior
from charley.vocabulary.arrays import Floats

_GRID = 81


def raised_log_hazard(
    posterior: Posterior, runs: Sequence[RunRows], reports: Sequence[Report], seed: int = 0
) -> Floats:
    """Draws of gamma, one a draw of the posterior, (draws,), from the runs with an exact first cramp.

    Prior: P10, log-normal with its mean and SD (its sign is certain); tau from the tables. Body states are averaged.
    """
    p, tau_h = priors()["cramp_last_60min"], LEARNING.further_cramp_decay_h
    variance = np.log1p((p.sd / p.mean) ** 2)
    centre, spread = np.log(p.mean) - variance / 2, np.sqrt(variance)
    gamma = np.exp(centre + spread * np.linspace(-4, 4, _GRID))
    log_density = np.broadcast_to(-0.5 * np.linspace(-4, 4, _GRID) ** 2, (posterior.draws, _GRID)).copy()
    for run, report in zip(runs, reports, strict=True):
        if report.at_h is not None:
            log_density += later_log_likelihood(posterior, run, report, gamma, tau_h)
    cumulative = np.cumsum(np.exp(log_density - log_density.max(axis=1, keepdims=True)), axis=1)
    u = np.random.default_rng(seed).random(posterior.draws) * cumulative[:, -1]
    chosen = (cumulative < u[:, None]).sum(axis=1)
    return np.asarray(gamma[np.minimum(chosen, _GRID - 1)])


def later_log_likelihood(posterior: Posterior, run: RunRows, report: Report, gamma: Floats, tau_h: float) -> Floats:
    """Log-likelihood of the cramps (and their absence) after the first of a run, (draws, gammas).

    Given the first cramp at H1, the frailty is gamma with shape 1/theta + 1 and rate 1/theta + H1; with H2 the raised
    hazard cumulated after it and n later cramps, up to terms without gamma:

        sum_j gamma d(t_j) - (1/theta + 1 + n) log(1/theta + H1 + H2)
    """
    assert report.at_h is not None
    ends = np.cumsum(run.dt_h)
    starts, middles = ends - run.dt_h, ends - run.dt_h / 2
    rate = np.mean([hazards(posterior, run, body) for body in range(run.draws)], axis=0).T.astype(np.float64)
    # at the level of then, as far as causes go; the background has none
    rate = rate * np.exp(posterior.level_at(run.time_y) - posterior.level)[:, None]
    until_h = run.end_h if report.until_h is None else report.until_h
    before_h = np.clip(report.at_h - starts, 0.0, run.dt_h)
    after_h = np.clip(until_h - starts, 0.0, run.dt_h) - before_h
    cramps = np.array([report.at_h, *report.further_h])
    since = middles - cramps[np.maximum(np.searchsorted(cramps, middles, side="right") - 1, 0)]
    raised = np.exp(-np.maximum(since, 0.0) / tau_h)
    h1 = rate @ before_h
    h2 = np.stack([(rate * after_h) @ np.exp(g * raised) for g in gamma], axis=1)
    gaps = np.exp(-np.diff(cramps) / tau_h)
    shape = 1 / posterior.frailty
    later = len(report.further_h)
    return np.asarray(gamma * gaps.sum() - (shape[:, None] + 1 + later) * np.log((shape + h1)[:, None] + h2))
