"""The last part of the run: what changed before the cramp, published definitions, stops that may have been one."""

from __future__ import annotations

import numpy as np

from charley.faces.report.strip import rows
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording import notes, place
from charley.vocabulary.answer import DeclineTest, Strip, SuggestedStop, Track, Why
from charley.vocabulary.arrays import Bools, Floats

# A change is put into words from this size on: below it, it is within what a watch wavers from km to km.
_PACE_CHANGE, _PULSE_CHANGE, _STEPS_CHANGE = 0.02, 3.0, 2.0
_LAST_M, _LAST_SHARE = 8_000.0, 0.2  # the last stretch: 8 km, or a fifth of a shorter run
_WARM_UP_SHARE = 0.15  # left out of the comparison: heart rate climbs
_LEAST_M, _LEAST_SAMPLES = 3_000.0, 20  # no sentence on less than this

_MOST_STOPS = 4  # stops that are named, sudden ones first

STOP_KINDS = {
    "sudden_stop": "a sudden stop out of full stride",
    "fade": "a slow fade",
    "walk_break": "a walk break",
    "pause": "a pause",
}


def _means(values: Floats | None, late: Bools, early: Bools) -> tuple[float, float] | None:
    """Mean late and early; None where either has too few samples."""
    if values is None:
        return None
    pair = [values[part & np.isfinite(values)] for part in (late, early)]
    if min(p.size for p in pair) < _LEAST_SAMPLES:
        return None
    return float(pair[0].mean()), float(pair[1].mean())


def _values(track: Track | None) -> Floats | None:
    return None if track is None else track.mean


def _stretches(answer: Why, units: str) -> tuple[float, float, float] | None:
    """Metres where the comparison begins, where the last stretch begins, and where both end; None on a short run."""
    until_m = place.metres_at(answer.strip, place.end_of_view_s(answer)) if place.has_distance(answer.strip) else 0.0
    if not until_m >= _LEAST_M:
        return None
    unit_m = fig.metres_per_unit(units)
    last_m = max(1, round(min(_LAST_M, _LAST_SHARE * until_m) / unit_m)) * unit_m
    return _WARM_UP_SHARE * until_m, until_m - last_m, until_m


def compared(answer: Why, units: str) -> str:
    """Against what the last stretch is held."""
    stretches = _stretches(answer, units)
    if stretches is None:
        return ""
    first, last = (fig.distance(m, units, 0) for m in stretches[:2])
    return f"The last stretch is held against {fig.distance_unit(units)} {first} to {last}."


def strip_heading(answer: Why, units: str) -> str:
    """What the run strip shows: how the last stretch differed from what came before it, in figures."""
    plain = "What the watch measured and what the model works out, on one distance axis"
    strip = answer.strip
    if not place.has_distance(strip):
        return plain.replace("distance", "time")
    stretches = _stretches(answer, units)
    if stretches is None:
        return plain
    until_s = place.end_of_view_s(answer)
    first_m, late_m, until_m = stretches
    last_m, unit_m = until_m - late_m, fig.metres_per_unit(units)
    before = strip.time_s <= until_s
    late = before & (strip.distance_m > late_m)
    early = before & (strip.distance_m > first_m) & (strip.distance_m <= late_m)
    looks = (_pace_change(answer, late, early), _pulse_change(strip, late, early), _steps_change(strip, late, early))
    found = [words for changed, words in filter(None, looks) if changed]
    same = [words for changed, words in filter(None, looks) if not changed]
    stretch = f"last {fig.distance_with_unit(last_m, units, 0)}"
    spot = place.of(answer)
    until = ""
    if spot is not None and until_s == spot.from_s:
        until = " before it" if spot.exact else f" before {fig.distance_with_unit(until_m, units)}"
    if found:
        return f"The {stretch}{until} {'was' if round(last_m / unit_m) == 1 else 'were'} run {fig.listing(found)}"
    if same:
        return f"{fig.upper_first(fig.listing(same))} changed little over the {stretch}{until}"
    return plain


# What changed between two stretches: (yes, how) or (no, what stayed as it was); None where the watch holds too little.
_Change = tuple[bool, str] | None


def _pace_change(answer: Why, late: Bools, early: Bools) -> _Change:
    levelled = answer.strip.track("gap") if rows.missing_of(answer, "gap") is None else None
    pace = levelled or answer.strip.track("pace")
    speed = _means(None if pace is None else rows.speed_m_s(pace), late, early)
    if speed is None or min(speed) <= 0:
        return None
    slower = 1 - speed[0] / speed[1]
    if abs(slower) < _PACE_CHANGE:
        return False, "pace"
    level = " on the level" if levelled is not None else ""
    return True, f"{fig.number(100 * abs(slower))} % {'slower' if slower > 0 else 'faster'}{level}"


