"""A race as one HTML page without script or network: pictures, the plan and what was assumed."""

from __future__ import annotations

from charley.faces.report.page import environment, style
from charley.faces.report.race import sections, words
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording.words import DEMO, RED_FLAGS
from charley.vocabulary.race import RaceAnswer
from charley.vocabulary.version import __version__


def render(answer: RaceAnswer, units: str) -> str:
    """The whole page."""
    a, race = answer, answer.race
    length = words.length(race.course.distance_m, units)
    when = f", {race.starts_at.day} {race.starts_at:%B %Y}" if race.starts_at else ""
    predicted = sections.predictors(a)
    template = environment().get_template("race_page.html.j2")
    return template.render(
        name=f"{fig.clean(race.name) or 'a race'}, {length}{when}",
        tokens=style("tokens.css"),
        pictures_css=style("pictures.css"),
        css=style("answer.css", "report.css", "race_page.css"),
        demo=DEMO if a.demo else "",
        title=words.title(a),
        lede=words.log_line(a),
        facts=sections.facts(a, units),
        notes=sections.notes(a),
        pictures=sections.pictures(a, units),
        plan=sections.plan(a, units),
        assumed=[words.assumed(n, units) for n in a.assumed],
        assumed_line=fig.count(len(a.assumed), "thing"),
        predictors={"name": "Published predictors", "heads": sections.PREDICTOR_HEADS, "body": predicted}
        if predicted
        else None,
        predictors_line=fig.count(len(predicted), "predictor"),
        red_flags=RED_FLAGS,
        scope=words.SCOPE,
        made=f"charley {__version__}",
    )
