"""A squad as one HTML page without script or network: signs, verdict, and for each runner what to ask next."""

from __future__ import annotations

from charley.faces.report.page import environment, style
from charley.faces.report.race.words import SCOPE
from charley.faces.report.roster import words
from charley.faces.report.wording import figures as fig
from charley.vocabulary.roster import Roster
from charley.vocabulary.version import __version__


def render(a: Roster, units: str) -> str:
    """The whole page."""
    answered = [(r, r.found) for r in a.rows if r.found]
    return (
        environment()
        .get_template("roster_page.html.j2")
        .render(
            tokens=style("tokens.css"),
            css=style("answer.css", "report.css", "race_page.css"),
            demo=any(found.demo for _, found in answered),
            signs=words.SIGNS,
            flags=words.flags(a),
            title=words.title(a),
            lede=words.lede(a),
            runners=[
                {
                    "name": words.name(row),
                    "question": words.next_question(found),
                    "command": words.command(found),
                    "facts": [
                        ("Likely cause", words.cause(found)),
                        ("Chance of a cramp", words.chance(found, units)),
                        ("Last cramp", words.last_cramp(found, units)),
                        ("Not told yet", words.to_tell(found)),
                    ],
                }
                for row, found in answered
            ],
            how=words.HOW_TO_LOG,
            shared=words.shared(a),
            troubles=[(words.name(r), words.trouble(r)) for r in a.rows if not r.found],
            squad=fig.count(len(a.rows), "runner"),
            compare=words.COMPARE,
            private=words.PRIVATE,
            size=words.size(a),
            scope=SCOPE,
            made=f"charley {__version__}",
        )
    )
