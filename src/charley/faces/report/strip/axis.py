"""The axis that all rows of the run strip share, and what is reckoned along it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from charley.faces.report.pictures.svg import CLOCK_STEPS, DECIMAL_STEPS
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording import place
from charley.vocabulary.answer import Why
from charley.vocabulary.arrays import Bools, Floats

Breaks = tuple[tuple[float, float, str], ...]

_BINS, _SAMPLES_A_BIN = 150, 5  # of the thin line through raw dots


@dataclass(frozen=True, slots=True)
class Axis:
    """The axis that all rows share: distance in the reader's unit, or elapsed time where the run has no distance."""

    values: Floats
    time_s: Floats
    lo: float
    hi: float
    label: str
    unit: str  # "km", "mi", or "" for elapsed time
    steps: Sequence[float]
    show: Callable[[float], str]

    def at(self, time_s: float) -> float:
        """Place of an elapsed time on the axis."""
        known = np.isfinite(self.values)
        return float(np.interp(time_s, self.time_s[known], self.values[known])) if known.any() else self.lo


def distance_axis(answer: Why, units: str, time_s: Floats, distance_m: Floats) -> Axis:
    """The shared axis for samples at ``time_s`` and ``distance_m``."""
    if not place.has_distance(answer.strip):
        hi = max(float(answer.strip.time_s[-1]) if answer.strip.time_s.size else 0.0, 1.0)
        return Axis(time_s, time_s, 0.0, hi, "Elapsed time", "", CLOCK_STEPS, fig.clock)
    unit_m = fig.metres_per_unit(units)
    known = answer.strip.distance_m[np.isfinite(answer.strip.distance_m)]
    return Axis(
        distance_m / unit_m,
        time_s,
        0.0,
        float(known[-1]) / unit_m,
        f"Distance, {fig.distance_unit(units)}",
        fig.distance_unit(units),
        DECIMAL_STEPS,
        lambda value: fig.number(value, 0 if float(round(value, 6)).is_integer() else 1),
    )


def binned(axis: Axis, speed: Floats, breaks: Breaks) -> tuple[Floats, Floats]:
    """Mean speed of short stretches of the axis, for the thin line through the raw dots; NaN parts the pieces."""
    step = bin_step(axis, speed)
    stops = [(start, stop) for start, stop, kind in breaks if kind in ("pause", "gap")]
    cut = pen_up(axis.time_s, stops) | ~np.isfinite(speed)
    known = np.isfinite(speed) & np.isfinite(axis.values)
    label = np.cumsum(cut) * (int((axis.hi - axis.lo) / step) + 2) + np.nan_to_num(axis.values // step)
    _, group = np.unique(label[known], return_inverse=True)
    size = np.bincount(group)
    x = np.bincount(group, axis.values[known]) / size
    y = np.bincount(group, speed[known]) / size
    piece = np.zeros(size.size)
    piece[group] = np.cumsum(cut)[known]
    parts = np.flatnonzero(np.diff(piece) != 0) + 1
    return np.insert(x, parts, np.nan), np.insert(y, parts, np.nan)


def bin_step(axis: Axis, values: Floats) -> float:
    """Length of the stretches that the thin line averages over, a round figure in the axis' unit."""
    bins = max(1, min(_BINS, int(np.isfinite(values).sum()) // _SAMPLES_A_BIN))
    wanted = (axis.hi - axis.lo) / bins
    return next((s for s in axis.steps if s >= wanted), axis.steps[-1])


def pen_up(time_s: Floats, stretches: Sequence[tuple[float, float]]) -> Bools:
    """True at the first sample after each stretch: the pen is lifted before it."""
    out = np.zeros(time_s.size, dtype=bool)
    for _, stop in stretches:
        at = int(np.searchsorted(time_s, stop, side="left"))
        if 0 < at < out.size:
            out[at] = True
    return out


def outside(time_s: Floats, stretches: Sequence[tuple[float, float]]) -> Bools:
    """True at samples that do not lie within any of the stretches."""
    out = np.ones(time_s.size, dtype=bool)
    for start, stop in stretches:
        out &= (time_s <= start) | (time_s >= stop)
    return out
