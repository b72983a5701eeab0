"""Weeks from today to a race, and one after it: long runs that never jump, a taper, strength by what was logged.

Each long run is at most a tenth longer than the longest of the thirty days before it: the one rule of load that the
watches of runners bear out, for injuries. The weekly total follows the long run; it obeys a habit, not a finding.
"""

from __future__ import annotations

from datetime import date, timedelta

from charley.evidence.numbers.planning import PLANNING, PlanningNumbers
from charley.planning.training.ladder import JUMPS_FROM, LADDER, step_of_week
from charley.vocabulary.note import Note, note
from charley.vocabulary.training import EXPERIENCED, NOVICE, Trained, TrainingPlan, TrainingWeek
from charley.vocabulary.units import METRES_PER_KM, SECONDS_PER_MINUTE

MOST_WEEKS = 30
LONG_TAPER_FROM_M = 15_000.0  # shorter races want one week of it, longer ones two
SPIKE_WEEKS = 4  # thirty days
NOVICE_RUNS, EXPERIENCED_RUNS = 3, 5
GOAL_PACE_MOST = 0.5  # of a long run
EASY_AGAIN_WEEKS = 4  # own rule: without hard running, for an experienced runner who has not run lately
AFTER_WEEK, AFTER_LONG = 0.4, 0.3  # own rule: of what was usual, in the week after the race
NOVICE_WEEK_M = 20_000.0  # own rule: who runs less a week, and whose years nobody told, gets the novice's plan


