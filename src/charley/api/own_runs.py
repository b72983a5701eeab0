"""The runner's own runs at a glance, for an answer that has to come in a blink: no NumPy on the way."""

from __future__ import annotations

from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from charley.journal.own_runs import own_runs as counted
from charley.journal.store import default_path, journal_file
from charley.vocabulary.errors import JournalError
from charley.vocabulary.experience import Experience
from charley.vocabulary.own_runs import OwnRuns

DAYS_PER_YEAR = 365.25
SURELY_YEARS = 2.0  # a shorter log may be of somebody who has run for long and logged for little

if TYPE_CHECKING:
    from charley.vocabulary.answer import Why


def own_runs(named: str | PathLike[str] | None) -> OwnRuns | None:
    """Counts of the journal that is named (else the user's own) and the summary that `why` left in it; None where there
    is no journal, no run in it, or where it cannot be opened now: a question is answered all the same."""
    path = default_path() if named is None else journal_file(named)
    try:
        found = counted(path) if path.exists() else None
    except (JournalError, OSError):
        return None
    return found if found and found.runs else None


def experience_of(
    own: OwnRuns | None, years: float | None = None, longest_m: float | None = None, cramped: int | None = None
) -> Experience:
    """What is known of a runner's experience: what was told, else what the journal holds; a journal of many years shows
    that somebody has run for so long, one of few says nothing."""
    if own is None:
        return Experience(years, longest_m, None if cramped is None else cramped > 0)
    logged = None if own.first_at is None else (datetime.now(UTC) - own.first_at).days / DAYS_PER_YEAR
    before = own.cramps + (own.baseline.cramped_high or 0) if cramped is None else cramped
    asked = own.answered or own.baseline.cramped_high is not None or cramped is not None
    return Experience(
        years if years is not None else logged if logged is not None and logged >= SURELY_YEARS else None,
        longest_m if longest_m is not None else own.longest_30d_m or None,
        before > 0 if asked else None,
    )


def leave_summary(journal: Path, answer: Why) -> None:
    """Leave the summary of an answer over the journal, for ``own_runs`` to find. Raises JournalError."""
    from charley.answers.history.own_summary import own_summary
    from charley.journal.own_runs import keep_summary

    keep_summary(journal, own_summary(answer))
