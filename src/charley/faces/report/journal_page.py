"""The sections of the page over a journal, each with its picture and its table, ready for the template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from charley.faces.report.pictures import counts_plot, family_plots, place_plot, races_plot
from charley.faces.report.pictures.svg import Drawing
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording import journal_sections as said
from charley.faces.report.wording.words import share_key
from charley.vocabulary.answer import Why
from charley.vocabulary.journal import PHASES
from charley.vocabulary.over_journal import TrackRecord

Markup = Callable[[str], Any]
Table = tuple[list[str], list[list[str]]]


def sections(answer: Why, units: str, record: TrackRecord | None, markup: Markup) -> list[dict[str, Any]]:
    """What the template loops over: id, heading, caption, lines, picture or None, tables; ``fold``: None where it
    stands open, else what the folded line says at its right."""
    out = []
    for s in said.sections(answer, units):
        made = _made(s.id, answer, units, markup)
        lines = s.notes if made.get("picture") or made.get("tables") else (*s.lines, *s.notes)
        out.append(
            {"id": s.id, "heading": s.heading, "fold": s.fold, "caption": "", "picture": None, "tables": []}
            | made
            | {"lines": [fig.clean(line) for line in lines]}
        )
    return [*out, _track(record, fig.denominator(answer))]


def _made(key: str, answer: Why, units: str, markup: Markup) -> dict[str, Any]:
    over = said.of(answer)
    if key == "tables" and counts_plot.possible(answer):
        heads, body = counts_plot.table(answer, units)
        words = counts_plot.description(answer, units)
        picture = _picture(lambda wide: counts_plot.draw(answer, units, wide), "Plain counts", words, markup)
        return {"picture": picture | _folded("Cramped runs of all hard runs", heads, body), "caption": counts_plot.KEY}
    if key == "families":
        heads, body = family_plots.families_table(answer)
        words = " ".join(s for s in next(x for x in said.sections(answer, units) if x.id == key).lines)
        picture = _picture(lambda wide: family_plots.families(answer, wide), "Families", words, markup)
        caption = (
            f"{fig.upper_first(share_key(answer))}. Dot: the middle estimate; 5 times out of 10 it lies on the thick "
            "line, 8 times on the thin one. Pale bar: before your log. The shares overlap, so they don't add up."
        )
        return {"picture": picture | _folded("Families", heads, body), "caption": caption}
    if key == "cramps" and over.cramps:
        heads, body = family_plots.but_for_table(answer, units)
        words = " ".join(next(x for x in said.sections(answer, units) if x.id == key).lines)
        picture = _picture(lambda wide: family_plots.but_for(answer, units, wide), "But for", words, markup)
        more = f" The latest {said.MOST_CRAMPS} of {len(over.cramps)}." if len(over.cramps) > said.MOST_CRAMPS else ""
        caption = (
            f"{said.but_for_asks(fig.denominator(answer))} Bar: the middle estimate. 8 times out of 10 it lies on the "
            f"line under it. The bars of a cramp overlap, so they don't add up.{more}"
        )
        return {"picture": picture | _folded("Every cramp", heads, body), "caption": caption}
    if key == "place" and place_plot.chosen(over):
        heads, body = place_plot.table(answer, units)
        words = place_plot.description(answer, units)
        picture = _picture(lambda wide: place_plot.draw(answer, units, wide), "Places of cramps", words, markup)
        return {"picture": picture | _folded("Where each cramp was", heads, body), "caption": place_plot.key(answer)}
    if key == "races":
        heads, body = races_plot.table(answer, units)
        shown = {"tables": [_table("Medians of races and of long training runs", heads, body)]}
        if not races_plot.possible(answer):
            return shown
        words = races_plot.description(answer, units)
        picture = _picture(lambda wide: races_plot.draw(answer, units, wide), "Pace and length", words, markup)
        return shown | {"picture": picture | {"tables": []}, "caption": races_plot.KEY}
    if key == "after" and over.groups:
        heads = ["Kind", "cramps", *(said.PHASES[p] for p in PHASES)]
        body = [
            [f"{g.label} ({g.id})", str(g.cramps), *(str(dict(g.windows).get(p, 0)) for p in PHASES)]
            for g in over.groups
        ]
        return {"tables": [_table("Cramps by kind and by when they came", heads, body)]}
    if key == "personal":
        body = [
            [
                p.label,
                said.quantity(p.estimate, p.unit, units),
                said.quantity(p.anybody, p.unit, units) if p.anybody else fig.NONE,
                p.learnt_from,
            ]
            for p in over.personal
        ]
        heads = ["", "you (8 in 10 between)", "anybody", "learnt from"]
        return {"tables": [_table("The middle estimate, and where 8 in 10 lie", heads, body)]}
    return {}


def _picture(draw: Callable[[bool], Drawing], title: str, words: str, markup: Markup) -> dict[str, Any]:
    return {
        "wide": markup(draw(True).svg(title, words, "wide")),
        "narrow": markup(draw(False).svg(title, words, "narrow")),
    }


def _folded(name: str, heads: list[str], body: list[list[str]]) -> dict[str, Any]:
    return {"tables": [_table(name, heads, body)]}


def _table(name: str, heads: list[str], body: list[list[str]]) -> dict[str, Any]:
    return {"name": name, "heads": heads, "body": body}


_LATEST = 24


def _track(record: TrackRecord | None, ten: int) -> dict[str, Any]:
    """How good forecasts were; without a record the command that works one out (it replays the whole journal)."""
    scored = 0 if record is None else sum(s.runs for s in (record.made_scores, record.replayed_scores) if s)
    empty = {"id": "track", "heading": "Forecasts so far", "caption": "", "picture": None,
             "fold": fig.count(scored, "run") + " scored" if scored else "not looked at"}  # fmt: skip
    if record is None:
        return empty | {"tables": [], "lines": ["charley why --track-record --html PAGE puts the record here."]}
    lines, tables = [], []
    for name, rows, scores in (
        ("Made before the run", record.made, record.made_scores),
        (
            "Replayed: each hard run, forecast from what the journal held before it",
            record.replayed,
            record.replayed_scores,
        ),
    ):
        if scores is None:
            lines.append(f"{name}: none has been scored yet.")
            continue
        skill = "all ended alike" if scores.skill is None else f"skill {fig.number(scores.skill, 2, plus=True)}"
        lines.append(
            f"{name}: {fig.number(scores.expected, 1)} cramps forecast in {fig.count(scores.runs, 'run')}, "
            f"{scores.cramped} came. "
            f"Brier score {fig.number(scores.brier, 2)} (0 is perfect) against {fig.number(scores.base_brier, 2)} for "
            f"always saying how often it happens: {skill}."
        )
        body = [
            [said.date(r.started_at), fig.told(r.chance, ten), "cramped" if r.cramped else "no cramp"]
            for r in rows[-_LATEST:]
        ]
        tables.append(_table(f"{name} (the latest {len(body)} of {len(rows)})", ["Run", "forecast", "came"], body))
    return empty | {"lines": lines, "tables": tables}
