"""From sweat and drink to the shift of ions in the cord: water and sodium of the body's model, then two compartments.

Losing water moves plasma sodium up and the extracellular volume down; plain water undoes the first and only part of
the second; a drink with much sodium undoes both. What that is worth in mV is fitted, not known
(``neuromuscular.ions``). The kidney is left out: at rest after exercise some of a drink is lost again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from charley.body.water import Fluids
from charley.evidence.numbers.body import BODY
from charley.evidence.numbers.lab import LAB
from charley.lab.protocol import Fluid
from charley.neuromuscular import ion_shift_mv
from charley.neuromuscular.parameters import Constants
from charley.vocabulary.units import SECONDS_PER_HOUR

PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class FluidState:
    """Plasma sodium and the extracellular space against the rested, drunk state, and the shift that follows."""

    sodium_mmol_l: float
    sodium_change_mmol_l: float
    extracellular_change: float  # fraction of its volume
    shift_mv: float


def fluid_state(fluid: Fluid, p: Constants) -> FluidState:
    """State at the time of the test.

    Validity: losses up to 8 % of body mass and drinks up to the loss; two compartments of equal osmolality, of which
    the outer holds the sodium. References: plasma sodium from exchangeable ions and body water as in ``body.sodium``
    (Nguyen and Kurtz 2004).
    """
    mass = np.array([fluid.mass_kg])
    start = np.array([fluid.sodium_before_mmol_l])
    body = Fluids.at_start(mass, np.array([BODY.body_fat]), start)
    outer_l = LAB.extracellular_share * float(body.water_l[0])
    outer_sodium_mmol = outer_l * float(start[0])

    lost_l = fluid.lost_pct / PERCENT * fluid.mass_kg
    own = fluid.sweat_sodium_mmol_l or BODY.sweat_sodium_mmol_l
    # at the rate at which sweat has its usual sodium, so that the number given is the number used
    step_s = lost_l / BODY.sweat_rate_athletes_l_h * SECONDS_PER_HOUR or 1.0
    body.lose_sweat(
        np.array([lost_l]),
        np.array([own]),
        np.array([BODY.sweat_sodium_power]),
        np.array([BODY.sweat_potassium_mmol_l]),
        step_s,
    )
    outer_sodium_mmol -= float(body.sweat_sodium_mmol[0])

    sodium, potassium = drink_ions(fluid)
    taken_l = fluid.drunk_share * lost_l * absorbed_share(fluid) if fluid.drink != "none" else 0.0
    body.absorb(np.array([taken_l]), np.array([sodium * taken_l]), np.array([potassium * taken_l]))
    outer_sodium_mmol += sodium * taken_l

    body.settle()
    now = float(body.plasma_mmol_l[0])
    change = now - float(start[0])
    outer_change = outer_sodium_mmol / now / outer_l - 1.0
    return FluidState(now, change, outer_change, float(ion_shift_mv(p, change, outer_change)))


def drink_ions(fluid: Fluid) -> tuple[float, float]:
    """Sodium and potassium of the drink (mmol/L)."""
    sodium, potassium = _DRINKS[fluid.drink]
    if fluid.drink_sodium_mmol_l is not None:
        sodium = fluid.drink_sodium_mmol_l
    if fluid.drink_potassium_mmol_l is not None:
        potassium = fluid.drink_potassium_mmol_l
    return sodium, potassium


_DRINKS = {  # sodium and potassium of lab.protocol.DRINKS, mmol/L
    "none": (0.0, 0.0),
    "water": (LAB.water_sodium_mmol_l, LAB.water_potassium_mmol_l),
    "ors": (LAB.ors_sodium_mmol_l, LAB.ors_potassium_mmol_l),
    "sports drink": (LAB.sports_drink_sodium_mmol_l, LAB.sports_drink_potassium_mmol_l),
}


def absorbed_share(fluid: Fluid) -> float:
    """Part of the drink that has left the stomach: a constant share of what is there each minute."""
    rate = BODY.emptying_per_min
    left = math.exp(-rate * fluid.minutes_after)
    if fluid.when == "during":  # drunk evenly while it was lost
        left *= -math.expm1(-rate * fluid.during_min) / (rate * fluid.during_min)
    return 1.0 - left
