"""Plain counts of hard runs on two sides of a line, a dot a run: filled it cramped, open it did not."""

from __future__ import annotations

from dataclasses import dataclass

from charley.faces.report.pictures.svg import Drawing, wrap
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording import journal_sections as said
from charley.faces.report.wording import plain_tables
from charley.vocabulary.answer import Why

MOST_ROWS = 8  # comparisons in the picture, the cleanest first; the table has all
KEY = "A dot is a hard run that you told us about: filled it cramped, open it didn't."
_NAME_WIDTH = 200.0  # px for what was compared, in the wide picture
_LINE = 15.0  # px from one line of a label to the next
_SIZES = ((4.0, 10.5), (2.5, 6.5))  # radius and step in px; smaller ones where the runs are many


@dataclass(frozen=True, slots=True)
class _Half:
    """One side of a comparison."""

    label: str
    cramped: int
    runs: int


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    halves: tuple[_Half, _Half]
    verdict: str
    stands_out: bool


def possible(answer: Why) -> bool:
    """Whether there is anything to draw."""
    return bool(_rows(answer, "metric"))


def draw(answer: Why, units: str, wide: bool) -> Drawing:
    """The picture at 1080 or at 350 px: a comparison a row."""
    picture = Drawing(f"counts-{'wide' if wide else 'narrow'}", 1080.0 if wide else 350.0)
    columns = ((216.0, 536.0), (572.0, 892.0)) if wide else ((0.0, 163.0), (187.0, 350.0))
    y = 0.0
    for row in _rows(answer, units)[:MOST_ROWS]:
        picture.rule(0, y + 0.5, picture.width, y + 0.5, "gr")
        for i, line in enumerate(wrap(row.name, _NAME_WIDTH if wide else picture.width - 84, 13.0, bold=True)):
            picture.text(0, y + 20 + 17 * i, line, "n")
        picture.text(picture.width, y + 20, row.verdict, "g" if row.stands_out else "m", "end")
        top = y if wide else y + 16
        labels = [wrap(half.label, right - left - 4) for half, (left, right) in zip(row.halves, columns, strict=True)]
        more = _LINE * (max(map(len, labels)) - 1)
        for half, lines, (left, right) in zip(row.halves, labels, columns, strict=True):
            count = picture.text(right, top + 40 + more, f"{half.cramped} of {half.runs}", "v", "end")
            for i, line in enumerate(lines):
                picture.text(left, top + 20 + _LINE * i, line, "m")
            _dots(picture, half, left, count.x0 - 8, top + 36 + more)
        y += more + (54 if wide else 57)
    picture.height = y
    return picture


def _dots(picture: Drawing, half: _Half, left: float, right: float, y: float) -> None:
    """A dot a run; where the runs are too many for dots, a line with the cramped part of it bold."""
    for radius, step in _SIZES:
        if half.runs * step <= right - left:
            for i in range(half.runs):
                picture.circle(left + radius + 1 + step * i, y, radius, "crf" if i < half.cramped else "ring")
            return
    picture.rule(left, y, right, y, "rt")
    if half.cramped:
        picture.rect(left, y - 3, (right - left) * half.cramped / half.runs, 6, "crf")


def _rows(answer: Why, units: str) -> list[_Row]:
    """Every comparison in order; the two legs after those that stand out, since they are one more of them."""
    found = said.of(answer).tables
    rows = []
    for table in found.tables:
        beyond, other = plain_tables.sides(table, units)
        halves = (
            _Half(beyond, table.beyond_cramped, table.beyond_runs),
            _Half(other, table.other_cramped, table.other_runs),
        )
        rows.append(_Row(plain_tables.name(table), halves, plain_tables.verdict(table), table.stands_out))
    leg, told = found.leg, found.leg.left + found.leg.right
    if told:
        halves = (_Half("cramps in the left", leg.left, told), _Half("cramps in the right", leg.right, told))
        verdict = "stands out" if leg.stands_out else "no sign"
        rows.insert(sum(r.stands_out for r in rows), _Row("Leg", halves, verdict, leg.stands_out))
    return rows


def description(answer: Why, units: str) -> str:
    """The picture in words."""
    return " ".join(
        f"{row.name}: "
        + "; ".join(f"{half.label}, {half.cramped} of {half.runs}" for half in row.halves)
        + f" ({row.verdict})."
        for row in _rows(answer, units)[:MOST_ROWS]
    )


def table(answer: Why, units: str) -> tuple[list[str], list[list[str]]]:
    """Every comparison with its counts."""
    body = [
        [
            row.name,
            *(f"{fig.upper_first(half.label)}: {half.cramped} of {half.runs}" for half in row.halves),
            row.verdict,
        ]
        for row in _rows(answer, units)
    ]
    return ["", "on one side", "on the other", ""], body
