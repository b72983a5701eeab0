"""`charley race`: the next race, before it is run."""

from __future__ import annotations

import math
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from charley.faces.cli import values
from charley.faces.cli.about_you import about_you, runner_from
from charley.faces.cli.meta import meta
from charley.faces.cli.output import json_option, print_json, units_option
from charley.faces.cli.weather import weather_option, weather_service
from charley.faces.cli.writing import check_free, force_option, write_page
from charley.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from charley.vocabulary.race import RaceAnswer

START = "09:00"  # of a race whose hour nobody told
PLAUSIBLE_M_S = (1.0, 7.5)  # of a goal, to tell 3:30 hours from 3:30 minutes


@click.command(name="race", no_args_is_help=False)
@click.argument("course", required=False, type=click.Path(path_type=Path), metavar="[COURSE]")
@click.option("--distance", type=values.DISTANCE, metavar="42.195km", help="Length, or marathon, half, 10k.")
@click.option("--goal", metavar="3:30:00", help="Your goal time.")
@click.option("--date", "date", metavar="2027-04-11", help="The day, or day and hour: 2027-04-11T09:30.")
@click.option("--name", default="", help="What the race is called.")
@click.option("--temp", type=values.TEMPERATURE, metavar="18C", help="Air temperature at the start.")
@click.option("--rh", type=values.SHARE, metavar="60%", help="Relative humidity.")
@click.option("--wind", type=values.WIND, metavar="3m/s", help="Mean wind.")
@click.option("--sun", type=values.SUN, metavar="400W/m2", help="Solar irradiance.")
@click.option("--forecast", "forecast_file", type=click.Path(path_type=Path), metavar="FILE",
              help="A weather forecast that you saved, JSON or CSV.")  # fmt: skip
@click.option("--latitude", type=float, metavar="DEGREES", help="Where it is, for the usual weather of the day.")
@click.option("--longitude", type=float, metavar="DEGREES", help="The same, for --weather.")
@weather_option
@click.option("--stations", metavar="5,10,15", help="Drink stations, in km; none for none.")
@click.option("--cup", type=values.VOLUME, metavar="150ml", help="What a cup holds at the stations.")
@click.option("--weekly", type=values.DISTANCE, metavar="50km", help="Your usual week, for published predictors.")
@click.option("--health", metavar="LIST", help="Conditions and medicines, as kidney,diuretic; none for none.")
@about_you
@click.option("--studies", is_flag=True, help="Leave your journal aside: published studies alone.")
@click.option("--score", is_flag=True, help="How good your earlier forecasts of races were.")
@click.option("--day", is_flag=True, help="Before and after: meals, drinks, warm-up, minerals, and how sure each is.")
@click.option("--export", "folder", type=click.Path(path_type=Path), metavar="FOLDER",
              help="Write card, workout (FIT), calendar (ICS), tables and a sheet for a coach.")  # fmt: skip
@click.option("--html", "page", type=click.Path(path_type=Path), metavar="PATH", help="Also write the page.")
@force_option
@click.option("--full", is_flag=True, help="Predictors, limits, kilometres and assumptions too.")
@click.option("--seed", type=values.SEED, default=1, show_default=True, help="Same seed, same figures.")
@units_option
@json_option
@click.pass_context
def command(ctx: click.Context, /, course: Path | None, **options: Any) -> None:
    """How a race will go: time, chance of a cramp, what each change buys, a plan.

    COURSE is a GPX, TCX or FIT file of the way; or give --distance. With runs in your journal it learns from them.
    """
    from charley.api import journal as journals
    from charley.api import race as api

    journal = journals.journal_path(ctx.obj.journal_path)
    if options["score"]:
        show_score(journal, options)
        return
    inputs = (journal, *((course,) if course else ()))
    check_free(options["page"], force=options["force"], inputs=inputs)
    show(asked(api, course, journal, options), options, inputs)


def asked(api: Any, course: Path | None, journal: Path, options: dict[str, Any]) -> RaceAnswer:
    """The answer to what was typed; with a journal it is kept there, sealed, before the race."""
    from charley.api import journal as journals
    from charley.vocabulary.runner import Weather

    way = api.course(course, options["distance"], options["name"])
    goal_s = None if options["goal"] is None else goal(options["goal"], way.distance_m)
    race = api.race_of(
        way,
        goal_s=goal_s,
        starts_at=None if options["date"] is None else moment(options["date"]),
        weather=Weather(options["temp"], options["rh"], options["wind"], options["sun"]),
        forecast_file=options["forecast_file"],
        latitude_deg=options["latitude"],
        longitude_deg=options["longitude"],
        service=weather_service(options["weather"]),
        name=options["name"],
        stations_m=None if options["stations"] is None else stations(options["stations"]),
        cup_l=options["cup"],
    )
    learnt = not options["studies"] and journals.store_exists(journal) and bool(journals.list_runs(journal))
    answer: RaceAnswer = api.forecast(
        race,
        runner=runner_from(options),
        journal=journal if learnt else None,
        health=None if options["health"] is None else health(options["health"]),
        weekly_distance_m=options["weekly"],
        seed=options["seed"],
    )
    return answer if options["studies"] else api.keep(journal, answer)


