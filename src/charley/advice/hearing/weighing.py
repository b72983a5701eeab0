"""The signs of the table and what was learnt, weighed against each other: which signs are told, and when to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from charley.advice.hearing.learnt import Learnt

FEWEST_WORDS = 4  # that a text must hold for a sign to be told by what was learnt alone
MOST_WORDS = (
    120  # of a sentence that can hold a sign back: the weights have met hardly a longer one, a sign is lost in it
)
SOME, URGENT, EMERGENCY = "some", "urgent", "emergency"  # targets of what was learnt: a text of at least that urgency


@dataclass(frozen=True, slots=True)
class Marked:
    """What the table alone makes of some sentences, signs by number."""

    told: set[int]
    denied: set[int]
    past: set[int]
    talk: set[int]
    said: set[int]  # told in the very words of the table, and shortly
    figures: frozenset[int]  # signs of which there is a figure of speech
    alarm: bool  # somebody may be ill, and how is not named or is named by a lesser sign alone


@dataclass(frozen=True, slots=True)
class Said:
    """Some sentences: what the table makes of them, their pieces, and how many words are not denied."""

    marked: Marked
    pieces: Mapping[str, float]
    words: int


class Weighing:
    """``limits``: of ``limits.toml``; ``ids`` and ``levels`` (0 to 3) of the signs; ``lesser``: those of no urgency."""

    def __init__(
        self, limits: Mapping[str, float], ids: Sequence[str], levels: Sequence[int], lesser: frozenset[int]
    ) -> None:
        self.limits = limits
        self._ids = ids
        self._levels = levels
        self._lesser = lesser

    def weighed(self, texts: Sequence[Said], learnt: Learnt) -> tuple[set[int], bool]:
        """The signs that are told, and whether the screen questions are asked. ``texts``: the whole, then each
        sentence by itself where there are several.

        The grave signs of the table stand unless no part of the text sounds like danger (less is enough where one is
        said shortly in the table's own words); then the screen questions are asked, or nothing where it sounds like
        none at all. They always stand where nothing was learnt of one, and where a sentence is very long. A text that
        sounds much like danger tells its likeliest sign. More sentences only add parts, so they take nothing back.
        """
        return self.judged(texts, [learnt.scores(text.pieces) for text in texts])

    def judged(self, texts: Sequence[Said], scores: Sequence[Mapping[str, float]]) -> tuple[set[int], bool]:
        """``weighed``, where the ``scores`` of the texts are known."""
        limits = self.limits
        whole, marked = scores[0], texts[0].marked
        highest = max(of_text[URGENT] for of_text in scores)
        likely, gravely = (
            max([whole[level], *(of_part[level] - limits["part"] for of_part in scores[1:])])
            for level in (URGENT, EMERGENCY)
        )
        told = marked.told
        grave = told - self._lesser
        short = all(text.words <= MOST_WORDS for text in (texts[1:] or texts))
        weighable = grave and short and all(self._ids[sign] in whole for sign in grave)
        if weighable and highest < limits["said" if grave & marked.said else "doubt"]:
            return told & self._lesser, highest >= limits["drop"] or gravely >= limits["ask_emergency"]
        for text, of_text in zip(texts, scores, strict=True):
            if text.words >= FEWEST_WORDS:
                told = told | self._likeliest(of_text, told, marked.figures)
        if told - self._lesser:
            return told, False
        heard = likely >= limits["ask"] or gravely >= limits["ask_emergency"]
        return told, heard or (marked.alarm and likely >= limits["calm"])

    def _likeliest(self, scores: Mapping[str, float], told: set[int], figures: frozenset[int]) -> set[int]:
        """The likeliest sign of the gravest level that a text sounds like, where none of that level is told; none where
        it is one of which the text holds a figure of speech."""
        for level, wanted in ((EMERGENCY, 3), (URGENT, 2), (SOME, 1)):
            if any(self._levels[sign] >= wanted for sign in told):
                return set()
            signs = [sign for sign, of in enumerate(self._levels) if of == wanted and self._ids[sign] in scores]
            best = max(signs, key=lambda sign: scores[self._ids[sign]])
            if scores[level] >= self.limits[level] and scores[self._ids[best]] >= self.limits["sign"]:
                return set() if best in figures else {best}
        return set()
