"""Sodium and potassium: in sweat, and in plasma."""

from __future__ import annotations

import numpy as np

from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Floats
from charley.vocabulary.units import SECONDS_PER_HOUR


def sweat_sodium_mmol_l(
    sweat_l_h: Floats, own_mmol_l: Floats, power: Floats, plasma_mmol_l: Floats, n: BodyNumbers = BODY
) -> Floats:
    """Sodium of sweat at a sweat rate, whole body.

    Parameters: ``own_mmol_l``, the runner's sweat sodium at the mean rate of athletes (1.21 L/h). Validity: 0.3 to
    2.5 L/h.

    Notes: own (rate / 1.21)^power, since faster sweat leaves the duct less time to take sodium back; 31 to 49 mmol/L
    from low to high intensity [1]; never above nine tenths of plasma.

    References: [1] Holmes et al. 2016.
    """
    faster = np.maximum(sweat_l_h, n.sweat_rate_least_l_h) / n.sweat_rate_athletes_l_h
    ceiling = np.minimum(n.sweat_sodium_ceiling_mmol_l, n.sweat_to_plasma_limit * plasma_mmol_l)
    return np.minimum(own_mmol_l * faster**power, np.maximum(ceiling, 0.0))


def whole_body_sodium_mmol_l(forearm_mmol_l: Floats, n: BodyNumbers = BODY) -> Floats:
    """Whole-body sweat sodium from a forearm patch. Notes: 0.57 F + 11.05.

    References: Baker et al. 2016, doi:10.1080/02640414.2015.1055291.
    """
    return np.asarray(n.forearm_slope * forearm_mmol_l + n.forearm_intercept_mmol_l)


def plasma_sodium_mmol_l(exchangeable_mmol: Floats, body_water_l: Floats, n: BodyNumbers = BODY) -> Floats:
    """Plasma sodium from exchangeable sodium plus potassium and total body water.

    Validity: glucose and urea near normal; the constants are recalled. Notes: 1.03 (Nae + Ke)/TBW - 23.8.

    References: Nguyen and Kurtz 2004, Am J Physiol Renal 286:F828; Edelman et al. 1958.
    """
    return np.asarray(n.edelman_slope * exchangeable_mmol / body_water_l - n.edelman_offset_mmol_l)


def exchangeable_mmol(plasma_mmol_l: Floats, body_water_l: Floats, n: BodyNumbers = BODY) -> Floats:
    """Exchangeable sodium plus potassium that goes with a plasma sodium (the equation above, turned round)."""
    return np.asarray((plasma_mmol_l + n.edelman_offset_mmol_l) / n.edelman_slope * body_water_l)


def stores_sodium_mmol(
    plasma_mmol_l: Floats,
    usual_mmol_l: Floats,
    body_water_l: Floats,
    rate_per_h: Floats,
    step_s: float,
    n: BodyNumbers = BODY,
) -> Floats:
    """Sodium that a step brings out of stores that draw no water (below 0: takes into them), mmol.

    Validity: hours of endurance exercise; how fast differs between people and is 0 in some, whose plasma sodium then
    follows the balance of water and salt alone.

    Notes: most of 231 athletes who gained weight kept their plasma sodium, for which more than 500 mmol must have come
    from stores [1]; of those who lost weight most did not rise. First order, ``rate_per_h`` of the departure from the
    usual (own form; rate set on the shares of [1] by a script).

    References: [1] Noakes et al. 2005, doi:10.1073/pnas.0509096102.
    """
    missing = (usual_mmol_l - plasma_mmol_l) * body_water_l / n.edelman_slope
    return np.asarray(missing * rate_per_h * (step_s / SECONDS_PER_HOUR))
