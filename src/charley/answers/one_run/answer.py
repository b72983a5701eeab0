"""From one run to an answer: body, hazard, drivers, and what the data cannot tell.

Without a log of the runner's own, every driver is what studies say; nothing is ranked, and the answer says so.
"""

from __future__ import annotations

import numpy as np

from charley.answers.one_run import assumptions, tracks
from charley.answers.one_run.question import Question
from charley.answers.one_run.simulate import Simulated, simulate
from charley.evidence import factors, families, priors
from charley.risk import baseline, late_run, stops
from charley.risk.crossing import Lived
from charley.risk.draws import draw_hazard
from charley.risk.person import CLASSES
from charley.vocabulary.answer import DeclineTest, Driver, Hazard, RunSummary, Seen, Why
from charley.vocabulary.arrays import Floats
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.evidence import Prior
from charley.vocabulary.place import distance_at_m
from charley.vocabulary.units import METRES_PER_KM, SECONDS_PER_MINUTE

DECLINE_CLAIM = "K53"  # "a late loss of speed means that you were dehydrated"


def explain(question: Question) -> Why:
    """The answer for one run, from studies alone."""
    simulated = simulate(question)
    return answer(simulated)


def answer(s: Simulated) -> Why:
    """Put the figures of a simulated run together."""
    q, run = s.question, s.question.run
    hazard = s.hazard
    class_p = hazard.person.class_probability().mean(axis=1)
    hazard_track = _each_minute(hazard.rate(), s.lived)
    until_s = q.cramp.to_s if q.cramp else float("inf")
    known = [p for key, p in factors("run", "told").items() if key in s.lived.covariates]
    drivers = tuple(_driver(s, prior, until_s) for prior in known)
    joint = hazard.preventable(hazard.exposure.covariates, until_s)
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
            run.zone_from,
        ),
        cramp=q.cramp,
        cramp_at_m=_cramp_at_m(q.cramp, s),
        chance=Estimate.from_draws(hazard.chance),
        chance_of_people=hazard.least_and_most(s.crossed.person),
        chance_by_class=tuple(
            (name, float(p), Estimate.from_draws(row))
            for name, p, row in zip(CLASSES, class_p, hazard.chance_by_class(), strict=True)
        ),
        chance_after=tuple((w, Estimate.from_draws(c)) for w, c in hazard.after()),
        base_rate=_base_rate(distance_km, q, "mass"),
        base_rate_studies=_base_rate(distance_km, q, "volunteers"),
        base_distance_m=METRES_PER_KM * distance_km,
        calf_share=Estimate.from_draws(hazard.draws.calf_share),
        hazard=hazard_track,
        strip=tracks.build(run, s.states, s.bodies.mass_kg, hazard_track),
        drivers=drivers,
        # where the run was kinder than the reference, all of the chance is unexplained, and no more than that
        unexplained=Estimate.from_draws(np.clip(1 - joint, 0.0, 1.0)),
        prior_share=1.0,  # no log of the runner's own: posterior and prior are the same thing
        n_cramps=int(q.cramp is not None),
        n_runs=1,
        detected=detected,
        stops=suggested,
        decline=decline,
        missing=assumptions.channels(s),
        assumed=assumptions.assumptions(s),
        would_tell=assumptions.would_tell(s),
        warnings=run.warnings,
        notes=assumptions.notes(s),
        sources=assumptions.standing(s, source_ids, detected, decline),
        draws=q.draws,
        seed=q.seed,
    )


def _each_minute(blocks: Hazard, lived: Lived) -> Hazard:
    """The rate of each block taken as that of its middle, and straight between."""
    middle_s = blocks.time_s - np.diff(blocks.time_s, prepend=0.0) / 2
    mean, low, high, low50, high50 = (
        np.interp(lived.time_s, middle_s, row)
        for row in (blocks.rate_per_h, blocks.low, blocks.high, blocks.low50, blocks.high50)
    )
    return Hazard(lived.time_s, lived.distance_m, mean, low, high, low50, high50)


def _driver(s: Simulated, prior: Prior, until_s: float) -> Driver:
    factor, key = prior.factor, prior.key
    assert factor is not None
    share = Estimate.from_draws(s.hazard.preventable({key}, until_s))
    return Driver(
        id=key,
        label=prior.label,
        family=families()[factor.family],
        share=share,
        before=share,
        reference=share,
        evidence_grade=prior.grade,
        source_ids=prior.source_ids,
        seen=Seen(
            Estimate.from_draws(factor.scale * _at_cramp(s, s.lived.covariates[key])),
            factor.seen_unit,
            factor.seen,
        ),
    )


def _at_cramp(s: Simulated, x: Floats) -> Floats:
    """A covariate at the cramp, or at the end of the run, (draws,)."""
    time_s = s.lived.time_s
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
        expected_share=Estimate.from_draws(s.hazard.preventable({"body_mass_loss"}, until_s)),
        claim_id=DECLINE_CLAIM,
        source_ids=prior.source_ids,
    )


def _cramp_at_m(cramp: Cramp | None, s: Simulated) -> float | None:
    if cramp is None:
        return None
    return distance_at_m(s.question.run, cramp.at_s if cramp.at_s is not None else cramp.from_s)
