"""How far: the device's counter, the way along the positions, or speed summed up; and which of them is believed.

The counter counts unless two others, which agree with each other, disagree with it. The session's total is a vote of
its own only where it is not the counter's last value.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.activities.grid import plausible
from charley.activities.pauses import Stops, stopped_before, within
from charley.evidence.numbers.activities import ActivitiesNumbers
from charley.vocabulary.arrays import Bools, Floats, middle
from charley.vocabulary.errors import RunFileError
from charley.vocabulary.run import Change, Session
from charley.vocabulary.units import EARTH_RADIUS_M

_TINY_S = 1e-6


@dataclass(frozen=True, slots=True)
class Clock:
    """Records on two clocks: ``elapsed_s`` goes on while the timer is stopped, ``running_s`` does not.

    ``paused`` is True for a record from the inside of a stop. Shapes (records,).
    """

    elapsed_s: Floats
    running_s: Floats
    paused: Bools

    @classmethod
    def of(cls, times: Floats, stops: Stops) -> Clock:
        """The clocks of records at ``times`` (s since 1970, never falling)."""
        stopped = stopped_before(times, stops)
        return cls(times - times[0], times - times[0] - (stopped - stopped[0]), within(times, stops))


def covered(
    file_name: str,
    sessions: tuple[Session, ...],
    raw: dict[str, Floats],
    clock: Clock,
    longest_s: float,
    numbers: ActivitiesNumbers,
    changes: list[Change],
) -> Floats:
    """Cumulative metres at the records, shape (records,), NaN where unknown. Raises RunFileError (no-distance)."""
    speed = raw["speed_m_s"]
    along = track_length(raw["latitude_deg"], raw["longitude_deg"])
    device = _from_zero(raw["distance_m"], longest_s, numbers, changes)
    summed = speed_sum(clock.running_s, speed, longest_s)
    notes: list[Change] = []
    if np.isfinite(along).sum() > 1:
        notes.append(Change("distance_m", "measured along the positions", int(np.isfinite(along).sum())))
        along = without_impossible_steps(clock, along, speed, numbers, notes, "distance along the positions", True)
    if np.isfinite(device).sum() > 1 and np.nanmax(device) > 0:
        repairs: list[Change] = []
        metres = without_impossible_steps(clock, device, speed, numbers, repairs, "the device's distance", False)
        why_not = _outvoted(metres, along, summed, sessions, clock, longest_s, numbers)
        if not why_not:
            changes += repairs
            return metres
        changes.append(Change("distance_m", why_not, 1))
    if np.isfinite(along).sum() > 1:
        changes += notes
        return along
    if np.isfinite(speed).sum() > 1:
        changes.append(Change("distance_m", "summed up from speed", int(np.isfinite(speed).sum())))
        return summed
    raise RunFileError("no-distance", "no distance, speed or positions were recorded", file_name)


def _outvoted(
    device: Floats,
    along: Floats,
    summed: Floats,
    sessions: tuple[Session, ...],
    clock: Clock,
    longest_s: float,
    numbers: ActivitiesNumbers,
) -> str:
    """Why the counter is not believed, "" where it is."""
    counter = _total(device)
    if _far_below(device, along, numbers):
        return "far below the way along the positions: dropped"
    said = [session.distance_m for session in sessions]
    votes = [
        _total(metres)
        for metres in (along, summed)
        if _share_known(metres, clock, longest_s) >= numbers.vote_known_share
    ]
    if votes and said and all(m is not None for m in said):
        total = float(sum(m for m in said if m is not None))
        if not _near(total, counter, 1.0, numbers):
            votes.append(total)
    against = [v for v in votes if not _near(v, counter, numbers.vote_disagrees_factor, numbers)]
    agreeing = [v for v in against if sum(_near(v, other, 1.0, numbers) for other in against) > 1]
    if len(agreeing) > 1 and len(agreeing) == len(votes):
        return f"{counter:.0f} m, where {' and '.join(f'{v:.0f} m' for v in agreeing)} were found otherwise: dropped"
    return ""


def _near(a: float, b: float, factor: float, numbers: ActivitiesNumbers) -> bool:
    slack = max(numbers.totals_tolerance_m, numbers.totals_tolerance * max(a, b))
    return abs(a - b) <= factor * slack


def _total(metres: Floats) -> float:
    known = metres[np.isfinite(metres)]
    return float(known[-1] - known[0]) if known.size else 0.0


def _share_known(metres: Floats, clock: Clock, longest_s: float) -> float:
    """Share of the running time that lies between values that are near each other in time."""
    at = np.flatnonzero(np.isfinite(metres))
    took = np.diff(clock.running_s[at])
    whole_s = float(clock.running_s[-1] - clock.running_s[0])
    return float(took[took <= longest_s].sum() / whole_s) if whole_s > 0 else 0.0


def _from_zero(device: Floats, longest_s: float, numbers: ActivitiesNumbers, changes: list[Change]) -> Floats:
    first_m = next(iter(device[np.isfinite(device)][:1].tolist()), 0.0)
    if first_m <= numbers.max_speed_m_s * longest_s:
        return device
    changes.append(Change("distance_m", f"began at {first_m:.0f} m: set to begin at 0", 1))
    return np.asarray(device - first_m)


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


def _far_below(device: Floats, along: Floats, numbers: ActivitiesNumbers) -> bool:
    """True if the counter is a small part of the way along the positions (kilometres, steps, or nothing)."""
    return bool(
        _total(along) >= numbers.min_distance_m and _total(device) < plausible("speed_to_distance").low * _total(along)
    )


def speed_sum(running_s: Floats, speed: Floats, longest_s: float) -> Floats:
    """Metres from speed alone, at each record that has one: trapezoids, nothing over silences and stops."""
    at = np.flatnonzero(np.isfinite(speed))
    step = np.diff(running_s[at])
    metres = np.where(step <= longest_s, step, 0.0) * (speed[at][1:] + speed[at][:-1]) / 2
    out = np.full(speed.shape, np.nan)
    out[at] = np.concatenate([[0.0], np.cumsum(metres)])[: at.size]
    return out


def without_impossible_steps(
    clock: Clock,
    distance: Floats,
    speed: Floats,
    numbers: ActivitiesNumbers,
    changes: list[Change],
    what: str,
    positions: bool,
) -> Floats:
    """Cumulative distance at the records, made of its own steps without the impossible ones.

    A step that falls, or is faster than a runner can be, is replaced by the device's speed over that time, else by 0:
    so a spike leaves no trace, and a counter that restarts goes on from where it was. A jump behind values that stood
    still is spread over that time, if a runner can have covered it then (a tunnel). While the timer is stopped nothing
    is covered; of a step over the edge of a stop ``positions`` measure nothing, and the usual speed counts.
    """
    at = np.flatnonzero(np.isfinite(distance))
    fastest = numbers.max_speed_m_s
    values, pace = distance[at], np.nan_to_num(speed[at][1:])
    elapsed, running, paused = np.diff(clock.elapsed_s[at]), np.diff(clock.running_s[at]), clock.paused[at]
    took = np.maximum(running, 1.0)  # several records may share a second
    step = _caught_up(np.diff(values), running, took, fastest)
    stopped = elapsed - running > _TINY_S
    inside = stopped & (paused[:-1] | paused[1:]) & (running <= _TINY_S)
    wrong = (step < 0) | (step > fastest * took)
    replaced = stopped & (inside | wrong | positions)
    wrong &= ~stopped
    sound = ~wrong & ~stopped
    usual = middle(step[sound] / took[sound]) if stopped.any() and sound.any() else 0.0
    short = took <= numbers.gap_fill_max_s
    instead = np.where(short & (pace >= 0) & (pace <= fastest), pace * took, 0.0)
    at_edge = np.where(short, np.where((pace > 0) & (pace <= fastest), pace, usual) * running, 0.0)
    if count := int(wrong.sum()):
        changes.append(Change("distance_m", f"{what} fell, or rose faster than {fastest:g} m/s: step replaced", count))
    moved_m = float(np.clip(step[replaced], 0.0, None).sum())
    if moved_m >= 1.0:
        text = f"{moved_m:.0f} m while the timer was stopped: not counted"
        changes.append(Change("distance_m", text, int(replaced.sum())))
    step = np.where(inside, 0.0, np.where(replaced, at_edge, np.where(wrong, instead, step)))
    out = np.full(distance.shape, np.nan)
    out[at] = values[:1] + np.concatenate([[0.0], np.cumsum(step)])[: at.size]
    return out


def _caught_up(step: Floats, running: Floats, took: Floats, fastest: float) -> Floats:
    """Steps in which a jump behind a standstill is spread over it, where that is a speed that a runner can have."""
    jumps = np.flatnonzero(step > fastest * took)
    if not jumps.size:
        return step
    moves = np.where(step != 0.0, np.arange(step.size), -1)
    begin = np.concatenate([[-1], np.maximum.accumulate(moves)[:-1]]) + 1  # first step of the standstill before each
    out = step.copy()
    for i in jumps[begin[jumps] < jumps]:
        whole = slice(int(begin[i]), int(i) + 1)
        time_s = float(running[whole].sum())
        comes_back = i + 1 < step.size and abs(step[i + 1]) > fastest * took[i + 1]
        if step[i] <= fastest * time_s and not comes_back:
            out[whole] = step[i] * running[whole] / time_s
    return out
