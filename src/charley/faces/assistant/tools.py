"""The tools that an assistant finds, and what each may be asked. All of them only read."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from charley.faces.assistant import answers
from charley.faces.assistant.parts import Part
from charley.vocabulary.errors import UsageError

Told = Mapping[str, Any]  # checked arguments by name
_KINDS = {"string": "a text", "integer": "a whole number", "boolean": "true or false"}


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: ``kind`` is "string", "integer" or "boolean", as in JSON; ``one_of`` lists all that it may be."""

    name: str
    about: str
    kind: str = "string"
    needed: bool = False
    one_of: tuple[str, ...] = ()
    most: int = 0

    def schema(self) -> dict[str, Any]:
        """Its part of the JSON schema."""
        found: dict[str, Any] = {"type": self.kind, "description": self.about}
        if self.one_of:
            found["enum"] = list(self.one_of)
        return found | ({"minimum": 1, "maximum": self.most} if self.most else {})

    def check(self, value: object) -> object:
        """The value. Raises UsageError (mcp-argument) where it is of another kind or none of those possible."""
        if self.kind == "string" and isinstance(value, str):
            if not self.one_of or value in self.one_of:
                return value
            raise UsageError("mcp-argument", f"{value[:40]!r} is none of {', '.join(self.one_of)}", self.name)
        if self.kind == "boolean" and isinstance(value, bool):
            return value
        if self.kind == "integer" and isinstance(value, (int, float)) and not isinstance(value, bool):
            if math.isfinite(value) and value == int(value) and 1 <= value <= self.most:
                return int(value)
            raise UsageError("mcp-argument", f"{str(value)[:40]}; possible is 1 to {self.most}", self.name)
        raise UsageError("mcp-argument", f"this must be {_KINDS[self.kind]}", self.name)


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: ``answer`` makes the parts from checked arguments and the journal's path."""

    name: str
    about: str
    arguments: tuple[Argument, ...]
    answer: Callable[[Told, Path], list[Part]]

    def schema(self) -> dict[str, Any]:
        """Its arguments as a JSON schema."""
        return {
            "type": "object",
            "properties": {argument.name: argument.schema() for argument in self.arguments},
            "required": [argument.name for argument in self.arguments if argument.needed],
            "additionalProperties": False,
        }

    def checked(self, given: Mapping[str, object]) -> dict[str, object]:
        """The arguments that were given. Raises UsageError (mcp-argument); null is as good as left out."""
        known = {argument.name: argument for argument in self.arguments}
        told = {name: value for name, value in given.items() if value is not None}
        for name in told:
            if name not in known:
                raise UsageError("mcp-argument", f"{self.name} has no argument {name[:40]!r}", self.name)
        for argument in self.arguments:
            if argument.needed and argument.name not in told:
                raise UsageError("mcp-argument", f"{argument.name} is missing", self.name)
        return {name: known[name].check(value) for name, value in told.items()}


_COUNTRY = Argument("country", "Two letters (GB, US, DE), for the emergency number.")
_RUN_FORM = '"last", a day such as 2026-10-04, or the first letters of its id'

TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            "why",
            "Why the runner's calves cramp, and how likely it was: over the whole journal, or for one run of it, or "
            "for one file of a watch.",
            (
                Argument("run", f"One run of the journal: {_RUN_FORM}."),
                Argument("file", "Path of one FIT, TCX or GPX file on this machine, instead of the journal."),
                Argument("at", "With file: where it cramped, such as 33km, 2:45:10, halfway."),
            ),
            answers.why,
        ),
        Tool(
            "race",
            "A race to come: finish time, chance of a cramp, what changes would buy, the plan.",
            (
                Argument("distance", "Length: marathon, half, 10k, 50km.", needed=True),
                Argument("goal", "Goal time, such as 3:30:00."),
                Argument("date", "The day, such as 2027-04-11, or day and hour."),
                Argument("temp", "Air temperature at the start, such as 18C or 64F."),
                Argument("rh", "Relative humidity, such as 60%."),
                Argument("studies", "Leave the journal aside: published studies alone.", "boolean"),
            ),
            answers.race,
        ),
        Tool(
            "ask",
            "What studies say about something runners are told, how sure that is, and what the runner's own log says.",
            (Argument("question", "The question, in English.", needed=True), _COUNTRY),
            answers.ask,
        ),
        Tool(
            "help_me",
            "A cramp right now: warning signs first, then what to do. Pass on what the runner wrote, word by word.",
            (
                Argument("text", "What happened, in the runner's own words."),
                Argument("flags", "Warning signs with commas; none = asked, and none is there."),
                Argument("muscle", "What cramps.", one_of=("calf", "thigh_front", "thigh_back", "foot", "shin")),
                Argument("where", "Where the runner is.", one_of=("land", "water", "road", "bed")),
                _COUNTRY,
            ),
            answers.help_me,
        ),
        Tool(
            "runs",
            "The latest runs of the journal: day, length, time, and whether a cramp was reported.",
            (Argument("limit", "How many, latest first.", "integer", most=20),),
            answers.runs,
        ),
    )
}
