"""One run as the models see it: bodies along its course, the reference run beside them, and the hazard of a cramp."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley import body
from charley.answers.one_run.question import Question
from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.evidence.numbers.risk import RISK, RiskNumbers
from charley.risk import baseline
from charley.risk.crossing import Crossed, Lived, cross
from charley.risk.draws import draw_hazard, number_draws
from charley.risk.factors import Situation, covariates, stressors, usual_longest_run_m
from charley.risk.hazard import RunHazard
from charley.vocabulary.arrays import Bools, Floats, Index, distinct
from charley.vocabulary.body_states import BodyStates
from charley.vocabulary.place import distances_at_m
from charley.vocabulary.units import METRES_PER_KM, SECONDS_PER_HOUR


@dataclass(frozen=True, slots=True)
class Simulated:
    """Everything that was computed on the way, for whoever carries on from here (learning from a log, planning)."""

    question: Question
    bodies: body.BodyParameters
    course: body.Course
    states: BodyStates
    situation: Situation
    effective_m: Floats
    level_m_s: Floats
    lived: Lived  # each minute, as each body ran it
    crossed: Crossed

    @property
    def hazard(self) -> RunHazard:
        """The hazard over what the studies leave open and who the runner may be."""
        return self.crossed.hazard


def simulate(question: Question, body_numbers: BodyNumbers = BODY, risk_numbers: RiskNumbers = RISK) -> Simulated:
    """Run the body and the hazard along the run, over all draws; with other constants than the tables' where given."""
    q = question.affordable()
    # One independent stream of random numbers a part, so that asking for more of one part does not move another.
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(q.seed).spawn(6)]
    bodies = body.draw_bodies(q.runner, q.draws, streams[0], body_numbers)
    bodies = body.acclimated(bodies, q.heat_acclimation)
    bodies = body.level_from_run(q.run, q.runner, streams[3], bodies)
    course = body.course_from_run(q.run, q.weather, q.intake, streams[1], bodies)
    if q.runner.sweat_rate_l_h is not None:  # weighed in conditions like these: hold the bodies to it on this course
        bodies = body.match_sweat_rate(bodies, course, q.runner.sweat_rate_l_h, streams[5])
    states = body.simulate(course, bodies)
    draws = draw_hazard(q.draws, streams[2], n=risk_numbers)
    effort = effective_effort(q, bodies, states, risk_numbers)
    furthest_m = float(states.flat_distance_m[-1].max())
    reference = body.simulate(body.reference_course(bodies, furthest_m, effort.reference_m_s), bodies)
    situation = situation_of(q, bodies, course, effort, streams[4], risk_numbers)
    at = bins_of(states)
    x = covariates(states, reference, at, situation, risk_numbers)
    distance_m = distances_at_m(q.run, states.time_s[at])
    met = stressors(states, at, situation, x["surge"], risk_numbers)
    time_s, flat_m = states.time_s[at], states.flat_distance_m[at]
    lived = Lived(time_s, distance_m, flat_m, effort.effective_m, x, met, effort.raced)
    crossed = cross(lived, q.runner, draws, q.cramp.to_s if q.cramp else time_s[-1])
    return Simulated(q, bodies, course, states, situation, effort.effective_m, effort.level_m_s, lived, crossed)


