"""The numbers of ``lab``, by id. Made from parameters_lab.toml by scripts/make_numbers.py."""

from typing import NamedTuple

from charley.evidence.numbers.filling import values


class LabNumbers(NamedTuple):
    """One field a row of parameters_lab.toml."""

    extracellular_share: float  # 0.3333 fraction of body water: a third of body water lies outside the cells
    water_sodium_mmol_l: float  # 0.09 mmol/L: spring water with 2 mg of sodium a litre
    water_potassium_mmol_l: float  # 0 mmol/L: next to nothing in spring water
    ors_sodium_mmol_l: float  # 50.8 mmol/L: printed as 2970 mg of sodium a litre, which with 1801 mg of chloride can …
    ors_potassium_mmol_l: float  # 20.3 mmol/L: 794 mg of potassium a litre
    sports_drink_sodium_mmol_l: float  # 20 mmol/L: one of the drinks compared held 19.9 mmol/L, another 36.2
    sports_drink_potassium_mmol_l: float  # 4 mmol/L: usual in drinks for sport
    motor_axon_current_width_pct: float  # 12 % of the current that fires half of the motor axons: width of the …
    sensory_axon_current_pct: float  # 80 % of the current that fires half of the motor axons: an H reflex appears at …
    sip_water_strength: float  # 0 effect of pickle juice: plain water has no sharp taste
    sip_pickle_juice_strength: float  # 1 effect of pickle juice: 1 mL/kg of it is the unit
    reflex_volley_spread_ms: float  # 3 ms: within which the Ia impulses of one shock reach the motor neurons; between …


LAB = LabNumbers._make(values("lab", LabNumbers._fields))