def _pulse_change(strip: Strip, late: Bools, early: Bools) -> _Change:
    pulse = _means(_values(strip.track("heart")), late, early)
    if pulse is None:
        return None
    rise = pulse[0] - pulse[1]
    if abs(rise) < _PULSE_CHANGE:
        return False, "pulse"
    return True, f"at a pulse {fig.number(abs(rise))} beats {'higher' if rise > 0 else 'lower'}"


def _steps_change(strip: Strip, late: Bools, early: Bools) -> _Change:
    steps = _means(_values(strip.track("cadence")), late, early)
    if steps is None:
        return None
    fewer = steps[1] - steps[0]
    if abs(fewer) < _STEPS_CHANGE:
        return False, "steps"
    return True, f"with {fig.number(abs(fewer))} {'fewer' if fewer > 0 else 'more'} steps a minute"


def heading(answer: Why) -> str:
    """What the section on the last part of the run found."""
    met = sum(d.met is True for d in answer.detected)
    asked = sum(d.met is not None for d in answer.detected)
    looks = sum(s.kind == "sudden_stop" for s in answer.stops)
    if asked:
        first = f"{met} of {fig.count(asked, 'published definition')} of a collapse {'was' if met == 1 else 'were'} met"
        return f"The last part of the run: {first}"
    if looks and answer.cramp is None:
        return f"The last part of the run: {fig.count(looks, 'sudden stop')}. Was this a cramp?"
    return "The last part of the run"


def point(at_m: float | None, at_s: float | None, units: str) -> str:
    """A place of the run: "33.4 km, 2:45:40"."""
    parts = []
    if at_m is not None and np.isfinite(at_m):
        parts.append(fig.distance_with_unit(at_m, units))
    if at_s is not None and np.isfinite(at_s):
        parts.append(fig.clock(at_s))
    return ", ".join(parts) or fig.NONE


def shown_stops(answer: Why) -> tuple[list[SuggestedStop], str]:
    """The stops to name, in the order of the run, and a line that counts the rest."""
    ranked = sorted(answer.stops, key=lambda s: (s.kind != "sudden_stop", s.kind != "fade", -s.stood_s))
    named = sorted(ranked[:_MOST_STOPS], key=lambda s: s.at_s)
    rest = len(answer.stops) - len(named)
    return (
        named,
        f"{fig.count(rest, 'more stop')} in the second half of the run, shorter or less abrupt." if rest else "",
    )


def is_the_cramp(stop: SuggestedStop, answer: Why) -> bool:
    """True if the runner has already said that this stop was the cramp."""
    spot = place.of(answer)
    return spot is not None and spot.exact and abs(stop.at_s - spot.from_s) <= max(60.0, stop.stood_s)


def stop_sentence(stop: SuggestedStop, answer: Why, units: str) -> str:
    """A stop and what it looks like; the runner says what it was."""
    steps = stop.cadence_before_spm
    looks_like = STOP_KINDS.get(stop.kind) or fig.clean(stop.kind)
    parts = [f"{point(stop.at_m, stop.at_s, units)}: looks like {looks_like}."]
    figures = []
    if np.isfinite(stop.stood_s) and stop.stood_s > 0:
        figures.append(f"stood {fig.clock(stop.stood_s)}")
    if steps is not None and np.isfinite(steps):
        figures.append(f"{fig.number(steps)} steps a minute before it")
    if figures:
        parts.append(f"{fig.upper_first(', '.join(figures))}.")
    parts.append(f"{notes.sentence(stop.why, units)}.")
    parts.append("You said that this was the cramp." if is_the_cramp(stop, answer) else "Was this a cramp?")
    return " ".join(parts)


def log_command(stop: SuggestedStop, units: str) -> str:
    """How to say that a stop was a cramp."""
    if not np.isfinite(stop.at_m):
        return f"charley why FILE --at {fig.clock(stop.at_s)}"
    return f"charley why FILE --at {fig.distance(stop.at_m, units)}{fig.distance_unit(units)}"


def decline_sentence(test: DeclineTest, of: int = 100) -> str:
    """The saying that a late loss of speed means a dry runner, held against this run."""
    slowed = test.slowed_fraction
    if slowed is None or not np.isfinite(slowed):
        first = "This run is too short, or has too many gaps, to say how much you slowed."
    elif slowed > 0:
        first = f"Over the last 30 minutes you were {fig.number(100 * slowed)} % slower than before."
    else:
        first = f"Over the last 30 minutes you were not slower than before ({fig.number(-100 * slowed)} % faster)."
    loss, share = test.water_loss, test.expected_share
    lost = " ".join(
        (
            f"By then you had lost {fig.number(100 * loss.middle, 1)} % of your body mass as water",
            f"({fig.number(100 * loss.low, 1)} to {fig.number(100 * loss.high, 1)}, worked out by the model).",
            f"Water loss would account for {fig.share_told(share, of)} such cramps.",
        )
    )
    end = "The range includes zero, so slowing down says little about water." if share.low <= 0 <= share.high else ""
    return " ".join(part for part in (first, lost, end) if part)
