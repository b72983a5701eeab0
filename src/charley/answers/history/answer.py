"""The answer over a whole journal, put together: the latest cramped run as for a file, with the figures of the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from charley.answers.history import clustering, patterns
from charley.answers.history.belief import Belief, grade_of, share, subject
from charley.answers.history.bodies import Bodies
from charley.answers.one_run.answer import explain
from charley.answers.one_run.question import Question
from charley.body.level import level_speed_m_s
from charley.evidence import families
from charley.evidence.numbers.learning import LEARNING
from charley.inference import next_run
from charley.inference.attribution import CANNOT_TELL
from charley.inference.design import RunRows
from charley.inference.forecast import chance, forecast
from charley.inference.posterior import Posterior, systematic
from charley.risk.draws import draw_hazard
from charley.risk.person import CLASSES
from charley.risk.post_run import chance_after
from charley.vocabulary import journal
from charley.vocabulary.answer import Driver, Hazard, Strip, Why, WouldTell
from charley.vocabulary.arrays import Floats
from charley.vocabulary.errors import Warned
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.note import STUDIES
from charley.vocabulary.over_journal import Before, Family, OverJournal, Personal, Proposed
from charley.vocabulary.units import SECONDS_PER_HOUR

DESIGN_DRAWS = 400  # for designs, of which there are many
SORTING_DRAWS = 100  # to find the run in the middle
RUN_DRAWS = 150  # bodies along the run that is shown; the figures of the log come from its own draws


def answer(
    belief: Belief,
    bodies: Bodies,
    *,
    alone: Sequence[journal.Event] = (),
    health: Sequence[str] = (),
    undated: Sequence[str] = (),
    before: Before | None = None,
    seed: int = 1,
) -> Why:
    """All that the journal says. ``alone``: cramps of no run; ``health``: conditions and medicines that were named;
    ``undated``: runs that are left out, as their clock was never set."""
    log, i = belief.log, subject(belief.log)
    planned, rows, report = log.planned[i], log.rows[i], log.reports[i]
    run = log.told[i].read()
    cramps = log.told[i].report.cramps
    effort = {"race": "race", "easy": "training"}.get(log.told[i].effort or "", "unknown")
    runner = replace(planned.runner, history=bodies.career.runner.history)
    asked = Question(
        run, cramps[0] if cramps else None, runner, planned.told.weather, planned.told.intake, effort,
        draws=RUN_DRAWS, seed=seed,
    )  # fmt: skip
    shown = explain(asked)
    along = _hazard(belief, rows, shown.hazard)
    chances = forecast(belief.beforehand, rows).chance
    world = draw_hazard(belief.beforehand.draws, np.random.default_rng(seed))
    once = () if report.cramped else (Warned("no-cramp-logged", "no cramp is logged yet: nothing can be ranked"),)
    left_out = "is left out: its channels are lost, or it went nowhere"
    lost = tuple(Warned("journal-run-left-out", f"run {run_id[:8]} {left_out}") for run_id in log.skipped)
    return replace(
        shown,
        status="cannot_tell" if belief.verdict.code == CANNOT_TELL else "ok",
        chance=share(belief.beforehand, chances),
        chance_by_class=_by_class(belief.beforehand, chances),
        chance_after=tuple((w, Estimate.from_draws(c)) for w, c in chance_after(chances, world)),
        hazard=along,
        strip=_with_hazard(shown.strip, along),
        drivers=_drivers(belief, shown),
        unexplained=share(belief.now, np.clip(belief.drivers.unexplained, 0.0, 1.0)),
        prior_share=belief.now.prior_share() if log.cramped else 1.0,
        n_cramps=sum(len(t.report.cramps) for t in log.told),
        n_runs=len(log.runs),
        would_tell=tuple(sorted((*next_runs(belief), *shown.would_tell), key=_least_bits_last)),
        warnings=(*once, *lost, *_undated(undated), *shown.warnings),
        notes=tuple(n for n in shown.notes if n.warning != STUDIES),
        draws=belief.now.draws,
        journal=_over(belief, bodies, alone, health, before),
    )


def _undated(runs: Sequence[str]) -> tuple[Warned, ...]:
    if not runs:
        return ()
    some = ", ".join(r[:8] for r in runs[:3]) + (" and others" if len(runs) > 3 else "")
    text = f"{len(runs)} {'run is' if len(runs) == 1 else 'runs are'} left out, the clock was never set: {some}"
    return (Warned("journal-undated", f"{text}; charley log date 2026-05-03T09:00 --run RUN"),)


def _least_bits_last(step: WouldTell) -> float:
    return -step.expected_information_bits


def _hazard(belief: Belief, rows: RunRows, shown: Hazard) -> Hazard:
    found = forecast(belief.beforehand, rows).rate_per_h
    time_s = np.cumsum(rows.dt_h) * SECONDS_PER_HOUR
    low, low50, high50, high = np.quantile(found, (0.1, 0.25, 0.75, 0.9), axis=0)
    distance_m = np.interp(time_s, shown.time_s, shown.distance_m)
    return Hazard(time_s, distance_m, found.mean(axis=0), low, high, low50, high50)


def _with_hazard(strip: Strip, hazard: Hazard) -> Strip:
    """The strip with the hazard of the log in place of that of studies."""
    tracks = []
    for track in strip.tracks:
        if track.key == "hazard":
            mean, low, high, low50, high50 = (
                np.interp(strip.time_s, hazard.time_s, row)
                for row in (hazard.rate_per_h, hazard.low, hazard.high, hazard.low50, hazard.high50)
            )
            track = replace(track, mean=mean, low=low, high=high, low50=low50, high50=high50)
        tracks.append(track)
    return replace(strip, tracks=tuple(tracks))


def _by_class(posterior: Posterior, chances: Floats) -> tuple[tuple[str, float, Estimate], ...]:
    """Chance given each kind of runner, from the draws in proportion to how well they fit it."""
    each = posterior.layout.class_probability(posterior.z)
    out = []
    for c, name in enumerate(CLASSES):
        weights = posterior.weights * each[:, c]
        total = float(weights.sum())
        if total > 0:
            chosen = systematic(weights / total, posterior.draws, np.random.default_rng(0))
            out.append((name, total, Estimate.from_draws(chances[chosen])))
    return tuple(out)


def _drivers(belief: Belief, shown: Why) -> tuple[Driver, ...]:
    """Single factors in the fixed order of families; their shares overlap."""
    table, seen = belief.log.table, {d.id: d.seen for d in shown.drivers}
    found = []
    for k, key in enumerate(table.keys):
        label, grade, source_ids = grade_of(key)
        found.append(
            Driver(
                id=key,
                label=label,
                family=families()[table.families[k]],
                share=share(belief.now, belief.drivers.factor[:, k]),
                studies=share(belief.studies, belief.drivers_from_studies.factor[:, k]),
                evidence_grade=grade,
                source_ids=source_ids,
                seen=seen.get(key),
            )
        )
    return tuple(found)


def next_runs(belief: Belief) -> tuple[WouldTell, ...]:
    """The usual hard run with one family brought down, for as far as that would tell which change helps most."""
    return tuple(WouldTell("less", p.expected_information_bits, p.label) for p in proposed(belief) if p.family)


def proposed(belief: Belief) -> tuple[Proposed, ...]:
    """Designs of the next run, best first; none adds a stressor, none is riskier than the usual run."""
    candidates = next_run.designs(usual_hard_run(belief), belief.log.table)
    if not any(d.family for d in candidates):
        return ()
    some = belief.now.equal(DESIGN_DRAWS)
    changed = [d for d in candidates if d.family]
    none = np.stack([next_run.outcome_probabilities(some, d.run)[:, 0] for d in changed])
    answer = np.bincount(none.argmax(axis=0)) / some.draws
    open_bits = float(-(answer * np.log2(np.maximum(answer, 1e-300))).sum())
    usual_risk = float(chance(some, candidates[0].run).mean())
    return tuple(
        Proposed(
            id=p.design.key or "usual",
            label=families().get(p.design.label, p.design.label),
            family=p.design.family,
            expected_information_bits=p.information_bits,
            risk=p.risk,
            usual_risk=usual_risk,
            runs_to_tell=_runs_to_tell(open_bits, p.information_bits),
        )
        for p in next_run.propose(some, candidates)
    )


def _runs_to_tell(open_bits: float, bits_a_run: float) -> int | None:
    """At the rate of the first run, runs until one answer has 8 in 10; the true number is seldom lower."""
    likely = LEARNING.main_driver_likely
    enough = -(likely * np.log2(likely) + (1 - likely) * np.log2(1 - likely))
    if open_bits <= enough:
        return 0
    runs = np.ceil((open_bits - enough) / max(bits_a_run, 1e-9))
    return int(runs) if runs <= LEARNING.trial_most_runs else None


def usual_hard_run(belief: Belief) -> RunRows:
    """The hard run in the middle of this runner's, by the chance of a cramp in it."""
    runs = [belief.log.rows[i] for i in belief.hard]
    some = belief.now.equal(SORTING_DRAWS)
    mean = [float(chance(some, r).mean()) for r in runs]
    return runs[int(np.argsort(mean, kind="stable")[len(mean) // 2])]


def next_hard_run(belief: Belief) -> tuple[float, Estimate]:
    """Distance of the usual hard run (m) and the chance of a cramp in it, as a forecast of the next such run."""
    usual = usual_hard_run(belief)
    row = next(t.row for t in belief.log.told if t.row.run_id == usual.run_id)
    return row.distance_m, share(belief.now, chance(belief.now, usual))


def _over(
    belief: Belief,
    bodies: Bodies,
    alone: Sequence[journal.Event],
    health: Sequence[str],
    before: Before | None,
) -> OverJournal:
    log, said = belief.log, belief.verdict
    found = patterns.cramps(belief)
    single, probability = belief.single()
    by_family = tuple(
        Family(
            id=name,
            label=families()[name],
            share=share(belief.now, belief.drivers.family[:, f]),
            studies=share(belief.studies, belief.drivers_from_studies.family[:, f]),
            main=float(belief.drivers.main_family[f]),
            main_studies=float(belief.drivers_from_studies.main_family[f]),
        )
        for f, name in enumerate(log.table.family_names)
    )
    if said.ranked:
        by_family = tuple(sorted(by_family, key=lambda f: -f.main))
    return OverJournal(
        verdict=said.code,
        ranked=said.ranked,
        mostly_studies=said.mostly_studies,
        families=by_family,
        single=single,
        single_probability=probability,
        joint=share(belief.now, belief.drivers.joint),
        n_answered=len(log.answered),
        n_hard=len(belief.hard),
        hard_rule=belief.hard_rule,
        cramps=found,
        same_place=clustering.of(belief, found),
        races=patterns.races_against_training(log),
        one_leg=patterns.one_leg(log, alone),
        sides=patterns.sides(log, alone),
        groups=patterns.groups(log, alone, health),
        personal=personal(belief, bodies),
        before=before,
        skipped=log.skipped,
        runs=patterns.dots(log),
    )


def personal(belief: Belief, bodies: Bodies) -> tuple[Personal, ...]:
    """The runner's body and habits as learnt: critical speed, pace over 10 km, sweat rate, the usual easy run."""
    log = belief.log
    latest = log.planned[-1]
    level = bodies.levelled(latest.proof, latest.runner)
    speed = Estimate.from_draws
    proof = bodies.career.runs[latest.proof].row.started_at
    basis = "races of the last 12 weeks" if latest.runner.bests else "the fastest run of the last 12 weeks"
    out = [
        Personal("critical_speed", "Critical speed", "m/s", speed(level.critical_speed_m_s),
                 speed(bodies.anybody.critical_speed_m_s), f"{basis} ({proof:%d %b %Y})"),
        Personal("level_10k", "Sustainable speed over 10 km", "m/s", speed(level_speed_m_s(level, 10_000.0)),
                 speed(level_speed_m_s(bodies.anybody, 10_000.0)), basis),
    ]  # fmt: skip
    out += bodies.sweat()
    easy = [log.told[i].row for i in range(len(log.told)) if i not in belief.hard]
    if easy:
        distance = np.array([r.distance_m for r in easy])
        speeds = np.array([r.distance_m / max(r.elapsed_s, 1.0) for r in easy])
        many = f"{len(easy)} runs that were not hard"
        out.append(Personal("easy_distance", "Your usual easy run", "m", speed(distance), None, many))
        out.append(Personal("easy_speed", "Its speed", "m/s", speed(speeds), None, many))
    return tuple(out)
