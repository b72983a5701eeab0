"""A cohort as plain values, unrounded, under the names of the contract; further keys beside them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from charley.faces.report.plain_values import estimate
from charley.vocabulary.cohort import CohortAnswer, Post, Spread


def render(a: CohortAnswer) -> dict[str, Any]:
    """All that the answer holds, without its meta block."""
    return {
        "digest": a.digest,
        "parameters_sha256": a.parameters_sha256,
        "runners": a.runners,
        "seconds": a.seconds,
        "processor_s": a.processor_s,
        "peak_mb": a.peak_mb,
        "workers": a.workers,
        "scheduler": a.scheduler,
        "seed": a.seed,
        "complete": a.complete,
        "simulated_now": a.fresh,
        "checkpoint_kept": a.kept,
        "parameter_sets": a.parameter_sets,
        "field": {
            "name": a.field.name,
            "runners": a.field.runners,
            "distance_m": a.field.distance_m,
            "wbgt_c": list(a.wbgt_c),
            "origins": [asdict(o) for o in a.field.origins],
        },
        "cramped": _spread(a.chance),
        "calf": _spread(a.calf),
        "stops_or_walks": _spread(a.stops),
        "severe": _spread(a.severe),
        "core_above_39_5_c": _spread(a.core_warm),
        "core_above_40_c": _spread(a.core_high),
        "weight_gain": _spread(a.weight_gain),
        "sodium_below_135_mmol_l": _spread(a.sodium_low),
        "simulation_sd": a.simulation_sd,
        "cramps_by_km": [{"km": k.km, "counted": k.counted, "per_race": _spread(k.cramps)} for k in a.by_km],
        "cramps_by_clock": [
            {"start_s": s.start_s, "counted": s.counted, "per_race": _spread(s.cramps)} for s in a.by_slot
        ],
        "peak_m": list(a.peak_m),
        "posts": [_post(p) for p in a.posts],
        "groups": [asdict(g) for g in a.groups],
        "quantities": [asdict(q) for q in a.quantities],
        "checks": [
            {
                "id": c.id,
                "model": estimate(c.model),
                "counted": None if c.counted is None else list(c.counted),
                "source_ids": list(c.source_ids),
            }
            for c in a.checks
        ],
    }


def _spread(s: Spread) -> dict[str, Any]:
    """Runners per race, with the interval over parameters and, apart from it, the one over people."""
    return {"parameters": estimate(s.parameters), "people": {"low": s.people_low, "high": s.people_high}}


def _post(p: Post) -> dict[str, Any]:
    return {
        "from_m": p.from_m,
        "to_m": p.to_m,
        "from_s": p.from_s,
        "to_s": p.to_s,
        "share": p.share,
        "cases": _spread(p.cases),
        "busiest_per_h": estimate(p.busiest_h),
        "helpers": estimate(p.helpers),
    }
