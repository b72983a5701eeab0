"""First cramps along the road and along the clock: a bar each, with the range that studies leave open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charley.faces.report.cohort import words
from charley.faces.report.pictures.svg import Drawing, Scale, ticks
from charley.vocabulary.cohort import CohortAnswer
from charley.vocabulary.estimate import Estimate

_SIZES = {True: (508.0, 52.0), False: (350.0, 44.0)}
_TOP, _FOOT = 14.0, 210.0
_GAP = 0.25  # of a bar's place


@dataclass(frozen=True, slots=True)
class Bar:
    """Where it stands on the axis, what is written below it, and how many."""

    at: float
    label: str
    cramps: Estimate
    peak: bool


def by_km(a: CohortAnswer) -> list[Bar]:
    """One bar a kilometre; those of the stretch with half of the cramps stand out."""
    low, high = (m / 1000.0 for m in a.peak_m)
    return [Bar(k.km, f"{k.km} km", k.cramps.parameters, low <= k.km < high) for k in a.by_km]


def by_clock(a: CohortAnswer) -> list[Bar]:
    """One bar a quarter of an hour; those with more than half of the highest stand out."""
    most = max((s.counted for s in a.by_slot), default=0)
    return [
        Bar(s.start_s / 900.0, words.clock(s.start_s), s.cramps.parameters, 2 * s.counted > most) for s in a.by_slot
    ]


def draw(bars: Sequence[Bar], key: str, wide: bool, label_every: int) -> Drawing:
    """The picture at 508 or 350 px; at least one bar. ``label_every``: bars between two labels of the axis."""
    width, left = _SIZES[wide]
    picture = Drawing(f"{key}-{'wide' if wide else 'narrow'}", width)
    x = Scale(bars[0].at, bars[-1].at + 1.0, left, width - 4)
    most = max(bar.cramps.high for bar in bars)
    y = Scale(0.0, most * 1.05 or 1.0, _FOOT, _TOP)
    for value in ticks(0.0, most, 5):
        picture.rule(left, y.at(value), width - 4, y.at(value), "gr" if value else "ax")
        picture.text(left - 6, y.at(value) + 4, words.whole(value), "m", "end")
    for bar in bars:
        begin, end = x.at(bar.at), x.at(bar.at + 1.0)
        gap, top = _GAP * (end - begin) / 2, y.at(bar.cramps.middle)
        picture.rect(begin + gap, top, end - begin - 2 * gap, _FOOT - top, "crf" if bar.peak else "fg")
        middle = (begin + end) / 2
        picture.rule(middle, y.at(bar.cramps.low), middle, y.at(bar.cramps.high), "i8 ik")
    for bar in bars:
        if round(bar.at) % label_every == 0:
            picture.text_if_free([(x.at(bar.at), _FOOT + 18, "middle"), (left, _FOOT + 18, "start")], bar.label, "m", 8)
    picture.height = _FOOT + 24
    return picture


def table(bars: Sequence[Bar], first: str) -> tuple[list[str], list[list[str]]]:
    """What the picture shows, in figures."""
    heads = [first, "first cramps per race", "studies leave"]
    return heads, [[b.label, words.whole(b.cramps.middle), words.studies(b.cramps)] for b in bars]
