"""What chooses the words of advice: years of running, longest run, cramps before; told here, or taken from the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from charley.faces.cli import values

_OPTIONS = (
    click.option("--years", type=values.YEARS, metavar="12", help="Years of running; 8months for a beginner."),
    click.option("--longest", type=values.DISTANCE, metavar="30km", help="Longest run of the last 30 days."),
    click.option("--history", type=values.History(), metavar="3/10", help="Cramps in your last long races."),
)


def experience_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The three options; without them the journal says what it can."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def told_experience(options: dict[str, Any]) -> dict[str, Any]:
    """What was told, as ``api.own_runs.experience_of`` takes it."""
    history = options["history"]
    return {
        "years": options["years"],
        "longest_m": options["longest"],
        "cramped": None if history is None else history.cramped,
    }
