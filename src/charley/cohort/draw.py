"""Random numbers by runner: a counter-based generator, so that runner 123 456 is the same whoever asks for them.

Philox 4x64 (Salmon et al. 2011, doi:10.1145/2063384.2063405) keyed by the seed; each runner owns a stretch of its
counter.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from scipy.special import betaincinv, ndtri

from charley.vocabulary.arrays import Floats

PER_RUNNER = 128  # uniform numbers that each runner owns, a multiple of four
_WORDS_A_COUNT = 4
_BETA_POINTS = 2001


def uniforms(seed: int, first: int, count: int) -> Floats:
    """The numbers of runners ``first`` to ``first + count - 1``, (PER_RUNNER, count), each 0 < u < 1."""
    bits = np.random.Philox(key=seed)
    bits.advance(first * (PER_RUNNER // _WORDS_A_COUNT))
    drawn = np.random.Generator(bits).random((count, PER_RUNNER))
    return np.ascontiguousarray(np.clip(drawn, 2.0**-54, 1.0 - 2.0**-53).T)


class ByRunner(np.random.Generator):
    """A generator whose next number, for each runner, is the runner's own next: for functions that draw one column.

    It serves what those functions ask for: a whole number of draws, the same as there are runners. Who asks for more
    (chains that come in a least number) gets the runners' again and again.
    """

    def __init__(self, columns: Floats) -> None:
        super().__init__(np.random.Philox(key=0))
        self._columns, self._next = columns, 0

    def _column(self, size: Any) -> Floats:
        column: Floats = self._columns[self._next]
        self._next += 1
        return column if size == column.size else np.resize(column, size)

    def random(self, size: Any = None, *_: Any, **__: Any) -> Any:
        """Uniform in (0, 1)."""
        return self._column(size)

    def uniform(self, low: Any = 0.0, high: Any = 1.0, size: Any = None) -> Any:
        """Uniform in (low, high)."""
        return low + (high - low) * self._column(size)

    def standard_normal(self, size: Any = None, *_: Any, **__: Any) -> Any:
        """Standard normal, by the inverse of its distribution."""
        return ndtri(self._column(size))

    def normal(self, loc: Any = 0.0, scale: Any = 1.0, size: Any = None) -> Any:
        """Normal."""
        return loc + scale * self.standard_normal(size)

    def beta(self, a: Any, b: Any, size: Any = None) -> Any:
        """Beta, by a table of its quantiles."""
        return np.interp(self._column(size), *_beta_table(float(a), float(b)))


@cache
def _beta_table(a: float, b: float) -> tuple[Floats, Floats]:
    shares = np.linspace(0.0, 1.0, _BETA_POINTS)
    return shares, betaincinv(a, b, shares)
