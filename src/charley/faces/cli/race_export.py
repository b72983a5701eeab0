"""`charley race --export FOLDER`: everything to take along, each file named by day and race."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from charley.faces.cli.writing import write_bytes
from charley.vocabulary.errors import UsageError
from charley.vocabulary.race import RaceAnswer


def write_all(answer: RaceAnswer, folder: Path, units: str, *, force: bool, inputs: Iterable[Path]) -> list[Path]:
    """Write all that there is; returns what was written. Raises UsageError (write-over, write-failed)."""
    made = files_of(answer, units)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise UsageError("write-failed", getattr(error, "strerror", None) or "this is no path", str(folder)) from error
    written = []
    for name, make in made.items():
        path = folder / f"{stem(answer)}_{name}"
        write_bytes(path, make(), force=force, inputs=inputs, private=True)
        written.append(path)
    return written


def files_of(answer: RaceAnswer, units: str) -> dict[str, Callable[[], bytes]]:
    """Card, workout, calendar, table, JSON and hand-over sheet by the end of their names, each made when it is called.

    Without a plan two, without a date no calendar.
    """
    from charley.faces.race_files import calendar, card, handover, tables, workout
    from charley.faces.report.race import json as as_json

    made: dict[str, Callable[[], bytes]] = {
        "race.json": lambda: json.dumps(as_json.render(answer), ensure_ascii=False, indent=1, allow_nan=False).encode(),
        "handover.txt": lambda: handover.text(answer, units).encode(),
    }
    plan = answer.plan
    if plan is not None:
        made["card.html"] = lambda: card.html(answer, plan, units).encode()
        made["plan.fit"] = lambda: workout.fit(answer, plan)
        made["plan.csv"] = lambda: tables.as_csv(answer, plan).encode()
        if answer.race.starts_at is not None:
            made["plan.ics"] = lambda: calendar.ics(answer, plan, units)
    return made


def stem(a: RaceAnswer) -> str:
    """ "2027-04-11_river-marathon"."""
    name = re.sub(r"[^a-z0-9]+", "-", a.race.name.lower()).strip("-")[:40] or "race"
    return f"{a.race.starts_at:%Y-%m-%d}_{name}" if a.race.starts_at else name
