"""JSON of a stranger's, as Python's objects: within limits that are looked at before anything is built."""

from __future__ import annotations

import json
import re
from typing import Any

from charley.activities import limits
from charley.vocabulary.errors import RunFileError

Object = dict[str, Any]
_BARE_KEYS = re.compile(rb"([{,]\s*)(-?\d+(?:\.\d+)?)(\s*:)")


def load(data: bytes, name: str, *, bare_keys: bool = False) -> Any:
    """What the text holds. With ``bare_keys`` also where numbers are keys without quotation marks.

    Raises RunFileError: json-unreadable, and file-limits for more objects than any recording has: an object of two
    letters takes a hundred bytes.
    """
    if data.count(b"{") + data.count(b"[") > limits.JSON_OBJECTS or data.count(b",") > limits.JSON_VALUES:
        raise limits.too_large(name, f"more than {limits.JSON_OBJECTS} objects or {limits.JSON_VALUES} values")
    try:
        return json.loads(data)
    except ValueError as error:
        if bare_keys:
            return load(_BARE_KEYS.sub(rb'\1"\2"\3', data), name)
        where = f"at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "and no text in UTF-8"
        raise RunFileError("json-unreadable", f"the JSON is broken {where}", name) from error


def objects(raw: object) -> list[Object]:
    """The objects in a list; nothing of what is none."""
    return [item for item in raw if isinstance(item, dict)] if isinstance(raw, list) else []


def object_of(raw: object) -> Object:
    """An object, an empty one for what is none."""
    return raw if isinstance(raw, dict) else {}
