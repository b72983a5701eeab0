"""What a runner told, as one open file: ``cramp_log.schema.json`` defines it, docs/cramp-log.md explains it.

``written`` makes it of a journal, ``parsed`` checks one that anybody wrote, ``take_in`` adds it to a journal: every
entry once, however often, and all of a file or nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from charley.journal import answers, runs
from charley.journal.answers import Told
from charley.journal.entries import CLOCK_AHEAD, EARLIEST, FINISH_TOLERANCE_S
from charley.journal.schema_check import Wrong, check
from charley.journal.store import Store
from charley.vocabulary.errors import InputError
from charley.vocabulary.journal import (
    About,
    Answer,
    BaselineAnswer,
    Drink,
    Event,
    HealthAnswer,
    RunRow,
    Shoes,
    SodiumTaken,
    StrengthSession,
    SweatTest,
    Weighing,
)
from charley.vocabulary.version import __version__

FORMAT, VERSION = "cramp-log", 1
MOST_BYTES = 64 * 2**20
SAME_START_S, SAME_LENGTH = 60.0, 0.02  # within which a run of another program's name is the same run
_HEAD_BYTES = 4096  # in which the format must be named

EVENTS = {"cramp": "cramp", "near_cramp": "twitch", "none": "none", "skipped": "skip", "other_stop": "other_stop"}
OTHERS: dict[str, type[Answer]] = {
    "weighing": Weighing,
    "drink": Drink,
    "sodium": SodiumTaken,
    "sweat_test": SweatTest,
    "shoes": Shoes,
    "strength": StrengthSession,
    "health": HealthAnswer,
    "runner": BaselineAnswer,
    "about_run": About,
}
_KINDS: tuple[type[Answer], ...] = (Event, *OTHERS.values())
_COMMON = frozenset(f.name for f in fields(Answer))
_RENAMED = {"health": {"what": "kind"}}  # "what" says the kind of the entry
_DEFAULTS: dict[type[Answer], dict[str, Any]] = {
    Event: {"phase": "during", "helped": ""},
    SweatTest: {"method": ""},
    Shoes: {"new": False},
    StrengthSession: {"load_kg": 0.0},
    About: {"unusual": ()},
}


@dataclass(frozen=True, slots=True)
class Log:
    """A checked file: its runs by their name in it, its entries in order, the names of fields that are not ours."""

    runs: Mapping[str, Mapping[str, Any]]
    entries: tuple[Mapping[str, Any], ...]
    foreign: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a file: entries that were added, that stood there before, and that have no run here."""

    added: int
    before: int
    without_run: int


@cache
def schema() -> dict[str, Any]:
    """The schema of the format, as it is shipped."""
    found: dict[str, Any] = json.loads(Path(__file__).with_name("cramp_log.schema.json").read_text(encoding="utf-8"))
    return found


# ---- writing ----


def written(store: Store) -> dict[str, Any]:
    """Everything that holds in a journal, in the order told. The same journal gives the same bytes."""
    with store.reading():
        told: list[tuple[str, Answer]] = [
            (next(w for w, kind in EVENTS.items() if kind == event.kind), event)
            for event in answers.current(store, Event)
        ]
        for what, kind in OTHERS.items():
            told += [(what, one) for one in answers.current(store, kind)]
        told.sort(key=lambda pair: pair[1].id)
        named = {one.run_id for _, one in told}
        rows = [row for row in runs.rows(store) if row.run_id in named]
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_by": f"charley {__version__}",
        "runs": [
            {
                "id": row.run_id,
                "started_at": row.started_at.isoformat(),
                "elapsed_s": row.elapsed_s,
                "distance_m": row.distance_m,
            }
            for row in reversed(rows)
        ],
        "entries": [_entry(what, one) for what, one in told],
    }


def _entry(what: str, one: Answer) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "what": what,
        "told_at": one.answered_at.isoformat(),
        "happened_at": one.happened_at.isoformat(),
        "run": one.run_id,
        "told_by": one.source,
        "note": one.note,
    }
    for name, field in _own_fields(what, type(one)).items():
        value = getattr(one, name)
        entry[field] = list(value) if isinstance(value, tuple) else value
    return entry


def _own_fields(what: str, kind: type[Answer]) -> dict[str, str]:
    """Names of a kind's own fields, each with its name in the file."""
    renamed = _RENAMED.get(what, {})
    own = [f.name for f in fields(kind) if f.name not in _COMMON]
    return {name: renamed.get(name, name) for name in own if not (kind is Event and name == "kind")}


# ---- reading ----


