"""Slips of the finger put right: words that nobody knows become the nearest word that the ear knows.

One letter more, less, other or swapped from four letters on, two from eight on. A word that is known is never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

SHORTEST = 4  # letters; shorter words are taken as they stand
TWO_FROM = 8  # letters from which two slips are put right
ENDINGS = (
    "nesses",
    "ings",
    "edly",
    "ness",
    "ing",
    "ies",
    "ied",
    "est",
    "ers",
    "ily",
    "ed",
    "es",
    "er",
    "ly",
    "s",
    "y",
    "e",
)


def stem(word: str) -> str:
    """The word without its ending, for comparing forms of one word ("cramping", "cramps"): at least three letters."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]  # "stopped", "dripping"
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word


def distance(a: str, b: str, most: int) -> int:
    """Letters to add, drop, change or swap between two words (optimal string alignment); above ``most``, most + 1."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]


class Speller:
    """Knows ``targets``, to which slips are corrected, with how common each is; ``others`` stay as they are."""

    def __init__(self, targets: dict[str, int], others: Iterable[str], slips: Mapping[str, str]) -> None:
        self._targets = targets
        self._slips = slips  # short ones, and those that are words of their own elsewhere
        self._known = frozenset(targets) | frozenset(others)
        self._stems: dict[str, str] = {}
        self._by_letter: dict[str, list[str]] = {}
        for word in targets:
            self._by_letter.setdefault(word[:1], []).append(word)

    def known(self, word: str) -> bool:
        """Whether the word stands as it is."""
        return word in self._known or not word.isascii() or not word.isalpha()

    def read(self, word: str) -> tuple[str, ...]:
        """The word or words that are meant; the word itself where it is known or nothing comes near."""
        if word in self._slips:
            return tuple(self._slips[word].split())
        if self.known(word):
            return (word,)
        form = self._with_letter(word) or self._form(word)
        if form is not None:
            return (form,)
        return self._nearest(word) or self._split(word) or (word,)

    def _with_letter(self, word: str) -> str | None:
        """The commonest known word that has one letter more and the same beginning and ending ("droped", "craping")."""
        if len(word) <= SHORTEST:
            return None
        longer = [
            other
            for other in self._by_letter.get(word[0], ())
            if len(other) == len(word) + 1 and other[-2:] == word[-2:] and distance(word, other, 1) == 1
        ]
        return max(longer, key=lambda other: (self._targets[other], other), default=None)

    def _form(self, word: str) -> str | None:
        """A known word of the same stem."""
        if not self._stems:
            for other in self._targets:
                self._stems.setdefault(stem(other), other)
        return self._stems.get(stem(word)) if len(word) > SHORTEST else None

    def _nearest(self, word: str) -> tuple[str, ...]:
        if len(word) < SHORTEST:
            return ()
        most = 2 if len(word) >= TWO_FROM else 1
        first = {word[0], word[1]} if len(word) > SHORTEST else {word[0]}
        best: tuple[int, int, str] | None = None
        for letter in first:
            for other in self._by_letter.get(letter, ()):
                if len(other) < SHORTEST or abs(len(other) - len(word)) > most:
                    continue
                away = distance(word, other, most)
                if away > most or (away == 2 and other[0] != word[0]):
                    continue
                better = (away, -self._targets[other], other)
                if best is None or better < best:
                    best = better
        return () if best is None else (best[2],)

    def _split(self, word: str) -> tuple[str, ...]:
        """Two known words typed as one ("chestpain")."""
        for at in range(3, len(word) - 2):
            one, two = word[:at], word[at:]
            if one in self._targets and two in self._targets:
                return (one, two)
        return ()
