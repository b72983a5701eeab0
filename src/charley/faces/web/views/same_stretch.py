"""Same stretch: all passes over the stretches of road on which cramps came. Was it the place, or the distance?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import comb
from typing import Any

from charley.api import history
from charley.faces.report.pictures import stretch_plot
from charley.faces.report.pictures.pair import picture
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording.words import Title
from charley.faces.web import journals as kept
from charley.faces.web.pages import Asked, Page
from charley.vocabulary.stretch import Pass, Stretch

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Roads:
    """All stretches with a cramp, the one that is looked at, and the days of the runs."""

    found: tuple[Stretch, ...]
    chosen: int
    days: dict[str, datetime]


def ask(asked: Asked) -> Roads:
    """Looked for over all runs."""
    found = asked.work.answer(
        ("stretches", kept.content(asked.journal)), "Looking where your runs came by the same road",
        history.same_stretch, asked.journal,
    )  # fmt: skip
    text = asked.query.get("which", "0")
    chosen = int(text) if text.isdecimal() and len(text) < 4 and int(text) < len(found) else 0
    return Roads(found, chosen, {r.run_id: r.started_at for r in kept.glances(asked.journal)})


def show(roads: Roads, asked: Asked) -> dict[str, Any]:
    """The verdict, the passes, and the counts."""
    if not roads.found:
        return {"title": Title("No cramp of yours came on", "a road", "that you ran more than once."), "stretch": None}
    s, units = roads.found[roads.chosen], asked.units
    cut = stretch_plot.late_from_m(s)
    told = [p for p in s.passes if p.answered]
    early = [p for p in told if p.from_m < cut]
    late = [p for p in told if p.from_m >= cut]
    where = f"{fig.distance(cut, units, 0)} {fig.distance_unit(units)}"
    words = _finding(len(early), len(late), s.cramps, where)
    return {
        "title": words[0],
        "lede": f"{fig.distance_with_unit(s.length_m, units)} of road. You’ve come by "
        f"{fig.count(len(s.passes), 'time')}; {fig.count(s.cramps, 'cramp')} came on it.",
        "choices": [
            (i, f"{fig.count(one.cramps, 'cramp')}, {fig.count(len(one.passes), 'pass', 'passes')}, "
             f"at {fig.distance(_place_m(one), units, 0)} {fig.distance_unit(units)}")
            for i, one in enumerate(roads.found)
        ],
        "chosen": roads.chosen,
        "stretch": picture(
            lambda wide: stretch_plot.passes(s, roads.days, units, wide), "Passes over the same road", words[1],
            [("Every pass", *stretch_plot.passes_table(s, roads.days, units))],
        ),
        "heading": f"{fig.count(len(s.passes), 'pass', 'passes')} over the same road, {fig.count(s.cramps, 'cramp')}",
        "counts": picture(lambda wide: stretch_plot.counts(s, units, wide), "When in the run", words[1]),
        "counts_heading": words[1],
        "chance": _luck(len(early), len(late), s.cramps),
        "silent": len(s.passes) - len(told),
        "late": [_row(p, roads, units) for p in _latest_first(s, roads) if p.from_m >= cut],
        "thinned": len(s.passes) - len(stretch_plot.drawn(s)),
        "unit": fig.distance_unit(units),
    }  # fmt: skip


def _latest_first(stretch: Stretch, roads: Roads) -> list[Pass]:
    return sorted(
        (p for p in stretch.passes if p.run_id in roads.days), key=lambda p: roads.days[p.run_id], reverse=True
    )


def _row(p: Pass, roads: Roads, units: str) -> tuple[str, str, str, str]:
    day = f"{roads.days[p.run_id]:%d %b %Y}"
    said = "yes" if p.cramp_at_m is not None else "no" if p.answered else "not said"
    return p.run_id[:16], day, fig.distance(p.from_m, units), said


def _place_m(stretch: Stretch) -> float:
    return next(p.from_m + (p.cramp_at_m or 0.0) for p in stretch.passes if p.cramp_at_m is not None)


def _finding(early: int, late: int, cramps: int, where: str) -> tuple[Title, str]:
    """The title and the heading of the counts: every cramp is a late pass, as late begins at the first of them."""
    if early == 0:
        return (
            Title("You only come by", "where it cramped", "late in your runs, so nobody can tell place from distance."),
            f"All passes that you told us about came beyond {where}",
        )
    if late > cramps or early >= 3:
        return (
            Title("The place alone isn’t to blame: you only", "cramped", f"there beyond {where}."),
            "On this road late passes cramp and early ones don’t",
        )
    return (
        Title("Too few passes to tell", "the place", "from the distance."),
        f"{fig.upper_first(fig.count(early, 'early pass', 'early passes'))} without a cramp, and {late} late",
    )


def _luck(early: int, late: int, cramps: int) -> str:
    """How often luck alone would put all cramps among the late passes; "" where that says nothing."""
    if early == 0 or late == 0 or cramps > late:
        return ""
    chance = comb(late, cramps) / comb(early + late, cramps)
    often = fig.number(1000 * chance) if chance < 0.1 else fig.number(100 * chance)
    out_of = "1,000" if chance < 0.1 else "100"
    many = "all the cramps" if cramps > 1 else "the cramp"
    return (
        f"Luck alone would put {many} among the late passes in {often} of {out_of} logs. But late passes are also the "
        "hard runs, so this can’t separate hard from late."
    )


def tell(roads: Roads) -> dict[str, Any]:
    """Each stretch as plain values."""
    from charley.faces.cli.meta import meta
    from charley.faces.report.plain_values import plain

    listed = [
        {
            "length_m": s.length_m,
            "cramps": s.cramps,
            "passes": [
                {"run_id": p.run_id, "from_m": p.from_m, "cramp_at_m": p.cramp_at_m, "answered": p.answered}
                for p in s.passes
            ],
        }
        for s in roads.found
    ]
    return {"meta": meta("ok" if listed else "cannot_tell"), "stretches": plain(listed)}


PAGE = Page(
    "/same-stretch", "same_stretch", ask, show, tell, tab="runs",
    empty="Here every pass over a road on which you cramped will stand.",
)  # fmt: skip
