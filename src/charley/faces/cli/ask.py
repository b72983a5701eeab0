"""`charley ask "does salt help?"`: graded answers from the evidence, and nothing where it has none."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import click

from charley.faces.cli.output import json_option, units_option

WIDTH = 80


@click.command(name="ask")
@click.argument("text", nargs=-1, metavar="QUESTION")
@click.option("--all", "full", is_flag=True, help="All answers in full, not only the first.")
@units_option
@json_option
def command(text: tuple[str, ...], full: bool, **options: Any) -> None:
    """What the studies say to a question, how sure that is, and who says otherwise.

    Offline, in English. Charley answers from graded claims alone, and says so when none fits.
    """
    from charley.api import advice

    asked = advice.ask(" ".join(text))
    if options["json"]:
        _json(asked)
    else:
        from charley.faces.report.wording.imperial import shown

        click.echo(_text(asked, full, lambda text: shown(text, options["units"])))


def _text(asked: Any, full: bool, shown: Callable[[str], str]) -> str:
    from charley.vocabulary.words import words

    lines: list[str] = []
    if asked.danger is not None:
        lines += [*_wrapped(f"{words('ask.first')} {words(f'urgency.{asked.danger.urgency}')}", ""), ""]
        for rule in asked.danger.leading[:2]:
            lines += [line for do in rule.do for line in _wrapped(do, "  - ")]
        flags = ",".join(asked.danger.flags or ())
        lines += ["", f"  charley help-me --flags {flags}", "", "-" * WIDTH, ""]
    if asked.danger is not None and asked.danger.urgency == "emergency" and not full:
        return "\n".join([*lines[:-2], "", words("ask.wait")])  # nothing else on the screen
    if not asked.answers:
        lines += _wrapped(words("ask.unknown"), "")
        lines += _wrapped(words("ask.unknown_next", examples=" ".join(asked.examples)), "")
    for number, answer in enumerate(asked.answers):
        if number == 0 or full:
            lines += [*_full(answer, shown), ""]
        else:
            lines += [f"{words('ask.also')}:"] if number == 1 else []
            lines += _wrapped(f"{shown(answer.told)} {_verdict(answer)} [{answer.claim_id}]", "  - ")
    return "\n".join([*lines, *([""] if lines[-1] else []), words("scope.line")])


def _full(answer: Any, shown: Callable[[str], str]) -> list[str]:
    from charley.vocabulary.words import words

    lines = [*_wrapped(f"{shown(answer.told)} [{answer.claim_id}]", ""), *_wrapped(_verdict(answer), ""), ""]
    lines += [*_wrapped(shown(answer.text), ""), ""]
    lines += _wrapped(f"{answer.grade}. {answer.how_sure}", f"{words('ask.sure')}: ")
    for title, rows in (("for", answer.evidence_for), ("against", answer.evidence_against)):
        if rows:
            lines += [f"{words(f'ask.{title}')}:"]
            lines += [line for row in rows for line in _wrapped(f"{shown(row.text)} [{row.id}]", "  - ")]
    for row in answer.otherwise:
        lines += [f"{words('ask.other')} ({row.about.lower()}):"]
        lines += [line for who, says in row.sides for line in _wrapped(f"{_who(who)}: {says}", "  - ")]
        lines += _wrapped(row.finding, "  = ")
    lines += _wrapped(answer.log or words("ask.no_log"), f"{words('ask.log')}: ")
    return lines


def _who(names: tuple[str, ...]) -> str:
    from charley.vocabulary.words import words

    return ", ".join(f"{name} ({words(f'seed.{name}')})" if name.startswith("S") else f"Study {name}" for name in names)


def _verdict(answer: Any) -> str:
    from charley.vocabulary.words import words

    if answer.told.endswith("?"):  # a question is neither right nor wrong
        return ""
    verdict = words(f"verdict.{answer.verdict}")
    return f"{verdict}: {answer.verdict_text}." if answer.verdict_text else f"{verdict}."


def _wrapped(text: str, lead: str) -> list[str]:
    hang = " " * len(lead) if lead.startswith(" ") else "  " if lead else ""
    return textwrap.wrap(
        text, WIDTH, initial_indent=lead, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False
    )


def _json(asked: Any) -> None:
    from charley.faces.cli.meta import meta
    from charley.faces.cli.output import print_json

    danger = asked.danger
    print_json(
        {
            "meta": meta(asked.status),
            "question": asked.question,
            "urgency": None if danger is None else danger.urgency,
            "flags": [] if danger is None else list(danger.flags or ()),
            "steps": [] if danger is None else [do for rule in danger.leading for do in rule.do],
            "answers": [
                {
                    "claim_id": answer.claim_id,
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
                            "sides": [{"who": list(who), "says": says} for who, says in row.sides],
                            "finding": row.finding,
                        }
                        for row in answer.otherwise
                    ],
                    "log": answer.log,
                    "seeds": list(answer.seeds),
                    "source_ids": list(answer.source_ids),
                }
                for answer in asked.answers
            ],
        }
    )


def _row(row: Any) -> dict[str, Any]:
    return {"id": row.id, "text": row.text, "source_ids": list(row.source_ids)}
