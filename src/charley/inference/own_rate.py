"""A second forecaster beside the causes: this runner's hard runs are all alike, but for what studies say of each.

A runner whose cramps do not follow the family of models is foretold better by how often they cramped. That forecaster
begins with the studies' chance of a run, worth so many runs, and moves with the runner's own count alone. The two are
pooled by what the answers of the hard runs in order say for each (Bayesian model averaging, Hoeting et al. 1999,
doi:10.1214/ss/1009212519); the causes have their marginal likelihood over draws of the prior, so that no run has to be
foretold again. Before any answer both say the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.evidence.numbers.learning import LEARNING, LearningNumbers
from charley.vocabulary.arrays import Bools, Floats, Index

_LEAST = 1e-6  # of a chance, so that no run is beyond all doubt


@dataclass(frozen=True, slots=True)
class OwnRate:
    """For cramps of one kind of muscle in n answered hard runs, in order.

    ``before`` (n,): chance of each as studies tell it. ``cramped`` (n + 1,): how many of the first so many cramped;
    ``weight`` (n + 1,): chance, after so many, that the own rate holds and not the causes. ``strength``: runs that the
    studies' chance is worth.
    """

    before: Floats
    cramped: Index
    weight: Floats
    strength: float

    @property
    def runs(self) -> int:
        """Answered hard runs."""
        return int(self.before.size)

    def rate(self, before: float, runs: int | None = None) -> tuple[float, float]:
        """Parameters of the beta distribution of the chance of a run of which studies say ``before``, after the first
        ``runs`` (default: all)."""
        n = self.runs if runs is None else runs
        cramped = float(self.cramped[n])
        return cramped + self.strength * before, n - cramped + self.strength * (1 - before)

    def pooled_mean(self, by_causes: float, before: float, runs: int | None = None) -> float:
        """Pooled chance of a run of which the causes say ``by_causes``, after the first ``runs`` (default: all)."""
        n = self.runs if runs is None else runs
        a, b = self.rate(before, n)
        weight = float(self.weight[n])
        return (1 - weight) * by_causes + weight * a / (a + b)

    def pooled(self, by_causes: Floats, before: float, seed: int = 0) -> Floats:
        """The same under each draw of the causes, (draws,): a share of the draws is of the own rate.

        Two kinds of muscle need two seeds, or their draws would rise and fall together.
        """
        if self.runs == 0:
            return by_causes
        rng = np.random.default_rng(seed)
        own = rng.permutation(by_causes.size) < self.weight[-1] * by_causes.size
        return np.where(own, rng.beta(*self.rate(before), by_causes.size), by_causes)


def own_rate(chances: Floats, cramped: Bools, n: LearningNumbers = LEARNING) -> OwnRate:
    """From chances (runs, draws) of the answered hard runs in order, by draws of the prior, and what came, (runs,)."""
    p = np.clip(chances, _LEAST, 1 - _LEAST)
    before = p.mean(axis=1) if len(p) else np.zeros(0)
    each = np.log(np.where(cramped[:, None], p, 1 - p))
    together = np.concatenate((np.zeros((1, each.shape[1])), np.cumsum(each, axis=0)))
    top = together.max(axis=1)
    by_causes = np.log(np.exp(together - top[:, None]).mean(axis=1)) + top
    _, by_rate = foretold_by_rate(before, cramped, n.own_rate_strength)
    count = np.concatenate(([0], np.cumsum(cramped))).astype(np.intp)
    return OwnRate(before, count, weight_of_rate(by_rate, by_causes, n.own_rate_weight), n.own_rate_strength)


def foretold_by_rate(before: Floats, cramped: Bools, strength: float) -> tuple[Floats, Floats]:
    """What the own rate says of each run from those before, (runs,); its log evidence after so many, (runs + 1,)."""
    count = np.concatenate(([0], np.cumsum(cramped)))[:-1] if cramped.size else np.zeros(0)
    alike = (count + strength * before) / (np.arange(cramped.size) + strength)
    return alike, np.concatenate(([0.0], np.cumsum(np.log(np.where(cramped, alike, 1 - alike)))))


def weight_of_rate(by_rate: Floats, by_causes: Floats, prior: float) -> Floats:
    """Chance that the own rate holds and not the causes, from the log evidence of each; before any answer ``prior``."""
    odds = np.log(prior / (1 - prior)) + by_rate - by_causes
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -50.0, 50.0))))
