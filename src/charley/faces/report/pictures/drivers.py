"""The drivers: an interval each, grouped by family in a fixed order, what studies alone say behind it.

*Unexplained* stands at the foot, grey and hollow, and takes as much room as the rest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from charley.faces.report.pictures.svg import Drawing, Scale, ticks, wrap
from charley.faces.report.wording import asked, words
from charley.faces.report.wording import figures as fig
from charley.vocabulary.answer import Driver, Why
from charley.vocabulary.estimate import Estimate

# A driver wears the colour of its quantity; the first word that its id holds decides. All others are ink.
_COLOURS = {
    "pace": "q-pace",
    "surge": "q-pace",
    "fatigue": "q-fatigue",
    "sodium": "q-sodium",
    "plain_water": "q-sodium",
    "mass_loss": "q-water",
    "water": "q-water",
}
_MEAN_X, _RANGE_X, _GRADE_X, _SOURCE_X = 832.0, 840.0, 932.0, 984.0  # columns of the wide drawing
_GHOST = 16.0  # height of the pale bar
_CLAMP = (-1.0, 1.0)  # a share below −100 in 100 is drawn at the edge; its figure stands beside it


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things stand at one width. ``beside``: label and figures in the row of the interval; else above it."""

    width: float
    left: float
    right: float
    label_width: float
    beside: bool


_WIDE = _Layout(1080.0, 344.0, 776.0, 312.0, True)
_NARROW = _Layout(350.0, 4.0, 346.0, 200.0, False)


def colour(driver: Driver) -> str:
    """Class of the colour of a driver's quantity."""
    return next((css for word, css in _COLOURS.items() if word in driver.id), "ik")


def _domain(answer: Why) -> tuple[float, float]:
    """Limits of the scale in shares: all intervals, zero, and round figures at both ends."""
    shares = [answer.unexplained, *(e for d in answer.drivers for e in (d.share, d.before))]
    lo = max(_CLAMP[0], min(0.0, *(e.low for e in shares)))
    hi = min(_CLAMP[1], max(0.2, *(e.high for e in shares)))
    return math.floor(10 * lo - 1e-9) / 10 if lo < 0 else 0.0, math.ceil(10 * hi - 1e-9) / 10


def draw(answer: Why, wide: bool, units: str) -> Drawing:
    """The drivers at 1080 px or at 350 px."""
    layout = _WIDE if wide else _NARROW
    picture = Drawing("drivers-wide" if wide else "drivers-narrow", layout.width)
    x = Scale(*_domain(answer), layout.left, layout.right)
    marks: list[tuple[float, str, Estimate, Estimate | None]] = []
    y = _heads(picture, layout)
    top = y
    for heading, drivers in words.by_family(answer):
        y += 24
        picture.text(0, y, heading, "n")
        y += 4
        for driver in drivers:
            y, centre = _row(picture, layout, y, driver, answer, units)
            marks.append((centre, colour(driver), driver.share, driver.before))
        y += 8
    y += 8
    picture.rule(0, y, layout.width, y, "ax")
    y, centre = _unexplained(picture, layout, y + 4, answer.unexplained, fig.denominator(answer))
    marks.append((centre, "gy", answer.unexplained, None))
    y += 12
    behind = Drawing(f"{picture.key}-grid", layout.width)
    of = fig.denominator(answer)
    found = [t for t in ticks(x.lo, x.hi, 7 if layout.beside else 6) if abs(of * t - round(of * t)) < 1e-6]
    for value in found:
        behind.rule(x.at(value), top, x.at(value), y, "zero" if abs(value) < 1e-9 else "gr")
    for value in found:
        at = x.at(value)
        edge = "start" if at - 12 < 0 else "end" if at + 12 > layout.width else "middle"
        picture.text(at, y + 17, fig.number(of * value), "m", edge)
    for i, line in enumerate(
        wrap(words.share_key(answer), layout.right - layout.left if layout.beside else layout.width)
    ):
        picture.text(layout.left if layout.beside else 0, y + 37 + 16 * i, line, "m")
    for centre, css, share, studies in marks:
        interval(behind, x, centre, css, share, studies)
    picture.height = y + 37 + 16 * i + 8
    return picture.over(behind)


def _heads(picture: Drawing, layout: _Layout) -> float:
    if not layout.beside:
        picture.text(layout.width, 12, "middle (8 in 10 between), grade", "m", "end")
        return 16.0
    for at, head, anchor in ((_MEAN_X, "middle", "end"), (_RANGE_X, "8 in 10", "start"), (_GRADE_X, "grade", "start")):
        picture.text(at, 12, head, "m", anchor)
    picture.text(_SOURCE_X, 12, "source", "m")
    return 20.0


