"""Recording -> Run: one sample a second, gaps and pauses kept as what they are, every repair told."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from charley.activities import channels as ch
from charley.activities import cramp_button, distance, grid, pauses, transport
from charley.activities.legs import other_legs, told_of
from charley.activities.several import chosen
from charley.activities.sports import require_run, surely_walked
from charley.activities.timeline import Timeline, timeline
from charley.activities.totals import Totals, totals
from charley.activities.zones import start_of
from charley.evidence.numbers.activities import ACTIVITIES, ActivitiesNumbers
from charley.vocabulary.arrays import Bools, Floats
from charley.vocabulary.errors import RunFileError, Warned
from charley.vocabulary.run import Change, DeveloperField, Interval, Recording, Run, Streams

_RANGED = (
    "heart_rate_bpm", "power_w", "air_temp_c", "altitude_m", "contact_time_s", "vertical_oscillation_m", "step_length_m"
)  # fmt: skip
_TOLD_IF_SILENT = ("heart_rate_bpm", "cadence_spm", "altitude_m", "distance_m")


def clean(recording: Recording, activity: int | None = None, numbers: ActivitiesNumbers = ACTIVITIES) -> Run:
    """The run in a recording, on a grid of one sample a second; of several activities the one of that number (from 1).

    Without a number it is the longest that may be a run, and a warning says which. Records of one second are merged.
    Distance, speed, altitude and position are bridged by straight lines over silences that a recording has
    (``grid.longest_bridged_s``); heart rate, cadence, power and the rest never are. Longer silences stay gaps (NaN).
    Where nobody ran (``pauses``, ``transport``), distance stands still.

    Raises RunFileError: not-a-run, no-times, no-distance, too-short; UsageError for a number that the file has not.
    """
    recording = chosen(recording, activity)
    require_run(recording)
    line = timeline(recording)
    changes: list[Change] = []
    raw = _records(recording, line, numbers, changes)
    longest_s = grid.longest_bridged_s(line.time_unix_s, numbers)
    stops, metres, silences = _where_and_how_far(recording, line, raw, longest_s, numbers, changes)
    time_s = line.time_unix_s - line.time_unix_s[0]
    second = grid.seconds_of(line.time_unix_s)
    size = int(second[-1]) + 1

    known = np.zeros(size, dtype=bool)
    known[second] = True
    recorded = grid.bridged(known, longest_s)
    paused = grid.stopped_seconds(recorded, stops, float(line.time_unix_s[0]), longest_s)
    gap = ~recorded & ~paused
    moving = ~gap & ~paused

    merged = dict.fromkeys(("altitude_m", "latitude_deg", "longitude_deg"), grid.last_in_second)
    values = {
        name: merged.get(name, grid.mean_in_second)(second, v, size) for name, v in raw.items() if name != "distance_m"
    }
    values["distance_m"] = grid.last_in_second(second, metres, size)
    for name in ("distance_m", "altitude_m"):
        values[name] = np.where(gap, np.nan, ch.filled_short_gaps(name, values[name], numbers, changes))
    values["distance_m"] = grid.held_through(values["distance_m"], paused)
    for name in ("latitude_deg", "longitude_deg"):
        values[name] = grid.filled(values[name], longest_s)
    values["speed_m_s"] = _speed(values["speed_m_s"], values["distance_m"], moving, paused, numbers, changes)
    values["cadence_spm"] = ch.whole_cadence(values["cadence_spm"], values["speed_m_s"], moving, numbers, changes)
    values["cadence_spm"] = ch.within_range("cadence_spm", values["cadence_spm"], changes)
    values["grade"] = ch.grade(values["distance_m"], values["altitude_m"], numbers, changes)
    values["time_s"] = np.arange(size, dtype=np.float64)
    streams = Streams(**{f.name: values[f.name] for f in fields(Streams)})
    legs = other_legs(recording, line)
    started_at, zone_from = start_of(recording, float(line.time_unix_s[0]))

    covered_m = float(np.nanmax(streams.distance_m))
    _require_length(recording.file_name, float(time_s[-1]), covered_m, numbers)
    stopped_s = float(np.ptp(pauses.stopped_before(line.time_unix_s[[0, -1]], stops)))
    samples = Totals(float(time_s[-1]), float(time_s[-1]) - stopped_s, covered_m)
    marked_s = float(np.ptp(pauses.stopped_before(line.time_unix_s[[0, -1]], line.stops)))
    summed, disagreements = totals(line.sessions, samples, float(gap.sum()), stopped_s - marked_s, numbers)
    pressed, wrong_codes = cramp_button.presses(recording.developer, line)
    return Run(
        run_id=recording.content_sha256,
        file_name=recording.file_name,
        file_format=recording.file_format,
        started_at=started_at,
        elapsed_s=summed.elapsed_s,
        timer_s=summed.timer_s,
        distance_m=summed.distance_m,
        records=recording.records,
        streams=streams,
        moving=moving,
        intervals=_intervals(streams, paused, gap, numbers),
        changes=tuple(changes),
        warnings=(
            *recording.warnings,
            *line.warnings,
            *disagreements,
            *told_of(legs),
            *wrong_codes,
            *silences,
            *_silences(gap, numbers),
            *_walked(surely_walked(summed.distance_m, moving, streams.speed_m_s)),
        ),
        developer=tuple(
            DeveloperField(f.name, f.unit, grid.mean_in_second(second, f.values[line.rows], size))
            for f in recording.developer
        ),
        device=recording.device,
        sport=next((s.sport for s in line.sessions if s.sport), "unknown"),
        demo=recording.demo,
        other_legs=legs,
        zone_from=zone_from,
        presses=pressed,
    )


def _where_and_how_far(
    recording: Recording,
    line: Timeline,
    raw: dict[str, Floats],
    longest_s: float,
    numbers: ActivitiesNumbers,
    changes: list[Change],
) -> tuple[pauses.Stops, Floats, list[Warned]]:
    """The stretches in which nobody ran, cumulative metres at the records, and what is to be said of it."""
    times = line.time_unix_s
    stops = pauses.marked(line.stops, line.breaks, times, numbers)
    rides = transport.find(times, raw, stops, longest_s, numbers)
    cut = transport.require_running(rides, times, stops, recording.file_name, numbers)
    stops = (*stops, *((r.begin, r.end) for r in cut))

    def metres(changes: list[Change]) -> Floats:
        clock = distance.Clock.of(times, stops)
        return distance.covered(recording.file_name, line.sessions, raw, clock, longest_s, numbers, changes)

    first_changes: list[Change] = []
    found = metres(first_changes)
    silent = pauses.unmarked(times, np.diff(found), stops, longest_s, numbers)
    if silent:
        stops = (*stops, *((s.begin, s.end) for s in silent))
        found = metres(changes)
    else:
        changes += first_changes
    stood = [s.end - s.begin for s in silent if not s.carried_m]
    if stood:
        text = f"stood still for {sum(stood):.0f} s without a record: a pause"
        changes.append(Change("distance_m", text, len(stood)))
    carried = [transport.Ride(s.begin, s.end, s.carried_m, True) for s in silent if s.carried_m]
    told = sorted([*rides, *carried], key=lambda ride: ride.begin)
    return stops, found, [ride.told(float(times[0])) for ride in told]


def _records(
    recording: Recording, line: Timeline, numbers: ActivitiesNumbers, changes: list[Change]
) -> dict[str, Floats]:
    """All channels at the records of the run, without impossible values; NaN throughout where there is no channel."""
    missing = np.full(line.rows.shape, np.nan)
    raw = {
        f.name: recording.channels[f.name][line.rows] if f.name in recording.channels else missing
        for f in fields(Streams)
        if f.name not in ("time_s", "grade")
    }
    for name in _RANGED:
        raw[name] = ch.within_range(name, raw[name], changes)
    raw["latitude_deg"], raw["longitude_deg"] = ch.positions(raw["latitude_deg"], raw["longitude_deg"], changes)
    fastest = numbers.max_speed_m_s
    with np.errstate(invalid="ignore"):
        absurd = (raw["speed_m_s"] < 0) | (raw["speed_m_s"] > fastest)
    if count := int(absurd.sum()):
        changes.append(Change("speed_m_s", f"below 0 or above {fastest:g} m/s: missing", count))
        raw["speed_m_s"] = np.where(absurd, np.nan, raw["speed_m_s"])
    return raw


def _speed(
    device: Floats, distance: Floats, moving: Bools, paused: Bools, numbers: ActivitiesNumbers, changes: list[Change]
) -> Floats:
    """The device's speed; where it has none, out of distance; 0 in a pause."""
    speed = ch.filled_short_gaps("speed_m_s", device, numbers, changes)
    speed = ch.agreeing_speed(speed, distance, moving, changes)
    derived = ch.derived_speed(distance, moving, numbers)
    taken = np.isnan(speed) & np.isfinite(derived)
    if count := int(taken.sum()):
        changes.append(Change("speed_m_s", "taken from distance", count))
    speed = np.where(taken, derived, speed)
    if count := int((paused & (speed != 0.0)).sum()):
        changes.append(Change("speed_m_s", "0 while the timer was stopped", count))
    return np.where(paused, 0.0, speed)


