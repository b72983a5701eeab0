"""Renshaw cells as one population: excited by motor axon collaterals, inhibiting the pool, saturating."""

from __future__ import annotations

from charley.neuromuscular.mechanism import Number, mechanism
from charley.neuromuscular.parameters import Constants


@mechanism
def renshaw_rate(p: Constants, collateral: Number) -> Number:
    """Mean Renshaw discharge (imp/s) at filtered collateral traffic (impulses/s per motor neuron, antidromic ones
    too).

    Scalars or arrays.
    """
    return p.renshaw_limit * collateral / (collateral + p.renshaw_half)
