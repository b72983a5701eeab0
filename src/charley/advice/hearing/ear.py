"""What is heard in a text: ``hear`` the signs of danger, ``find`` what is asked."""

from __future__ import annotations

import json
import math
import os
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from charley.advice.hearing.find import INTENT, OUTSIDE, Candidate, Questions
from charley.advice.hearing.languages import ENGLISH, FEW_WORDS, Languages
from charley.advice.hearing.learnt import Learnt, pieces
from charley.advice.hearing.network import Network
from charley.advice.hearing.signs import Signs
from charley.advice.hearing.spelling import Speller, stem
from charley.advice.hearing.text import Sentence, sentences

CALF = "calf"
MUSCLES = {
    "shin": "shin_cramp",
    "thigh_front": "front_thigh",
    "thigh_back": "back_thigh",
    "foot": "sole",
}  # muscle: idea
ANSWER, CHOICE, DECLINED = "answer", "choice", "declined"
MOST_CANDIDATES = 5
MOST_IDEAS = 3
MOST_LETTERS = 2000  # from which the language of a text is told
FIRST_OTHER_LETTER = 0xBF  # above it: letters that English does not write
FOLDER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "hearing", "built")
WEIGHTS = FOLDER  # a measurement may put other ones in their place


@dataclass(frozen=True, slots=True)
class Heard:
    """Signs of danger in a text, as ids of the triage table.

    ``signs`` are told of somebody now, ``denied`` are said not to be there, ``past`` were there long ago, ``talk`` are
    only spoken of. ``screen``: the text tells of somebody who may be ill, so the screen questions must be asked.
    ``corrections`` are words as they were typed and as they were read. ``language``: "en", or that of the danger words.
    """

    signs: tuple[str, ...]
    denied: tuple[str, ...]
    past: tuple[str, ...]
    talk: tuple[str, ...]
    screen: bool
    corrections: tuple[tuple[str, str], ...]
    language: str


