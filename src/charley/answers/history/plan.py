"""All runs of a runner as the learning engine takes them: what was told of each, and which body ran it.

The journal stays outside: a run comes with its figures, with what was said of it, and with a way to read its channels,
which is only used when nothing computed earlier can be used again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from functools import cache

import numpy as np

from charley.answers.one_run.simulate import looks_like_a_race
from charley.evidence import factors, parameters, priors
from charley.inference.design import FactorTable, Report
from charley.inference.prior import RunnerPrior, sourced_runner_prior
from charley.risk.baseline import MARATHON_KM, field_cumulative_hazard
from charley.risk.draws import HazardDraws, draw_hazard
from charley.risk.person import describe, reference_log_hazard
from charley.vocabulary import journal
from charley.vocabulary.arrays import Floats
from charley.vocabulary.history import Told
from charley.vocabulary.runner import BestEffort, Runner
from charley.vocabulary.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE

MODEL = "career 4"  # part of every key: what was computed by another model is not used again
BODIES = 8  # plausible bodies of a run that matters
# Bodies of the other runs, by how many there are (at most so many: bodies): the more runs, the less each one weighs.
EASY_BODIES = ((60, 16), (200, 8))
LEAST_BODIES = 4
LONG_S = 90 * SECONDS_PER_MINUTE
LEVEL_WINDOW = timedelta(weeks=12)
RECENT = timedelta(days=30)
DAMAGE_WINDOW = timedelta(days=3)  # as the study asked
SHORTEST_PROOF_M = 3000.0
RUNS_THAT_COVER = 3  # so many runs in 30 days say that the journal holds what was run then
WORLDS = 600  # draws from which the prior of the person is summed up
DAYS_PER_YEAR = 365.25
_DISTANCE_EXPONENT = 0.06  # only orders the proofs of level; the level itself is worked out by the body
_OUTLIER = 1.8  # a "run" so much faster than the middle of its months was on wheels


@dataclass(frozen=True, slots=True)
class Career:
    """A runner with all their runs, the earliest first."""

    runner: Runner
    runs: tuple[Told, ...]
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Planned:
    """How one run will be computed, from figures alone. ``key`` changes with everything that the result stands on."""

    told: Told
    runner: Runner  # as they were then: bests and longest run of the time before
    proof: int  # index of the run that shows the level of those weeks best
    bodies: int
    step_s: float
    key: str


def plan(career: Career) -> list[Planned]:
    """Bests of the last 12 weeks, the longest run of the last 30 days, and how closely each run is looked at."""
    starts = [t.row.started_at for t in career.runs]
    easy = easy_bodies(sum(not matters(t) for t in career.runs))
    out = []
    weighed = [(t.row.run_id, t.weighed_loss_kg, t.intake.drink_l) for t in career.runs if t.weighed_loss_kg]
    for i, told in enumerate(career.runs):
        before = [j for j in range(i) if starts[i] - starts[j] <= LEVEL_WINDOW]
        recent = [career.runs[j].row for j in before if starts[i] - starts[j] <= RECENT]
        races = [career.runs[j] for j in before if career.runs[j].effort == "race"]
        bests = tuple(b for race in races if (b := _best(race)) is not None)
        longest = max(r.distance_m for r in recent) if len(recent) >= RUNS_THAT_COVER else None
        about = dict(career.runner.about) | dict(told.about)
        if len(recent) >= RUNS_THAT_COVER:
            hours = [r.elapsed_s for r in recent if starts[i] - r.started_at <= DAMAGE_WINDOW]
            about["muscle_damage_recent"] = max(hours, default=0.0) / SECONDS_PER_HOUR
        runner = replace(
            career.runner, bests=bests, longest_run_30d_m=longest, history=None, about=tuple(sorted(about.items()))
        )
        close = matters(told)
        bodies = BODIES if close else easy
        proof = _proof(career, [*before, i])
        stands_on = [
            MODEL, career.seed, told.row.run_id, told.row.records, told.row.elapsed_s, told.effort,
            asdict(told.weather), asdict(told.intake), asdict(runner), career.runs[proof].row.run_id, close, bodies,
            weighed, parameters_hash(),
        ]  # fmt: skip
        key = hashlib.sha256(json.dumps(stands_on, default=str, sort_keys=True).encode()).hexdigest()
        out.append(Planned(told, runner, proof, bodies, 10.0 if close else 60.0, key))
    return out


def easy_bodies(runs: int) -> int:
    """Bodies of each run that is not looked at closely, where there are so many of them."""
    return next((bodies for most, bodies in EASY_BODIES if runs <= most), LEAST_BODIES)


def matters(told: Told) -> bool:
    """Races, long runs and runs that cramped or twitched are looked at with many bodies in short steps."""
    said = any(e.kind in ("cramp", "twitch") for e in told.report.events)
    return told.effort in ("race", "hard") or told.row.elapsed_s >= LONG_S or said or is_race(told)


def is_race(told: Told) -> bool:
    """Said to be one, or, where nothing was said, of a length that few people train over."""
    return told.effort == "race" or (told.effort is None and looks_like_a_race(told.row.distance_m))


def _best(told: Told) -> BestEffort | None:
    """A race without a cramp, as a best; None for what no best can be."""
    row = told.row
    if told.report.cramps or row.distance_m < SHORTEST_PROOF_M or row.elapsed_s <= 0:
        return None
    speed = row.distance_m / row.elapsed_s
    return BestEffort(row.distance_m, row.elapsed_s) if 1.0 <= speed <= 7.0 else None


def _proof(career: Career, window: Sequence[int]) -> int:
    """The run of the window with the highest mean speed for its length; the last one where none is long enough."""
    rows = {j: career.runs[j].row for j in window if career.runs[j].row.distance_m >= SHORTEST_PROOF_M}
    worth = {j: r.distance_m / max(r.elapsed_s, 1.0) * r.distance_m**_DISTANCE_EXPONENT for j, r in rows.items()}
    usual = float(np.median(list(worth.values()))) if worth else 0.0
    credible = {j: w for j, w in worth.items() if w <= _OUTLIER * usual}
    return max(credible, key=lambda j: credible[j], default=window[-1])


@cache
def parameters_hash() -> str:
    """A short name of all numbers that rows are computed from: new numbers, new rows."""
    numbers = [(p.id, p.value, p.low, p.high) for room in ("body", "risk") for p in parameters(room).values()]
    slopes = [(p.key, p.mean, p.sd, p.factor) for p in priors().values()]
    return hashlib.sha256(repr((numbers, slopes)).encode()).hexdigest()[:16]


def factor_table(keys: frozenset[str]) -> FactorTable:
    """The sourced priors of the factors that are computed for every run, and of those of ``keys`` that were told."""
    told = factors("told")
    rows = [p for key, p in factors("run", "told").items() if key not in told or key in keys]
    return FactorTable(
        keys=tuple(p.key for p in rows),
        labels=tuple(p.label for p in rows),
        families=tuple(p.factor.family for p in rows if p.factor),
        prior_mean=np.array([p.mean for p in rows]),
        prior_sd=np.array([p.sd for p in rows]),
        signs=tuple(p.sign for p in rows),
        excluded=np.array([p.role == "excluded" for p in rows]),
    )


def mean_world(draws: int) -> HazardDraws:
    """The hazard with every number at the mean of its prior, ``draws`` times: what rows of runs are computed with.

    What is unknown of the numbers stands in the runner's level (see ``runner_prior``) and in the sensitivities.
    """
    worlds = _worlds(0)

    def level(values: Floats) -> Floats:
        return np.full(draws, float(values.mean()))

    fields = {name: level(getattr(worlds, name)) for name in HazardDraws.__slots__ if name not in ("beta", "numbers")}
    return HazardDraws(
        **fields, numbers=worlds.numbers, beta={key: level(values) for key, values in worlds.beta.items()}
    )


def _worlds(seed: int) -> HazardDraws:
    return draw_hazard(WORLDS, np.random.default_rng(seed))


def runner_prior(runner: Runner, seed: int = 0) -> RunnerPrior:
    """The engine's prior with the level of this very person, as a single run's answer describes them.

    Classes, rest, stated answers and history come from ``risk.person``; what is unknown of the baseline is added, so
    that the chance of a run before any log is the same either way.
    """
    worlds = _worlds(seed)
    person = describe(runner, worlds)
    marathon = reference_log_hazard(field_cumulative_hazard(MARATHON_KM, worlds), worlds)
    centre = reference_log_hazard(field_cumulative_hazard(MARATHON_KM, mean_world(1)), mean_world(1))
    offset = person.offset + (marathon - centre)
    weight = person.weight / person.weight.sum(axis=(1, 2), keepdims=True)
    mean = (weight * offset).sum(axis=(1, 2))
    variance = (weight * (offset - mean[:, None, None]) ** 2).sum(axis=(1, 2))
    probability = person.class_probability().mean(axis=1)
    return replace(
        sourced_runner_prior(),
        class_probability=probability / probability.sum(),
        class_mean=mean,
        class_sd=np.sqrt(variance),
    )


def report_of(told: Told) -> Report:
    """What the journal says of a run, as the engine takes it: the latest word holds, silence is not "none"."""
    said = told.report
    asked = any(p.about_s is None for p in said.prompts)
    hour = SECONDS_PER_HOUR
    after = tuple(
        {"cramp": True, "twitch": False, "none": False}.get(said.state(phase)) for phase in journal.PHASES[1:]
    )
    cramps = sorted(said.cramps, key=lambda c: c.from_s if c.at_s is None else c.at_s)
    if cramps:
        first, later = cramps[0], cramps[1:]
        if first.at_s is not None:
            at_h = max(first.at_s, 1.0) / hour
            further = [c.at_s / hour for c in later if c.at_s is not None and c.at_s / hour > at_h]
            found = Report.exact(at_h, asked=asked, further_h=further)
        else:
            to_s = min([first.to_s, *(c.at_s for c in later if c.at_s is not None)])
            whole = to_s >= told.row.elapsed_s - 1.0 or to_s <= first.from_s
            found = Report.interval(first.from_s / hour, None if whole else to_s / hour, asked=asked)
    elif said.state() == "twitch":
        found = Report.twitch() if asked else Report.none()
    elif said.no_cramp is not None:
        found = Report.none(asked=asked)
    else:
        found = Report.no_report(asked=asked or said.state() == "skipped")
    return replace(found, after=after)


def key_of(*stands_on: object) -> str:
    """A name that changes with everything that a result stands on."""
    return hashlib.sha256(json.dumps([MODEL, *stands_on], default=repr, sort_keys=True).encode()).hexdigest()
