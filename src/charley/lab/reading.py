"""A protocol file -> a checked ``LabProtocol``. What is wrong is one coded line with the key and what is allowed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from charley.evidence import experiments
from charley.lab.protocol import SYNONYMS, Condition, LabProtocol, Measure, Setup
from charley.lab.rules import checked
from charley.lab.schema import (
    MOST_ROWS,
    Place,
    Several,
    Table,
    Text,
    build,
    keys,
    merged,
    named,
    number,
    text,
    told,
    unknown_key,
)
from charley.vocabulary.errors import ProtocolError

LARGEST_BYTES = 200_000
ONLY_CONDITION = "all"
TAKEN_OVER = ("experiment", "cannot", "note", "headline", "picture", "lead", "seed", "sources")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on top of a file beside the setup that all conditions share."""

    title: str | None = text(None, "what the experiment asks")
    experiment: str | None = text(None, "id of a published experiment (E01 ...) whose outcomes are compared")
    note: str = text("", "what the protocol leaves out or adds")
    cannot: str = text("", "why the experiment cannot be expressed; nothing is then run")
    headline: str = text("", "the finding in a sentence; {key} is replaced by a simulated value, *...* is marked")
    seed: int = number(1, 0, 2**53, "same seed, same numbers", whole=True)
    picture: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    measure: tuple[tuple[str, Measure], ...] = named(Table(Measure, "what is measured"), "outcomes, by key")
    cannot_measure: tuple[tuple[str, str], ...] = named(Text("why not"), "outcomes that cannot be had, and why")


def _listed() -> dict[str, Any]:
    own = {f.name: f for f in fields(Head) if f.metadata}
    return {
        **{name: f.metadata["spec"] for name, f in own.items()},
        "picture": Several(Text("condition"), "conditions that are drawn; without it, the first"),
        "lead": Several(Text("outcome"), "one or two outcomes that stand on top of the page"),
        "sources": Several(Text("source"), "where the published numbers stand"),
    }