def is_log(head: bytes) -> bool:
    """Whether a file that begins so says that it is a cramp log."""
    return head[:_HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"cramp-log"' in head[:_HEAD_BYTES]


def parsed(data: bytes, name: str) -> Log:
    """A cramp log. Raises InputError (cramp-log-form) with the first place that is wrong."""
    try:
        if len(data) > MOST_BYTES:
            raise Wrong("", f"it is larger than {MOST_BYTES // 2**20} MB")
        found = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
        foreign: set[str] = set()
        rules = schema()
        check(found, {**rules, "properties": {**rules["properties"], "entries": {"type": "array"}}}, rules, "", foreign)
        for number, entry in enumerate(found["entries"]):
            check(entry, rules["$defs"][_kind(entry, number)], rules, f"entries/{number}", foreign)
        by_name = {run["id"]: {**run, "started_at": _moment(run["started_at"], f"runs/{run['id'][:20]}")}
                   for run in found.get("runs", [])}  # fmt: skip
        return Log(by_name, tuple(found["entries"]), tuple(sorted(foreign)))
    except Wrong as wrong:
        raise InputError("cramp-log-form", str(wrong), name) from None
    except RecursionError:
        raise InputError("cramp-log-form", "it is nested too deep", name) from None
    except ValueError as error:  # no JSON, no UTF-8
        raise InputError("cramp-log-form", f"it is no JSON: {error}", name) from None


def _no_number(text: str) -> float:
    raise Wrong("", f"{text} is no number")


def _kind(entry: object, number: int) -> str:
    what = entry.get("what") if isinstance(entry, dict) else None
    if isinstance(what, str) and what in EVENTS:
        return "event"
    if isinstance(what, str) and what in OTHERS:
        return what
    raise Wrong(f"entries/{number}/what", f"{str(what)[:40]!r} is none of {', '.join([*EVENTS, *OTHERS])}")


def _moment(text: str, place: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise Wrong(place, f"{text[:40]!r} has no zone: write 2026-10-04T09:00:00+02:00")
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Wrong(place, f"{text[:40]!r} is no moment: write 2026-10-04T09:00:00+02:00") from None


# ---- into a journal ----


def take_in(store: Store, log: Log, name: str, now: datetime) -> Taken:
    """Add what is not there yet. Raises InputError (cramp-log-form), and then nothing was added."""
    added = before = without_run = 0
    try:
        with store.writing():
            here = {row.run_id: row for row in runs.rows(store)}
            known = {key for kind in _KINDS for key in _keys(store, kind)}
            for number, entry in enumerate(log.entries):
                row = _run_here(entry, log, here, f"entries/{number}")
                if entry.get("run") is not None and row is None:
                    without_run += 1
                    continue
                kind, told, values = _answer(entry, row, now, f"entries/{number}")
                key = _key(kind, told.run_id, told.happened_at, values)
                if key in known:
                    before += 1
                    continue
                try:
                    answers.append(store, kind, told, **values)
                except sqlite3.IntegrityError:
                    raise Wrong(f"entries/{number}", "what it says contradicts itself") from None
                known.add(key)
                added += 1
    except Wrong as wrong:
        raise InputError("cramp-log-form", str(wrong), name) from None
    return Taken(added, before, without_run)


def _run_here(entry: Mapping[str, Any], log: Log, here: Mapping[str, RunRow], place: str) -> RunRow | None:
    """The run of this journal that an entry is about: of the same name, else that of the same start and length."""
    named = entry.get("run")
    if named is None:
        return None
    if named in here:
        return here[named]
    run = log.runs.get(named)
    if run is None:
        raise Wrong(f"{place}/run", f"{str(named)[:40]!r} is not among the runs of the file")
    alike = [
        row
        for row in here.values()
        if abs((row.started_at - run["started_at"]).total_seconds()) <= SAME_START_S
        and abs(row.elapsed_s - run["elapsed_s"]) <= SAME_LENGTH * row.elapsed_s
    ]
    return alike[0] if len(alike) == 1 else None


def _answer(
    entry: Mapping[str, Any], row: RunRow | None, now: datetime, place: str
) -> tuple[type[Answer], Told, dict[str, Any]]:
    what = entry["what"]
    kind = OTHERS.get(what, Event)
    happened_at = _moment(entry["happened_at"], f"{place}/happened_at")
    if not EARLIEST <= happened_at <= now + CLOCK_AHEAD:
        raise Wrong(f"{place}/happened_at", f"{happened_at:%Y-%m-%d} is not a day that was")
    told_at = _moment(entry["told_at"], f"{place}/told_at") if "told_at" in entry else now
    default = _DEFAULTS.get(kind, {})
    values = {
        name: entry[field] if field in entry else default.get(name) for name, field in _own_fields(what, kind).items()
    }
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    if kind is Event:
        values = _event(what, values, row, place)
    told = Told(row.run_id if row else None, happened_at, told_at, entry.get("told_by", "import"),
                note=entry.get("note", ""))  # fmt: skip
    return kind, told, values


def _event(what: str, values: dict[str, Any], row: RunRow | None, place: str) -> dict[str, Any]:
    """An event's own fields: a place without a span is that moment, and no place is anywhere in the run."""
    at, start, end = values["at_s"], values["from_s"], values["to_s"]
    if values["phase"] == "during" and what in ("cramp", "near_cramp", "other_stop"):
        if row is None:
            raise Wrong(place, "it happened during a run, and no run is named")
        if start is None and end is None:
            start, end = (0.0, row.elapsed_s) if at is None else (at, at)
        if start is None or end is None or not start <= (start if at is None else at) <= end:
            raise Wrong(place, "its place lies outside its own span")
        if (end if at is None else at) > row.elapsed_s + FINISH_TOLERANCE_S:
            raise Wrong(place, f"{end if at is None else at:g} s lies beyond the end of the run ({row.elapsed_s:g} s)")
    muscle = values["muscle"] or ("calf" if what in ("cramp", "near_cramp") else None)
    return values | {"kind": EVENTS[what], "muscle": muscle, "from_s": start, "to_s": end}


def _keys(store: Store, kind: type[Answer]) -> Iterator[tuple[object, ...]]:
    """All that was ever told of a kind, the withdrawn too: what was taken back does not come back with a file."""
    own = [f.name for f in fields(kind) if f.name not in _COMMON]
    for one in answers.read(store, kind):
        yield _key(kind, one.run_id, one.happened_at, {name: getattr(one, name) for name in own})


def _key(kind: type[Answer], run_id: str | None, at: datetime, values: Mapping[str, Any]) -> tuple[object, ...]:
    told = tuple(sorted((name, str(float(v)) if isinstance(v, (int, float)) else str(v)) for name, v in values.items()))
    return (kind.__name__, run_id, round(at.timestamp()), told)
