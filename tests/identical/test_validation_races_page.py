"""The page of race forecasts is made from the kept comparison, and that from the kept predictions."""

import importlib.util
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def script(name: str):
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def kept(name: str):
    return json.loads((ROOT / "docs" / name).read_text(encoding="utf-8"))


def test_the_page_is_the_one_that_the_comparison_makes():
    page = (ROOT / "docs" / "validation-races.md").read_text(encoding="utf-8")
    assert page == script("validation_races_page").page(), "run: python scripts/validation_races_page.py"


def test_predictions_and_comparison_stand_on_the_numbers_of_today():
    today = script("validate_races").numbers_hash()
    assert kept("validation-races-predicted.json")["numbers"] == today
    assert kept("validation-races.json")["numbers"] == today


def test_what_was_said_in_the_comparison_is_what_was_predicted():
    said, compared = kept("validation-races-predicted.json"), kept("validation-races.json")
    for sex in ("male", "female"):
        tenths = compared["pacing"][sex]["tenths"]
        assert [t["second_said"] for t in tenths] == said["pacing"][sex]["second_over_first"]
    assert compared["climate"]["width_c"] == said["climate"]["width_c"]
    assert set(said["climate"]["set_on"]).isdisjoint(said["climate"]["tested_on"])
