"""One change, on in some runs and off in others: arms in random order, and what the outcome says of the change.

Looked at after every block of four, and stopped when it has told. Evidence is therefore an e-value: the wealth of
somebody who bets fairly, block by block, against "the change does nothing". However long it goes on, and whenever it
is stopped, chance alone brings it to 20 in at most one trial in twenty (Turner, Ly, Grunwald 2024,
doi:10.1016/j.jspi.2023.106116). Arms are in random order, so that hot days and hard races fall into either by lot; a
runner knows the arm, and what they expect may move what they feel: no sum can take that out.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

import numpy as np

from charley.evidence.numbers.learning import LEARNING
from charley.vocabulary.arrays import Floats
from charley.vocabulary.normal import Z_800, Z_975

BLOCK = 4  # two runs on and two off, in random order, again and again


def randomised_arms(runs: int, seed: int) -> list[bool]:
    """Arms of the next ``runs`` runs, True = with the change: balanced in every block of four, in random order."""
    rng = np.random.default_rng(seed)
    blocks = -(-runs // BLOCK)
    order = [bool(on) for _ in range(blocks) for on in rng.permutation(np.arange(BLOCK) < BLOCK // 2)]
    return order[:runs]


def evidence(outcomes: Sequence[tuple[bool, bool]]) -> float:
    """The e-value of (with the change?, event?) of each run in order, against one rate for both arms: 1 at the start.

    Bets are made block by block at the rates of the blocks before, against the mixture of the two by the runs of the
    block; a block that is not full yet counts as it stands.
    """
    wealth = 1.0
    for start in range(0, len(outcomes), BLOCK):
        rate = {arm: _rate([event for on, event in outcomes[:start] if on == arm]) for arm in (True, False)}
        block = outcomes[start : start + BLOCK]
        common = sum(rate[arm] for arm, _ in block) / len(block)
        for arm, event in block:
            wealth *= (rate[arm] if event else 1 - rate[arm]) / (common if event else 1 - common)
    return wealth


def _rate(events: Sequence[bool]) -> float:
    prior = LEARNING.trial_bet_prior
    return (prior + sum(events)) / (2 * prior + len(events))


def rates(outcomes: Sequence[tuple[bool, bool]], draws: int, seed: int = 0) -> tuple[Floats, Floats]:
    """Plausible rates of events with the change and without, (draws,) each: Jeffreys' prior."""
    rng = np.random.default_rng(seed)
    found = []
    for arm in (True, False):
        told = [event for on, event in outcomes if on == arm]
        found.append(rng.beta(0.5 + sum(told), 0.5 + len(told) - sum(told), draws))
    return found[0], found[1]


def runs_an_arm(usual: float, changed: float) -> float:
    """Runs in each arm for eight of ten fixed trials to tell two rates apart at 5 in 100, both sides.

    58 for one in two against one in four. Infinite where the two are equal.
    """
    if usual == changed:
        return float("inf")
    middle = (usual + changed) / 2
    spread = Z_975 * np.sqrt(2 * middle * (1 - middle))
    spread += Z_800 * np.sqrt(usual * (1 - usual) + changed * (1 - changed))
    return float(np.ceil((spread / (usual - changed)) ** 2))


def information_bits(usual: float, runs: int, log_ratio_sd: float) -> float:
    """Expected information about whether the change lowers the hazard at all, in bits (at most 1), from half of
    the runs at a known usual rate; the log of the ratio of hazards is normal about 0."""
    log_ratio = log_ratio_sd * np.linspace(-3, 3, 41)
    prior = np.exp(-0.5 * (log_ratio / log_ratio_sd) ** 2)
    prior /= prior.sum()
    with_it = _binomial((runs + 1) // 2, 1 - (1 - usual) ** np.exp(log_ratio))  # (ratios, on + 1)
    lower = prior * ((log_ratio < 0) + (np.abs(log_ratio) < 1e-9) / 2)
    joint = np.stack([w @ with_it for w in (lower, prior - lower)])
    share = joint / np.maximum(joint.sum(axis=0), 1e-300)
    return float(max(1.0 + (joint * np.log2(np.maximum(share, 1e-300))).sum(), 0.0))


def _binomial(runs: int, p: Floats) -> Floats:
    """Probability of each count of events in so many runs, with one more axis at the end."""
    counts = np.arange(runs + 1)
    ways = np.array([comb(runs, int(k)) for k in counts], dtype=np.float64)
    return np.asarray(ways * p[..., None] ** counts * (1 - p[..., None]) ** (runs - counts))
