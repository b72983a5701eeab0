"""The chance of a first cramp in a run that is still to come, or would have been run otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from charley.inference.design import RunRows
from charley.inference.posterior import Posterior, systematic
from charley.vocabulary.arrays import Floats
from charley.vocabulary.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Forecast:
    """Arrays over the posterior's draws. ``chance`` (draws,): of a first cramp during the run; ``by_time`` (draws,
    points): until each of the times asked for; ``rate_per_h`` (draws, bins): given no cramp so far."""

    chance: Floats
    by_time: Floats
    rate_per_h: Floats


def forecast(posterior: Posterior, run: RunRows, until_h: Floats | None = None) -> Forecast:
    """Chance of a first cramp under each draw, averaged over the run's body-state draws.

    P = 1 - (1 + theta H)^(-1/theta), at today's level. ``until_h`` (points,): hours since the start, each read at the
    end of its bin.
    """
    theta = posterior.frailty
    single = theta.astype(np.float32)
    at = np.zeros(0, dtype=np.intp) if until_h is None else np.array([run.at(t) for t in until_h], dtype=np.intp)
    coefficients = np.column_stack([posterior.sensitivities, posterior.level, np.ones(posterior.draws)])
    chance, by_time = np.zeros(posterior.draws), np.zeros((at.size, posterior.draws))
    rate = np.zeros((run.dt_h.size, posterior.draws), dtype=np.float32)
    for x, log_h0 in zip(run.covariates, run.log_h0, strict=True):
        columns = np.column_stack([x, np.ones(len(x)), log_h0]).astype(np.float32)
        with np.errstate(over="ignore"):  # rows are bins: sums over time run along whole rows, and in place
            hazard = columns @ coefficients.astype(np.float32).T
            np.exp(hazard, out=hazard)
            cumulative = hazard * run.dt_h.astype(np.float32)[:, None]
            for before, here in pairwise(cumulative):
                here += before
        by_time += 1 - _survival(cumulative[at].astype(np.float64), theta)
        chance += 1 - _survival(cumulative[-1].astype(np.float64), theta)
        cumulative *= single
        cumulative += 1
        hazard /= cumulative
        rate += hazard
    m = run.draws
    rate /= m
    return Forecast(chance / m, by_time.T / m, rate.T.astype(np.float64))


def chance(posterior: Posterior, run: RunRows) -> Floats:
    """Chance of a first cramp during a run under each draw, (draws,): ``forecast`` without the times between."""
    theta = posterior.frailty
    coefficients = np.column_stack([posterior.sensitivities, posterior.level, np.ones(posterior.draws)])
    total = np.zeros(posterior.draws)
    for x, log_h0 in zip(run.covariates, run.log_h0, strict=True):
        columns = np.column_stack([x, np.ones(len(x)), log_h0 + np.log(run.dt_h)]).astype(np.float32)
        with np.errstate(over="ignore"):
            cumulative = np.exp(coefficients.astype(np.float32) @ columns.T).sum(axis=1, dtype=np.float64)
        total += 1 - _survival(cumulative, theta)
    return total / run.draws


def _survival(cumulative: Floats, theta: Floats) -> Floats:
    return np.asarray(np.exp(-np.log1p(theta * cumulative) / theta))


def estimate(posterior: Posterior, draws: Floats) -> Estimate:
    """Mean and limits of a quantity known under each draw, (draws,), weights taken into account."""
    if np.ptp(posterior.log_weights) == 0:
        return Estimate.from_draws(draws)
    chosen = systematic(posterior.weights, posterior.draws, np.random.default_rng(0))
    return Estimate.from_draws(draws[chosen])
