"""The threshold without a spike against the pool, on the stored grid (scripts/margin_neuromuscular.py froze it).

Slow fatigue 0, 0.5, 1; joint angle -30, -10, +10 degrees; ions +0.4, 0, -0.4 mV. The margin's constants were fitted on
random states that share none with the grid.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from charley.neuromuscular import SlowState, Subject, threshold_formula
from charley.neuromuscular.threshold import RampProtocol, rested_threshold_hz

GRID = json.loads(Path(__file__).with_name("data").joinpath("neuromuscular_margin_grid.json").read_text())
HOLDS_S = 5.0
HIGH_HZ = 60.0  # both as the script has them


def _states() -> tuple[SlowState, np.ndarray]:
    names = ("slow_fatigue", "ion_shift_mv")
    state = SlowState(**{n: np.array([row["state"][n] for row in GRID]) for n in names})
    return state, np.array([row["angle_deg"] for row in GRID])


def test_the_grid_is_whole() -> None:
    state, angle = _states()
    assert len(GRID) == 27
    assert len({*zip(state.slow_fatigue, state.ion_shift_mv, angle, strict=True)}) == 27
    assert sum(row["threshold_hz"] is not None for row in GRID) >= 20


def test_the_threshold_is_that_of_the_pool() -> None:
    """Mean absolute error at most 1.0 Hz, none above 3 Hz, where the pool cramps."""
    state, angle = _states()
    found = threshold_formula.threshold_frequency_hz(state, joint_angle_deg=angle)
    pool = np.array([np.nan if row["threshold_hz"] is None else row["threshold_hz"] for row in GRID])
    error = np.abs(found - pool)[np.isfinite(pool)]
    assert error.mean() <= 1.0
    assert error.max() <= 3.0


def test_whether_a_cramp_holds_is_always_right() -> None:
    state, angle = _states()
    holds = np.array([row["after_s"] >= HOLDS_S for row in GRID])
    np.testing.assert_array_equal(threshold_formula.sustain(state, joint_angle_deg=angle) > 0.0, holds)
    assert 0 < holds.sum() < len(GRID)  # both kinds are in the grid


def test_the_stored_grid_is_that_of_the_present_pool() -> None:
    """Three of its rows again: a changed model needs a new grid."""
    pytest.importorskip("numba")
    for row in (GRID[0], GRID[13], GRID[24]):
        ramp = RampProtocol(joint_angle_deg=row["angle_deg"])
        found = rested_threshold_hz(
            Subject(), SlowState(**row["state"]), ramp, (1, 2, 3, 4, 5), high_hz=HIGH_HZ, within_hz=0.4
        )
        assert found == pytest.approx(row["threshold_hz"], abs=0.01)
