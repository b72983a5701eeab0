"""What a whole journal says, beside the answer for one run: families first, patterns, and what the runner's body is.

Shares are preventable fractions of 1 over the runner's hard runs; they overlap and do not sum to one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from charley.vocabulary.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Family:
    """Several factors answered for together.

    ``share``: of the cramps expected in the runner's hard runs, those that would not come with the family at the lower
    quartile of these runs; ``before``: the same before their cramps were counted; ``reference``: against the reference
    run, what studies would expect. ``open``: what the log leaves open, at even odds before it that the family is this
    runner's own. ``named``: the log bears it out. ``evidence``: log Bayes factor of the log for a trigger of this
    family. ``always_there``: in every hard run, so that the log cannot tell.
    """

    id: str
    label: str
    share: Estimate
    before: Estimate
    reference: Estimate
    open: Estimate
    named: bool
    evidence: float
    always_there: bool


@dataclass(frozen=True, slots=True)
class Length:
    """How far and how long: the part of the cramps that the same runner half way would not have. A row of its own,
    named only by its lower limit; never a main cause. ``late_grade`` and ``why_grade``: of "cramps come late" and of
    "fatigue is why"."""

    share: Estimate
    before: Estimate
    named: bool
    late_grade: str
    why_grade: str
    claim_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlainTable:
    """Hard runs on two sides of a line, counted: no model.

    ``id``: "fast_start", "distance", "beyond_longest", "heat", "drink", "hills", "volume", "shoe_age", "hour",
    "summer", "tight_calves", "bad_sleep", or "pair" with its ``name``. ``alone``: Fisher's exact test of this table;
    ``by_chance``: how often luck makes any of the tables looked at as clean. ``sides``: of each answered hard run in
    order, whether it lies beyond the line; None where that is not known.
    """

    id: str
    name: str
    cut: float | None
    unit: str
    beyond_cramped: int
    beyond_runs: int
    other_cramped: int
    other_runs: int
    alone: float
    by_chance: float
    stands_out: bool
    sides: tuple[bool | None, ...] = ()


@dataclass(frozen=True, slots=True)
class LegTable:
    """Left against right, one leg a run or night. ``by_chance``: of as many in one leg, either leg, by lot."""

    left: int
    right: int
    side: str  # the one with more
    by_chance: float
    stands_out: bool


@dataclass(frozen=True, slots=True)
class MuscleTable:
    """First cramps of runs by muscle. ``other``: the commonest that is no calf; ``by_chance``: of as many in it."""

    counts: tuple[tuple[str, int], ...]
    calf: int
    other: str | None
    by_chance: float
    stands_out: bool


@dataclass(frozen=True, slots=True)
class PlainTables:
    """Counts before any model, over ``hard`` answered hard runs of which ``cramped`` cramped; the cleanest first."""

    hard: int
    cramped: int
    looked_at: int
    tables: tuple[PlainTable, ...]
    leg: LegTable
    muscle: MuscleTable

    @property
    def standing_out(self) -> tuple[PlainTable, ...]:
        """The tables that luck does not explain."""
        return tuple(t for t in self.tables if t.stands_out)


@dataclass(frozen=True, slots=True)
class Misfit:
    """A pattern of the log that the model hardly ever makes. ``code``: "count" (cramps in all), "halves" (the later
    half against the earlier), "spells" (one after the other), "split" (the cleanest table, ``table``). ``by_model``:
    share of logs made by the model that show as much; ``expected``: what they show on average."""

    code: str
    by_model: float
    seen: float
    expected: float
    table: str | None = None


@dataclass(frozen=True, slots=True)
class HoursAfter:
    """Cramps after runs and at night: processes of their own, which move nothing that is said of runs.

    ``window``: "first_hour", "one_to_six_hours" or "night". ``chance``: after the runner's usual hard run; ``before``:
    the same before anything was said of those hours.
    """

    window: str
    cramped: int
    asked: int
    chance: Estimate
    before: Estimate


@dataclass(frozen=True, slots=True)
class Foretold:
    """The chance of a cramp of any leg muscle in a run, and of the calf's alone. ``before``: before the log."""

    run_id: str
    distance_m: float
    chance: Estimate
    calf: Estimate
    before: Estimate


@dataclass(frozen=True, slots=True)
class OneChange:
    """At most one change that is worth making. ``code`` names it, or says why there is none: "nothing_stands_out",
    "nothing_to_change", "too_little", "weigh_first". ``by``: of what the change is made ("log" or "studies").
    ``without`` and ``with_it``: chance in a run like ``run_id``; ``costs_s``: time that it costs there."""

    code: str
    family: str | None
    by: str
    size: float
    unit: str
    run_id: str
    started_at: datetime | None
    without: Estimate | None
    with_it: Estimate | None
    costs_s: float


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
    families: tuple[tuple[str, float], ...]  # id, share


@dataclass(frozen=True, slots=True)
class OverJournal:
    """What holds over all runs. ``verdict``: "cannot_tell", "named", "most_likely"; ``ranked``: False without a cramp.

    ``lead``: the muscles that drivers are judged for ("calf" or "other"). ``together``: the named families rose and
    fell together, so that the log cannot tell them apart; ``with_length``: one of them with how long the runs were.
    ``none``: share of cramps that none of the families explains.
    """

    verdict: str
    ranked: bool
    enough: bool  # cramps and hard runs enough to name anything
    together: bool
    with_length: bool
    lead: str
    families: tuple[Family, ...]  # the largest share first if ranked, else in the fixed order
    length: Length
    none: Estimate
    joint: Estimate
    tables: PlainTables
    misfits: tuple[Misfit, ...]
    next_hard_run: Foretold
    hours_after: tuple[HoursAfter, ...]
    change: OneChange
    n_answered: int
    n_hard: int
    hard_rule: str
    cramps: tuple[LoggedCramp, ...]
    same_place: SamePlace | None
    races: RacesAgainstTraining
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

    ``runs_to_tell``: such runs, half of them with the change, until 8 of 10 trials would show this difference in risk;
    None: more than anybody would run.
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
    usual_risk: Estimate  # of a cramp, a twitch or tightness in a run that counts
    seed: int
    runs_an_arm: int | None = None  # what it would take in each arm, however many that are; None: not worked out
    ended_at: datetime | None = None  # by the runner, before all runs were run


@dataclass(frozen=True, slots=True)
class Arms:
    """One way to count a trial: runs, and those with a cramp, a twitch or tightness, with the change and without.

    ``difference``: of the two rates. ``evidence``: luck brings it to 20 in at most one trial in twenty.
    """

    on_runs: int
    on_events: int
    off_runs: int
    off_events: int
    difference: Estimate
    evidence: float


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
    """What a trial says so far, by what was ``done`` (a run of which that was not said counts as planned), with the
    same by plan beside it. ``verdict``: only where both ways of counting say so. ``over``: no further run counts."""

    plan: TrialPlan
    done: Arms
    as_planned: Arms
    silent: int
    verdict: str  # "lower", "higher", "cannot_tell"
    over: bool
    otherwise: int  # runs in which something else was done than planned
    unsaid: tuple[TrialRun, ...]  # runs of which it was not said what was done


@dataclass(frozen=True, slots=True)
class Offered:
    """A change that may be tried: what is done in the runs with it, and in those without."""

    change: str
    label: str
    on: str
    off: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A trial that is not planned, and why."""

    change: str
    reason: str
