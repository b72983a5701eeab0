"""One page for a doctor: what happened, what was logged before, and what to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from charley.vocabulary.journal import Event, HealthAnswer, RunRow


@dataclass(frozen=True, slots=True)
class ToAsk:
    """A question for the visit. ``about``: "deficiency", "medicine" or "condition"; ``rule_ids``: of triage."""

    id: str
    about: str
    text: str
    rule_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """A cramp or a twitch of the journal; ``row`` and ``at_m`` are None where it belongs to no run or no place."""

    event: Event
    row: RunRow | None
    at_m: float | None


@dataclass(frozen=True, slots=True)
class DoctorPage:
    """All that the page holds. ``signs``: as they are asked; None where nobody was asked. ``denied``: by name.

    ``before``: the runs of the four weeks before the latest cramp (or before now), the latest first.
    """

    made_at: datetime
    told: str
    urgency: str
    headline: str
    signs: tuple[str, ...] | None
    denied: tuple[str, ...]
    tell: tuple[str, ...]
    events: tuple[LoggedEvent, ...]
    more_events: int
    answered_runs: int
    cramped_runs: int
    before: tuple[RunRow, ...]
    before_from: datetime
    health: tuple[HealthAnswer, ...]
    age_y: int | None
    sex: str | None
    mass_kg: float | None
    height_m: float | None
    ask: tuple[ToAsk, ...]
