"""`charley why FILE --at 33km`: the question that Charley exists for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from charley.faces.cli import values
from charley.faces.cli.about_you import AskedAboutRun, about_you, runner_from
from charley.faces.cli.output import json_option, print_json, units_option
from charley.faces.cli.two_ways import with_place
from charley.faces.cli.weather import weather_option, weather_service
from charley.faces.cli.writing import check_free, force_option, write_page
from charley.vocabulary.errors import UsageError

if TYPE_CHECKING:
    from charley.vocabulary.answer import Why

AFTER = "somewhere-after"


@click.command(name="why", no_args_is_help=False, cls=AskedAboutRun)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--at",
    metavar="PLACE",
    help="Where it cramped: 33km, mile 22, 2:45:10, 45min, halfway, 30km-35km, somewhere-after 30km.",
)
@click.option("--activity", type=click.IntRange(1), metavar="2", help="Which one, where the file holds several.")
@click.option("--temp", type=values.TEMPERATURE, metavar="18C", help="Air temperature.")
@click.option("--rh", type=values.SHARE, metavar="60%", help="Relative humidity.")
@click.option("--wind", type=values.WIND, metavar="3m/s", help="Mean wind.")
@click.option(
    "--sun", type=values.SUN, metavar="400W/m2", help="Solar irradiance: 0 night, 100 overcast, 800 clear noon."
)
@weather_option
@click.option("--drank", type=values.VOLUME, metavar="1.5l", help="Everything you drank during the run.")
@click.option("--salt", type=values.GRAMS, metavar="2g", help="Table salt taken during the run, apart from drinks.")
@click.option("--carbs", type=values.GRAMS, metavar="120g", help="Carbohydrate taken during the run.")
@about_you
@click.option("--race", metavar="DISTANCE|yes", help="It was a race (of that distance, if it was left early).")
@click.option("--training", is_flag=True, help="It was a training run.")
@click.option("--draws", type=int, default=500, show_default=True, help="How many plausible bodies to compute.")
@click.option("--seed", type=values.SEED, default=1, show_default=True, help="Same seed, same figures.")
@click.option("--html", "page", type=click.Path(path_type=Path), metavar="PATH", help="Also write the page.")
@force_option
@click.option("--full", is_flag=True, help="Everything, not only the first screen.")
@click.option("--sources", is_flag=True, help="Print the sources behind this answer.")
@click.option("--track-record", is_flag=True, help="How good earlier forecasts of your runs were.")
@units_option
@json_option
@click.pass_context
def command(ctx: click.Context, /, files: tuple[Path, ...], **options: Any) -> None:
    """Why a run brought a cramp, and how likely it was; without FILE, why over all runs of your journal.

    FILE is one activity of any watch: FIT, TCX or GPX, also as .gz or in a .zip. Nothing leaves this machine but what
    --weather says, if you give it.
    """
    from charley.api import one_run

    if options["track_record"] or not (files or options["at"]):
        over_journal(ctx, files, options)
        return
    file, at = _one_file_and_place(list(files), options["at"])
    check_free(options["page"], force=options["force"], inputs=(file,))

    service = weather_service(options["weather"])

    def at_place(place: str | None) -> Why:
        return one_run.why(
            file,
            place,
            draws=options["draws"],
            seed=options["seed"],
            activity=options["activity"],
            guarded=True,
            service=service,
            **told(options),
        )

    answer = at_place(None) if at is None else with_place(at_place, at, may_ask=not options["json"])
    show(answer, options, inputs=(file,))


_OF_ONE_RUN = ("activity", "temp", "rh", "wind", "sun", "drank", "salt", "carbs", "race", "training", "weather")
_OF_THE_RUNNER = (
    "mass",
    "height",
    "age",
    "sex",
    "bests",
    "history",
    "longest",
    "heat_runs",
    "sweat_rate",
    "years",
    "stretching",
    "family",
    "about",
)


def over_journal(ctx: click.Context, files: tuple[Path, ...], options: dict[str, Any]) -> None:
    """Why over all runs of the journal, which holds what was told of them."""
    from charley.api import history
    from charley.api import journal as journals

    if files:
        raise UsageError("usage-flag", "the track record belongs to the journal, not to a file", "--track-record")
    given = [f"--{name.replace('_', '-')}" for name in (*_OF_ONE_RUN, *_OF_THE_RUNNER) if options[name]]
    if given:
        next_step = "Name a FILE, or tell it to the journal: charley log --help"
        raise UsageError("usage-flag", "that describes one file, and you gave none", ", ".join(given), next_step)
    journal = journals.journal_path(ctx.obj.journal_path)
    check_free(options["page"], force=options["force"], inputs=(journal,))
    if options["track_record"]:
        from charley.faces.cli.track_record import show as show_record
        from charley.faces.report.wording.figures import of_runs

        record = history.track_record(journal, seed=options["seed"])
        if options["page"] is not None:
            from charley.faces.report import render_why

            answer = history.why(journal, seed=options["seed"])
            page = render_why(answer, options["units"], record)
            write_page(options["page"], page, force=options["force"], inputs=(journal,), private=True)
        show_record(record, options, of_runs(len(journals.list_runs(journal))))
        return
    if not journals.list_runs(journal):
        raise UsageError("usage-one-file", "you gave no file, and the journal has no runs")
    show(history.why(journal, seed=options["seed"]), options, inputs=(journal,))


def told(options: dict[str, Any]) -> dict[str, Any]:
    """What the runner said, as the api takes it."""
    from charley.vocabulary.runner import Intake, Weather

    race = options["race"]
    if race is not None and options["training"]:
        raise UsageError("usage-flag", "a run is a race or a training run, not both", "--race, --training")
    named = race is not None and race.lower() != "yes"
    return {
        "runner": runner_from(options),
        "weather": Weather(options["temp"], options["rh"], options["wind"], options["sun"]),
        "intake": Intake(drink_l=options["drank"], salt_g=options["salt"], carbohydrate_g=options["carbs"]),
        "effort": "race" if race is not None else "training" if options["training"] else "unknown",
        "race_distance_m": values.DISTANCE.convert(race, None, None) if named else None,
    }


def show(answer: Why, options: dict[str, Any], inputs: tuple[Path, ...] = ()) -> None:
    """Render the answer in the forms that were asked for; what it was made from is never written over."""
    from charley.faces.report import render_why, render_why_json, render_why_text
    from charley.faces.report.wording.sources import sources_text

    if options["page"] is not None:
        page = render_why(answer, options["units"])
        write_page(options["page"], page, force=options["force"], inputs=inputs, private=True)
    if options["json"]:
        print_json(render_why_json(answer))
    elif options["sources"]:
        click.echo(sources_text(answer.sources))
    else:
        click.echo(render_why_text(answer, options["units"], options["full"]))
        if options["page"] is not None:
            click.echo(f"\nThe page: {options['page']}")


def _one_file_and_place(words: list[Path], at: str | None) -> tuple[Path, str | None]:
    """The file, and the place: `--at mile 22` and `--at somewhere-after 30km` leave a word among the files."""
    if at is not None and len(words) > 1 and at.strip().lower() in (AFTER, "after", "mile", "km"):
        place = next((w for w in words if not w.exists()), words[-1])
        words.remove(place)
        at = f"{at} {place}"
    if len(words) != 1:
        found = "you gave no file" if not words else f"{len(words)} files were given"
        raise UsageError("usage-one-file", found)
    if words[0].is_dir():
        raise UsageError("usage-one-file", "that is a folder", str(words[0]))
    return words[0], at
