"""Searches the limits of the danger that was learnt (``limits.toml``, [danger]) on sets that the weights have not met.

    .venv/bin/python scripts/fit_hearing.py danger --without hearing_third OUT
    .venv/bin/python scripts/search_hearing_limits.py OUT=tests/outside/hearing_third OUT1=tests/outside/hearing,tests/outside/hearing_kept

Each argument is one author: a folder of weights, and the sets that they have not met; all authors count alike, in English. First it shows the
curve: for limits of the score alone, how much of danger and of harmless texts lies above. Then it tries ``TRIES`` random
choices and takes the middle of each limit over the ``BEST`` ones, which the choice of texts moves less than the best one;
from there each limit in turn moves by one choice while the loss falls. The loss: 30 for the share of the worst kind missed, 10 for the share neither heard at their level
nor asked, 1 for the share not heard at their level, 3 for false alarms, 1 for screen questions, and for what lies
beyond a bar of docs/hearing.md as much again five times over. A choice that loses one of the stories of triage of the
tests (told in the table's own words, scored by the weights that ship) is out.
"""

from __future__ import annotations

import random
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median_low

from measure_hearing import one_form

from charley.advice.hearing import ear
from charley.advice.hearing.learnt import Learnt
from charley.advice.hearing.text import sentences
from charley.advice.hearing.weighing import URGENT, Said
from charley.advice.triage import URGENCIES, triage

ROOT = Path(__file__).resolve().parents[1]
BUILT = ROOT / "src" / "charley" / "advice" / "data" / "hearing" / "built"
STORIES = ROOT / "tests" / "published" / "advice_vignettes.toml"
URGENT_RANK = URGENCIES.index("urgent")
TRIES = 1000
BEST = 20
CHOICES = {
    "doubt": (-1.0, -0.9, -0.8, -0.7, -0.6, -0.5, -0.4, -0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3),
    "said": (-1.3, -1.0, -0.9, -0.8, -0.7, -0.6, -0.5, -0.4),
    "drop": (-1.2, -1.0, -0.9, -0.8, -0.7, -0.6, -0.5, -0.4, -0.3),
    "calm": (-1.0, -0.8, -0.7, -0.6, -0.5, -0.4, -0.3),
    "ask": (-0.9, -0.8, -0.7, -0.6, -0.5, -0.4, -0.3, -0.2, -0.1, 0.0, 0.1),
    "ask_emergency": (-0.9, -0.8, -0.7, -0.6, -0.5, -0.4, -0.3, -0.2, 2.0),
    "part": (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6),
    "some": (0.0,),
    "urgent": (-0.2, -0.1, 0.0, 0.1, 0.2, 0.3, 0.4, 0.6),
    "emergency": (-0.4, -0.3, -0.2, -0.1, 0.0, 0.1, 0.3, 0.5),
    "sign": (-0.8, -0.65, -0.5),
}
FIGURES = {"worst missed": (30.0, 0.0), "not led": (10.0, 0.01), "not at level": (1.0, 0.05)}  # weight in the loss, bar
FIGURES |= {"false alarms": (3.0, 0.03), "screens": (1.0, 0.08)}
BEYOND = 5.0


@dataclass(frozen=True)
class Text:
    """A text of a set, the scores of its parts, and what is expected of it: a level of triage, "ask" or "harmless"."""

    parts: list[Said]
    scores: list[dict[str, float]]
    level: str
    worst: bool


def read(weights: str, folder: str) -> list[Text]:
    """The texts of a set, with their scores by some weights."""
    learnt = Learnt((Path(weights) / "learnt_danger.txt").read_bytes())
    rows = map(one_form, tomllib.loads((Path(folder) / "danger.toml").read_text(encoding="utf-8"))["t"])
    out = []
    for row in rows:
        if row["language"] == "en":
            parts = ear._signs().parts(ear._read(sentences(row["text"]))[0])
            out.append(Text(parts, [learnt.scores(part.pieces) for part in parts], row["level"], row["worst"]))
    return out


def stories() -> list[Text]:
    """The stories of triage that call for care today or more."""
    learnt = Learnt((BUILT / "learnt_danger.txt").read_bytes())
    out = []
    for row in tomllib.loads(STORIES.read_text(encoding="utf-8"))["vignette"]:
        if URGENCIES.index(row["urgency"]) >= URGENT_RANK:
            parts = ear._signs().parts(ear._read(sentences(row["story"]))[0])
            out.append(Text(parts, [learnt.scores(part.pieces) for part in parts], row["urgency"], worst=True))
    return out


