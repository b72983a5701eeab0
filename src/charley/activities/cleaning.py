"""Recording -> Run: one sample a second, gaps and pauses kept as what they are, every repair told."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime

import numpy as np

from charley.activities import channels as ch
from charley.activities import grid
from charley.activities.sports import require_run
from charley.activities.timeline import Timeline, stopped_before, timeline
from charley.activities.totals import Totals, totals
from charley.evidence import parameters
from charley.vocabulary.arrays import Bools, Floats
from charley.vocabulary.errors import RunFileError, Warned
from charley.vocabulary.run import Change, DeveloperField, Interval, Recording, Run, Streams

_RANGED = (
    "heart_rate_bpm", "power_w", "air_temp_c", "altitude_m", "contact_time_s", "vertical_oscillation_m", "step_length_m"
)  # fmt: skip
_TOLD_IF_SILENT = ("heart_rate_bpm", "cadence_spm", "altitude_m", "distance_m")


def clean(recording: Recording) -> Run:
    """The run in a recording, on a grid of one sample a second.

    Records of one second are merged. Distance, speed, altitude and position are bridged by straight lines over silences
    of at most 10 s; heart rate, cadence, power and the rest never are. Longer silences stay gaps (NaN). Where the timer
    was stopped, distance stands still. Raises RunFileError: not-a-run, no-times, no-distance, too-short.
    """
    require_run(recording)
    line = timeline(recording)
    numbers = parameters("activities")
    changes: list[Change] = []
    raw = _records(recording, line, numbers, changes)
    time_s = line.time_unix_s - line.time_unix_s[0]
    second = grid.seconds_of(line.time_unix_s)
    size = int(second[-1]) + 1
    longest_s = numbers["gap_fill_max_s"].value

    known = np.zeros(size, dtype=bool)
    known[second] = True
    recorded = grid.bridged(known, longest_s)
    paused = grid.stopped_seconds(recorded, recording.stops, float(line.time_unix_s[0]), longest_s)
    gap = ~recorded & ~paused
    moving = ~gap & ~paused

    metres = _distance(recording, line, raw, time_s, numbers, changes)
    values = {name: grid.mean_in_second(second, v, size) for name, v in raw.items()}
    for name in ("altitude_m", "latitude_deg", "longitude_deg"):
        values[name] = grid.last_in_second(second, raw[name], size)
    distance = grid.last_in_second(second, metres, size)
    values["distance_m"] = grid.held_through(ch.filled_short_gaps("distance_m", distance, numbers, changes), paused)
    values["altitude_m"] = ch.filled_short_gaps("altitude_m", values["altitude_m"], numbers, changes)
    for name in ("latitude_deg", "longitude_deg"):
        values[name] = grid.filled(values[name], longest_s)
    values["speed_m_s"] = _speed(values["speed_m_s"], values["distance_m"], moving, paused, numbers, changes)
    values["cadence_spm"] = ch.whole_cadence(values["cadence_spm"], values["speed_m_s"], moving, numbers, changes)
    values["cadence_spm"] = ch.within_range("cadence_spm", values["cadence_spm"], numbers, changes)
    values["grade"] = ch.grade(values["distance_m"], values["altitude_m"], numbers, changes)
    values["time_s"] = np.arange(size, dtype=np.float64)
    streams = Streams(**{f.name: values[f.name] for f in fields(Streams)})

    covered_m = float(np.nanmax(streams.distance_m))
    _require_length(recording.file_name, float(time_s[-1]), covered_m, numbers)
    stopped_s = float(np.ptp(stopped_before(line.time_unix_s[[0, -1]], recording.stops)))
    samples = Totals(float(time_s[-1]), float(time_s[-1]) - stopped_s, covered_m)
    summed, disagreements = totals(line.sessions, samples, float(gap.sum()), numbers)
    return Run(
        run_id=recording.content_sha256,
        file_name=recording.file_name,
        file_format=recording.file_format,
        started_at=datetime.fromtimestamp(float(line.time_unix_s[0]), UTC),
        elapsed_s=summed.elapsed_s,
        timer_s=summed.timer_s,
        distance_m=summed.distance_m,
        records=recording.records,
        streams=streams,
        moving=moving,
        intervals=_intervals(streams, paused, gap, longest_s),
        changes=tuple(changes),
        warnings=(*recording.warnings, *line.warnings, *disagreements, *_silences(gap, numbers)),
        developer=tuple(
            DeveloperField(f.name, f.unit, grid.mean_in_second(second, f.values[line.rows], size))
            for f in recording.developer
        ),
        device=recording.device,
        sport=next((s.sport for s in line.sessions if s.sport), "unknown"),
        demo=recording.demo,
    )


def _records(recording: Recording, line: Timeline, numbers: ch.Numbers, changes: list[Change]) -> dict[str, Floats]:
    """All channels at the records of the run, without impossible values; NaN throughout where there is no channel."""
    missing = np.full(line.rows.shape, np.nan)
    raw = {
        f.name: recording.channels[f.name][line.rows] if f.name in recording.channels else missing
        for f in fields(Streams)
        if f.name not in ("time_s", "grade")
    }
    for name in _RANGED:
        raw[name] = ch.within_range(name, raw[name], numbers, changes)
    raw["latitude_deg"], raw["longitude_deg"] = ch.positions(raw["latitude_deg"], raw["longitude_deg"], changes)
    fastest = numbers["max_speed_m_s"].value
    with np.errstate(invalid="ignore"):
        absurd = (raw["speed_m_s"] < 0) | (raw["speed_m_s"] > fastest)
    if count := int(absurd.sum()):
        changes.append(Change("speed_m_s", f"below 0 or above {fastest:g} m/s: missing", count))
        raw["speed_m_s"] = np.where(absurd, np.nan, raw["speed_m_s"])
    return raw


def _distance(
    recording: Recording,
    line: Timeline,
    raw: dict[str, Floats],
    time_s: Floats,
    numbers: ch.Numbers,
    changes: list[Change],
) -> Floats:
    """Cumulative metres at the records: the device's, else along the positions, else out of speed."""
    device = raw["distance_m"]
    first = device[np.isfinite(device)][:1]
    if first.size and first[0] > numbers["max_speed_m_s"].value * numbers["gap_fill_max_s"].value:
        changes.append(Change("distance_m", f"began at {first[0]:.0f} m: set to begin at 0", 1))
        device = device - first[0]
    along = ch.track_length(raw["latitude_deg"], raw["longitude_deg"])
    if np.isfinite(device).sum() > 1 and np.nanmax(device) > 0:
        repairs: list[Change] = []
        metres = ch.never_falling(time_s, device, raw["speed_m_s"], numbers, repairs, "the device's distance")
        if not ch.far_below(metres, along, numbers):
            changes += repairs
            return metres
        changes.append(Change("distance_m", "far below the way along the positions: dropped", 1))
    if np.isfinite(along).sum() > 1:
        changes.append(Change("distance_m", "measured along the positions", int(np.isfinite(along).sum())))
        return ch.never_falling(time_s, along, raw["speed_m_s"], numbers, changes, "distance along the positions")
    if np.isfinite(raw["speed_m_s"]).sum() > 1:
        changes.append(Change("distance_m", "summed up from speed", int(np.isfinite(raw["speed_m_s"]).sum())))
        return ch.speed_sum(time_s, raw["speed_m_s"], numbers["gap_fill_max_s"].value)
    raise RunFileError("no-distance", "no distance, speed or positions were recorded", recording.file_name)


