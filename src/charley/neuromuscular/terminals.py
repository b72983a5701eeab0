"""After-discharge of axons beyond a nerve block: the peripheral source of a cramp.

Each impulse leaves potassium around an axon and drives its sodium pump. When potassium outruns the pump the membrane
fires by itself; the pump, slower, ends it. Motor axon terminals do this unit by unit. Under an electrode the sensory
axons of the nerve do the same, as one population, and a nerve block keeps what they say from the cord.
"""

from __future__ import annotations

import math

import numpy as np

from charley.neuromuscular.mechanism import Number, mechanism
from charley.neuromuscular.parameters import Constants


@mechanism
def terminal_shift(p: Constants, passive_length: Number, shift_mv: Number, fast_fatigue: Number) -> Number:
    """What is added to the half-activation of all axons: stretch, ions and the pump's after-effect of fatigue quieten
    them. Scalars or arrays."""
    far = (passive_length - p.terminal_length) / p.terminal_length_width
    stretch: Number = p.terminal_stretch / (1.0 + np.exp(-far))
    return stretch + p.terminal_per_mv * shift_mv + p.terminal_fatigue * fast_fatigue


@mechanism
def sensory_rate(p: Constants, potassium: float, pump: float, shift: float) -> float:
    """Mean after-discharge (imp/s) of the sensory axons under the electrode, dead time included.

    They begin before the motor axons do, as tingling comes before twitching when a cuff is let go.
    """
    x = (potassium - pump - p.terminal_half * p.sensory_half * (1.0 + shift)) / p.terminal_slope
    raw = p.terminal_rate_limit / (1.0 + math.exp(-x))
    return raw / (1.0 + raw * p.terminal_dead_time_ms / 1000.0)
