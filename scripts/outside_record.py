"""One runner of an outside world, told to Charley and judged: everything that the page of the worlds is made from.

Only the public API is asked, but for the ablations. What the world knows (its truth) is set beside the answer here, and nowhere earlier.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from charley.answers.history.belief import Belief
from charley.answers.history.contrast import contrast_evidence
from charley.answers.history.foretold import Foreteller
from charley.answers.track_record import by_causes_alone, pooled, replay
from charley.api import history
from charley.inference.attribution import trigger_evidence
from charley.vocabulary.answer import Why
from charley.vocabulary.estimate import Estimate
from outside import told

MEMORY = Path("/dev/shm")  # journals of invented people need no disc

# Where a family of the worlds is looked for in the product.
ENGINE_FAMILY = {
    "pace": "pace", "load": "load", "heat": "fluid", "fluid": "fluid", "salt": "fluid", "fuel": "fatigue",
    "tiredness": "fatigue",
}  # fmt: skip


# What is left of the hazard when a part is taken out of the prior.
NONE_TRIGGERED = (-12.0, 1.0)  # of log u: no trigger to speak of
ABLATIONS: dict[str, dict[str, Any]] = {
    "without triggers": {"trigger_log": NONE_TRIGGERED},
    "without background": {"background_log_rate": None},
    "studies alone": {"trigger_log": NONE_TRIGGERED, "background_log_rate": None},
}


def record(
    world: str,
    seed: int,
    i: int,
    runner: told.OutsideRunner,
    kept: Path | None = None,
    *,
    ablate: bool = False,
) -> dict[str, Any]:
    """Tell the runner's log, ask why and how good the forecasts were. ``kept``: a folder for the journal, to look at it
    again; otherwise it is removed. ``ablate``: foretell with parts of the hazard taken out, too."""
    started = time.process_time()
    numbers = {told.run_id(run): n for n, run in enumerate(runner.runs)}
    folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None)) if kept is None else kept / world / str(i)
    path = folder / "journal.sqlite"
    try:
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            told.tell(path, runner)
        why = history.why(path)
        replayed, parts, ids = _replayed(path)
        contrast = contrast_of(history.learned(path, 1).belief)
        spent = time.process_time() - started
        if ablate:
            replayed |= _ablated(path)
    finally:
        if kept is None:
            shutil.rmtree(folder)
    return {
        "world": world,
        "seed": seed,
        "i": i,
        "truth": _truth(runner),
        "runs": _hard_runs(runner, replayed),
        "training": _training(runner),
        "pool": parts,
        "pool_runs": [numbers[run] for run in ids],
        "answer": answer_of(why) | {"contrast": contrast},
        "cpu_s": spent,
    }


def _ablated(path: Path) -> dict[str, dict[str, float]]:
    """The forecasts with each of the parts taken out of the prior, by run."""
    belief = history.learned(path, 1).belief
    out = {}
    for name, without in ABLATIONS.items():
        priors = {m: replace(prior, **without) for m, prior in belief.log.priors.items()}
        ablated = replace(belief, log=replace(belief.log, priors=priors))
        out[name] = {s.run_id: s.chance for s in replay(ablated, 1)}
    return out


def _replayed(path: Path) -> tuple[dict[str, dict[str, float]], dict[str, Any], list[str]]:
    """Forecasts of the answered hard runs, pooled and by causes alone; what the pool was made of; of which runs."""
    belief = history.learned(path, 1).belief
    log, ahead, by_causes = belief.log, Foreteller(belief.log, belief.studies, latest=None), by_causes_alone(belief, 1)
    ids = [log.rows[i].run_id for i in log.answered_hard]
    alone = {run: 1 - float(np.prod([1 - p for p in c.values()])) for run, c in zip(ids, by_causes, strict=True)}
    forecast = {s.run_id: s.chance for s in pooled(log, ahead, by_causes)}
    parts = {
        m: {
            "causes": [round(c[m], 5) for c in by_causes],
            "before": [round(float(p), 5) for p in own.before],
            "cramped": [int(k) for k in np.diff(own.cramped)],
            "weight": [round(float(w), 6) for w in own.weight],
            "strength": own.strength,
        }
        for m, own in ahead.own.items()
    }
    return {"forecast": forecast, "causes alone": alone}, parts, ids


def contrast_of(belief: Belief, least: float = 0.5) -> dict[str, float]:
    """The evidence of the hard runs alone, where the whole log has some for any family."""
    if float(trigger_evidence(belief.lead).max()) < least or not belief.log.answered_hard:
        return {}
    found = zip(belief.log.table.family_names, contrast_evidence(belief), strict=True)
    return {name: round(float(v), 3) for name, v in found}


def answer_of(why: Why) -> dict[str, Any]:
    """What was said of causes, by the model and by the plain tables."""
    over = why.journal
    assert over is not None
    tables = over.tables
    return {
        "families": {
            f.id: {
                "share": _three(f.share), "before": _three(f.before), "reference": _three(f.reference),
                "open": _three(f.open), "evidence": round(f.evidence, 3), "named": f.named, "always": f.always_there,
            }
            for f in over.families
        },
        "named": [f.id for f in over.families if f.named],
        "enough": over.enough,
        "firmly": over.verdict == "most_likely",
        "together": over.together,
        "with_length": over.with_length,
        "none": _three(over.none),
        "length": _three(over.length.share),
        "length_named": over.length.named,
        "tables": [t.id for t in tables.standing_out],
        "looked_at": [
            [t.id, t.beyond_cramped, t.beyond_runs, t.other_cramped, t.other_runs, round(t.alone, 5), round(t.by_chance, 5)]
            for t in tables.tables
        ],
        "leg": tables.leg.stands_out,
        "muscle": tables.muscle.stands_out,
        "misfits": [m.code for m in over.misfits],
        "cannot_make": [m.table for m in over.misfits if m.code == "split"],
        "change": over.change.code if over.change.without is not None else None,
        "next": _three(over.next_hard_run.chance),
    }  # fmt: skip


def _three(e: Estimate) -> list[float]:
    return [round(float(v), 4) for v in (e.mean, e.low, e.high)]


def _truth(runner: told.OutsideRunner) -> dict[str, Any]:
    t = runner.truth
    return {
        "main": list(t.main),
        "shares": {k: round(float(v), 4) for k, v in t.shares.items()},
        "late": {k: round(float(v), 4) for k, v in t.shares_late.items()},
        "cut": round(float(t.cut_share), 4),
        "expected": round(float(t.expected_hard_cramps), 3),
        "notes": str(t.notes)[:300],
    }


def _training(runner: told.OutsideRunner) -> dict[str, int]:
    others = [(r, lived) for r, lived in zip(runner.runs, runner.truth.lived, strict=True) if not r.hard]
    return {
        "runs": len(others),
        "told": sum(r.report is not None for r, _ in others),
        "told_cramped": sum(r.report is not None and bool(r.report.cramps) for r, _ in others),
        "cramped": sum(bool(lived.cramps) for _, lived in others),
    }


def _hard_runs(runner: told.OutsideRunner, replayed: dict[str, dict[str, float]]) -> list[dict[str, Any]]:
    """Each hard run in order: what came, what was told, the truth, forecasts, and what others forecast from."""
    found = []
    columns = features(runner)
    for n, (run, lived) in enumerate(zip(runner.runs, runner.truth.lived, strict=True)):
        if not run.hard:
            continue
        chance = float(runner.truth.chance[n])
        found.append(
            {
                "n": n,
                "lived": bool(lived.cramps),
                "told": None if run.report is None else bool(run.report.cramps),
                "chance": None if np.isnan(chance) else round(chance, 4),
                **{name: chances.get(told.run_id(run)) for name, chances in replayed.items()},
                "x": [None if v is None else round(float(v), 4) for v in columns[n]],
            }
        )
    return found


FEATURES = (
    "log km", "start", "level", "surge", "log beyond", "thin", "climb", "temperature", "humidity", "drink", "hours",
    "tight", "slept badly", "shoe km",
)  # fmt: skip
RIEGEL = 0.07


def features(runner: told.OutsideRunner) -> list[tuple[float | None, ...]]:
    """What can be read off each run before a cramp, for the other methods: all over the planned distance or its first
    half, whether or not it cramped. None where it was not told."""
    out: list[tuple[float | None, ...]] = []
    past: list[tuple[float, float, float]] = []  # day, km, speed over 10 km that the run shows
    worn: dict[str, float] = {}
    for run in runner.runs:
        day = run.start.timestamp() / 86400
        metres, seconds = run.distance_m.astype(float), run.time_s.astype(float)
        km = max(float(metres[-1]) / 1000, float(run.race_km or 0.0))

        def speed(a: float, b: float, km: float = km, metres: Any = metres, seconds: Any = seconds) -> float:
            at = np.interp([1000 * km * a, 1000 * km * b], metres, seconds)
            done = np.interp(at, seconds, metres)
            return float((done[1] - done[0]) / max(at[1] - at[0], 1.0))

        shows = speed(0, 0.5) * (km / 10) ** RIEGEL
        recent = [v for d, _, v in past if day - d <= 365]
        level = float(np.quantile(recent, 0.9)) if len(recent) >= 3 else shows
        longest = max((k for d, k, _ in past if day - d <= 42), default=km)
        month = sum(k for d, k, _ in past if day - d <= 28)
        usual = np.median([sum(k for d2, k, _ in past if 0 < d - d2 <= 28) for d, _, _ in past[10:]] or [month or 1.0])
        steps = np.diff(np.interp(np.arange(0, 500 * km, 200.0), metres, seconds))
        rise = np.maximum(np.diff(run.altitude_m[::12].astype(float)), 0).sum()
        drinks = None if run.drinks is None else sum(d.litres for d in run.drinks) / max(seconds[-1] / 3600, 0.3)
        shoe = None if run.shoes is None else worn.get(run.shoes, 0.0)
        out.append(
            (
                np.log(km),
                speed(0, 0.15) * (km / 10) ** RIEGEL / level - 1,
                shows / level - 1,
                float(np.quantile(200 / np.maximum(steps, 1), 0.98) / max(speed(0, 0.5), 0.5) - 1) if steps.size else 0,
                np.log(km / max(longest, 1.0)),
                min(month / max(float(usual), 1.0), 2.0),
                rise / 100,
                run.temperature_c,
                run.humidity_pct,
                drinks,
                km * 1000 / max(speed(0, 0.5), 0.5) / 3600,
                None if run.tight_calves is None else float(run.tight_calves),
                None if run.bad_sleep is None else float(run.bad_sleep),
                None if shoe is None else np.log1p(shoe),
            )
        )
        past.append((day, km, shows))
        if run.shoes is not None:
            worn[run.shoes] = worn.get(run.shoes, 0.0) + km
    return out
