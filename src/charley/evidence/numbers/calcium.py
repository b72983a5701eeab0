"""The numbers of ``calcium``, by id. Made from parameters_calcium.toml by scripts/make_numbers.py."""

from typing import NamedTuple

from charley.evidence.numbers.filling import values


class CalciumNumbers(NamedTuple):
    """One field a row of parameters_calcium.toml."""

    capacitance_uf_cm2: float  # 1 uF/cm2: capacitance of the single compartment
    leak_conductance: float  # 0.1 mS/cm2: leak
    leak_reversal_mv: float  # -80 mV: reversal of the leak
    sodium_reversal_mv: float  # 55 mV: reversal of both sodium currents
    calcium_reversal_mv: float  # 80 mV: reversal of the calcium current
    cation_reversal_mv: float  # 0 mV: reversal of the cation current
    potassium_inside_mmol_l: float  # 140 mmol/L: potassium inside
    potassium_outside_mmol_l: float  # 4 mmol/L: potassium outside, at rest
    thermal_mv: float  # 26.54 mV: factor of the logarithm in the potassium reversal
    sodium_conductance: float  # 120 mS/cm2: fast sodium
    sodium_half_mv: float  # -35 mV: half activation, fast sodium
    sodium_slope_mv: float  # 7.8 mV: slope of the activation, fast sodium
    sodium_inactivation_half_mv: float  # -55 mV: half inactivation, fast sodium
    sodium_inactivation_slope_mv: float  # 7 mV: slope of the inactivation, fast sodium
    sodium_inactivation_time_ms: float  # 30 ms: numerator of the time constant of inactivation, fast sodium
    sodium_inactivation_time_mv: float  # -50 mV: voltage about which that time constant falls to both sides
    sodium_inactivation_rise_mv: float  # 15 mV: its fall with depolarisation
    sodium_inactivation_fall_mv: float  # 16 mV: its fall with hyperpolarisation
    rectifier_conductance: float  # 100 mS/cm2: delayed rectifier
    rectifier_half_mv: float  # -28 mV: half activation, delayed rectifier
    rectifier_slope_mv: float  # 15 mV: slope of the activation, delayed rectifier
    rectifier_time_ms: float  # 7 ms: numerator of its time constant
    rectifier_time_mv: float  # -40 mV: voltage about which that time constant falls to both sides
    rectifier_rise_mv: float  # 40 mV: its fall with depolarisation
    rectifier_fall_mv: float  # 50 mV: its fall with hyperpolarisation
    persistent_conductance: float  # 0 mS/cm2: persistent sodium; none in the minimal core
    persistent_half_mv: float  # -53 mV: half activation, persistent sodium
    persistent_slope_mv: float  # 3 mV: slope of the activation, persistent sodium
    kv1_conductance: float  # 1 mS/cm2: Kv1
    kv1_half_mv: float  # -46 mV: half activation, Kv1
    kv1_slope_mv: float  # 6.9 mV: slope of the activation, Kv1
    kv1_inactivation_half_mv: float  # -54 mV: half inactivation, Kv1
    kv1_inactivation_slope_mv: float  # 7.1 mV: slope of the inactivation, Kv1
    kv1_time_ms: float  # 74.74 ms: numerator of the time constant of inactivation, Kv1: 3.737 times 20
    kv1_first_rate: float  # 0.00015: first rate in its denominator
    kv1_first_mv: float  # -13 mV: voltage of the first rate
    kv1_first_slope_mv: float  # 15 mV: slope of the first rate
    kv1_second_rate: float  # 0.06: second rate in its denominator
    kv1_second_mv: float  # -68 mV: voltage of the second rate
    kv1_second_slope_mv: float  # 12 mV: slope of the second rate
    calcium_conductance: float  # 0.01 mS/cm2: high-voltage calcium
    calcium_half_mv: float  # -27.5 mV: half activation, calcium
    calcium_slope_mv: float  # 5.7 mV: slope of the activation, calcium
    calcium_time_ms: float  # 0.5 ms: time constant of the activation, calcium
    calcium_inactivation_half_mv: float  # -52.4 mV: half inactivation, calcium
    calcium_inactivation_slope_mv: float  # 5.2 mV: slope of the inactivation, calcium
    calcium_inactivation_time_ms: float  # 18 ms: time constant of the inactivation, calcium
    calcium_per_current: float  # 5e-06 mmol/L per uA/cm2 and ms: calcium that comes in for the current, with what it …
    calcium_removal_ms: float  # 250 ms: time constant of its removal
    cation_conductance: float  # 1 mS/cm2: calcium-activated cation current
    cation_half_mmol_l: float  # 0.00074 mmol/L: calcium that opens half of it
    potassium_calcium_conductance: float  # 0 mS/cm2: calcium-activated potassium; none in the minimal core
    potassium_calcium_half_mmol_l: float  # 0.0002 mmol/L: calcium that opens half of it


CALCIUM = CalciumNumbers._make(values("calcium", CalciumNumbers._fields))
