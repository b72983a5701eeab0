"""What the log holds of the last weeks, as far as a plan needs it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import numpy as np

from charley.planning.training import ladder
from charley.vocabulary.history import Told
from charley.vocabulary.journal import StrengthSession
from charley.vocabulary.training import Trained

WEEK = timedelta(weeks=1)
LOOKED_AT = 8  # weeks
USUAL_WEEKS = 4
SPIKE_DAYS = 30
MOST_MISSED = 12


def trained(runs: Sequence[Told], sessions: Iterable[StrengthSession], now: datetime) -> Trained:
    """Weeks are counted back from ``now``. Races count as runs; the day after is no matter of a plan."""
    before = [t for t in runs if t.row.started_at <= now and t.row.distance_m > 0]
    weeks = [0.0] * (MOST_MISSED + LOOKED_AT)
    for t in before:
        age = int((now - t.row.started_at) / WEEK)
        if age < len(weeks):
            weeks[age] += t.row.distance_m
    ran = [w for w in weeks[:LOOKED_AT] if w > 0][:USUAL_WEEKS]
    missed = next((i for i, w in enumerate(weeks) if w > 0), 0)
    speeds = [t.row.distance_m / t.row.timer_s for t in before
              if t.effort != "race" and t.row.timer_s > 0 and now - t.row.started_at <= LOOKED_AT * WEEK]  # fmt: skip
    last, earlier = _longest(before, now, 0, 7), _longest(before, now, 7, 7 + SPIKE_DAYS)
    others = float(np.mean(weeks[1 : 1 + USUAL_WEEKS]))
    first = min((t.row.started_at for t in before), default=now)
    return Trained(
        week_m=float(np.mean(ran)) if ran else 0.0,
        longest_m=_longest(before, now, 0, SPIKE_DAYS),
        easy_speed_m_s=float(np.median(speeds)) if speeds else None,
        missed_weeks=min(missed, MOST_MISSED),
        spike=last / earlier if last > 0 and earlier > 0 else None,
        week_change=weeks[0] / others if others > 0 else None,
        raises_best=ladder.reached(sessions),
        weeks_logged=int((now - first) / WEEK),
    )


def _longest(runs: Sequence[Told], now: datetime, from_days: int, to_days: int) -> float:
    """Longest run between so many days ago, m; 0 for none."""
    since, until = now - timedelta(days=to_days), now - timedelta(days=from_days)
    return max((t.row.distance_m for t in runs if since < t.row.started_at <= until), default=0.0)
