"""Heat: a core, a skin, and the air that streams past a runner (a two-node model)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.body.sweat import evaporation_w_m2
from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Floats


def body_surface_m2(mass_kg: Floats, height_m: Floats, n: BodyNumbers = BODY) -> Floats:
    """Surface of the body in m2. Notes: 0.202 m^0.425 h^0.725. References: Du Bois and Du Bois 1916."""
    return np.asarray(n.surface_factor * mass_kg**n.surface_mass_power * height_m**n.surface_height_power)


def saturation_pressure_kpa(temp_c: Floats, n: BodyNumbers = BODY) -> Floats:
    """Vapour pressure of saturated air in kPa.

    Validity: -40 to 50 C, within 0.4 %. Notes: 0.61094 exp(17.625 T / (T + 243.04)), the Magnus form of [1].

    References: [1] Alduchov and Eskridge 1996, doi:10.1175/1520-0450(1996)035<0601:IMFAOS>2.0.CO;2.
    """
    exponent = n.magnus_factor * temp_c / (temp_c + n.magnus_offset_c)
    return np.asarray(n.magnus_pressure_kpa * np.exp(exponent))


def air_speed_m_s(speed_m_s: Floats, wind_head_m_s: Floats, wind_m_s: Floats, n: BodyNumbers = BODY) -> Floats:
    """Speed of the air against the skin: own speed and head wind, and wind whose direction is not known.

    Notes: averaged over all directions the square of the speed against the air is v^2 + w^2.
    """
    along = np.maximum(speed_m_s + wind_head_m_s, 0.0)
    return np.maximum(np.hypot(along, wind_m_s), n.still_air_m_s)


def convection_w_m2_k(air_speed: Floats, n: BodyNumbers = BODY) -> Floats:
    """Convective heat transfer of the whole body in W/m2/K.

    Validity: 0.2 to 5 m/s, a standing manikin; beyond it is extrapolated. Moving limbs are not in it.

    Notes: 10.4 v^0.56 [1]; other published fits lie 15 to 20 % lower at running speeds.

    References: [1] de Dear, Arens, Zhang, Oguro 1997, doi:10.1007/s004840050035.
    """
    return np.asarray(n.convection_factor * air_speed**n.convection_power)


def respiratory_heat_w_m2(
    metabolic_w_m2: Floats, air_temp_c: Floats, vapour_kpa: Floats, n: BodyNumbers = BODY
) -> tuple[Floats, Floats]:
    """Heat lost by breathing: (dry, evaporated), W per m2 of body.

    Notes: 0.0014 M (34 - Ta) and 0.0173 M (5.87 - pa). References: Gagge, Fobelets, Berglund 1986.
    """
    dry = n.breath_dry_per_k * metabolic_w_m2 * (n.breath_temp_c - air_temp_c)
    wet = n.breath_wet_per_kpa * metabolic_w_m2 * (n.breath_vapour_kpa - vapour_kpa)
    return np.asarray(dry), np.asarray(np.maximum(wet, 0.0))


def skin_blood_flow_l_m2_h(core_c: Floats, skin_c: Floats, n: BodyNumbers = BODY) -> Floats:
    """Blood flow through the skin: opened by a warm core, closed by a cold skin.

    Notes: (6.3 + 30 (Tc - 36.8)+) / (1 + 0.1 (33.7 - Ts)+), at most 90: the form of [1] with a gentler gain, so that a
    runner's core settles near 38.5 to 39.5 C.

    References: [1] Gagge, Fobelets, Berglund 1986.
    """
    opened = n.skin_flow_rest + n.skin_flow_gain * np.maximum(core_c - n.core_neutral_c, 0.0)
    closed = 1.0 + n.skin_flow_closing * np.maximum(n.skin_neutral_c - skin_c, 0.0)
    return np.minimum(opened / closed, n.skin_flow_limit)


def core_to_skin_w_m2_k(skin_blood_flow: Floats, n: BodyNumbers = BODY) -> Floats:
    """Conductance from core to skin: 5.28 W/m2/K of tissue, and 1.163 W/m2/K per L/m2/h of blood (Gagge 1986)."""
    return np.asarray(n.tissue_conductance + n.blood_heat_factor * skin_blood_flow)


def shivering_w_m2(core_c: Floats, skin_c: Floats, n: BodyNumbers = BODY) -> Floats:
    """Heat of shivering, 19.4 (37 - Tc)+ (34 - Ts)+ W/m2 (Gagge 1986): only where core and skin are both cold."""
    cold_core = np.maximum(n.shiver_core_c - core_c, 0.0)
    return np.asarray(n.shiver_gain * cold_core * np.maximum(n.shiver_skin_c - skin_c, 0.0))


def habitual_clothing_clo(air_temp_c: Floats, n: BodyNumbers = BODY) -> Floats:
    """What runners wear at a temperature, in clo: shorts and singlet when warm, more layers the colder (assumption)."""
    colder = np.maximum(n.clothing_warm_c - air_temp_c, 0.0)
    return np.asarray(n.clothing_warm_clo + n.clothing_per_k * colder)


@dataclass(slots=True)
class Air:
    """What the air does to a runner's skin, worked out ahead of the loop; arrays (steps, draws) or alike."""

    exchange_w_m2_k: Floats  # dry, skin to operative temperature
    operative_c: Floats  # air temperature with the sun in it
    evaporation_w_m2_kpa: Floats
    vapour_kpa: Floats
    breath_w_m2: Floats
    breath_water_g_s: Floats

    def row(self, k: int) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """What ``HeatNodes.advance`` needs of step ``k``."""
        return (
            self.exchange_w_m2_k[k],
            self.operative_c[k],
            self.evaporation_w_m2_kpa[k],
            self.vapour_kpa[k],
            self.breath_w_m2[k],
        )


