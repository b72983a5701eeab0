"""How this runner usually races: start, drink, sodium and food of their own races, else what is usual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from charley.evidence.numbers.risk import RISK
from charley.planning.race.belief import Belief
from charley.planning.race.strategy import EVEN, FUEL_PARTS, PACE_PARTS, Strategy
from charley.vocabulary.arrays import Floats
from charley.vocabulary.errors import CharleyError
from charley.vocabulary.history import Told
from charley.vocabulary.run import Run
from charley.vocabulary.units import SECONDS_PER_HOUR, SODIUM_G_PER_MOL, sodium_mg_from_salt_g

LATEST_RACES = 5
LEAST_RACE_M = 10_000.0
MOST_CHANGE = 0.25  # a tenth further from the mean than this was no pace but a stop


@dataclass(frozen=True, slots=True)
class Usual:
    """Efforts by tenths, (10,), and rates; ``races``: how many own races they come from (0: nobody's in particular)."""

    effort: Floats
    races: int
    drink_l_h: float | None
    sodium_mmol_h: float | None
    carbohydrate_g_h: float | None

    def strategy(self, finish_s: float, belief: Belief) -> Strategy:
        """The usual way to run such a time; what is not known of the runner is drawn for each body."""
        b = belief.bodies
        drink = b.habitual_drink_l_h if self.drink_l_h is None else np.full(1, self.drink_l_h)
        sodium = (
            drink * (b.habitual_drink_sodium_mmol_l if drink.size > 1 else float(b.habitual_drink_sodium_mmol_l.mean()))
            if self.sodium_mmol_h is None
            else np.full(1, self.sodium_mmol_h)
        )
        food = RISK.habitual_carbohydrate_g_h if self.carbohydrate_g_h is None else self.carbohydrate_g_h
        return Strategy(
            finish_s=finish_s,
            effort=self.effort,
            drink_l_h=np.repeat(drink[None], FUEL_PARTS, axis=0),
            sodium_mmol_h=np.repeat(sodium[None], FUEL_PARTS, axis=0),
            carbohydrate_g_h=np.full((FUEL_PARTS, 1), food),
        )


NOBODYS = Usual(EVEN, 0, None, None, None)


def usual_of(runs: Sequence[Told]) -> Usual:
    """From the latest races of a journal; what none of them tells stays as runners usually have it."""
    races = [t for t in runs if t.effort == "race" and t.row.distance_m >= LEAST_RACE_M][-LATEST_RACES:]
    efforts = [e for t in races if (e := _read(t)) is not None]
    return Usual(
        effort=EVEN if not efforts else np.mean(efforts, axis=0) / np.mean(efforts),
        races=len(efforts),
        drink_l_h=_mean([drink_rate(t) for t in races]),
        sodium_mmol_h=_mean([sodium_rate(t) for t in races]),
        carbohydrate_g_h=_mean([food_rate(t) for t in races]),
    )


def effort_by_tenths(run: Run) -> Floats | None:
    """Speed of each tenth of a run's distance over the mean, stops included, (10,); None where it cannot be told."""
    distance, time = run.streams.distance_m, run.streams.time_s
    known = np.isfinite(distance)
    if known.sum() < 2 * PACE_PARTS or distance[known][-1] <= 0:
        return None
    edges = np.interp(np.linspace(0.0, distance[known][-1], PACE_PARTS + 1), distance[known], time[known])
    took = np.diff(edges)
    if (took <= 0).any():
        return None
    effort = (1.0 / took) / np.mean(1.0 / took)
    return np.asarray(np.clip(effort, 1 - MOST_CHANGE, 1 + MOST_CHANGE))


def _read(told: Told) -> Floats | None:
    """Of a race that did not cramp, or of its part before: a cramp slows, and that is no habit."""
    try:
        run = told.read()
    except CharleyError:
        return None
    effort = effort_by_tenths(run)
    if effort is None:
        return None
    if told.report.cramps:
        place = min(c.from_s for c in told.report.cramps) / max(told.row.elapsed_s, 1.0)
        ran = max(int(place * PACE_PARTS), 1)
        effort = np.concatenate([effort[:ran], np.full(PACE_PARTS - ran, effort[:ran].min())])
    return np.asarray(effort / effort.mean())


def _hours(told: Told) -> float:
    return max(told.row.elapsed_s, 1.0) / SECONDS_PER_HOUR


def drink_rate(told: Told) -> float | None:
    """Litres an hour that were drunk; None where nothing was said."""
    return None if told.intake.drink_l is None else told.intake.drink_l / _hours(told)


def sodium_rate(told: Told) -> float | None:
    """Sodium an hour, drink and tablets, mmol; None where nothing was said."""
    intake = told.intake
    if intake.salt_g is None and intake.drink_sodium_mmol_l is None:
        return None
    in_drink = (intake.drink_sodium_mmol_l or 0.0) * (intake.drink_l or 0.0)
    return (in_drink + sodium_mg_from_salt_g(intake.salt_g or 0.0) / SODIUM_G_PER_MOL) / _hours(told)


def food_rate(told: Told) -> float | None:
    """Carbohydrate an hour, drink and food, g; None where nothing was said."""
    intake = told.intake
    if intake.carbohydrate_g is None and intake.drink_carbohydrate_g_l is None:
        return None
    in_drink = (intake.drink_carbohydrate_g_l or 0.0) * (intake.drink_l or 0.0)
    return (in_drink + (intake.carbohydrate_g or 0.0)) / _hours(told)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return float(np.mean(known)) if known else None
