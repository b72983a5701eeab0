"""What a journal says of its runner at a glance: counted where counting is enough, and the kept summary of `why`.

It is read within an answer that has to come in a blink: SQLite and JSON alone, no arithmetic.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from charley.journal import answers, glance
from charley.journal.digest import data_sha256
from charley.journal.store import Store, open_store
from charley.vocabulary.own_runs import OwnRuns

VERSION = "own-summary-1"  # of the summary's keys: another one where a key changes its meaning
PATIENCE_S = 0.5
_DATED = "CASE WHEN json_valid(details) THEN coalesce(json_extract(details, '$.clock.said'), 1) ELSE 1 END"
RECENT = timedelta(days=30)
_ONE_SEED, _NO_DRAWS = 0, 1  # columns of the table of beliefs that a summary has no use for


def own_runs(path: Path, now: datetime | None = None) -> OwnRuns:
    """Counts and summary of a journal. Raises JournalError where it cannot be opened."""
    since = ((now or datetime.now(UTC)) - RECENT).timestamp()
    with open_store(path, patience_s=PATIENCE_S) as store, store.reading() as db:
        rows = db.execute(f"SELECT run_id, started_unix_s, distance_m FROM run WHERE demo = 0 AND {_DATED}").fetchall()
        mine = {row[0] for row in rows}
        told = [word for run_id, word in glance.said(store).items() if run_id in mine]
        cramps = glance.cramps_in_runs(store)
        kept = _summary(store)
        return OwnRuns(
            runs=len(rows),
            answered=sum(word in ("cramp", "none", "twitch") for word in told),
            cramped=told.count("cramp"),
            cramps=sum(many for run_id, many in cramps.items() if run_id in mine),
            first_at=datetime.fromtimestamp(min(row[1] for row in rows), UTC) if rows else None,
            longest_m=max((row[2] for row in rows), default=0.0),
            longest_30d_m=max((row[2] for row in rows if row[1] >= since), default=0.0),
            baseline=answers.baseline(store),
            summary=None if kept is None else kept[1],
            stale=kept is not None and kept[0] != data_sha256(store),
        )


def _summary(store: Store) -> tuple[str, Mapping[str, Any]] | None:
    with store.reading() as db:
        found = db.execute(
            "SELECT data_sha256, content FROM posterior WHERE model_version = ? ORDER BY id DESC LIMIT 1", (VERSION,)
        ).fetchone()
    try:
        summary = None if found is None else json.loads(found[1])
    except ValueError:  # a damaged row costs itself
        return None
    return (str(found[0]), summary) if isinstance(summary, dict) and not summary.get("demo") else None


def keep_summary(path: Path, summary: Mapping[str, Any]) -> None:
    """Keep the summary of the journal as it stands, in place of the one before; one of this very state stays."""
    content = json.dumps(summary, allow_nan=False).encode()
    with open_store(path) as store:
        state, kept = data_sha256(store), _summary(store)
        if kept is None or kept[0] != state:
            _replace(store, state, content)


def _replace(store: Store, state: str, content: bytes) -> None:
    with store.writing() as db:
        db.execute("DELETE FROM posterior WHERE model_version = ?", (VERSION,))
        db.execute(
            "INSERT INTO posterior (made_unix_s, model_version, data_sha256, seed, draws, made_from, content) "
            "VALUES (?, ?, ?, ?, ?, '{}', ?)",
            (datetime.now(UTC).timestamp(), VERSION, state, _ONE_SEED, _NO_DRAWS, content),
        )
