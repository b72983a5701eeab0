"""What moving costs: running and walking on slopes, air resistance, the drift of economy, oxygen."""

from __future__ import annotations

from functools import cache

import numpy as np

from charley.body.polynomial import horner
from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Floats
from charley.vocabulary.units import GRAVITY_M_S2, SECONDS_PER_MINUTE


def running_cost_j_kg_m(grade: Floats, n: BodyNumbers = BODY) -> Floats:
    """Energy cost of running a metre, in J per kg of body mass, on a slope.

    Parameters: ``grade``, rise over run. Validity: treadmill slopes of -0.45 to 0.45 (held at the ends), ten mountain
    runners; downhill beyond -0.20 people brake and the fit is weak.

    Notes: 155.4 i^5 - 30.4 i^4 - 43.3 i^3 + 46.3 i^2 + 19.5 i + 3.6, the running polynomial of [1]; least cost near
    -0.18.

    References: [1] Minetti et al. 2002, doi:10.1152/japplphysiol.01177.2001.
    """
    return horner(n.running_cost, _held(grade, n))


def walking_cost_j_kg_m(grade: Floats, n: BodyNumbers = BODY) -> Floats:
    """Energy cost of walking a metre, in J per kg of body mass, on a slope.

    Parameters: ``grade``, rise over run. Validity: slopes of -0.45 to 0.45 (held at the ends), at the speed that costs
    least.

    Notes: 280.5 i^5 - 58.7 i^4 - 76.8 i^3 + 51.9 i^2 + 19.6 i + 2.5, the walking polynomial of [1].

    References: [1] Minetti et al. 2002, doi:10.1152/japplphysiol.01177.2001.
    """
    return horner(n.walking_cost, _held(grade, n))


def _held(grade: Floats, n: BodyNumbers) -> Floats:
    limit = n.cost_grade_limit
    return np.clip(np.asarray(grade, dtype=np.float64), -limit, limit)


def running_share(speed_m_s: Floats, n: BodyNumbers = BODY) -> Floats:
    """How much of the gait is running, 0..1: a smooth hand-over near 2 m/s, where people change from walk to run."""
    return np.asarray(1.0 / (1.0 + np.exp((n.gait_speed_m_s - speed_m_s) / n.gait_width_m_s)))


def transport_cost_j_kg_m(speed_m_s: Floats, grade: Floats, n: BodyNumbers = BODY) -> Floats:
    """Energy cost of a metre in the gait that goes with the speed, J/kg/m: walking below, running above about 2 m/s."""
    share = running_share(speed_m_s, n)
    return share * running_cost_j_kg_m(grade, n) + (1.0 - share) * walking_cost_j_kg_m(grade, n)


def drag_force_n(air_speed_m_s: Floats, drag_area_m2: Floats, n: BodyNumbers = BODY) -> Floats:
    """Air resistance in N: half the density of air times drag area times the square of the speed against the air.

    Wind from behind that is faster than the runner counts as none.
    """
    against = np.maximum(air_speed_m_s, 0.0)
    return np.asarray(0.5 * n.air_density_kg_m3 * drag_area_m2 * against * against)


def drag_cost_factor(drag_n: Floats, mass_kg: Floats, n: BodyNumbers = BODY) -> Floats:
    """By what factor air resistance raises the metabolic power of running.

    Notes: metabolic power rises by 6.13 % for each 1 % of body weight of backward force [1].

    References: [1] da Silva, Kram, Hoogkamer 2022, J Appl Physiol.
    """
    return np.asarray(1.0 + n.drag_cost_per_body_weight * drag_n / (mass_kg * GRAVITY_M_S2))


def economy_drift(durability_load: Floats, n: BodyNumbers = BODY) -> Floats:
    """By what factor the oxygen cost of a speed has risen since the start; ``durability_load`` as in durability.py.

    Notes: +4.2 % after 90 and +5.8 % after 120 min of hard running [1], taken as linear up to 180 min, then held.

    References: [1] Zanini, Folland, Blagrove 2025, doi:10.1111/sms.70076.
    """
    return np.asarray(1.0 + n.economy_drift * np.minimum(durability_load, n.economy_drift_limit))


def metabolic_power_w_kg(
    speed_m_s: Floats, grade: Floats, drag_factor: Floats, economy: Floats, drift: Floats, n: BodyNumbers = BODY
) -> Floats:
    """Gross metabolic power in W/kg: the cost of the metres, plus what standing takes.

    ``economy`` is the runner's own factor on the cost (1: as in the studies), ``drift`` that of ``economy_drift``.
    """
    moving = transport_cost_j_kg_m(speed_m_s, grade, n) * speed_m_s
    return np.asarray(moving * drag_factor * economy * drift + n.standing_metabolism_w_kg)


def oxygen_uptake_ml_kg_min(power_w_kg: Floats, n: BodyNumbers = BODY) -> Floats:
    """Oxygen uptake that goes with a metabolic power, at 20.9 J per mL of oxygen."""
    return np.asarray(power_w_kg * (SECONDS_PER_MINUTE / n.oxygen_energy_j_ml))


def climbing_power_w(mass_kg: Floats, speed_m_s: Floats, grade: Floats, n: BodyNumbers = BODY) -> Floats:
    """Power that goes into height, W: positive uphill (it does not become heat), negative downhill (it does)."""
    held = _held(grade, n)
    return np.asarray(mass_kg * GRAVITY_M_S2 * speed_m_s * (held / np.sqrt(1.0 + held * held)))


def equivalent_speed_m_s(speed_m_s: Floats, grade: Floats, n: BodyNumbers = BODY) -> Floats:
    """Speed on the level, in the gait natural to it, whose metres cost the same power as these on the slope.

    On the level it is the speed itself, walking and running.
    """
    power = transport_cost_j_kg_m(speed_m_s, grade, n) * speed_m_s
    powers, speeds = _level_table(n)
    run = np.asarray(power / n.running_cost[0])
    return np.where(run < speeds[-1], np.interp(power, powers, speeds), run)


@cache
def _level_table(n: BodyNumbers) -> tuple[Floats, Floats]:
    """Power (W/kg) over speed (m/s) on the level, up to where everybody runs; power rises throughout."""
    everybody_runs = n.gait_speed_m_s + 20 * n.gait_width_m_s
    speeds = np.linspace(0.0, everybody_runs, 4001)
    return transport_cost_j_kg_m(speeds, np.zeros_like(speeds), n) * speeds, speeds
