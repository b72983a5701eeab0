"""Patterns over words: phrases, and classes of words near each other. Compiled once, ahead of time.

A class is a list of words; "_" joins several words into one entry ("black_out"), "<10-90>" stands for a number in that
range. A rule ("CHEST + HURT") holds where one entry of each of its parts stands within a few words, in any order;
"~14" at its end lets it reach over 14 words and over clauses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

NEAR = 7  # words that a rule of two parts may span; each further part adds two
# fmt: off
SKIPPED = frozenset([  # these may stand between the words of a phrase
    "my", "his", "her", "the", "a", "an", "your", "their", "our", "its", "this", "that", "these", "those", "some",
    "really", "very", "quite", "totally", "completely", "just", "now", "also", "actually", "literally",
])
# fmt: on
LIGHT = SKIPPED | frozenset(
    ["of", "in", "on", "at", "to", "into", "from", "for", "with", "bit", "kind", "sort", "all"]
)  # no step between words
NUMBER = re.compile(r"<(\d+)-(\d+)>$")
UNITS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBER_WORDS = {word: number for number, word in enumerate(UNITS.split(), 2)}
NUMBER_WORDS |= {word: 10 * number for number, word in enumerate(TENS.split(), 2)}


@dataclass(frozen=True, slots=True)
class Rule:
    """Parts, of each of which one entry must be there: indices of classes."""

    parts: tuple[int, ...]
    wide: int = 0  # words that a rule may span over the clauses of a text ("~14"); 0 = within one clause

    @property
    def span(self) -> int:
        """Most words from the first to the last of a match."""
        return self.wide or NEAR + 2 * (len(self.parts) - 2)


class Classes:
    """Numbers the classes of words, named ones and those that stand in a rule ("arm|arms"), once each."""

    def __init__(self, named: Mapping[str, str]) -> None:
        self._named = named
        self._number: dict[str, int] = {}
        self.entries: list[tuple[str, ...]] = []

    def number(self, part: str) -> int:
        """The number of a part of a rule."""
        words = sorted({word for piece in part.split("|") for word in self._named.get(piece, piece).split()})
        key = " ".join(words)
        if key not in self._number:
            self._number[key] = len(self.entries)
            self.entries.append(tuple(words))
        return self._number[key]

    def rule(self, text: str) -> Rule:
        """A rule as it is written, "CHEST + HURT", or "CHEST + HURT ~14" for one that reaches over clauses."""
        body, _, wide = text.partition(" ~")
        return Rule(tuple(self.number(part.strip()) for part in body.split(" + ")), int(wide or 0))


class Phrases:
    """Phrases by their first word, each with what it stands for; words in ``SKIPPED`` may stand in between.

    ``compiled``: what ``Phrases.compiled`` made ahead of time; the phrases of a word are read when the word is met.
    """

    def __init__(self, compiled: Mapping[str, str]) -> None:
        self._texts = compiled
        self._read: dict[str, list[tuple[tuple[str, ...], int]]] = {}

    @staticmethod
    def compiled(rows: Iterable[tuple[str, int]]) -> dict[str, str]:
        """Rows of a phrase and its meaning, by the first word; those that begin with a number stand under "<"."""
        by_first: dict[str, list[str]] = {}
        for phrase, meaning in rows:
            first = phrase.split()[0]
            by_first.setdefault("<" if first.startswith("<") else first, []).append(f"{phrase}={meaning}")
        return {first: "|".join(by_first[first]) for first in sorted(by_first)}

    def find(self, words: Sequence[str]) -> list[tuple[int, tuple[int, ...]]]:
        """Meaning and positions of each phrase in the words, once for each place."""
        found = []
        for start, word in enumerate(words):
            rows = self._of(word)
            if word[0].isdigit() or word in NUMBER_WORDS:
                rows = [*rows, *self._of("<")]
            for phrase, meaning in rows:
                places = _along(phrase, words, start)
                if places is not None:
                    found.append((meaning, places))
        return found

    def _of(self, first: str) -> list[tuple[tuple[str, ...], int]]:
        """The phrases that begin with a word."""
        if first not in self._read:
            texts = (text.rpartition("=") for text in self._texts.get(first, "").split("|") if text)
            self._read[first] = [(tuple(phrase.split()), int(meaning)) for phrase, _, meaning in texts]
        return self._read[first]


def _along(phrase: Sequence[str], words: Sequence[str], start: int) -> tuple[int, ...] | None:
    """The places of a phrase's words from ``start`` on, or None where they do not follow each other."""
    places: list[int] = []
    at = start
    for pattern in phrase:
        while at < len(words) and not _same(pattern, words[at]) and words[at] in SKIPPED and places:
            at += 1
        if at >= len(words) or not _same(pattern, words[at]):
            return None
        places.append(at)
        at += 1
    return tuple(places)


def without_skipped(phrase: str) -> str:
    """A phrase without the words that may stand between its own; the first and the last word stay."""
    first, *rest = phrase.split()
    inner = [word for word in rest[:-1] if word not in SKIPPED]
    return " ".join([first, *inner, *rest[-1:]])


def _same(pattern: str, word: str) -> bool:
    if pattern == word:
        return True
    between = NUMBER.match(pattern)
    return bool(between and in_range(word, int(between[1]), int(between[2])))


def in_range(word: str, low: int, high: int) -> bool:
    """Whether a word is a number within limits; of "twenty five" the "twenty" is."""
    try:
        return low <= NUMBER_WORDS.get(word, float(word.replace(",", ".") if word[0].isdigit() else "nan")) <= high
    except ValueError:
        return False


def steps(words: Sequence[str]) -> list[int]:
    """For each word how many words that count stand before it; those in ``LIGHT`` do not."""
    return list(accumulate((word not in LIGHT for word in words), initial=0))[:-1]


def closest(places: Sequence[Sequence[int]], span: int, step: Sequence[int]) -> list[tuple[int, ...]]:
    """One place of each list, all different, within ``span`` steps: for each first place the tightest choice."""
    found: list[tuple[int, ...]] = []
    for at in places[0]:
        chosen = [at]
        low = high = step[at]
        for others in places[1:]:
            free = [p for p in others if p not in chosen and abs(step[p] - step[at]) < span]
            if not free:
                break
            best = min(free, key=lambda p: (max(high, step[p]) - min(low, step[p]), abs(p - at)))
            chosen.append(best)
            low, high = min(low, step[best]), max(high, step[best])
        else:
            if high - low < span:
                found.append(tuple(chosen))
    return found
