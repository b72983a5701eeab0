"""What goes before and after a race: figures of the runner and the day, and what stands behind each piece of advice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from charley.vocabulary.estimate import Estimate

BEFORE, AFTER = "before", "after"


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing that runners are told, with its verdict. ``claim_id`` "": nobody has looked at it, grade D."""

    id: str
    phase: str
    claim_id: str
    headline: str
    grade: str


@dataclass(frozen=True, slots=True)
class Mineral:
    """What sweat carries away over the race, mg, and how much of a food holds the middle of it."""

    id: str
    lost_mg: Estimate
    food: str
    food_mg: float  # in one portion of it

    @property
    def portions(self) -> float:
        """Portions of that food."""
        return self.lost_mg.mean / self.food_mg


@dataclass(frozen=True, slots=True)
class RaceDay:
    """Clocks where the start is known. ``drink_before_l`` None: for whoever treats the runner; ``minerals`` (): no
    plan, so no sweat. ``salt_suggested`` False: minerals are told as figures, nothing is advised."""

    meal_at: datetime | None
    drink_at: datetime | None
    drink_before_l: tuple[float, float] | None
    told_before_l: tuple[float, float]  # what runners are told to drink an hour before
    warm_up_min: tuple[float, float]
    advice: tuple[Advice, ...]
    minerals: tuple[Mineral, ...]
    bananas_for_sodium: float | None
    salt_suggested: bool
