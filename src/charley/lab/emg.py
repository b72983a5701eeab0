"""An electromyogram from impulses: each puts a two-phase potential on the skin, larger for larger units.

A simple surface model without place or depth: it shows when, how much and how ragged, in shares of a maximal effort,
and nothing in microvolts.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from charley.evidence import parameters
from charley.lab.session import MS_PER_S, Session
from charley.neuromuscular import Protocol, SlowState, Subject

Floats = NDArray[np.float64]
MAXIMAL_S = 3.0  # of effort, for the reference
STEADY_S = 1.0  # from which on it is steady


def electromyogram(
    p: Any, units: int, spike_ms: NDArray[np.int64], spike_unit: NDArray[np.int64], start_ms: int, end_ms: int
) -> Floats:
    """Signal at 1 kHz from ``start_ms`` to ``end_ms``, shape (ms,); the pool's mean potential is one."""
    size = p.twitch_range ** (((np.arange(units) + 0.5) / units) * parameters("lab")["emg_unit_power"].value)
    pulses = np.zeros(end_ms - start_ms)
    np.add.at(pulses, spike_ms - start_ms, (size / size.mean())[spike_unit])
    width = parameters("lab")["emg_potential_ms"].value
    t = np.arange(-round(4.0 * width), round(4.0 * width) + 1.0)
    potential = -t / width * np.exp(0.5 - t * t / (2.0 * width * width))
    if len(pulses) < len(potential):
        return np.zeros(len(pulses))
    return np.convolve(pulses, potential, mode="same")


def amplitude(signal: Floats) -> float:
    """Mean rectified amplitude."""
    return float(np.abs(signal).mean()) if len(signal) else 0.0


@cache
def maximal_amplitude(subject: Subject, angle_deg: float, seed: int) -> float:
    """Amplitude of a person's maximal effort at a joint angle, rested and with a straight knee."""
    session = Session(subject, SlowState(), seed, angle_deg, Protocol())
    session.effort(0.0, MAXIMAL_S, 1.0)
    part = session.run(round(MAXIMAL_S * MS_PER_S))
    steady = round(STEADY_S * MS_PER_S)
    return amplitude(
        electromyogram(session.p, session.subject.units, part.spike_ms, part.spike_unit, 0, part.end_ms)[steady:]
    )
