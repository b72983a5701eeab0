"""Searches the limits of the danger that was learnt (``limits.toml``, [danger]) on sets that the weights have not met.

    .venv/bin/python scripts/fit_hearing.py danger --without hearing_fourth,hearing_fifth OUT
    .venv/bin/python scripts/fit_network.py --without hearing_fourth,hearing_fifth OUT
    .venv/bin/python scripts/search_hearing_limits.py OUT tests/outside/hearing_fourth tests/outside/hearing_fifth

Tries 6,000 random choices and prints the best by: share heard at their level, twice the share heard or asked, less half the
share of the worst kind missed, three times the false alarms above 3 % and twice the screen questions above 8 %. Limits by which a story of the triage
(tests/published/advice_vignettes.toml) is heard below its level are passed over.
"""

from __future__ import annotations

import random
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from measure_hearing import one_form

from charley.advice.hearing import ear
from charley.advice.triage import URGENCIES, triage

STORIES = Path(__file__).resolve().parents[1] / "tests" / "published" / "advice_vignettes.toml"
TRIES = 6000
CHOICES = {
    "doubt": (-2.0, -1.7, -1.4, -1.2, -1.0, -0.8, -0.6, -0.4, -0.2, 0.0, 0.2),
    "quiet": (-9.0, -2.6, -2.2, -1.9, -1.6, -1.3, -1.0),
    "calm": (-2.6, -2.2, -1.8, -1.5, -1.2, -0.9),
    "ask": (-1.0, -0.8, -0.6, -0.4, -0.2, 0.0, 0.2, 0.4),
    "part": (0.2, 0.4, 0.6, 0.8, 1.2, 2.5),
    "some": (-0.4, -0.2, 0.0, 0.2, 0.4, 0.6),
    "urgent": (-0.2, 0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.5),
    "emergency": (-0.6, -0.4, -0.2, 0.0, 0.2, 0.4, 0.6, 0.9, 1.2),
    "sign": (-1.1, -0.9, -0.7, -0.5, -0.3),
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
        return _rank(text.heard.signs), text.heard.screen
    found, screen = signs._weighed(*text.before)
    return _rank(tuple(signs.ids[sign] for sign in sorted(found))), screen


@cache
def _rank(signs: tuple[str, ...]) -> int:
    return URGENCIES.index(triage(signs).urgency)


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
    return good - 3 * max(0.0, false - 0.03) - 2 * max(0.0, screened - 0.08), str(hits)


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
    drawn = random.Random(3)
    tried = []
    for _ in range(TRIES):
        limits = {
            name: drawn.choice(choices) for name, choices in CHOICES.items()
        }  # the network's share is in the scores
        tried.append((*value(texts, stories, limits), limits))
    for good, hits, limits in sorted(tried, key=lambda row: -row[0])[:5]:
        print(f"{good:.3f} {limits}\n      {hits}")


if __name__ == "__main__":
    main(sys.argv[1:])
