"""What the journal's runs look like beside a race: the trained frontier, past cramps, the weeks before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from charley.vocabulary.history import Told

TRAINED = timedelta(weeks=12)
WEEKS = 26
SLOWEST_M_S = 1.0


def trained_frontier(runs: Sequence[Told], now: datetime) -> tuple[tuple[float, float], ...]:
    """Mean speed (m/s) and time (s) of the runs of 12 weeks that no other beat in both, the shortest first."""
    rows = [
        (t.row.distance_m / t.row.elapsed_s, t.row.elapsed_s)
        for t in runs
        if now - TRAINED <= t.row.started_at <= now and t.row.elapsed_s > 0
    ]
    out: list[tuple[float, float]] = []
    for speed, time in sorted((r for r in rows if r[0] >= SLOWEST_M_S), key=lambda r: -r[1]):
        if not out or speed > out[-1][0]:
            out.append((speed, time))
    return tuple(reversed(out))


def past_cramps(runs: Sequence[Told]) -> tuple[tuple[float, float], ...]:
    """Mean speed (m/s) of each run that cramped and the time (s) of its first cramp."""
    out = []
    for t in runs:
        if t.report.cramps and t.row.elapsed_s > 0:
            first = min(c.from_s if c.at_s is None else c.at_s for c in t.report.cramps)
            out.append((t.row.distance_m / t.row.elapsed_s, max(first, 1.0)))
    return tuple(out)


def weekly(runs: Sequence[Told], now: datetime) -> tuple[tuple[datetime, float], ...]:
    """Start and distance (m) of each of the last 26 weeks, the earliest first; empty weeks count as 0."""
    start = now - timedelta(weeks=WEEKS)
    totals = [0.0] * WEEKS
    for t in runs:
        place = int((t.row.started_at - start) / timedelta(weeks=1)) if t.row.started_at >= start else -1
        if 0 <= place < WEEKS:
            totals[place] += t.row.distance_m
    if not any(totals):
        return ()
    return tuple((start + timedelta(weeks=i), total) for i, total in enumerate(totals))
