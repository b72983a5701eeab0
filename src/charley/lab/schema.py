"""The grammar of a protocol file: one frozen dataclass a table, whose fields carry range, unit and meaning.

``build`` turns what TOML gave into such a dataclass and refuses anything else, in one coded line that names the key and
what is allowed. ``merged`` lays a condition over what all conditions share. ``keys`` lists every key for the manual.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeVar

from charley.vocabulary.errors import ProtocolError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Built = TypeVar("Built", bound="DataclassInstance")
Place = tuple[str, ...]  # the file, then the keys that lead to a value
MISSING_FIELD = MISSING  # default of a key that has to be there
MOST_ROWS = 200  # of one kind in one condition


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number from ``low`` to ``high``."""

    low: float
    high: float
    help: str
    whole: bool = False

    def allowed(self) -> str:
        """The range in words."""
        return f"{'a whole number, ' if self.whole else ''}{self.low:g} to {self.high:g}"

    def read(self, value: Any, where: Place) -> float | int:
        """The number, checked."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise _refuse("protocol-type", value, where, self.allowed())
        if not math.isfinite(value) or not self.low <= value <= self.high:
            raise _refuse("protocol-range", value, where, self.allowed())
        if self.whole:
            if value != int(value):
                raise _refuse("protocol-range", value, where, self.allowed())
            return int(value)
        return float(value)


@dataclass(frozen=True, slots=True)
class Word:
    """One of a fixed set of words; ``synonyms`` maps further spellings to one of them."""

    choices: tuple[str, ...]
    help: str
    synonyms: tuple[tuple[str, str], ...] = ()
    code: str = "protocol-range"  # of an unknown word

    def allowed(self) -> str:
        """The words."""
        return ", ".join(self.choices)

    def read(self, value: Any, where: Place) -> str:
        """The word, checked; case, dashes and underscores do not matter."""
        if not isinstance(value, str):
            raise _refuse("protocol-type", value, where, self.allowed())
        plain = _plain(value)
        plain = _plain(dict(self.synonyms).get(plain, plain))
        for choice in self.choices:
            if plain == _plain(choice):
                return choice
        raise _refuse(self.code, value, where, self.allowed())


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    help: str

    def allowed(self) -> str:
        """In words."""
        return "true or false"

    def read(self, value: Any, where: Place) -> bool:
        """The flag, checked."""
        if not isinstance(value, bool):
            raise _refuse("protocol-type", value, where, self.allowed())
        return value


@dataclass(frozen=True, slots=True)
class Text:
    """A text of at most ``longest`` characters."""

    help: str
    longest: int = 600

    def allowed(self) -> str:
        """In words."""
        return "a text"

    def read(self, value: Any, where: Place) -> str:
        """The text, checked."""
        if not isinstance(value, str):
            raise _refuse("protocol-type", value, where, self.allowed())
        if len(value) > self.longest:
            raise _refuse("protocol-range", f"{len(value)} characters", where, f"up to {self.longest} characters")
        return " ".join(value.split())


@dataclass(frozen=True, slots=True)
class Several:
    """One of ``each``, or a list of them."""

    each: Any
    help: str

    def allowed(self) -> str:
        """In words."""
        return "one or a list of: " + str(self.each.allowed())

    def read(self, value: Any, where: Place) -> tuple[Any, ...]:
        """All of them, checked; false is none."""
        if value is False:
            return ()
        values = value if isinstance(value, list) else [value]
        if len(values) > MOST_ROWS:
            raise _refuse("protocol-range", f"{len(values)} rows", where, f"up to {MOST_ROWS}")
        single = not isinstance(value, list)
        if any(v is False for v in values):  # false says that there is none, which no row of a list can
            raise _refuse("protocol-type", False, where, self.allowed())
        return tuple(self.each.read(v, where if single else _row(where, i + 1)) for i, v in enumerate(values))


@dataclass(frozen=True, slots=True)
class Table:
    """A table of its own keys, built into the dataclass ``of``; false is none."""

    of: type
    help: str

    def allowed(self) -> str:
        """Its keys."""
        return f"a table of {', '.join(f.name for f in fields(self.of))}"

    def read(self, value: Any, where: Place) -> Any:
        """The dataclass, or None for false."""
        if value is False:
            return None
        if not isinstance(value, dict):
            raise _refuse("protocol-type", value, where, self.allowed())
        return build(self.of, value, where)


@dataclass(frozen=True, slots=True)
class Named:
    """A table of rows, each under a name of the writer's choice: ``{name: constant}``."""

    each: Any
    help: str

    def allowed(self) -> str:
        """In words."""
        return f"a table of names, each with {self.each.allowed()}"

    def read(self, value: Any, where: Place) -> tuple[tuple[str, Any], ...]:
        """Name and value of each row."""
        if not isinstance(value, dict):
            raise _refuse("protocol-type", value, where, self.allowed())
        if len(value) > MOST_ROWS:
            raise _refuse("protocol-range", f"{len(value)} rows", where, f"up to {MOST_ROWS}")
        return tuple((name, self.each.read(row, (*where, name))) for name, row in value.items())


