"""Directions that experiments found, on a few virtual people: a short version of the laboratory's table.

Each case names the experiment whose direction it is (evidence/data/experiments.toml has its numbers and source). The
whole table with its verdicts is docs/validation.md; what the model gets wrong stands there and is not tested here.
"""

from __future__ import annotations

import pytest

from charley.lab.fluids import fluid_state
from charley.lab.protocol import Fluid
from charley.lab.reading import read_values
from charley.lab.run import run
from charley.neuromuscular import constants

pytest.importorskip("numba", reason="the laboratory runs with Numba, the extra lab")

RAMP = {"start_hz": 6, "step_hz": 2, "stop_hz": 60, "rest_s": 30}


def change(common, what, measured="threshold_hz", subjects=3):
    """The mean of a measure with something done, less that without it, in the same people."""
    values = {
        "title": "a test",
        "subjects": subjects,
        **common,
        "conditions": {"without": {}, "with": what},
        "measure": {"change": {"what": measured, "of": "with", "minus": "without"}},
    }
    (outcome,) = run(read_values(values, "short.toml", "short")).outcomes
    assert outcome.simulated.n == subjects
    return outcome.simulated.mean


def test_e02_without_the_cord_the_threshold_is_higher_and_the_cramp_a_few_seconds():
    """Minetto et al. 2011: 18 against 13 Hz, and 2.6 s (SD 1.3) against 55.6 s."""
    foot = {"muscle": "abductor hallucis", "group": "prone", "ramp": RAMP}
    assert change(foot, {"block": "nerve"}) > 0.0
    values = {
        "title": "a test",
        **foot,
        "subjects": 3,
        "block": "nerve",
        "measure": {"d": {"what": "cramp_duration_s"}},
    }
    (blocked,) = run(read_values(values, "short.toml", "short")).outcomes
    assert blocked.simulated.mean < 2.6 + 2 * 1.3
    assert change(foot, {"block": "nerve"}, "cramp_duration_s") < 0.0


def test_e14_pain_lowers_the_threshold():
    """Serrao et al. 2007: 31.2 to 25.7 Hz."""
    assert change({"muscle": "flexor hallucis brevis", "group": "not prone", "ramp": RAMP}, {"pain": 1}) < 0.0


def test_e15_fresh_fatigue_raises_it():
    """Stone et al. 2010: 20.0 to 32.9 Hz after five rounds of toe curls."""
    before = {"effort": 0.6, "for_s": 40, "times": 5, "rest_s": 60, "at_deg": 10}
    foot = {"muscle": "flexor hallucis brevis", "group": "prone", "ramp": {**RAMP, "stop_hz": 80}}
    assert change(foot, {"before": before}, subjects=2) > 0.0


def test_e18_stretching_before_changes_little():
    """Miller et al. 2018: 18 (SD 7), 16 (5) and 16 (4) Hz, no difference. 2 Hz is a step of the ramp."""
    before = {"hold_deg": 25, "for_s": 60, "times": 3, "rest_s": 5}
    foot = {"muscle": "flexor hallucis brevis", "group": "prone", "ramp": RAMP}
    assert abs(change(foot, {"before": before})) <= 2.0


def test_e19_weeks_of_cramps_raise_it_and_weeks_without_do_not():
    """Behringer et al. 2014: 23.3 to 33.3 Hz in the leg that cramped, 23.6 to 22.3 Hz in the other."""
    calf = {"muscle": "calf", "group": "not prone", "ramp": {**RAMP, "start_hz": 12}}
    assert change(calf, {"training": {"weeks": 3}}) > 4.0
    assert change(calf, {"training": {"weeks": 3, "cramps": False}}) == 0.0


def test_e08_plain_water_lowers_it_and_salt_in_the_drink_does_not():
    """Lau et al. 2019: -4.3 to -5.1 Hz after water, +3.7 to +5.4 Hz after a rehydration drink."""
    calf = {"muscle": "calf", "group": "not prone", "ramp": {**RAMP, "start_hz": 10}}
    lost = {"lost_pct": 2, "sweat_sodium_mmol_l": 50, "minutes_after": 60}
    water = change(calf, {"fluid": {**lost, "drink": "water"}})
    salted = change(calf, {"fluid": {**lost, "drink": "ors"}})
    assert water < 0.0
    assert salted > water


def test_e25_a_shock_to_the_tendon_turns_a_cramp_down():
    """Khan and Burne 2007: in 8 of 8 cramps. A quarter less discharge 45 to 80 ms after the shock."""
    values = {
        "title": "a test",
        "muscle": "calf",
        "group": "prone",
        "subjects": 3,
        "train": {"frequency_hz": 40},
        "follow_s": 12,
        "tendon_shock": {"after_onset_s": 2, "times": 5, "every_s": 1},
        "conditions": {"whole": {}, "no tendon organ": {"block": "tendon organ"}},
        "measure": {k: {"what": "shock_dip_pct", "of": k} for k in ("whole", "no tendon organ")},
    }
    whole, cut = run(read_values(values, "short.toml", "short")).outcomes
    assert whole.simulated.mean > 25.0
    assert abs(cut.simulated.mean) < 15.0


def test_e30_sodium_falls_on_plain_drinks_by_two_to_four():
    """Anastasiou et al. 2009: 137.3 mmol/L with 36.2 mmol/L in the drink, 134.4 (0.8) with none: 2.9 between them."""
    lost = {"lost_pct": 4.0, "when": "during", "during_min": 180.0, "minutes_after": 30.0}
    found = {
        sodium: fluid_state(Fluid(**lost, drink="water", drink_sodium_mmol_l=sodium), constants()).sodium_mmol_l
        for sodium in (0.0, 36.2)
    }
    assert 2.9 - 1.6 < found[36.2] - found[0.0] < 2.9 + 1.6  # two standard deviations as printed
