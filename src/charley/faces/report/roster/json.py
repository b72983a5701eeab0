"""A squad as plain values, unrounded; no path and no note is in it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from charley.faces.report.plain_values import estimate
from charley.faces.report.roster import words
from charley.vocabulary.roster import OneRunner, Roster


def render(a: Roster) -> dict[str, Any]:
    """All that the answer holds, without its meta block."""
    return {
        "runners": [
            {"name": r.name, **_found(r.found), "chance_together": estimate(r.together) if r.together else None}
            if r.found
            else {"name": r.name, "trouble": {"code": r.code, "text": r.trouble}}
            for r in a.rows
        ],
        "shared": asdict(a.shared) if a.shared else None,
        "kept": a.kept,
        "scheduler": a.scheduler,
        "workers": a.workers,
    }


def _found(found: OneRunner) -> dict[str, Any]:
    last, step = found.last_cramp, words.best(found)
    return {
        "n_runs": found.n_runs,
        "n_cramps": found.n_cramps,
        "n_answered": found.n_answered,
        "verdict": found.verdict,
        "leading": list(found.leading),
        "next_hard_run": {"distance_m": found.distance_m, "chance": estimate(found.chance)},
        "last_cramp": None
        if last is None
        else {
            "started_at": last.started_at.isoformat(),
            "at_m": last.at_m,
            "from_m": last.from_m,
            "to_m": last.to_m,
            "run_distance_m": last.run_distance_m,
        },
        "ask_next": None
        if step is None
        else {"key": step.key, "label": step.label, "expected_information_bits": step.expected_information_bits},
        "silent": found.silent,
        "latest_silent": None if found.latest_silent is None else found.latest_silent.isoformat(),
        "cramps_after_runs": found.after_runs,
        "early_cramps": found.early,
        "demo": found.demo,
    }
