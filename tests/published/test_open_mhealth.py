"""`charley data export --open-mhealth` against the published schemas of Open mHealth (``open_mhealth_rules.json``)."""

from __future__ import annotations

import copy
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from charley.api import journal as journals
from charley.faces.cli.main import run as charley
from journal_world import START, made_run

RULES = json.loads(Path(__file__).with_name("open_mhealth_rules.json").read_text(encoding="utf-8"))


def check(point: dict[str, Any]) -> None:
    """Raise ValidationError for a data point or a body that its schema does not allow."""
    jsonschema.validate(point, RULES["data-point 1.0"], jsonschema.Draft7Validator)
    schema = point["header"]["schema_id"]
    assert schema["namespace"] == "omh"
    jsonschema.validate(point["body"], RULES[f"{schema['name']} {schema['version']}"], jsonschema.Draft7Validator)


@pytest.fixture(scope="module")
def points(tmp_path_factory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("omh")
    path = folder / "journal.sqlite"
    journals.add_run(path, made_run(seconds=3000), read_by="test")
    journals.log_weight(path, 70.25, when="before", now=START + timedelta(days=2))
    assert charley(["--journal", str(path), "data", "export", str(folder / "out"), "--open-mhealth"]) == 0
    return list(json.loads((folder / "out" / "open-mhealth.json").read_text(encoding="utf-8")))


def test_every_data_point_is_valid_by_its_published_schema(points) -> None:
    assert {p["header"]["schema_id"]["name"] for p in points} >= {"physical-activity", "heart-rate", "body-weight"}
    for point in points:
        check(point)
    assert len({p["header"]["id"] for p in points}) == len(points)


def test_the_figures_are_those_of_the_run(points) -> None:
    """Mean and maximum by NumPy over the made-up run's own channels."""
    run = made_run(seconds=3000)
    by = {(p["header"]["schema_id"]["name"], p["body"].get("descriptive_statistic")): p["body"] for p in points}
    activity = by["physical-activity", None]
    assert activity["distance"] == {"value": pytest.approx(run.distance_m, abs=0.05), "unit": "m"}
    span = activity["effective_time_frame"]["time_interval"]
    start, end = (datetime.fromisoformat(span[f"{edge}_date_time"]) for edge in ("start", "end"))
    assert start == run.started_at
    assert (end - start).total_seconds() == run.elapsed_s
    rate = run.streams.heart_rate_bpm
    assert by["heart-rate", "average"]["heart_rate"]["value"] == pytest.approx(float(np.nanmean(rate)), abs=0.06)
    assert by["heart-rate", "maximum"]["heart_rate"]["value"] == pytest.approx(float(np.nanmax(rate)), abs=0.06)
    if run.streams.has("cadence_spm"):
        steps = float(np.nansum(run.streams.cadence_spm[run.moving])) / 60
        assert by["step-count", None]["step_count"] == pytest.approx(steps, abs=1)
    assert by["body-weight", None]["body_weight"] == {"value": 70.25, "unit": "kg"}


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("heart-rate", ("body", "heart_rate", "unit"), "bpm"),
        ("heart-rate", ("body", "descriptive_statistic"), "mean"),
        ("physical-activity", ("body", "distance", "unit"), "metres"),
        (
            "physical-activity",
            ("body", "effective_time_frame"),
            {"date_time": "2026-01-01T00:00:00Z", "time_interval": {"x": 1}},
        ),
        ("body-weight", ("header", "acquisition_provenance", "modality"), "guessed"),
        ("body-weight", ("body", "effective_time_frame", "date_time"), "2026-01-01"),
    ],
)
def test_the_rules_refuse_what_the_schemas_refuse(points, name, path, value) -> None:
    point = copy.deepcopy(next(p for p in points if p["header"]["schema_id"]["name"] == name))
    inner = point
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        check(point)


def test_an_empty_journal_gives_an_empty_array(tmp_path) -> None:
    path = tmp_path / "journal.sqlite"
    journals.log_strength(path, "calf raise", sets=1, repetitions=1)
    assert charley(["--journal", str(path), "data", "export", str(tmp_path / "out"), "--open-mhealth"]) == 0
    assert json.loads((tmp_path / "out" / "open-mhealth.json").read_text()) == []
    assert charley(["--journal", str(path), "data", "export", str(tmp_path / "plain")]) == 0
    assert not (tmp_path / "plain" / "open-mhealth.json").exists()
