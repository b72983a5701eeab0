"""Muscle spindle: group Ia and II discharge with static and dynamic fusimotor drive.

A reduced form: a fusimotor bias, a term in length, a power of velocity while the muscle lengthens, a pause while it shortens, and the
linkage by which the pool's own discharge keeps the spindle taut (beta fibres, alpha-gamma co-activation). In a muscle that
is shorter than ``spindle_slack_length`` the intrafusal fibres are slack, and length and velocity go unheard; without this, each
relaxation between the twitches of a slow train would fire the spindles of a short muscle. The full model (Mileusnic et al. 2006,
J Neurophysiol 96:1772) has the same terms; its slackness lies in the chain's zero length.

Lengths in optimal fibre lengths, velocities in lengths per second (lengthening positive), rates in impulses per second.
"""

from __future__ import annotations

import math


def tautness(p, length):  # type: ignore[no-untyped-def]
    """Share 0..1 of length and velocity that the spindle hears at this fibre length."""
    return 1.0 / (1.0 + math.exp(-(length - p.spindle_slack_length) / p.spindle_slack_width))


def ia_rate(p, length, velocity, pool_rate, gamma_static, gamma_dynamic, gain):  # type: ignore[no-untyped-def]
    """Mean Ia discharge; ``pool_rate`` is the pool's mean discharge per unit (80-ms average)."""
    taut = tautness(p, length)
    linkage = p.ia_linkage * pool_rate / (1.0 + pool_rate / p.ia_linkage_saturation)
    rate = p.ia_bias * gamma_static + linkage + taut * p.ia_length * (length - p.spindle_reference_length)
    if velocity > 0.0:
        rate += taut * gamma_dynamic * p.ia_velocity * velocity**p.ia_velocity_exponent
    else:
        rate += p.ia_pause * velocity
    return gain * rate if rate > 0.0 else 0.0


def ii_rate(p, length, gamma_static, gain):  # type: ignore[no-untyped-def]
    """Mean group II discharge."""
    rate = p.ii_bias * gamma_static + tautness(p, length) * p.ii_length * (length - p.spindle_reference_length)
    return gain * rate if rate > 0.0 else 0.0


def ia_efficacy(p, passive_length):  # type: ignore[no-untyped-def]
    """Conductance per Ia impulse/s: presynaptic depression grows as the joint lengthens the muscle (H reflex falls)."""
    depression = p.ia_depression / (1.0 + math.exp(-(passive_length - p.ia_depression_length) / p.ia_depression_width))
    return p.ia_weight * (1.0 - depression)
