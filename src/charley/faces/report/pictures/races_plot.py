"""Races against training: length and pace of every run in one plane, cramps marked; medians of each as a table."""

from __future__ import annotations

import numpy as np

from charley.faces.report.pictures.svg import CLOCK_STEPS, Drawing, Scale, ticks
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording import journal_sections as said
from charley.vocabulary.answer import Why
from charley.vocabulary.over_journal import RunDot
from charley.vocabulary.units import SECONDS_PER_HOUR

_PLOTS = {True: (1080.0, 136.0, 892.0, 360.0), False: (350.0, 44.0, 346.0, 260.0)}
MOST_TRAINING, MOST_RACES = 300, 40  # the latest that did not cramp; those that did are all there
_DOT = 2.0  # px: small dots nearer to each other than that are one
_LEAST_M, _LEAST_S, _LEAST_M_S = 1000.0, 300.0, 1.0  # shorter or slower says nothing of pace


def _shown(answer: Why) -> list[RunDot]:
    return [
        r
        for r in said.of(answer).runs
        if r.distance_m >= _LEAST_M and r.elapsed_s >= _LEAST_S and r.distance_m / r.elapsed_s >= _LEAST_M_S
    ]


def possible(answer: Why) -> bool:
    """True where there are runs enough for a plane to show anything."""
    return len(_shown(answer)) >= 3


def draw(answer: Why, units: str, wide: bool) -> Drawing:
    """Elapsed time to the right, pace upwards: rings are races, small dots training, filled marks cramped."""
    runs = _shown(answer)
    width, left, right, height = _PLOTS[wide]
    picture = Drawing(f"races-{'wide' if wide else 'narrow'}", width)
    per = fig.metres_per_unit(units)
    pace = np.array([r.elapsed_s * per / r.distance_m for r in runs])
    hours = np.array([r.elapsed_s for r in runs]) / SECONDS_PER_HOUR
    slow = max([float(np.quantile(pace, 0.99)), *(p for p, r in zip(pace.tolist(), runs, strict=True) if r.cramped)])
    fast = float(pace.min())
    room = 0.06 * max(slow - fast, 10.0)
    x = Scale(0.0, float(hours.max()) * 1.03, left, right)
    y = Scale(slow + room, fast - room, height - 40, 24)
    for value in ticks(y.hi, y.lo, 6, CLOCK_STEPS):
        picture.rule(left, y.at(value), right, y.at(value), "gr")
        picture.text(left - 8, y.at(value) + 4, fig.clock(value), "m", "end")
    for value in ticks(0.0, x.hi, 8 if wide else 5):
        picture.rule(x.at(value), 24, x.at(value), height - 40, "gr")
        picture.text(x.at(value), height - 22, fig.number(value, 0 if value == int(value) else 1), "m", "middle")
    picture.text(right, height - 6, "hours", "m", "end")
    picture.text(0, 12, f"min per {fig.distance_unit(units)}; faster is higher", "m")
    py = np.array([y.at(min(p, y.lo)) for p in pace])
    px = np.array([x.at(h) for h in hours])
    plain = [i for i, r in enumerate(runs) if not r.race and not r.cramped][-MOST_TRAINING:]
    spots = np.unique(np.round(np.column_stack([px[plain], py[plain]]) / _DOT), axis=0) * _DOT  # no dot on a dot
    picture.dots(spots[:, 0], spots[:, 1], "d tr", thin=False)
    for i in [i for i, r in enumerate(runs) if r.race and not r.cramped][-MOST_RACES:]:
        picture.circle(float(px[i]), float(py[i]), 5.0, "ring")
    for i, r in enumerate(runs):
        if r.cramped and r.race:
            picture.circle(float(px[i]), float(py[i]), 5.5, "crf pt")
        elif r.cramped:
            picture.rect(float(px[i]) - 4.5, float(py[i]) - 4.5, 9, 9, "crf pt")
    picture.height = height
    return picture


KEY = (
    f"Each mark is a run: small dots training (the latest {MOST_TRAINING} at most), rings races (the latest "
    f"{MOST_RACES}); filled in the colour of a cramp the runs that cramped (round: races, square: training)."
)


def description(answer: Why, units: str) -> str:
    """The picture in words."""
    runs = _shown(answer)
    cramped = [r for r in runs if r.cramped]
    each = "; ".join(
        f"{said.date(r.started_at)} {fig.clock(r.elapsed_s)} at "
        f"{fig.clock(r.elapsed_s * fig.metres_per_unit(units) / r.distance_m)}"
        for r in cramped[-12:]
    )
    return f"{len(runs)} runs by length and pace, {sum(r.race for r in runs)} of them races. Cramped: {each or 'none'}."


def table(answer: Why, units: str) -> tuple[list[str], list[list[str]]]:
    """The median of races beside that of long training runs, and how many of each cramped."""
    races = said.of(answer).races
    body = [
        ["Cramped, of those answered", f"{races.races_cramped} of {races.races_answered}",
         f"{races.training_cramped} of {races.training_answered}"],
        ["In all", str(races.races), str(races.training)],
    ]  # fmt: skip
    for c in races.contrasts:
        if c.races is not None or c.training is not None:
            both = [fig.NONE if v is None else said.shown(v, c.unit, units) for v in (c.races, c.training)]
            body.append([c.label, *both])
    return ["Median of", "races", "long training"], body
