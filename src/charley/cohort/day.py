"""The day: each runner's own course through the same road and air, on one grid of time since their start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.body.course import RANGES, Course, clothes_worn_clo, course_of
from charley.cohort.people import People
from charley.planning.conditions.course import flat_course
from charley.planning.race.strategy import Way, way_of
from charley.vocabulary.arrays import Floats
from charley.vocabulary.cohort import Field
from charley.vocabulary.race import RaceCourse
from charley.vocabulary.units import SECONDS_PER_HOUR

STEP_S = 60.0
BIN_STEPS = 5  # of the hazard: the factors are looked at every five minutes, at the same times for everybody


@dataclass(frozen=True, slots=True)
class Road:
    """The way in cells, with flat-equivalent metres and height at each edge, (cells + 1,)."""

    way: Way
    flat_m: Floats
    height_m: Floats

    @property
    def whole_m(self) -> float:
        """Length of the flat way that costs as much."""
        return float(self.flat_m[-1])


def road_of(field: Field) -> Road:
    """The field's road, as every forecast of a race has it."""
    if field.height_at_m.size:
        course = RaceCourse(field.name, field.distance_m, field.height_at_m, field.height_m, "file")
    else:
        course = flat_course(field.distance_m, field.name)
    way = way_of(course, ())
    steps = np.diff(way.edges_m)
    return Road(
        way,
        np.concatenate([[0.0], np.cumsum(steps * way.cost_ratio)]),
        np.concatenate([[0.0], np.cumsum(steps * way.grade)]),
    )


@dataclass(frozen=True, slots=True)
class Day:
    """Courses side by side, and where each runner is at the end of each step, (steps, runners), m along the road."""

    course: Course
    at_m: Floats
    running: Floats  # share of each step before the runner's finish
    climb_m: Floats
    descent_m: Floats


def day_of(field: Field, road: Road, people: People, temp_shift_c: Floats) -> Day:
    """The runners' courses; who has finished rests. ``temp_shift_c``, (runners,): how much warmer their day is."""
    steps = BIN_STEPS * int(np.ceil(people.finish_s.max() / (STEP_S * BIN_STEPS) - 1e-9))
    ends = STEP_S * np.arange(steps + 1.0)[:, None]
    at = np.interp(_flat_done(road, people, ends), road.flat_m, road.way.edges_m)
    covered = np.diff(at, axis=0)
    height = np.interp(at, road.way.edges_m, road.height_m)
    rise = np.diff(height, axis=0)
    running = np.clip((people.finish_s - ends[:-1]) / STEP_S, 0.0, 1.0)
    clock = people.start_s + ends[:-1] + STEP_S / 2
    temp, humidity, wind, sun = (
        np.interp(clock, field.air_s, values)
        for values in (field.air_temp_c, field.relative_humidity, field.wind_m_s, field.solar_w_m2)
    )
    temp = np.clip(temp + temp_shift_c, *RANGES["air_temp_c"])
    bodies = people.bodies
    mean_temp = (temp * running).sum(axis=0) / running.sum(axis=0)
    course = course_of(
        covered / STEP_S,
        STEP_S,
        n=bodies.numbers,
        grade=np.clip(np.divide(rise, covered, out=np.zeros_like(rise), where=covered > 0), *RANGES["grade"]),
        air_temp_c=temp,
        relative_humidity=humidity,
        wind_m_s=wind,
        solar_w_m2=sun,
        clothing_clo=clothes_worn_clo(mean_temp, bodies),
        drink_l_s=bodies.habitual_drink_l_h / SECONDS_PER_HOUR * running,
        drink_sodium_mmol_l=bodies.habitual_drink_sodium_mmol_l[None, :],
        drink_carbohydrate_g_l=bodies.habitual_drink_carbohydrate_g_l[None, :],
        carbohydrate_g_s=bodies.habitual_carbohydrate_g_h / SECONDS_PER_HOUR * running,
    )
    climb, descent = (np.cumsum(np.maximum(sign * rise, 0.0), axis=0) for sign in (1.0, -1.0))
    return Day(course, at[1:], running, climb, descent)


def _flat_done(road: Road, people: People, time_s: Floats) -> Floats:
    """Flat-equivalent metres done at times since the start: one speed to the turn, another from there."""
    whole, share = road.whole_m, people.turn_share
    first = whole * (share + (1.0 - share) / people.slower) / people.finish_s
    turn_s = whole * share / first
    late = np.maximum(time_s - turn_s, 0.0)
    return np.asarray(np.minimum(first * np.minimum(time_s, turn_s) + first * people.slower * late, whole))
