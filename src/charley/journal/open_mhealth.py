"""Runs as data points of Open mHealth: what its published schemas have a word for, and nothing that they have not.

Each run gives physical-activity 1.2 (sport, span, distance), heart-rate 1.0 (mean and highest during exercise) and
step-count 2.0; each weighing body-weight 1.0; each in a data-point 1.0 with its header. None has a word for a cramp.
Source of the names, units and versions: the schema repository of Open mHealth (openmhealth/schemas on GitHub).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from charley.journal import answers, runs
from charley.journal.store import Store
from charley.vocabulary.errors import JournalError
from charley.vocabulary.journal import RunRow, Weighing

NAMESPACE = "omh"
VERSIONS = {"physical-activity": "1.2", "heart-rate": "1.0", "step-count": "2.0", "body-weight": "1.0"}
_SENSED, _TOLD = "sensed", "self-reported"


def data_points(store: Store, now: datetime, lost: list[str]) -> Iterator[dict[str, Any]]:
    """Data points of all dated runs and of the weighings that hold; a run that cannot be read is named in ``lost``."""
    for row in reversed(runs.rows(store)):
        if not row.dated:
            continue
        try:
            yield from _of_run(store, row, now)
        except (JournalError, MemoryError):
            lost.append(f"open-mhealth.json: the channels of the run {row.run_id}")
    for one in answers.current(store, Weighing):
        body = {"body_weight": {"value": one.mass_kg, "unit": "kg"},
                "effective_time_frame": {"date_time": one.happened_at.isoformat()}}  # fmt: skip
        yield _point("body-weight", body, f"answer {one.id}", now, "the runner", _TOLD)


def _of_run(store: Store, row: RunRow, now: datetime) -> Iterator[dict[str, Any]]:
    start = row.started_at
    when = {
        "time_interval": {
            "start_date_time": start.isoformat(),
            "end_date_time": (start + timedelta(seconds=row.elapsed_s)).isoformat(),
        }
    }
    source = row.device or "an unnamed device"

    def point(name: str, what: str, body: dict[str, Any]) -> dict[str, Any]:
        body = {"effective_time_frame": when, **body}
        return _point(name, body, f"{row.run_id} {what}", now, source, _SENSED)

    distance = {"value": round(row.distance_m, 1), "unit": "m"}
    yield point("physical-activity", "run", {"activity_name": row.sport, "distance": distance})
    run = runs.load(store, row.run_id)
    rate = run.streams.heart_rate_bpm[np.isfinite(run.streams.heart_rate_bpm)]
    for statistic, value in (("average", np.mean), ("maximum", np.max)) if rate.size else ():
        figure = {"value": round(float(value(rate)), 1), "unit": "beats/min"}
        relation = {"descriptive_statistic": statistic, "temporal_relationship_to_physical_activity": "during exercise"}
        yield point("heart-rate", statistic, {"heart_rate": figure, **relation})
    cadence = run.streams.cadence_spm[run.moving & np.isfinite(run.streams.cadence_spm)]
    if cadence.size:  # one value a second
        yield point("step-count", "steps", {"step_count": round(float(cadence.sum()) / 60.0)})


def _point(name: str, body: dict[str, Any], of: str, now: datetime, source: str, modality: str) -> dict[str, Any]:
    """A data point. Its id is the same whenever the same thing is exported."""
    return {
        "header": {
            "id": hashlib.sha256(f"{name} {of}".encode()).hexdigest()[:32],
            "creation_date_time": now.isoformat(timespec="seconds"),
            "schema_id": {"namespace": NAMESPACE, "name": name, "version": VERSIONS[name]},
            "acquisition_provenance": {"source_name": source, "modality": modality},
        },
        "body": body,
    }
