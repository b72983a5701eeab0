"""Muscle fatigue in two kinds that must not be mixed up.

Fast fatigue (three compartments) comes and goes within minutes and *lowers* excitability: after short exhausting
exercise the cramp threshold rises (Stone et al. 2010). Slow fatigue builds over hours, leaves over a day or two, and
is the kind that can sensitise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.body.stride import HALF_SINE_MEAN
from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Floats
from charley.vocabulary.units import SECONDS_PER_HOUR


def endurance_time_s(effort: float, joint: str, n: BodyNumbers = BODY) -> float:
    """How long an isometric effort (0..1 of maximum) is held, from the meta-analysis of a joint.

    Parameters: ``joint``: "general", "ankle" or "knee". Validity: 0.1 to 0.9 of maximum.
    Notes: b0 effort^b1. References: Frey Law and Avin 2010, Ergonomics 53:109, Table 2.
    """
    factor_s, power = {
        "general": (n.endurance_general_factor_s, n.endurance_general_power),
        "ankle": (n.endurance_ankle_factor_s, n.endurance_ankle_power),
        "knee": (n.endurance_knee_factor_s, n.endurance_knee_power),
    }[joint]
    return float(factor_s * effort**power)


def sustained_time_s(effort: float, fatigue_per_s: float, recovery_per_s: float) -> float:
    """Endurance time of the three-compartment model at a held effort; NaN where the model never fails.

    Notes: -ln(1 - R (1 - TL) / (F TL)) / R, with the target held exactly. References: Frey-Law, Looft, Heitsman 2012,
    J Biomech 45:1803 (rates of Table 1; the abstract prints another recovery rate, with which nothing ever fails).
    """
    left = 1.0 - recovery_per_s * (1.0 - effort) / (fatigue_per_s * effort)
    return float(-np.log(left) / recovery_per_s) if left > 0.0 else float("nan")


def stride_recovery_per_s(recovery_per_s: float, duty: Floats, n: BodyNumbers = BODY) -> Floats:
    """Recovery averaged over a stride: faster by the rest factor while the leg swings (3CC-r, averaged).

    References: Looft, Herkert, Frey-Law 2018, J Biomech (rest factor 15).
    """
    return np.asarray(recovery_per_s * (duty + n.rest_factor * (1.0 - duty)))


def stride_activity(activation: Floats, duty: Floats) -> Floats:
    """Activity averaged over a stride: half sines of height ``activation`` for the share ``duty`` of the time."""
    return np.asarray(HALF_SINE_MEAN * activation * duty)


def fast_fatigue_after(
    fast: Floats, activity: Floats, fatigue_per_s: Floats | float, recovery_per_s: Floats, step_s: float
) -> Floats:
    """The fatigued share one step later: no more can tire than is not yet tired.

    Validity: 0 <= fast <= 1, ``fatigue_per_s`` times ``step_s`` below 1. Against the model resolved in milliseconds the
    error is below 0.002.
    """
    tiring = np.minimum(activity, 1.0 - fast)
    return np.asarray((fast + (step_s * fatigue_per_s) * tiring) / (1.0 + step_s * recovery_per_s))


def slow_fatigue_after(
    slow: Floats, build_per_s: Floats, resting: Floats, ceiling: Floats, step_s: float, n: BodyNumbers = BODY
) -> Floats:
    """The slow compartment one step later: towards ``ceiling`` while loaded, back over a day and a half at rest.

    Validity: set so that the calf has lost 17 % of its strength after two hours (measured 17 (16) % [1]) and the
    quadriceps 22 to 26 % after a marathon [2]; recovery over days is an assumption. It does not fall while running.

    References: [1] Saldanha et al. 2008, Scand J Med Sci Sports. [2] Nicol, Komi, Marconnet 1991.
    """
    recovering = resting * (step_s / (n.slow_recovery_h * SECONDS_PER_HOUR))
    building = build_per_s * step_s
    return np.asarray((slow + building * ceiling) / (1.0 + building + recovering))


def slow_modifier(
    glycogen_left: Floats,
    core_c: Floats,
    deficit_percent: Floats,
    low_fuel: Floats,
    heat: Floats,
    water: Floats,
    n: BodyNumbers = BODY,
) -> Floats:
    """By what factor low fuel, heat and a water deficit speed slow fatigue up, or slow it down.

    The three strengths are draws around 0: no study says by how much, nor always with which sign. Notes: the exponent
    of low_fuel (1 - 2 left)+ + heat (Tc - 38.5)+ + water (deficit - 2 %)+.
    """
    exponent = low_fuel * np.maximum(1.0 - 2.0 * glycogen_left, 0.0)
    exponent += heat * np.maximum(core_c - n.slow_heat_from_c, 0.0)
    exponent += water * np.maximum(deficit_percent - n.slow_deficit_from_percent, 0.0)
    return np.exp(np.minimum(np.maximum(exponent, -2.0), 2.0))


@dataclass(slots=True)
class Muscles:
    """Fast and slow fatigue of calf, quadriceps and hamstring, fractions of shape (3, draws): a row a muscle."""

    numbers: BodyNumbers
    fast: Floats
    slow: Floats
    fatigue_per_s: Floats  # (3, 1)

    @classmethod
    def fresh(cls, draws: int, n: BodyNumbers = BODY) -> Muscles:
        """Rested muscles."""
        rates = np.array([[n.ankle_fatigue_per_s], [n.knee_fatigue_per_s], [n.hamstring_fatigue_per_s]])
        return cls(n, np.zeros((3, draws)), np.zeros((3, draws)), rates)

    def advance(
        self,
        activity: Floats,
        recovery_per_s: Floats,
        build_per_s: Floats,
        resting: Floats,
        ceiling: Floats,
        step_s: float,
    ) -> None:
        """One step; the arrays are those of the two functions above, with a row a muscle where muscles differ."""
        self.fast = fast_fatigue_after(self.fast, activity, self.fatigue_per_s, recovery_per_s, step_s)
        self.slow = slow_fatigue_after(self.slow, build_per_s, resting, ceiling, step_s, self.numbers)
