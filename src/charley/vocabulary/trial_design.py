"""How many runners a trial of a change needs: frozen nouns; the words stand in the faces."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """Runners for one way to run a trial. ``formula``: closed; ``simulated``: under the model, where it had ``power``.

    ``asked``: with reports that never come. A parallel trial counts runners an arm, a crossover runners who run twice.
    """

    formula: float
    simulated: int
    power: float
    asked: int


@dataclass(frozen=True, slots=True)
class SmallTrial:
    """How often a trial of so many runners an arm would see it."""

    an_arm: int
    power: float


@dataclass(frozen=True, slots=True)
class OneRunner:
    """A runner's own trial: their chance of a cramp without the change, races each way by the closed formula, and how
    often races in random order have told by the ``runs``-th, (runs, share)."""

    who: str  # "middle", "prone", "every_other", "nearly_always"
    chance: float
    races_each_way: float
    told_by: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class TrialDesign:
    """The answer. ``effect``: chance with the change over the chance without it."""

    change: str
    label: str
    effect: float
    base: float
    alpha: float
    power: float
    missed: float
    parallel: Size
    crossover: Size
    small: tuple[SmallTrial, ...]
    one_runner: tuple[OneRunner, ...]
    limits: tuple[str, ...]  # of the change: who must not take part
    slow: bool  # its effect needs weeks and stays, so that it cannot be crossed over
    runners: int  # virtual ones, whose differences the crossover and the single runner rest on
    simulated_trials: int
    seed: int
