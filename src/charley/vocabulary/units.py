"""Every unit conversion of the project, in one place. Inside, all is SI with the unit in the name."""

from __future__ import annotations

SECONDS_PER_MINUTE = 60.0
SECONDS_PER_HOUR = 3600.0
SECONDS_PER_DAY = 86_400.0
METRES_PER_KM = 1000.0
METRES_PER_MILE = 1609.344  # international mile, exact by definition
METRES_PER_YARD = 0.9144  # exact by definition
METRES_PER_FOOT = 0.3048  # international foot, exact by definition
FAHRENHEIT_PER_CELSIUS = 1.8  # of a difference of temperatures
EARTH_RADIUS_M = 6_371_000.0  # mean radius (IUGG), rounded
KG_PER_POUND = 0.45359237  # exact by definition
LITRES_PER_US_FLUID_OUNCE = 0.0295735295625  # exact by definition
JOULES_PER_KCAL = 4184.0  # thermochemical calorie, exact by definition
GRAVITY_M_S2 = 9.80665  # standard gravity, exact by definition
SODIUM_G_PER_MOL = 22.98977  # IUPAC standard atomic weight
POTASSIUM_G_PER_MOL = 39.0983  # IUPAC standard atomic weight
CALCIUM_G_PER_MOL = 40.078  # IUPAC standard atomic weight
MAGNESIUM_G_PER_MOL = 24.305  # IUPAC standard atomic weight
CHLORIDE_G_PER_MOL = 35.45  # IUPAC standard atomic weight


def pace_s_km_from_speed(speed_m_s: float) -> float:
    """Seconds per kilometre at a speed in m/s (which must be above zero)."""
    return METRES_PER_KM / speed_m_s


def speed_from_pace_s_km(pace_s_km: float) -> float:
    """Speed in m/s at a pace in seconds per kilometre (which must be above zero)."""
    return METRES_PER_KM / pace_s_km


def fahrenheit_from_celsius(temp_c: float) -> float:
    """Degrees Fahrenheit from degrees Celsius."""
    return temp_c * 9.0 / 5.0 + 32.0


def celsius_from_fahrenheit(temp_f: float) -> float:
    """Degrees Celsius from degrees Fahrenheit."""
    return (temp_f - 32.0) * 5.0 / 9.0


def sodium_mg_from_mmol(sodium_mmol: float) -> float:
    """Milligrams of sodium from millimoles."""
    return sodium_mmol * SODIUM_G_PER_MOL


def sodium_mmol_from_mg(sodium_mg: float) -> float:
    """Millimoles of sodium from milligrams."""
    return sodium_mg / SODIUM_G_PER_MOL


def sodium_mg_from_salt_g(salt_g: float) -> float:
    """Milligrams of sodium in grams of table salt (NaCl)."""
    return salt_g * 1000.0 * SODIUM_G_PER_MOL / (SODIUM_G_PER_MOL + CHLORIDE_G_PER_MOL)


def litres_from_us_fluid_ounces(volume_floz: float) -> float:
    """Litres from US fluid ounces."""
    return volume_floz * LITRES_PER_US_FLUID_OUNCE


def mmol_l_from_ug_ml(concentration_ug_ml: float, molar_mass_g_mol: float) -> float:
    """Millimoles per litre from micrograms per millilitre."""
    return concentration_ug_ml / molar_mass_g_mol
