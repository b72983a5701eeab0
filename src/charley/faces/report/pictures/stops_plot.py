"""How fast a run was along its way, with its stops lettered: enough to remember what each of them was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from charley.faces.report.pictures.svg import Drawing, Scale, ticks
from charley.faces.report.wording import figures as fig
from charley.vocabulary.arrays import Floats
from charley.vocabulary.run import Run

_SIZES = {True: (1080.0, 72.0), False: (350.0, 44.0)}
_TOP, _FOOT, _DOT = 44.0, 132.0, 11.0
_MEAN_OVER_S, _POINTS = 20, 500
_ROWS = 20  # of the table of the pace
LETTERS = "abcdefghij"


@dataclass(frozen=True, slots=True)
class Track:
    """A run along its way: metres from the start, and the speed there in m/s, NaN where it is not known."""

    at_m: Floats
    speed_m_s: Floats


def known(track: Track) -> bool:
    """Whether there is a line to draw."""
    return track.at_m.size > 1 and bool(np.isfinite(track.speed_m_s).any())


def track_of(run: Run) -> Track:
    """The channels of a run, as coarse as the picture."""
    speed = run.streams.speed_m_s
    if not np.isfinite(speed).any():
        speed = np.gradient(run.streams.distance_m) if run.streams.distance_m.size > 1 else speed
    known = np.isfinite(speed)
    window = np.ones(min(_MEAN_OVER_S, max(speed.size, 1)))
    weight = np.convolve(known.astype(np.float64), window, "same")
    total = np.convolve(np.where(known, speed, 0.0), window, "same")
    smooth = np.divide(total, weight, out=np.full(speed.size, np.nan), where=weight > 0)
    keep = np.unique(np.linspace(0, speed.size - 1, min(_POINTS, speed.size)).astype(int))
    at_m = run.streams.distance_m[keep]
    here = np.isfinite(at_m)
    return Track(at_m[here], smooth[keep][here])


def draw(track: Track, stops_m: Sequence[float], units: str, wide: bool, key: str) -> Drawing:
    """The picture at 1080 or at 350 px; ``track`` holds at least two points."""
    width, left = _SIZES[wide]
    picture = Drawing(f"{key}-{'wide' if wide else 'narrow'}", width)
    per = fig.metres_per_unit(units)
    x = Scale(0.0, float(track.at_m[-1]), left, width - 8)
    picture.across = x
    usual = float(np.nanmedian(track.speed_m_s))
    y = Scale(0.0, float(np.nanmax(track.speed_m_s)) * 1.05, _FOOT, _TOP)
    picture.rule(left, _FOOT, width - 8, _FOOT, "ax")
    picture.rule(left, y.at(usual), width - 8, y.at(usual), "gr")
    picture.text(left - 6, y.at(usual) + 4, fig.clock(per / usual), "m", "end")
    picture.text(left - 6, _FOOT + 4, "stood" if wide else "0", "m", "end")
    taken = -99.0
    for letter, at in zip(LETTERS, stops_m, strict=False):
        here = x.at(at)
        picture.rule(here, 2 * _DOT + 4, here, _FOOT, "tk dash")
        taken = max(here, taken + 2 * _DOT + 2)  # two stops side by side keep their letters apart
        centre = min(taken, width - _DOT - 1)
        picture.circle(centre, _DOT + 2, _DOT, "ring")
        picture.text(centre, _DOT + 6, letter, "", "middle")
    picture.line(x(track.at_m), y(track.speed_m_s), "l q-pace")
    for value in ticks(0.0, float(track.at_m[-1]) / per, 8 if wide else 5)[1:]:
        text = f"{fig.number(value)} {fig.distance_unit(units)}"
        picture.text_if_free([(x.at(value * per), _FOOT + 18, "middle"), (width, _FOOT + 18, "end")], text, "m", 8)
    picture.height = _FOOT + 24
    return picture


def table(stops: Sequence[tuple[float, float, float]], units: str) -> tuple[list[str], list[list[str]]]:
    """Each stop: where, when, and for how long; ``stops`` in metres, seconds and seconds."""
    heads = ["Stop", fig.distance_unit(units), "time", "stood"]
    return heads, [
        [letter, fig.distance(at_m, units), fig.clock(at_s), fig.clock(stood_s)]
        for letter, (at_m, at_s, stood_s) in zip(LETTERS, stops, strict=False)
    ]


def paces(track: Track, units: str) -> tuple[tuple[list[str], list[list[str]]], list[float]]:
    """The pace along the way as a table, and where its rows stand, in metres."""
    at = np.unique(np.linspace(0, track.at_m.size - 1, min(_ROWS, track.at_m.size)).astype(int))
    heads = [fig.distance_unit(units), "pace"]
    body = [[fig.distance(float(track.at_m[i]), units), fig.pace(float(track.speed_m_s[i]), units)] for i in at]
    return (heads, body), [float(v) for v in track.at_m[at]]