def show(answer: RaceAnswer, options: dict[str, Any], inputs: tuple[Path, ...]) -> None:
    """Render the answer in the forms that were asked for."""
    from charley.api import race as api
    from charley.faces.report.race import day, json, text

    written: list[Path] = []
    if options["folder"] is not None:
        from charley.faces.cli.race_export import write_all

        written = write_all(answer, options["folder"], options["units"], force=options["force"], inputs=inputs)
    if options["page"] is not None:
        from charley.faces.report.race import page

        made = page.render(answer, options["units"])
        write_page(options["page"], made, force=options["force"], inputs=inputs, private=True)
    if options["json"]:
        print_json({**json.render(answer), "day": day.as_json(api.race_day(answer))})
        return
    if options["day"]:
        click.echo(day.as_text(answer, api.race_day(answer), options["units"]))
        return
    click.echo(text.render(answer, options["units"], options["full"]))
    if options["page"] is not None:
        click.echo(f"\nThe page: {options['page']}")
    if written:
        click.echo(f"\nWritten to {options['folder']}: {', '.join(path.name for path in written)}")


def show_score(journal: Path, options: dict[str, Any]) -> None:
    """What earlier forecasts of races were worth."""
    from charley.api import race as api
    from charley.faces.report.race import ledger

    found = api.score(journal)
    if options["json"]:
        status = "ok" if found.races or found.timed else "cannot_tell"
        print_json({"meta": meta(status), **ledger.as_json(found)})
    else:
        click.echo(ledger.as_text(found, options["units"]))


def goal(text: str, distance_m: float) -> float:
    """A goal time in seconds; "3:30" is hours where minutes would be no running pace."""
    match = re.fullmatch(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})", text.strip())
    if not match or int(match[3]) > 59 or (match[1] and int(match[2]) > 59):
        raise UsageError("usage-value", f"{text[:40]!r} is no time", "--goal", "Write 3:30:00 or 3:30.")
    parts = [int(p) for p in text.strip().split(":")]
    if len(parts) == 3:
        found = 3600.0 * parts[0] + 60.0 * parts[1] + parts[2]
    else:
        as_hours, as_minutes = 3600.0 * parts[0] + 60.0 * parts[1], 60.0 * parts[0] + parts[1]
        low, high = PLAUSIBLE_M_S
        found = as_minutes if low <= distance_m / max(as_minutes, 1.0) <= high else as_hours
    if not found > 0 or distance_m / found > 12.5:
        shown = f"{distance_m / 1000:g} km in {text} is faster than anyone can run"
        raise UsageError("usage-value", shown, "--goal", "Write 3:30:00 or 3:30.")
    return found


def moment(text: str) -> datetime:
    """The start by the clock of its place."""
    form = text.strip()
    try:
        return datetime.fromisoformat(form if "T" in form or " " in form else f"{form}T{START}").replace(tzinfo=None)
    except ValueError:
        raise UsageError("race-date", f"{text[:40]!r} is no date", "--date") from None


def stations(text: str) -> tuple[float, ...]:
    """Drink stations in metres, from kilometres separated by commas."""
    if text.strip().lower() == "none":
        return ()
    try:
        found = tuple(1000.0 * float(part) for part in text.replace(";", ",").split(",") if part.strip())
    except ValueError:
        found = (math.nan,)
    if not all(math.isfinite(at) for at in found):
        raise UsageError("usage-value", f"{text[:40]!r} names no stations", "--stations", "Write 5,10,15 or none.")
    return found


def health(text: str) -> tuple[str, ...]:
    """Names of conditions and medicines. Raises UsageError for a name that is not known."""
    from charley.api import race as api

    names = tuple(p.strip().lower().replace("-", "_").replace(" ", "_") for p in text.split(",") if p.strip())
    if names in (("none",), ()):
        return ()
    unknown = [n for n in names if n not in api.health_names()]
    if unknown:
        known = f"Known: {', '.join(api.health_names())}; or none."
        raise UsageError("usage-value", f"{unknown[0][:40]!r} is not among them", "--health", known)
    return names