def loses(texts: Sequence[Text], limits: dict[str, float]) -> bool:
    """True where a text is not heard at its level."""
    signs = ear._signs()
    signs.weighing.limits = limits
    return any(
        _rank(tuple(signs.ids[sign] for sign in sorted(signs.weighing.judged(t.parts, t.scores)[0])))
        < URGENCIES.index(t.level)
        for t in texts
    )


def loss(texts: Sequence[Text], limits: dict[str, float]) -> tuple[float, dict[str, str]]:
    """How bad some limits are, and the counts."""
    signs = ear._signs()
    signs.weighing.limits = limits
    hits: dict[str, list[bool]] = {name: [] for name in FIGURES}
    for text in texts:
        told, asked = signs.weighing.judged(text.parts, text.scores)
        rank = _rank(tuple(signs.ids[sign] for sign in sorted(told)))
        if text.level == "harmless":
            hits["false alarms"].append(rank >= 2)
            hits["screens"].append(asked and rank < 2)
            continue
        led = rank >= 2 or asked
        if text.level in URGENCIES:
            at_level = rank >= URGENCIES.index(text.level)
            hits["not at level"].append(not at_level)
            led = led or at_level
        hits["not led"].append(not led)
        if text.worst:
            hits["worst missed"].append(not (rank >= 2 or asked))
    bad = 0.0
    for name, (weight, bar) in FIGURES.items():
        share = sum(hits[name]) / max(1, len(hits[name]))
        bad += weight * (share + BEYOND * max(0.0, share - bar))
    return bad, {name: f"{sum(of)}/{len(of)}" for name, of in hits.items()}


def mean_loss(authors: Sequence[Sequence[Text]], limits: dict[str, float]) -> tuple[float, list[dict[str, str]]]:
    """The mean of the authors' losses, and the counts of each."""
    found = [loss(texts, limits) for texts in authors]
    return sum(bad for bad, _ in found) / len(found), [hits for _, hits in found]


def descended(authors: Sequence[Sequence[Text]], guard: Sequence[Text], start: dict[str, float]) -> dict[str, float]:
    """From the middle on, each limit in turn one choice up or down, for as long as the loss falls and no story is lost."""
    here = dict(start)
    least = float("inf") if loses(guard, here) else mean_loss(authors, here)[0]
    moved = True
    while moved:
        moved = False
        for name, choices in CHOICES.items():
            at = choices.index(here[name])
            for step in (at - 1, at + 1):
                if 0 <= step < len(choices):
                    other = {**here, name: choices[step]}
                    if not loses(guard, other) and (bad := mean_loss(authors, other)[0]) < least:
                        here, least, moved = other, bad, True
    return here


@cache
def _rank(signs: tuple[str, ...]) -> int:
    return URGENCIES.index(triage(signs).urgency)


def curve(texts: Sequence[Text]) -> str:
    """For some limits of the score of danger alone, the shares above it."""
    lines = ["score  danger  worst kind  harmless"]
    best = [max(of[URGENT] for of in text.scores) for text in texts]
    for limit in (-0.9, -0.7, -0.5, -0.3, -0.1, 0.1, 0.3):
        shares = []
        for wanted in (("ask", "urgent", "emergency"), None, ("harmless",)):
            of = [b for b, t in zip(best, texts, strict=True) if (t.worst if wanted is None else t.level in wanted)]
            shares.append(sum(b >= limit for b in of) / len(of))
        lines.append(f"{limit:5.1f}  {shares[0]:6.1%}  {shares[1]:10.1%}  {shares[2]:8.1%}")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    authors = []
    for argument in arguments:
        weights, folders = argument.split("=", 1)
        authors.append([text for folder in folders.split(",") for text in read(weights, folder)])
    print(curve([text for texts in authors for text in texts]))
    drawn = random.Random(3)
    tried = []
    guard = stories()
    while len(tried) < TRIES:
        limits = {name: drawn.choice(choices) for name, choices in CHOICES.items()}
        if not loses(guard, limits):
            tried.append((*mean_loss(authors, limits), limits))
    best = sorted(tried, key=lambda row: row[0])[:BEST]
    for bad, hits, limits in best[:3]:
        print(f"{bad:.3f} {limits}\n      {hits}")
    middle = {name: median_low(limits[name] for _, _, limits in best) for name in CHOICES}
    found = descended(authors, guard, middle)
    bad, hits = mean_loss(authors, found)
    print(f"middle: {middle}\nstories lost: {loses(guard, found)}")
    print(f"found: {bad:.3f} {found}\n      {hits}")


if __name__ == "__main__":
    main(sys.argv[1:])
