"""Every published value that the body models are held against, and the call of ours that gives the same quantity.

The rows stand in ``body_checks.toml``. No entry of the registry may return its expected value: each computes from the
models or reads the table of parameters that the models use.
"""

from __future__ import annotations

import ast
import math
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import charley.body
from charley.body import (
    accounts,
    central_body,
    cost,
    course_of,
    critical_speed,
    draw_bodies,
    durability,
    fatigue,
    fuel,
    heat,
    level_speed_m_s,
    readiness,
    reference_course,
    simulate,
    sodium,
    stride,
    sweat,
    water,
)
from charley.evidence import sources
from charley.evidence.numbers.body import BODY
from charley.vocabulary.runner import BestEffort, Runner
from charley.vocabulary.units import (
    CALCIUM_G_PER_MOL,
    METRES_PER_MILE,
    POTASSIUM_G_PER_MOL,
    SODIUM_G_PER_MOL,
    litres_from_us_fluid_ounces,
    mmol_l_from_ug_ml,
    sodium_mg_from_salt_g,
)

ROWS = {row["id"]: row for row in tomllib.loads((Path(__file__).parent / "body_checks.toml").read_text())["check"]}
PAGE = Path(__file__).resolve().parents[2] / "docs" / "validation-body.md"
HOUR_S = 3600.0
MARATHON_M = readiness.MARATHON_M
HALF_M = readiness.HALF_MARATHON_M


# ---- the runs that several checks look at ----
def _at(value: float) -> np.ndarray:
    return np.array([value])


def _race(speed_m_s, distance_m, step_s=10.0, body=None, **inputs):
    steps = round(distance_m / speed_m_s / step_s)
    course = course_of(np.full(steps, speed_m_s), step_s, **inputs)
    return course, simulate(course, body if body is not None else central_body())


@cache
def _pugh():
    """The mean finisher; sun and drinks are not printed, so they are spread evenly over what is plausible."""
    speed = 13.0 / 3.6
    sun, drunk_l = (a.ravel() for a in np.meshgrid(np.linspace(100.0, 500.0, 5), np.linspace(0.0, 1.0, 5)))
    body = central_body(sun.size, mass_kg=68.0, critical_speed_m_s=speed / 0.89)
    return _race(
        speed,
        MARATHON_M,
        body=body,
        air_temp_c=23.0,
        relative_humidity=0.58,
        solar_w_m2=sun[None, :],
        drink_l_s=drunk_l[None, :] / (MARATHON_M / speed),
    )[1]


@cache
def _pugh_winner():
    body = central_body(mass_kg=76.0, critical_speed_m_s=16.0 / 3.6 / 0.92)
    return _race(16.0 / 3.6, MARATHON_M, body=body, air_temp_c=23.0, relative_humidity=0.58, solar_w_m2=300.0)[1]


@cache
def _aberdeen():
    speed = MARATHON_M / (221.0 * 60.0)
    body = central_body(mass_kg=69.7, critical_speed_m_s=speed / 0.88)
    return _race(
        speed,
        MARATHON_M,
        body=body,
        air_temp_c=12.0,
        relative_humidity=0.7,
        solar_w_m2=250.0,
        drink_l_s=1.4 / (221.0 * 60.0),
    )[1]


# Sweat (L/h) of a 70 kg man at 12 km/h by the PHS standard of 2004 with its limits off: air C, humidity, sun, sweat.
PHS_2004 = ((15.0, 0.60, 200.0, 0.55), (18.0, 0.60, 300.0, 0.71), (23.0, 0.58, 400.0, 0.97), (25.0, 0.50, 600.0, 1.14))


def _phs_agreement():
    ratios = []
    for air, humidity, sun, phs in PHS_2004:
        states = _race(
            MARATHON_M / 12_600.0,
            MARATHON_M,
            60.0,
            air_temp_c=air,
            relative_humidity=humidity,
            solar_w_m2=sun,
            wind_m_s=0.0,
        )[1]
        ratios.append(states.sweat_l[-1, 0] / (states.time_s[-1] / HOUR_S) / phs)
    return float(np.mean(ratios))


