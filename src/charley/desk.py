"""One function for each question that a runner asks. Faces call these and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from charley.advice.desk_part import ask, cramp_card, help_me, hold_timer, profile, return_to_run, warning_signs
from charley.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from charley.learning.career_bodies import Bodies
    from charley.learning.over_journal import Belief
    from charley.vocabulary.answer import SuggestedStop, Why
    from charley.vocabulary.cramp import Cramp
    from charley.vocabulary.journal import ImportProgress, ImportSummary, RunRow
    from charley.vocabulary.laboratory import LabExperiment, LabTable, LabTrace
    from charley.vocabulary.over_journal import (
        Before,
        Proposed,
        Refused,
        TrackRecord,
        TrialOutcome,
        TrialPlan,
        TrialRun,
    )
    from charley.vocabulary.run import Run
    from charley.vocabulary.runner import Intake, Runner, Weather
    from charley.vocabulary.told import AllTold

# Questions that a room answers as it stands; each loads only what it needs when it is asked.
__all__ = [
    "ask",
    "bench",
    "cramp_card",
    "health_unasked",
    "help_me",
    "hold_timer",
    "import_files",
    "lab_list",
    "lab_run",
    "lab_table",
    "log_health_for",
    "parse_at",
    "plan_trial",
    "profile",
    "propose_runs",
    "read_run",
    "return_to_run",
    "suggested_stops",
    "track_record",
    "trial_result",
    "trial_run",
    "warning_signs",
    "why",
    "why_journal",
    "write_demo",
]

DEMO_PLACE = "33.4km"
MIN_DRAWS, MAX_DRAWS = 20, 20_000


def read_run(path: Path) -> Run:
    """The run in an activity file, cleaned. Raises RunFileError in one coded line."""
    from charley import activities

    return activities.clean(activities.read(path))


def parse_at(text: str, run: Run, muscle: str = "calf", side: str | None = None, severity: int | None = None) -> Cramp:
    """Where it cramped: "33km", "2:45:10", "78%", "30km-35km", "somewhere-after 30km"."""
    from charley.vocabulary.place import locate, parse_place

    return locate(parse_place(text), run, muscle, side, severity)


def why(
    path: Path,
    at: str | None = None,
    *,
    runner: Runner | None = None,
    weather: Weather | None = None,
    intake: Intake | None = None,
    effort: str = "unknown",
    race_distance_m: float | None = None,
    draws: int = 500,
    seed: int = 1,
) -> Why:
    """Why did this run bring a cramp, and how likely was it?"""
    from charley.evidence import priors
    from charley.learning.explain import explain
    from charley.learning.question import Question
    from charley.vocabulary.place import parse_place
    from charley.vocabulary.runner import Intake, Runner, Weather

    if at is not None:
        parse_place(at)  # a slip in the words is told before minutes of reading
    if not MIN_DRAWS <= draws <= MAX_DRAWS:
        raise UsageError("usage-value", f"{draws} draws; possible is {MIN_DRAWS} to {MAX_DRAWS}", "--draws")
    if not 0 <= seed < 2**63:
        raise UsageError("usage-value", f"seed {seed}; possible is 0 to 2^63", "--seed")
    runner = runner or Runner()
    known = {p.key for p in priors().values() if p.role in ("core", "optional")}
    for key, _ in runner.about:
        if key not in known:
            raise UsageError(
                "usage-value", f"nothing is known of {key!r}", "--about", f"Known: {', '.join(sorted(known))}."
            )
    run = read_run(path)
    question = Question(
        run=run,
        cramp=parse_at(at, run) if at is not None else None,
        runner=runner,
        weather=weather or Weather(),
        intake=intake or Intake(),
        effort=effort,
        race_distance_m=race_distance_m,
        draws=draws,
        seed=seed,
    )
    return explain(question)


def write_demo(folder: Path) -> Path:
    """Write the made-up runner's file into a folder and say where."""
    from charley import activities

    return activities.write_demo(folder)


# ---- the journal ----


