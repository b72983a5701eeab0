"""A runner's own runs at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from charley.vocabulary.journal import Baseline


@dataclass(frozen=True, slots=True)
class OwnRuns:
    """The runner's own runs; demonstration runs and runs without a date do not count.

    ``answered``: runs of which it was said whether they cramped; ``cramped``: those that did; ``cramps``: during them.
    ``summary``: what `why` left (the keys of ``answers.history.own_summary``), None where it never did; ``stale``: the
    journal has changed since.
    """

    runs: int
    answered: int
    cramped: int
    cramps: int
    first_at: datetime | None
    longest_m: float
    longest_30d_m: float
    baseline: Baseline
    summary: Mapping[str, Any] | None
    stale: bool
