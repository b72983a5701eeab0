"""The picture of one simulated person: what was done, every motor unit, the loop, the muscle, on one axis of time.

Drawn twice, at 1080 and at 350 px. The accent is the cramp and nothing else: its flag, its line, the train that
brought it on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from charley.faces.lab_page import words
from charley.faces.report.pictures.layout import Layout
from charley.faces.report.pictures.svg import Drawing, Scale, shorten, text_width, ticks
from charley.faces.report.wording import figures as fig
from charley.vocabulary.arrays import Floats, Ints
from charley.vocabulary.laboratory import LabTrace, Mark

PERCENT = 100.0
HOLE_S = 0.130  # a longer silence of a unit is a hole in the raster
FLAG, LINE = 20.0, 16.0
STRIP, JOINT, RASTER, ROW, EMG = 34.0, 30.0, 110.0, 36.0, 44.0
SMALL = 9.95  # below it a figure has a decimal
SEEN_GAP_PX = 0.4  # a smaller hole than this cannot be seen


WIDE = Layout("wide", 1080.0, 216.0, 892.0, 916.0, True, 24.0, 8)
NARROW = Layout("narrow", 350.0, 34.0, 350.0, 350.0, False, 12.0, 5)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of lines: (series, css, factor) each; the value is that of the first, in the cramp."""

    name: str
    unit: str
    lines: tuple[tuple[str, str, float], ...]
    told: str
    decimals: int = 0
    suffix: str = ""
    second: str = ""
    top: float = 0.0  # least top of the scale

    def shown(self, value: float) -> str:
        """A figure of this row: two decimals for shares, one below ten."""
        return fig.number(value, self.decimals or int(abs(value) < SMALL))


ROWS = (
    Row(
        "Unit rate",
        "a second, mean of all",
        (("rate_hz", "l lab thin", 1.0),),
        "mean of all units",
        0,
        "",
        "",
        10.0,
    ),
    Row("Inward current", "open share, pool mean", (("pic", "l lab thin", 1.0),), "holds the cramp", 2, "", "", 0.5),
    Row(
        "Spindle, Ia and II",
        "a second; II dashed",
        (("ia_hz", "l lab thin", 1.0), ("ii_hz", "l lab thin dash", 1.0)),
        "feeds it",
        0,
        "",
        "II",
        40.0,
    ),
    Row("Tendon organ, Ib", "impulses a second", (("ib_hz", "l lab thin", 1.0),), "holds it back", 0, "", "", 40.0),
    Row(
        "Renshaw cells",
        "impulses a second",
        (("renshaw_hz", "l lab thin", 1.0),),
        "hold it back, weakly",
        0,
        "",
        "",
        20.0,
    ),
    Row("Force", "% of maximum", (("force", "l lab", PERCENT),), "of maximum", 0, " %", "", 10.0),
    Row("Blood flow", "% of free flow", (("flow", "l lab thin", PERCENT),), "of free flow", 0, " %", "", 100.0),
    Row("Oxygen", "% of that at rest", (("oxygen", "l lab thin", PERCENT),), "of that at rest", 0, " %", "", 100.0),
)


def draw(trace: LabTrace, number: int, wide: bool) -> Drawing:
    """The picture at 1080 or at 350 px; ``number`` makes its ids unique on the page."""
    return _Sheet(trace, f"lab{number}", WIDE if wide else NARROW).draw()


