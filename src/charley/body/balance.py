"""The books: what went in, what came out and what is left must agree, or an equation is wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.body.acclimation import core_at_rest_c, water_gained_l
from charley.body.course import Course
from charley.body.fuel import Fuel
from charley.body.heat import HeatNodes
from charley.body.parameters import BodyParameters
from charley.body.simulate import integrate
from charley.body.water import Fluids
from charley.vocabulary.arrays import Floats


@dataclass(frozen=True, slots=True)
class Account:
    """One substance over a run: stores at both ends, everything that came and went. Arrays (draws,), one unit."""

    name: str
    unit: str
    start: Floats
    end: Floats
    came: Floats
    went: Floats

    def gap(self) -> Floats:
        """What the account does not explain, relative to what moved or was there, (draws,)."""
        size = np.maximum(np.abs(self.start) + np.abs(self.came) + np.abs(self.went), np.finfo(np.float64).tiny)
        return np.asarray((self.start + self.came - self.went - self.end) / size)


def accounts(course: Course, bodies: BodyParameters) -> tuple[Account, ...]:
    """Water (L), sodium and potassium (mmol), carbohydrate (g), heat and energy (J), mass (kg) of a simulated run."""
    n = bodies.numbers
    _, ledger = integrate(course, bodies)
    b = bodies
    fluids, stomach, stores, nodes = ledger.fluids, ledger.stomach, ledger.stores, ledger.nodes
    water = Fluids.at_start(b.mass_kg, b.body_fat, b.plasma_sodium_start_mmol_l, n, water_gained_l(b))
    full = Fuel.at_start(b.mass_kg, b.glycogen_kcal_kg_muscle, b.leg_muscle_share, n)
    rested = HeatNodes.at_start(b.mass_kg, b.height_m, core_at_rest_c(b), n)
    nothing = np.zeros_like(b.mass_kg)
    burnt = stores.burnt_leg_g + stores.burnt_liver_g + stores.burnt_pool_g

    def stored_j(now: HeatNodes) -> Floats:
        return now.core_c * now.core_capacity_j_k + now.skin_c * now.skin_capacity_j_k

    gram = 1e-3  # kg
    made_of_kg = (  # what the body and its stomach are made of now, less what they were made of; salt apart
        (fluids.water_l - water.water_l)
        - fluids.glycogen_l  # bound to glycogen before and free now: it was there all along
        + stomach.water_l
        + (stomach.carbohydrate_g + stores.pool_g - stores.burnt_leg_g - stores.burnt_liver_g - stores.fat_g) * gram
    )
    return (
        Account(
            "water",
            "L",
            start=water.water_l,
            end=fluids.water_l + stomach.water_l,
            came=stomach.drunk_l + fluids.metabolic_l + fluids.glycogen_l,
            went=fluids.sweat_l + fluids.breath_l + fluids.urine_l,
        ),
        Account(
            "sodium",
            "mmol",
            start=water.sodium_mmol,
            end=fluids.sodium_mmol + stomach.sodium_mmol,
            came=stomach.sodium_eaten_mmol + fluids.stores_sodium_mmol,
            went=fluids.sweat_sodium_mmol + fluids.urine_sodium_mmol,
        ),
        Account(
            "potassium",
            "mmol",
            start=water.potassium_mmol,
            end=fluids.potassium_mmol + stomach.potassium_mmol,
            came=stomach.potassium_eaten_mmol,
            went=fluids.sweat_potassium_mmol + fluids.urine_potassium_mmol,
        ),
        Account(
            "carbohydrate",
            "g",
            start=full.leg_g + full.liver_g,
            end=stores.leg_g + stores.liver_g + stores.pool_g + stomach.carbohydrate_g,
            came=stomach.carbohydrate_eaten_g,
            went=burnt,
        ),
        Account(
            "heat",
            "J",
            start=stored_j(rested),
            end=stored_j(nodes),
            came=ledger.produced_j - ledger.worked_j + nodes.shivered_j,
            went=nodes.dry_j + nodes.evaporated_j + nodes.breath_j + nodes.refused_j,
        ),
        Account(
            "energy",
            "J",
            start=nothing,
            end=nothing,
            came=burnt * n.carbohydrate_j_g + stores.fat_g * n.fat_j_g,
            went=ledger.produced_j + nodes.shivered_j,
        ),
        Account(
            "mass",
            "kg",
            start=b.mass_kg,
            end=b.mass_kg + made_of_kg,
            came=stomach.drunk_l + stomach.carbohydrate_eaten_g * gram,
            went=fluids.sweat_l + fluids.breath_l + fluids.urine_l + ledger.gas_kg,
        ),
    )
