"""Searches the limits of the danger that was learnt (``limits.toml``, [danger]) on sets that the weights have not met.

    .venv/bin/python scripts/fit_hearing.py danger --without hearing_fourth,hearing_fifth OUT
    .venv/bin/python scripts/search_hearing_limits.py OUT tests/outside/hearing_fourth tests/outside/hearing_fifth

Tries 2,000 random choices and prints the best by: share heard at their level, twice the share heard or asked, less half the
share of the worst kind missed, three times the false alarms above 5 % and twice the screen questions above 10 %. Limits by which a story of the triage
(tests/published/advice_vignettes.toml) is heard below its level are passed over.
"""

from __future__ import annotations

import random
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measure_hearing import one_form

from charley.advice.hearing import ear
from charley.advice.triage import URGENCIES, triage

STORIES = Path(__file__).resolve().parents[1] / "tests" / "published" / "advice_vignettes.toml"
TRIES = 2000
CHOICES = {
    "doubt": (-0.7, -0.6, -0.5, -0.4, -0.3, -0.2, -0.1, 0.0, 0.1),
    "calm": (-1.2, -1.1, -1.0, -0.9, -0.8, -0.7),
    "ask": (-0.5, -0.4, -0.3, -0.2, -0.1, 0.0, 0.1, 0.2),
    "part": (0.2, 0.3, 0.4, 0.5, 0.6, 2.0),
    "some": (-0.2, 0.0, 0.2),
    "urgent": (-0.1, 0.0, 0.1, 0.2, 0.3, 0.4, 0.6),
    "emergency": (-0.2, -0.1, 0.0, 0.1, 0.3, 0.5),
    "sign": (-0.9, -0.7, -0.5, -0.3),
}


@dataclass(frozen=True)
class Text:
    """A text of a set, what is expected of it, and what the table makes of it before the limits come in: the arguments of
    ``Signs._weighed``; None where the limits have no say."""

    level: str
    worst: bool
    heard: ear.Heard
    before: tuple[Any, ...] | None


def read(words: str, level: str, worst: bool) -> Text:
    """A text heard once."""
    signs, kept = ear._signs(), []
    plain = signs._weighed

    def keeping(*arguments: Any) -> tuple[set[int], bool]:
        kept.append(arguments)
        return plain(*arguments)

    signs._weighed = keeping  # type: ignore[method-assign]
    heard = ear.hear(words)
    signs._weighed = plain  # type: ignore[method-assign]
    return Text(level, worst, heard, kept[0] if kept else None)


def _heard(text: Text, signs: Any) -> tuple[int, bool]:
    """How urgent a text is by the limits that the signs have now, and whether the screen questions are asked."""
    if text.before is None:
        return URGENCIES.index(triage(text.heard.signs).urgency), text.heard.screen
    found, screen = signs._weighed(*text.before)
    return URGENCIES.index(triage(tuple(signs.ids[sign] for sign in sorted(found))).urgency), screen


def value(texts: list[Text], stories: list[Text], limits: dict[str, float]) -> tuple[float, str]:
    """How good some limits are, and the counts. ``stories``: that must be heard at their level."""
    signs = ear._signs()
    signs._limits = limits
    if any(_heard(story, signs)[0] < URGENCIES.index(story.level) for story in stories):
        return float("-inf"), "loses a story"
    hits = dict.fromkeys(("danger", "level", "led", "harmless", "false", "screen", "worst", "missed"), 0)
    for text in texts:
        rank, screen = _heard(text, signs)
        if text.level == "harmless":
            hits["harmless"] += 1
            hits["false"] += rank >= 2
            hits["screen"] += screen and rank < 2
        elif text.level in URGENCIES:
            at_level = rank >= URGENCIES.index(text.level)
            hits["danger"] += 1
            hits["level"] += at_level
            hits["led"] += at_level or rank >= 2 or screen
            hits["worst"] += text.worst
            hits["missed"] += text.worst and rank < 2 and not screen
    false, screened = hits["false"] / hits["harmless"], hits["screen"] / hits["harmless"]
    good = (hits["level"] + 2 * hits["led"]) / hits["danger"] - 0.5 * hits["missed"] / max(1, hits["worst"])
    return good - 3 * max(0.0, false - 0.05) - 2 * max(0.0, screened - 0.1), str(hits)


def keep_scores() -> None:
    """Pieces and scores of a text are the same for all limits: worked out once."""
    signs, learnt = ear._signs(), ear._learnt("danger")
    pieces, scores = signs.pieces, learnt.scores
    of_text: dict[tuple[int, ...], Any] = {}
    of_pieces: dict[int, dict[str, float]] = {}

    def kept_pieces(sentences: Sequence[Any]) -> Any:
        key = tuple(map(id, sentences))  # the texts are kept, so no two share one
        if key not in of_text:
            of_text[key] = pieces(sentences)
        return of_text[key]

    def kept_scores(found: Any) -> dict[str, float]:
        if id(found) not in of_pieces:
            of_pieces[id(found)] = scores(found)
        return of_pieces[id(found)]

    signs.pieces, learnt.scores = kept_pieces, kept_scores  # type: ignore[method-assign]


def main(arguments: list[str]) -> None:
    ear.WEIGHTS = arguments[0]
    rows = [
        row
        for folder in arguments[1:]
        for row in tomllib.loads((Path(folder) / "danger.toml").read_text(encoding="utf-8"))["t"]
    ]
    read_rows = [row for row in map(one_form, rows) if row["language"] == "en"]
    texts = [read(row["text"], row["level"], row["worst"]) for row in read_rows]
    vignettes = tomllib.loads(STORIES.read_text(encoding="utf-8"))["vignette"]
    grave = [of for of in vignettes if URGENCIES.index(of["urgency"]) >= 2]
    stories = [read(of["story"], of["urgency"], worst=False) for of in grave]
    keep_scores()
    drawn = random.Random(3)
    tried = []
    for _ in range(TRIES):
        limits = {name: drawn.choice(choices) for name, choices in CHOICES.items()}
        tried.append((*value(texts, stories, limits), limits))
    for good, hits, limits in sorted(tried, key=lambda row: -row[0])[:5]:
        print(f"{good:.3f} {limits}\n      {hits}")


if __name__ == "__main__":
    main(sys.argv[1:])
