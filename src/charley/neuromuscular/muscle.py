"""Twitch, Hill muscle and tendon. Forces are fractions of the maximum, lengths optimal fibre lengths, velocities
lengths/s.

Force-length is a Gaussian, passive force an exponential, the tendon linear in series, and force-velocity Hill's
hyperbola with Katz's lengthening branch and a little damping. The balance of forces then gives the fibre's velocity
in closed form, which an explicit step of a millisecond integrates.
"""

from __future__ import annotations

import math

from charley.neuromuscular.mechanism import mechanism
from charley.neuromuscular.parameters import Constants


@mechanism
def force_length(p: Constants, length: float) -> float:
    """Active isometric force at full activation."""
    x = (length - 1.0) / p.force_length_width
    return math.exp(-x * x)


@mechanism
def passive_force(p: Constants, length: float) -> float:
    """Force of the unstimulated fibre."""
    excess = length - p.passive_length_onset
    return p.passive_force_scale * (math.exp(p.passive_force_rate * excess) - 1.0) if excess > 0.0 else 0.0


@mechanism
def tendon_stiffness(p: Constants) -> float:
    """Force per optimal fibre length of extra tendon stretch."""
    return p.optimal_fibre_length_m / (p.tendon_strain * p.tendon_slack_length_m)


@mechanism
def tendon_force(p: Constants, length: float, passive_length: float) -> float:
    """Tendon force when the fibre, at ``passive_length`` when silent, has shortened to ``length``."""
    force = passive_force(p, passive_length) + (passive_length - length) * tendon_stiffness(p)
    return force if force > 0.0 else 0.0


@mechanism
def hill_velocity(p: Constants, load: float, active: float) -> float:
    """Fibre velocity (lengthening positive) when the active element, worth ``active`` when isometric, bears ``load``.

    Shortening: load = active (1 + u) / (1 - u/k) + damping u;  lengthening: load = active (1 + (e - 1) u / (u + c)) +
    damping u, with u the velocity over the maximum and c such that the slope is continuous at u = 0 (Hill 1938; Katz
    1939).
    """
    k, damping = p.hill_curvature, p.hill_damping
    surplus = load - active
    if surplus < 0.0:
        # damping u^2/k - (active + damping + load/k) u + (load - active) = 0, the root that vanishes with the surplus
        b = active + damping + load / k
        u = 2.0 * surplus / (b + math.sqrt(b * b - 4.0 * damping / k * surplus))
        if u < -1.0:
            u = -1.0
    else:
        c = (p.hill_lengthening_limit - 1.0) / (1.0 + 1.0 / k)
        b = damping * c + active * (p.hill_lengthening_limit - 1.0) - surplus
        u = 2.0 * surplus * c / (b + math.sqrt(b * b + 4.0 * damping * surplus * c))
        if u > 1.0:
            u = 1.0
    return u * p.hill_speed
