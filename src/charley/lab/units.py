"""Discharge of single motor units, as a needle record of a cramp is read: activity, rates, regularity, common drive."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.neuromuscular.threshold import LEAST_SPIKES, PAUSE_S, unit_activity
from charley.vocabulary.arrays import Floats, Ints

DOUBLET_S = 0.010
# Common drive, after De Luca et al. 1982: rates smoothed over 0.4 s and freed of what is slower than 0.75 Hz
SMOOTH_MS, DETREND_MS, LAG_MS = 400, 1333, 100
LEAST_S = 5.0  # two units have to be active together for so long
MOST_UNITS = 24  # of which pairs are made: enough for a mean
BAND_HZ = (0.5, 5.0)


@dataclass(frozen=True, slots=True)
class Discharge:
    """One value for each unit that fired often enough (``neuromuscular.threshold.unit_activity``)."""

    active_s: Floats
    mean_rate_hz: Floats
    largest_rate_hz: Floats  # most impulses within a second
    last_rate_hz: Floats
    interval_cv: Floats
    doublets: Floats  # share of impulses that follow another within 10 ms


def discharge(spike_s: Floats, unit: Ints) -> Discharge:
    """Discharge of each unit from all impulses (seconds, unit)."""
    found = unit_activity(spike_s, unit)
    doublets = []
    for u in np.unique(unit):
        intervals = np.diff(np.sort(spike_s[unit == u]))
        if (intervals <= PAUSE_S).sum() >= LEAST_SPIKES:
            doublets.append(float((intervals < DOUBLET_S).mean()))
    return Discharge(
        found.active_s,
        found.mean_rate_hz,
        found.largest_rate_hz,
        found.last_rate_hz,
        found.interval_cv,
        np.array(doublets),
    )


def common_drive(spike_ms: Ints, unit: Ints) -> tuple[float, float]:
    """Frequency (Hz) of the peak of what two units' rates share, and their cross-correlation; nan without such a pair.

    The means over pairs of units that fire together for at least 5 s.
    Reference: De Luca et al. 1982, doi:10.1113/jphysiol.1982.sp014293.
    """
    if not len(spike_ms):
        return float("nan"), float("nan")
    start = int(spike_ms.min())
    span = int(spike_ms.max()) - start + 1
    trains = [np.sort(spike_ms[unit == u]) - start for u in np.unique(unit)]
    trains = [ms for ms in trains if len(ms) >= LEAST_SPIKES and ms[-1] - ms[0] >= LEAST_S * 1000.0]
    rates = []
    for ms in trains[:: max(1, len(trains) // MOST_UNITS)]:
        pulses = np.zeros(span)
        np.add.at(pulses, ms, 1000.0)
        rates.append((ms[0], ms[-1], _smoothed(pulses, SMOOTH_MS) - _smoothed(pulses, DETREND_MS)))
    peaks, correlations = [], []
    for a in range(len(rates)):
        for b in range(a + 1, len(rates)):
            first, last = max(rates[a][0], rates[b][0]), min(rates[a][1], rates[b][1])
            if last - first < LEAST_S * 1000.0:
                continue
            x, y = rates[a][2][first:last], rates[b][2][first:last]
            correlations.append(_largest_correlation(x, y))
            cross = np.fft.rfft(x) * np.conj(np.fft.rfft(y))
            frequency = np.fft.rfftfreq(len(x), 0.001)
            band = (frequency >= BAND_HZ[0]) & (frequency <= BAND_HZ[1])
            peaks.append(float(frequency[band][np.argmax(cross.real[band])]))
    if not correlations:
        return float("nan"), float("nan")
    return float(np.mean(peaks)), float(np.mean(correlations))


def _smoothed(x: Floats, width_ms: int) -> Floats:
    """Mean under a Hann window."""
    window = np.hanning(width_ms + 2)[1:-1]
    size = len(x) + width_ms
    full = np.fft.irfft(np.fft.rfft(x, size) * np.fft.rfft(window / window.sum(), size), size)
    return full[width_ms // 2 : width_ms // 2 + len(x)]


def _largest_correlation(x: Floats, y: Floats) -> float:
    x, y = x - x.mean(), y - y.mean()
    scale = float(np.sqrt((x @ x) * (y @ y)))
    if scale == 0.0:
        return 0.0
    lags = range(-LAG_MS, LAG_MS + 1, 10)
    return max(float(x[max(0, k) : len(x) + min(0, k)] @ y[max(0, -k) : len(y) + min(0, -k)]) for k in lags) / scale
