"""How long a race will take: own level, the way, the heat, and what a goal beyond one's level comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from charley.body.parameters import BodyParameters, joined
from charley.body.readiness import MARATHON_M
from charley.body.wbgt import wet_bulb_globe_temp_c
from charley.evidence.numbers.planning import PLANNING, PlanningNumbers
from charley.planning.finish.heat import heat_factor
from charley.planning.finish.pacing import slump
from charley.planning.finish.predictors import Prediction, Training, pooled, predictions
from charley.vocabulary.arrays import Floats
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.race import FinishTime, PredictedTime
from charley.vocabulary.runner import BestEffort

DRAWS = 960


@dataclass(frozen=True, slots=True)
class Ability:
    """Draws of the time of an even race at own level on this way in this air (s), and what made them, (draws,)."""

    able_s: Floats
    cool_s: Floats  # the same on a cool day
    steepness: Floats
    heat: Floats  # against a usual day
    course_factor: float
    predicted: tuple[Prediction, ...]
    noise: Floats

    def expected_s(self, goal_s: float) -> Floats:
        """What running for a goal comes to, (draws,): held where it is within reach, a slump where it is not.

        Who finds the goal far beyond reach gives it up: five in six marathoners start at most 4 % beyond own level.
        """
        meant = np.minimum(self.able_s / goal_s, 1.0 + PLANNING.pace_beyond_most)
        first = meant * np.exp(PLANNING.pacing_execution_sd * self.noise)
        return np.asarray(self.able_s * slump(first, self.steepness).time_factor())

    def fastest_s(self, n: PlanningNumbers = PLANNING) -> float:
        """The time that one in 100 of the draws could hold on a cool day."""
        return float(np.quantile(self.cool_s, n.reach_least))

    def said(self, goal_s: float | None) -> FinishTime:
        """The same as an answer holds it."""
        goal = float(np.median(self.able_s)) if goal_s is None else goal_s
        return FinishTime(
            able=Estimate.from_draws(self.able_s),
            expected=Estimate.from_draws(self.expected_s(goal)),
            reach=None if goal_s is None else float((self.able_s <= goal_s).mean()),
            predicted=tuple(_said(p) for p in self.predicted),
            heat_factor=Estimate.from_draws(self.heat),
            course_factor=self.course_factor,
        )


def ability(
    distance_m: float,
    flat_m: float,
    wbgt_c: Floats,
    bests: Sequence[BestEffort],
    training: Training | None,
    bodies: BodyParameters,
    seed: int,
    n: PlanningNumbers = PLANNING,
) -> Ability:
    """Draws of what the runner can do. ``flat_m``: length of the flat way that costs as much; ``wbgt_c``: draws."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, 31]))
    many = joined([bodies] * -(-DRAWS // bodies.draws)).picked(slice(DRAWS))
    said = predictions(distance_m, bests, training, many, rng, n)
    flat_s = pooled(said, rng)
    course = flat_m / distance_m
    marathon_s = flat_s * (MARATHON_M / distance_m) ** (1.0 + many.level_steepness)
    slope = np.exp(n.heat_log_sd * rng.standard_normal(DRAWS))
    slope = slope * np.minimum(flat_s / marathon_s, 1.0) ** n.short_race_heat_power
    heat = 1.0 + slope * (heat_factor(marathon_s, rng.choice(wbgt_c, DRAWS), n) - 1.0)
    usual = 1.0 + slope * (heat_factor(marathon_s, usual_wbgt_c(n), n) - 1.0)
    noise = rng.standard_normal(DRAWS)
    cool_s = flat_s * course / usual  # predictors speak of usual days, as do the races that they begin from
    return Ability(cool_s * heat, cool_s, many.level_steepness, heat / usual, course, said, noise)


def usual_wbgt_c(n: PlanningNumbers = PLANNING) -> float:
    """WBGT of a race day of which nothing is known."""
    air = np.array([n.unknown_temp_c, n.unknown_humidity, n.unknown_sun_w_m2, n.unknown_wind_m_s])
    return float(wet_bulb_globe_temp_c(air[0], air[1], air[2], air[3]))


def _said(p: Prediction) -> PredictedTime:
    races = tuple((b.distance_m, b.time_s) for b in p.races)
    return PredictedTime(p.id, Estimate.from_draws(p.draws_s), p.counted, p.why_not, races, p.source_ids)
