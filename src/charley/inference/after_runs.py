"""The hours after runs, and nights: processes of their own. They take the runner's level as it is believed and send
nothing back (a cut posterior): a cramp in the evening says nothing of cramps on the road.

    cramps expected in window w = h_w exp(intercept_w + own + corr (level - prior mean) + share_w sum beta x(end))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from charley.inference.design import AFTER_WINDOWS, NIGHT
from charley.inference.posterior import Posterior
from charley.vocabulary.arrays import Floats, Index

CANDIDATES = 256  # draws of the prior from which one is taken for each draw of the belief
LEAST_EFFECTIVE = 1e-300


@dataclass(frozen=True, slots=True)
class AfterRun:
    """One run: its log baseline in each window, (2,), factors at its end, (K,), and what was said of each window."""

    log_h0: Floats
    end_x: Floats
    answers: tuple[bool | None, ...]


@dataclass(frozen=True, slots=True)
class AfterBelief:
    """Draws beside those of the belief in runs: ``own`` (draws,), ``intercept`` and ``shared`` (draws, 2), and the log
    rate of nights, (draws,)."""

    own: Floats
    intercept: Floats
    shared: Floats
    night_log_rate: Floats
    cramped: tuple[int, ...]  # in each window ...
    asked: tuple[int, ...]  # ... of so many runs that were asked about

    def chance(self, posterior: Posterior, run: AfterRun) -> Floats:
        """Chance of a cramp in each window after a run, and in the night, (draws, 3)."""
        log_expected = _log_expected(posterior, run, self.own, self.intercept, self.shared)
        night = np.exp(self.night_log_rate)
        return np.asarray(-np.expm1(-np.column_stack([np.exp(log_expected), night])))


def learn(posterior: Posterior, runs: Sequence[AfterRun], seed: int = 0) -> AfterBelief:
    """What is believed of the hours after runs, given the belief in runs; without an answer, the prior."""
    p, n = posterior.layout.prior, posterior.draws
    rng = np.random.default_rng([seed, 7])
    spread = p.level_sd * sqrt(1 - p.after_level_correlation**2)
    own = rng.normal(0.0, spread, (CANDIDATES, n))
    intercept = rng.normal(0.0, p.after_intercept_sd, (CANDIDATES, n, NIGHT))
    shared = rng.beta(*p.after_shared, (CANDIDATES, n, NIGHT))
    log_likelihood = np.zeros((CANDIDATES, n))
    for run in runs:
        said = [w for w in range(NIGHT) if run.answers[w] is not None]
        if not said:
            continue
        expected = np.exp(np.minimum(_log_expected(posterior, run, own, intercept, shared), 30.0))
        for w in said:
            e = expected[..., w]
            log_likelihood += np.log(-np.expm1(-np.maximum(e, LEAST_EFFECTIVE))) if run.answers[w] else -e
    chosen = _one_each(log_likelihood, rng)
    at = np.arange(n)
    nights = [r.answers[NIGHT] for r in runs if r.answers[NIGHT] is not None]
    night = rng.normal(*p.night_log_rate, (CANDIDATES, n))
    rate = np.exp(night)
    cramped = sum(map(bool, nights))
    of_night = cramped * np.log(-np.expm1(-rate)) - (len(nights) - cramped) * rate
    windows = range(len(AFTER_WINDOWS))
    return AfterBelief(
        own=own[chosen, at],
        intercept=intercept[chosen, at],
        shared=shared[chosen, at],
        night_log_rate=night[_one_each(of_night, rng), at],
        cramped=tuple(sum(r.answers[w] is True for r in runs) for w in windows),
        asked=tuple(sum(r.answers[w] is not None for r in runs) for w in windows),
    )


def _log_expected(posterior: Posterior, run: AfterRun, own: Floats, intercept: Floats, shared: Floats) -> Floats:
    """Log of the cramps expected in each window, (..., draws, 2)."""
    p = posterior.layout.prior
    pull = posterior.sensitivities @ run.end_x
    level = own + p.after_level_correlation * (posterior.level - p.level_mean)
    return np.asarray(run.log_h0 + intercept + level[..., None] + shared * pull[:, None])


def _one_each(log_weight: Floats, rng: np.random.Generator) -> Index:
    """One of the candidates (rows) for each draw (column), in proportion to its weight."""
    cumulative = np.cumsum(np.exp(log_weight - log_weight.max(axis=0)), axis=0)
    tick = rng.random(log_weight.shape[1]) * cumulative[-1]
    return np.asarray(np.minimum((cumulative < tick).sum(axis=0), len(log_weight) - 1))
