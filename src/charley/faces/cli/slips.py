"""A value that cannot be: named by the option that it was typed for, and sent to the help of its verb."""

from __future__ import annotations

from collections.abc import Sequence

import click

from charley.vocabulary.errors import CharleyError, registry

CODES = ("usage-value", "journal-value")
# The option by which a person gives what a Runner, a Weather or an Intake refuses, by the name of the field.
OPTIONS = {
    "mass_kg": "--mass",
    "height_m": "--height",
    "age_y": "--age",
    "longest_run_30d_m": "--longest",
    "heat_runs_14d": "--heat-runs",
    "sweat_rate_l_h": "--sweat-rate",
    "air_temp_c": "--temp",
    "relative_humidity": "--rh",
    "wind_m_s": "--wind",
    "solar_w_m2": "--sun",
    "drink_l": "--drank",
    "salt_g": "--salt",
    "carbohydrate_g": "--carbs",
}


def aimed(error: CharleyError, root: click.Group, arguments: Sequence[str]) -> CharleyError:
    """The same error with the option as it was typed and the help of the verb; others are left as they are."""
    if error.code in CODES:
        option = OPTIONS.get(error.where, error.where)
        error.where = f"{option} {typed_for(option, arguments)}".strip() if option != error.where else option
        if error.next_step == registry()[error.code].next_step:
            error.next_step = f"See: {verb_of(root, arguments)} --help"
    return error


def typed_for(option: str, arguments: Sequence[str]) -> str:
    """What was typed for an option, "" where it was not."""
    for i, word in enumerate(arguments):
        if word == option and i + 1 < len(arguments):
            return arguments[i + 1]
        if word.startswith(f"{option}="):
            return word.removeprefix(f"{option}=")
    return ""


def verb_of(root: click.Group, arguments: Sequence[str]) -> str:
    """The command that was called, as "charley log about"."""
    path, command = ["charley"], root
    context = click.Context(root)
    words = iter(arguments)
    for word in words:
        if word == "--journal":
            next(words, None)
        found = command.get_command(context, word)
        if found is not None:
            path.append(word)
            if not isinstance(found, click.Group):
                break
            command = found
    return " ".join(path)
