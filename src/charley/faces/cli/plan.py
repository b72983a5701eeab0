"""`charley plan`: the weeks to a race."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from charley.faces.cli import values
from charley.faces.cli.meta import meta
from charley.faces.cli.output import json_option, print_json, units_option
from charley.faces.cli.writing import force_option, write_bytes
from charley.vocabulary.errors import UsageError


@click.command(name="plan")
@click.option(
    "--distance", type=values.DISTANCE, metavar="marathon", help="Length of the race, or marathon, half, 10k."
)
@click.option("--date", "day", metavar="2027-04-11", help="The day of the race.")
@click.option("--years", type=values.YEARS, metavar="6", help="Years of running; 8months for a beginner.")
@click.option("--ics", "calendar", type=click.Path(path_type=Path), metavar="PATH", help="Also write a calendar.")
@force_option
@click.option("--full", is_flag=True, help="Every week, strength, shoes, style, and what has evidence.")
@units_option
@json_option
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> None:
    """The weeks to a race: long runs that never jump, a taper, calf raises that go on from what you log.

    It begins at what your journal holds. Ask again after missed weeks: it begins anew from what you then ran.
    """
    from charley.api import journal as journals
    from charley.api import training as api
    from charley.faces.report.training import calendar, json, text

    if options["distance"] is None:
        raise UsageError("race-needs", "no distance", "--distance", "charley plan --distance half --date 2027-04-11")
    if options["day"] is None:
        raise UsageError("race-date", "no date", "--date", "charley plan --distance half --date 2027-04-11")
    journal = journals.journal_path(ctx.obj.journal_path)
    plan = api.training_plan(journal, options["distance"], day_of(options["day"]), options["years"])
    if options["calendar"] is not None:
        data = calendar.ics(plan, options["units"])
        write_bytes(options["calendar"], data, force=options["force"], inputs=(journal,), private=True)
    if options["json"]:
        print_json({"meta": meta("ok"), **json.render(plan)})
        return
    click.echo(text.render(plan, options["units"], options["full"]))


def day_of(text: str) -> date:
    """The day of a race as typed."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise UsageError("race-date", f"{text[:40]!r} is no date", "--date") from None
