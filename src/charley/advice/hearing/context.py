"""What a clause does with a sign: tells it, denies it, tells it of long ago, or only talks about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from charley.advice.hearing.patterns import SKIPPED, Phrases, without_skipped
from charley.advice.hearing.text import Sentence

TOLD, DENIED, PAST, TALK = "told", "denied", "past", "talk"
SHORT = 12  # words of a short sentence: a question that speaks of nobody in so few is about people in general


@dataclass(frozen=True, slots=True)
class Clause:
    """The words of a clause, and what holds for it whole: ``person`` says that somebody is spoken of."""

    words: tuple[str, ...]
    denials: tuple[int, ...]
    talk: tuple[int, ...]  # the place after each phrase that makes what follows mere talk
    general: bool
    past: bool
    person: bool
    answered_no: bool
    of_words: int  # of the whole sentence
    asks: bool  # the whole sentence ends with a question mark


class Context:
    """The lists of ``context.toml``, ready for use."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._denials = frozenset(table["denials"].split())
        self._breaks = frozenset(table["breaks"].split())
        self._reach = int(table["reach"])
        self._finite = frozenset(table["finite"].split())
        self._fine = frozenset(table["fine"].split())
        self._linking = frozenset(table["linking"].split())
        self._answers_no = frozenset(table["answers_no"].split())
        self._after_no = frozenset(table["after_no"].split())
        self._present = frozenset(table["present"].split())
        self._persons = frozenset(table["persons"].split())
        self._asking = frozenset(table["asking_first"].split())
        self._not_asking = frozenset(table["not_asking"].split())
        self._about_things = frozenset(table["about_things"].split())
        self._pointing = frozenset(tuple(pair.split()) for pair in table["pointing"])
        self._phrases = Phrases(table["phrases"])

    @staticmethod
    def compiled(table: Mapping[str, Any]) -> dict[str, Any]:
        """The table of ``context.toml`` with its lists of phrases made one."""
        kinds = ("denying_phrases", "not_denials", "general", "reported", "past", "recent")
        rows = [(without_skipped(phrase), meaning) for meaning, key in enumerate(kinds) for phrase in table[key]]
        kept = {key: value for key, value in table.items() if key not in kinds}
        return {**kept, "phrases": Phrases.compiled(rows)}

    def clauses(self, sentence: Sentence) -> list[Clause]:
        """The clauses of a sentence; parts of one list ("no pain, fever or swelling") are one clause."""
        parts: list[list[str]] = []
        last = -1
        for word in sentence.words:
            if word.clause != last:
                parts.append([])
                last = word.clause
            parts[-1].append(word.text)
        merged: list[list[str]] = []
        for at, part in enumerate(parts):
            if merged and self._continues(merged[-1], part, parts[at:]):
                merged[-1] = merged[-1] + part
            else:
                merged.append(part)
        everything = [word for part in merged for word in part]
        pairs = list(pairwise(everything))
        points = any(
            pair in self._pointing and not self._about_things & set(everything[at + 2 : at + 3])
            for at, pair in enumerate(pairs)
        )
        person = points or any(word in self._persons for word in everything)
        opens = bool(pairs) and everything[0] in self._asking and everything[1] not in self._not_asking
        asks = sentence.asks or opens
        whole = self._meanings(everything)
        past = bool(whole[4]) and not whole[5]
        reported = bool(whole[3]) and not self._own_after(everything, whole[3])
        out = []
        for at, part in enumerate(merged):
            found = self._meanings(part)
            idle = {place for places in found[1] for place in places}
            denials = [i for i, word in enumerate(part) if word in self._denials and i not in idle]
            denials += [places[-1] for places in found[0]]
            following = merged[at + 1] if at + 1 < len(merged) else []
            out.append(
                Clause(
                    words=tuple(part),
                    denials=tuple(sorted(denials)),
                    talk=tuple(places[-1] + 1 for places in found[2]),
                    general=(asks and not person and (bool(whole[2]) or (opens and len(everything) <= SHORT)))
                    or reported,
                    past=past
                    and not (len(merged) > 1 and not found[4] and any(word in self._present for word in part)),
                    person=person,
                    answered_no=following[:1] != []
                    and following[0] in self._answers_no
                    and all(word in self._answers_no or word in self._after_no for word in following[1:]),
                    of_words=len(everything),
                    asks=sentence.asks,
                )
            )
        return out

    def _meanings(self, words: Sequence[str]) -> list[list[tuple[int, ...]]]:
        found: list[list[tuple[int, ...]]] = [[], [], [], [], [], []]
        for meaning, places in self._phrases.find(words):
            found[meaning].append(places)
        return found

    def _own_after(self, words: Sequence[str], reported: list[tuple[int, ...]]) -> bool:
        """Whether the runner speaks of themselves after the words that report."""
        end = max(places[-1] for places in reported)
        return any(word in ("i", "my", "me") for word in words[end + 1 :])

    def _continues(self, before: Sequence[str], part: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
        if any(word in self._finite or word in self._fine for word in part) or len(part) > 9:
            return False
        if part[0] in ("but", "though", "although", "however", "yet", "except", "whereas", "just", "only", "now"):
            return False
        if any(word in self._denials for word in before):
            # a denial goes on only over a list: it ends in "or" or "nor", or each part has a "no" of its own
            return part[0] in ("or", "nor", "no", "not") or any("or" in other or "nor" in other for other in rest[:3])
        return True

    def status(self, clause: Clause, places: Sequence[int]) -> str:
        """What the clause does with the sign whose words stand at ``places``."""
        if clause.answered_no or self._denied(clause, places) or self._in_order(clause.words, max(places)):
            return DENIED
        first = min(places)
        if clause.general or any(0 <= first - after <= 4 for after in clause.talk):
            return TALK
        return PAST if clause.past else TOLD

    def affirmed(self, clause: Clause) -> tuple[list[str], list[str]]:
        """The words of a clause that are not denied (what stands before the end of a denial goes with it), and what
        holds for them: "past", "talk", "person"."""
        if clause.answered_no:
            return [], []
        states = [self.status(clause, (at,)) for at in range(len(clause.words))]
        last = max((at for at, state in enumerate(states) if state == DENIED), default=-1)
        words = list(clause.words[last + 1 :])
        marks = {PAST: clause.past, TALK: clause.general or TALK in states, "person": clause.person}
        return words, [mark for mark, holds in marks.items() if holds and words]

    def denies(self, clause: Clause) -> bool:
        """Whether a word of denial stands there, whatever it denies."""
        return bool(clause.denials) or clause.answered_no or not self._denials.isdisjoint(clause.words)

    def _denied(self, clause: Clause, places: Sequence[int]) -> bool:
        for denial in clause.denials:
            if denial in places:
                continue
            for place in places:
                if denial < place <= denial + self._reach and not self._broken(clause.words, denial, place):
                    return True
        return False

    def _in_order(self, words: Sequence[str], last: int) -> bool:
        """Whether what is named is said to be in order: "my breathing was perfectly fine"."""
        for word in words[last + 1 :]:
            if word in self._fine:
                return True
            if word not in self._linking:
                return False
        return False

    def _broken(self, words: Sequence[str], denial: int, place: int) -> bool:
        """Whether something new is said between a denial and a word."""
        for at in range(denial + 1, place):
            word = words[at]
            if word in self._breaks:
                return True
            if word == "and" and (
                words[denial] not in ("no", "without")
                or at > denial + 3
                or words[at + 1] in SKIPPED
                or words[at + 1] in self._finite
            ):
                return True
        return False
