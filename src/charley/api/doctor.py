"""The page for a doctor: what was told now, and what the journal holds of cramps, runs, conditions and medicines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from os import PathLike
from typing import TYPE_CHECKING

from charley.vocabulary.doctor import DoctorPage, LoggedEvent

if TYPE_CHECKING:
    from pathlib import Path

    from charley.advice.help_me import HelpMe
    from charley.vocabulary.journal import Event, RunRow

MOST_EVENTS = 8
BEFORE = timedelta(days=28)


def doctor_page(
    answer: HelpMe, told: str = "", journal: str | PathLike[str] | None = None, now: datetime | None = None
) -> DoctorPage:
    """The page, from an answer of ``help_me`` and the journal (that of the user, if none is named), which may be none.

    Raises JournalError for a journal that cannot be read: a page without its cramps would tell a doctor too little.
    """
    from charley.advice.doctor import to_ask
    from charley.advice.triage import flags
    from charley.api import journal as journals

    at, path = now or datetime.now(UTC), journals.journal_path(journal)
    there = journals.store_exists(path)
    rows = {row.run_id: row for row in (journals.list_runs(path, demo=False) if there else ()) if row.dated}
    reports = journals.reports(path) if there else {}
    events = [e for run_id in rows for e in reports[run_id].events if e.kind in ("cramp", "twitch")]
    events += [e for e in (journals.unattached_events(path) if there else ()) if e.kind in ("cramp", "twitch")]
    events.sort(key=lambda event: event.happened_at, reverse=True)
    until = next((e.happened_at for e in events if e.kind == "cramp"), at)
    health, said = journals.health(path), journals.baseline(path)
    states = [reports[run_id].state() for run_id in rows]
    scales = journals.weighings(path)
    return DoctorPage(
        made_at=at,
        told=told,
        urgency=answer.urgency,
        headline=answer.headline,
        signs=None if answer.flags is None else tuple(flags()[flag].ask for flag in answer.flags),
        denied=answer.denied,
        tell=answer.tell,
        events=tuple(_logged(path, event, rows) for event in events[:MOST_EVENTS]),
        more_events=max(len(events) - MOST_EVENTS, 0),
        answered_runs=sum(state in ("cramp", "none", "twitch") for state in states),
        cramped_runs=states.count("cramp"),
        before=tuple(row for row in rows.values() if until - BEFORE <= row.started_at <= until),
        before_from=until - BEFORE,
        health=health,
        age_y=None if said.birth_year is None else at.year - said.birth_year,
        sex=said.sex,
        mass_kg=scales[-1].mass_kg if scales else said.body_mass_kg,
        height_m=said.height_m,
        ask=to_ask([*(answer.flags or ()), *(h.name for h in health if h.present)]),
    )


def _logged(path: Path, event: Event, rows: dict[str, RunRow]) -> LoggedEvent:
    from charley.api import journal as journals
    from charley.vocabulary.errors import JournalError
    from charley.vocabulary.place import distance_at_m

    row = rows.get(event.run_id or "")
    if row is None or event.at_s is None:
        return LoggedEvent(event, row, None)
    try:
        at_m = distance_at_m(journals.get_run(path, row.run_id), event.at_s)
    except JournalError:  # its channels are lost; the time is known
        at_m = None
    return LoggedEvent(event, row, at_m)
