"""`charley profile`: the published risk factors, held against one person, and how little most of them move."""

from __future__ import annotations

from typing import Any

import click

from charley.faces.cli import values
from charley.faces.cli.about_you import AskedAbout, about_you, runner_from
from charley.faces.cli.meta import meta
from charley.faces.cli.output import json_option, print_json, units_option
from charley.vocabulary.units import METRES_PER_KM


@click.command(name="profile", cls=AskedAbout)
@about_you
@click.option("--distance", type=values.DISTANCE, default="42.195km", metavar="42.2km", help="The race in question.")
@units_option
@json_option
def command(distance: float, **options: Any) -> None:
    """What the published risk factors say of you, and how much each really moves the chance."""
    from charley.api import advice
    from charley.faces.report.wording.profile import render_profile_json, render_profile_text

    found = advice.profile(runner_from(options), distance / METRES_PER_KM)
    if options["json"]:
        print_json({"meta": meta(), **render_profile_json(found)})
    else:
        click.echo(render_profile_text(found, options["units"]))