class _Sheet:
    """One drawing in the making."""

    def __init__(self, trace: LabTrace, key: str, layout: Layout) -> None:
        self.trace, self.layout = trace, layout
        self.picture = Drawing(f"{key}-{layout.key}", layout.width)
        self.end_s = float(trace.time_s[-1])
        self.plotted: list[tuple[float, float]] = []  # from where to where each row goes
        self.x = Scale(0.0, self.end_s, layout.left, layout.right)
        self.cramp = next(iter(trace.kinds("cramp")), None)

    def draw(self) -> Drawing:
        """All rows from the top down, the axis at the foot, and what happened through all of them."""
        y = self._flags()
        y = self._row(y, "What was done", done(self.trace), STRIP, self._strip, self._first_value())
        if np.ptp(self.trace.series["angle_deg"]) > 0.0:
            y = self._row(y, "Joint", "degrees, minus: shortened", JOINT, self._joint, None)
        y = self._row(y, "Motor units", f"{self.trace.units}, small to large", RASTER, self._raster, self._fired())
        for row in ROWS:
            y = self._row(y, row.name, row.unit, ROW, partial(self._lines, row), self._value(row))
        y = self._row(y, "EMG", "% of a maximal effort", EMG, self._emg, None)
        self._through()
        self._foot(y)
        return self.picture

    # ---- rows ----

    def _row(
        self,
        y: float,
        name: str,
        unit: str,
        height: float,
        plot: Callable[[float], None],
        value: tuple[str, str, bool] | None,
    ) -> float:
        """Name, unit, plot and value of a row; where the next one begins."""
        picture, layout = self.picture, self.layout
        if layout.beside:
            picture.text(0, y + 12, name, "n")
            picture.text(0, y + 12 + LINE, shorten(unit, layout.left - 36), "m")
        else:
            at = layout.right
            if value is not None:
                at = picture.text(layout.right, y + 12, value[0], f"v{' hotx' if value[2] else ''}", "end").x0
            told = picture.text(0, y + 12, name, "n")
            picture.text(told.x1 + 8, y + 12, shorten(unit, at - told.x1 - 16), "m")
            y += 22.0
        plot(y)
        self.plotted.append((y, y + height))
        if layout.beside and value is not None:
            middle = y + height / 2
            picture.text(layout.value_x, middle, value[0], f"v{' hotx' if value[2] else ''}")
            picture.text(layout.value_x, middle + LINE, shorten(value[1], layout.width - layout.value_x), "m")
        return y + height + layout.gap

    def _flags(self) -> float:
        """The flag of the cramp in a row of its own, and what was done to it. Returns where the row ends."""
        picture = self.picture
        if self.cramp is not None:
            x0, x1 = self.x.at(self.cramp.start_s), self.x.at(self.cramp.end_s)
            over = self.trace.numbers.get("watched_out", 0.0)
            text = f"cramp, {'over ' if over else ''}{words.short(self.cramp.end_s - self.cramp.start_s)} s"
            picture.rect(x0, 0, max(x1 - x0, 2.0), FLAG, "crf")
            if text_width(text, 12.0, True) + 12 <= x1 - x0:
                picture.text((x0 + x1) / 2, 14, text, "on", "middle")
            else:
                picture.text_if_free([(x0 - 6, 14, "end"), (x1 + 6, 14, "start")], text, "g hotx")
        for mark in self.trace.kinds("stretch", "sip", "inhibit"):
            at = self.x.at(mark.start_s)
            taken = [] if self.cramp is None else [self.x.at(self.cramp.end_s) + 6]
            places = [(max(at + 6, *taken, at), 14, "start"), (at - 6, 14, "end"), (self.layout.right, 14, "end")]
            text = mark.label if mark.kind != "stretch" else f"stretch {mark.label}"
            picture.text_if_free(places, text, "m")
        return FLAG + (14.0 if self.layout.beside else 10.0)

    def _base(self, y: float) -> None:
        self.picture.rule(self.layout.left, y, self.layout.right, y, "ax")

    def _strip(self, y0: float) -> None:
        """Trains as bars as high as their frequency, efforts and vibrations as blocks, shocks as ticks, a block as a
        line."""
        picture, base = self.picture, y0 + STRIP
        self._base(base)
        trains = self.trace.kinds("train")
        fastest = max((m.value for m in trains), default=1.0)
        room = STRIP - 12.0
        for mark in trains:
            x0, x1 = self.x.at(mark.start_s), self.x.at(mark.end_s)
            high = max(4.0, room * mark.value / fastest)
            hot = self._brought_it_on(mark)
            picture.rect(x0, base - high, max(x1 - x0, 2.0), high, "st hot" if hot else "st")
            label, css = f"{mark.value:g}", "hotx" if hot else "m"
            picture.text_if_free([(x0 - 4, base - 3, "end"), (x1 + 4, base - 3, "start")], label, css)
        for mark in self.trace.kinds("effort", "vibration", "cuff", "inhibit"):
            x0, x1 = self.x.at(mark.start_s), self.x.at(min(mark.end_s, self.end_s))
            hot = mark.kind == "effort" and self._brought_it_on(mark)
            picture.rect(x0, base - 14, max(x1 - x0, 2.0), 14, "st hot" if hot else "st")
            places = [((x0 + x1) / 2, base - 18, "middle"), (x0, base - 18, "start"), (x1 + 4, base - 3, "start")]
            picture.text_if_free(
                places, mark.label, "hotx" if hot else "m", within=(self.layout.left, self.layout.right)
            )
        for mark in self.trace.kinds("shock"):
            x = self.x.at(mark.start_s)
            picture.rule(x, base - 12, x, base, "tk")
        blocks = self.trace.kinds("block")
        for mark in blocks:
            x0 = self.x.at(max(mark.start_s, 0.0))
            picture.rule(x0, y0 + 2, self.layout.right, y0 + 2, "str")
        if blocks:
            text = ", ".join(dict.fromkeys(m.label for m in blocks))
            starts = (self.layout.left + after for after in (14.0, 60.0, 120.0))
            picture.text_if_free([(x, y0 + 14, "start") for x in starts], text, "m h")

    def _brought_it_on(self, mark: Mark) -> bool:
        if self.cramp is None:
            return False
        earlier = [m for m in self.trace.kinds(mark.kind) if m.start_s < self.cramp.start_s]
        return bool(earlier) and earlier[-1] == mark

    def _joint(self, y0: float) -> None:
        angle = self.trace.series["angle_deg"]
        lo, hi = float(angle.min()), float(angle.max())
        y = Scale(lo, hi, y0 + JOINT - 2, y0 + 2)
        for value in (lo, hi):
            self.picture.rule(self.layout.left, y.at(value), self.layout.right, y.at(value), "gr")
            self.picture.text(self.layout.left - 6, y.at(value) + 4, fig.number(value), "m", "end")
        self.picture.line(self.x(self.trace.time_s), y(angle), "l lab")

    def _raster(self, y0: float) -> None:
        """A dash is a unit firing, a hole its silence for more than 130 ms; the smallest unit is at the foot."""
        picture, trace, layout = self.picture, self.trace, self.layout
        picture.rect(layout.left, y0, layout.right - layout.left, RASTER, "off")
        picture.text(layout.left - 6, y0 + 9, str(trace.units), "m", "end")
        picture.text(layout.left - 6, y0 + RASTER, "1", "m", "end")
        start, end, unit = dashes(trace)
        x0, x1 = self.x(start), np.maximum(self.x(end), self.x(start) + 0.5)
        x0, x1, unit = _joined(x0, x1, unit)
        y = y0 + RASTER * (1.0 - (unit + 0.5) / trace.units)
        nothing = np.full(len(x0), np.nan)
        picture.line(np.stack([x0, x1, nothing], 1).ravel(), np.stack([y, y, nothing], 1).ravel(), "ras", step=0.05)

    def _lines(self, row: Row, y0: float) -> None:
        picture, layout = self.picture, self.layout
        series = [self.trace.series[key] * factor for key, _, factor in row.lines]
        hi = ceiling(max(max(float(s.max()) for s in series), row.top))
        y = Scale(0.0, hi, y0 + ROW, y0)
        for value in (0.0, hi / 2, hi):
            picture.rule(layout.left, y.at(value), layout.right, y.at(value), "ax" if value == 0.0 else "gr")
        for value in (0.0, hi):
            picture.text(layout.left - 6, y.at(value) + 4, words.short(value), "m", "end")
        for (_, css, _), values in zip(row.lines, series, strict=True):
            picture.line(self.x(self.trace.time_s), y(values), css)

    def _emg(self, y0: float) -> None:
        trace, picture, layout = self.trace, self.picture, self.layout
        size = float(np.abs(trace.emg).max()) if trace.emg.size else 0.0
        y = Scale(-max(size, 1e-9), max(size, 1e-9), y0 + EMG, y0)
        self.picture.rule(layout.left, y.at(0.0), layout.right, y.at(0.0), "gr")
        if size > 0.0:
            stepped = _envelope(self.x(trace.emg_time_s), trace.emg)
            picture.band(stepped[0], y(stepped[1]), y(stepped[2]), "emg", step=0.5)
        if self.cramp is not None:
            inside = (trace.emg_time_s >= self.cramp.start_s) & (trace.emg_time_s < self.cramp.end_s)
            level = PERCENT * float(np.abs(trace.emg[inside]).mean()) if inside.any() else 0.0
            told = ("in the cramp, mean rectified", f"{fig.number(level)} %")
            if layout.beside:
                picture.text(layout.value_x, y0 + EMG / 2, told[1], "v")
                picture.text(layout.value_x, y0 + EMG / 2 + LINE, "of a maximal effort", "m")
            else:
                picture.text(layout.right, y0 - 10, told[1], "v", "end")

    # ---- values ----

    def _in_cramp(self, values: Floats) -> Floats:
        if self.cramp is None:
            return np.zeros(0)
        return values[(self.trace.time_s >= self.cramp.start_s) & (self.trace.time_s < self.cramp.end_s)]

    def _value(self, row: Row) -> tuple[str, str, bool]:
        key, _, factor = row.lines[0]
        found = self._in_cramp(self.trace.series[key] * factor)
        if not len(found):
            most = row.shown(float(self.trace.series[key].max() * factor))
            return f"{most}{row.suffix}", "at most; no cramp", False
        told = row.told
        if row.second:
            other = self._in_cramp(self.trace.series[row.lines[1][0]])
            told = f"{row.told}; {row.second} {row.shown(float(other.mean()))}"
        return f"{row.shown(float(found.mean()))}{row.suffix}", told, False

    def _first_value(self) -> tuple[str, str, bool] | None:
        threshold = self.trace.numbers.get("threshold_hz", float("nan"))
        if np.isfinite(threshold):
            return f"{threshold:g} Hz", "first train that cramps", True
        if self.cramp is not None:
            return f"{words.short(self.cramp.end_s - self.cramp.start_s)} s", "the cramp", True
        return "no cramp", "at any train" if self.trace.kinds("train") else "in this person", False

    def _fired(self) -> tuple[str, str, bool] | None:
        trace = self.trace
        if self.cramp is None:
            return None
        inside = (trace.spike_s >= self.cramp.start_s) & (trace.spike_s < self.cramp.end_s)
        return f"{len(np.unique(trace.spike_unit[inside]))} of {trace.units}", "fire in the cramp", False

    # ---- through all rows ----

    def _through(self) -> None:
        """The cramp's onset, and what was done to it, through all rows; on a phone not through the words."""
        first, last = self.plotted[0][0], self.plotted[-1][1]
        spans = [(FLAG, last)] if self.layout.beside else [(FLAG, FLAG + 8.0), *self.plotted]
        marks = [(m, "str") for m in self.trace.kinds("stretch", "sip")]
        marks += [] if self.cramp is None else [(self.cramp, "cr thinc")]
        for mark, css in marks:
            x = self.x.at(mark.start_s)
            for top, foot in spans:
                self.picture.rule(x, min(top, first) if self.layout.beside else top, x, foot, css)

    def _foot(self, y: float) -> None:
        picture, layout = self.picture, self.layout
        y += 0.0 if layout.beside else 4.0
        self._base(y)
        for value in ticks(0.0, self.end_s, layout.most_ticks):
            at = self.x.at(value)
            picture.rule(at, y, at, y + 4, "ax")
            anchor = "start" if value == 0.0 and not layout.beside else "middle"
            picture.text_if_free([(at, y + 18, anchor)], f"{value:g}", "m", clear=6.0)
        if layout.beside:
            picture.text(0, y + 18, "Time, s", "m")
        else:
            picture.text_if_free([(layout.right, y + 18, "end")], "s", "m", clear=2.0)
        picture.height = y + 26