def _require_length(file_name: str, elapsed_s: float, covered_m: float, numbers: ActivitiesNumbers) -> None:
    if elapsed_s < numbers.min_elapsed_s:
        raise RunFileError("too-short", f"the recording is {elapsed_s:.0f} s long", file_name)
    if covered_m < numbers.min_distance_m:
        raise RunFileError("too-short", f"the recording covers {covered_m:.0f} m", file_name)


def _walked(surely: bool) -> list[Warned]:
    return [Warned("walked", "by its pace most of it was walked")] if surely else []


def _silences(gap: Bools, numbers: ActivitiesNumbers) -> list[Warned]:
    """A silence of many minutes is told in words: it may be a pause, or two runs in one file."""
    return [
        Warned("long-gap", f"no samples for {i.duration_s / 60:.0f} min from {i.start_s / 60:.0f} min on")
        for i in grid.intervals(gap, "gap", longer_than_s=numbers.long_gap_s)
    ]


def _intervals(streams: Streams, paused: Bools, gap: Bools, numbers: ActivitiesNumbers) -> tuple[Interval, ...]:
    found = grid.intervals(paused, "pause") + grid.intervals(gap, "gap")
    for name in _TOLD_IF_SILENT:
        heard = np.isfinite(getattr(streams, name))
        if heard.any():
            longest_s = grid.longest_bridged_s(np.flatnonzero(heard).astype(np.float64), numbers)
            silent = ~grid.bridged(heard, longest_s) & ~paused & ~gap
            found += grid.intervals(silent, "signal", name, longest_s)
    return tuple(sorted(found, key=lambda interval: (interval.start_s, interval.kind, interval.channel)))
