"""What a page needs to know of the journal at once: whether it has changed, and the answers that stand on it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from charley.api import history
from charley.api import journal as journals

if TYPE_CHECKING:
    from charley.faces.web.work import Work
    from charley.vocabulary.answer import Why
    from charley.vocabulary.journal import JournalStatus, Report, RunRow

T = TypeVar("T")
_seen: dict[tuple[Path, str], tuple[tuple[int, ...], Any]] = {}


def unchanged(journal: Path, name: str, read: Callable[[Path], T]) -> T:
    """What ``read`` gives of a journal, read again only when its file has changed since; "name" says what it is."""
    stamp = tuple(n for path in (journal, Path(f"{journal}-wal")) for n in _stamp(path))
    known = _seen.get((journal, name))
    if known is None or known[0] != stamp:
        known = (stamp, read(journal))
        _seen[journal, name] = known
    return cast("T", known[1])


def content(journal: Path) -> str:
    """The hash of what the journal holds: of runs and of what was said, not of what was worked out from them.

    "" where there is no journal.
    """
    return unchanged(journal, "content", journals.data_sha256) if journals.store_exists(journal) else ""


def rows(journal: Path) -> tuple[RunRow, ...]:
    """All runs, the latest first."""
    return unchanged(journal, "rows", journals.list_runs)


def reports(journal: Path) -> dict[str, Report]:
    """What was said of each run."""
    return unchanged(journal, "reports", journals.reports)


def status(journal: Path) -> JournalStatus:
    """The journal in figures."""
    return unchanged(journal, "status", journals.journal_status)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = os.stat(path)
    except OSError:
        return (0, 0)
    return found.st_mtime_ns, found.st_size


def why(journal: Path, work: Work) -> Why:
    """Why, over the whole journal. Raises Waiting."""
    runs = len(rows(journal))
    return work.answer(("why", content(journal)), f"Reading what your {runs} runs say", history.why, journal)
