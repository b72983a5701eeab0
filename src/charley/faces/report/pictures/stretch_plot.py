"""A stretch of road: the pace of every pass with the cramps pinned, its height, and when in their run they came by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

import numpy as np

from charley.faces.report.pictures.svg import CLOCK_STEPS, Drawing, Scale, ticks
from charley.faces.report.wording import figures as fig
from charley.vocabulary.stretch import Pass, Stretch

_SIZES = {True: (1080.0, 216.0, 892.0), False: (350.0, 38.0, 348.0)}
_COUNT_SIZES = {True: (756.0, 8.0, 748.0), False: (350.0, 8.0, 342.0)}
_PACE_HIGH, _HEIGHT_HIGH = 190.0, 56.0
_COLUMN_M = 2500.0
_DOT, _STEP = 5.0, 13.0
MOST_EARLY = 36  # grey lines: of more, a choice in order of their place in the run
MOST_STACKED = 14  # dots of a column; of more the rest is a number


def late_from_m(stretch: Stretch) -> float:
    """From which kilometre of a run a pass is called late: that of the earliest pass that cramped, down to five km."""
    first = min((p.from_m for p in stretch.passes if p.cramp_at_m is not None), default=0.0)
    return 5000.0 * (first // 5000.0)


def drawn(stretch: Stretch) -> list[Pass]:
    """The passes whose line is drawn: all late ones, among them all that cramped, and of the early ones a choice."""
    cut = late_from_m(stretch)
    late = [p for p in stretch.passes if p.from_m >= cut]
    early = [p for p in stretch.passes if p.from_m < cut]
    return [*early[:: max(1, -(-len(early) // MOST_EARLY))], *late]


def passes(stretch: Stretch, days: Mapping[str, datetime], units: str, wide: bool) -> Drawing:
    """Grey: early in the run; blue: late. A pin is a cramp, with the day and the kilometre of its run."""
    width, left, right = _SIZES[wide]
    picture = Drawing(f"stretch-{'wide' if wide else 'narrow'}", width)
    cramped = sorted((p for p in stretch.passes if p.cramp_at_m is not None), key=lambda p: p.cramp_at_m or 0.0)
    top = 26.0 + 18.0 * len(cramped)
    foot = top + _PACE_HIGH
    per = fig.metres_per_unit(units)
    # the usual passes set the scale; a stop may leave it
    speeds = np.concatenate([p.speed_m_s for p in stretch.passes])
    slow, fast = (per / np.percentile(speeds, q) for q in (4, 99.5))
    x = Scale(0.0, stretch.length_m, left, right)
    y = Scale(float(slow) + 10, float(fast) - 10, foot, top)
    picture.text(0, top - 8 if not wide else top + 10, "Pace", "n q-pace")
    if wide:
        picture.text(0, top + 26, f"min per {fig.distance_unit(units)}", "m")
        picture.text(0, top + 42, fig.count(len(stretch.passes), "pass", "passes"), "m")
    for value in ticks(y.hi, y.lo, 5, CLOCK_STEPS):
        picture.rule(left, y.at(value), right, y.at(value), "gr")
        picture.text(left - 6, y.at(value) + 4, fig.clock(value), "m", "end")
    cut = late_from_m(stretch)
    for one in drawn(stretch):
        late = one.from_m >= cut
        shown = np.clip(per / one.speed_m_s, y.hi, y.lo)
        end = len(shown) if one.cramp_at_m is None else int(np.searchsorted(one.at_m, one.cramp_at_m)) + 1
        picture.line(x(one.at_m[:end]), y(shown[:end]), "l q-pace" if late else "rt")
    for row, one in enumerate(cramped):
        _pin(picture, one, days, x, y, per, 14.0 + 18.0 * row, units)
    if wide:
        picture.text(right + 24, top + 12, f"blue: {fig.distance(cut, units, 0)} {fig.distance_unit(units)}", "q-pace")
        picture.text(right + 24, top + 28, "or more into the run", "q-pace")
        picture.text(right + 24, top + 48, "grey: earlier", "m")
    base = _height(picture, stretch, x, foot + 40.0, left, right, wide=wide)
    for value in ticks(0.0, stretch.length_m, 6):
        picture.rule(x.at(value), base, x.at(value), base + 5, "ax")
        picture.text(x.at(value), base + 19, fig.number(value), "m", "middle")
    picture.text(right, base + 36, "metres along the stretch", "m", "end")
    picture.height = base + 42
    return picture


def _pin(
    picture: Drawing, one: Pass, days: Mapping[str, datetime], x: Scale, y: Scale, per: float, at_y: float, units: str
) -> None:
    """A cramp on its line, with a flag in a row of its own."""
    assert one.cramp_at_m is not None
    i = max(min(int(np.searchsorted(one.at_m, one.cramp_at_m)) - 1, len(one.at_m) - 1), 0)
    px, py = (
        x.at(one.cramp_at_m),
        float(np.clip(y.at(float(np.clip(per / one.speed_m_s[i], y.hi, y.lo))), y.end, y.start)),
    )
    picture.rule(px, at_y + 6, px, py, "cr")
    picture.circle(px, py, 5.0, "crf")
    day = f"{days[one.run_id]:%b %Y}" if one.run_id in days else ""
    text = f"{day}, at {fig.distance_with_unit(one.from_m + one.cramp_at_m, units)}".strip(", ")
    picture.text_if_free(
        [(px - 6, at_y + 4, "end"), (px + 6, at_y + 4, "start")], text, "g c", 0, within=(0.0, picture.width)
    )


def _height(
    picture: Drawing, stretch: Stretch, x: Scale, top: float, left: float, right: float, *, wide: bool
) -> float:
    """The height along the stretch under the pace; returns where it ends."""
    known = np.isfinite(stretch.height_m)
    if not known.any():
        picture.rule(left, top, right, top, "ax")
        return top
    low, high = float(stretch.height_m[known].min()), float(stretch.height_m[known].max())
    y = Scale(min(low, high - 10.0) - 2, high + 2, top + _HEIGHT_HIGH, top)
    picture.text(0, top + 10 if wide else top - 6, "Height", "n")
    picture.text(0 if wide else right, top + 26 if wide else top - 6, "metres", "m", "start" if wide else "end")
    for value in ticks(y.lo, y.hi, 3):
        picture.text(left - 6, y.at(value) + 4, fig.number(value), "m", "end")
    picture.line(x(stretch.at_m[known]), y(stretch.height_m[known]), "l lab")
    picture.rule(left, top + _HEIGHT_HIGH, right, top + _HEIGHT_HIGH, "ax")
    return top + _HEIGHT_HIGH


def passes_table(stretch: Stretch, days: Mapping[str, datetime], units: str) -> tuple[list[str], list[list[str]]]:
    """Every pass: its day, where in the run, its pace, and what was said."""
    body = []
    for p in stretch.passes:
        day = f"{days[p.run_id]:%d %b %Y}" if p.run_id in days else fig.NONE
        end = len(p.at_m) if p.cramp_at_m is None else max(int(np.searchsorted(p.at_m, p.cramp_at_m)), 1)
        said = "yes" if p.cramp_at_m is not None else "no" if p.answered else "not said"
        body.append([day, fig.distance(p.from_m, units), fig.pace(float(np.median(p.speed_m_s[:end])), units), said])
    return ["pass", f"{fig.distance_unit(units)} into the run", "pace", "cramped here"], body


def counts(stretch: Stretch, units: str, wide: bool) -> Drawing:
    """A dot a pass where in its run it came by: filled cramped, open did not, pale nobody said."""
    width, left, right = _COUNT_SIZES[wide]
    picture = Drawing(f"passes-{'wide' if wide else 'narrow'}", width)
    cut = late_from_m(stretch)
    columns = Counter[int]()
    furthest = max(max(p.from_m for p in stretch.passes) + _COLUMN_M, cut + 2 * _COLUMN_M)
    x = Scale(0.0, furthest, left, right)
    stacked = min(max(Counter(int(p.from_m // _COLUMN_M) for p in stretch.passes).values()), MOST_STACKED)
    foot = 34.0 + _STEP * stacked
    picture.rect(x.at(cut), 16, right - x.at(cut), foot - 16, "off")
    picture.rule(x.at(cut), 10, x.at(cut), foot, "hair")
    for early in (True, False):
        told = [p for p in stretch.passes if p.answered and (p.from_m < cut) == early]
        cramped = sum(p.cramp_at_m is not None for p in told)
        text = f"{cramped} of {len(told)}" + (" cramped" if early else "")
        picture.text(
            x.at(cut) - 6 if early else x.at(cut) + 6, 12, text, "g" if early else "g c", "end" if early else "start"
        )
    order = sorted(stretch.passes, key=lambda p: (p.cramp_at_m is None, not p.answered, p.from_m))
    for p in order:
        column = int(p.from_m // _COLUMN_M)
        if columns[column] < MOST_STACKED:
            at, up = x.at((column + 0.5) * _COLUMN_M), foot - 9 - _STEP * columns[column]
            picture.circle(at, up, _DOT, "crf" if p.cramp_at_m is not None else "ring" if p.answered else "on0")
        columns[column] += 1
    for column, many in columns.items():
        if many > MOST_STACKED:
            place = (x.at((column + 0.5) * _COLUMN_M), foot - 6 - _STEP * stacked, "middle")
            picture.text_if_free([place], f"+{many - MOST_STACKED}", "m", 2)
    picture.rule(left, foot, right, foot, "ax")
    per = fig.metres_per_unit(units)
    for value in ticks(0.0, furthest / per, 6):
        picture.rule(x.at(value * per), foot, x.at(value * per), foot + 5, "ax")
        picture.text(x.at(value * per), foot + 19, fig.number(value), "m", "middle")
    picture.text(right, foot + 36, f"{fig.distance_unit(units)} into the run", "m", "end")
    picture.height = foot + 42
    return picture
