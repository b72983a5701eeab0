"""The runner, the weather and what was drunk: what a person can tell about a run, None where nothing was said."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BestEffort:
    """A race or a hard effort: ``distance_m`` in ``time_s``."""

    distance_m: float
    time_s: float


@dataclass(frozen=True, slots=True)
class CrampHistory:
    """How many of the last ``races`` long hard efforts (two hours or more) brought a leg cramp."""

    cramped: int
    races: int


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
    sweat_rate_l_h: float | None = None  # weighed, in conditions like these
    sweat_sodium_mmol_l: float | None = None
    # further answers by the key of a prior in the evidence tables, e.g. {"strength_training": 1.0}
    about: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Weather:
    """Air at a runner's height during the run. None = not said."""

    air_temp_c: float | None = None
    relative_humidity: float | None = None  # 0..1
    wind_m_s: float | None = None  # mean over directions
    solar_w_m2: float | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """What was taken during the run. None = not said."""

    drink_l: float | None = None
    drink_sodium_mmol_l: float | None = None
    drink_carbohydrate_g_l: float | None = None
    salt_g: float | None = None  # as tablets or food, grams of NaCl over the run
    carbohydrate_g: float | None = None  # gels and food over the run
