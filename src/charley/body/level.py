"""Own level: what speed a runner can hold over a distance, from bests, from the run itself, or from the field.

Up to 25 min the two-parameter model of critical speed holds, d = CS t + D'. Beyond, time grows with a power of the
distance; the power is set by the marathon, which people run at a share of critical speed that falls with the time it
takes (Smyth and Muniz-Pumares 2020, with its error). Critical speed itself is never carried on to the marathon.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from charley.body.cost import drag_cost_factor, drag_force_n, equivalent_speed_m_s, metabolic_power_w_kg
from charley.body.cost import oxygen_uptake_ml_kg_min as oxygen
from charley.body.critical_speed import marathon_percent_of_critical_speed
from charley.body.parameters import Z95, BodyParameters
from charley.body.readiness import HALF_MARATHON_M, MARATHON_M
from charley.body.run_streams import seconds_of
from charley.evidence import parameters
from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Floats
from charley.vocabulary.run import Run
from charley.vocabulary.runner import BestEffort, Runner

PERCENT = 100.0
CHAINS = 200  # least number of chains that learn from each other
WALK = 160  # steps of each chain; the posterior of three numbers is reached within about 60
PROOF_DISTANCES_M = (3000.0, 5000.0, 10_000.0, HALF_MARATHON_M, MARATHON_M)
LEAST_STRETCH = 0.4  # of a race, for it to show a level: a fast start alone shows none
DISTANCE_EXPONENT = 0.06  # by which speed falls with distance; only to compare stretches with each other


@dataclass(frozen=True, slots=True)
class Level:
    """Draws of what a runner can hold; arrays of shape (draws,)."""

    critical_speed_m_s: Floats
    d_prime_m: Floats
    steepness: Floats
    numbers: BodyNumbers = BODY


def level_speed_m_s(bodies: BodyParameters, distance_m: float | Floats) -> Floats:
    """Sustainable speed on the flat over a distance for the runner's own level, (draws,).

    Validity: about 800 m to 100 km. Falls throughout with distance.
    """
    return _speed(np.asarray(distance_m, dtype=np.float64), _level_of(bodies))


def sustainable_distance_m(bodies: BodyParameters, speed_m_s: float | Floats) -> Floats:
    """Distance that the runner's own level sustains at a flat speed, (draws,): the inverse of ``level_speed_m_s``.

    Held at 250 km, beyond which no data bear on it.
    """
    n = bodies.numbers
    level = _level_of(bodies)
    speed = np.maximum(np.asarray(speed_m_s, dtype=np.float64), 1e-3)
    distance, handover = _handover(level)
    over = np.maximum(speed - level.critical_speed_m_s, 1e-9)
    short = speed * level.d_prime_m / over
    furthest = np.log(n.sustainable_cap_m / distance)
    long = distance * np.exp(np.minimum(np.log(handover / speed) / level.steepness, furthest))
    return np.where(speed > handover, short, long)


def _level_of(bodies: BodyParameters) -> Level:
    return Level(bodies.critical_speed_m_s, bodies.d_prime_m, bodies.level_steepness, bodies.numbers)


def _handover(level: Level) -> tuple[Floats, Floats]:
    """Distance (m) and speed (m/s) at which the critical-speed model hands over to the power law."""
    limit = level.numbers.level_hyperbola_limit_s
    distance = level.critical_speed_m_s * limit + level.d_prime_m
    return distance, distance / limit


def _speed(distance_m: Floats, level: Level) -> Floats:
    handover_m, handover_m_s = _handover(level)
    # A race shorter than a few D' would take no time at all; there the model has nothing to say.
    running = np.maximum(distance_m - level.d_prime_m, 0.3 * distance_m)
    short = distance_m * level.critical_speed_m_s / running
    # held far outside any runner, so that a chain's wild proposal is refused and does not overflow
    long = handover_m_s * np.exp(np.clip(level.steepness * np.log(handover_m / distance_m), -50.0, 50.0))
    return np.where(distance_m < handover_m, short, long)


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
    return _draw_level(_field_log_speed(female, age_y, n), [_raced(bests, n)] if bests else [], rng, n=n)


def level_from_run(run: Run, runner: Runner, rng: np.random.Generator, draws: BodyParameters) -> BodyParameters:
    """The same bodies with a level that the run bears out.

    The level is never lower than what the run itself proves: its best stretches of 3 km to 42.2 km, in flat-equivalent
    speed over elapsed time. Without bests the run's heart rate narrows it: the maximal rate by age with its error, the
    line between shares of maximal heart rate and oxygen uptake (Swain et al. 1994). Easy runs prove little, and then
    the field's spread stays.
    """
    n = draws.numbers
    seconds = seconds_of(run, n)
    flat = equivalent_speed_m_s(seconds.speed_m_s, seconds.grade, n)
    evidence = [_proof(flat, n)]
    if runner.bests:
        evidence.append(_raced(runner.bests, n))
    heart = None if runner.bests else _critical_speed_from_heart_rate(run, seconds.speed_m_s, flat, draws)
    level = _draw_level(_field_log_speed(draws.female, draws.age_y, n), evidence, rng, heart, n)
    vo2max = oxygen_at_level(
        level.critical_speed_m_s, draws.economy, draws.critical_speed_oxygen_share, draws.drag_area_m2, draws.mass_kg, n
    )
    return replace(
        draws,
        critical_speed_m_s=level.critical_speed_m_s,
        d_prime_m=level.d_prime_m,
        level_steepness=level.steepness,
        vo2max_ml_kg_min=vo2max,
    )


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Speeds that were run over distances, and how far the curve of capacity may lie below and above them (log SD)."""

    distance_m: Floats
    speed_m_s: Floats
    below_sd: float  # of what was run below capacity; infinite: a proof that bounds only from below
    above_sd: float

    def log_likelihood(self, level: Level) -> Floats:
        """Of each draw, (draws,)."""
        capacity = _speed(self.distance_m[:, None], level)
        excess = np.log(self.speed_m_s)[:, None] - np.log(capacity)
        return np.asarray(-0.5 * ((excess / np.where(excess > 0, self.above_sd, self.below_sd)) ** 2).sum(axis=0))


