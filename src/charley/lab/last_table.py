"""The last table that was made with the project, kept as JSON beside the protocols: told where nothing was run yet.

It is written by ``scripts/make_validation.py``. ``fingerprint`` says what it was made from, so that an older one is
told as such.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from charley.vocabulary.laboratory import LabExperiment, LabTable, Simulated

NAME = "validation.json"
# Raised by hand when an equation of the pool, of the reflexes or of the laboratory changes what a run gives. Numbers
# and protocols are hashed, so that a comment, a new name or a formatter's line does not make the table an old one.
MODEL_VERSION = 1
_TABLES = ("parameters_neuromuscular.toml", "parameters_lab.toml", "experiments.toml")


@cache
def fingerprint() -> str:
    """A short digest of all that the table depends on: the model's version, its numbers and the protocols."""
    data = files("charley.evidence.data")
    protocols = sorted((p for p in (files(__package__) / "protocols").iterdir()), key=lambda p: p.name)
    content = {entry.name: tomllib.loads(entry.read_text(encoding="utf-8")) for entry in protocols}
    content |= {name: tomllib.loads((data / name).read_text(encoding="utf-8")) for name in _TABLES}
    text = json.dumps([MODEL_VERSION, content], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def dumped(table: LabTable) -> dict[str, Any]:
    """The table as plain values, to be kept."""
    return {
        "fingerprint": fingerprint(),
        "subjects": table.subjects,
        "seconds": round(table.seconds),
        "experiments": {
            e.id: {
                "verdict": e.verdict,
                "seed": e.seed,
                "outcomes": {
                    o.key: {
                        "verdict": o.verdict,
                        "z": o.z,
                        "note": o.note,
                        "simulated": None
                        if o.simulated is None
                        else [o.simulated.mean, o.simulated.sd, o.simulated.n, o.simulated.asked],
                    }
                    for o in e.outcomes
                },
            }
            for e in table.experiments
        },
    }


def loaded() -> dict[str, Any] | None:
    """What was kept, or None where nothing was."""
    place = files(__package__) / NAME
    if not place.is_file():
        return None
    kept: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    return kept


def filled(described: LabExperiment, kept: dict[str, Any]) -> LabExperiment:
    """An experiment that was not run, with the values that were kept for it, as far as there are any."""
    row = kept["experiments"].get(described.id)
    if row is None:
        return described
    outcomes = []
    for outcome in described.outcomes:
        known = row["outcomes"].get(outcome.key)
        if known is None:
            outcomes.append(outcome)
            continue
        simulated = None if known["simulated"] is None else Simulated(*known["simulated"])
        outcomes.append(
            replace(outcome, verdict=known["verdict"], z=known["z"], note=known["note"], simulated=simulated)
        )
    age = "current" if kept["fingerprint"] == fingerprint() else "older"
    return replace(described, outcomes=tuple(outcomes), verdict=row["verdict"], seed=row["seed"], kept=age)
