"""Weeks before a race: what is asked, what the log holds, and the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from charley.vocabulary.note import Note

NOVICE, EXPERIENCED = "novice", "experienced"


@dataclass(frozen=True, slots=True)
class Trained:
    """What the log holds of the last weeks. ``missed_weeks``: full weeks without a run up to today, one after another,
    of somebody who ran before. ``spike``: longest run of the last week over that of the 30 days before it."""

    week_m: float  # mean of the last four weeks that held a run
    longest_m: float  # of the last 30 days
    easy_speed_m_s: float | None
    missed_weeks: int
    spike: float | None
    week_change: float | None  # last week over the four before it
    raises_best: int  # step of the ladder that the logged calf raises reach, -1 for none
    weeks_logged: int


@dataclass(frozen=True, slots=True)
class TrainingWeek:
    """One week. ``phase``: "build", "lighter", "taper", "race", "recover". ``long_min``: a novice's long run goes by
    time on feet. ``goal_m``: goal pace within the long run. ``faster``: "none", "strides", "intervals", "tempo".
    """

    starts_on: date
    phase: str
    week_m: float
    runs: int
    long_m: float
    long_min: float | None
    goal_m: float
    faster: str
    raises: str  # a step of the ladder of calf raises, "" for none
    jumps: bool


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """The weeks, and what they come to. ``race_over_longest``: the race's distance over the longest run before it."""

    kind: str
    kind_known: bool  # False: nobody said for how long they have run; the log decided
    distance_m: float
    race_on: date
    trained: Trained
    weeks: tuple[TrainingWeek, ...]
    race_over_longest: float
    notes: tuple[Note, ...]
