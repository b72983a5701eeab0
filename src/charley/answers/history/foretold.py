"""What a log foretells of a hard run: the chance by its causes, pooled with the runner's own rate.

Each kind of muscle has a rate of its own, so that a log of one moves nothing of the other. Only forecasts are pooled:
what a run's cramp is laid to, and what a change would do, is of the causes alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from charley.answers.history.belief import Belief, Muscles
from charley.answers.history.log import Log
from charley.answers.history.plan import MUSCLES
from charley.inference.compress import one_body
from charley.inference.design import RunRows
from charley.inference.forecast import chance
from charley.inference.own_rate import OwnRate, own_rate
from charley.vocabulary.arrays import Floats

DRAWS = 500  # of the prior: twice as many move no forecast by a hundredth
LATEST = 200  # answered hard runs that the rate is counted over


class Foreteller:
    """Foretells hard runs. ``latest``: over how many answered hard runs the own rate is counted, the latest."""

    def __init__(self, log: Log, studies: Muscles, latest: int | None = LATEST) -> None:
        self.studies = studies.equal(DRAWS)
        self.runs = log.answered_hard if latest is None else log.answered_hard[-latest:]
        self.own: Mapping[str, OwnRate] = {m: self._own(log, m) for m in MUSCLES}

    def _own(self, log: Log, muscles: str) -> OwnRate:
        prior = self.studies.of[muscles]
        chances = [chance(prior, one_body(log.rows[i])) for i in self.runs]
        cramped = np.array([log.reports[muscles][i].cramped for i in self.runs], dtype=bool)
        return own_rate(np.array(chances).reshape(len(chances), prior.draws), cramped)

    def before(self, muscles: str, rows: RunRows) -> float:
        """What studies say of a run, for one kind of muscle."""
        return float(chance(self.studies.of[muscles], one_body(rows)).mean())

    def chance_of(self, muscles: str, now: Muscles, rows: RunRows) -> Floats:
        """Chance of a first cramp of these muscles, (draws,)."""
        by_causes, before = chance(now.of[muscles], rows), self.before(muscles, rows)
        return self.own[muscles].pooled(by_causes, before, MUSCLES.index(muscles))

    def chance(self, now: Muscles, rows: RunRows) -> Floats:
        """Chance of a first cramp of any leg muscle, (draws,)."""
        calf, other = (self.chance_of(m, now, rows) for m in MUSCLES)
        return 1 - (1 - calf) * (1 - other)


def foreteller(belief: Belief) -> Foreteller:
    """Of what is believed now."""
    return Foreteller(belief.log, belief.studies)
