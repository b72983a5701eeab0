"""Tempered sequential Monte Carlo: draws walk from the prior to the posterior in a few steps.

With few cramps the posterior is a ridge ("either A is strong and B ordinary, or the other way round") with flat
shoulders: a normal approximation at its mode is wrong on exactly the question asked. A cloud of draws that starts in
the prior and is reweighted, resampled and moved follows it, and because a few cramps carry little information two to
six temperatures suffice (Del Moral et al. 2006, doi:10.1111/j.1467-9868.2006.00553.x).

Moves are Hamiltonian with the cloud's own normal split off and integrated exactly, so that a quarter turn gives a
nearly independent draw with three gradients (Shahbaba et al. 2014, doi:10.1007/s11222-012-9373-1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from charley.learning.compress import CompressedRun, features_of, group_quiet_runs
from charley.learning.design import FactorTable
from charley.learning.likelihood import Likelihood
from charley.learning.posterior import Effort, Posterior, systematic
from charley.learning.prior import Layout, RunnerPrior

Floats = NDArray[np.float64]

# Settings of the sampler, chosen by the stored comparison with long chains (docs/calibration.md).
ESS_TARGET = 0.5  # effective share of the draws after each step of temperature
QUARTER_TURN = np.pi / 2
STEPS = 3  # gradients a move
MOST_MOVES = 8
MEMORY = 0.4  # moves go on until every coordinate has forgotten its start to this correlation ...
LAST_MEMORY = 0.15  # ... and to this one at the last temperature
_RIDGE = 1e-3


@dataclass(slots=True)
class Cloud:
    """Draws with the log-likelihood and the log prior, and their gradients."""

    z: Floats
    log_likelihood: Floats
    d_likelihood: Floats
    log_prior: Floats
    d_prior: Floats

    @classmethod
    def at(cls, z: Floats, likelihood: Likelihood, layout: Layout) -> Cloud:
        """A cloud at coordinates z (draws, d)."""
        return cls(z, *likelihood.value_and_gradient(z), *layout.log_density(z))

    def taken(self, chosen: NDArray[np.intp]) -> Cloud:
        """The draws of these indices, in a cloud of their own."""
        return Cloud(*(getattr(self, f)[chosen] for f in self.__slots__))

    def tempered(self, temperature: float) -> tuple[Floats, Floats]:
        """Log density and gradient with the likelihood raised to ``temperature``."""
        return self.log_prior + temperature * self.log_likelihood, self.d_prior + temperature * self.d_likelihood

    def accept(self, other: Cloud, moved: NDArray[np.bool_]) -> None:
        """Take over the draws that moved."""
        for f in self.__slots__:
            getattr(self, f)[moved] = getattr(other, f)[moved]


def fit(
    runs: Sequence[CompressedRun],
    table: FactorTable,
    prior: RunnerPrior,
    draws: int = 1000,
    seed: int = 0,
    *,
    group: bool = True,
) -> Posterior:
    """Posterior of one runner from all their runs (see ``compress.compress``). Same inputs and seed, same draws.

    ``group``: let alike runs without a cramp stand for each other, which costs a log-likelihood error of about 0.01.
    """
    newest = max((r.time_y for r in runs), default=0.0)
    layout = Layout(table, prior, features_of(runs, prior))
    rows = group_quiet_runs(runs, layout, newest) if group else list(runs)
    likelihood = Likelihood(rows, layout, newest, answered=runs)
    z, log_evidence, effort = sample(likelihood, layout, draws, np.random.default_rng(seed))
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
    likelihood: Likelihood, layout: Layout, draws: int, rng: np.random.Generator
) -> tuple[Floats, float, Effort]:
    """Draws (draws, d) of the posterior, the log evidence, and what it took."""
    cloud = Cloud.at(layout.draw(draws, rng), likelihood, layout)
    temperature, log_evidence, stages, moves, acceptance, angle = 0.0, 0.0, 0, 0, 1.0, QUARTER_TURN / STEPS
    while temperature < 1.0:
        step = _step(cloud.log_likelihood, 1.0 - temperature)
        weights = np.exp(step * (cloud.log_likelihood - cloud.log_likelihood.max()))
        log_evidence += float(np.log(weights.mean()) + step * cloud.log_likelihood.max())
        weights /= weights.sum()
        temperature = 1.0 if step >= 1.0 - temperature else temperature + step
        metric = metric_of(cloud.z, weights)
        cloud = cloud.taken(systematic(weights, draws, rng))
        memory = LAST_MEMORY if temperature == 1.0 else MEMORY
        cloud, used, acceptance, angle = move(cloud, likelihood, layout, temperature, metric, memory, angle, rng)
        stages, moves = stages + 1, moves + used
    return cloud.z, log_evidence, Effort(stages, moves, acceptance)


def _step(log_likelihood: Floats, most: float) -> float:
    """Largest step of temperature that keeps the effective share of the draws at the target."""
    relative = log_likelihood - log_likelihood.max()

    def share(step: float) -> float:
        w = np.exp(step * relative)
        return float(w.sum() ** 2 / (w @ w) / w.size)

    if share(most) >= ESS_TARGET:
        return most
    low, high = 0.0, most
    while high - low > 0.01 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if share(middle) > ESS_TARGET else (low, middle)
    return low or high


def metric_of(z: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Mean and lower Cholesky factor of the covariance of weighted draws."""
    mean = weights @ z
    centred = z - mean
    covariance = (centred * weights[:, None]).T @ centred
    return mean, np.asarray(np.linalg.cholesky(covariance + _RIDGE * np.eye(z.shape[1])), dtype=np.float64)