def _holmes():
    """Sweat sodium of an hour at 75 % of maximal uptake over an hour at 45 %, 23 C."""
    body = central_body()
    found = []
    for share in (0.75, 0.45):
        speed = _speed_at_uptake(body, share)
        states = _race(speed, speed * HOUR_S, 60.0, body=body, air_temp_c=23.0)[1]
        plasma = states.plasma_sodium_mmol_l[-1]
        found.append(
            sodium.sweat_sodium_mmol_l(
                states.sweat_rate_l_h[-1], body.sweat_sodium_mmol_l, body.sweat_sodium_power, plasma
            )
        )
    return float(found[0][0] / found[1][0])


HEATING = 0.81  # of a cyclist's gross power; the rest is work on the pedals (general teaching: 18 to 22 %)
STILL_M_S = 0.4  # a room without a fan, past turning legs


@cache
def _ride(vo2max, share, air_c, humidity, minutes, air_m_s=STILL_M_S, drink_l_h=0.0, mass_kg=73.0):
    """Cycling indoors at a share of maximal uptake (mL/kg/min)."""
    power = HEATING * share * vo2max * BODY.oxygen_energy_j_ml / 60.0
    course = course_of(
        np.zeros(round(minutes * 6)),
        10.0,
        other_power_w_kg=power,
        air_temp_c=air_c,
        relative_humidity=humidity,
        wind_m_s=air_m_s,
        solar_w_m2=0.0,
        clothing_clo=0.12,
        drink_l_s=drink_l_h / HOUR_S,
    )
    return simulate(course, central_body(mass_kg=mass_kg, height_m=1.76, vo2max_ml_kg_min=vo2max))


def _ridden_c(*args, **kwargs):
    return float(_ride(*args, **kwargs).core_temp_c[-1, 0])


def _jenkins(quantity):
    """By how much a quantity at the end of 45 min rises for each degree of the air, at the same vapour."""
    ends = []
    for air_c in (18.0, 36.0):
        humidity = 1.96 / float(heat.saturation_pressure_kpa(_at(air_c))[0])
        ends.append(quantity(_ride(50.0, 0.7, air_c, humidity, 45.0, 4.5, mass_kg=68.0)))
    return float((ends[1] - ends[0]) / 18.0)


def _fall(*args, **kwargs):
    """Fall of maximal uptake from 15 min to the end of a ride: at the same power its share of what is left rises."""
    states = _ride(*args, **kwargs)
    return float(1.0 - states.oxygen_fraction[89, 0] / states.oxygen_fraction[-1, 0])


def _slower_in_damp_air():
    """Time trial after 45 min at 36 C, damp over dry; cycling speed goes with the power 0.4 of the power."""
    left = []
    for vapour_kpa in (3.92, 1.96):
        humidity = vapour_kpa / float(heat.saturation_pressure_kpa(_at(36.0))[0])
        left.append(1.0 / _ride(50.0, 0.7, 36.0, humidity, 45.0, 4.5, mass_kg=68.0).oxygen_fraction[-1, 0])
    return float((left[1] / left[0]) ** 0.4 - 1.0)


@cache
def _tropical(speed_m_s, minutes, air_c, humidity, mass_kg, most_drunk_l_h):
    """A run in damp heat; sun and drinks are not printed, so they are spread evenly over what is plausible."""
    sun, drunk = (a.ravel() for a in np.meshgrid(np.linspace(0.0, 300.0, 4), np.linspace(0.0, most_drunk_l_h, 5)))
    body = central_body(sun.size, mass_kg=mass_kg, height_m=1.71, critical_speed_m_s=speed_m_s / 0.85)
    inputs = {"air_temp_c": air_c, "relative_humidity": humidity, "wind_m_s": 1.0}
    distance_m = speed_m_s * minutes * 60.0
    return _race(
        speed_m_s, distance_m, body=body, solar_w_m2=sun[None, :], drink_l_s=drunk[None, :] / HOUR_S, **inputs
    )[1]