def _row(picture: Drawing, layout: _Layout, y: float, driver: Driver, answer: Why, units: str) -> tuple[float, float]:
    """One driver's label and figures. Returns where the row ends and the height of its interval."""
    of = fig.denominator(answer)
    label, seen = fig.clean(driver.label), asked.seen(driver.seen, units)
    grade = fig.clean(driver.evidence_grade)[:1] or fig.NONE
    if layout.beside:
        lines = wrap(label, layout.label_width - 16, 14.0, most=2)
        under = wrap(seen, layout.label_width - 16, most=2)
        for i, line in enumerate(lines):
            picture.text(16, y + 19 + 18 * i, line, "r")
        for i, line in enumerate(under):
            picture.text(16, y + 19 + 18 * (len(lines) - 1) + 17 + 15 * i, line, "m")
        centre = y + 14.5
        picture.text(_MEAN_X, centre + 4.5, fig.number(of * driver.share.middle), "v", "end")
        picture.text(_RANGE_X, centre + 4.5, fig.bracketed(driver.share, of), "m")
        picture.rect(_GRADE_X + 2, centre - 9, 22, 18, "cb", 3)
        picture.text(_GRADE_X + 13, centre + 4.3, grade, "g", "middle")
        cited = wrap(words.cited(driver.source_ids, answer), layout.width - _SOURCE_X, most=2)
        for i, line in enumerate(cited):
            picture.text(_SOURCE_X, centre + 4.5 + 15 * i, line, "m")
        return y + 14 + max(18 * len(lines) + 15 * len(under), 18 + 15 * len(cited) - 15), centre
    figures = picture.text(layout.width, y + 20, f"{fig.share(driver.share, of)}  {grade}", "m", "end")
    lines = wrap(label, figures.x0 - 8, most=3)
    for i, line in enumerate(lines):
        picture.text(0, y + 20 + 15 * i, line)
    under = wrap(seen, layout.width, most=2)
    for i, line in enumerate(under):
        picture.text(0, y + 20 + 15 * (len(lines) + i), line, "m")
    centre = y + 20 + 15 * (len(lines) + len(under) - 1) + 18
    return centre + 10, centre


def _unexplained(picture: Drawing, layout: _Layout, y: float, share: Estimate, of: int) -> tuple[float, float]:
    if layout.beside:
        centre = y + 20
        picture.text(16, centre + 4.5, "Unexplained", "r m")
        picture.text(_MEAN_X, centre + 4.5, fig.number(of * share.middle), "v m", "end")
        picture.text(_RANGE_X, centre + 4.5, fig.bracketed(share, of), "m")
        return centre + 16, centre
    picture.text(layout.width, y + 20, fig.share(share, of), "m", "end")
    picture.text(0, y + 20, "Unexplained", "m")
    return y + 48, y + 38


def interval(picture: Drawing, x: Scale, y: float, css: str, share: Estimate, studies: Estimate | None) -> None:
    """Dot at the mean, thick for 50 in 100, thin for 80; the pale bar behind is studies alone, with three ticks."""

    def at(value: float) -> float:
        return x.at(min(max(value, x.lo), x.hi))

    if studies is not None:
        picture.rect(at(studies.low), y - _GHOST / 2, at(studies.high) - at(studies.low), _GHOST, "gh")
    picture.rule(at(share.low), y, at(share.high), y, f"{css} i8")
    picture.rule(at(share.low50), y, at(share.high50), y, f"{css} i5")
    if studies is not None:
        for value in (studies.middle, studies.low, studies.high):
            picture.rule(at(value), y - _GHOST / 2, at(value), y + _GHOST / 2, "gt")
    picture.circle(at(share.middle), y, 5.0, f"{css} pt")


def key(answer: Why) -> str:
    """How to read the picture."""
    same = words.from_studies_only(answer)
    behind = "Pale bar with three ticks: studies alone"
    behind += ", which is all there is without a log." if same else "."
    of = fig.denominator(answer)
    lines = "5 times out of 10 it lies on the thick line, 8 times on the thin one."
    return f"Dot: the middle estimate. {lines} {behind} The shares overlap, so they don't add up to {of}."


def description(answer: Why) -> str:
    """The drivers in words."""
    of = fig.denominator(answer)
    parts = [
        f"{heading}: " + "; ".join(f"{fig.clean(d.label)} {fig.share(d.share, of)}" for d in drivers) + "."
        for heading, drivers in words.by_family(answer)
    ]
    rest = fig.share(answer.unexplained, of)
    return f"In {of} such cramps, the middle estimate and where 8 in 10 lie. {' '.join(parts)} Unexplained {rest}."


def table(answer: Why, units: str) -> tuple[list[str], list[list[str]]]:
    """The drivers as a table."""
    of = fig.denominator(answer)
    heads = [
        f"In {of} such cramps",
        "middle",
        "5 in 10 lie",
        "8 in 10 lie",
        "studies alone",
        "in this run",
        "grade",
        "source",
    ]
    body = [
        [
            fig.clean(d.label),
            fig.number(of * d.share.middle),
            f"{fig.number(of * d.share.low50)} to {fig.number(of * d.share.high50)}",
            fig.share_range(d.share, of),
            fig.share(d.before, of),
            asked.seen(d.seen, units),
            fig.clean(d.evidence_grade),
            words.cited(d.source_ids, answer),
        ]
        for _, drivers in words.by_family(answer)
        for d in drivers
    ]
    rest = answer.unexplained
    body.append(
        [
            "Unexplained",
            fig.number(of * rest.middle),
            f"{fig.number(of * rest.low50)} to {fig.number(of * rest.high50)}",
            fig.share_range(rest, of),
            fig.NONE,
            fig.NONE,
            fig.NONE,
            fig.NONE,
        ]
    )
    return heads, body
