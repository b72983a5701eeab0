"""Pictures of the families over a journal: shares with what they were before the log behind them, and bars."""

from __future__ import annotations

import math

from charley.faces.report.pictures.drivers import interval
from charley.faces.report.pictures.svg import Drawing, Scale, ticks, wrap
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording import journal_sections as said
from charley.vocabulary.answer import Why
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.over_journal import ButFor, LoggedCramp

COLOURS = {"pace": "q-pace", "fatigue": "q-fatigue", "load": "ik", "fluid": "q-water"}
_ORDER = tuple(COLOURS)
_WIDE, _NARROW = 1080.0, 350.0
_PLOT = (216.0, 640.0)  # the wide plot of families
_BEFORE_X, _SHARE_X = 780.0, 800.0
_ROW = 52.0
NONE_OF_THESE = "None of these"


def families(answer: Why, wide: bool) -> Drawing:
    """Each family, and none of these: share of such cramps that would not have come without it, before and after."""
    over, ten = said.of(answer), fig.denominator(answer)
    picture = Drawing(f"families-{'wide' if wide else 'narrow'}", _WIDE if wide else _NARROW)
    left, right = _PLOT if wide else (4.0, 346.0)
    rows: list[tuple[str, str, Estimate, Estimate | None]] = [
        (f.label, COLOURS.get(f.id, "ik"), f.share, f.before) for f in over.families
    ]
    rows.append((NONE_OF_THESE, "gy", over.none, None))
    shares = [e for row in rows for e in (row[2], row[3] or row[2])]
    lo = max(-1.0, min(0.0, *(e.low for e in shares)))
    hi = min(1.0, max(0.2, *(e.high for e in shares)))
    x = Scale(math.floor(10 * lo) / 10, math.ceil(10 * hi) / 10, left, right)
    y, top = (36.0, 36.0) if wide else (24.0, 24.0)
    if wide:
        picture.text(_BEFORE_X, 27, "before your log", "m", "end")
        picture.text(_SHARE_X, 27, f"now, of {ten} (8 in 10)", "m")
    else:
        picture.text(0, 12, f"of {ten}: before your log, now (8 in 10)", "m")
    marks = []
    for label, css, share, before in rows:
        figure = fig.share(share, ten)
        was = "" if before is None else fig.number(ten * before.middle)
        if wide:
            picture.text(0, y + 24, label, "r m" if css == "gy" else "r")
            picture.text(_BEFORE_X, y + 24, was, "m", "end")
            picture.text(_SHARE_X, y + 24, figure, "v m" if css == "gy" else "v")
            marks.append((y + 20, css, share, before))
            y += _ROW - 4
            continue
        picture.text(0, y + 20, label, "m" if css == "gy" else "n")
        picture.text(_NARROW, y + 20, f"{was} → {figure}" if was else figure, "m", "end")
        marks.append((y + 36, css, share, before))
        y += 54
    behind = Drawing(f"{picture.key}-grid", picture.width)
    for value in (t for t in ticks(x.lo, x.hi, 6) if abs(ten * t - round(ten * t)) < 1e-6):
        behind.rule(x.at(value), top, x.at(value), y, "zero" if abs(value) < 1e-9 else "gr")
        picture.text(x.at(value), y + 17, fig.number(ten * value), "m", _edge(x.at(value), picture.width))
    for centre, css, share, before in marks:
        interval(behind, x, centre, css, share, before)
    picture.height = y + 28
    return picture.over(behind)


def _edge(at: float, width: float) -> str:
    return "start" if at < 12 else "end" if at > width - 12 else "middle"


def families_table(answer: Why) -> tuple[list[str], list[list[str]]]:
    """The picture of families as a table."""
    over, ten = said.of(answer), fig.denominator(answer)
    heads = [f"Of {ten}", "would not have come (8 in 10 between)", "before your log", "named"]
    body = [
        [f.label, fig.share(f.share, ten), fig.share(f.before, ten), "yes" if f.named else fig.NONE]
        for f in over.families
    ]
    return heads, [*body, [NONE_OF_THESE, fig.share(over.none, ten), *[fig.NONE] * 2]]


