"""What a whole journal says, beside the answer for one run: families first, patterns, and what the runner's body is.

Shares are preventable fractions of 1 over the runner's hard runs; they overlap and do not sum to one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from charley.vocabulary.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Family:
    """Several factors answered for together. ``main``: probability that no other family's share is larger."""

    id: str
    label: str
    share: Estimate
    studies: Estimate
    main: float
    main_studies: float


@dataclass(frozen=True, slots=True)
class ButFor:
    """Of 100 such moments, so many would not have cramped without it. These never sum to anything."""

    id: str
    label: str
    chance: Estimate


@dataclass(frozen=True, slots=True)
class LoggedCramp:
    """One cramp during a run, with what would have been different. ``at_m`` None: only a stretch is known."""

    run_id: str
    started_at: datetime
    at_s: float | None
    at_m: float | None
    from_m: float
    to_m: float
    run_distance_m: float
    run_elapsed_s: float
    race: bool
    muscle: str
    side: str | None
    families: tuple[ButFor, ...]
    factors: tuple[ButFor, ...]
    protective: tuple[str, ...]  # labels of what lowered the hazard at that moment


@dataclass(frozen=True, slots=True)
class Clustering:
    """Do cramps lie closer together than each run's own hazard would have put them?

    ``axis``: "distance" or "time" from the start (``figure``: mean difference between two cramps, m or s), or "course"
    (``figure``: the most cramps within ``within_m`` of one spot on the map). ``expected``: the same in logs redrawn.
    ``by_chance``: share of redrawn logs in which they lie at least as close. ``verdict``: "closer" or "cannot_tell".
    """

    axis: str
    cramps: int
    figure: float
    expected: Estimate | None
    by_chance: float | None
    within_m: float
    verdict: str


@dataclass(frozen=True, slots=True)
class SamePlace:
    """Do cramps come at the same place? Spread of the exact ones, in metres and as share of the run."""

    cramps: int
    median_m: float
    low_m: float
    high_m: float
    median_share: float
    low_share: float
    high_share: float
    clustering: tuple[Clustering, ...] = ()


@dataclass(frozen=True, slots=True)
class RunDot:
    """One run in a picture of all: how long, how far, and what was said of it."""

    run_id: str
    started_at: datetime
    distance_m: float
    elapsed_s: float
    race: bool
    answered: bool
    cramped: bool


@dataclass(frozen=True, slots=True)
class Sides:
    """Cramps by leg, those of no run included; ``unsaid``: of which no side was told."""

    left: int
    right: int
    both: int
    unsaid: int


@dataclass(frozen=True, slots=True)
class Contrast:
    """One difference between races and long training runs: the median of each, None where nothing is known."""

    id: str
    label: str
    unit: str
    races: float | None
    training: float | None


@dataclass(frozen=True, slots=True)
class RacesAgainstTraining:
    """Cramps in races and in training of at least the same sort of length. Silent runs count in neither share."""

    races: int
    races_answered: int
    races_cramped: int
    training: int
    training_answered: int
    training_cramped: int
    contrasts: tuple[Contrast, ...]
    inseparable: tuple[tuple[str, str], ...]  # pairs of families that always rose together in these runs


@dataclass(frozen=True, slots=True)
class OneLeg:
    """Nearly all cramps in one leg: look for a local cause."""

    side: str
    same: int
    told: int


@dataclass(frozen=True, slots=True)
class Group:
    """Cramps of one kind, counted and never pooled with the others: fatigue, nocturnal, symptomatic."""

    id: str
    label: str
    cramps: int
    windows: tuple[tuple[str, int], ...]  # (during, after_0_1h, after_1_6h, night), counts
    note: str


@dataclass(frozen=True, slots=True)
class Personal:
    """A parameter of this runner's body or habit, as learnt, and what it would be for anybody."""

    id: str
    label: str
    unit: str
    estimate: Estimate
    anybody: Estimate | None
    learnt_from: str


