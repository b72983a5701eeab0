"""Tempered sequential Monte Carlo: draws walk from the prior to the posterior in a few steps.

With few cramps the posterior is a ridge ("either A is strong and B ordinary, or the other way round") with flat
shoulders: a normal approximation at its mode is wrong on exactly the question asked. A cloud of draws that starts in
the prior and is reweighted, resampled and moved follows it, and because a few cramps carry little information two to
six temperatures suffice (Del Moral et al. 2006, doi:10.1111/j.1467-9868.2006.00553.x).

Most of the way is walked on a coarse stand-in for the log (large groups of runs, few rows, one body a run); the last
step goes from it to the log itself and reweights, so that the stand-in costs nothing but time if it is poor.

Moves are Hamiltonian with the cloud's own normal split off and integrated exactly, so that a quarter turn gives a
nearly independent draw with a few gradients (Shahbaba et al. 2014, doi:10.1007/s11222-012-9373-1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from charley.inference.compress import CompressedRun, features_of
from charley.inference.design import FactorTable
from charley.inference.likelihood import Likelihood
from charley.inference.pooling import at_probes, coarsened, pooled
from charley.inference.posterior import Effort, Posterior, systematic
from charley.inference.prior import Layout, RunnerPrior
from charley.vocabulary.arrays import Bools, Floats, Index

# Settings of the sampler, chosen by the stored comparison with long chains (docs/calibration.md).
ESS_TARGET = 0.85  # effective share of the draws after each step of temperature: small steps keep rare modes' share
STAND_IN_ESS_TARGET = 0.6  # ... after a step from the stand-in to the log itself, where each costs more
QUARTER_TURN = np.pi / 2  # in which a normal cloud forgets where it was
FIRST_ANGLE = QUARTER_TURN / 3  # of one step; adapted to the acceptance
ANGLES = (0.08, QUARTER_TURN / 2)
JITTER = (0.8, 1.2)
ACCEPT = 0.8
MOST_STEPS = 8
MOST_MOVES = 8
MEMORY = 0.6  # moves go on until every coordinate has forgotten its start to this correlation ...
LAST_MEMORY = 0.15  # ... and to this one at the last temperature of the stand-in
STAND_IN_MEMORY = 0.7  # ... and to this one on the log itself, after its stand-in
STAND_IN_SHARE = 0.1  # of the draws, effective: below it the stand-in is given up
WORTH_A_STAND_IN = 1.5  # rows of the log for each of the stand-in's
_RIDGE = 1e-3


@dataclass(slots=True)
class Cloud:
    """Draws with their log prior, and the log-likelihoods between which they are on the way; all with gradients."""

    z: Floats
    log_prior: Floats
    d_prior: Floats
    log_from: Floats
    d_from: Floats
    log_to: Floats
    d_to: Floats

    def taken(self, chosen: Index) -> Cloud:
        """The draws of these indices, in a cloud of their own."""
        return Cloud(*(getattr(self, f)[chosen] for f in self.__slots__))

    def tempered(self, t: float) -> tuple[Floats, Floats]:
        """Log density and gradient at ``t`` of the way."""
        log_density = self.log_prior + (1 - t) * self.log_from + t * self.log_to
        return log_density, self.d_prior + (1 - t) * self.d_from + t * self.d_to

    def accept(self, other: Cloud, moved: Bools) -> None:
        """Take over the draws that moved."""
        for f in self.__slots__:
            getattr(self, f)[moved] = getattr(other, f)[moved]


@dataclass(frozen=True, slots=True)
class Way:
    """From the likelihood ``start`` (None: no data) to ``end``."""

    layout: Layout
    start: Likelihood | None
    end: Likelihood

    def at(self, z: Floats, t: float) -> Cloud:
        """A cloud at coordinates z (draws, d), for a walk at ``t`` of the way: the start is left out at its end."""
        none = np.zeros(len(z)), np.zeros_like(z)
        leaving = self.start.value_and_gradient(z) if self.start is not None and t < 1 else none
        return Cloud(z, *self.layout.log_density(z), *leaving, *self.end.value_and_gradient(z))


def fit(
    runs: Sequence[CompressedRun],
    table: FactorTable,
    prior: RunnerPrior,
    draws: int = 1000,
    seed: int = 0,
    *,
    pool: bool = True,
) -> Posterior:
    """Posterior of one runner from all their runs (see ``compress.compress``). Same inputs and seed, same draws.

    ``pool``: let alike runs without a cramp stand for each other, which costs a log-likelihood error of about 0.01.
    """
    newest = max((r.time_y for r in runs), default=0.0)
    layout = Layout(table, prior, features_of(runs, prior))
    seen = at_probes(runs, layout, newest)
    rows = pooled(runs, layout, newest, seen=seen) if pool else list(runs)
    stages = [Likelihood(rows, layout, newest, answered=runs)]
    stand_in = Likelihood(coarsened(runs, layout, newest, seen=seen), layout, newest, answered=runs)
    if stages[0].rows > WORTH_A_STAND_IN * stand_in.rows:
        stages.insert(0, stand_in)
    z, log_evidence, effort = sample(stages, layout, draws, np.random.default_rng(seed))
    return Posterior(
        layout=layout,
        z=z,
        log_weights=np.zeros(draws),
        newest_y=newest,
        log_evidence=log_evidence,
        runs=sum(r.copies for r in runs),
        cramps=sum(r.cramped for r in runs),
        effort=effort,
    )


def sample(
    stages: Sequence[Likelihood], layout: Layout, draws: int, rng: np.random.Generator
) -> tuple[Floats, float, Effort]:
    """Draws (draws, d) from the prior through each stage to the last; the last one's log evidence; what it took.

    A stand-in whose draws the log itself hardly bears out (few rows cannot follow a very steep sensitivity) is given
    up, and the way begun again without it.
    """
    z, log_evidence, steps, moves, acceptance, angle = layout.draw(draws, rng), 0.0, 0, 0, 1.0, FIRST_ANGLE
    for before, after in zip((None, *stages[:-1]), stages, strict=True):
        way, t = Way(layout, before, after), 0.0
        cloud = way.at(z, t)
        while t < 1.0:
            gain = cloud.log_to - cloud.log_from
            if before is not None and t == 0.0 and _share(gain, 1.0) < STAND_IN_SHARE:
                return sample([after], layout, draws, rng)
            step = _step(gain, 1.0 - t, ESS_TARGET if before is None else STAND_IN_ESS_TARGET)
            top = gain.max()
            weights = np.exp(step * (gain - top))
            log_evidence += float(np.log(weights.mean()) + step * top)
            weights /= weights.sum()
            t = 1.0 if step >= 1.0 - t else t + step
            metric = metric_of(cloud.z, weights)
            cloud = cloud.taken(systematic(weights, draws, rng))
            memory = MEMORY if t < 1.0 else LAST_MEMORY if before is None else STAND_IN_MEMORY
            cloud, used, acceptance, angle = move(cloud, way, t, metric, memory, angle, rng)
            steps, moves = steps + 1, moves + used
        z = cloud.z
    return z, log_evidence, Effort(steps, moves, acceptance)


def _share(gain: Floats, step: float) -> float:
    """Effective share of the draws after a step."""
    top = gain.max()
    if not np.isfinite(top):
        return 0.0
    w = np.exp(step * (gain - top))
    return float(w.sum() ** 2 / (w @ w) / w.size)


def _step(gain: Floats, most: float, share: float) -> float:
    """Largest step of temperature that keeps this effective share of the draws that are possible at the target."""
    possible = float(np.isfinite(gain).mean())
    if possible == 0.0:
        raise ValueError("no draw of the prior can explain this log: a report contradicts its run")
    target = share * possible
    if _share(gain, most) >= target:
        return most
    low, high = 0.0, most
    while high - low > 0.01 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if _share(gain, middle) > target else (low, middle)
    return low or high


def metric_of(z: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Mean and lower Cholesky factor of the covariance of weighted draws."""
    mean = weights @ z
    centred = z - mean
    covariance = (centred * weights[:, None]).T @ centred
    return mean, np.asarray(np.linalg.cholesky(covariance + _RIDGE * np.eye(z.shape[1])), dtype=np.float64)


