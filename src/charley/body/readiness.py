"""Readiness: what past races and training say about a goal."""

from __future__ import annotations

import numpy as np

from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.units import METRES_PER_KM, METRES_PER_MILE, SECONDS_PER_MINUTE

MARATHON_M = 42195.0
HALF_MARATHON_M = 21097.5


def vdot_ml_kg_min(distance_m: float, time_s: float, n: BodyNumbers = BODY) -> float:
    """Effective maximal oxygen uptake (VDOT) that a race shows; not a laboratory value.

    Validity: races of about 3.5 to 240 min. Notes: oxygen cost -4.60 + 0.182258 v + 0.000104 v^2 (v in m/min) over the
    share 0.8 + 0.1894393 exp(-0.012778 t) + 0.2989558 exp(-0.1932605 t) (t in min). References: Daniels and Gilbert
    1979.
    """
    minutes = time_s / SECONDS_PER_MINUTE
    speed = distance_m / minutes
    a, b, c = n.vdot_cost
    share = (
        n.vdot_share
        + n.vdot_slow_factor * np.exp(-n.vdot_slow_rate * minutes)
        + n.vdot_fast_factor * np.exp(-n.vdot_fast_rate * minutes)
    )
    return float((a + b * speed + c * speed * speed) / share)


def riegel_time_s(distance_m: float, time_s: float, other_distance_m: float, n: BodyNumbers = BODY) -> float:
    """Time over another distance by the power 1.06 (Riegel 1981). Too fast for most people's marathon."""
    return float(time_s * (other_distance_m / distance_m) ** n.riegel_power)


def marathon_from_one_race_s(
    distance_m: float, time_s: float, weekly_distance_m: float, n: BodyNumbers = BODY
) -> float:
    """Marathon time from one shorter race and the usual weekly distance.

    Validity: recreational runners, races from 5 km to the half, up to about 100 km a week; RMSE 15 min.

    Notes: the race is carried to 42.2 km with the power 1.07, and the speed v (m/s) so found enters
    0.16018617 + 0.83076202 v + 0.06423826 (miles a week / 10): model 1 of [1]. Several public copies carry 0.6423826,
    which is wrong.

    References: [1] Vickers and Vertosick 2016, doi:10.1186/s13102-016-0052-y, additional file 1.
    """
    carried = MARATHON_M / (time_s * (MARATHON_M / distance_m) ** n.vickers_power)
    constant, per_speed, per_ten_miles = n.vickers_one
    return float(MARATHON_M / (constant + per_speed * carried + per_ten_miles * _tens_of_miles(weekly_distance_m)))


def marathon_from_two_races_s(
    shorter_m: float,
    shorter_s: float,
    longer_m: float,
    longer_s: float,
    weekly_distance_m: float,
    n: BodyNumbers = BODY,
) -> float:
    """Marathon time from two shorter races and the usual weekly distance.

    Validity: as above. Notes: with k the power between the two races, the longer one is carried on with the power
    1.4510756 - 0.23797948 k - 0.01410023 (miles a week / 10): model 2 of [1].

    References: [1] Vickers and Vertosick 2016, doi:10.1186/s13102-016-0052-y, additional file 1.
    """
    own = np.log(longer_s / shorter_s) / np.log(longer_m / shorter_m)
    constant, per_power, per_ten_miles = n.vickers_two
    power = constant + per_power * own + per_ten_miles * _tens_of_miles(weekly_distance_m)
    return float(longer_s * (MARATHON_M / longer_m) ** power)


def _tens_of_miles(distance_m: float) -> float:
    return distance_m / METRES_PER_MILE / 10.0


def marathon_from_training_s(weekly_distance_m: float, training_pace_s_m: float, n: BodyNumbers = BODY) -> float:
    """Marathon time from the mean weekly distance and the mean pace of the eight weeks before.

    Validity: 2:47 to 3:36 with an RMSE of 5.4 min [2]; 9.5 min for faster runners; slower ones were not studied.

    Notes: pace (s/km) = 17.1 + 140 exp(-0.0053 K) + 0.55 P, K in km a week, P in s/km [1].

    References: [1] Tanda 2011, J Hum Sport Exerc 6:511. [2] Tanda 2020, doi:10.14198/jhse.2022.172.05.
    """
    weekly_km, pace_s_km = weekly_distance_m / METRES_PER_KM, training_pace_s_m * METRES_PER_KM
    pace = (
        n.tanda_constant_s_km
        + n.tanda_volume_s_km * np.exp(-n.tanda_volume_rate * weekly_km)
        + n.tanda_pace_factor * pace_s_km
    )
    return float(pace * MARATHON_M / METRES_PER_KM)
