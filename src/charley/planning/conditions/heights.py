"""Heights along a course: smoothed as far as their own noise asks, with the climb and how sure it is.

Recorders sample at one second, when something changes, or every so many metres; satellites scatter by metres,
barometers drift with the weather. All come to one grid of distance. How noisy the heights are is read from themselves,
and what the noise adds to the slopes is taken out of the climb in the square.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.evidence.numbers.planning import PLANNING, PlanningNumbers
from charley.vocabulary.arrays import Floats, Index

GRID_M = 10.0
MAD_TO_SD = 1.4826  # of a normal distribution
THIRD_DIFFERENCE_SD = np.sqrt(20.0)  # of white noise of SD 1: 1 + 9 + 9 + 1
SHORTEST = 8  # heights from which noise can be told from hills


@dataclass(frozen=True, slots=True)
class Heights:
    """A course on a grid: metres along it and height, (points,); climb with the range in which it lies, m."""

    at_m: Floats
    height_m: Floats
    ascent_m: float
    ascent_low_m: float
    ascent_high_m: float
    noise_m: float  # SD of one recorded height


def heights_along(at_m: Floats, height_m: Floats, n: PlanningNumbers = PLANNING) -> Heights:
    """The course of recorded points, (points,) each, NaN where nothing was recorded; ValueError below two heights.

    Points are averaged in steps of 10 m and bridged by straight lines. A kernel smooths over as many metres as bring
    the noise down to 0.3 m, within 60 and 350 m. Rises and falls below 1.5 m are no hills. In stretches of 8 km the
    climb is that of the smoothed line times sqrt(1 - v / s): v, the mean square of the slopes that noise makes, s, that
    of all slopes.

    Validity: hills of 500 m and longer. How far it is from the truth: tests/properties/test_race_heights.py; from
    what watches count on real courses: tests/real_files/test_race_heights_real.py.
    """
    known = np.isfinite(at_m) & np.isfinite(height_m)
    at, height = _rising(at_m[known], height_m[known])
    if at.size < 2:
        raise ValueError("a course needs at least two heights")
    noise = _noise_m(height)
    spacing_m = float((at[-1] - at[0]) / (at.size - 1))
    # independent samples within the kernel bring noise down with the root of their number
    wanted = (noise / n.height_noise_left_m) ** 2 * spacing_m
    kernel = _kernel(float(np.clip(wanted, n.height_smooth_least_m, n.height_smooth_most_m)))
    grid, rough = _gridded(at, height)
    smooth = _smoothed(rough, kernel)
    ascent = _climb(smooth, _slope_noise(noise, spacing_m, kernel), n)
    left = noise * float(np.sqrt(min(spacing_m / (kernel.size * GRID_M / 4), 1.0)))
    hills = max(float(grid[-1] - grid[0]) / n.height_hill_m, 1.0)
    spread = n.height_error * ascent + 2.0 * left * float(np.sqrt(hills))
    return Heights(grid, smooth, ascent, max(ascent - spread, 0.0), ascent + spread, noise)


def _rising(at: Floats, height: Floats) -> tuple[Floats, Floats]:
    """Points in the order of distance, one a place."""
    order = np.argsort(at, kind="stable")
    at, height = at[order], height[order]
    first = np.flatnonzero(np.diff(at, prepend=-np.inf) > 0)
    counts = np.diff(np.append(first, at.size))
    return at[first], np.add.reduceat(height, first) / counts if first.size else height[:0]


def _noise_m(height: Floats) -> float:
    """SD of the scatter of single heights: third differences take hills out, the median takes jumps out."""
    if height.size < SHORTEST:
        return 0.0
    return float(MAD_TO_SD * np.median(np.abs(np.diff(height, 3))) / THIRD_DIFFERENCE_SD)


def _gridded(at: Floats, height: Floats) -> tuple[Floats, Floats]:
    """Heights every 10 m: means of what lies there, straight lines between."""
    cells = max(int(np.ceil((at[-1] - at[0]) / GRID_M)), 1)
    cell = np.minimum(((at - at[0]) / GRID_M).astype(int), cells - 1)
    count = np.bincount(cell, minlength=cells)
    filled = count > 0
    mean_at, mean = (np.bincount(cell, values, cells)[filled] / count[filled] for values in (at, height))
    grid = at[0] + GRID_M * np.arange(cells + 1)
    return grid, np.interp(grid, mean_at, mean)


def _kernel(width_m: float) -> Floats:
    """Weights that fall off as a cosine over ``width_m`` either way, sharpened so that hilltops stay as they are.

    Notes: twice the weights less their convolution with themselves (Tukey's twicing).
    """
    half = max(round(width_m / GRID_M), 1)
    weight = 0.5 + 0.5 * np.cos(np.pi * np.arange(-half, half + 1.0) / (half + 1))
    weight /= weight.sum()
    return np.asarray(2.0 * np.pad(weight, half) - np.convolve(weight, weight))


def _smoothed(height: Floats, kernel: Floats) -> Floats:
    """Smoothed with the ends mirrored through themselves, so that slopes there stay what they are."""
    half = kernel.size // 2
    if height.size <= half + 1:
        return height
    before, after = 2 * height[0] - height[half:0:-1], 2 * height[-1] - height[-2 : -half - 2 : -1]
    return np.asarray(np.convolve(np.concatenate([before, height, after]), kernel, mode="valid"))


def _slope_noise(noise_m: float, spacing_m: float, kernel: Floats) -> float:
    """Mean square of the steps of the smoothed line that white noise of single heights makes, m2 a step of 10 m."""
    apart = max(round(spacing_m / GRID_M), 1)  # grid points from one independent height to the next
    own = noise_m * np.sqrt(min(spacing_m / GRID_M, 1.0))  # several heights within a step are averaged
    box = np.ones(apart) / apart
    line = np.convolve(box, box) * apart  # what a lone height leaves on the grid: a tent of height 1
    steps = np.diff(np.concatenate([[0.0], np.convolve(line, kernel), [0.0]]))
    return float(own**2 * (steps**2).sum() / apart)


def _climb(height: Floats, noise_m2: float, n: PlanningNumbers) -> float:
    """Metres climbed between turning points, less what the noise adds to the slopes, stretch by stretch."""
    turns = _turning_points(height, n.height_rise_m)
    straight = np.interp(np.arange(height.size), turns, height[turns])  # what is smaller than a rise is no hill
    step = np.diff(height)
    climbed = np.clip(np.diff(straight), 0.0, None)
    size, total = int(n.height_stretch_m / GRID_M), 0.0
    for begin in range(0, step.size, size):
        square = float((step[begin : begin + size] ** 2).mean())
        true = np.sqrt(max(1.0 - noise_m2 / square, 0.0)) if square > 0 else 0.0
        total += float(climbed[begin : begin + size].sum()) * float(true)
    return total


def _turning_points(height: Floats, least_m: float) -> Index:
    """Ends, and tops and bottoms between which the line rises or falls by ``least_m`` or more, as indices."""
    turns, low, high = [0], 0, 0
    rising: bool | None = None
    values = height.tolist()
    for i, value in enumerate(values):
        low = i if value < values[low] else low
        high = i if value > values[high] else high
        if rising is not False and values[high] - value >= least_m:
            turns.append(high)
            rising, low, high = False, i, i
        elif rising is not True and value - values[low] >= least_m:
            turns.append(low)
            rising, low, high = True, i, i
    last = high if rising else low
    return np.unique(np.array([*turns, last, len(values) - 1], dtype=np.intp))
