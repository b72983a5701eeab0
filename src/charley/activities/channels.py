"""Each channel of a run, repaired where the evidence is clear. Every function tells what it changed."""

from __future__ import annotations

import numpy as np

from charley.activities import grid
from charley.activities.grid import longest_bridged_s, plausible
from charley.evidence.numbers.activities import ActivitiesNumbers
from charley.vocabulary.arrays import Bools, Floats, middle
from charley.vocabulary.run import Change


def within_range(channel: str, values: Floats, changes: list[Change]) -> Floats:
    """``values`` with NaN for what lies outside the plausible range of the channel."""
    limit = plausible(channel)
    with np.errstate(invalid="ignore"):
        outside = (values < limit.low) | (values > limit.high)
    if count := int(outside.sum()):
        changes.append(Change(channel, f"outside {limit.low:g} to {limit.high:g} {limit.unit}: missing", count))
        return np.where(outside, np.nan, values)
    return values


def positions(latitude: Floats, longitude: Floats, changes: list[Change]) -> tuple[Floats, Floats]:
    """Latitude and longitude with NaN for both where either is impossible, or both are exactly zero."""
    with np.errstate(invalid="ignore"):
        good = (np.abs(latitude) <= 90.0) & (np.abs(longitude) <= 180.0) & ((latitude != 0.0) | (longitude != 0.0))
    if count := int((np.isfinite(latitude) & np.isfinite(longitude) & ~good).sum()):
        changes.append(Change("latitude_deg", "impossible position: missing", count))
    return np.where(good, latitude, np.nan), np.where(good, longitude, np.nan)


def agreeing_speed(speed: Floats, distance: Floats, moving: Bools, changes: list[Change]) -> Floats:
    """The device's speed on the grid, or NaN throughout where it contradicts the distance (another unit, mostly)."""
    step = np.diff(distance, prepend=np.nan)
    both = moving & np.isfinite(speed) & np.isfinite(step)
    covered = float(step[both].sum())
    limit = plausible("speed_to_distance")
    if covered <= 0 or limit.low <= float(speed[both].sum()) / covered <= limit.high:
        return speed
    changes.append(Change("speed_m_s", "contradicts the distance: dropped", int(np.isfinite(speed).sum())))
    return np.full(speed.shape, np.nan)


def derived_speed(distance: Floats, moving: Bools, numbers: ActivitiesNumbers) -> Floats:
    """Speed on the 1-Hz grid out of distance: central differences, narrower and one-sided at the edges of gaps."""
    here = np.where(moving, distance, np.nan)
    out = np.full(here.shape, np.nan)
    half = round(numbers.derived_speed_half_window_s)
    for back, ahead in [*((h, h) for h in range(half, 0, -1)), (1, 0), (0, 1)]:
        if here.size <= back + ahead:
            continue
        slope = np.full(here.shape, np.nan)
        slope[back : here.size - ahead] = (here[back + ahead :] - here[: here.size - back - ahead]) / (back + ahead)
        out = np.where(np.isfinite(out), out, slope)
    return np.where(out <= numbers.max_speed_m_s, out, np.nan)


def grade(distance: Floats, altitude: Floats, numbers: ActivitiesNumbers, changes: list[Change]) -> Floats:
    """Rise over run on the 1-Hz grid: the slope of altitude, smoothed along the distance, clipped; 0 if unknown."""
    held = np.isfinite(distance) & np.isfinite(altitude)
    bin_m, window_m = numbers.grade_bin_m, numbers.grade_window_m
    flat = np.zeros(distance.shape)
    if held.sum() < 2 or np.ptp(distance[held]) < window_m:
        return flat
    start = distance[held][0]
    bins = ((distance[held] - start) / bin_m).astype(np.intp)
    count = np.bincount(bins)
    centre = np.flatnonzero(count)
    level = np.interp(np.arange(count.size), centre, np.bincount(bins, weights=altitude[held])[centre] / count[centre])
    width = max(round(window_m / bin_m), 1)
    smooth = np.convolve(
        np.pad(level, (width // 2, width - 1 - width // 2), mode="edge"), np.ones(width) / width, "valid"
    )
    slope = np.gradient(smooth, bin_m)
    limit = plausible("grade")
    here = np.isfinite(distance)
    flat[here] = np.interp(distance[here] - start, (np.arange(count.size) + 0.5) * bin_m, slope)
    if steep := int(((flat < limit.low) | (flat > limit.high)).sum()):
        changes.append(Change("grade", f"steeper than {limit.high:g}: clipped", steep))
    return np.clip(flat, limit.low, limit.high)


def whole_cadence(
    cadence: Floats, speed: Floats, moving: Bools, numbers: ActivitiesNumbers, changes: list[Change]
) -> Floats:
    """Steps of both feet, doubled or halved where a minute or more shows that the file counts otherwise.

    Running shows it best; a walk does where there is no running. A value stands for the time until the next one, so
    that a file with one value a minute is judged too.
    """
    at = np.flatnonzero(np.isfinite(cadence))
    if not at.size:
        return cadence
    stands_s = np.minimum(np.diff(at, append=at[-1] + 1), numbers.longest_step_s)
    with np.errstate(invalid="ignore"):
        counted = moving[at] & (cadence[at] > 0)
        running = counted & (speed[at] > numbers.cadence_running_speed_m_s)
        walking = counted & ~running & (speed[at] > numbers.cadence_walking_speed_m_s)
    for gait, shows in (("running", running), ("walking", walking)):
        if stands_s[shows].sum() < numbers.cadence_evidence_s:
            continue
        median = middle(cadence[at][shows])
        limit = plausible(f"cadence_{gait}_spm")
        if median < limit.low and 2 * median <= limit.high:
            what, factor = "counts one leg (median {0:.0f} while {1}): doubled", 2.0
        elif median > limit.high:
            what, factor = "counts twice (median {0:.0f} while {1}): halved", 0.5
        else:
            return cadence
        changes.append(Change("cadence_spm", what.format(median, gait), int(at.size)))
        return cadence * factor
    return cadence


def filled_short_gaps(channel: str, values: Floats, numbers: ActivitiesNumbers, changes: list[Change]) -> Floats:
    """``values`` on the grid with straight lines over the silences that this channel's own recording has."""
    longest_s = longest_bridged_s(np.flatnonzero(np.isfinite(values)).astype(np.float64), numbers)
    out = grid.filled(values, longest_s)
    if count := int((np.isfinite(out) & np.isnan(values)).sum()):
        changes.append(Change(channel, f"straight lines over gaps of at most {longest_s:g} s", count))
    return out
