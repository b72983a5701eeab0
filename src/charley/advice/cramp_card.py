"""What the page for the phone and the printed card hold, gathered from the tables of triage and relief."""

from __future__ import annotations

from dataclasses import dataclass

from charley.advice.relief import Muscle, Place, Step, muscles, places, relief
from charley.advice.triage import URGENCIES, ScreenRow, screen, triage
from charley.vocabulary.words import words


@dataclass(frozen=True, slots=True)
class StopScreen:
    """What one line of the first screen leads to. ``urgency`` is the gravest among the line's signs taken alone."""

    id: str
    text: str
    urgency: str
    headline: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CrampCard:
    """The whole of it. ``steps``: for a calf on land, and the way out of water. ``version``: that of the rules."""

    screens: tuple[StopScreen, ...]
    muscles: tuple[Muscle, ...]
    places: tuple[Place, ...]
    steps: tuple[Step, ...]
    version: int


def cramp_card() -> CrampCard:
    """The card, made from the tables."""
    return CrampCard(
        screens=tuple(_stop(row) for row in screen()),
        muscles=tuple(muscles().values()),
        places=tuple(places().values()),
        steps=(*relief(), *(step for step in relief(place="water") if step.id == "shore")),
        version=triage(None).version,
    )


def _stop(row: ScreenRow) -> StopScreen:
    urgency = max((triage((flag,)).urgency for flag in row.flags), key=URGENCIES.index)
    lines = tuple(line for line in words(f"stop.{row.id}_lines").splitlines() if line)
    return StopScreen(row.id, row.text, urgency, words(f"stop.{row.id}"), lines)
