"""Body water: sweat, breath, urine and the water that burning sets free; plasma volume."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.body.sodium import (
    exchangeable_mmol,
    plasma_sodium_mmol_l,
    stores_sodium_mmol,
    sweat_sodium_mmol_l,
)
from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Floats
from charley.vocabulary.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE

ML_PER_LITRE = 1000.0


def body_water_l(mass_kg: Floats, body_fat: Floats, n: BodyNumbers = BODY) -> Floats:
    """Total body water: 0.73 L per kg of what is not fat (general physiology)."""
    return np.asarray(n.water_of_lean_l_kg * mass_kg * (1.0 - body_fat))


def urine_l_s(plasma_mmol_l: Floats, usual_mmol_l: Floats, rest_ml_min: Floats, n: BodyNumbers = BODY) -> Floats:
    """Urine during exercise, L/s: little, and more once plasma sodium falls 1 mmol/L below the usual.

    Validity: assumption; exercise holds water back, and how strongly differs between people and races.
    """
    diluted = np.maximum(usual_mmol_l - n.urine_dilution_mmol_l - plasma_mmol_l, 0.0)
    ml_min = np.minimum(rest_ml_min + n.urine_gain * diluted, n.urine_limit_ml_min)
    return np.asarray(ml_min / (ML_PER_LITRE * SECONDS_PER_MINUTE))


def willing_to_drink(plasma_mmol_l: Floats, n: BodyNumbers = BODY) -> Floats:
    """0..1: how far a body lets drinking go on. Ends where people lose consciousness, so that no file drowns one."""
    low, none = n.drinking_fails_mmol_l, n.drinking_stops_mmol_l
    return np.minimum(np.maximum((plasma_mmol_l - none) / (low - none), 0.0), 1.0)


def plasma_volume_change(body_water_change: Floats, n: BodyNumbers = BODY) -> Floats:
    """Change of plasma volume as a fraction, from the fractional change of total body water.

    Validity: running; standing up before the start moves plasma too, running itself hardly does [2].

    Notes: 1.3 times: a marathon that cost 5 % of body water cost 6.5 (7.8) % of plasma [1].

    References: [1] Whiting, Maughan, Miller 1984, Eur J Appl Physiol 52:183. [2] Edwards and Harrison 1984,
    PMID 6748922.
    """
    return np.asarray(n.plasma_per_body_water * body_water_change)


@dataclass(slots=True)
class Fluids:
    """Body water and its sodium and potassium, and what was lost since the start. Arrays of shape (draws,)."""

    numbers: BodyNumbers
    water_l: Floats
    sodium_mmol: Floats
    potassium_mmol: Floats
    plasma_mmol_l: Floats
    sweat_l: Floats
    urine_l: Floats
    breath_l: Floats
    metabolic_l: Floats
    glycogen_l: Floats
    sweat_sodium_mmol: Floats
    urine_sodium_mmol: Floats
    sweat_potassium_mmol: Floats
    urine_potassium_mmol: Floats
    stores_sodium_mmol: Floats  # out of stores that draw no water; below 0: into them

    @classmethod
    def at_start(
        cls,
        mass_kg: Floats,
        body_fat: Floats,
        plasma_mmol_l: Floats,
        n: BodyNumbers = BODY,
        gained_l: Floats | float = 0.0,
    ) -> Fluids:
        """A body at its usual plasma sodium, with ``gained_l`` of water above the usual; 52 % of the exchangeable ions
        are potassium."""
        water = body_water_l(mass_kg, body_fat, n) + gained_l
        ions = exchangeable_mmol(plasma_mmol_l, water, n)
        share = n.potassium_share
        zeros = (np.zeros_like(mass_kg) for _ in range(10))
        return cls(n, water, ions * (1.0 - share), ions * share, plasma_mmol_l.copy(), *zeros)

    def absorb(self, water_l: Floats, sodium_mmol: Floats, potassium_mmol: Floats) -> None:
        """Take up what the stomach sent on."""
        self.water_l += water_l
        self.sodium_mmol += sodium_mmol
        self.potassium_mmol += potassium_mmol

    def lose_sweat(
        self, sweat_l: Floats, own_sodium_mmol_l: Floats, power: Floats, potassium_mmol_l: Floats, step_s: float
    ) -> None:
        """Sweat ``sweat_l`` in a step, with its sodium and potassium."""
        concentration = sweat_sodium_mmol_l(
            sweat_l * (SECONDS_PER_HOUR / step_s), own_sodium_mmol_l, power, self.plasma_mmol_l, self.numbers
        )
        sodium = np.minimum(concentration * sweat_l, self.sodium_mmol)
        potassium = np.minimum(potassium_mmol_l * sweat_l, self.potassium_mmol)
        self.water_l -= sweat_l
        self.sodium_mmol -= sodium
        self.potassium_mmol -= potassium
        self.sweat_l += sweat_l
        self.sweat_sodium_mmol += sodium
        self.sweat_potassium_mmol += potassium

    def lose_urine(self, usual_mmol_l: Floats, rest_ml_min: Floats, step_s: float) -> None:
        """A step of urine, with its sodium and potassium."""
        n = self.numbers
        urine = urine_l_s(self.plasma_mmol_l, usual_mmol_l, rest_ml_min, n) * step_s
        sodium = np.minimum(n.urine_sodium_mmol_l * urine, self.sodium_mmol)
        potassium = np.minimum(n.urine_potassium_mmol_l * urine, self.potassium_mmol)
        self.water_l -= urine
        self.sodium_mmol -= sodium
        self.potassium_mmol -= potassium
        self.urine_l += urine
        self.urine_sodium_mmol += sodium
        self.urine_potassium_mmol += potassium

    def burn_and_breathe(self, metabolic_l: Floats, glycogen_l: Floats, breath_l: Floats) -> None:
        """A step of the water of oxidation, the water that glycogen had bound, and the water breathed out."""
        self.water_l += metabolic_l + glycogen_l - breath_l
        self.metabolic_l += metabolic_l
        self.glycogen_l += glycogen_l
        self.breath_l += breath_l

    def draw_on_stores(self, usual_mmol_l: Floats, rate_per_h: Floats, step_s: float) -> None:
        """A step of sodium out of the stores that draw no water, or into them, towards the usual plasma sodium."""
        moved = stores_sodium_mmol(self.plasma_mmol_l, usual_mmol_l, self.water_l, rate_per_h, step_s, self.numbers)
        self.sodium_mmol += moved
        self.stores_sodium_mmol += moved

    def settle(self) -> None:
        """Work out plasma sodium from what the step left."""
        ions = self.sodium_mmol + self.potassium_mmol
        self.plasma_mmol_l = plasma_sodium_mmol_l(ions, self.water_l, self.numbers)
