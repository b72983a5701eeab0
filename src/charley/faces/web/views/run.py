"""One run: its strip, what it says by itself, and what each stop in it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from charley.api import journal as journals
from charley.api import one_run
from charley.faces.cli.log_shared import place_of
from charley.faces.cli.runs import run_json
from charley.faces.report.page import parts
from charley.faces.report.pictures import stops_plot
from charley.faces.report.pictures.pair import picture
from charley.faces.report.strip import late, rows, strip, strip_words
from charley.faces.report.wording import figures as fig
from charley.faces.web import change
from charley.faces.web import journals as kept
from charley.faces.web.forms import Form, one, quantity, some
from charley.faces.web.pages import Act, Asked, Page, all_untyped, settled
from charley.faces.web.views.runs import SAID, day_of, row_of
from charley.faces.web.work import Waiting
from charley.vocabulary.answer import SuggestedStop, Why
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.errors import CharleyError, UsageError
from charley.vocabulary.journal import EFFORTS, SIDES, Event, Report, RunRow

MOST_STOPS = 6
CURSOR_ROWS = 60
KINDS = {"cramp": "cramp", "twitch": "twitch", "none": "none", "skip": "skip", "other": "other_stop"}


@dataclass(frozen=True, slots=True)
class OneRun:
    """A run, what was said of it, and what follows from it, or why that is not there."""

    row: RunRow
    report: Report
    why: Why | Waiting | CharleyError


def ask(asked: Asked) -> OneRun:
    """The run of that id, the start of one, or "last"."""
    row = journals.get_run_row(asked.journal, asked.path["run"])
    report = journals.get_report(asked.journal, row.run_id)
    key = ("run", row.run_id, kept.content(asked.journal))
    what = "Working out what your body did along the way"
    why = settled(lambda: asked.work.answer(key, what, one_run.why_stored, asked.journal, row.run_id))
    return OneRun(row, report, why)


def show(run: OneRun, asked: Asked) -> dict[str, Any]:
    """Title, strip, stops, and what can be told of the run."""
    row, units = run.row, asked.units
    name = row_of(row, run.report, units)
    shown: dict[str, Any] = {
        "run": row.run_id[:16],
        "name": name,
        "lede": f"{fig.clean(row.title) or 'Run'}, {day_of(row.started_at)}, {name['length']} in {name['clock']}.",
        "state": SAID[run.report.state()],
        "events": [_event(e, row, units) for e in run.report.events if e.kind != "other_stop"],
        "waiting": run.why if isinstance(run.why, Waiting) else None,
        "pace": _pace(run, asked) if isinstance(run.why, Waiting) else None,
        "problem": str(run.why) if isinstance(run.why, CharleyError) else "",
        "answer": None,
        "stops": [],
        "efforts": EFFORTS,
        "sides": SIDES,
    }
    if isinstance(run.why, Why):
        shown["answer"] = all_untyped(parts(run.why, units))
        shown["change"] = change.of(run.why, units)
        shown["answer"]["strip"] |= _cursor(run.why, units)
        shown["stops"] = [_stop(n, s, run, units) for n, s in enumerate(run.why.stops[:MOST_STOPS])]
    return shown


def _pace(run: OneRun, asked: Asked) -> dict[str, Any] | None:
    """What the watch measured, to be looked at until the rest is worked out; None without a speed."""
    found = settled(lambda: kept.track(asked.journal, run.row.run_id))
    if isinstance(found, Waiting | CharleyError) or not stops_plot.known(found):
        return None
    table, along = stops_plot.paces(found, asked.units)
    return picture(
        lambda wide: stops_plot.draw(found, (), asked.units, wide, "pace"), "How fast you ran",
        "Pace along the way.", [("Pace along the way", *table)], along,
    )  # fmt: skip


def _cursor(answer: Why, units: str) -> dict[str, Any]:
    """Where the line on the strip may move, and a table fine enough for it to read."""
    listed = rows.build(answer, units)
    heads, body = strip_words.table(answer, listed, CURSOR_ROWS)
    axis = listed[0].axis
    at = (f"{(v - axis.lo) / (axis.hi - axis.lo):.4g}" for v in strip_words.places(answer, axis, CURSOR_ROWS))
    ends = {name: f"{at.left:g} {at.right:g}" for name, at in (("wide", strip.WIDE), ("narrow", strip.NARROW))}
    name = "The run along its axis; of model values, where 8 in 10 lie"
    return {
        "cursor": ends | {"at": " ".join(at)},
        "tables": [{"name": name, "heads": heads, "body": body}],
    }


def _stop(number: int, stop: SuggestedStop, run: OneRun, units: str) -> dict[str, Any]:
    """One stop with the answer that was given to it, if any."""
    near = [e for e in run.report.events if e.at_s is not None and abs(e.at_s - stop.at_s) <= journals.SAME_STOP_S]
    assert isinstance(run.why, Why)
    where = fig.distance_with_unit(stop.at_m, units)
    stood = f", stood {fig.clock(stop.stood_s)}" if stop.stood_s >= 1 else ""
    return {
        "letter": "abcdefghij"[number],
        "heading": f"{where}{stood}",
        "text": late.stop_sentence(stop, run.why, units),
        "at_s": f"{stop.at_s:.0f}",
        "chosen": near[-1].kind if near else "",
    }


def _event(event: Event, row: RunRow, units: str) -> dict[str, str]:
    """An answer that holds, in words, with its number for taking it back."""
    what = {"cramp": "Cramp", "twitch": "A twitch", "none": "No cramp", "skip": "No answer"}[event.kind]
    side = f", {event.side}" if event.side else ""
    when = f" at {fig.clock(event.at_s)}" if event.at_s is not None else ""
    after = {"during": "", "after_0_1h": " in the hour after", "after_1_6h": " 1 to 6 hours after",
             "night": " in the night after"}[event.phase]  # fmt: skip
    return {"text": f"{what}{when}{after}{side}", "id": str(event.id)}


def tell(run: OneRun) -> dict[str, Any]:
    """As `charley runs show RUN --json` gives it."""
    return run_json(run.row, run.report)


def say(form: Form, asked: Asked) -> str:
    """What happened: a cramp, at a stop or a place or somewhere; nothing; or nothing to say."""
    run, kind = asked.path["run"], KINDS.get(one(form, "kind"))
    if kind is None:
        raise UsageError("usage-value", "no answer was chosen", "kind")
    row = journals.get_run_row(asked.journal, run)
    if (at := one(form, "stop_s")).isdecimal() and len(at) < 8:
        place: Cramp | None = Cramp(float(at), float(at), float(at))
    else:
        place = place_of(asked.journal, row.run_id, some(form, "at"), ()) if kind in ("cramp", "twitch") else None
    side = some(form, "side") if kind in ("cramp", "twitch") else None
    journals.log_event(asked.journal, kind, run=row.run_id, place=place, side=side, source="tap")
    return back(form, f"/run/{row.run_id[:16]}#was")


def about(form: Form, asked: Asked) -> str:
    """Effort, air, drink and scales of a run: what was filled in, by the rules of `charley log`."""
    from charley.faces.cli import values

    row = journals.get_run_row(asked.journal, asked.path["run"])
    temp, rh = quantity(form, "temp", values.TEMPERATURE), quantity(form, "rh", values.SHARE)
    drunk = quantity(form, "drank", values.VOLUME)
    pairs = [(when, quantity(form, when, values.MASS)) for when in ("before", "after")]
    effort = some(form, "effort")
    if effort or temp is not None or rh is not None:
        journals.log_about(asked.journal, run=row.run_id, effort=effort, air_temp_c=temp, relative_humidity=rh)
    if drunk is not None:
        journals.log_drink(asked.journal, drunk, run=row.run_id)
    if weighed := [(when, kg) for when, kg in pairs if kg is not None]:
        journals.log_weights(asked.journal, weighed, run=row.run_id)
    return f"/run/{row.run_id[:16]}"


def undo(form: Form, asked: Asked) -> str:
    """Take an answer back."""
    number = one(form, "answer")
    if not (number.isdecimal() and len(number) < 12):
        raise UsageError("usage-value", "that is no answer's number", "answer")
    journals.withdraw_answer(asked.journal, int(number))
    return back(form, f"/run/{asked.path['run']}#was")


def back(form: Form, there: str) -> str:
    """The page that a form came from, where it names one of ours."""
    return named if (named := one(form, "back")) in ("/", "/stops") else there


def now(form: Form, asked: Asked) -> str:
    """A cramp told from the page for the phone: to the form of the latest run, where its place can be said."""
    side, rows = one(form, "side"), kept.glances(asked.journal)
    if side not in ("left", "right", "other"):
        raise UsageError("usage-value", "no leg was chosen", "side")
    if not rows:
        raise UsageError("journal-no-runs", "the journal has no runs yet")
    return f"/run/{rows[0].run_id[:16]}?side={side}#was"


PAGE = Page(
    "/run/{run}",
    "run",
    ask,
    show,
    tell,
    tab="runs",
    empty="Here a run will stand with all that happened along the way.",
)
ACTS = (
    Act("/run/{run}/tell", say, PAGE),
    Act("/run/{run}/about", about, PAGE),
    Act("/run/{run}/undo", undo),
    Act("/cramp-now/log", now),
)
