"""An answer to "why did it cramp?" as a page, as text and as JSON: three renderings of one object.

What each needs is imported when it is called, so that naming this module costs a command line nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from charley.vocabulary.answer import Why
    from charley.vocabulary.over_journal import TrackRecord


def render_why(answer: Why, units: str = "metric", record: TrackRecord | None = None) -> str:
    """A self-contained HTML page (no script, no network). ``units``: metric or imperial; ``record``: a journal's."""
    from charley.faces.report.page import render

    return render(answer, units, record)


def render_why_text(answer: Why, units: str = "metric", full: bool = False) -> str:
    """The answer for a terminal of 80 columns, without colour: its first screen, or ``full``."""
    from charley.faces.report.text import render

    return render(answer, units, full)


def render_why_json(answer: Why, generated_at: datetime | None = None) -> dict[str, Any]:
    """The answer as an object of plain values, unrounded, NaN as None. ``generated_at``: now, unless given."""
    from charley.faces.report.json import render

    return render(answer, generated_at)
