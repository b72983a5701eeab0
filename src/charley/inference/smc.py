"""Moves of a cloud of draws on its way from one likelihood to another.

With few cramps a belief is a ridge ("either A is strong and B ordinary, or the other way round") with flat shoulders: a
normal approximation at its mode is wrong on exactly the question asked. A cloud of draws follows it (see
``sequential``). Moves are Hamiltonian with the cloud's own normal split off and integrated exactly, so that a quarter
turn gives a nearly independent draw with a few gradients (Shahbaba et al. 2014, doi:10.1007/s11222-012-9373-1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.inference.likelihood import Likelihood, together
from charley.inference.prior import Layout
from charley.vocabulary.arrays import Bools, Floats

# Settings of the sampler, chosen by the stored comparison with long chains (docs/calibration.md).
QUARTER_TURN = np.pi / 2  # in which a normal cloud forgets where it was
FIRST_ANGLE = QUARTER_TURN / 3  # of one step; adapted to the acceptance
ANGLES = (0.08, QUARTER_TURN / 2)
JITTER = (0.8, 1.2)
ACCEPT = 0.8
MOST_STEPS = 8
MOST_MOVES = 5
_RIDGE = 1e-3


@dataclass(slots=True)
class Cloud:
    """Draws with their log density and its gradient at one place of the way, and the log-likelihoods of its ends."""

    z: Floats
    log_density: Floats
    gradient: Floats
    log_from: Floats
    log_to: Floats

    def accept(self, other: Cloud, moved: Bools) -> None:
        """Take over the draws that moved."""
        for f in self.__slots__:
            getattr(self, f)[moved] = getattr(other, f)[moved]


@dataclass(frozen=True, slots=True)
class Way:
    """From the likelihood ``common`` times ``start`` to ``common`` times ``end`` (None: no data)."""

    layout: Layout
    common: Likelihood | None
    start: Likelihood | None
    end: Likelihood

    def at(self, z: Floats, t: float) -> Cloud:
        """A cloud at coordinates z (draws, d), for a walk at ``t`` of the way: the start is left out at its end."""
        log_prior, d_prior = self.layout.log_density(z)
        terms = [(self.end, t)]
        if self.start is not None and t < 1:
            terms.append((self.start, 1 - t))
        if self.common is not None:
            terms.append((self.common, 1.0))
        found, gradient = together(z, terms)
        log_from = found[1] if self.start is not None and t < 1 else np.zeros(len(z))
        with np.errstate(invalid="ignore"):
            log_density = sum((weight * value for (_, weight), value in zip(terms, found, strict=True)), log_prior)
        return Cloud(z, log_density, d_prior + gradient, log_from, found[0])


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
    most: int = MOST_MOVES,
) -> tuple[Cloud, int, float, float]:
    """Hamiltonian moves until the cloud has forgotten its start; returns it, moves, acceptance, next angle."""
    mean, factor = metric
    inverse: Floats = np.asarray(np.linalg.inv(factor), dtype=np.float64)
    start = (cloud.z - mean) @ inverse.T
    used, acceptance = 0, 1.0
    while used < most:
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
    gradient = cloud.gradient
    energy = -cloud.log_density + 0.5 * (momentum**2).sum(axis=1)
    y = (cloud.z - mean) @ inverse.T
    proposal = cloud
    for _ in range(min(round(QUARTER_TURN / angle), MOST_STEPS)):
        momentum = momentum + 0.5 * turn * (gradient @ factor + y)
        y, momentum = y * cosine + momentum * sine, momentum * cosine - y * sine
        proposal = way.at(mean + y @ factor.T, t)
        gradient = proposal.gradient
        momentum = momentum + 0.5 * turn * (gradient @ factor + y)
    with np.errstate(over="ignore", invalid="ignore"):
        change = energy - (-proposal.log_density + 0.5 * (momentum**2).sum(axis=1))
        chance = np.exp(np.minimum(np.where(np.isnan(change), -np.inf, change), 0.0))
    cloud.accept(proposal, rng.random(n) < chance)
    return float(chance.mean())