def read_file(path: Path) -> LabProtocol:
    """The protocol in a file of the user's. Raises ProtocolError."""
    name = path.name
    try:
        with open(path, "rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise ProtocolError("protocol-file", error.strerror or "cannot be read", str(path)) from error
    if len(content) > LARGEST_BYTES:
        raise ProtocolError("protocol-file", f"more than {LARGEST_BYTES // 1000} kB", name)
    try:
        return read_text(content.decode("utf-8"), name, path.stem)
    except UnicodeDecodeError as error:
        raise ProtocolError("protocol-toml", f"not UTF-8 at byte {error.start}", name) from error


def read_text(content: str, name: str, protocol_id: str) -> LabProtocol:
    """The protocol in a text; ``name`` is told in errors."""
    try:
        values = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise ProtocolError("protocol-toml", str(error), name) from error
    except RecursionError as error:
        raise ProtocolError("protocol-toml", "nested too deeply", name) from error
    return read_values(values, name, protocol_id)


def read_values(values: dict[str, Any], name: str, protocol_id: str) -> LabProtocol:
    """The protocol that a table of values describes."""
    specs, own = _listed(), {f.name for f in fields(Setup)}
    for key in values:
        if key not in specs and key not in own and key != "conditions":
            raise unknown_key(key, (name,), (*specs, "conditions", *sorted(own)))
    head = {key: specs[key].read(values[key], (name, key)) for key in specs if key in values}
    protocol = LabProtocol(
        id=head.get("experiment") or protocol_id,
        title=head.get("title") or _title(head, name),
        conditions=() if head.get("cannot") else _conditions(values, own, name),
        measures=head.get("measure", ()),
        cannot_measure=head.get("cannot_measure", ()),
        **{key: head[key] for key in TAKEN_OVER if key in head},
    )
    return protocol if protocol.cannot else _whole(protocol, name)


def _title(head: dict[str, Any], name: str) -> str:
    asked = head.get("experiment")
    if asked is None:
        raise ProtocolError("protocol-missing", "the key title is not there", name)
    if asked not in experiments():
        known = ", ".join(experiments())
        raise ProtocolError("protocol-experiment", f"experiment = '{asked}'", name, f"Possible: {known}.")
    return experiments()[asked].title


def _conditions(values: dict[str, Any], own: set[str], name: str) -> tuple[Condition, ...]:
    common = {key: value for key, value in values.items() if key in own}
    checked(build(Setup, common, (name,)), (name,), alone="conditions" not in values)
    listed = values.get("conditions", {ONLY_CONDITION: {}})
    if not isinstance(listed, dict) or not all(isinstance(c, dict) for c in listed.values()):
        raise ProtocolError("protocol-type", "conditions has to be tables, [conditions.NAME]", name)
    if not 1 <= len(listed) <= MOST_ROWS:
        raise ProtocolError("protocol-range", f"{len(listed)} conditions", name, f"Possible: 1 to {MOST_ROWS}.")
    found = []
    for condition, overrides in listed.items():
        where = (name, "conditions", condition) if "conditions" in values else (name,)
        found.append(Condition(condition, checked(build(Setup, merged(common, overrides), where), where)))
    return tuple(found)


def _whole(protocol: LabProtocol, name: str) -> LabProtocol:
    """The protocol with its measures tied to conditions and outcomes."""
    conditions = tuple(c.name for c in protocol.conditions)
    known = _outcomes(protocol, name)
    measures = tuple((key, _tied(key, row, conditions, known, name)) for key, row in protocol.measures)
    _refuse_unknown(tuple(key for key, _ in protocol.cannot_measure), known, (name, "cannot_measure"))
    _refuse_unknown(protocol.lead, known or tuple(dict(measures)), (name, "lead"))
    for condition in protocol.picture:
        if condition not in conditions:
            raise _impossible(f"picture = '{condition}'", name, conditions)
    if not measures and protocol.experiment is None:
        measures = _usual_measures(protocol)
    return replace(protocol, measures=measures, picture=protocol.picture or conditions[:1])


def _tied(key: str, row: Measure, conditions: tuple[str, ...], known: tuple[str, ...], name: str) -> Measure:
    """One measure with its condition named, or ProtocolError where it asks for what is not there."""
    from charley.lab.measures import MEASURES

    where = (name, "measure", key)
    if row.what not in MEASURES:
        raise _impossible(f"what = '{row.what}'", told(where), MEASURES)
    if row.of is None and len(conditions) > 1:
        step = f"Possible: {', '.join(conditions)}."
        raise ProtocolError("protocol-missing", "the key of is not there", told(where), step)
    row = replace(row, of=row.of or conditions[0])
    for role, asked in (("of", row.of), ("minus", row.minus), ("over", row.over)):
        if asked is not None and asked not in conditions:
            raise _impossible(f"{role} = '{asked}'", told(where), conditions)
    if row.minus is not None and row.over is not None:
        raise ProtocolError("protocol-clash", "minus and over exclude each other", told(where))
    if row.scale is not None and (row.scale.by not in conditions or row.scale.to not in known):
        raise ProtocolError("protocol-range", "scale", told(where), "Possible: by = a condition, to = an outcome.")
    if known:
        _refuse_unknown((key,), known, (name, "measure"))
    return row


def _usual_measures(protocol: LabProtocol) -> tuple[tuple[str, Measure], ...]:
    """What the test of each condition is for, where a protocol names no measure."""
    from charley.lab.measures import usual

    several = len(protocol.conditions) > 1
    return tuple(
        (f"{what}, {condition.name}" if several else what, Measure(what=what, of=condition.name))
        for condition in protocol.conditions
        for what in usual(condition.setup)
    )


def _refuse_unknown(keys: tuple[str, ...], known: tuple[str, ...], where: Place) -> None:
    for key in keys:
        if key not in known:
            raise unknown_key(key, where, known)


def _impossible(found: str, where: str, possible: Iterable[str]) -> ProtocolError:
    return ProtocolError("protocol-range", found, where, f"Possible: {', '.join(possible)}.")


def _outcomes(protocol: LabProtocol, name: str) -> tuple[str, ...]:
    if protocol.experiment is None:
        return ()
    if protocol.experiment not in experiments():
        known = ", ".join(experiments())
        raise ProtocolError("protocol-experiment", f"experiment = '{protocol.experiment}'", name, f"Possible: {known}.")
    return tuple(o.key for o in experiments()[protocol.experiment].outcomes)


def head_keys() -> tuple[tuple[str, str, str, str], ...]:
    """Keys on top of a file beside the setup, for the manual: (path, what is allowed, default, meaning)."""
    plain = ((n, _listed()[n].allowed(), "–", _listed()[n].help) for n in ("picture", "lead", "sources"))
    return (*keys(Head), *plain)


# ---- the protocols that come with Charley ----


@cache
def shipped() -> dict[str, LabProtocol]:
    """All protocols that come with Charley, by id."""
    found = {}
    folder = files(__package__) / "protocols"
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".toml"):
            stem = entry.name.removesuffix(".toml")
            found[stem] = read_text(entry.read_text(encoding="utf-8"), entry.name, stem)
    return found


def find(what: str) -> LabProtocol:
    """The protocol that ``what`` names: an id such as E02, or the path of a file."""
    path = Path(what)
    if path.suffix == ".toml" or path.exists():
        return read_file(path)
    known = {key.lower(): key for key in shipped()}
    if what.lower() not in known:
        step = f"Name a file, or one of: {', '.join(shipped())}."
        raise ProtocolError("protocol-experiment", f"no experiment '{what[:40]}'", next_step=step)
    return shipped()[known[what.lower()]]


__all__ = ["SYNONYMS", "Head", "find", "read_file", "read_text", "read_values", "shipped"]
