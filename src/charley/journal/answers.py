"""What the runner said, row after row. Nothing is overwritten; what holds now is worked out from the whole history."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from charley.journal import readable
from charley.journal.store import Store
from charley.vocabulary.errors import UsageError
from charley.vocabulary.journal import (
    EVENT_KINDS,
    PHASES,
    About,
    Answer,
    Baseline,
    BaselineAnswer,
    Drink,
    Event,
    HealthAnswer,
    Prompt,
    Report,
    Shoes,
    SodiumTaken,
    StrengthSession,
    SweatTest,
    Weighing,
)

KINDS: dict[type[Answer], str] = {
    Event: "event",
    Weighing: "weighing",
    Drink: "drink",
    SodiumTaken: "sodium",
    SweatTest: "sweat_test",
    Shoes: "shoes",
    StrengthSession: "strength",
    HealthAnswer: "health",
    BaselineAnswer: "baseline",
    About: "about",
}
_COMMON = tuple(f.name for f in fields(Answer))
_BOOLEANS = {"new", "present"}
A = TypeVar("A", bound=Answer)


@dataclass(frozen=True, slots=True)
class Told:
    """When and how an answer came, the same for every kind."""

    run_id: str | None
    happened_at: datetime
    answered_at: datetime
    source: str = "command"
    replaces: int | None = None
    prompt_id: int | None = None
    note: str = ""


def append(store: Store, kind: type[Answer], told: Told, /, **values: Any) -> int:
    """Add one answer of ``kind`` with the fields of that dataclass in ``values``; returns its id."""
    columns = _columns(kind)
    if set(values) != set(columns):
        raise ValueError(f"{KINDS[kind]}: expected {sorted(columns)}, got {sorted(values)}")
    _plain_text(*values.values())
    with store.writing() as db:
        identity = _append_row(store, KINDS[kind], told)
        names = ", ".join(f'"{c}"' for c in columns)
        marks = ", ".join("?" for _ in range(len(columns) + 1))
        content = [json.dumps(values[c]) if isinstance(values[c], tuple) else values[c] for c in columns]
        db.execute(f"INSERT INTO {KINDS[kind]} (answer_id, {names}) VALUES ({marks})", [identity, *content])
    return identity


def withdraw(store: Store, answer_id: int, now: datetime) -> int:
    """Take an answer back as if it had not been given; the row stays. A withdrawal can be withdrawn in turn."""
    with store.writing() as db:
        found = db.execute("SELECT run_id, happened_unix_s FROM answer WHERE id = ?", (answer_id,)).fetchone()
        if found is None:
            raise UsageError(
                "journal-unknown-answer", f"there is no answer {answer_id} in the journal", str(store.path)
            )
        if answer_id in replaced(store):
            raise UsageError(
                "journal-unknown-answer", f"answer {answer_id} has already been withdrawn", str(store.path)
            )
        told = Told(found[0], datetime.fromtimestamp(found[1], UTC), now, replaces=answer_id)
        return _append_row(store, "withdrawal", told)


def ask(store: Store, run_id: str, now: datetime, about_s: float | None = None, channel: str = "command") -> int:
    """Note that the runner was asked, whatever comes of it; returns the id of the question."""
    with store.writing() as db:
        made = db.execute(
            "INSERT INTO prompt (run_id, asked_unix_s, about_s, channel) VALUES (?, ?, ?, ?)",
            (run_id, now.timestamp(), about_s, channel),
        )
        return int(made.lastrowid or 0)


def read(store: Store, kind: type[A], of: str | Sequence[str] | None = None) -> tuple[A, ...]:
    """Every answer of a kind in the order told (of one run or of some, if named), each marked whether it holds."""
    where, named = _about("a.run_id", of)
    with store.reading() as db:
        found = db.execute(f"{selected(kind)} {where} ORDER BY a.id", named).fetchall()
        gone = replaced(store)
    rows = list(readable.each(found, lambda raw: _built(kind, raw, raw[0] not in gone)))
    holding = {row.id for row in standing([row for row in rows if row.current])}
    return tuple(replace(row, current=row.id in holding) for row in rows)


def selected(kind: type[Answer]) -> str:
    """The rows of a kind, as ``check`` takes them."""
    names = ", ".join(f'd."{c}"' for c in _columns(kind))
    return (
        "SELECT a.id, a.run_id, a.happened_unix_s, a.answered_unix_s, a.source, a.replaces, a.prompt_id, a.note, "
        f"{names} FROM answer AS a JOIN {KINDS[kind]} AS d ON d.answer_id = a.id"
    )


def check(kind: type[Answer], raw: tuple[Any, ...]) -> None:
    """Raise one of ``readable.UNREADABLE`` for a row of which no answer can be made."""
    _built(kind, raw, True)


def _built(kind: type[A], raw: tuple[Any, ...], current: bool) -> A:
    readable.finite(*raw)
    columns = _columns(kind)
    common = dict(zip(_COMMON[:-1], raw, strict=False))
    common["happened_at"] = readable.when(common["happened_at"])
    common["answered_at"] = readable.when(common["answered_at"])
    content = dict(zip(columns, raw[len(_COMMON) - 1 :], strict=True))
    content |= {c: bool(content[c]) for c in _BOOLEANS & set(columns)}
    if "unusual" in content:
        content["unusual"] = tuple(str(word) for word in json.loads(content["unusual"]))
    row = kind(current=current, **common, **content)
    if isinstance(row, Event):
        if row.phase not in PHASES or row.kind not in EVENT_KINDS:
            raise ValueError(f"an event of no known kind: {row.kind}, {row.phase}")
        if row.phase == "during" and row.kind in ("cramp", "twitch"):
            row.cramp()
    return row


def one(store: Store, answer_id: int) -> Answer | None:
    """The answer with that id as it was told, whether or not it still holds; None where there is none."""
    of_name = {name: kind for kind, name in KINDS.items()}
    with store.reading() as db:
        found = db.execute("SELECT kind FROM answer WHERE id = ?", (answer_id,)).fetchone()
    kind = None if found is None else of_name.get(found[0])
    return None if kind is None else next((row for row in read(store, kind) if row.id == answer_id), None)


def _about(column: str, of: str | Sequence[str] | None) -> tuple[str, tuple[str, ...]]:
    """The part of a query that takes the rows of one run, or of some; of all of them, if None."""
    if of is None:
        return "", ()
    ids = [of] if isinstance(of, str) else list(of)
    return f"WHERE {column} IN (SELECT value FROM json_each(?))", (json.dumps(ids),)


def current(store: Store, kind: type[A], run_id: str | None = None) -> tuple[A, ...]:
    """The answers of a kind that hold now."""
    return tuple(row for row in read(store, kind, run_id) if row.current)


def replaced(store: Store) -> set[int]:
    """Ids of the answers whose place a later answer took, or that were withdrawn."""
    gone: set[int] = set()
    with store.reading() as db:
        pairs = db.execute("SELECT id, replaces FROM answer WHERE replaces IS NOT NULL ORDER BY id DESC")
        for later, earlier in pairs:
            if later not in gone:  # a withdrawal that was itself withdrawn does nothing
                gone.add(earlier)
    return gone


def standing(rows: Sequence[A]) -> list[A]:
    """Of answers in the order told, none of them replaced by name, those that hold: the latest word wins.

    "Nothing" takes back the cramps and twitches told before it for the same part of the run, and a cramp or a twitch
    takes back "nothing"; a total of drinks takes back what was told before it. Other answers stand beside each other.
    """
    holding: set[int] = set()
    for about_one in _by_run(rows).values():  # no answer overrules one about another run
        kept: dict[int, A] = {}
        for row in about_one:
            for earlier in [e for e in kept.values() if _overrules(row, e)]:
                del kept[earlier.id]
            kept[row.id] = row
        holding |= set(kept)
    return [row for row in rows if row.id in holding]


def _overrules(later: Answer, earlier: Answer) -> bool:
    if later.run_id != earlier.run_id:
        return False
    if isinstance(later, Event) and isinstance(earlier, Event):
        if later.run_id is None or later.phase != earlier.phase or "other_stop" in (later.kind, earlier.kind):
            return False
        if later.kind == "skip":
            return earlier.kind == "skip"
        return earlier.kind in ("none", "skip") or later.kind == "none"
    if isinstance(later, Weighing) and isinstance(earlier, Weighing):
        return later.run_id is not None and later.when == earlier.when and later.when != "other"
    if isinstance(later, Drink):
        return later.run_id is not None and later.at_s is None
    if isinstance(later, HealthAnswer) and isinstance(earlier, HealthAnswer):
        return (later.what, later.name) == (earlier.what, earlier.name)
    return isinstance(later, Shoes) and later.run_id is not None


def prompts(store: Store, of: str | Sequence[str] | None = None) -> tuple[Prompt, ...]:
    """Every question, in the order asked, each with whether an answer to it holds."""
    gone = replaced(store)
    where, named = _about("run_id", of)
    with store.reading() as db:
        answered = {
            prompt_id
            for identity, prompt_id in db.execute("SELECT id, prompt_id FROM answer WHERE prompt_id IS NOT NULL")
            if identity not in gone
        }
        found = db.execute(
            f"SELECT id, run_id, asked_unix_s, about_s, channel FROM prompt {where} ORDER BY id", named
        ).fetchall()

    def question(row: tuple[int, str, float, float | None, str]) -> Prompt:
        identity, run, asked, about, channel = row
        readable.finite(about)
        return Prompt(identity, run, readable.when(asked), about, channel, identity in answered)

    return tuple(readable.each(found, question))


def reports(store: Store, of: str | Sequence[str] | None = None) -> dict[str, Report]:
    """What was asked and said of each run (or of one, or of some), by run id, the earliest run first."""
    where, named = _about("run_id", of)
    with store.reading() as db:
        lengths = db.execute(
            f"SELECT run_id, elapsed_s FROM run {where} ORDER BY started_unix_s, run_id", named
        ).fetchall()
        events = _by_run(read(store, Event, of))
        asked = _by_run(prompts(store, of))
    return {r: Report(r, elapsed_s, tuple(asked[r]), tuple(events[r])) for r, elapsed_s in lengths}


def unattached(store: Store) -> tuple[Event, ...]:
    """Cramps that belong to no run (at night, out of the blue), in the order told."""
    return tuple(e for e in current(store, Event) if e.run_id is None)


def baseline(store: Store) -> Baseline:
    """The questionnaire as it stands: for each field the latest that was said."""
    merged = Baseline()
    for row in current(store, BaselineAnswer):
        said = {f.name: getattr(row, f.name) for f in fields(Baseline)}
        merged = replace(merged, **{k: v for k, v in said.items() if v is not None})
    return merged


def about(store: Store, run_id: str) -> About | None:
    """What only the runner knows of a run: for each field the latest that was said; None where nothing was."""
    merged: About | None = None
    for row in current(store, About, run_id):
        if merged is None:
            merged = row
            continue
        names = ("effort", "air_temp_c", "relative_humidity", "unusual", "change", "change_done")
        said = {name: getattr(row, name) for name in names}
        merged = replace(merged, id=row.id, **{k: v for k, v in said.items() if v not in (None, ())})
    return merged


def _append_row(store: Store, kind: str, told: Told) -> int:
    _plain_text(told.note)
    with store.writing() as db:
        made = db.execute(
            "INSERT INTO answer (kind, run_id, prompt_id, replaces, happened_unix_s, answered_unix_s, source, note) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                kind, told.run_id, told.prompt_id, told.replaces, told.happened_at.timestamp(),
                told.answered_at.timestamp(), told.source, told.note,
            ),
        )  # fmt: skip
        return int(made.lastrowid or 0)


def _plain_text(*values: object) -> None:
    """UsageError for a text that cannot be written as UTF-8: what a terminal of another encoding hands over."""
    for value in values:
        try:
            str(value).encode()
        except UnicodeEncodeError:
            shown = str(value).encode(errors="replace").decode()[:40]
            raise UsageError("text-encoding", f"'{shown}' holds bytes that are no text in UTF-8") from None


def _columns(kind: type[Answer]) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind) if f.name not in _COMMON)


def _by_run(rows: Iterable[Any]) -> defaultdict[str, list[Any]]:
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.run_id].append(row)
    return found
