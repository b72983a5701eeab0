"""Golgi tendon organ: Ib discharge from tendon force, and the two inhibitory paths that it drives.

The first path is short (disynaptic); the second is long and weaker. Shocks to the Achilles tendon in people silence
gastrocnemius twice: I1 begins after 47-49 ms, I2 after 187-193 ms, and both grow when the muscle is stretched (Khan
and Burne 2009). Both delays here are spinal latency plus conduction; the muscle's own conduction is added by the
motor axons.
"""

from __future__ import annotations

import numpy as np

from charley.neuromuscular.mechanism import Number, mechanism
from charley.neuromuscular.parameters import Constants


@mechanism
def ib_static(p: Constants, force: Number) -> Number:
    """Ib discharge at a held force before gain. Scalars or arrays."""
    return p.ib_force * force / (force + p.ib_half_force)


@mechanism
def ib_rate(p: Constants, force: float, force_rate: float, gain: float) -> float:
    """Mean Ib discharge (imp/s) at ``force`` (fraction of maximum) rising at ``force_rate`` (1/s)."""
    rate = ib_static(p, force)
    if force_rate > 0.0:
        rate += p.ib_force_rate * force_rate
    rate *= gain
    return rate if rate < p.ib_limit else p.ib_limit


@mechanism
def ib_efficacy(p: Constants, passive_length: Number) -> Number:
    """Transmission relative to a long muscle: the same tendon volley inhibits less when the joint shortens the
    muscle. Scalars or arrays."""
    reach: Number = 1.0 / (1.0 + np.exp(-(passive_length - p.ib_length) / p.ib_length_width))
    return 1.0 - p.ib_length_depth * (1.0 - reach)
