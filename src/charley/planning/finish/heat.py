"""How much slower a race is run on a warm day, by the time that it takes: a line between two published fields."""

from __future__ import annotations

import numpy as np

from charley.evidence.numbers.planning import PLANNING, PlanningNumbers
from charley.vocabulary.arrays import Floats
from charley.vocabulary.units import SECONDS_PER_MINUTE

PERCENT = 100.0


def heat_slope_per_c(marathon_s: Floats | float, n: PlanningNumbers = PLANNING) -> Floats:
    """Share of the time that each degree of WBGT above 7.5 C costs, for runners of a marathon time on a cool day.

    Validity: 2:10 to 3:40, WBGT 5 to 25 C; slower runners are held near where the line ends, and beyond 25 C it is
    carried on. Notes: 0.187 % a degree for the fastest men [1], 0.97 % at about 3:40 [2], linear in time between.

    References: [1] Ely et al. 2007, doi:10.1249/mss.0b013e31802d3aba. [2] Knechtle et al. 2019, PMC6406844.
    """
    minutes = np.asarray(marathon_s, dtype=np.float64) / SECONDS_PER_MINUTE
    share = (minutes - n.heat_fast_finish_min) / (n.heat_slow_finish_min - n.heat_fast_finish_min)
    percent = n.heat_fast_percent_per_c + share * (n.heat_slow_percent_per_c - n.heat_fast_percent_per_c)
    return np.asarray(np.clip(percent, n.heat_fast_percent_per_c, n.heat_most_percent_per_c) / PERCENT)


def heat_factor(marathon_s: Floats | float, wbgt_c: Floats | float, n: PlanningNumbers = PLANNING) -> Floats:
    """By what factor the time grows at a WBGT, 1 on a cool day."""
    warmer = np.maximum(np.asarray(wbgt_c, dtype=np.float64) - n.heat_from_wbgt_c, 0.0)
    return 1.0 + heat_slope_per_c(marathon_s, n) * warmer
