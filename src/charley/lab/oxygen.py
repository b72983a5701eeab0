"""Oxygen in a muscle from its work and its blood flow: told in pictures, felt by nothing.

Working fibres use up to fifty times what resting ones do, and the supply rises tenfold at most (Hamaoka et al. 2007,
doi:10.1117/1.2805437), so a hard contraction empties the store in part also while blood flows.
"""

from __future__ import annotations

import numpy as np

from charley.evidence.numbers.body import BODY
from charley.vocabulary.arrays import Floats


def oxygen_course(activation: Floats, flow: Floats, step_s: float) -> Floats:
    """Oxygen as a share of that at rest, shape (n,), for activation 0..1 and flow 0..1 (of free flow), shape (n,) each,
    at even steps of ``step_s``; it begins rested."""
    use = BODY.muscle_oxygen_use_per_s * (BODY.muscle_oxygen_use_at_rest + activation)
    supply = BODY.muscle_oxygen_supply_per_s * flow
    idle = BODY.muscle_oxygen_use_per_s * BODY.muscle_oxygen_use_at_rest
    held = at_rest = BODY.muscle_oxygen_supply_per_s / (BODY.muscle_oxygen_supply_per_s + idle)
    kept, towards = np.exp(-(use + supply) * step_s), supply / (use + supply)
    course = np.empty(len(flow))
    for k in range(len(flow)):
        course[k] = held = towards[k] + (held - towards[k]) * kept[k]
    return course / at_rest
