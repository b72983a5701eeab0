"""Critical speed and the reserve above it: what a runner can hold, and for how long."""

from __future__ import annotations

import numpy as np

from charley.body.readiness import MARATHON_M
from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Floats
from charley.vocabulary.units import SECONDS_PER_MINUTE

PERCENT = 100.0


def fit_critical_speed(distance_m: Floats, time_s: Floats) -> tuple[float, float]:
    """Critical speed (m/s) and reserve D' (m) by least squares of distance over time.

    Validity: all-out efforts of about 2 to 25 min, at least two of them. Notes: d = CS t + D', the two-parameter
    model as [1] fits it.

    References: [1] Smyth and Muniz-Pumares 2020, doi:10.1249/mss.0000000000002412.
    """
    slope, intercept = np.polyfit(time_s, distance_m, 1)
    return float(slope), float(intercept)


def marathon_speed_m_s(critical_speed_m_s: Floats, n: BodyNumbers = BODY) -> Floats:
    """The speed of a marathon from critical speed; the share of it that can be held hangs on how long it takes.

    Validity: finishing times of 150 to 360 min (held at the ends). Notes: the share lies on the line through 93.0 % at
    150 min and 78.9 % at 360 min [1], so that v = CS (a - b M/v), a quadratic in v; the SD of all ratios is 13.6 %, the
    error of marathon performance from critical speed 7.7 %.

    References: [1] Smyth and Muniz-Pumares 2020, doi:10.1249/mss.0000000000002412.
    """
    fast_s, slow_s = n.marathon_fast_finish_min * SECONDS_PER_MINUTE, n.marathon_slow_finish_min * SECONDS_PER_MINUTE
    fast, slow = n.marathon_fast_percent_cs / PERCENT, n.marathon_slow_percent_cs / PERCENT
    per_s = (fast - slow) / (slow_s - fast_s)
    half = critical_speed_m_s * ((fast + per_s * fast_s) / 2)
    on_line = half + np.sqrt(np.maximum(half**2 - critical_speed_m_s * (per_s * MARATHON_M), 0.0))
    return np.minimum(np.maximum(on_line, critical_speed_m_s * slow), critical_speed_m_s * fast)


def reserve_after(
    reserve_m: Floats,
    speed_m_s: Floats,
    critical_speed_m_s: Floats,
    d_prime_m: Floats,
    step_s: float,
    n: BodyNumbers = BODY,
) -> Floats:
    """The reserve D' (m) after a step at a flat-equivalent speed.

    Validity: shown in cycling; how fast runners refill it is not known. Notes: empties by the metres run above
    critical speed, and refills at (CS - v)(1 - D/D'), the differential form of [1]. It may fall below 0 to a floor:
    then the run shows that critical speed or D' is higher than was thought.

    References: [1] Skiba et al. 2012, Med Sci Sports Exerc 44:1526.
    """
    over = speed_m_s - critical_speed_m_s
    refill = np.maximum(-over, 0.0) * step_s
    emptied = np.maximum(reserve_m - np.maximum(over, 0.0) * step_s, n.d_prime_floor_m)
    # Implicit in the refilling, which no step can then carry beyond D'.
    return np.asarray((emptied + refill) / (1.0 + refill / d_prime_m))
