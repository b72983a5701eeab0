"""Nodes and weights with which a quantity is averaged over a normal distribution."""

from __future__ import annotations

from functools import cache

import numpy as np

from charley.vocabulary.arrays import Floats


@cache
def gauss_hermite(count: int) -> tuple[Floats, Floats]:
    """Nodes of the standard normal distribution and their weights, which sum to 1, (count,) each; exact for polynomials
    up to degree 2 count - 1.

    Golub and Welsch 1969, Math Comput 23:221: eigenvalues, and first components of the eigenvectors, of the Jacobi
    matrix. Written out, since the library's own stands in a package whose import slows the start of an answer.
    """
    off = np.sqrt(np.arange(1.0, count))
    nodes, vectors = np.linalg.eigh(np.diag(off, 1) + np.diag(off, -1))
    return nodes, vectors[0] ** 2
