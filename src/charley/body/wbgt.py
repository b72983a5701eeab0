"""Wet-bulb globe temperature outdoors, for display and for the factor of heat."""

from __future__ import annotations

import numpy as np

from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Floats

WATTS_PER_KILOWATT = 1000.0
PERCENT = 100.0


def wet_bulb_globe_temp_c(
    air_temp_c: Floats, relative_humidity: Floats, solar_w_m2: Floats, wind_m_s: Floats, n: BodyNumbers = BODY
) -> Floats:
    """Outdoor WBGT in C from what a weather service tells.

    Parameters: humidity 0..1, global solar radiation, wind at the height of people. Validity: fitted to Japanese
    summers (about 20 to 37 C, up to 1 kW/m2); below 15 C it is a smooth extrapolation, fit for comparisons only.

    Notes: 0.735 Ta + 0.0374 RH + 0.00292 Ta RH + 7.619 SR - 4.557 SR^2 - 0.0572 WS - 4.064, RH in per cent, SR in
    kW/m2 [1], as a public implementation holds it.

    References: [1] Ono and Tonouchi 2014, Jpn J Biometeorol 50:147.
    """
    humidity = PERCENT * relative_humidity
    sun = solar_w_m2 / WATTS_PER_KILOWATT
    return np.asarray(
        n.wbgt_temp * air_temp_c
        + n.wbgt_humidity * humidity
        + n.wbgt_temp_humidity * air_temp_c * humidity
        + n.wbgt_sun * sun
        - n.wbgt_sun_squared * sun * sun
        - n.wbgt_wind * wind_m_s
        - n.wbgt_offset_c
    )
