"""Forecasts against what came: those that were kept before their runs, and a replay of the whole journal in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np

from charley.answers.history.belief import Belief, compressed, seed_of
from charley.answers.history.foretold import Foreteller
from charley.answers.history.log import Log
from charley.answers.history.plan import MUSCLES
from charley.inference import sequential
from charley.inference.forecast import chance
from charley.inference.forecast_score import track_record
from charley.vocabulary.journal import Forecast, ForecastOutcome
from charley.vocabulary.over_journal import ScoredForecast, Scores, TrackRecord

ALIKE = 0.1  # a run of the length forecast, within a tenth
AROUND = timedelta(days=3)  # of the planned day
DRAWS = 500


def due(forecasts: Sequence[Forecast], log: Log) -> list[tuple[Forecast, str, bool]]:
    """Each hard or planned run that was answered, with the latest forecast of each name that was made before it."""
    found = []
    for i in log.answered:
        row = log.told[i].row
        fitting: dict[str, Forecast] = {}
        for f in forecasts:
            alike = abs(row.distance_m - f.distance_m) <= ALIKE * f.distance_m
            on_the_day = log.rows[i].hard if f.planned_at is None else abs(row.started_at - f.planned_at) <= AROUND
            if f.made_at < row.started_at and alike and on_the_day:
                fitting[f.name] = f
        found += [(f, row.run_id, log.did_cramp(i)) for f in fitting.values()]
    return found


def record(
    belief: Belief, forecasts: Sequence[Forecast], outcomes: Sequence[ForecastOutcome], seed: int
) -> TrackRecord:
    """Scores of what was kept, and of the replay."""
    log = belief.log
    by_id = {f.id: f for f in forecasts}
    starts = {t.row.run_id: t.row.started_at for t in log.told}
    made = [
        ScoredForecast(o.run_id, starts[o.run_id], f.made_at, f.chance_mean, o.cramped)
        for o in outcomes
        if (f := by_id.get(o.forecast_id)) is not None and o.run_id in starts
    ]
    made.sort(key=lambda s: s.started_at)
    replayed = replay(belief, seed)
    return TrackRecord(tuple(made), scores(made), tuple(replayed), scores(replayed))


def replay(belief: Belief, seed: int) -> list[ScoredForecast]:
    """Each answered hard run foretold by what the journal held before it, given how it was then run."""
    return pooled(belief.log, Foreteller(belief.log, belief.studies, latest=None), by_causes_alone(belief, seed))


def pooled(log: Log, ahead: Foreteller, by_causes: Sequence[Mapping[str, float]]) -> list[ScoredForecast]:
    """The forecast of each answered hard run: that of its causes, pooled with the own rate before it."""
    out = []
    for n, (i, chances) in enumerate(zip(log.answered_hard, by_causes, strict=True)):
        of = [ahead.own[m].pooled_mean(chances[m], float(ahead.own[m].before[n]), n) for m in MUSCLES]
        start = log.told[i].row.started_at
        foretold = 1 - float(np.prod(1 - np.array(of)))  # independent
        out.append(ScoredForecast(log.told[i].row.run_id, start, start, foretold, log.did_cramp(i)))
    return out


def by_causes_alone(belief: Belief, seed: int) -> list[dict[str, float]]:
    """The chance of each answered hard run by its causes, for each kind of muscle, from the runs before it."""
    log, out = belief.log, []
    runs = compressed(log)
    ways = {m: sequential.begin(log.table, log.priors[m], DRAWS, seed_of(m, seed)) for m in MUSCLES}
    for i in log.answered_hard:
        ways = {m: sequential.absorb(ways[m], runs[m], i) for m in MUSCLES}
        then = {m: sequential.weighted(ways[m], runs[m]) for m in MUSCLES}
        out.append({m: float(p.weights @ chance(p, log.rows[i])) for m, p in then.items()})
    return out


def scores(rows: Sequence[ScoredForecast]) -> Scores | None:
    """Brier score and skill, or None without a forecast."""
    if not rows:
        return None
    found = track_record(np.array([r.chance for r in rows]), np.array([r.cramped for r in rows]))
    return Scores(found.runs, found.cramped, found.expected, found.brier, found.base_brier, found.skill)
