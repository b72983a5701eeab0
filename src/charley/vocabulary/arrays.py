"""The kinds of array that pass between functions; each docstring says the shape."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Index = NDArray[np.intp]
Words = NDArray[np.uint64]  # bits, or random words


def middle(values: Floats) -> float:
    """The median of an array of any shape; NaN where it is empty or holds a NaN.

    ``numpy.median`` gives the same, but loads the masked arrays for it, which costs a command more than its own work.
    """
    if values.size == 0:
        return float("nan")
    low, high = (values.size - 1) // 2, values.size // 2
    placed = np.partition(values, (low, high, values.size - 1), axis=None)  # a NaN comes last
    return float("nan") if np.isnan(placed[-1]) else float(placed[low : high + 1].mean())
