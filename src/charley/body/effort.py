"""What the pace asks for: flat-equivalent speed, wear, oxygen, heat. It depends on no other state of the body."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.body import cost, durability
from charley.body.course import Course
from charley.body.parameters import BodyParameters
from charley.vocabulary.arrays import Floats
from charley.vocabulary.units import SECONDS_PER_MINUTE


@dataclass(frozen=True, slots=True)
class Effort:
    """The whole run's effort, arrays (steps, draws)."""

    flat_speed_m_s: Floats
    durability_load: Floats  # at the step's end
    critical_speed_m_s: Floats
    oxygen_fraction: Floats  # of the fresh maximal uptake
    metabolic_w: Floats
    heat_w: Floats  # what of it becomes heat, braking downhill with it
    at_ceiling: Floats  # share of the steps that ask for more than anyone can give, (draws,)


def effort_of(course: Course, bodies: BodyParameters) -> Effort:
    """The effort of each draw along a course.

    Validity: a pace beyond 1.2 of maximal oxygen uptake is taken as that much: then the file's speed or slope, or the
    level, is wrong. Uphill a quarter of the metabolic power at most becomes height; downhill the lost height heats,
    at most as much as the metabolism does.
    """
    n = bodies.numbers
    speed, grade = course.by_draw("speed_m_s"), course.by_draw("grade")
    head = course.by_draw("wind_head_m_s")
    against = cost.drag_cost_factor(cost.drag_force_n(speed + head, bodies.drag_area_m2, n), bodies.mass_kg, n)
    flat = cost.equivalent_speed_m_s(speed, grade, n) * np.ones(bodies.draws)
    if head.any():
        still = cost.drag_cost_factor(cost.drag_force_n(speed, bodies.drag_area_m2, n), bodies.mass_kg, n)
        flat *= against / still
    # No one runs faster on the level than a sprinter: beyond that the file's speed, slope or wind is wrong.
    flat = np.minimum(flat, n.speed_limit_m_s)

    fresh = bodies.critical_speed_m_s
    other = course.by_draw("other_power_w_kg")
    # Hours on a bicycle wear a runner out too: as the speed that costs as much would (an assumption).
    worn = flat + np.maximum(other - n.standing_metabolism_w_kg, 0.0) / (n.running_cost_0 * bodies.economy)
    load = np.cumsum(durability.durability_load_per_s(worn, fresh, n) * course.step_s, axis=0)
    critical = fresh * durability.critical_speed_left(load, bodies.durability_gain, n)
    asked = cost.metabolic_power_w_kg(speed, grade, against, bodies.economy, cost.economy_drift(load, n), n)
    asked = np.maximum(asked, other)
    ceiling = n.metabolic_ceiling * bodies.vo2max_ml_kg_min * (n.oxygen_energy_j_ml / SECONDS_PER_MINUTE)
    power = np.minimum(asked, np.maximum(ceiling, n.standing_metabolism_w_kg))
    metabolic = power * bodies.mass_kg
    climbing = cost.climbing_power_w(bodies.mass_kg, speed, grade, n)
    work = np.minimum(np.maximum(climbing, -metabolic), n.climbing_efficiency_limit * metabolic)
    return Effort(
        flat_speed_m_s=flat,
        durability_load=load,
        critical_speed_m_s=critical,
        oxygen_fraction=cost.oxygen_uptake_ml_kg_min(power, n) / bodies.vo2max_ml_kg_min,
        metabolic_w=metabolic,
        heat_w=metabolic - work,
        at_ceiling=(asked > power).mean(axis=0),
    )
