"""What a pace beyond a runner's own level costs later in the same race.

Fatigue adds up: a metre at a speed that could be held for D metres uses 1/D of the runner (Miner's rule, over the
runner's own curve of speed against distance, which falls as D^-e beyond 25 minutes). An even race at own level uses
exactly all of it. What a pace too fast has used by 30 of 42 km, or wherever nothing is left, is missing for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.evidence.numbers.planning import PLANNING, PlanningNumbers
from charley.vocabulary.arrays import Floats


@dataclass(frozen=True, slots=True)
class Slump:
    """Where along the race the pace gives way (share of its distance) and the speed from there over own level."""

    from_share: Floats
    first_ratio: Floats
    later_ratio: Floats

    def time_factor(self, begin: float = 0.0, end: float = 1.0) -> Floats:
        """Time between two shares of the distance over that of an even race at own level over the same stretch."""
        fresh = np.clip(self.from_share, begin, end) - begin
        return np.asarray((fresh / self.first_ratio + (end - begin - fresh) / self.later_ratio) / (end - begin))


def used_by(speed_ratio: Floats, steepness: Floats) -> Floats:
    """How much of a runner an even race at ``speed_ratio`` times own level uses; 1 at own level.

    Notes: v falls as D^-e, so the distance that a speed sustains goes with v^(-1/e).
    """
    return np.asarray(speed_ratio ** (1.0 / steepness))


def slump(first_ratio: Floats, steepness: Floats, n: PlanningNumbers = PLANNING) -> Slump:
    """What becomes of a race that is begun at ``first_ratio`` times own level, held for as long as it can be.

    The pace is held to 71 % of the distance (30 of 42 km, where marathoners slow) unless nothing is left before; what
    is left is spread evenly over the rest. Who went out slower than own level holds that pace. Nobody falls below 0.6
    of own level: a walk and jog.

    Parameters: ``first_ratio`` and ``steepness`` broadcast. Validity: races of an hour and more; a rule of ours on a
    published curve, held against real fields in docs/validation-races.md.
    """
    first, steepness = np.broadcast_arrays(np.asarray(first_ratio, dtype=np.float64), steepness)
    rate = used_by(first, steepness)
    turn = n.slump_from_share
    held = np.minimum(turn, 1.0 / np.maximum(rate, 1.0))
    left = np.maximum(1.0 - held * rate, 0.0)
    later = np.maximum(np.minimum((left / (1.0 - held)) ** steepness, first), n.slump_least_ratio)
    easy = first <= 1.0
    return Slump(np.where(easy, turn, held), first, np.where(easy, first, later))
