"""A race to come, as it is asked and as it is answered: frozen nouns in SI, the words of which stand in the faces."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from charley.vocabulary.arrays import Floats
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.note import Note

OK, CANNOT_TELL, INFEASIBLE = "ok", "cannot_tell", "infeasible"


@dataclass(frozen=True, slots=True)
class Air:
    """Air over the hours of a race. Arrays (hours,) from the start; ``*_sd`` is how far it may differ from that.

    ``source``: "told", "forecast" (a saved file), "climate" (month, latitude, hour), "usual" (nothing is known).
    """

    hour: Floats
    air_temp_c: Floats
    relative_humidity: Floats
    wind_m_s: Floats
    solar_w_m2: Floats
    temp_sd_c: float
    humidity_sd: float
    source: str
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class RaceCourse:
    """The way: heights on a grid of distance, (points,). ``heights``: "file" or "flat" (nobody told, none assumed)."""

    name: str
    distance_m: float
    at_m: Floats
    height_m: Floats
    heights: str
    ascent_m: float = 0.0
    ascent_low_m: float = 0.0
    ascent_high_m: float = 0.0
    latitude_deg: float | None = None
    longitude_deg: float | None = None


@dataclass(frozen=True, slots=True)
class Race:
    """What is asked. ``starts_at`` None: the date is not known. ``stations_m`` are drink stations along the way."""

    course: RaceCourse
    air: Air
    goal_s: float | None = None
    starts_at: datetime | None = None
    name: str = ""
    stations_m: tuple[float, ...] = ()
    cup_l: float = 0.15


@dataclass(frozen=True, slots=True)
class PredictedTime:
    """One published predictor's time on the flat on a usual day, with the middle 80 in 100 of its own error."""

    id: str
    time: Estimate
    counted: bool
    why_not: Note | None
    races: tuple[tuple[float, float], ...]  # distance (m) and time (s) of the races that it was worked out from
    source_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FinishTime:
    """How long it will take. ``able``: an even race at own level, in this air, on this course (s); ``expected``: what
    running for the goal comes to; ``reach``: chance of the goal or better."""

    able: Estimate
    expected: Estimate
    reach: float | None
    predicted: tuple[PredictedTime, ...]
    heat_factor: Estimate
    course_factor: float


@dataclass(frozen=True, slots=True)
class ChanceAt:
    """The chance of a first cramp by a distance."""

    at_m: float
    chance: Estimate


@dataclass(frozen=True, slots=True)
class Stretch:
    """The stretch of road that holds half of the chance, the narrowest such."""

    from_m: float
    to_m: float


@dataclass(frozen=True, slots=True)
class Lever:
    """One change and what it does to the chance of a cramp (negative: fewer), as a share of 1, not of the chance.

    ``verdict``: "clear" (the middle 80 in 100 lie on one side of zero), "cannot_tell", or "withheld" (``why``).
    ``finish_difference_s``: what it costs in time. ``grade`` and ``source_ids`` are those of the prior behind it.
    """

    id: str
    values: tuple[tuple[str, float], ...]
    difference: Estimate | None
    verdict: str
    finish_difference_s: float
    grade: str
    source_ids: tuple[str, ...]
    why: Note | None = None


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """A finish time, run as planned otherwise, and the chance of a cramp with it."""

    finish_s: float
    chance: Estimate
    within_limits: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the plan: mean speed on this ground, the clock at its end, and the ceiling at the station there.

    ``drink_most_l`` is a ceiling within thirst, never a target; None where none is given (see the gates).
    """

    from_m: float
    to_m: float
    speed_m_s: float
    clock_s: float
    station: bool
    drink_most_l: float | None
    carbohydrate_g: float | None


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of the plan: what was found on the re-simulation, and what it may be. ``held`` False: the plan stands by
    precedence, and ``note`` says why."""

    id: str
    found: float
    limit: float
    unit: str
    held: bool
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do. None of a figure: none is given, and ``withheld`` says why. Kept at habit: ids of levers that are
    worth less than one in 100."""

    finish_s: float
    segments: tuple[Segment, ...]
    drink_ceiling_l: float | None
    drink_l_h: float | None
    sodium_mg_h: float | None
    carbohydrate_g_h: float | None
    chance: Estimate
    difference: Estimate  # against the usual way at the goal
    sweat_l: Estimate
    sodium_lost_mmol: Estimate  # with sweat and urine
    potassium_lost_mmol: Estimate
    mass_loss: Estimate  # share of body mass, ceilings drunk
    limits: tuple[Limit, ...]
    at_habit: tuple[str, ...]
    withheld: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no plan for this target, and the fastest finish within the limits (None: there is none)."""

    reasons: tuple[Note, ...]
    fastest_s: float | None


