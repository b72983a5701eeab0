"""Acclimation to heat: gained by runs in warm air over a week or two, lost again without them; what it changes.

    state = acclimation_of(runs, when, n)              # 0..1 from the runs of the last weeks, None: not known
    bodies = acclimated(bodies, state)                 # the same people, in that state

A body's own numbers are those of people as studies found them, whose state is mostly not printed; a state above 0
moves them. Unknown moves nothing, and neither does a cool season.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from charley.body.parameters import BodyParameters
from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Floats
from charley.vocabulary.units import SECONDS_PER_DAY, SECONDS_PER_HOUR

DAYS_ASKED = 14  # of the runner who tells how many runs were in the heat


@dataclass(frozen=True, slots=True)
class AiredRun:
    """A run as heat counts it: its start, its length, and the air where it is known."""

    started_at: datetime
    elapsed_s: float
    air_temp_c: float | None


def heat_exposure(air_temp_c: Floats, elapsed_s: Floats, n: BodyNumbers = BODY) -> Floats:
    """How much of a full exposure to heat a run is: 1 for an hour in 30 C, none below 20 C.

    Validity: assumption. The studies acclimate people in 33 to 45 C, an hour or more a day; a runner makes twice their
    heat, so that milder air warms as much.
    """
    warmth = (air_temp_c - n.heat_exposure_from_c) / (n.heat_exposure_full_c - n.heat_exposure_from_c)
    return np.asarray(np.clip(warmth, 0.0, 1.0) * elapsed_s / SECONDS_PER_HOUR)


def gained(state: Floats | float, exposures: Floats | float, n: BodyNumbers = BODY) -> Floats:
    """Acclimation (0..1) after further exposures, each taking the same share of what is still to gain.

    Notes: 1 - (1 - a) exp(-exposures / 4.2): whole-body sweating went three quarters of its way in six exposures [1].

    References: [1] Patterson, Stocks, Taylor 2004, doi:10.1152/ajpregu.00359.2003.
    """
    return np.asarray(1.0 - (1.0 - state) * np.exp(-np.asarray(exposures) / n.acclimation_exposures))


def kept(state: Floats | float, days: Floats | float, n: BodyNumbers = BODY) -> Floats:
    """Acclimation (0..1) left after days without heat: 2.6 % of it goes each day.

    References: Daanen, Racinais, Periard 2018, doi:10.1007/s40279-017-0808-x (end-exercise core temperature).
    """
    return np.asarray(state * np.exp(-n.acclimation_lost_per_day * np.maximum(days, 0.0)))


def acclimation_of(runs: Iterable[AiredRun], when: datetime, n: BodyNumbers = BODY) -> float | None:
    """Acclimation (0..1) at a time, from the runs before it, the earliest first; None where it is not known.

    It is known where the air of at least half of the running time of the last six weeks is; what is not known then
    counts as the rest. Earlier weeks have faded and are left out.
    """
    days_kept = n.acclimation_window_days
    recent = [r for r in runs if 0.0 < (when - r.started_at).total_seconds() <= days_kept * SECONDS_PER_DAY]
    told = [(r.elapsed_s, r.air_temp_c) for r in recent if r.air_temp_c is not None]
    total_s, told_s = sum(r.elapsed_s for r in recent), sum(s for s, _ in told)
    if not told or told_s < n.acclimation_least_known * total_s:
        return None
    usual = sum(_exposure(s, c, n) for s, c in told) / told_s
    state, at = 0.0, recent[0].started_at
    for run in recent:
        state = float(kept(state, (run.started_at - at).total_seconds() / SECONDS_PER_DAY, n))
        at = run.started_at
        air = run.air_temp_c
        state = float(gained(state, usual * run.elapsed_s if air is None else _exposure(run.elapsed_s, air, n), n))
    return float(kept(state, (when - at).total_seconds() / SECONDS_PER_DAY, n))


def _exposure(elapsed_s: float, air_temp_c: float, n: BodyNumbers) -> float:
    return float(heat_exposure(np.asarray(air_temp_c), np.asarray(elapsed_s), n))


def acclimation_told(runs_in_heat: float, n: BodyNumbers = BODY) -> float:
    """Acclimation (0..1) of a runner who tells how many of the last two weeks' runs were an hour in real heat.

    The runs are taken as spread evenly over the fortnight.
    """
    per_day = runs_in_heat / DAYS_ASKED
    state = 0.0
    for _ in range(DAYS_ASKED):
        state = float(gained(kept(state, 1.0, n), per_day, n))
    return state


def acclimated(bodies: BodyParameters, state: float | Floats | None) -> BodyParameters:
    """The same bodies in that state (0..1, one or (draws,)); None: unknown, and nothing is moved."""
    if state is None:
        return bodies
    return replace(bodies, numbers=bodies.numbers, heat_acclimation=np.clip(state, 0.0, 1.0) + np.zeros(bodies.draws))


def sweat_gain_now(b: BodyParameters) -> Floats:
    """Gain of sweating in the body's state, g/m2/h/K: an acclimated body sweats more at the same temperature."""
    return np.asarray(b.sweat_gain * (1.0 + b.acclimation_sweat * b.heat_acclimation))


def sweat_threshold_now_c(b: BodyParameters) -> Floats:
    """Where sweating begins in the body's state, C: it goes down with the temperature of rest.

    References: Cotter, Patterson, Taylor 1997 (0.15 and 0.21 K after five days); Patterson et al. 2004 (in step).
    """
    return np.asarray(b.sweat_threshold_c - b.acclimation_core_k * b.heat_acclimation)


def core_at_rest_c(b: BodyParameters) -> Floats:
    """Core temperature at the start in the body's state, C."""
    return np.asarray(b.numbers.core_start_c - b.acclimation_core_k * b.heat_acclimation)


def sweat_sodium_now_mmol_l(b: BodyParameters) -> Floats:
    """Own sweat sodium in the body's state, mmol/L at the mean rate of athletes: an acclimated duct takes more back.

    References: Klous et al. 2020, doi:10.1016/j.jtherbio.2020.102697; Buono et al. 2018,
    doi:10.1016/j.jtherbio.2017.12.001 (at the same sweat rate).
    """
    return np.asarray(b.sweat_sodium_mmol_l * (1.0 - b.acclimation_sodium * b.heat_acclimation))


def plasma_gained(b: BodyParameters) -> Floats:
    """Plasma volume at rest above the usual, as a fraction.

    References: Bonner, Harrison, Hall, Edwards 1976, J Appl Physiol 41:708.
    """
    return np.asarray(b.acclimation_plasma * b.heat_acclimation)


def water_gained_l(b: BodyParameters) -> Floats:
    """Body water at rest above the usual, L: what the plasma grew by."""
    return np.asarray(plasma_gained(b) * b.numbers.plasma_l_kg * b.mass_kg)
