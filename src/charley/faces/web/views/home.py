"""Home: one sentence, three facts, the next best question, then the runs; or, without a run, three doors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from markupsafe import Markup

from charley.api import journal as journals
from charley.faces.cli.data import status_json
from charley.faces.report.pictures import timeline
from charley.faces.report.pictures.pair import picture
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording import first_screen
from charley.faces.web import change
from charley.faces.web import journals as kept
from charley.faces.web.forms import Form
from charley.faces.web.pages import Act, Asked, Page, settled
from charley.faces.web.uploads import MOST_BYTES
from charley.faces.web.views.runs import day_of, hard, row_of
from charley.faces.web.work import Waiting
from charley.vocabulary.answer import Why
from charley.vocabulary.errors import CharleyError
from charley.vocabulary.journal import Glance, Report, RunRow

SHOWN = 5
LEAST_DRAWN = 3  # runs in time: fewer are no picture
LOOKED_AT = 12  # silent runs, the latest first, among which the question is chosen


@dataclass(frozen=True, slots=True)
class Home:
    """The runs and what was said of them, and the answer, or why there is none yet."""

    runs: tuple[Glance, ...]
    said: Mapping[str, str]
    latest: tuple[tuple[RunRow, Report], ...]
    why: Why | Waiting | CharleyError | None
    journal: Path


def ask(asked: Asked) -> Home:
    """What is in the journal, and what follows from it as far as that is known."""
    runs = kept.glances(asked.journal)
    if not runs:
        return Home(runs, {}, (), None, asked.journal)
    why = settled(lambda: kept.why(asked.journal, asked.work))
    return Home(runs, kept.said(asked.journal), kept.page(asked.journal, 0, SHOWN), why, asked.journal)


def show(home: Home, asked: Asked) -> dict[str, Any]:
    """The template's words and pictures."""
    if not home.runs:
        return {"template": "first", "bare": True, "look": _door(), "most_bytes": MOST_BYTES}
    cramped = sum(home.said.get(run.run_id) == "cramp" for run in home.runs if run.dated)
    waiting = home.why if isinstance(home.why, Waiting) else None
    return {
        "title": _title(home, cramped, asked.units),
        "waiting": waiting,
        "problem": str(home.why) if isinstance(home.why, CharleyError) else "",
        "change": change.of(home.why, asked.units) if isinstance(home.why, Why) else None,
        "facts": _facts(home.why, asked.units) if isinstance(home.why, Why) else [],
        "question": question(home.runs, home.said, asked.units),
        "runs": len(home.runs),
        "time": kept.unchanged(asked.journal, f"time in {asked.units}", lambda _: _time(home, asked.units)),
        "latest": {
            "heading": _latest_heading(home.latest),
            "rows": [row_of(row, told, asked.units) for row, told in home.latest],
        },
    }


def _time(home: Home, units: str) -> dict[str, Any]:
    """All dated runs in time; of one or two, no picture."""
    lines = [line_of(run, home.said.get(run.run_id, "")) for run in home.runs[::-1] if run.dated]
    if len(lines) < LEAST_DRAWN:
        return {}
    cramped = sum(line.said == "cramp" for line in lines)
    heads, body = timeline.table(lines, units)
    return {
        "heading": _time_heading(lines, cramped),
        "note": "Each line is a run; its height is the distance.",
        "twin": "Show the months as a table",
        "picture": picture(
            lambda wide: timeline.draw(lines, units, wide), "All runs in time",
            f"{len(lines)} runs; {fig.count(cramped, 'of them cramped', 'of them cramped')}.",
            [("Months", heads, body)], timeline.along(lines),
        ),
    }  # fmt: skip


