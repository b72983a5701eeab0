"""Averages over a normal distribution: the nodes are those of Gauss and Hermite."""

from __future__ import annotations

import math

import numpy as np
import pytest

from charley.vocabulary.quadrature import gauss_hermite


@pytest.mark.parametrize("count", [1, 2, 7, 15])
def test_moments_of_the_standard_normal_come_out_exactly(count: int) -> None:
    """E z^2k = (2k - 1)!! up to degree 2 count - 1; odd moments are 0."""
    nodes, weights = gauss_hermite(count)
    for degree in range(2 * count):
        expected = math.prod(range(1, degree, 2)) if degree % 2 == 0 else 0.0
        size = weights @ np.abs(nodes) ** degree
        assert weights @ nodes**degree == pytest.approx(expected, rel=1e-9, abs=1e-9 * max(size, 1.0))
    assert (np.diff(nodes) > 0).all()
