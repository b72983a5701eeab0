"""How good earlier forecasts were, against always saying how often this runner cramps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.vocabulary.arrays import Bools, Floats


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """Scores of ``runs`` forecasts. Brier: mean squared error, 0 is perfect; ``base_brier`` is that of the base rate.

    ``skill``: 1 - brier / base_brier, above 0 when the forecasts beat the base rate; None when all runs ended alike.
    ``expected`` and ``cramped``: cramps that were foretold and that came.
    """

    runs: int
    cramped: int
    expected: float
    brier: float
    base_brier: float
    skill: float | None


def track_record(forecasts: Floats, cramped: Bools) -> TrackRecord:
    """Score of forecasts (runs,) that were made before the outcomes (runs,) were known.

    The base rate for a run is that of the runs before it (one cramp and one run without added, so that it starts at a
    half): it too knew nothing of what was to come.
    """
    if forecasts.shape != cramped.shape or forecasts.ndim != 1 or forecasts.size == 0:
        raise ValueError(f"forecasts {forecasts.shape} and outcomes {cramped.shape} must be equally many, at least one")
    if not ((forecasts >= 0) & (forecasts <= 1)).all():
        raise ValueError("a forecast is a probability")
    y = cramped.astype(np.float64)
    before = np.concatenate(([0.0], np.cumsum(y)[:-1]))
    base = (before + 1) / (np.arange(y.size) + 2)
    brier, base_brier = float(((forecasts - y) ** 2).mean()), float(((base - y) ** 2).mean())
    return TrackRecord(
        runs=int(y.size),
        cramped=int(y.sum()),
        expected=float(forecasts.sum()),
        brier=brier,
        base_brier=base_brier,
        skill=1 - brier / base_brier if np.ptp(y) > 0 else None,
    )
