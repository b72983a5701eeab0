"""Who lines up: runners drawn from published distributions, each from the seed and its own number alone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtri

from charley import body
from charley.body.level import oxygen_at_level
from charley.body.parameters import BodyParameters
from charley.cohort.draw import ByRunner, uniforms
from charley.cohort.worlds import SETS, Worlds
from charley.evidence import factors
from charley.evidence.numbers.planning import PLANNING
from charley.planning.finish.heat import heat_factor
from charley.planning.finish.pacing import slump
from charley.risk.draws import HazardDraws, number_draws
from charley.risk.factors import usual_longest_run_m
from charley.risk.person import personal_rest_sd
from charley.vocabulary.arrays import Bools, Floats, Index
from charley.vocabulary.cohort import Field
from charley.vocabulary.normal import Z_975
from charley.vocabulary.runner import Runner

AGES = (18.0, 85.0)  # who may enter, and the oldest of the distributions' tails
_BODY, _REST, _OWN = slice(10, 74), slice(74, 118), slice(0, 10)  # columns of a runner's numbers
_RATIOS = ("10k", "half", "marathon")


@dataclass(frozen=True, slots=True)
class People:
    """Runners, arrays of (runners,) unless said. Speeds are those on the flat, along flat-equivalent distance."""

    which: Index  # the set of parameters that each lives in
    bodies: BodyParameters
    hazard: HazardDraws
    offset: Floats  # log hazard of class, rest, sex, age and build
    female: Bools
    start_s: Floats  # after the day's midnight
    finish_s: Floats  # time that the race takes
    turn_share: Floats  # of the way: where the pace gives way
    slower: Floats  # later over earlier speed
    level_m_s: Floats
    longest_m: Floats
    usual_longest_m: Floats
    cramps_at: Floats  # uniform: the runner's luck with cramps
    muscle: Floats  # uniform: which muscle

    @property
    def count(self) -> int:
        """How many."""
        return int(self.which.size)

    def picked(self, some: Index) -> People:
        """Some of them."""
        plain = {
            name: getattr(self, name)[some] for name in People.__dataclass_fields__ if name not in ("bodies", "hazard")
        }
        return People(bodies=self.bodies.picked(some), hazard=self.hazard.picked(some), **plain)


def people_of(field: Field, worlds: Worlds, flat_m: float, seed: int, first: int, count: int) -> People:
    """Runners ``first`` to ``first + count - 1`` of a field on a way of ``flat_m`` flat-equivalent metres."""
    columns = uniforms(seed, first, count)
    own, rest = columns[_OWN], ByRunner(columns[_REST])
    which = np.asarray((first + np.arange(count)) % SETS, dtype=np.intp)
    female = own[0] < field.female_share
    age = _age(field, female, own[1])
    cool_s = np.where(
        female, np.interp(own[2], field.shares, field.women_s), np.interp(own[2], field.shares, field.men_s)
    )
    bodies = body.draw_bodies(Runner(), count, ByRunner(columns[_BODY]), female=female, age_y=age)
    pace = _pace(bodies, female, own[3], own[4])
    bodies, level = _at_level(bodies, flat_m, flat_m / (cool_s / pace[2]))
    own_values = {name: values[which] for name, values in worlds.body.items()}
    own_values["habitual_drink_l_h"] = _drinks(field, bodies, own[5]) * worlds.drink[which]
    own_values["sweat_gain"] = bodies.sweat_gain * worlds.sweat[which]
    bodies = replace(bodies, numbers=bodies.numbers, **own_values)
    start_s = _starts(field, cool_s)
    finish_s = cool_s * _heat(field, worlds.temp_shift[which], start_s, cool_s)
    hazard = worlds.of(which, rest)
    distance_m = field.distance_m
    ratios = {k: number_draws(f"usual_longest_ratio_{k}", count, rest) for k in _RATIOS}
    usual = {k: np.full(count, getattr(hazard.numbers, f"usual_longest_ratio_{k}")) for k in _RATIOS}
    prone = own[6] < hazard.trait_probability
    offset = np.where(prone, hazard.trait_log_ratio, 0.0) + _told(bodies, hazard)
    offset += personal_rest_sd(("male", "age_decade", "bmi"), hazard.numbers) * ndtri(own[7])
    return People(
        which, bodies, hazard, offset, female, start_s, finish_s, pace[0], pace[1], level,
        usual_longest_run_m(distance_m, ratios), usual_longest_run_m(distance_m, usual), own[8], own[9],
    )  # fmt: skip


def _age(field: Field, female: Bools, u: Floats) -> Floats:
    z = ndtri(u)
    (women, women_sd), (men, men_sd) = field.age_women_y, field.age_men_y
    return np.asarray(np.clip(np.where(female, women + women_sd * z, men + men_sd * z), *AGES))


def _pace(bodies: BodyParameters, female: Bools, u: Floats, stray: Floats) -> tuple[Floats, Floats, Floats]:
    """Where the pace gives way, later over earlier speed, and what the race takes over an even one at own level.

    How far people go out beyond their own level: planning/finish/pacing.py, on published fields.
    """
    n = PLANNING
    mean = np.where(female, n.pace_error_mean_women, n.pace_error_mean_men)
    sd = np.where(female, n.pace_error_sd_women, n.pace_error_sd_men)
    run = slump(np.exp(mean + sd * ndtri(u)), bodies.level_steepness)
    slower = run.later_ratio / run.first_ratio * np.exp(n.pacing_execution_sd * ndtri(stray))
    return run.from_share, slower, run.time_factor()


def _at_level(bodies: BodyParameters, flat_m: float, level_m_s: Floats) -> tuple[BodyParameters, Floats]:
    """The bodies with critical speed and reserve scaled so that they can hold that speed over that distance.

    Notes: beyond 25 minutes the speed goes with the scale to the power 1 + steepness (see body/level.py).
    """
    scale = (level_m_s / body.level_speed_m_s(bodies, flat_m)) ** (1.0 / (1.0 + bodies.level_steepness))
    critical = np.minimum(bodies.critical_speed_m_s * scale, bodies.numbers.critical_speed_limit_m_s)
    oxygen = oxygen_at_level(
        critical, bodies.economy, bodies.critical_speed_oxygen_share, bodies.drag_area_m2, bodies.mass_kg
    )
    scaled = replace(bodies, critical_speed_m_s=critical, d_prime_m=bodies.d_prime_m * scale, vo2max_ml_kg_min=oxygen)
    return scaled, body.level_speed_m_s(scaled, flat_m)


def _drinks(field: Field, bodies: BodyParameters, u: Floats) -> Floats:
    """L/h: what the field is said to drink, else what runners usually do."""
    if field.drink_l_h is None:
        return bodies.habitual_drink_l_h
    middle, low, high = field.drink_l_h
    z = np.clip(ndtri(u), -3.0, 3.0)
    return np.asarray(middle * np.where(z < 0, middle / low, high / middle) ** (z / Z_975))


def _starts(field: Field, cool_s: Floats) -> Floats:
    """The wave of each runner, the fastest of the field first."""
    women, men = (np.interp(cool_s, times, field.shares) for times in (field.women_s, field.men_s))
    rank = field.female_share * women + (1.0 - field.female_share) * men
    ends = np.cumsum([wave.share for wave in field.waves])[:-1]
    return np.array([wave.start_s for wave in field.waves])[np.searchsorted(ends, rank, side="right")]


def _heat(field: Field, shift: Floats, start_s: Floats, cool_s: Floats) -> Floats:
    """Time on the day over that of the field's own table; ``shift``, (runners,): of the air, in its SDs."""

    def mean_wbgt_c(warmer_c: float) -> Floats:
        wbgt = day_wbgt_c(field, field.air_s, warmer_c)
        through = np.concatenate([[0.0], np.cumsum((wbgt[1:] + wbgt[:-1]) / 2 * np.diff(field.air_s))])
        hours = np.clip(np.stack([start_s, start_s + cool_s]), field.air_s[0], field.air_s[-1])
        begin, end = np.interp(hours, field.air_s, through)
        return np.asarray((end - begin) / np.maximum(hours[1] - hours[0], 1.0))

    mean = mean_wbgt_c(0.0)
    warmer = (mean_wbgt_c(1.0) - mean) * field.air_temp_sd_c * shift  # WBGT is linear in the air's temperature
    return np.asarray(heat_factor(cool_s, mean + warmer) / heat_factor(cool_s, field.finish_wbgt_c))


def day_wbgt_c(field: Field, at_s: Floats, temp_shift_c: Floats | float = 0.0) -> Floats:
    """WBGT at clock times (seconds after midnight), the air warmer by ``temp_shift_c``."""
    temp, humidity, sun, wind = (
        np.interp(at_s, field.air_s, values)
        for values in (field.air_temp_c, field.relative_humidity, field.solar_w_m2, field.wind_m_s)
    )
    return body.wet_bulb_globe_temp_c(temp + temp_shift_c, humidity, sun, wind)


def _told(bodies: BodyParameters, hazard: HazardDraws) -> Floats:
    """What sex, age and build add to the log hazard, the field's mean taken off as for every answer."""
    answers = {
        "male": 1.0 - bodies.female,
        "age_decade": bodies.age_y,
        "bmi": bodies.mass_kg / bodies.height_m**2,
    }
    total = np.zeros(bodies.draws)
    for key, prior in factors("person").items():
        if key in answers and prior.factor is not None:
            total += hazard.beta[key] * prior.factor.counted_all(answers[key])
    return total
