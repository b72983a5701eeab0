"""`charley cohort`: a whole field of virtual runners through a race."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from charley.faces.cli import values
from charley.faces.cli.meta import meta
from charley.faces.cli.output import json_option, print_json
from charley.faces.cli.writing import check_free, force_option, write_bytes, write_page
from charley.vocabulary.errors import UsageError

PARTLY = 4  # exit code: done, but not all of it


@click.command(name="cohort")
@click.option("--field", default="mild-marathon", show_default=True, metavar="NAME|FILE",
              help="The race: mild-marathon, boston-2004, or your own file (docs/cohort.md).")  # fmt: skip
@click.option("--runners", type=int, default=10_000, show_default=True, metavar="N", help="How many virtual runners.")
@click.option("--seed", type=values.SEED, default=1, show_default=True, help="Same seed, same figures.")
@click.option("--workers", type=int, default=1, show_default=True, metavar="W", help="Processes that share the work.")
@click.option("--scheduler", metavar="tcp://HOST:PORT", help="A Dask cluster that does the work instead.")
@click.option("--chunk", type=int, metavar="N", help="Runners a task; the figures are the same for any.")
@click.option("--checkpoint", type=click.Path(path_type=Path), metavar="PATH",
              help="Keep what is counted there; run again, it goes on from it.")  # fmt: skip
@click.option("--trial", metavar="CHANGE", help="Design a trial instead: salt, slower-start, strength or shoes.")
@click.option("--effect", type=float, default=0.8, show_default=True, metavar="RATIO",
              help="With --trial: chance of a cramp with the change over that without it.")  # fmt: skip
@click.option("--base", type=float, default=0.2, show_default=True, metavar="SHARE",
              help="With --trial: how many cramp without the change.")  # fmt: skip
@click.option("--missed", type=float, metavar="SHARE", help="With --trial: reports that never come.")
@click.option("--html", "page", type=click.Path(path_type=Path), metavar="PATH", help="Also write the page.")
@click.option("--csv", "table", type=click.Path(path_type=Path), metavar="PATH", help="Also write the counts as CSV.")
@click.option(
    "--parquet", type=click.Path(path_type=Path), metavar="PATH", help="The same as Parquet, with its origin."
)
@force_option
@click.option("--full", is_flag=True, help="Each kilometre and hour, and the model beside counts.")
@json_option
@click.pass_context
def command(ctx: click.Context, /, **options: Any) -> int | None:
    """How many of a field will cramp, where and when; heat and over-drinking beside it; where helpers are worth
    standing. A model, with what studies leave open apart from luck. With --trial: how many runners a trial needs.
    """
    from charley.api import cohort as api

    if options["trial"] is not None:
        _design(options)
        return None
    if options["missed"] is not None:
        raise UsageError("usage-value", "reports that never come belong to a trial", "--missed", "Add --trial salt.")
    from charley.faces.report.cohort import json, page, tables, text

    for path in (options["page"], options["table"], options["parquet"]):
        check_free(path, force=options["force"])
    if options["parquet"] is not None:
        tables.check_parquet()
    answer = api.simulate(
        options["field"],
        runners=options["runners"],
        workers=options["workers"],
        scheduler=options["scheduler"],
        seed=options["seed"],
        chunk=options["chunk"],
        checkpoint=options["checkpoint"],
        progress=_progress if sys.stderr is not None and sys.stderr.isatty() else None,
    )
    if options["page"] is not None:
        write_page(options["page"], page.render(answer), force=options["force"])
    if options["table"] is not None:
        write_bytes(options["table"], tables.as_csv(answer), force=options["force"])
    if options["parquet"] is not None:
        write_bytes(options["parquet"], tables.as_parquet(answer), force=options["force"])
    if options["json"]:
        print_json({"meta": meta("ok"), **json.render(answer)})
    else:
        click.echo(text.render(answer, options["full"]))
    if answer.kept:
        return None
    found = "the checkpoint could not be written; the figures are whole"
    click.echo(f"charley: {UsageError('write-failed', found, str(options['checkpoint']))}", err=True)
    return PARTLY


_OF_A_FIELD = ("page", "table", "parquet", "checkpoint", "scheduler", "chunk")


def _design(options: dict[str, Any]) -> None:
    if given := [name for name in _OF_A_FIELD if options[name] is not None]:
        flag = {"page": "html", "table": "csv"}.get(given[0], given[0])
        raise UsageError(
            "usage-value", "that belongs to a field, not to the design of a trial", f"--{flag}", "Leave it out."
        )
    from charley.api import cohort as api
    from charley.faces.report.cohort import trial_text

    effect, base, missed = (options[name] for name in ("effect", "base", "missed"))
    made = api.design_trial(options["trial"], effect=effect, base=base, missed=missed, seed=options["seed"])
    if options["json"]:
        print_json({"meta": meta("ok"), "trial": trial_text.plain(made)})
    else:
        click.echo(trial_text.render(made))


def _progress(done: int, asked: int) -> None:
    click.echo(f"\r{done:,d} of {asked:,d} runners", err=True, nl=done == asked)
