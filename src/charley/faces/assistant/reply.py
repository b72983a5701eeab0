"""One request of an assistant, answered: danger first, the answer short, one line for whatever is wrong with it."""

from __future__ import annotations

import json
import os
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from charley.faces.assistant import danger
from charley.faces.assistant.parts import Part, fitted
from charley.faces.assistant.tools import TOOLS, Tool
from charley.vocabulary.errors import CharleyError, UsageError, registry
from charley.vocabulary.words import words

_MOST_FOUND = 160  # letters of what was found, in an error
_REMEMBERED = 64  # answers; the journal is only read, so what was worked out cannot be kept in it


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back: a text within the limit, and whether the request could not be answered."""

    text: str
    is_error: bool


@dataclass(slots=True)
class Desk:
    """Answers requests about one journal, one after the other."""

    journal: Path
    _known: OrderedDict[str, list[Part]] = field(default_factory=OrderedDict)

    def reply(self, name: str, given: Mapping[str, object] | None) -> Reply:
        """The answer to one request. Whatever was asked, this raises nothing but what stops a program."""
        from charley.faces.report.wording.words import RED_FLAGS

        given = given or {}
        first = danger.First()
        try:
            first = danger.first(_said(name, given), given.get("country"))
            parts = self._parts(name, given, first)
        except Exception as error:
            return Reply(fitted([*first.parts, Part(_line(error)), Part(RED_FLAGS)]), is_error=True)
        return Reply(fitted([*parts, Part(words("scope.line"), 9), Part(RED_FLAGS)]), is_error=False)

    def _parts(self, name: str, given: Mapping[str, object], first: danger.First) -> list[Part]:
        if first.only and name != "help_me":
            return list(first.parts)
        if name not in TOOLS:
            raise UsageError("mcp-tool", f"there is no tool {name[:40]!r}")
        tool = TOOLS[name]
        answer = self._worked_out(tool, tool.checked(given))
        if name == "help_me" and first.parts:  # it has heard the same signs, and what else it was told
            return list(first.parts) if first.translated else answer
        return [*first.parts, *answer]

    def _worked_out(self, tool: Tool, told: Mapping[str, object]) -> list[Part]:
        from charley.api.journal import reading_only

        key = json.dumps([tool.name, dict(told), _state(self.journal), _state(Path(str(told.get("file", ""))))])
        if key not in self._known:
            with reading_only():
                self._known[key] = tool.answer(told, self.journal)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return self._known[key]


def _said(name: str, given: Mapping[str, object]) -> list[str]:
    """All texts but the names that are ours: of the tool and of its arguments."""
    ours = {argument.name for tool in TOOLS.values() for argument in tool.arguments}
    names = [one for one in (name, *given) if one not in TOOLS and one not in ours]
    return [*names, *danger.texts(list(given.values()))]


def _line(error: Exception) -> str:
    """Whatever went wrong as one line with its code.

    Only what was asked is repeated: what a file or a journal holds may be an order to an assistant.
    """
    if isinstance(error, UsageError):
        short = error.found[:_MOST_FOUND] + ("…" if len(error.found) > _MOST_FOUND else "")
        return str(type(error)(error.code, short, error.where, error.next_step))
    if isinstance(error, CharleyError):
        row = registry()[error.code]
        return f"{row.meaning} [{row.code}] {row.next_step}"
    if isinstance(error, MemoryError):
        return str(CharleyError("memory-short", "this needs more memory than there is"))
    if isinstance(error, OSError) and error.filename is not None:
        return str(UsageError("path-refused", error.strerror or type(error).__name__, str(error.filename)))
    return str(CharleyError("defect", type(error).__name__))


def _state(file: Path) -> list[tuple[int, int]]:
    """Which bytes a file holds, as far as the system tells."""
    found = []
    for one in (file, Path(f"{file}-wal")):
        try:
            there = os.stat(one)
            found.append((there.st_mtime_ns, there.st_size))
        except (OSError, ValueError):  # ValueError: a name with a zero byte
            found.append((0, 0))
    return found
