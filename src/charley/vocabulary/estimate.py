"""A number that carries its uncertainty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.vocabulary.arrays import Floats


@dataclass(frozen=True, slots=True)
class Estimate:
    """Mean over draws with the limits of the middle 80 in 100 (``low``, ``high``) and 50 in 100."""

    mean: float
    low: float
    high: float
    low50: float
    high50: float

    @classmethod
    def from_draws(cls, draws: Floats) -> Estimate:
        """Summary of a one-dimensional array of finite draws."""
        if draws.ndim != 1 or draws.size == 0 or not np.isfinite(draws).all():
            raise ValueError("an estimate needs a one-dimensional array of finite draws")
        low, low50, high50, high = np.quantile(draws, (0.1, 0.25, 0.75, 0.9))
        return cls(float(draws.mean()), float(low), float(high), float(low50), float(high50))
