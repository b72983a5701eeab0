"""Home: one sentence, three facts, the next best question, then the runs; or, without a run, three doors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from charley.api import journal as journals
from charley.faces.cli.data import status_json
from charley.faces.report.pictures import timeline
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording import first_screen
from charley.faces.web import change
from charley.faces.web import journals as kept
from charley.faces.web.drawn import picture
from charley.faces.web.forms import Form
from charley.faces.web.pages import Act, Asked, Page, settled
from charley.faces.web.views.runs import day_of, hard, row_of
from charley.faces.web.work import Waiting
from charley.vocabulary.answer import Why
from charley.vocabulary.errors import CharleyError
from charley.vocabulary.journal import JournalStatus, Report, RunRow

SHOWN = 5
LOOKED_AT = 12  # silent runs, the latest first, among which the question is chosen


@dataclass(frozen=True, slots=True)
class Home:
    """The runs and what was said of them, and the answer, or why there is none yet."""

    rows: tuple[RunRow, ...]
    reports: dict[str, Report]
    why: Why | Waiting | CharleyError | None
    status: JournalStatus


def ask(asked: Asked) -> Home:
    """What is in the journal, and what follows from it as far as that is known."""
    rows = kept.rows(asked.journal)
    if not rows:
        return Home(rows, {}, None, kept.status(asked.journal))
    why = settled(lambda: kept.why(asked.journal, asked.work))
    return Home(rows, kept.reports(asked.journal), why, kept.status(asked.journal))


def show(home: Home, asked: Asked) -> dict[str, Any]:
    """The template's words and pictures."""
    if not home.rows:
        return {"template": "first", "bare": True, "look": _door()}
    lines = [line_of(row, home.reports[row.run_id]) for row in home.rows[::-1] if row.dated]
    cramped = sum(line.said == "cramp" for line in lines)
    heads, body = timeline.table(lines, asked.units)
    waiting = home.why if isinstance(home.why, Waiting) else None
    return {
        "title": _title(home, cramped, asked.units),
        "waiting": waiting,
        "problem": str(home.why) if isinstance(home.why, CharleyError) else "",
        "change": change.of(home.why, asked.units) if isinstance(home.why, Why) else None,
        "facts": _facts(home.why, asked.units) if isinstance(home.why, Why) else [],
        "question": question(home.rows, home.reports, asked.units),
        "runs": len(home.rows),
        "time": {
            "heading": _time_heading(lines, cramped),
            "note": "Each line is a run; its height is the distance.",
            "twin": "Show the months as a table",
            "picture": picture(
                lambda wide: timeline.draw(lines, asked.units, wide), "All runs in time",
                f"{len(lines)} runs; {fig.count(cramped, 'of them cramped', 'of them cramped')}.",
                [("Months", heads, body)],
            ),
        },
        "latest": {
            "heading": _latest_heading(home.rows[:SHOWN], home.reports),
            "rows": [row_of(row, home.reports[row.run_id], asked.units) for row in home.rows[:SHOWN]],
        },
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


def line_of(row: RunRow, report: Report) -> timeline.Line:
    """A run as a line of the picture."""
    state = report.state()
    said = state if state in ("cramp", "none") else "open" if state == "asked" else ""
    return timeline.Line(row.started_at, row.distance_m, said, hard(row))


def _title(home: Home, cramped: int, units: str) -> Any:
    from charley.faces.report.wording.words import Title

    if isinstance(home.why, Why):
        return first_screen.build(home.why, units).title
    many = fig.count(cramped, "cramp") if cramped else "no cramp"
    return Title("You’ve told us of", many, f"in {fig.count(len(home.rows), 'run')}.")


def _facts(why: Why, units: str) -> list[dict[str, str]]:
    screen = first_screen.build(why, units)
    return [
        {"label": "A hard run like your usual ones", "text": screen.chance, "link": "/why", "more": "Why"},
        {"label": "Why, and how sure", "text": screen.cause, "link": "", "more": ""},
        {"label": "What to change next", "text": screen.change, "link": "/try", "more": "What to try"},
    ]


def question(rows: Sequence[RunRow], reports: dict[str, Report], units: str) -> dict[str, str] | None:
    """The longest of the latest runs of which nothing was said: the longer, the more its answer tells."""
    long_enough = (r for r in rows if r.dated and r.elapsed_s >= journals.PROMPT_FROM_S)
    silent = [r for r in long_enough if reports[r.run_id].state() in ("not asked", "asked")]
    row = max(silent[:LOOKED_AT], key=lambda r: r.elapsed_s, default=None)
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


def _latest_heading(rows: Sequence[RunRow], reports: dict[str, Report]) -> str:
    waiting = sum(reports[r.run_id].state() in ("not asked", "asked") for r in rows if r.elapsed_s >= 2700)
    many = "run" if len(rows) == 1 else f"{len(rows)} runs"
    return f"Your latest {many}" + (f"; {waiting} still without an answer" if waiting else "")


def tell(home: Home) -> dict[str, Any]:
    """The status of the journal, as `charley data status --json` gives it."""
    return status_json(home.status)


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
