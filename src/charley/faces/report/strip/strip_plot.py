"""The lines of one row of the run strip: raw dots, measured lines, and the bands of the model."""

from __future__ import annotations

import numpy as np

from charley.faces.report.pictures.svg import Drawing, Scale
from charley.faces.report.strip.axis import Breaks, outside, pen_up
from charley.faces.report.strip.rows import Row, silent
from charley.faces.report.wording.place import Place
from charley.vocabulary.arrays import Bools, Floats

_SAY_FROM = 0.005  # share of samples off the scale from which on the picture says so in words
_BAND_STEP_PX, _LINE_STEP_PX = 3.0, 2.0  # model lines are smooth: fewer columns draw the same line


def measured(picture: Drawing, row: Row, px: Floats, x: Scale, y: Scale, breaks: Breaks) -> None:
    """Pace as raw dots with a thin mean through them, and dashed grade-adjusted; all else as recorded."""
    assert row.mean is not None
    if row.smooth is None:
        cut = pen_up(row.axis.time_s, silent(row, breaks))
        picture.line(px, y(_inside(row, row.mean)), f"q-{row.colour} l thin", cut=cut)
        return
    picture.dots(px, y(_inside(row, row.mean)), f"q-{row.colour} d")
    for line, css in ((row.smooth, f"q-{row.colour} l thin"), (row.second, "q-gap l dash")):
        if line is not None:
            picture.line(x(line[0]), y(_inside(row, line[1])), css)


def _inside(row: Row, values: Floats) -> Floats:
    """Values on the row's scale; NaN beyond it."""
    with np.errstate(invalid="ignore"):
        return np.where((values >= row.lo) & (values <= row.hi), values, np.nan)


def off_the_scale(picture: Drawing, row: Row, px: Floats, y: Scale, within: tuple[float, float]) -> None:
    """Samples beyond the scale as marks along its edge, and in words where they are many."""
    assert row.mean is not None
    known = np.isfinite(row.mean) & np.isfinite(px)
    for beyond, edge in ((row.mean > row.hi, y.at(row.hi)), (row.mean < row.lo, y.at(row.lo))):
        columns = np.unique(np.round(px[beyond & known]))
        if columns.size:
            outward = 3.0 if edge > min(y.start, y.end) else -3.0
            picture.dots(columns, np.full(columns.size, edge + outward), f"q-{row.colour} d out")
    slow = px[(row.mean > row.hi) & known]
    if row.key == "pace" and slow.size > _SAY_FROM * known.sum():
        at = y.at(row.hi) - 6
        places = [
            (float(np.median(slow)), at, "middle"),
            (within[1], at, "end"),
            (float(slow[0]) - 6, at, "end"),
            (within[0] + 4, at, "start"),
        ]
        picture.text_if_free(places, f"slower than {row.show(row.hi)}: off the scale", "m h", within=within)


def modelled(
    picture: Drawing, row: Row, px: Floats, y: Scale, breaks: Breaks, spot: Place | None, right: float
) -> None:
    """Bands of 80 and 50 in 100 and the mean; pale after the cramp, the hazard dashed."""
    time_s, none = row.axis.time_s, silent(row, breaks)
    cut, shown = pen_up(time_s, none), outside(time_s, none)
    before = time_s <= spot.to_s if spot is not None and spot.exact else np.ones(time_s.size, dtype=bool)
    _bands(picture, row, px, y, before & shown, cut)
    if before.all():
        return
    after = ~before | np.append(~before[1:], False)  # from the last sample before it, so that the line goes on
    if row.key != "hazard":
        _bands(picture, row, px, y, after & shown, cut, " after")
        return
    assert row.mean is not None
    later = np.where(after & shown, _inside(row, row.mean), np.nan)
    picture.line(px, y(later), f"q-{row.colour} l dash after", _LINE_STEP_PX, cut)
    at = float(px[after][0])
    picture.text_if_free([(at + 6, y.at(row.lo) - 6, "start")], "as if it hadn't come", "m h", within=(at, right))


def _bands(picture: Drawing, row: Row, px: Floats, y: Scale, part: Bools, cut: Bools, css: str = "") -> None:
    def taken(values: Floats) -> Floats:
        return y(np.where(part, np.clip(values, row.lo, row.hi), np.nan))

    assert row.mean is not None
    for low, high, pale in ((row.low, row.high, "b8"), (row.low50, row.high50, "b5")):
        if low is not None and high is not None:
            picture.band(px, taken(low), taken(high), f"q-{row.colour} f {pale}{css}", _BAND_STEP_PX, cut)
    picture.line(px, taken(row.mean), f"q-{row.colour} l{css}", _LINE_STEP_PX, cut)
