"""The integrator: a course and plausible bodies in, body states out.

Explicit Euler in the course's own steps (10 s as a rule), every draw a column. What depends on no state is worked out
before the loop; the loop then calls the functions of the models, one file each, and holds no equation of its own. Each
flow is counted once, in the ledger that balance.py closes.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from charley.body import acclimation, fatigue, fuel, sweat, water
from charley.body.ceiling import oxygen_ceiling_left
from charley.body.course import Course
from charley.body.critical_speed import reserve_after
from charley.body.effort import Effort, effort_of
from charley.body.gait import gait_of
from charley.body.gut import Stomach
from charley.body.heat import Air, HeatNodes, air_around, air_speed_m_s
from charley.body.level import level_speed_m_s
from charley.body.parameters import BodyParameters
from charley.body.validity import body_notes, course_notes
from charley.vocabulary.arrays import Floats
from charley.vocabulary.body_states import BodyStates
from charley.vocabulary.units import CHLORIDE_G_PER_MOL, SECONDS_PER_HOUR, SODIUM_G_PER_MOL

PERCENT = 100.0
MILLI = 1e-3
SHORT_M = 1000.0  # shorter runs say nothing of level
BLOCK_STEPS = 64  # steps whose inputs are worked out together: few enough to stay in the processor's cache
_INTAKE = ("drink_l_s", "drink_sodium_mmol_l", "drink_carbohydrate_g_l", "salt_mmol_s", "carbohydrate_g_s")
_AHEAD = frozenset(  # states that the effort or the clock gives, not the loop
    {"time_s", "distance_m", "flat_speed_m_s", "flat_distance_m", "metabolic_rate_w", "outside"}
)


@dataclass(slots=True)
class Ledger:
    """Stores and flows of a simulation after its last step, each (draws,), for balance.py."""

    nodes: HeatNodes
    stomach: Stomach
    fluids: water.Fluids
    stores: fuel.Fuel
    produced_j: Floats
    worked_j: Floats
    gas_kg: Floats

    def mass_change_kg(self) -> Floats:
        """Body mass against the start: what was drunk and eaten less sweat, breath, urine and burnt carbon."""
        salt_kg = self.stomach.sodium_eaten_mmol * ((SODIUM_G_PER_MOL + CHLORIDE_G_PER_MOL) * MILLI * MILLI)
        eaten_kg = self.stomach.drunk_l + self.stomach.carbohydrate_eaten_g * MILLI + salt_kg
        lost_l = self.fluids.sweat_l + self.fluids.breath_l + self.fluids.urine_l
        return np.asarray(eaten_kg - lost_l - self.gas_kg)


def simulate(course: Course, bodies: BodyParameters) -> BodyStates:
    """What a course does to each body: states at the end of each step, after what came before the run.

    Parameters: inputs of (steps,) or (steps, draws), bodies of (draws,). Returns arrays (steps, draws). Validity: where
    an input leaves a model's range, or a body that of the living, ``outside`` says so; the states stay finite.
    """
    return integrate(course, bodies)[0]


def integrate(course: Course, bodies: BodyParameters) -> tuple[BodyStates, Ledger]:
    """``simulate`` with the ledger beside it."""
    n = bodies.numbers
    own = course
    course, before = course.with_before()
    b, steps, dt = bodies, course.steps, course.step_s
    effort = effort_of(course, b)
    nodes = HeatNodes.at_start(b.mass_kg, b.height_m, acclimation.core_at_rest_c(b), n)
    stomach = Stomach.empty(b.mass_kg, n)
    more_l = acclimation.water_gained_l(b)
    fluids = water.Fluids.at_start(b.mass_kg, b.body_fat, b.plasma_sodium_start_mmol_l, n, more_l)
    stores = fuel.Fuel.at_start(b.mass_kg, b.glycogen_kcal_kg_muscle, b.leg_muscle_share, n)
    produced_j = effort.metabolic_w.sum(axis=0) * dt
    worked_j = produced_j - effort.heat_w.sum(axis=0) * dt
    ledger = Ledger(nodes, stomach, fluids, stores, produced_j, worked_j, gas_kg=np.zeros(b.draws))
    muscles = fatigue.Muscles.fresh(b.draws, n)
    sweat_g_s, reserve = np.zeros(b.draws), b.d_prime_m.copy()
    water_start, leg_start, per_mass = fluids.water_l.copy(), stores.leg_g.copy(), PERCENT / b.mass_kg
    gain, threshold_c = acclimation.sweat_gain_now(b), acclimation.sweat_threshold_now_c(b)
    own_sodium = acclimation.sweat_sodium_now_mmol_l(b)
    exogenous_g_s = b.carbohydrate_absorption_g_h / SECONDS_PER_HOUR
    kept = [f.name for f in fields(BodyStates) if f.name not in _AHEAD]
    # one block for all: the system hands out large pages for it, where arrays of their own would ask for each page
    out = dict(zip(kept, np.empty((len(kept), steps, b.draws)), strict=True))

    for k in range(steps):
        i = k % BLOCK_STEPS
        if i == 0:
            block = slice(k, min(k + BLOCK_STEPS, steps))
            air, gait = _air(course, b, effort, block, nodes.surface_m2), gait_of(course, b, block)
            intake = tuple(course.by_draw(name)[block] for name in _INTAKE)
        deficit = np.maximum(water_start - fluids.water_l, 0.0) * per_mass

        shivering_w = nodes.advance(air.row(i), effort.heat_w[k], sweat_g_s * b.evaporating_share, dt)
        drive = sweat.sweat_drive_g_s(
            nodes.core_c, nodes.skin_c, nodes.surface_m2, gain, threshold_c, b.sweat_limit_l_h, n
        )
        sweat_g_s = sweat.sweat_after(sweat_g_s, drive * sweat.sweat_left_when_dry(deficit, n), dt, n)
        sweat_l = sweat_g_s * (dt * MILLI)

        drink_l_s, drink_sodium, drink_food, salt_mmol_s, food_g_s = (array[i] for array in intake)
        willing = water.willing_to_drink(fluids.plasma_mmol_l, n)
        stomach.take(drink_l_s * dt, drink_sodium, drink_food, salt_mmol_s * dt, food_g_s * dt, willing)
        reached = stomach.empty_into_gut(b.emptying_per_min, b.emptying_limit_l_h, exogenous_g_s, dt)
        stores.pool_g += reached[3]
        left = oxygen_ceiling_left(nodes.core_c, nodes.skin_c, deficit, n)
        fresh = effort.oxygen_fraction[k]  # beyond the most that anyone gives the pace of the file is wrong
        fraction = np.minimum(fresh / left, np.maximum(fresh, n.metabolic_ceiling))
        share = fuel.carbohydrate_share(fraction, n)
        burnt_g, fat_g, glycogen_g = stores.burn(effort.metabolic_w[k], share, shivering_w, exogenous_g_s, dt)

        fluids.absorb(*reached[:3])
        fluids.lose_sweat(sweat_l, own_sodium, b.sweat_sodium_power, b.sweat_potassium_mmol_l, dt)
        fluids.lose_urine(b.plasma_sodium_start_mmol_l, b.exercise_urine_ml_min, dt)
        metabolic_l, glycogen_l = fuel.metabolic_water_l(burnt_g, fat_g, n), b.glycogen_water_g_g * glycogen_g * MILLI
        fluids.burn_and_breathe(metabolic_l, glycogen_l, air.breath_water_g_s[i] * (dt * MILLI))
        fluids.draw_on_stores(b.plasma_sodium_start_mmol_l, b.sodium_stores_per_h, dt)
        fluids.settle()

        critical = effort.critical_speed_m_s[k] * left
        reserve = reserve_after(reserve, effort.flat_speed_m_s[k], critical, b.d_prime_m, dt, n)
        sped_up = fatigue.slow_modifier(
            stores.leg_g / leg_start, nodes.core_c, deficit, b.slow_low_fuel, b.slow_heat, b.slow_water, n
        )
        load = gait.muscles
        build = load.build_per_s[i] * sped_up
        muscles.advance(load.activity[i], load.recovery_per_s[i], build, gait.resting[i], b.slow_ceiling, dt)

        ledger.gas_kg += fuel.gas_mass_kg(burnt_g, fat_g, n)

        out["oxygen_fraction"][k], out["critical_speed_m_s"][k] = fraction, critical
        out["d_prime_balance_m"][k] = reserve
        out["core_temp_c"][k], out["skin_temp_c"][k] = nodes.core_c, nodes.skin_c
        out["sweat_rate_l_h"][k], out["sweat_l"][k] = sweat_g_s, fluids.sweat_l
        out["drunk_l"][k], out["stomach_water_l"][k] = stomach.drunk_l, stomach.water_l
        out["body_water_change_l"][k] = fluids.water_l
        out["mass_change_kg"][k] = ledger.mass_change_kg()
        out["plasma_sodium_mmol_l"][k] = fluids.plasma_mmol_l
        out["sodium_lost_mmol"][k] = fluids.sweat_sodium_mmol + fluids.urine_sodium_mmol
        out["potassium_lost_mmol"][k] = fluids.sweat_potassium_mmol + fluids.urine_potassium_mmol
        out["leg_glycogen_g"][k], out["liver_glycogen_g"][k] = stores.leg_g, stores.liver_g
        out["carbohydrate_deficit_g"][k] = stores.deficit_g
        for m, name in enumerate(("calf", "quadriceps", "hamstring")):
            out[f"{name}_fast_fatigue"][k], out[f"{name}_slow_fatigue"][k] = muscles.fast[m], muscles.slow[m]
        out["calf_impulse_bw_s"][k], out["eccentric_load"][k] = gait.impulse_per_s[i] * dt, gait.eccentric_per_s[i] * dt

    out["sweat_rate_l_h"] *= SECONDS_PER_HOUR * MILLI
    out["body_water_change_l"] -= water_start
    out["plasma_volume_change"] = water.plasma_volume_change(out["body_water_change_l"] / water_start, n)
    for name in ("calf_impulse_bw_s", "eccentric_load"):
        np.cumsum(out[name], axis=0, out=out[name])
    flat_distance = np.cumsum(effort.flat_speed_m_s, axis=0) * dt
    out = {name: array[before:] for name, array in out.items()}
    of_level = flat_distance[-1] / own.time_s[-1] / level_speed_m_s(b, np.maximum(flat_distance[-1], SHORT_M))
    outside = (
        *own.notes,
        *course_notes(course, effort.durability_load, n),
        *body_notes(effort.at_ceiling, of_level, nodes.refused_j, stomach.refused_l, stomach.drunk_l, n),
    )
    states = BodyStates(
        time_s=own.time_s,
        distance_m=np.cumsum(own.by_draw("speed_m_s").mean(axis=1)) * dt,
        flat_speed_m_s=effort.flat_speed_m_s[before:],
        flat_distance_m=flat_distance[before:],
        metabolic_rate_w=effort.metabolic_w[before:],
        outside=outside,
        **out,
    )
    return states, ledger


def _air(course: Course, bodies: BodyParameters, effort: Effort, block: slice, surface_m2: Floats) -> Air:
    """Heat exchange with the air for the steps of a block."""
    n = bodies.numbers
    speed, head, wind, temp, humidity, sun, clothing = (
        course.by_draw(name)[block]
        for name in (
            "speed_m_s",
            "wind_head_m_s",
            "wind_m_s",
            "air_temp_c",
            "relative_humidity",
            "solar_w_m2",
            "clothing_clo",
        )
    )
    metabolic_w_m2 = effort.metabolic_w[block] / surface_m2
    air_speed = air_speed_m_s(speed, head, wind, n)
    return air_around(air_speed, temp, humidity, sun, clothing, metabolic_w_m2, surface_m2, bodies.exchange_factor, n)