def __getattr__(name: str) -> Any:
    """Questions to the journal that need nothing else are the journal's own functions, loaded when first asked for."""
    from charley.journal import desk_part

    if name in desk_part.__all__:
        return getattr(desk_part, name)
    raise AttributeError(f"the desk has no {name!r}")


def import_files(
    journal: Path,
    paths: Iterable[Path],
    *,
    workers: int = 2,
    progress: Callable[[ImportProgress], None] | None = None,
) -> ImportSummary:
    """Bring files, folders and archives into the journal; safe to repeat."""
    from charley import __version__
    from charley.activities import archives
    from charley.journal.importing import import_runs

    found = archives.walk(paths)
    return import_runs(journal, found, archives.read_and_clean, read_by=__version__, workers=workers, progress=progress)


def suggested_stops(journal: Path) -> tuple[tuple[RunRow, SuggestedStop], ...]:
    """Abrupt stops late in the latest runs that may have been cramps, of which nothing was said yet."""
    from charley.journal.desk_part import suggestions
    from charley.risk.stops import suggest

    return suggestions(journal, lambda run: [stop for stop in suggest(run) if stop.kind == "seizure"])


# ---- the laboratory ----

MOST_SUBJECTS, MOST_WORKERS = 500, 64
LAB_HELP = "See: charley lab run --help"


def lab_list() -> tuple[LabExperiment, ...]:
    """Every experiment of the laboratory: what was published, and what the last table made with the project gave."""
    from charley.lab import reading, run, stored

    kept = stored.loaded()
    listed = (run.described(protocol) for protocol in reading.shipped().values())
    return tuple(listed if kept is None else (stored.filled(one, kept) for one in listed))


def lab_run(
    what: str,
    *,
    subjects: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    pictures: bool = False,
) -> LabExperiment:
    """Run one experiment: an id such as E02, or the path of a protocol file. Raises ProtocolError, SimulationError."""
    _check_lab(subjects, workers, seed)
    from charley.lab import reading, run

    return run.run(reading.find(what), subjects, seed, workers, pictures)


def lab_table(
    *,
    subjects: int | None = None,
    workers: int = 1,
    tell: Callable[[LabExperiment], None] | None = None,
) -> LabTable:
    """Run every experiment of the laboratory; ``tell`` hears of each as it is done."""
    _check_lab(subjects, workers, None)
    from charley.lab import reading, run

    return run.run_table(reading.shipped().values(), subjects, workers, tell)


def bench(
    angle_deg: float = -30.0,
    drive: float = 0.0,
    slow_fatigue: float = 0.0,
    fast_fatigue: float = 0.0,
    stretch_at_s: float | None = None,
    **more: Any,
) -> LabTrace:
    """The cramp bench: ten seconds of a typical person. ``more`` as in ``charley.lab.bench.bench``."""
    from charley.lab import bench as on_the_bench

    return on_the_bench.bench(angle_deg, drive, slow_fatigue, fast_fatigue, stretch_at_s, **more)


def _check_lab(subjects: int | None, workers: int, seed: int | None) -> None:
    asked = ((subjects, MOST_SUBJECTS, "--subjects"), (workers, MOST_WORKERS, "--workers"))
    for value, most, flag in asked:
        if value is not None and not 1 <= value <= most:
            raise UsageError("usage-value", f"{value}; possible is 1 to {most}", flag, LAB_HELP)
    if seed is not None and not 0 <= seed < 2**53:
        raise UsageError("usage-value", f"seed {seed}; possible is 0 to 2^53", "--seed", LAB_HELP)


# ---- over the journal ----

UNDATED = "Say when they were: charley log date 2026-05-03T09:00 --run RUN"
TRIAL = "trial "  # names of plans among the forecasts, as in trial_plan
COMPUTED, FITTED = "rows", "draws"  # what is kept in the journal, so that a second answer is quick