def air_around(
    air_speed: Floats,
    air_temp_c: Floats,
    relative_humidity: Floats,
    solar_w_m2: Floats,
    clothing_clo: Floats,
    metabolic_w_m2: Floats,
    surface_m2: Floats,
    exchange_factor: Floats,
    n: BodyNumbers = BODY,
) -> Air:
    """Conductances, sun, vapour and breath for all steps at once.

    Notes: clothing of 0.155 m2 K/W per clo, of which running pumps out 30 %, on a surface that is 1 + 0.28 clo larger;
    radiation 4.7 W/m2/K on 72 % of the skin; the sun is taken up by 0.7 of 0.18 of the surface (assumption);
    evaporation 16.5 K/kPa (Lewis) times a permeation of 0.70. ``exchange_factor`` is the draw's own factor on dry and
    wet exchange: posture, shielding, other runners.
    """
    outside = n.radiation_w_m2_k * n.radiating_share + convection_w_m2_k(air_speed, n)
    outside = outside * (1.0 + n.clothing_area_per_clo * clothing_clo)
    insulation = n.m2_k_w_per_clo * n.clothing_pumping * clothing_clo
    exchange = exchange_factor / (insulation + 1.0 / outside)
    sun = n.solar_absorbed * n.solar_projection * solar_w_m2
    vapour = relative_humidity * saturation_pressure_kpa(air_temp_c, n)
    breath_dry, breath_wet = respiratory_heat_w_m2(metabolic_w_m2, air_temp_c, vapour, n)
    like = exchange + 0.0 * vapour
    return Air(
        exchange_w_m2_k=like,
        operative_c=air_temp_c + sun / outside + 0.0 * like,
        evaporation_w_m2_kpa=like * (n.lewis_k_kpa * n.permeation),
        vapour_kpa=vapour + 0.0 * like,
        breath_w_m2=breath_dry + breath_wet,
        breath_water_g_s=breath_wet * surface_m2 / n.evaporation_j_g,
    )


@dataclass(slots=True)
class HeatNodes:
    """Core and skin of each draw, and the heat that has passed, in J since the start. Arrays of shape (draws,)."""

    numbers: BodyNumbers
    core_c: Floats
    skin_c: Floats
    surface_m2: Floats
    core_capacity_j_k: Floats
    skin_capacity_j_k: Floats
    dry_j: Floats
    evaporated_j: Floats
    breath_j: Floats
    shivered_j: Floats
    refused_j: Floats  # beyond the temperatures that a body can have

    @classmethod
    def at_start(cls, mass_kg: Floats, height_m: Floats, core_c: Floats, n: BodyNumbers = BODY) -> HeatNodes:
        """A rested body: its core as given, skin 33 C, nine parts of the mass in the core."""
        ones = np.ones_like(mass_kg)
        capacity = n.body_heat_j_kg_k * mass_kg
        totals = {name: np.zeros_like(mass_kg) for name in ("dry_j", "evaporated_j", "breath_j")}
        return cls(
            numbers=n,
            core_c=core_c * ones,
            skin_c=n.skin_start_c * ones,
            surface_m2=body_surface_m2(mass_kg, height_m, n),
            core_capacity_j_k=n.core_mass_share * capacity,
            skin_capacity_j_k=(1.0 - n.core_mass_share) * capacity,
            shivered_j=np.zeros_like(mass_kg),
            refused_j=np.zeros_like(mass_kg),
            **totals,
        )

    def advance(
        self,
        air: tuple[Floats, Floats, Floats, Floats, Floats],
        produced_w: Floats,
        evaporable_g_s: Floats,
        step_s: float,
    ) -> Floats:
        """One step: returns the power of shivering (W), which the fuel has to supply.

        Implicit in the skin's linear exchange, explicit elsewhere, so that the shortest time constant (about 30 s in a
        small, fast runner) bounds no step. A flow that would carry a node beyond what bodies survive is refused and
        booked as refused.
        """
        n = self.numbers
        exchange, operative_c, per_kpa, vapour, breath = air
        core, skin, surface = self.core_c, self.skin_c, self.surface_m2
        conductance = core_to_skin_w_m2_k(skin_blood_flow_l_m2_h(core, skin, n), n) * surface
        limit = np.maximum(per_kpa * (saturation_pressure_kpa(skin, n) - vapour), 1.0) * surface
        evaporated = evaporation_w_m2(evaporable_g_s * n.evaporation_j_g, limit)
        exchange = exchange * surface
        breath = breath * surface
        shiver = shivering_w_m2(core, skin, n) * surface

        inertia = self.skin_capacity_j_k / step_s
        unbound = (inertia * skin + conductance * core + exchange * operative_c - evaporated) / (
            inertia + conductance + exchange
        )
        inner = conductance * (core - unbound)
        dry = exchange * (unbound - operative_c)
        skin_now = np.minimum(np.maximum(unbound, n.skin_lowest_c), n.skin_highest_c)
        core_unbound = core + (produced_w + shiver - breath - inner) * (step_s / self.core_capacity_j_k)
        core_now = np.minimum(np.maximum(core_unbound, n.core_lowest_c), n.core_highest_c)

        self.dry_j += dry * step_s
        self.evaporated_j += evaporated * step_s
        self.breath_j += breath * step_s
        self.shivered_j += shiver * step_s
        self.refused_j += (unbound - skin_now) * self.skin_capacity_j_k
        self.refused_j += (core_unbound - core_now) * self.core_capacity_j_k
        self.core_c, self.skin_c = core_now, skin_now
        return shiver
