"""The curve of what a runner can hold: speed over distance from critical speed, the reserve above it, and a steepness.

Up to 25 min the two-parameter model of critical speed holds, d = CS t + D'. Beyond, time grows with a power of the
distance; the power is set by the marathon, which people run at a share of critical speed that falls with the time it
takes (Smyth and Muniz-Pumares 2020, with its error). Critical speed itself is never carried on to the marathon.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.body.critical_speed import marathon_speed_m_s
from charley.body.readiness import MARATHON_M
from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Floats


@dataclass(frozen=True, slots=True)
class Level:
    """Draws of what a runner can hold; arrays of shape (draws,)."""

    critical_speed_m_s: Floats
    d_prime_m: Floats
    steepness: Floats
    numbers: BodyNumbers = BODY


def handover(critical_speed_m_s: Floats, d_prime_m: Floats, n: BodyNumbers) -> tuple[Floats, Floats]:
    """Distance (m) and speed (m/s) at which the critical-speed model hands over to the power law."""
    distance = critical_speed_m_s * n.level_hyperbola_limit_s + d_prime_m
    return distance, distance / n.level_hyperbola_limit_s


def log_speed(distance_m: Floats, level: Level) -> Floats:
    """Logarithm of the speed (m/s) that levels hold over distances; the arrays are broadcast against each other."""
    handover_m, handover_m_s = handover(level.critical_speed_m_s, level.d_prime_m, level.numbers)
    log_m = np.log(distance_m)
    # A race shorter than a few D' would take no time at all; there the model has nothing to say.
    running = np.maximum(distance_m - level.d_prime_m, 0.3 * distance_m)
    short = log_m + np.log(level.critical_speed_m_s) - np.log(running)
    # held far outside any runner, so that a chain's wild proposal is refused and does not overflow
    steep = level.steepness * (np.log(handover_m) - log_m)
    long = np.log(handover_m_s) + np.minimum(np.maximum(steep, -50.0), 50.0)
    return np.where(distance_m < handover_m, short, long)


def usual_steepness(critical_speed_m_s: Floats, d_prime_m: Floats, n: BodyNumbers = BODY) -> Floats:
    """Steepness of a runner in the middle of the scatter around the line of Smyth and Muniz-Pumares, (draws,)."""
    return level_at(critical_speed_m_s, d_prime_m, np.zeros_like(d_prime_m), n).steepness


def level_at(critical_speed_m_s: Floats, d_prime_m: Floats, z: Floats, n: BodyNumbers) -> Level:
    """The level whose steepness is such that marathons lie on the line of Smyth and Muniz-Pumares.

    ``z`` is standard normal: where in the scatter of 10 % around what critical speed foretells the runner lies (they
    print an error of 7.7 % and an SD of 13.6 %). Their critical speed is from training files, in which bests are not
    all-out: against one from races the line lies 5 % lower.
    """
    distance, speed = handover(critical_speed_m_s, d_prime_m, n)
    loss = np.log(speed / marathon_speed_m_s(critical_speed_m_s * n.training_bests_ratio, n))
    scatter = np.sqrt(np.log1p((n.marathon_from_cs_error / loss) ** 2))
    drawn = loss * np.exp(scatter * z)
    steepness = drawn / np.log(MARATHON_M / np.minimum(distance, MARATHON_M / 2))
    return Level(critical_speed_m_s, d_prime_m, np.maximum(steepness, n.level_steepness_least), n)
