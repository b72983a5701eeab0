"""Fits how far maximal oxygen uptake falls in heat and with water lost: `python scripts/calibrate_ceiling.py`, seconds.

Three laboratories' falls of maximal oxygen uptake between 15 minutes and the end of a steady ride, seven in all. The
body models ride the same; the two numbers (``vo2max_per_k2``, ``vo2max_per_percent`` of parameters_body.toml) are those
of the least squares on the logarithm of what was left, each fall counted alike, none below 0. From where heat and water
count was chosen among a few round values by the same sum. What the laboratories did not print is set below. Prints the numbers, their ranges when one fall is left out in turn, and each fall beside the model's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from charley.body import central_body, course_of, simulate
from charley.body.ceiling import heat_strain_k2, water_strain_percent
from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Floats

STEP_S = 10.0
HEATING = 0.81  # of a cyclist's gross power; the rest is work on the pedals (general teaching: 18 to 22 %)
STILL_AIR_M_S = 0.4  # of a room without a fan, past turning legs: gives the 6 W/m2/K of cycling at 60 rpm
HUMIDITY = 0.4
BEGAN_S = 15 * 60.0
CORES_C, SKINS_C = (38.0, 38.5, 39.0), (33.0, 34.0, 35.0)


@dataclass(frozen=True)
class Ride:
    """A steady ride, and by how much maximal oxygen uptake fell from 15 min to its end (a share)."""

    name: str
    air_temp_c: float
    minutes: float
    vo2max_ml_kg_min: float
    share: float
    fell: float
    drink_l_h: float
    fan_m_s: float = STILL_AIR_M_S
    fan_from_s: float = 0.0


# Lafrenz 2008 replaced the sweat and printed 64.7 mL/kg/min; Wingo 2006 and Ganio 2006 had trained men, taken as 60;
# Ganio's drinkers lost 0.7 % of mass in two hours. A laboratory's fan is taken as 4.5 m/s.
RIDES = (
    Ride("lafrenz-2008, 35 C", 35.0, 45.0, 64.7, 0.592, 0.15, 1.2),
    Ride("lafrenz-2008, 22 C", 22.0, 45.0, 64.7, 0.592, 0.05, 0.6),
    Ride("wingo-2006, no fan", 35.0, 45.0, 60.0, 0.60, 0.18, 1.2),
    Ride("wingo-2006, fan", 35.0, 45.0, 60.0, 0.60, 0.057, 1.2, 4.5, 18 * 60.0),
    Ride("ganio-2006, 60 min", 30.0, 60.0, 60.0, 0.60, 0.012, 0.0),
    Ride("ganio-2006, 120 min", 30.0, 120.0, 60.0, 0.60, 0.087, 0.0),
    Ride("ganio-2006, 120 min, drinking", 30.0, 120.0, 60.0, 0.60, 0.019, 1.1),
)


def ridden(ride: Ride) -> tuple[Floats, Floats, Floats]:
    """Core and skin temperature, C, and water lost, % of mass, at 15 min and at the end, (2,) each."""
    steps = round(ride.minutes * 60.0 / STEP_S)
    air = np.where(np.arange(steps) * STEP_S < ride.fan_from_s, STILL_AIR_M_S, ride.fan_m_s)
    body = central_body(mass_kg=75.0, height_m=1.79, vo2max_ml_kg_min=ride.vo2max_ml_kg_min)
    power = HEATING * ride.share * ride.vo2max_ml_kg_min * BODY.oxygen_energy_j_ml / 60.0
    course = course_of(
        np.zeros(steps),
        STEP_S,
        other_power_w_kg=power,
        air_temp_c=ride.air_temp_c,
        relative_humidity=HUMIDITY,
        wind_m_s=air,
        solar_w_m2=0.0,
        clothing_clo=0.12,
        drink_l_s=ride.drink_l_h / 3600.0,
    )
    states = simulate(course, body)
    lost = np.maximum(-100.0 * states.body_water_change_l[:, 0] / 75.0, 0.0)
    looks = [round(BEGAN_S / STEP_S) - 1, steps - 1]
    return states.core_temp_c[looks, 0], states.skin_temp_c[looks, 0], lost[looks]


def strains(rides: Sequence[tuple[Floats, Floats, Floats]], n: BodyNumbers = BODY) -> Floats:
    """Strain of heat (K2) and of water (%) at the end less that at 15 min, (rides, 2)."""
    both = [(heat_strain_k2(core, skin, n), water_strain_percent(lost, n)) for core, skin, lost in rides]
    return np.array([[heat[1] - heat[0], water[1] - water[0]] for heat, water in both])


def fitted(strain: Floats, fell: Floats) -> Floats:
    """Least squares with both numbers at 0 or above, (2,)."""
    free = np.linalg.lstsq(strain, fell, rcond=None)[0]
    size = np.maximum((strain * strain).sum(axis=0), 1e-9)
    alone = strain.T @ fell / size
    found: Sequence[Floats] = (free, np.array([alone[0], 0.0]), np.array([0.0, alone[1]]))
    allowed = [f for f in found if f.min() >= 0.0]
    return min(allowed, key=lambda f: float(((strain @ f - fell) ** 2).sum()))


def main() -> None:
    """Fit, leave one out, show."""
    rides, fell = [ridden(r) for r in RIDES], np.array([r.fell for r in RIDES])
    strain = strains(rides)
    log = -np.log1p(-fell)
    best = fitted(strain, log)
    others = np.array([fitted(np.delete(strain, i, 0), np.delete(log, i)) for i in range(len(RIDES))])
    for i, name in enumerate(("vo2max_per_k2", "vo2max_per_percent")):
        print(f"{name} = {best[i]:.4f} ({others[:, i].min():.4f} to {others[:, i].max():.4f})")
    ours = -np.expm1(-(strain @ best))
    for ride, s, model in zip(RIDES, strain, ours, strict=True):
        print(
            f"{ride.name:32s} {s[0]:5.2f} K2 {s[1]:5.2f} %   fell {100 * ride.fell:4.1f} %, model {100 * model:4.1f} %"
        )
    for core, skin in product(CORES_C, SKINS_C):
        other = strains(rides, BODY._replace(vo2max_core_from_c=core, vo2max_skin_from_c=skin))
        missed = -np.expm1(-(other @ fitted(other, log))) - fell
        print(f"from {core} C core, {skin} C skin: {100 * float(np.sqrt((missed**2).mean())):.2f} points")
    print(f"root mean square {100 * float(np.sqrt(((ours - fell) ** 2).mean())):.1f} points")


if __name__ == "__main__":
    main()
