"""All runs in time: a line a run, as high as it was long; a cramp is a dot, an open question a ring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from charley.faces.report.pictures.svg import Box, Drawing, Scale, ticks
from charley.faces.report.wording import figures as fig

MOST_LINES = {True: 1200, False: 380}  # of more runs the longest in each pixel column are drawn, and all that cramped
_SIZES = {True: (1080.0, 56.0, 1080.0), False: (350.0, 42.0, 348.0)}
_TOP, _HIGH = 40.0, 96.0
_DOTS = {"cramp": "crf", "open": "ring"}


@dataclass(frozen=True, slots=True)
class Line:
    """One run: when, how far, and what was said of it: "cramp", "none", "open" (asked, no answer) or ""."""

    started_at: datetime
    distance_m: float
    said: str
    hard: bool = False


def draw(lines: Sequence[Line], units: str, wide: bool, key: str = "time") -> Drawing:
    """The picture at 1080 or at 350 px; ``lines`` hold at least one run, the earliest first."""
    width, left, right = _SIZES[wide]
    picture = Drawing(f"{key}-{'wide' if wide else 'narrow'}", width)
    foot = _TOP + _HIGH
    per = fig.metres_per_unit(units)
    furthest = max(10.0, *(line.distance_m / per for line in lines))
    first, last = lines[0].started_at, max(lines[-1].started_at, lines[0].started_at + timedelta(days=28))
    x = Scale(first.timestamp(), last.timestamp(), left + 4, right - 4)
    picture.across = x
    y = Scale(0.0, furthest, foot, _TOP)
    for value in ticks(0.0, furthest, 4)[1:]:
        picture.rule(left if wide else 0.0, y.at(value), right, y.at(value), "gr")
        label = f"{fig.number(value)} {fig.distance_unit(units)}"
        picture.text_if_free([(0.0, y.at(value) - 4, "start")], label, "m", 0)
    picture.rule(0.0, foot, right, foot, "ax")
    drawn = shown(lines, x, wide)
    for css in ("tick", "hair", "cr"):
        some = [line for line in drawn if _css(line) == css]
        across = x(np.array([line.started_at.timestamp() for line in some]))
        picture.uprights(across, foot, y(np.array([line.distance_m / per for line in some])), css)
    for line in lines:
        if line.said in _DOTS:
            at, top = x.at(line.started_at.timestamp()), y.at(line.distance_m / per)
            picture.circle(at, top, 4.0, _DOTS[line.said])
            picture.kept_clear.append(Box(at - 4, top - 4, at + 4, top + 4, ""))  # no dot is written over
    _words(picture, lines, x, y, per, right)
    for moment, text in _dates(first, last):
        at = x.at(moment.timestamp())
        picture.rule(at, foot, at, foot + 5, "ax")
        picture.text_if_free([(at, foot + 18, "middle")], text, "m", 12, within=(0.0, right - 40))
    picture.text(right, foot + 18, "latest", "m", "end")
    picture.height = foot + 24
    return picture


def _css(line: Line) -> str:
    return "cr" if line.said == "cramp" else "hair" if line.hard else "tick"


def _words(picture: Drawing, lines: Sequence[Line], x: Scale, y: Scale, per: float, right: float) -> None:
    """The dots say once what they are."""
    for said, text, css in (("cramp", "cramped", "c"), ("open", "you haven’t said", "m")):
        marked = [line for line in lines if line.said == said]
        places = [
            (x.at(line.started_at.timestamp()) + 8 * side, y.at(line.distance_m / per) - 7, anchor)
            for line in marked[::-1]
            for side, anchor in ((-1, "end"), (1, "start"))
        ]
        if marked:
            picture.text_if_free(places, text, css, 4, within=(0.0, right))


def shown(lines: Sequence[Line], x: Scale, wide: bool) -> list[Line]:
    """The lines that are drawn: all of them, or of too many the longest of each half pixel, and each that cramped."""
    if len(lines) <= MOST_LINES[wide]:
        return list(lines)
    columns: dict[int, Line] = {}
    places = (2 * x(np.array([line.started_at.timestamp() for line in lines]))).astype(int).tolist()
    for at, line in zip(places, lines, strict=True):
        if at not in columns or line.distance_m > columns[at].distance_m:
            columns[at] = line
    kept = {id(line) for line in columns.values()} | {id(line) for line in lines if line.said == "cramp"}
    return [line for line in lines if id(line) in kept]


def _dates(first: datetime, last: datetime) -> list[tuple[datetime, str]]:
    """Starts of months or of years between two moments, at most seven, with what is written there."""
    months = [
        datetime(first.year + (first.month - 1 + i) // 12, (first.month - 1 + i) % 12 + 1, 1, tzinfo=first.tzinfo)
        for i in range((last.year - first.year) * 12 + last.month - first.month + 1)
    ]
    months = [m for m in months if first <= m <= last]
    step = next((s for s in (1, 2, 3, 6) if len(months) <= 7 * s), 12 * max(1, int(np.ceil(len(months) / 84))))
    chosen = [m for m in months if (m.month - 1) % step == 0 and (step < 12 or m.year % (step // 12) == 0)]
    return [(m, f"{m:%b %Y}" if m.month == 1 or step == 1 else f"{m:%B}") for m in chosen]


def table(lines: Sequence[Line], units: str) -> tuple[list[str], list[list[str]]]:
    """Months instead of runs: how many, how far, the longest, and the cramps."""
    heads = ["Month", "runs", fig.distance_unit(units), "longest", "cramps"]
    body = [
        [
            f"{found[0].started_at:%b %Y}", str(len(found)), fig.distance(sum(f.distance_m for f in found), units, 0),
            fig.distance(max(f.distance_m for f in found), units),
            str(sum(f.said == "cramp" for f in found) or fig.NONE),
        ]
        for found in _months(lines)
    ]  # fmt: skip
    return heads, body


def along(lines: Sequence[Line]) -> list[float]:
    """Where the rows of the table stand in time, seconds: in the middle of each month's runs."""
    return [sum(line.started_at.timestamp() for line in found) / len(found) for found in _months(lines)]


def _months(lines: Sequence[Line]) -> list[list[Line]]:
    months: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        months.setdefault((line.started_at.year, line.started_at.month), []).append(line)
    return list(months.values())
