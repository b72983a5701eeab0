"""Ask: what the studies say to a question, the verdict first; danger before everything."""

from __future__ import annotations

from typing import Any

from charley.api import advice
from charley.api.own_runs import experience_of, own_runs
from charley.faces.cli import ask as verb
from charley.faces.cli.own_log import own_log
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording.for_you import sentences
from charley.faces.web import journals as kept
from charley.faces.web.pages import Asked, Page
from charley.vocabulary.words import words

EXAMPLES = ("does salt help", "should I stretch before", "is it dehydration", "compression socks", "pickle juice")


def ask(asked: Asked) -> Any:
    """The answers to what was asked; None where nothing was."""
    text = asked.query.get("q", "").strip()
    if not text:
        return None
    own = kept.unchanged(asked.journal, "own runs", own_runs)
    return advice.ask(text, own_log(own, asked.units), experience=experience_of(own))


def show(question: Any, asked: Asked) -> dict[str, Any]:
    """The chosen answer in full, the others as a list."""
    shown: dict[str, Any] = {"q": asked.query.get("q", "").strip(), "examples": EXAMPLES, "listed": [], "chosen": None}
    shown |= {"danger": None, "leads": (), "screen": (), "slips": "", "declined": "", "foreign": ()}
    if question is None:
        return shown
    answers = {a.claim_id: a for a in question.answers}
    first = answers.get(asked.query.get("claim", "")) or next(iter(question.answers), None)
    urgent = question.danger is not None and question.danger.urgency == "emergency"
    return shown | {
        "listed": [_line(a, a is first) for a in question.answers],
        "chosen": None if first is None or urgent else _full(first, asked.units),
        "danger": _danger(question),
        "leads": question.leads,
        "screen": [row.text for row in question.screen],
        "slips": ", ".join(f"“{said}” as “{meant}”" for said, meant in question.heard.corrections),
        "declined": words("ask.declined") if question.how == "declined" and not urgent else "",
        "foreign": verb.other_language(question) if question.other_language is not None else (),
    }


def _danger(question: Any) -> dict[str, Any] | None:
    if question.danger is None:
        return None
    urgency = question.danger.urgency
    call = question.call if urgency == "emergency" else words(f"urgency.{urgency}")
    return {"call": call, "do": [left for do in question.danger.steps(2) if (left := _beyond(call, do))]}


def _beyond(call: str, do: str) -> str:
    """What to do, without a sentence that stands above it as a heading; empty where that says it all."""
    head = call.partition(":")[0].removesuffix(".")
    rest = do.removeprefix(head)
    return fig.upper_first(rest.lstrip(":,. ")) if do.startswith(head) and rest[:1] in (".", ":", ",") else do


def _line(answer: Any, chosen: bool) -> dict[str, Any]:
    return {"id": answer.claim_id, "text": answer.headline or answer.told, "grade": answer.grade, "chosen": chosen}


def _full(answer: Any, units: str) -> dict[str, Any]:
    return {
        "title": answer.headline or verb.verdict(answer) or answer.told,
        "told": answer.told,
        "grade": answer.grade,
        "sure": answer.how_sure,
        "text": answer.text,
        "sides": [
            (t, rows) for t, rows in (("For", answer.evidence_for), ("Against", answer.evidence_against)) if rows
        ],
        "log": answer.log or words("ask.no_log"),
        "for_you": sentences(answer.for_you, units),
        "otherwise": answer.otherwise,
        "who": verb.who,
    }


def tell(question: Any) -> dict[str, Any]:
    """As `charley ask --json` gives it."""
    return verb.ask_json(advice.ask("") if question is None else question)


PAGE = Page("/ask", "ask", ask, show, tell, tab="ask")
