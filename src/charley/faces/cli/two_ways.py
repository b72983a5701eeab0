"""A time with two readings ("0:45"): asked back at a terminal; elsewhere one line says how to write each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from charley.faces.cli.output import at_terminal
from charley.vocabulary.errors import UsageError
from charley.vocabulary.words import words

T = TypeVar("T")


def with_place(work: Callable[[str], T], at: str, *, may_ask: bool) -> T:
    """``work(at)``; where ``at`` is a "2:45" that can be two times of the run, ``work`` of the one that is meant.

    Raises UsageError "at-two-ways" where nobody can be asked.
    """
    try:
        return work(at)
    except UsageError as error:
        if error.code != "at-two-ways" or not (may_ask and at_terminal()):
            raise
    return work(_meant(at))


def _meant(at: str) -> str:
    from charley.api import one_run

    readings = one_run.two_ways(at)
    assert readings is not None  # else there was nothing to ask
    long, short = readings
    click.echo(words("two_ways.ask", typed=at.strip()))
    click.echo(f"  1  {long.said}\n  2  {short.said}")
    while (typed := click.prompt(words("two_ways.which"), default="", show_default=False).strip()) not in ("1", "2"):
        click.echo(words("two_ways.again"))
    return long.text if typed == "1" else short.text