def but_for(answer: Why, units: str, wide: bool) -> Drawing:
    """The latest cramps, each with a bar a family; bars of one cramp sum to nothing, so none is a part of another."""
    over, ten = said.of(answer), fig.denominator(answer)
    shown = list(over.cramps[-said.MOST_CRAMPS :])[::-1]
    picture = Drawing(f"cramps-{'wide' if wide else 'narrow'}", _WIDE if wide else _NARROW)
    most = min(1.0, max(0.3, *(f.chance.high for c in shown for f in c.families)))
    if not wide:
        y = 0.0
        for cramp in shown:
            picture.text(0, y + 14, f"{said.date(cramp.started_at)}, {said.where(cramp, units)}", "n")
            picture.text(0, y + 30, said.kind(cramp, units), "m")
            y += 34
            for found in _in_order(cramp):
                picture.text(0, y + 14, found.label, "m")
                _bar(picture, Scale(0.0, most, 140.0, 262.0), y + 10, found)
                picture.text(_NARROW, y + 14, fig.share(found.chance, ten), "m", "end")
                y += 20
            y += 14
        picture.height = y
        return picture
    columns = [216.0 + 218.0 * i for i in range(len(_ORDER))]
    for at, found in zip(columns, _in_order(shown[0]), strict=True):
        picture.text(at, 12, found.label, f"n {COLOURS[found.id]}" if COLOURS[found.id] != "ik" else "n")
    y = 20.0
    for cramp in shown:
        picture.rule(0, y, _WIDE, y, "gr")
        named = wrap(f"{said.date(cramp.started_at)}, {said.where(cramp, units)}", columns[0] - 16, 14.0)
        for line, text in enumerate(named):
            picture.text(0, y + 20 + 17 * line, text, "r")
        picture.text(0, y + 20 + 17 * len(named), said.kind(cramp, units), "m")
        for at, found in zip(columns, _in_order(cramp), strict=True):
            _bar(picture, Scale(0.0, most, at, at + 104.0), y + 24, found)
            picture.text(at + 112.0, y + 28, fig.share(found.chance, ten), "m")
        y += 29 + 17 * len(named)
    picture.height = y
    return picture


def _in_order(cramp: LoggedCramp) -> list[ButFor]:
    """Families in the fixed order, so that a column is one family."""
    return sorted(cramp.families, key=lambda f: _ORDER.index(f.id))


def _bar(picture: Drawing, x: Scale, y: float, found: ButFor) -> None:
    css = COLOURS[found.id]
    e = found.chance
    picture.rule(x.at(0.0), y - 8, x.at(0.0), y + 8, "ax")
    picture.rect(x.at(0.0), y - 5, max(x.at(e.middle) - x.at(0.0), 0.5), 10, "ink" if css == "ik" else f"{css} f")
    picture.rule(x.at(e.low), y + 8, x.at(e.high), y + 8, f"{css} i8")


def but_for_table(answer: Why, units: str) -> tuple[list[str], list[list[str]]]:
    """Every cramp with all families and what helped."""
    over, ten = said.of(answer), fig.denominator(answer)
    if not over.cramps:
        return [], []
    labels = [f.label for f in _in_order(over.cramps[0])]
    heads = ["Cramp", "run", *labels, "in your favour"]
    body = [
        [
            f"{said.date(c.started_at)}, {said.where(c, units)}",
            said.kind(c, units),
            *(said.but_for(f, ten) for f in _in_order(c)),
            ", ".join(fig.lower_first(fig.clean(p)) for p in c.protective) or fig.NONE,
        ]
        for c in over.cramps[: -said.MOST_ROWS - 1 : -1]
    ]
    return heads, body
