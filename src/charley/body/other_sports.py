"""The other legs of a duathlon or a triathlon: what they cost, and the course of those before the run.

They are no running: no metres, no steps, no load on the calves. Their heat, sweat, fuel and wear are those of a body
that spends that power, so that the run begins with what they left.
"""

from __future__ import annotations

import numpy as np

from charley.body.parameters import BodyParameters
from charley.vocabulary.arrays import Floats
from charley.vocabulary.run import OtherLeg
from charley.vocabulary.units import SECONDS_PER_MINUTE

MOST_BEFORE_S = 12 * 3600.0  # what lies longer back has passed


def before_and_between(legs: tuple[OtherLeg, ...], run_s: float) -> tuple[tuple[OtherLeg, ...], tuple[OtherLeg, ...]]:
    """Legs that began before the run, and those that began within its ``run_s`` seconds."""
    timed = [leg for leg in legs if leg.duration_s > 0]
    return (
        tuple(leg for leg in timed if -MOST_BEFORE_S <= leg.start_s < 0),
        tuple(leg for leg in timed if 0 <= leg.start_s < run_s),
    )


def power_w_kg(leg: OtherLeg, bodies: BodyParameters) -> Floats:
    """Gross metabolic power of a leg, W per kg, (draws,): from the heart where it was recorded, else what is usual.

    Notes: the share of maximal oxygen uptake by heart rate is that of running; on a bicycle the heart beats a little
    slower at the same uptake.
    """
    n = bodies.numbers
    if leg.heart_rate_bpm is None:
        usual = {
            "cycling": n.met_cycling,
            "swimming": n.met_swimming,
            "rowing": n.met_rowing,
            "cross_country_skiing": n.met_skiing,
        }
        return np.full(bodies.draws, usual.get(leg.sport, n.met_other) * n.met_w_kg)
    share = (leg.heart_rate_bpm / bodies.heart_rate_max_bpm - n.heart_rate_intercept) / n.heart_rate_slope
    share = np.clip(share, n.other_sport_share_least, 1.0)
    return np.asarray(share * bodies.vo2max_ml_kg_min * n.oxygen_energy_j_ml / SECONDS_PER_MINUTE)


def spent(
    legs: tuple[OtherLeg, ...], bodies: BodyParameters, start_s: float, steps: int, step_s: float
) -> tuple[Floats, Floats]:
    """Power of the legs in steps from ``start_s`` on, W/kg, (steps, draws), and their speed in the air, (steps,)."""
    power, speed = np.zeros((steps, bodies.draws)), np.zeros(steps)
    edges = start_s + step_s * np.arange(steps + 1)
    for leg in legs:
        inside = np.clip(np.minimum(edges[1:], leg.end_s) - np.maximum(edges[:-1], leg.start_s), 0.0, step_s) / step_s
        power += inside[:, None] * power_w_kg(leg, bodies)
        speed += inside * min((leg.distance_m or 0.0) / leg.duration_s, bodies.numbers.speed_limit_m_s)
    return power, speed
