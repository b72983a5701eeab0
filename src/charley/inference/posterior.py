"""Draws of what is believed of one runner after their log, with weights while new runs come in one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from charley.inference.compress import level_steps
from charley.inference.prior import Layout
from charley.vocabulary.arrays import Floats, Index


@dataclass(frozen=True)
class Posterior:
    """Weighted draws of a runner's unknowns. Arrays over draws come first in every shape.

    ``z`` (draws, d) are coordinates of ``layout``; ``log_weights`` (draws,) need no normalisation. ``first_y`` and
    ``newest_y`` are the times of the first and the latest run. ``log_evidence`` is the log marginal likelihood.
    """

    layout: Layout
    z: Floats
    log_weights: Floats
    first_y: float
    newest_y: float
    log_evidence: float
    runs: int
    cramps: int

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

    def level_at(self, time_y: float) -> Floats:
        """The runner's offset of the log hazard at a time, (draws,)."""
        steps = level_steps(time_y, self.first_y, self.layout.features.drift_years)
        return np.asarray(self.values[:, 0] + self.values[:, self.layout.steps] @ steps)

    @cached_property
    def level(self) -> Floats:
        """The runner's offset of the log hazard today, (draws,)."""
        return self.level_at(self.newest_y)

    @cached_property
    def coefficients(self) -> Floats:
        """What multiplies all K factors and the ramps of the triggers, (draws, K + ramps)."""
        layout = self.layout
        ramps = self._by_column[:, layout.active.size : layout.active.size + layout.table.triggers.columns]
        return np.hstack([self.sensitivities, ramps])

    def background(self, hard: bool) -> Floats:
        """Log rate of cramps of no known cause in a hard run, or in another, per hour: (draws,)."""
        always, easy = self._by_column[:, -2], self._by_column[:, -1]
        return np.asarray(always if hard else always + easy)

    @cached_property
    def _by_column(self) -> Floats:
        return self.layout.coefficients(self.values)

    @property
    def frailty(self) -> Floats:
        """Variance theta of a run's own gamma frailty, (draws,)."""
        return self.values[:, self.layout.index["frailty"]]

    @cached_property
    def sensitivities(self) -> Floats:
        """Log hazard per unit of each factor of the table, 0 where excluded, (draws, K)."""
        out = np.zeros((self.draws, len(self.layout.table)))
        out[:, self.layout.active] = self.values[:, self.layout.sensitivity]
        return out

    def class_probability(self) -> Floats:
        """Probability that the runner is of each class, (classes,)."""
        return np.asarray(self.weights @ self.layout.class_probability(self.z))

    def prior_share(self) -> float:
        """How much of an answer about drivers is from studies: overlap of prior and posterior of what moved most.

        Bhattacharyya's coefficient of two normals of their means and variances, over factors and triggers.
        """
        k = slice(self.layout.sensitivity.start, self.layout.trigger.stop)
        if self.layout.active.size == 0:
            return 1.0
        mean = self.weights @ self.z[:, k]
        variance = self.weights @ (self.z[:, k] - mean) ** 2
        both = 1 + variance
        return float(np.min(np.sqrt(2 * np.sqrt(variance) / both) * np.exp(-(mean**2) / (4 * both))))

    def equal(self, count: int | None = None, seed: int = 0) -> Posterior:
        """The same belief as ``count`` draws of equal weight (systematic resampling)."""
        count = self.draws if count is None else count
        if count == self.draws and np.ptp(self.log_weights) == 0:
            return self
        chosen = systematic(self.weights, count, np.random.default_rng(seed))
        return replace(self, z=self.z[chosen], log_weights=np.zeros(count))


def effective_share(log_weights: Floats) -> float:
    """Kish's effective share of draws with these log weights, 0 to 1."""
    top = log_weights.max()
    if not np.isfinite(top):
        return 0.0
    w = np.exp(log_weights - top)
    return float(w.sum() ** 2 / (w @ w) / w.size)


def systematic(weights: Floats, count: int, rng: np.random.Generator) -> Index:
    """Indices of ``count`` draws in proportion to weights that sum to 1, with the least extra noise."""
    ticks = (rng.random() + np.arange(count)) / count
    return np.minimum(np.searchsorted(np.cumsum(weights), ticks), weights.size - 1)