def why_journal(journal: Path, *, seed: int = 1) -> Why:
    """Why do my calves cramp, over all runs of the journal?"""
    from charley.learning.journal_answer import answer

    told, belief, bodies, before = _over_journal(journal, seed)
    return answer(belief, bodies, alone=told.alone, health=told.named, undated=told.undated, before=before, seed=seed)


def _over_journal(journal: Path, seed: int) -> tuple[AllTold, Belief, Bodies, Before | None]:
    """All that was told and what follows from it; computed anew only as far as the journal has changed."""
    from contextlib import suppress
    from datetime import UTC, datetime

    from charley import __version__
    from charley.journal import desk_part, told
    from charley.learning import career, career_bodies, career_rows, over_journal
    from charley.vocabulary.errors import JournalError

    everything = told.everything(journal)
    if not everything.runs:
        if everything.undated:
            raise UsageError("journal-no-runs", "no run of the journal has a date that can be", str(journal), UNDATED)
        raise UsageError("journal-no-runs", "there are no runs in the journal", str(journal))
    life = career.Career(everything.runner, everything.runs, seed)
    bodies = career_bodies.Bodies(life)
    rows_model, draws_model = (f"{kind} {__version__} {career.MODEL}" for kind in (COMPUTED, FITTED))
    planned, computed = career_rows.compute(life, lambda keys: told.computed(journal, rows_model, keys), bodies)
    log = over_journal.gather(life, planned, computed)
    if not log.runs:
        raise UsageError("journal-no-runs", "no run of the journal can be read", str(journal))
    data = desk_part.data_sha256(journal)
    name = career.key_of(data, career.parameters_hash(), everything.runner)
    kept = desk_part.find_posterior(journal, data_sha256=name, model_version=draws_model, seed=seed)
    belief, content = over_journal.believe(log, seed, kept=kept.content if kept else None)
    earlier = told.latest_posteriors(journal, draws_model)
    before = over_journal.before_this(belief, name, earlier)
    with suppress(JournalError):  # a journal that may only be read is answered from all the same
        if computed.fresh:
            told.keep_computed(journal, rows_model, seed, dict(computed.fresh))
        if kept is None:
            desk_part.add_posterior(
                journal, model_version=draws_model, data_sha256=name, seed=seed, draws=belief.now.draws,
                made_from=over_journal.summary(belief), content=content, now=datetime.now(UTC),
            )  # fmt: skip
            _keep_forecast(journal, belief, draws_model)
    return everything, belief, bodies, before


def _keep_forecast(journal: Path, belief: Belief, model: str) -> None:
    """The chance of a cramp in the next usual hard run, said now, so that it can be held against what comes."""
    from datetime import UTC, datetime

    from charley.journal import desk_part
    from charley.learning.journal_answer import next_hard_run

    distance_m, chance = next_hard_run(belief)
    desk_part.add_forecast(
        journal, model_version=model, posterior_id=None, name="next hard run", planned_at=None, distance_m=distance_m,
        goal_s=None, chance_mean=chance.mean, chance_low=chance.low, chance_high=chance.high, detail="{}",
        now=datetime.now(UTC),
    )  # fmt: skip


def track_record(journal: Path, *, seed: int = 1) -> TrackRecord:
    """How good forecasts were; those whose run has come and was answered are scored now."""
    from contextlib import suppress
    from datetime import UTC, datetime

    from charley.journal import desk_part
    from charley.learning import track
    from charley.vocabulary.errors import JournalError

    _, belief, _, _ = _over_journal(journal, seed)
    made = desk_part.list_forecasts(journal)
    scored = {(o.forecast_id, o.run_id, o.cramped) for o in desk_part.list_outcomes(journal)}
    with suppress(JournalError):
        for forecast, run_id, cramped in track.due(made, belief.log):
            if (forecast.id, run_id, cramped) not in scored:
                desk_part.score_forecast(journal, forecast.id, run_id, cramped, datetime.now(UTC))
    return track.record(belief, made, desk_part.list_outcomes(journal), seed)


def propose_runs(journal: Path, *, seed: int = 1) -> tuple[Proposed, ...]:
    """Which way of running the usual hard run would tell most, without adding a stressor."""
    from charley.learning.journal_answer import proposed

    return proposed(_over_journal(journal, seed)[1])


