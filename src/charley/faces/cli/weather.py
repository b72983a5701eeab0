"""--weather: the one option that lets something leave the machine, and says what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from charley.api.open_meteo import OpenMeteo

weather_option = click.option(
    "--weather",
    type=click.Choice(["open-meteo"]),
    help="Ask that service for the weather. It is sent the place, rounded to 0.1 degrees (10 km), and the day.",
)


def weather_service(named: str | None) -> OpenMeteo | None:
    """The service that was named; what it is sent goes to standard error first. None: nothing is asked."""
    if named is None:
        return None
    from charley.api.open_meteo import OpenMeteo

    return OpenMeteo(lambda text: click.echo(f"weather: {text}", err=True))
