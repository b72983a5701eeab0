"""`charley demo`: a made-up runner's two years, answered like anybody's, and marked DEMO throughout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from charley.faces.cli.output import json_option, units_option


@click.command(name="demo")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("charley-demo"),
    show_default=True,
    help="Where the made-up file and the page go.",
)
@units_option
@json_option
def command(folder: Path, **options: Any) -> None:
    """See what an answer looks like, on a made-up runner's two years. It leaves two pages and a run to play with."""
    import tempfile

    from charley.api import demo, history, one_run
    from charley.faces.cli.why import show
    from charley.faces.cli.writing import check_free, write_page
    from charley.faces.report import render_why
    from charley.vocabulary.errors import UsageError

    pages = [folder / "why.html", folder / "run.html"]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = one_run.write_demo(folder)
    except OSError as error:
        raise UsageError("write-failed", error.strerror or "cannot be written", str(folder)) from error
    for page in pages:
        check_free(page, inputs=(file,))
    with tempfile.TemporaryDirectory(prefix="charley-demo-") as there:
        journal = Path(there) / "journal.sqlite"
        demo.fill(journal)
        answer = history.why(journal)
    write_page(pages[0], render_why(answer, options["units"]), inputs=(file,), private=True)
    alone = one_run.why(file, one_run.DEMO_PLACE)
    write_page(pages[1], render_why(alone, options["units"]), inputs=(file,), private=True)
    show(answer, {**options, "page": None, "sources": False, "force": False, "full": False})
    if not options["json"]:
        click.echo(f"\nThe page: {pages[0]}; one of the runs alone: {pages[1]}")
        click.echo("All of it in your browser: charley serve --demo")
