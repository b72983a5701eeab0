"""Trials of one change: the plan, kept as it was told before the first of its runs."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from charley.journal import readable
from charley.journal.store import Store
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.over_journal import TrialPlan

COLUMNS = (
    "made_unix_s, model_version, change, label, arms, least_distance_m, least_elapsed_s, with_it, without_it, rule, "
    "limits, expected_information_bits, runs_to_tell, usual_risk, seed, runs_an_arm, ended_unix_s"
)


def add(store: Store, plan: TrialPlan, model_version: str) -> TrialPlan:
    """Keep a plan; returns it with its number."""
    p = plan
    values = (
        p.made_at.timestamp(), model_version, p.change, p.label, "".join("01"[arm] for arm in p.arms),
        p.least_distance_m, p.least_elapsed_s, p.on, p.off, json.dumps(p.rule), json.dumps(p.limits),
        p.expected_information_bits, p.runs_to_tell, _estimate(p.usual_risk), p.seed, p.runs_an_arm, None,
    )  # fmt: skip
    with store.writing() as db:
        made = db.execute(f"INSERT INTO trial ({COLUMNS}) VALUES ({', '.join('?' * len(values))})", values)
        return replace(plan, id=int(made.lastrowid or 0))


def _estimate(value: Estimate) -> str:
    """An estimate as JSON, without what it does not hold: JSON has no nan."""
    return json.dumps({name: number for name, number in asdict(value).items() if math.isfinite(number)})


def latest(store: Store, change: str | None = None) -> TrialPlan | None:
    """The plan that was made last (for a change), or None."""
    with store.reading() as db:
        found = db.execute(
            f"SELECT id, {COLUMNS} FROM trial WHERE ? IS NULL OR change = ? ORDER BY id DESC", (change, change)
        )
        return next(readable.each(found, built), None)


def end(store: Store, trial: int, now: datetime) -> None:
    """No run from now on counts in this trial."""
    with store.writing() as db:
        db.execute("UPDATE trial SET ended_unix_s = ? WHERE id = ? AND ended_unix_s IS NULL", (now.timestamp(), trial))


def built(row: tuple[Any, ...]) -> TrialPlan:
    """A plan of its row (id and the columns of COLUMNS). Raises one of ``readable.UNREADABLE``."""
    readable.finite(*row)
    return _plan(*row)


def _plan(
    identity: int, made: float, _model: str, change: str, label: str, arms: str, distance_m: float, elapsed_s: float,
    on: str, off: str, rule: str, limits: str, bits: float, runs_to_tell: int | None, usual_risk: str, seed: int,
    runs_an_arm: int | None, ended: float | None,
) -> TrialPlan:  # fmt: skip
    return TrialPlan(
        id=identity,
        change=change,
        label=label,
        made_at=datetime.fromtimestamp(made, UTC),
        arms=tuple(arm == "1" for arm in arms),
        least_distance_m=distance_m,
        least_elapsed_s=elapsed_s,
        on=on,
        off=off,
        rule=tuple(json.loads(rule)),
        limits=tuple(json.loads(limits)),
        expected_information_bits=bits,
        runs_to_tell=runs_to_tell,
        usual_risk=Estimate(**json.loads(usual_risk)),
        seed=seed,
        runs_an_arm=runs_an_arm,
        ended_at=None if ended is None else datetime.fromtimestamp(ended, UTC),
    )
