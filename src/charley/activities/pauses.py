"""Where nobody ran: one rule for every format.

A pause is

* a stop of the timer that the device wrote;
* a break that the file marks (a new segment of GPX, a new track or lap of TCX) and that is longer than the steps
  between its points otherwise are: pieces that follow each other at once are no pause;
* a silence that nothing marks, across which the runner stood still, or was carried: farther than this runner, who was
  seen on both sides of it, goes in that time.

While the timer is stopped, nothing counts as running: positions across a stop measure nothing, and what a counter adds
within one is taken back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.activities.grid import usual_step_s
from charley.evidence.numbers.activities import ActivitiesNumbers
from charley.vocabulary.arrays import Bools, Floats, quantiles

Stops = tuple[tuple[float, float], ...]

_OWN_SPEED_QUANTILE = 0.95


def marked(stops: Stops, breaks: Stops, times: Floats, numbers: ActivitiesNumbers) -> Stops:
    """Stops of the timer and breaks of the file that are pauses, as (from, to) in seconds since 1970."""
    longest_s = numbers.break_usual_steps * usual_step_s(times, numbers)
    return (*stops, *((begin, end) for begin, end in breaks if end - begin > longest_s))


@dataclass(frozen=True, slots=True)
class Silence:
    """A stretch without records or a mark in which nobody ran: from, to (s since 1970), and how far it was carried."""

    begin: float
    end: float
    carried_m: float  # metres that somebody else covered; 0 where the runner stood


def unmarked(
    times: Floats, steps_m: Floats, stops: Stops, longest_s: float, numbers: ActivitiesNumbers
) -> tuple[Silence, ...]:
    """The silences in which nobody ran.

    ``steps_m``, shape (records - 1,): metres from one record to the next, NaN where they are not known.
    """
    took = np.diff(times)
    running = took - np.diff(stopped_before(times, stops))
    with np.errstate(invalid="ignore", divide="ignore"):
        speed = steps_m / took
    own = speed[np.isfinite(speed) & (took <= longest_s) & (running > 0) & (speed > numbers.silence_stood_m_s)]
    limit = numbers.max_speed_m_s
    if own.size:
        limit = numbers.silence_carried_factor * float(quantiles(own, (_OWN_SPEED_QUANTILE,))[0])
    found = []
    for i in np.flatnonzero((running > longest_s) & (running >= took - 1e-6) & np.isfinite(steps_m)):
        if speed[i] < numbers.silence_stood_m_s:
            found.append(Silence(float(times[i]), float(times[i + 1]), 0.0))
        elif speed[i] > limit and took[i] >= numbers.silence_carried_s:
            found.append(Silence(float(times[i]), float(times[i + 1]), float(steps_m[i])))
    return tuple(found)


def stopped_before(times: Floats, stops: Stops) -> Floats:
    """Seconds for which the timer had been stopped before each of ``times``; stops may overlap."""
    if not stops:
        return np.zeros(times.shape)
    begins, ends = _joined(stops)
    spent = np.cumsum(ends - begins)
    edges = np.stack([begins, ends], axis=1).ravel()
    before = np.concatenate([[0.0], spent[:-1]])
    total: Floats = np.interp(times, edges, np.stack([before, spent], axis=1).ravel())
    return total


def within(times: Floats, stops: Stops) -> Bools:
    """True for each of ``times`` that lies inside of a stop, not at its edge."""
    if not stops:
        return np.zeros(times.shape, dtype=bool)
    begins, ends = _joined(stops)
    at = np.searchsorted(begins, times, side="left") - 1
    inside: Bools = (at >= 0) & (times < ends[at])
    return inside


def _joined(stops: Stops) -> tuple[Floats, Floats]:
    """Begins and ends in order, without overlaps; of what overlaps the later one keeps only its rest."""
    begins, ends = np.array(sorted(stops), dtype=np.float64).T
    ends = np.maximum.accumulate(ends)
    return np.maximum(begins, np.concatenate([begins[:1], ends[:-1]])), ends
