"""A cohort as one HTML page without script or network, for a race doctor: signs, verdict, where and when, limits."""

from __future__ import annotations

from typing import Any

from charley.faces.report.cohort import pictures, words
from charley.faces.report.page import environment, style
from charley.faces.report.pictures.pair import picture
from charley.faces.report.race.words import SCOPE
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording.words import RED_FLAGS
from charley.vocabulary.cohort import CohortAnswer
from charley.vocabulary.version import __version__


def render(a: CohortAnswer) -> str:
    """The whole page."""
    template = environment().get_template("cohort_page.html.j2")
    return template.render(
        name=fig.clean(a.field.name),
        tokens=style("tokens.css"),
        pictures_css=style("pictures.css"),
        css=style("answer.css", "report.css", "race_page.css"),
        signs=words.SIGNS,
        title=words.title(a),
        lede=words.ranges(a),
        notes=words.notes(a),
        facts=[("Where and when", words.peak(a)), ("What this is", words.MODEL)],
        pictures=_pictures(a),
        counts={
            "name": f"Of {a.field.runners:,d} runners",
            "heads": ["", "about", "studies leave", "luck"],
            "body": [list(row) for row in words.table(a)],
        },
        heat=words.HEAT,
        start=words.START,
        posts={
            "name": "Posts in the stretch with half of the cramps, each with as many as the next",
            "heads": ["Where", "when", "cases", "studies leave", "helpers kept busy"],
            "body": [words.post_row(p) for p in a.posts],
        },
        stops=words.STOPS,
        intervals=words.INTERVALS,
        checks={
            "name": "The model beside counts from other days and places",
            "heads": ["Figure", "model", "counted", "of whom"],
            "body": [list(words.check(c)) for c in a.checks],
        },
        checks_line=fig.count(len(a.checks), "figure"),
        groups={
            "name": "Who cramps, by finish time",
            "heads": ["Finish", "women", "men"],
            "body": words.groups(a),
        },
        origins=[f"{o.what}: {o.where}" for o in a.field.origins],
        origins_line=fig.count(len(a.field.origins), "source"),
        size=words.size(a),
        red_flags=RED_FLAGS,
        scope=SCOPE,
        made=f"charley {__version__}",
    )


def _pictures(a: CohortAnswer) -> list[dict[str, Any]]:
    """Road and clock, each with its table."""
    found = []
    for key, heading, bars, every, first in (
        ("road", "Along the road", pictures.by_km(a), 5, "From"),
        ("clock", "Along the clock", pictures.by_clock(a), 4, "From"),
    ):
        if bars:
            drawn = picture(
                lambda wide, bars=bars, key=key, every=every: pictures.draw(bars, key, wide, every),  # type: ignore[misc]
                f"First cramps {heading.lower()}",
                words.peak(a),
                [(f"First cramps {heading.lower()}", *pictures.table(bars, first))],
            )
            found.append({"id": key, "heading": heading} | drawn)
    return found