def training_plan(
    distance_m: float,
    race_on: date,
    today: date,
    trained: Trained,
    level: str,
    n: PlanningNumbers = PLANNING,
) -> TrainingPlan:
    """The plan. ``level``: "novice", "experienced", or "" where nobody said. At least one week must be left."""
    kind = level or (NOVICE if trained.week_m < NOVICE_WEEK_M else EXPERIENCED)
    monday = today - timedelta(days=today.weekday())
    count = max(min((race_on - monday).days // 7 + 1, MOST_WEEKS), 1)
    first = race_on - timedelta(days=race_on.weekday()) - timedelta(weeks=count - 1)
    notes = _notes(trained, kind, count, (race_on - monday).days // 7 + 1, n)
    share = n.missed_share if trained.missed_weeks >= 2 else 1.0
    week_m = max(share * trained.week_m, n.week_least_km * METRES_PER_KM)
    speed = trained.easy_speed_m_s or METRES_PER_KM / (n.novice_pace_min_km * SECONDS_PER_MINUTE)
    goal = long_goal_m(distance_m, kind, speed, n)
    taper = 2 if distance_m >= LONG_TAPER_FROM_M else 1
    longest = [trained.longest_m or n.long_least_km * METRES_PER_KM] * SPIKE_WEEKS
    weeks: list[TrainingWeek] = []
    for i in range(count):
        left = count - 1 - i  # weeks to the week of the race
        phase = _phase(i, left, taper, n)
        most = (1 + n.long_run_rise) * max(longest[-SPIKE_WEEKS:])
        long_m = min(most, goal)
        if phase == "lighter":
            long_m = n.lighter_week_share * min(max(longest[-SPIKE_WEEKS:]), goal)
        elif phase == "taper":
            long_m = (1 - n.taper_cut) * max(longest[-SPIKE_WEEKS:])
        elif phase == "race":
            long_m = distance_m
        if phase == "build":
            week_m = max(min((1 + n.week_rise) * week_m, max(week_m, long_m / n.long_share_of_week)), long_m)
        shown = {"lighter": n.lighter_week_share, "taper": 1 - n.taper_cut, "race": (1 - n.taper_cut) / 2}
        total = shown.get(phase, 1.0) * week_m
        weeks.append(_week(first + timedelta(weeks=i), phase, max(total, 0.0 if phase == "race" else long_m), long_m,
                           kind, i, left, speed, trained, n))  # fmt: skip
        longest.append(long_m if phase != "race" else 0.0)
    before = max(longest[-SPIKE_WEEKS - 1 : -1], default=longest[0])
    weeks.append(_recovery(first + timedelta(weeks=count), week_m, before))
    return TrainingPlan(kind, bool(level), distance_m, race_on, trained, tuple(weeks), distance_m / before, notes)


def _recovery(starts_on: date, week_m: float, longest_m: float) -> TrainingWeek:
    """The week after the race: two short easy runs."""
    return TrainingWeek(
        starts_on, "recover", AFTER_WEEK * week_m, 2, AFTER_LONG * longest_m, None, 0.0, "none", "", jumps=False
    )


def long_goal_m(distance_m: float, kind: str, speed_m_s: float, n: PlanningNumbers = PLANNING) -> float:
    """How long the longest run should become; a novice's ends by the clock."""
    if distance_m > 30_000.0:
        goal = min(n.long_goal_share_marathon * distance_m, 35_000.0)
    elif distance_m > LONG_TAPER_FROM_M:
        goal = n.long_goal_share_half * distance_m
    else:
        goal = n.long_goal_share_short * distance_m
    if kind == NOVICE:
        goal = min(goal, speed_m_s * n.long_most_novice_min * SECONDS_PER_MINUTE)
    return float(goal)


def _phase(i: int, left: int, taper: int, n: PlanningNumbers) -> str:
    if left == 0:
        return "race"
    if left < taper:
        return "taper"
    return "lighter" if (i + 1) % int(n.lighter_week_every) == 0 else "build"


def _week(
    starts_on: date, phase: str, total_m: float, long_m: float, kind: str, i: int, left: int, speed_m_s: float,
    trained: Trained, n: PlanningNumbers,
) -> TrainingWeek:  # fmt: skip
    novice = kind == NOVICE
    step = step_of_week(trained.raises_best, i)
    goal_m = 0.0
    if not novice and phase == "build" and i >= 3:
        goal_m = min(0.2 + 0.05 * (i - 3), GOAL_PACE_MOST) * long_m
    return TrainingWeek(
        starts_on=starts_on,
        phase=phase,
        week_m=total_m,
        runs=NOVICE_RUNS if novice else EXPERIENCED_RUNS if phase == "build" else EXPERIENCED_RUNS - 1,
        long_m=long_m,
        long_min=long_m / speed_m_s / SECONDS_PER_MINUTE if novice and phase != "race" else None,
        goal_m=goal_m,
        faster=_faster(novice, phase, i, trained, n),
        raises="" if phase == "race" else LADDER[step].id,
        jumps=phase == "build" and step > JUMPS_FROM and trained.raises_best >= JUMPS_FROM,
    )


def _faster(novice: bool, phase: str, i: int, trained: Trained, n: PlanningNumbers) -> str:
    if phase == "race":
        return "none"
    if phase in ("lighter", "taper"):
        return "none" if novice else "strides"
    if novice:
        return (
            "strides" if i + min(trained.weeks_logged, n.intervals_after_weeks) >= n.intervals_after_weeks else "none"
        )
    fresh = trained.longest_m == 0 or trained.missed_weeks >= 2  # who starts again starts easy
    return "strides" if fresh and i < EASY_AGAIN_WEEKS else "intervals" if i % 2 == 0 else "tempo"


def _notes(trained: Trained, kind: str, count: int, whole: int, n: PlanningNumbers) -> tuple[Note, ...]:
    found = []
    if trained.missed_weeks >= 1:
        found.append(note("missed-weeks", weeks=float(trained.missed_weeks), share=n.missed_share))
    if trained.spike is not None and trained.spike > 1 + n.long_run_rise:
        found.append(note("spike", ratio=trained.spike))
    if trained.week_change is not None and trained.week_change > 1 + n.week_rise:
        found.append(note("week-jump", ratio=trained.week_change))
    if trained.longest_m == 0:
        found.append(note("nothing-logged"))
    if whole > count:
        found.append(note("later", weeks=float(whole - count)))
    if kind == EXPERIENCED and count < 4:
        found.append(note("short-time", weeks=float(count)))
    return tuple(found)
