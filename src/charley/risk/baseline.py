"""How often a field cramps over a distance, and where along it: the hazard before anything is known of the run.

Cumulative hazard of a field: H(D) = H42 (D / 42.195)^m up to 56 km and H(56) (D / 56)^m' beyond; within a run it grows
as f^k with f the share of the effective distance done. The shape f^(k-1) *is* the average runner's slow fatigue; pace
is never inside f.
"""

from __future__ import annotations

import numpy as np

from charley.evidence.numbers.risk import RISK, RiskNumbers
from charley.risk.draws import HazardDraws
from charley.vocabulary.arrays import Bools, Floats
from charley.vocabulary.units import METRES_PER_KM

MARATHON_KM = 42.195  # by definition
HALF_KM = 21.0975  # by definition
TWO_OCEANS_KM = 56.0  # the ultramarathon behind both exponents


def field_cumulative_hazard(distance_km: Floats | float, hazard: HazardDraws) -> Floats:
    """Cumulative hazard over a race of ``distance_km`` (scalar or (draws,)) in a field without classes, (draws,).

    Measured at 42.2, 56, 161 and 226 km; 21.1 km rests on lifetime histories, 5 and 10 km are extrapolation.
    """
    distance = np.broadcast_to(np.asarray(distance_km, dtype=np.float64), hazard.log_h42.shape)
    short = np.minimum(distance, TWO_OCEANS_KM) / MARATHON_KM
    beyond = np.maximum(distance, TWO_OCEANS_KM) / TWO_OCEANS_KM
    log_h = (
        hazard.log_h42
        + hazard.distance_exponent_short * np.log(short)
        + hazard.distance_exponent_ultra * np.log(beyond)
    )
    return np.exp(log_h)


def shape_exponent(distance_km: Floats | float, hazard: HazardDraws) -> Floats:
    """Exponent k of the cumulative hazard within a run of ``distance_km``, (draws,).

    4.7 is measured for the marathon and 3.0 for other distances; between half marathon, marathon and 56 km the two
    are joined linearly in log distance (our assumption: a jump at some distance would be worse).
    """
    distance = np.broadcast_to(np.asarray(distance_km, dtype=np.float64), hazard.log_h42.shape)
    corners = np.log([HALF_KM, MARATHON_KM, TWO_OCEANS_KM])
    weight = np.interp(np.log(distance), corners, [0.0, 1.0, 0.0])
    return weight * hazard.shape_marathon + (1 - weight) * hazard.shape_other


def effective_distance_m(done_m: Floats, sustainable_m: Floats, raced: Bools, n: RiskNumbers = RISK) -> Floats:
    """The distance on which a run's progress is counted, (draws,).

    For a race or an all-out effort: the distance itself. For a training run: what the runner could sustain at the
    run's mean intensity, never below the run's own distance and never beyond the longest race with a counted incidence.
    """
    longest = n.longest_effective_distance * METRES_PER_KM
    easy = np.maximum(np.minimum(sustainable_m, longest), done_m)
    return np.where(raced, done_m, easy)
