"""A cohort for a terminal of 80 columns."""

from __future__ import annotations

import textwrap

from charley.faces.report.cohort import words
from charley.vocabulary.cohort import CohortAnswer

_WIDTH = 80
_BAR = 24


def render(a: CohortAnswer, full: bool = False) -> str:
    """Signs, verdict, where and when, who needs a helper; with ``full`` each kilometre and the checks."""
    out = [*_wrap(words.SIGNS), "", *_wrap(words.title(a)), *_wrap(words.ranges(a)), *_wrap(words.peak(a))]
    out += [line for text in words.notes(a) for line in _wrap(text)]
    out += ["", "Per race                                   about    studies leave             luck"]
    out += [
        f"  {label:39.39s}{figure:>7s}{told:>17s}{luck:>17s}".rstrip() for label, figure, told, luck in words.table(a)
    ]
    out += _wrap(words.HEAT, "  ")
    if a.posts:
        out += ["", "Where helpers are worth standing"]
        for post in a.posts:
            out += [f"  {words.post(post)}", f"    {words.helpers(post)}"]
        out += _wrap(words.STOPS, "  ")
    out += ["", *_wrap(words.INTERVALS), *_wrap(words.MODEL)]
    if full:
        out += _full(a)
    else:
        out.append("Each kilometre, each hour and how the model compares with counts: --full")
    return "\n".join([*out, "", *_wrap(words.size(a))])


def _full(a: CohortAnswer) -> list[str]:
    most = max((k.cramps.parameters.middle for k in a.by_km), default=1.0) or 1.0
    out = ["", "First cramps per race by kilometre"]
    for k in a.by_km:
        e = k.cramps.parameters
        bar = "#" * round(_BAR * e.middle / most)
        out.append(f"  {k.km:3d} {words.whole(e.middle):>7s}  {words.studies(e):>16s}  {bar}".rstrip())
    out += _wrap(words.START, "  ")
    most = max((s.cramps.parameters.middle for s in a.by_slot), default=1.0) or 1.0
    out += ["", "First cramps per race by quarter of an hour"]
    for s in a.by_slot:
        e = s.cramps.parameters
        bar = "#" * round(_BAR * e.middle / most)
        out.append(f"  {words.clock(s.start_s)} {words.whole(e.middle):>7s}  {words.studies(e):>16s}  {bar}".rstrip())
    out += ["", "The model beside counts from other days and places"]
    for check in a.checks:
        label, model, counted, who = words.check(check)
        out.append(f"  {label}: model {model}; counted {counted or 'no figure'} ({who})")
    out += ["", "Where the field's numbers come from"]
    for origin in a.field.origins:
        out += _wrap(f"{origin.what}: {origin.where}", "  ")
    return out


def _wrap(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)
