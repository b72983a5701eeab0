"""Body and hazard of many runs at once: runs stand side by side as columns of one simulation.

Nothing is defined here. Course, body, reference run, factors and hazard are those of a single run's answer; shorter
runs are filled up with rest, which is cut off again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields

import numpy as np

from charley import body
from charley.answers.history.bodies import Bodies
from charley.answers.history.cache import Rows, pack_rows, readable_rows, unpack_rows
from charley.answers.history.plan import Career, Planned, is_race, mean_world, plan
from charley.answers.one_run.question import Question
from charley.answers.one_run.simulate import BIN_S, Effort, bins_of, effective_effort, situation_of
from charley.body.course import RANGES
from charley.inference.design import RunRows
from charley.parallel.copies import in_copies
from charley.risk.factors import covariates, stressors
from charley.risk.hazard import expose
from charley.risk.post_run import chance_after
from charley.vocabulary.arrays import Floats
from charley.vocabulary.body_states import BodyStates
from charley.vocabulary.progress import Progress, Tell, nobody
from charley.vocabulary.run import Run
from charley.vocabulary.units import SECONDS_PER_HOUR

COLUMNS = 384  # runs times bodies simulated together: fewer waste the loop, more the processor's cache
TOGETHER = 128  # at most so many runs have their levels drawn together, and are kept together
LEAST_UNRUN = 0.02  # of a run: less is how watches measure
MOST_UNRUN = 600  # bins
FILLED = 1.3  # longest over shortest run of a batch
SECONDS_PER_YEAR = 365.25 * 24 * SECONDS_PER_HOUR
REST = frozenset({"speed_m_s", "grade", "moving", "drink_l_s", "salt_mmol_s", "carbohydrate_g_s"})


@dataclass(frozen=True, slots=True)
class Computed:
    """Rows by run (None: its channels are lost), what was computed anew by key, and the pool of bodies."""

    rows: tuple[Rows | None, ...]
    fresh: Mapping[str, bytes]
    skipped: tuple[str, ...]


def compute(
    career: Career,
    known: Callable[[Iterable[str]], Mapping[str, bytes]] | None = None,
    bodies: Bodies | None = None,
    keep: Callable[[Mapping[str, bytes]], None] | None = None,
    tell: Tell = nobody,
    held_open: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> tuple[list[Planned], Computed]:
    """Rows of every run; those whose key ``known`` has content for are only unpacked.

    What is computed goes to ``keep`` some hundred runs at a time, so that whoever is ended goes on from there. Runs are
    read within ``held_open``, of which each copy of this process that shares the work needs its own.
    """
    planned = plan(career)
    kept = dict(known([p.key for p in planned])) if known else {}
    done = {key: rows for key, content in kept.items() if (rows := readable_rows(content)) is not None}
    missing = [i for i, p in enumerate(planned) if p.key not in done]
    fresh: dict[str, bytes] = {}
    skipped: list[str] = []
    bodies = bodies or Bodies(career)

    def worked_out(some: list[list[int]]) -> _WorkedOut:
        with held_open():
            return _worked_out(some, planned, bodies, career.seed)

    if missing:
        tell(Progress("runs", len(done), len(planned)))
        with held_open():
            bodies.prepare()  # here, or each copy of this process would do it
    for found in in_copies(worked_out, _together(_batches(planned, missing))):
        if keep is not None:
            keep(found.new)
        fresh |= found.new
        skipped += found.skipped
        tell(Progress("runs", len(done) + len(fresh) + len(skipped), len(planned)))
    # unpacked from the same bytes now and later, so that both give the same figures
    done |= {key: unpack_rows(content) for key, content in fresh.items()}
    return planned, Computed(tuple(done.get(p.key) for p in planned), fresh, tuple(skipped))


@dataclass(frozen=True, slots=True)
class _WorkedOut:
    """Rows of some runs as bytes, by key, and the runs whose channels are lost."""

    new: dict[str, bytes]
    skipped: list[str]


def _worked_out(some: list[list[int]], planned: list[Planned], bodies: Bodies, seed: int) -> _WorkedOut:
    """Rows of the runs of some batches."""
    new: dict[str, bytes] = {}
    skipped = []
    bodies.level(planned[i] for batch in some for i in batch)
    for batch in some:
        taken = []
        for i in batch:
            run = bodies.read(i)
            if run is None:
                skipped.append(planned[i].told.row.run_id)
            else:
                taken.append((planned[i], run, bodies.of(planned[i])))
        for p, rows in zip([p for p, _, _ in taken], _side_by_side(taken, seed), strict=True):
            new[p.key] = pack_rows(rows)
    return _WorkedOut(new, skipped)


def _batches(planned: list[Planned], missing: list[int]) -> list[list[int]]:
    """Runs of like length and equal step together, as many columns as fit."""
    order = sorted(missing, key=lambda i: (planned[i].step_s, planned[i].told.row.elapsed_s))
    out: list[list[int]] = []
    columns = 0
    for i in order:
        p = planned[i]
        if out:
            first = planned[out[-1][0]]
            alike = first.step_s == p.step_s and p.told.row.elapsed_s <= FILLED * first.told.row.elapsed_s + 60.0
            if alike and columns + p.bodies <= COLUMNS:
                out[-1].append(i)
                columns += p.bodies
                continue
        out.append([i])
        columns = p.bodies
    return out


def _together(batches: list[list[int]]) -> Iterator[list[list[int]]]:
    """Batches by a hundred runs or so."""
    some: list[list[int]] = []
    for batch in batches:
        if some and sum(map(len, some)) + len(batch) > TOGETHER:
            yield some
            some = []
        some.append(batch)
    if some:
        yield some


def _side_by_side(runs: Sequence[tuple[Planned, Run, body.BodyParameters]], seed: int) -> list[Rows]:
    """Rows of a batch: one simulation for all runs, one for all reference runs, one hazard."""
    groups: dict[tuple[float, int], list[int]] = {}  # a run beyond twelve hours gets longer steps than asked for
    courses = []
    for n, (p, run, bodies) in enumerate(runs):
        rng = np.random.default_rng(np.random.SeedSequence([seed, int(p.told.row.run_id[:8], 16)]))
        course = body.course_from_run(run, p.told.weather, p.told.intake, rng, bodies, p.step_s)
        courses.append(course)
        alone = -1 if course.before is None else n  # what came before a run is of its own length
        groups.setdefault((course.step_s, alone), []).append(n)
    out: dict[int, Rows] = {}
    for members in groups.values():
        some = [runs[n] for n in members]
        together = body.joined([b for _, _, b in some])
        states = body.simulate(_filled([courses[n] for n in members], [b.draws for _, _, b in some]), together)
        ends = np.cumsum([b.draws for _, _, b in some])
        spans = [slice(int(e) - b.draws, int(e)) for e, (_, _, b) in zip(ends, some, strict=True)]
        own = [_cut(states, courses[n], span) for n, span in zip(members, spans, strict=True)]
        questions = [_question(p, run, bodies.draws) for p, run, bodies in some]
        efforts = [effective_effort(q, b, s) for q, (_, _, b), s in zip(questions, some, own, strict=True)]
        furthest_m = max(float(s.flat_distance_m[-1].max()) for s in own)
        speeds = np.concatenate([e.reference_m_s for e in efforts])
        reference = body.simulate(body.reference_course(together, furthest_m, speeds), together)
        bins = [bins_of(s) for s in own]
        unrun = [_unrun(s, effort) for s, effort in zip(own, efforts, strict=True)]
        flat = _padded(
            [np.concatenate([s.flat_distance_m[at], u.flat_m]) for s, at, u in zip(own, bins, unrun, strict=True)]
        )
        clock = np.arange(len(flat), dtype=np.float64)
        world = mean_world(together.draws)
        counted = np.concatenate([_counted_m(p, e) for (p, _, _), e in zip(some, efforts, strict=True)])
        exposed = expose(clock, clock, flat, counted, {}, world)
        for n, span, q, effort, s, at, rest in zip(members, spans, questions, efforts, own, bins, unrun, strict=True):
            p, run, bodies = runs[n]
            rng = np.random.default_rng(np.random.SeedSequence([seed, 1, int(p.told.row.run_id[:8], 16)]))
            now = situation_of(q, bodies, courses[n], effort, rng)
            x = covariates(s, _columns(reference, span), at, now)
            met = stressors(s, at, now, x["surge"])
            hard = p.told.effort in ("race", "hard") or bool(effort.raced.mean() > 1 / 2) or is_race(p.told)
            here = slice(0, len(at) + len(rest.time_s)), span
            time_s = np.concatenate([s.time_s[at], rest.time_s])
            out[n] = _rows(p, time_s, exposed.baseline[here], exposed.lateness[here], x, met, hard, len(at))
    return [out[n] for n in range(len(runs))]


def _counted_m(p: Planned, effort: Effort) -> Floats:
    """The distance on which a run's progress counts, (draws,).

    A run told as hard was all-out, or training at its pace, or something between: the word says no more, so that every
    other body takes the one, and the rest the other.
    """
    if p.told.effort != "hard":
        return effort.effective_m
    return np.where(np.arange(effort.planned_m.size) % 2 == 0, effort.planned_m, effort.effective_m)


def _question(p: Planned, run: Run, draws: int) -> Question:
    effort = {"race": "race", "easy": "training"}.get(p.told.effort or "", "unknown")
    return Question(run, None, p.runner, p.told.weather, p.told.intake, effort, draws=draws)


def _filled(courses: Sequence[body.Course], draws: Sequence[int]) -> body.Course:
    """Courses side by side, (steps of the longest, all columns); what ends earlier rests."""
    steps = max(c.steps for c in courses)
    inputs = {name: np.zeros((steps, sum(draws))) for name in RANGES}
    for name, full in inputs.items():
        for course, m, end in zip(courses, draws, np.cumsum(draws), strict=True):
            own, values = full[:, end - m : end], course.by_draw(name)
            own[: course.steps] = values
            if name not in REST:
                own[course.steps :] = values[-1]
    step_s = courses[0].step_s
    before = courses[0].before if len(courses) == 1 else None
    return body.Course(time_s=step_s * np.arange(1.0, steps + 1.0), step_s=step_s, notes=(), before=before, **inputs)


def _cut(states: BodyStates, course: body.Course, span: slice) -> BodyStates:
    """The states of one run out of those of all, without the rest that it was filled up with."""
    n = course.steps
    own = {
        f.name: getattr(states, f.name)[:n, span]
        for f in fields(BodyStates)
        if f.name not in ("time_s", "distance_m", "outside")
    }
    distance_m = np.cumsum(course.by_draw("speed_m_s").mean(axis=1)) * course.step_s
    return BodyStates(time_s=course.time_s, distance_m=distance_m, outside=(), **own)


def _columns(states: BodyStates, span: slice) -> BodyStates:
    own = {
        f.name: getattr(states, f.name)[:, span]
        for f in fields(BodyStates)
        if f.name not in ("time_s", "distance_m", "outside")
    }
    return BodyStates(time_s=states.time_s, distance_m=states.distance_m, outside=(), **own)


def _padded(arrays: Sequence[Floats]) -> Floats:
    """Arrays (bins, draws) side by side, the last row repeated where one is shorter."""
    rows = max(a.shape[0] for a in arrays)
    return np.concatenate([np.pad(a, ((0, rows - a.shape[0]), (0, 0)), mode="edge") for a in arrays], axis=1)


def _rows(
    p: Planned,
    time_s: Floats,
    baseline: Floats,
    lateness: Floats,
    x: Mapping[str, Floats],
    met: Mapping[str, Floats],
    hard: bool,
    run_bins: int,
) -> Rows:
    """Rows of one run. Factors and stressors stay as they were over what was left unrun."""
    row, left = p.told.row, len(time_s) - run_bins
    dt_h = np.diff(time_s, prepend=0.0) / SECONDS_PER_HOUR
    with np.errstate(divide="ignore"):
        log_h0 = np.log(baseline / dt_h[:, None]).T
    total = -np.expm1(-baseline.sum(axis=0))
    after = np.array([-np.log1p(-c.mean()) for _, c in chance_after(total, mean_world(total.shape[0]))])
    return Rows(
        RunRows(
            dt_h=dt_h,
            log_h0=log_h0,
            covariates=_stayed(x, left),
            stressors=_stayed(met, left),
            lateness=lateness.T,
            time_y=row.started_at.timestamp() / SECONDS_PER_YEAR,
            hard=hard,
            run_id=row.run_id,
            after_log_h0=np.log(np.maximum(after, 1e-12)),
            ended_h=float(time_s[run_bins - 1] / SECONDS_PER_HOUR) if left else None,
        ),
        tuple(x),
    )


def _stayed(values: Mapping[str, Floats], left: int) -> Floats:
    """Arrays (bins, draws) as (draws, bins, keys), the last bin repeated ``left`` times."""
    stacked = np.stack([v.T for v in values.values()], axis=2)
    return np.pad(stacked, ((0, 0), (0, left), (0, 0)), mode="edge")


@dataclass(frozen=True, slots=True)
class _Unrun:
    """What was planned and not run, as if it had been run at the mean pace: ends of its bins."""

    time_s: Floats  # (bins,)
    flat_m: Floats  # (bins, draws)


def _unrun(states: BodyStates, effort: Effort) -> _Unrun:
    done_m, end_s = states.flat_distance_m[-1], float(states.time_s[-1])
    more = float((effort.planned_m / np.maximum(done_m, 1.0)).mean()) - 1
    bins = min(int(np.ceil(more * end_s / BIN_S)), MOST_UNRUN) if more > LEAST_UNRUN else 0
    part = np.arange(1.0, bins + 1.0) / max(bins, 1)
    return _Unrun(end_s + more * end_s * part, done_m + part[:, None] * (effort.planned_m - done_m))
