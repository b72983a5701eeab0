"""What was published of each outcome that the motor pool is calibrated on, and a row that sets the model beside it.

Value and standard error, or a tolerance of ours where none was printed; docs/calibration-neuromuscular.md names the
papers. ``-``: of no one experiment, what any motor pool should do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

PUBLISHED: dict[tuple[str, str], tuple[float, float]] = {
    ("E01", "threshold of the middle non-cramper (Hz)"): (25.5, 1.6),
    ("E01", "threshold, cramps in the past (Hz)"): (14.9, 1.3),
    ("E01", "spread of it, cramps in the past (Hz)"): (5.6, 1.5),
    ("E01", "threshold, none (Hz)"): (25.5, 1.6),
    ("E01", "spread of it, none (Hz)"): (5.6, 1.5),
    ("E02", "threshold, intact (Hz)"): (13.0, 1.1),
    ("E02", "threshold, nerve blocked (Hz)"): (18.0, 1.1),
    ("E02", "ratio of the two"): (1.38, 0.1),
    ("E02", "cramp, intact (s)"): (55.6, 6.8),
    ("E02", "after-discharge, blocked (s)"): (2.6, 0.46),
    ("E02", "activity of a unit, intact (s)"): (29.5, 3.6),
    ("E02", "activity of a unit, blocked (s)"): (1.1, 0.3),
    ("E02", "unit rate, intact (1/s)"): (20.0, 3.0),
    ("E02", "unit rate, blocked (1/s)"): (25.7, 1.9),
    ("E02", "peak EMG, blocked over intact"): (0.29, 0.15),
    ("E02", "units still on, mean over the cramp (share)"): (0.53, 0.08),
    ("E03", "unit rate (1/s)"): (14.5, 3.0),
    ("E03", "largest unit rate (1/s)"): (25.0, 3.0),
    ("E03", "last unit rate (1/s)"): (6.0, 1.5),
    ("E03", "variation of intervals"): (0.446, 0.08),
    ("E03", "cross-correlation of rates"): (0.52, 0.06),
    ("E06", "change at -3 % (Hz)"): (-2.4, 1.4),
    ("E08", "change, after the run (Hz)"): (0.0, 1.5),
    ("E08", "change, water (Hz)"): (-4.7, 1.5),
    ("E08", "change, rehydration solution (Hz)"): (4.5, 1.5),
    ("E10", "cramp of a person who cramps easily (s)"): (133.7, 15.9),
    ("E10", "EMG in the cramp, of maximal effort"): (0.60, 0.06),
    ("E10", "cramp with water (s)"): (133.7, 15.9),
    ("E10", "ratio sharp drink/water"): (0.63, 0.11),
    ("E14", "threshold, ratio pain/none"): (0.82, 0.06),
    ("E15", "threshold, ratio fatigued/fresh"): (1.645, 0.15),
    ("E18", "change after stretching (Hz)"): (-2.0, 2.0),
    ("E19", "rise after 3 weeks (Hz)"): (10.0, 2.0),
    ("E19", "after-discharge at a neutral ankle, threshold + 30 Hz (s)"): (0.0, 0.5),
    ("E19", "cramp when shortened, threshold + 30 Hz (1 = yes)"): (1.0, 0.3),
    ("E22", "rise after 6 weeks (Hz)"): (6.2, 3.0),
    ("E23", "change 5 min after a cramp (Hz)"): (-4.0, 1.5),
    ("E23", "change 30 min after (Hz)"): (-4.0, 1.5),
    ("E23", "change 60 min after (Hz)"): (-4.0, 1.5),
    ("E25", "cramp on demand (share)"): (0.62, 0.134),
    ("E25", "cramps quietened by tendon shocks (share)"): (1.0, 0.1),
    ("E27", "cramp on demand (share)"): (0.31, 0.054),
    ("E27", "of those, again on another day (share)"): (0.97, 0.05),
    ("E33", "after-discharge of a long muscle at threshold + 30 Hz (s)"): (0.0, 0.5),
    ("-", "unit rate in a maximal effort (1/s)"): (20.0, 4.0),
    ("-", "unit rate after 40 s of it, of the first (share)"): (0.6, 0.15),
    ("-", "cramps of 3 s at all frequencies above the threshold (share)"): (1.0, 0.1),
    ("-", "rest is silent, sore or not (1/s)"): (0.0, 0.05),
}


@dataclass(frozen=True)
class Row:
    """One published number with its standard error (or tolerance) and what the model gives."""

    experiment: str
    quantity: str
    simulated: float
    weight: float = 1.0

    @property
    def published(self) -> float:
        return PUBLISHED[self.experiment, self.quantity][0]

    @property
    def error(self) -> float:
        return PUBLISHED[self.experiment, self.quantity][1]

    @property
    def z(self) -> float:
        return (self.simulated - self.published) / self.error if np.isfinite(self.simulated) else 10.0

    @property
    def loss(self) -> float:
        return self.weight * min(self.z**2, 100.0)