def _speed(
    device: Floats, distance: Floats, moving: Bools, paused: Bools, numbers: ch.Numbers, changes: list[Change]
) -> Floats:
    """The device's speed; where it has none, out of distance; 0 in a pause without samples."""
    speed = ch.filled_short_gaps("speed_m_s", device, numbers, changes)
    speed = ch.agreeing_speed(speed, distance, moving, numbers, changes)
    derived = ch.derived_speed(distance, moving, numbers)
    taken = np.isnan(speed) & np.isfinite(derived)
    if count := int(taken.sum()):
        changes.append(Change("speed_m_s", "taken from distance", count))
    speed = np.where(taken, derived, speed)
    standing = np.isnan(speed) & paused
    if count := int(standing.sum()):
        changes.append(Change("speed_m_s", "0 while the timer was stopped", count))
    return np.where(standing, 0.0, speed)


def _require_length(file_name: str, elapsed_s: float, covered_m: float, numbers: ch.Numbers) -> None:
    if elapsed_s < numbers["min_elapsed_s"].value:
        raise RunFileError("too-short", f"the recording is {elapsed_s:.0f} s long", file_name)
    if covered_m < numbers["min_distance_m"].value:
        raise RunFileError("too-short", f"the recording covers {covered_m:.0f} m", file_name)


def _silences(gap: Bools, numbers: ch.Numbers) -> list[Warned]:
    """A silence of many minutes is told in words: it may be a pause, or two runs in one file."""
    return [
        Warned("long-gap", f"no samples for {i.duration_s / 60:.0f} min from {i.start_s / 60:.0f} min on")
        for i in grid.intervals(gap, "gap", longer_than_s=numbers["long_gap_s"].value)
    ]


def _intervals(streams: Streams, paused: Bools, gap: Bools, longest_s: float) -> tuple[Interval, ...]:
    found = grid.intervals(paused, "pause") + grid.intervals(gap, "gap")
    for name in _TOLD_IF_SILENT:
        heard = grid.bridged(np.isfinite(getattr(streams, name)), longest_s)
        if heard.any():
            found += grid.intervals(~heard & ~paused & ~gap, "signal", name, longest_s)
    return tuple(sorted(found, key=lambda interval: (interval.start_s, interval.kind, interval.channel)))
