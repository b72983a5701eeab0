"""Why: the answer over the whole journal, the same as on the page that `charley why --html` writes."""

from __future__ import annotations

from typing import Any

from charley.faces.report.json import render
from charley.faces.report.page import parts
from charley.faces.web import change
from charley.faces.web import journals as kept
from charley.faces.web.pages import Asked, Page, all_untyped
from charley.vocabulary.answer import Why


def ask(asked: Asked) -> Why:
    """Worked out once for a journal that has not changed."""
    return kept.why(asked.journal, asked.work)


def show(answer: Why, asked: Asked) -> dict[str, Any]:
    """The parts of the answer; a command to type becomes a link to the form that does the same."""
    shown = all_untyped(parts(answer, asked.units))
    here = [section for section in shown["over_journal"] if section["tables"] or section["id"] != "track"]
    return {
        **shown,
        "over_journal": here,
        "screen": {**shown["screen"], "command": ""},
        "demo": asked.demo,
        "change": change.of(answer, asked.units),
    }


PAGE = Page(
    "/why",
    "why",
    ask,
    show,
    render,
    tab="why",
    empty="Here your runs will say why your calves cramp, and how sure that is.",
)
