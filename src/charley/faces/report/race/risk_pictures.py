"""Pictures of a race's risk: time against chance, chance along the way, one hundred races, what each change buys."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from charley.faces.report.pictures.svg import Drawing, Scale, text_width, ticks, wrap
from charley.faces.report.race import words
from charley.faces.report.wording import figures as fig
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.race import ChanceAt, Lever, RaceAnswer
from charley.vocabulary.units import METRES_PER_KM, SECONDS_PER_MINUTE

HALF, NARROW, WIDE = 508.0, 350.0, 1080.0
LEFT = 32.0
COLUMNS = 20  # of the hundred dots
_MINUTES = (1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0)


def frontier(a: RaceAnswer, wide: bool) -> Drawing:
    """Finish time against the chance of a cramp, the plan on the curve, the usual way beside it."""
    width = HALF if wide else NARROW
    picture = Drawing(f"frontier-{'wide' if wide else 'narrow'}", width)
    bottom, top = 250.0, 30.0
    time = np.array([p.finish_s for p in a.frontier])
    low, mean, high = (np.array([getattr(p.chance, k) for p in a.frontier]) for k in ("low", "mean", "high"))
    x = picture.across = Scale(float(time[0]), float(time[-1]), LEFT, width - 16)
    y = Scale(0.0, _top([*high, a.chance.high if a.chance else 0.0]), bottom, top)
    _in_100_axis(picture, y, width, "in 100, whole race")
    for value in ticks(time[0] / SECONDS_PER_MINUTE, time[-1] / SECONDS_PER_MINUTE, 5, _MINUTES):
        at = x.at(value * SECONDS_PER_MINUTE)
        picture.rule(at, bottom, at, bottom + 5, "tk")
        picture.text(at, bottom + 20, words.clock(value * SECONDS_PER_MINUTE), "m", _anchor(at, width))
    picture.band(x(time), y(low), y(high), "fk b8")
    picture.line(x(time), y(mean), "l k")
    if a.plan is not None:
        here, chance = x.at(a.plan.finish_s), y.at(a.plan.chance.mean)
        picture.rule(here, top, here, bottom, "hair")
        picture.circle(here, chance, 6, "fk")
        said = f"{fig.chance(a.plan.chance.mean)} at {words.clock(a.plan.finish_s)}, as planned"
        picture.text_if_free(
            [(here + 10, chance - 10, "start"), (here - 10, chance - 10, "end"), (here + 10, chance + 20, "start")],
            said, "g h",
        )  # fmt: skip
    if a.chance is not None and (a.plan is None or abs(a.plan.chance.mean - a.chance.mean) > 0.005):
        at, chance = x.at(a.finish_s), y.at(a.chance.mean)
        picture.circle(at, chance, 5, "holg")
        picture.text_if_free(
            [(at + 10, chance - 8, "start"), (at - 10, chance - 8, "end"), (at + 10, chance - 26, "start")],
            f"{fig.chance(a.chance.mean)}, as you usually race", "h",
        )  # fmt: skip
    picture.height = bottom + 30
    return picture


def frontier_table(a: RaceAnswer) -> tuple[list[str], list[list[str]]]:
    """The curve as a table."""
    body = [
        [words.clock(p.finish_s), f"{fig.chance(p.chance.mean)} in 100", fig.chance_range(p.chance)] for p in a.frontier
    ]
    return ["finish", "a cramp", "8 times out of 10"], body


def fan(a: RaceAnswer, units: str, wide: bool) -> Drawing:
    """Chance of a cramp so far, by distance: the plan with its bands, the usual way dashed."""
    width = HALF if wide else NARROW
    picture = Drawing(f"fan-{'wide' if wide else 'narrow'}", width)
    bottom, top, right = 250.0, 30.0, width - 92
    shown = a.plan_by_km or a.by_km
    at = np.array([0.0, *(p.at_m for p in shown)])
    x = picture.across = Scale(0.0, float(at[-1]), LEFT, right)
    y = Scale(0.0, _top([shown[-1].chance.high, a.by_km[-1].chance.mean]), bottom, top)
    _in_100_axis(picture, y, right, "in 100, so far")

    def along(points: Sequence[ChanceAt], name: str) -> np.ndarray:
        return np.array([0.0, *(getattr(p.chance, name) for p in points)])

    picture.band(x(at), y(along(shown, "low")), y(along(shown, "high")), "fk b8")
    picture.band(x(at), y(along(shown, "low50")), y(along(shown, "high50")), "fk b5")
    picture.line(x(at), y(along(shown, "mean")), "l k")
    last = shown[-1].chance
    marks: list[tuple[float, str, str, Estimate | None]] = [
        (y.at(last.mean), fig.chance(last.mean), "this plan" if a.plan_by_km else "as usual", last)
    ]
    if a.plan_by_km:
        picture.line(x(at), y(along(a.by_km, "mean")), "l k dash")
        usual = a.by_km[-1].chance
        if abs(usual.mean - last.mean) > 0.02:
            marks.append((y.at(usual.mean), fig.chance(usual.mean), "as usual", None))
    marks.sort(key=lambda m: m[0])
    placed = -99.0
    for level, figure, label, band in marks:
        level = max(level, placed + 50)
        picture.text(right + 8, level + 4, figure, "v")
        picture.text(right + 8, level + 20, label, "m")
        if band is not None:
            limits = f"({fig.chance_range(band)})"
            picture.text(min(right + 8, picture.width - text_width(limits)), level + 36, limits, "m")
        placed = level
    unit = fig.metres_per_unit(units)
    marked = ticks(0.0, float(at[-1]) / unit, 5)
    for value in marked:
        here = x.at(value * unit)
        last_one = value == marked[-1]
        text = f"{fig.number(value)} {fig.distance_unit(units)}" if last_one else fig.number(value)
        picture.text(here, bottom + 18, text, "m", "start" if here < 40 else "middle")
    if a.stretch is not None:
        begin, end = x.at(a.stretch.from_m), x.at(a.stretch.to_m)
        picture.rule(begin, bottom + 28, end, bottom + 28, "cr")
        picture.rule(begin, bottom + 24, begin, bottom + 32, "cr")
        picture.rule(end, bottom + 24, end, bottom + 32, "cr")
        said = f"half of the risk, {fig.distance(a.stretch.from_m, units, 0)} to {words.km(a.stretch.to_m, units)}"
        picture.text(end, bottom + 46, said, "c", "end")
    picture.height = bottom + 52
    return picture


def fan_rows(a: RaceAnswer) -> list[ChanceAt]:
    """Every fifth kilometre and the finish."""
    return [p for p in a.by_km if p is a.by_km[-1] or round(p.at_m / METRES_PER_KM) % 5 == 0]


def fan_table(a: RaceAnswer, units: str) -> tuple[list[str], list[list[str]]]:
    """The chance so far at these."""
    planned = {p.at_m: p.chance for p in a.plan_by_km}
    body = []
    for p in fan_rows(a):
        mine = planned.get(p.at_m)
        row = [f"{fig.distance(p.at_m, units)} {fig.distance_unit(units)}", _cell(p.chance)]
        body.append([*row, _cell(mine) if mine else fig.NONE])
    return ["by", "as usual", "with the plan"], body


def hundred(usual: Estimate, planned: Estimate | None, wide: bool) -> Drawing:
    """One hundred races: those that cramp with the plan, those that only cramp as usual, the rest."""
    step, radius = (25.0, 8.0) if wide else (17.4, 6.5)
    picture = Drawing(f"hundred-{'wide' if wide else 'narrow'}", HALF if wide else NARROW)
    both = round(100 * min(usual.mean, planned.mean)) if planned else round(100 * usual.mean)
    spared = max(round(100 * usual.mean) - both, 0) if planned else 0
    for i in range(100):
        css = "crf" if i < both else "holc" if i < both + spared else "on0"
        picture.circle(9 + step * (i % COLUMNS), 9 + step * (i // COLUMNS), radius, css)
    picture.height = 9 + step * (99 // COLUMNS) + 12
    return picture


def levers(a: RaceAnswer, units: str, wide: bool) -> Drawing:
    """Dot and interval of each change, sorted; what crosses zero stands in a group of its own."""
    shown = [f for f in a.levers if f.difference is not None]
    width = WIDE if wide else NARROW
    picture = Drawing(f"levers-{'wide' if wide else 'narrow'}", width)
    left, right = (352.0, 900.0) if wide else (0.0, width)
    lowest = min(-0.02, *(f.difference.low for f in shown if f.difference))
    highest = max(0.02, *(f.difference.high for f in shown if f.difference))
    x = Scale(lowest, highest, left + 8, right - 8)
    y = 8.0
    marks: list[tuple[float, Estimate, bool]] = []
    if wide:
        picture.text(width, 18, "change, in 100", "m", "end")
    for clear, heading in ((True, "Clear of zero"), (False, "Can’t tell, or too little to show")):
        some = [f for f in shown if words.clear(f) == clear]
        if not some:
            continue
        if marks:
            picture.rule(0, y + 8, width, y + 8, "ax")
            y += 16
        picture.text(0, y + 10, heading, "m")
        y += 22
        for f in some:
            y = _lever_row(picture, f, units, wide, y, left, width, marks, clear)
    behind = Drawing(f"{picture.key}-grid", width)
    for value in ticks(100 * lowest, 100 * highest, 6 if wide else 5):
        at = x.at(value / 100)
        if wide:
            behind.rule(at, 26, at, y, "zero" if abs(value) < 1e-9 else "gr")
        picture.text(at, y + 18, fig.number(value, plus=True), "m", _anchor(at, width))
    for centre, found, clear in marks:
        css = "k" if clear else "g"
        if not wide:
            behind.rule(left, centre, right, centre, "gr")
            behind.rule(x.at(0.0), centre - 8, x.at(0.0), centre + 8, "zero")
        behind.rule(x.at(found.low), centre, x.at(found.high), centre, f"i8 {css}")
        behind.rule(x.at(found.low50), centre, x.at(found.high50), centre, f"i5 {css}")
        behind.circle(x.at(found.mean), centre, 5, "fk" if clear else "holg")
    picture.height = y + 26
    return picture.over(behind)


def _lever_row(
    picture: Drawing, f: Lever, units: str, wide: bool, y: float, left: float, width: float,
    marks: list[tuple[float, Estimate, bool]], clear: bool,
) -> float:  # fmt: skip
    assert f.difference is not None
    figure, _, limits = words.points(f.difference).partition(" (")
    limits = f"({limits}" if limits else ""
    if wide:
        lines = wrap(words.lever(f, units), left - 24, 13.0, clear, 2)
        for i, line in enumerate(lines):
            picture.text(0, y + 15 + 16 * i, line, "n" if clear else "")
        picture.text(width - 96, y + 16, figure, "v" if clear else "m", "end")
        picture.text(width, y + 16, limits, "m", "end")
        marks.append((y + 11, f.difference, clear))
        return y + 34 + 16 * (len(lines) - 1)
    lines = wrap(words.lever(f, units), width - 112, 12.0, True, 2)
    for i, line in enumerate(lines):
        picture.text(0, y + 14 + 15 * i, line, "g")
    picture.text(width, y + 14, f"{figure} {limits}".strip(), "m", "end")
    marks.append((y + 14 + 15 * len(lines), f.difference, clear))
    return y + 30 + 15 * len(lines)


def levers_table(a: RaceAnswer, units: str) -> tuple[list[str], list[list[str]]]:
    """Every change with its figures, the withheld ones with why."""
    body = [
        [
            words.lever(f, units),
            fig.number(100 * f.difference.mean, 1, plus=True) if f.difference else fig.NONE,
            f"{fig.number(100 * f.difference.low, 1)} to {fig.number(100 * f.difference.high, 1)}" if f.difference else
            fig.NONE,
            f.grade,
            words.why(f.why) if f.why else fig.NONE,
        ]
        for f in a.levers
    ]  # fmt: skip
    return ["change", "in 100", "8 times out of 10", "grade", "note"], body


def _cell(e: Estimate) -> str:
    return f"{fig.chance(e.mean)} ({fig.chance_range(e)})"


def _top(values: Sequence[float]) -> float:
    most = max(max(values), 0.05)
    return min(1.0, float(np.ceil(most * 10.5) / 10.0))


def _in_100_axis(picture: Drawing, y: Scale, right: float, name: str) -> None:
    picture.text(0, 12, name, "m")
    for value in ticks(0.0, 100 * y.hi, 5):
        at = y.at(value / 100)
        picture.rule(LEFT, at, right, at, "ax" if value == 0 else "gr")
        picture.text(LEFT - 8, at + 4, fig.number(value), "m", "end")


def _anchor(at: float, width: float) -> str:
    return "start" if at < 24 else "end" if at > width - 24 else "middle"
