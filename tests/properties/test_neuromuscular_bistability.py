"""Where the pool is silent, bistable or firing by itself. The full maps: scripts/map_neuromuscular.py."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("numba")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from map_neuromuscular import BISTABLE, SILENT, SPONTANEOUS, hysteresis, outcome

from charley.neuromuscular import SlowState, Subject

ORDER = (SILENT, BISTABLE, SPONTANEOUS)


def rising(outcomes: list[str]) -> bool:
    """From silent through bistable to firing by itself, without a step back."""
    steps = [ORDER.index(o) for o in outcomes]
    return steps == sorted(steps)


def test_a_membrane_without_inward_current_follows_its_drive_and_one_with_it_does_not():
    """The drive at which units cease equals that at which they begin unless the current makes a fold in their curve."""
    drives = np.arange(0.0, 0.6, 0.02)
    widths = [np.subtract(*hysteresis(g, drives)) for g in (0.0, 0.30, 0.36)]
    assert widths[0] == pytest.approx(0.0, abs=0.021)  # one step of the drive
    assert widths[1] > 0.03
    assert widths[2] > widths[1]


def test_a_membrane_alone_does_not_hold_and_a_stronger_current_would():
    """A cramp needs the loop: with the current of the table units let go when nothing drives them."""
    drives = np.arange(0.0, 0.4, 0.02)
    own = float(Subject().constants().pic_conductance)
    assert hysteresis(own, drives)[1] > 0.0
    assert hysteresis(own + 0.06, drives)[1] == 0.0


def test_the_same_loop_is_silent_bistable_or_fires_by_itself():
    easy, middle, hard = (
        replace(Subject(), spindle_gain=s, tendon_organ_gain=t) for s, t in ((1.8, 0.5), (1, 1), (0.6, 1.8))
    )
    assert [outcome(s) for s in (hard, middle, easy)] == [SILENT, BISTABLE, SPONTANEOUS]


def test_excitability_tendon_organs_length_and_fatigue_move_it_one_way():
    person = Subject()
    assert rising([outcome(replace(person, excitability_mv=e)) for e in (2.5, 1.0, -0.5, -1.5)])
    assert rising([outcome(replace(person, tendon_organ_gain=t)) for t in (2.5, 1.0, 0.25)])
    assert rising([outcome(person, a) for a in (20.0, 0.0, -30.0)])
    assert rising([outcome(person, 10.0, SlowState(slow_fatigue=f)) for f in (0.0, 0.5, 1.0)])
