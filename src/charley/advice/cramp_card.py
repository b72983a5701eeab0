"""What the page for the phone and the printed card hold, gathered from the tables of triage and relief."""

from __future__ import annotations

import re
from dataclasses import dataclass

from charley.advice.help_me import SAID
from charley.advice.relief import Muscle, Place, Step, muscles, places, relief
from charley.advice.tables import load
from charley.advice.triage import URGENCIES, Flag, ScreenRow, flags, rules, screen, triage
from charley.vocabulary.words import words

# words that tell no sign from another
_BESIDE = frozenset(
    [
        "about",
        "after",
        "all",
        "also",
        "and",
        "any",
        "are",
        "been",
        "before",
        "but",
        "can",
        "cannot",
        "down",
        "for",
        "from",
        "get",
        "gets",
        "got",
        "had",
        "has",
        "have",
        "her",
        "him",
        "his",
        "into",
        "its",
        "just",
        "like",
        "more",
        "now",
        "off",
        "one",
        "only",
        "out",
        "over",
        "own",
        "than",
        "that",
        "the",
        "them",
        "they",
        "this",
        "too",
        "was",
        "were",
        "what",
        "when",
        "which",
        "who",
        "will",
        "with",
        "you",
        "your",
    ]
)


@dataclass(frozen=True, slots=True)
class StopScreen:
    """What one line of the first screen leads to. ``urgency`` is the gravest among the line's signs taken alone."""

    id: str
    text: str
    urgency: str
    headline: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign to tap. ``outcome``: the id of what it leads to, taken alone; ``words``: in which people look for it."""

    id: str
    group: str
    text: str
    words: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sign leads to, taken alone. ``urgency``: as in triage, "beside" where it counts only beside others.

    ``forbids``: words of ``SAID``, each of which has a sentence of its own.
    """

    id: str
    urgency: str
    headline: str
    lines: tuple[str, ...]
    forbids: tuple[str, ...]
    changes: str


@dataclass(frozen=True, slots=True)
class CrampCard:
    """The whole of it. ``steps``: for a calf on land, and the way out of water. ``version``: that of the rules."""

    screens: tuple[StopScreen, ...]
    signs: tuple[Sign, ...]
    outcomes: tuple[Outcome, ...]
    muscles: tuple[Muscle, ...]
    places: tuple[Place, ...]
    steps: tuple[Step, ...]
    version: int


def cramp_card() -> CrampCard:
    """The card, made from the tables."""
    return CrampCard(
        screens=tuple(_stop(row) for row in screen()),
        signs=tuple(_sign(flag) for flag in flags().values()),
        outcomes=tuple({outcome.id: outcome for outcome in map(_outcome, flags().values())}.values()),
        muscles=tuple(muscles().values()),
        places=tuple(places().values()),
        steps=(*relief(), *(step for step in relief(place="water") if step.id == "shore")),
        version=triage(None).version,
    )


def _stop(row: ScreenRow) -> StopScreen:
    urgency = max((triage((flag,)).urgency for flag in row.flags), key=URGENCIES.index)
    lines = tuple(line for line in words(f"stop.{row.id}_lines").splitlines() if line)
    return StopScreen(row.id, row.text, urgency, words(f"stop.{row.id}"), lines)


def _sign(flag: Flag) -> Sign:
    return Sign(flag.id, flag.group, flag.ask, " ".join(_search_words(flag)), _outcome(flag).id)


def _search_words(flag: Flag) -> tuple[str, ...]:
    """The words of the question, of its names, and of the ways in which people say it."""
    said = load("hearing/signs")["sign"].get(flag.id, {}).get("say", [])
    whole = " ".join((flag.ask, flag.short, *flag.also, *said)).lower().replace("_", " ")
    found = re.findall(r"[a-z]{2,}", whole)
    return tuple(dict.fromkeys(word for word in found if len(word) > 2 and word not in _BESIDE))


def _outcome(flag: Flag) -> Outcome:
    """By the gravest rule for the sign alone; a sign that no rule takes alone is told with what makes it count."""
    outcome = triage((flag.id,))
    if not outcome.rules:
        return _beside(flag)
    rule = outcome.leading[0]
    lines = tuple(line for line in (*rule.do[1:], rule.tell) if line)
    forbids = tuple(word for word in SAID if word in rule.forbids)
    return Outcome(rule.id, outcome.urgency, rule.do[0], lines, forbids, rule.changes)


def _beside(flag: Flag) -> Outcome:
    lines, others_of = [], []
    for rule in rules():
        others = [group for group in rule.needs if flag.id not in group]
        if len(others) < len(rule.needs):
            names = ", ".join(flags()[name].short for group in others for name in group)
            lines.append(f"{words('card.together', names=names)} {' '.join(rule.do)}")
            others_of.append(rule.id)
    told = (*lines, words("card.beside_tell"))
    return Outcome("-".join(("beside", *others_of)), "beside", words("card.beside"), told, (), "")
