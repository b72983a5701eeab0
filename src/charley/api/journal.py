"""The journal, on a path: each function opens it, does one thing and closes it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import wraps
from os import PathLike
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar, cast

from charley.journal import (
    answers,
    backup,
    digest,
    entries,
    export,
    forecasts,
    forgetting,
    glance,
    maintenance,
    other_activities,
    runs,
    trials,
)
from charley.journal.store import Store, default_path, journal_file, open_store
from charley.journal.store import reading_only as reading_only
from charley.vocabulary.answer import SuggestedStop
from charley.vocabulary.errors import JournalError
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.history import Weighed
from charley.vocabulary.journal import (
    About,
    Baseline,
    Drink,
    Glance,
    HealthAnswer,
    ImportProgress,
    ImportSummary,
    OtherActivity,
    Prompt,
    Report,
    RunRow,
    Shoes,
    SodiumTaken,
    StrengthSession,
    SweatTest,
    Weighing,
)
from charley.vocabulary.run import Run

P = ParamSpec("P")
R = TypeVar("R")
MOST_TRIES = 3  # of a file whose reader was ended from outside
PROMPT_FROM_S = 2700.0  # runs of 45 minutes or more are asked about
SAME_STOP_S = 60.0  # an answer within a minute of a stop is about that stop


def on_path(work: Callable[Concatenate[Store, P], R], *, create: bool = False) -> Callable[Concatenate[Path, P], R]:
    """The function ``work`` of an open journal, as a function of the journal's path."""

    @wraps(work)
    def opened(path: Path, *args: P.args, **kwargs: P.kwargs) -> R:
        with open_store(path, create=create) as store:
            return work(store, *args, **kwargs)

    return cast("Callable[Concatenate[Path, P], R]", opened)


log_event = on_path(entries.event)
log_weight = on_path(entries.weight)
log_weights = on_path(entries.weights)
log_drink = on_path(entries.drink)
log_sodium = on_path(entries.sodium)
log_shoes = on_path(entries.shoes)
log_about = on_path(entries.about)
# These need no run, so that they can be the first thing that a new runner tells.
log_sweat_test = on_path(entries.sweat_test, create=True)
log_strength = on_path(entries.strength, create=True)
log_health = on_path(entries.health, create=True)
log_health_answers = on_path(entries.health_answers, create=True)
log_baseline = on_path(entries.baseline, create=True)
withdraw_answer = on_path(entries.withdraw)
get_answer = on_path(answers.one)

add_run = on_path(runs.add_run, create=True)
data_sha256 = on_path(digest.data_sha256)
set_date = on_path(runs.set_date)
make_backup = on_path(backup.backup)
export_all = on_path(export.export)
restore_backup = backup.restore
journal_status = maintenance.status
examine = maintenance.doctor
disclose = maintenance.reveal
forget_run = forgetting.forget_run
forget_demo = forgetting.forget_demo
forget_health = forgetting.forget_health
forget_all = forgetting.forget_all
reports = on_path(answers.reports)
said = on_path(glance.said)
unattached_events = on_path(answers.unattached)
add_posterior = on_path(forecasts.add_posterior)
find_posterior = on_path(forecasts.posterior)
add_forecast = on_path(forecasts.add_forecast, create=True)
list_forecasts = on_path(forecasts.forecasts)
score_forecast = on_path(forecasts.score)
list_outcomes = on_path(forecasts.outcomes)
add_trial = on_path(trials.add)
latest_trial = on_path(trials.latest)
end_trial = on_path(trials.end)


def journal_path(named: str | PathLike[str] | None) -> Path:
    """The journal's file: the one named, or in the folder named ("folder/", there or not yet), else the user's own."""
    return default_path() if named is None else journal_file(named)


def list_runs(path: Path, *, demo: bool | None = None) -> tuple[RunRow, ...]:
    """All runs without streams, the latest first; none where there is no journal yet."""
    if not store_exists(path):
        return ()
    with open_store(path) as store:
        return runs.rows(store, demo=demo)


def unreadable_runs(path: Path) -> tuple[tuple[str, str], ...]:
    """Id and file name of each run whose row is damaged: it is in no list and counts in nothing."""
    if not store_exists(path):
        return ()
    with open_store(path) as store:
        return runs.unreadable(store)


