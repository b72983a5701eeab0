"""When did it cramp: the likeliest stops of the latest runs, each on a picture of its run, to be tapped yes or no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from charley.api import journal as journals
from charley.faces.cli.log_questions import suggested_json
from charley.faces.report.pictures import stops_plot
from charley.faces.report.pictures.pair import picture
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording import notes
from charley.faces.web import journals as kept
from charley.faces.web.pages import Asked, Page
from charley.faces.web.views.runs import day_of
from charley.vocabulary.answer import SuggestedStop
from charley.vocabulary.journal import Report, RunRow

MOST_RUNS = 5  # on a page; the next come as these are answered


@dataclass(frozen=True, slots=True)
class Found:
    """A run of which nothing was said, with its likely stops and how fast it was along the way."""

    row: RunRow
    stops: tuple[SuggestedStop, ...]
    track: stops_plot.Track


@dataclass(frozen=True, slots=True)
class Stops:
    """What was found in the runs as they are, and what was said of those runs since."""

    found: tuple[Found, ...]
    reports: Mapping[str, Report]


def ask(asked: Asked) -> Stops:
    """Looked for once, as long as no run is added: an answer takes a stop away, and nothing is looked for anew."""
    key, what = ("stops", kept.runs(asked.journal)), "Looking for abrupt stops in your latest runs"
    found = asked.work.answer(key, what, look, asked.journal)
    return Stops(found, journals.reports(asked.journal, [one.row.run_id for one in found]))


def look(journal: Path) -> tuple[Found, ...]:
    """The suggestions of the journal, by run. Called in a process of its own."""
    by_run: dict[str, tuple[RunRow, list[SuggestedStop]]] = {}
    for row, stop in journals.suggested_stops(journal):
        by_run.setdefault(row.run_id, (row, []))[1].append(stop)
    return tuple(
        Found(row, tuple(stops), stops_plot.track_of(journals.get_run(journal, row.run_id)))
        for row, stops in by_run.values()
    )


def still_open(stops: Stops) -> list[Found]:
    """Those that wait for an answer: of the run nothing was said, of the stop neither."""
    waiting = []
    for one in stops.found:
        report = stops.reports[one.row.run_id]
        if report.state() not in ("asked", "not asked"):
            continue
        said = [e.at_s for e in report.events if e.at_s is not None]
        left = [s for s in one.stops if all(abs(s.at_s - at) > journals.SAME_STOP_S for at in said)]
        waiting.append(Found(one.row, tuple(left), one.track))
    return waiting


def show(stops: Stops, asked: Asked) -> dict[str, Any]:
    """A picture and two buttons a stop for each run."""
    waiting, units = still_open(stops), asked.units
    return {
        "any": bool(stops.found),
        "left": len(waiting),
        "listed": [_run(n, one, units) for n, one in enumerate(waiting[:MOST_RUNS])],
    }


def _run(number: int, one: Found, units: str) -> dict[str, Any]:
    row = one.row
    length = fig.distance_with_unit(row.distance_m, units)
    name = f"{fig.clean(row.title)}, " if row.title else ""
    figures = [(s.at_m, s.at_s, s.stood_s) for s in one.stops]
    drawn = stops_plot.known(one.track)
    return {
        "id": row.run_id[:16],
        "heading": f"{name}{day_of(row.started_at)}, {length}",
        "picture": picture(
            lambda wide: stops_plot.draw(one.track, [s.at_m for s in one.stops], units, wide, f"stops{number}"),
            f"How fast you ran on {day_of(row.started_at)}",
            f"{fig.count(len(one.stops), 'stop')} marked.",
            [("Stops", *stops_plot.table(figures, units))],
            [s.at_m for s in one.stops],
        )
        if drawn
        else None,
        "stops": [
            {
                "letter": letter,
                "where": f"{fig.distance_with_unit(s.at_m, units)}, {fig.clock(s.at_s)}",
                "text": _text(s, units),
                "at_s": f"{s.at_s:.0f}",
            }
            for letter, s in zip(stops_plot.LETTERS, one.stops, strict=False)
        ],
    }


def _text(stop: SuggestedStop, units: str) -> str:
    stood = f"You stood for {fig.clock(stop.stood_s)}. " if stop.stood_s >= 1 else ""
    return f"{stood}{fig.upper_first(notes.sentence(stop.why, units))}."


def tell(stops: Stops) -> dict[str, Any]:
    """As `charley log --suggested --json` gives them."""
    return suggested_json([(one.row, stop) for one in still_open(stops) for stop in one.stops])


PAGE = Page("/stops", "stops", ask, show, tell, empty="Here we’ll ask about stops that look like a cramp.")
