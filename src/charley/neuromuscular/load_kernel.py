"""Loads the compiled kernel; None where Numba is not installed."""

from __future__ import annotations

from functools import cache
from typing import Protocol

import numpy as np

from charley.neuromuscular.layout import PoolArrays, Recorder, Working
from charley.neuromuscular.parameters import Constants
from charley.vocabulary.arrays import Floats, Ints


class Engine(Protocol):
    """What runs a pool: the module ``kernel``, or the module ``reference``, which says what the functions do."""

    def advance(
        self,
        pool: PoolArrays,
        p: Constants,
        c: Working,
        seed: np.uint64,
        tick: int,
        rows: Floats,
        steps: int,
        record: Recorder,
    ) -> int:
        """Run the milliseconds of ``rows`` from ``tick``."""

    def discharge(
        self, blocks: Working, g_excitatory: Working, g_inhibitory: Working, c: Working, milliseconds: int, counts: Ints
    ) -> None:
        """Run the membranes alone."""


@cache
def load() -> Engine | None:
    """The module ``kernel``, or None without the extra ``lab``."""
    try:
        import numba  # noqa: F401 - apart, so that a failure within the kernel is not taken for a missing extra
    except ImportError:
        return None
    from charley.neuromuscular import kernel

    return kernel
