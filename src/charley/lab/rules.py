"""Which keys of a setup exclude each other or need each other: the rules that no single key can tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from charley.lab.protocol import Before, Event, Setup, Sip, Train
from charley.lab.schema import Place, told
from charley.neuromuscular import constants
from charley.vocabulary.errors import ProtocolError

MOST_TRAINS = 500
MOST_SHOCKS = 500
FOOT = ("abductor_hallucis", "flexor_hallucis_brevis", "flexor_hallucis_longus")

Happening = TypeVar("Happening", bound=Event)
Clash = tuple[str, str]  # what excludes what, and what to do


def checked(setup: Setup, where: Place, alone: bool = True) -> Setup:
    """The setup with its events timed, or ProtocolError where two of its keys exclude each other.

    ``alone`` is False for what conditions share: a condition may still give what is missing.
    """
    for found, next_step in _clashes(setup, alone):
        raise ProtocolError("protocol-clash", found, told(where), next_step)
    for key, _ in setup.constants:
        if key not in constants(setup.muscle)._fields:
            raise ProtocolError("protocol-constant", f"no constant {key} in the table", told((*where, "constants")))
    for number, row in enumerate(setup.before, start=1):
        _check_before(row, (*where, f"before[{number}]"))
    return replace(
        setup,
        train=_timed(setup, "train", setup.train, where),
        stretch=_timed(setup, "stretch", setup.stretch, where),
        tendon_shock=_timed(setup, "tendon_shock", setup.tendon_shock, where),
        vibration=_timed(setup, "vibration", setup.vibration, where),
        sip=_timed(setup, "sip", setup.sip, where),
        cuff=_timed(setup, "cuff", setup.cuff, where),
        inhibit=_timed(setup, "inhibit", setup.inhibit, where),
    )


def _clashes(setup: Setup, alone: bool) -> Iterator[Clash]:
    yield from _clashes_of_position(setup, alone)
    yield from _clashes_of_people(setup, alone)
    yield from _clashes_of_ramp(setup)
    yield from _clashes_of_reflex(setup)
    later = [b for b in setup.block if b not in ("nerve", "tendon organ")]
    if setup.block_after_onset_s is not None and (later or not setup.block):
        yield "block_after_onset_s holds for the nerve and the tendon organ alone", 'Write block = "nerve".'
    if setup.effort is not None and setup.effort.level is not None and setup.effort.force is not None:
        yield "effort.level and effort.force say the same twice", "Keep one: of the drive, or of the force."
    if setup.follow_s < setup.cramp_s:
        yield "follow_s is shorter than cramp_s, so that nothing would be a cramp", ""


def _clashes_of_position(setup: Setup, alone: bool) -> Iterator[Clash]:
    named = [k for k in ("joint_deg", "ankle_deg", "toe_deg") if getattr(setup, k) is not None]
    if len(named) > 1:
        yield f"{' and '.join(named)} say the same joint twice", "Keep one of them."
    if alone and setup.ankle_deg is not None and setup.muscle in FOOT:
        yield f"{setup.muscle} is moved by the toe, not by the ankle", "Write toe_deg."
    if alone and setup.toe_deg is not None and setup.muscle not in FOOT:
        yield f"{setup.muscle} is moved by the ankle, not by the toe", "Write ankle_deg."


def _clashes_of_people(setup: Setup, alone: bool) -> Iterator[Clash]:
    if setup.matched_hz is not None and setup.ramp is None and alone:
        yield "matched_hz needs a ramp", "People are matched by their threshold."
    if setup.trait_mv is not None and setup.matched_hz is not None:
        yield "trait_mv and matched_hz exclude each other", ""


def _clashes_of_ramp(setup: Setup) -> Iterator[Clash]:
    ramp = setup.ramp
    if ramp is None:
        return
    if setup.effort is not None:
        yield "ramp and effort in one condition", "Put one into before, or make two conditions."
    if ramp.stop_hz < ramp.start_hz:
        yield "ramp.stop_hz lies below ramp.start_hz", ""
    if (ramp.stop_hz - ramp.start_hz) / ramp.step_hz > MOST_TRAINS:
        yield f"a ramp of more than {MOST_TRAINS} trains", "Take larger steps."


def _clashes_of_reflex(setup: Setup) -> Iterator[Clash]:
    reflex = setup.reflex
    if reflex is None:
        return
    if setup.ramp is not None:
        yield "ramp and reflex in one condition", "Make two conditions: a ramp has no clock that is known before."
    if reflex.to_pct < reflex.from_pct:
        yield "reflex.to_pct lies below reflex.from_pct", ""
    elif ((reflex.to_pct - reflex.from_pct) / reflex.step_pct + 1.0) * reflex.each > MOST_SHOCKS:
        yield f"a reflex test of more than {MOST_SHOCKS} shocks", "Take larger steps."


def _timed(setup: Setup, kind: str, events: tuple[Happening, ...], where: Place) -> tuple[Happening, ...]:
    """The events, of which a train without a time begins with the test."""
    return tuple(
        _timed_event(setup, kind, event, told((*where, f"{kind}[{number}]")))
        for number, event in enumerate(events, start=1)
    )


def _timed_event(setup: Setup, kind: str, event: Happening, place: str) -> Happening:
    if event.at_s is not None and event.after_onset_s is not None:
        raise ProtocolError("protocol-clash", "at_s and after_onset_s exclude each other", place)
    if setup.ramp is not None and event.after_onset_s is None:
        step = "Give after_onset_s: a ramp has no clock that is known before."
        raise ProtocolError("protocol-clash", f"{kind} beside a ramp needs after_onset_s", place, step)
    if isinstance(event, Sip) and event.of == "other" and event.strength is None:
        raise ProtocolError("protocol-missing", "a sip of something else needs its strength", place)
    if event.at_s is not None or event.after_onset_s is not None:
        return event
    if not isinstance(event, Train):
        raise ProtocolError("protocol-missing", "neither at_s nor after_onset_s is there", place)
    return replace(event, at_s=0.0)


def _check_before(row: Before, where: Place) -> None:
    acts = [k for k in ("effort", "force", "hold_deg", "train_hz", "cramp", "sip") if getattr(row, k) is not None]
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
