"""Sets the gain of sweating from running in a laboratory: `python scripts/calibrate_sweat.py`, seconds.

Whole-body sweat losses of an hour on a treadmill at 25.4 C and 37 % humidity (Smoljanic et al. 2014, abstract): fit and
less fit men at 60 % of maximal uptake, and both at 640 W of heat. The body models run the same; ``sweat_gain`` of
parameters_body.toml is that of the least squares on the logarithm of the loss. No marathon takes part, so that the
losses of marathons stay checks. What the abstract does not print is set below. Prints the gain, its range when one loss
is left out in turn, each loss beside the model's, and the rise of the core, which takes no part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from charley.body import central_body, course_of, simulate
from charley.evidence.numbers.body import BODY
from charley.vocabulary.arrays import Floats

STEP_S, RUN_S = 10.0, 3600.0
AIR_TEMP_C, HUMIDITY = 25.4, 0.37  # as printed
MASS_KG, HEIGHT_M = 74.0, 1.78  # 640 W over what 39 and 55 % of maximal uptake make of heat in a kg
COST_ML_KG_KM = 200.0  # as printed, oxygen
# Convection of a treadmill in still air, 6.5 v^0.39 W/m2/K of its speed (Nishi and Gagge 1970, by way of ASHRAE; from
# 0.5 to 2 m/s, here a little beyond).
TREADMILL_FACTOR, TREADMILL_POWER = 6.5, 0.39
GAINS = np.arange(200.0, 801.0, 25.0)


@dataclass(frozen=True)
class Hour:
    """An hour on the treadmill: heat made, what was lost as sweat, and how far the gullet warmed."""

    name: str
    heat_w_kg: float
    sweat_l: float
    core_rise_k: float


HOURS = (
    Hour("fit, 60 % of maximal uptake", 12.6, 0.858, 1.14),
    Hour("less fit, 60 % of maximal uptake", 9.4, 0.609, 0.73),
    Hour("both, 640 W", 640.0 / MASS_KG, 0.498, 0.63),
)


def air_like_a_treadmill_m_s(heat_w_kg: float) -> float:
    """Air speed at which our convection is that of a treadmill at the speed that makes so much heat."""
    speed_m_s = heat_w_kg / BODY.oxygen_energy_j_ml / COST_ML_KG_KM * 1000.0
    return float(
        (TREADMILL_FACTOR * speed_m_s**TREADMILL_POWER / BODY.convection_factor) ** (1 / BODY.convection_power)
    )


def run(hour: Hour, gains: Floats) -> tuple[Floats, Floats]:
    """Sweat, L, and rise of the core, K, of an hour for each gain."""
    course = course_of(
        np.zeros(round(RUN_S / STEP_S)),
        STEP_S,
        other_power_w_kg=hour.heat_w_kg,
        air_temp_c=AIR_TEMP_C,
        relative_humidity=HUMIDITY,
        wind_m_s=air_like_a_treadmill_m_s(hour.heat_w_kg),
        solar_w_m2=0.0,
        clothing_clo=BODY.clothing_warm_clo,
    )
    states = simulate(course, central_body(gains.size, mass_kg=MASS_KG, height_m=HEIGHT_M, sweat_gain=gains))
    return states.sweat_l[-1], states.core_temp_c[-1] - BODY.core_start_c


def gain_of(log_miss: Sequence[Floats]) -> float:
    """The gain of least squares, between the gains that were run."""
    cost = np.sum(np.square(log_miss), axis=0)
    k = int(np.clip(cost.argmin(), 1, GAINS.size - 2))
    left, middle, right = cost[k - 1 : k + 2]
    return float(GAINS[k] + 0.5 * (left - right) / (left - 2 * middle + right) * (GAINS[1] - GAINS[0]))


def main() -> None:
    """Fit, leave one out, show."""
    found = [run(hour, GAINS) for hour in HOURS]
    miss = [np.log(sweat / hour.sweat_l) for (sweat, _), hour in zip(found, HOURS, strict=True)]
    best = gain_of(miss)
    others = [gain_of([m for j, m in enumerate(miss) if j != i]) for i in range(len(miss))]
    print(f"sweat_gain = {best:.0f} g/m2/h/K ({min(others):.0f} to {max(others):.0f}); table {BODY.sweat_gain:g}")
    for hour in HOURS:
        (sweat,), (rise,) = run(hour, np.array([BODY.sweat_gain]))
        print(
            f"{hour.name:34s} {hour.sweat_l:.3f} L, model {sweat:.3f}; core +{hour.core_rise_k:.2f} K, model +{rise:.2f}"
        )


if __name__ == "__main__":
    main()
