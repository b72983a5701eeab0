"""`charley log`: what happened in a run, in less than twenty seconds, and what else only the runner knows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from charley.faces.cli import values
from charley.faces.cli.log_shared import PHASES, place_of, say
from charley.faces.cli.meta import meta
from charley.faces.cli.output import json_option, print_json, units_option
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.errors import UsageError
from charley.vocabulary.journal import (
    CRAMPED_OF_TEN,
    EFFORTS,
    MUSCLES,
    SIDES,
    UNUSUAL,
)
from charley.vocabulary.units import sodium_mg_from_salt_g, sodium_mmol_from_mg

FORMS = "33km, mile 22, 2:45:10, 45min, halfway, 30km-35km, somewhere-after 30km"
_MG_PER_G = 1000.0
_ML_PER_L = 1000.0

run_option = click.option("--run", metavar="RUN", help="Which run: last (the default), an id, or a day (2026-10-04).")
note_option = click.option("--note", default="", metavar="TEXT", help="In your own words.")
date_option = click.option("--date", metavar="DAY", help="When: 2026-10-04 or 2026-10-04T21:30, in your local time.")
after_option = click.option("--after", type=click.Choice(list(PHASES)), help="After the run, or the night after it.")


@click.group(name="log", invoke_without_command=True)
@click.option("--suggested", is_flag=True, help="Go through late stops that may have been cramps.")
@units_option
@json_option
@click.pass_context
def command(ctx: click.Context, /, suggested: bool, **options: Any) -> None:
    """Log what happened in a run: a cramp, a twitch, nothing; and drinks, weight, shoes, strength work, health.

    Without a verb it asks about the latest run of which nothing was said. "Nothing" is an answer, and the most useful
    one: it is never assumed. No answer is ever overwritten: the latest holds, the others stay in the history.
    """
    if ctx.invoked_subcommand is not None:
        return
    from charley.faces.cli import log_questions

    if suggested:
        log_questions.suggested(_journal(ctx), options)
    elif options["json"]:
        raise UsageError("usage-flag", "questions need a terminal; they can't be combined with --json")
    else:
        log_questions.latest(_journal(ctx), options["units"])


def _event_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed([
        click.argument("words", nargs=-1, metavar="[PLACE]"),
        run_option,
        click.option("--at", metavar="PLACE", help=f"{FORMS}."),
        after_option,
        click.option("--muscle", type=click.Choice(MUSCLES), help="Which muscle (default: the calf)."),
        click.option("--side", type=click.Choice(SIDES), help="Which leg."),
        click.option("--severity", type=click.IntRange(1, 4), help="1 kept running, 2 slowed, 3 walked, 4 stopped."),
        click.option("--helped", default="", metavar="TEXT", help="What made it stop."),
        click.option("--instead", type=values.ROW, metavar="ID", help="The answer that this corrects."),
        date_option,
        note_option,
        json_option,
    ]):  # fmt: skip
        command = option(command)
    return command


@command.command(name="cramp", short_help="Log a cramp during or after a run")
@_event_options
@click.pass_context
def cramp(ctx: click.Context, /, **options: Any) -> None:
    """A cramp: at a place, between two, somewhere after one, or after the run."""
    _log_event(ctx, "cramp", options)


@command.command(name="twitch", short_help="Log a twitch that did not become a cramp")
@_event_options
@click.pass_context
def twitch(ctx: click.Context, /, **options: Any) -> None:
    """A twitch or a tightness that did not become a cramp: it tells more than nothing."""
    _log_event(ctx, "twitch", options)


@command.command(name="none", short_help="Log a run without a cramp")
@run_option
@after_option
@note_option
@json_option
@click.pass_context
def none(ctx: click.Context, /, **options: Any) -> None:
    """Nothing cramped: the most useful answer of all."""
    _log_event(ctx, "none", options)


@command.command(name="skip", short_help="Leave a run without an answer")
@run_option
@json_option
@click.pass_context
def skip(ctx: click.Context, /, **options: Any) -> None:
    """No answer for this run; it is not asked about again."""
    _log_event(ctx, "skip", options)


@command.command(name="drink", short_help="Log what you drank in a run")
@click.argument("volume", required=False, type=values.VOLUME, metavar="[AMOUNT]")
@click.option("--ml", type=float, metavar="ML", help="The amount, in millilitres.")
@run_option
@click.option("--at", metavar="PLACE", help="Where in the run; leave it out for everything you drank in it.")
@click.option("--sodium", type=float, metavar="MG/L", help="Sodium in the drink, milligrams a litre.")
@click.option("--carbs", type=float, metavar="G/L", help="Carbohydrate in the drink, grams a litre.")
@note_option
@json_option
@click.pass_context
def drink(ctx: click.Context, /, volume: float | None, ml: float | None, **options: Any) -> None:
    """What was drunk in a run, as 500ml, 0.7l or 16floz; 0l is an answer too."""
    from charley.api import journal as journals

    volume_l = _one_amount(volume, None if ml is None else ml / _ML_PER_L)
    journal, run = _journal(ctx), options["run"] or "last"
    place = place_of(journal, run, options["at"], (), may_ask=not options["json"])
    sodium = options["sodium"]
    logged = journals.log_drink(
        journal, volume_l, run=run, at_s=None if place is None else _exact(place), carbohydrate_g_l=options["carbs"],
        sodium_mmol_l=None if sodium is None else sodium_mmol_from_mg(sodium), note=options["note"],
    )  # fmt: skip
    say(_journal(ctx), logged, options)


@command.command(name="weight", short_help="Log your weight before and after a run")
@click.argument("mass", required=False, type=values.MASS, metavar="[MASS]")
@click.option("--before", type=values.MASS, metavar="70.2kg", help="Before the run, without clothes if you can.")
@click.option("--after", type=values.MASS, metavar="69.1kg", help="After the run, towelled dry.")
@run_option
@date_option
@note_option
@json_option
@click.pass_context
def weight(
    ctx: click.Context, /, mass: float | None, before: float | None, after: float | None, **options: Any
) -> None:
    """Body mass before and after a run (one pair tells your sweat rate), or on any day."""
    from charley.api import journal as journals

    told = [("before", before), ("after", after), ("other", mass)]
    if all(kg is None for _, kg in told):
        raise UsageError(
            "usage-value", "no weight was given", next_step="Write --before 70.2kg --after 69.1kg, or 70kg."
        )
    given = [(name, kg) for name, kg in told if kg is not None]
    logged = journals.log_weights(
        _journal(ctx), given, run=options["run"], happened_at=_date(options["date"]), note=options["note"]
    )
    say(_journal(ctx), logged[-1], options, ids=[entry.id for entry in logged])


@command.command(name="sodium", short_help="Log sodium from tablets, gels or food")
@click.argument("amount", required=False, type=values.GRAMS, metavar="[AMOUNT]")
@click.option("--mg", type=float, metavar="MG", help="Milligrams of sodium.")
@click.option("--salt", type=values.GRAMS, metavar="2g", help="The same, as table salt.")
@click.option("--when", type=click.Choice(["before", "during"]), default="during", show_default=True)
@run_option
@note_option
@json_option
@click.pass_context
def sodium(ctx: click.Context, /, amount: float | None, mg: float | None, salt: float | None, **options: Any) -> None:
    """Sodium from tablets, gels or food, as 500mg (of sodium; --salt for table salt), apart from drinks."""
    from charley.api import journal as journals

    as_mg = [None if amount is None else amount * _MG_PER_G, mg, None if salt is None else sodium_mg_from_salt_g(salt)]
    total_mg = _one_amount(*as_mg, example="500mg")
    logged = journals.log_sodium(
        _journal(ctx), sodium_mmol_from_mg(total_mg), run=options["run"] or "last", when=options["when"],
        note=options["note"],
    )  # fmt: skip
    say(_journal(ctx), logged, options)


@command.command(name="sweat-test", short_help="Log a sweat test")
@click.option("--rate", type=float, metavar="L/H", help="Litres of sweat an hour.")
@click.option(
    "--sodium", type=float, metavar="MMOL/L", help="Sodium in your sweat, mmol/L (milligrams a litre divided by 23)."
)
@click.option("--temp", type=values.TEMPERATURE, metavar="18C", help="Air temperature during the test.")
@click.option("--method", default="", metavar="TEXT", help="Scales, laboratory, patch ...")
@run_option
@date_option
@note_option
@json_option
@click.pass_context
def sweat_test(ctx: click.Context, /, **options: Any) -> None:
    """A sweat test: rate, sodium, or both."""
    from charley.api import journal as journals

    logged = journals.log_sweat_test(
        _journal(ctx), sweat_rate_l_h=options["rate"], sweat_sodium_mmol_l=options["sodium"],
        air_temp_c=options["temp"],
        method=options["method"], run=options["run"], happened_at=_date(options["date"]), note=options["note"],
    )  # fmt: skip
    say(_journal(ctx), logged, options)


@command.command(name="shoes", short_help="Log the shoes of a run")
@click.argument("words", nargs=-1, metavar="[NAME]")
@click.option("--name", default="", metavar="TEXT", help="What you call the pair.")
@click.option("--drop", type=float, metavar="MM", help="Heel height minus forefoot height, in millimetres.")
@click.option("--new", is_flag=True, help="Worn for the first few times. Kept, but not used yet.")
@run_option
@note_option
@json_option
@click.pass_context
def shoes(ctx: click.Context, /, words: tuple[str, ...], **options: Any) -> None:
    """The shoes of a run: a lower heel loads the calf more."""
    from charley.api import journal as journals

    drop_m = None if options["drop"] is None else options["drop"] / 1000.0
    name = options["name"] or " ".join(words)
    if not name and drop_m is not None:
        name = "unnamed"
    run = options["run"] or "last"
    logged = journals.log_shoes(_journal(ctx), name, run=run, drop_m=drop_m, new=options["new"], note=options["note"])
    say(_journal(ctx), logged, options)


@command.command(name="strength", short_help="Log a calf strength session")
@click.argument("words", nargs=-1, metavar="[EXERCISE]")
@click.option("--sets", type=int, default=3, show_default=True)
@click.option("--reps", type=int, default=15, show_default=True)
@click.option("--load", type=values.MASS, default="0kg", metavar="10kg", help="On top of your own weight.")
@date_option
@note_option
@json_option
@click.pass_context
def strength(ctx: click.Context, /, words: tuple[str, ...], **options: Any) -> None:
    """A session of calf strength work, today unless --date says otherwise."""
    from charley.api import journal as journals

    logged = journals.log_strength(
        _journal(ctx), " ".join(words) or "calf raise", sets=options["sets"], repetitions=options["reps"],
        load_kg=options["load"], happened_at=_date(options["date"]), note=options["note"],
    )  # fmt: skip
    say(_journal(ctx), logged, options)


@command.command(name="health", short_help="Log conditions and medicines")
@click.option(
    "--condition", "conditions", multiple=True, metavar="NAME", help="Kidney, heart, pregnancy ... repeatable."
)
@click.option("--medicine", "medicines", multiple=True, metavar="NAME", help="Diuretic, statin ... repeatable.")
@click.option("--not", "absent", is_flag=True, help="Say that you don't have these (or no longer do).")
@note_option
@json_option
@click.pass_context
def health(
    ctx: click.Context, /, conditions: tuple[str, ...], medicines: tuple[str, ...], absent: bool, **options: Any
) -> None:
    """Conditions and medicines that decide what may be advised: no salt trial with a kidney condition, and the like."""
    from charley.api import journal as journals

    told = [("condition", c) for c in conditions] + [("medicine", m) for m in medicines]
    if not told:
        raise UsageError(
            "usage-value", "you named nothing", next_step="Write --condition kidney or --medicine diuretic."
        )
    logged = journals.log_health_answers(_journal(ctx), told, not absent, note=options["note"])
    say(_journal(ctx), logged[-1], options, ids=[entry.id for entry in logged])


@command.command(name="baseline", short_help="Answer a ten-second questionnaire")
@click.option("--cramps", type=click.Choice(list(CRAMPED_OF_TEN)), help="Cramps in your last ten long efforts.")
@click.option("--mass", type=values.MASS, metavar="70kg", help="Body mass.")
@click.option("--height", type=values.HEIGHT, metavar="1.75m", help="Height.")
@click.option("--born", type=int, metavar="YEAR", help="Year of birth.")
@click.option("--sex", type=click.Choice(["female", "male", "other"]), help="Sex, as studies record it.")
@json_option
@click.pass_context
def baseline(ctx: click.Context, /, **options: Any) -> None:
    """Ten seconds that say more than a month of runs; without options it asks."""
    from charley.api import journal as journals

    if not options["json"] and all(options[k] is None for k in ("cramps", "mass", "height", "born", "sex")):
        from charley.faces.cli import log_questions

        options |= log_questions.baseline()
    logged = journals.log_baseline(
        _journal(ctx), cramped_of_ten=options["cramps"], body_mass_kg=options["mass"], height_m=options["height"],
        birth_year=options["born"], sex=options["sex"],
    )  # fmt: skip
    say(_journal(ctx), logged, options)


@command.command(name="about", short_help="Describe a run: effort, weather, bad night")
@run_option
@click.option("--effort", type=click.Choice(EFFORTS), help="How hard it was meant to be.")
@click.option("--temp", type=values.TEMPERATURE, metavar="18C", help="Air temperature.")
@click.option("--rh", type=values.SHARE, metavar="60%", help="Relative humidity.")
@click.option(
    "--unusual",
    multiple=True,
    type=click.Choice(UNUSUAL),
    help="What was unusual that day; repeatable. Kept, but not used in any answer yet.",
)
@note_option
@json_option
@click.pass_context
def about(ctx: click.Context, /, **options: Any) -> None:
    """What only you know of a run: a race or not, the air, a bad night."""
    from charley.api import journal as journals

    logged = journals.log_about(
        _journal(ctx), run=options["run"] or "last", effort=options["effort"], air_temp_c=options["temp"],
        relative_humidity=options["rh"], unusual=options["unusual"], note=options["note"],
    )  # fmt: skip
    say(_journal(ctx), logged, options)


@command.command(name="change", short_help="Say whether you made the change on trial")
@click.argument("name", required=False, metavar="[CHANGE]")
@click.option("--done/--not-done", default=None, help="Whether you made the change of your trial in this run.")
@run_option
@note_option
@json_option
@click.pass_context
def change(ctx: click.Context, /, name: str | None, done: bool | None, **options: Any) -> None:
    """Whether the change of a trial was really done in a run, whatever was planned; without CHANGE, of the latest."""
    from charley.api import journal as journals
    from charley.api import trials

    journal, run = _journal(ctx), options["run"] or "last"
    if done is None:
        raise UsageError("usage-value", "you didn't say whether it was done", next_step="Write --done or --not-done.")
    part = trials.run(journal, run)
    if name is None and part is None:
        raise UsageError("trial-unknown", "this run isn't part of a trial", run)
    told = name or (part.change if part else "")
    say(journal, journals.log_about(journal, run=run, change=told, change_done=done, note=options["note"]), options)


def remind(journal: Path, run_id: str | None) -> None:
    """After an answer on a run of a trial: what it was to be, and how to say what it was."""
    from charley.api import trials

    part = trials.run(journal, run_id) if run_id else None
    if part is not None and part.done is None:
        arm = f"with it ({part.on})" if part.planned else "without it"
        click.echo(
            f"note: trial of {part.label.lower()}, planned {arm}. Did you do it? "
            "charley log change --done, or --not-done"
        )


@command.command(name="date", short_help="Correct the date of a run")
@click.argument("day", metavar="DAY")
@run_option
@json_option
@click.pass_context
def date(ctx: click.Context, /, day: str, **options: Any) -> None:
    """When a run was, where its clock was wrong: 2026-05-03T09:00, your own time; what the file says is kept too."""
    from charley.api import journal as journals

    moment = _date(day)
    assert moment is not None
    row = journals.set_date(_journal(ctx), options["run"] or "last", moment)
    if options["json"]:
        print_json({"meta": meta(), "run_id": row.run_id, "started_at": row.started_at.isoformat()})
    else:
        click.echo(f"run {row.run_id[:8]} began on {row.started_at:%Y-%m-%d %H:%M}, as you say")


@command.command(name="undo", short_help="Take an answer back")
@click.argument("answer_id", type=values.ROW, metavar="ID")
@json_option
@click.pass_context
def undo(ctx: click.Context, /, answer_id: int, **options: Any) -> None:
    """Take an answer back; what it had taken the place of holds again."""
    from charley.api import journal as journals

    say(
        _journal(ctx),
        journals.withdraw_answer(_journal(ctx), answer_id),
        options,
        what=f"answer {answer_id} has been withdrawn",
    )


def _log_event(ctx: click.Context, kind: str, options: dict[str, Any]) -> None:
    from charley.api import journal as journals

    journal, phase = _journal(ctx), PHASES.get(options.get("after") or "", "during")
    happened_at = _date(options.get("date"))
    alone = phase == "night" and options["run"] is None and happened_at is not None
    run = None if alone else options["run"] or "last"
    place = place_of(journal, run, options.get("at"), options.get("words", ()), may_ask=not options["json"])
    told = {key: options[key] for key in ("muscle", "side", "severity", "helped", "note") if key in options}
    logged = journals.log_event(
        journal,
        kind,
        run=run,
        place=place,
        phase=phase,
        happened_at=happened_at,
        replaces=options.get("instead"),
        **told,
    )
    say(_journal(ctx), logged, options)
    if not options["json"] and phase == "during":
        remind(journal, logged.run_id)


def _exact(place: Cramp) -> float:
    return place.from_s if place.at_s is None else place.at_s


def _one_amount(*amounts: float | None, example: str = "500ml") -> float:
    given = [a for a in amounts if a is not None]
    if len(given) != 1:
        found = "no amount was given" if not given else "you gave the amount twice"
        raise UsageError("usage-value", found, next_step=f"Write it once, as {example}.")
    return given[0]


def _date(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise UsageError("journal-date", f"{text[:40]!r} is no date", "--date") from None


def _journal(ctx: click.Context) -> Path:
    from charley.api import journal as journals

    path: Path = journals.journal_path(ctx.obj.journal_path)
    return path