def move(
    cloud: Cloud,
    likelihood: Likelihood,
    layout: Layout,
    temperature: float,
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
        acceptance = _hamiltonian(cloud, likelihood, layout, temperature, mean, factor, inverse, angle, rng)
        used += 1
        wanted = 0.85
        angle = float(np.clip(angle * np.exp(0.5 * (acceptance - wanted)), 0.1, QUARTER_TURN / STEPS * 1.2))
        if _memory(start, (cloud.z - mean) @ inverse.T) < memory:
            break
    return cloud, used, acceptance, angle


def _memory(start: Floats, now: Floats) -> float:
    """Largest correlation of a coordinate with where it started."""
    a, b = start - start.mean(axis=0), now - now.mean(axis=0)
    return float(((a * b).sum(axis=0) / np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0))).max())


def _hamiltonian(
    cloud: Cloud,
    likelihood: Likelihood,
    layout: Layout,
    temperature: float,
    mean: Floats,
    factor: Floats,
    inverse: Floats,
    angle: float,
    rng: np.random.Generator,
) -> float:
    """One move of every draw, in coordinates y in which the cloud is standard normal. Returns the acceptance."""
    n, d = cloud.z.shape
    momentum = rng.standard_normal((n, d))
    turn = angle * rng.uniform(0.8, 1.2, (n, 1))
    cosine, sine = np.cos(turn), np.sin(turn)
    log_start, gradient = cloud.tempered(temperature)
    energy = -log_start + 0.5 * (momentum**2).sum(axis=1)
    y = (cloud.z - mean) @ inverse.T
    proposal = cloud
    for _ in range(STEPS):
        momentum = momentum + 0.5 * turn * (gradient @ factor + y)
        y, momentum = y * cosine + momentum * sine, momentum * cosine - y * sine
        proposal = Cloud.at(mean + y @ factor.T, likelihood, layout)
        log_end, gradient = proposal.tempered(temperature)
        momentum = momentum + 0.5 * turn * (gradient @ factor + y)
    with np.errstate(over="ignore", invalid="ignore"):
        change = energy - (-log_end + 0.5 * (momentum**2).sum(axis=1))
        chance = np.exp(np.minimum(np.where(np.isnan(change), -np.inf, change), 0.0))
    cloud.accept(proposal, rng.random(n) < chance)
    return float(chance.mean())
