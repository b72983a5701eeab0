"""Each channel of a run, repaired where the evidence is clear. Every function tells what it changed."""

from __future__ import annotations

import numpy as np

from charley.activities import grid
from charley.vocabulary.arrays import Bools, Floats
from charley.vocabulary.evidence import Parameter
from charley.vocabulary.run import Change
from charley.vocabulary.units import EARTH_RADIUS_M

Numbers = dict[str, Parameter]


def within_range(channel: str, values: Floats, numbers: Numbers, changes: list[Change]) -> Floats:
    """``values`` with NaN for what lies outside the plausible range of the channel."""
    limit = numbers[f"range_{channel}"]
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


def track_length(latitude: Floats, longitude: Floats) -> Floats:
    """Metres along the positions (haversine) at each record that has one, NaN at the others.

    Args: degrees, shape (records,). Reference: R. W. Sinnott, Virtues of the haversine, Sky and Telescope 68:159, 1984.
    """
    at = np.flatnonzero(np.isfinite(latitude))
    phi, lam = np.radians(latitude[at]), np.radians(longitude[at])
    half_phi, half_lam = np.diff(phi) / 2, np.diff(lam) / 2
    chord = np.sin(half_phi) ** 2 + np.cos(phi[:-1]) * np.cos(phi[1:]) * np.sin(half_lam) ** 2
    out = np.full(latitude.shape, np.nan)
    out[at] = np.concatenate([[0.0], np.cumsum(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0))))])[
        : at.size
    ]
    return out


def far_below(device: Floats, along: Floats, numbers: Numbers) -> bool:
    """True if the device's distance is a small part of the way along the positions (kilometres, steps, or nothing)."""
    if np.isfinite(along).sum() < 2 or np.nanmax(along) < numbers["min_distance_m"].value:
        return False
    return bool(np.nanmax(device) - np.nanmin(device) < numbers["range_speed_to_distance"].low * np.nanmax(along))


def speed_sum(time_s: Floats, speed: Floats, longest_s: float) -> Floats:
    """Metres from speed alone, at each record that has one: trapezoids, nothing over silences."""
    at = np.flatnonzero(np.isfinite(speed))
    step = np.diff(time_s[at])
    metres = np.where(step <= longest_s, step, 0.0) * (speed[at][1:] + speed[at][:-1]) / 2
    out = np.full(speed.shape, np.nan)
    out[at] = np.concatenate([[0.0], np.cumsum(metres)])[: at.size]
    return out


def never_falling(
    time_s: Floats, distance: Floats, speed: Floats, numbers: Numbers, changes: list[Change], what: str
) -> Floats:
    """Cumulative distance at the records, made of its own steps without the impossible ones.

    A step that falls, or is faster than a runner can be, is replaced by the device's speed over that time, else by 0:
    so a spike leaves no trace, and a counter that restarts goes on from where it was.
    """
    at = np.flatnonzero(np.isfinite(distance))
    fastest = numbers["max_speed_m_s"].value
    took = np.maximum(np.diff(time_s[at]), 1.0)  # several records may share a second
    step = np.diff(distance[at])
    wrong = (step < 0) | (step > fastest * took)
    if count := int(wrong.sum()):
        pace = np.nan_to_num(speed[at][1:])
        instead = np.where(
            (took <= numbers["gap_fill_max_s"].value) & (pace >= 0) & (pace <= fastest), pace * took, 0.0
        )
        step = np.where(wrong, instead, step)
        changes.append(Change("distance_m", f"{what} fell, or rose faster than {fastest:g} m/s: step replaced", count))
    out = np.full(distance.shape, np.nan)
    out[at] = distance[at][:1] + np.concatenate([[0.0], np.cumsum(step)])[: at.size]
    return out


def agreeing_speed(speed: Floats, distance: Floats, moving: Bools, numbers: Numbers, changes: list[Change]) -> Floats:
    """The device's speed on the grid, or NaN throughout where it contradicts the distance (another unit, mostly)."""
    step = np.diff(distance, prepend=np.nan)
    both = moving & np.isfinite(speed) & np.isfinite(step)
    covered = float(step[both].sum())
    limit = numbers["range_speed_to_distance"]
    if covered <= 0 or limit.low <= float(speed[both].sum()) / covered <= limit.high:
        return speed
    changes.append(Change("speed_m_s", "contradicts the distance: dropped", int(np.isfinite(speed).sum())))
    return np.full(speed.shape, np.nan)


def derived_speed(distance: Floats, moving: Bools, numbers: Numbers) -> Floats:
    """Speed on the 1-Hz grid out of distance: central differences, narrower and one-sided at the edges of gaps."""
    here = np.where(moving, distance, np.nan)
    out = np.full(here.shape, np.nan)
    half = round(numbers["derived_speed_half_window_s"].value)
    for back, ahead in [*((h, h) for h in range(half, 0, -1)), (1, 0), (0, 1)]:
        if here.size <= back + ahead:
            continue
        slope = np.full(here.shape, np.nan)
        slope[back : here.size - ahead] = (here[back + ahead :] - here[: here.size - back - ahead]) / (back + ahead)
        out = np.where(np.isfinite(out), out, slope)
    return np.where(out <= numbers["max_speed_m_s"].value, out, np.nan)


def grade(distance: Floats, altitude: Floats, numbers: Numbers, changes: list[Change]) -> Floats:
    """Rise over run on the 1-Hz grid: the slope of altitude, smoothed along the distance, clipped; 0 if unknown."""
    held = np.isfinite(distance) & np.isfinite(altitude)
    bin_m, window_m = numbers["grade_bin_m"].value, numbers["grade_window_m"].value
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
    limit = numbers["range_grade"]
    here = np.isfinite(distance)
    flat[here] = np.interp(distance[here] - start, (np.arange(count.size) + 0.5) * bin_m, slope)
    if steep := int(((flat < limit.low) | (flat > limit.high)).sum()):
        changes.append(Change("grade", f"steeper than {limit.high:g}: clipped", steep))
    return np.clip(flat, limit.low, limit.high)


def whole_cadence(cadence: Floats, speed: Floats, moving: Bools, numbers: Numbers, changes: list[Change]) -> Floats:
    """Steps of both feet, doubled or halved where a minute or more of running shows that the file counts otherwise."""
    with np.errstate(invalid="ignore"):
        running = moving & (speed > numbers["cadence_running_speed_m_s"].value) & (cadence > 0)
    if running.sum() < numbers["cadence_evidence_s"].value:
        return cadence
    median = float(np.median(cadence[running]))
    count = int(np.isfinite(cadence).sum())
    if median < numbers["cadence_is_half_spm"].value and 2 * median <= numbers["range_cadence_spm"].high:
        changes.append(Change("cadence_spm", f"counts one leg (median {median:.0f} while running): doubled", count))
        return cadence * 2
    if median > numbers["cadence_is_twice_spm"].value:
        changes.append(Change("cadence_spm", f"counts twice (median {median:.0f} while running): halved", count))
        return cadence / 2
    return cadence


def filled_short_gaps(channel: str, values: Floats, numbers: Numbers, changes: list[Change]) -> Floats:
    """``values`` on the grid with short gaps bridged by straight lines."""
    longest_s = numbers["gap_fill_max_s"].value
    out = grid.filled(values, longest_s)
    if count := int((np.isfinite(out) & np.isnan(values)).sum()):
        changes.append(Change(channel, f"straight lines over gaps of at most {longest_s:g} s", count))
    return out
