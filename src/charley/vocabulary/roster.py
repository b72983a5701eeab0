"""A squad: what each runner's own journal says, in the few figures that a coach asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from charley.vocabulary.answer import WouldTell
from charley.vocabulary.estimate import Estimate


@dataclass(frozen=True, slots=True)
class LastCramp:
    """The latest cramp during a run. ``at_m`` None: only that it came between ``from_m`` and ``to_m`` is known."""

    started_at: datetime
    at_m: float | None
    from_m: float
    to_m: float
    run_distance_m: float


@dataclass(frozen=True, slots=True)
class OneRunner:
    """What a runner's journal says. ``verdict`` and ``leading`` (labels of named families): see ``OverJournal``.

    ``chance``: of a cramp in the next usual hard run of ``distance_m``. ``early``: cramps early in runs that were not
    hard, which effort does not explain. ``silent``: runs of which nothing was said, the latest on ``silent_since``.
    """

    n_runs: int
    n_cramps: int
    n_answered: int
    verdict: str
    ranked: bool
    together: bool
    leading: tuple[str, ...]
    chance: Estimate
    distance_m: float
    last_cramp: LastCramp | None
    would_tell: tuple[WouldTell, ...]
    silent: int
    latest_silent: datetime | None
    after_runs: int
    early: int
    demo: bool


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A runner by the name of their journal; ``found`` None: ``code`` and ``trouble`` say why nothing could be said."""

    name: str
    found: OneRunner | None
    code: str = ""
    trouble: str = ""
    together: Estimate | None = None  # the chance in the next usual hard run, begun from what the squad shares


@dataclass(frozen=True, slots=True)
class SharedFactor:
    """A factor that matters more (``moved`` above 0) or less in a squad than studies say, in spreads of their prior."""

    label: str
    moved: float


@dataclass(frozen=True, slots=True)
class Shared:
    """What was learnt from all journals of a squad together. ``settled``: the chains agree (``r_hat``), so that it is
    used. ``factors``: those that moved far, the furthest first."""

    runners: int
    cramps: int
    r_hat: float
    settled: bool
    factors: tuple[SharedFactor, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """All runners, in the order in which they were named. ``kept``: how many answers had been worked out before."""

    rows: tuple[RosterRow, ...]
    kept: int
    scheduler: str  # "one process", "processes", "cluster"
    workers: int
    shared: Shared | None = None  # None: they were not learnt together