def states(path: Path) -> tuple[str, str]:
    """Names of what a journal holds: of its runs, and of its runs with all that was said; "" where there is none."""
    if not store_exists(path):
        return "", ""
    with open_store(path) as store:
        return glance.states(store)


def glances(path: Path) -> tuple[Glance, ...]:
    """All runs as a picture of them needs them, the latest first."""
    if not store_exists(path):
        return ()
    with open_store(path) as store:
        bad = set(runs.unreadable_ids(store))
        return tuple(g for g in glance.glances(store) if g.run_id not in bad)


def page_of_runs(path: Path, first: int, most: int, leave_out: Sequence[str] = ()) -> tuple[tuple[RunRow, Report], ...]:
    """So many runs from a place of the list on, the latest first, each with what was said of it.

    ``leave_out``: the ids of those that cannot be read, as ``unreadable_ids`` finds them.
    """
    if not store_exists(path):
        return ()
    with open_store(path) as store, store.reading():
        rows = runs.page(store, first, most, leave_out)
        told = answers.reports(store, [row.run_id for row in rows])
        return tuple((row, told[row.run_id]) for row in rows)


def unreadable_ids(path: Path) -> tuple[str, ...]:
    """The whole ids of the same runs."""
    if not store_exists(path):
        return ()
    with open_store(path) as store:
        return runs.unreadable_ids(store)


def list_others(path: Path) -> tuple[OtherActivity, ...]:
    """Activities that are no runs, the latest first."""
    if not store_exists(path):
        return ()
    with open_store(path) as store:
        return other_activities.rows(store)


def import_files(
    path: Path,
    paths: Iterable[Path],
    *,
    workers: int = 2,
    progress: Callable[[ImportProgress], None] | None = None,
) -> ImportSummary:
    """Bring files, folders and archives into the journal; safe to repeat. Cramp logs among them come after the runs."""
    from charley.activities import archives, kept
    from charley.api import told_files
    from charley.journal.importing import import_runs
    from charley.vocabulary.version import __version__

    named = list(paths)
    logs = told_files.cramp_logs(named)
    found = archives.walk([one for one in named if one not in logs or not told_files.nothing_else(one)])
    done = import_runs(path, found, kept.read_and_clean, read_by=__version__, workers=workers, progress=progress)
    return told_files.take_in(path, logs, done) if logs else done


def watch_folder(path: Path, folder: Path, *, workers: int = 1) -> Iterator[ImportSummary | JournalError]:
    """Bring in what appears in a folder, once it is whole; what an import did, import after import, without an end.

    Yields a JournalError where another program holds the journal: the same files are tried again. Others are raised.
    """
    from charley.activities.watching import LONGEST_S, LOOK_S, Watched, waiter

    watched, wait, tries = Watched(folder), waiter(folder), Counter[Path]()
    while True:
        files = watched.look(time.monotonic())
        if files:
            try:
                done = import_files(path, files, workers=workers)
                stopped = {Path(s.file) for s in done.skipped if s.code == "import-stopped"}
                tries.update(stopped)
                held = [file for file in files if file in stopped and tries[file] < MOST_TRIES]
                yield done
            except JournalError as error:
                if error.code not in ("journal-locked", "journal-in-use"):
                    raise
                held = files
                yield error
            for file in held:
                watched.again(file)
        wait(LOOK_S if files or watched.settling else LONGEST_S)


def get_run(path: Path, run: str = "last") -> Run:
    """One run with its streams: "last", an id or its start, or a date. Raises UsageError for none or several."""
    with open_store(path) as store:
        return runs.load(store, runs.find(store, run))


def get_run_row(path: Path, run: str = "last") -> RunRow:
    """The same run without its streams."""
    with open_store(path) as store:
        return runs.row(store, runs.find(store, run))


def get_report(path: Path, run: str = "last") -> Report:
    """All that was asked and said of one run."""
    with open_store(path) as store:
        run_id = runs.find(store, run)
        return answers.reports(store, run_id)[run_id]


def ask_about(path: Path, run: str = "last", *, about_s: float | None = None, channel: str = "command") -> int:
    """Note that the runner is being asked about a run (or one stop of it); returns the id of the question."""
    with open_store(path) as store:
        return answers.ask(store, runs.find(store, run), datetime.now(UTC), about_s, channel)


