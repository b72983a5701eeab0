"""What all verbs share in how they print."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

json_option = click.option("--json", is_flag=True, help="One JSON object with a meta block.")
country_option = click.option(
    "--country", metavar="CODE", help="Two letters (GB, US, DE): name the emergency number of that country alone."
)
units_option = click.option(
    "--units", type=click.Choice(["metric", "imperial"]), default="metric", show_default=True, help="Units to show."
)


def print_json(thing: dict[str, Any]) -> None:
    """One object, compact enough for a pipe; NaN cannot stand in JSON and must not reach this point.

    Where the output takes no UTF-8, or a name in it is no text, other letters are written as JSON escapes.
    """
    text = json.dumps(thing, ensure_ascii=False, allow_nan=False)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(thing, allow_nan=False)
    click.echo(text)


def at_terminal() -> bool:
    """True where a person sits at both ends, and can be asked."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
