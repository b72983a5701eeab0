"""A runner who told nothing of cramps yet, as draws of the engine: each world of the studies meets people of all kinds.

The chance of such a runner is averaged over how people differ, in body, level, triggers and background; its range
says how far the studies leave it open (see ``risk.crossing``, which does the same for a run that was run). Taken
together the draws are those of the engine's prior.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from statistics import NormalDist

import numpy as np

from charley.answers.history.belief import Muscles, seed_of
from charley.answers.history.plan import MUSCLES
from charley.inference import sequential
from charley.inference.design import FactorTable
from charley.inference.posterior import Posterior
from charley.inference.prior import RunnerPrior
from charley.risk.crossing import spread_evenly
from charley.risk.draws import draw_hazard
from charley.vocabulary.arrays import Floats, Index

WORLDS = 40
PEOPLE = 24  # of each world, where runs have bodies of their own
_FIELD_DRAWS = 600  # of how often a field cramps, for its spread
_GOLDEN = (5**0.5 - 1) / 2


def studies(table: FactorTable, priors: Mapping[str, RunnerPrior], people: int, seed: int = 1) -> Muscles:
    """Draws of equal weight, world by world, ``people`` of each; in each world as many prone as in another.

    Any even choice of these places, the same in each world, holds about the same kinds of people again. Worlds are the
    same for all muscles, since the studies are; how prone a person's calf is says nothing of their other muscles.
    """
    parts = {m: _People(table, priors[m], WORLDS * people, seed_of(m, seed)) for m in MUSCLES}
    proneness = np.logaddexp.reduce([part.proneness for part in parts.values()])
    rng = np.random.default_rng([seed, 12])
    evenly = spread_evenly(proneness, WORLDS, people).reshape(WORLDS, people)
    turn = rng.random(WORLDS)[:, None]
    place = np.argsort(np.argsort((np.arange(people) * _GOLDEN + turn) % 1.0, axis=1), axis=1)
    person = np.take_along_axis(evenly, place, axis=1).ravel()
    layout = parts[MUSCLES[0]].found.layout
    worlds = np.stack([_of_worlds(people, rng) for _ in range(layout.dimension)], axis=1)
    return Muscles({m: part.met(person, worlds) for m, part in parts.items()})


class _People:
    """People drawn from the engine's prior for one kind of muscle, their level apart from what the studies leave open.

    What is unknown of a field's incidence is of the studies; the rest of the level is who the runner is.
    """

    def __init__(self, table: FactorTable, prior: RunnerPrior, count: int, seed: int) -> None:
        self.found = sequential.posterior(sequential.begin(table, prior, count, seed), [])
        rng = np.random.default_rng([seed, 13])
        self.field_sd = float(draw_hazard(_FIELD_DRAWS, np.random.default_rng(0)).log_h42.std())
        own_sd = np.sqrt(np.maximum(prior.class_sd**2 - self.field_sd**2, 0.0))
        of_class = np.searchsorted(np.cumsum(prior.class_probability)[:-1], _even(count, rng), side="right")
        self.level = prior.class_mean[of_class] + own_sd[of_class] * rng.standard_normal(count)
        self.proneness = self.level + self.found.values[:, self.found.layout.trigger].max(axis=1, initial=0.0)

    def met(self, person: Index, worlds: Floats) -> Posterior:
        """These people in worlds of which ``worlds``, (people, d), holds a standard normal for each coordinate."""
        layout, z = self.found.layout, self.found.z[person]
        centre, scale = layout.centre_and_scale(slice(0, 1))
        z[:, 0] = (self.level[person] + self.field_sd * worlds[:, 0] - centre[0]) / scale[0]
        for i in (*range(layout.sensitivity.start, layout.sensitivity.stop), layout.index["frailty"]):
            z[:, i] = worlds[:, i]
        return replace(self.found, z=z)


def _of_worlds(people: int, rng: np.random.Generator) -> Floats:
    """A standard normal number of each world, evenly over its quantiles, for all its people."""
    normal = NormalDist()
    return np.repeat(np.array([normal.inv_cdf(p) for p in _even(WORLDS, rng)]), people)


def _even(count: int, rng: np.random.Generator) -> Floats:
    """``count`` places between 0 and 1, one in each part of equal length, shuffled."""
    return np.asarray(rng.permutation((np.arange(count) + 0.5) / count))
