"""Where a run left the range in which the models hold, as notes."""

from __future__ import annotations

import numpy as np

from charley.body.course import Course
from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Bools, Floats, quantiles
from charley.vocabulary.note import Note, out_of_range

DRAWS_THAT_MATTER = 0.05  # a statement is made when this share of the plausible bodies is concerned
STEPS_THAT_MATTER = 0.02


def course_notes(course: Course, durability_load: Floats, n: BodyNumbers = BODY) -> list[Note]:
    """Notes on the inputs, and about how long the run is for what is known of durability."""
    said = []
    limit = n.cost_grade_limit
    if (np.abs(course.grade) > limit).any():
        said.append(out_of_range("slope-cost", grade=limit))
    braking = course.grade < n.braking_grade
    if braking.mean() > STEPS_THAT_MATTER:
        said.append(out_of_range("braking", grade=n.braking_grade))
    if _often(course.by_draw("air_temp_c") < n.heat_cool_c):
        said.append(out_of_range("sweat-in-the-cold", temp_c=n.heat_cool_c))
    if _often(course.by_draw("air_temp_c") > n.heat_hot_c):
        said.append(out_of_range("heat-model", temp_c=n.heat_hot_c))
    if (quantiles(durability_load, (0.5,)) > n.durability_known_load).any():
        said.append(out_of_range("durability"))
    return said


def body_notes(
    at_ceiling: Floats,
    of_level: Floats,
    refused_heat_j: Floats,
    refused_drink_l: Floats,
    drunk_l: Floats,
    n: BodyNumbers = BODY,
) -> list[Note]:
    """Notes on bodies at their limits; arrays (draws,), ``of_level``: mean flat speed over own level."""
    said = []

    def concerned(found: Bools) -> bool:
        return bool(found.mean() > DRAWS_THAT_MATTER)

    ceiling = np.asarray(at_ceiling > STEPS_THAT_MATTER)
    if concerned(ceiling):
        said.append(out_of_range("above-ceiling", share=float(ceiling.mean()), ceiling=n.metabolic_ceiling))
    above = np.asarray(of_level > 1.0 + n.level_exceeded)
    if above.mean() > 0.5:
        said.append(out_of_range("above-level", share=float(above.mean())))
    heat = np.asarray(np.abs(refused_heat_j) > 0.0)
    if concerned(heat):
        said.append(out_of_range("temperature-held", share=float(heat.mean())))
    drink = np.asarray(refused_drink_l > STEPS_THAT_MATTER * np.maximum(drunk_l, 0.1))
    if concerned(drink):
        said.append(out_of_range("drink-refused", share=float(drink.mean())))
    return said


def _often(found: Bools) -> bool:
    return bool(found.mean() > 0.5)
