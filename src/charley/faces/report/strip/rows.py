"""What each row of the run strip shows: its quantity in the reader's unit, its scale, and its figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from charley.faces.report.pictures.svg import CLOCK_STEPS, DECIMAL_STEPS
from charley.faces.report.strip.axis import Axis, Breaks, binned, distance_axis
from charley.faces.report.wording import asked, place
from charley.faces.report.wording import figures as fig
from charley.vocabulary.answer import Missing, Strip, Track, Why
from charley.vocabulary.arrays import Floats

# The rows and their order, hazard last; measured ones keep their place when there is nothing to draw. All other
# tracks of an answer are in its JSON.
_ORDER = ("pace", "heart", "cadence", "fatigue", "water", "sodium", "threshold")
_EXPECTED = {"pace": "Pace", "heart": "Heart rate", "cadence": "Cadence"}
_COLOURS = ("pace", "heart", "cadence", "fatigue", "water", "sodium", "hazard")
# Names under which the channels of the strip are reported as missing.
_CHANNELS = {
    "heart": ("heart", "heart_rate", "heart_rate_bpm"),
    "cadence": ("cadence", "cadence_spm"),
    "pace": ("pace", "speed", "speed_m_s", "distance", "distance_m", "latitude_deg", "longitude_deg"),
    "gap": ("gap", "altitude", "altitude_m", "grade"),
    "air": ("air_temp", "air_temp_c", "weather"),
}
_STANDING_M_S = 0.3  # below this there is no pace to speak of
_FENCE = 3.0  # measured values further than this many quartile ranges from the quartiles are off the scale
_LEAST_SPAN = {"pace": 60.0, "heart": 20.0, "cadence": 20.0}
_JUST_BEFORE_S = 60.0  # a measured value "just before" is the median of the last minute
# A scale that ends closer would make much of next to nothing.
_LEAST_HAZARD = 1.0
_AT_LEAST = {"fatigue": (0.0, 1.0), "water": (-2.0, 0.0), "sodium": (-2.0, 2.0)}
_LEAST_SAMPLES = 5
_RAW = 0.01  # share of the raw dots of pace that may lie off either end of its scale


@dataclass(frozen=True, slots=True)
class Row:
    """One row: arrays in the shown unit on the strip's samples, None where the row has no such line."""

    key: str
    colour: str
    name: str
    unit: str
    kind: str  # "measured", "model", "missing"
    height: float
    show: Callable[[float], str]
    axis: Axis
    lo: float = 0.0
    hi: float = 1.0
    steps: Sequence[float] = DECIMAL_STEPS
    up_is_less: bool = False  # pace: faster stands higher
    mean: Floats | None = None
    low: Floats | None = None
    high: Floats | None = None
    low50: Floats | None = None
    high50: Floats | None = None
    smooth: tuple[Floats, Floats] | None = None  # x and y of the line through raw dots
    second: tuple[Floats, Floats] | None = None  # x and y of grade-adjusted pace
    value: str = ""
    under: tuple[str, ...] = ()
    note: str = ""  # of a missing row: what it would add, and how to give it
    command: str = ""

    def lost_by(self, kind: str) -> bool:
        """True if a break of that kind is this row's channel being lost."""
        return kind not in ("pause", "gap") and names_channel(kind, self.key)


def speed_m_s(track: Track) -> Floats:
    """A pace or speed track as speed; NaN where nothing moved."""
    unit = track.unit.replace(" ", "").lower()
    with np.errstate(divide="ignore", invalid="ignore"):
        if unit in ("s/km", "s_km"):
            speed = fig.metres_per_unit("metric") / track.mean
        elif unit in ("min/km", "minperkm"):
            speed = fig.metres_per_unit("metric") / (track.mean * 60.0)
        else:
            speed = track.mean.astype(np.float64)
        return np.where(np.isfinite(speed) & (speed > _STANDING_M_S), speed, np.nan)


def _fences(values: Floats, least: float) -> tuple[float, float]:
    """Limits of a scale: all values, unless a few lie so far out that they would flatten the rest."""
    known = values[np.isfinite(values)]
    if known.size == 0:
        return 0.0, 1.0
    q1, q3 = np.quantile(known, (0.25, 0.75))
    reach = _FENCE * max(float(q3 - q1), least / 4)
    lo, hi = max(float(known.min()), float(q1) - reach), min(float(known.max()), float(q3) + reach)
    pad = max(0.04 * (hi - lo), (least - (hi - lo)) / 2)
    return lo - pad, hi + pad


def _before(values: Floats, time_s: Floats, until_s: float) -> float:
    """Median of the last minute until a time, which a dropped beat does not move; NaN where nothing was recorded."""
    part = values[(time_s <= until_s) & (time_s > until_s - _JUST_BEFORE_S)]
    part = part[np.isfinite(part)]
    return float(np.median(part)) if part.size else float("nan")


