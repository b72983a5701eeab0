"""“The same mile every time”: each long run a line on one axis of distance, by date; a cramp is a mark."""

from __future__ import annotations

import numpy as np

from charley.faces.report.pictures.svg import Drawing, Scale, ticks
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording import journal_sections as said
from charley.vocabulary.answer import Why
from charley.vocabulary.over_journal import LoggedCramp, OverJournal, RunDot

MOST_RUNS = 90  # lines; cramped runs are always among them
_TALLEST = {True: 420.0, False: 230.0}  # px for all lines
_ROW = {True: (4.5, 18.0), False: (2.5, 16.0)}  # px a line, least and most
_PLOTS = {True: (1080.0, 136.0, 892.0), False: (350.0, 4.0, 346.0)}


def chosen(over: OverJournal) -> list[RunDot]:
    """Runs that get as far as the earliest cramp, races and cramped runs; the latest where they are too many."""
    cramped, long = {c.run_id for c in over.cramps}, _long_enough(over)
    others = [r for r in long if r.run_id not in cramped]
    kept = {r.run_id for r in others[max(0, len(others) - max(MOST_RUNS - len(cramped), 0)) :]} | cramped
    return [r for r in long if r.run_id in kept]


def _long_enough(over: OverJournal) -> list[RunDot]:
    """Those of which the latest are drawn; none without a cramp."""
    cramped, earliest_m = {c.run_id for c in over.cramps}, min((c.from_m for c in over.cramps), default=np.inf)
    return [r for r in over.runs if r.run_id in cramped or r.distance_m >= earliest_m]


def banded(over: OverJournal) -> bool:
    """Whether there are places enough for a band of most of them."""
    return over.same_place is not None and over.same_place.cramps > 2


def draw(answer: Why, units: str, wide: bool) -> Drawing:
    """The picture at 1080 or at 350 px: the earliest run on top, all cramps once more in a row of their own below."""
    over = said.of(answer)
    runs, cramps = chosen(over), {c.run_id: c for c in over.cramps}
    width, left, right = _PLOTS[wide]
    picture = Drawing(f"place-{'wide' if wide else 'narrow'}", width)
    per = fig.metres_per_unit(units)
    furthest = max(r.distance_m for r in runs) / per
    x = Scale(0.0, furthest, left, right)
    row = float(np.clip(_TALLEST[wide] / len(runs), *_ROW[wide]))
    top = 24.0 if wide else 20.0
    bottom = top + row * len(runs)
    foot = bottom + 34.0
    behind = Drawing(f"{picture.key}-grid", width)
    place = over.same_place
    if place is not None and banded(over):
        behind.rect(
            x.at(place.low_m / per), top, x.at(place.high_m / per) - x.at(place.low_m / per), foot - top, "crf b8"
        )
    for value in ticks(0.0, furthest, 9 if wide else 6):
        behind.rule(x.at(value), top, x.at(value), foot, "gr")
        if x.at(value) < width - 36:
            picture.text(x.at(value), foot + 17, fig.number(value), "m", "start" if x.at(value) < 10 else "middle")
    picture.text(width, foot + 17, fig.distance_unit(units), "m", "end")
    if wide:
        picture.text(0, 12, "run that cramped", "m")
        picture.text(916, 12, "where", "m")
    for i, run in enumerate(runs):
        y = top + row * (i + 0.5)
        css = "rr" if run.race else "rt"
        behind.rule(left, y, x.at(run.distance_m / per), y, css if run.answered else f"{css} dash")
        if run.run_id in cramps:
            _mark(picture, x, y, cramps[run.run_id], per)
            if wide:
                _label(picture, y, cramps[run.run_id], run, units)
    picture.text(0, foot - 8, "all cramps", "n") if wide else picture.text(
        left, foot + 34, "row at the foot: all cramps", "m"
    )
    for cramp in cramps.values():
        _mark(picture, x, foot - 12, cramp, per)
    picture.height = foot + (24 if wide else 40)
    return picture.over(behind)


def _mark(picture: Drawing, x: Scale, y: float, cramp: LoggedCramp, per: float) -> None:
    """A dot where it was; where only a stretch is known, the stretch."""
    if cramp.at_m is None:
        picture.rule(x.at(cramp.from_m / per), y, x.at(min(cramp.to_m, cramp.run_distance_m) / per), y, "cr")
    else:
        picture.circle(x.at(cramp.at_m / per), y, 4.5, "crf pt")


def _label(picture: Drawing, y: float, cramp: LoggedCramp, run: RunDot, units: str) -> None:
    """Date on the left and place on the right, moved a little where rows are close, left out where there is no room."""
    for at, text in ((0.0, said.date(run.started_at)), (916.0, said.where(cramp, units).removeprefix("at "))):
        picture.text_if_free([(at, y + 4 + d, "start") for d in (0.0, 5.0, -5.0, 9.0, -9.0)], text, clear=0.0)


def key(answer: Why) -> str:
    """How to read the picture."""
    over = said.of(answer)
    runs = chosen(over)
    every = len(_long_enough(over))
    left_out = f" Of {every} such runs the latest {len(runs)} are drawn." if every > len(runs) else ""
    band = " The pale band holds 8 in 10 of all cramps." if banded(over) else ""
    return (
        "A line is a run that got at least as far as your earliest cramp, the earliest on top: bold a race, pale "
        f"training, dashed one without an answer. A dot is a cramp.{band}{left_out}"
    )


def description(answer: Why, units: str) -> str:
    """The picture in words."""
    over = said.of(answer)
    latest = over.cramps[-said.MOST_ROWS :]
    each = "; ".join(f"{said.date(c.started_at)} {said.kind(c, units)} {said.where(c, units)}" for c in latest)
    return f"{len(chosen(over))} runs as lines along the distance. Cramps: {each}."


def table(answer: Why, units: str) -> tuple[list[str], list[list[str]]]:
    """Every cramp with its place on each axis."""
    heads = ["Cramp", "run", f"at, {fig.distance_unit(units)}", "by the clock", "share of the way", "leg"]
    body = []
    for c in said.of(answer).cramps[-said.MOST_ROWS :]:
        share = (
            fig.NONE if c.at_m is None or c.run_distance_m <= 0 else f"{fig.number(100 * c.at_m / c.run_distance_m)} %"
        )
        clock = fig.NONE if c.at_s is None else fig.clock(c.at_s)
        at = said.where(c, units).removeprefix("at ").removesuffix(f" {fig.distance_unit(units)}")
        body.append([said.date(c.started_at), said.kind(c, units), at, clock, share, c.side or fig.NONE])
    return heads, body
