"""Warning signs in what people write: which are told, which are denied, which are only talked about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from charley.advice.hearing.context import DENIED, PAST, SHORT, TALK, TOLD, Clause, Context
from charley.advice.hearing.learnt import Learnt, pieces
from charley.advice.hearing.network import ASKS, COMMA, STOP, Network
from charley.advice.hearing.patterns import NUMBER_WORDS, Phrases, Rule, closest, in_range, steps
from charley.advice.hearing.text import Sentence

FEWEST_WORDS = 4  # that a text must hold for a sign to be told by what was learnt alone
# Of a sentence that can hold a sign back: hardly a longer one was learnt from, and a sign is lost in it.
MOST_WORDS = 120
SOME, URGENT, EMERGENCY = "some", "urgent", "emergency"  # targets of what was learnt: a text of at least that urgency


@dataclass(frozen=True, slots=True)
class Scored:
    """A text, or one of its sentences: how many of its words are not denied, whether it denies, and its scores."""

    words: int
    denies: bool
    of: dict[str, float]


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
        self._standing = frozenset(compiled["standing"])
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
        self._limits: Mapping[str, float] = compiled["limits"]
        self._ranges: Sequence[tuple[int, int, int]] = compiled["ranges"]

    def hear(self, sentences: Sequence[Sentence], learnt: tuple[Learnt, Network] | None = None) -> Told:
        """What a text does with each sign: told anywhere, it is told. Without ``learnt`` by the table alone."""
        of_sentence = self.clauses(sentences)
        clauses = [clause for part in of_sentence for clause in part]
        by_status: dict[str, set[int]] = {TOLD: set(), DENIED: set(), PAST: set(), TALK: set()}
        figures = [self._figures(clause.words) for clause in clauses]
        places = [self._places(clause.words) for clause in clauses]
        said: set[int] = set()  # in the very words of the table, and shortly
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
        if learnt is not None:
            figurative = frozenset(sign for of_clause in figures for sign in of_clause)
            scored = self._scored(of_sentence, *learnt)
            by_status[TOLD], alarm = self._weighed(by_status[TOLD], said, figurative, alarm, scored)
        taken: set[int] = set()
        out = []
        for status in (TOLD, TALK, PAST, DENIED):
            rest = by_status[status] - taken
            taken |= rest
            out.append(tuple(self.ids[sign] for sign in sorted(rest)))
        return Told(told=out[0], talk=out[1], past=out[2], denied=out[3], alarm=alarm)

    def _weighed(
        self,
        told: set[int],
        said: set[int],
        figures: frozenset[int],
        alarm: bool,
        scored: Sequence[Scored],
    ) -> tuple[set[int], bool]:
        """The signs that are told, and whether the screen questions are asked, by the table and what was learnt.

        A grave sign of the table stands unless no part of the text sounds like danger: then the screen questions are
        asked instead, and nothing where the text is far from danger. It always stands beside another sign, where it is
        ``said`` shortly in the table's own words, in a very long sentence, where nothing was learnt of it, and where
        the table says that it stands. A text that sounds much like danger tells its likeliest sign. More sentences
        only add parts, so they take nothing back.
        """
        limits = self._limits
        words = [text.words for text in scored]
        whole = scored[0].of
        likely = max([whole[URGENT], *(part.of[URGENT] - limits["part"] for part in scored[1:])])
        grave = told - self._lesser
        alone = len(told) == 1 and all(self.ids[sign] in whole for sign in grave)
        short = max(words[1:] or words) <= MOST_WORDS
        if grave and alone and short and not grave & (said | self._standing) and likely < limits["doubt"]:
            return set(), likely >= limits["quiet"]
        for text in scored:
            if text.words >= FEWEST_WORDS:
                told = told | self._likeliest(text, told, figures)
        if told - self._lesser:
            return told, False
        return told, (alarm and likely >= limits["calm"]) or whole[URGENT] >= limits["ask"]

    def _scored(self, sentences: Sequence[Sequence[Clause]], learnt: Learnt, network: Network) -> list[Scored]:
        """The scores of the text whole, and of each of several sentences by itself, and of how many words."""
        seen = [network.see(self.words(sentence)) for sentence in sentences]
        parts = [slice(0, len(sentences)), *(slice(at, at + 1) for at in range(len(sentences)) if len(sentences) > 1)]
        out = []
        for part in parts:
            scores = learnt.scores(self.pieces(sentences[part]))
            for target, value in network.scores(seen[part]).items():
                scores[target] += self._limits["network"] * value
            clauses = [clause for sentence in sentences[part] for clause in sentence]
            words = sum(len(self._context.affirmed(clause)[0]) for clause in clauses)
            out.append(Scored(words, any(map(self._context.denies, clauses)), scores))
        return out

    def _likeliest(self, text: Scored, told: set[int], figures: frozenset[int]) -> set[int]:
        """The likeliest sign of the gravest level that a text sounds like, where none of that level is told; none where
        it is one of which the text holds a figure of speech. Where something is denied it takes more, since the network
        reads denied words too and a denial must raise nothing."""
        scores, least = text.of, self._limits["sign"] + (self._limits["denied"] if text.denies else 0.0)
        for level, wanted in ((EMERGENCY, 3), (URGENT, 2), (SOME, 1)):
            if any(self._levels[sign] >= wanted for sign in told):
                return set()
            signs = [sign for sign, of in enumerate(self._levels) if of == wanted and self.ids[sign] in scores]
            best = max(signs, key=lambda sign: scores[self.ids[sign]])
            if scores[level] >= self._limits[level] and scores[self.ids[best]] >= least:
                return set() if best in figures else {best}
        return set()

    def pieces(self, sentences: Sequence[Sequence[Clause]]) -> Counter[str]:
        """The pieces of what is not denied, the classes of words that stand there, and what holds for them."""
        words: list[list[str]] = []
        marks: set[str] = set()
        for sentence in sentences:
            words.append([])
            for clause in sentence:
                said, holds = self._context.affirmed(clause)
                words[-1] += said
                marks |= set(holds)
        kinds = {kind for part in words for kind in self._kinds_in(part)}
        return pieces([part for part in words if part], sorted(kinds | marks))

    def words(self, sentence: Sequence[Clause]) -> list[str]:
        """A sentence as the network reads it: its words, clause by clause, and how it ends."""
        said = [word for clause in sentence for word in (COMMA, *clause.words)][1:]
        return [*said, ASKS if any(clause.asks for clause in sentence) else STOP]

    def clauses(self, sentences: Sequence[Sentence]) -> list[list[Clause]]:
        """The clauses of each sentence."""
        return [self._context.clauses(sentence) for sentence in sentences]

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


def _within(places: Sequence[int], figures: Sequence[tuple[int, ...]]) -> bool:
    """Whether one of the places lies in a figure of speech."""
    return any(figure[0] <= at <= figure[-1] for figure in figures for at in places)
