"""The numbers of the models of this room, by their id in ``evidence/data/parameters_body.toml``."""

from __future__ import annotations

from functools import cache

import numpy as np

from charley.evidence import parameters
from charley.vocabulary.arrays import Floats


@cache
def number(parameter_id: str) -> float:
    """The table's value of a parameter. An unknown id is a defect and raises ``KeyError``."""
    return parameters("body")[parameter_id].value


@cache
def polynomial(prefix: str) -> tuple[float, ...]:
    """The coefficients ``<prefix>_0``, ``<prefix>_1``, ... of the table, lowest power first."""
    found: list[float] = []
    while f"{prefix}_{len(found)}" in parameters("body"):
        found.append(number(f"{prefix}_{len(found)}"))
    if not found:
        raise KeyError(prefix)
    return tuple(found)


def horner(coefficients: tuple[float, ...], x: Floats) -> Floats:
    """Value of a polynomial, lowest power first."""
    value = np.full_like(x, coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        value *= x
        value += coefficient
    return value
