"""What published predictors say of a race's time, each within the range in which it was shown to hold.

The equations stand in body/readiness.py and body/level_curve.py; here they are asked, and told apart: what a predictor
needs, where it holds, how far it was off in its own study. A predictor outside its range gives a time and is not
counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from charley.body.level import level_speed_m_s
from charley.body.parameters import BodyParameters
from charley.body.readiness import (
    HALF_MARATHON_M,
    MARATHON_M,
    marathon_from_one_race_s,
    marathon_from_training_s,
    marathon_from_two_races_s,
    riegel_time_s,
)
from charley.evidence.numbers.planning import PLANNING, PlanningNumbers
from charley.vocabulary.arrays import Floats
from charley.vocabulary.note import Note, note
from charley.vocabulary.runner import BestEffort
from charley.vocabulary.units import METRES_PER_KM, SECONDS_PER_MINUTE

RIEGEL, VICKERS, TANDA, CRITICAL_SPEED = "riegel", "vickers", "tanda", "critical_speed"
SOURCES = {
    RIEGEL: ("riegel-1981", "vickers-2016"),
    VICKERS: ("vickers-2016",),
    TANDA: ("tanda-2011", "tanda-2020"),
    CRITICAL_SPEED: ("smyth-2020",),
}
ALIKE = 0.01  # a race within 1 % of a distance is over that distance


@dataclass(frozen=True, slots=True)
class Training:
    """Means of the weeks before: distance a week (m) and pace (s/m)."""

    weekly_distance_m: float
    pace_s_m: float | None = None


@dataclass(frozen=True, slots=True)
class Prediction:
    """One predictor's time on the flat on a usual day. ``counted``: it holds here and is pooled; else ``why_not``.

    ``draws_s`` are times with the error that its own study found, (draws,); ``races`` are what it was worked out from.
    """

    id: str
    time_s: float
    draws_s: Floats
    counted: bool
    why_not: Note | None
    races: tuple[BestEffort, ...]
    source_ids: tuple[str, ...]


def predictions(
    distance_m: float,
    bests: Sequence[BestEffort],
    training: Training | None,
    bodies: BodyParameters,
    rng: np.random.Generator,
    n: PlanningNumbers = PLANNING,
) -> tuple[Prediction, ...]:
    """What each predictor says of a race over ``distance_m``; the last one, from critical speed, always has an answer.

    ``bodies``: plausible bodies whose level was narrowed by the same bests; as many draws as they are.
    """
    noise = [rng.standard_normal(bodies.draws) for _ in range(3)]
    asked = (
        riegel(distance_m, bests, noise[0], n),
        vickers_vertosick(distance_m, bests, training, noise[1], n),
        tanda(distance_m, training, noise[2], n),
        critical_speed_share(distance_m, bests, bodies),
    )
    return tuple(p for p in asked if p is not None)


def riegel(
    distance_m: float, bests: Sequence[BestEffort], noise: Floats, n: PlanningNumbers = PLANNING
) -> Prediction | None:
    """Time over one distance carried to another with the power 1.06, from the race nearest in length; None without one.

    Validity: efforts of 3.5 to 230 min [1]. Recreational runners: up to the half marathon; for the marathon it was at
    least 10 min too fast for half of them [2], so there it is shown and not counted.

    References: [1] Riegel 1981, Am Sci 69:285. [2] Vickers and Vertosick 2016, doi:10.1186/s13102-016-0052-y.
    """
    usable = [b for b in bests if n.riegel_shortest_min <= b.time_s / SECONDS_PER_MINUTE <= n.riegel_longest_min]
    if not usable:
        return None
    best = min(usable, key=lambda b: abs(np.log(b.distance_m / distance_m)))
    time_s = riegel_time_s(best.distance_m, best.time_s, distance_m)
    same = _alike(best.distance_m, distance_m)
    why_not = None
    if not same and distance_m > (1 + ALIKE) * HALF_MARATHON_M:
        why_not = note("predictor-too-fast")
    elif not n.riegel_shortest_min <= time_s / SECONDS_PER_MINUTE <= n.riegel_longest_min:
        why_not = note("predictor-range")
    draws = time_s * np.exp(n.riegel_log_sd * noise)
    return Prediction(RIEGEL, time_s, draws, why_not is None, why_not, (best,), SOURCES[RIEGEL])


def vickers_vertosick(
    distance_m: float,
    bests: Sequence[BestEffort],
    training: Training | None,
    noise: Floats,
    n: PlanningNumbers = PLANNING,
) -> Prediction | None:
    """Marathon time from one or two shorter races and the usual weekly distance; None where one of them is missing.

    Validity: the marathon, recreational runners, races of 5 km to the half marathon; RMSE 15.1 min from one race, 14.4
    from two. With two races the shorter and the longer one are those furthest apart.

    References: Vickers and Vertosick 2016, doi:10.1186/s13102-016-0052-y.
    """
    shortest, longest = n.vickers_shortest_race_km * METRES_PER_KM * (1 - ALIKE), HALF_MARATHON_M * (1 + ALIKE)
    usable = sorted((b for b in bests if shortest <= b.distance_m <= longest), key=lambda b: b.distance_m)
    if not _alike(distance_m, MARATHON_M) or not usable or training is None:
        return None
    weekly, short, long = training.weekly_distance_m, usable[0], usable[-1]
    if long.distance_m > (1 + ALIKE) * short.distance_m and long.time_s > short.time_s:
        time_s = marathon_from_two_races_s(short.distance_m, short.time_s, long.distance_m, long.time_s, weekly)
        rmse_min = n.vickers_two_rmse_min
        races: tuple[BestEffort, ...] = (short, long)
    else:
        time_s = marathon_from_one_race_s(long.distance_m, long.time_s, weekly)
        rmse_min, races = n.vickers_one_rmse_min, (long,)
    far = weekly > n.vickers_most_weekly_km * METRES_PER_KM
    draws = time_s * np.exp(rmse_min * SECONDS_PER_MINUTE / time_s * noise)
    return Prediction(
        VICKERS, time_s, draws, not far, note("predictor-range") if far else None, races, SOURCES[VICKERS]
    )


def tanda(
    distance_m: float, training: Training | None, noise: Floats, n: PlanningNumbers = PLANNING
) -> Prediction | None:
    """Marathon time from the weekly distance and mean pace of the eight weeks before; None where they are not known.

    Validity: the marathon in 2:47 to 3:36, evenly run; RMSE 5.4 min. Outside it is shown and not counted.

    References: Tanda 2011, J Hum Sport Exerc 6:511; Tanda 2020, doi:10.14198/jhse.2022.172.05.
    """
    if not _alike(distance_m, MARATHON_M) or training is None or training.pace_s_m is None:
        return None
    time_s = marathon_from_training_s(training.weekly_distance_m, training.pace_s_m)
    holds = n.tanda_fast_min <= time_s / SECONDS_PER_MINUTE <= n.tanda_slow_min
    draws = time_s * np.exp(n.tanda_rmse_min * SECONDS_PER_MINUTE / time_s * noise)
    return Prediction(TANDA, time_s, draws, holds, None if holds else note("predictor-range"), (), SOURCES[TANDA])


def critical_speed_share(distance_m: float, bests: Sequence[BestEffort], bodies: BodyParameters) -> Prediction:
    """Time from the runner's critical speed and the share of it that races are run at; from the field without bests.

    Validity: about 800 m to 100 km; beyond 25 min by the power law through the marathon of Smyth and Muniz-Pumares
    (body/level_curve.py). Its error is in the draws: 7.7 % for the marathon from critical speed alone.

    References: Smyth and Muniz-Pumares 2020, doi:10.1249/mss.0000000000002412.
    """
    draws = distance_m / level_speed_m_s(bodies, distance_m)
    return Prediction(CRITICAL_SPEED, float(np.median(draws)), draws, True, None, tuple(bests), SOURCES[CRITICAL_SPEED])


def pooled(predicted: Sequence[Prediction], rng: np.random.Generator) -> Floats:
    """Draws of the pool of all predictors that are counted, (draws,): each speaks for an equal share of the draws.

    A linear pool: its spread holds both the error of each predictor and how far they disagree, so that a predictor
    with a small error in its own study cannot shout the others down. Draws are paired at random.
    """
    counted = [p.draws_s for p in predicted if p.counted]
    draws = counted[0].shape[0]
    speaker = rng.permutation(np.arange(draws) % len(counted))
    return np.asarray(np.stack(counted)[speaker, np.arange(draws)])


def _alike(one_m: float, other_m: float) -> bool:
    return abs(one_m / other_m - 1.0) <= ALIKE
