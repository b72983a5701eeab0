"""A small drawing module: the axes, lines, bands and labels that every picture of a report is made of.

A picture is drawn at the width at which it is shown, so a 12-px figure stays 12 px. Each label leaves its box in
``Drawing.boxes``; a label can be asked to keep off the others, and a test can check that all of them do.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from charley.vocabulary.arrays import Bools, Floats

# Advance widths in em of DejaVu Sans, the widest of the usual system fonts: what fits here fits elsewhere.
_GROUPS = {
    "ijlI|'’": 0.30,
    " .,·:;/\\!°": 0.34,
    "ft()[]-": 0.40,
    "r“”": 0.52,
    "scz?": 0.56,
    "aekvxyFLTPEY": 0.64,
    "ABXKRVSZ": 0.70,
    "CHNDUGOQ": 0.79,
    "w−+=<>–": 0.84,
    "mMW%…": 1.0,
}
_EM = {character: width for group, width in _GROUPS.items() for character in group}
_OTHER_EM = 0.64
_WIDE_EM = 1.05  # beyond the Latin letters a character may be a full square
_BOLD = 1.16
_ASCENT, _DESCENT = 0.78, 0.22

# Size in px and weight of a text by its class in pictures.css; a text takes the style of the first class that has one.
STYLES = {"n": (13.0, True), "v": (14.0, True), "r": (14.0, False), "g": (12.0, True), "on": (12.0, True)}


def text_width(text: str, size: float = 12.0, bold: bool = False) -> float:
    """Width in px that a text takes at most, in the widest of the usual system fonts."""
    em = sum(_EM.get(c, _OTHER_EM if ord(c) < 0x250 else _WIDE_EM) for c in text)
    return em * size * (_BOLD if bold else 1.0)


def wrap(text: str, width: float, size: float = 12.0, bold: bool = False, most: int = 0) -> list[str]:
    """Lines of at most ``width`` px, broken at spaces, and within a word only where the word alone is too long.

    With ``most``, what does not go into so many lines is cut with an ellipsis.
    """
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size, bold) <= width:
            lines[-1] = f"{lines[-1]} {word}"
            continue
        while text_width(word, size, bold) > width and len(word) > 1:
            cut = max(i for i in range(1, len(word)) if i == 1 or text_width(word[:i], size, bold) <= width)
            lines.append(word[:cut])
            word = word[cut:]
        lines.append(word)
    if 0 < most < len(lines):
        lines = [*lines[: most - 1], shorten(f"{lines[most - 1]}…", width, size, bold)]
    return lines


def shorten(text: str, width: float, size: float = 12.0, bold: bool = False) -> str:
    """The text, cut with an ellipsis if it would be wider than ``width`` px."""
    if text_width(text, size, bold) <= width:
        return text
    text = text.rstrip("…")
    while text and text_width(f"{text}…", size, bold) > width:
        text = text[:-1].rstrip()
    return f"{text}…"


@dataclass(frozen=True, slots=True)
class Box:
    """The rectangle that a label takes, in px."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str

    def overlaps(self, other: Box, clear: float = 0.0) -> bool:
        """True if less than ``clear`` px lie between the two."""
        return (
            self.x0 < other.x1 + clear
            and other.x0 < self.x1 + clear
            and self.y0 < other.y1 + clear
            and other.y0 < self.y1 + clear
        )


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight map from values ``lo``..``hi`` to px ``start``..``end``."""

    lo: float
    hi: float
    start: float
    end: float

    def __call__(self, value: Floats | float) -> Floats:
        """Pixels of values; NaN stays NaN."""
        span = self.hi - self.lo
        return self.start + (np.asarray(value, dtype=np.float64) - self.lo) / (span or 1.0) * (self.end - self.start)

    def at(self, value: float) -> float:
        """Pixel of one value."""
        return float(self(value))


DECIMAL_STEPS = tuple(m * 10.0**e for e in range(-6, 7) for m in (1.0, 2.0, 5.0))
CLOCK_STEPS = (5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 10800.0, 21600.0)


def ticks(lo: float, hi: float, at_most: int, steps: Sequence[float] = DECIMAL_STEPS) -> list[float]:
    """Round values within ``lo``..``hi``, as many as possible up to ``at_most`` (which is at least 2)."""
    for step in steps:
        first, last = math.ceil(lo / step - 1e-9), math.floor(hi / step + 1e-9)
        if last - first + 1 <= at_most:
            return [i * step for i in range(first, last + 1)]
    return []


def pieces(y: Floats, cut: Bools | None = None) -> Iterator[slice]:
    """Stretches without NaN; ``cut[i]`` true lifts the pen between sample i-1 and i."""
    here = np.isfinite(y)
    begins = here.copy()
    begins[1:] &= ~here[:-1] if cut is None else (~here[:-1] | cut[1:])
    ends = here.copy()
    ends[:-1] &= ~here[1:] if cut is None else (~here[1:] | cut[1:])
    for start, stop in zip(np.flatnonzero(begins), np.flatnonzero(ends), strict=True):
        yield slice(int(start), int(stop) + 1)


def per_pixel(x: Floats, y: Floats, step: float = 1.0) -> tuple[Floats, Floats]:
    """One piece thinned to first, lowest, highest and last of each column of ``step`` px, so that spikes stay."""
    column = np.floor(x / step)
    starts = np.flatnonzero(np.diff(column, prepend=np.nan) != 0)
    if x.size <= 2 * starts.size:
        return x, y
    keep: set[int] = set()
    for start, stop in zip(starts, np.append(starts[1:], x.size), strict=True):
        part = y[start:stop]
        keep.update((int(start), int(start + part.argmin()), int(start + part.argmax()), int(stop - 1)))
    index = np.array(sorted(keep))
    return x[index], y[index]


def straightened(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """One piece without the points that lie on the line between their neighbours: nobody sees a tenth of a pixel.

    In each round every second point may go, so that the line moves by less than a third of a pixel in all.
    """
    for _ in range(_ROUNDS):
        inner = np.arange(1, x.size - 1, 2)
        run = x[inner + 1] - x[inner - 1]
        share = np.divide(x[inner] - x[inner - 1], run, out=np.zeros_like(run), where=run > 0)
        chord = y[inner - 1] + share * (y[inner + 1] - y[inner - 1])
        keep = np.ones(x.size, dtype=np.bool_)
        keep[inner[(run > 0) & (np.abs(y[inner] - chord) < _UNSEEN)]] = False
        x, y = x[keep], y[keep]
    return x, y


_ROUNDS, _UNSEEN = 3, 0.1


def _number(value: float) -> str:
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def _steps(x: Floats, y: Floats) -> str:
    """Path data through all points: the first absolute, then differences of rounded values, so no error piles up."""
    tenths_x, tenths_y = np.round(x * 10).astype(int), np.round(y * 10).astype(int)
    out = [f"M{_number(tenths_x[0] / 10)} {_number(tenths_y[0] / 10)}"]
    flat = 0  # level steps one after the other the same way are one
    for dx, dy in zip(np.diff(tenths_x).tolist(), np.diff(tenths_y).tolist(), strict=True):
        if dy == 0 and flat * dx >= 0:
            flat += dx
            continue
        if flat:
            out.append(f"h{_number(flat / 10)}")
        flat = dx if dy == 0 else 0
        if dy == 0:
            continue
        if dx:
            out.append(f"l{_number(dx / 10)}{'' if dy < 0 else ' '}{_number(dy / 10)}")
        else:
            out.append(f"v{_number(dy / 10)}")
    if flat:
        out.append(f"h{_number(flat / 10)}")
    if len(out) == 1:
        out.append("h0")  # a lone sample is a dot of the pen's width
    return "".join(out)


class Drawing:
    """One picture of a fixed width in px. ``key`` makes its ids unique on the page."""

    def __init__(self, key: str, width: float) -> None:
        self.key = key
        self.width = width
        self.height = 0.0
        self.across: Scale | None = None  # the axis along which a reader may go, value by value
        self.boxes: list[Box] = []
        self.kept_clear: list[Box] = []  # places that an optional label must not cover
        self._parts: list[str] = []

    def box(self, x: float, y: float, text: str, css: str = "", anchor: str = "start") -> Box:
        """The box that a text would take; ``y`` is its baseline."""
        size, bold = next((STYLES[c] for c in css.split() if c in STYLES), (12.0, False))
        wide = text_width(text, size, bold)
        x0 = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        return Box(x0, y - _ASCENT * size, x0 + wide, y + _DESCENT * size, text)

    def text(self, x: float, y: float, text: str, css: str = "", anchor: str = "start") -> Box:
        """Write a text wherever it falls, and keep its box."""
        box = self.box(x, y, text, css, anchor)
        self.boxes.append(box)
        where = "" if anchor == "start" else f' text-anchor="{anchor}"'
        style = f' class="{css}"' if css else ""
        self._parts.append(f'<text x="{_number(x)}" y="{_number(y)}"{style}{where}>{escape(text)}</text>')
        return box

    def text_if_free(
        self,
        places: Sequence[tuple[float, float, str]],
        text: str,
        css: str = "",
        clear: float = 3.0,
        within: tuple[float, float] | None = None,
    ) -> Box | None:
        """Write a text at the first place (x, y, anchor) where it stays ``within`` and off all other labels, if any."""
        left, right = within or (0.0, self.width)
        for x, y, anchor in places:
            box = self.box(x, y, text, css, anchor)
            taken = any(box.overlaps(b, clear) for b in (*self.boxes, *self.kept_clear))
            if box.x0 >= left and box.x1 <= right and not taken:
                return self.text(x, y, text, css, anchor)
        return None

    def rule(self, x0: float, y0: float, x1: float, y1: float, css: str) -> None:
        """A straight line."""
        self._parts.append(f'<path class="{css}" d="M{_number(x0)} {_number(y0)}L{_number(x1)} {_number(y1)}"/>')

    def uprights(self, x: Floats, foot: float, tops: Floats, css: str) -> None:
        """Many upright lines from one foot, as one path."""
        ends = zip(x.tolist(), tops.tolist(), strict=True)
        if path := "".join(f"M{_number(at)} {_number(foot)}V{_number(top)}" for at, top in ends):
            self._parts.append(f'<path class="{css}" d="{path}"/>')

    def rect(self, x: float, y: float, width: float, height: float, css: str, round_px: float = 0.0) -> None:
        """A rectangle."""
        corner = f' rx="{_number(round_px)}"' if round_px else ""
        self._parts.append(
            f'<rect class="{css}" x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" '
            f'height="{_number(height)}"{corner}/>'
        )

    def circle(self, x: float, y: float, radius: float, css: str) -> None:
        """A dot."""
        self._parts.append(f'<circle class="{css}" cx="{_number(x)}" cy="{_number(y)}" r="{_number(radius)}"/>')

    def line(self, x: Floats, y: Floats, css: str, step: float = 1.0, cut: Bools | None = None) -> None:
        """A line through samples; the pen is lifted at NaN and where ``cut`` says so."""
        data = "".join(_steps(*straightened(*per_pixel(x[part], y[part], step))) for part in pieces(y, cut))
        if data:
            self._parts.append(f'<path class="{css}" d="{data}"/>')

    def dots(self, x: Floats, y: Floats, css: str, thin: bool = True) -> None:
        """A small dot a sample; ``thin``: lowest and highest of each pixel column where there are more."""
        data: list[str] = []
        last_x, last_y = 0, 0
        for part in pieces(y):
            shown = per_pixel(x[part], y[part]) if thin else (x[part], y[part])
            for dx, dy in zip(*(np.round(v * 10).astype(int).tolist() for v in shown), strict=True):
                step_x, step_y = _number((dx - last_x) / 10), _number((dy - last_y) / 10)
                data.append(f"m{step_x}{'' if step_y.startswith('-') else ' '}{step_y}h0")
                last_x, last_y = dx, dy
        if data:
            self._parts.append(f'<path class="{css}" d="{"".join(data)}"/>')

    def band(self, x: Floats, low: Floats, high: Floats, css: str, step: float = 3.0, cut: Bools | None = None) -> None:
        """The area between two lines, open where either is NaN."""
        data = []
        for part in pieces(low + high, cut):
            top_x, top_y = straightened(*per_pixel(x[part], high[part], step))
            low_x, low_y = straightened(*per_pixel(x[part], low[part], step))
            data.append(_steps(np.append(top_x, low_x[::-1]), np.append(top_y, low_y[::-1])) + "z")
        if data:
            self._parts.append(f'<path class="{css}" d="{"".join(data)}"/>')

    def hatch(self, x: float, y: float, width: float, height: float, css: str, spacing: float = 8.0) -> None:
        """Slanted lines within a rectangle: a place known only as a range."""
        clip = f"{self.key}-c{len(self._parts)}"
        slants = "".join(
            f"M{_number(start)} {_number(y + height)}l{_number(height)} {_number(-height)}"
            for start in np.arange(x - height, x + width, spacing).tolist()
        )
        self._parts.append(
            f'<clipPath id="{clip}"><rect x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" '
            f'height="{_number(height)}"/></clipPath><path class="{css}" clip-path="url(#{clip})" d="{slants}"/>'
        )

    def over(self, behind: Drawing) -> Drawing:
        """This picture with another one, without labels, drawn behind it."""
        self._parts = [*behind._parts, *self._parts]
        return self

    def svg(self, title: str, description: str, css: str) -> str:
        """The picture as an ``<svg>`` element with its title and description for those who do not see it."""
        names = f"{self.key}-t {self.key}-d"
        width, height = _number(self.width), _number(self.height)
        return "".join(
            (
                f'<svg class="{css}" role="img" aria-labelledby="{names}" width="{width}" height="{height}" ',
                f'viewBox="0 0 {width} {height}" preserveAspectRatio="xMinYMin meet">',
                f'<title id="{self.key}-t">{escape(title)}</title><desc id="{self.key}-d">{escape(description)}</desc>',
                *self._parts,
                "</svg>",
            )
        )
