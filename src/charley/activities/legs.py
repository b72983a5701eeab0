"""The other sports of a duathlon or a triathlon: no running, but a load on the same body."""

from __future__ import annotations

import numpy as np

from charley.activities.timeline import Timeline
from charley.vocabulary.errors import Warned
from charley.vocabulary.run import OtherLeg, Recording

_BETWEEN = "transition"


def other_legs(recording: Recording, line: Timeline) -> tuple[OtherLeg, ...]:
    """The sessions of other sports, in order of time; transitions are none."""
    start = float(line.time_unix_s[0])
    legs = []
    for s in recording.sessions:
        began, long_s = s.start_unix_s, s.elapsed_s
        if s in line.sessions or s.sport == _BETWEEN or began is None or not long_s:
            continue
        legs.append(OtherLeg(
            s.sport or "unknown", began - start, began - start + long_s, s.distance_m,
            _mean_heart_rate(recording, began, began + long_s),
        ))  # fmt: skip
    return tuple(sorted(legs, key=lambda leg: leg.start_s))


def told_of(legs: tuple[OtherLeg, ...]) -> tuple[Warned, ...]:
    """What is said of them, if there are any."""
    if not legs:
        return ()
    named = ", ".join(_leg(leg) for leg in legs)
    return (Warned("other-sports", f"of several sports only the running is used; beside it: {named}"),)


def _leg(leg: OtherLeg) -> str:
    far = "" if leg.distance_m is None else f"{leg.distance_m / 1000:.1f} km in "
    return f"{leg.sport.replace('_', ' ')} {far}{leg.duration_s / 60:.0f} min"


def _mean_heart_rate(recording: Recording, begin: float, end: float) -> float | None:
    heart = recording.channels.get("heart_rate_bpm")
    if heart is None:
        return None
    with np.errstate(invalid="ignore"):
        inside = (recording.time_unix_s >= begin) & (recording.time_unix_s <= end) & (heart > 0)
    return float(heart[inside].mean()) if inside.any() else None
