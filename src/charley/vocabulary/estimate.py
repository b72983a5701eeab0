"""A number that carries its uncertainty."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from charley.vocabulary.arrays import Floats, quantiles


@dataclass(frozen=True, slots=True)
class Estimate:
    """Mean and median over draws with the limits of the middle 80 in 100 (``low``, ``high``) and 50 in 100.

    Where a few extreme draws pull the mean out of the middle 80, that limit is widened to hold it.

    ``median`` is nan where only the limits were kept.
    """

    mean: float
    low: float
    high: float
    low50: float
    high50: float
    median: float = math.nan

    @property
    def middle(self) -> float:
        """What people see: the mean, or the median where a few extreme draws pull the mean out of the middle half."""
        if self.low50 <= self.mean <= self.high50:
            return self.mean
        return self.median if math.isfinite(self.median) else min(max(self.mean, self.low50), self.high50)

    @classmethod
    def from_draws(cls, draws: Floats) -> Estimate:
        """Summary of a one-dimensional array of finite draws."""
        if draws.ndim != 1 or draws.size == 0 or not np.isfinite(draws).all():
            raise ValueError("an estimate needs a one-dimensional array of finite draws")
        low, low50, median, high50, high = quantiles(draws, (0.1, 0.25, 0.5, 0.75, 0.9)).tolist()
        mean = float(draws.mean())
        return cls(mean, min(low, mean), max(high, mean), low50, high50, median)
