"""How many runners a trial needs to see a change: by formula, and by trials that are run on virtual runners.

In a parallel trial each runner has the change or not; in a crossover each runs once with it and once without, in random
order. People differ, so the crossover needs fewer, and one runner's own trial depends on who it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.optimize import brentq

from charley.cohort.field import field_text
from charley.cohort.simulate import outcomes_of
from charley.evidence.numbers.cohort import COHORT
from charley.evidence.numbers.learning import LEARNING
from charley.inference.trial import evidence, randomised_arms, runs_an_arm
from charley.vocabulary.arrays import Bools, Floats
from charley.vocabulary.errors import UsageError
from charley.vocabulary.normal import Z_800, Z_975
from charley.vocabulary.trial_design import OneRunner, Size, SmallTrial, TrialDesign

FIELD, RUNNERS = "mild-marathon", 2000
TRIALS = 2000  # the standard error of a power of 0.8 is then 0.009
ALPHA, POWER = 0.05, 0.8
MOST = 200_000  # runners: beyond that nobody runs a trial
SMALL = (10, 15, 20, 50, 100)  # runners an arm
OWN_TRIALS, OWN_RUNS = 300, (12, 60)
_RANGES = {"effect": (0.05, 3.0), "base": (0.01, 0.9), "missed": (0.0, 0.9)}


@dataclass(frozen=True, slots=True)
class Pool:
    """Virtual runners and their chances of a cramp in a race, without the change and with it, (runners,)."""

    without: Floats
    with_it: Floats

    @property
    def discordant(self) -> tuple[float, float]:
        """How many cramp in the one race alone: without the change, and with it."""
        first = float((self.without * (1 - self.with_it)).mean())
        return first, float((self.with_it * (1 - self.without)).mean())


def pool_of(effect: float, base: float, seed: int = 1) -> Pool:
    """The mild field's people, scaled so that ``base`` of them cramp, and ``effect`` times as many with the change.

    The change multiplies everybody's hazard alike; what it does to the chance then differs from person to person.
    """
    hazard = _hazards(seed)

    def chance(log_factor: float) -> Floats:
        return np.asarray(-np.expm1(-hazard * np.exp(log_factor)))

    def scaled(to: float) -> Floats:
        return chance(brentq(lambda x: float(chance(x).mean()) - to, -12.0, 12.0))

    return Pool(scaled(base), scaled(effect * base))


@cache
def _hazards(seed: int) -> Floats:
    """Cumulative hazards of the mild field's people, (RUNNERS,)."""
    chance = outcomes_of(field_text(FIELD)[0], seed, 0, RUNNERS).chance
    return np.asarray(-np.log1p(-np.minimum(chance, _SURE)))


def check(effect: float, base: float, missed: float) -> None:
    """Raises UsageError (trial-impossible) for rates that cannot be, or a change that changes nothing."""
    for name, value in (("effect", effect), ("base", base), ("missed", missed)):
        low, high = _RANGES[name]
        if not low <= value <= high:  # also for NaN
            raise UsageError("trial-impossible", f"{value:g}; possible is {low:g} to {high:g}", f"--{name}")
    if effect * base >= 0.95:
        raise UsageError("trial-impossible", f"{effect:g} times {base:g} is more than nearly everybody", "--effect")
    if runs_an_arm(base, effect * base) > MOST:
        found = f"a change of {base:g} to {effect * base:g} takes more than {MOST:,d} runners an arm"
        raise UsageError("trial-impossible", found, "--effect")


def design(
    change: str,
    label: str,
    limits: tuple[str, ...],
    slow: bool,
    effect: float,
    base: float,
    missed: float = COHORT.report_missed,
    seed: int = 1,
) -> TrialDesign:
    """The whole design. Raises UsageError (trial-impossible)."""
    check(effect, base, missed)
    pool, rng = pool_of(effect, base, seed), np.random.default_rng(np.random.SeedSequence([seed, 16]))
    arm, pairs = runs_an_arm(base, effect * base), pairs_needed(*pool.discordant)

    def seen(test: Callable[[Pool, int, np.random.Generator], Bools]) -> Callable[[int], float]:
        return lambda n: float(test(pool, n, rng).mean())

    return TrialDesign(
        change=change,
        label=label,
        effect=effect,
        base=base,
        alpha=ALPHA,
        power=POWER,
        missed=missed,
        parallel=_size(arm, seen(parallel_trials), 1 - missed),
        crossover=_size(pairs, seen(crossover_trials), (1 - missed) ** 2),  # both reports must come
        small=tuple(SmallTrial(n, seen(parallel_trials)(n)) for n in SMALL),
        one_runner=_one_runner(pool, effect, seed),
        limits=limits,
        slow=slow,
        runners=RUNNERS,
        simulated_trials=TRIALS,
        seed=seed,
    )


