"""The record that forecasts of races keep: sealed before the start, scored after it, shown beside the next.

A seal is the SHA-256 of what was said, so that nobody, ourselves included, can change it unseen once the race is run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from charley.vocabulary.arrays import Floats
from charley.vocabulary.history import Told
from charley.vocabulary.journal import Forecast
from charley.vocabulary.race import Ledger, LedgerRow, RaceAnswer

KIND = "race"
PREFIX = "race: "
ALIKE = 0.1  # a run of the length forecast, within a tenth
AROUND = timedelta(days=3)  # of the planned day
QUANTILES = np.linspace(0.025, 0.975, 39)
LOW80, HIGH80, LOW50, HIGH50 = 0.1, 0.9, 0.25, 0.75


@dataclass(frozen=True, slots=True)
class Kept:
    """A forecast as the journal keeps it: the arguments of its row, and the seal that its detail carries."""

    name: str
    planned_at: datetime | None
    distance_m: float
    goal_s: float | None
    chance: tuple[float, float, float]
    detail: str
    seal: str


def to_keep(a: RaceAnswer, finish_quantiles_s: Floats, made_at: datetime) -> Kept:
    """What of an answer goes into the journal. Only for an answer with a chance."""
    if a.chance is None:
        raise ValueError("there is nothing to keep of a race without a forecast")
    course = a.race.course
    said: dict[str, Any] = {
        "kind": KIND,
        "made_at": made_at.astimezone(UTC).isoformat(timespec="seconds"),
        "name": a.race.name,
        "planned_at": None if a.race.starts_at is None else a.race.starts_at.isoformat(),
        "distance_m": course.distance_m,
        "goal_s": a.race.goal_s,
        "chance": [a.chance.mean, a.chance.low, a.chance.high],
        "base_rate": None if a.base_rate is None else a.base_rate.mean,
        "finish_s": [round(float(v), 1) for v in finish_quantiles_s],
        "by_km": [[p.at_m / 1000.0, round(p.chance.mean, 6)] for p in a.by_km],
        "plan": None if a.plan is None else {"finish_s": a.plan.finish_s, "chance": a.plan.chance.mean},
        "air": {"source": a.race.air.source, "temp_c": float(a.race.air.air_temp_c[0])},
        "n_runs": a.n_runs,
        "n_cramps": a.n_cramps,
    }
    seal = sealed(said)
    when = a.race.starts_at
    return Kept(
        PREFIX + (a.race.name or "unnamed"), None if when is None else when.replace(tzinfo=UTC), course.distance_m,
        a.race.goal_s, (a.chance.mean, a.chance.low, a.chance.high),
        json.dumps({**said, "seal": seal}, sort_keys=True), seal,
    )  # fmt: skip


def sealed(said: Mapping[str, Any]) -> str:
    """The seal of what was said, whatever the order of its keys; a seal among them is left aside."""
    plain = {k: v for k, v in said.items() if k != "seal"}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def same_again(earlier: Iterable[Forecast], kept: Kept) -> str | None:
    """The seal of an earlier forecast that said the same, so that asking twice is not two forecasts."""
    wanted = _timeless(json.loads(kept.detail))
    for f in earlier:
        said = detail_of(f)
        if said is not None and _timeless(said) == wanted:
            return str(said["seal"])
    return None


def _timeless(said: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in said.items() if k not in ("made_at", "seal")}


def detail_of(f: Forecast) -> dict[str, Any] | None:
    """What a kept forecast said; None for another kind, or one that cannot be read."""
    try:
        said = json.loads(f.detail)
    except ValueError:
        return None
    return said if isinstance(said, dict) and said.get("kind") == KIND else None


@dataclass(frozen=True, slots=True)
class _Judged:
    """One kept forecast beside what it said."""

    row: LedgerRow
    quantiles_s: Floats
    base_rate: float | None


def ledger(forecasts: Sequence[Forecast], runs: Sequence[Told]) -> Ledger:
    """Every kept forecast of a race, the latest before each race, with what came of it and the scores.

    A race is the run of the day planned (or within three days of it) of about that length. Whether it cramped counts
    only where the runner said so; its time counts in any case. A forecast whose seal is broken counts for nothing.
    """
    latest: dict[tuple[str, str], _Judged] = {}
    for f in forecasts:
        said = detail_of(f)
        if said is None:
            continue
        run = _run_of(f, runs)
        day = "" if f.planned_at is None else f.planned_at.date().isoformat()
        race = ("run", run.row.run_id) if run is not None else (f.name, day)
        base = said.get("base_rate")
        latest[race] = _Judged(_row(f, said, run), np.array(said["finish_s"]), None if base is None else float(base))
    judged = sorted(latest.values(), key=lambda j: j.row.made_at)
    intact = [j for j in judged if j.row.intact]
    spoken = [j for j in intact if j.row.cramped is not None]
    timed = [(j.quantiles_s, j.row.finish_s) for j in intact if j.row.finish_s is not None]
    based = [j.base_rate for j in spoken if j.base_rate is not None]
    came = np.array([float(j.row.cramped or 0) for j in spoken])
    chance = np.array([j.row.chance for j in spoken])
    inside = [[_between(q, t, low, high) for q, t in timed] for low, high in ((LOW50, HIGH50), (LOW80, HIGH80))]
    n = len(timed)
    return Ledger(
        races=len(spoken),
        brier=float(((chance - came) ** 2).mean()) if spoken else None,
        brier_base=float(((np.array(based) - came) ** 2).mean()) if spoken and len(based) == len(spoken) else None,
        timed=n,
        crps_s=float(np.mean([crps_s(q, t) for q, t in timed])) if timed else None,
        interval_score_s=float(np.mean([interval_score_s(q, t) for q, t in timed])) if timed else None,
        inside_50=float(np.mean(inside[0])) if timed else None,
        inside_80=float(np.mean(inside[1])) if timed else None,
        coverage_se_50=coverage_se(0.5, n),
        coverage_se_80=coverage_se(0.8, n),
        rows=tuple(j.row for j in judged),
    )


def _row(f: Forecast, said: Mapping[str, Any], run: Told | None) -> LedgerRow:
    quantiles = np.array(said["finish_s"])
    state = None if run is None else run.report.state()

    def at(share: float) -> float:
        return float(np.interp(share, QUANTILES, quantiles))

    same = abs(f.chance_mean - float(said["chance"][0])) < 1e-9 and abs(f.distance_m - said["distance_m"]) < 1e-6
    return LedgerRow(
        forecast_id=f.id,
        name=str(said.get("name") or ""),
        made_at=f.made_at,
        planned_at=f.planned_at,
        distance_m=f.distance_m,
        chance=f.chance_mean,
        seal=str(said.get("seal", "")),
        intact=same and sealed(said) == said.get("seal"),
        run_id=None if run is None else run.row.run_id,
        cramped=None if state not in ("cramp", "none", "twitch") else state == "cramp",
        finish_s=None if run is None else run.row.elapsed_s,
        said=(at(LOW80), at(0.5), at(HIGH80)),
    )


def _run_of(f: Forecast, runs: Sequence[Told]) -> Told | None:
    """The run that a forecast was for: after it was made, about as long, on the day; races before others."""
    found = [
        t
        for t in runs
        if f.made_at < t.row.started_at
        and abs(t.row.distance_m - f.distance_m) <= ALIKE * f.distance_m
        and (t.effort == "race" if f.planned_at is None else abs(t.row.started_at - f.planned_at) <= AROUND)
    ]
    return min(found, key=lambda t: (t.effort != "race", t.row.started_at), default=None)


def crps_s(quantiles_s: Floats, came_s: float) -> float:
    """Continuous ranked probability score of a time from its quantiles at QUANTILES, s; 0 is perfect.

    Notes: twice the mean of the quantile losses (Gneiting and Raftery 2007, doi:10.1198/016214506000001437).
    """
    loss = (came_s - quantiles_s) * (QUANTILES - (came_s < quantiles_s))
    return float(2.0 * loss.mean())


def interval_score_s(quantiles_s: Floats, came_s: float) -> float:
    """Interval score of the middle 80 in 100, s: its width, and ten times how far outside it came.

    Notes: (u - l) + 2/a (l - y)+ + 2/a (y - u)+, a = 0.2 (Gneiting and Raftery 2007).
    """
    low, high = (float(np.interp(q, QUANTILES, quantiles_s)) for q in (LOW80, HIGH80))
    return high - low + 10.0 * max(low - came_s, 0.0) + 10.0 * max(came_s - high, 0.0)


def _between(quantiles_s: Floats, came_s: float, low: float, high: float) -> bool:
    return bool(np.interp(low, QUANTILES, quantiles_s) <= came_s <= np.interp(high, QUANTILES, quantiles_s))


def coverage_se(share: float, races: int) -> float | None:
    """Standard error of the share of races inside a band that holds ``share`` of them; None without a race."""
    return float(np.sqrt(share * (1 - share) / races)) if races else None
