"""What the laboratory hands out: experiments with published and simulated values, and the traces of a simulated
person."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from charley.vocabulary.arrays import Floats, Ints

# What is said of one outcome. "inside": within two standard errors of the published mean.
JUDGED = ("inside", "high", "low", "right_sign", "wrong_sign")
UNJUDGED = ("sets_scale", "matched", "no_value", "cannot", "no_spread", "not_run")
MET = ("inside", "right_sign")


@dataclass(frozen=True, slots=True)
class Simulated:
    """Mean and standard deviation over virtual subjects; ``n`` of ``asked`` gave a value."""

    mean: float | None
    sd: float | None
    n: int
    asked: int

    @property
    def se(self) -> float | None:
        """Standard error of the mean; None below two values."""
        return None if self.sd is None or self.n < 2 else self.sd / float(np.sqrt(self.n))


@dataclass(frozen=True, slots=True)
class LabOutcome:
    """One quantity of an experiment: as published, as simulated, and ``z``, how far apart in published standard
    errors."""

    key: str
    quantity: str
    unit: str
    condition: str
    verdict: str
    published_mean: float | None = None
    published_spread: float | None = None
    spread_kind: str = ""
    published_se: float | None = None
    published_note: str = ""
    n: int | None = None
    simulated: Simulated | None = None
    z: float | None = None
    note: str = ""  # why it cannot be measured, or what was expected

    @property
    def judged(self) -> bool:
        """True where published and simulated could be compared."""
        return self.verdict in JUDGED

    @property
    def met(self) -> bool:
        """True where the simulation agrees with what was published."""
        return self.verdict in MET


@dataclass(frozen=True, slots=True)
class LabCondition:
    """What one arm of an experiment gave: each measure over its virtual subjects."""

    name: str
    measures: tuple[tuple[str, str, Simulated], ...]  # (measure, unit, values)


@dataclass(frozen=True, slots=True)
class LabExperiment:
    """An experiment of the laboratory; ``conditions`` and ``traces`` are empty until it has been run."""

    id: str
    title: str
    muscle: str
    protocol: str
    verdict: str  # "met", "partly", "missed", "nothing_judged", "cannot", "not_run"
    outcomes: tuple[LabOutcome, ...]
    calibration: bool = False  # the model was set by this experiment, so a match is no test
    set_by_it: tuple[str, ...] = ()  # ids of the constants that were set by it
    cannot: str = ""
    note: str = ""
    headline: str = ""
    lead: tuple[str, ...] = ()
    grade: str = ""
    source_ids: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    seed: int = 1
    kept: str = ""  # "current" or "older" where the values are those of the last table made with the project
    conditions: tuple[LabCondition, ...] = ()
    traces: tuple[LabTrace, ...] = ()

    @property
    def judged(self) -> tuple[LabOutcome, ...]:
        """Outcomes that could be compared."""
        return tuple(o for o in self.outcomes if o.judged)

    @property
    def met(self) -> tuple[LabOutcome, ...]:
        """Outcomes in which the simulation agrees."""
        return tuple(o for o in self.outcomes if o.met)

    @property
    def z(self) -> float | None:
        """The z that is farthest from 0, over all outcomes that have one."""
        known = [o.z for o in self.outcomes if o.z is not None]
        return max(known, key=abs) if known else None


@dataclass(frozen=True, slots=True)
class LabTable:
    """Many experiments, and how they were run."""

    experiments: tuple[LabExperiment, ...]
    subjects: int | None  # None: as many as each protocol says
    seconds: float


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that was done or happened, from ``start_s`` to ``end_s`` (equal for an instant)."""

    kind: str  # "train", "effort", "stretch", "shock", "vibration", "sip", "cuff", "block", "cut", "rest", "cramp"
    start_s: float
    end_s: float
    label: str = ""
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class LabTrace:
    """What one simulated person did, ready to draw. Series (keys: ``UNITS``) have shape (n,) on ``time_s``."""

    condition: str
    subject: str
    time_s: Floats
    series: dict[str, Floats]
    marks: tuple[Mark, ...]
    spike_s: Floats
    spike_unit: Ints
    units: int
    emg_time_s: Floats = field(default_factory=lambda: np.zeros(0))
    emg: Floats = field(default_factory=lambda: np.zeros(0))  # fraction of a maximal effort's mean rectified amplitude
    numbers: dict[str, Any] = field(default_factory=dict)
    state: dict[str, float] = field(default_factory=dict)  # slow states at the start of the test

    def kinds(self, *kinds: str) -> tuple[Mark, ...]:
        """Marks of these kinds, in time."""
        return tuple(sorted((m for m in self.marks if m.kind in kinds), key=lambda m: m.start_s))


UNITS = {
    "rate_hz": "impulses a second",
    "pic": "open share",
    "ia_hz": "impulses a second",
    "ii_hz": "impulses a second",
    "ib_hz": "impulses a second",
    "renshaw_hz": "impulses a second",
    "force": "fraction of maximum",
    "flow": "share of free flow",
    "angle_deg": "degrees",
    "voluntary": "fraction of maximum",
    "fast_fatigue": "0 to 1",
    "oxygen": "share of that at rest",
}
