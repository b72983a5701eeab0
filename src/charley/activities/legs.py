"""The other sports of a duathlon or a triathlon: no running, but a load on the same body."""

from __future__ import annotations

import numpy as np

from charley.activities.timeline import Timeline
from charley.vocabulary.errors import Warned
from charley.vocabulary.run import OtherLeg, Recording

_BETWEEN = "transition"
_NAMED = 6


def other_legs(recording: Recording, line: Timeline) -> tuple[OtherLeg, ...]:
    """The sessions of other sports, in order of time; transitions are none."""
    used = set(line.sessions)
    others = [s for s in recording.sessions if s not in used and s.sport != _BETWEEN]
    timed = [(s, s.start_unix_s, s.elapsed_s) for s in others if s.start_unix_s is not None and s.elapsed_s]
    spans = [(began, began + long_s) for _, began, long_s in timed if began is not None and long_s]
    start = float(line.time_unix_s[0])
    legs = [
        OtherLeg(s.sport or "unknown", begin - start, end - start, s.distance_m, heart)
        for (s, _, _), (begin, end), heart in zip(timed, spans, _mean_heart_rates(recording, spans), strict=True)
    ]
    return tuple(sorted(legs, key=lambda leg: leg.start_s))


def told_of(legs: tuple[OtherLeg, ...]) -> tuple[Warned, ...]:
    """What is said of them, if there are any."""
    if not legs:
        return ()
    more = f" and {len(legs) - _NAMED} more" if len(legs) > _NAMED else ""
    named = ", ".join(_leg(leg) for leg in legs[:_NAMED]) + more
    return (Warned("other-sports", f"of several sports only the running is used; beside it: {named}"),)


def _leg(leg: OtherLeg) -> str:
    far = "" if leg.distance_m is None else f"{leg.distance_m / 1000:.1f} km in "
    return f"{leg.sport.replace('_', ' ')} {far}{leg.duration_s / 60:.0f} min"


def _mean_heart_rates(recording: Recording, spans: list[tuple[float, float]]) -> list[float | None]:
    """The mean of each span, None where nothing was recorded in it."""
    heart = recording.channels.get("heart_rate_bpm")
    if heart is None or not spans:
        return [None] * len(spans)
    with np.errstate(invalid="ignore"):
        held = np.isfinite(recording.time_unix_s) & (heart > 0)
    order = np.argsort(recording.time_unix_s[held], kind="stable")
    times = recording.time_unix_s[held][order]
    sums = np.concatenate([[0.0], np.cumsum(heart[held][order])])
    first = np.searchsorted(times, [begin for begin, _ in spans], "left")
    after = np.searchsorted(times, [end for _, end in spans], "right")
    return [float((sums[j] - sums[i]) / (j - i)) if j > i else None for i, j in zip(first, after, strict=True)]
