"""An answer as parts in the order in which they are read, and how it is made to fit."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

MOST_BYTES = 2000  # of one answer, as it is sent
ENVELOPE_BYTES = 250  # of them for what is around the text: id, type, whether it is an error
_CUT = " …"


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph; ``rank`` 0 always stays, of the others the highest goes first where there is no room."""

    text: str
    rank: int = 0


def fitted(parts: Iterable[Part]) -> str:
    """The parts as one text that fits; what always stays is cut behind a word where even that is too long."""
    kept = [part for part in parts if part.text]
    while not fits(_joined(kept)) and any(part.rank for part in kept):
        kept.remove(max(reversed(kept), key=lambda part: part.rank))
    while not fits(_joined(kept)):
        longest = max(kept, key=lambda part: len(part.text))
        kept[kept.index(longest)] = Part(_shorter(longest.text))
    return _joined(kept)


def fits(text: str) -> bool:
    """Whether a text, written as JSON, leaves room for its envelope."""
    return len(json.dumps(text, ensure_ascii=False).encode()) <= MOST_BYTES - ENVELOPE_BYTES


def _joined(parts: list[Part]) -> str:
    # a lone half of a letter, which JSON may carry, can be sent by nobody
    return "\n".join(part.text for part in parts).encode("utf-8", "replace").decode()


def _shorter(text: str) -> str:
    words = text.removesuffix(_CUT)[: int(0.9 * len(text))]
    return (words.rpartition(" ")[0] or words) + _CUT
