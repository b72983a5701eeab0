"""How far a run was from a reference run: the covariates of the hazard.

The reference is an even pace at the runner's own level, on the flat, in mild weather, with habitual drinking. States
are compared at equal flat-equivalent distance, so that what every long run does to every runner is not counted again
(the shape of the baseline has it already). Each covariate is 0 for the reference and counted in the unit of its prior.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from charley.evidence import factors
from charley.evidence.numbers.risk import RISK, RiskNumbers
from charley.vocabulary.arrays import Bools, Floats, Index
from charley.vocabulary.body_states import BodyStates
from charley.vocabulary.units import METRES_PER_KM

PERCENT = 100.0
METRES_PER_HILL_UNIT = 10.0  # the prior on hills counts 10 m of climb per km
SETTLED_S = 600.0  # the first minutes of a run say little of its pace
METRES_PER_DESCENT_UNIT = 100.0  # as the knee of descent counts it


@dataclass(frozen=True, slots=True)
class Trigger:
    """A stressor within a run that may be a person's own trigger: beyond a knee it multiplies the hazard (see
    ``stressors``). ``driver``: the factor that it is shown with."""

    key: str
    family: str
    driver: str


TRIGGERS = (
    Trigger("fast_start", "pace", "pace_excess"),
    Trigger("pace_excess", "pace", "pace_excess"),
    Trigger("surge", "pace", "surge"),
    Trigger("low_fuel", "fatigue", "carbohydrate"),
    Trigger("beyond_longest", "load", "beyond_longest"),
    Trigger("descent", "load", "hill_gain"),
    Trigger("water_loss", "fluid", "body_mass_loss"),
    Trigger("heat", "fluid", "wbgt"),
)


@dataclass(frozen=True, slots=True)
class Situation:
    """What the factors are computed from, next to the two simulations. Arrays have shape (draws,) unless said."""

    raced: Bools  # a race or an all-out effort
    level_speed_m_s: Floats  # flat speed of the runner's own level over the effective distance
    level_at_length_m_s: Floats  # the same over the run's own planned distance
    planned_m: Floats  # flat-equivalent distance that was meant to be run
    wbgt_c: Floats  # of the run, (draws,) or (steps, draws)
    carbohydrate_g_h: Floats
    longest_run_m: Floats  # longest run of the last 30 days
    usual_longest_m: Floats  # what is usual for the distance
    climb_m: Floats  # cumulative climb, (steps,) or (steps, draws)
    descent_m: Floats  # cumulative descent, likewise
    body_mass_kg: Floats
    told: Mapping[str, float]  # answers of the person, by key of the prior


def covariates(
    states: BodyStates, reference: BodyStates, at: Index, now: Situation, n: RiskNumbers = RISK
) -> dict[str, Floats]:
    """Covariates at the steps ``at`` (integer indices into ``states``), each of shape (len(at), draws).

    ``reference`` is the simulation of the reference run, on its own times. Both carry the same draws.
    """
    like = Reference(states.flat_distance_m[at], reference)
    ones = np.ones_like(states.core_temp_c[at])
    mean_speed = states.flat_distance_m[at] / np.maximum(states.time_s[at, None], 1.0)
    distance = _columns(states.distance_m, at)
    x: dict[str, Floats] = {
        "pace_excess": np.where(
            now.raced, PERCENT * np.maximum(_moving_mean(states, at, mean_speed) / now.level_speed_m_s - 1, 0.0), 0.0
        ),
        "surge": _surge(states, n)[at],
        "slow_calf_fatigue": (states.calf_slow_fatigue[at] - like.at_equal_distance("calf_slow_fatigue"))
        / n.slow_fatigue_unit,
        "carbohydrate": ones * ((now.carbohydrate_g_h - n.habitual_carbohydrate_g_h) / _GRAMS_PER_UNIT),
        "beyond_longest": _beyond(distance, now.longest_run_m) - _beyond(distance, now.usual_longest_m),
        "hill_gain": ones
        * (_columns(now.climb_m, at) / np.maximum(distance / METRES_PER_KM, 1.0) / METRES_PER_HILL_UNIT),
        "body_mass_loss": PERCENT
        * (like.at_equal_distance("mass_change_kg") - states.mass_change_kg[at])
        / now.body_mass_kg,
        "sodium_fall": like.at_equal_distance("plasma_sodium_mmol_l") - states.plasma_sodium_mmol_l[at],
        "wbgt": ones * np.maximum(_rows(now.wbgt_c, at) - n.wbgt_threshold_c, 0.0),
    }
    for key, prior in factors("told").items():
        if key in now.told and prior.factor is not None:
            x[key] = ones * prior.factor.counted(now.told[key])
    return {key: x[key] for key in factors("run", "told") if key in x}


def stressors(states: BodyStates, at: Index, now: Situation, surge: Floats, n: RiskNumbers = RISK) -> dict[str, Floats]:
    """What may trigger a person's cramps, in absolute terms, at the steps ``at``: each of shape (len(at), draws).

    A knee is a place on the scale of what was met, so that nothing is taken off for a reference run. The start of a run
    counts for the rest of it. ``surge`` is the covariate of that name.
    """
    ones = np.ones_like(states.core_temp_c[at])
    mean_speed = states.flat_distance_m[at] / np.maximum(states.time_s[at, None], 1.0)
    settled = np.minimum(states.time_s[at, None] / SETTLED_S, 1.0)
    above = PERCENT * settled * (_moving_mean(states, at, mean_speed) / now.level_at_length_m_s - 1)
    done = states.flat_distance_m[at] / (n.start_share * np.maximum(now.planned_m, 1.0))
    # the mean of the start at its fastest, from half of it on: a cramp in it, and a walk after that, must not make it
    # a slow one
    start = np.maximum.accumulate(np.where(done <= 1.0, above * np.minimum(2.0 * done, 1.0), -PERCENT), axis=0)
    x = {
        "fast_start": start,
        "pace_excess": above,
        "surge": surge,
        "low_fuel": 1.0 - states.leg_glycogen_g[at] / np.maximum(states.leg_glycogen_g[0], 1.0),
        "beyond_longest": _beyond(_columns(states.distance_m, at), now.longest_run_m) * ones,
        "descent": ones * (_columns(now.descent_m, at) / METRES_PER_DESCENT_UNIT),
        "water_loss": -PERCENT * states.mass_change_kg[at] / now.body_mass_kg,
        "heat": ones * _rows(now.wbgt_c, at),
    }
    return {trigger.key: x[trigger.key] for trigger in TRIGGERS}


class Reference:
    """Looks a state of the reference run up at the flat-equivalent distances that the real run had reached."""

    def __init__(self, flat_distance_m: Floats, reference: BodyStates) -> None:
        self._states = reference
        n = reference.time_s.shape[0]
        step_m = reference.flat_distance_m[0]  # even pace: every step is as long as the first, however many there are
        place = np.clip(flat_distance_m / np.maximum(step_m, 1e-9) - 1.0, 0.0, n - 1.0)
        self._below = np.minimum(place.astype(np.intp), n - 2)
        self._share = place - self._below

    def at_equal_distance(self, name: str) -> Floats:
        """The reference's state of that name, shape of the distances that were asked for."""
        values = getattr(self._states, name)
        low = np.take_along_axis(values, self._below, axis=0)
        high = np.take_along_axis(values, self._below + 1, axis=0)
        return np.asarray(low + self._share * (high - low))


