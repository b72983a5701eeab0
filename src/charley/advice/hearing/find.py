"""Finding what a question is about: the claims, answers and intents, each with how certain that is.

Every phrase is a row, and so is each claim in its own words. A row scores by what it shares with the question (BM25,
Robertson and Zaragoza 2009, doi:10.1561/1500000019); a target by its best rows, by how many of its rows hold what is
asked, and by the ideas that make it up ("massage + blood_flow") standing together in the question.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from charley.advice.hearing.patterns import Phrases
from charley.advice.hearing.spelling import stem

OUTSIDE = "outside"
INTENT = "intent:"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim, an answer or an intent ("intent:stop_now"), and how certain it is that it is meant, 0 to 1."""

    id: str
    certainty: float


class Features:
    """What a text is compared by: stems and ideas (groups of words of one meaning).

    ``ideas``: the texts of each idea as stems, compiled; ``names``: of the ideas, by number.
    """

    def __init__(
        self,
        empty: str,
        names: Sequence[str],
        ideas: Mapping[str, str],
        cancels: Mapping[str, Sequence[str]],
        weight: float,
    ) -> None:
        self._cancels = cancels
        self._empty = frozenset(empty.split())
        self._names = names
        self._groups = Phrases(ideas)
        self._weight = weight

    def of(self, words: Sequence[str]) -> dict[str, float]:
        """The features of some words, each with the weight of its kind; empty words have none."""
        stems = [stem(word) for word in words]
        found = {stem: 1.0 for stem, word in zip(stems, words, strict=True) if word not in self._empty}
        return found | {f"={idea}": self._weight for idea in self.ideas(stems)}

    def ideas(self, stems: Sequence[str]) -> set[str]:
        """Names of the groups that the stems hold, without those that another one of them cancels."""
        found = {self._names[number] for number, _ in self._groups.find(stems)}
        return found - {idea for name in found & set(self._cancels) for idea in self._cancels[name]}

    def filled(self, words: Sequence[str]) -> list[str]:
        """The words that carry something."""
        return [word for word in words if word not in self._empty]


class Questions:
    """The compiled index of questions."""

    def __init__(self, compiled: Mapping[str, Any]) -> None:
        self.limits: Mapping[str, Any] = compiled["limits"]
        self.features = Features(
            compiled["empty"], compiled["names"], compiled["ideas"], compiled["cancels"], self.limits["idea"]
        )
        self.targets: tuple[str, ...] = tuple(compiled["targets"])
        self._rows: list[int] = compiled["rows"]
        self._lengths: list[float] = compiled["lengths"]
        self._postings: dict[str, str] = compiled["postings"]  # numbers of rows, read when they are asked for
        self._about: list[tuple[int, list[list[str]]]] = compiled["about"]
        self._elsewhere: dict[str, list[str]] = compiled["elsewhere"]
        self._common = frozenset(compiled["common"])
        self._intents = {number for number, target in enumerate(self.targets) if target.startswith(INTENT)}
        self._size = Counter(self._rows)
        self._mean = sum(self._lengths) / len(self._lengths)

    def idf(self, feature: str) -> float:
        """How much a feature says: the fewer rows hold it, the more; 0.0 for one that no row holds."""
        text = self._postings.get(feature)
        if text is None:
            return 0.0
        rows = text.count(" ") + 1
        return math.log(1 + (len(self._rows) - rows + 0.5) / (rows + 0.5))

    def scores(self, asked: Mapping[str, float], without: int | None = None) -> dict[str, float]:
        """The score of each target that shares anything with the question; ``without`` leaves one row out."""
        k1, b = self.limits["k1"], self.limits["b"]
        of_row: dict[int, float] = {}
        spread: dict[int, float] = {}
        for feature, weight in asked.items():
            text = self._postings.get(feature)
            if text is None or text.count(" ") >= self.limits["most_rows"]:
                continue
            rows = [row for row in map(int, text.split()) if row != without]
            idf = self.idf(feature)
            for row in rows:
                norm = 1 + k1 * (1 - b + b * self._lengths[row] / self._mean)
                of_row[row] = of_row.get(row, 0.0) + weight * idf * (k1 + 1) / norm
            for target, number in Counter(self._rows[row] for row in rows).items():
                share = math.log(1 + number) / math.log(1 + self._size[target])
                spread[target] = spread.get(target, 0.0) + weight * idf * share
        best: dict[int, list[float]] = {}
        for row, value in of_row.items():
            best.setdefault(self._rows[row], []).append(value)
        fade, most = self.limits["fade"], int(self.limits["best_rows"])
        total = {
            target: sum(value * fade**place for place, value in enumerate(sorted(values, reverse=True)[:most]))
            + self.limits["spread"] * spread[target]
            for target, values in best.items()
        }
        together = self._together(asked)
        for target, (value, _) in together.items():
            total[target] = total.get(target, 0.0) + self.limits["together"] * value
        topic = max((topic for target, (_, topic) in together.items() if target not in self._intents), default=0.0)
        for target in self._intents & set(total):
            if topic > together.get(target, (0.0, 0.0))[1]:  # something is named: the question is about that
                total[target] *= self.limits["intent_behind"]
        return {self.targets[target]: value for target, value in total.items()}

    def ask(self, sentences: Sequence[tuple[Sequence[str], bool]]) -> dict[str, float]:
        """The scores of a text of several sentences, each with whether it asks: stories count less than questions.

        A sentence counts for a target by its score and by how far that is the best of the sentence: a sentence that
        fits many targets a little says nothing.
        """
        if len(sentences) == 1:
            return self.scores(self.features.of(sentences[0][0]))
        total: dict[str, float] = {}
        for words, asks in sentences:
            found = self.scores(self.features.of(words))
            highest = max(found.values(), default=0.0)
            weight = self.limits["asking"] if asks and self.features.ideas([stem(word) for word in words]) else 1.0
            for target, value in found.items():
                if highest > 0:
                    total[target] = total.get(target, 0.0) + weight * value * value / highest
        return total

    def elsewhere(self, words: Sequence[str]) -> bool:
        """Whether the words hold an idea that takes them out of our subject, and none that keeps them in."""
        ideas = self.features.ideas([stem(word) for word in words])
        return any(idea in ideas and not ideas & set(keeping) for idea, keeping in self._elsewhere.items())

    def names_outside(self, words: Sequence[str]) -> bool:
        """Whether the words name what is not ours more fully than anything that is."""
        together = self._together(self.features.of(words))
        outside = together.pop(self.targets.index(OUTSIDE), (0.0, 0.0))[0]
        return outside > max((value for value, _ in together.values()), default=0.0)

    def unknown(self, words: Sequence[str]) -> float:
        """The share of the words that carry something which no row holds, 0 to 1."""
        filled = set(self.features.filled(words))
        return sum(stem(word) not in self._postings for word in filled) / len(filled) if filled else 0.0

    def _together(self, asked: Mapping[str, float]) -> dict[int, tuple[float, float]]:
        """For each target its heaviest set of ideas that stands in the question whole: its weight, and without the
        common ideas."""
        heaviest: dict[int, tuple[float, float]] = {}
        for target, parts in self._about:
            weight = topic = 0.0
            for part in parts:
                there = [(self.idf(f"={idea}"), idea) for idea in part if f"={idea}" in asked]
                if not there:
                    break
                value, idea = max(there)
                common = idea in self._common
                weight += value * (self.limits["common"] if common else 1.0)
                topic += 0.0 if common else value
            else:
                heaviest[target] = max(heaviest.get(target, (0.0, 0.0)), (weight, topic))
        return heaviest
