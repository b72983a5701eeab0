"""The run strip: what was measured and what the model works out, stacked on one axis, with the cramp through all of it.

A pause or a gap breaks each line and is named under the pace. A channel that is missing keeps its place in grey.
"""

from __future__ import annotations

from charley.faces.report.pictures.layout import Layout
from charley.faces.report.pictures.svg import Box, Drawing, Scale, text_width, ticks, wrap
from charley.faces.report.strip import strip_plot, strip_words
from charley.faces.report.strip.axis import Axis
from charley.faces.report.strip.rows import Row
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording import place
from charley.vocabulary.answer import Why

_FLAG, _LINE = 20.0, 16.0  # heights of the flag and of a line of small text
_LANE = 32.0  # under the pace: names of pauses and gaps
_FAR = 1e6


WIDE = Layout("strip-wide", 1080.0, 216.0, 892.0, 916.0, True, 26.0, 10)
NARROW = Layout("strip-narrow", 350.0, 44.0, 350.0, 350.0, False, 14.0, 6)


def draw(answer: Why, rows: list[Row], units: str, wide: bool) -> Drawing:
    """The run strip of these rows at 1080 px or at 350 px."""
    return _Sheet(answer, rows[0].axis, units, WIDE if wide else NARROW).draw(rows)


class _Sheet:
    """One drawing of the strip in the making."""

    def __init__(self, answer: Why, axis: Axis, units: str, layout: Layout) -> None:
        self.answer = answer
        self.axis = axis
        self.units = units
        self.layout = layout
        self.spot = place.of(answer)
        self.x = Scale(axis.lo, axis.hi, layout.left, layout.right)
        self.picture = Drawing(layout.key, layout.width)

    def at(self, time_s: float) -> float:
        """Pixel of an elapsed time."""
        return self.x.at(self.axis.at(time_s))

    def draw(self, rows: list[Row]) -> Drawing:
        """All rows from the top down, the axis at the foot, and the cramp through all of them."""
        picture, layout = self.picture, self.layout
        y = self._flags()
        if layout.beside:
            picture.text(layout.value_x, y - 10, strip_words.value_heading(self.answer, self.units), "m")
        y += 8.0 if layout.beside else 4.0
        picture.kept_clear = [Box(at - 2, 0, at + 2, _FAR, "") for at in self._edges()]
        plotted: list[tuple[float, float]] = []
        for row in rows:
            if row.kind == "missing":
                y = self._missing(row, y) + layout.gap / 2
                plotted.append((y, y))
                continue
            if layout.beside:
                self._beside(row, y)
            else:
                y += self._heading(row, y)
            plotted.append((y, y + row.height))
            self._plot(row, y)
            y += row.height + (self._lane(y + row.height) if row.key == "pace" else 0.0) + layout.gap
        picture.kept_clear = []
        self._mark(plotted)
        self._foot(y)
        return picture

    def _flags(self) -> float:
        """The flag of the cramp in a row of its own, or of stops that may have been one. Returns where it ends."""
        layout, picture = self.layout, self.picture
        below = _FLAG + (12.0 if layout.beside else 8.0)
        if self.spot is not None:
            text = strip_words.flag(self.answer, self.units)
            wide, at = text_width(text, 12.0, True) + 16, self.at(self.spot.from_s)
            start = at - wide if self.spot.exact and at >= wide else at
            start = max(0.0, min(start, layout.right - wide))
            picture.rect(start, 0, wide, _FLAG, "crf", 2)
            picture.text(start + wide / 2, 14, text, "on", "middle")
            return below
        asked = False
        for stop in sorted((s for s in self.answer.stops if s.kind == "sudden_stop"), key=lambda s: -s.stood_s):
            at, text = self.at(stop.at_s), strip_words.asked(stop, self.answer, self.units)
            if picture.text_if_free([(at - 6, 14, "end"), (at + 6, 14, "start"), (layout.right, 14, "end")], text, "m"):
                picture.rule(at, 2, at, _FLAG + 4, "tk")
                asked = True
        return below if asked else 22.0 if layout.beside else 0.0

    def _beside(self, row: Row, y0: float) -> None:
        """Name and unit left of the plot, the value right of it."""
        picture, y = self.picture, y0 + 12
        picture.text(0, y, row.name, f"n q-{row.colour}")
        if row.second is not None:
            y += _LINE
            picture.text(0, y, "and grade-adjusted", "q-gap")
        for line in wrap(row.unit, self.layout.left - 42):
            y += _LINE
            picture.text(0, y, line, "m")
        middle = y0 + row.height / 2
        picture.text(self.layout.value_x, middle, row.value, f"v q-{row.colour}")
        for i, line in enumerate(row.under, start=1):
            picture.text(self.layout.value_x, middle + i * _LINE + 1, line, "q-gap" if row.second is not None else "m")

    def _heading(self, row: Row, y: float) -> float:
        """Name, unit and value above the plot. Returns the height that they take."""
        picture = self.picture
        value = picture.text(self.layout.right, y + 12, row.value, f"v q-{row.colour}", "end")
        name = picture.text(0, y + 12, row.name, f"n q-{row.colour}")
        unit = f"{row.unit}; dashed: grade-adjusted" if row.second is not None else row.unit
        if text_width(unit) <= value.x0 - name.x1 - 16:
            picture.text(name.x1 + 8, y + 12, unit, "m")
            return 22.0
        lines = wrap(unit, self.layout.width)
        for i, line in enumerate(lines, start=1):
            picture.text(0, y + 12 + i * _LINE, line, "m")
        return 22.0 + len(lines) * _LINE

    def _missing(self, row: Row, y: float) -> float:
        """A grey place for what is not there, with what it would add. Returns where it ends."""
        picture, layout = self.picture, self.layout
        inner = layout.right - layout.left - 28
        inside = wrap(row.note, inner)
        beside: list[str] = []
        if row.command and layout.beside:
            beside = wrap(f"add: {row.command}", layout.width - layout.value_x)
        elif row.command:
            inside += wrap(f"add: {row.command}", inner)
        names = wrap(row.name, layout.left - 42, 13.0, True) if layout.beside else []
        if not layout.beside:
            picture.text(0, y + 12, row.name, "n m")
            y += 20.0
        height = max(row.height, 18 + _LINE * max(len(inside), len(beside), len(names)))
        picture.rect(layout.left, y, layout.right - layout.left, height, "off mis")
        for lines, x, css in ((names, 0.0, "n m"), (inside, layout.left + 14, "m"), (beside, layout.value_x, "m")):
            for i, line in enumerate(lines):
                picture.text(x, y + 21 + i * _LINE, line, css)
        return y + height

    def _plot(self, row: Row, y0: float) -> None:
        """Ticks and lines of one row."""
        picture, layout, y1 = self.picture, self.layout, y0 + row.height
        y = Scale(row.lo, row.hi, *((y0, y1) if row.up_is_less else (y1, y0)))
        found = ticks(row.lo, row.hi, 4 if row.height > 90 else 3, row.steps)
        for value in found:
            picture.rule(layout.left, y.at(value), layout.right, y.at(value), "gr")
            label = fig.clock(value) if row.up_is_less else fig.axis_number(value, found)
            picture.text_if_free([(layout.left - 6, y.at(value) + 4, "end")], label, "m", 0)
        px, breaks = self.x(row.axis.values), self.answer.strip.breaks
        if row.kind == "measured":
            strip_plot.measured(picture, row, px, self.x, y, breaks)
            strip_plot.off_the_scale(picture, row, px, y, (layout.left, layout.right))
            if row.key != "pace":
                self._channel_gaps(row, y1)
        else:
            strip_plot.modelled(picture, row, px, y, breaks, self.spot, layout.right)

    def _lane(self, y: float) -> float:
        """Names of pauses and gaps under the pace, longest first. Returns the height that they take."""
        found = [b for b in self.answer.strip.breaks if b[2] in ("pause", "gap")]
        for start, stop, kind in sorted(found, key=lambda b: b[0] - b[1])[: strip_words.MOST_NAMED]:
            at = self.at((start + stop) / 2)
            text = f"{strip_words.break_name(kind)} {fig.clock(stop - start)}"
            places = [
                (at, y + 22, "middle"),
                (at + 3, y + 22, "start"),
                (at - 3, y + 22, "end"),
                (at, y + 37, "middle"),
            ]
            if self.picture.text_if_free(places, text, "m"):
                self.picture.rule(at, y, at, y + 9, "tk")
        for start, stop, _ in found:
            left, right = self.at(start), self.at(stop)
            if right - left < 2:
                self.picture.rule(left, y, left, y + 5, "tk")
            else:
                self.picture.rule(left, y + 2, right, y + 2, "tk")
        return _LANE if found else 0.0

    def _channel_gaps(self, row: Row, y1: float) -> None:
        """Where this channel alone was lost: named in its own row."""
        for start, stop, kind in sorted(self.answer.strip.breaks, key=lambda b: b[0] - b[1]):
            left, right = self.at(start), self.at(stop)
            if row.lost_by(kind) and right - left >= 2:
                text = f"{strip_words.break_name(kind)} {fig.clock(stop - start)}"
                self.picture.text_if_free([((left + right) / 2, y1 - 6, "middle")], text, "m h")

    def _foot(self, y: float) -> None:
        """The one axis, at the foot of the stack."""
        picture, layout, axis = self.picture, self.layout, self.axis
        picture.rule(layout.left, y, layout.right, y, "ax")
        end = axis.show(axis.hi)
        picture.text(layout.right, y + 19, end if layout.beside else f"{end} {axis.unit}".strip(), "m", "end")
        if layout.beside:
            picture.text(0, y + 19, axis.label, "m")
        found = ticks(axis.lo, axis.hi, layout.most_ticks, axis.steps)
        for value in found:
            at = self.x.at(value)
            picture.rule(at, y, at, y + 5, "ax")
            label = fig.axis_number(value, found) if axis.unit else axis.show(value)
            picture.text_if_free([(at, y + 19, "middle")], label, "m", 4)
        picture.height = y + 26

    def _edges(self) -> list[float]:
        """Where the mark of the cramp has a line: its place, or the limits of its range that are not the run's own."""
        if self.spot is None:
            return []
        limits = {self.spot.from_s, self.spot.to_s}
        end = float(self.axis.time_s[-1]) if self.axis.time_s.size else 0.0
        return sorted(self.at(s) for s in limits if self.spot.exact or 1 < s < end - 1)

    def _mark(self, plotted: list[tuple[float, float]]) -> None:
        """The cramp through all rows but the missing ones, which are empty pairs in ``plotted``."""
        if self.spot is None:
            return
        left, right = self.at(self.spot.from_s), self.at(self.spot.to_s)
        top = bottom = _FLAG
        for y0, y1 in [*plotted, (0.0, 0.0)]:
            if y1 > y0:
                bottom = y1
                continue
            if bottom > top and not self.spot.exact:
                self.picture.hatch(left, top, max(right - left, 2.0), bottom - top, "crh")
            for at in self._edges() if bottom > top else []:
                self.picture.rule(at, top, at, bottom, "cr")
            top = bottom = y0
