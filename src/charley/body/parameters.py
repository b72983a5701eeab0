"""What a body is to the models: one frozen object of draws, each from its row of the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from charley.evidence import parameters
from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Floats, Index
from charley.vocabulary.evidence import Parameter
from charley.vocabulary.normal import Z_975


@dataclass(frozen=True, slots=True)
class BodyParameters:
    """Plausible bodies; each field is float64 of shape (draws,), one column a body. Ranges and sources: the table.

    ``numbers`` are the constants that the models run these bodies with. Another value of one of them::

        simulate(course, replace(bodies, numbers=BODY._replace(magnus_factor=17.3)))
    """

    mass_kg: Floats
    height_m: Floats
    body_fat: Floats
    age_y: Floats
    female: Floats  # 0 or 1
    economy: Floats
    drag_area_m2: Floats
    critical_speed_m_s: Floats
    d_prime_m: Floats
    level_steepness: Floats  # by how much the power of time over distance lies above 1 in long races
    vo2max_ml_kg_min: Floats
    critical_speed_oxygen_share: Floats
    heart_rate_max_bpm: Floats
    durability_gain: Floats
    exchange_factor: Floats
    clothing_factor: Floats
    sweat_gain: Floats
    sweat_threshold_c: Floats
    sweat_limit_l_h: Floats
    evaporating_share: Floats
    sweat_sodium_mmol_l: Floats
    sweat_sodium_power: Floats
    sweat_potassium_mmol_l: Floats
    plasma_sodium_start_mmol_l: Floats
    emptying_per_min: Floats
    emptying_limit_l_h: Floats
    carbohydrate_absorption_g_h: Floats
    exercise_urine_ml_min: Floats
    glycogen_water_g_g: Floats
    habitual_drink_l_h: Floats
    habitual_drink_sodium_mmol_l: Floats
    habitual_drink_carbohydrate_g_l: Floats
    habitual_carbohydrate_g_h: Floats
    glycogen_kcal_kg_muscle: Floats
    leg_muscle_share: Floats
    achilles_leverage: Floats
    forefoot: Floats
    shoe_drop_mm: Floats
    calf_moment_nm_kg: Floats
    slow_ceiling: Floats
    slow_time_h: Floats
    slow_power: Floats
    slow_low_fuel: Floats
    slow_heat: Floats
    slow_water: Floats
    sodium_stores_per_h: Floats
    heat_acclimation: Floats  # 0 (as studies found people) to 1; see acclimation.py
    acclimation_sodium: Floats
    acclimation_core_k: Floats
    acclimation_sweat: Floats
    acclimation_plasma: Floats
    numbers: BodyNumbers = BODY

    def __post_init__(self) -> None:
        shape = self.mass_kg.shape
        for name in DRAWN:
            array = getattr(self, name)
            if array.shape != shape or array.ndim != 1 or array.dtype != np.float64 or not np.isfinite(array).all():
                raise ValueError(f"{name}: expected finite float64 of shape {shape}, got {array.dtype} {array.shape}")

    @property
    def draws(self) -> int:
        """Number of plausible bodies."""
        return int(self.mass_kg.shape[0])

    def picked(self, draws: slice | Index) -> BodyParameters:
        """Some of these bodies, with the same numbers."""
        return replace(self, numbers=self.numbers, **{name: getattr(self, name)[draws] for name in DRAWN})


# the fields that differ from body to body
DRAWN = tuple(f.name for f in fields(BodyParameters) if f.name != "numbers")


def joined(bodies: Sequence[BodyParameters]) -> BodyParameters:
    """The bodies of several runners side by side, as one; they must share their numbers."""
    if any(b.numbers != bodies[0].numbers for b in bodies):
        raise ValueError("bodies with different numbers cannot be simulated together")
    columns = {name: np.concatenate([getattr(b, name) for b in bodies]) for name in DRAWN}
    return BodyParameters(**columns, numbers=bodies[0].numbers)


def table_draws(parameter_id: str, draws: int, rng: np.random.Generator, n: BodyNumbers = BODY) -> Floats:
    """Draws of a number of the table, of shape (draws,); ``low`` to ``high`` is its middle 95 in 100.

    No draw lies more than three SD out; a number whose range starts at 0 or above is never negative. A number that
    ``n`` has otherwise than the table is taken as said, and not drawn; what is drawn after it stays the same.
    """
    row, said = parameters("body")[parameter_id], float(getattr(n, parameter_id))
    drawn = _draws_of(row, draws, rng)
    return drawn if said == row.value else np.full(draws, said)


def _draws_of(p: Parameter, draws: int, rng: np.random.Generator) -> Floats:
    if p.distribution == "fixed":
        return np.full(draws, p.value)
    if p.distribution == "uniform":
        return rng.uniform(p.low, p.high, draws)
    sd = p.sd
    if p.distribution == "beta":
        size = p.value * (1 - p.value) / sd**2 - 1
        return rng.beta(p.value * size, (1 - p.value) * size, draws)
    z = np.clip(rng.standard_normal(draws), -3.0, 3.0)
    if p.distribution == "lognormal":
        return np.asarray(p.value * (p.high / p.low) ** (z / (2 * Z_975)))
    drawn = p.value + sd * z
    return np.maximum(drawn, 0.0) if p.low >= 0 else drawn
