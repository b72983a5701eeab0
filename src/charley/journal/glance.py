"""The journal at a glance: counted, paged and summed up by SQLite, for lists that have to stand at once.

No run is loaded and no answer is built here, so that what a list costs hardly grows with the journal.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from charley.journal import answers, days, readable
from charley.journal.store import Store
from charley.vocabulary.journal import Glance

# Events that hold a place in time; one with flipped bits costs itself, as in ``answers.read``.
_EVENTS = (
    "FROM answer AS a JOIN event AS e ON e.answer_id = a.id WHERE a.id NOT IN (SELECT value FROM json_each(?1)) "
    "AND abs(coalesce(e.at_s, 0) + coalesce(e.from_s, 0) + coalesce(e.to_s, 0)) < 1e300"
)
_STATE = (
    # a run that is read again is added again; one whose date is said moves
    "SELECT count(*), max(added_unix_s), total(added_unix_s), total(started_unix_s), total(distance_m), "
    "total(length(details)) FROM run",
    # rows are only ever added, and forgetting takes some away
    "SELECT count(*), max(id), total(answered_unix_s), total(happened_unix_s) FROM answer",
    "SELECT count(*), max(id), total(asked_unix_s) FROM prompt",
)


def states(store: Store) -> tuple[str, str]:
    """Names of the state of the runs, and of the runs with all that was said: another name where one of them changed.

    They say what ``digest.data_sha256`` says, for this file alone, without reading what the rows hold.
    """
    with store.reading() as db:
        found = [repr(db.execute(query).fetchone()) for query in _STATE]
    return _named(found[:1]), _named(found)


def _named(found: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(found).encode()).hexdigest()


def glances(store: Store) -> tuple[Glance, ...]:
    """Each run as a line of a picture, the latest first, without what was said of it ("")."""
    query = (
        "SELECT run_id, started_unix_s, elapsed_s, distance_m, json_extract(details, '$.zone.utc_offset_s'), "
        "coalesce(json_extract(details, '$.clock.said'), 1) FROM run WHERE json_valid(details) "
        "ORDER BY started_unix_s DESC, run_id"
    )
    with store.reading() as db:
        return tuple(readable.each(db.execute(query), _glance))


def _glance(row: tuple[Any, ...]) -> Glance:
    run_id, started_unix_s, elapsed_s, distance_m, offset_s, dated = row
    readable.finite(elapsed_s, distance_m)
    if min(elapsed_s, distance_m) < 0:
        raise ValueError("totals below zero")
    zone = None if offset_s is None else {"utc_offset_s": offset_s}
    return Glance(run_id, days.moment(started_unix_s, {"zone": zone}), elapsed_s, distance_m, bool(dated))


def said(store: Store) -> dict[str, str]:
    """What was said of each run of which anything was said or asked: the word of ``Report.state``, by run id.

    "Nothing" takes back the cramps and twitches before it, and they take back "nothing": the latest word decides.
    """
    with store.reading() as db:
        gone = json.dumps(sorted(answers.replaced(store)))
        asked = db.execute("SELECT DISTINCT run_id FROM prompt WHERE about_s IS NULL").fetchall()
        found = db.execute(
            "SELECT a.run_id, coalesce(max(CASE e.kind WHEN 'none' THEN a.id END), 0), "
            "coalesce(max(CASE e.kind WHEN 'cramp' THEN a.id END), 0), "
            "coalesce(max(CASE e.kind WHEN 'twitch' THEN a.id END), 0), max(e.kind = 'skip') "
            f"{_EVENTS} AND e.phase = 'during' GROUP BY a.run_id",
            (gone,),
        ).fetchall()
    told = {str(run_id): "asked" for (run_id,) in asked}
    for run_id, none, cramp, twitch, skipped in found:
        word = "cramp" if cramp > none else "twitch" if twitch > none else "none" if none else ""
        if word or skipped:
            told[str(run_id)] = word or "skipped"
    return told


def cramps(store: Store) -> int:
    """How many cramps hold: in runs, after them and at night."""
    return sum(_cramps(store, "1").values())


def cramps_in_runs(store: Store) -> dict[str, int]:
    """How many cramps hold during each run that cramped."""
    return _cramps(store, "e.phase = 'during'")


def _cramps(store: Store, which: str) -> dict[str, int]:
    """Cramps that no "nothing" of the same part of the run came after, counted by run ("": of no run)."""
    query = (
        f"WITH held AS MATERIALIZED (SELECT a.id AS id, coalesce(a.run_id, '') AS run_id, e.kind AS kind, e.phase AS "
        f"phase {_EVENTS} AND {which}), lifted AS (SELECT run_id, phase, max(id) AS id FROM held WHERE kind = 'none' "
        "AND run_id <> '' GROUP BY run_id, phase) SELECT c.run_id, count(*) FROM held AS c LEFT JOIN lifted AS n "
        "ON n.run_id = c.run_id AND n.phase = c.phase WHERE c.kind = 'cramp' AND c.id > coalesce(n.id, 0) "
        "GROUP BY c.run_id"
    )
    with store.reading() as db:
        gone = json.dumps(sorted(answers.replaced(store)))
        return {str(run_id): int(many) for run_id, many in db.execute(query, (gone,))}


def answered(store: Store) -> set[str]:
    """Runs of which anything was said that holds: the last word on a run always does."""
    with store.reading() as db:
        gone = json.dumps(sorted(answers.replaced(store)))
        return {str(run_id) for (run_id,) in db.execute(f"SELECT DISTINCT a.run_id {_EVENTS}", (gone,)) if run_id}