@cache
def _finishers(distance_m, minutes):
    """A field of the table's bodies after a race of that time at 16 C, drinking as they are used to."""
    bodies = draw_bodies(Runner(), 1000, np.random.default_rng(2135))
    course = course_of(
        np.full(round(minutes), distance_m / (minutes * 60.0)),
        60.0,
        air_temp_c=16.0,
        drink_l_s=bodies.habitual_drink_l_h[None, :] / HOUR_S,
        drink_sodium_mmol_l=bodies.habitual_drink_sodium_mmol_l[None, :],
        drink_carbohydrate_g_l=bodies.habitual_drink_carbohydrate_g_l[None, :],
        carbohydrate_g_s=bodies.habitual_carbohydrate_g_h[None, :] / HOUR_S,
    )
    return bodies, simulate(course, bodies)


def _noakes(share):
    """A share over the finishers of a marathon and of 56 km, mean of the two: (plasma sodium, who gained weight)."""
    races = [_finishers(*race)[1] for race in ((MARATHON_M, 240.0), (56_000.0, 356.0))]
    return float(np.mean([share(s.plasma_sodium_mmol_l[-1], s.mass_change_kg[-1] > 0.0) for s in races]))


def _hew_butler():
    bodies, states = _finishers(56_000.0, 356.0)
    return float((states.plasma_sodium_mmol_l[-1] - bodies.plasma_sodium_start_mmol_l).mean())


def _speed_at_uptake(body, share):
    speeds = np.linspace(1.0, 6.0, 2001)
    drag = cost.drag_cost_factor(cost.drag_force_n(speeds, body.drag_area_m2), body.mass_kg)
    flat, fresh = np.zeros_like(speeds), np.ones_like(speeds)
    power = cost.metabolic_power_w_kg(speeds, flat, drag, body.economy, fresh)
    return float(np.interp(share * body.vo2max_ml_kg_min[0], cost.oxygen_uptake_ml_kg_min(power), speeds))


def _vo2_13kmh():
    speed, body = _at(13.0 / 3.6), central_body(mass_kg=68.0)
    drag = cost.drag_cost_factor(cost.drag_force_n(speed, body.drag_area_m2), body.mass_kg)
    power = cost.metabolic_power_w_kg(speed, _at(0.0), drag, body.economy, _at(1.0))
    return float(cost.oxygen_uptake_ml_kg_min(power)[0])


def _percent_of_critical_speed(finish_s):
    """The share that the model's marathon of these finishing times is of critical speed, %."""
    critical = np.linspace(2.0, 7.0, 5001)
    speed = critical_speed.marathon_speed_m_s(critical)
    run = 42_195.0 / np.asarray(finish_s)
    return 100.0 * run / np.interp(run, speed, critical)


def _field_percent_of_critical_speed():
    """Mean over a field of finishing times like that of the paper's platform: 229 (49) min, as in Gordon 2017."""
    finish_s = np.clip(np.random.default_rng(0).normal(229.0, 49.0, 20_000), 130.0, 420.0) * 60.0
    return float(_percent_of_critical_speed(finish_s).mean())


def _fit_recovery():
    distance = np.array([400.0, 800.0, 1000.0, 1500.0, 3000.0, 5000.0])
    time = (distance - 190.0) / 3.9 * np.exp(0.005 * np.random.default_rng(0).standard_normal(6))
    return critical_speed.fit_critical_speed(distance, time)[0]


def _durability_load(minutes):
    """Load after minutes of running at the intensity of Zanini et al."""
    per_s = durability.durability_load_per_s(_at(0.87 * 4.0), _at(4.0))
    return per_s * minutes * 60.0


def _threshold_left(minutes):
    return float(durability.critical_speed_left(_durability_load(minutes), _at(BODY.durability_gain))[0])


def _oxygen_rise_percent(minutes):
    return 100.0 * float(cost.economy_drift(_durability_load(minutes))[0] - 1.0)


