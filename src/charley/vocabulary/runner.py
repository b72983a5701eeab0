"""The runner, the weather and what was drunk: what a person can tell about a run, None where nothing was said.

Each class refuses what no runner can have, in one coded line.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from charley.vocabulary.errors import UsageError

# Plausible limits of a living, running person and of air that people run in; wider than any study's own range. With
# each: the unit in which a person reads it ("%": of a fraction) and what it is called.
RANGES: dict[str, tuple[float, float, str, str]] = {
    "mass_kg": (25.0, 250.0, "kg", "body mass"),
    "height_m": (1.2, 2.3, "m", "height"),
    "body_fat": (0.03, 0.6, "%", "body fat"),
    "age_y": (8.0, 100.0, "years", "age"),
    "longest_run_30d_m": (0.0, 500_000.0, "m", "longest run"),
    "heat_runs_14d": (0.0, 28.0, "runs", "runs in the heat"),
    "sweat_rate_l_h": (0.05, 6.0, "L/h", "sweat rate"),
    "sweat_sodium_mmol_l": (5.0, 130.0, "mmol/L", "sodium of the sweat"),
    "air_temp_c": (-40.0, 48.0, "°C", "air temperature"),
    "relative_humidity": (0.0, 1.0, "%", "relative humidity"),
    "wind_m_s": (0.0, 30.0, "m/s", "wind"),
    "solar_w_m2": (0.0, 1300.0, "W/m²", "solar irradiance"),
    "drink_l": (0.0, 30.0, "L", "drink"),
    "drink_sodium_mmol_l": (0.0, 200.0, "mmol/L", "sodium of the drink"),
    "drink_carbohydrate_g_l": (0.0, 400.0, "g/L", "carbohydrate of the drink"),
    "salt_g": (0.0, 60.0, "g", "salt"),
    "carbohydrate_g": (0.0, 3000.0, "g", "carbohydrate"),
}


@dataclass(frozen=True, slots=True)
class BestEffort:
    """A race or a hard effort: ``distance_m`` in ``time_s``."""

    distance_m: float
    time_s: float

    def __post_init__(self) -> None:
        # 400 m to 24 h; faster than any person, or slower than walking, is a slip of the pen.
        speed = self.distance_m / self.time_s if self.time_s > 0 else math.inf
        if not (400.0 <= self.distance_m <= 500_000.0 and 0.5 <= speed <= 10.5):
            raise UsageError("usage-value", f"no best effort: {self.distance_m:g} m in {self.time_s:g} s", "--best")


@dataclass(frozen=True, slots=True)
class CrampHistory:
    """How many of the last ``races`` long hard efforts (two hours or more) brought a leg cramp."""

    cramped: int
    races: int

    def __post_init__(self) -> None:
        if not 0 <= self.cramped <= self.races <= 1000:
            raise UsageError("usage-value", f"{self.cramped} cramps in {self.races} races", "--history")


@dataclass(frozen=True, slots=True)
class Runner:
    """What is known of a runner. None = not said: the answer then carries what studies say, with its spread."""

    mass_kg: float | None = None
    height_m: float | None = None
    body_fat: float | None = None  # fraction of body mass
    age_y: float | None = None
    sex: str | None = None  # "female" or "male", as far as the studies tell them apart
    bests: tuple[BestEffort, ...] = ()
    history: CrampHistory | None = None
    longest_run_30d_m: float | None = None
    heat_runs_14d: float | None = None  # runs of about an hour in 30 °C or more in the last two weeks
    sweat_rate_l_h: float | None = None  # weighed, in conditions like these
    sweat_sodium_mmol_l: float | None = None
    # further answers by the key of a prior in the evidence tables, e.g. ("strength_training", 1.0)
    about: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        _check_ranges(self)
        if self.sex not in (None, "female", "male"):
            raise UsageError("usage-value", f"sex {self.sex!r}, known are female and male", "--sex")
        if self.mass_kg is not None and self.height_m is not None:
            bmi = self.mass_kg / self.height_m**2
            if not 10.0 <= bmi <= 80.0:
                found = f"{self.mass_kg:g} kg at {self.height_m:g} m do not belong to one person"
                raise UsageError("usage-value", found, "--mass, --height")


@dataclass(frozen=True, slots=True)
class Weather:
    """Air at a runner's height during the run. None = not said."""

    air_temp_c: float | None = None
    relative_humidity: float | None = None  # 0..1
    wind_m_s: float | None = None  # mean over directions
    solar_w_m2: float | None = None

    def __post_init__(self) -> None:
        _check_ranges(self)


@dataclass(frozen=True, slots=True)
class Intake:
    """What was taken during the run. None = not said."""

    drink_l: float | None = None
    drink_sodium_mmol_l: float | None = None
    drink_carbohydrate_g_l: float | None = None
    salt_g: float | None = None  # as tablets or food, grams of NaCl over the run
    carbohydrate_g: float | None = None  # gels and food over the run

    def __post_init__(self) -> None:
        _check_ranges(self)


def _check_ranges(thing: Runner | Weather | Intake) -> None:
    for f in fields(thing):
        if f.name not in RANGES:
            continue
        value, (low, high, unit, what) = getattr(thing, f.name), RANGES[f.name]
        if value is not None and not low <= value <= high:  # also false for NaN
            shown = 100.0 if unit == "%" else 1.0
            limits = f"{shown * low:g} to {shown * high:g} {unit}"
            raise UsageError("usage-value", f"{what} {shown * value:.4g} {unit}; possible is {limits}", f.name)
