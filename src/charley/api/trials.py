"""One change, tried on the runner: plan it, start and end it, say which arm a run is in, read what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from charley.api import journal as journals
from charley.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from charley.vocabulary.history import Told
    from charley.vocabulary.over_journal import Offered, Refused, TrialOutcome, TrialPlan, TrialRun


def plan(
    journal: Path, change: str, *, runs: int | None = None, seed: int = 1, start: bool = False
) -> TrialPlan | Refused:
    """A trial of one change over the next long runs. Looking starts nothing; with ``start`` it is kept and counts.

    Raises UsageError for a change that is not known, without a run, where a question about health is open, and where
    a trial that is not over yet would be started upon.
    """
    from charley.answers import trials
    from charley.answers.history.model import MODEL

    named = [h.name for h in journals.health(journal) if h.present]
    refused = trials.refusal(change, named)
    if refused is not None:
        return refused
    if open_questions := health_unasked(journal, change):
        raise UsageError("trial-health", f"you haven't said whether you have: {_words(open_questions)}", change)
    told = _told(journal)
    if start and (open_trial := _under_way(journal, told, seed)) is not None:
        raise UsageError("trial-open", f"a trial is under way: {open_trial.label.lower()}", change)
    made = trials.plan(told, change, datetime.now(UTC), runs, seed)
    return journals.add_trial(journal, made, MODEL) if start else made


def changes() -> tuple[Offered, ...]:
    """The changes that may be tried, one at a time; health decides whether this runner may."""
    from charley.answers.trials import CHANGES
    from charley.vocabulary.over_journal import Offered

    return tuple(Offered(key, c.label, c.on, c.off) for key, c in CHANGES.items())


def end(journal: Path) -> TrialPlan:
    """End the trial that is under way: no run from now on counts in it. Raises UsageError where none is."""
    made = _under_way(journal, _told(journal), 1)
    if made is None or made.id is None:
        raise UsageError("trial-unknown", "no trial is under way", str(journal))
    now = datetime.now(UTC)
    journals.end_trial(journal, made.id, now)
    return replace(made, ended_at=now)


def _under_way(journal: Path, told: Sequence[Told], seed: int) -> TrialPlan | None:
    from charley.answers import trials

    made = journals.latest_trial(journal)
    return None if made is None or trials.result(told, made, seed).over else made


def _told(journal: Path) -> Sequence[Told]:
    """What was said of every run, the earliest first: trials are counted, nothing is learnt for them."""
    from charley.journal.history import everything

    told = everything(journal).runs
    if not told:
        raise UsageError("journal-no-runs", "the journal has no runs", str(journal))
    return told


def health_unasked(journal: Path, change: str) -> tuple[str, ...]:
    """Conditions and medicines that decide whether a change may be tried, of which nothing was said yet."""
    from charley.answers import trials

    return trials.unasked(change, [h.name for h in journals.health(journal)])


def log_health(journal: Path, change: str, present: Iterable[str]) -> None:
    """Answer all health questions of a change at once: those named are present, the others are not."""
    from charley.journal import entries
    from charley.journal.store import open_store
    from charley.vocabulary.journal import MEDICINES

    asked, named = health_unasked(journal, change), {name.replace("-", "_").replace(" ", "_") for name in present}
    known = {*asked, *(h.name for h in journals.health(journal))}
    if unknown := named - known:
        raise UsageError("usage-value", f"{_words(sorted(unknown))} is not among: {_words(asked)}", "--health")
    told = sorted({*asked, *named})
    with open_store(journal, create=True) as store, store.writing():  # all of them, or none
        for name in told:
            entries.health(store, "medicine" if name in MEDICINES else "condition", name, name in named)


def run(journal: Path, run: str = "last") -> TrialRun | None:
    """The part of a run in the latest trial: which arm it was to be, and what was said to be done; None for no part."""
    kept = journals.latest_trial(journal)
    if kept is None:  # asked after every answer: whoever tries nothing does not wait for the engine
        return None
    from charley.answers import trials

    row = journals.get_run_row(journal, run)
    rows = sorted((r for r in journals.list_runs(journal) if r.dated), key=lambda r: (r.started_at, r.run_id))
    found = next((r for r in trials.counted(rows, {}, kept) if r.run_id == row.run_id), None)
    said = journals.about_run(journal, row.run_id)
    if found is None or said is None or said.change != kept.change or said.change_done is None:
        return found
    return replace(found, done=said.change_done == "yes")


def result(journal: Path, change: str | None = None, *, seed: int = 1) -> TrialOutcome:
    """What the latest trial (of a change) says so far."""
    from charley.answers import trials

    made = journals.latest_trial(journal, change)
    if made is None:
        raise UsageError("trial-unknown", "no trial was started", str(journal))
    return trials.result(_told(journal), made, seed)


def _words(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)
