"""A polynomial, lowest power first, as the tables keep its coefficients."""

from __future__ import annotations

import numpy as np

from charley.vocabulary.arrays import Floats


def horner(coefficients: tuple[float, ...], x: Floats) -> Floats:
    """Value of a polynomial, lowest power first."""
    value = np.full_like(x, coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        value *= x
        value += coefficient
    return value