def _plasma_after(water_l=42.0, water_change_l=0.0, ions_change_mmol=0.0):
    start = sodium.exchangeable_mmol(_at(140.0), _at(water_l))
    return float(sodium.plasma_sodium_mmol_l(start + ions_change_mmol, _at(water_l + water_change_l))[0])


@cache
def _boston():
    """Plasma sodium of a field at the finish: own level, mild weather, habitual drinking."""
    bodies = draw_bodies(Runner(), 400, np.random.default_rng(488))
    states = simulate(reference_course(bodies, MARATHON_M, level_speed_m_s(bodies, MARATHON_M)), bodies)
    finish = (states.flat_distance_m < MARATHON_M).sum(axis=0).clip(max=states.time_s.size - 1)
    return float(states.plasma_sodium_mmol_l[finish, np.arange(bodies.draws)].mean())


def _resolved_fatigue(peak, duty, stride_hz, seconds, marks, drive=50.0, dt=1e-3):
    """The three-compartment model with rest factor in 1 ms steps, half-sine efforts: fatigued share at ``marks``."""
    fatigue_s, recovery_s = BODY.ankle_fatigue_per_s, BODY.ankle_recovery_per_s
    rested = recovery_s * BODY.rest_factor
    period = round(1.0 / stride_hz / dt)
    stance = round(duty * period)
    target = [peak * math.sin(math.pi * i / stance) if i < stance else 0.0 for i in range(period)]
    active = tired = 0.0
    ready = 1.0
    found = {}
    for step in range(int(seconds / dt) + 1):
        if step % 1000 == 0 and step // 1000 in marks:
            found[step // 1000] = tired
        wanted = target[step % period]
        moved = drive * (min(wanted - active, ready) if active < wanted else wanted - active)
        tiring = fatigue_s * active
        recovered = (rested if wanted == 0.0 else recovery_s) * tired
        active += dt * (moved - tiring)
        tired += dt * (tiring - recovered)
        ready += dt * (recovered - moved)
    return found


def _stride_average_error():
    duty, marks, worst = 0.36, (60, 300, 1800), 0.0
    for peak in (0.4, 0.7):
        resolved = _resolved_fatigue(peak, duty, 1.42, marks[-1], marks)
        recovery = fatigue.stride_recovery_per_s(BODY.ankle_recovery_per_s, _at(duty))
        activity = fatigue.stride_activity(_at(peak), _at(duty))
        tired = _at(0.0)
        for step in range(marks[-1] // 10):
            tired = fatigue.fast_fatigue_after(tired, activity, BODY.ankle_fatigue_per_s, recovery, 10.0)
            if (step + 1) * 10 in marks:
                worst = max(worst, abs(float(tired[0]) - resolved[(step + 1) * 10]))
    return worst


def _calf_after_two_hours():
    body = central_body()
    speed = _speed_at_uptake(body, 0.75)
    course = course_of(np.concatenate([np.full(720, speed), np.zeros(30)]), 10.0, air_temp_c=20.0)
    states = simulate(course, body)
    return float(states.calf_slow_fatigue[-1, 0] + states.calf_fast_fatigue[-1, 0])


def _fast_fatigue_left():
    course = course_of(np.concatenate([np.full(360, 3.35), np.zeros(60)]), 10.0)
    fast = simulate(course, central_body()).calf_fast_fatigue[:, 0]
    return float(fast[-1] / fast[359])


def _achilles_peak(speed):
    v, run = _at(speed), _at(1.0)
    peak = stride.peak_force_bw(stride.step_time_s(stride.cadence_spm(v, run)), stride.contact_time_s(v), run)
    return float(stride.achilles_peak_bw(peak, _at(2.6), _at(0.0), _at(8.0), _at(0.0))[0])


def _forefoot_impulse():
    impulses = [
        stride.impulse_bw_s_per_s(
            stride.achilles_peak_bw(_at(2.2), _at(2.6), _at(forefoot), _at(8.0), _at(0.0)), _at(0.36)
        )[0]
        for forefoot in (1.0, 0.0)
    ]
    return float(impulses[0] / impulses[1])


@cache
def _fine_and_coarse():
    speed, body = MARATHON_M / 12_600.0, central_body()
    drink = {"drink_l_s": 0.45 / HOUR_S, "drink_carbohydrate_g_l": 30.0, "air_temp_c": 20.0}
    return tuple(_race(speed, MARATHON_M, step_s, body=body, **drink)[1] for step_s in (10.0, 0.25))


def _sodium_gap():
    course, _ = _race(3.35, MARATHON_M, drink_l_s=0.45 / HOUR_S, drink_sodium_mmol_l=20.0)
    account = next(a for a in accounts(course, central_body()) if a.name == "sodium")
    return float(np.abs(account.start + account.came - account.went - account.end).max())


def _marathon_spread_min():
    bodies = draw_bodies(Runner(bests=(BestEffort(HALF_M, 6900.0),)), 2000, np.random.default_rng(3))
    return float((MARATHON_M / level_speed_m_s(bodies, MARATHON_M) / 60.0).std())


def _cost(grade):
    return float(cost.running_cost_j_kg_m(_at(grade))[0])


def _vickers_half_140():
    return readiness.marathon_from_one_race_s(HALF_M, 6000.0, 20 * METRES_PER_MILE)


@dataclass(frozen=True)
class Check:
    ours: Callable[[], float]


REGISTRY: dict[str, Check] = {
    "minetti_level": Check(lambda: _cost(0.0)),
    "minetti_up10": Check(lambda: _cost(0.10)),
    "minetti_down10": Check(lambda: _cost(-0.10)),
    "minetti_up45": Check(lambda: _cost(0.45)),
    "minetti_walk_level": Check(lambda: float(cost.walking_cost_j_kg_m(_at(0.0))[0])),
    "drag_sensitivity": Check(
        lambda: 100.0 * float(cost.drag_cost_factor(_at(0.01 * 70.0 * 9.80665), _at(70.0))[0] - 1.0)
    ),
    "vo2_13kmh": Check(_vo2_13kmh),
    "vdot_5k_20": Check(lambda: readiness.vdot_ml_kg_min(5000.0, 1200.0)),
    "cs_marathon_pct_mean": Check(_field_percent_of_critical_speed),
    "cs_marathon_pct_150": Check(lambda: float(_percent_of_critical_speed(_at(150.0 * 60.0))[0])),
    "cs_fit_recovery": Check(_fit_recovery),
    "durability_slt_90": Check(lambda: _threshold_left(90.0)),
    "durability_slt_120": Check(lambda: _threshold_left(120.0)),
    "durability_economy_90": Check(lambda: _oxygen_rise_percent(90.0)),
    "durability_economy_120": Check(lambda: _oxygen_rise_percent(120.0)),
    "swain_80": Check(lambda: BODY.heart_rate_intercept + BODY.heart_rate_slope * 0.80),
    "pugh_mean_tcore": Check(lambda: float(_pugh().core_temp_c[-1].mean())),
    "pugh_mean_loss": Check(lambda: float(-_pugh().mass_change_kg[-1].mean())),
    "pugh_winner_tcore": Check(lambda: float(_pugh_winner().core_temp_c[-1, 0])),
    "pugh_winner_loss": Check(lambda: float(-_pugh_winner().mass_change_kg[-1, 0])),
    "maughan_cool_loss": Check(lambda: float(-_aberdeen().mass_change_kg[-1, 0])),
    "maughan_cool_tcore": Check(lambda: float(_aberdeen().core_temp_c[-1, 0])),
    "mora_still_tcore": Check(lambda: _ridden_c(55.0, 0.6, 36.0, 0.29, 60.0)),
    "mora_wind_tcore": Check(lambda: _ridden_c(55.0, 0.6, 36.0, 0.29, 60.0, 2.55)),
    "mora_drink_tcore": Check(lambda: _ridden_c(55.0, 0.6, 36.0, 0.29, 60.0, 2.55, 1.2)),
    "jenkins_sweat": Check(lambda: _jenkins(lambda s: s.sweat_l[-1, 0] / (s.time_s[-1] / HOUR_S))),
    "jenkins_tcore": Check(lambda: _jenkins(lambda s: s.core_temp_c[-1, 0])),
    "ganio_loss": Check(
        lambda: float(-100.0 * _ride(60.0, 0.6, 30.0, 0.4, 120.0, mass_kg=75.0).mass_change_kg[-1, 0] / 75.0)
    ),
    "maughan12_dry_tcore": Check(lambda: _ridden_c(55.0, 0.7, 30.2, 0.24, 68.0)),
    "maughan12_damp_tcore": Check(lambda: _ridden_c(55.0, 0.7, 30.2, 0.80, 46.0)),
    "lafrenz_fall": Check(lambda: _fall(64.7, 0.592, 35.0, 0.4, 45.0, STILL_M_S, 1.2, mass_kg=75.0)),
    "wingo_fall": Check(lambda: _fall(60.0, 0.6, 35.0, 0.4, 45.0, STILL_M_S, 1.2, mass_kg=75.0)),
    "ganio_fall": Check(lambda: _fall(60.0, 0.6, 30.0, 0.4, 120.0, mass_kg=75.0)),
    "ganio_drunk_fall": Check(lambda: _fall(60.0, 0.6, 30.0, 0.4, 120.0, STILL_M_S, 1.1, mass_kg=75.0)),
    "jenkins_damp_slower": Check(_slower_in_damp_air),
    "lee_tcore": Check(lambda: float(_tropical(208.0 / 60.0, 101.5, 26.4, 0.81, 64.0, 0.6).core_temp_c[-1].mean())),
    "byrne_tcore": Check(lambda: float(_tropical(3.0, 118.0, 27.0, 0.85, 66.0, 0.6).core_temp_c[-1].mean())),
    "tan_loss": Check(
        lambda: float(-_tropical(MARATHON_M / 9120.0, 152.0, 27.9, 0.79, 57.0, 0.8).mass_change_kg[-1].mean())
    ),
    "noakes_gainers": Check(lambda: _noakes(lambda na, gained: (na[gained] >= 135.0).mean())),
    "noakes_low": Check(lambda: _noakes(lambda na, _: (na < 135.0).mean())),
    "noakes_high": Check(lambda: _noakes(lambda na, _: (na > 145.0).mean())),
    "hew_butler_change": Check(_hew_butler),
    "hew_butler_plasma": Check(lambda: float(_finishers(56_000.0, 356.0)[1].plasma_volume_change[-1].mean())),
    "baker_wbsr_mean": Check(lambda: BODY.sweat_rate_athletes_l_h),
    "phs_agreement_15_25": Check(_phs_agreement),
    "gonzalez_pw": Check(lambda: float(sweat.sweat_gonzalez_g_m2_h(_at(400.0), _at(300.0))[0])),
    "baker_na_forearm": Check(lambda: BODY.forearm_sodium_mmol_l),
    "baker_na_wb": Check(lambda: float(sodium.whole_body_sodium_mmol_l(_at(BODY.forearm_sodium_mmol_l))[0])),
    "holmes_na_ratio": Check(_holmes),
    "montain07_na": Check(lambda: mmol_l_from_ug_ml(BODY.sweat_sodium_ug_ml, SODIUM_G_PER_MOL)),
    "montain07_k": Check(lambda: mmol_l_from_ug_ml(BODY.sweat_potassium_ug_ml, POTASSIUM_G_PER_MOL)),
    "montain07_ca": Check(lambda: mmol_l_from_ug_ml(BODY.sweat_calcium_ug_ml, CALCIUM_G_PER_MOL)),
    "nk_plus1L": Check(lambda: _plasma_after(water_change_l=1.0)),
    "nk_dehydrate": Check(lambda: _plasma_after(water_change_l=-2.0, ions_change_mmol=-2.0 * 45.0)),
    "cheuvront_matched": Check(lambda: _plasma_after(ions_change_mmol=-1.5 * 45.0)),
    "boston_na_mean": Check(_boston),
    "whiting_plasma": Check(lambda: float(water.plasma_volume_change(_at(-0.05))[0])),
    "oz16": Check(lambda: 1000.0 * litres_from_us_fluid_ounces(16.0)),
    "oz24": Check(lambda: 1000.0 * litres_from_us_fluid_ounces(24.0)),
    "salt_na": Check(lambda: sodium_mg_from_salt_g(1.0)),
    "rapoport_share_75": Check(lambda: float(fuel.carbohydrate_share(_at(0.75))[0])),
    "rapoport_store_male80": Check(lambda: float(fuel.store_kcal_kg(80.0, BODY.leg_muscle_share_male))),
    "rapoport_store_male120": Check(lambda: float(fuel.store_kcal_kg(120.0, BODY.leg_muscle_share_male))),
    "rapoport_wall_80_080": Check(
        lambda: float(fuel.distance_to_empty_km(fuel.store_kcal_kg(80.0, BODY.leg_muscle_share_male), _at(0.80))[0])
    ),
    "et_general_50": Check(lambda: fatigue.endurance_time_s(0.5, "general")),
    "et_ankle_50": Check(lambda: fatigue.endurance_time_s(0.5, "ankle")),
    "et_knee_50": Check(lambda: fatigue.endurance_time_s(0.5, "knee")),
    "3cc_ankle_50_closed": Check(
        lambda: fatigue.sustained_time_s(0.5, BODY.ankle_fatigue_per_s, BODY.ankle_recovery_per_s)
    ),
    "3cc_ankle_50_vs_curve": Check(
        lambda: (
            fatigue.sustained_time_s(0.5, BODY.ankle_fatigue_per_s, BODY.ankle_recovery_per_s)
            / fatigue.endurance_time_s(0.5, "ankle")
        )
    ),
    "3cc_garbled_pair": Check(lambda: fatigue.sustained_time_s(0.5, BODY.ankle_fatigue_per_s, 0.0182)),
    "3ccr_average_error": Check(_stride_average_error),
    "rakshit_pf": Check(lambda: BODY.plantarflexor_fatigue_per_s),
    "saldanha_pf_mvc": Check(_calf_after_two_hours),
    "nicol_knee": Check(lambda: float(_fine_and_coarse()[0].quadriceps_slow_fatigue[-1, 0])),
    "stone_recovery": Check(_fast_fatigue_left),
    "at_speed_ratio": Check(lambda: _achilles_peak(4.47) / _achilles_peak(2.68)),
    "at_impulse_nrfs": Check(_forefoot_impulse),
    "vv1_half100_20": Check(_vickers_half_140),
    "vv2": Check(lambda: readiness.marathon_from_two_races_s(10_000.0, 2700.0, HALF_M, 6000.0, 30 * METRES_PER_MILE)),
    "vv_bug_guard": Check(_vickers_half_140),
    "vickers_spread": Check(_marathon_spread_min),
    "riegel": Check(lambda: readiness.riegel_time_s(HALF_M, 6000.0, MARATHON_M)),
    "tanda_50_330": Check(lambda: readiness.marathon_from_training_s(50_000.0, 0.330)),
    "tanda_rmse": Check(lambda: BODY.tanda_rmse_min),
    "buist_10pct": Check(lambda: BODY.ten_percent_rule_effect),
    "taper_volume": Check(lambda: BODY.taper_volume_cut_percent),
    "mass_balance_na": Check(_sodium_gap),
    "dt_error_tcore": Check(
        lambda: abs(float(_fine_and_coarse()[0].core_temp_c[-1, 0] - _fine_and_coarse()[1].core_temp_c[-1, 0]))
    ),
    "dt_error_gly": Check(
        lambda: abs(float(_fine_and_coarse()[0].leg_glycogen_g[-1, 0] - _fine_and_coarse()[1].leg_glycogen_g[-1, 0]))
    ),
}


def verdict(row, ours):
    """True where ours lies within the tolerance of the published value."""
    if row["tol_kind"] == "isnan":
        return math.isnan(ours)
    allowed = row["tol"] * (abs(row["expected"]) if row["tol_kind"] == "rel" else 1.0)
    return abs(ours - row["expected"]) <= allowed


def test_every_row_has_a_call_and_every_call_a_row():
    assert set(REGISTRY) == set(ROWS)


ROLES = {"test", "numerics", "arithmetic", "set", "beside", "table"}


@cache
def unused_functions():
    """Public functions of the body that nothing in Charley calls: name -> (module, first line of what it does).

    What ``charley.body`` itself exports serves tests and scripts (a middle body, the balances) and is not meant.
    """
    package = Path(charley.body.__file__).parents[1]
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in package.rglob("*.py")}
    used = {n.id for tree in trees.values() for n in ast.walk(tree) if isinstance(n, ast.Name)}
    used |= {n.attr for tree in trees.values() for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    return {
        node.name: (path.stem, " ".join(ast.get_docstring(node).split("\n\n")[0].split()))
        for path, tree in trees.items()
        if path.parent.name == "body"
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.name not in used
        and node.name not in charley.body.__all__
    }  # fmt: skip


def _called(check_id):
    """Names that a check reads, through the helpers of this module."""
    seen, waiting = set(), [REGISTRY[check_id].ours]
    while waiting:
        function = waiting.pop()
        code = [getattr(function, "__wrapped__", function).__code__]  # as it stands below @cache
        while code:
            one = code.pop()
            code += [c for c in one.co_consts if isinstance(c, type(one))]
            for name in set(one.co_names) - seen:
                seen.add(name)
                helper = globals().get(name) if name.startswith("_") else None
                if callable(helper):
                    waiting.append(helper)
    return seen


def test_the_page_counts_as_tests_only_what_asks_a_model_that_answers_stand_on():
    for check_id, row in ROWS.items():
        assert row["role"] in ROLES, check_id
        assert ("set_by" in row) == (row["role"] == "set"), check_id
        called = _called(check_id)
        assert (row["role"] == "beside") == bool(called & set(unused_functions())), check_id
        asks_no_model = called <= {"BODY", *BODY._fields}
        assert (row["role"] == "table") == asks_no_model, check_id
    page = PAGE.read_text(encoding="utf-8")
    for name in unused_functions():
        assert f"* `{name}` (" in page, "run scripts/make_validation_body.py"
    counted = [row for row in ROWS.values() if row["role"] in ("test", "numerics")]
    within = sum("known_miss" not in row for row in counted)
    assert page.splitlines()[2].startswith(f"**{len(counted)} tests of the body models: {within} within.**")


@cache
def _shown():
    """Our value of each check as docs/validation-body.md shows it."""
    cells = [line.split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return {row[0].removeprefix("| "): row[3] for row in cells if len(row) == 7}


@pytest.mark.parametrize("check_id", sorted(ROWS))
def test_check(check_id):
    row, ours = ROWS[check_id], REGISTRY[check_id].ours()
    shown = float(_shown()[check_id].replace("none", "nan"))
    close = math.isnan(shown) if math.isnan(ours) else abs(ours - shown) <= 2e-3 * abs(ours) + 1e-6
    assert close, f"docs/validation-body.md shows {shown:g}, ours is {ours:g}: run scripts/make_validation_body.py"
    assert row["source_id"] in sources()
    if "known_miss" in row:
        # Stands in docs/validation-body.md as a miss; a model that no longer misses must say so there.
        assert not verdict(row, ours), f"no longer a miss: {ours:g}"
    else:
        assert verdict(row, ours), f"{row['what']}: {ours:g} {row['unit']} against {row['expected']} +- {row['tol']}"


def test_rows_are_those_of_the_reference_data(shared_data):
    reference = tomllib.loads((shared_data / "science" / "body_checks.toml").read_text())["check"]
    ours = {check_id: row for check_id, row in ROWS.items() if row.get("shared", True)}
    assert set(ours) == {row["id"] for row in reference}
    for row in reference:
        for key in ("expected", "tol", "tol_kind", "unit", "block", "provenance"):
            same = ours[row["id"]][key] == row[key] or (row[key] != row[key])  # NaN is not equal to itself
            assert same, f"{row['id']}: {key}"
