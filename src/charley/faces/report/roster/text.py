"""A squad for a terminal of 80 columns."""

from __future__ import annotations

import textwrap

from charley.faces.report.roster import words
from charley.faces.report.wording.words import DEMO
from charley.vocabulary.roster import Roster

_WIDTH = 80


def render(a: Roster, units: str) -> str:
    """Signs, verdict, and five lines a runner."""
    out = [*_wrap(words.SIGNS), ""]
    out += [line for flag in words.flags(a) for line in [*_wrap(flag), ""]]
    out += [*_wrap(words.title(a)), *_wrap(words.lede(a))]
    if any(r.found and r.found.demo for r in a.rows):
        out += _wrap(DEMO)
    for row in a.rows:
        out += ["", words.name(row)]
        if row.found is None:
            out += _wrap(words.trouble(row), "  ")
            continue
        for label, said in (
            ("Next step", words.next_question(row.found)),
            ("Cause", words.cause(row.found)),
            ("Chance", words.chance(row.found, units)),
            ("With squad", words.chance_together(row)),
            ("Last cramp", words.last_cramp(row.found, units)),
            ("Not told", words.to_tell(row.found)),
        ):
            out += _wrap(said, f"  {label:12.12s}")
        if command := words.command(row.found):
            out += _wrap(command, f"  {'To log it':12.12s}")
    if shared := words.shared(a):
        out += ["", "What the squad shares", *(line for said in shared for line in _wrap(said, "  "))]
    return "\n".join([*out, "", *_wrap(words.COMPARE), *_wrap(words.PRIVATE), *_wrap(words.size(a))])


def _wrap(text: str, label: str = "") -> list[str]:
    """Lines of the terminal; further ones stand under the first."""
    return textwrap.wrap(text, _WIDTH, initial_indent=label, subsequent_indent=" " * len(label))
