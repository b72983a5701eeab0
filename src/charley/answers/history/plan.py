"""All runs of a runner as the learning engine takes them: what was told of each, and which body ran it.

The journal stays outside: a run comes with its figures, with what was said of it, and with a way to read its channels,
which is only used when nothing computed earlier can be used again.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import timedelta
from functools import cache

import numpy as np

from charley.answers.history.heat import WINDOW as HEAT_WINDOW
from charley.answers.history.model import MODEL
from charley.answers.one_run.simulate import at_a_standard_distance, looks_like_a_race
from charley.body.level import DISTANCE_EXPONENT
from charley.evidence import factors, parameters, priors
from charley.inference.design import FactorTable, Report, ReportKind, TriggerTable
from charley.inference.prior import RunnerPrior, sourced_runner_prior
from charley.risk.baseline import MARATHON_KM, field_cumulative_hazard
from charley.risk.draws import HazardDraws, draw_hazard, trigger_log
from charley.risk.factors import TRIGGERS
from charley.risk.person import describe, history_of_two, reference_log_hazard
from charley.vocabulary import journal
from charley.vocabulary.arrays import Floats
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.history import Told
from charley.vocabulary.runner import Runner
from charley.vocabulary.units import METRES_PER_KM, SECONDS_PER_HOUR, SECONDS_PER_MINUTE

BODIES = 8  # plausible bodies of a run that matters
EASY_BODIES = 4  # of the others: whatever else the journal holds, so that a run's rows never hang on later ones
CLOSE_STEP_S, EASY_STEP_S = 30.0, 60.0
LONG_S = 90 * SECONDS_PER_MINUTE
LEVEL_WINDOW = timedelta(weeks=12)
RACE_WINDOW = timedelta(weeks=52)  # races show the level for longer than training does
RECENT = timedelta(days=30)
WINDOWS = (LEVEL_WINDOW, RECENT, RACE_WINDOW)
DAMAGE_WINDOW = timedelta(days=3)  # as the study asked
SHORTEST_PROOF_M = 3000.0
RUNS_THAT_COVER = 3  # so many runs in 30 days say that the journal holds what was run then ...
RUNS_THAT_COVER_A_SEASON = 6  # ... or so many in 12 weeks
WORLDS = 600  # draws from which the prior of the person is summed up
DAYS_PER_YEAR = 365.25
_OUTLIER = 1.8  # a "run" so much faster than the middle of its months was on wheels
_RACED = 1.12  # a run over a race's distance is one, unless told otherwise, so much above the middle of its months


@dataclass(frozen=True, slots=True)
class Career:
    """A runner with all their runs, the earliest first."""

    runner: Runner
    runs: tuple[Told, ...]
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Planned:
    """How one run will be computed, from figures alone. ``key`` changes with everything that the result stands on.

    Nothing of it hangs on what was said of cramps: a run is judged alike whether or not it cramped.
    """

    told: Told
    runner: Runner  # as they were then: longest run of the time before
    proof: int  # index of the run that shows the level of those weeks best
    races: tuple[int, ...]  # indices of the races that the level is taken from
    bodies: int
    step_s: float
    key: str


def plan(career: Career) -> list[Planned]:
    """Races of the year before, the longest run of the last 30 days, and how closely each run is looked at."""
    starts = [t.row.started_at for t in career.runs]
    raced = _races(career)
    out = []
    weighed = [(t.row.run_id, t.weighed_loss_kg, t.intake.drink_l) for t in career.runs if t.weighed_loss_kg]
    for i, told in enumerate(career.runs):
        before, last_days, year = (range(bisect_left(starts, starts[i] - w, hi=i), i) for w in WINDOWS)
        recent = [career.runs[j].row for j in last_days]
        races = tuple(j for j in year if raced[j])
        if not races and raced[i]:
            races = (i,)  # a first race shows its own level, at its best stretch
        covered = len(recent) >= RUNS_THAT_COVER or len(before) >= RUNS_THAT_COVER_A_SEASON
        rows = recent or [career.runs[j].row for j in before]
        longest = max(r.distance_m for r in rows) if covered else None
        about = dict(career.runner.about) | dict(told.about)
        if covered:
            hours = [r.elapsed_s for r in recent if starts[i] - r.started_at <= DAMAGE_WINDOW]
            about["muscle_damage_recent"] = max(hours, default=0.0) / SECONDS_PER_HOUR
        runner = replace(
            career.runner,
            bests=(),
            longest_run_30d_m=longest,
            history=None,
            heat_runs_14d=None,
            about=tuple(sorted(about.items())),
        )
        warm = range(bisect_left(starts, starts[i] - HEAT_WINDOW, hi=i), i)
        airs = [(career.runs[j].row.run_id, career.runs[j].weather.air_temp_c) for j in warm]
        close = matters(told)
        bodies = BODIES if close else EASY_BODIES
        proof = _proof(career, [*before, i])
        stands_on = [
            MODEL, career.seed, told.row.run_id, told.row.records, told.row.elapsed_s, told.effort,
            asdict(told.weather), asdict(told.intake), asdict(runner), career.runs[proof].row.run_id,
            [career.runs[j].row.run_id for j in races], close, bodies, weighed, airs, parameters_hash(),
        ]  # fmt: skip
        key = hashlib.sha256(json.dumps(stands_on, default=str, sort_keys=True).encode()).hexdigest()
        out.append(Planned(told, runner, proof, races, bodies, CLOSE_STEP_S if close else EASY_STEP_S, key))
    return out


def matters(told: Told) -> bool:
    """Races and long runs are looked at with many bodies in short steps."""
    return told.effort in ("race", "hard") or told.row.elapsed_s >= LONG_S or is_race(told)


def is_race(told: Told) -> bool:
    """Said to be one, or, where nothing was said, of a length that few people train over."""
    return told.effort == "race" or (told.effort is None and looks_like_a_race(told.row.distance_m))


def _races(career: Career) -> list[bool]:
    """Which runs show the runner's level as races do: told ones, marathons, and a race's distance far above the usual.

    Training never makes a level: the fastest of easy runs is no race.
    """
    worth = [_worth(t) for t in career.runs]
    starts = [t.row.started_at for t in career.runs]
    found = []
    for i, told in enumerate(career.runs):
        race = is_race(told) and told.row.distance_m >= SHORTEST_PROOF_M
        if not race and told.effort is None and at_a_standard_distance(told.row.distance_m):
            near = worth[bisect_left(starts, starts[i] - LEVEL_WINDOW, hi=i) : i]
            race = len(near) >= RUNS_THAT_COVER and worth[i] >= _RACED * float(np.median(near))
        found.append(race)
    return found


def _worth(told: Told) -> float:
    """Mean speed over 1 km that this run is worth, m/s; only to order runs, the level is worked out by the body."""
    row = told.row
    return float(row.distance_m / max(row.elapsed_s, 1.0) * (row.distance_m / METRES_PER_KM) ** DISTANCE_EXPONENT)


def _proof(career: Career, window: Sequence[int]) -> int:
    """The run of the window with the highest mean speed for its length; the last one where none is long enough."""
    worth = {j: _worth(career.runs[j]) for j in window if career.runs[j].row.distance_m >= SHORTEST_PROOF_M}
    usual = float(np.median(list(worth.values()))) if worth else 0.0
    credible = {j: w for j, w in worth.items() if w <= _OUTLIER * usual}
    return max(credible, key=lambda j: credible[j], default=window[-1])


@cache
def parameters_hash() -> str:
    """A short name of all numbers that rows are computed from: new numbers, new rows."""
    numbers = [(p.id, p.value, p.low, p.high) for room in ("body", "risk") for p in parameters(room).values()]
    slopes = [(p.key, p.mean, p.sd, p.factor) for p in priors().values()]
    return hashlib.sha256(repr((numbers, slopes)).encode()).hexdigest()[:16]


@cache
def factor_table() -> FactorTable:
    """The sourced priors of all factors, whether or not they were told (what was not told is 0), and the triggers."""
    rows = list(factors("run", "told").values())
    return FactorTable(
        keys=tuple(p.key for p in rows),
        labels=tuple(p.label for p in rows),
        families=tuple(p.factor.family for p in rows if p.factor),
        prior_mean=np.array([p.mean for p in rows]),
        prior_sd=np.array([p.sd for p in rows]),
        signs=tuple(p.sign for p in rows),
        excluded=np.array([p.role == "excluded" for p in rows]),
        triggers=trigger_table(),
    )


def trigger_table() -> TriggerTable:
    """The stressors that may be a person's own trigger, and the priors of their knees."""
    knees = [parameters("risk")[f"knee_{t.key}"] for t in TRIGGERS]
    return TriggerTable(
        keys=tuple(t.key for t in TRIGGERS),
        families=tuple(t.family for t in TRIGGERS),
        factors=tuple(t.driver for t in TRIGGERS),
        knee_mean=np.array([k.value for k in knees]),
        knee_sd=np.array([k.sd for k in knees]),
    )


