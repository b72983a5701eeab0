"""Options by which a person tells of themselves: the same words for every verb that asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from charley.faces.cli import values

_OPTIONS = (
    click.option("--mass", type=values.MASS, metavar="70kg", help="Body mass."),
    click.option("--height", type=values.HEIGHT, metavar="1.75m", help="Height."),
    click.option("--age", type=float, metavar="YEARS", help="Age."),
    click.option("--sex", type=click.Choice(["female", "male"]), help="Sex, as studies record it."),
    click.option(
        "--best", "bests", type=values.Best(), multiple=True, metavar="10k=45:00", help="A best time; repeatable."
    ),
    click.option("--history", type=values.History(), metavar="3/10", help="Cramps in your last long races."),
    click.option("--longest", type=values.DISTANCE, metavar="30km", help="Longest run of the last 30 days."),
    click.option("--heat-runs", type=float, metavar="N", help="Hour-long runs at 30 °C or so, last 2 weeks."),
    click.option("--sweat-rate", type=float, metavar="L/H", help="Weighed sweat rate in conditions like these."),
    click.option("--years", type=values.YEARS, metavar="12", help="Years of running; 8months for a beginner."),
    click.option(
        "--stretching", type=values.STRETCHING, metavar="never|10min", help="Minutes of stretching a day, or never."
    ),
    click.option(
        "--family", type=click.Choice(["yes", "no"]), help="Whether a parent, brother or sister had such cramps."
    ),
    click.option(
        "--about", type=values.About(), multiple=True, metavar="KEY=ANSWER",
        help="A further answer; repeatable. The keys are listed below."
    ),
)  # fmt: skip


class AskedAbout(click.Command):
    """A command with --about, whose help ends with the keys that it takes: of the person, and of a run (``of_run``)."""

    of_run = False

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The keys with what each answer means."""
        from charley.api import about

        with formatter.section("Keys of --about"):
            formatter.write_dl([(key, factor.about) for key, factor in about.tellable(of_run=self.of_run).items()])


class AskedAboutRun(AskedAbout):
    """The same for a question about one run."""

    of_run = True


def about_you(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options of the person to a command."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def told_about(options: dict[str, Any]) -> tuple[tuple[str, float], ...]:
    """The answers that go under a key: those with an option of their own, then those of --about."""
    own = (
        ("run_years", options["years"]),
        ("stretch_habit", options["stretching"]),
        ("family_history", None if options["family"] is None else float(options["family"] == "yes")),
    )
    return (*((key, value) for key, value in own if value is not None), *options["about"])


def runner_from(options: dict[str, Any]) -> Any:
    """The Runner that the options describe. Raises UsageError for what no runner can have."""
    from charley.vocabulary.runner import Runner

    return Runner(
        mass_kg=options["mass"],
        height_m=options["height"],
        age_y=options["age"],
        sex=options["sex"],
        bests=tuple(options["bests"]),
        history=options["history"],
        longest_run_30d_m=options["longest"],
        heat_runs_14d=options["heat_runs"],
        sweat_rate_l_h=options["sweat_rate"],
        about=told_about(options),
    )
