"""How long somebody has run, how far of late, and whether they have cramped before: it chooses the words of advice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Experience:
    """None = not known. ``years`` of running; ``longest_m`` of the last 30 days; ``cramped``: ever before."""

    years: float | None = None
    longest_m: float | None = None
    cramped: bool | None = None


@dataclass(frozen=True, slots=True)
class ForYou:
    """One sentence for this runner: its id in the catalogue under "for_you", and the figures that it may need."""

    id: str
    claim_ids: tuple[str, ...]
    grade: str
    experience: Experience