def unanswered(path: Path, limit: int = 20) -> tuple[RunRow, ...]:
    """The latest runs of 45 minutes or more of which nothing was said (or it was skipped), the latest first."""
    if not store_exists(path):
        return ()
    with open_store(path) as store:
        told = answers.reports(store)
        open_ones = (r for r in runs.rows(store) if r.elapsed_s >= PROMPT_FROM_S)
        silent = [r for r in open_ones if told[r.run_id].state() in ("not asked", "asked")]
        return tuple(silent[:limit])


def suggestions(
    path: Path, detect: Callable[[Run], Iterable[SuggestedStop]], *, limit: int = 10, look_at: int = 50
) -> tuple[tuple[RunRow, SuggestedStop], ...]:
    """Stops late in the latest runs of which nothing was said, as ``detect`` finds them, until they are answered."""
    found: list[tuple[RunRow, SuggestedStop]] = []
    for row in unanswered(path, look_at):
        with open_store(path) as store:
            told = answers.reports(store, row.run_id)[row.run_id]
            try:
                run = runs.load(store, row.run_id)
            except JournalError:  # its channels are lost, and the examination of the journal says so
                continue
        known = [e.at_s for e in told.events if e.at_s is not None]
        for stop in detect(run):
            if all(abs(stop.at_s - at_s) > SAME_STOP_S for at_s in known):
                found.append((row, stop))
        if len(found) >= limit:
            break
    return tuple(found[:limit])


def suggested_stops(path: Path) -> tuple[tuple[RunRow, SuggestedStop], ...]:
    """Abrupt stops late in the latest runs that may have been cramps, of which nothing was said yet."""
    from charley.risk.stops import suggest

    return suggestions(path, lambda run: [stop for stop in suggest(run) if stop.kind == "sudden_stop"])


def weighed_run(path: Path, run_id: str) -> Weighed:
    """The scales and the drinks of one run, as they hold now."""
    from charley.journal.history import weighed

    return weighed(path, run_id)


def weighed_sweat(told: Weighed) -> Estimate | None:
    """The sweat rate (L/h) that two weighings and the drinks of a run give; None where they give none."""
    from charley.answers.weighed_sweat import weighed_sweat as found

    return found(told)


def weighings(path: Path, run_id: str | None = None) -> tuple[Weighing, ...]:
    """The weighings that hold, in the order told."""
    return _current(path, Weighing, run_id)


def drinks(path: Path, run_id: str | None = None) -> tuple[Drink, ...]:
    """The drinks that hold."""
    return _current(path, Drink, run_id)


def sodium_taken(path: Path, run_id: str | None = None) -> tuple[SodiumTaken, ...]:
    """Sodium taken apart from drinks."""
    return _current(path, SodiumTaken, run_id)


def sweat_tests(path: Path) -> tuple[SweatTest, ...]:
    """All sweat tests."""
    return _current(path, SweatTest, None)


def shoes(path: Path, run_id: str | None = None) -> tuple[Shoes, ...]:
    """The shoes of the runs."""
    return _current(path, Shoes, run_id)


def strength_sessions(path: Path) -> tuple[StrengthSession, ...]:
    """All sessions of strength work."""
    return _current(path, StrengthSession, None)


def health(path: Path) -> tuple[HealthAnswer, ...]:
    """Conditions and medicines, each as last told."""
    return _current(path, HealthAnswer, None)


def baseline(path: Path) -> Baseline:
    """The questionnaire as it stands; all None where there is no journal yet."""
    if not store_exists(path):
        return Baseline()
    with open_store(path) as store:
        return answers.baseline(store)


def about_run(path: Path, run_id: str) -> About | None:
    """What only the runner knows of a run, merged."""
    with open_store(path) as store:
        return answers.about(store, run_id)


def prompts(path: Path, run_id: str | None = None) -> tuple[Prompt, ...]:
    """Every question that was put."""
    with open_store(path) as store:
        return answers.prompts(store, run_id)


def store_exists(path: Path) -> bool:
    """True where there is a journal (or something in its place)."""
    return journal_file(path).exists()


def _current(path: Path, kind: type[answers.A], run_id: str | None) -> tuple[answers.A, ...]:
    if not store_exists(path):
        return ()
    with open_store(path) as store:
        return answers.current(store, kind, run_id)
