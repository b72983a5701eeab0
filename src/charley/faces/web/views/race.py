"""Race: the price of time against the chance of a cramp, where on the road, what each change buys, a plan, a record."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from charley.api import journal as journals
from charley.api import race as api
from charley.faces.cli import race as verb
from charley.faces.cli import values
from charley.faces.cli.race_export import files_of, stem
from charley.faces.report.race import json, run_pictures, words
from charley.faces.report.race import risk_pictures as risk
from charley.faces.report.wording import figures as fig
from charley.faces.web import change
from charley.faces.web import journals as kept
from charley.faces.web.drawn import picture
from charley.faces.web.forms import Form, one, quantity, some
from charley.faces.web.pages import Act, Asked, File, Page, settled, untyped
from charley.faces.web.work import Waiting
from charley.vocabulary.errors import UsageError
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
    if "distance" not in form:
        return None
    key = ("race", kept.content(asked.journal), *sorted(form.items()))
    return asked.work.answer(key, "Running your race a few thousand times", forecast, asked.journal, form)


def forecast(journal: Path, form: Form) -> RaceAnswer:
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
    answer = api.forecast(race, journal=learnt, health=None if named is None else verb.health(named))
    return replace(answer, ledger=api.score(journal))


def show(a: RaceAnswer | None, asked: Asked) -> dict[str, Any]:
    """Title, facts, pictures, plan and record."""
    units, q = asked.units, asked.query
    shown: dict[str, Any] = {"q": {f: q.get(f, "") for f in FIELDS}, "distances": DISTANCES, "answer": a is not None}
    if a is None:
        record = settled(lambda: _record(asked))
        told = {"ledger": _ledger(record), "waiting": record if isinstance(record, Waiting) else None}
        return shown | {"title": ("How will your next race go?", "", "")} | told
    facts = [("Range, and runners in general", words.ranges(a))] if a.chance is not None else []
    facts += [("Finish", words.finish(a))] if a.finish is not None else []
    facts += [("Where", words.stretch(a, units))] if a.stretch is not None else []
    return shown | {
        "title": words.title(a),
        "lede": f"{words.log_line(a)} {'Nothing is kept until you say so.' if a.race.starts_at else ''}",
        "facts": facts,
        "change": change.of_race(a, units),
        "finish": change.of_finish(a),
        "notes": [words.outside_more(n) for n in a.outside] + [words.health(n) for n in a.health.notes],
        "pictures": _pictures(a, units),
        "slider": _slider(a),
        "plan": _plan(a, units),
        "files": [(name, what) for name, what in TAKEN if name in files_of(a, units)],
        "again": urlencode([(f, v) for f in FIELDS if (v := q.get(f, ""))]),
        "assumed": [re.sub(r" \(--[\w-]+\)", "", words.assumed(n, units)) for n in a.assumed],
        "keep": a.chance is not None and a.race.starts_at is not None,
        "ledger": _ledger(a.ledger),
    }


def _record(asked: Asked) -> Ledger:
    """Earlier forecasts against what came of them. Raises Waiting: all runs are looked through for it."""
    made = journals.list_forecasts(asked.journal) if journals.store_exists(asked.journal) else ()
    key = ("record", kept.content(asked.journal), len(made))
    return asked.work.answer(key, "Counting what came of earlier forecasts", api.score, asked.journal)


def _pictures(a: RaceAnswer, units: str) -> dict[str, Any]:
    """Each with the finding as its heading and its table; what the answer lacks is left out."""
    found: dict[str, Any] = {}
    if a.frontier:
        found["frontier"] = {"heading": words.price(a) or "What a slower race buys"} | picture(
            lambda wide: risk.frontier(a, wide), "Time against chance", words.price(a),
            [("Finish time and chance", *risk.frontier_table(a))],
        )  # fmt: skip
    if a.by_km:
        found["fan"] = {"heading": words.stretch(a, units) or "The chance along the way"} | picture(
            lambda wide: risk.fan(a, units, wide), "Chance so far", words.stretch(a, units),
            [("Chance of a cramp so far, in 100", *risk.fan_table(a, units))],
        )  # fmt: skip
    if (chance := a.chance) is not None:
        planned = None if a.plan is None else a.plan.chance
        said = f"As you usually race: {words.in_100(chance)}."
        said += "" if planned is None else f" With the plan: {words.in_100(planned)}."
        found["hundred"] = {"heading": "Out of 100 races like this", "said": said} | picture(
            lambda wide: risk.hundred(chance, planned, wide),
            "One hundred races", said,
        )  # fmt: skip
    if any(f.difference is not None for f in a.levers):
        clear = sum(f.verdict == "clear" for f in a.levers)
        heading = (
            f"{fig.count(clear, 'change is', 'changes are')} clear of zero"
            if clear
            else "We can’t tell any change from zero"
        )
        found["levers"] = {"heading": heading} | picture(
            lambda wide: risk.levers(a, units, wide), "What each change buys", heading,
            [("Change in the chance of a cramp, in 100", *risk.levers_table(a, units))],
        )  # fmt: skip
    if a.past_cramps or a.frontier_trained:
        found["plane"] = {"heading": "This race beside what you ran in the last 12 weeks"} | picture(
            lambda wide: run_pictures.plane(a, units, wide), "Pace against minutes",
            "The race, what you held in training, and cramps.",
            [("Pace and time", *run_pictures.plane_table(a, units))],
        )  # fmt: skip
    return found


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


def _plan(a: RaceAnswer, units: str) -> dict[str, Any] | None:
    p = a.plan
    if p is None:
        return None
    drinks, food = p.drink_ceiling_l is not None, p.carbohydrate_g_h is not None
    heads = [fig.distance_unit(units), "clock", "pace"]
    heads += (["never more than"] if drinks else []) + (["carbohydrate by now"] if food else [])
    body = []
    for s in p.segments:
        row = [fig.distance(s.to_m, units), fig.clock(s.clock_s), words.pace(s, units)]
        row += [words.cups(s.drink_most_l or 0.0, a.race.cup_l) if s.station else ""] if drinks else []
        body.append(row + ([f"{fig.number(s.carbohydrate_g)} g" if s.carbohydrate_g else ""] if food else []))
    notes = [words.limit(f, units) for f in p.limits] + [n for f in p.limits if (n := words.limit_note(f))]
    return {
        "heading": words.plan_line(a, p, units),
        "table": {"name": "The plan", "heads": heads, "body": body},
        "rule": words.DRINK_RULE if drinks else "",
        "signs": words.DRINK_SIGNS,
        "after": words.NO_MORE_AFTER,
        "limits": [untyped(n) for n in notes],
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
    api.keep(asked.journal, forecast(asked.journal, told))
    return "/race"


def file(asked: Asked) -> tuple[bytes, str, str]:
    """One of the files to take along, as `charley race --export` writes it."""
    answer, what = ask(asked), asked.path["what"]
    made = {} if answer is None else files_of(answer, asked.units)
    if answer is None or what not in made:
        raise UsageError("race-needs", "this race has no such file", what[:40])
    return made[what], f"{stem(answer)}_{what}", KINDS[what.rpartition(".")[2]]


PAGE = Page("/race", "race", ask, show, tell, tab="race")
ACTS = (Act("/race/keep", keep),)
FILES = (File("/race/files/{what}", file),)
