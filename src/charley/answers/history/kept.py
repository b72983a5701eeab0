"""A whole answer as bytes, kept so that the same question to an unchanged journal is answered without any model.

It is JSON, of which every number comes back to the last digit, and nothing of it is ever run. Only the installation
that made an answer reads it again (``made_by``).
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from charley.vocabulary import answer as one_run
from charley.vocabulary import over_journal
from charley.vocabulary.answer import Why
from charley.vocabulary.compressed import inflate

PACKAGE = Path(__file__).parents[2]
MOST_BYTES = 64 * 2**20  # the answer to a run of a day and to a thousand runs takes 3 MB
UNUSABLE = (ValueError, KeyError, TypeError)  # what damaged bytes raise when they are read


def name_of(data_sha256: str, seed: int, earlier: Sequence[object]) -> str:
    """The name of an answer: all that it stands on, which is what the journal says, what was answered before (an answer
    says what moved), code and tables, and this computer's year (a runner has an age) and zone (a run has an hour)."""
    now = datetime.now(UTC)
    stands_on = (data_sha256, seed, [repr(e) for e in earlier], made_by(), now.year, time.tzname)
    return hashlib.sha256(repr(stands_on).encode()).hexdigest()


@cache
def made_by(package: Path = PACKAGE) -> str:
    """A name of this installation's code and tables, by size and time of each file: any change is another name."""
    files = []
    for folder, _, names in os.walk(package):
        for name in names:
            if not name.endswith(".pyc"):
                found = os.stat(path := os.path.join(folder, name))
                files.append((path, found.st_size, found.st_mtime_ns))
    return hashlib.sha256(repr(sorted(files)).encode()).hexdigest()


def pack_answer(answer: Why) -> bytes:
    """An answer as bytes."""
    return zlib.compress(json.dumps(_plain(answer)).encode(), 1)


def readable_answer(content: bytes) -> Why | None:
    """The answer from bytes of ``pack_answer``; None where they are none."""
    try:
        found = _made(json.loads(inflate(content, MOST_BYTES)))
    except UNUSABLE:
        return None
    return found if isinstance(found, Why) else None


_ARRAY, _MOMENT = "array", "moment"
_CLASSES: dict[str, Callable[..., Any]] = {
    name: found
    for room in (one_run, over_journal)
    for name, found in vars(room).items()
    if isinstance(found, type) and is_dataclass(found)
}


def _plain(value: Any) -> Any:
    """What JSON can hold: a record, an array and a moment say what they are."""
    if isinstance(value, np.ndarray):
        numbers = base64.b64encode(value.astype("<f8").tobytes()).decode()
        return {"is": _ARRAY, "shape": value.shape, "numbers": numbers}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, datetime):
        return {"is": _MOMENT, "at": value.isoformat()}
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if type(value).__name__ in _CLASSES:
        return {"is": type(value).__name__, **{f.name: _plain(getattr(value, f.name)) for f in fields(value)}}
    return value  # a number, a text, None; anything else JSON refuses


def _made(plain: Any) -> Any:
    """The value that ``_plain`` was given."""
    if isinstance(plain, list):
        return tuple(_made(v) for v in plain)
    if not isinstance(plain, dict):
        return plain
    kind = plain.pop("is")
    if kind == _ARRAY:
        return np.frombuffer(base64.b64decode(plain["numbers"]), "<f8").astype(np.float64).reshape(plain["shape"])
    if kind == _MOMENT:
        return datetime.fromisoformat(plain["at"])
    return _CLASSES[kind](**{name: _made(v) for name, v in plain.items()})
