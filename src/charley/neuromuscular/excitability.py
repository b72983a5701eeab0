"""What shifts the voltages at which motor neurons and axons open their channels, and the slow states that do so.

One number, a shift in mV common to spike threshold and inward current (positive: less excitable), collects the
person's trait, ions, fast fatigue, the after-effect of a cramp and the weeks after cramps made on purpose.
Temperature acts on rates, not on voltages (temperature.py).
"""

from __future__ import annotations

import math

from charley.neuromuscular.mechanism import Number, mechanism
from charley.neuromuscular.parameters import Constants


@mechanism
def threshold_shift_mv(
    p: Constants, trait_mv: Number, ion_mv: Number, fast_fatigue: Number, sensitisation: Number, adaptation: Number
) -> Number:
    """Shift of all activation voltages (mV); works on scalars and arrays."""
    return (
        trait_mv
        + ion_mv
        + p.fast_fatigue_shift_mv * fast_fatigue
        - p.sensitisation_shift_mv * sensitisation
        + p.adaptation_shift_mv * adaptation
    )


@mechanism
def spindle_gain(p: Constants, slow_fatigue: Number, fast_fatigue: Number) -> Number:
    """Factor on spindle discharge: slow fatigue raises it (Nelson and Hutton 1985), fast fatigue withdraws support."""
    return (1.0 + p.slow_fatigue_spindle * slow_fatigue) * (1.0 - p.fast_fatigue_spindle * fast_fatigue)


@mechanism
def tendon_organ_gain(p: Constants, slow_fatigue: Number) -> Number:
    """Factor on tendon-organ discharge: slow fatigue lowers it (Hutton and Nelson 1986)."""
    return 1.0 - p.slow_fatigue_tendon_organ * slow_fatigue


@mechanism
def contraction_pain(p: Constants, activation: float, length: float) -> float:
    """Pain 0..1 of a muscle that contracts while it is short, as a cramp does; none of this in a muscle at its usual
    length."""
    return activation / (1.0 + math.exp((length - p.pain_length) / p.pain_length_width))


@mechanism
def sensitisation_rate(p: Constants, sensitisation: float, felt: float) -> float:
    """Time derivative (1/s) of the hour-long after-effect 0..1 of a cramp.

    ``felt`` is contraction pain summed over ``pain_summation_s``: two seconds of a stimulus stay below the floor, a
    cramp does
    not.
    """
    excess = felt - p.pain_floor
    build = p.sensitisation_build * excess if excess > 0.0 else 0.0
    return build * (1.0 - sensitisation) - sensitisation / p.sensitisation_time_s
