"""The chance of a first cramp in a run that is still to come, or would have been run otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from charley.inference.design import RunRows
from charley.inference.posterior import Posterior, systematic
from charley.vocabulary.arrays import Floats, Singles
from charley.vocabulary.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Forecast:
    """Arrays over the posterior's draws. ``chance`` (draws,): of a first cramp during the run; ``by_time`` (draws,
    points): until each of the times asked for; ``rate_per_h`` (draws, bins): given no cramp so far."""

    chance: Floats
    by_time: Floats
    rate_per_h: Floats


SURE = 80.0  # log hazard of a bin beyond which a cramp is certain, and a single-precision sum still finite


def hazards(posterior: Posterior, run: RunRows, body: int) -> Singles:
    """Hazard of each bin for one body of a run, at today's level, 1/h: (bins, draws)."""
    ramps = posterior.layout.table.triggers.ramps(run.stressors[body])
    factors, width = len(posterior.layout.table), ramps.shape[1]
    by = posterior.coefficients.astype(np.float32)
    causes = run.covariates[body].astype(np.float32) @ by[:, :factors].T
    causes += posterior.level.astype(np.float32) + run.log_h0[body].astype(np.float32)[:, None]
    np.minimum(causes, SURE, out=causes)
    np.exp(causes, out=causes)
    causes += np.exp(posterior.background(run.hard)).astype(np.float32)
    if width:
        trigger = ramps.astype(np.float32) @ by[:, factors:].T
        causes *= np.exp(np.minimum(trigger, SURE, out=trigger), out=trigger)
    return np.asarray(causes, dtype=np.float32)


def forecast(posterior: Posterior, run: RunRows, until_h: Floats | None = None) -> Forecast:
    """Chance of a first cramp under each draw, averaged over the run's body-state draws.

    P = 1 - (1 + theta H)^(-1/theta), at today's level. ``until_h`` (points,): hours since the start, each read at the
    end of its bin.
    """
    theta = posterior.frailty
    single = theta.astype(np.float32)
    at = np.zeros(0, dtype=np.intp) if until_h is None else np.array([run.at(t) for t in until_h], dtype=np.intp)
    chance, by_time = np.zeros(posterior.draws), np.zeros((at.size, posterior.draws))
    rate = np.zeros((run.dt_h.size, posterior.draws), dtype=np.float32)
    for body in range(run.draws):
        hazard = hazards(posterior, run, body)
        cumulative = hazard * run.dt_h.astype(np.float32)[:, None]
        for before, here in pairwise(cumulative):  # rows are bins: sums over time run along whole rows, and in place
            here += before
        by_time += 1 - survival(cumulative[at].astype(np.float64), theta)
        chance += 1 - survival(cumulative[-1].astype(np.float64), theta)
        cumulative *= single
        cumulative += 1
        hazard /= cumulative
        rate += hazard
    m = run.draws
    rate /= m
    return Forecast(chance / m, by_time.T / m, rate.T.astype(np.float64))


def chance(posterior: Posterior, run: RunRows) -> Floats:
    """Chance of a first cramp during a run under each draw, (draws,): ``forecast`` without the times between."""
    total, dt_h = np.zeros(posterior.draws), run.dt_h.astype(np.float32)
    for body in range(run.draws):
        total += 1 - survival((dt_h @ hazards(posterior, run, body)).astype(np.float64), posterior.frailty)
    return total / run.draws


def survival(cumulative: Floats, theta: Floats) -> Floats:
    """Chance of no cramp at a cumulative hazard, the run's frailty of variance theta integrated out."""
    return np.asarray(np.exp(-np.log1p(theta * cumulative) / theta))


def estimate(posterior: Posterior, draws: Floats) -> Estimate:
    """Mean and limits of a quantity known under each draw, (draws,), weights taken into account."""
    if np.ptp(posterior.log_weights) == 0:
        return Estimate.from_draws(draws)
    chosen = systematic(posterior.weights, posterior.draws, np.random.default_rng(0))
    return Estimate.from_draws(draws[chosen])
