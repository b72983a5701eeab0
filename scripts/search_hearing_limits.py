"""Searches the limits of the danger that was learnt (``limits.toml``, [danger]) on sets that the weights have not met.

    .venv/bin/python scripts/fit_hearing.py danger --without hearing_fourth,hearing_fifth OUT
    .venv/bin/python scripts/search_hearing_limits.py OUT tests/outside/hearing_fourth tests/outside/hearing_fifth

Tries 300 random choices and prints the best by: share heard at their level, twice the share heard or asked, less half the
share of the worst kind missed, three times the false alarms above 5 % and twice the screen questions above 10 %.
"""

from __future__ import annotations

import random
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from measure_hearing import one_form

from charley.advice.hearing import ear
from charley.advice.triage import URGENCIES, triage

TRIES = 300
CHOICES = {
    "doubt": (-0.6, -0.5, -0.4, -0.3, -0.2, -0.1, 0.0),
    "calm": (-1.2, -1.1, -1.0, -0.9, -0.8, -0.7),
    "ask": (-0.5, -0.4, -0.3, -0.2, -0.1, 0.0, 0.1),
    "part": (0.2, 0.3, 0.4, 0.5, 0.6, 2.0),
    "some": (0.0,),
    "urgent": (0.0, 0.2, 0.3, 0.4, 0.6),
    "emergency": (0.0, 0.1, 0.3, 0.5),
    "sign": (-0.5,),
}


@dataclass(frozen=True)
class Text:
    """A text of a set, and what is expected of it."""

    words: str
    level: str
    worst: bool


def value(texts: list[Text], limits: dict[str, float]) -> tuple[float, str]:
    """How good some limits are, and the counts."""
    ear._signs()._limits = limits
    hits = dict.fromkeys(("danger", "level", "led", "harmless", "false", "screen", "worst", "missed"), 0)
    for text in texts:
        heard = ear.hear(text.words)
        rank = URGENCIES.index(triage(heard.signs).urgency)
        if text.level == "harmless":
            hits["harmless"] += 1
            hits["false"] += rank >= 2
            hits["screen"] += heard.screen and rank < 2
        elif text.level in URGENCIES:
            at_level = rank >= URGENCIES.index(text.level)
            hits["danger"] += 1
            hits["level"] += at_level
            hits["led"] += at_level or rank >= 2 or heard.screen
            hits["worst"] += text.worst
            hits["missed"] += text.worst and rank < 2 and not heard.screen
    false, screen = hits["false"] / hits["harmless"], hits["screen"] / hits["harmless"]
    good = (hits["level"] + 2 * hits["led"]) / hits["danger"] - 0.5 * hits["missed"] / max(1, hits["worst"])
    return good - 3 * max(0.0, false - 0.05) - 2 * max(0.0, screen - 0.1), str(hits)


def main(arguments: list[str]) -> None:
    ear.WEIGHTS = arguments[0]
    rows = [
        row
        for folder in arguments[1:]
        for row in tomllib.loads((Path(folder) / "danger.toml").read_text(encoding="utf-8"))["t"]
    ]
    texts = [Text(row["text"], row["level"], row["worst"]) for row in map(one_form, rows) if row["language"] == "en"]
    scores: dict[object, dict[str, float]] = {}
    learnt = ear._learnt("danger")
    plain = learnt.scores

    def kept(found):  # the scores of a text are the same for all limits
        key = tuple(found.items())
        if key not in scores:
            scores[key] = plain(found)
        return scores[key]

    learnt.scores = kept  # type: ignore[method-assign]
    drawn = random.Random(3)
    tried = []
    for _ in range(int(TRIES)):
        limits = {name: drawn.choice(choices) for name, choices in CHOICES.items()}
        tried.append((*value(texts, limits), limits))
    for good, hits, limits in sorted(tried, key=lambda row: -row[0])[:5]:
        print(f"{good:.3f} {limits}\n      {hits}")


if __name__ == "__main__":
    main(sys.argv[1:])
