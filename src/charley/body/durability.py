"""Durability: how the fresh runner's critical speed wears off with hours of hard running."""

from __future__ import annotations

import numpy as np

from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Floats


def durability_load_per_s(flat_speed_m_s: Floats, fresh_critical_speed_m_s: Floats, n: BodyNumbers = BODY) -> Floats:
    """Rate of the durability load: 1 is two hours at the intensity of [1], about 0.87 of critical speed.

    Notes: the third power of the intensity, so that easy running wears little; an assumption, as [1] ran at one
    intensity.

    References: [1] Zanini, Folland, Blagrove 2025, doi:10.1111/sms.70076.
    """
    intensity = flat_speed_m_s / (fresh_critical_speed_m_s * n.durability_intensity)
    return np.asarray(intensity * intensity * intensity / n.durability_hours_s)


def critical_speed_left(durability_load: Floats, durability_gain: Floats, n: BodyNumbers = BODY) -> Floats:
    """Critical speed as a fraction of the fresh one.

    Parameters: ``durability_gain``, personal. Validity: fitted to 90 and 120 min (0.964, 0.929 of fresh [1], 14 trained
    runners); beyond a load of 1 nothing was measured, and it levels off where marathons are in fact run [2].

    Notes: exp(-gain L^p / (1 + s L^p)).

    References: [1] Zanini, Folland, Blagrove 2025, doi:10.1111/sms.70076. [2] Smyth and Muniz-Pumares 2020,
    doi:10.1249/mss.0000000000002412.
    """
    worn = np.asarray(durability_load) ** n.durability_power
    return np.asarray(np.exp(-durability_gain * worn / (1.0 + n.durability_saturation * worn)))
