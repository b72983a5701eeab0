"""A sheet for who helps the runner: what is planned and what the log holds, for a coach, a physio and a dietitian."""

from __future__ import annotations

import textwrap

from charley.faces.race_files import plan_text
from charley.faces.report.race import words
from charley.faces.report.wording import figures as fig
from charley.vocabulary.race import RaceAnswer
from charley.vocabulary.units import SECONDS_PER_MINUTE

_WIDTH = 78
_WEEKS = 8


def text(a: RaceAnswer, units: str) -> str:
    """Plain text that prints on a page or two; nothing of it is a diagnosis."""
    when = f", {a.race.starts_at:%d %B %Y}" if a.race.starts_at else ""
    out = [f"{plan_text.title(a)}, {words.length(a.race.course.distance_m, units)}{when}"]
    if a.demo:
        out.append("DEMO: an invented runner.")
    out += ["", "In short", *_lines("".join(words.title(a)))]
    if a.chance is not None:
        out += _lines(f"{words.ranges(a)} {words.log_line(a)}")
    out += ["", "For a coach", *_coach(a, units)]
    out += ["", "For a physio", *_physio(a, units)]
    out += ["", "For a dietitian", *_dietitian(a, units)]
    out += ["", *_lines(words.SCOPE)]
    return "\n".join(out) + "\n"


def _coach(a: RaceAnswer, units: str) -> list[str]:
    out = _lines(words.finish(a)) if a.finish is not None else []
    if a.usual_start > 1.01:
        out += _lines(f"Usual start: first tenth {fig.number(100 * (a.usual_start - 1))} % faster than the rest.")
    if a.plan is not None:
        out += _lines(words.plan_line(a, a.plan, units))
    price = words.price(a)
    out += _lines(price) if price else []
    if a.weeks:
        unit = fig.distance_unit(units)
        shown = ", ".join(fig.distance(d, units, 0) for _, d in a.weeks[-_WEEKS:])
        out += _lines(f"Last {_WEEKS} weeks, {unit}: {shown}.")
    if a.frontier_trained:
        speed, time = a.frontier_trained[-1]
        longest = f"{fig.number(time / SECONDS_PER_MINUTE)} min at {fig.pace(speed, units)}"
        out += _lines(f"Longest run of 12 weeks: {longest}.")
    return out or ["No runs are in the log."]


def _physio(a: RaceAnswer, units: str) -> list[str]:
    out = _lines(f"{fig.upper_first(fig.count(a.n_cramps, 'cramp'))} in {fig.count(a.n_runs, 'run')} of the log.")
    for speed, time in a.past_cramps:
        out += _lines(f"- after {fig.clock(time)}, in a run at {fig.pace(speed, units)}")
    stretch = words.stretch(a, units)
    out += _lines(f"In this race: {fig.lower_first(stretch)}") if stretch else []
    return [*out, *_lines("Not asked here: night cramps, numbness, weakness, one swollen calf. Please ask.")]


def _dietitian(a: RaceAnswer, units: str) -> list[str]:
    p, out = a.plan, []
    if p is not None:
        sweat = f"{words.volume(p.sweat_l.mean, units)} ({words.volume(p.sweat_l.low, units)} to "
        out += _lines(f"Sweat over the race, modelled: {sweat}{words.volume(p.sweat_l.high, units)}).")
        if p.drink_ceiling_l is not None:
            out += _lines(f"All drink ceilings together: {words.volume(p.drink_ceiling_l, units)}. {words.DRINK_RULE}")
        if p.carbohydrate_g_h is not None:
            out += _lines(f"Carbohydrate: {fig.number(p.carbohydrate_g_h)} g an hour. {words.habits(p)}")
        out += [line for f in p.limits if f.note for line in _lines(words.limit_note(f))]
    out += [line for n in a.health.notes for line in _lines(words.health(n))]
    return out or ["There is no plan for this race."]


def _lines(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, break_on_hyphens=False)
