"""The 16-bit checksum of FIT files (CRC-16 with the reflected polynomial 0xA001), over many lanes at once.

A checksum is linear: the bytes are cut into lanes of 64, all lanes advance one byte a step, and the lanes are joined
two by two, with tables that serve for every file. A megabyte takes milliseconds instead of the tenth of a second of a
byte-by-byte loop.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

_POLYNOMIAL = 0xA001
_LANE_BYTES = 64
_LEAST_BYTES = 4096  # fewer are quicker one by one


def _byte_table() -> NDArray[np.uint16]:
    table = np.arange(256, dtype=np.uint16)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ _POLYNOMIAL, table >> 1).astype(np.uint16)
    return table


_TABLE = _byte_table()
_TABLE_LIST = _TABLE.tolist()


def crc16(data: bytes) -> int:
    """Checksum of ``data``. Over a part of a FIT file including its own two checksum bytes it is 0."""
    if len(data) < _LEAST_BYTES:
        return _plain(data)
    lanes = -(-len(data) // _LANE_BYTES)
    padded = np.zeros(lanes * _LANE_BYTES, np.uint8)  # zeros in front change nothing, as the state begins with 0
    padded[padded.size - len(data) :] = np.frombuffer(data, np.uint8)
    state = np.zeros(lanes, np.uint16)
    for column in np.ascontiguousarray(padded.reshape(lanes, _LANE_BYTES).T):
        state = (state >> 8) ^ _TABLE[(state ^ column) & 0xFF]
    doublings = 0
    while state.shape[0] > 1:
        if state.shape[0] % 2:
            state = np.concatenate([np.zeros(1, np.uint16), state])
        state = _advance(doublings)[state[0::2]] ^ state[1::2]
        doublings += 1
    return int(state[0])


def _plain(data: bytes) -> int:
    state = 0
    for byte in data:
        state = (state >> 8) ^ _TABLE_LIST[(state ^ byte) & 0xFF]
    return state


@cache
def _advance(doublings: int) -> NDArray[np.uint16]:
    """For each 16-bit state, the state behind the zero bytes of so many doublings of a lane."""
    if doublings:
        half = _advance(doublings - 1)
        return half[half]
    table = np.arange(65_536, dtype=np.uint16)
    for _ in range(_LANE_BYTES):
        table = (table >> 8) ^ _TABLE[table & 0xFF]
    return table
