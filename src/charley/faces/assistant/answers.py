"""What each tool says, from the same answers and in the same words as the command line.

Nothing that the runner typed is in it (notes, titles, names of files, shoes, races), and no path.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from charley.faces.assistant.danger import urgent_parts
from charley.faces.assistant.parts import Part
from charley.vocabulary.errors import UsageError
from charley.vocabulary.words import words

_RUNS = 8  # listed where nobody said how many
_MOST_CHANGES = 3
_SHORT_ID = 8


def why(told: Mapping[str, Any], journal: Path) -> list[Part]:
    """Why it cramped: one file, one run of the journal, or all of them."""
    from charley.api import history, one_run
    from charley.api import journal as journals
    from charley.faces.report.wording import first_screen
    from charley.faces.report.wording import words as said

    if "file" in told:
        if "run" in told:
            raise UsageError("mcp-argument", "one run is asked about: a file or a run, not both", "file, run")
        answer = one_run.why(_path(told["file"]), told.get("at"), guarded=True)
    elif "at" in told:
        raise UsageError("mcp-argument", "the place of the cramp belongs to a file", "at")
    elif "run" in told:
        answer = one_run.why_stored(journal, told["run"])
    elif not journals.list_runs(journal):
        raise UsageError("journal-no-runs", "the journal has no runs")
    else:
        answer = history.why(journal)
    screen = first_screen.build(answer, "metric")
    return [
        Part(str(screen.title)),
        Part(screen.occasion, 2),
        Part(f"How likely: {screen.chance}", 0),
        Part(f"Why: {screen.cause}", 1),
        Part(f"Change next: {screen.change}", 3),
        Part(f"Would tell more: {screen.tell}" if screen.tell else "", 4),
        Part(said.DEMO if answer.run.demo else "", 0),
    ]


def race(told: Mapping[str, Any], journal: Path) -> list[Part]:
    """A race to come; the forecast is not kept, since nothing is written."""
    from charley.api import journal as journals
    from charley.api import race as api
    from charley.faces.cli import race as typed
    from charley.faces.cli import values
    from charley.faces.report.race import text
    from charley.faces.report.race import words as said
    from charley.faces.report.wording.words import DEMO
    from charley.vocabulary.runner import Weather

    def read(kind: values.Quantity, name: str) -> float | None:
        return kind.convert(told[name], None, None) if name in told else None

    way = api.course(None, read(values.DISTANCE, "distance"), "")
    asked = api.race_of(
        way,
        goal_s=typed.goal(told["goal"], way.distance_m) if "goal" in told else None,
        starts_at=typed.moment(told["date"]) if "date" in told else None,
        weather=Weather(read(values.TEMPERATURE, "temp"), read(values.SHARE, "rh"), None, None),
    )
    learnt = not told.get("studies") and journals.store_exists(journal) and bool(journals.list_runs(journal))
    a = api.forecast(asked, journal=journal if learnt else None)
    clear = [f for f in a.levers if f.difference is not None]
    changes = [
        f"- {said.lever(f, 'metric')}: {said.points(f.difference)} of 100"
        + ("" if f.verdict == "clear" else " (can't tell)")
        for f in clear[:_MOST_CHANGES]
        if f.difference is not None
    ]
    return [
        Part("".join(said.title(a))),
        Part(f"{said.ranges(a)} {said.log_line(a)}" if a.chance is not None else ""),
        Part(f"{said.finish(a)} {said.stretch(a, 'metric') if a.chance is not None else ''}" if a.finish else "", 1),
        Part("What changes would buy, in points of 100:" if changes else "", 3),
        *(Part(change, 3) for change in changes),
        Part(" ".join(text.short_plan(a, "metric")), 2),
        Part(" ".join(said.health(note) for note in a.health.notes[:1]), 2),
        Part(DEMO if a.demo else "", 0),
    ]


def ask(told: Mapping[str, Any], journal: Path) -> list[Part]:
    """What studies say, and what the runner's own log says of it."""
    from charley.api import advice, own_runs
    from charley.faces.cli.ask import other_language, verdict
    from charley.faces.cli.own_log import own_log

    own = own_runs.own_runs(journal)
    asked = advice.ask(told["question"], own_log(own, "metric"), _country(told), own_runs.experience_of(own))
    if asked.other_language is not None:
        return [Part(line) for line in other_language(asked) if not line.startswith("  charley")]
    parts = [Part(words("ask.screen")), *(Part(f"- {row.text}") for row in asked.screen)] if asked.screen else []
    if asked.denied:
        parts.append(Part(words("ask.denied", signs=", ".join(f"no {name}" for name in asked.denied))))
    if asked.how == "declined":
        parts.append(Part(words("ask.declined")))
    parts += [Part(f"{lead.title} {lead.text}") for lead in asked.leads]
    for number, answer in enumerate(asked.answers):
        head = " ".join(f"{answer.headline or answer.told} {verdict(answer)} [{answer.claim_id}]".split())
        if number or asked.leads:
            parts.append(Part(f"See also: {head}", 5))
            continue
        parts += [Part(head), Part(answer.text, 1), Part(f"How sure: {answer.grade}. {answer.how_sure}", 2)]
        parts.append(Part(f"Your log: {answer.log}" if answer.log else "", 3))
    return parts


