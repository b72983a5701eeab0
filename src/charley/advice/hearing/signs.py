"""Warning signs in what people write: which are told, which are denied, which are only talked about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from charley.advice.hearing.context import DENIED, PAST, SHORT, TALK, TOLD, Clause, Context
from charley.advice.hearing.learnt import Learnt, danger_pieces
from charley.advice.hearing.patterns import NUMBER_WORDS, Phrases, Rule, closest, in_range, steps
from charley.advice.hearing.text import Sentence
from charley.advice.hearing.weighing import Marked, Said, Weighing

# What holds for a text, as pieces of what is learnt.
YEAR, ASKS, NET, SHORTLY, FIGURE = "year", "asks", "may be ill", "shortly", "figure"


@dataclass(frozen=True, slots=True)
class Told:
    """The signs of a text by what is done with them, in the order of the table; a sign stands in one of them only."""

    told: tuple[str, ...]
    denied: tuple[str, ...]
    past: tuple[str, ...]
    talk: tuple[str, ...]
    alarm: bool  # somebody may be ill, and how is not named or is named by a lesser sign alone


class Signs:
    """The compiled table of signs."""

    def __init__(self, compiled: Mapping[str, Any]) -> None:
        self.ids: tuple[str, ...] = tuple(compiled["signs"])
        self._context = Context(compiled["context"])
        self._say = Phrases(compiled["say"])
        self._not = Phrases(compiled["not"])
        self._lasting = frozenset(compiled["lasting"])
        self._lesser = frozenset(compiled["lesser"])
        self._rules = [(sign, Rule(tuple(parts), wide)) for sign, parts, wide in compiled["rules"] if not wide]
        self._wide = [(sign, Rule(tuple(parts), wide)) for sign, parts, wide in compiled["rules"] if wide]
        self._net = Net(compiled["net"])
        self._of_word: Mapping[str, str] = compiled["of_word"]
        self._joined = Phrases(compiled["joined"])
        self._kinds: Mapping[str, str] = compiled["kinds"]
        self._kind_names: Sequence[str] = compiled["kind_names"]
        self._kind_phrases = Phrases(compiled["kind_phrases"])
        self._levels: Sequence[int] = compiled["levels"]
        self.weighing = Weighing(compiled["limits"], self.ids, self._levels, self._lesser)
        self._ranges: Sequence[tuple[int, int, int]] = compiled["ranges"]

    def hear(self, sentences: Sequence[Sentence], learnt: Learnt | None = None) -> Told:
        """What a text does with each sign: told anywhere, it is told. Without ``learnt`` by the table alone."""
        of_sentence = [self._context.clauses(sentence) for sentence in sentences]
        whole = self._marked(of_sentence)
        told, alarm = whole.told, whole.alarm
        if learnt is not None:
            told, alarm = self.weighing.weighed(self._parts(of_sentence, whole), learnt)
        taken: set[int] = set()
        out = []
        for status in (told, whole.talk, whole.past, whole.denied):
            rest = status - taken
            taken |= rest
            out.append(tuple(self.ids[sign] for sign in sorted(rest)))
        return Told(told=out[0], talk=out[1], past=out[2], denied=out[3], alarm=alarm)

    def parts(self, sentences: Sequence[Sentence]) -> list[Said]:
        """A text as it is weighed: whole, then each sentence by itself where there are several."""
        of_sentence = [self._context.clauses(sentence) for sentence in sentences]
        return self._parts(of_sentence, self._marked(of_sentence))

    def _parts(self, sentences: Sequence[Sequence[Clause]], whole: Marked) -> list[Said]:
        parts = [sentences[at : at + 1] for at in range(len(sentences)) if len(sentences) > 1]
        marked = [(whole, sentences), *((self._marked(part), part) for part in parts)]
        return [Said(of, self._pieces(of, part), self._affirmed(part)) for of, part in marked]

    def learnt_from(self, sentences: Sequence[Sentence]) -> Counter[str]:
        """The pieces of a text whole, as its weights are learnt from them."""
        of_sentence = [self._context.clauses(sentence) for sentence in sentences]
        return self._pieces(self._marked(of_sentence), of_sentence)

    def _marked(self, sentences: Sequence[Sequence[Clause]]) -> Marked:
        """What the table alone makes of some sentences."""
        clauses = [clause for part in sentences for clause in part]
        by_status: dict[str, set[int]] = {TOLD: set(), DENIED: set(), PAST: set(), TALK: set()}
        figures = [self._figures(clause.words) for clause in clauses]
        places = [self._places(clause.words) for clause in clauses]
        said: set[int] = set()
        for clause, unsaid, places_of in zip(clauses, figures, places, strict=True):
            found = list(self._say.find(clause.words))
            if clause.of_words <= SHORT:
                said |= {sign for sign, at in found if self._context.status(clause, at) == TOLD}
            step = steps(clause.words)
            for sign, rule in self._rules:
                lists = [places_of.get(part, ()) for part in rule.parts]
                if all(lists):
                    found += [(sign, chosen) for chosen in closest(lists, rule.span, step)]
            for sign, at in found:
                if not _within(at, unsaid.get(sign, ())):
                    status = self._context.status(clause, at)
                    by_status[TOLD if status == PAST and sign in self._lasting else status].add(sign)
        by_status[TOLD] |= self._over_clauses(clauses, figures, places)
        alarm = by_status[TOLD] <= self._lesser and self._alarm(clauses, figures, places)
        figurative = frozenset(sign for of_clause in figures for sign in of_clause)
        return Marked(by_status[TOLD], by_status[DENIED], by_status[PAST], by_status[TALK], said, figurative, alarm)

    def _affirmed(self, sentences: Sequence[Sequence[Clause]]) -> int:
        """How many words are not denied."""
        return sum(len(self._context.affirmed(clause)[0]) for part in sentences for clause in part)

    def _pieces(self, marked: Marked, sentences: Sequence[Sequence[Clause]]) -> Counter[str]:
        """The pieces of some sentences: of what is said and of what is denied, what holds for it, and what the table
        makes of it."""
        said: list[list[str]] = []
        denied: list[str] = []
        marks: list[str] = []
        for sentence in sentences:
            words: list[str] = []
            for clause in sentence:
                own, holds = self._context.affirmed(clause)
                words += own
                denied += clause.words[: len(clause.words) - len(own)]
                marks += holds
                marks += [YEAR] if any(map(is_year, clause.words)) else []
            marks += self._kinds_in(words)
            marks += [ASKS] if sentence and sentence[0].asks else []
            said.append(words)
        level = max((self._levels[sign] for sign in marked.told), default=0)
        marks += [f"level {level}", *(f"sign {self.ids[sign]}" for sign in marked.told)]
        marks += [name for name, holds in ((NET, marked.alarm), (SHORTLY, marked.said)) if holds]
        unsaid = [
            name
            for name, holds in (
                (DENIED, marked.denied),
                (PAST, marked.past),
                (TALK, marked.talk),
                (FIGURE, marked.figures),
            )
            if holds
        ]
        first = [sentence[0].words[:2] for sentence in sentences if sentence and not self._denies(sentence[0])]
        return danger_pieces(said, denied, set(marks), unsaid, first)

    def _denies(self, clause: Clause) -> bool:
        """Whether some words of a clause are denied."""
        return len(self._context.affirmed(clause)[0]) < len(clause.words)

    def _kinds_in(self, words: Sequence[str]) -> set[str]:
        found = {kind for word in words for kind in self._kinds.get(word, "").split()}
        return found | {self._kind_names[number] for number, _ in self._kind_phrases.find(words)}

    def _alarm(
        self,
        clauses: Sequence[Clause],
        figures: Sequence[Mapping[int, Sequence[tuple[int, ...]]]],
        places: Sequence[Mapping[int, Sequence[int]]],
    ) -> bool:
        """Whether a clause tells of somebody who may be ill without naming how; figures of speech of a sign do not."""
        return any(
            self._context.status(clause, at) == TOLD and not any(_within(at, unsaid) for unsaid in of_sign.values())
            for clause, of_sign, places_of in zip(clauses, figures, places, strict=True)
            for at in self._net.find(clause.words, places_of)
        )

    def _over_clauses(
        self,
        clauses: Sequence[Clause],
        figures: Sequence[Mapping[int, Sequence[tuple[int, ...]]]],
        places: Sequence[Mapping[int, Sequence[int]]],
    ) -> set[int]:
        """Signs by the rules that reach over clauses; each word must be told in its own clause."""
        found: set[int] = set()
        starts = [sum(len(clause.words) for clause in clauses[:at]) for at in range(len(clauses))]
        step = steps([word for clause in clauses for word in clause.words])
        for sign, rule in self._wide:
            lists: list[list[int]] = []
            for part in rule.parts:
                lists.append(
                    [
                        start + at
                        for clause, start, unsaid, places_of in zip(clauses, starts, figures, places, strict=True)
                        for at in places_of.get(part, ())
                        if not _within((at,), unsaid.get(sign, ())) and self._context.status(clause, (at,)) == TOLD
                    ]
                )
                if not lists[-1]:
                    break
            else:
                if closest(lists, rule.span, step):
                    found.add(sign)
        return found

    def _figures(self, words: Sequence[str]) -> dict[int, list[tuple[int, ...]]]:
        """The figures of speech of each sign."""
        figures: dict[int, list[tuple[int, ...]]] = {}
        for sign, places in self._not.find(words):
            figures.setdefault(sign, []).append(places)
        return figures

    def _places(self, words: Sequence[str]) -> dict[int, list[int]]:
        places: dict[int, list[int]] = {}
        for at, word in enumerate(words):
            for number in self._of_word.get(word, "").split():
                places.setdefault(int(number), []).append(at)
            if word[0].isdigit() or word in NUMBER_WORDS:
                for low, high, of_range in self._ranges:
                    if in_range(word, low, high):
                        places.setdefault(of_range, []).append(at)
        for of_span, span in self._joined.find(words):
            places.setdefault(of_span, []).append(span[0])
        return places


class Net:
    """What tells that somebody may be ill without naming how ("she is in a bad way")."""

    def __init__(self, compiled: Mapping[str, Any]) -> None:
        self._say = Phrases(compiled["say"])
        self._not = Phrases(compiled["not"])
        self._rules = [Rule(tuple(parts), wide) for parts, wide in compiled["rules"]]

    def find(self, words: Sequence[str], places_of: Mapping[int, Sequence[int]]) -> list[tuple[int, ...]]:
        """The places of each match that is no figure of speech."""
        unsaid = [at for _, at in self._not.find(words)]
        found = [at for _, at in self._say.find(words)]
        step = steps(words)
        for rule in self._rules:
            lists = [places_of.get(part, ()) for part in rule.parts]
            if all(lists):
                found += closest(lists, rule.span, step)
        return [at for at in found if not _within(at, unsaid)]


def is_year(word: str) -> bool:
    """Whether a word is a year of the last century or this one."""
    return len(word) == 4 and word.isdigit() and word[:2] in ("19", "20")


def _within(places: Sequence[int], figures: Sequence[tuple[int, ...]]) -> bool:
    """Whether one of the places lies in a figure of speech."""
    return any(figure[0] <= at <= figure[-1] for figure in figures for at in places)
