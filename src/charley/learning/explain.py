"""From one run to an answer: body, hazard, drivers, and what the data cannot tell.

Without a log of the runner's own, every driver is what studies say; nothing is ranked, and the answer says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley import body
from charley.evidence import parameters, priors
from charley.learning import missing, strip
from charley.learning.question import Question
from charley.risk import baseline, late_run, stops
from charley.risk.after import chance_after
from charley.risk.draws import HazardDraws, draw_hazard, parameter_draws
from charley.risk.factors import FACTORS, FAMILIES, Situation, covariates, usual_longest_run_m
from charley.risk.hazard import Exposure, chance_by_class, chance_draws, expose, preventable, preventable_estimate, rate
from charley.risk.person import CLASSES, Person, describe
from charley.vocabulary.answer import DeclineTest, Driver, RunSummary, Why
from charley.vocabulary.arrays import Bools, Floats, Index
from charley.vocabulary.body_states import BodyStates
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.place import distance_at_m, distances_at_m
from charley.vocabulary.units import METRES_PER_KM, SECONDS_PER_HOUR, SECONDS_PER_MINUTE

BIN_S = 60.0  # the hazard changes over minutes; body steps are finer
DECLINE_CLAIM = "K53"  # "a late loss of speed means that you were dehydrated"


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
    exposure: Exposure
    hazard: HazardDraws
    person: Person


def explain(question: Question) -> Why:
    """The answer for one run, from studies alone."""
    simulated = simulate(question)
    return answer(simulated)


def simulate(question: Question) -> Simulated:
    """Run the body and the hazard along the run, over all draws."""
    q = question
    # One independent stream of random numbers a part, so that asking for more of one part does not move another.
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(q.seed).spawn(6)]
    bodies = body.draw_bodies(q.runner, q.draws, streams[0])
    bodies = body.level_from_run(q.run, q.runner, streams[3], bodies)
    course = body.course_from_run(q.run, q.weather, q.intake, streams[1], bodies)
    if q.runner.sweat_rate_l_h is not None:  # weighed in conditions like these: hold the bodies to it on this course
        bodies = body.match_sweat_rate(bodies, course, q.runner.sweat_rate_l_h, streams[5])
    states = body.simulate(course, bodies)
    hazard = draw_hazard(q.draws, streams[2])
    until_s = q.cramp.from_s if q.cramp else float("inf")
    effort = effective_effort(q, bodies, states, until_s)
    furthest_m = float(states.flat_distance_m[-1].max())
    reference = body.simulate(body.reference_course(bodies, furthest_m, effort.reference_m_s), bodies)
    situation = situation_of(q, bodies, course, effort, streams[4])
    at = bins_of(states)
    x = covariates(states, reference, at, situation)
    distance_m = distances_at_m(q.run, states.time_s[at])
    exposure = expose(states.time_s[at], distance_m, states.flat_distance_m[at], effort.effective_m, x, hazard)
    person = describe(q.runner, hazard)
    return Simulated(
        q, bodies, course, states, situation, effort.effective_m, effort.level_m_s, exposure, hazard, person
    )


def situation_of(
    q: Question, bodies: body.BodyParameters, course: body.Course, effort: Effort, rng: np.random.Generator
) -> Situation:
    """What the factors are computed from, next to the simulations."""
    return Situation(
        raced=effort.raced,
        level_speed_m_s=effort.level_m_s,
        wbgt_c=body.wet_bulb_globe_temp_c(
            *(course.by_draw(name) for name in ("air_temp_c", "relative_humidity", "solar_w_m2", "wind_m_s"))
        ),
        carbohydrate_g_h=_carbohydrate_g_h(course, q.draws),
        longest_run_m=_longest(q, rng),
        usual_longest_m=usual_longest_run_m(q.run.distance_m, _ratio_draws(q.draws, rng)),
        climb_m=_climb_m(course),
        body_mass_kg=bodies.mass_kg,
        told=dict(q.runner.about),
    )


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard the run was for this runner, draw by draw."""

    raced: Bools
    effective_m: Floats
    level_m_s: Floats  # own level over the effective distance
    reference_m_s: Floats  # pace of the reference run


