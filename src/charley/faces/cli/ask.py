"""`charley ask "does salt help?"`: graded answers from the evidence, and nothing where it has none."""

from __future__ import annotations

import textwrap
from typing import Any

import click

from charley.faces.cli.experience import experience_options, told_experience
from charley.faces.cli.output import country_option, json_option, print_json, units_option

WIDTH = 80


@click.command(name="ask")
@click.argument("text", nargs=-1, metavar="QUESTION")
@click.option("--all", "full", is_flag=True, help="All answers in full, not only the first.")
@experience_options
@country_option
@units_option
@json_option
@click.pass_context
def command(ctx: click.Context, /, text: tuple[str, ...], full: bool, **options: Any) -> None:
    """What the studies say to a question, how sure that is, who says otherwise, and what your own log says of it.

    Offline, in English. Charley answers from graded claims alone, and says so when none fits.
    """
    from charley.api import advice, own_runs
    from charley.faces.cli.own_log import own_log

    own = own_runs.own_runs(ctx.obj.journal_path if ctx.obj else None)
    known = own_runs.experience_of(own, **told_experience(options))
    asked = advice.ask(" ".join(text), own_log(own, options["units"]), options["country"], known)
    if options["json"]:
        print_json(ask_json(asked))
    else:
        click.echo(_text(asked, full, options["units"]))


def _text(asked: Any, full: bool, units: str) -> str:
    from charley.vocabulary.words import words

    if asked.other_language is not None:
        return "\n".join(other_language(asked))
    lines: list[str] = []
    if asked.danger is not None:
        urgency = asked.danger.urgency
        call = asked.call if urgency == "emergency" else words(f"urgency.{urgency}")
        lines += [*_wrapped(f"{words('ask.first')} {call}", ""), ""]
        lines += [line for do in asked.danger.steps(2) for line in _wrapped(do, "  - ")]
        flags = ",".join(asked.danger.flags or ())
        lines += ["", f"  charley help-me --flags {flags}", "", "-" * WIDTH, ""]
    if asked.danger is not None and asked.danger.urgency == "emergency" and not full:
        return "\n".join([*lines[:-2], "", words("ask.wait")])  # nothing else on the screen
    if asked.screen:
        lines += [*_wrapped(words("ask.screen"), ""), *(f"  - {row.text}" for row in asked.screen)]
        lines += [*_wrapped(words("ask.screen_yes"), ""), "", "-" * WIDTH, ""]
    if asked.denied:
        lines += [*_wrapped(words("ask.denied", signs=", ".join(f"no {name}" for name in asked.denied)), ""), ""]
    if asked.how == "declined":
        lines += _wrapped(words("ask.declined"), "")
        lines += _wrapped(words("ask.declined_next", examples=" ".join(asked.examples)), "")
    for lead in asked.leads:
        lines += [
            *_wrapped(f"{lead.title} {lead.text}", ""),
            *([f"  {lead.command}"] if lead.command else []),
            "",
        ]
    lines += _answers(asked, full, units)
    return "\n".join([*lines, *([""] if lines[-1] else []), words("scope.line")])


def other_language(asked: Any) -> list[str]:
    """The answer in the language of the danger words, with the numbers of its countries by name."""
    from charley.vocabulary.words import words

    said = asked.other_language
    if asked.danger is None or asked.danger.urgency not in ("emergency", "urgent"):
        return [said.only_english, *(f"  {name}: {number}" for name, number in said.numbers), "", said.unchecked]
    lines = [said.call, *(f"  {name}: {number}" for name, number in said.numbers), "", said.stay, "", said.unchecked]
    flags = ",".join(asked.danger.flags or ())
    return [*lines, "", *_wrapped(words("emergency.unchecked"), ""), f"  charley help-me --flags {flags}"]


def _answers(asked: Any, full: bool, units: str) -> list[str]:
    """The first answer in full and the others in a line; of a text with several questions, one short answer to each."""
    from charley.vocabulary.words import words

    lines: list[str] = []
    several = len(asked.ideas) > 1
    if several and not full:
        by_id = {answer.claim_id: answer for answer in asked.answers}
        for idea in asked.ideas:
            if idea in by_id:
                answer = by_id[idea]
                lines += [*_wrapped(_headline(answer), ""), *_wrapped(answer.text, "  "), ""]
        return lines
    if asked.how == "choice" and not full:
        lines += [words("ask.choice")]
        lines += [line for a in asked.answers[:3] for line in _wrapped(_headline(a), "  - ")]
        return [*lines, *_wrapped(words("ask.choice_next"), "")]
    for number, answer in enumerate(asked.answers):
        if full or (number == 0 and not asked.leads):
            lines += [*_full(answer, units), ""]
        else:
            lines += [f"{words('ask.also')}:"] if number == (0 if asked.leads else 1) else []
            lines += _wrapped(_headline(answer), "  - ")
    return lines


