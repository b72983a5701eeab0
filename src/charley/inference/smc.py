"""Moves of a cloud of draws where news has made them unequal.

With few cramps a belief is a ridge ("either A is strong and B ordinary, or the other way round") with flat shoulders: a
normal approximation at its mode is wrong on exactly the question asked. A cloud of draws follows it (see
``sequential``). Moves are Hamiltonian with the cloud's own normal split off and integrated exactly, so that a quarter
turn gives a nearly independent draw with a few gradients (Shahbaba et al. 2014, doi:10.1007/s11222-012-9373-1).

The gradients are those of stand-ins of the runs, which are cheap; whether a draw moves is judged by the runs
themselves. A trajectory is reversible and keeps volume whatever function pulls it, so that this is exact: a poor
stand-in only costs acceptance (Rasmussen 2003, Bayesian Statistics 7, 651-659). What the stand-ins miss is put right to
second order, by a regression over the cloud.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from charley.inference.likelihood import Likelihood, together
from charley.inference.prior import Layout
from charley.vocabulary.arrays import Bools, Floats, Index

# Settings of the sampler, chosen by the stored comparison with long chains (docs/calibration.md).
QUARTER_TURN = np.pi / 2  # in which a normal cloud forgets where it was
FIRST_ANGLE = QUARTER_TURN / 3  # of one step; adapted to the acceptance
ANGLES = (0.03, QUARTER_TURN / 2)
JITTER = (0.8, 1.2)
ACCEPT = 0.85
MOST_STEPS = 16
MOST_MOVES = 5
_RIDGE = 1e-3
_MISSED = 5.0  # what stand-ins miss counts in the regression up to this far from its median, in log-likelihood
_SHRINK = 0.05  # ridge of the regression, as a share of the draws


@dataclass(slots=True)
class Cloud:
    """Draws with their log density, the log-likelihood of the news in it, and the stand-ins' density and gradient."""

    z: Floats
    log_density: Floats
    log_news: Floats
    guide: Floats
    gradient: Floats

    def accept(self, other: Cloud, moved: Bools) -> None:
        """Take over the draws that moved."""
        for f in self.__slots__:
            getattr(self, f)[moved] = getattr(other, f)[moved]

    def chosen(self, some: Index) -> Cloud:
        """Some of the draws, of which any may come more than once."""
        return Cloud(*(getattr(self, f)[some] for f in self.__slots__))


@dataclass(frozen=True, slots=True)
class Target:
    """Prior times the likelihood ``before`` times that of the ``news``; and their stand-ins, for the gradients."""

    layout: Layout
    before: Likelihood | None
    news: Likelihood
    before_guide: Likelihood | None
    news_guide: Likelihood

    def guided(self, z: Floats, t: float) -> tuple[Floats, Floats, Floats]:
        """At coordinates z (draws, d), with the share ``t`` of the news: log prior and log density by the stand-ins,
        each (draws,), and the gradient of that, (draws, d)."""
        log_prior, d_prior = self.layout.log_density(z)
        terms = [(self.news_guide, t)]
        if self.before_guide is not None:
            terms.append((self.before_guide, 1.0))
        found, gradient = together(z, terms)
        with np.errstate(invalid="ignore"):
            guide = sum((weight * value for (_, weight), value in zip(terms, found, strict=True)), log_prior)
        return log_prior, guide, d_prior + gradient

    def at(self, z: Floats, t: float, guided: tuple[Floats, Floats, Floats] | None = None) -> Cloud:
        """A cloud at coordinates z (draws, d), with the share ``t`` of the news."""
        log_prior, guide, gradient = self.guided(z, t) if guided is None else guided
        values = self.layout.natural(z)
        log_news = self.news.value_of(values)
        log_density = log_prior + t * log_news
        if self.before is not None:
            log_density = log_density + self.before.value_of(values)
        return Cloud(z, log_density, log_news, guide, gradient)

    def later(self, cloud: Cloud, t: float, more: float) -> Cloud:
        """A cloud of draws that can explain the news, with ``more`` of the news, now the share ``t``."""
        _, guide, gradient = self.guided(cloud.z, t)
        return replace(cloud, log_density=cloud.log_density + more * cloud.log_news, guide=guide, gradient=gradient)


