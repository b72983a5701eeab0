"""Intramuscular pressure, blood flow, metabolites and the two fatigues of one muscle.

Pressure rises with force and closes the vessels: in people flow to the calf, knee and elbow muscles stops at 50-64 %
of maximal force (Sadamoto et al. 1983). Metabolites build with activation, faster without flow, and are washed out by
it. Fast fatigue follows their square, weakens the fibre and passes in minutes. Slow fatigue is brought in from the
run's load; within one experiment it hardly moves.
"""

from __future__ import annotations

import math

from charley.neuromuscular.mechanism import Number, mechanism
from charley.neuromuscular.parameters import Constants


@mechanism
def pressure_mmhg(p: Constants, force: Number) -> Number:
    """Intramuscular pressure at ``force`` (fraction of maximum): linear up to 80 % of maximum."""
    return p.pressure_at_rest_mmhg + p.pressure_per_force_mmhg * force


@mechanism
def flow_share(p: Constants, force: float, occluded: float) -> float:
    """Flow as a share 0..1 of what the muscle would take if nothing pressed on its vessels; ``occluded`` = a cuff is
    closed."""
    if occluded > 0.0:
        return 0.0
    x = (pressure_mmhg(p, force) - p.perfusion_pressure_mmhg) / p.perfusion_pressure_width_mmhg
    return 1.0 / (1.0 + math.exp(x))


@mechanism
def metabolite_rate(p: Constants, metabolites: float, activation: float, flow: float) -> float:
    """Time derivative (1/s) of the metabolite index."""
    return p.metabolite_production * activation * (2.0 - flow) - p.metabolite_washout * flow * metabolites


@mechanism
def fast_fatigue_rate(p: Constants, fast: Number, metabolites: Number, flow: Number) -> Number:
    """Time derivative (1/s) of fast fatigue, 0..1."""
    return p.fast_fatigue_build * metabolites * metabolites * (1.0 - fast) - p.fast_fatigue_recovery * flow * fast


@mechanism
def slow_fatigue_rate(p: Constants, slow: float, force: float) -> float:
    """Time derivative (1/s) of slow fatigue, 0..1, within one experiment."""
    return p.slow_fatigue_build * force * (1.0 - slow) - p.slow_fatigue_recovery * slow
