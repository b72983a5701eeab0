"""Warning signs in what people write: which are told, which are denied, which are only talked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from charley.advice.hearing.context import DENIED, PAST, TALK, TOLD, Clause, Context
from charley.advice.hearing.patterns import NUMBER_WORDS, Phrases, Rule, closest, in_range, steps


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
        self._ranges: Sequence[tuple[int, int, int]] = compiled["ranges"]

    def clauses(self, sentences: Sequence[Any]) -> list[Clause]:
        """The clauses of all sentences."""
        return [clause for sentence in sentences for clause in self._context.clauses(sentence)]

    def hear(self, clauses: Sequence[Clause]) -> Told:
        """What the clauses do with each sign: told anywhere, it is told."""
        by_status: dict[str, set[int]] = {TOLD: set(), DENIED: set(), PAST: set(), TALK: set()}
        figures = [self._figures(clause.words) for clause in clauses]
        places = [self._places(clause.words) for clause in clauses]
        for clause, unsaid, places_of in zip(clauses, figures, places, strict=True):
            found = list(self._say.find(clause.words))
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
        taken: set[int] = set()
        out = []
        for status in (TOLD, TALK, PAST, DENIED):
            rest = by_status[status] - taken
            taken |= rest
            out.append(tuple(self.ids[sign] for sign in sorted(rest)))
        alarm = by_status[TOLD] <= self._lesser and self._alarm(clauses, figures, places)
        return Told(told=out[0], talk=out[1], past=out[2], denied=out[3], alarm=alarm)

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


def _within(places: Sequence[int], figures: Sequence[tuple[int, ...]]) -> bool:
    """Whether one of the places lies in a figure of speech."""
    return any(figure[0] <= at <= figure[-1] for figure in figures for at in places)
