"""Plain typed records handed to the software under judgement, and the truth kept back from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

# What may drive a cramp, and the measured sides ("components") each numeric family is made of.
COMPONENTS: dict[str, tuple[str, ...]] = {
    "pace": ("level", "start", "surge"),
    "load": ("beyond", "thin", "climb"),
    "heat": ("heat",),
    "fluid": ("loss",),
    "salt": ("salt",),
    "fuel": ("fuel",),
    "tiredness": ("hours",),
}
TRAITS = ("one_leg", "shoes", "place")  # place = one muscle of the body (not a spot on the map)
FAMILIES = tuple(COMPONENTS) + TRAITS
COLUMNS = tuple(c for cs in COMPONENTS.values() for c in cs)
COL = {name: i for i, name in enumerate(COLUMNS)}
FAMILY_OF = {c: f for f, cs in COMPONENTS.items() for c in cs}
SHIFTED = ("level", "start", "heat")  # interval-like: lowered by a shift; the rest by a factor


@dataclass(frozen=True)
class Profile:
    age: int
    sex: str  # "f" | "m"
    mass_kg: float
    height_m: float
    best_distance_km: float
    best_time_s: float


@dataclass(frozen=True)
class Drink:
    name: str
    litres: float
    sodium_mg: float
    carbohydrate_g: float


@dataclass(frozen=True)
class CrampTold:
    """One cramp as the runner told it; time_s / km are None where not told (at most one is told)."""

    time_s: float | None
    km: float | None
    muscle: str  # "calf" | "hamstring" | "foot"
    side: str | None  # "left" | "right" | "both" | None
    severity: int  # 1 a twinge, 2 had to slow, 3 had to stop


@dataclass(frozen=True)
class Report:
    status: str  # "no_cramp" | "cramp" | "after_only"
    cramps: tuple[CrampTold, ...] = ()
    after_hours: float | None = None
    after_muscle: str | None = None
    after_side: str | None = None


@dataclass(frozen=True)
class OutsideRun:
    start: datetime
    kind: str  # race | hard_long | long | tempo | interval | easy
    hard: bool  # race or hard_long: an answer is asked for
    race_km: float | None  # planned distance, where it was a race
    time_s: np.ndarray  # 5-s steps; all arrays float32
    distance_m: np.ndarray
    altitude_m: np.ndarray
    heart_rate_bpm: np.ndarray | None
    cadence_spm: np.ndarray | None
    temperature_c: float | None
    humidity_pct: float | None
    drinks: tuple[Drink, ...] | None  # None: nothing told; () : told "nothing"
    mass_before_kg: float | None
    mass_after_kg: float | None
    shoes: str | None
    tight_calves: bool | None  # told before the run
    bad_sleep: bool | None
    report: Report | None  # None: not asked, or never answered


@dataclass(frozen=True)
class TrueCramp:
    time_s: float  # in moving record time
    km: float
    muscle: str
    side: str
    severity: int


@dataclass(frozen=True)
class TrueRun:
    """What the runner lived through in one run."""

    cramps: tuple[TrueCramp, ...]
    after_hours: float | None  # a cramp hours after the run
    stopped_early: bool
    planned_km: float
    components: dict[str, float]  # run-level factor values (scaled, see README)


@dataclass(frozen=True)
class Truth:
    world: str
    main: tuple[str, ...]  # ("none",), one family, or two tied ones
    shares: dict[str, float]  # family -> share of hard-run cramps that would not have come
    shares_late: dict[str, float]  # the same over the later half of the hard runs
    cut_share: float  # share avoided had each hard run ended at its lower-quartile hours
    after_shares: dict[str, float]  # only where a world lets causes act after the run, else {}
    chance: np.ndarray  # per run: true chance of an in-run leg cramp (nan: not computed)
    chance_calf: np.ndarray  # per run: ... whose first cramp is in a calf
    chance_after: np.ndarray  # per run: true chance of a cramp afterwards
    hard: np.ndarray  # per run: bool
    expected_hard_cramps: float
    lived: tuple[TrueRun, ...]
    notes: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class OutsideRunner:
    profile: Profile
    runs: tuple[OutsideRun, ...]  # in date order
    truth: Truth
