"""All that a journal says of a runner, gathered: what the learning engine starts from."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from charley.vocabulary.journal import Event, HealthAnswer, Report, RunRow
from charley.vocabulary.run import Run
from charley.vocabulary.runner import Intake, Runner, Weather

LEAST_WEIGHED_S = 1800.0  # of a run whose scales count: in less, scales of 0.1 kg say little (own rule)


@dataclass(frozen=True, slots=True)
class Told:
    """What was said of one run, and how to read its channels. ``effort``: "race", "hard", "easy" or None."""

    row: RunRow
    report: Report
    read: Callable[[], Run]
    effort: str | None = None
    weather: Weather = field(default_factory=Weather)
    intake: Intake = field(default_factory=Intake)
    weighed_loss_kg: float | None = None  # body mass before less after
    about: tuple[tuple[str, float], ...] = ()  # answers by the key of a prior, as they were at the time of the run
    shoes: str | None = None  # the name of the pair
    unusual: tuple[str, ...] = ()  # what was out of the ordinary that day
    changed: tuple[tuple[str, bool], ...] = ()  # changes of trials, and whether they were done in this run


@dataclass(frozen=True, slots=True)
class Weighed:
    """One run with the body mass before and after it (kg, None = not weighed) and what was taken during it."""

    run: Run
    before_kg: float | None
    after_kg: float | None
    intake: Intake
    weather: Weather


@dataclass(frozen=True, slots=True)
class AllTold:
    """A runner and all runs, the earliest first. ``alone``: cramps that belong to no run."""

    runner: Runner
    runs: tuple[Told, ...]
    alone: tuple[Event, ...] = ()
    health: tuple[HealthAnswer, ...] = ()
    undated: tuple[str, ...] = ()  # runs whose clock was never set: they are among no runs
    held_open: Callable[[], AbstractContextManager[object]] = nullcontext  # many runs are read faster within it

    @property
    def named(self) -> tuple[str, ...]:
        """Conditions and medicines that the runner said to have."""
        return tuple(h.name for h in self.health if h.present)