def pairs_needed(less: float, more: float) -> float:
    """Runners who run twice, for a power of 0.8 in McNemar's test at 5 in 100, both sides, given how many cramp in the
    one race alone (``less``) and in the other alone (``more``).

    References: Connor 1987, Biometrics 43:207, doi:10.2307/2531961.
    """
    total, difference = less + more, less - more
    spread = Z_975 * np.sqrt(total) + Z_800 * np.sqrt(total - difference**2)
    return float(np.ceil((spread / difference) ** 2))


def parallel_trials(pool: Pool, an_arm: int, rng: np.random.Generator) -> Bools:
    """Which of many trials see a difference: two proportions, pooled, 5 in 100, both sides, (TRIALS,)."""
    events = []
    for chances in (pool.without, pool.with_it):
        # people are drawn one by one, so an arm's count is that of its runners' own luck
        counts = np.zeros(TRIALS)
        for begin in range(0, an_arm, _PART):
            some = (TRIALS, min(_PART, an_arm - begin))
            counts += (rng.random(some) < chances[rng.integers(chances.size, size=some)]).sum(axis=1)
        events.append(counts / an_arm)
    middle = (events[0] + events[1]) / 2
    error = np.sqrt(np.maximum(2 * middle * (1 - middle) / an_arm, 1e-300))
    return np.asarray(np.abs(events[0] - events[1]) > Z_975 * error)


def crossover_trials(pool: Pool, runners: int, rng: np.random.Generator) -> Bools:
    """Which of many crossovers see a difference, by McNemar's test, (TRIALS,)."""
    less, more = np.zeros(TRIALS), np.zeros(TRIALS)
    for begin in range(0, runners, _PART):
        some = (TRIALS, min(_PART, runners - begin))
        who = rng.integers(pool.without.size, size=some)
        one, other = (rng.random(some) < chances[who] for chances in (pool.without, pool.with_it))
        less += (one & ~other).sum(axis=1)
        more += (other & ~one).sum(axis=1)
    return np.asarray(np.abs(less - more) > Z_975 * np.sqrt(np.maximum(less + more, 1e-300)))


_SURE = 1.0 - 1e-9  # nobody's hazard is infinite
_PART = 500  # runners of an arm that are drawn at once: memory stays small


def _size(formula: float, power_at: Callable[[int], float], reported: float) -> Size:
    """The formula's size, and the one at which the simulated trials reach the power: by secant on the square root.

    Power rises with the root of the size, so that one or two steps suffice.
    """
    size, power = int(formula), power_at(int(formula))
    for _ in range(_STEPS):
        if abs(power - POWER) < _NEAR:
            break
        wanted = (Z_975 + Z_800) / max(Z_975 + _quantile(power), 0.5)
        size = max(round(size * float(wanted) ** 2), 2)
        power = power_at(size)
    return Size(formula, size, power, int(np.ceil(size / reported)))


_STEPS, _NEAR = 3, 0.012


def _quantile(power: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(min(max(power, 0.01), 0.99)))


def _one_runner(pool: Pool, effect: float, seed: int) -> tuple[OneRunner, ...]:
    """Runners of several kinds, each on their own."""
    order = np.argsort(pool.without)
    kinds = {"middle": order[order.size // 2], "prone": order[int(0.9 * order.size)]}
    chances = {who: (float(pool.without[i]), float(pool.with_it[i])) for who, i in kinds.items()}
    for who, chance in (("every_other", 0.5), ("nearly_always", 0.9)):
        chances[who] = (chance, effect * chance) if effect * chance < 1 else (chance, 1.0)
    return tuple(
        OneRunner(who, one, runs_an_arm(one, other), told_by(one, other, seed)) for who, (one, other) in chances.items()
    )


def told_by(without: float, with_it: float, seed: int) -> tuple[tuple[int, float], ...]:
    """How often a runner's own races, in random order, have told by so many runs: ``charley try`` has the same rule."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, 17]))
    most = max(OWN_RUNS)
    first = np.full(OWN_TRIALS, np.inf)
    for k in range(OWN_TRIALS):
        arms = randomised_arms(most, int(rng.integers(2**31)))
        luck = rng.random(most)
        runs = [(on, bool(u < (with_it if on else without))) for on, u in zip(arms, luck, strict=True)]
        for end in range(4, most + 1, 4):  # looked at after every block
            if evidence(runs[:end]) >= LEARNING.trial_evidence:
                first[k] = end
                break
    return tuple((runs, float((first <= runs).mean())) for runs in OWN_RUNS)
