"""Where the cramp was: on both axes, in words, and as it is typed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from charley.faces.report.wording import figures as fig
from charley.vocabulary.answer import Strip, Why

_EARLY_SHARE = 0.2  # a range that begins this early says too little of what came before it


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cramp was, on both axes. ``from_s`` equals ``to_s`` where it was named exactly."""

    from_s: float
    to_s: float
    from_m: float
    to_m: float
    exact: bool


def metres_at(strip: Strip, time_s: float) -> float:
    """Distance at an elapsed time; NaN if the run has none."""
    known = np.isfinite(strip.distance_m)
    if not known.any():
        return float("nan")
    return float(np.interp(time_s, strip.time_s[known], strip.distance_m[known]))


def has_distance(strip: Strip) -> bool:
    """True if the run got anywhere, so that distance can be an axis."""
    known = strip.distance_m[np.isfinite(strip.distance_m)]
    return bool(known.size > 1 and known[-1] - known[0] >= 1)


def of(answer: Why) -> Place | None:
    """Where the cramp was, None where there was none."""
    if answer.cramp is None:
        return None
    if answer.cramp.at_s is not None:
        at_s = answer.cramp.at_s
        at_m = answer.cramp_at_m if answer.cramp_at_m is not None else metres_at(answer.strip, at_s)
        return Place(at_s, at_s, at_m, at_m, True)
    from_s, to_s = max(0.0, answer.cramp.from_s), min(answer.run.elapsed_s, answer.cramp.to_s)
    return Place(from_s, to_s, metres_at(answer.strip, from_s), metres_at(answer.strip, to_s), False)


def end_of_view_s(answer: Why) -> float:
    """Until when the run is looked at: to the cramp, to the start of its range, or to the end."""
    spot = of(answer)
    if spot is None or (not spot.exact and spot.from_s <= _EARLY_SHARE * answer.run.elapsed_s):
        return float(answer.strip.time_s[-1]) if answer.strip.time_s.size else 0.0
    return spot.from_s


def in_words(answer: Why, units: str) -> str:
    """The place in words: "at 33.4 km", "somewhere after 30.0 km", "somewhere in this run"."""
    spot = of(answer)
    if spot is None:
        return ""

    def point(metres: float, seconds: float) -> str:
        return fig.distance_with_unit(metres, units) if has_distance(answer.strip) else fig.clock(seconds)

    if spot.exact:
        return f"at {point(spot.from_m, spot.from_s)}"
    open_start, open_end = spot.from_s < 1, spot.to_s > answer.run.elapsed_s - 1
    if open_start and open_end:
        return "somewhere in this run"
    if open_end:
        return f"somewhere after {point(spot.from_m, spot.from_s)}"
    if open_start:
        return f"somewhere before {point(spot.to_m, spot.to_s)}"
    start = point(spot.from_m, spot.from_s).removesuffix(f" {fig.distance_unit(units)}")
    return f"somewhere between {start} and {point(spot.to_m, spot.to_s)}"


def flag(answer: Why, units: str) -> str:
    """The place of the cramp as it is typed."""
    spot = of(answer)
    if spot is None:
        return ""

    def typed(metres: float, seconds: float) -> str:
        moved = has_distance(answer.strip)
        return f"{fig.distance(metres, units)}{fig.distance_unit(units)}" if moved else fig.clock(seconds)

    start, end = typed(spot.from_m, spot.from_s), typed(spot.to_m, spot.to_s)
    if spot.exact:
        return f"--at {start}"
    return f"--at somewhere-after {start}" if spot.to_s > answer.run.elapsed_s - 1 else f"--at {start}-{end}"