def move(
    cloud: Cloud,
    way: Way,
    t: float,
    metric: tuple[Floats, Floats],
    memory: float,
    angle: float,
    rng: np.random.Generator,
) -> tuple[Cloud, int, float, float]:
    """Hamiltonian moves until the cloud has forgotten its start; returns it, moves, acceptance, next angle."""
    mean, factor = metric
    inverse: Floats = np.asarray(np.linalg.inv(factor), dtype=np.float64)
    start = (cloud.z - mean) @ inverse.T
    used, acceptance = 0, 1.0
    while used < MOST_MOVES:
        acceptance = _hamiltonian(cloud, way, t, mean, factor, inverse, angle, rng)
        used += 1
        angle = float(np.clip(angle * np.exp(0.5 * (acceptance - ACCEPT)), *ANGLES))
        if _memory(start, (cloud.z - mean) @ inverse.T) < memory:
            break
    return cloud, used, acceptance, angle


def _memory(start: Floats, now: Floats) -> float:
    """Largest correlation of a coordinate with where it started."""
    a, b = start - start.mean(axis=0), now - now.mean(axis=0)
    return float(((a * b).sum(axis=0) / np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0))).max())


def _hamiltonian(
    cloud: Cloud,
    way: Way,
    t: float,
    mean: Floats,
    factor: Floats,
    inverse: Floats,
    angle: float,
    rng: np.random.Generator,
) -> float:
    """One move of every draw, in coordinates y in which the cloud is standard normal. Returns the acceptance."""
    n, d = cloud.z.shape
    momentum = rng.standard_normal((n, d))
    turn = angle * rng.uniform(*JITTER, (n, 1))
    cosine, sine = np.cos(turn), np.sin(turn)
    log_start, gradient = cloud.tempered(t)
    energy = -log_start + 0.5 * (momentum**2).sum(axis=1)
    y = (cloud.z - mean) @ inverse.T
    proposal = cloud
    for _ in range(min(round(QUARTER_TURN / angle), MOST_STEPS)):
        momentum = momentum + 0.5 * turn * (gradient @ factor + y)
        y, momentum = y * cosine + momentum * sine, momentum * cosine - y * sine
        proposal = way.at(mean + y @ factor.T, t)
        log_end, gradient = proposal.tempered(t)
        momentum = momentum + 0.5 * turn * (gradient @ factor + y)
    with np.errstate(over="ignore", invalid="ignore"):
        change = energy - (-log_end + 0.5 * (momentum**2).sum(axis=1))
        chance = np.exp(np.minimum(np.where(np.isnan(change), -np.inf, change), 0.0))
    cloud.accept(proposal, rng.random(n) < chance)
    return float(chance.mean())