@dataclass(frozen=True, slots=True)
class Idea:
    """One of the questions in a longer text, with its best candidates."""

    text: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a text asks. ``how``: "answer" (the first candidate is meant), "choice" (one of the first three is), or
    "declined" (nothing of ours).

    ``intents`` are the names among the candidates that lead to another part of Charley. ``ideas`` are the questions of
    a longer text, in order; empty where it holds one. ``muscle``: the one that is named, else "calf".
    """

    how: str
    candidates: tuple[Candidate, ...]
    intents: tuple[str, ...]
    ideas: tuple[Idea, ...]
    muscle: str


def hear(text: str) -> Heard:
    """The signs of danger in a text of any length."""
    signs = _signs()
    spoken = _languages().hear(text) if _foreign(text) else None
    if spoken is not None:
        english = signs.hear(sentences(text)).told  # as it stands: slips cannot be told from that language
        if spoken.signs or not english:
            return Heard(_joined(spoken.signs, english), spoken.denied, (), (), False, (), spoken.code)
    read, corrections = _read(sentences(text))
    told = signs.hear(read, (_learnt("danger"), _network()))
    return Heard(told.told, told.denied, told.past, told.talk, told.alarm, corrections, "en")


def _joined(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def find(text: str) -> Found:
    """What a text asks, best first."""
    read, corrections = _read(sentences(text))
    asked = [([word.text for word in sentence.words], sentence.asks) for sentence in read]
    limits = _questions().limits
    everything = {word for words, _ in asked for word in words}
    wrong = ((len(word) > 1 and not _speller().known(word)) or not word.isascii() for word in everything)
    strange = sum(wrong) + len(corrections)  # "y/n" is no other language
    if not everything or strange > limits["strange"] * len(everything):
        return Found(DECLINED, (), (), (), CALF)  # not English
    scores = _scores(asked)
    outside = scores.pop(OUTSIDE)
    if _questions().elsewhere([word for words, _ in asked for word in words]):
        outside += limits["elsewhere"]
    ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
    if ranked[0][1] < outside + limits["outside"]:
        return Found(DECLINED, (), (), (), CALF)
    candidates = _candidates(ranked, outside)
    ideas = _ideas(asked, scores)
    intents = tuple(c.id.removeprefix(INTENT) for c in candidates if c.id.startswith(INTENT))
    how = ANSWER if ranked[0][1] - ranked[1][1] >= limits["lead"] else CHOICE
    return Found(how, candidates, intents, ideas, muscle_of(text))


def question_pieces(text: str) -> Counter[str]:
    """The pieces of a question, as its weights are learnt from them."""
    read, _ = _read(sentences(text))
    return _pieces([[word.text for word in sentence.words] for sentence in read])


def danger_pieces(text: str) -> Counter[str]:
    """The pieces of a text as the weights for danger are learnt from them."""
    signs = _signs()
    return signs.pieces(signs.clauses(_read(sentences(text))[0]))


def danger_words(text: str) -> list[list[str]]:
    """The words of each sentence of a text, as the network for danger learns from them."""
    signs = _signs()
    return [signs.words(sentence) for sentence in signs.clauses(_read(sentences(text))[0])]


def _pieces(asked: list[list[str]]) -> Counter[str]:
    features = _questions().features
    return pieces(asked, [idea for words in asked for idea in features.ideas([stem(word) for word in words])])


def _scores(asked: list[tuple[list[str], bool]]) -> dict[str, float]:
    """The score of each target: what was learnt of all wordings, and how near the nearest phrases are."""
    near = _questions().ask(asked)
    highest = max(near.values(), default=1.0)
    share = _questions().limits["near"]
    learnt = _learnt("questions").scores(_pieces([words for words, _ in asked]))
    scores = {target: value + share * near.get(target, 0.0) / highest for target, value in learnt.items()}
    for target in near.keys() - learnt.keys():  # nothing was learnt of it yet: it goes by its phrases alone
        scores[target] = 2 * near[target] / highest - 1.5
    return scores


def muscle_of(text: str) -> str:
    """The muscle that a text names, as the relief table calls it; "calf" where it names none or the calf too."""
    read, _ = _read(sentences(text[:MOST_LETTERS]))
    features = _questions().features
    ideas = features.ideas([stem(word.text) for sentence in read for word in sentence.words])
    words = {word.text for sentence in read for word in sentence.words}
    named = [muscle for muscle, idea in MUSCLES.items() if idea in ideas]
    return named[0] if len(named) == 1 and not words & {"calf", "calves"} else CALF


def _candidates(ranked: list[tuple[str, float]], outside: float) -> tuple[Candidate, ...]:
    """The best targets; the certainty is the target's share among the best and what is not ours, each by the
    exponential of its score."""
    best = ranked[:MOST_CANDIDATES]
    sure = _questions().limits["sure"]
    whole = sum(math.exp(sure * score) for _, score in best) + math.exp(sure * outside)
    return tuple(Candidate(target, round(math.exp(sure * score) / whole, 3)) for target, score in best)


def _ideas(asked: list[tuple[list[str], bool]], scores: dict[str, float]) -> tuple[Idea, ...]:
    """The questions of a longer text, each with its candidates, where they lead to different answers."""
    questions = _questions()
    parts = [part for words, asks in asked for part in _parts(words, asks)]
    if len(parts) < 2:
        return ()
    ideas: dict[str, Idea] = {}
    for words in parts:
        if not questions.features.filled(words):
            continue
        own = _scores([(words, True)])
        own.pop(OUTSIDE)
        joined = {target: value + questions.limits["context"] * scores[target] for target, value in own.items()}
        ranked = sorted(joined.items(), key=lambda pair: (-pair[1], pair[0]))
        ideas.setdefault(ranked[0][0], Idea(" ".join(words), _candidates(ranked, -1.0)[:3]))
    return tuple(ideas.values())[:MOST_IDEAS] if len(ideas) > 1 else ()


JOINS = frozenset(["and", "or", "also", "plus", "second", "secondly", "then", "two"])
ASKS = frozenset(
    [
        "is",
        "are",
        "do",
        "does",
        "did",
        "can",
        "could",
        "should",
        "will",
        "would",
        "how",
        "what",
        "why",
        "when",
        "which",
        "who",
        "am",
        "has",
        "have",
    ]
)


def _parts(words: list[str], asks: bool) -> list[list[str]]:
    """The questions in one sentence: "is it salt and should I stretch" holds two."""
    starts = [0]
    for at in range(3, len(words) - 2):
        if words[at] in JOINS and words[at + 1] in ASKS:
            starts.append(at + 1)
    if not asks and len(starts) == 1 and words[0] not in ASKS:
        return []
    return [words[a:b] for a, b in zip(starts, [*starts[1:], len(words)], strict=True) if b - a >= 3]


def _foreign(text: str) -> bool:
    """Whether a text may be in another language: other letters, or few of the commonest English words."""
    if not text.isascii() and any(ord(letter) > FIRST_OTHER_LETTER for letter in text):
        return True
    words = {word.text for sentence in sentences(text[:MOST_LETTERS]) for word in sentence.words}
    if len(words) <= FEW_WORDS:
        return sum(not _speller().known(word) for word in words) * 2 >= len(words) > 0
    return sum(word in ENGLISH for word in words) <= max(2, len(words) // 6)


def _read(found: tuple[Sentence, ...]) -> tuple[tuple[Sentence, ...], tuple[tuple[str, str], ...]]:
    """The sentences with slips put right, and what was changed."""
    speller = _speller()
    corrections: dict[str, str] = {}
    out = []
    for sentence in found:
        words = []
        for word in sentence.words:
            meant = speller.read(word.text)
            if meant != (word.text,):
                corrections[word.text] = " ".join(meant)
            words += [replace(word, text=text) for text in meant]
        out.append(replace(sentence, words=tuple(words)))
    return tuple(out), tuple(corrections.items())


@cache
def _built(name: str) -> Any:
    with open(os.path.join(FOLDER, f"{name}.json"), encoding="utf-8") as file:
        return json.load(file)


@cache
def _learnt(name: str) -> Learnt:
    with open(os.path.join(WEIGHTS, f"learnt_{name}.txt"), "rb") as file:
        return Learnt(file.read())


@cache
def _network() -> Network:
    with open(os.path.join(WEIGHTS, "network_danger.bin"), "rb") as file:
        return Network(file.read())


@cache
def _languages() -> Languages:
    return Languages(_built("languages"))


@cache
def _signs() -> Signs:
    return Signs(_built("signs"))


@cache
def _questions() -> Questions:
    return Questions(_built("questions"))


@cache
def _speller() -> Speller:
    words = _built("words")
    return Speller(words["targets"], words["others"].split(), words["slips"])