def _door() -> Markup:
    """What is behind the first door, as a sign: many runs, a few that cramped."""
    bars = []
    for i in range(75):
        high = 8 + (37 * i * i + 11 * i) % 29
        cramped = i % 10 == 7
        css = "cr" if cramped else "tick"
        bars.append(f'<path class="{css}" d="M{2 + 4 * i} 66V{66 - (56 - i % 7 if cramped else high)}"/>')
    return Markup(f'<svg viewBox="0 0 300 68" width="300" height="68" aria-hidden="true">{"".join(bars)}</svg>')


def line_of(run: Glance, state: str) -> timeline.Line:
    """A run as a line of the picture."""
    said = state if state in ("cramp", "none") else "open" if state == "asked" else ""
    return timeline.Line(run.started_at, run.distance_m, said, hard(run))


def _title(home: Home, cramped: int, units: str) -> Any:
    from charley.faces.report.wording.words import Title

    if isinstance(home.why, Why):
        return first_screen.build(home.why, units).title
    if not any(said in ("cramp", "none", "twitch") for said in home.said.values()):
        which = "it cramped." if len(home.runs) == 1 else "any cramped."
        return Title(f"{fig.count(len(home.runs), 'run')}, and you haven’t told us yet whether", which, "")
    many = fig.count(cramped, "cramp") if cramped else "no cramp"
    return Title("You’ve told us of", many, f"in {fig.count(len(home.runs), 'run')}.")


def _facts(why: Why, units: str) -> list[dict[str, str]]:
    screen = first_screen.build(why, units)
    return [
        {"label": "A hard run like your usual ones", "text": screen.chance, "link": "/why", "more": "Why"},
        {"label": "Why, and how sure", "text": screen.cause, "link": "", "more": ""},
        {"label": "What to change next", "text": screen.change, "link": "/try", "more": "What to try"},
    ]


def question(runs: Sequence[Glance], said: Mapping[str, str], units: str) -> dict[str, str] | None:
    """The longest of the latest runs of which nothing was said: the longer, the more its answer tells."""
    long_enough = (r for r in runs if r.dated and r.elapsed_s >= journals.PROMPT_FROM_S)
    silent = islice((r for r in long_enough if said.get(r.run_id, "asked") == "asked"), LOOKED_AT)
    row = max(silent, key=lambda r: r.elapsed_s, default=None)
    if row is None:
        return None
    day, length = day_of(row.started_at), fig.distance_with_unit(row.distance_m, units)
    return {
        "heading": f"Did your calf cramp on {day}, {length}?",
        "note": "Silence doesn’t count as “no cramp”, so either answer tells us something.",
        "run": row.run_id[:16],
    }


def _time_heading(lines: Sequence[timeline.Line], cramped: int) -> str:
    first, last = lines[0].started_at, lines[-1].started_at
    months = max(1, round((last - first).days / 30.4))
    span = f"{fig.count(round(months / 12), 'year')}" if months >= 23 else fig.count(months, "month")
    found = f"{cramped} cramped" if cramped else "You haven’t told us of a cramp"
    return f"{fig.count(len(lines), 'run')} in {span}. {found}"


def _latest_heading(latest: Sequence[tuple[RunRow, Report]]) -> str:
    long_enough = [told for row, told in latest if row.elapsed_s >= journals.PROMPT_FROM_S]
    waiting = sum(told.state() in ("not asked", "asked") for told in long_enough)
    if len(latest) == 1:
        return "Your run" + (", still without an answer" if waiting else "")
    return f"Your latest {len(latest)} runs" + (f"; {waiting} still without an answer" if waiting else "")


def tell(home: Home) -> dict[str, Any]:
    """The status of the journal, as `charley data status --json` gives it."""
    return status_json(kept.status(home.journal))


def look_around(form: Form, asked: Asked) -> str:
    """Open the made-up runner."""
    asked.shelf.look_around()
    return "/"


def leave(form: Form, asked: Asked) -> str:
    """Close the made-up runner."""
    asked.shelf.close()
    return "/"


PAGE = Page("/", "home", ask, show, tell, tab="home")
ACTS = (Act("/look-around", look_around), Act("/leave", leave))