def metric_of(z: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Mean and lower Cholesky factor of the covariance of weighted draws."""
    mean = weights @ z
    centred = z - mean
    covariance = (centred * weights[:, None]).T @ centred
    return mean, np.asarray(np.linalg.cholesky(covariance + _RIDGE * np.eye(z.shape[1])), dtype=np.float64)


def move(
    cloud: Cloud,
    target: Target,
    t: float,
    metric: tuple[Floats, Floats],
    memory: float,
    angle: float,
    rng: np.random.Generator,
    most: int = MOST_MOVES,
) -> tuple[Cloud, int, float, float]:
    """Hamiltonian moves until the cloud has forgotten its start; returns it, moves, acceptance, next angle."""
    walk = _Walk(cloud, target, t, *metric)
    start = walk.y(cloud.z)
    used, acceptance = 0, 1.0
    while used < most:
        acceptance = walk.move(angle, rng)
        used += 1
        angle = float(np.clip(angle * np.exp(0.5 * (acceptance - ACCEPT)), *ANGLES))
        if _memory(start, walk.y(cloud.z)) < memory:
            break
    return cloud, used, acceptance, angle


def _memory(start: Floats, now: Floats) -> float:
    """Largest correlation of a coordinate with where it started."""
    a, b = start - start.mean(axis=0), now - now.mean(axis=0)
    return float(((a * b).sum(axis=0) / np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0))).max())


class _Walk:
    """Moves of a cloud in coordinates y, in which it is standard normal."""

    def __init__(self, cloud: Cloud, target: Target, t: float, mean: Floats, factor: Floats) -> None:
        self.cloud, self.target, self.t = cloud, target, t
        self.mean, self.factor = mean, factor
        self.inverse: Floats = np.asarray(np.linalg.inv(factor), dtype=np.float64)
        self.linear, self.square = _regression(self.y(cloud.z), cloud.log_density - cloud.guide)

    def y(self, z: Floats) -> Floats:
        """Coordinates in which the cloud is standard normal, (draws, d)."""
        return np.asarray((z - self.mean) @ self.inverse.T)

    def missed(self, y: Floats) -> Floats:
        """What the stand-ins are thought to miss at coordinates y, (draws,), up to a constant."""
        return np.asarray(y @ self.linear + (y**2) @ self.square)

    def force(self, gradient: Floats, y: Floats) -> Floats:
        """What pulls a draw beside the normal that is integrated exactly, (draws, d)."""
        return np.asarray(gradient @ self.factor + self.linear + (1 + 2 * self.square) * y)

    def move(self, angle: float, rng: np.random.Generator) -> float:
        """One move of every draw. Returns the acceptance that there would be if the stand-ins were right: it tells
        whether the steps are small enough."""
        cloud, target = self.cloud, self.target
        n, d = cloud.z.shape
        momentum = rng.standard_normal((n, d))
        turn = angle * rng.uniform(*JITTER, (n, 1))
        cosine, sine, half = np.cos(turn), np.sin(turn), 0.5 * turn
        y = self.y(cloud.z)
        begun = (momentum**2).sum(axis=1)
        guide = cloud.guide + self.missed(y)
        momentum += half * self.force(cloud.gradient, y)
        steps = min(round(QUARTER_TURN / angle), MOST_STEPS)
        for step in range(1, steps + 1):
            y, momentum = y * cosine + momentum * sine, momentum * cosine - y * sine
            z = self.mean + y @ self.factor.T
            guided = target.guided(z, self.t)
            momentum += (half if step == steps else turn) * self.force(guided[-1], y)
        proposal = target.at(z, self.t, guided)
        slower = 0.5 * (begun - (momentum**2).sum(axis=1))
        with np.errstate(invalid="ignore"):
            moved = rng.random(n) < _chance(proposal.log_density - cloud.log_density + slower)
            acceptance = float(_chance(proposal.guide + self.missed(y) - guide + slower).mean())
        cloud.accept(proposal, moved)
        return acceptance


def _chance(change: Floats) -> Floats:
    """Of taking a step that changes the log density by so much."""
    return np.exp(np.minimum(np.where(np.isnan(change), -np.inf, change), 0.0))


def _regression(y: Floats, missed: Floats) -> tuple[Floats, Floats]:
    """What the stand-ins miss, as a sum of a linear and a square term of each coordinate: both (d,)."""
    there = np.isfinite(missed)
    if not there.any():
        return np.zeros(y.shape[1]), np.zeros(y.shape[1])
    middle = float(np.median(missed[there]))
    aim = np.clip(missed[there] - middle, -_MISSED, _MISSED)
    x = np.hstack([y[there], y[there] ** 2 - 1])
    x -= x.mean(axis=0)
    found = np.linalg.solve(x.T @ x + _SHRINK * len(y) * np.eye(x.shape[1]), x.T @ (aim - aim.mean()))
    return found[: y.shape[1]], found[y.shape[1] :]