@dataclass(frozen=True, slots=True)
class Before:
    """What the answer was before the latest news, to say what moved."""

    made_at: datetime
    n_runs: int
    n_cramps: int
    verdict: str
    prior_share: float
    families: tuple[tuple[str, float], ...]  # id, probability to be the main one


@dataclass(frozen=True, slots=True)
class OverJournal:
    """What holds over all runs. ``verdict``: cannot_tell, leans or most_likely; ``ranked``: False without a cramp."""

    verdict: str
    ranked: bool
    mostly_studies: bool
    families: tuple[Family, ...]  # the main one first if ranked, else in the fixed order
    single: str | None  # a single factor, where the log allows to name one
    single_probability: float
    joint: Estimate
    n_answered: int
    n_hard: int
    hard_rule: str
    cramps: tuple[LoggedCramp, ...]
    same_place: SamePlace | None
    races: RacesAgainstTraining
    one_leg: OneLeg | None
    sides: Sides
    groups: tuple[Group, ...]
    personal: tuple[Personal, ...]
    before: Before | None
    skipped: tuple[str, ...]  # runs whose channels could not be read
    runs: tuple[RunDot, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoredForecast:
    """A forecast that was made before a run, and what came."""

    run_id: str
    started_at: datetime
    made_at: datetime
    chance: float
    cramped: bool


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of forecasts against always saying how often this runner cramps. ``skill`` None: all ended alike."""

    runs: int
    cramped: int
    expected: float
    brier: float
    base_brier: float
    skill: float | None


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """``made``: forecasts stored before their runs. ``replayed``: each hard run foretold from the runs before it."""

    made: tuple[ScoredForecast, ...]
    made_scores: Scores | None
    replayed: tuple[ScoredForecast, ...]
    replayed_scores: Scores | None


@dataclass(frozen=True, slots=True)
class Proposed:
    """A run worth running otherwise: what is brought down, the information expected, the risk against the usual.

    ``runs_to_tell``: about how many such runs until one answer has 8 in 10; None: more than anybody would run.
    """

    id: str
    label: str
    family: bool
    expected_information_bits: float
    risk: float
    usual_risk: float
    runs_to_tell: int | None


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """One change, on in some runs and off in others, with the rule fixed before the first of them."""

    id: int | None  # its number in the journal, once kept
    change: str
    label: str
    made_at: datetime
    arms: tuple[bool, ...]
    least_distance_m: float
    least_elapsed_s: float
    on: str
    off: str
    rule: tuple[str, ...]
    limits: tuple[str, ...]
    expected_information_bits: float
    runs_to_tell: int | None  # to see a halving in 8 of 10 such trials; None: more than anybody would run
    usual_risk: Estimate
    seed: int


@dataclass(frozen=True, slots=True)
class Arms:
    """One way to count a trial: cramps with and without the change, and the difference of the chance in the runner's
    usual hard run."""

    on_runs: int
    on_cramped: int
    off_runs: int
    off_cramped: int
    difference: Estimate
    probability_lower: float


@dataclass(frozen=True, slots=True)
class TrialRun:
    """A run that counts in a trial. ``planned``: with the change; ``done``: whether it was, None where nobody said."""

    run_id: str
    started_at: datetime
    change: str
    label: str
    on: str
    planned: bool
    done: bool | None


@dataclass(frozen=True, slots=True)
class TrialOutcome:
    """What a trial says so far, by what was done (a run of which that was not said counts as planned), with the same
    by plan beside it. ``verdict``: only where both ways of counting say so."""

    plan: TrialPlan
    on_runs: int
    on_cramped: int
    off_runs: int
    off_cramped: int
    silent: int
    difference: Estimate
    probability_lower: float
    verdict: str  # "lower", "higher", "cannot_tell"
    as_planned: Arms
    otherwise: int  # runs in which something else was done than planned
    unsaid: tuple[TrialRun, ...]  # runs of which it was not said what was done


@dataclass(frozen=True, slots=True)
class Refused:
    """A trial that is not planned, and why."""

    change: str
    reason: str