@cache
def mean_world(draws: int) -> HazardDraws:
    """The hazard with every number at the mean of its prior, ``draws`` times: what rows of runs are computed with.

    What is unknown of the numbers stands in the runner's level (see ``runner_prior``) and in the sensitivities.
    """
    worlds = _worlds(0)

    def level(values: Floats) -> Floats:
        return np.full(draws, float(values.mean()))

    mappings = ("beta", "trigger", "knee")
    plain = {f.name: level(getattr(worlds, f.name)) for f in fields(worlds) if f.name not in (*mappings, "numbers")}
    beta, trigger, knee = ({k: level(v) for k, v in getattr(worlds, name).items()} for name in mappings)
    return HazardDraws(beta=beta, trigger=trigger, knee=knee, numbers=worlds.numbers, **plain)


@cache
def _worlds(seed: int) -> HazardDraws:
    return draw_hazard(WORLDS, np.random.default_rng(seed))


def runner_prior(runner: Runner, muscles: str, seed: int = 0) -> RunnerPrior:
    """The engine's prior for the cramps of these muscles, with the level of this very person.

    Classes, rest and stated answers come from ``risk.person``; what is unknown of the baseline is added, so that the
    chance of a run before any log is the same as in a single run's answer. Each muscle's level is its own: a history
    of cramps, of which no muscle was said, moves both by what it says of the two together.
    """
    worlds = _worlds(seed)
    person = describe(replace(runner, history=None), worlds)
    centre, references = _reference_levels(seed)
    weight = person.weight
    if runner.history is not None and runner.history.races > 0:
        other = next(m for m in MUSCLES if m != muscles)
        weight = weight * history_of_two(runner.history, person, references[muscles], references[other], worlds)
    weight = weight / weight.sum(axis=(0, 1))
    probability = weight.sum(axis=(1, 2))
    offset = person.offset + (references[muscles] - centre)
    given = weight / probability[:, None, None]
    level = (given * offset).sum(axis=(1, 2))
    variance = (given * (offset - level[:, None, None]) ** 2).sum(axis=(1, 2))
    plain = sourced_runner_prior()
    assert plain.background_log_rate is not None
    rate, spread = plain.background_log_rate
    return replace(
        plain,
        class_probability=probability / probability.sum(),
        class_mean=level,
        class_sd=np.sqrt(variance),
        background_log_rate=(rate + float(np.log(_shares()[muscles])), spread),
        trigger_log=trigger_log(_shares()[muscles]),
    )


