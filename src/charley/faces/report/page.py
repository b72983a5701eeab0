"""The report as one HTML page without script or network: pictures, tables and sentences put into their places."""

from __future__ import annotations

import re
from dataclasses import asdict
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from charley.faces.report import journal_page
from charley.faces.report.pictures import dots, drivers
from charley.faces.report.strip import late, rows, strip, strip_words
from charley.faces.report.wording import asked, definitions, figures, first_screen, place, words
from charley.faces.report.wording.sources import READ_AS
from charley.vocabulary.answer import Why
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.version import __version__

if TYPE_CHECKING:
    from jinja2 import Environment

    from charley.vocabulary.over_journal import TrackRecord


def render(answer: Why, units: str, record: TrackRecord | None = None) -> str:
    """The whole page; ``record``: how good forecasts were, for the page of a journal."""
    template = environment().get_template("report.html.j2")
    return template.render(
        tokens=style("tokens.css"),
        pictures=style("pictures.css"),
        css=style("answer.css", "report.css"),
        **parts(answer, units, record),
    )


def environment() -> Environment:
    """Where the templates of pages are found and how they are filled in."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("charley.faces.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def style(*sheets: str) -> Any:
    """Style sheets of this room, to stand in the head of a page."""
    room = files(__package__)
    return _markup("\n".join((room / sheet).read_text(encoding="utf-8") for sheet in sheets))


def parts(answer: Why, units: str, record: TrackRecord | None = None) -> dict[str, Any]:
    """What ``answer.html.j2`` is filled with, on the page by itself and in the app."""
    return _answer(answer, units, record) | _rest(answer, units)


def _tight(text: str) -> str:
    """A text whose figures stay with their range and unit at the end of a line."""
    return re.sub(r"(?<=\d) (?=in 100|of 10|to |%|km|mi)|(?<=to) (?=\S+\))", "\u00a0", text)


def _markup(text: str) -> Any:
    """Text of our own making (style sheets, drawings, which escape what they hold) that goes into the page as it is."""
    from markupsafe import Markup

    return Markup(text)


def _answer(answer: Why, units: str, record: TrackRecord | None) -> dict[str, Any]:
    """Title, the three figures, the strip and the drivers."""
    studies, of = answer.base_rate_studies, figures.denominator(answer)
    listed = rows.build(answer, units)
    screen = first_screen.build(answer, units)
    run_shown = "" if answer.journal is None else f"{words.occasion(answer, units)} "
    return {
        "file": words.subject(answer),
        "demo": words.DEMO if answer.run.demo else "",
        "where": place.in_words(answer, units) if answer.journal is None else "",
        "title": {part: _tight(text) for part, text in asdict(screen.title).items()},
        "screen": {part: _tight(text) for part, text in asdict(screen).items() if isinstance(text, str)},
        "warnings": words.warnings(answer, units),
        "warnings_line": figures.count(len(words.warnings(answer, units)), "thing"),
        "chance_line": figures.in_100(answer.chance, of),
        "shown_heading": "Your latest cramped run" if answer.cramp else "One run by itself",
        "chance": {
            **_figure("run", answer.chance, of),
            "heading": words.chance_heading(answer),
            "note": f"Filled: the middle estimate. Outlined: up to the upper limit. {words.calf_line(answer)}",
        },
        "notes": " ".join(n for n in (words.class_line(answer), words.after_line(answer)) if n),
        "base": {
            **_figure("base", answer.base_rate, of),
            "heading": words.base_heading(answer, units),
            "note": f"A mass field at this distance. Volunteers of studies: {figures.in_100(studies, of)}.",
        },
        "log": {"note": f"{words.log_size(answer)}. {words.log_line(answer)}"},
        "figures": _figures_table(answer, units),
        "strip": {
            **_drawn(
                strip.draw(answer, listed, units, True),
                strip.draw(answer, listed, units, False),
                "Run strip",
                strip_words.description(answer, listed, units),
            ),
            "heading": _tight(late.strip_heading(answer, units)),
            "caption": f"{run_shown}{strip_words.caption(answer, listed, units)}",
            "tables": _strip_tables(answer, listed, units),
        },
        "drivers": _drivers(answer, units),
        "over_journal": _over_journal(answer, units, record),
    }


def _figure(name: str, chance: Estimate, of: int) -> dict[str, Any]:
    return {
        "mean": figures.told(chance.middle, of),
        "range": figures.chance_range(chance, of) + (" of 10" if of == 10 else ""),
        "dots": _markup(dots.draw(name, chance, of).svg(dots.title(chance, of), dots.description(chance, of), "dots")),
    }


def _drawn(wide: Any, narrow: Any, title: str, description: str) -> dict[str, Any]:
    return {
        "wide": _markup(wide.svg(title, description, "wide")),
        "narrow": _markup(narrow.svg(title, description, "narrow")),
    }


def _over_journal(answer: Why, units: str, record: TrackRecord | None) -> list[dict[str, Any]]:
    """The sections that only a whole journal has."""
    if answer.journal is None:
        return []
    made = journal_page.sections(answer, units, record, _markup)
    return [
        s | {"heading": _tight(s["heading"]), "lines": [_tight(line) for line in s["lines"]], "open": s["fold"] is None}
        for s in made
    ]


def _drivers(answer: Why, units: str) -> dict[str, Any] | None:
    if not answer.drivers:
        return None
    heads, body = drivers.table(answer, units)
    return {
        **_drawn(
            drivers.draw(answer, True, units),
            drivers.draw(answer, False, units),
            "Drivers of a cramp",
            drivers.description(answer),
        ),
        "heading": words.drivers_heading(answer),
        "caption": drivers.key(answer),
        "tables": [
            {
                "name": f"Drivers: {words.share_key(answer)}",
                "heads": heads,
                "body": body,
            }
        ],
    }


def _strip_tables(answer: Why, listed: list[rows.Row], units: str) -> list[dict[str, Any]]:
    heads, body = strip_words.table(answer, listed)
    tables = [{"name": "The run along its axis; of model values, where 8 in 10 lie", "heads": heads, "body": body}]
    breaks = strip_words.breaks_table(answer, units)
    if breaks:
        tables.append({"name": "Pauses and gaps", "heads": ["Place", "What", "How long"], "body": breaks})
    return tables


def _figures_table(answer: Why, units: str) -> dict[str, Any]:
    """Each chance of the answer with its limits."""
    of = figures.denominator(answer)
    listed = [
        (words.chance_heading(answer), answer.chance),
        *((f"… if {words.class_name(n)} ({figures.told(p, of)} likely)", e) for n, p, e in answer.chance_by_class),
        (words.base_heading(answer, units), answer.base_rate),
        ("Volunteers of studies", answer.base_rate_studies),
        ("Of cramps, those that reach the calf", answer.calf_share),
        *((words.window_name(window), e) for window, e in answer.chance_after),
    ]
    body = [
        [
            name,
            figures.chance(e.middle, of),
            f"{figures.chance(e.low50, of)} to {figures.chance(e.high50, of)}",
            figures.chance_range(e, of),
        ]
        for name, e in listed
    ]
    return {"name": f"Chances, of {of}", "heads": [f"Of {of}", "middle", "5 in 10 lie", "8 in 10 lie"], "body": body}


def _rest(answer: Why, units: str) -> dict[str, Any]:
    """The last part of the run, what would tell, what was assumed or missing, sources and footer."""
    in_strip = {m.key for m in rows.strip_missing(answer)}
    grades = words.grades_by_source(answer)
    cited = words.cited_here(answer)
    listed = [
        {
            "id": s.id,
            "number": number,
            "grades": grades.get(s.id, []),
            "citation": figures.clean(s.citation).rstrip("."),
            "reference": figures.clean(s.reference),
            "finding": figures.clean(s.finding),
            "interest": figures.clean(s.interest),
            "seen": READ_AS.get(s.seen, ""),
        }
        for number, s in enumerate(answer.sources, start=1)
    ]
    return {
        "late": _late(answer, units),
        "would_tell": _would_tell(answer, units),
        "assumed": [{"label": asked.ASSUMED[a.key], "text": asked.assumed(a, units)} for a in answer.assumed],
        "missing": [
            {
                "label": asked.CHANNELS[m.key].label,
                "adds": asked.adds(m),
                "how": asked.CHANNELS[m.key].shown,
            }
            for m in answer.missing
            if m.key not in in_strip
        ],
        "sources": [s for s in listed if s["id"] in cited],
        "more_sources": [s for s in listed if s["id"] not in cited],
        "grade_key": words.GRADE_KEY,
        "assumed_line": figures.count(len(answer.assumed), "thing"),
        "sources_line": figures.count(len(listed), "source"),
        "red_flags": words.RED_FLAGS,
        "scope": words.scope(),
        "made": f"{answer.draws:,} draws · seed {answer.seed} · charley {__version__}",
    }


def _late(answer: Why, units: str) -> dict[str, Any] | None:
    if not (answer.detected or answer.stops or answer.decline):
        return None
    named, more = late.shown_stops(answer)
    return {
        "heading": "The last part of the run",
        "line": late.heading(answer).removeprefix("The last part of the run").lstrip(": "),
        "stops": [
            {
                "text": late.stop_sentence(s, answer, units),
                "command": "" if late.is_the_cramp(s, answer) else late.log_command(s, units),
            }
            for s in named
        ],
        "more_stops": more,
        "detected": [
            {
                "label": definitions.DEFINITIONS[d.id].label,
                "verdict": definitions.verdict(d, units),
                "point": "" if d.at_m is None and d.at_s is None else late.point(d.at_m, d.at_s, units),
                "definition": definitions.asks(d, units),
                "cited": words.cited_numbers(d.source_ids, answer),
            }
            for d in answer.detected
        ],
        "decline": late.decline_sentence(answer.decline, figures.denominator(answer)) if answer.decline else "",
        "decline_cited": words.cited_numbers(answer.decline.source_ids, answer) if answer.decline else [],
    }


def _would_tell(answer: Why, units: str) -> dict[str, Any] | None:
    telling, rest = words.steps_that_tell(answer)
    if not telling and not rest:
        return None
    steps = [
        {
            "what": figures.upper_first(asked.step(w)),
            "flag": words.with_file(asked.command(w, answer), answer, units),
            "worth": first_screen.worth(w),
        }
        for w in telling
    ]
    return {"steps": steps, "little": words.little_told(rest), "line": figures.count(len(telling), "step")}
