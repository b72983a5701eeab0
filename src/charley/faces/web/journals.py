"""What a page needs to know of the journal at once: whether it has changed, and the answers that stand on it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from charley.api import history
from charley.api import journal as journals

if TYPE_CHECKING:
    from charley.faces.web.pages import Asked
    from charley.vocabulary.answer import Why

_seen: dict[Path, tuple[tuple[int, ...], str]] = {}


def content(journal: Path) -> str:
    """The hash of what the journal holds: of runs and of what was said, not of what was worked out from them.

    Taken anew only when the file has changed since; "" where there is no journal.
    """
    if not journals.store_exists(journal):
        return ""
    stamp = tuple(n for path in (journal, Path(f"{journal}-wal")) for n in _stamp(path))
    if _seen.get(journal, ((), ""))[0] != stamp:
        _seen[journal] = (stamp, journals.data_sha256(journal))
    return _seen[journal][1]


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = os.stat(path)
    except OSError:
        return (0, 0)
    return found.st_mtime_ns, found.st_size


def why(asked: Asked) -> Why:
    """Why, over the whole journal. Raises Waiting."""
    runs = len(journals.list_runs(asked.journal))
    return asked.work.answer(
        ("why", content(asked.journal)), f"Reading what your {runs} runs say", history.why, asked.journal
    )
