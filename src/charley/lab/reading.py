"""A protocol file -> a checked ``LabProtocol``. What is wrong is one coded line with the key and what is allowed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from charley.evidence import experiments
from charley.lab.protocol import SYNONYMS, Before, Condition, LabProtocol, Measure, Setup
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
from charley.neuromuscular import constants
from charley.vocabulary.errors import ProtocolError

LARGEST_BYTES = 200_000
MOST_TRAINS = 500
FOOT = ("abductor_hallucis", "flexor_hallucis_brevis", "flexor_hallucis_longus")
EVENTS = ("train", "stretch", "tendon_shock", "vibration", "sip", "cuff", "inhibit")
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


def checked(setup: Setup, where: Place, alone: bool = True) -> Setup:
    """The setup with its events timed, or ProtocolError where two of its keys exclude each other.

    ``alone`` is False for what conditions share: a condition may still give what is missing.
    """

    def clash(found: str, next_step: str = "") -> ProtocolError:
        return ProtocolError("protocol-clash", found, told(where), next_step)

    named_angles = [k for k in ("joint_deg", "ankle_deg", "toe_deg") if getattr(setup, k) is not None]
    if len(named_angles) > 1:
        raise clash(f"{' and '.join(named_angles)} say the same joint twice", "Keep one of them.")
    if alone and setup.ankle_deg is not None and setup.muscle in FOOT:
        raise clash(f"{setup.muscle} is moved by the toe, not by the ankle", "Write toe_deg.")
    if alone and setup.toe_deg is not None and setup.muscle not in FOOT:
        raise clash(f"{setup.muscle} is moved by the ankle, not by the toe", "Write ankle_deg.")
    if setup.matched_hz is not None and setup.ramp is None and alone:
        raise clash("matched_hz needs a ramp", "People are matched by their threshold.")
    if setup.trait_mv is not None and setup.matched_hz is not None:
        raise clash("trait_mv and matched_hz exclude each other")
    if setup.ramp is not None:
        if setup.effort is not None:
            raise clash("ramp and effort in one condition", "Put one into before, or make two conditions.")
        if setup.ramp.stop_hz < setup.ramp.start_hz:
            raise clash("ramp.stop_hz lies below ramp.start_hz")
        if (setup.ramp.stop_hz - setup.ramp.start_hz) / setup.ramp.step_hz > MOST_TRAINS:
            raise clash(f"a ramp of more than {MOST_TRAINS} trains", "Take larger steps.")
    later = [b for b in setup.block if b not in ("nerve", "tendon organ")]
    if setup.block_after_onset_s is not None and (later or not setup.block):
        raise clash("block_after_onset_s holds for the nerve and the tendon organ alone", 'Write block = "nerve".')
    for key, _ in setup.constants:
        if key not in constants(setup.muscle)._fields:
            raise ProtocolError("protocol-constant", f"no constant {key} in the table", told((*where, "constants")))
    for number_, row in enumerate(setup.before, start=1):
        _check_before(row, (*where, f"before[{number_}]"))
    if setup.follow_s < setup.cramp_s:
        raise clash("follow_s is shorter than cramp_s, so that nothing would be a cramp")
    timed: dict[str, Any] = {kind: _timed(setup, kind, where) for kind in EVENTS}
    return replace(setup, **timed)


def _timed(setup: Setup, kind: str, where: Place) -> tuple[Any, ...]:
    events = []
    for number_, event in enumerate(getattr(setup, kind), start=1):
        place = told((*where, f"{kind}[{number_}]"))
        both = event.at_s is not None and event.after_onset_s is not None
        if both:
            raise ProtocolError("protocol-clash", "at_s and after_onset_s exclude each other", place)
        if setup.ramp is not None and event.after_onset_s is None:
            step = "Give after_onset_s: a ramp has no clock that is known before."
            raise ProtocolError("protocol-clash", f"{kind} beside a ramp needs after_onset_s", place, step)
        if event.at_s is None and event.after_onset_s is None:
            if kind != "train":
                raise ProtocolError("protocol-missing", "neither at_s nor after_onset_s is there", place)
            event = replace(event, at_s=0.0)
        if kind == "sip" and event.of == "other" and event.strength is None:
            raise ProtocolError("protocol-missing", "a sip of something else needs its strength", place)
        events.append(event)
    return tuple(events)


def _check_before(row: Before, where: Place) -> None:
    acts = [k for k in ("effort", "hold_deg", "train_hz", "cramp", "sip") if getattr(row, k) is not None]
    acts += ["cuff"] if row.cuff else []
    if row.rest_min is not None and row.rest_s is not None:
        raise ProtocolError("protocol-clash", "rest_min and rest_s say the same twice", told(where))
    if len(acts) > 1:
        step = "Make two rows of them: what is done in order stands in order."
        raise ProtocolError("protocol-clash", f"{' and '.join(acts)} in one row", told(where), step)
    if not acts and row.rest_min is None and row.rest_s is None:
        raise ProtocolError("protocol-missing", "the row says nothing to do", told(where))
    if row.sip == "other" and row.strength is None:
        raise ProtocolError("protocol-missing", "a sip of something else needs its strength", told(where))


def _whole(protocol: LabProtocol, name: str) -> LabProtocol:
    """The protocol with its measures tied to conditions and outcomes."""
    from charley.lab.measures import MEASURES, usual

    conditions = tuple(c.name for c in protocol.conditions)
    known = _outcomes(protocol, name)
    measures = []
    for key, row in protocol.measures:
        where = (name, "measure", key)
        if row.what not in MEASURES:
            raise ProtocolError(
                "protocol-range", f"what = '{row.what}'", told(where), f"Possible: {', '.join(MEASURES)}."
            )
        if row.of is None and len(conditions) > 1:
            raise ProtocolError(
                "protocol-missing", "the key of is not there", told(where), f"Possible: {', '.join(conditions)}."
            )
        row = replace(row, of=row.of or conditions[0])
        for role in ("of", "minus", "over"):
            asked = getattr(row, role)
            if asked is not None and asked not in conditions:
                raise ProtocolError(
                    "protocol-range", f"{role} = '{asked}'", told(where), f"Possible: {', '.join(conditions)}."
                )
        if row.minus is not None and row.over is not None:
            raise ProtocolError("protocol-clash", "minus and over exclude each other", told(where))
        if row.scale is not None and (row.scale.by not in conditions or row.scale.to not in known):
            raise ProtocolError("protocol-range", "scale", told(where), "Possible: by = a condition, to = an outcome.")
        if known and key not in known:
            raise unknown_key(key, (name, "measure"), known)
        measures.append((key, row))
    for key, _ in protocol.cannot_measure:
        if key not in known:
            raise unknown_key(key, (name, "cannot_measure"), known)
    for key in protocol.lead:
        if key not in (known or dict(protocol.measures)):
            raise unknown_key(key, (name, "lead"), known or tuple(dict(protocol.measures)))
    for condition in protocol.picture:
        if condition not in conditions:
            raise ProtocolError(
                "protocol-range", f"picture = '{condition}'", name, f"Possible: {', '.join(conditions)}."
            )
    if not measures and protocol.experiment is None:
        measures = [
            (f"{what}{'' if len(conditions) == 1 else f', {condition}'}", Measure(what=what, of=condition))
            for condition in conditions
            for what in usual(protocol.condition(condition).setup)
        ]
    return replace(protocol, measures=tuple(measures), picture=protocol.picture or conditions[:1])


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