def number(default: Any, low: float, high: float, help: str, whole: bool = False) -> Any:
    """A field that holds a number."""
    return field(default=default, metadata={"spec": Number(low, high, help, whole)})


def word(
    default: Any,
    choices: tuple[str, ...],
    help: str,
    synonyms: dict[str, str] | None = None,
    code: str = "protocol-range",
) -> Any:
    """A field that holds one of some words; ``code`` is that of the error for another one."""
    return field(default=default, metadata={"spec": Word(choices, help, tuple((synonyms or {}).items()), code)})


def words(choices: tuple[str, ...], help: str) -> Any:
    """A field that holds any of some words."""
    return field(default=(), metadata={"spec": Several(Word(choices, help), help)})


def flag(default: bool, help: str) -> Any:
    """A field that is true or false."""
    return field(default=default, metadata={"spec": Flag(help)})


def text(default: Any, help: str) -> Any:
    """A field that holds a text."""
    return field(default=default, metadata={"spec": Text(help)})


def table(of: type, help: str) -> Any:
    """A field that holds one table, or nothing."""
    return field(default=None, metadata={"spec": Table(of, help)})


def rows(of: type, help: str) -> Any:
    """A field that holds one table or a list of them."""
    return field(default=(), metadata={"spec": Several(Table(of, help), help)})


def named(each: Any, help: str) -> Any:
    """A field that holds rows under names of the writer's choice."""
    return field(default=(), metadata={"spec": Named(each, help)})


def build(cls: type[Built], values: dict[str, Any], where: Place) -> Built:
    """The dataclass that ``values`` describe. Raises ProtocolError for an unknown key, a wrong type or value."""
    specs = {f.name: f for f in fields(cls)}
    for key in values:
        if key not in specs:
            raise unknown_key(key, where, tuple(specs))
    found = {key: specs[key].metadata["spec"].read(value, (*where, key)) for key, value in values.items()}
    for name, f in specs.items():
        if name not in found and f.default is MISSING:
            raise ProtocolError("protocol-missing", f"the key {name} is not there", told(where))
    return cls(**found)


def unknown_key(key: str, where: Place, allowed: tuple[str, ...]) -> ProtocolError:
    """The error for a key that the grammar does not have; the nearest one is named first."""
    near = difflib.get_close_matches(key, allowed, n=1)
    hint = f"Did you mean {near[0]}? Possible" if near else "Possible"
    return ProtocolError("protocol-key", f"unknown key {_short(key)}", told(where), f"{hint}: {', '.join(allowed)}.")


def merged(common: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """``own`` over ``common``: tables are merged key by key, all else is replaced."""
    result = dict(common)
    for key, value in own.items():
        below = result.get(key)
        result[key] = merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return result


def keys(cls: type, path: str = "") -> Iterator[tuple[str, str, str, str]]:
    """Every key below ``cls``: (path, what is allowed, default, meaning), depth first."""
    for f in (f for f in fields(cls) if f.metadata):
        spec = f.metadata["spec"]
        inner = spec.each if isinstance(spec, (Several, Named)) else spec
        name = f"{path}{f.name}" + (".NAME" if isinstance(spec, Named) else "")
        is_table = isinstance(inner, Table)
        plain = inner.allowed() if isinstance(spec, Named) else spec.allowed()
        kind = "list of tables" if is_table and isinstance(spec, Several) else "table" if is_table else plain
        yield name, kind, _default(f.default), spec.help
        if is_table:
            yield from keys(inner.of, f"{name}.")


def _default(value: Any) -> str:
    if value is MISSING:
        return "needed"
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or value == ():
        return "–"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _short(value: Any) -> str:
    shown = f"{value:g}" if isinstance(value, float) else repr(value) if isinstance(value, str) else str(value).lower()
    return shown if len(shown) <= 40 else shown[:37] + "..."


def told(where: Place) -> str:
    """A place in a file, in words: "FILE, ramp.start_hz"."""
    return ", ".join(part for part in (where[0], ".".join(where[1:])) if part)


def _plain(value: str) -> str:
    return " ".join(value.lower().replace("_", " ").replace("-", " ").split())


def _row(where: Place, number: int) -> Place:
    return (*where[:-1], f"{where[-1]}[{number}]")


def _refuse(code: str, value: Any, where: Place, allowed: str) -> ProtocolError:
    return ProtocolError(code, f"{where[-1]} = {_short(value)}", told(where[:-1]), f"Possible: {allowed}.")
