"""People as a study had them: laboratories found mean thresholds from 13 to 31 Hz, because they tested different
people.

Where a protocol says ``matched_hz``, the activation voltages of its group are moved together, by the same amount,
until the rested mean threshold is that number. What is then judged is what was done to them, not who they were.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

from charley.lab.examination import examine
from charley.lab.protocol import Setup

PEOPLE = 8  # of the group, that are tested for it
LOW_MV, HIGH_MV = -2.5, 4.5
CLOSE_HZ = 0.5
STEPS = 7
RESTED = Setup()
# What makes a test another one than that of the rested person.
_STATE = (
    "slow_fatigue", "fast_fatigue", "ion_shift_mv", "pain", "metabolites", "sensitisation", "adaptation", "fluid",
    "training", "downhill_run", "before", "block", "temperature_c", "background", "gamma_static", "gamma_dynamic",
)  # fmt: skip
_EVENTS = ("train", "stretch", "tendon_shock", "vibration", "sip", "cuff", "inhibit")


def matched(setup: Setup, seed: int) -> Setup:
    """The setup with its group moved to ``matched_hz``; itself where there is none."""
    if setup.matched_hz is None or setup.ramp is None:
        return setup
    plain = {name: getattr(RESTED, name) for name in (*_STATE, *_EVENTS, "block_after_onset_s")}
    people = min(setup.subjects, PEOPLE)
    shift = _shift(replace(setup, **plain, day=1, subjects=people, matched_hz=None), setup.matched_hz, seed)
    return replace(setup, excitability_mv=setup.excitability_mv + shift, matched_hz=None)


@cache
def _shift(rested: Setup, target_hz: float, seed: int) -> float:
    low, high = LOW_MV, HIGH_MV
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        found = _mean_threshold_hz(replace(rested, excitability_mv=rested.excitability_mv + middle), seed)
        if abs(found - target_hz) <= CLOSE_HZ:
            return middle
        low, high = (middle, high) if found < target_hz else (low, middle)
    return 0.5 * (low + high)


def _mean_threshold_hz(setup: Setup, seed: int) -> float:
    """Mean over the group; who does not cramp counts as the ramp's end."""
    assert setup.ramp is not None
    found = [examine(setup, seed, index, follow=False).threshold_hz for index in range(setup.subjects)]
    return sum(setup.ramp.stop_hz if math.isnan(f) else f for f in found) / len(found)
