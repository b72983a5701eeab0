"""The ceiling: how far maximal oxygen uptake, and critical speed with it, falls in heat and with water lost."""

from __future__ import annotations

import numpy as np

from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Floats


def heat_strain_k2(core_c: Floats, skin_c: Floats, n: BodyNumbers = BODY) -> Floats:
    """Core above 38.5 C times skin above 34 C, K2: hot skin takes the blood that a hot core sends.

    Notes: a hot core under a cool skin is no strain. Runners in their own wind hold their speed above 39.8 C [1], where
    cyclists in still hot air lose a sixth of their maximal uptake.

    References: [1] Lee et al. 2010, doi:10.1007/s00421-010-1405-y.
    """
    core = np.maximum(core_c - n.vo2max_core_from_c, 0.0)
    return np.asarray(core * np.maximum(skin_c - n.vo2max_skin_from_c, 0.0))


def water_strain_percent(deficit_percent: Floats, n: BodyNumbers = BODY) -> Floats:
    """How far a water deficit lies beyond 2 % of body mass, %."""
    return np.maximum(deficit_percent - n.vo2max_water_from_percent, 0.0)


def oxygen_ceiling_left(core_c: Floats, skin_c: Floats, deficit_percent: Floats, n: BodyNumbers = BODY) -> Floats:
    """Maximal oxygen uptake as a fraction of the fresh one, 0..1.

    Validity: falls of 1 to 18 % [1-3], within 4 points, of trained men on a bicycle; running falls alike [4]. Beyond
    that it is extrapolated, to six tenths at least. The form is ours.

    References: [1] Lafrenz et al. 2008, doi:10.1249/MSS.0b013e3181666ed7. [2] Wingo and Cureton 2006,
    doi:10.1007/s00421-006-0249-y. [3] Ganio et al. 2006, Med Sci Sports Exerc 38:901. [4] Wingo, Stone, Ng 2020,
    doi:10.1249/mss.0000000000002324.
    """
    heat = n.vo2max_per_k2 * heat_strain_k2(core_c, skin_c, n)
    water = n.vo2max_per_percent * water_strain_percent(deficit_percent, n)
    return np.maximum(np.exp(-heat - water), n.vo2max_left_least)
