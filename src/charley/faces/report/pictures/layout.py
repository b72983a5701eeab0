"""Where a stacked picture has its names, its plot and its values, at one width of the page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """Lengths in px. ``beside``: names left of the plot, values right of it; else both above it."""

    key: str
    width: float
    left: float
    right: float
    value_x: float
    beside: bool
    gap: float
    most_ticks: int
