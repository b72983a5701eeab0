"""Random numbers that depend on nothing but their address: seed, stream, unit and millisecond.

A counter-based generator (the finaliser of SplitMix64, Steele et al. 2014, doi:10.1145/2660193.2660195) gives each
unit its own number at each millisecond without any state. A run is then the same on any number of threads, cut into
any pieces, and with any step of integration, because the noise is held over a millisecond.
"""

from __future__ import annotations

from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from charley.neuromuscular.mechanism import mechanism
from charley.vocabulary.arrays import Words

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)
MIX_3 = np.uint64(0xD6E8FEB86659FD93)
SHIFT_30, SHIFT_27, SHIFT_31 = np.uint64(30), np.uint64(27), np.uint64(31)
SHIFT_16, SHIFT_32, SHIFT_48, SHIFT_11 = np.uint64(16), np.uint64(32), np.uint64(48), np.uint64(11)
LOW_16 = np.uint64(0xFFFF)

Word = TypeVar("Word", np.uint64, Words)  # 64 bits, or an array of them

# streams
MEMBRANE, TERMINAL, COMMON, AXON_RANK, PIC_RANK = 1, 2, 3, 4, 5


@mechanism
def scramble(x: Word) -> Word:
    """64 well mixed bits from 64 bits; scalar or array of uint64."""
    x = (x ^ (x >> SHIFT_30)) * MIX_1
    x = (x ^ (x >> SHIFT_27)) * MIX_2
    return x ^ (x >> SHIFT_31)


@mechanism
def address(seed: int | np.uint64, stream: int, millisecond: int) -> np.uint64:
    """Key of one stream at one millisecond; the unit is added in ``bits``."""
    key = scramble(np.uint64(seed) * GOLDEN + np.uint64(stream) * MIX_3)
    here: np.uint64 = scramble(key + np.uint64(millisecond) * GOLDEN)
    return here


@mechanism
def bits(key: np.uint64, unit: Word) -> Word:
    """64 random bits of one unit under a key; ``unit`` scalar or array of uint64."""
    return scramble(key ^ (unit * MIX_3 + GOLDEN))


@overload
def normal(word: np.uint64) -> np.float64: ...
@overload
def normal(word: Words) -> NDArray[np.floating]: ...
@mechanism
def normal(word: Any) -> Any:
    """Nearly normal, mean 0, variance 1: the sum of four uniform numbers of 16 bits (range ±3.46, kurtosis 2.7)."""
    total = (word & LOW_16) + ((word >> SHIFT_16) & LOW_16) + ((word >> SHIFT_32) & LOW_16) + (word >> SHIFT_48)
    return (total * 1.0 - 131070.0) * 2.6428964e-05  # mean 4 x 65535/2; 1 / sqrt((65536^2 - 1) / 3)


@overload
def uniform(word: np.uint64) -> np.float64: ...
@overload
def uniform(word: Words) -> NDArray[np.floating]: ...
@mechanism
def uniform(word: Any) -> Any:
    """Uniform in [0, 1) from the upper 53 bits."""
    return (word >> SHIFT_11) * 1.1102230246251565e-16  # 2^-53
