"""A training plan for a terminal of 80 columns: a first screen of 24 lines, all of it on demand."""

from __future__ import annotations

import textwrap

from charley.faces.report.race.words import SCOPE
from charley.faces.report.training import words
from charley.faces.report.wording import figures as fig
from charley.vocabulary.training import TrainingPlan, TrainingWeek

SCREEN = 24
_WIDTH = 80
_SHOWN_WEEKS = 8


def render(p: TrainingPlan, units: str, full: bool = False) -> str:
    """Verdict, the next weeks, what stands behind it; ``full``: every week, strength, style, shoes."""
    head = [
        f"charley plan · {fig.distance_with_unit(p.distance_m, units)} on {p.race_on:%d %B %Y}",
        "",
        *_wrap(words.title(p, units)),
        *_wrap(" ".join([words.kind(p, units), *([] if p.kind_known else [words.SAY_YEARS]), words.beyond(p, units)])),
    ]
    notes = [line for n in p.notes for line in _wrap(words.note(n))]
    how = _wrap(words.HOW[p.kind])
    if full:
        evidence = [line for text, _ in words.EVIDENCE for line in _wrap(text)]
        jumps = [words.JUMPING] if any(w.jumps for w in p.weeks) else []
        more = [f"{words.RAISING} {words.LOG_RAISES}", *jumps, words.STYLE, words.SHOES, words.AFTERWARDS, words.PAIN]
        rest = [line for text in more for line in ("", *_wrap(text))]
        return "\n".join([*head, *notes, "", *_table(p.weeks, units), "", *how, *rest, "", *evidence, "", SCOPE])
    foot = [*_wrap(words.MORE), SCOPE]
    room = SCREEN - len(head) - len(notes) - len(foot) - 5
    how = how if room - len(how) >= 3 else []
    some = p.weeks[: max(min(room - len(how), _SHOWN_WEEKS), 2)]
    left = len(p.weeks) - len(some)
    table = [*_table(some, units), *([f"  and {fig.count(left, 'more week')}"] if left else [])]
    return "\n".join([*head, *notes, "", *table, "", *how, *foot])


def _table(weeks: tuple[TrainingWeek, ...], units: str) -> list[str]:
    rows = [("week of", fig.distance_unit(units), "runs", "longest", "faster", "calf raises, twice")]
    rows += [words.row(w, units) for w in weeks]
    widths = [max(len(r[i]) for r in rows) for i in range(6)]
    return ["  " + "  ".join(f"{cell:<{w}}" for cell, w in zip(r, widths, strict=True)).rstrip() for r in rows]


def _wrap(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, break_on_hyphens=False)
