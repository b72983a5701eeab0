"""A weighed sweat rate: the least surprising body that sweats so much."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from charley.body.course import RANGES, Course, clothes_worn_clo, course_of
from charley.body.level import level_speed_m_s, oxygen_at_level
from charley.body.parameters import BodyParameters
from charley.body.readiness import MARATHON_M
from charley.body.simulate import simulate
from charley.evidence import parameters
from charley.vocabulary.arrays import Floats
from charley.vocabulary.normal import Z_975
from charley.vocabulary.units import SECONDS_PER_HOUR

# What makes a runner sweat more, and which way: a costly stride, a keen drive, an early start, sweat that drips, and
# less dry exchange with the air.
KNOBS = {
    "economy": 1.0,
    "sweat_gain": 1.0,
    "sweat_threshold_c": -1.0,
    "evaporating_share": -1.0,
    "exchange_factor": -1.0,
}
FURTHEST = 4.0  # SD: a body beyond is not believed; the weighing then keeps a part of its difference
TURNS = 4
DRIPPING_TURNS = 3
CLOSE_ENOUGH = 0.03  # of log rate
EVAPORATING_RANGE = (0.3, 1.0)


def trial_course(bodies: BodyParameters) -> Course:
    """The run on which people weigh themselves: an hour, easier than marathon level, on a mild day."""
    n = bodies.numbers
    speed = n.sweat_trial_share * level_speed_m_s(bodies, MARATHON_M)
    steps = int(n.sweat_trial_s / _STEP_S)
    air_temp_c = np.full(bodies.draws, n.sweat_trial_air_temp_c)
    return course_of(
        np.broadcast_to(speed, (steps, bodies.draws)),
        _STEP_S,
        air_temp_c=air_temp_c[None, :],
        clothing_clo=clothes_worn_clo(air_temp_c, bodies),
        n=n,
    )


_STEP_S = 60.0
_SAMPLE = 40  # draws from which the sensitivities are taken


def match_sweat_rate(
    bodies: BodyParameters, course: Course, sweat_rate_l_h: float, rng: np.random.Generator
) -> BodyParameters:
    """The same bodies, changed as little as possible so that each sweats the weighed rate over the course.

    Parameters: ``course``, a run like the one that was weighed; ``sweat_rate_l_h``, the mean over it. Each draw aims at
    the rate with the error of a weighing (12 %: scales, clothes, conditions).

    Notes: sweat balances heat, so the drive to sweat alone moves it little. Economy, drive, threshold, dripping and
    dry exchange are therefore moved together, each in proportion to its SD and to what it does (the most likely point
    of independent normals on the line of equal sweat), at most four SD. A rate still higher must drip: the share
    that cools the skin is then lowered, to 0.3 at least. A rate that no such body has on that course is not reached.
    """
    n = bodies.numbers
    target = np.log(sweat_rate_l_h) + n.weighed_sweat_sd * rng.standard_normal(bodies.draws)
    some = _first(bodies, course, min(_SAMPLE, bodies.draws))
    base = _log_rate(*some).mean()
    effect = {knob: float(_log_rate(_moved(some[0], {knob: 1.0}), some[1]).mean() - base) for knob in KNOBS}
    size = sum(value**2 for value in effect.values())
    furthest = FURTHEST / max(abs(value) for value in effect.values())

    def at(distance: Floats) -> BodyParameters:
        return _moved(bodies, {knob: value * distance for knob, value in effect.items()})

    before = np.zeros(bodies.draws)
    miss_before = _log_rate(bodies, course) - target
    distance = np.clip(-miss_before / size, -furthest, furthest)
    for _ in range(TURNS):
        miss = _log_rate(at(distance), course) - target
        moved = distance - before
        slope = np.where(np.abs(moved) > 1e-9, (miss - miss_before) / np.where(moved == 0, 1.0, moved), size)
        slope = np.clip(slope, 0.2 * size, 5.0 * size)  # sweat rises along the line; a flat spot must not fling us off
        before, miss_before = distance, miss
        distance = np.clip(distance - miss / slope, -furthest, furthest)
    matched = at(distance)
    for _ in range(DRIPPING_TURNS):
        short = np.minimum(_log_rate(matched, course) - target, 0.0)
        if short.min() > -CLOSE_ENOUGH:
            break
        share = np.clip(matched.evaporating_share * np.exp(short), *EVAPORATING_RANGE)
        matched = replace(matched, evaporating_share=np.minimum(share, matched.evaporating_share))
    return matched


def _moved(bodies: BodyParameters, by_sd: dict[str, float] | dict[str, Floats]) -> BodyParameters:
    """The bodies with each knob turned by that many SD of its prior; maximal uptake goes with economy."""
    n = bodies.numbers
    changed: dict[str, Floats] = {}
    for knob, amount in by_sd.items():
        row, value = parameters("body")[knob], getattr(bodies, knob)
        if row.distribution == "lognormal":
            changed[knob] = value * (row.high / row.low) ** (np.asarray(amount) / (2 * Z_975))
        else:
            changed[knob] = value + np.asarray(amount) * row.sd
    if "evaporating_share" in changed:
        changed["evaporating_share"] = np.clip(changed["evaporating_share"], *EVAPORATING_RANGE)
    if "economy" in changed:
        changed["vo2max_ml_kg_min"] = oxygen_at_level(
            bodies.critical_speed_m_s,
            changed["economy"],
            bodies.critical_speed_oxygen_share,
            bodies.drag_area_m2,
            bodies.mass_kg,
            n,
        )
    return replace(bodies, numbers=n, **changed)


def _log_rate(bodies: BodyParameters, course: Course) -> Floats:
    """Log of the mean sweat rate over the course, (draws,)."""
    sweat_l = simulate(course, bodies).sweat_l[-1]
    hours = float(course.time_s[-1]) / SECONDS_PER_HOUR
    return np.asarray(np.log(np.maximum(sweat_l / hours, 1e-4)))


def _first(bodies: BodyParameters, course: Course, draws: int) -> tuple[BodyParameters, Course]:
    """The first draws of bodies and course."""
    few = bodies.picked(slice(draws))
    cut = {
        name: getattr(course, name)[:, :draws]
        for name in RANGES
        if getattr(course, name).ndim == 2 and getattr(course, name).shape[1] > 1
    }
    return few, replace(course, **cut)