# ---- what the picture shows, for the rows, the table and the tests ----


def done(trace: LabTrace) -> str:
    """What stands in the strip, in a few words."""
    kinds = [m.kind for m in trace.marks]
    names = {
        "train": "trains, Hz" if kinds.count("train") > 1 else "a train, Hz",
        "effort": "an effort",
        "vibration": "vibration",
        "shock": "tendon shocks",
        "cuff": "a cuff",
        "inhibit": "inhibition",
    }
    told = fig.listing([text for kind, text in names.items() if kind in kinds])
    return told or "nothing but watching"


def dashes(trace: LabTrace) -> tuple[Floats, Floats, Ints]:
    """Start, end (s) and unit of each stretch in which a unit fires without a silence of more than 130 ms."""
    order = np.lexsort((trace.spike_s, trace.spike_unit))
    times, unit = trace.spike_s[order], trace.spike_unit[order]
    if not len(times):
        return np.zeros(0), np.zeros(0), np.zeros(0, np.int64)
    breaks = np.flatnonzero((np.diff(times) > HOLE_S) | (np.diff(unit) != 0)) + 1
    first, last = np.append(0, breaks), np.append(breaks - 1, len(times) - 1)
    return times[first], times[last], unit[first]


def _joined(x0: Floats, x1: Floats, unit: Ints) -> tuple[Floats, Floats, Ints]:
    """Dashes with holes too small to be seen closed."""
    if not len(x0):
        return x0, x1, unit
    breaks = np.flatnonzero((x0[1:] - x1[:-1] > SEEN_GAP_PX) | (np.diff(unit) != 0)) + 1
    first, last = np.append(0, breaks), np.append(breaks - 1, len(x0) - 1)
    return x0[first], x1[last], unit[first]


def _envelope(x: Floats, signal: Floats) -> tuple[Floats, Floats, Floats]:
    """Lowest and highest value of each half pixel."""
    column = np.floor(x * 2.0)
    starts = np.flatnonzero(np.diff(column, prepend=np.nan) != 0)
    return column[starts] / 2.0, np.minimum.reduceat(signal, starts), np.maximum.reduceat(signal, starts)


def ceiling(value: float) -> float:
    """The next round number, for the top of a scale."""
    scale = 10.0 ** np.floor(np.log10(max(value, 1e-9)))
    return float(next(m * scale for m in (1.0, 2.0, 4.0, 5.0, 6.0, 8.0, 10.0) if m * scale >= value - 1e-9))
