"""The stomach: what was drunk and eaten, and what leaves it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Floats
from charley.vocabulary.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE


def emptying_l_s(
    water_l: Floats,
    carbohydrate_g: Floats,
    rate_per_min: Floats,
    limit_l_h: Floats,
    least_l: float,
    n: BodyNumbers = BODY,
) -> Floats:
    """Water that leaves the stomach, L/s.

    Validity: drinks of up to 200 g/L. Notes: a share of what is there (5 % a minute), slowed by carbohydrate, under a
    soft ceiling of about 1.2 L/h; repeated drinking of 350 mL has been seen to empty more than 1 L/h, 150 mL every
    15 min 0.46 L/h. The constants are ours.
    """
    concentration = np.minimum(carbohydrate_g / np.maximum(water_l, least_l), n.stomach_concentration_limit)
    free = (rate_per_min / SECONDS_PER_MINUTE) * water_l / (1.0 + n.emptying_slowing_l_g * concentration)
    ceiling = limit_l_h / SECONDS_PER_HOUR
    return np.asarray(ceiling * -np.expm1(-free / ceiling))


@dataclass(slots=True)
class Stomach:
    """Contents of the stomach of each draw, and what was refused since the start. Arrays of shape (draws,)."""

    numbers: BodyNumbers
    water_l: Floats
    sodium_mmol: Floats
    potassium_mmol: Floats
    carbohydrate_g: Floats
    drunk_l: Floats  # since the start
    sodium_eaten_mmol: Floats
    potassium_eaten_mmol: Floats
    carbohydrate_eaten_g: Floats
    refused_l: Floats

    @classmethod
    def empty(cls, like: Floats, n: BodyNumbers = BODY) -> Stomach:
        """An empty stomach for as many draws as ``like`` has."""
        return cls(n, *(np.zeros_like(like) for _ in range(9)))

    def take(
        self,
        drink_l: Floats,
        sodium_mmol_l: Floats,
        carbohydrate_g_l: Floats,
        salt_mmol: Floats,
        carbohydrate_g: Floats,
        willing: Floats,
    ) -> None:
        """Drink and eat, as far as there is room; the rest is refused.

        ``willing`` (0..1) is how far the body lets the drinking go on at all (see water.py).
        """
        n = self.numbers
        room_l = np.maximum(n.stomach_capacity_l - self.water_l, 0.0)
        taken = np.minimum(drink_l * willing, room_l)
        self.refused_l += drink_l - taken
        self.water_l += taken
        self.drunk_l += taken
        sodium = _as_far_as(sodium_mmol_l * taken + salt_mmol, self.sodium_mmol, n.stomach_sodium_capacity_mmol)
        self.sodium_mmol += sodium
        self.sodium_eaten_mmol += sodium
        potassium = n.drink_potassium_mmol_l * taken
        self.potassium_mmol += potassium
        self.potassium_eaten_mmol += potassium
        food = _as_far_as(carbohydrate_g_l * taken + carbohydrate_g, self.carbohydrate_g, n.stomach_food_capacity_g)
        self.carbohydrate_g += food
        self.carbohydrate_eaten_g += food

    def empty_into_gut(
        self, rate_per_min: Floats, limit_l_h: Floats, absorbed_g_s: Floats, step_s: float
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """One step of emptying: (water L, sodium mmol, potassium mmol, carbohydrate g) that reach the body."""
        n = self.numbers
        least_l = n.stomach_least_l
        rate = emptying_l_s(self.water_l, self.carbohydrate_g, rate_per_min, limit_l_h, least_l, n)
        water = np.minimum(rate * step_s, self.water_l)
        share = water / np.maximum(self.water_l, least_l)
        sodium, potassium = share * self.sodium_mmol, share * self.potassium_mmol
        # Food that no drink dissolves goes on slowly by itself; the gut takes up no more than it can carry.
        thick = np.maximum(self.carbohydrate_g - np.maximum(self.water_l, least_l) * n.stomach_dissolved_g_l, 0.0)
        food = share * self.carbohydrate_g + thick * (step_s / n.stomach_solid_s)
        food = np.minimum(np.minimum(food, absorbed_g_s * step_s), self.carbohydrate_g)
        self.water_l -= water
        self.sodium_mmol -= sodium
        self.potassium_mmol -= potassium
        self.carbohydrate_g -= food
        return water, sodium, potassium, food


def _as_far_as(offered: Floats, held: Floats, capacity: float) -> Floats:
    return np.minimum(offered, np.maximum(capacity - held, 0.0))