def _headline(answer: Any) -> str:
    """The verdict in a line, and the id."""
    right = "" if answer.headline else verdict(answer)
    return " ".join(f"{answer.headline or answer.told} {right} [{answer.claim_id}]".split())


def _full(answer: Any, units: str) -> list[str]:
    from charley.faces.report.wording.for_you import sentences
    from charley.vocabulary.words import words

    lines = _wrapped(f"{answer.headline or answer.told} [{answer.claim_id}]", "")
    if answer.headline and not answer.told.endswith("?"):
        lines += _wrapped(words("ask.told", claim=answer.told, verdict=verdict(answer)), "")
    elif not answer.headline:
        lines += _wrapped(verdict(answer), "")
    lines += ["", *_wrapped(answer.text, ""), ""]
    lines += _wrapped(f"{answer.grade}. {answer.how_sure}", f"{words('ask.sure')}: ")
    for title, rows in (("for", answer.evidence_for), ("against", answer.evidence_against)):
        if rows:
            lines += [f"{words(f'ask.{title}')}:"]
            lines += [line for row in rows for line in _wrapped(f"{row.text} [{row.id}]", "  - ")]
    for row in answer.otherwise:
        lines += [f"{words('ask.other')} ({row.about.lower()}):"]
        lines += [line for names, says in row.sides for line in _wrapped(f"{who(names)}: {says}", "  - ")]
        lines += _wrapped(row.finding, "  = ")
    lines += _wrapped(answer.log or words("ask.no_log"), f"{words('ask.log')}: ")
    for said in sentences(answer.for_you, units):
        lines += _wrapped(said, f"{words('for_you.label')}: ")
    return lines


def who(names: tuple[str, ...]) -> str:
    """Texts and studies by name, with what a text is."""
    from charley.vocabulary.words import words

    return ", ".join(f"{name} ({words(f'seed.{name}')})" if name.startswith("S") else f"Study {name}" for name in names)


def verdict(answer: Any) -> str:
    """Whether what people say is right, in a line."""
    from charley.vocabulary.words import words

    if answer.told.endswith("?"):  # a question is neither right nor wrong
        return ""
    right = words(f"verdict.{answer.verdict}")
    return f"{right}: {answer.verdict_text}." if answer.verdict_text else f"{right}."


def _wrapped(text: str, lead: str) -> list[str]:
    hang = " " * len(lead) if lead.startswith(" ") else "  " if lead else ""
    return textwrap.wrap(
        text, WIDTH, initial_indent=lead, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False
    )


def ask_json(asked: Any) -> dict[str, Any]:
    """The answers as JSON."""
    from charley.faces.cli.meta import meta

    danger = asked.danger
    return {
        "meta": meta(asked.status),
        "question": asked.question,
        "urgency": None if danger is None else danger.urgency,
        "flags": [] if danger is None else list(danger.flags or ()),
        "signs": list(asked.heard.signs),
        "denied": list(asked.heard.denied),
        "language": asked.heard.language,
        "numbers": [] if asked.other_language is None else [list(pair) for pair in asked.other_language.numbers],
        "corrections": [list(pair) for pair in asked.heard.corrections],
        **({"screen": [{"id": row.id, "text": row.text} for row in asked.screen]} if asked.screen else {}),
        "how": asked.how,
        "leads": [
            {"intent": lead.intent, "title": lead.title, "text": lead.text, "command": lead.command}
            for lead in asked.leads
        ],
        "ideas": list(asked.ideas),
        "steps": [] if danger is None else list(danger.steps()),
        "answers": [
            {
                "claim_id": answer.claim_id,
                "headline": answer.headline,
                "text": answer.text,
                "told": answer.told,
                "verdict": answer.verdict,
                "verdict_text": answer.verdict_text,
                "grade": answer.grade,
                "how_sure": answer.how_sure,
                "for": [_row(row) for row in answer.evidence_for],
                "against": [_row(row) for row in answer.evidence_against],
                "otherwise": [
                    {
                        "about": row.about,
                        "sides": [{"who": list(names), "says": says} for names, says in row.sides],
                        "finding": row.finding,
                    }
                    for row in answer.otherwise
                ],
                "log": answer.log,
                "for_you": [{"id": one.id, "claim_ids": list(one.claim_ids)} for one in answer.for_you],
                "seeds": list(answer.seeds),
                "source_ids": list(answer.source_ids),
            }
            for answer in asked.answers
        ],
    }


def _row(row: Any) -> dict[str, Any]:
    return {"id": row.id, "text": row.text, "source_ids": list(row.source_ids)}
