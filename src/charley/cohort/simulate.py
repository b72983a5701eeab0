"""Runners through body and hazard, batch by batch, with the models of every other answer; what is kept is small."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import cache

import numpy as np

from charley import body
from charley.body.course import reference_course
from charley.cohort.day import BIN_STEPS, Day, Road, day_of, road_of
from charley.cohort.people import People, people_of
from charley.cohort.worlds import Worlds, worlds_of
from charley.evidence.numbers.cohort import COHORT
from charley.risk.factors import Situation, covariates, stressors
from charley.risk.hazard import Exposure, RunHazard
from charley.risk.person import Person, gamma_survival
from charley.vocabulary.arrays import Bools, Floats, Index
from charley.vocabulary.body_states import BodyStates
from charley.vocabulary.cohort import Field
from charley.vocabulary.units import SECONDS_PER_HOUR

BATCH = 512  # runners side by side: more are a little faster and take more memory
BATCH_S, LEAST_BATCH = 18_000.0, 16  # so many for races of five hours, fewer for longer ones
BEYOND = 1.02  # the reference run goes so much further, so that nobody runs off its end


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What is kept of runners, arrays (runners,). Distances are NaN where it did not happen."""

    which: Index
    female: Bools
    start_s: Floats
    finish_s: Floats
    chance: Floats  # of a first cramp in the race
    cramp_m: Floats
    cramp_s: Floats  # after the day's midnight
    calf: Bools  # of those who cramped
    core_c: Floats  # highest
    warm_m: Floats  # where the core first passed each of two lines
    high_m: Floats
    gain: Floats  # body mass at the finish over that at the start, less 1
    sodium_mmol_l: Floats  # lowest
    sweat_l_h: Floats
    drunk_l_h: Floats


@cache
def setting_of(field_key: str, seed: int) -> tuple[Field, Road, Worlds]:
    """Field, road and parameters of a run, worked out once in each process. ``field_key``: the text of the field."""
    from charley.cohort.field import field_from_key

    field = field_from_key(field_key)
    road = road_of(field)
    return field, road, worlds_of(seed, field.incidence, road.whole_m)


def outcomes_of(field_key: str, seed: int, first: int, count: int) -> Outcomes:
    """Runners ``first`` to ``first + count - 1``. Each one's outcome depends on nothing but the seed and its number."""
    field, road, worlds = setting_of(field_key, seed)
    people = people_of(field, worlds, road.whole_m, seed, first, count)
    order = np.argsort(people.finish_s, kind="stable")  # who runs as long lies side by side: nobody waits for others
    done = [_batch(field, road, worlds, people.picked(some)) for some in _batches(order, people.finish_s)]
    back = np.argsort(order, kind="stable")
    return Outcomes(**{f.name: np.concatenate([getattr(d, f.name) for d in done])[back] for f in fields(Outcomes)})


def _batches(order: Index, finish_s: Floats) -> Iterator[Index]:
    """Runners by their finish, fewer side by side the longer they are out, so that the memory stays the same."""
    at = 0
    while at < order.size:
        slowest_s = float(finish_s[order[min(at + BATCH, order.size) - 1]])
        size = int(np.clip(BATCH * BATCH_S / slowest_s, LEAST_BATCH, BATCH))
        yield order[at : at + size]
        at += size


def _batch(field: Field, road: Road, worlds: Worlds, people: People) -> Outcomes:
    bodies = people.bodies
    day, states, reference = bodies_of(field, road, worlds, people)
    hours = people.finish_s / SECONDS_PER_HOUR
    running = day.running > 0.0
    last = running.sum(axis=0) - 1
    column = np.arange(people.count)
    chance, cramp_s, cramp_m = _cramps(road, worlds, people, day, states, reference)
    n = COHORT
    core = np.where(running, states.core_temp_c, 0.0)
    return Outcomes(
        which=people.which,
        female=people.female,
        start_s=people.start_s,
        finish_s=people.finish_s,
        chance=chance,
        cramp_m=cramp_m,
        cramp_s=people.start_s + cramp_s,
        calf=np.isfinite(cramp_m) & (people.muscle < people.hazard.calf_share),
        core_c=core.max(axis=0),
        warm_m=_first(core > n.core_warm_c, day.at_m),
        high_m=_first(core > n.core_high_c, day.at_m),
        gain=states.mass_change_kg[last, column] / bodies.mass_kg,
        sodium_mmol_l=np.where(running, states.plasma_sodium_mmol_l, np.inf).min(axis=0),
        sweat_l_h=states.sweat_l[last, column] / hours,
        drunk_l_h=states.drunk_l[last, column] / hours,
    )


def bodies_of(field: Field, road: Road, worlds: Worlds, people: People) -> tuple[Day, BodyStates, BodyStates]:
    """The runners' day, what it does to their bodies, and what the reference run does to them."""
    bodies = people.bodies
    reference = _slim(body.simulate(reference_course(bodies, BEYOND * road.whole_m, people.level_m_s), bodies))
    day = day_of(field, road, people, field.air_temp_sd_c * worlds.temp_shift[people.which])
    return day, replace(body.simulate(day.course, bodies), distance_m=day.at_m), reference


