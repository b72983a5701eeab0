"""Body and hazard of many runs at once: runs stand side by side as columns of one simulation.

Nothing is defined here. Course, body, reference run, factors and hazard are those of a single run's answer; shorter
runs are filled up with rest, which is cut off again.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from charley import body
from charley.body.course import RANGES
from charley.learning.career import Career, Planned, is_race, mean_world, plan
from charley.learning.design import RunRows
from charley.learning.explain import bins_of, effective_effort, situation_of
from charley.learning.question import Question
from charley.risk.after import chance_after
from charley.risk.factors import covariates
from charley.risk.hazard import expose
from charley.vocabulary.body_states import BodyStates
from charley.vocabulary.errors import CharleyError
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.over_journal import Personal
from charley.vocabulary.run import Run
from charley.vocabulary.runner import Runner
from charley.vocabulary.units import SECONDS_PER_HOUR

Floats = NDArray[np.float64]

POOL = 64  # bodies of the runner from which each run takes its own
TURN = 7  # steps of the turn: no divisor of the pool, so that all bodies come up
COLUMNS = 384  # runs times bodies simulated together: fewer waste the loop, more the processor's cache
FILLED = 1.3  # longest over shortest run of a batch
SECONDS_PER_YEAR = 365.25 * 24 * SECONDS_PER_HOUR
REST = frozenset({"speed_m_s", "grade", "moving", "drink_l_s", "salt_mmol_s", "carbohydrate_g_s"})


@dataclass(frozen=True, slots=True)
class Rows:
    """One run computed: rows of the engine (all factors in the order of ``keys``), and whether it was a hard run."""

    rows: RunRows
    keys: tuple[str, ...]

    def over(self, keys: Sequence[str]) -> RunRows:
        """The same with the factors ``keys``; one that was not told for this run is 0, as nothing is assumed of it."""
        x = self.rows.covariates
        at = {key: i for i, key in enumerate(self.keys)}
        none = np.zeros(x.shape[:2])
        columns = [x[:, :, at[key]] if key in at else none for key in keys]
        return replace(self.rows, covariates=np.stack(columns, axis=2))


@dataclass(frozen=True, slots=True)
class Computed:
    """Rows by run (None: its channels are lost), what was computed anew by key, and the pool of bodies."""

    rows: tuple[Rows | None, ...]
    fresh: Mapping[str, bytes]
    skipped: tuple[str, ...]


def compute(
    career: Career, known: Callable[[Iterable[str]], Mapping[str, bytes]] | None = None, bodies: Bodies | None = None
) -> tuple[list[Planned], Computed]:
    """Rows of every run; those whose key ``known`` has content for are only unpacked."""
    planned = plan(career)
    kept = dict(known([p.key for p in planned])) if known else {}
    missing = [i for i, p in enumerate(planned) if p.key not in kept]
    fresh: dict[str, bytes] = {}
    skipped = []
    if missing:
        bodies = bodies or Bodies(career)
        for batch in _batches(planned, missing):
            taken = []
            for i in batch:
                run = bodies.read(i)
                if run is None:
                    skipped.append(planned[i].told.row.run_id)
                else:
                    taken.append((planned[i], run, bodies.of(i, planned[i])))
            for p, rows in zip([p for p, _, _ in taken], _side_by_side(taken, career.seed), strict=True):
                fresh[p.key] = pack(rows)
    contents = kept | fresh  # unpacked from the same bytes now and later, so that both give the same figures
    rows = tuple(unpack(contents[p.key]) if p.key in contents else None for p in planned)
    return planned, Computed(rows, fresh, tuple(skipped))


class Bodies:
    """The runner's plausible bodies, with the level that the weeks before a run bear out."""

    def __init__(self, career: Career) -> None:
        self.career = career
        self._runs: dict[int, Run | None] = {}
        self._levelled: dict[tuple[int, Runner], body.BodyParameters] = {}
        start, self._sweat, self._level = (np.random.SeedSequence([career.seed, i]) for i in range(3))
        self.unweighed = body.draw_bodies(career.runner, POOL, np.random.default_rng(start))

    @cached_property
    def pool(self) -> body.BodyParameters:
        """The runner's bodies, narrowed by what was told and by the scales."""
        return self._weighed(self.unweighed)

    @cached_property
    def anybody(self) -> body.BodyParameters:
        """Bodies of runners of whom nothing is known."""
        return body.draw_bodies(Runner(), POOL, np.random.default_rng(self._sweat))

    def read(self, i: int) -> Run | None:
        """The run with its channels; None where they are lost."""
        if i not in self._runs:
            try:
                self._runs[i] = self.career.runs[i].read()
            except CharleyError:
                self._runs[i] = None
        return self._runs[i]

    def levelled(self, proof: int, runner: Runner) -> body.BodyParameters:
        """The pool with the level that bests and the best run of those weeks bear out."""
        plain = replace(self.career.runner, bests=runner.bests)
        if (proof, plain) not in self._levelled:
            run = self.read(proof)
            pool = self.pool
            if run is not None:
                pool = body.level_from_run(run, plain, np.random.default_rng(self._level), pool)
            self._levelled[proof, plain] = pool
        return self._levelled[proof, plain]

    def of(self, i: int, planned: Planned) -> body.BodyParameters:
        """The bodies of run ``i``: as many of the pool as it gets, evenly over the levels, in turn from run to run.

        What a training run could have been held for, and with it the hazard, hangs on the level most: bodies picked
        without regard to it would make the same run a harmless or a hard one by chance.
        """
        pool = self.levelled(planned.proof, planned.runner)
        stride = POOL // planned.bodies
        by_level = np.argsort(pool.critical_speed_m_s, kind="stable")
        chosen = by_level[np.arange(planned.bodies) * stride + (i * TURN + stride // 2) % stride]
        return _map(pool, lambda values: values[chosen])

    def sweat(self) -> list[Personal]:
        """Sweat rate over the weighed runs: as learnt from the scales, and what the model would say of anybody."""
        found = self.weighed_rates(self.unweighed)
        if not found:
            return []
        hours = [c.time_s[-1] / SECONDS_PER_HOUR for c, _, _ in found]
        learnt, anybody = (
            np.mean([body.simulate(c, pool).sweat_l[-1] / h for (c, _, _), h in zip(found, hours, strict=True)], axis=0)
            for pool in (self.pool, self.unweighed)
        )
        basis = f"weighed before and after {len(found)} {'run' if len(found) == 1 else 'runs'}"
        return [
            Personal("sweat_rate", "Sweat rate in runs like those", "L/h", Estimate.from_draws(learnt),
                     Estimate.from_draws(anybody), basis)
        ]  # fmt: skip

    def _weighed(self, pool: body.BodyParameters) -> body.BodyParameters:
        """The pool changed so that it sweats what the scales showed, the mean over all weighed runs."""
        found = self.weighed_rates(pool)
        if not found:
            return pool
        ratio = float(np.mean([np.log(weighed / model) for _, weighed, model in found]))
        course, _, model = found[-1]
        return body.match_sweat_rate(pool, course, model * float(np.exp(ratio)), np.random.default_rng(self._sweat))

    def weighed_rates(self, pool: body.BodyParameters) -> list[tuple[body.Course, float, float]]:
        """Of each weighed run: its course, the sweat rate that the scales showed, and the model's, L/h."""
        found = []
        for i, told in enumerate(self.career.runs):
            if told.weighed_loss_kg is None or told.intake.drink_l is None or told.row.elapsed_s < _LEAST_WEIGHED_S:
                continue
            run = self.read(i)
            if run is None:
                continue
            rng = np.random.default_rng(self._sweat)
            course = body.course_from_run(run, told.weather, told.intake, rng, pool, _COARSE_S)
            states = body.simulate(course, pool)
            # what a run takes off a body besides sweat: breath and burnt carbon, as the model has them
            other = states.drunk_l[-1] - states.mass_change_kg[-1] - states.sweat_l[-1]
            hours = told.row.elapsed_s / SECONDS_PER_HOUR
            weighed = (told.weighed_loss_kg + told.intake.drink_l - float(other.mean())) / hours
            if weighed > _LEAST_SWEAT_L_H:
                found.append((course, weighed, float(states.sweat_l[-1].mean() / hours)))
        return found


_LEAST_WEIGHED_S = 1800.0  # below, scales of 0.1 kg say little
_LEAST_SWEAT_L_H = 0.05
_COARSE_S = 60.0


def _map(bodies: body.BodyParameters, change: Callable[[Floats], Floats]) -> body.BodyParameters:
    return replace(bodies, **{f.name: change(getattr(bodies, f.name)) for f in fields(bodies)})


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


def _side_by_side(runs: Sequence[tuple[Planned, Run, body.BodyParameters]], seed: int) -> list[Rows]:
    """Rows of a batch: one simulation for all runs, one for all reference runs, one hazard."""
    groups: dict[float, list[int]] = {}  # a run beyond twelve hours gets longer steps than asked for
    courses = []
    for n, (p, run, bodies) in enumerate(runs):
        rng = np.random.default_rng(np.random.SeedSequence([seed, int(p.told.row.run_id[:8], 16)]))
        course = body.course_from_run(run, p.told.weather, p.told.intake, rng, bodies, p.step_s)
        courses.append(course)
        groups.setdefault(course.step_s, []).append(n)
    out: dict[int, Rows] = {}
    for members in groups.values():
        some = [runs[n] for n in members]
        together = body.BodyParameters(
            **{f.name: np.concatenate([getattr(b, f.name) for _, _, b in some]) for f in fields(body.BodyParameters)}
        )
        states = body.simulate(_filled([courses[n] for n in members], [b.draws for _, _, b in some]), together)
        ends = np.cumsum([b.draws for _, _, b in some])
        spans = [slice(int(e) - b.draws, int(e)) for e, (_, _, b) in zip(ends, some, strict=True)]
        own = [_cut(states, courses[n], span) for n, span in zip(members, spans, strict=True)]
        questions = [_question(p, run, bodies.draws) for p, run, bodies in some]
        efforts = [
            effective_effort(q, b, s, q.cramp.from_s if q.cramp else np.inf)
            for q, (_, _, b), s in zip(questions, some, own, strict=True)
        ]
        furthest_m = max(float(s.flat_distance_m[-1].max()) for s in own)
        speeds = np.concatenate([e.reference_m_s for e in efforts])
        reference = body.simulate(body.reference_course(together, furthest_m, speeds), together)
        bins = [bins_of(s) for s in own]
        flat = _padded([s.flat_distance_m[at] for s, at in zip(own, bins, strict=True)])
        clock = np.arange(len(flat), dtype=np.float64)
        world = mean_world(together.draws)
        effective = np.concatenate([e.effective_m for e in efforts])
        baseline = expose(clock, clock, flat, effective, {}, world).baseline
        for n, span, q, effort, s, at in zip(members, spans, questions, efforts, own, bins, strict=True):
            p, run, bodies = runs[n]
            rng = np.random.default_rng(np.random.SeedSequence([seed, 1, int(p.told.row.run_id[:8], 16)]))
            x = covariates(s, _columns(reference, span), at, situation_of(q, bodies, courses[n], effort, rng))
            hard = p.told.effort in ("race", "hard") or bool(effort.raced.mean() > 1 / 2) or is_race(p.told)
            out[n] = _rows(p, s.time_s[at], baseline[: len(at), span], x, hard)
    return [out[n] for n in range(len(runs))]


def _question(p: Planned, run: Run, draws: int) -> Question:
    cramps = p.told.report.cramps
    effort = {"race": "race", "easy": "training"}.get(p.told.effort or "", "unknown")
    return Question(run, cramps[0] if cramps else None, p.runner, p.told.weather, p.told.intake, effort, draws=draws)


def _filled(courses: Sequence[body.Course], draws: Sequence[int]) -> body.Course:
    """Courses side by side, (steps of the longest, all columns); what ends earlier rests."""
    steps = max(c.steps for c in courses)
    inputs = {}
    for name in RANGES:
        columns = []
        for course, m in zip(courses, draws, strict=True):
            values = course.by_draw(name)
            full = np.zeros((steps, m)) if name in REST else np.tile(values[-1:], (steps, m // values.shape[1]))
            full[: course.steps] = values
            columns.append(full)
        inputs[name] = np.concatenate(columns, axis=1)
    step_s = courses[0].step_s
    return body.Course(time_s=step_s * np.arange(1.0, steps + 1.0), step_s=step_s, **inputs)


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


def _rows(p: Planned, time_s: Floats, baseline: Floats, x: Mapping[str, Floats], hard: bool) -> Rows:
    row = p.told.row
    dt_h = np.diff(time_s, prepend=0.0) / SECONDS_PER_HOUR
    with np.errstate(divide="ignore"):
        log_h0 = np.log(baseline / dt_h[:, None]).T
    total = -np.expm1(-baseline.sum(axis=0))
    after = np.array([-np.log1p(-c.mean()) for _, c in chance_after(total, mean_world(total.shape[0]))])
    return Rows(
        RunRows(
            dt_h=dt_h,
            log_h0=log_h0,
            covariates=np.stack([values.T for values in x.values()], axis=2),
            time_y=row.started_at.timestamp() / SECONDS_PER_YEAR,
            hard=hard,
            run_id=row.run_id,
            after_log_h0=np.log(np.maximum(after, 1e-12)),
        ),
        tuple(x),
    )


_HEAD = b"charley rows 1\n"


def pack(computed: Rows) -> bytes:
    """Rows as bytes: a line of JSON and single-precision arrays, compressed."""
    r = computed.rows
    draws, bins, _ = r.covariates.shape
    assert r.after_log_h0 is not None
    about = {
        "keys": computed.keys, "draws": draws, "bins": bins, "time_y": r.time_y, "hard": r.hard, "run_id": r.run_id,
        "after": r.after_log_h0.tolist(),
    }  # fmt: skip
    arrays = b"".join(a.astype("<f4").tobytes() for a in (r.dt_h, r.log_h0, r.covariates.transpose(2, 0, 1)))
    return zlib.compress(_HEAD + json.dumps(about).encode() + b"\n" + arrays, 6)


def unpack(content: bytes) -> Rows:
    """Rows from bytes of ``pack``. ValueError (or zlib.error) where they are none."""
    plain = zlib.decompress(content)
    if not plain.startswith(_HEAD):
        raise ValueError("these are no rows")
    end = plain.index(b"\n", len(_HEAD))
    about = json.loads(plain[len(_HEAD) : end])
    values = np.frombuffer(plain, "<f4", offset=end + 1).astype(np.float64)
    draws, bins, keys = about["draws"], about["bins"], tuple(about["keys"])
    dt_h, log_h0, x = np.split(values, [bins, bins + draws * bins])
    return Rows(
        RunRows(
            dt_h=dt_h,
            log_h0=log_h0.reshape(draws, bins),
            covariates=x.reshape(len(keys), draws, bins).transpose(1, 2, 0),
            time_y=about["time_y"],
            hard=about["hard"],
            run_id=about["run_id"],
            after_log_h0=np.array(about["after"]),
        ),
        keys,
    )
