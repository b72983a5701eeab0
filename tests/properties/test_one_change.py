"""What a change does to a run: less of one stressor, and nothing else. Expected values by arithmetic."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

import report_journals
from charley.answers.history.belief import Belief
from charley.answers.history.change import CHANGES
from charley.answers.history.plan import factor_table
from charley.faces.report.wording import journal_causes
from charley.inference.design import RunRows

BY_CODE = {change.code: change for change in CHANGES}
TABLE = factor_table()
BELIEF = cast(Belief, SimpleNamespace(log=SimpleNamespace(table=TABLE)))  # a change asks for the names of columns alone
BINS = 60


def run(**told: float) -> RunRows:
    """An hour in minutes with these stressors and factors throughout ("x_" before a factor's name)."""
    x, met = np.zeros((2, BINS, len(TABLE))), np.zeros((2, BINS, len(TABLE.triggers)))
    for name, value in told.items():
        if name.startswith("x_"):
            x[:, :, TABLE.keys.index(name[2:])] = value
        else:
            met[:, :, TABLE.triggers.keys.index(name)] = value
    return RunRows(np.full(BINS, 1 / 60), np.zeros((2, BINS)), x, stressors=met)


def of(rows: RunRows, name: str) -> float:
    column = rows.covariates[:, :, TABLE.keys.index(name[2:])] if name.startswith("x_") else None
    return float((rows.stressors[:, :, TABLE.triggers.keys.index(name)] if column is None else column)[0, -1])


@pytest.mark.parametrize(
    ("code", "size", "before", "after"),
    [
        ("cooler", 5.0, {"heat": 22.0, "x_wbgt": 9.0}, {"heat": 17.0, "x_wbgt": 4.0}),
        ("cooler", 5.0, {"heat": 14.0, "x_wbgt": 1.0}, {"heat": 9.0, "x_wbgt": 0.0}),  # never less than no heat
        # 30 % beyond the longest run: as long as it, once that is 30 % longer; 1.3 / 1.1 - 1 = 18.18 % beyond at 10 %
        ("longer_before", 30.0, {"beyond_longest": 3.0, "x_beyond_longest": 2.0}, {"x_beyond_longest": -1.0}),
        ("longer_before", 30.0, {"beyond_longest": 3.0}, {"beyond_longest": 0.0}),
        ("longer_before", 10.0, {"beyond_longest": 3.0}, {"beyond_longest": 1.81818}),
        ("easy_days", 3.0, {"x_muscle_damage_recent": 1.5}, {"x_muscle_damage_recent": 0.0}),
        ("easy_days", 3.0, {"x_muscle_damage_recent": -0.4}, {"x_muscle_damage_recent": -0.4}),  # fresher than usual
        # the first tenth of the hour at 4 % less is 0.4 % of the mean so far at the end
        ("slower_start", 4.0, {"fast_start": 6.0, "x_pace_excess": 6.0}, {"fast_start": 2.0}),
    ],
)  # fmt: skip
def test_a_change_takes_off_what_it_says(
    code: str, size: float, before: dict[str, float], after: dict[str, float]
) -> None:
    rows = run(**before)
    changed = BY_CODE[code].changed(BELIEF, rows, size)
    for name, value in after.items():
        assert of(changed, name) == pytest.approx(value, abs=1e-4)
    untouched = run(**before)
    np.testing.assert_array_equal(rows.covariates, untouched.covariates)
    np.testing.assert_array_equal(rows.stressors, untouched.stressors)


@pytest.mark.parametrize(
    ("code", "told", "most"),
    [
        ("cooler", {"heat": 8.0}, 0.0),  # an hour as cool as one can hope for
        ("longer_before", {"beyond_longest": 0.0}, 0.0),  # had run as far before
        ("easy_days", {"x_muscle_damage_recent": 0.0}, 0.0),
        ("slower_start", {"fast_start": 0.5}, 0.0),  # began at own level
    ],
)
def test_nothing_is_asked_of_who_has_nothing_to_change(code: str, told: dict[str, float], most: float) -> None:
    assert BY_CODE[code].most(BELIEF, run(**told)) <= most


@pytest.mark.parametrize("code", sorted(BY_CODE))
@pytest.mark.parametrize("units", ["metric", "imperial"])
def test_each_change_is_told_in_words(code: str, units: str) -> None:
    over = report_journals.over(30, 6)
    told = replace(over, change=replace(over.change, code=code, size=BY_CODE[code].sizes[0]))
    text = journal_causes.change(told, 100, units)
    assert "17" in text  # the chance with it, from the made answer
    assert "36" in text
    if code == "cooler":
        assert ("5 °F" if units == "imperial" else "3 °C") in text


def test_where_water_or_salt_leads_the_scale_comes_before_the_bottle() -> None:
    over = report_journals.over(30, 6)
    told = replace(over, change=replace(over.change, code="weigh_first", without=None, with_it=None))
    text = journal_causes.change(told, 100, "metric")
    assert text.startswith("Weigh yourself before and after")
    assert "charley log weight" in text


def test_what_would_not_show_is_not_offered() -> None:
    """36 and 35.8 in 100 are both "about 4 of 10"."""
    over = report_journals.over(30, 6)
    assert over.change.without is not None
    told = replace(over, change=replace(over.change, with_it=replace(over.change.without, mean=0.358)))
    assert journal_causes.change(told, 10, "metric").startswith("No change stands out")
    assert "36 in 100" in journal_causes.change(replace(over, change=replace(over.change)), 100, "metric")