@dataclass(frozen=True, slots=True)
class Health:
    """What decides which advice may be given. ``asked`` False: nobody said, which is not the same as healthy."""

    named: tuple[str, ...]
    asked: bool
    no_sodium: bool
    no_drink_figures: bool
    no_plan: bool
    low_energy: bool
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Ledger:
    """Scores of earlier forecasts of races: mean Brier, CRPS of the time (s), interval score (s), and coverage."""

    races: int
    brier: float | None
    brier_base: float | None
    timed: int
    crps_s: float | None
    interval_score_s: float | None
    inside_50: float | None
    inside_80: float | None
    coverage_se_50: float | None
    coverage_se_80: float | None
    rows: tuple[LedgerRow, ...] = ()


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One kept forecast: what was said, and what came of it (None: not yet). ``intact``: its seal still fits."""

    forecast_id: int
    name: str
    made_at: datetime
    planned_at: datetime | None
    distance_m: float
    chance: float
    seal: str
    intact: bool
    run_id: str | None = None
    cramped: bool | None = None
    finish_s: float | None = None
    said: tuple[float, float, float] | None = None  # low, median and high of the finish time, s


@dataclass(frozen=True, slots=True)
class RaceAnswer:
    """The whole answer. Where ``status`` is cannot_tell no chance is given (None), and ``outside`` says why."""

    status: str
    race: Race
    finish_s: float  # the finish that the chances are for: the goal, else what is expected
    finish: FinishTime | None
    chance: Estimate | None
    chance_of_people: tuple[float, float] | None  # two of ten such runners are below the first, two above the second
    by_km: tuple[ChanceAt, ...]
    stretch: Stretch | None
    plan: Plan | None
    plan_by_km: tuple[ChanceAt, ...]
    refusal: Refusal | None
    base_rate: Estimate | None
    base_rate_studies: Estimate | None
    levers: tuple[Lever, ...]
    frontier: tuple[FrontierPoint, ...]
    health: Health
    outside: tuple[Note, ...]
    assumed: tuple[Note, ...]
    n_runs: int
    n_cramps: int
    draws: int
    seed: int
    finish_quantiles_s: Floats = field(default_factory=lambda: np.zeros(0))  # of the expected finish, for the record
    usual_start: float = 1.0  # speed of the first tenth over the mean, as the runner is used to
    demo: bool = False
    ledger: Ledger | None = None
    seal: str = ""
    source_ids: tuple[str, ...] = ()
    past_cramps: tuple[tuple[float, float], ...] = ()  # speed (m/s) and time (s) of cramps in the journal
    frontier_trained: tuple[tuple[float, float], ...] = ()  # speed (m/s) that was held for a time (s) in 12 weeks
    weeks: tuple[tuple[datetime, float], ...] = field(default=())  # distance (m) of each of the last 26 weeks
    cramped_at: tuple[datetime, ...] = ()  # start of each run that cramped
    mass_kg: float = 0.0  # told, or the middle of what is likely
    prior_share: float = 1.0  # of the chance: how much of it is from studies alone, as in ``Why``
