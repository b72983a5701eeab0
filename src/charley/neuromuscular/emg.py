"""A plain surface electromyogram: each impulse at the muscle adds its unit's potential, a Hermite function of first
order.

The shape is that of Lo Conte et al. 1994 (doi:10.1109/10.335863): phi(t) = (t / w) exp(-(t / w)^2). Larger units lie
in more fibres and conduct faster, so their potentials are larger and shorter. No tissue, no electrode: amplitudes
compare conditions in one simulated muscle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from charley.neuromuscular import layout as at
from charley.neuromuscular.subject import Subject
from charley.vocabulary.arrays import Floats, Ints

SAMPLE_HZ = 2000.0
SUPPORT = 4.0  # widths of the potential on each side
SIZE_CLASSES = 10  # units share ten shapes


@dataclass(frozen=True, slots=True)
class Electromyogram:
    """Signal (uV) on a regular grid, shape (n,)."""

    time_s: Floats
    signal_uv: Floats

    def rectified_uv(self, from_s: float, to_s: float) -> float:
        """Average rectified value between two times; 0 where there is no signal."""
        part = self.signal_uv[(self.time_s >= from_s) & (self.time_s < to_s)]
        return float(np.abs(part).mean()) if len(part) else 0.0

    def mean_frequency_hz(self, from_s: float, to_s: float) -> float:
        """Centre of the power spectrum between two times; nan where the signal is silent."""
        part = self.signal_uv[(self.time_s >= from_s) & (self.time_s < to_s)]
        power = np.abs(np.fft.rfft(part)) ** 2
        total = power.sum()
        return float((np.fft.rfftfreq(len(part), 1.0 / SAMPLE_HZ) * power).sum() / total) if total > 0 else float("nan")


class Impulses(Protocol):
    """What an electromyogram is made of: a trace, or the part of one."""

    @property
    def subject(self) -> Subject:
        """Whose muscle it is."""

    @property
    def time_s(self) -> Floats:
        """Times up to the end of the signal."""

    @property
    def spike_s(self) -> Floats:
        """When each impulse reached the muscle."""

    @property
    def spike_unit(self) -> Ints:
        """Its unit."""

    @property
    def spike_kind(self) -> Ints:
        """Where it came from (``layout.NATURAL`` and its like)."""


def electromyogram(trace: Impulses, with_direct: bool = True) -> Electromyogram:
    """Electromyogram of a trace; ``with_direct=False`` leaves out the M waves of the stimulus."""
    p = trace.subject.constants()
    units = trace.subject.units
    duration_s = float(trace.time_s[-1]) if len(trace.time_s) else 0.0
    n = int(np.ceil(duration_s * SAMPLE_HZ)) + 1
    keep = np.ones(len(trace.spike_s), bool) if with_direct else trace.spike_kind != at.DIRECT
    x = (np.arange(units) + 0.5) / units
    amplitude = p.unit_potential_uv * p.twitch_range ** (p.unit_potential_power * (x - 1.0))
    width_s = 1e-3 * p.unit_potential_small_ms * (p.unit_potential_large_ms / p.unit_potential_small_ms) ** x
    # units of neighbouring size share a shape, so that the sum is one convolution a class
    signal = np.zeros(n)
    size_class = np.minimum((x * SIZE_CLASSES).astype(int), SIZE_CLASSES - 1)
    which = size_class[trace.spike_unit[keep]]
    sample = np.clip(np.round(trace.spike_s[keep] * SAMPLE_HZ).astype(int), 0, n - 1)
    weight = amplitude[trace.spike_unit[keep]]
    for k in range(SIZE_CLASSES):
        here = which == k
        if not here.any():
            continue
        train = np.bincount(sample[here], weight[here], n)
        width = float(width_s[size_class == k].mean())
        t = (
            np.arange(-np.ceil(SUPPORT * width * SAMPLE_HZ), np.ceil(SUPPORT * width * SAMPLE_HZ) + 1)
            / SAMPLE_HZ
            / width
        )
        signal += np.convolve(train, t * np.exp(-t * t), "same")
    return Electromyogram(np.arange(n) / SAMPLE_HZ, signal)
