"""A training plan in a calendar: a day-long entry for each week, and the race."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from charley.faces.report.race.words import SCOPE
from charley.faces.report.training import words
from charley.vocabulary.training import TrainingPlan


def ics(p: TrainingPlan, units: str, now: datetime | None = None) -> bytes:
    """The bytes of an iCalendar file."""
    from icalendar import Calendar, Event

    made = now or datetime.now(UTC)
    calendar = Calendar()
    calendar.add("prodid", "-//Charley//plan//EN")
    calendar.add("version", "2.0")
    for w in p.weeks:
        _, week, runs, long, faster, raises = words.row(w, units)
        event = Event()
        identity = f"{w.starts_on.isoformat()} {p.race_on.isoformat()} {p.distance_m:.0f}"
        event.add("uid", f"{hashlib.sha256(identity.encode()).hexdigest()[:32]}@charley")
        event.add("dtstamp", made)
        event.add("dtstart", p.race_on if w.phase == "race" else w.starts_on)
        event.add("dtend", (p.race_on if w.phase == "race" else w.starts_on + timedelta(days=6)) + timedelta(days=1))
        event.add("summary", "Race" if w.phase == "race" else f"Longest run: {long}")
        parts = [f"{week} in {runs} runs" if week else "", faster, f"calf raises {raises}" if raises else "", SCOPE]
        event.add("description", "\n".join(part for part in parts if part))
        calendar.add_component(event)
    return bytes(calendar.to_ical())