def _raced(bests: tuple[BestEffort, ...], n: BodyNumbers) -> _Evidence:
    """Bests as evidence: hardly above capacity, more often below."""
    return _Evidence(
        distance_m=np.array([b.distance_m for b in bests]),
        speed_m_s=np.array([b.distance_m / b.time_s for b in bests]),
        below_sd=n.best_below_sd,
        above_sd=n.best_above_sd,
    )


def _proof(flat_speed_m_s: Floats, n: BodyNumbers) -> _Evidence:
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
    return _Evidence(np.array(distances), np.array(speeds), np.inf, n.proof_above_sd)


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


def usual_steepness(critical_speed_m_s: Floats, d_prime_m: Floats, n: BodyNumbers = BODY) -> Floats:
    """Steepness of a runner in the middle of the scatter around the line of Smyth and Muniz-Pumares, (draws,)."""
    return _steepness(np.log(critical_speed_m_s), np.log(d_prime_m), np.zeros_like(d_prime_m), n)


def _steepness(log_speed: Floats, log_reserve: Floats, z: Floats, n: BodyNumbers) -> Floats:
    """The power of time over distance less 1, so that marathons lie on the line of Smyth and Muniz-Pumares.

    ``z`` is standard normal: where in the scatter of 10 % around what critical speed foretells the runner lies (they
    print an error of 7.7 % and an SD of 13.6 %). Their critical speed is from training files, in which bests are not
    all-out: against one from races the line lies 5 % lower.
    """
    level = Level(np.exp(log_speed), np.exp(log_reserve), np.zeros_like(z), n)
    distance, speed = _handover(level)
    marathon = 0.85 * level.critical_speed_m_s
    for _ in range(6):  # contracts by a factor of about ten a turn
        percent = marathon_percent_of_critical_speed(MARATHON_M / marathon, n)
        marathon = level.critical_speed_m_s * n.training_bests_ratio * percent / PERCENT
    loss = np.log(speed / marathon)
    scatter = np.sqrt(np.log1p((n.marathon_from_cs_error / loss) ** 2))
    drawn = loss * np.exp(scatter * z)
    return np.maximum(drawn / np.log(MARATHON_M / np.minimum(distance, MARATHON_M / 2)), n.level_steepness_least)


