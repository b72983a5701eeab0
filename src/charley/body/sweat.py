"""Sweat: how much the body asks for, how much of it cools, what lags."""

from __future__ import annotations

import numpy as np

from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Floats
from charley.vocabulary.units import SECONDS_PER_HOUR

GRAMS_PER_LITRE = 1000.0


def sweat_drive_g_s(
    core_c: Floats,
    skin_c: Floats,
    surface_m2: Floats,
    gain_g_m2_h_k: Floats,
    threshold_c: Floats,
    limit_l_h: Floats,
    n: BodyNumbers = BODY,
) -> Floats:
    """Sweat that core and skin temperature ask for, g/s of the whole body.

    Validity: the gain is calibrated to running, not to the seated people of [1].

    Notes: gain (0.9 Tc + 0.1 Ts - threshold)+ exp((Ts - 33.7)/10.7), the form of [1], with a soft ceiling.

    References: [1] Gagge, Fobelets, Berglund 1986.
    """
    body_c = n.core_control_share * core_c + (1.0 - n.core_control_share) * skin_c
    local = np.exp(np.minimum((skin_c - n.skin_neutral_c) / n.sweat_local_k, n.sweat_local_limit))
    asked = np.maximum(body_c - threshold_c, 0.0) * local * gain_g_m2_h_k * (surface_m2 / SECONDS_PER_HOUR)
    ceiling = limit_l_h * (GRAMS_PER_LITRE / SECONDS_PER_HOUR)
    return np.asarray(ceiling * -np.expm1(-asked / ceiling))


def sweat_left_when_dry(deficit_percent: Floats, n: BodyNumbers = BODY) -> Floats:
    """By what factor a water deficit (per cent of body mass) lowers sweating: 3 % per per cent, none left at 20 %.

    Validity: the slope stands for deficits up to about 8 %; the end at 20 % is ours, so that no run empties a body.
    """
    slope = 1.0 - n.sweat_loss_per_percent * deficit_percent
    last, kept = n.sweat_stops_percent, n.sweat_kept_percent
    return np.asarray(slope * np.minimum(np.maximum((last - deficit_percent) / (last - kept), 0.0), 1.0))


def sweat_after(sweat_g_s: Floats, drive_g_s: Floats, step_s: float, n: BodyNumbers = BODY) -> Floats:
    """Sweating one step later: it follows the drive with a lag of five minutes."""
    share = step_s / n.sweat_lag_s
    return np.asarray((sweat_g_s + share * drive_g_s) / (1.0 + share))


def evaporation_w_m2(evaporable_w_m2: Floats, limit_w_m2: Floats) -> Floats:
    """Heat that sweat takes from the skin, when ``evaporable_w_m2`` is offered and the air takes up to the limit.

    Validity: both in the same unit, the limit above 0. Notes: with wettedness w the efficiency is 1 - w^2/2 [1];
    w = s (1 - w^2/2) solved for w gives w = 2 s / (1 + sqrt(1 + 2 s^2)), s = offered / limit, held at 1.

    References: [1] ISO 7933:2004.
    """
    ratio = evaporable_w_m2 / limit_w_m2
    wettedness = 2.0 * ratio / (1.0 + np.sqrt(1.0 + 2.0 * ratio * ratio))
    return np.asarray(np.minimum(wettedness, 1.0) * limit_w_m2)


def sweat_gonzalez_g_m2_h(required_w_m2: Floats, limit_w_m2: Floats, n: BodyNumbers = BODY) -> Floats:
    """Sweat rate by the piecewise regression of [1]; here to show why it is not used.

    Validity: up to 450 W/m2 of metabolism, wind 0.4 to 2.5 m/s, 15 to 46 C. A runner's own wind puts the limit of
    evaporation at 800 W/m2 and more, and the result below 0.

    Notes: 147 + 1.527 Ereq - 0.87 Emax. References: [1] Gonzalez et al. 2009, doi:10.1152/japplphysiol.00089.2009.
    """
    return np.asarray(n.gonzalez_constant + n.gonzalez_required * required_w_m2 - n.gonzalez_limit * limit_w_m2)
