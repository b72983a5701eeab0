"""Draws of a runner's level given what shows it, by chains that walk side by side for many runs at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from charley.body.level_curve import Level, level_at, log_speed
from charley.evidence import parameters
from charley.evidence.numbers.body import BodyNumbers
from charley.vocabulary.arrays import Floats

CHAINS = 200  # least number of chains that learn from each other
WALK = 160  # steps of each chain; the posterior of three numbers is reached within about 60


@dataclass(frozen=True, slots=True)
class Shown:
    """What shows a runner's level: speeds that were run over distances, and critical speed by heart rate (draws,).

    How far the curve of capacity may lie below and above a speed that was run is its log SD; a proof bounds the curve
    from below alone, so that its ``below_sd`` is infinite.
    """

    distance_m: Floats
    speed_m_s: Floats
    below_sd: Floats
    above_sd: Floats
    heart_m_s: Floats | None = None


def draw_levels(
    field_log_speed: Floats, shown: Sequence[Shown], rng: np.random.Generator, n: BodyNumbers
) -> list[Level]:
    """Draws of critical speed, reserve and steepness given the field and what was shown, for each of ``shown``.

    All take the same random numbers and stand side by side, (3, shown, chains): as many cost little more than one.
    """
    draws = field_log_speed.shape[0]
    chains = max(draws + draws % 2, CHAINS)
    centre, fastest = np.resize(field_log_speed, chains), np.log(n.critical_speed_limit_m_s)
    rows = parameters("body")
    cs, dp = rows["critical_speed_m_s"], rows["d_prime_m"]
    log_reserve = np.log(n.d_prime_m)
    cs_sd, dp_sd = cs.log_sd, dp.log_sd
    field = np.stack(
        [
            centre + cs_sd * np.clip(rng.standard_normal(chains), -3.0, 3.0),
            log_reserve + dp_sd * np.clip(rng.standard_normal(chains), -3.0, 3.0),
            np.clip(rng.standard_normal(chains), -3.0, 3.0),
        ]
    )
    telling = [i for i, s in enumerate(shown) if s.distance_m.size or s.heart_m_s is not None]
    evidence = _Evidence.of([shown[i] for i in telling], chains, n)

    def levels(x: Floats) -> Level:
        return level_at(np.exp(x[0]), np.exp(x[1]), x[2], n)

    def log_target(x: Floats, half: slice) -> Floats:
        prior = -0.5 * (((x[0] - centre[half]) / cs_sd) ** 2 + ((x[1] - log_reserve) / dp_sd) ** 2 + x[2] ** 2)
        # No person's level lies beyond these; a file that shows more is no run, or not on foot.
        human = (x[0] < fastest) & (np.abs(x[1] - log_reserve) < 4 * dp_sd) & (np.abs(x[2]) < 4)
        return np.where(human, prior, -np.inf) + evidence.log_likelihood(levels(x), half)

    found = [levels(field[:, :draws])] * len(shown)
    if telling:
        walked = _walk(np.repeat(field[:, None], len(telling), axis=1), log_target, rng)
        for place, i in enumerate(telling):
            found[i] = levels(walked[:, place, :draws])
    return found


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Several things that show a level, side by side; what one has fewer of than another weighs nothing (1/SD = 0)."""

    distance_m: Floats  # (points, shown, 1), as are the next three
    log_m_s: Floats
    below: Floats  # 1/SD
    above: Floats
    log_heart: Floats  # (shown, chains)
    heart: Floats  # (shown, 1), 1/SD

    @staticmethod
    def of(shown: Sequence[Shown], chains: int, n: BodyNumbers) -> _Evidence:
        """Filled up to the most points of any."""
        most = max((s.distance_m.size for s in shown), default=0)

        def filled(values: Callable[[Shown], Floats], fill: float) -> Floats:
            rows = [np.pad(values(s), (0, most - s.distance_m.size), constant_values=fill) for s in shown]
            return np.array(rows).reshape(len(shown), most).T[:, :, None]

        hearts = [np.ones(1) if s.heart_m_s is None else s.heart_m_s for s in shown]
        return _Evidence(
            distance_m=filled(lambda s: s.distance_m, 1.0),
            log_m_s=filled(lambda s: np.log(s.speed_m_s), 0.0),
            below=filled(lambda s: 1.0 / s.below_sd, 0.0),
            above=filled(lambda s: 1.0 / s.above_sd, 0.0),
            log_heart=np.array([np.log(np.resize(h, chains)) for h in hearts]).reshape(len(shown), chains),
            heart=np.array([[0.0 if s.heart_m_s is None else 1.0 / n.heart_rate_level_sd] for s in shown]),
        )

    def log_likelihood(self, level: Level, chains: slice) -> Floats:
        """Of each level, (shown, chains)."""
        excess = self.log_m_s - log_speed(self.distance_m, level)
        misses = ((excess * np.where(excess > 0, self.above, self.below)) ** 2).sum(axis=0)
        heart = (np.log(level.critical_speed_m_s) - self.log_heart[:, chains]) * self.heart
        return np.asarray(-0.5 * (misses + heart**2))


def _walk(start: Floats, log_target: Callable[[Floats, slice], Floats], rng: np.random.Generator) -> Floats:
    """Metropolis chains, (dimensions, targets, chains), that step by the differences of the other half's chains.

    Notes: differential evolution Markov chains (ter Braak 2006), two halves in turn, so that a half's proposal does
    not depend on itself. Every target has the same random numbers: what it comes to hangs on no other.
    """
    dimensions, _, n = start.shape
    halves = (slice(0, n // 2), slice(n // 2, n))
    x = start.copy()
    density = [log_target(x[..., half], half) for half in halves]
    for step in range(WALK):
        # Now and then a full stride, so that chains can change places between ridges.
        gain = 1.0 if step % 10 == 9 else 2.38 / np.sqrt(2 * dimensions)
        for own, other in ((0, 1), (1, 0)):
            mine, theirs = x[..., halves[own]], x[..., halves[other]]
            size, pool = mine.shape[-1], theirs.shape[-1]
            first = rng.integers(pool, size=size)
            second = (first + rng.integers(1, pool, size=size)) % pool
            jitter = 1e-4 * rng.standard_normal((dimensions, 1, size))
            proposed = mine + gain * (theirs[..., first] - theirs[..., second]) + jitter
            found = log_target(proposed, halves[own])
            taken = np.log(rng.random(size)) < found - density[own]
            x[..., halves[own]] = np.where(taken, proposed, mine)
            density[own] = np.where(taken, found, density[own])
    return x