@cache
def _reference_levels(seed: int) -> tuple[Floats, dict[str, Floats]]:
    """Log cumulative hazard over a marathon of anybody at own level: in the mean world of all cramps, (1,), and in each
    world of those of each kind of muscle, (worlds,)."""
    worlds, mean = _worlds(seed), mean_world(1)
    field, centre_field = (field_cumulative_hazard(MARATHON_KM, w) for w in (worlds, mean))
    levels = {
        m: reference_log_hazard(field * share, worlds, MARATHON_KM, share, share) for m, share in _shares().items()
    }
    return reference_log_hazard(centre_field, mean, MARATHON_KM), levels


CALF, OTHER = MUSCLES = ("calf", "other")  # each with a level and triggers of its own
CALF_MUSCLES = frozenset({"calf", "upper_calf", "lower_calf"})


def _shares() -> dict[str, float]:
    """Share of all cramps of runners that are of these muscles."""
    calf = priors()["calf_share"].mean
    return {CALF: calf, OTHER: 1 - calf}


def reports_of(told: Told) -> dict[str, Report]:
    """What the journal says of a run for each kind of muscle: the latest word holds, silence is not "none".

    The first cramp of a run tells of its own muscle, and of the other that it held until then; what came after it, in
    a runner who had stopped or slowed, tells of neither.
    """
    said = told.report
    asked = any(p.about_s is None for p in said.prompts)
    cramps = sorted(said.cramps, key=lambda c: c.from_s if c.at_s is None else c.at_s)
    if cramps:
        own = CALF if cramps[0].muscle in CALF_MUSCLES else OTHER
        spared = Report(ReportKind.NONE, until_h=cramps[0].from_s / SECONDS_PER_HOUR, asked=asked)
        return {m: _cramped(cramps, told.row.elapsed_s, asked) if m == own else spared for m in MUSCLES}
    if said.state() == "twitch":
        twitched = {CALF if t.muscle in CALF_MUSCLES else OTHER for t in said.twitches}
        return {m: Report.twitch() if asked and m in twitched else Report.none(asked=asked) for m in MUSCLES}
    if said.no_cramp is not None:
        return dict.fromkeys(MUSCLES, Report.none(asked=asked))
    return dict.fromkeys(MUSCLES, Report.no_report(asked=asked or said.state() == "skipped"))


def _cramped(cramps: Sequence[Cramp], elapsed_s: float, asked: bool) -> Report:
    """A run whose first cramp is the first of these."""
    first, later, hour = cramps[0], cramps[1:], SECONDS_PER_HOUR
    if first.at_s is not None:
        at_h = max(first.at_s, 1.0) / hour
        further = [c.at_s / hour for c in later if c.at_s is not None and c.at_s / hour > at_h]
        return Report.exact(at_h, asked=asked, further_h=further)
    to_s = min([first.to_s, *(c.at_s for c in later if c.at_s is not None)])
    whole = to_s >= elapsed_s - 1.0 or to_s <= first.from_s
    return Report.interval(first.from_s / hour, None if whole else to_s / hour, asked=asked)


def after_of(told: Told) -> tuple[bool | None, ...]:
    """Whether the first hour after a run, hours one to six, and the night brought a cramp; None where nothing was
    said."""
    state = {"cramp": True, "twitch": False, "none": False}
    return tuple(state.get(told.report.state(phase)) for phase in journal.PHASES[1:])


def key_of(*stands_on: object) -> str:
    """A name that changes with everything that a result stands on."""
    return hashlib.sha256(json.dumps([MODEL, *stands_on], default=repr, sort_keys=True).encode()).hexdigest()
