"""Own level: what speed a runner can hold over a distance, from bests, from the run itself, or from the field.

The curve stands in level_curve.py, the chains that draw it given what was shown in level_chains.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from charley.body.cost import drag_cost_factor, drag_force_n, equivalent_speed_m_s, metabolic_power_w_kg
from charley.body.cost import oxygen_uptake_ml_kg_min as oxygen
from charley.body.level_chains import Shown, draw_levels
from charley.body.level_curve import Level, handover, log_speed
from charley.body.parameters import BodyParameters
from charley.body.readiness import HALF_MARATHON_M, MARATHON_M
from charley.body.run_streams import seconds_of
from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Floats
from charley.vocabulary.run import Run
from charley.vocabulary.runner import BestEffort, Runner

PROOF_DISTANCES_M = (3000.0, 5000.0, 10_000.0, HALF_MARATHON_M, MARATHON_M)
LEAST_STRETCH = 0.4  # of a race, for it to show a level: a fast start alone shows none
DISTANCE_EXPONENT = 0.06  # by which speed falls with distance; only to compare stretches with each other


def level_speed_m_s(bodies: BodyParameters, distance_m: float | Floats) -> Floats:
    """Sustainable speed on the flat over a distance for the runner's own level, (draws,).

    Validity: about 800 m to 100 km. Falls throughout with distance.
    """
    level = Level(bodies.critical_speed_m_s, bodies.d_prime_m, bodies.level_steepness, bodies.numbers)
    return np.asarray(np.exp(log_speed(np.asarray(distance_m, dtype=np.float64), level)))


def sustainable_distance_m(bodies: BodyParameters, speed_m_s: float | Floats) -> Floats:
    """Distance that the runner's own level sustains at a flat speed, (draws,): the inverse of ``level_speed_m_s``.

    Held at 250 km, beyond which no data bear on it.
    """
    n = bodies.numbers
    speed = np.maximum(np.asarray(speed_m_s, dtype=np.float64), 1e-3)
    handover_m, handover_m_s = handover(bodies.critical_speed_m_s, bodies.d_prime_m, n)
    over = np.maximum(speed - bodies.critical_speed_m_s, 1e-9)
    short = speed * bodies.d_prime_m / over
    furthest = np.log(n.sustainable_cap_m / handover_m)
    long = handover_m * np.exp(np.minimum(np.log(handover_m_s / speed) / bodies.level_steepness, furthest))
    return np.where(speed > handover_m_s, short, long)


def oxygen_at_level(
    critical_speed_m_s: Floats,
    economy: Floats,
    oxygen_share: Floats,
    drag_area_m2: Floats,
    mass_kg: Floats,
    n: BodyNumbers = BODY,
) -> Floats:
    """Maximal oxygen uptake (mL/kg/min) of a runner whose critical speed costs ``oxygen_share`` of it."""
    drag = drag_cost_factor(drag_force_n(critical_speed_m_s, drag_area_m2, n), mass_kg, n)
    level = np.zeros_like(critical_speed_m_s)
    return oxygen(metabolic_power_w_kg(critical_speed_m_s, level, drag, economy, level + 1.0, n), n) / oxygen_share


def level_from_bests(
    bests: tuple[BestEffort, ...], female: Floats, age_y: Floats, rng: np.random.Generator, n: BodyNumbers = BODY
) -> Level:
    """Draws of the level given bests: the field's spread without any, the less the more there are.

    A best shows the least that a runner can do, so the curve may lie well above it (3 %) but hardly below (1.5 %).
    """
    return draw_levels(_field_log_speed(female, age_y, n), [_raced(bests, n)], rng, n)[0]


def level_from_run(run: Run, runner: Runner, rng: np.random.Generator, draws: BodyParameters) -> BodyParameters:
    """The same bodies with a level that the run bears out.

    The level is never lower than what the run itself proves: its best stretches of 3 km to 42.2 km, in flat-equivalent
    speed over elapsed time. Without bests the run's heart rate narrows it: the maximal rate by age with its error, the
    line between shares of maximal heart rate and oxygen uptake (Swain et al. 1994). Easy runs prove little, and then
    the field's spread stays.
    """
    return levelled([shown_by(run, runner, draws)], rng, draws)[0]


def shown_by(run: Run, runner: Runner, draws: BodyParameters) -> Shown:
    """What a run, and bests that were told, show of the level of these bodies."""
    n = draws.numbers
    seconds = seconds_of(run, n)
    flat = equivalent_speed_m_s(seconds.speed_m_s, seconds.grade, n)
    proof, raced = _proof(flat, n), _raced(runner.bests, n)
    return Shown(
        distance_m=np.concatenate([proof.distance_m, raced.distance_m]),
        speed_m_s=np.concatenate([proof.speed_m_s, raced.speed_m_s]),
        below_sd=np.concatenate([proof.below_sd, raced.below_sd]),
        above_sd=np.concatenate([proof.above_sd, raced.above_sd]),
        heart_m_s=None if runner.bests else _critical_speed_from_heart_rate(run, seconds.speed_m_s, flat, draws),
    )


def levelled(shown: Sequence[Shown], rng: np.random.Generator, draws: BodyParameters) -> list[BodyParameters]:
    """The same bodies with the level that each of these bears out, whatever others are asked for with it."""
    n, out = draws.numbers, []
    for level in draw_levels(_field_log_speed(draws.female, draws.age_y, n), shown, rng, n):
        speed = level.critical_speed_m_s
        share, area, mass = draws.critical_speed_oxygen_share, draws.drag_area_m2, draws.mass_kg
        vo2max = oxygen_at_level(speed, draws.economy, share, area, mass, n)
        out.append(
            replace(
                draws,
                critical_speed_m_s=speed,
                d_prime_m=level.d_prime_m,
                level_steepness=level.steepness,
                vo2max_ml_kg_min=vo2max,
            )
        )
    return out


def _raced(bests: tuple[BestEffort, ...], n: BodyNumbers) -> Shown:
    """Bests: hardly above capacity, more often below."""
    return Shown(
        distance_m=np.array([b.distance_m for b in bests]),
        speed_m_s=np.array([b.distance_m / b.time_s for b in bests]),
        below_sd=np.full(len(bests), n.best_below_sd),
        above_sd=np.full(len(bests), n.best_above_sd),
    )


def _proof(flat_speed_m_s: Floats, n: BodyNumbers) -> Shown:
    """The fastest stretches of a run over the usual distances, one sample a second, pauses counted as time."""
    covered = np.concatenate([[0.0], np.cumsum(flat_speed_m_s)])
    total = covered[-1]
    rising = covered + np.arange(covered.shape[0]) * 1e-9  # standing still must not make the inverse ambiguous
    seconds = np.arange(covered.shape[0], dtype=np.float64)
    distances = [d for d in PROOF_DISTANCES_M if d < total]
    if total >= n.proof_least_m:
        distances.append(float(total))
    speeds = []
    for distance in distances:
        starts = seconds[covered <= total - distance]
        ends = np.interp(rising[: starts.shape[0]] + distance, rising, seconds)
        speeds.append(distance / max(float((ends - starts).min()), 1.0))
    points = len(distances)
    return Shown(np.array(distances), np.array(speeds), np.full(points, np.inf), np.full(points, n.proof_above_sd))


def best_stretch(run: Run, n: BodyNumbers = BODY) -> BestEffort | None:
    """The stretch of a race, of two fifths of it or more, that is worth most for its length, in flat-equivalent speed.

    For an even race that is all of it; for one that came apart, what went before. None for what no best can be.
    """
    seconds = seconds_of(run, n)
    found = _proof(equivalent_speed_m_s(seconds.speed_m_s, seconds.grade, n), n)
    if not found.distance_m.size:
        return None
    long = found.distance_m >= LEAST_STRETCH * found.distance_m[-1]
    best = int(np.where(long, found.speed_m_s * found.distance_m**DISTANCE_EXPONENT, 0.0).argmax())
    distance_m, speed_m_s = float(found.distance_m[best]), float(found.speed_m_s[best])
    return BestEffort(distance_m, distance_m / speed_m_s) if 1.0 <= speed_m_s <= 7.0 else None


def _critical_speed_from_heart_rate(
    run: Run, speed_m_s: Floats, flat_speed_m_s: Floats, bodies: BodyParameters
) -> Floats | None:
    """Critical speed of each draw from heart rate at speed; None where the run has too little of it."""
    n = bodies.numbers
    heart, time = run.streams.heart_rate_bpm, run.streams.time_s
    settled = (time >= n.heart_rate_from_s) & (time <= n.heart_rate_until_s)
    steady = np.abs(np.nan_to_num(run.streams.grade)) <= n.heart_rate_grade_limit
    use = settled & steady & run.moving & np.isfinite(heart) & (speed_m_s > n.gait_speed_m_s)
    if use.sum() < n.heart_rate_least_s:
        return None
    share = (heart[use].mean() / bodies.heart_rate_max_bpm - n.heart_rate_intercept) / n.heart_rate_slope
    share = np.clip(share, n.heart_rate_share_least, 1.0)
    # On the level both sides are a line in speed, so that the runner's economy falls out.
    per_metre, standing = n.running_cost_0, n.standing_metabolism_w_kg
    power = per_metre * flat_speed_m_s[use].mean() + standing
    found = (power * bodies.critical_speed_oxygen_share / share - standing) / per_metre
    return np.asarray(np.maximum(found, 1.0))


def _field_log_speed(female: Floats, age_y: Floats, n: BodyNumbers) -> Floats:
    """Middle of the field's log critical speed for a sex and an age, (draws,)."""
    share, ratio = n.female_share, n.level_female_ratio
    men = -np.log(1.0 - share + share * ratio)
    by_sex = men + np.where(female > 0, np.log(ratio), 0.0)
    by_age = -n.level_age_per_y * np.maximum(age_y - n.level_age_from_y, 0.0)
    return np.asarray(np.log(n.critical_speed_m_s) + by_sex + by_age)
