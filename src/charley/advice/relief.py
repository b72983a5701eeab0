"""What ends a cramp: the steps in order, for the muscle and the place, without those that triage forbids."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from charley.advice.tables import load
from charley.vocabulary.errors import UsageError

LOG_COMMAND = "charley log cramp --run last {when} --muscle {muscle} --side left --severity 3"
LOG_WHEN = {"bed": "--after night"}  # elsewhere: a place in the run
PATIENCE_S = 600  # after that a cramp that has not let go is triaged again; the limit is argued in triage.toml


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. ``uses`` is the word by which triage may forbid it; ``seconds`` is None where none is meant."""

    id: str
    text: str
    uses: str
    why: str = ""
    seconds: int | None = None
    source_ids: tuple[str, ...] = ()
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Muscle:
    """A muscle that cramps, and how it is lengthened where the runner is."""

    id: str
    label: str
    logged_as: str
    short: str
    land: str
    water: str
    bed: str

    def lengthen(self, place: str) -> str:
        """The sentence for a place; on a road as on land."""
        return {"water": self.water, "bed": self.bed}.get(place, self.land)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the runner is, and what has to come before all else there."""

    id: str
    label: str
    first: str


@cache
def muscles() -> dict[str, Muscle]:
    """The muscles, by id."""
    return {row["id"]: Muscle(**row) for row in load("relief")["muscle"]}


@cache
def places() -> dict[str, Place]:
    """The places, by id."""
    return {row["id"]: Place(**row) for row in load("relief")["place"]}


def relief(muscle: str = "calf", place: str = "land", forbidden: frozenset[str] = frozenset()) -> tuple[Step, ...]:
    """The steps for a muscle ("calf", "thigh_front", ...) at a place ("land", "water", "road", "bed"), in order.

    ``forbidden`` holds the words of triage ("stretch", "massage", "heat", "jog", "mouth", "pickle" ...); where
    stretching is forbidden nothing but the first step and the log is left.
    """
    if muscle not in muscles():
        raise UsageError("muscle-unknown", f"no such muscle: {muscle[:40]}", "", f"Valid: {', '.join(muscles())}")
    if place not in places():
        raise UsageError("place-unknown", f"no such place: {place[:40]}", "", f"Valid: {', '.join(places())}")
    which = muscles()[muscle]
    steps = [Step("first", places()[place].first, "stop")]
    if "stretch" not in forbidden:
        hold = next(row for row in load("relief")["step"] if row["id"] == "hold")
        sources = tuple(hold["source_ids"])
        steps.append(Step("lengthen", which.lengthen(place), "stretch", hold["why"], None, sources, hold["grade"]))
    for row in load("relief")["step"]:
        if place not in row["places"] or row["uses"] in forbidden:
            continue
        if "stretch" in forbidden and row["uses"] not in ("log",):
            continue
        command = LOG_COMMAND.format(when=LOG_WHEN.get(place, "--at 33km"), muscle=which.logged_as)
        text = row.get(place, row["text"]).format(command=command)
        steps.append(
            Step(row["id"], text, row["uses"], row["why"], row.get("seconds"), tuple(row["source_ids"]), row["grade"])
        )
    return tuple(steps)


def hold_timer(let_go: Callable[[], bool], wait: Callable[[int], None], patience_s: int = PATIENCE_S) -> Iterator[int]:
    """Rounds of the hold, as seconds left to count down; ends when ``let_go`` says so or after ``patience_s``.

    ``wait`` is called with each second count that is shown, and ``let_go`` is asked between two rounds.
    """
    seconds = next(row["seconds"] for row in load("relief")["step"] if row["id"] == "hold")
    held = 0
    while held < patience_s:
        for left in range(seconds, 0, -1):
            yield left
            wait(1)
        held += seconds
        if let_go():
            return
