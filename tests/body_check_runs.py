"""The runs and bodies that published values of the body are asked of, as their papers tell them."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from charley.body import (
    acclimated,
    acclimation,
    accounts,
    central_body,
    cost,
    course_of,
    critical_speed,
    draw_bodies,
    durability,
    fatigue,
    heat,
    level_speed_m_s,
    readiness,
    reference_course,
    simulate,
    sodium,
    stride,
)
from charley.evidence.numbers.body import BODY
from charley.vocabulary.runner import BestEffort, Runner
from charley.vocabulary.units import (
    METRES_PER_MILE,
)

HOUR_S = 3600.0
MARATHON_M = readiness.MARATHON_M
HALF_M = readiness.HALF_MARATHON_M


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
    heat_w_kg = HEATING * share * vo2max * BODY.oxygen_energy_j_ml / 60.0
    body = {"mass_kg": mass_kg, "height_m": 1.76, "vo2max_ml_kg_min": vo2max}
    return _heated(heat_w_kg, air_c, humidity, minutes, air_m_s, drink_l_h, **body)


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


# The Ottawa treadmill, as scripts/calibrate_sweat.py reads it: convection of 6.5 v^0.39 W/m2/K in still air (ASHRAE).
OTTAWA_KG = 74.0


@cache
def _ottawa(heat_w_kg):
    """An hour of running on a treadmill at 25.4 C that makes so much heat."""
    speed_m_s = heat_w_kg / BODY.oxygen_energy_j_ml / 200.0 * 1000.0
    air_m_s = (6.5 * speed_m_s**0.39 / BODY.convection_factor) ** (1.0 / BODY.convection_power)
    return _heated(heat_w_kg, 25.4, 0.37, 60.0, air_m_s, mass_kg=OTTAWA_KG, height_m=1.78)


def _heated(heat_w_kg, air_c, humidity, minutes, air_m_s, drink_l_h=0.0, exposures=0.0, **body):
    """So much heat in such air indoors, after so many exposures to heat."""
    course = course_of(
        np.zeros(round(minutes * 6)),
        10.0,
        other_power_w_kg=heat_w_kg,
        air_temp_c=air_c,
        relative_humidity=humidity,
        wind_m_s=air_m_s,
        solar_w_m2=0.0,
        clothing_clo=0.12,
        drink_l_s=drink_l_h / HOUR_S,
    )
    return simulate(course, acclimated(central_body(**body), float(acclimation.gained(0.0, exposures))))


# Work, length and build of the three that were acclimated: what their abstracts print, and what that leaves is usual.
_HEAT_STUDIES = {
    "patterson": (HEATING * 0.35 * 55.0 * BODY.oxygen_energy_j_ml / 60.0, 40.0, 0.6, 45.0),
    "graham": (HEATING * 0.7 * 55.0 * BODY.oxygen_energy_j_ml / 60.0, 34.0, 0.7, 50.0),
    "chinevere": (0.43 * 50.0 * BODY.oxygen_energy_j_ml / 60.0, 45.0, 0.2, 100.0),
}


@cache
def _in_heat(study, exposures):
    return _heated(*_HEAT_STUDIES[study], STILL_M_S, exposures=exposures, mass_kg=75.0, height_m=1.78)


def _more_sweat(study, exposures):
    return float(_in_heat(study, exposures).sweat_l[-1, 0] / _in_heat(study, 0.0).sweat_l[-1, 0])


def _cooler(study, exposures):
    return float(_in_heat(study, exposures).core_temp_c[-1, 0] - _in_heat(study, 0.0).core_temp_c[-1, 0])


def _acclimated_body(exposures):
    return acclimated(central_body(), float(acclimation.gained(0.0, exposures)))


def _sodium_left(exposures):
    """Own sweat sodium at the same sweat rate after so many exposures, of that before."""
    return float((acclimation.sweat_sodium_now_mmol_l(_acclimated_body(exposures)) / BODY.sweat_sodium_mmol_l)[0])


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


def _sweat_less_drinks_l(states):
    return float((states.sweat_l[-1] - states.drunk_l[-1]).mean())


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
