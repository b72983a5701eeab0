"""A cramp, and the statement that there was none."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cramp:
    """A cramp during a run, in elapsed seconds. Exact when ``at_s`` is set; else it lies in (``from_s``, ``to_s``]."""

    at_s: float | None
    from_s: float
    to_s: float
    muscle: str = "calf"
    side: str | None = None  # "left", "right", "both"
    severity: int | None = None  # 1 kept running, 2 slowed, 3 walked, 4 stopped

    @property
    def exact(self) -> bool:
        """True when the runner named a place, not a range."""
        return self.at_s is not None


@dataclass(frozen=True, slots=True)
class NoCramp:
    """The runner was asked and said that nothing cramped until ``until_s``."""

    until_s: float
