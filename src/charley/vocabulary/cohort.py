"""A field of virtual runners, and what became of it: frozen nouns in SI, the words of which stand in the faces."""

from __future__ import annotations

from dataclasses import dataclass

from charley.vocabulary.arrays import Floats
from charley.vocabulary.estimate import Estimate

MOST_RUNNERS = 100_000_000


@dataclass(frozen=True, slots=True)
class Wave:
    """A start: seconds after the day's midnight, and the share of the field in it, the fastest first."""

    start_s: float
    share: float


@dataclass(frozen=True, slots=True)
class Origin:
    """Where some numbers of a field come from."""

    what: str
    where: str


@dataclass(frozen=True, slots=True)
class Field:
    """A race and who runs it. Times of finish are those of a day of ``finish_wbgt_c``, by sex, at ``shares``.

    Arrays: ``shares``, ``women_s``, ``men_s`` of one length; ``air_*`` of another, at seconds after midnight.
    """

    name: str
    runners: int  # of the real race
    distance_m: float
    height_at_m: Floats
    height_m: Floats
    waves: tuple[Wave, ...]
    female_share: float
    age_women_y: tuple[float, float]  # mean, SD
    age_men_y: tuple[float, float]
    incidence: str  # "volunteers", "mass", "either": whose cramps the baseline is that of
    shares: Floats
    women_s: Floats
    men_s: Floats
    finish_wbgt_c: float
    air_s: Floats
    air_temp_c: Floats
    relative_humidity: Floats
    wind_m_s: Floats
    solar_w_m2: Floats
    air_temp_sd_c: float  # how far the day may differ from that
    drink_l_h: tuple[float, float, float] | None  # middle, and the limits of the middle 95 in 100; None: the table's
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure for the race's own number of runners, with its two intervals, the middle 80 in 100 of each.

    ``parameters``: what science does not know, with as many runners as one likes. ``people_low`` to ``people_high``:
    what is left to who lines up, and to luck, if the middle of the parameters were true.
    """

    parameters: Estimate
    people_low: float
    people_high: float


@dataclass(frozen=True, slots=True)
class Kilometre:
    """One kilometre: first cramps counted in the simulation, and per race."""

    km: int  # from km to km + 1
    counted: int
    cramps: Spread


@dataclass(frozen=True, slots=True)
class Slot:
    """A quarter of an hour of the clock: seconds after midnight at its start, and first cramps per race in it."""

    start_s: float
    counted: int
    cramps: Spread


@dataclass(frozen=True, slots=True)
class Post:
    """A stretch of road worth a helper's post, when half of its cramps come, and how many helpers it keeps busy."""

    from_m: float
    to_m: float
    from_s: float
    to_s: float
    share: float  # of all cramps
    cases: Spread  # who stop or walk there, per race
    busiest_h: Estimate  # cases an hour in its busiest quarter of an hour
    helpers: Estimate  # kept busy then


@dataclass(frozen=True, slots=True)
class Quantity:
    """A state of the simulated runners at its quantiles: ``shares`` and ``values`` of one length."""

    id: str
    unit: str
    shares: tuple[float, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the runners by sex and finish: how many were simulated, how many of them cramped."""

    sex: str
    from_s: float
    to_s: float
    runners: int
    cramped: int


@dataclass(frozen=True, slots=True)
class Check:
    """A figure of the model beside one that was counted in a real field; None where there is none."""

    id: str
    model: Estimate
    counted: tuple[float, float, float] | None  # value, low, high
    source_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CohortAnswer:
    """What became of the field. Counts of the simulation are whole numbers; figures are per race."""

    field: Field
    runners: int
    parameter_sets: int
    seed: int
    digest: str
    parameters_sha256: str  # of all tables of evidence
    complete: bool
    fresh: int  # runners simulated now; the others came from a checkpoint
    seconds: float
    processor_s: float
    workers: int
    scheduler: str  # "one process", "processes", "cluster"
    peak_mb: float
    kept: bool  # False: a checkpoint was asked for, and the disk would not take it
    by_km: tuple[Kilometre, ...]
    by_slot: tuple[Slot, ...]
    peak_m: tuple[float, float]  # the narrowest stretch with half of the cramps
    chance: Spread  # per race: cramped
    calf: Spread
    stops: Spread
    severe: Spread
    core_warm: Spread
    core_high: Spread
    weight_gain: Spread
    sodium_low: Spread
    posts: tuple[Post, ...]
    groups: tuple[Group, ...]
    quantities: tuple[Quantity, ...]
    checks: tuple[Check, ...]
    simulation_sd: float  # of the chance of a cramp, from the finite number of virtual runners
    wbgt_c: tuple[float, float]  # lowest and highest over the hours of the race