def help_me(told: Mapping[str, Any], journal: Path) -> list[Part]:
    """A cramp now: the screen of warning signs or what they ask for, then relief."""
    from charley.api import advice

    asked = advice.help_me(
        told.get("flags"), told.get("muscle"), told.get("where", "land"), told.get("text", ""), _country(told)
    )
    if asked.urgency not in ("self_care", "not_screened"):
        return [*urgent_parts(asked), Part(words("scope.unchecked"), 2)]
    parts: list[Part] = []
    if asked.denied:
        parts.append(Part(words("ask.denied", signs=", ".join(f"no {name}" for name in asked.denied)), 1))
    if asked.urgency == "not_screened":
        parts += [Part(words("help_me.place"), 1), Part(words("help_me.question"))]
        parts += [Part(f"- {row.text}") for row in asked.screen if row.id != "water"]
        parts += [Part("If one is true: no stretch, no rubbing, no jog; ask again with it in flags."),
                  Part(words("help_me.if_none"))]  # fmt: skip
    else:
        parts.append(Part(asked.headline))
    steps = [step.text for step in asked.steps if step.uses != "screen"]
    parts += [Part(f"{number}. {text}", min(number, 6) // 3) for number, text in enumerate(steps[:8], 1)]
    return [*parts, Part(" ".join(asked.changes), 3), Part(words("scope.unchecked"), 2)]


def _path(text: str) -> Path:
    """The path. Raises UsageError for what can be no name of a file."""
    try:
        whole = "\0" not in text and bool(os.fsencode(text))
    except UnicodeEncodeError:
        whole = False
    if not whole:
        raise UsageError("mcp-argument", "that can be no name of a file", "file")
    return Path(text)


def _country(told: Mapping[str, Any]) -> str | None:
    """The country, checked whether its number is needed or not. Raises UsageError for one that is not known."""
    from charley.api import advice

    code: str | None = told.get("country")
    known = [number.code for number in advice.emergency_numbers()]
    if code is not None and code.strip().upper() not in known:
        raise UsageError("country-unknown", f"no such country: {code[:20]}", "country")
    return code


def runs(told: Mapping[str, Any], journal: Path) -> list[Part]:
    """The latest runs: figures and states, never a word that somebody typed."""
    from charley.api import journal as journals
    from charley.faces.report.wording.figures import clock, distance_with_unit

    rows = journals.list_runs(journal)
    if not rows:
        raise UsageError("journal-no-runs", "the journal has no runs")
    reports = journals.reports(journal)
    states = {"none": "no cramp", "cramp": "cramp", "twitch": "twitch only"}
    shown = rows[: told.get("limit", _RUNS)]
    parts = [Part(f"{len(shown)} of {len(rows)} runs, the latest first. A run without an answer says nothing.")]
    for number, row in enumerate(shown):
        when = f"{row.started_at:%Y-%m-%d}" if row.dated else "date not known"
        state = states.get(reports[row.run_id].state(), "no answer")
        demo = " (made-up runner)" if row.demo else ""
        what = f"{distance_with_unit(row.distance_m, 'metric')} in {clock(row.elapsed_s)}: {state}{demo}"
        parts.append(Part(f"{row.run_id[:_SHORT_ID]} {when} {what}", number))
    return parts
