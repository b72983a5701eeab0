"""How the states of a pool lie in memory, shared by the kernel and the reference.

Membrane states and their constants are kept in blocks of ``WIDTH`` units: ``blocks[b, row * WIDTH + j]``. All rows of
a block lie in one array at offsets known when the kernel is compiled, each as long as one or two of the widest vector
instructions. Units are ordered from the smallest (x = 0) to the largest (x = 1); what fills up the last block counts
nowhere.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from charley.vocabulary.arrays import Floats, Ints, Words

Working = NDArray[np.floating]  # numbers of the membranes, in single or double precision

WIDTH = 16  # units a block: two vectors of eight doubles, one of sixteen singles

# rows of a block: states; SPIKED counts the impulses that have not left yet
V_SOMA, V_DENDRITE, PIC, INACTIVATION, AHP, REFRACTORY, SPIKED = 0, 1, 2, 3, 4, 5, 6
# constants of a unit, and the private noise held over the millisecond
DRIVE, PIC_CONDUCTANCE, AHP_DECAY, NOISE = 7, 8, 9, 10
BEFORE = 11  # the soma's potential before the last step, for the kernel alone
ROWS = 12

# constants of the membrane equations, in the working precision
(
    SOMA_STEP,  # dt / (2 tau) of the soma
    DENDRITE_STEP,
    COUPLING_SOMA,
    COUPLING_DENDRITE,
    AHP_CONDUCTANCE,
    E_LEAK,
    E_POTASSIUM,
    E_CALCIUM,
    E_INHIBITORY,
    E_EXCITATORY,
    V_RESET,
    STEP,
    REFRACTORY_MS,
    KICK,
    PIC_RELAX,  # 1 - exp(-dt / tau) of the inward current
    PIC_SLOPE,  # 1 / mV
    SPIKE_THRESHOLD,
    PIC_HALF,
    EXP_SCALE,  # 1 / 64
    EXP_LIMIT,
    ZERO,
    ONE,
    TWO,
) = range(23)
EXP_POWERS = 23  # coefficients of the exponential's series follow
EXP_TERMS = 10
CONSTANTS = EXP_POWERS + EXP_TERMS

# slow states and constants of each unit, rows of an array (UNIT_ROWS, units) in double precision
POTASSIUM, PUMP, TWITCH_1, TWITCH_2, PRIVATE_NOISE, SINCE_SPIKE = 0, 1, 2, 3, 4, 5
TWITCH_FORCE, TWITCH_RATE, TERMINAL_SPREAD, RANK, LATE_ADAPTATION = 6, 7, 8, 9, 10
UNIT_ROWS = 11

# impulses under way on each axon, one bit a millisecond of conduction, rows of an array (4, units) of uint64
TOWARDS_SITE, TOWARDS_SOMA, TOWARDS_MUSCLE, DIRECT_TOWARDS_MUSCLE = 0, 1, 2, 3

# kinds of impulses that reach the muscle
NATURAL, DIRECT, ECTOPIC = 0, 1, 2


class PoolArrays(NamedTuple):
    """All that a millisecond reads and changes."""

    blocks: Working  # (blocks, ROWS * WIDTH)
    units: Floats  # (UNIT_ROWS, units)
    axons: Words  # (4, units)
    z: Floats  # shared states, see reflex_loop.py
    rings: Floats  # what is under way along afferent fibres


class Recorder(NamedTuple):
    """What a run fills: the shared states every so many milliseconds, and (up to its size) each impulse."""

    every_ms: int
    states: Floats  # (records, states)
    spike_ms: Ints  # (room,), as the next two
    spike_unit: Ints
    spike_kind: Ints
