"""Rows of published studies: experiments, risk factors, incidence, interventions, red flags, rules.

Every row has ``source_ids`` (see ``Source``), ``where`` in the source it stands, and a ``grade`` (see ``GRADES``).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """One published number. ``spread`` is None where none was printed (``spread_kind`` then says so, or "count")."""

    key: str
    quantity: str
    unit: str
    condition: str
    mean: float | None = None
    spread: float | None = None
    spread_kind: str = (
        ""  # "SD", "SE", "SE?" (printed as +/- without saying), "as printed", "count", "not printed", "words"
    )
    n: int | None = None
    p: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Experiment:
    """A published experiment to run again on the model; ``calibration`` is True where the model was set by it."""

    id: str
    title: str
    muscle: str
    protocol: str
    outcomes: tuple[Outcome, ...]
    source_ids: tuple[str, ...]
    where: str
    grade: str
    why: str
    calibration: bool
    target: str
    n: int | None = None

    def outcome(self, key: str) -> Outcome:
        """The published number of that key; KeyError if there is none."""
        for outcome in self.outcomes:
            if outcome.key == key:
                return outcome
        raise KeyError(f"{self.id} has no outcome {key}")


@dataclass(frozen=True, slots=True)
class KeptAside:
    """A published experiment that no part of the model may be set by; compared at acceptance."""

    id: str
    source_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RiskFactor:
    """What one study found on one factor. ``log_effect`` is per ``unit``, ``log_se`` its error, if printed."""

    id: str
    factor: str
    population: str
    effect: str
    measure: str
    unit: str
    direction: str  # "up", "down", "null", "other"
    source_ids: tuple[str, ...]
    where: str
    grade: str
    why: str = ""
    n: int | None = None
    log_effect: float | None = None
    log_se: float | None = None
    spread: str = ""  # what is said instead where log_se is missing


@dataclass(frozen=True, slots=True)
class Incidence:
    """How often, where or when cramps come in one study: ``value`` with the middle 95 in 100 where known."""

    id: str
    what: str
    population: str
    unit: str
    source_ids: tuple[str, ...]
    where: str
    grade: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    spread: str = ""  # what is said instead where low and high are missing
    note: str = ""


@dataclass(frozen=True, slots=True)
class Intervention:
    """Something that people do against cramps. ``size`` (error ``se``) is on the scale of ``measure``."""

    id: str
    kind: str  # "acute", "preventive"
    name: str
    population: str
    effect: str
    verdict: str
    source_ids: tuple[str, ...]
    where: str
    grade: str
    n: int | None = None
    measure: str = ""
    size: float | None = None
    se: float | None = None
    spread: str = ""  # what is said instead where se is missing


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A condition that is not a plain cramp: what a runner notices and how fast to get help."""

    id: str
    condition: str
    urgency: str  # "emergency", "urgent", "see_someone", "self_care"
    urgency_text: str
    signs: str
    criteria: str
    source_ids: tuple[str, ...]
    where: str
    grade: str


@dataclass(frozen=True, slots=True)
class Guideline:
    """A rule of drinking or eating that a society has published, or a fact that corrects one."""

    id: str
    when: str
    rule: str
    source_ids: tuple[str, ...]
    where: str
    grade: str


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """Chance of a cramp at one distance under the two-class reading, with the middle 90 in 100 of the prior."""

    distance_km: float
    chance_population: float
    hazard_not_prone: float
    log_hazard_not_prone: float
    chance_not_prone: float
    chance_prone: float
    low: float
    high: float
    source_ids: tuple[str, ...]
    where: str
    grade: str
