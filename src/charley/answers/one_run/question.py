"""What is asked about a run: the run, and what the runner told with it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from charley.vocabulary.cramp import Cramp
from charley.vocabulary.run import Run
from charley.vocabulary.runner import Intake, Runner, Weather

LONG_RUN_S = 16 * 3600.0  # our own: 500 bodies over it take a third of a gigabyte, in steps of a minute
LEAST_DRAWS = 50  # fewer say little of a spread
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
    heat_acclimation: float | None = None  # 0..1, from the runs before it; None: not known
    draws: int = 500
    seed: int = 1

    def affordable(self) -> Question:
        """The same with so few bodies that a run of days takes no more memory than one of LONG_RUN_S."""
        few = int(self.draws * LONG_RUN_S / max(self.run.elapsed_s, LONG_RUN_S))
        return replace(self, draws=min(self.draws, max(few, LEAST_DRAWS)))
