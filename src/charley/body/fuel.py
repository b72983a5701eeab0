"""Fuel: carbohydrate against fat, glycogen of legs and liver, what was eaten on the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.body.polynomial import horner
from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Floats

GRAMS_PER_KG = 1000.0


def carbohydrate_share(oxygen_fraction: Floats, n: BodyNumbers = BODY) -> Floats:
    """Share of the energy that comes from carbohydrate, at a fraction of maximal oxygen uptake.

    Validity: 0.3 to 1; well-fed runners. Notes: 0.73 i^2 + 0.25 i + 0.01, held to 0.05..1.

    References: Rapoport 2010, doi:10.1371/journal.pcbi.1000960 (polynomial as a public implementation holds it).
    """
    share = horner(n.carbohydrate_share, np.asarray(oxygen_fraction, dtype=np.float64))
    return np.minimum(np.maximum(share, n.carbohydrate_share_least), 1.0)


def store_kcal_kg(glycogen_kcal_kg_muscle: Floats, leg_muscle_share: Floats, n: BodyNumbers = BODY) -> Floats:
    """Carbohydrate store of legs and a full liver, kcal per kg of body mass.

    Notes: leg muscle share times density, plus 2.5 % of body mass of liver at 360 kcal/kg.

    References: Rapoport 2010, doi:10.1371/journal.pcbi.1000960.
    """
    liver = n.liver_mass_share * n.liver_density_kcal_kg
    return np.asarray(leg_muscle_share * glycogen_kcal_kg_muscle + liver)


def distance_to_empty_km(store: Floats, oxygen_fraction: Floats, n: BodyNumbers = BODY) -> Floats:
    """How far the store (kcal/kg) lasts at 1 kcal/kg/km, in km (Rapoport 2010). Nothing is eaten on the way."""
    return np.asarray(store / carbohydrate_share(oxygen_fraction, n) / n.running_kcal_kg_km)


@dataclass(slots=True)
class Fuel:
    """Stores of each draw in grams, and what was burnt since the start. Arrays of shape (draws,)."""

    numbers: BodyNumbers
    leg_g: Floats
    liver_g: Floats
    pool_g: Floats  # absorbed, not yet burnt
    burnt_leg_g: Floats
    burnt_liver_g: Floats
    burnt_pool_g: Floats
    fat_g: Floats
    deficit_g: Floats  # asked of the legs and not there: covered by fat

    @classmethod
    def at_start(
        cls, mass_kg: Floats, glycogen_kcal_kg_muscle: Floats, leg_muscle_share: Floats, n: BodyNumbers = BODY
    ) -> Fuel:
        """Legs at the runner's glycogen density, the liver as after a breakfast."""
        legs = glycogen_kcal_kg_muscle / n.carbohydrate_kcal_g * leg_muscle_share * mass_kg
        liver = n.liver_start_g_kg * mass_kg
        return cls(n, legs, liver, *(np.zeros_like(mass_kg) for _ in range(6)))

    def burn(
        self, power_w: Floats, wanted_share: Floats, shivering_w: Floats, exogenous_g_s: Floats, step_s: float
    ) -> tuple[Floats, Floats, Floats]:
        """One step of burning: returns (carbohydrate g, fat g, glycogen g).

        What is eaten goes first, as far as it can be burnt (one gram a minute or so), then a quarter from the liver,
        the rest from the legs; as the legs empty the share moves to fat. The shape of that change is an assumption.
        Shivering is fed by fat. Energy is conserved: what carbohydrate does not supply, fat does.
        """
        n = self.numbers
        legs = self.leg_g / (self.leg_g + n.leg_switch_g)
        fed = self.pool_g / (self.pool_g + n.pool_switch_g)
        least = n.carbohydrate_share_least
        open_share = least + (1.0 - least) * legs + n.fed_share * fed
        wanted = np.minimum(wanted_share, open_share) * power_w * (step_s / n.carbohydrate_j_g)

        eaten = np.minimum(exogenous_g_s * step_s, n.eaten_share_limit * wanted)
        eaten = np.minimum(eaten * (self.pool_g / (self.pool_g + n.pool_half_g)), self.pool_g)
        liver = np.minimum(n.liver_share * wanted, n.liver_limit_g_s * step_s)
        liver = np.minimum(liver * (self.liver_g / (self.liver_g + n.liver_half_g)), self.liver_g)
        asked = np.maximum(wanted - eaten - liver, 0.0)
        leg = np.minimum(asked * (self.leg_g / (self.leg_g + n.leg_half_g)), self.leg_g)

        carbohydrate = eaten + liver + leg
        energy_j = (power_w + shivering_w) * step_s
        fat = (energy_j - carbohydrate * n.carbohydrate_j_g) / n.fat_j_g
        self.pool_g -= eaten
        self.liver_g -= liver
        self.leg_g -= leg
        self.burnt_pool_g += eaten
        self.burnt_liver_g += liver
        self.burnt_leg_g += leg
        self.fat_g += fat
        self.deficit_g += asked - leg
        return carbohydrate, fat, leg + liver


def metabolic_water_l(carbohydrate_g: Floats, fat_g: Floats, n: BodyNumbers = BODY) -> Floats:
    """Water of oxidation in L: 0.55 g per g of carbohydrate, 1.07 g per g of fat (general physiology)."""
    grams = n.water_of_carbohydrate * carbohydrate_g + n.water_of_fat * fat_g
    return np.asarray(grams / GRAMS_PER_KG)


def gas_mass_kg(carbohydrate_g: Floats, fat_g: Floats, n: BodyNumbers = BODY) -> Floats:
    """Mass that leaves as carbon dioxide less the oxygen that came in, kg: what burns and does not become water."""
    grams = (1.0 - n.water_of_carbohydrate) * carbohydrate_g + (1.0 - n.water_of_fat) * fat_g
    return np.asarray(grams / GRAMS_PER_KG)
