"""Calf raises, step by step: with straight and with bent knee, from both legs to one, then with load, then jumps.

Own progression: no trial of calf raises counted cramps. What was logged decides where it goes on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from charley.vocabulary.journal import StrengthSession


@dataclass(frozen=True, slots=True)
class Step:
    """``id`` names it in the faces. Sets and repetitions for each knee position, load beside body mass."""

    id: str
    sets: int
    repetitions: int
    load_kg: float
    one_leg: bool


LADDER = (
    Step("both-2x10", 2, 10, 0.0, False),
    Step("both-3x15", 3, 15, 0.0, False),
    Step("one-3x8", 3, 8, 0.0, True),
    Step("one-3x12", 3, 12, 0.0, True),
    Step("one-3x15", 3, 15, 0.0, True),
    Step("one-3x12-5kg", 3, 12, 5.0, True),
    Step("one-3x15-10kg", 3, 15, 10.0, True),
)
JUMPS_FROM = 4  # "leave jumps until your calf raises go well" (K32): three times 15 on one leg
WEEKS_A_STEP = 2


def reached(sessions: Iterable[StrengthSession]) -> int:
    """The highest step that a logged session of calf raises fulfils, -1 for none."""
    best = -1
    for s in sessions:
        name = s.exercise.lower()
        if "calf" not in name and "raise" not in name and "heel" not in name:
            continue
        one = any(word in name for word in ("single", "one", "1"))
        for i, step in enumerate(LADDER):
            done = s.sets >= step.sets and s.repetitions >= step.repetitions and s.load_kg >= step.load_kg
            if done and (one or not step.one_leg):
                best = max(best, i)
    return best


def step_of_week(best: int, week: int) -> int:
    """The step for a week of the plan: the one after what was reached, then a further one every two weeks."""
    return min(best + 1 + week // WEEKS_A_STEP, len(LADDER) - 1)
