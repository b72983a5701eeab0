"""Presses of a watch's cramp button become answers of the run, each once, however often its file comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from charley.journal import answers, runs
from charley.journal.answers import Told
from charley.journal.prepared import Prepared
from charley.journal.store import Store
from charley.vocabulary.journal import Event

SAME_PRESS_S = 5.0  # two recordings of one run may begin a little apart
SAME_CLOCK_S = 600.0  # else the start was corrected, and seconds from the start are kept


def log(store: Store, prepared: Prepared, run_id: str, now: datetime) -> tuple[int, int]:
    """Log what is not there yet; how many were added, and how many were known (also such as were taken back)."""
    row = runs.row(store, run_id)
    known = [e for e in answers.read(store, Event, run_id) if e.phase == "during"]
    shift = prepared.started_unix_s - row.started_at.timestamp()
    shift = shift if abs(shift) <= SAME_CLOCK_S else 0.0
    added = 0
    for press in prepared.presses:
        at_s = min(max(press.at_s + shift, 0.0), row.elapsed_s)
        nothing = press.kind == "none"
        if any(
            e.kind == press.kind and (nothing or (e.at_s is not None and abs(e.at_s - at_s) <= SAME_PRESS_S))
            for e in known
        ):
            continue
        told = Told(run_id, row.started_at.astimezone(UTC) + timedelta(seconds=at_s), now, "import")
        place = None if nothing else at_s
        answers.append(
            store, Event, told, kind=press.kind, phase="during", at_s=place, from_s=place, to_s=place,
            muscle=None if nothing else press.muscle or "calf", side=press.side, severity=press.severity, helped="",
        )  # fmt: skip
        added += 1
    return added, len(prepared.presses) - added
