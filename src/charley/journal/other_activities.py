"""Activities that are no runs: a ride, a swim, a run without distance. In figures only, as load on the same body."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from charley.journal import readable
from charley.journal.runs import SAME_ACTIVITY_OVERLAP, Added, same_time
from charley.journal.store import Store
from charley.vocabulary.journal import OtherActivity

COLUMNS = "activity_id, sport, started_unix_s, elapsed_s, distance_m, file_name, why_no_run"


def add(store: Store, other: OtherActivity, now: datetime) -> Added:
    """Keep an activity unless it, or one that covers the same time, is there already."""
    with store.writing() as db:
        if db.execute("SELECT 1 FROM other_activity WHERE activity_id = ?", (other.activity_id,)).fetchone():
            return Added(other.activity_id, "duplicate")
        start = other.started_at.timestamp()
        margin_s = (1 / SAME_ACTIVITY_OVERLAP - 1) * other.elapsed_s  # one that begins earlier covers another time
        near = db.execute(
            "SELECT activity_id, started_unix_s, elapsed_s FROM other_activity WHERE started_unix_s BETWEEN ? AND ? "
            "AND started_unix_s + elapsed_s >= ? ORDER BY added_unix_s, activity_id",
            (start - margin_s, start + other.elapsed_s, start),
        )
        twin = same_time(near, start, other.elapsed_s)
        if twin is not None:
            return Added(twin, "duplicate")
        db.execute(
            f"INSERT INTO other_activity ({COLUMNS}, added_unix_s) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (other.activity_id, other.sport, start, other.elapsed_s, other.distance_m, other.file_name,
             other.why_no_run, now.timestamp()),
        )  # fmt: skip
    return Added(other.activity_id, "new")


def rows(store: Store) -> tuple[OtherActivity, ...]:
    """All of them, the latest first."""
    with store.reading() as db:
        found = db.execute(f"SELECT {COLUMNS} FROM other_activity ORDER BY started_unix_s DESC, activity_id").fetchall()
    return tuple(readable.each(found, built))


def built(row: tuple[Any, ...]) -> OtherActivity:
    """An activity of its row (the columns of COLUMNS). Raises one of ``readable.UNREADABLE``."""
    readable.finite(*row)
    i, sport, start, elapsed_s, distance_m, name, why = row
    return OtherActivity(i, sport, readable.when(start), elapsed_s, distance_m, name, why)
