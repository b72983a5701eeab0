"""What all verbs share in how they print."""

from __future__ import annotations

import json
from typing import Any

import click

json_option = click.option("--json", is_flag=True, help="One JSON object with a meta block.")
units_option = click.option(
    "--units", type=click.Choice(["metric", "imperial"]), default="metric", show_default=True, help="Units to show."
)


def print_json(thing: dict[str, Any]) -> None:
    """One object, compact enough for a pipe; NaN cannot stand in JSON and must not reach this point."""
    click.echo(json.dumps(thing, ensure_ascii=False, allow_nan=False))
