"""What the studies leave open, crossed with who the runner may be.

A chance is said of a runner of whom we know this much. Its interval says how far the studies leave it open; how people
differ, in body, triggers and background as in class and rest, is averaged, or said apart. So each draw of the studies'
numbers (a world) meets ``PEOPLE`` runners, spread evenly over how easily they cramp. The run is taken in blocks of
minutes for it, which keeps the work what it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from charley.risk.baseline import HALF_KM, MARATHON_KM, TWO_OCEANS_KM
from charley.risk.draws import HazardDraws
from charley.risk.hazard import RunHazard, baseline_shape, expose
from charley.risk.person import Person, describe
from charley.vocabulary.arrays import Bools, Floats, Index, distinct
from charley.vocabulary.runner import Runner
from charley.vocabulary.units import METRES_PER_KM

PEOPLE = 32  # of each world
DRAWS_A_WORLD = 4  # so many bodies are simulated for each world
LEAST_BLOCKS = 24


@dataclass(frozen=True, slots=True)
class Crossed:
    """The hazard over worlds and people. ``person`` (draws of the hazard,): which of the simulated bodies each has."""

    hazard: RunHazard
    worlds: HazardDraws
    person: Index


@dataclass(frozen=True, slots=True)
class Lived:
    """A run as plausible bodies ran it. Bins end at ``time_s``, (bins,); the rest is (bins, bodies) or (bodies,)."""

    time_s: Floats
    distance_m: Floats
    flat_distance_m: Floats
    effective_distance_m: Floats
    covariates: Mapping[str, Floats]
    stressors: Mapping[str, Floats]
    raced: Bools

    def blocks(self, count: int, edge_s: float) -> Lived:
        """The same in so many blocks of bins, means within each; one of them ends at ``edge_s``."""
        bins = self.time_s.size
        ends = np.linspace(0, bins, min(count, bins) + 1)[1:].round().astype(np.intp) - 1
        ends = distinct(np.append(ends, min(int(np.searchsorted(self.time_s, edge_s)), bins - 1)))
        starts = np.concatenate(([0], ends[:-1] + 1))
        bins_of_each = (ends - starts + 1)[:, None]

        def means(rows: Mapping[str, Floats]) -> dict[str, Floats]:
            return {key: np.add.reduceat(x, starts, axis=0) / bins_of_each for key, x in rows.items()}

        return Lived(
            self.time_s[ends], self.distance_m[ends], self.flat_distance_m[ends], self.effective_distance_m,
            means(self.covariates), means(self.stressors), self.raced,
        )  # fmt: skip

    def of(self, bodies: Index) -> Lived:
        """The same for some of the bodies."""

        def picked(rows: Mapping[str, Floats]) -> dict[str, Floats]:
            return {key: np.take(x, bodies, axis=1) for key, x in rows.items()}

        return Lived(
            self.time_s, self.distance_m, np.take(self.flat_distance_m, bodies, axis=1),
            self.effective_distance_m[bodies], picked(self.covariates), picked(self.stressors), self.raced[bodies],
        )  # fmt: skip


def cross(run: Lived, runner: Runner, draws: HazardDraws, edge_s: float = float("inf")) -> Crossed:
    """The hazard of a run over worlds and people. One draw of ``draws`` a body; ``edge_s``: a moment asked about."""
    bodies = draws.draws
    people, worlds = min(PEOPLE, bodies), max(bodies // DRAWS_A_WORLD, 1)
    run = run.blocks(max(run.time_s.size * bodies // (people * worlds), LEAST_BLOCKS), edge_s)
    first, all_bodies = np.arange(worlds), np.arange(bodies)
    studies = draws.crossed(first, first)
    told = describe(runner, studies)
    shapes = _Shapes(studies, run.effective_distance_m / METRES_PER_KM)

    def hazard(of: Lived, pairs: HazardDraws, world: Index, body: Index) -> RunHazard:
        exposure = expose(
            of.time_s, of.distance_m, of.flat_distance_m, of.effective_distance_m, of.covariates, pairs, of.stressors,
            of.raced, shapes.of(world, body),
        )  # fmt: skip
        return RunHazard(exposure, Person(told.offset[:, :, world], told.weight[:, :, world], told.told[world]), pairs)

    alike = draws.crossed(first[all_bodies % worlds], all_bodies)
    person = spread_evenly(hazard(run, alike, all_bodies % worlds, all_bodies).chance, worlds, people)
    world = np.repeat(first, people)
    found = hazard(run.of(person), draws.crossed(world, person), world, person)
    return Crossed(replace(found, people=people), studies, person)


def spread_evenly(proneness: Floats, worlds: int, people: int) -> Index:
    """For each world ``people`` of those who are this prone, evenly from the least to the most, (worlds x people,).

    The worlds begin at places of their own, so that everybody is met about as often.
    """
    order = np.argsort(proneness, kind="stable")
    begin = (np.random.default_rng(0).permutation(worlds) + 0.5) / worlds
    at = (np.arange(people) + begin[:, None]) * (order.size / people)
    return np.asarray(order[at.astype(np.intp)].ravel())


class _Shapes:
    """Log cumulative hazard and shape of the baseline, for any world over any body's effective distance.

    Solved where the field's own lines bend and where they end, straight in the log of the distance between.
    """

    def __init__(self, studies: HazardDraws, distance_km: Floats) -> None:
        low, high = float(distance_km.min()), float(distance_km.max())
        bends = [km for km in (HALF_KM, MARATHON_KM, TWO_OCEANS_KM) if low < km < high]
        self._corners = np.log(np.array([low, *bends, *([high] if high > low * (1 + 1e-9) else [])]))
        self._solved = np.stack([np.stack(baseline_shape(float(np.exp(c)), studies)) for c in self._corners])
        self._log_km = np.log(distance_km)

    def of(self, world: Index, body: Index) -> tuple[Floats, Floats]:
        """Both, (pairs,) each."""
        place = np.interp(self._log_km[body], self._corners, np.arange(self._corners.size))
        below = np.minimum(place.astype(np.intp), max(self._corners.size - 2, 0))
        above, share = np.minimum(below + 1, self._corners.size - 1), place - below
        log_hazard, exponent = (
            (1 - share) * self._solved[below, i, world] + share * self._solved[above, i, world] for i in (0, 1)
        )
        return log_hazard, exponent