def plan_trial(journal: Path, change: str, *, runs: int | None = None, seed: int = 1) -> TrialPlan | Refused:
    """A trial of one change over the next long hard runs, kept in the journal before the first of them."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from charley.journal import desk_part
    from charley.learning import career, trial_plan

    named = [h.name for h in desk_part.health(journal) if h.present]
    refused = trial_plan.refusal(change, named)
    if refused is not None:
        return refused
    if open_questions := health_unasked(journal, change):
        raise UsageError("trial-health", f"it was never said whether you have: {_words(open_questions)}", change)
    now = datetime.now(UTC)
    _, belief, _, _ = _over_journal(journal, seed)
    made = trial_plan.plan(belief, change, now, runs, seed)
    identity = desk_part.add_forecast(
        journal, model_version=career.MODEL, posterior_id=None, name=trial_plan.PREFIX + change, planned_at=None,
        distance_m=made.least_distance_m, goal_s=None, chance_mean=made.usual_risk.mean,
        chance_low=made.usual_risk.low, chance_high=made.usual_risk.high, detail=trial_plan.detail(made), now=now,
    )  # fmt: skip
    return replace(made, id=identity)


def health_unasked(journal: Path, change: str) -> tuple[str, ...]:
    """Conditions and medicines that decide whether a change may be tried, of which nothing was said yet."""
    from charley.journal import desk_part
    from charley.learning import trial_plan

    return trial_plan.unasked(change, [h.name for h in desk_part.health(journal)])


def log_health_for(journal: Path, change: str, present: Iterable[str]) -> None:
    """Answer all health questions of a change at once: those named are present, the others are not."""
    from charley.journal import desk_part
    from charley.vocabulary.journal import MEDICINES

    asked, named = health_unasked(journal, change), {name.replace("-", "_").replace(" ", "_") for name in present}
    known = {*asked, *(h.name for h in desk_part.health(journal))}
    if unknown := named - known:
        raise UsageError("usage-value", f"{_words(sorted(unknown))} is not among: {_words(asked)}", "--health")
    for name in {*asked, *named}:
        what = "medicine" if name in MEDICINES else "condition"
        desk_part.log_health(journal, what, name, name in named)


def _words(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)


def trial_run(journal: Path, run: str = "last") -> TrialRun | None:
    """The part of a run in the latest trial: which arm it was to be, and what was said to be done; None for no part."""
    from dataclasses import replace

    from charley.journal import desk_part

    kept = [f for f in desk_part.list_forecasts(journal) if f.name.startswith(TRIAL)]
    if not kept:  # asked after every answer: whoever tries nothing does not wait for the engine
        return None
    from charley.learning import trial_plan

    row = desk_part.get_run_row(journal, run)
    plan = trial_plan.from_detail(kept[-1].id, kept[-1].detail)
    rows = sorted((r for r in desk_part.list_runs(journal) if r.dated), key=lambda r: (r.started_at, r.run_id))
    found = next((r for r in trial_plan.counted(rows, {}, plan) if r.run_id == row.run_id), None)
    said = desk_part.about_run(journal, row.run_id)
    if found is None or said is None or said.change != plan.change or said.change_done is None:
        return found
    return replace(found, done=said.change_done == "yes")


def trial_result(journal: Path, change: str | None = None, *, seed: int = 1) -> TrialOutcome:
    """What the latest trial (of a change) says so far."""
    from charley.journal import desk_part
    from charley.learning import trial_plan

    wanted = trial_plan.PREFIX if change is None else trial_plan.PREFIX + change
    kept = [f for f in desk_part.list_forecasts(journal) if f.name.startswith(wanted)]
    if not kept:
        raise UsageError("trial-unknown", "no trial was started", str(journal))
    made = trial_plan.from_detail(kept[-1].id, kept[-1].detail)
    return trial_plan.result(_over_journal(journal, seed)[1], made, seed)
