"""Which sets of constants go with what was measured, where one simulation takes seconds: an emulator and its chains.

Sets of constants are simulated in waves. After each, every outcome is drawn as a linear function of the constants (ridge
regression, its strength by leaving one set out; what is left over counts as error of the emulator and of chance), from the
better half of all sets once there are two waves. The next sets are drawn from the posterior that follows from these
functions: a synthetic likelihood. Drawn they are by differential evolution Monte Carlo (ter Braak 2006, Stat Comput
16:239), one set from the end of each of many chains.
Every set that is kept has been simulated itself and has passed the bound on its own loss.

Constants are counted from the fitted value in standard deviations of the prior; outcomes in errors from what was
published.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from charley.vocabulary.arrays import Floats

RIDGES = tuple(10.0 ** np.arange(-2.0, 4.1, 0.5))
STEPS = 3000  # of a chain


@dataclass(frozen=True)
class Prior:
    """Independent normal distributions around ``middle``, cut at ``low`` and ``high``; all (constants,)."""

    middle: Floats
    sd: Floats
    low: Floats
    high: Floats

    def draw(self, count: int, narrowed: float, rng: np.random.Generator) -> Floats:
        """(count, constants) sets, with ``narrowed`` times the standard deviation, cut by drawing again."""
        drawn = self.middle + narrowed * self.sd * rng.standard_normal((count, len(self.middle)))
        while (outside := (drawn < self.low) | (drawn > self.high)).any():
            again = self.middle + narrowed * self.sd * rng.standard_normal(drawn.shape)
            drawn = np.where(outside, again, drawn)
        return drawn

    def scaled(self, sets: Floats) -> Floats:
        """Standard deviations from the middle."""
        return (sets - self.middle) / self.sd

    def log_density(self, scaled: Floats) -> Floats:
        """Up to a constant; minus infinity outside."""
        inside = (scaled >= (self.low - self.middle) / self.sd) & (scaled <= (self.high - self.middle) / self.sd)
        return np.where(inside.all(axis=-1), -0.5 * (scaled**2).sum(axis=-1), -np.inf)


@dataclass(frozen=True)
class Emulator:
    """Outcomes as linear functions of scaled constants: ``level`` and ``spread`` (outcomes,), ``slope`` (constants,
    outcomes). ``spread`` is the root mean square of what leaving one set out misses by."""

    level: Floats
    slope: Floats
    spread: Floats

    def log_likelihood(self, scaled: Floats, weight: Floats) -> Floats:
        """Of published outcomes, (sets,)."""
        z = self.level + scaled @ self.slope
        return -0.5 * (weight * z**2 / (1.0 + self.spread**2)).sum(axis=-1)


def emulate(scaled: Floats, z: Floats) -> Emulator:
    """From (sets, constants) and (sets, outcomes)."""
    middle, level = scaled.mean(axis=0), z.mean(axis=0)
    left, size, right = np.linalg.svd(scaled - middle, full_matrices=False)
    seen = left.T @ (z - level)
    best = np.full(z.shape[1], np.inf)
    slope = np.zeros((scaled.shape[1], z.shape[1]))
    for ridge in RIDGES:
        kept = size**2 / (size**2 + ridge)
        told = left @ (kept[:, None] * seen)
        leverage = np.minimum((left**2) @ kept + 1.0 / len(z), 0.999)
        missed = np.sqrt(np.mean(((z - level - told) / (1.0 - leverage)[:, None]) ** 2, axis=0))
        better = missed < best
        best = np.where(better, missed, best)
        slope[:, better] = (right.T @ ((size / (size**2 + ridge))[:, None] * seen))[:, better]
    return Emulator(level - middle @ slope, slope, best)


def draw(prior: Prior, emulator: Emulator, weight: Floats, count: int, rng: np.random.Generator) -> Floats:
    """(count, constants) sets from the emulated posterior, each the end of a chain of its own."""
    constants = len(prior.middle)
    chains = max(count + count % 2, 2 * constants + 2)  # differences between chains must span the constants
    at = prior.scaled(prior.draw(chains, 0.3, rng))

    def density(scaled: Floats) -> Floats:
        return prior.log_density(scaled) + emulator.log_likelihood(scaled, weight)

    known = density(at)
    halves = np.arange(chains) < chains // 2
    for step in range(STEPS):
        jump = 1.0 if step % 10 == 0 else 2.38 / np.sqrt(2.0 * constants)
        for moving in (halves, ~halves):  # each half by differences within the other, which stands still
            still = at[~moving]
            one, other = rng.integers(len(still), size=(2, int(moving.sum())))
            noise = 1e-3 * rng.standard_normal((int(moving.sum()), constants))
            tried = at[moving] + jump * (still[one] - still[other]) + noise
            found = density(tried)
            taken = np.log(rng.random(len(tried))) < found - known[moving]
            at[moving] = np.where(taken[:, None], tried, at[moving])
            known[moving] = np.where(taken, found, known[moving])
    return prior.middle + prior.sd * at[rng.permutation(chains)[:count]]


@dataclass(frozen=True)
class Simulated:
    """Sets that were simulated: (sets, constants), their outcomes (sets, outcomes), and the wave of each (sets,)."""

    sets: Floats
    z: Floats
    wave: Floats

    def loss(self, weight: Floats) -> Floats:
        """(sets,)"""
        return (weight * self.z**2).sum(axis=1)


Simulate = Callable[[int, Floats], Floats]  # number of a wave and its sets -> outcomes; keeps what it did


def posterior(
    prior: Prior,
    simulate: Simulate,
    weight: Floats,
    bound: float,
    wanted: int,
    waves: tuple[int, ...],
    after: tuple[int, ...],
    most: int = 10,
) -> tuple[Simulated, Floats]:
    """All sets that were simulated, and which of them are kept: those of the waves after ``waves``, whose sizes are for
    learning, with a loss up to ``bound``. Waves of sizes ``after``, the last again and again, follow until ``wanted`` are
    kept or ``most`` were run."""
    sets, z, wave = [], [], []
    for number in range(most):
        rng = np.random.default_rng([16, number])
        count = (*waves, *after)[number] if number < len(waves) + len(after) else after[-1]
        if number == 0:
            drawn = prior.draw(count, 0.5, rng)
        else:
            known, told = prior.scaled(np.concatenate(sets)), np.concatenate(z)
            loss = (weight * told**2).sum(axis=1)
            near = loss <= (
                np.median(loss) if number > 1 else np.inf
            )  # once there is enough: the better half bends less
            emulator = emulate(known[near], told[near])
            drawn = draw(prior, emulator, weight, count, rng)
        sets.append(drawn)
        z.append(simulate(number, drawn))
        wave.append(np.full(count, float(number)))
        done = Simulated(np.concatenate(sets), np.concatenate(z), np.concatenate(wave))
        kept = (done.wave >= len(waves)) & (done.loss(weight) <= bound)
        if kept.sum() >= wanted:
            break
    return done, kept
