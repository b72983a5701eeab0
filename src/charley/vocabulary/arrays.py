"""The kinds of array that pass between functions; each docstring says the shape."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Index = NDArray[np.intp]
Words = NDArray[np.uint64]  # bits, or random words
