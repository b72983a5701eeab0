"""What two weighings of a run say of the runner's sweat rate, with the error of a weighing."""

from __future__ import annotations

import numpy as np

from charley import body
from charley.evidence.numbers.body import BODY
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.history import LEAST_WEIGHED_S, Weighed
from charley.vocabulary.runner import Runner

DRAWS = 64
ERRORS = 500  # of the scales, for each body
STEP_S = 60.0


def weighed_sweat(told: Weighed, seed: int = 1) -> Estimate | None:
    """L/h over the run; None for a pair that is not whole, a drink that was not told, a run of under half an hour, or
    weights that leave no sweat.

    The spread is that of scales, clothes and towels (12 %, an assumption of ours; see ``weighed_sweat_sd``).
    """
    if told.before_kg is None or told.after_kg is None or told.intake.drink_l is None:
        return None
    if told.run.elapsed_s < LEAST_WEIGHED_S:
        return None
    of_bodies, of_course, of_scales = (np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(3))
    bodies = body.draw_bodies(Runner(mass_kg=told.before_kg), DRAWS, of_bodies)
    course = body.course_from_run(told.run, told.weather, told.intake, of_course, bodies, STEP_S)
    states, lost_kg = body.simulate(course, bodies), told.before_kg - told.after_kg
    rate = body.sweat_of_scales_l_h(states, told.run.elapsed_s, lost_kg, told.intake.drink_l)
    if rate.mean() <= body.LEAST_SWEAT_L_H:
        return None
    error = of_scales.standard_normal(ERRORS)
    error = (error - error.mean()) / error.std()
    return Estimate.from_draws((rate[:, None] * np.exp(BODY.weighed_sweat_sd * error)).ravel())