_OF_THE_REFERENCE = ("flat_distance_m", "calf_slow_fatigue", "mass_change_kg", "plasma_sodium_mmol_l")


def _slim(states: BodyStates) -> BodyStates:
    """What the factors ask of a reference run; the rest is given back to the system, and NaN to whoever asks for it."""
    nothing = np.broadcast_to(np.nan, states.core_temp_c.shape)
    plain = ("time_s", "distance_m", "outside")
    kept = {f.name: getattr(states, f.name) for f in fields(BodyStates) if f.name in plain}
    for f in fields(BodyStates):
        if f.name not in plain:
            kept[f.name] = getattr(states, f.name).copy() if f.name in _OF_THE_REFERENCE else nothing
    return BodyStates(**kept)


def _first(met: Bools, at_m: Floats) -> Floats:
    """Where it was first met, NaN where never."""
    row = met.argmax(axis=0)
    return np.where(met.any(axis=0), at_m[row, np.arange(at_m.shape[1])], np.nan)


def _cramps(
    road: Road, worlds: Worlds, people: People, day: Day, states: BodyStates, reference: BodyStates
) -> tuple[Floats, Floats, Floats]:
    """Chance of a first cramp, and for those whose luck has it: when (s after their start) and where (m), else NaN."""
    steps, count = day.at_m.shape
    at = hazard_steps(steps)
    caused, background = hazards_of(road, worlds, people, day, states, reference, at)
    cumulative = np.cumsum(caused + background, axis=0)
    chance = 1.0 - gamma_survival(cumulative[-1], people.hazard.frailty_variance)
    theta = people.hazard.frailty_variance
    fate = np.expm1(-theta * np.log(people.cramps_at)) / theta  # the cumulative hazard at which this runner cramps
    beyond = cumulative > fate
    met, row, column = beyond[-1], beyond.argmax(axis=0), np.arange(count)
    before = np.where(row > 0, cumulative[np.maximum(row - 1, 0), column], 0.0)
    share = (fate - before) / np.maximum(cumulative[row, column] - before, 1e-300)
    ends = np.concatenate([[0.0], states.time_s[at]])
    time_s = np.minimum(ends[row] + share * (ends[row + 1] - ends[row]), people.finish_s)
    place = np.minimum(time_s / states.time_s[0], steps - 1e-9)
    below = place.astype(np.intp)
    start_m = np.where(below > 0, day.at_m[np.maximum(below - 1, 0), column], 0.0)
    at_m = start_m + (place - below) * (day.at_m[below, column] - start_m)
    return chance, np.where(met, time_s, np.nan), np.where(met, at_m, np.nan)


def hazard_steps(steps: int) -> Index:
    """The steps that end a bin of the hazard; ``steps`` is a whole number of bins (see ``day_of``)."""
    return np.arange(BIN_STEPS - 1, steps, BIN_STEPS, dtype=np.intp)


def hazards_of(
    road: Road, worlds: Worlds, people: People, day: Day, states: BodyStates, reference: BodyStates, at: Index
) -> tuple[Floats, Floats]:
    """Cumulative hazard that each bin adds to each runner's, (bins, runners): by the run, and of no known cause."""
    run = _hazard(road, worlds, people, day, states, reference, at)
    ran = day.running.reshape(at.size, BIN_STEPS, -1).sum(axis=1)
    ran *= day.course.step_s / SECONDS_PER_HOUR  # who has finished is in no race any more
    background = people.hazard.background_per_h * np.exp(run.triggered) * ran
    return np.asarray(run.increments * np.exp(people.offset)), np.asarray(background)


def _hazard(
    road: Road, worlds: Worlds, people: People, day: Day, states: BodyStates, reference: BodyStates, at: Index
) -> RunHazard:
    """The hazard of each runner along the bins that end at the steps ``at``; the person is left out."""
    count, b, course = people.count, people.bodies, day.course
    food_g_h = b.habitual_carbohydrate_g_h + b.habitual_drink_l_h * b.habitual_drink_carbohydrate_g_l
    now = Situation(
        raced=np.ones(count, dtype=bool),
        level_speed_m_s=people.level_m_s,
        level_at_length_m_s=people.level_m_s,
        planned_m=np.full(count, road.whole_m),
        wbgt_c=course.wet_bulb_globe_temp_c(),
        carbohydrate_g_h=food_g_h,
        longest_run_m=people.longest_m,
        usual_longest_m=people.usual_longest_m,
        climb_m=day.climb_m,
        descent_m=day.descent_m,
        body_mass_kg=b.mass_kg,
        told={},
    )
    x = covariates(states, reference, at, now)
    met = stressors(states, at, now, x["surge"])
    flat = states.flat_distance_m
    progress = np.clip(flat[at] / flat[-1], 0.0, 1.0)
    risen = progress ** worlds.exponent[people.which]
    baseline = np.exp(worlds.log_hazard[people.which]) * np.diff(risen, axis=0, prepend=np.zeros((1, count)))
    zero = np.zeros((1, 1))
    exposure = Exposure(states.time_s[at], day.at_m[at], progress, zero, baseline, x, met)
    return RunHazard(exposure, Person(zero, zero, zero), people.hazard)
