"""The best effort, drink, sodium and carbohydrate along a race, under what is believed of the runner and within limits.

Minimised is the log of the mean chance of a cramp plus the log of how much of the runner the pacing uses (Miner's
rule, finish/pacing.py), so that no cramp is bought with a collapse; with the hazard switched off an even effort
remains. In each round one simulation of all slightly changed plans gives the slope of the chance along every variable;
the plan then moves as far as that slope may be trusted, the use of the runner counted exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from charley.evidence.numbers.planning import PLANNING, PlanningNumbers
from charley.planning.race.scenario import COARSE_STEP_S, Setting, outcomes
from charley.planning.race.strategy import FUEL_PARTS, PACE_PARTS, Strategy
from charley.vocabulary.arrays import Floats
from charley.vocabulary.units import SECONDS_PER_HOUR

BODIES, DRAWS = 8, 320  # few: the plan that they lead to is judged with many
TRUST = (1.0, 0.3)  # how far a round may move each variable, as a share of its range
STEP = 0.05  # of each variable's range, for slopes
_VARIABLES = PACE_PARTS + 2 * FUEL_PARTS + 1


@dataclass(frozen=True, slots=True)
class Freedom:
    """How far a plan may go. ``drink_most_l``: ceiling on what was drunk by the end of each sixth, (6,).

    ``drink``, ``sodium``, ``carbohydrate`` False: left at habit.
    """

    drink_most_l: Floats
    carbohydrate_most_g_h: float
    drink: bool = True
    sodium: bool = True
    carbohydrate: bool = True


def optimised(
    usual: Strategy, setting: Setting, freedom: Freedom, *, hazard: bool = True, n: PlanningNumbers = PLANNING
) -> Strategy:
    """The best strategy with the finish of ``usual``, beginning at it. ``hazard`` False: as if nobody cramped."""
    low, high = _bounds(usual, freedom, n)
    span = np.maximum(high - low, 1e-12)
    power = 1.0 / float(np.clip(np.median(setting.bodies.level_steepness), 0.06, 0.2))
    x = np.clip(_packed(usual), low, high)
    for trust in TRUST if hazard else TRUST[:1]:
        slope = _slope(x, span, usual, setting) if hazard else np.zeros(_VARIABLES)
        x = _moved(x, slope, (low, high), trust, usual, freedom, power)
    return _strategy(x, usual)


def _slope(x: Floats, span: Floats, usual: Strategy, setting: Setting) -> Floats:
    """Slope of the log of the mean chance along each variable, from one simulation of all of them."""
    steps = np.where(np.arange(_VARIABLES) < PACE_PARTS, 0.25, 1.0) * STEP * span
    moved = [_strategy(x, usual), *(_strategy(x + row, usual) for row in np.diag(steps))]
    mean = np.array([setting.belief.chance(o.rows).mean() for o in outcomes(moved, setting, COARSE_STEP_S)])
    change = np.log(np.maximum(mean[1:], 1e-9)) - np.log(max(mean[0], 1e-9))
    return np.asarray(np.where(span > 1e-9, change / steps, 0.0))


def _moved(
    x: Floats,
    slope: Floats,
    bounds: tuple[Floats, Floats],
    trust: float,
    usual: Strategy,
    freedom: Freedom,
    power: float,
) -> Floats:
    """Where slope and strain lead within bounds, trust and what may be drunk; mean effort stays 1.

    Effort, drink, sodium and carbohydrate do not meet in that sum, so each has its own exact answer.
    """
    reach = trust * (bounds[1] - bounds[0])
    low, high = np.maximum(bounds[0], x - reach), np.minimum(bounds[1], x + reach)
    out = np.where(slope < 0, high, np.where(slope > 0, low, x))
    pace, drink = slice(0, PACE_PARTS), slice(PACE_PARTS, PACE_PARTS + FUEL_PARTS)
    out[pace] = _efforts(slope[pace], low[pace], high[pace], power)
    part_h = usual.finish_s / SECONDS_PER_HOUR / FUEL_PARTS
    out[drink] = _drinks(slope[drink], low[drink], high[drink], freedom.drink_most_l / part_h)
    return out


def _efforts(slope: Floats, low: Floats, high: Floats, power: float) -> Floats:
    """Least of slope . e + log(mean(e^power)) over efforts within bounds whose mean is 1.

    Notes: at the least, e_i^(power - 1) is proportional to (multiplier - slope_i); the multiplier is bisected for the
    mean, the factor in turn.
    """
    effort = np.clip(np.ones_like(slope), low, high)
    for _ in range(FACTOR_TURNS):
        factor = float((effort**power).sum()) / power
        least, most = float(slope.min()), float(slope.max()) + 50.0
        for _ in range(BISECTIONS):
            middle = (least + most) / 2
            effort = np.clip((np.maximum(middle - slope, 0.0) * factor) ** (1.0 / (power - 1.0)), low, high)
            least, most = (middle, most) if effort.mean() < 1.0 else (least, middle)
    return effort


FACTOR_TURNS, BISECTIONS = 8, 60


def _drinks(slope: Floats, low: Floats, high: Floats, most: Floats) -> Floats:
    """Least of slope . d over drinks within bounds whose sums up to each part stay below ``most``: the steepest first.

    Limits on sums up to a part lie within each other, where taking the best first is exact.
    """
    drink = low.copy()
    while (np.cumsum(drink) > most + 1e-12).any():  # even the least is too much: the rail comes first
        part = int(np.argmax(np.cumsum(drink) - most > 1e-12))
        drink[: part + 1] *= max(float(most[part]), 0.0) / max(float(drink[: part + 1].sum()), 1e-12)
    for j in np.argsort(slope, kind="stable"):
        if slope[j] >= 0:
            break
        room = float((most - np.cumsum(drink))[j:].min())
        drink[j] += max(min(float(high[j] - drink[j]), room), 0.0)
    return drink


def _bounds(usual: Strategy, freedom: Freedom, n: PlanningNumbers) -> tuple[Floats, Floats]:
    habit = _packed(usual)
    effort_low, effort_high = np.full(PACE_PARTS, 1 - n.pace_freedom), np.full(PACE_PARTS, 1 + n.pace_freedom)
    effort_high[0] = 1 + n.first_tenth_most
    drink, sodium = np.zeros(FUEL_PARTS), np.zeros(FUEL_PARTS)
    low = np.concatenate([effort_low, drink, sodium, [0.0]])
    high = np.concatenate(
        [
            effort_high,
            np.full(FUEL_PARTS, n.drink_most_l_h),
            np.full(FUEL_PARTS, n.sodium_most_mmol_h),
            [max(freedom.carbohydrate_most_g_h, float(habit[-1]))],
        ]
    )
    for free, where in (
        (freedom.drink, slice(PACE_PARTS, PACE_PARTS + FUEL_PARTS)),
        (freedom.sodium, slice(PACE_PARTS + FUEL_PARTS, -1)),
        (freedom.carbohydrate, slice(_VARIABLES - 1, _VARIABLES)),
    ):
        if not free:
            low[where] = high[where] = habit[where]
    return low, high


def _packed(s: Strategy) -> Floats:
    return np.concatenate(
        [s.effort, s.drink_l_h.mean(axis=1), s.sodium_mmol_h.mean(axis=1), [float(s.carbohydrate_g_h.mean())]]
    )


def _strategy(x: Floats, usual: Strategy) -> Strategy:
    fuel = x[PACE_PARTS:-1].reshape(2, FUEL_PARTS, 1)
    return replace(
        usual,
        effort=x[:PACE_PARTS] / x[:PACE_PARTS].mean(),
        drink_l_h=np.maximum(fuel[0], 0.0),
        sodium_mmol_h=np.maximum(fuel[1], 0.0),
        carbohydrate_g_h=np.full((FUEL_PARTS, 1), max(x[-1], 0.0)),
    )
