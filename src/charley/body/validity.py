"""Plain statements of where a run left the range in which the models hold."""

from __future__ import annotations

import numpy as np

from charley.body.course import Course
from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Bools, Floats

DRAWS_THAT_MATTER = 0.05  # a statement is made when this share of the plausible bodies is concerned
STEPS_THAT_MATTER = 0.02


def course_statements(course: Course, durability_load: Floats, n: BodyNumbers = BODY) -> list[str]:
    """Statements about the inputs, and about how long the run is for what is known of durability."""
    said = []
    limit = n.cost_grade_limit
    if (np.abs(course.grade) > limit).any():
        said.append(f"slopes steeper than {100 * limit:.0f} % cost as much as {100 * limit:.0f} %: none was measured")
    braking = course.grade < n.braking_grade
    if braking.mean() > STEPS_THAT_MATTER:
        said.append(f"downhill beyond {-100 * n.braking_grade:.0f} % people brake, and the cost is uncertain")
    if _often(course.by_draw("air_temp_c") < n.heat_cool_c):
        said.append(
            f"below {n.heat_cool_c:.0f} C sweat was not checked against runners, and hangs on clothing, "
            "which is not known"
        )
    if _often(course.by_draw("air_temp_c") > n.heat_hot_c):
        said.append(f"above {n.heat_hot_c:.0f} C the heat model was not checked against runners")
    if (np.median(durability_load, axis=1) > n.durability_known_load).any():
        said.append("how critical speed falls after two hours of hard running is carried on from 90 and 120 min")
    return said


def body_statements(
    at_ceiling: Floats,
    of_level: Floats,
    refused_heat_j: Floats,
    refused_drink_l: Floats,
    drunk_l: Floats,
    n: BodyNumbers = BODY,
) -> list[str]:
    """Statements about bodies at their limits; arrays (draws,), ``of_level``: mean flat speed over own level."""
    said = []

    def concerned(found: Bools) -> bool:
        return bool(found.mean() > DRAWS_THAT_MATTER)

    def of_draws(found: Bools) -> str:
        return f"in {100 * found.mean():.0f} of 100 plausible bodies"

    ceiling = np.asarray(at_ceiling > STEPS_THAT_MATTER)
    if concerned(ceiling):
        said.append(
            f"{of_draws(ceiling)} the pace asks for more than {n.metabolic_ceiling:g} of maximal oxygen "
            "uptake: the level, or the file's speed or slope, is wrong"
        )
    above = np.asarray(of_level > 1.0 + n.level_exceeded)
    if above.mean() > 0.5:
        said.append(f"{of_draws(above)} the run is faster than the level that was assumed: the level is higher")
    heat = np.asarray(np.abs(refused_heat_j) > 0.0)
    if concerned(heat):
        said.append(f"{of_draws(heat)} core or skin reached a temperature at which nobody runs on; it was held there")
    drink = np.asarray(refused_drink_l > STEPS_THAT_MATTER * np.maximum(drunk_l, 0.1))
    if concerned(drink):
        said.append(f"{of_draws(drink)} a part of the drinks found no room in the stomach and was left out")
    return said


def _often(found: Bools) -> bool:
    return bool(found.mean() > 0.5)
