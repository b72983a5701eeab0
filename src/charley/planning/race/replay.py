"""A plan, run again by a runner and on a day that differ from what was assumed: do its limits still hold?

Every cup is drunk to its ceiling, which no runner should do; what is asked is whether even that gains water.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from charley.evidence.numbers.planning import PLANNING, PlanningNumbers
from charley.planning.race import limits
from charley.planning.race.limits import SweatDoubt
from charley.planning.race.scenario import Setting, simulated, without_stores
from charley.planning.race.strategy import Strategy
from charley.vocabulary.arrays import Floats
from charley.vocabulary.units import SECONDS_PER_HOUR

TEMP_SD_C, HUMIDITY_SD, FINISH_SD = 2.0, 0.1, 0.04


@dataclass(frozen=True, slots=True)
class WrongInput:
    """How one replay differs from the plan: factors (sweat for each body) and differences; 1 and 0 change nothing."""

    sweat: Floats
    temp_c: float
    humidity: float
    finish: float


@dataclass(frozen=True, slots=True)
class Replayed:
    """Shares of bodies and replays, and the most that was drunk: what became of each limit."""

    gained: float  # more water drunk than lost, at any time
    heavier: float  # heavier at the finish than at the start, having drunk
    below_floor: float  # plasma sodium brought below its floor
    most_drunk_l_h: float


def wrong_inputs(doubt: SweatDoubt, rng: np.random.Generator, bodies: int, count: int = 40) -> tuple[WrongInput, ...]:
    """So many wrong inputs: sweat by its doubt for each body and a bias for all, air and finish by own assumptions."""
    z, own = rng.standard_normal((3, count)), rng.standard_normal((count, bodies))
    bias = rng.uniform(doubt.bias_low, doubt.bias_high, count)
    return tuple(
        WrongInput(
            np.asarray(bias[i] * np.exp(doubt.log_sd * own[i])),
            float(TEMP_SD_C * z[0, i]),
            float(HUMIDITY_SD * z[1, i]),
            float(np.exp(FINISH_SD * abs(z[2, i]))),  # slower, never faster: more time to drink
        )
        for i in range(count)
    )


def replayed(
    ceilings: Strategy, setting: Setting, wrongs: Sequence[WrongInput], n: PlanningNumbers = PLANNING
) -> Replayed:
    """The plan with every cup drunk to its ceiling, once for each wrong input, for every body of the setting.

    A replay's sweat is the middle body's times its factor, so that all together spread as the doubt says.
    """
    pairs = [
        (
            replace(ceilings, finish_s=ceilings.finish_s * wrong.finish),
            replace(
                without_stores(setting),
                temp_shift_c=setting.temp_shift_c + wrong.temp_c,
                humidity_shift=setting.humidity_shift + wrong.humidity,
            ),
        )
        for wrong in wrongs
    ]
    gained, heavier, below, drunk = [], [], [], 0.0
    for wrong, run in zip(wrongs, simulated(pairs), strict=True):
        s = run.states
        sweat = np.maximum(s.sweat_l[-1], 1e-3)
        factor = wrong.sweat * np.exp(np.median(np.log(sweat)) - np.log(sweat))
        gained.append(((s.drunk_l > limits.water_lost_of(s, factor)) & (s.drunk_l > 0.0)).any(axis=0).mean())
        drank = s.drunk_l[-1] > 0.0  # who only ate is heavier by the meal
        heavier.append(((s.mass_change_kg[-1] + sweat * (1.0 - factor) > 0.0) & drank).mean())
        below.append(limits.below_floor(s, n))
        drunk = max(drunk, float(s.drunk_l[-1].max() * SECONDS_PER_HOUR / s.time_s[-1]))
    return Replayed(float(np.mean(gained)), float(np.mean(heavier)), float(np.mean(below)), drunk)