def effective_effort(q: Question, bodies: body.BodyParameters, states: BodyStates, until_s: float) -> Effort:
    """Race or training, and the distance on which progress counts.

    An effort that nobody named is a race where its length is that of a marathon or an ultramarathon (few people
    train over exactly those), else it counts as all-out in the draws in which the runner could not have held that
    pace for longer.
    """
    moving = (states.flat_speed_m_s > 0.5) & (states.time_s[:, None] <= until_s)
    mean = np.where(moving, states.flat_speed_m_s, 0.0).sum(axis=0) / np.maximum(moving.sum(axis=0), 1)
    flat_m = states.flat_distance_m[-1]
    done_m = np.maximum(flat_m, q.race_distance_m or 0.0)
    sustainable = body.sustainable_distance_m(bodies, mean)
    raced = np.full(q.draws, q.effort == "race" or q.race_distance_m is not None)
    if q.effort == "unknown" and looks_like_a_race(q.run.distance_m):
        raced[:] = True
    if q.effort != "training":
        raced |= sustainable <= done_m
    effective = baseline.effective_distance_m(done_m, sustainable, raced)
    level = body.level_speed_m_s(bodies, effective)
    reference = np.where(raced, level, np.minimum(level, np.maximum(mean, 0.5)))
    return Effort(raced, effective, level, reference)


RACES_KM = (42.195, 50.0, 56.0, 90.0, 100.0, 160.9)


def looks_like_a_race(distance_m: float) -> bool:
    """True within -1 % and +3 % of a marathon or a common ultramarathon: watches measure a little long."""
    km = distance_m / METRES_PER_KM
    return any(0.99 * race <= km <= 1.03 * race for race in RACES_KM)


def answer(s: Simulated) -> Why:
    """Put the figures of a simulated run together."""
    q, run = s.question, s.question.run
    chances = chance_draws(s.exposure, s.person, s.hazard)
    by_class = chance_by_class(s.exposure, s.person, s.hazard)
    class_p = s.person.class_probability().mean(axis=1)
    hazard_track = rate(s.exposure, s.person, s.hazard)
    until_s = q.cramp.to_s if q.cramp else float("inf")
    drivers = tuple(_driver(s, f.key, f.family, until_s) for f in FACTORS if f.key in s.exposure.covariates)
    everything = frozenset(s.exposure.covariates)
    joint = preventable(s.exposure, s.hazard, everything, until_s)
    distance_km = max(run.distance_m, q.race_distance_m or 0.0) / METRES_PER_KM
    suggested = stops.suggest(run)
    detected = late_run.definitions(run)
    decline = _decline(s, until_s)
    source_ids = [i for d in drivers for i in d.source_ids]
    return Why(
        status="cannot_tell",  # one run and no log: no cause can be named
        run=RunSummary(
            run.file_name,
            run.file_format,
            run.device,
            run.started_at,
            run.distance_m,
            run.elapsed_s,
            run.timer_s,
            run.records,
            run.demo,
        ),
        cramp=q.cramp,
        cramp_at_m=_cramp_at_m(q.cramp, s),
        chance=Estimate.from_draws(chances),
        chance_by_class=tuple(
            (name, float(p), Estimate.from_draws(row)) for name, p, row in zip(CLASSES, class_p, by_class, strict=True)
        ),
        chance_after=tuple((w, Estimate.from_draws(c)) for w, c in chance_after(chances, s.hazard)),
        base_rate=_base_rate(distance_km, q, "mass"),
        base_rate_studies=_base_rate(distance_km, q, "volunteers"),
        base_rate_label=f"Runners in general in a race of {distance_km:.1f} km",
        calf_share=Estimate.from_draws(s.hazard.calf_share),
        hazard=hazard_track,
        strip=strip.build(run, s.states, s.bodies.mass_kg, hazard_track),
        drivers=drivers,
        # where the run was kinder than the reference, all of the chance is unexplained, and no more than that
        unexplained=Estimate.from_draws(np.clip(1 - joint, 0.0, 1.0)),
        prior_share=1.0,  # no log of the runner's own: posterior and prior are the same thing
        n_cramps=int(q.cramp is not None),
        n_runs=1,
        detected=detected,
        stops=suggested,
        decline=decline,
        missing=missing.channels(s),
        assumed=missing.assumptions(s),
        would_tell=missing.would_tell(s),
        warnings=(*run.warnings, *missing.warnings(s)),
        sources=missing.standing(s, source_ids, detected, decline),
        draws=q.draws,
        seed=q.seed,
    )


