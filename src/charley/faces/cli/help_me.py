"""`charley help-me`: a cramp, now. Warning signs first; no data, no journal, no network."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import click

from charley.faces.cli.experience import experience_options, told_experience
from charley.faces.cli.output import at_terminal, country_option, json_option, units_option
from charley.faces.cli.writing import force_option

WIDTH = 80
EXAMPLE = ("  charley help-me --flags pop", "  charley help-me --signs     (all names)")


@click.command(name="help-me")
@click.argument("text", nargs=-1, metavar="[WHAT HAPPENED]")
@click.option(
    "--flags", metavar="LIST", help="Warning signs that you see, separated by commas; none = checked, none there."
)
@click.option(
    "--muscle",
    type=click.Choice(["calf", "thigh_front", "thigh_back", "foot", "shin"]),
    help="What cramps; default: the muscle that your words name, else the calf.",
)
@click.option(
    "--where",
    "place",
    type=click.Choice(["land", "water", "road", "bed"]),
    default="land",
    show_default=True,
    help="Where you are.",
)
@click.option("--timer", is_flag=True, help="Count the hold down, second by second.")
@click.option("--after", type=click.Choice(["cramp", "strain"]), help="How to get back to running.")
@click.option("--why", is_flag=True, help="Add the reasons and their sources.")
@click.option("--signs", is_flag=True, help="List all warning signs with their names.")
@click.option("--page", type=click.Path(path_type=Path), metavar="PATH", help="Write the page for the phone.")
@click.option("--card", type=click.Path(path_type=Path), metavar="PATH", help="Write the card to print.")
@click.option("--report", type=click.Path(path_type=Path), metavar="PATH", help="Also write one page for a doctor.")
@experience_options
@country_option
@force_option
@units_option
@json_option
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> None:
    """A cramp, now: warning signs first, then what to do. At a terminal it asks six short questions.

    Works without data, journal or network; --report adds what the journal holds. General information, not medical
    advice: if unsure, call.
    """
    from charley.api import advice

    if options["page"] is not None or options["card"] is not None:
        _write(advice.cramp_card(), options)
    elif options["signs"]:
        _signs(advice.warning_signs(), options["json"])
    elif options["after"] is not None:
        _way_back(advice.return_to_run(options["after"]), options, ctx)
    elif options["json"]:
        answer = _answer(options)
        _report(answer, options, ctx)
        _json(answer)
    else:
        answer = _answer(options)
        click.echo(_text(answer, options["why"]))
        _report(answer, options, ctx)
        if options["timer"] and any(step.uses == "stretch" for step in answer.steps):
            _timer(advice.hold_timer)


def _answer(options: dict[str, Any]) -> Any:
    """The answer; at a terminal the screen is put as questions where nothing was said of it."""
    from charley.api import advice

    text, flags = " ".join(options["text"]), options["flags"]
    answer = advice.help_me(flags, options["muscle"], options["place"], text, options["country"])
    if answer.urgency != "not_screened" or options["json"] or not at_terminal():
        return answer
    from charley.faces.cli.help_me_questions import ask_signs

    signs = ask_signs(text)
    if signs is not None:
        flags = ",".join(signs) or "none"
    return advice.help_me(flags, options["muscle"], options["place"], text, options["country"])


def _report(answer: Any, options: dict[str, Any], ctx: click.Context) -> None:
    """The page for a doctor, from the answer and the journal; the advice comes first, whatever becomes of the page."""
    if options["report"] is None:
        return
    from charley.api import doctor
    from charley.faces.cli.writing import write_page
    from charley.faces.report.doctor_page import render_doctor_page

    page = doctor.doctor_page(answer, " ".join(options["text"]), ctx.obj.journal_path if ctx.obj else None)
    write_page(options["report"], render_doctor_page(page, options["units"]), force=options["force"], private=True)
    if not options["json"]:
        click.echo(f"\nFor the doctor: {options['report']}")


def _text(answer: Any, with_reasons: bool) -> str:
    """The answer for a terminal: what is asked, what to do, what not, what would change it."""
    from charley.vocabulary.words import words

    not_asked = answer.urgency == "not_screened"
    denied = words("ask.denied", signs=", ".join(f"no {name}" for name in answer.denied)) if answer.denied else ""
    lines = [answer.headline, ""]
    steps = list(answer.steps)
    if not_asked:
        lines = [words("help_me.place"), "", words("help_me.question")]
        lines += [line for row in answer.screen if row.id != "water" for line in _wrapped(row.text, "  - ")]
        lines += ["", words("help_me.if_any"), *EXAMPLE, "", words("help_me.if_none")]
        steps = [step for step in steps if step.uses != "screen"]
    if denied:
        lines = [*_wrapped(denied, ""), "", *lines]
    for number, step in enumerate(steps, 1):
        lines += _wrapped(step.text, f"{number:>2}  ")
    for title, told in (("do_not", answer.do_not), ("tell", answer.tell), ("what_changes", answer.changes)):
        if told:
            lines += ["", f"{words(f'help_me.{title}')}:"]
            lines += [line for text in told for line in _wrapped(text, "  - ")]
    if with_reasons:
        lines += ["", f"{words('help_me.why')}:"]
        told = [*answer.rules, *(step for step in answer.steps if step.why and step.uses != "care")]
        reasons = {row.why: f"{row.why} [{row.grade}: {', '.join(row.source_ids)}]" for row in told}
        lines += [line for text in reasons.values() for line in _wrapped(text, "  - ")]
    lines += ["", *_wrapped(f"{words('scope.line')} {words('scope.unchecked')}", "")]
    return "\n".join(lines)


def _wrapped(text: str, lead: str) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _json(answer: Any) -> None:
    from charley.faces.cli.meta import meta
    from charley.faces.cli.output import print_json

    print_json(
        {
            "meta": meta(),
            "urgency": answer.urgency,
            "headline": answer.headline,
            "steps": [step.text for step in answer.steps],
            "why": list(answer.why),
            "do_not": list(answer.do_not),
            "tell": list(answer.tell),
            "changes": list(answer.changes),
            "flags": None if answer.flags is None else list(answer.flags),
            "signs": list(answer.flags or ()),
            "denied": list(answer.denied),
            "screen": [{"id": row.id, "text": row.text, "flags": list(row.flags)} for row in answer.screen],
            "steps_detail": [
                {
                    "id": step.id,
                    "text": step.text,
                    "why": step.why,
                    "seconds": step.seconds,
                    "grade": step.grade,
                    "source_ids": list(step.source_ids),
                }
                for step in answer.steps
            ],
            "rules": [
                {
                    "id": rule.id,
                    "condition": rule.condition,
                    "urgency": rule.urgency,
                    "grade": rule.grade,
                    "source_ids": list(rule.source_ids),
                    "where": rule.where,
                }
                for rule in answer.rules
            ],
            "rules_version": answer.version,
            "checked_by_a_clinician": False,
            "muscle": answer.muscle,
            "place": answer.place,
        }
    )


def _signs(signs: Any, as_json: bool) -> None:
    from charley.faces.cli.meta import meta
    from charley.faces.cli.output import print_json

    if as_json:
        rows = [{"id": s.id, "group": s.group, "ask": s.ask, "also": list(s.also)} for s in signs]
        print_json({"meta": meta(), "signs": rows})
        return
    wide = max(len(sign.id) for sign in signs)
    for sign in signs:
        click.echo(f"{sign.id:<{wide}}  {sign.ask}")


def _way_back(stages: Any, options: dict[str, Any], ctx: click.Context) -> None:
    """The stages, and before them what is said to a runner of this experience."""
    from charley.api import advice, own_runs
    from charley.faces.cli.meta import meta
    from charley.faces.cli.output import print_json
    from charley.faces.report.wording.for_you import sentences
    from charley.vocabulary.words import words

    own = own_runs.own_runs(ctx.obj.journal_path if ctx.obj else None)
    for_you = advice.for_you(own_runs.experience_of(own, **told_experience(options)), "after")
    if options["json"]:
        fields = ("id", "when", "do", "passed_when", "why", "grade")
        rows = [{**{f: getattr(s, f) for f in fields}, "source_ids": list(s.source_ids)} for s in stages]
        said = [{"id": one.id, "claim_ids": list(one.claim_ids)} for one in for_you]
        print_json({"meta": meta(), "after": options["after"], "stages": rows, "for_you": said})
        return
    if for_you:
        click.echo(f"{words('for_you.label')}:")
        for line in sentences(for_you, options["units"]):
            click.echo("\n".join(_wrapped(line, "  ")))
    for stage in stages:
        click.echo(f"{stage.when[:1].upper()}{stage.when[1:]}:")
        for text in (stage.do, f"Then: {stage.passed_when}" if stage.passed_when else ""):
            if text:
                click.echo("\n".join(_wrapped(text, "  ")))


def _timer(hold_timer: Any) -> None:
    """Counts down on one line; asks after each round; ends with what to do next."""
    import time

    from charley.vocabulary.words import words

    freed = False

    def let_go() -> bool:
        nonlocal freed
        freed = click.confirm(words("help_me.timer_ask"), default=False)
        return freed

    click.echo(f"\n{words('help_me.timer_start')}")
    for left in hold_timer(let_go, time.sleep):
        click.echo(f"\r{left:>3} s ", nl=left == 1)
    click.echo(words("help_me.timer_done" if freed else "help_me.timer_over"))


def _write(card: Any, options: dict[str, Any]) -> None:
    from charley.faces.cli.meta import meta
    from charley.faces.cli.output import print_json
    from charley.faces.cli.writing import write_page
    from charley.faces.report.pictures.cramp_now import render_card, render_page

    written = []
    for path, render in ((options["page"], render_page), (options["card"], render_card)):
        if path is not None:
            write_page(path, render(card), force=options["force"])
            written.append(str(path))
    if options["json"]:
        print_json({"meta": meta(), "written": written})
    else:
        for path in written:
            click.echo(f"Written: {path}")
