"""Body: what a run does to a runner. Pure functions; one published model, one function, one file a block.

    bodies = draw_bodies(runner, 500, rng)             # plausible bodies, narrowed by what was said
    bodies = level_from_run(run, runner, rng, bodies)  # never a lower level than the run proves
    course = course_from_run(run, weather, intake, rng, bodies)
    states = simulate(course, bodies)                  # arrays (steps, draws)
    usual = simulate(reference_course(bodies, 42195.0, level_speed_m_s(bodies, 42195.0)), bodies)

Where is what: the cost of moving in cost.py, pace and reserve in critical_speed.py, level.py (with level_curve.py and
level_chains.py) and durability.py, heat in heat.py, sweat in sweat.py,
acclimation to heat in acclimation.py, the stomach in gut.py, body water and plasma
volume in water.py, sodium in sodium.py, carbohydrate and fat in fuel.py, steps and the Achilles tendon in stride.py,
tired muscles in fatigue.py, race predictions in readiness.py (no answer stands on them yet), WBGT in wbgt.py. Every
number stands in evidence/data/parameters_body.toml; an equation reads ``n.magnus_factor`` from the record of numbers
that bodies carry, and which any run may replace (parameters.py).
"""

from charley.body.acclimation import AiredRun, acclimated, acclimation_of, acclimation_told
from charley.body.balance import Account, accounts
from charley.body.course import Course, course_from_run, course_of, reference_course
from charley.body.draws import central_body, draw_bodies
from charley.body.level import best_stretch, level_from_run, level_speed_m_s, levelled, shown_by, sustainable_distance_m
from charley.body.parameters import BodyParameters, joined
from charley.body.simulate import simulate
from charley.body.sweat_match import match_sweat_rate
from charley.body.sweat_weighed import LEAST_SWEAT_L_H, sweat_of_scales_l_h
from charley.body.wbgt import wet_bulb_globe_temp_c

__all__ = [
    "LEAST_SWEAT_L_H",
    "Account",
    "AiredRun",
    "BodyParameters",
    "Course",
    "acclimated",
    "acclimation_of",
    "acclimation_told",
    "accounts",
    "best_stretch",
    "central_body",
    "course_from_run",
    "course_of",
    "draw_bodies",
    "joined",
    "level_from_run",
    "level_speed_m_s",
    "levelled",
    "match_sweat_rate",
    "reference_course",
    "shown_by",
    "simulate",
    "sustainable_distance_m",
    "sweat_of_scales_l_h",
    "wet_bulb_globe_temp_c",
]
