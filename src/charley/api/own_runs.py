"""The runner's own runs at a glance, for an answer that has to come in a blink: no NumPy on the way."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from charley.journal.own_runs import own_runs as counted
from charley.journal.store import default_path, journal_file
from charley.vocabulary.errors import JournalError
from charley.vocabulary.own_runs import OwnRuns

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


def leave_summary(journal: Path, answer: Why) -> None:
    """Leave the summary of an answer over the journal, for ``own_runs`` to find. Raises JournalError."""
    from charley.answers.history.own_summary import own_summary
    from charley.journal.own_runs import keep_summary

    keep_summary(journal, own_summary(answer))
