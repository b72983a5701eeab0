"""The run strip in words: flags, caption, a description for those who do not see it, and its tables."""

from __future__ import annotations

import numpy as np

from charley.faces.report.pictures.svg import ticks
from charley.faces.report.strip import late
from charley.faces.report.strip.axis import Axis, bin_step
from charley.faces.report.strip.rows import Row
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording import place
from charley.vocabulary.answer import SuggestedStop, Why
from charley.vocabulary.arrays import Floats

MOST_NAMED = 6  # breaks that are named in the picture, longest first; the table has all
TABLE_ROWS = 13
_BREAKS = {
    "pause": "paused",
    "gap": "no recording",
    "signal": "a channel lost",
    "heart_rate_bpm": "no pulse",
    "cadence_spm": "no cadence",
    "speed_m_s": "no signal",
    "distance_m": "no signal",
    "latitude_deg": "no position",
    "longitude_deg": "no position",
    "air_temp_c": "no temperature",
}


def break_name(kind: str) -> str:
    """A break in words; a lost channel by its name."""
    return _BREAKS.get(kind) or f"no {fig.clean(kind).split('_')[0]}"


def _point(answer: Why, metres: float, seconds: float, units: str) -> str:
    """A place on the axis of the strip: distance, or elapsed time where the run has no distance."""
    return fig.distance_with_unit(metres, units) if place.has_distance(answer.strip) else fig.clock(seconds)


def flag(answer: Why, units: str) -> str:
    """What stands on the flag of the cramp."""
    spot = place.of(answer)
    if spot is None:
        return ""
    if not spot.exact:
        return f"cramp {place.in_words(answer, units).replace('somewhere between', 'between')}"
    point = _point(answer, spot.from_m, spot.from_s, units)
    time = fig.clock(spot.from_s)
    return f"cramp, {point}" if point == time else f"cramp, {point}, {time}"


def asked(stop: SuggestedStop, answer: Why, units: str) -> str:
    """What stands at a stop that may have been a cramp."""
    return f"stop at {_point(answer, stop.at_m, stop.at_s, units)}: was this a cramp?"


def value_heading(answer: Why, units: str) -> str:
    """To which moment the values at the right belong."""
    spot = place.of(answer)
    if spot is None or place.end_of_view_s(answer) != spot.from_s:
        return "at the end"
    return "just before it" if spot.exact else f"at {_point(answer, spot.from_m, spot.from_s, units)}"


def description(answer: Why, listed: list[Row], units: str) -> str:
    """The strip in words, for those who do not see it."""
    parts = [f"The cramp was {place.in_words(answer, units)}." if answer.cramp else "No cramp was reported."]
    for row in listed:
        if row.kind == "missing":
            parts.append(f"{row.name}: not in the file.")
        else:
            under = f" ({', '.join(row.under)})" if row.under else ""
            parts.append(f"{row.name} {value_heading(answer, units)} {row.value} {row.unit}{under}.")
    return " ".join(parts)


def caption(answer: Why, listed: list[Row], units: str) -> str:
    """What was measured, what was worked out, and how the pace line was made."""
    measured = [fig.lower_first(r.name) for r in listed if r.kind == "measured"]
    spot = place.of(answer)
    parts = [
        f"Measured: {fig.listing(measured)}." if measured else "",
        "Worked out by the model: the rest. 8 times out of 10 it lies in the band, 5 times in the darker one.",
        "Pale or dashed after the cramp: as if it hadn't come." if spot is not None and spot.exact else "",
        late.compared(answer, units),
    ]
    for row in listed:
        if row.smooth is not None and row.mean is not None:
            step = bin_step(row.axis, row.mean)
            each = f"{step:g} {row.axis.unit}" if row.axis.unit else fig.clock(step)
            parts.append(f"Pace: dots are samples, the line is the mean of each {each}.")
    parts += [f"{t.label}: {fig.clean(t.note)}." for t in answer.strip.tracks if t.note and t.key == "threshold"]
    breaks = [b for b in answer.strip.breaks if b[2] in ("pause", "gap")]
    if len(breaks) > MOST_NAMED:
        parts.append(f"{len(breaks)} pauses and gaps; the longest are named, the table has all.")
    return " ".join(p for p in parts if p)


def table(answer: Why, listed: list[Row], most: int = TABLE_ROWS) -> tuple[list[str], list[list[str]]]:
    """The strip as a table: heads and up to ``most`` rows at round distances, at the cramp and at the end."""
    shown = [r for r in listed if r.kind != "missing"]
    axis = shown[0].axis
    heads = [axis.label]
    for row in shown:
        heads.append(f"{row.name}, {row.unit.replace(' · model', '')}")
        if row.second is not None:
            heads.append("Grade-adjusted")
    body = []
    for value in places(answer, axis, most):
        line = [axis.show(value)]
        for row in shown:
            line.append(_cell(row, value))
            if row.second is not None:
                line.append(row.show(_near(*row.second, value)))
        body.append(line)
    return heads, body


def places(answer: Why, axis: Axis, most: int = TABLE_ROWS) -> list[float]:
    """Where the rows of the table stand along the axis."""
    spot = place.of(answer)
    at = {round(v, 6) for v in (*ticks(axis.lo, axis.hi, most, axis.steps), axis.hi) if v > axis.lo}
    if spot is not None and spot.exact:
        at.add(axis.at(spot.from_s))
    return sorted(at)


def _near(x: Floats, y: Floats, value: float) -> float:
    """The sample nearest to a place of the axis."""
    known = np.isfinite(x)
    return float(y[known][np.abs(x[known] - value).argmin()]) if known.any() else float("nan")


def _cell(row: Row, value: float) -> str:
    """The row's value at a place of the axis, with its range where it is the model's."""
    if row.mean is None:
        return fig.NONE
    x = row.axis.values
    text = row.show(_near(*(row.smooth or (x, row.mean)), value))
    if row.low is None or row.high is None or text == fig.NONE:
        return text
    return f"{text} ({fig.span(row.show(_near(x, row.low, value)), row.show(_near(x, row.high, value)))})"


def breaks_table(answer: Why, units: str) -> list[list[str]]:
    """All breaks: where, what, how long."""
    moved = place.has_distance(answer.strip)
    return [
        [
            late.point(place.metres_at(answer.strip, start) if moved else None, start, units),
            break_name(kind),
            fig.clock(stop - start),
        ]
        for start, stop, kind in sorted(answer.strip.breaks)
    ]
