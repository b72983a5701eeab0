"""What a page needs to know of the journal at once: whether it has changed, and what stands on it."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from charley.api import history
from charley.api import journal as journals
from charley.faces.web.work import Waiting

if TYPE_CHECKING:
    from charley.faces.report.pictures.stops_plot import Track
    from charley.faces.web.work import Work
    from charley.vocabulary.answer import Why
    from charley.vocabulary.journal import Glance, JournalStatus, Report, RunRow

T = TypeVar("T")
_seen: dict[tuple[Path, str], tuple[object, Any]] = {}


def _while_same(journal: Path, name: str, state: object, read: Callable[[], T]) -> T:
    """What ``read`` gave for that state; read again in another one."""
    known = _seen.get((journal, name))
    if known is None or known[0] != state:
        known = (state, read())
        _seen[journal, name] = known
    return cast("T", known[1])


def _states(journal: Path) -> tuple[str, str]:
    """Names of what the runs are, and of the runs with what was said: looked at when the file was written to."""
    stamp = tuple(n for path in (journal, Path(f"{journal}-wal")) for n in _stamp(path))
    return _while_same(journal, "states", stamp, lambda: journals.states(journal))


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = os.stat(path)
    except OSError:
        return (0, 0)
    return found.st_mtime_ns, found.st_size


def content(journal: Path) -> str:
    """A name for what the journal holds: runs and what was said, not what was worked out from them; "" for nothing."""
    return _states(journal)[1]


def runs(journal: Path) -> str:
    """A name for what the runs are, whatever is said of them."""
    return _states(journal)[0]


def unchanged(journal: Path, name: str, read: Callable[[Path], T]) -> T:
    """What ``read`` gives of a journal, read again only when it holds something else; ``name`` says what it is."""
    return _while_same(journal, name, _states(journal)[1], lambda: read(journal))


def same_runs(journal: Path, name: str, read: Callable[[Path], T]) -> T:
    """The same of something that stands on the runs alone, whatever was said of them."""
    return _while_same(journal, name, _states(journal)[0], lambda: read(journal))


def glances(journal: Path) -> tuple[Glance, ...]:
    """All runs in a few figures each, the latest first."""
    return same_runs(journal, "glances", journals.glances)


def said(journal: Path) -> dict[str, str]:
    """What was said of each run of which anything was."""
    return unchanged(journal, "said", journals.said) if journals.store_exists(journal) else {}


def bad(journal: Path) -> tuple[tuple[str, str], ...]:
    """Runs that cannot be read."""
    return same_runs(journal, "bad", journals.unreadable_runs)


def page(journal: Path, first: int, most: int) -> tuple[tuple[RunRow, Report], ...]:
    """So many runs from a place of the list on, each with what was said of it."""
    known = same_runs(journal, "unreadable", journals.unreadable_ids)
    return journals.page_of_runs(journal, first, most, known)


def track(journal: Path, run_id: str) -> Track:
    """How fast a run was along its way; that of the run which was looked at last is kept."""
    from charley.faces.report.pictures.stops_plot import track_of

    state = (runs(journal), run_id)
    return _while_same(journal, "track", state, lambda: track_of(journals.get_run(journal, run_id)))


def status(journal: Path) -> JournalStatus:
    """The journal in figures."""
    return unchanged(journal, "status", journals.journal_status)


def why(journal: Path, work: Work) -> Why:
    """Why, over the whole journal. Raises Waiting."""
    many = len(glances(journal))
    what = "Reading what your run says" if many == 1 else f"Reading what your {many:,} runs say"
    return work.answer(("why", content(journal)), what, history.why, journal, progress=True)


def over_all_runs(journal: Path, work: Work, key: Hashable, what: str, call: Callable[..., T], *args: Any) -> T:
    """Another answer that stands on what all runs say. While these are read for why, or that was stopped, it waits for
    it: the same reading is not done twice side by side. Raises Waiting.
    """
    reading = work.find(("why", content(journal)))
    if reading is not None and not reading.over:
        raise Waiting(reading)
    return work.answer(key, what, call, journal, *args, progress=True)
