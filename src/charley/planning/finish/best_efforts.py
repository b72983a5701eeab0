"""Races in the runner's own files that show what they can do. A training run is never taken for a race."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from charley.body.readiness import HALF_MARATHON_M, MARATHON_M
from charley.evidence.numbers.planning import PLANNING, PlanningNumbers
from charley.planning.finish.predictors import Training
from charley.vocabulary.history import Told
from charley.vocabulary.runner import BestEffort

STANDARD_M = (5000.0, 10_000.0, 15_000.0, HALF_MARATHON_M, MARATHON_M, 50_000.0, 100_000.0)
RACE = "race"
SLOWEST_M_S, FASTEST_M_S = 1.0, 7.0


@dataclass(frozen=True, slots=True)
class FoundBest:
    """A race of the journal that counts as a best, and which run it is."""

    run_id: str
    started_at: datetime
    best: BestEffort


def best_efforts(runs: Sequence[Told], now: datetime, n: PlanningNumbers = PLANNING) -> tuple[FoundBest, ...]:
    """The fastest race of each standard distance within the last year, the shortest first.

    Only runs that the runner called a race, and in which nothing cramped: those who cramped ran below their level. A
    watch that measured a little long or short still ran the standard distance; other lengths stand as they are.
    """
    since = now - timedelta(days=n.best_recent_days)
    found: dict[float, FoundBest] = {}
    for told in runs:
        row = told.row
        if told.effort != RACE or not since <= row.started_at <= now or told.report.cramps or row.elapsed_s <= 0:
            continue
        if not SLOWEST_M_S <= row.distance_m / row.elapsed_s <= FASTEST_M_S:
            continue
        distance_m = standard_distance_m(row.distance_m, n)
        best = FoundBest(row.run_id, row.started_at, BestEffort(distance_m, row.elapsed_s))
        before = found.get(distance_m)
        if before is None or best.best.time_s < before.best.time_s:
            found[distance_m] = best
    return tuple(found[distance_m] for distance_m in sorted(found))


def standard_distance_m(distance_m: float, n: PlanningNumbers = PLANNING) -> float:
    """The standard distance that a watch's figure means: within 1 % below and 3 % above one; else the figure itself."""
    for standard in STANDARD_M:
        if (1 - n.best_standard_short) * standard <= distance_m <= (1 + n.best_standard_long) * standard:
            return standard
    return distance_m


def training_before(runs: Sequence[Told], now: datetime, n: PlanningNumbers = PLANNING) -> Training | None:
    """Mean weekly distance and pace of the eight weeks before ``now``, races left out; None without a run in them."""
    since = now - timedelta(weeks=n.tanda_weeks)
    rows = [t.row for t in runs if since <= t.row.started_at <= now and t.effort != RACE and t.row.distance_m > 0]
    distance_m = sum(r.distance_m for r in rows)
    if distance_m <= 0:
        return None
    return Training(distance_m / n.tanda_weeks, sum(r.elapsed_s for r in rows) / distance_m)
