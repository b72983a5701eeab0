"""Plan: the weeks to a race, from what the log holds, with what stands behind each part."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from charley.api import journal as journals
from charley.api import training as api
from charley.faces.cli import values
from charley.faces.cli.meta import meta
from charley.faces.cli.plan import day_of
from charley.faces.report.pictures.pair import picture as drawn
from charley.faces.report.training import calendar, json, picture, words
from charley.faces.report.wording import figures as fig
from charley.faces.web import journals as kept
from charley.faces.web.forms import Form, one, quantity, some
from charley.faces.web.pages import Act, Asked, File, Page
from charley.faces.web.views.race import DISTANCES
from charley.vocabulary.errors import UsageError
from charley.vocabulary.training import TrainingPlan

FIELDS = ("distance", "date", "years")
RAISES = "single-leg calf raise"
MOST = 60  # sets or repetitions of one session


def ask(asked: Asked) -> TrainingPlan | None:
    """The plan for what the form says; None where it was not filled in."""
    form = {name: (asked.query[name],) for name in FIELDS if asked.query.get(name, "").strip()}
    if "distance" not in form and "date" not in form:
        return None
    key = ("plan", kept.content(asked.journal), f"{date.today()}", *sorted(form.items()))
    return asked.work.answer(key, "Looking at what you have run", planned, asked.journal, form)


def planned(journal: Path, form: Form) -> TrainingPlan:
    """The answer to a form, by the rules of `charley plan`. Called in a process of its own."""
    distance, day = quantity(form, "distance", values.DISTANCE), some(form, "date")
    if distance is None:
        raise UsageError("race-needs", "no distance", "distance")
    if day is None:
        raise UsageError("race-date", "no day was chosen", "date", "Choose the day of the race.")
    return api.training_plan(journal, distance, day_of(day), quantity(form, "years", values.YEARS))


def show(p: TrainingPlan | None, asked: Asked) -> dict[str, Any]:
    """Title, facts, picture, weeks, and what has evidence."""
    units, q = asked.units, asked.query
    shown: dict[str, Any] = {"q": {f: q.get(f, "") for f in FIELDS}, "distances": DISTANCES, "plan": None}
    if p is None:
        return shown | {"title": "Which race are you training for?"}
    heads = ["week of", fig.distance_unit(units), "runs", "longest", "faster", "calf raises, twice"]
    extra = [words.JUMPING] if any(w.jumps for w in p.weeks) else []
    return shown | {
        "title": words.title(p, units),
        "plan": {
            "lede": f"{words.kind(p, units)} {words.beyond(p, units)}",
            "notes": [words.note(n) for n in p.notes],
            "facts": _facts(p, units),
            "picture": drawn(
                lambda wide: picture.draw(p, units, wide), "The weeks to the race", words.title(p, units),
                [("Weeks", *picture.table(p, units))], picture.along(p),
            ),
            "weeks": {"name": "The plan, week by week", "heads": heads,
                      "body": [[*words.row(w, units)] for w in p.weeks]},
            "how": words.HOW[p.kind],
            "more": [
                ("Calf raises", "twice a week", [words.RAISING, *extra]),
                ("How you land", "don’t change it now", [words.STYLE]),
                ("Shoes", "nothing new in the race", [words.SHOES]),
                ("Afterwards", "easy and short", [words.AFTERWARDS, words.PAIN]),
            ],
            "evidence": words.EVIDENCE,
            "again": urlencode([(f, v) for f in FIELDS if (v := q.get(f, ""))]),
        },
    }  # fmt: skip


def _facts(p: TrainingPlan, units: str) -> list[tuple[str, str, str]]:
    now = p.weeks[0]
    _, week, runs, long, faster, raises = words.row(now, units)
    if now.phase == "race":
        return [("This week", "the race", "")]
    rest = f"{runs} runs, {week} {fig.distance_unit(units)} in all; {faster}."
    found = [("This week’s longest run", long, rest)]
    if raises:
        found.append(("Calf raises, twice a week", raises, "The table says when they get harder."))
    longest = f"{fig.distance(words.longest_m(p), units, 0)} {fig.distance_unit(units)}"
    return [
        *found,
        ("Longest run before the race", longest, "Each at most a tenth longer than your longest of 30 days."),
    ]


def tell(p: TrainingPlan | None) -> dict[str, Any]:
    """As `charley plan --json` gives it."""
    if p is None:
        raise UsageError("race-needs", "no distance", "distance")
    return {"meta": meta("ok"), **json.render(p)}


def raised(form: Form, asked: Asked) -> str:
    """Calf raises that were done today: the plan goes on from them."""
    said = [one(form, name) for name in ("sets", "reps")]
    if not all(text.isdecimal() and len(text) < 4 and 0 < int(text) <= MOST for text in said):
        raise UsageError("usage-value", "sets and repetitions are whole numbers", "sets", "Write 3 and 12, say.")
    load_kg = quantity(form, "load", values.MASS) or 0.0
    sets, repetitions = map(int, said)
    journals.log_strength(
        asked.journal, RAISES, sets=sets, repetitions=repetitions, load_kg=load_kg, source="tap"
    )  # fmt: skip
    again = urlencode([(f, v) for f in FIELDS if (v := one(form, f))])
    return f"/plan?{again}" if again else "/plan"


def file(asked: Asked) -> tuple[bytes, str, str]:
    """The weeks as a calendar, as `charley plan --ics` writes it."""
    p = ask(asked)
    if p is None:
        raise UsageError("race-needs", "no distance", "distance")
    return calendar.ics(p, asked.units), f"{p.race_on.isoformat()}_plan.ics", "text/calendar; charset=utf-8"


PAGE = Page("/plan", "plan", ask, show, tell, tab="plan", form=True)
ACTS = (Act("/plan/raised", raised, PAGE),)
FILES = (File("/plan/plan.ics", file),)