def _driver(s: Simulated, key: str, family: str, until_s: float) -> Driver:
    prior = priors()[key]
    share = preventable_estimate(s.exposure, s.hazard, frozenset({key}), until_s)
    return Driver(
        id=key,
        label=prior.label,
        family=FAMILIES[family],
        share=share,
        studies=share,
        evidence_grade=prior.grade,
        source_ids=prior.source_ids,
        seen=missing.seen(key, _at_cramp(s, s.exposure.covariates[key])),
    )


def _at_cramp(s: Simulated, x: Floats) -> Floats:
    """A covariate at the cramp, or at the end of the run, (draws,)."""
    time_s = s.exposure.time_s
    end = s.question.cramp.to_s if s.question.cramp else time_s[-1]
    return np.asarray(x[min(int(np.searchsorted(time_s, end)), time_s.size - 1)])


def _base_rate(distance_km: float, q: Question, field: str) -> Estimate:
    """How often a field cramps over the effective distance, before anything is known of the runner."""
    hazard = draw_hazard(q.draws, np.random.default_rng(q.seed), field)
    return Estimate.from_draws(-np.expm1(-baseline.field_cumulative_hazard(distance_km, hazard)))


def _decline(s: Simulated, until_s: float) -> DeclineTest:
    run = s.question.run
    end_s = min(until_s, run.elapsed_s)
    step = min(int(np.searchsorted(s.states.time_s, end_s)), s.states.time_s.size - 1)
    loss = -s.states.body_water_change_l[step] / s.bodies.mass_kg
    prior = priors()["body_mass_loss"]
    return DeclineTest(
        slowed_fraction=late_run.slowed_fraction(run, end_s, 30 * SECONDS_PER_MINUTE),
        water_loss=Estimate.from_draws(loss),
        expected_share=preventable_estimate(s.exposure, s.hazard, frozenset({"body_mass_loss"}), until_s),
        claim_id=DECLINE_CLAIM,
        source_ids=prior.source_ids,
    )


def _cramp_at_m(cramp: Cramp | None, s: Simulated) -> float | None:
    if cramp is None:
        return None
    return distance_at_m(s.question.run, cramp.at_s if cramp.at_s is not None else cramp.from_s)


def bins_of(states: BodyStates) -> Index:
    """Indices of the steps that end a minute, and the last one."""
    time_s = states.time_s
    edges = np.arange(BIN_S, time_s[-1], BIN_S)
    at = np.searchsorted(time_s, edges)
    return np.unique(np.concatenate((at, [time_s.size - 1]))).astype(np.intp)


def _carbohydrate_g_h(course: body.Course, draws: int) -> Floats:
    """Carbohydrate that was eaten and drunk, over the whole run, (draws,)."""
    eaten, drink_l_s, drink = (
        course.by_draw(name) for name in ("carbohydrate_g_s", "drink_l_s", "drink_carbohydrate_g_l")
    )
    return np.broadcast_to(np.mean(eaten + drink_l_s * drink, axis=0) * SECONDS_PER_HOUR, (draws,))


def _climb_m(course: body.Course) -> Floats:
    """Metres climbed since the start, (steps,)."""
    rise = np.maximum(course.grade, 0.0) * course.speed_m_s * course.step_s
    return np.cumsum(rise if rise.ndim == 1 else rise.mean(axis=1))


def _longest(q: Question, rng: np.random.Generator) -> Floats:
    if q.runner.longest_run_30d_m is not None:
        return np.full(q.draws, q.runner.longest_run_30d_m)
    return usual_longest_run_m(q.run.distance_m, _ratio_draws(q.draws, rng))


def _ratio_draws(draws: int, rng: np.random.Generator) -> dict[str, Floats]:
    numbers = parameters("risk")
    return {k: parameter_draws(numbers[f"usual_longest_ratio_{k}"], draws, rng) for k in ("10k", "half", "marathon")}


def drawn_offset(person: Person, rng: np.random.Generator) -> Floats:
    """One draw of class and rest for each world, (draws,)."""
    weights = person.weight.reshape(-1, person.weight.shape[-1])
    offsets = person.offset.reshape(weights.shape)
    pick = (rng.random(weights.shape[1]) > np.cumsum(weights, axis=0)).sum(axis=0)
    return np.asarray(np.take_along_axis(offsets, np.minimum(pick, weights.shape[0] - 1)[None], axis=0)[0])
