"""The weeks before a race, from what the log holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from charley.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from charley.vocabulary.training import TrainingPlan

LONGEST_DAYS_AHEAD = 800


def training_plan(
    journal: Path, distance_m: float, race_on: date, years: float | None = None, now: datetime | None = None
) -> TrainingPlan:
    """Weeks to a race of that length. ``years`` of running choose the novice's or the experienced runner's plan.

    Without a journal it begins where most can. Raises UsageError (race-date, usage-value).
    """
    from charley.advice.experience import level
    from charley.api import journal as journals
    from charley.api.own_runs import experience_of, own_runs
    from charley.journal.history import everything
    from charley.planning.training.trained import trained
    from charley.planning.training.weeks import training_plan as planned

    when = now or datetime.now(UTC)
    today = when.date()
    if not 3000.0 <= distance_m <= 200_000.0:
        found = f"a race of {distance_m / 1000:g} km"
        raise UsageError("usage-value", found, "--distance", "Plans are for 3 to 200 km.")
    if race_on <= today:
        raise UsageError("race-date", f"{race_on.day} {race_on:%B %Y} isn't ahead", "--date")
    if (race_on - today).days > LONGEST_DAYS_AHEAD:
        raise UsageError("race-date", f"{race_on:%d %B %Y} is more than two years ahead", "--date")
    there = journals.store_exists(journal)
    runs = everything(journal).runs if there else ()
    sessions = journals.strength_sessions(journal) if there else ()
    known = experience_of(own_runs(journal) if there else None, years)
    made_up = bool(runs) and all(told.row.demo for told in runs)  # their years end in the past: so far they trained
    as_of = runs[-1].row.started_at + timedelta(days=1) if made_up else when
    return planned(distance_m, race_on, today, trained(runs, sessions, as_of), level(known))
