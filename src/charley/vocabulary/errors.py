"""One tree of errors. Each says what was found, where, what to do next, and carries a stable code.

The codes, with what they mean and what to do, stand in ``errors.toml`` beside this file; a code that is not there
cannot be raised. Faces print ``str(error)`` as one line and leave with ``error.exit_code``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import ClassVar

MOST_OF_A_PATH = 300  # characters of a path that are shown


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One row of the registry: a stable code, the class that carries it, its meaning and the next step."""

    code: str
    kind: str
    meaning: str
    next_step: str


@cache
def registry() -> dict[str, ErrorCode]:
    """All codes of errors and warnings, by code."""
    import tomllib  # these two here, so that a command that goes well does not pay for them
    from pathlib import Path

    table = tomllib.loads(Path(__file__).with_name("errors.toml").read_text(encoding="utf-8"))
    return {row["code"]: ErrorCode(**row) for row in table["error"]}


class CharleyError(Exception):
    """Base of all errors that a person can meet. ``found`` and ``where`` are plain text of one line."""

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, found: str, where: str = "", next_step: str = "") -> None:
        entry = registry()[code]
        if entry.kind != type(self).__name__:
            raise TypeError(f"code {code} belongs to {entry.kind}, not to {type(self).__name__}")
        self.code = code
        self.found = _one_line(found)
        self.where = _short(_one_line(where))
        self.next_step = _one_line(next_step or entry.next_step)
        super().__init__(code, found, where, next_step)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.found} [{self.code}] {self.next_step}".strip()


class UsageError(CharleyError):
    """What was asked for cannot be: an unknown word, an impossible value."""

    exit_code = 2


class InputError(CharleyError):
    """The file or the text that was given holds nothing usable."""

    exit_code = 3


class RunFileError(InputError):
    """An activity file that cannot be used as a run."""


class ProtocolError(UsageError):
    """A laboratory protocol with an impossible or unknown entry."""


class SimulationError(CharleyError):
    """A simulation left its range and was stopped; nothing of it is returned."""


class JournalError(CharleyError):
    """The journal cannot be read or written."""

    exit_code = 5


class EvidenceError(CharleyError):
    """The evidence tables contradict their own rules (a defect of ours)."""


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that a person should know about a result that was still given: ``code`` stands in the registry."""

    code: str
    text: str

    def __post_init__(self) -> None:
        if registry()[self.code].kind != "Warned":
            raise TypeError(f"code {self.code} is not a warning")


def _short(place: str) -> str:
    """Of a very long path the two ends."""
    return place if len(place) <= MOST_OF_A_PATH else f"{place[:120]} ... {place[-120:]}"


def _one_line(text: str) -> str:
    """Text with control characters and line breaks taken out, so that a hostile file name cannot draw on a screen."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
