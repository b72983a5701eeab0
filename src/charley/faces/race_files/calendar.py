"""The race in a calendar: the start with the plan as its text, the last meal, and a look back after it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from charley.faces.race_files import plan_text
from charley.faces.report.race import words
from charley.vocabulary.race import Plan, RaceAnswer

MEAL_BEFORE = timedelta(minutes=90)
BACK_AFTER = timedelta(hours=2)


def ics(a: RaceAnswer, p: Plan, units: str, now: datetime | None = None) -> bytes:
    """The bytes of an iCalendar file; empty for a race without a date. Times are the clock of the race's place."""
    if a.race.starts_at is None:
        return b""
    from icalendar import Alarm, Calendar, Event

    made, start = now or datetime.now(UTC), a.race.starts_at
    name = plan_text.title(a)
    calendar = Calendar()
    calendar.add("prodid", "-//Charley//race//EN")
    calendar.add("version", "2.0")
    events = (
        ("race", name, start, timedelta(seconds=p.finish_s), f"{plan_text.plan_text(a, p, units)}\n{words.SCOPE}"),
        ("meal", f"Last meal before {name}", start - MEAL_BEFORE - timedelta(minutes=30), timedelta(minutes=30),
         "What you know sits well, rich in carbohydrate. Drink with it as you like; nothing has to be forced down."),
        ("back", f"After {name}: did it cramp?", start + timedelta(seconds=p.finish_s) + BACK_AFTER,
         timedelta(minutes=10), f"charley log cramp, or charley log none. {words.NO_MORE_AFTER}"),
    )  # fmt: skip
    for key, summary, begins, lasts, text in events:
        event = Event()
        identity = f"{key} {name} {start.isoformat()} {a.race.course.distance_m:.0f}"
        event.add("uid", f"{hashlib.sha256(identity.encode()).hexdigest()[:32]}@charley")
        event.add("dtstamp", made)
        event.add("summary", summary)
        event.add("dtstart", begins)
        event.add("duration", lasts)
        event.add("description", text)
        if key == "race":
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", summary)
            alarm.add("trigger", timedelta(days=-1))
            event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
