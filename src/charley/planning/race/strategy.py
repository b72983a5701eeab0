"""What a runner does in a race: effort along the way, drink, sodium, food, walks; and the speeds that follow."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from charley.body.cost import running_cost_j_kg_m
from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.evidence.numbers.planning import PLANNING, PlanningNumbers
from charley.planning.conditions.course import grade_along
from charley.vocabulary.arrays import Floats
from charley.vocabulary.race import RaceCourse

PACE_PARTS, FUEL_PARTS = 10, 6
CELL_M = 250.0


@dataclass(frozen=True, slots=True)
class Strategy:
    """``effort``: flat-equivalent speed of each tenth of the way over their mean, (10,). Rates are those of each sixth,
    (6, 1) or (6, bodies): drink, all sodium taken, all carbohydrate taken. ``clothing``: a factor on habitual clothes.

    ``station_l``: with it ``drink_l_h`` is not drunk. ``longest_run_m``: longest run of the 30 days before, where a
    change to it is asked about.
    """

    finish_s: float
    effort: Floats
    drink_l_h: Floats
    sodium_mmol_h: Floats
    carbohydrate_g_h: Floats
    walk_s: float = 0.0
    clothing: float = 1.0
    longest_run_m: float | None = None
    station_l: Floats | None = None  # drunk at each station of the way, (stations,), in place of the rates

    def at(self, finish_s: float) -> Strategy:
        """The same, finished in another time."""
        return replace(self, finish_s=finish_s)


EVEN = np.ones(PACE_PARTS)


def started(first_tenth: float) -> Floats:
    """Efforts of a race whose first tenth is run at ``first_tenth`` times the mean, the rest evenly."""
    rest = (PACE_PARTS - first_tenth) / (PACE_PARTS - 1)
    return np.concatenate([[first_tenth], np.full(PACE_PARTS - 1, rest)])


@dataclass(frozen=True, slots=True)
class Way:
    """A course in cells of about 250 m: edges (cells + 1,), grade, running cost over that on the flat (cells,), and
    which cells hold a drink station."""

    edges_m: Floats
    grade: Floats
    cost_ratio: Floats
    stations: Floats  # how many stations each cell holds
    stations_m: Floats  # where they are

    @property
    def middle_share(self) -> Floats:
        """Share of the way done at the middle of each cell."""
        return np.asarray((self.edges_m[1:] + self.edges_m[:-1]) / 2 / self.edges_m[-1])

    @property
    def flat_m(self) -> float:
        """Length of the flat way that costs as much."""
        return float((np.diff(self.edges_m) * self.cost_ratio).sum())


def way_of(course: RaceCourse, stations_m: tuple[float, ...], n: BodyNumbers = BODY) -> Way:
    """The course cut into cells."""
    cells = max(round(course.distance_m / CELL_M), 2 * PACE_PARTS)
    edges = np.linspace(0.0, course.distance_m, cells + 1)
    grade = np.clip(grade_along(course, edges), -n.cost_grade_limit, n.cost_grade_limit)
    ratio = running_cost_j_kg_m(grade, n) / running_cost_j_kg_m(np.zeros(1), n)
    inside = [s for s in stations_m if 0.0 < s < course.distance_m]
    return Way(edges, grade, ratio, np.histogram(inside, edges)[0].astype(np.float64), np.array(inside))


def clock_s(strategy: Strategy, way: Way, n: PlanningNumbers = PLANNING) -> Floats:
    """Elapsed time at each edge of the way, (cells + 1,): efforts on their ground, scaled to end at the finish time.

    A walk at a station is part of its cell; what is lost there is run faster elsewhere.
    """
    part = np.minimum((way.middle_share * PACE_PARTS).astype(int), PACE_PARTS - 1)
    walked_s = way.stations * strategy.walk_s
    length = np.maximum(np.diff(way.edges_m) - walked_s * n.walk_speed_m_s, 1.0)
    running = length * way.cost_ratio / strategy.effort[part]
    scale = (strategy.finish_s - walked_s.sum()) / running.sum()
    return np.concatenate([[0.0], np.cumsum(running * scale + walked_s)])


def by_part(rates: Floats, share: Floats) -> Floats:
    """Rates (6, bodies or 1) at shares of the way (steps,), (steps, bodies or 1)."""
    part = np.minimum((share * FUEL_PARTS).astype(int), FUEL_PARTS - 1)
    return np.asarray(rates[part])
