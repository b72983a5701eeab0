"""Times that no recording has: of planned courses and tours, or put in afterwards.

A file is refused (``not-recorded``) where

* all points bear one time;
* the points are minutes apart throughout: even a tracker that saves power writes one in a minute or two;
* nearly all the way is slower than standing about, for hours: a tour whose nights are counted in;
* every step takes just as long as its length at one speed, on points as far apart as the corners of a route, and no
  sensor was there: times that a planner worked out.
"""

from __future__ import annotations

import numpy as np

from charley.activities.distance import track_length
from charley.evidence.numbers.activities import ACTIVITIES, ActivitiesNumbers
from charley.vocabulary.arrays import Floats, Index, middle
from charley.vocabulary.errors import RunFileError
from charley.vocabulary.run import Recording

_SENSORS = ("heart_rate_bpm", "cadence_spm", "power_w", "air_temp_c", "speed_m_s")
_LEAST_POINTS = 10  # fewer say nothing
_ROUNDING_S = 1.0  # of times in whole seconds, at both ends of a step


def require_recorded(recording: Recording, rows: Index, times: Floats, n: ActivitiesNumbers = ACTIVITIES) -> None:
    """Raise RunFileError (not-recorded) for times that are a plan's. ``times``: of ``rows``, in order, s since 1970."""
    if rows.size < _LEAST_POINTS:
        return
    steps = np.diff(times)
    if times[-1] == times[0]:
        raise _refused(recording, f"all {rows.size} points bear the same time")
    usual_s = middle(steps[steps > 0])
    if usual_s > n.plan_step_s:
        raise _refused(recording, f"its points are {usual_s / 60:.0f} min apart")
    if recording.file_format == "fit" or not {"latitude_deg", "longitude_deg"} <= set(recording.channels):
        return
    along = track_length(recording.channels["latitude_deg"][rows], recording.channels["longitude_deg"][rows])
    metres = np.diff(along)
    known = np.isfinite(metres) & (steps > 0)
    if known.sum() < _LEAST_POINTS:
        return
    speed = metres[known] / steps[known]
    slow_s = float(steps[known][speed < n.plan_slow_m_s].sum())
    if slow_s > n.plan_slow_share * steps.sum() and slow_s > n.plan_slow_s:
        mean = float(metres[known].sum() / steps.sum())
        raise _refused(recording, f"it moves at {mean:.2f} m/s for {steps.sum() / 3600:.0f} h")
    if not set(_SENSORS) & set(recording.channels) and _worked_out(metres[known], steps[known]):
        raise _refused(recording, "its times are the way divided by one speed")


def _worked_out(metres: Floats, steps: Floats) -> bool:
    """Uneven lengths that all take as long as one speed says, to the rounding of the times."""
    if np.std(metres) < 0.6 * np.mean(metres):
        return False
    error_s = np.abs(steps - metres * (steps.sum() / metres.sum()))
    return bool(np.mean(error_s <= _ROUNDING_S) > 0.98 and middle(steps) > 5 * _ROUNDING_S)


def _refused(recording: Recording, why: str) -> RunFileError:
    return RunFileError("not-recorded", f"a plan, not a recording: {why}", recording.file_name)
