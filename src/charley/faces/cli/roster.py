"""`charley roster`: a squad, each runner by their own journal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from charley.faces.cli import values
from charley.faces.cli.meta import meta
from charley.faces.cli.output import json_option, print_json, units_option
from charley.faces.cli.writing import check_free, force_option, write_page
from charley.vocabulary.errors import UsageError

PARTLY = 4  # exit code: done, but not all of it


@click.command(name="roster")
@click.argument("journals", nargs=-1, metavar="FOLDER...")
@click.option("--html", "page", type=click.Path(path_type=Path), metavar="PATH", help="Also write the coach's page.")
@click.option("--workers", type=int, default=1, show_default=True, metavar="W", help="Processes that share the work.")
@click.option("--scheduler", metavar="tcp://HOST:PORT", help="A Dask cluster of yours that does the work instead.")
@click.option("--together", is_flag=True, help="Also learn what the squad shares, and begin each runner from that.")
@click.option("--seed", type=values.SEED, default=1, show_default=True, help="Same seed, same figures.")
@force_option
@units_option
@json_option
def command(**options: Any) -> int | None:
    """For a coach: what to ask each runner next, what their log points to, the chance in their next hard run.

    FOLDER holds a journal, or one folder with a journal for each runner. Each keeps its answer, so that only what has
    changed is worked out again. Nothing leaves your machines.
    """
    from charley.api import roster as api
    from charley.faces.report.roster import json, page, text

    if not options["journals"]:
        raise UsageError(
            "usage-flag", "no folder with journals is named", "charley roster", "See: charley roster --help"
        )
    check_free(options["page"], force=options["force"])
    answer = api.learn_squad(
        options["journals"],
        workers=options["workers"],
        scheduler=options["scheduler"],
        seed=options["seed"],
        together=options["together"],
        progress=_progress if sys.stderr is not None and sys.stderr.isatty() else None,
    )
    if options["page"] is not None:
        write_page(options["page"], page.render(answer, options["units"]), force=options["force"], private=True)
    if options["json"]:
        print_json({"meta": meta("ok"), **json.render(answer)})
    else:
        click.echo(text.render(answer, options["units"]))
    return None if all(row.found for row in answer.rows) else PARTLY


def _progress(done: int, asked: int) -> None:
    click.echo(f"\r{done:,d} of {asked:,d} runners", err=True, nl=done == asked)
