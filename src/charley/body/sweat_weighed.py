"""The sweat rate that a pair of weighings gives."""

from __future__ import annotations

import numpy as np

from charley.vocabulary.arrays import Floats
from charley.vocabulary.body_states import BodyStates
from charley.vocabulary.units import SECONDS_PER_HOUR

LEAST_SWEAT_L_H = 0.05  # less is no sweat rate of a run but two weights that do not fit: own rule


def sweat_of_scales_l_h(states: BodyStates, time_s: float, lost_kg: float, drunk_l: float) -> Floats:
    """Sweat rate over a run, (draws,): mass lost and drinks, less what breath and burnt carbon took as modelled.

    Parameters: ``time_s``, length of the run; ``lost_kg``, mass before less after; ``drunk_l``, all that was drunk
    (1 kg a litre). Below zero where weights and drinks do not fit.
    """
    other = states.drunk_l[-1] - states.mass_change_kg[-1] - states.sweat_l[-1]
    return np.asarray((lost_kg + drunk_l - other) / (time_s / SECONDS_PER_HOUR))
