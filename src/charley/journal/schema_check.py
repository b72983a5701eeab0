"""The part of JSON Schema that Charley's own formats use: the same file is their definition and their check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "null": (type(None),),
    "number": (int, float),
    "integer": (int,),
}


class Wrong(Exception):
    """What is wrong with a value, and where: the path in the file, or "" for all of it."""

    def __init__(self, place: str, what: str) -> None:
        super().__init__(f"{place}: {what}" if place else what)


def check(value: Any, rules: Mapping[str, Any], root: Mapping[str, Any], place: str, foreign: set[str]) -> None:
    """Raise Wrong for the first thing that the rules do not allow; names of unknown fields go into ``foreign``."""
    if "$ref" in rules:
        rules = root["$defs"][rules["$ref"].rpartition("/")[2]]
    if "const" in rules and value != rules["const"]:
        raise Wrong(place, f"{_shown(value)}, where {_shown(rules['const'])} must stand")
    if "enum" in rules and value not in rules["enum"]:
        known = ", ".join(str(one) for one in rules["enum"] if one is not None)
        raise Wrong(place, f"{_shown(value)} is none of {known}")
    wanted = rules.get("type")
    kinds = [wanted] if isinstance(wanted, str) else wanted or []
    if kinds and not any(_is(value, kind) for kind in kinds):
        raise Wrong(place, f"{_shown(value)} is no {' or '.join(kinds)}")
    if isinstance(value, dict):
        _fields(value, rules, root, place, foreign)
    elif isinstance(value, list):
        if len(value) > rules.get("maxItems", len(value)):
            raise Wrong(place, f"more than {rules['maxItems']}")
        for number, one in enumerate(value):
            check(one, rules.get("items", {}), root, f"{place}/{number}".lstrip("/"), foreign)
    else:
        _limits(value, rules, place)


def _fields(
    value: dict[str, Any], rules: Mapping[str, Any], root: Mapping[str, Any], place: str, foreign: set[str]
) -> None:
    known = rules.get("properties", {})
    for name in rules.get("required", ()):
        if name not in value:
            raise Wrong(place, f"{name} is missing")
    for name, one in value.items():
        if name in known:
            check(one, known[name], root, f"{place}/{name}".lstrip("/"), foreign)
        elif known:
            foreign.add(name[:40])


def _limits(value: Any, rules: Mapping[str, Any], place: str) -> None:
    if isinstance(value, str):
        if not rules.get("minLength", 0) <= len(value) <= rules.get("maxLength", len(value)):
            raise Wrong(place, "a text that is too short or too long")
        if any("\ud800" <= letter <= "\udfff" or letter == "\0" for letter in value):
            raise Wrong(place, "a text with half a letter in it")
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        low, high = rules.get("minimum", value), rules.get("maximum", value)
        if not low <= value <= high:
            raise Wrong(place, f"{_shown(value)}; possible is {low:g} to {high:g}")


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _TYPES[kind])


def _shown(value: Any) -> str:
    text = str(value)
    return f"'{text[:40]}'" if isinstance(value, str) else text[:40]