def _draw_level(
    field_log_speed: Floats,
    evidence: list[_Evidence],
    rng: np.random.Generator,
    heart: Floats | None = None,
    n: BodyNumbers = BODY,
) -> Level:
    """Draws of critical speed, reserve and steepness given the field, speeds that were run, and heart rate."""
    draws = field_log_speed.shape[0]
    chains = max(draws + draws % 2, CHAINS)
    centre, fastest = np.resize(field_log_speed, chains), np.log(n.critical_speed_limit_m_s)
    told = None if heart is None else np.log(np.resize(heart, chains))
    rows = parameters("body")
    cs, dp = rows["critical_speed_m_s"], rows["d_prime_m"]
    log_reserve = np.log(n.d_prime_m)
    cs_sd, dp_sd = (np.log(p.high / p.low) / (2 * Z95) for p in (cs, dp))
    start = np.stack(
        [
            centre + cs_sd * np.clip(rng.standard_normal(chains), -3.0, 3.0),
            log_reserve + dp_sd * np.clip(rng.standard_normal(chains), -3.0, 3.0),
            np.clip(rng.standard_normal(chains), -3.0, 3.0),
        ]
    )

    def level_at(x: Floats) -> Level:
        return Level(np.exp(x[0]), np.exp(x[1]), _steepness(x[0], x[1], x[2], n), n)

    def log_target(x: Floats, half: slice) -> Floats:
        prior = -0.5 * (((x[0] - centre[half]) / cs_sd) ** 2 + ((x[1] - log_reserve) / dp_sd) ** 2 + x[2] ** 2)
        # No person's level lies beyond these; a file that shows more is no run, or not on foot.
        human = (x[0] < fastest) & (np.abs(x[1] - log_reserve) < 4 * dp_sd) & (np.abs(x[2]) < 4)
        prior = np.where(human, prior, -np.inf)
        level = level_at(x)
        for known in evidence:
            prior = prior + known.log_likelihood(level)
        if told is not None:
            prior = prior - 0.5 * ((x[0] - told[half]) / n.heart_rate_level_sd) ** 2
        return np.asarray(prior)

    walked = start
    if any(known.distance_m.size for known in evidence) or told is not None:
        walked = _walk(start, log_target, rng)
    return level_at(walked[:, :draws])


def _walk(start: Floats, log_target: Callable[[Floats, slice], Floats], rng: np.random.Generator) -> Floats:
    """Metropolis chains that take their steps from the differences of the other half's chains.

    Notes: differential evolution Markov chains (ter Braak 2006), two halves in turn, so that a half's proposal does
    not depend on itself.
    """
    dimensions, n = start.shape
    halves = (slice(0, n // 2), slice(n // 2, n))
    x = start.copy()
    density = [log_target(x[:, half], half) for half in halves]
    for step in range(WALK):
        # Now and then a full stride, so that chains can change places between ridges.
        gain = 1.0 if step % 10 == 9 else 2.38 / np.sqrt(2 * dimensions)
        for own, other in ((0, 1), (1, 0)):
            mine, theirs = x[:, halves[own]], x[:, halves[other]]
            size, pool = mine.shape[1], theirs.shape[1]
            first = rng.integers(pool, size=size)
            second = (first + rng.integers(1, pool, size=size)) % pool
            jitter = 1e-4 * rng.standard_normal(mine.shape)
            proposed = mine + gain * (theirs[:, first] - theirs[:, second]) + jitter
            found = log_target(proposed, halves[own])
            taken = np.log(rng.random(size)) < found - density[own]
            x[:, halves[own]] = np.where(taken, proposed, mine)
            density[own] = np.where(taken, found, density[own])
    return x
