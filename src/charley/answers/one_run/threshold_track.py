"""The calf's cramp threshold along a run, as the loop of nerves has it: shown and explained, never part of the hazard.

How hard running drives the motor neurons, in Hz of a stimulus, is unmeasured; the track is therefore a relative index
of how the slow states move the threshold, not a distance to a cramp.

Two fatigues move it, each with a recovery of its own, in the laboratory as on the road. What protects is an
after-effect of work that cannot be kept up (``neuromuscular.flow.fast_fatigue_rate``): in one muscle its metabolites
measure that, in a run the spent part of the reserve above critical speed. So an even run below that speed leaves none,
as the runs of E08 left next to none. What sensitises builds over hours: ``BodyStates.calf_slow_fatigue``.
"""

from __future__ import annotations

import numpy as np

from charley.evidence.numbers.body import BODY
from charley.neuromuscular import SlowState, Subject, ion_shift_mv
from charley.neuromuscular.flow import fast_fatigue_rate
from charley.neuromuscular.parameters import Constants
from charley.neuromuscular.threshold_formula import threshold_frequency_hz
from charley.vocabulary.answer import Track
from charley.vocabulary.arrays import Floats, Index, distinct, quantiles
from charley.vocabulary.body_states import BodyStates

MUSCLE = "medial_gastrocnemius"
EVERY_S = 300.0  # slow states move over tens of minutes
FATIGUE_EVERY_S = 30.0  # the protective one over minutes
DRAWS = 40  # enough for a band; the bodies differ far more than the draws of each


def build(states: BodyStates) -> Track:
    """The track on the steps of ``states``: mean and bands over bodies, in Hz."""
    time_s = states.time_s
    at = distinct(np.append(np.arange(0, time_s.size, max(int(EVERY_S / time_s[0]), 1)), time_s.size - 1))
    hz = threshold_hz(states, at)
    low, low50, high50, high = quantiles(hz, (0.1, 0.25, 0.75, 0.9))
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
    p = subject.constants()
    state = SlowState(
        slow_fatigue=np.clip(states.calf_slow_fatigue[at, kept] / BODY.slow_ceiling, 0.0, 1.0),
        fast_fatigue=protective_fatigue(p, states)[at],
        ion_shift_mv=ion_shift_mv(p, sodium[at] - sodium[:1], states.plasma_volume_change[at, kept]),
    )
    return threshold_frequency_hz(state, subject)


def protective_fatigue(p: Constants, states: BodyStates) -> Floats:
    """Protective fatigue 0..1 at the end of each step, (steps, draws kept): the muscle's law, driven by the reserve.

    The spent part of the reserve above critical speed stands for the metabolites of a muscle that is worked to failure:
    1 where nothing is left.
    """
    reserve = states.d_prime_balance_m[:, :DRAWS]
    spent = np.clip(1.0 - reserve / np.maximum(reserve.max(axis=0), 1e-9), 0.0, 1.0)
    step_s = float(states.time_s[0])
    stride = max(int(FATIGUE_EVERY_S / step_s), 1)
    fatigue = np.zeros(reserve.shape)
    now = np.zeros(reserve.shape[1])
    for start in range(0, len(reserve), stride):
        part = slice(start, start + stride)
        work = np.sqrt((spent[part] ** 2).mean(axis=0))
        # the law is linear in fatigue, so the way through a stretch of steady work is known
        gain = fast_fatigue_rate(p, np.zeros_like(now), work, np.ones_like(now))
        fall = gain - fast_fatigue_rate(p, np.ones_like(now), work, np.ones_like(now))
        steps = np.arange(1, len(reserve[part]) + 1)[:, None]
        fatigue[part] = gain / fall + (now - gain / fall) * np.exp(-fall * step_s * steps)
        now = fatigue[part][-1]
    return fatigue
