"""What science does not know, in a few dozen sets: each runner lives in one, and each set is a whole field.

The spread between sets is the interval over parameters; within a set only people and luck differ.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache

import numpy as np

from charley.body.parameters import table_draws
from charley.evidence import parameters
from charley.evidence.numbers.cohort import COHORT
from charley.risk.baseline import HALF_KM, MARATHON_KM, field_cumulative_hazard, shape_exponent
from charley.risk.draws import HazardDraws, draw_hazard, number_draws, trigger_draws
from charley.risk.factors import TRIGGERS
from charley.risk.person import personal_shape
from charley.vocabulary.arrays import Floats, Index
from charley.vocabulary.units import METRES_PER_KM

SETS = 40
# Rows of the body's table that are numbers of the model rather than of a person: one draw a set.
BODY_OF_THE_MODEL = (
    "slow_ceiling", "slow_time_h", "slow_power", "slow_low_fuel", "slow_heat", "slow_water", "exchange_factor",
    "evaporating_share",
)  # fmt: skip
_OF_A_PERSON = frozenset({"background_per_h", "background_easy"})


@dataclass(frozen=True, slots=True)
class Worlds:
    """Sets of parameters; arrays (SETS,)."""

    hazard: HazardDraws
    log_hazard: Floats  # of one person over this race, and the exponent of its shape
    exponent: Floats
    body: dict[str, Floats]
    temp_shift: Floats  # in SDs of the day's air
    drink: Floats  # factors of the whole field on what its people drink, and on how strongly they sweat
    sweat: Floats
    stop_share: Floats
    severe_share: Floats
    case_minutes: Floats

    def of(self, which: Index, rng: np.random.Generator) -> HazardDraws:
        """The hazard's numbers for runners in the sets ``which``; triggers, knees, background are each runner's own."""
        sets, count = self.hazard, which.size
        mappings = ("beta", "trigger", "knee", "numbers", *_OF_A_PERSON)
        plain = {f.name: getattr(sets, f.name)[which] for f in fields(sets) if f.name not in mappings}
        row = parameters("learning")["background_log_rate"]
        log_rate = rng.normal(row.value, row.sd, count)
        return HazardDraws(
            beta={key: values[which] for key, values in sets.beta.items()},
            background_per_h=np.exp(log_rate),
            background_easy=np.zeros(count),  # a race is never easy
            trigger={t.key: trigger_draws(count, rng) for t in TRIGGERS},
            knee={t.key: number_draws(f"knee_{t.key}", count, rng) for t in TRIGGERS},
            numbers=sets.numbers,
            **plain,
        )


@cache
def worlds_of(seed: int, incidence: str, flat_m: float) -> Worlds:
    """The sets of a seed for a race of that flat-equivalent length."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, 15]))
    hazard = draw_hazard(SETS, rng, incidence)
    km = np.full(SETS, flat_m / METRES_PER_KM)
    log_hazard, exponent = personal_shape(field_cumulative_hazard(km, hazard), shape_exponent(km, hazard), hazard, km)
    log_hazard = log_hazard + level_shift(flat_m / METRES_PER_KM)
    body = {name: table_draws(name, SETS, rng) for name in BODY_OF_THE_MODEL}
    n = COHORT
    stop = rng.uniform(*_limits("cramp_stop_share"), SETS)
    severe = n.cramp_severe_share * np.exp(_log_sd("cramp_severe_share") * rng.standard_normal(SETS))
    minutes = n.case_minutes * np.exp(_log_sd("case_minutes") * rng.standard_normal(SETS))
    drink, sweat = (np.exp(sd * rng.standard_normal(SETS)) for sd in (n.field_drink_log_sd, n.field_sweat_log_sd))
    return Worlds(hazard, log_hazard, exponent, body, rng.standard_normal(SETS), drink, sweat, stop, severe, minutes)


def level_shift(distance_km: float) -> float:
    """What is added to the log hazard so that a field on a mild day cramps as often as fields are counted to.

    The baseline allows for how many lie beyond a knee with one number; virtual runners lie beyond them one by one.
    Linear in log distance between half marathon and marathon, held beyond.
    """
    corners = np.log([HALF_KM, MARATHON_KM])
    return float(np.interp(np.log(distance_km), corners, [COHORT.level_shift_half, COHORT.level_shift_marathon]))


def _limits(parameter_id: str) -> tuple[float, float]:
    row = parameters("cohort")[parameter_id]
    return row.low, row.high


def _log_sd(parameter_id: str) -> float:
    return parameters("cohort")[parameter_id].log_sd
