"""Stretches of a recording in which the runner was carried: the car home, the train in the middle, the cable car.

The recording is looked at in bins of some seconds. A bin can show that nobody ran:

* *record*: a window around it is faster than the world record over its length, by more than a watch is wrong;
* *climb*: it rises faster than anybody has climbed;
* *no steps*: it moves, and the sensor that counts steps elsewhere in the file counts none;
* *slow heart*: it is faster than usual, and the heart beats far slower than while running;
* *fast*: it is well above the fast end of this runner's own running.

The first two are certain. Of the others a stretch must show two at once (or stand and race in turns, as cars in a town
do, and be fast); on a steep descent, where legs are fast and hearts slow, these two count for nothing. A stretch that
is no more than fast stays, and is named where few runners could be so fast for so long. So strides, repeats, descents
and a dead foot pod stay what they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.activities.distance import track_length
from charley.activities.grid import stretches, usual_step_s
from charley.activities.pauses import Stops, stopped_before
from charley.evidence.numbers.activities import ActivitiesNumbers
from charley.vocabulary.arrays import Bools, Floats, middle, quantiles
from charley.vocabulary.errors import RunFileError, Warned

_WINDOWS_S = (60.0, 120.0, 300.0, 600.0, 1200.0, 3600.0)
_CLIMB_WINDOW_S = 180.0
_BIN_S = 10.0
_RUNNING_M_S = (1.5, 6.5)  # speeds that may be this runner's own
_HEART_LAG_S = 120.0  # a heart needs that long to come down


@dataclass(frozen=True, slots=True)
class Ride:
    """A stretch in which nobody ran: times in s since 1970, metres, and whether that is certain enough to cut it."""

    begin: float
    end: float
    metres: float
    certain: bool

    def told(self, start: float) -> Warned:
        """What is said of it, with minutes since ``start``."""
        where = (
            f"from {(self.begin - start) / 60:.0f} to {(self.end - start) / 60:.0f} min: {self.metres / 1000:.1f} km"
        )
        if self.certain:
            return Warned("carried", f"{where} that nobody ran (by car, train, bicycle or the like) are not counted")
        return Warned("carried-perhaps", f"{where} much faster than the rest; they count as running")


@dataclass(frozen=True, slots=True)
class _Bins:
    """The recording in bins of ``width_s``; arrays of shape (bins,), NaN where a bin does not know."""

    edges: Floats
    width_s: float
    speed: Floats  # without single jumps; 0 in stops and silences
    altitude: Floats  # at the middle
    heart: Floats
    steps: Bools  # a sensor counted some
    silent: Bools  # neither steps nor their absence can be known: no record, or a stop
    counts_steps: bool  # the file counts steps at all

    @property
    def no_steps(self) -> Bools:
        """Moves at the speed of a runner or faster, and counts no step although the file counts them."""
        return self.counts_steps & ~self.steps & ~self.silent & (self.speed > _RUNNING_M_S[0])


@dataclass(frozen=True, slots=True)
class _Own:
    """This runner on that day: usual speed, fast end, and heart rate while running; NaN where unknown."""

    usual: float
    fast: float
    heart: float


def find(
    times: Floats, raw: dict[str, Floats], stops: Stops, longest_s: float, numbers: ActivitiesNumbers
) -> tuple[Ride, ...]:
    """The rides of a recording, in order. ``times`` and the channels have the shape (records,)."""
    metres = _ground(times, raw, stops, longest_s)
    if metres is None or times[-1] - times[0] < _WINDOWS_S[0]:
        return ()
    bins = _bins(times, metres, raw, stops, longest_s, numbers)
    certain = _beyond_records(bins, numbers) | _beyond_climbs(bins, numbers)
    own = _own(bins, ~certain)
    with np.errstate(invalid="ignore"):
        fast = bins.speed > numbers.ride_fast_factor * own.fast
        slow_heart = (bins.heart < own.heart - numbers.ride_heart_drop_bpm) & (bins.speed > own.usual)
    suspect = certain | bins.no_steps | fast | slow_heart
    rides = []
    for first, after in _joined(suspect, _clearly_running(bins, own, suspect, numbers), bins, numbers):
        verdict = _verdict(bins, slice(first, after), certain, own, numbers)
        if verdict is not None:
            begin, end = float(bins.edges[first]), min(float(bins.edges[after]), float(times[-1]))
            covered = float(np.interp(end, times, metres) - np.interp(begin, times, metres))
            rides.append(Ride(begin, end, covered, verdict))
    return tuple(rides)


def require_running(
    rides: tuple[Ride, ...], times: Floats, stops: Stops, file_name: str, numbers: ActivitiesNumbers
) -> tuple[Ride, ...]:
    """The rides that are cut. Raises RunFileError (not-a-run) if what is left beside them is no run of its own."""
    cut = tuple(r for r in rides if r.certain)
    if not cut:
        return cut
    edges = [float(times[0]), *(t for r in cut for t in (r.begin, r.end)), float(times[-1])]
    begins, ends = np.array(edges[0::2]), np.array(edges[1::2])
    left = ends - begins - (stopped_before(ends, stops) - stopped_before(begins, stops))
    riding = sum(r.end - r.begin for r in cut)
    in_bits = len(cut) >= numbers.ride_many and riding > numbers.ride_many_share * left.sum()
    if left.max() < numbers.ride_least_run_s or in_bits:
        far, long_s = sum(r.metres for r in cut) / 1000, riding / 60
        raise RunFileError("not-a-run", f"{far:.1f} km in {long_s:.0f} min: nobody has run that", file_name)
    return cut


def record_speed_m_s(seconds: Floats | float, numbers: ActivitiesNumbers) -> Floats:
    """The fastest mean speed that a person has run for so long: between world records, level outside of them."""
    records_s = {
        400.0: numbers.record_400_m_time_s,
        800.0: numbers.record_800_m_time_s,
        1500.0: numbers.record_1500_m_time_s,
        5000.0: numbers.record_5000_m_time_s,
        10_000.0: numbers.record_10000_m_time_s,
        21_097.5: numbers.record_half_marathon_time_s,
        42_195.0: numbers.record_marathon_time_s,
        100_000.0: numbers.record_100_km_time_s,
    }
    metres, times = np.array(list(records_s)), np.array(list(records_s.values()))
    return np.asarray(np.interp(np.log(seconds), np.log(times), metres / times))


def _ground(times: Floats, raw: dict[str, Floats], stops: Stops, longest_s: float) -> Floats | None:
    """Metres since the start at each record, rides and jumps included, stops and silences not; None if unknown."""
    found = track_length(raw["latitude_deg"], raw["longitude_deg"])
    if np.isfinite(found).sum() < times.size / 2:
        found = raw["distance_m"]
    at = np.flatnonzero(np.isfinite(found))
    if at.size < 2:
        return None
    took, stopped = np.diff(times[at]), np.diff(stopped_before(times[at], stops))
    step = np.where((took <= longest_s) & (stopped <= 0), np.clip(np.diff(found[at]), 0.0, None), 0.0)
    return np.asarray(np.interp(times, times[at], np.concatenate([[0.0], np.cumsum(step)])))


def _bins(
    times: Floats, metres: Floats, raw: dict[str, Floats], stops: Stops, longest_s: float, numbers: ActivitiesNumbers
) -> _Bins:
    width = max(_BIN_S, usual_step_s(times, numbers))
    edges = times[0] + width * np.arange(int(np.ceil((times[-1] - times[0]) / width)) + 1)
    count = edges.size - 1
    of_bin = np.minimum(((times - times[0]) / width).astype(np.intp), count - 1)
    speed = _without_single_jumps(np.diff(np.interp(edges, times, metres)) / width)
    middle = (edges[1:] + edges[:-1]) / 2
    height = np.full(count, np.nan)
    if (held := np.isfinite(raw["altitude_m"])).any():
        height = _without_single_jumps(np.interp(middle, times[held], raw["altitude_m"][held]))
    heart = _means(of_bin, raw["heart_rate_bpm"], count)
    steps = np.bincount(of_bin[raw["cadence_spm"] > 0], minlength=count) > 0
    before = np.searchsorted(times, middle, side="right")
    near = times[np.minimum(before, times.size - 1)] - times[before - 1] <= longest_s
    silent = ~near | (np.diff(stopped_before(edges, stops)) > width / 2)
    running = ~silent & (speed > _RUNNING_M_S[0]) & (speed < _RUNNING_M_S[1])
    counted = float((steps & running).sum())
    return _Bins(
        edges, width, speed, height, heart, steps, silent,
        counted * width >= numbers.ride_least_run_s / 2
        and counted >= numbers.ride_steps_share * running.sum(),
    )  # fmt: skip


def _without_single_jumps(values: Floats) -> Floats:
    """Running median of three bins: a position that jumps and comes back moves none of them."""
    around = np.concatenate([values[:1], values, values[-1:]])
    before, after = around[:-2], around[2:]
    low, high = np.minimum(before, values), np.maximum(before, values)
    return np.asarray(np.maximum(low, np.minimum(high, after)))


def _means(of_bin: np.ndarray[tuple[int], np.dtype[np.intp]], values: Floats, count: int) -> Floats:
    held = np.isfinite(values)
    number = np.bincount(of_bin[held], minlength=count)
    total = np.bincount(of_bin[held], weights=values[held], minlength=count)
    return np.asarray(np.divide(total, number, out=np.full(count, np.nan), where=number > 0))


def _own(bins: _Bins, among: Bools) -> _Own:
    running = among & ~bins.silent & (bins.speed > _RUNNING_M_S[0]) & (bins.speed < _RUNNING_M_S[1])
    if bins.counts_steps:
        running &= bins.steps
    if not running.any():
        return _Own(np.nan, np.nan, np.nan)
    usual, fast = quantiles(bins.speed[running], (0.5, 0.9))
    hearts = bins.heart[running & np.isfinite(bins.heart)]
    # where a ride is hidden among the running, its speed is the fast end: no runner's is far above the middle
    return _Own(float(usual), float(min(fast, 1.35 * usual)), middle(hearts) if hearts.size else np.nan)


def _beyond_records(bins: _Bins, numbers: ActivitiesNumbers) -> Bools:
    """Bins within a window that is faster than the record; short windows first, and what they found stands still."""
    found = np.zeros(bins.speed.shape, dtype=bool)
    for window_s in _WINDOWS_S:
        length = max(round(window_s / bins.width_s), 1)
        if length > found.size:
            break
        rest = np.where(found, 0.0, bins.speed)
        mean = np.convolve(rest, np.ones(length) / length, "valid")
        limit = float(record_speed_m_s(length * bins.width_s, numbers)) * numbers.ride_record_factor
        starts = np.zeros(found.size + 1, dtype=np.intp)
        for sign, at in ((1, np.flatnonzero(mean > limit)), (-1, np.flatnonzero(mean > limit) + length)):
            np.add.at(starts, at, sign)
        inside = np.cumsum(starts[:-1]) > 0
        found |= inside & (rest > limit / 2)
    return found


def _beyond_climbs(bins: _Bins, numbers: ActivitiesNumbers) -> Bools:
    """Bins within some minutes in which the height rises faster than anybody has climbed, and the place moves on."""
    found = np.zeros(bins.speed.shape, dtype=bool)
    length = max(round(_CLIMB_WINDOW_S / bins.width_s), 2)
    if length >= found.size or np.isnan(bins.altitude).any():
        return found
    limit = numbers.ride_climb_m_s
    rise = (bins.altitude[length:] - bins.altitude[:-length]) / (length * bins.width_s)
    on = np.convolve(bins.speed, np.ones(length) / length, "valid")[: rise.size]
    for i in np.flatnonzero((rise > limit) & (on > _RUNNING_M_S[0])):
        found[i : i + length + 1] = True
    return np.asarray(found & (np.gradient(bins.altitude) > limit * bins.width_s))


def _clearly_running(bins: _Bins, own: _Own, suspect: Bools, numbers: ActivitiesNumbers) -> Bools:
    """Bins that end a ride: steps at a running speed, or, in files that count none, this runner's usual speed."""
    with np.errstate(invalid="ignore"):
        calm = bins.heart < own.heart - numbers.ride_heart_drop_bpm
        usual = (bins.speed > 0.7 * own.usual) & (bins.speed < 1.3 * own.usual)
    return ~suspect & ~calm & (bins.steps & (bins.speed > _RUNNING_M_S[0]) if bins.counts_steps else usual)


