"""Values as JSON has them: scalars unrounded, arrays at six significant digits, NaN as None."""

from __future__ import annotations

import math
from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np

from charley.vocabulary.arrays import Floats
from charley.vocabulary.estimate import Estimate

_DIGITS = 6


def plain(value: Any) -> Any:
    """Any nest of dataclass fields as values of JSON."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    return scalar(value) if isinstance(value, float) else value


def scalar(value: float | None) -> float | None:
    """A plain float; None where there is no number."""
    return None if value is None or not math.isfinite(value) else float(value)


def array(values: Floats) -> list[float | None]:
    """A list at six significant digits; None where there is no number."""
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0)
    size = np.abs(filled)
    digits = _DIGITS - 1 - np.floor(np.log10(np.where(size > 0, size, 1.0))).astype(int)
    up, down = 10.0 ** np.maximum(digits, 0), 10.0 ** np.maximum(-digits, 0)
    rounded = np.round(filled * up / down) / up * down
    return [value if there else None for value, there in zip(rounded.tolist(), known.tolist(), strict=True)]


def estimate(value: Estimate) -> dict[str, float | None]:
    """Mean, limits of the middle 80 in 100 and of the middle 50."""
    return {key: scalar(number) for key, number in asdict(value).items()}
