"""Race: the price of time against the chance of a cramp, where on the road, what each change buys, a plan, a record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from charley.api import journal as journals
from charley.api import race as api
from charley.faces.cli import race as verb
from charley.faces.cli import values
from charley.faces.cli.race_export import files_of, stem
from charley.faces.report.pictures.pair import picture
from charley.faces.report.race import json, run_pictures, sections, words
from charley.faces.report.wording import figures as fig
from charley.faces.web import change
from charley.faces.web import journals as kept
from charley.faces.web.forms import Form, one, quantity, some
from charley.faces.web.pages import Act, Asked, File, Page, all_untyped, settled, untyped
from charley.faces.web.work import Waiting
from charley.vocabulary.errors import UsageError
from charley.vocabulary.progress import Tell
from charley.vocabulary.race import Ledger, RaceAnswer
from charley.vocabulary.runner import Weather

FIELDS = ("distance", "goal", "date", "name", "temp", "rh", "health")
TAKEN = (
    ("card.html", "Race card, one file for the phone"), ("plan.fit", "Workout for the watch (FIT)"),
    ("plan.ics", "Calendar (ICS)"), ("plan.csv", "Plan as CSV"), ("handover.txt", "For a coach or a physio"),
)  # fmt: skip
KINDS = {"html": "text/html; charset=utf-8", "fit": "application/octet-stream", "ics": "text/calendar; charset=utf-8",
         "csv": "text/csv; charset=utf-8", "json": "application/json", "txt": "text/plain; charset=utf-8"}  # fmt: skip
DISTANCES = (
    ("10k", "10 km"),
    ("half", "Half marathon"),
    ("marathon", "Marathon"),
    ("50k", "50 km"),
    ("100k", "100 km"),
)


def ask(asked: Asked) -> RaceAnswer | None:
    """The forecast for what the form says; None where it was not filled in."""
    form = {name: (asked.query[name],) for name in FIELDS if asked.query.get(name, "").strip()}
    return answered(form, asked) if "distance" in form else None


def answered(form: Form, asked: Asked) -> RaceAnswer:
    """Worked out once for a form and what the journal says. Raises Waiting."""
    key = ("race", kept.content(asked.journal), *sorted(form.items()))
    return kept.over_all_runs(asked.journal, asked.work, key, "Running your race a few thousand times", forecast, form)


def forecast(journal: Path, form: Form, *, tell: Tell) -> RaceAnswer:
    """The answer to a form, with the record of earlier forecasts; it is not kept. Called in a process of its own."""
    name = some(form, "name") or ""
    way = api.course(None, quantity(form, "distance", values.DISTANCE), name)
    goal, day = some(form, "goal"), some(form, "date")
    race = api.race_of(
        way,
        goal_s=None if goal is None else verb.goal(goal, way.distance_m),
        starts_at=None if day is None else verb.moment(day),
        weather=Weather(quantity(form, "temp", values.TEMPERATURE), quantity(form, "rh", values.SHARE)),
        name=name,
    )
    named = some(form, "health")
    learnt = journal if journals.glances(journal) else None
    health = None if named is None else verb.health(named)
    answer = api.forecast(race, journal=learnt, health=health, tell=tell)
    return replace(answer, ledger=api.score(journal))


def show(a: RaceAnswer | None, asked: Asked) -> dict[str, Any]:
    """Title, facts, pictures, plan and record."""
    units, q = asked.units, asked.query
    shown: dict[str, Any] = {"q": {f: q.get(f, "") for f in FIELDS}, "distances": DISTANCES, "answer": a is not None}
    if a is None:
        record = settled(lambda: _record(asked))
        told = {"ledger": _ledger(record), "waiting": record if isinstance(record, Waiting) else None}
        return shown | {"title": ("How will your next race go?", "", "")} | told
    there = files_of(a, units)
    return shown | {
        "title": words.title(a),
        "lede": f"{words.log_line(a)} {'Nothing is kept until you say so.' if a.race.starts_at else ''}",
        "facts": sections.facts(a, units),
        "change": change.of_race(a, units),
        "finish": change.of_finish(a),
        "notes": sections.notes(a),
        "pictures": all_untyped(sections.pictures(a, units)),
        "slider": _slider(a),
        "plan": sections.plan(a, units),
        "files": [(name, what) for name, what in TAKEN if name in there],
        "again": urlencode([(f, v) for f in FIELDS if (v := q.get(f, ""))]),
        "assumed": [untyped(words.assumed(n, units)) for n in a.assumed],
        "keep": a.chance is not None and a.race.starts_at is not None,
        "ledger": _ledger(a.ledger),
    }


def _record(asked: Asked) -> Ledger:
    """Earlier forecasts against what came of them. Raises Waiting: all runs are looked through for it."""
    made = journals.list_forecasts(asked.journal) if journals.store_exists(asked.journal) else ()
    key = ("record", kept.content(asked.journal), len(made))
    return asked.work.answer(key, "Counting what came of earlier forecasts", api.score, asked.journal)


def _slider(a: RaceAnswer) -> dict[str, str] | None:
    """A finish time along the axis of the frontier."""
    if len(a.frontier) < 2:
        return None
    first, last = a.frontier[0].finish_s, a.frontier[-1].finish_s
    at = a.plan.finish_s if a.plan else a.finish_s
    return {
        "least": f"{first:.0f}",
        "most": f"{last:.0f}",
        "at": f"{min(max(at, first), last):.0f}",
        "said": words.clock(at),
    }


def _ledger(found: Any) -> dict[str, Any] | None:
    """Earlier forecasts, as a picture where some have come."""
    if not isinstance(found, Ledger) or not found.rows:
        return None
    drawn = [r for r in found.rows if r.said is not None and r.finish_s is not None]
    heads, body = run_pictures.scorecard_table(found)
    heading = f"{fig.count(len(found.rows), 'forecast')} kept, {len(drawn)} of them run"
    tables = [("Forecasts and what came", heads, body)]
    shown = picture(lambda wide: run_pictures.scorecard(found, wide), "Scorecard", heading, tables) if drawn else None
    few = f"So few races say little: fewer than {words.FEW_RACES}." if found.races < words.FEW_RACES else ""
    return {
        "heading": heading,
        "few": few,
        "picture": shown,
        "table": {"name": tables[0][0], "heads": heads, "body": body},
    }


def tell(a: RaceAnswer | None) -> dict[str, Any]:
    """As `charley race --json` gives it, but that nothing is kept."""
    if a is None:
        raise UsageError("race-needs", "no distance and no course")
    return json.render(a)


def keep(form: Form, asked: Asked) -> str:
    """Keep the forecast in the journal, sealed, so that it can be scored after the race."""
    told = {name: form[name] for name in FIELDS if one(form, name)}
    try:
        api.keep(asked.journal, answered(told, asked))
    except Waiting:  # the page from which it is kept had it: by now something else was told
        return f"/race?{urlencode({name: one(told, name) for name in told})}"
    return "/race"


def file(asked: Asked) -> tuple[bytes, str, str]:
    """One of the files to take along, as `charley race --export` writes it."""
    answer, what = ask(asked), asked.path["what"]
    made = {} if answer is None else files_of(answer, asked.units)
    if answer is None or what not in made:
        raise UsageError("race-needs", "this race has no such file", what[:40])
    return made[what](), f"{stem(answer)}_{what}", KINDS[what.rpartition(".")[2]]


PAGE = Page("/race", "race", ask, show, tell, tab="race", form=True)
ACTS = (Act("/race/keep", keep),)
FILES = (File("/race/files/{what}", file),)