def _last(values: Floats | None, time_s: Floats, until_s: float) -> float:
    """The last finite value until a time."""
    if values is None:
        return float("nan")
    part = values[(time_s <= until_s) & np.isfinite(values)]
    return float(part[-1]) if part.size else float("nan")


def _since(row_values: Floats, axis: Axis, until_s: float, show: Callable[[float, bool], str], now: float) -> str:
    """How far a measured value has moved since a quarter of the way: "+7 since km 8"."""
    quarter = axis.at(until_s) / 4
    start = round(quarter) if quarter >= 1 else quarter
    before = row_values[(axis.values <= start) & (axis.time_s <= until_s)]
    before = before[np.isfinite(before)]
    if before.size < _LEAST_SAMPLES or not np.isfinite(now):
        return ""
    then = float(np.median(before[-min(before.size, 12) :]))
    return f"{show(now - then, True)} since {axis.unit} {axis.show(start)}".replace("  ", " ")


def _pace_row(answer: Why, units: str, axis: Axis, until_s: float) -> Row | None:
    track = answer.strip.track("pace")
    gap = answer.strip.track("gap")
    if missing_of(answer, "gap") is not None:
        gap = None  # without altitude it says nothing that pace does not
    if track is None or not np.isfinite(track.mean).any():
        return None
    unit_m = fig.metres_per_unit(units)
    speed = speed_m_s(track)
    x, mean_speed = binned(axis, speed, answer.strip.breaks)
    smooth = (x, unit_m / mean_speed)
    second: tuple[Floats, Floats] | None = None
    under: tuple[str, ...] = ()
    flat = "" if gap is not None else "; no altitude, taken as flat"
    if gap is not None:
        level = speed_m_s(gap)
        gap_x, gap_speed = binned(axis, level, answer.strip.breaks)
        second = (gap_x, unit_m / gap_speed)
        under = (f"grade-adjusted {fig.clock(unit_m / _before(level, axis.time_s, until_s))}",)
    lo, hi = _fences(smooth[1], _LEAST_SPAN["pace"])
    raw = unit_m / speed[np.isfinite(speed)]
    if raw.size:  # room for the raw dots too, as long as they do not flatten the line
        lo = max(min(lo, float(np.quantile(raw, _RAW))), lo - (hi - lo) / 2)
        hi = min(max(hi, float(np.quantile(raw, 1 - _RAW))), hi + (hi - lo) / 2)
    return Row(
        key="pace",
        colour="pace",
        name="Pace",
        unit=f"min per {fig.distance_unit(units)}{flat}",
        kind="measured",
        height=96.0,
        show=fig.clock,
        axis=axis,
        lo=lo,
        hi=hi,
        steps=CLOCK_STEPS,
        up_is_less=True,
        mean=unit_m / speed,
        smooth=smooth,
        second=second,
        value=fig.clock(unit_m / _before(speed, axis.time_s, until_s)),
        under=under,
    )


def silent(row: Row, breaks: Breaks) -> list[tuple[float, float]]:
    """Stretches, in elapsed seconds, over which no line of a row is drawn."""
    return [(start, stop) for start, stop, kind in breaks if kind in ("pause", "gap") or row.lost_by(kind)]


def names_channel(kind: str, channel: str) -> bool:
    """True if the name of a break or of a missing entry means this channel of the strip."""
    return kind in _CHANNELS.get(channel, (channel,))


def _whole(value: float, plus: bool = False) -> str:
    return fig.number(value, 0, plus)


def _measured_row(answer: Why, track: Track, axis: Axis, until_s: float) -> Row:
    lo, hi = _fences(track.mean, _LEAST_SPAN.get(track.key, 0.0))
    now = _before(track.mean, axis.time_s, until_s)
    show: Callable[..., str] = _whole if track.key in _LEAST_SPAN else fig.figure
    since = _since(track.mean, axis, until_s, show, now)
    return Row(
        key=track.key,
        colour=_colour(track.key),
        name=fig.clean(track.label),
        unit=fig.clean(track.unit),
        kind="measured",
        height=64.0,
        show=show,
        axis=axis,
        lo=lo,
        hi=hi,
        mean=track.mean,
        value=show(now),
        under=(since,) if since else (),
    )


def _scaled(values: Floats | None, factor: float) -> Floats | None:
    return None if values is None else values * factor


