"""`charley cohort`: a whole field of virtual runners through a race."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from charley.faces.cli import values
from charley.faces.cli.meta import meta
from charley.faces.cli.output import json_option, print_json

PARTLY = 4  # exit code: done, but not all of it


@click.command(name="cohort")
@click.option("--field", default="mild-marathon", show_default=True, metavar="NAME|FILE",
              help="The race: mild-marathon, boston-2004, or your own file (docs/cohort.md).")  # fmt: skip
@click.option("--runners", type=int, default=10_000, show_default=True, metavar="N", help="How many virtual runners.")
@click.option("--seed", type=values.SEED, default=1, show_default=True, help="Same seed, same figures.")
@click.option("--workers", type=int, default=1, show_default=True, metavar="W", help="Processes that share the work.")
@click.option("--chunk", type=int, metavar="N", help="Runners a task; the figures are the same for any.")
@click.option("--checkpoint", type=click.Path(path_type=Path), metavar="PATH",
              help="Keep what is counted there; run again, it goes on from it.")  # fmt: skip
@click.option("--full", is_flag=True, help="Each kilometre and hour, and the model beside counts.")
@json_option
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> int | None:
    """How many of a field will cramp, where and when; heat and over-drinking beside it; where helpers are worth
    standing. A model, with what studies leave open apart from luck.
    """
    from charley.api import cohort as api
    from charley.faces.report.cohort import json, text

    answer = api.simulate(
        options["field"],
        runners=options["runners"],
        workers=options["workers"],
        seed=options["seed"],
        chunk=options["chunk"],
        checkpoint=options["checkpoint"],
        progress=_progress if sys.stderr is not None and sys.stderr.isatty() else None,
    )
    if options["json"]:
        print_json({"meta": meta("ok"), **json.render(answer)})
    else:
        click.echo(text.render(answer, options["full"]))
    return None if answer.kept else PARTLY


def _progress(done: int, asked: int) -> None:
    click.echo(f"\r{done:,d} of {asked:,d} runners", err=True, nl=done == asked)
