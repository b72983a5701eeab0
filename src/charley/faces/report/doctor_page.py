"""The page for a doctor, to print: one A4 sheet, readable in a minute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from charley.faces.report.wording.figures import clean, clock, count, distance_with_unit
from charley.faces.report.wording.read_back import mass, read_back
from charley.vocabulary.doctor import DoctorPage, LoggedEvent
from charley.vocabulary.journal import CONDITIONS, MEDICINES, RunRow
from charley.vocabulary.words import words

ABOUT = ("deficiency", "medicine", "condition")
_WEEKS = 4


def render_doctor_page(page: DoctorPage, units: str = "metric") -> str:
    """The page as HTML, with nothing that it would have to fetch."""
    from charley.faces.report.pictures.cramp_now import template

    made: str = template("doctor.html.j2", "doctor.css").render(
        page=page,
        day=f"{page.made_at.day} {page.made_at:%B %Y}",
        hurry=page.urgency in ("emergency", "urgent"),
        who=_who(page, units),
        told=clean(page.told),
        events=[_event(logged, units) for logged in page.events],
        runs=_runs(page.before, units),
        since=f"{page.before_from.day} {page.before_from:%b %Y}",
        longest=[_run(row, units) for row in sorted(page.before, key=lambda row: -row.distance_m)[:3]],
        health=[(what, _named(page, what)) for what in ("medicine", "condition")],
        asked=[(words(f"doctor.{about}"), [q.text for q in page.ask if q.about == about]) for about in ABOUT],
        words=words,
    )
    return made


def _who(page: DoctorPage, units: str) -> str:
    parts = [
        f"{page.age_y} years" if page.age_y is not None else "",
        page.sex or "",
        mass(page.mass_kg, units) if page.mass_kg is not None else "",
        f"{page.height_m:.2f} m" if page.height_m is not None else "",
    ]
    return ", ".join(part for part in parts if part)


def _event(logged: LoggedEvent, units: str) -> tuple[str, str, str]:
    """Day, what, and the run that it came in."""
    event, row = logged.event, logged.row
    metres = logged.at_m
    what = read_back(event, units, None if metres is None else (lambda _: metres))
    note = f" “{clean(event.note)[:120]}”" if event.note else ""
    return f"{event.happened_at.day} {event.happened_at:%b %Y}", what + note, "" if row is None else _run(row, units)


def _run(row: RunRow, units: str) -> str:
    day = f"{row.started_at.day} {row.started_at:%b}"
    return f"{distance_with_unit(row.distance_m, units)} in {clock(row.elapsed_s)}, {day}"


def _runs(before: Sequence[RunRow], units: str) -> str:
    if not before:
        return words("doctor.no_runs")
    metres, longest = sum(row.distance_m for row in before), max(row.distance_m for row in before)
    return words(
        "doctor.runs", runs=count(len(before), "run"), week=distance_with_unit(metres / _WEEKS, units, 0),
        longest=distance_with_unit(longest, units),
    )  # fmt: skip


def _named(page: DoctorPage, what: str) -> dict[str, Any]:
    """Conditions or medicines that were said to be there, said not to be, and never asked about."""
    told = [h for h in page.health if h.what == what]
    names = {h.name for h in told}
    known = MEDICINES if what == "medicine" else CONDITIONS
    return {
        "yes": [plain(h.name) for h in told if h.present],
        "no": [plain(h.name) for h in told if not h.present],
        "unasked": [plain(name) for name in known if name not in names],
    }


def plain(name: str) -> str:
    """A name of the table as a person reads it."""
    return clean(name).replace("_", " ")