_GRAMS_PER_UNIT = 30.0  # the prior on carbohydrate counts 30 g/h
_MOVING_SPEED_M_S = 0.5  # below: standing, which says nothing of the chosen pace


def _moving_mean(states: BodyStates, at: Index, fallback: Floats) -> Floats:
    """Mean flat speed so far over the time that the runner moved, (len(at), draws)."""
    moving = states.flat_speed_m_s > _MOVING_SPEED_M_S
    step = np.diff(states.time_s, prepend=0.0)[:, None]
    seconds = np.cumsum(moving * step, axis=0)[at]
    metres = np.cumsum(np.where(moving, states.flat_speed_m_s, 0.0) * step, axis=0)[at]
    return np.asarray(np.where(seconds > 0, metres / np.maximum(seconds, 1.0), fallback))


def _surge(states: BodyStates, n: RiskNumbers) -> Floats:
    """Efforts well above the mean so far, fading within minutes: a leaky mean of the excess, (steps, draws).

    Against the mean so far, not that of the whole run: a walk home would make a surge of all that came before it.
    """
    speed = states.flat_speed_m_s
    moving = speed > _MOVING_SPEED_M_S
    step = np.diff(states.time_s, prepend=0.0)[:, None]
    seconds = np.cumsum(moving * step, axis=0)
    mean = np.cumsum(np.where(moving, speed, 0.0) * step, axis=0) / np.maximum(seconds, 1.0)
    excess = speed / np.maximum(mean, _MOVING_SPEED_M_S) - n.surge_threshold
    excess = np.maximum(excess, 0.0) / n.surge_unit
    keep = np.exp(-np.diff(states.time_s, prepend=0.0) / n.surge_fade_s)
    level = (1 - keep)[:, None] * excess
    for kept, (before, here) in zip(keep[1:].tolist(), pairwise(level), strict=True):
        here += kept * before
    return np.asarray(level)


def _beyond(distance_m: Floats, longest_m: Floats) -> Floats:
    """Tens of per cent beyond the longest recent run, at most ten (the cap of the prior)."""
    return np.asarray(10.0 * np.clip(distance_m / np.maximum(longest_m, METRES_PER_KM) - 1.0, 0.0, 1.0))


def _rows(values: Floats, at: Index) -> Floats:
    return np.asarray(values[at] if values.ndim == 2 else np.broadcast_to(values, (len(at), values.shape[0])))


def _columns(values: Floats, at: Index) -> Floats:
    """Rows of (steps,) as (len(at), 1), or of (steps, draws) as they are."""
    rows = values[at]
    return rows[:, None] if rows.ndim == 1 else rows


def usual_longest_run_m(distance_m: float, ratio_draws: Mapping[str, Floats]) -> Floats:
    """What runners of such a distance usually have as their longest recent run, (draws,).

    ``ratio_draws``: draws of the three ratios "10k", "half", "marathon"; between the distances linear in log distance.
    """
    corners = np.log([10.0, 21.0975, 42.195])
    place = np.log(max(distance_m / METRES_PER_KM, 1.0))
    ratios = np.stack([ratio_draws[name] for name in ("10k", "half", "marathon")])
    weights = np.array([np.interp(place, corners, row) for row in np.eye(3)])
    return np.asarray(distance_m * (weights[:, None] * ratios).sum(axis=0))
