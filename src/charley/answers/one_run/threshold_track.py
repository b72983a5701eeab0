"""The calf's cramp threshold along a run, as the loop of nerves has it: shown and explained, never part of the hazard.

How hard running drives the motor neurons, in Hz of a stimulus, is unmeasured; the track is therefore a relative index
of how the slow states move the threshold, not a distance to a cramp.
"""

from __future__ import annotations

import numpy as np

from charley.evidence.numbers.body import BODY
from charley.neuromuscular import SlowState, Subject, ion_shift_mv
from charley.neuromuscular.threshold_formula import threshold_frequency_hz
from charley.vocabulary.answer import Track
from charley.vocabulary.arrays import Floats, Index
from charley.vocabulary.body_states import BodyStates

MUSCLE = "medial_gastrocnemius"
EVERY_S = 300.0  # slow states move over tens of minutes
DRAWS = 40  # enough for a band; the bodies differ far more than the draws of each


def build(states: BodyStates) -> Track:
    """The track on the steps of ``states``: mean and bands over bodies, in Hz."""
    time_s = states.time_s
    at = np.unique(np.append(np.arange(0, time_s.size, max(int(EVERY_S / time_s[0]), 1)), time_s.size - 1))
    hz = threshold_hz(states, at)
    low, low50, high50, high = np.quantile(hz, (0.1, 0.25, 0.75, 0.9), axis=1)
    mean, low, high, low50, high50 = (
        np.interp(time_s, time_s[at], row) for row in (hz.mean(axis=1), low, high, low50, high50)
    )
    note = "a relative index: the drive of running is unmeasured; not part of the hazard"
    return Track(
        "threshold", "Cramp threshold", "Hz, relative", "model",
        mean, low, high, low50, high50, note=note, state="threshold_index_hz",
    )  # fmt: skip


def threshold_hz(states: BodyStates, at: Index) -> Floats:
    """Threshold frequency of an average person's medial gastrocnemius at steps ``at``, (len(at), draws kept)."""
    subject = Subject(muscle=MUSCLE)
    kept = slice(0, DRAWS)
    sodium = states.plasma_sodium_mmol_l[:, kept]
    state = SlowState(
        slow_fatigue=np.clip(states.calf_slow_fatigue[at, kept] / BODY.slow_ceiling, 0.0, 1.0),
        fast_fatigue=np.clip(states.calf_fast_fatigue[at, kept], 0.0, 1.0),
        ion_shift_mv=ion_shift_mv(subject.constants(), sodium[at] - sodium[:1], states.plasma_volume_change[at, kept]),
    )
    return threshold_frequency_hz(state, subject)
