"""The numbers of ``cohort``, by id. Made from parameters_cohort.toml by scripts/make_numbers.py."""

from typing import NamedTuple

from charley.evidence.numbers.filling import values


class CohortNumbers(NamedTuple):
    """One field a row of parameters_cohort.toml."""

    level_shift_half: float  # -0.588 log hazard: scripts/calibrate_cohort.py: the mild field over 21.1 km cramps as …
    level_shift_marathon: float  # -0.709 log hazard: scripts/calibrate_cohort.py: the mild field cramps as often as …
    field_drink_log_sd: float  # 0.2 log: fields drink by their habits, signs and stations: the mean of this one …
    field_sweat_log_sd: float  # 0.1 log: how used to heat a whole field is, against the people who were measured
    core_high_c: float  # 40 C: core above 40 to 40.5 C with a disturbed brain is heat stroke; the temperature alone …
    core_warm_c: float  # 39.5 C: half a degree below, as an early line for planners; many runners pass it and are well
    sodium_low_mmol_l: float  # 135 mmol/L: definition of low blood sodium
    cramp_stop_share: float  # 0.6 fraction: how many of those who cramp stop or walk where it happens; no count of a …
    cramp_severe_share: float  # 0.05 fraction: lifetime cramps of 71 420 entrants were mild or moderate in 95 of 100; …
    case_minutes: float  # 5 min: how long one cramp keeps one helper at the roadside
    report_missed: float  # 0.1 fraction: reports of a race that never come, in either arm alike


COHORT = CohortNumbers._make(values("cohort", CohortNumbers._fields))