def _model_row(track: Track, axis: Axis, until_s: float) -> Row:
    unit, factor, decimals = fig.clean(track.unit), 1.0, 1
    if track.key == "water" and "%" not in unit:
        unit, factor = "% of body mass", 100.0
    if track.key == "fatigue":
        unit, decimals = "0 rested, 1 spent", 2
    lines = [_scaled(v, factor) for v in (track.mean, track.low, track.high, track.low50, track.high50)]
    known = np.concatenate([v[np.isfinite(v)] for v in lines if v is not None])
    lo, hi = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    least = _AT_LEAST.get(track.key, (lo, lo + 1.0))
    lo, hi = min(lo, least[0]), max(hi, least[1])
    plus = track.key == "water" or "change" in f"{track.label} {track.unit}"

    def show(value: float) -> str:
        return fig.number(value, decimals, plus) if track.key in _ORDER else fig.figure(value, plus)

    now = [_last(v, axis.time_s, until_s) for v in lines]
    under = (f"{show(now[1])} to {show(now[2])}",) if np.isfinite(now[1]) and np.isfinite(now[2]) else ()
    return Row(
        key=track.key,
        colour=_colour(track.key),
        name=fig.clean(track.label),
        unit=f"{unit} · model",
        kind="model",
        height=64.0 if track.key == "fatigue" else 56.0,
        show=show,
        axis=axis,
        lo=lo,
        hi=hi,
        mean=lines[0],
        low=lines[1],
        high=lines[2],
        low50=lines[3],
        high50=lines[4],
        value=show(now[0]),
        under=under,
    )


def _hazard_row(answer: Why, units: str, until_s: float) -> Row:
    hazard = answer.hazard
    axis = distance_axis(answer, units, hazard.time_s, hazard.distance_m)
    lines = [100 * v for v in (hazard.rate_per_h, hazard.low, hazard.high, hazard.low50, hazard.high50)]
    spot = place.of(answer)
    before = hazard.time_s <= (until_s if spot is not None and spot.exact else np.inf)
    drawn = np.concatenate([lines[0], *(v[before] for v in lines[1:])])
    drawn = drawn[np.isfinite(drawn)]
    hi = max(float(drawn.max()) if drawn.size else 0.0, _LEAST_HAZARD)
    now = [_last(v, hazard.time_s, until_s) for v in lines]
    return Row(
        key="hazard",
        colour="hazard",
        name="Hazard of a cramp",
        unit="first cramps an hour among 100 such runners",
        kind="model",
        height=112.0,
        show=fig.figure,
        axis=axis,
        lo=0.0,
        hi=hi * 1.04,
        mean=lines[0],
        low=lines[1],
        high=lines[2],
        low50=lines[3],
        high50=lines[4],
        value=fig.figure(now[0]),
        under=(fig.span(fig.figure(now[1]), fig.figure(now[2])),),
    )


def _colour(key: str) -> str:
    return key if key in _COLOURS else "hazard"


def _missing_row(key: str, label: str, missing: Missing | None, axis: Axis) -> Row:
    adds = f"Not in the file. {asked.adds(missing)}" if missing else "Not in the file."
    command = asked.CHANNELS[missing.key].shown if missing else ""
    name = asked.CHANNELS[missing.key].label if missing else label
    return Row(
        key=key,
        colour="none",
        name=name,
        unit="",
        kind="missing",
        height=40.0,
        show=fig.figure,
        axis=axis,
        note=adds.strip(),
        command=command,
    )


def missing_of(answer: Why, channel: str) -> Missing | None:
    """The missing entry that belongs to a channel of the strip."""
    return next((m for m in answer.missing if names_channel(m.key, channel)), None)


def strip_missing(answer: Why) -> list[Missing]:
    """Missing entries that have a place in the strip."""
    names = {name for channel in ("heart", "cadence", "pace", "air") for name in _CHANNELS[channel]}
    return [m for m in answer.missing if m.key in names]


def build(answer: Why, units: str) -> list[Row]:
    """All rows of the strip, in their fixed order."""
    strip: Strip = answer.strip
    axis = distance_axis(answer, units, strip.time_s, strip.distance_m)
    until_s = place.end_of_view_s(answer)
    rows: list[Row] = []
    for key in _ORDER:
        track = strip.track(key)
        row = None
        if key == "pace":
            row = _pace_row(answer, units, axis, until_s)
        elif track is not None and np.isfinite(track.mean).any():
            row = (
                _measured_row(answer, track, axis, until_s)
                if track.kind == "measured"
                else _model_row(track, axis, until_s)
            )
        if row is None and key in _EXPECTED:
            row = _missing_row(key, _EXPECTED[key], missing_of(answer, key), axis)
        if row is not None:
            rows.append(row)
    rows.append(_hazard_row(answer, units, until_s))
    air = missing_of(answer, "air")
    if air is not None:
        rows.append(_missing_row("air", "Air temperature", air, axis))
    return rows