def situation_of(
    q: Question,
    bodies: body.BodyParameters,
    course: body.Course,
    effort: Effort,
    rng: np.random.Generator,
    n: RiskNumbers = RISK,
) -> Situation:
    """What the factors are computed from, next to the simulations."""
    return Situation(
        raced=effort.raced,
        level_speed_m_s=effort.level_m_s,
        level_at_length_m_s=effort.level_at_length_m_s,
        planned_m=effort.planned_m,
        wbgt_c=course.wet_bulb_globe_temp_c(bodies.numbers),
        carbohydrate_g_h=_carbohydrate_g_h(course, q.draws),
        longest_run_m=_longest(q, rng, n),
        usual_longest_m=usual_longest_run_m(q.run.distance_m, _ratio_draws(q.draws, rng, n)),
        climb_m=_climbed_m(course, 1.0),
        descent_m=_climbed_m(course, -1.0),
        body_mass_kg=bodies.mass_kg,
        told=dict(q.runner.about),
    )


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard the run was for this runner, draw by draw."""

    raced: Bools
    planned_m: Floats  # flat-equivalent
    effective_m: Floats
    level_m_s: Floats  # own level over the effective distance
    level_at_length_m_s: Floats  # ... and over the planned one
    reference_m_s: Floats  # pace of the reference run


def effective_effort(q: Question, bodies: body.BodyParameters, states: BodyStates, n: RiskNumbers = RISK) -> Effort:
    """Race or training, and the distance on which progress counts, read off the first part of what was planned.

    Blind to cramps: the same stretch is judged whether or not the run cramped, and a race that was left early counts at
    its planned distance. An effort that nobody named is a race where its length is that of a marathon or an
    ultramarathon (few people train over exactly those), else it counts as all-out in the draws in which the runner
    could not have held that pace for longer.
    """
    flat_m = states.flat_distance_m[-1]
    planned_m = flat_m * (planned_distance_m(q) / max(q.run.distance_m, 1.0))
    judged = states.flat_distance_m <= n.blind_stretch * planned_m
    judged[: max(int(BIN_S / max(states.time_s[0], 1.0)), 1)] = True  # a run that went nowhere has its first minute
    moving = (states.flat_speed_m_s > 0.5) & judged
    mean = np.where(moving, states.flat_speed_m_s, 0.0).sum(axis=0) / np.maximum(moving.sum(axis=0), 1)
    sustainable = body.sustainable_distance_m(bodies, mean)
    raced = np.full(q.draws, told_race(q))
    if q.effort != "training":
        raced |= sustainable <= planned_m
    effective = baseline.effective_distance_m(planned_m, sustainable, raced, n)
    level = body.level_speed_m_s(bodies, effective)
    reference = np.where(raced, level, np.minimum(level, np.maximum(mean, 0.5)))
    at_length = body.level_speed_m_s(bodies, np.maximum(planned_m, METRES_PER_KM))
    return Effort(raced, planned_m, effective, level, at_length, reference)


def told_race(q: Question) -> bool:
    """Said to be a race, or of a length that says so where nothing was said."""
    return (
        q.effort == "race"
        or q.race_distance_m is not None
        or (q.effort == "unknown" and looks_like_a_race(q.run.distance_m))
    )


STANDARD_RACES_KM = (
    3.0, 5.0, 8.0, 10.0, 12.0, 15.0, 16.1, 20.0, 21.0975, 25.0, 30.0, 32.2, 35.0, 42.195, 45.0, 50.0, 56.0, 60.0, 65.0,
    70.0, 80.5, 90.0, 100.0, 120.0, 160.9,
)  # fmt: skip
SHORT_MEASURE, LONG_MEASURE = 0.99, 1.03  # of a race's distance: watches measure a little long


def at_a_standard_distance(distance_m: float) -> bool:
    """True for a length at which races are held."""
    km = distance_m / METRES_PER_KM
    return any(SHORT_MEASURE * race <= km <= LONG_MEASURE * race for race in STANDARD_RACES_KM)


def planned_distance_m(q: Question) -> float:
    """What was meant to be run: as told, else for a race the next standard distance, else what was run."""
    done_m = q.run.distance_m
    if q.race_distance_m is not None:
        return max(q.race_distance_m, done_m)
    if not told_race(q):
        return done_m
    standards = (METRES_PER_KM * km for km in STANDARD_RACES_KM)
    return max(next((d for d in standards if done_m <= LONG_MEASURE * d), done_m), done_m)


RACES_KM = (42.195, 50.0, 56.0, 90.0, 100.0, 160.9)


def looks_like_a_race(distance_m: float) -> bool:
    """True within -1 % and +3 % of a marathon or a common ultramarathon: watches measure a little long."""
    km = distance_m / METRES_PER_KM
    return any(SHORT_MEASURE * race <= km <= LONG_MEASURE * race for race in RACES_KM)


BIN_S = 60.0  # the hazard changes over minutes; body steps are finer


def bins_of(states: BodyStates) -> Index:
    """Indices of the steps that end a minute, and the last one."""
    time_s = states.time_s
    edges = np.arange(BIN_S, time_s[-1], BIN_S)
    at = np.searchsorted(time_s, edges)
    return distinct(np.append(at, time_s.size - 1))


def _carbohydrate_g_h(course: body.Course, draws: int) -> Floats:
    """Carbohydrate that was eaten and drunk, over the whole run, (draws,)."""
    eaten, drink_l_s, drink = (
        course.by_draw(name) for name in ("carbohydrate_g_s", "drink_l_s", "drink_carbohydrate_g_l")
    )
    return np.broadcast_to(np.mean(eaten + drink_l_s * drink, axis=0) * SECONDS_PER_HOUR, (draws,))


def _climbed_m(course: body.Course, sign: float) -> Floats:
    """Metres climbed since the start, or with ``sign`` -1 descended, (steps,)."""
    rise = np.maximum(sign * course.grade, 0.0) * course.speed_m_s * course.step_s
    return np.cumsum(rise if rise.ndim == 1 else rise.mean(axis=1))


def _longest(q: Question, rng: np.random.Generator, n: RiskNumbers) -> Floats:
    if q.runner.longest_run_30d_m is not None:
        return np.full(q.draws, q.runner.longest_run_30d_m)
    return usual_longest_run_m(q.run.distance_m, _ratio_draws(q.draws, rng, n))


def _ratio_draws(draws: int, rng: np.random.Generator, n: RiskNumbers) -> dict[str, Floats]:
    return {k: number_draws(f"usual_longest_ratio_{k}", draws, rng, n) for k in ("10k", "half", "marathon")}
