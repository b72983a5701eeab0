"""The kinds of array that pass between functions; each docstring says the shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Index = NDArray[np.intp]
Words = NDArray[np.uint64]  # bits, or random words
Kind = TypeVar("Kind", bound=np.generic)


def middle(values: Floats) -> float:
    """The median of an array of any shape; NaN where it is empty or holds a NaN.

    ``numpy.median`` gives the same, but loads the masked arrays for it, which costs a command more than its own work.
    """
    if values.size == 0:
        return float("nan")
    low, high = (values.size - 1) // 2, values.size // 2
    placed = np.partition(values, (low, high, values.size - 1), axis=None)  # a NaN comes last
    return float("nan") if np.isnan(placed[-1]) else float(placed[low : high + 1].mean())


def quantiles(values: Floats, probabilities: Sequence[float]) -> Floats:
    """Quantiles over the last axis, (probabilities, ...); NaN where that holds a NaN. It must not be empty.

    ``numpy.quantile`` gives the same to the digit, and loads the masked arrays for it like the median.
    """
    ordered = np.sort(values, axis=-1)  # a NaN comes last
    out = np.empty((len(probabilities), *ordered.shape[:-1]))
    for i, probability in enumerate(probabilities):
        place = probability * (ordered.shape[-1] - 1)
        below = min(int(place), max(ordered.shape[-1] - 2, 0))
        low, high = ordered[..., below], ordered[..., min(below + 1, ordered.shape[-1] - 1)]
        part, apart = place - below, high - low
        out[i] = low + apart * part if part < 1 / 2 else high - apart * (1 - part)
    out[:, np.isnan(ordered[..., -1])] = np.nan
    return out


def distinct(values: NDArray[Kind]) -> NDArray[Kind]:
    """The different values of an array, in order: ``numpy.unique`` without the masked arrays."""
    ordered = np.sort(values, axis=None)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if ordered.size else ordered
