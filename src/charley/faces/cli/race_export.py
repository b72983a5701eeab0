"""`charley race --export FOLDER`: everything to take along, each file named by day and race."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
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
    for name, data in made.items():
        path = folder / f"{stem(answer)}_{name}"
        write_bytes(path, data, force=force, inputs=inputs, private=True)
        written.append(path)
    return written


def files_of(answer: RaceAnswer, units: str) -> dict[str, bytes]:
    """Card, workout, calendar, table, JSON and hand-over sheet, by the end of their names; without a plan two."""
    from charley.faces.race_files import calendar, card, handover, tables, workout
    from charley.faces.report.race import json as as_json

    made = {
        "race.json": json.dumps(as_json.render(answer), ensure_ascii=False, indent=1, allow_nan=False).encode(),
        "handover.txt": handover.text(answer, units).encode(),
    }
    if answer.plan is not None:
        made |= {
            "card.html": card.html(answer, answer.plan, units).encode(),
            "plan.fit": workout.fit(answer, answer.plan),
            "plan.csv": tables.as_csv(answer, answer.plan).encode(),
            "plan.ics": calendar.ics(answer, answer.plan, units),
        }
    return {name: data for name, data in made.items() if data}


def stem(a: RaceAnswer) -> str:
    """ "2027-04-11_river-marathon"."""
    name = re.sub(r"[^a-z0-9]+", "-", a.race.name.lower()).strip("-")[:40] or "race"
    return f"{a.race.starts_at:%Y-%m-%d}_{name}" if a.race.starts_at else name
