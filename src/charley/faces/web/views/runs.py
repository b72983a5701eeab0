"""Runs: all of them, the latest first, and what was said of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from charley.api import journal as journals
from charley.faces.cli.runs import runs_json
from charley.faces.report.wording import figures as fig
from charley.faces.web import journals as kept
from charley.faces.web.pages import Asked, Page
from charley.vocabulary.journal import Glance, Report, RunRow

A_PAGE = 50
HARD_M = 24_000.0  # for the eye only: lines of the picture that are drawn in ink
SAID = {"cramp": "cramp", "twitch": "a twitch", "none": "no cramp", "skipped": "not asked again", "asked": "tell us",
        "not asked": "tell us"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list."""

    runs: tuple[tuple[RunRow, Report], ...]
    all_runs: int
    bad: tuple[tuple[str, str], ...]
    first: int


def ask(asked: Asked) -> Listed:
    """The runs from a place of the list on."""
    many = len(kept.glances(asked.journal))
    first = min(int(n) if (n := asked.query.get("from", "0")).isdecimal() and len(n) < 9 else 0, max(many - 1, 0))
    return Listed(kept.page(asked.journal, first, A_PAGE), many, kept.bad(asked.journal), first)


def show(listed: Listed, asked: Asked) -> dict[str, Any]:
    """Rows for the template."""
    if not listed.all_runs and not listed.bad:
        return {"template": "none", "title": "Here each of your runs will stand, with what you said about it."}
    last = listed.first + len(listed.runs)
    return {
        "latest": {"rows": [row_of(r, told, asked.units) for r, told in listed.runs]},
        "all": listed.all_runs,
        "first": listed.first + 1,
        "last": last,
        "newer": max(listed.first - A_PAGE, 0) if listed.first else None,
        "older": last if last < listed.all_runs else None,
        "bad": len(listed.bad),
    }


def tell(listed: Listed) -> dict[str, Any]:
    """As `charley runs --json` gives them."""
    reports = {row.run_id: told for row, told in listed.runs}
    return runs_json([row for row, _ in listed.runs], reports, listed.all_runs, listed.bad)


def hard(row: Glance) -> bool:
    """Whether the picture shows the run in ink: the long ones."""
    return row.distance_m >= HARD_M


def day_of(moment: datetime) -> str:
    """ "Sunday 22 November" of this year, with the year for an earlier one."""
    here = moment.astimezone()
    year = "" if here.year == datetime.now().year else f" {here.year}"
    return f"{here:%A} {here.day} {here:%B}{year}"


def row_of(row: RunRow, report: Report, units: str) -> dict[str, Any]:
    """One run as a line of a list."""
    state = report.state()
    long_enough = row.elapsed_s >= journals.PROMPT_FROM_S
    open_question = state in ("asked", "not asked") and long_enough
    here = row.started_at.astimezone()
    cramp = next(iter(report.cramps), None)
    said = SAID[state] if state not in ("asked", "not asked") or long_enough else "not asked"
    if cramp is not None and cramp.side in ("left", "right"):
        said = f"cramp, {cramp.side}"
    length = fig.distance_with_unit(row.distance_m, units).replace(" ", "\u00a0")  # a unit stays with its number
    return {
        "id": row.run_id[:16],
        "name": f"{fig.clean(row.title)}, {length}" if row.title else length,
        "length": length,
        "day": f"{here:%a} {here.day} {here:%b %Y}" if row.dated else "no date",
        "clock": fig.clock(row.elapsed_s),
        "pace": fig.pace(row.distance_m / row.timer_s, units) if row.timer_s > 0 else fig.NONE,
        "said": said,
        "cramped": state == "cramp",
        "ask": open_question,
    }


PAGE = Page("/runs", "runs", ask, show, tell, tab="runs")