def _joined(suspect: Bools, running: Bools, bins: _Bins, numbers: ActivitiesNumbers) -> list[tuple[int, int]]:
    """Suspect bins with what lies between them, if that is short and nobody clearly runs there; to the file's ends."""
    longest = round(numbers.ride_stop_s / bins.width_s)
    least = max(round(numbers.ride_running_s / bins.width_s), 1)
    ran = np.zeros(running.size + 1, dtype=np.intp)  # bins before each that belong to a stretch of clear running
    for first, after in stretches(running):
        if after - first >= least:
            ran[first + 1 : after + 1] = 1
    before = np.cumsum(ran)
    found: list[tuple[int, int]] = []
    for first, after in stretches(suspect):
        if found and first - found[-1][1] <= longest and before[first] == before[found[-1][1]]:
            found[-1] = (found[-1][0], after)
        else:
            found.append((first, after))
    if found and found[0][0] <= longest and before[found[0][0]] == 0:
        found[0] = (0, found[0][1])
    if found and suspect.size - found[-1][1] <= longest and before[-1] == before[found[-1][1]]:
        found[-1] = (found[-1][0], suspect.size)
    return found


def _verdict(bins: _Bins, here: slice, certain: Bools, own: _Own, numbers: ActivitiesNumbers) -> bool | None:
    """True: nobody ran here. False: perhaps. None: it is running like any other."""
    if certain[here].any():
        return True
    speed, silent = bins.speed[here], bins.silent[here]
    seconds, moving = speed.size * bins.width_s, speed > _RUNNING_M_S[0] / 2
    covered = float(speed.sum()) * bins.width_s
    if seconds < numbers.ride_least_s or covered < numbers.ride_least_m or not moving.any():
        return None
    mean = float(speed[moving].mean())
    rise = bins.altitude[here][-1] - bins.altitude[here][0]
    steep_down = rise < -numbers.ride_descent * covered
    late = bins.heart[here][round(_HEART_LAG_S / bins.width_s) :]
    late = late[np.isfinite(late)]
    fast = mean > numbers.ride_fast_factor * own.fast and not steep_down
    slow_heart = late.size > 0 and middle(late) < own.heart - numbers.ride_heart_drop_bpm and not steep_down
    stepless = bins.counts_steps and float((bins.no_steps[here] & moving).sum()) > 0.8 * (moving & ~silent).sum()
    races = len(stretches(speed > numbers.ride_town_m_s)) > 1
    stands = float((~moving).mean()) > 0.1
    if fast + slow_heart + stepless + (races and stands) > 1:
        return True
    limit = max(numbers.ride_named_factor * own.fast, numbers.ride_named_m_s)
    longest_s = max((after - first for first, after in stretches(speed > limit)), default=0) * bins.width_s
    return False if fast and longest_s > numbers.ride_named_s else None
