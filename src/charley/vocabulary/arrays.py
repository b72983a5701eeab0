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
    ordered = np.sort(values, axis=None)
    if ordered.size == 0 or np.isnan(ordered[-1]):
        return float("nan")
    return float(ordered[(ordered.size - 1) // 2 : ordered.size // 2 + 1].mean())
