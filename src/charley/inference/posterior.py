"""Draws of what is believed of one runner after their log, with weights while new runs come in one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from charley.inference.prior import Layout
from charley.vocabulary.arrays import Floats, Index


@dataclass(frozen=True, slots=True)
class Effort:
    """What a fit took: temperatures passed, moves, gradients of one draw each, acceptance of the last move."""

    temperatures: int
    moves: int
    acceptance: float


@dataclass(frozen=True)
class Posterior:
    """Weighted draws of a runner's unknowns. Arrays over draws come first in every shape.

    ``z`` (draws, d) are coordinates of ``layout``; ``log_weights`` (draws,) need no normalisation. ``newest_y`` is the
    time to which the level belongs. ``log_evidence`` is the log marginal likelihood of the log.
    """

    layout: Layout
    z: Floats
    log_weights: Floats
    newest_y: float
    log_evidence: float
    runs: int
    cramps: int
    effort: Effort

    @property
    def draws(self) -> int:
        """Number of draws."""
        return len(self.z)

    @cached_property
    def weights(self) -> Floats:
        """Weights that sum to 1, (draws,)."""
        w = np.exp(self.log_weights - self.log_weights.max())
        return np.asarray(w / w.sum())

    @property
    def effective_draws(self) -> float:
        """Kish's effective number of draws."""
        return float(1 / (self.weights**2).sum())

    @cached_property
    def values(self) -> Floats:
        """Natural values in the order of ``layout.names``, (draws, d)."""
        return self.layout.natural(self.z)

    @property
    def level(self) -> Floats:
        """The runner's offset of the log hazard today, (draws,)."""
        return self.values[:, 0]

    @property
    def frailty(self) -> Floats:
        """Variance theta of a run's own gamma frailty, (draws,)."""
        return self.values[:, self.layout.index["frailty"]]

    @cached_property
    def sensitivities(self) -> Floats:
        """Log hazard per unit of each factor of the table, 0 where excluded, (draws, K)."""
        out = np.zeros((self.draws, len(self.layout.table)))
        out[:, self.layout.active] = self.values[:, 1 : 1 + self.layout.active.size]
        return out

    def class_probability(self) -> Floats:
        """Probability that the runner is of each class, (classes,)."""
        return np.asarray(self.weights @ self.layout.class_probability(self.z))

    def prior_share(self) -> float:
        """Mean over the factors of posterior over prior variance of the sensitivity's coordinate, at most 1.

        How much of an answer about drivers is from studies. A log-normal sensitivity is judged on its log.
        """
        k = slice(1, 1 + self.layout.active.size)
        if self.layout.active.size == 0:
            return 1.0
        mean = self.weights @ self.z[:, k]
        variance = self.weights @ (self.z[:, k] - mean) ** 2
        return float(min(1.0, variance.mean()))

    def equal(self, count: int | None = None, seed: int = 0) -> Posterior:
        """The same belief as ``count`` draws of equal weight (systematic resampling)."""
        count = self.draws if count is None else count
        if count == self.draws and np.ptp(self.log_weights) == 0:
            return self
        chosen = systematic(self.weights, count, np.random.default_rng(seed))
        return replace(self, z=self.z[chosen], log_weights=np.zeros(count))


def systematic(weights: Floats, count: int, rng: np.random.Generator) -> Index:
    """Indices of ``count`` draws in proportion to weights that sum to 1, with the least extra noise."""
    ticks = (rng.random() + np.arange(count)) / count
    return np.minimum(np.searchsorted(np.cumsum(weights), ticks), weights.size - 1)
