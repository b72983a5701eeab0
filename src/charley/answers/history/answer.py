"""The answer over a whole journal, put together: the latest cramped run as for a file, with the figures of the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from charley.answers.history import clustering, patterns
from charley.answers.history.belief import Belief, Muscles, share
from charley.answers.history.bodies import Bodies
from charley.answers.history.change import one_change
from charley.answers.history.criticism import misfits
from charley.answers.history.foretold import foreteller
from charley.answers.history.learn import Learned
from charley.answers.history.naming import CANNOT_TELL, Naming
from charley.answers.history.plan import CALF
from charley.answers.history.studies import PEOPLE, studies
from charley.answers.history.tables import plain_tables
from charley.answers.one_run import assumptions
from charley.answers.one_run.answer import answer as one_run
from charley.answers.one_run.question import Question
from charley.answers.one_run.simulate import Simulated, simulate
from charley.body.level import level_speed_m_s
from charley.evidence import claims, factors, families, priors
from charley.evidence.numbers.learning import LEARNING
from charley.inference import next_run, trial
from charley.inference.after_runs import AfterBelief
from charley.inference.design import AFTER_WINDOWS, RunRows
from charley.inference.forecast import chance
from charley.inference.posterior import Posterior, systematic
from charley.risk.hazard import over_people
from charley.risk.person import CLASSES
from charley.vocabulary.answer import Driver, Hazard, Strip, Why, WouldTell
from charley.vocabulary.arrays import Floats
from charley.vocabulary.errors import Warned
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.note import STUDIES
from charley.vocabulary.over_journal import (
    Family,
    Foretold,
    HoursAfter,
    Length,
    OverJournal,
    Personal,
    Proposed,
)
from charley.vocabulary.units import SECONDS_PER_HOUR

DESIGN_DRAWS = 400  # for designs, of which there are many
SORTING_DRAWS = 100  # to find the run in the middle
RUN_DRAWS = 150  # bodies along the run that is shown; the figures of the log come from its own draws
AFTER_THE_RUN = {"first_hour": "0-1 h", "one_to_six_hours": "1-6 h"}  # as an answer about one file has them
LATE_CLAIM, WHY_CLAIM = "K29", "K27"


def answer(learned: Learned, seed: int = 1) -> Why:
    """All that the journal says."""
    belief, bodies, history = learned.belief, learned.bodies, learned.history
    log, i = belief.log, belief.log.subject
    planned, rows = log.planned[i], log.rows[i]
    run = log.told[i].read()
    cramps = log.told[i].report.cramps
    effort = {"race": "race", "easy": "training"}.get(log.told[i].effort or "", "unknown")
    runner = replace(planned.runner, history=bodies.career.runner.history, bests=bodies.bests(planned.races))
    asked = Question(
        run, cramps[0] if cramps else None, runner, planned.told.weather, planned.told.intake, effort,
        draws=RUN_DRAWS, seed=seed, heat_acclimation=bodies.heat.before(planned.told.row.started_at),
    )  # fmt: skip
    simulated = simulate(asked)
    shown = one_run(simulated)
    along = _hazard(belief, rows, shown.hazard)
    untold = None if log.answered else _studies_alone(belief)
    chances = belief.beforehand.chance(rows)
    once = () if log.cramped else (Warned("no-cramp-logged", "no cramp is logged yet: nothing can be ranked"),)
    left_out = "is left out: its channels are lost, or it went nowhere"
    lost = tuple(Warned("journal-run-left-out", f"run {run_id[:8]} {left_out}") for run_id in log.skipped)
    usual = usual_hard_run(belief)
    hours = _hours_after(belief, usual)
    return replace(
        shown,
        status="cannot_tell" if learned.naming.verdict == CANNOT_TELL else "ok",
        chance=share(chances) if untold is None else _over_people(untold.chance(rows)),
        chance_of_people=None,  # who this runner is stands in the interval
        chance_by_class=_by_class(belief.beforehand.of[CALF], chances),
        chance_after=tuple((AFTER_THE_RUN[h.window], h.chance) for h in hours if h.window in AFTER_THE_RUN),
        hazard=along,
        strip=_with_hazard(shown.strip, along),
        drivers=_drivers(belief, shown),
        unexplained=share(np.clip(belief.drivers.none, 0.0, 1.0)),
        prior_share=belief.lead.prior_share() if log.cramped else 1.0,
        n_cramps=sum(len(t.report.cramps) for t in log.told),
        n_runs=len(log.rows),
        would_tell=tuple(
            sorted((*_next_runs(belief, usual), *_to_tell(belief, bodies, simulated)), key=_least_bits_last)
        ),
        warnings=(*once, *lost, *_undated(history.undated), *shown.warnings),
        notes=tuple(n for n in shown.notes if n.warning != STUDIES),
        draws=belief.lead.draws,
        journal=_over(learned, usual, hours),
    )


def _undated(runs: Sequence[str]) -> tuple[Warned, ...]:
    if not runs:
        return ()
    some = ", ".join(r[:8] for r in runs[:3]) + (" and others" if len(runs) > 3 else "")
    text = f"{len(runs)} {'run is' if len(runs) == 1 else 'runs are'} left out, the clock was never set: {some}"
    return (Warned("journal-undated", f"{text}; charley log date 2026-05-03T09:00 --run RUN"),)


def _least_bits_last(step: WouldTell) -> float:
    return -step.expected_information_bits


def _to_tell(belief: Belief, bodies: Bodies, s: Simulated) -> tuple[WouldTell, ...]:
    """What an answer about the shown run would add to what the journal has learnt; nothing that it already holds."""
    level = belief.now.of[CALF].equal(s.question.draws).level
    answered = len(belief.log.answered_hard)
    weighed = bool(bodies.weighed_rates(bodies.unweighed))
    steps = assumptions.would_tell(s, level, assumptions.ASKED_RACES - answered)
    return tuple(w for w in steps if not (w.key == "sweat" and weighed))


def _hazard(belief: Belief, rows: RunRows, shown: Hazard) -> Hazard:
    found = belief.beforehand.rate_per_h(rows)
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
    """Single factors in the fixed order of families, those of which something is known; their shares overlap."""
    table, seen = belief.log.table, {d.id: d.seen for d in shown.drivers}
    told = {key for p in belief.log.planned for key, _ in p.runner.about}
    found = []
    for k, key in enumerate(table.keys):
        if key in factors("told") and key not in told:
            continue
        prior = priors()[key]
        found.append(
            Driver(
                id=key,
                label=prior.label,
                family=families()[table.families[k]],
                share=share(belief.drivers.factor[:, k]),
                before=share(belief.drivers_before.factor[:, k]),
                reference=share(belief.drivers_of_studies.factor[:, k]),
                evidence_grade=prior.grade,
                source_ids=prior.source_ids,
                seen=seen.get(key),
            )
        )
    return tuple(found)


def _next_runs(belief: Belief, usual: RunRows) -> tuple[WouldTell, ...]:
    """The usual hard run with one family brought down, for as far as that would tell which change helps most."""
    return tuple(WouldTell("less", p.expected_information_bits, p.label) for p in _proposed(belief, usual) if p.family)


def proposed(belief: Belief) -> tuple[Proposed, ...]:
    """Designs of the next run, best first; none adds a stressor, none is riskier than the usual run, and one that
    takes off less than is worth telling is left out."""
    return _proposed(belief, usual_hard_run(belief))


def _proposed(belief: Belief, usual: RunRows) -> tuple[Proposed, ...]:
    reference = belief.own_reference
    candidates = next_run.designs(usual, belief.log.table, reference)
    changed = [d for d in candidates if d.family]
    if not changed:
        return ()
    some = belief.lead.equal(DESIGN_DRAWS)
    usual_risk = float(chance(some, candidates[0].run).mean())
    return tuple(
        Proposed(
            id=p.design.key or "usual",
            label=families().get(p.design.label, p.design.label),
            family=p.design.family,
            expected_information_bits=p.information_bits,
            risk=p.risk,
            usual_risk=usual_risk,
            runs_to_tell=_runs_to_see(usual_risk, p.risk),
        )
        for p in next_run.propose(some, candidates, reference)
        if not p.design.family or usual_risk - p.risk >= LEARNING.change_least_gain
    )


def _runs_to_see(usual_risk: float, risk: float) -> int | None:
    """Runs, half of them with it, until 8 of 10 such trials would show this difference; None: more than anybody runs.

    What a model expects to learn from one run says nothing of how many it takes: its answers are not independent. A
    count of cramps with it and without is what a trial would go by.
    """
    runs = 2 * trial.runs_an_arm(usual_risk, risk)
    return int(runs) if runs <= LEARNING.trial_most_runs else None


def usual_hard_run(belief: Belief) -> RunRows:
    """The hard run in the middle of this runner's, by the chance of a cramp in it."""
    some = belief.now.equal(SORTING_DRAWS)
    mean = [float(some.chance(r).mean()) for r in belief.hard]
    return belief.hard[int(np.argsort(mean, kind="stable")[len(mean) // 2])]


def next_hard_run(belief: Belief) -> Foretold:
    """The usual hard run once more: the chance of a cramp in it."""
    return _once_more(belief, usual_hard_run(belief))


def _once_more(belief: Belief, usual: RunRows) -> Foretold:
    row = next(t.row for t in belief.log.told if t.row.run_id == usual.run_id)
    if not belief.log.answered:
        untold = _studies_alone(belief)
        any_leg, calf = _over_people(untold.chance(usual)), _over_people(chance(untold.of[CALF], usual))
        return Foretold(row.run_id, row.distance_m, any_leg, calf, before=any_leg)
    ahead = foreteller(belief)
    return Foretold(
        run_id=row.run_id,
        distance_m=row.distance_m,
        chance=share(ahead.chance(belief.now, usual)),
        calf=share(ahead.chance_of(CALF, belief.now, usual)),
        before=share(belief.studies.chance(usual)),
    )


def _studies_alone(belief: Belief) -> Muscles:
    """What studies say of a runner who told nothing of cramps: its range is theirs, as in the answer for one file."""
    return studies(belief.log.table, belief.log.priors, PEOPLE)


def _over_people(chances: Floats) -> Estimate:
    return share(over_people(chances, PEOPLE))


def _hours_after(belief: Belief, usual: RunRows) -> tuple[HoursAfter, ...]:
    i = next(i for i, r in enumerate(belief.log.rows) if r.run_id == usual.run_id)
    run, calf = belief.log.after[i], belief.now.of[CALF]

    def chances(found: AfterBelief) -> Floats:
        return found.chance(calf, run)

    now, before, after = chances(belief.after), chances(belief.after_before), belief.after
    return tuple(
        HoursAfter(window, after.cramped[w], after.asked[w], share(now[:, w]), share(before[:, w]))
        for w, window in enumerate(AFTER_WINDOWS)
    )


def _over(learned: Learned, usual: RunRows, hours: tuple[HoursAfter, ...]) -> OverJournal:
    belief, naming, history = learned.belief, learned.naming, learned.history
    log = belief.log
    tables = plain_tables(log, history.alone)
    found = patterns.cramps(belief)
    chosen, rule = log.hard
    return OverJournal(
        verdict=naming.verdict,
        ranked=bool(log.cramped),
        enough=naming.enough,
        together=naming.together,
        with_length=naming.with_length,
        lead=log.lead,
        families=_families(belief, naming),
        length=_length(belief),
        none=share(np.clip(belief.drivers.none, 0.0, 1.0)),
        joint=share(belief.drivers.joint),
        tables=tables,
        misfits=misfits(belief, tables),
        next_hard_run=_once_more(belief, usual),
        hours_after=hours,
        change=one_change(belief, naming, history.named),
        n_answered=len(log.answered),
        n_hard=len(chosen),
        hard_rule=rule,
        cramps=found,
        same_place=clustering.of(belief, found),
        races=patterns.races_against_training(log),
        sides=patterns.sides(log, history.alone),
        groups=patterns.groups(log, history.alone, history.named),
        personal=personal(belief, learned.bodies),
        before=learned.before,
        skipped=log.skipped,
        runs=patterns.dots(log),
    )


def _families(belief: Belief, naming: Naming) -> tuple[Family, ...]:
    found = tuple(
        Family(
            id=name,
            label=families()[name],
            share=share(belief.drivers.family[:, f]),
            before=share(belief.drivers_before.family[:, f]),
            reference=share(belief.drivers_of_studies.family[:, f]),
            open=share(belief.family_at_even_odds[:, f]),
            named=bool(naming.named[f]),
            evidence=float(naming.evidence[f]),
            always_there=bool(naming.always_there[f]),
        )
        for f, name in enumerate(belief.log.table.family_names)
    )
    if not belief.log.cramped:
        return found
    return tuple(sorted(found, key=lambda f: (not f.named, -f.share.mean)))


def _length(belief: Belief) -> Length:
    """How far and how long, with the grades of the claims that it stands on."""
    now, rows = belief.drivers.length, claims()
    return Length(
        share=share(now),
        before=share(belief.drivers_before.length),
        named=bool(np.quantile(now, 0.1) > LEARNING.length_share) and bool(belief.log.cramped),
        late_grade=rows[LATE_CLAIM].grade,
        why_grade=rows[WHY_CLAIM].grade,
        claim_ids=(LATE_CLAIM, WHY_CLAIM),
    )


def personal(belief: Belief, bodies: Bodies) -> tuple[Personal, ...]:
    """The runner's body and habits as learnt: critical speed, pace over 10 km, sweat rate, the usual easy run."""
    log = belief.log
    latest = log.planned[-1]
    level = bodies.levelled(latest)
    speed = Estimate.from_draws
    proof = bodies.career.runs[latest.proof].row.started_at
    basis = "races of the last year" if latest.races else "the fastest run of the last 12 weeks"
    out = [
        Personal("critical_speed", "Critical speed", "m/s", speed(level.critical_speed_m_s),
                 speed(bodies.anybody.critical_speed_m_s), f"{basis} ({proof:%d %b %Y})"),
        Personal("level_10k", "Sustainable speed over 10 km", "m/s", speed(level_speed_m_s(level, 10_000.0)),
                 speed(level_speed_m_s(bodies.anybody, 10_000.0)), basis),
    ]  # fmt: skip
    out += bodies.sweat()
    hard = set(log.hard[0])
    easy = [log.told[i].row for i in range(len(log.told)) if i not in hard]
    if easy:
        distance = np.array([r.distance_m for r in easy])
        speeds = np.array([r.distance_m / max(r.elapsed_s, 1.0) for r in easy])
        many = f"{len(easy)} runs that were not hard"
        out.append(Personal("easy_distance", "Your usual easy run", "m", speed(distance), None, many))
        out.append(Personal("easy_speed", "Its speed", "m/s", speed(speeds), None, many))
    return tuple(out)
