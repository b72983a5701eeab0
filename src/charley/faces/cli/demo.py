"""`charley demo`: a made-up runner's marathon, read and answered like any file, and marked DEMO throughout."""

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
    """See what an answer looks like, on a made-up runner."""
    from charley.api import one_run
    from charley.faces.cli.why import show
    from charley.vocabulary.errors import UsageError

    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = one_run.write_demo(folder)
    except OSError as error:
        raise UsageError("write-failed", error.strerror or "cannot be written", str(folder)) from error
    answer = one_run.why(file, one_run.DEMO_PLACE)
    show(answer, {**options, "page": folder / "why.html", "sources": False, "force": False, "full": False})
