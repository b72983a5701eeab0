"""Muscle spindle: group Ia and II discharge with static and dynamic fusimotor drive.

A reduced form: a fusimotor bias, a term in length, a power of velocity while the muscle lengthens, a pause while it
shortens, and the linkage by which the pool's own discharge keeps the spindle taut (beta fibres, alpha-gamma
co-activation). A contraction leaves the intrafusal fibres slack, and they take up the slack slowly: a muscle that
relaxes between two twitches only returns to where the spindle was set, and fires it little; a muscle that is
stretched from where it has been contracting goes beyond, and fires it at once. The full model (Mileusnic et al. 2006,
J Neurophysiol 96:1772) has the same terms.

Lengths in optimal fibre lengths, velocities in lengths per second (lengthening positive), rates in impulses per second.
"""

from __future__ import annotations

import math

import numpy as np

from charley.neuromuscular.mechanism import Number, mechanism
from charley.neuromuscular.parameters import Constants


@mechanism
def set_length(p: Constants, before: float, length: float) -> float:
    """Length at which the spindle is taut, a millisecond on: follows a stretch at once and a shortening slowly."""
    return length if length > before else before + (length - before) / p.spindle_set_time_ms


@mechanism
def tautness(p: Constants, set_at: float, length: float) -> float:
    """Share 0..1 of velocity that the spindle hears when it is taut at ``set_at`` (never below ``length``)."""
    return math.exp((length - set_at) / p.spindle_slack)


@mechanism
def ia_static(p: Constants, length: Number, pool_rate: Number, gamma_static: float) -> Number:
    """Ia discharge at a held length before gain: bias, linkage to the pool, length. Scalars or arrays."""
    linkage = p.ia_linkage * pool_rate / (1.0 + pool_rate / p.ia_linkage_saturation)
    return p.ia_bias * gamma_static + linkage + p.ia_length * (length - p.spindle_reference_length)


@mechanism
def ii_static(p: Constants, length: Number, gamma_static: float) -> Number:
    """Group II discharge at a held length before gain. Scalars or arrays."""
    return p.ii_bias * gamma_static + p.ii_length * (length - p.spindle_reference_length)


@mechanism
def ia_rate(
    p: Constants,
    length: float,
    set_at: float,
    velocity: float,
    pool_rate: float,
    gamma_static: float,
    gamma_dynamic: float,
    gain: float,
) -> float:
    """Mean Ia discharge; ``pool_rate`` is the pool's mean discharge per unit (80-ms average)."""
    rate = ia_static(p, length, pool_rate, gamma_static)
    if velocity > 0.0:
        rate += tautness(p, set_at, length) * gamma_dynamic * p.ia_velocity * velocity**p.ia_velocity_exponent
    else:
        rate += p.ia_pause * velocity
    return gain * rate if rate > 0.0 else 0.0


@mechanism
def ii_rate(p: Constants, length: float, gamma_static: float, gain: float) -> float:
    """Mean group II discharge."""
    rate = ii_static(p, length, gamma_static)
    return gain * rate if rate > 0.0 else 0.0


@mechanism
def ia_efficacy(p: Constants, passive_length: Number) -> Number:
    """Conductance per Ia impulse/s: presynaptic depression grows as the joint lengthens the muscle (H reflex falls).

    Scalars or arrays.
    """
    far = (passive_length - p.ia_depression_length) / p.ia_depression_width
    depression: Number = p.ia_depression / (1.0 + np.exp(-far))
    return p.ia_weight * (1.0 - depression)
