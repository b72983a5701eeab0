"""What is asked about a run: the run, and what the runner told with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from charley.vocabulary.cramp import Cramp
from charley.vocabulary.run import Run
from charley.vocabulary.runner import Intake, Runner, Weather

EFFORTS = ("race", "training", "unknown")


@dataclass(frozen=True, slots=True)
class Question:
    """One run and what was told. ``race_distance_m`` is the planned distance of a race that was left early."""

    run: Run
    cramp: Cramp | None = None
    runner: Runner = field(default_factory=Runner)
    weather: Weather = field(default_factory=Weather)
    intake: Intake = field(default_factory=Intake)
    effort: str = "unknown"
    race_distance_m: float | None = None
    draws: int = 500
    seed: int = 1
