"""The questions of `charley log`, for a person at a keyboard: as few as possible, each answered with one key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from charley.faces.cli import values
from charley.faces.cli.log_shared import PHASES, place_of, say
from charley.faces.cli.meta import meta
from charley.faces.cli.output import print_json
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.errors import UsageError
from charley.vocabulary.journal import CRAMPED_OF_TEN, SEVERITIES, Logged, RunRow

if TYPE_CHECKING:
    from charley.vocabulary.answer import SuggestedStop

STOPPED_BY_HAND = 130
STOPPED = 4  # the severity of a cramp that was a stop
_LEG = "which leg: [l]eft, [r]ight, [b]oth, Enter: not sure"
_SIDES = {"l": "left", "r": "right", "b": "both", "": None}


def latest(journal: Path, units: str) -> None:
    """Ask about the latest long run of which nothing was said: one key for nothing, five for a cramp."""
    from charley.api import journal as journals

    rows = journals.unanswered(journal, 1)
    if not rows:
        click.echo("Every run of 45 minutes or more has an answer. For another run: charley log cramp --run RUN")
        return
    row = rows[0]
    prompt = journals.ask_about(journal, row.run_id)
    click.echo(_title(row, units))
    with _stoppable():
        logged = _answered(journal, row, prompt)
    say(journal, logged, {"json": False})
    _ask_change(journal, row.run_id)


def _answered(journal: Path, row: RunRow, prompt: int) -> Logged:
    from charley.api import journal as journals

    answer = _choice(
        "[n]othing, [t]ight or twitching, [c]ramp, [s]kip", {"n": "none", "t": "twitch", "c": "cramp", "s": "skip"}
    )
    if answer in ("none", "skip"):
        logged: Logged = journals.log_event(journal, answer, run=row.run_id, prompt_id=prompt)
        return logged
    return _ask_cramp(journal, row, answer, prompt)


def _ask_change(journal: Path, run_id: str) -> None:
    """In a run that counts in a trial: was the change really done? No answer is one, and stays one."""
    from charley.api import journal as journals
    from charley.api import trials

    part = trials.run(journal, run_id)
    if part is None or part.done is not None:
        return
    arm = f"with it: {part.on}" if part.planned else "without it"
    click.echo(f"trial of {part.label.lower()}; this run was planned {arm}")
    with _stoppable(lambda: 1):
        done = _choice(
            "did you do it, whatever was planned? [y]es, [n]o, Enter: no answer", {"y": True, "n": False, "": None}
        )
    if done is not None:
        say(journal, journals.log_about(journal, run=run_id, change=part.change, change_done=done), {"json": False})


@contextmanager
def _stoppable(stored: Callable[[], int] = lambda: 0) -> Iterator[None]:
    """Ctrl-C among the questions leaves with what is true of the journal then: each answer is stored when it is
    confirmed, and a question that was put stays as “asked, no answer”."""
    try:
        yield
    except (click.Abort, KeyboardInterrupt):
        many = stored()
        kept = f"{many} {'answer is' if many == 1 else 'answers are'} stored; this one is not" if many else ""
        told = kept or "no answer was stored"
        click.echo(f"\ncharley: stopped; {told}. The run stays at “asked, no answer”.", err=True)
        raise click.exceptions.Exit(STOPPED_BY_HAND) from None


def _ask_cramp(journal: Path, row: RunRow, kind: str, prompt: int) -> Logged:
    from charley.api import journal as journals

    while True:
        text = click.prompt(
            "where (33km, mile 22, 2:45:10, halfway, somewhere-after 30km, 0-1h, 1-6h, night; Enter: don't know)",
            default="",
        )
        text = text.strip()
        phase = PHASES.get(text, "during")
        try:
            place = place_of(journal, row.run_id, None if phase != "during" else text, ())
            break
        except UsageError as error:
            click.echo(str(error))
    side = _choice(_LEG, _SIDES)
    muscle = _choice(
        "muscle: [u]pper calf, [l]ower calf, [c]alf, [h]amstring, [q]uadriceps, [f]oot, [o]ther",
        {
            "u": "upper_calf",
            "l": "lower_calf",
            "c": "calf",
            "h": "hamstring",
            "q": "quadriceps",
            "f": "foot",
            "o": "other",
        },
    )
    made = ", ".join(f"[{n}] {word}" for n, word in SEVERITIES.items())
    severity = _choice(f"you: {made}", {str(n): n for n in SEVERITIES} | {"": None})
    return journals.log_event(
        journal,
        kind,
        run=row.run_id,
        place=place,
        phase=phase,
        side=side,
        muscle=muscle,
        severity=severity,
        prompt_id=prompt,
    )


def suggested(journal: Path, options: dict[str, Any]) -> None:
    """Go through late stops; only a person says what they were."""
    from charley.api import journal as journals

    found = journals.suggested_stops(journal)
    if options["json"]:
        print_json(suggested_json(found))
        return
    if not found:
        click.echo("Every late stop has an answer.")
    done: list[int] = []
    with _stoppable(lambda: len(done)):
        _go_through(journal, found, options["units"], done)


def suggested_json(found: Sequence[tuple[RunRow, SuggestedStop]]) -> dict[str, Any]:
    """Late stops that wait for an answer, as JSON."""
    from charley.faces.report.json import stop

    return {"meta": meta(), "suggested": [{"run_id": row.run_id, **stop(one)} for row, one in found]}


def _go_through(journal: Path, found: Sequence[tuple[RunRow, SuggestedStop]], units: str, done: list[int]) -> None:
    """One question a stop; the number of each answer goes into ``done`` once it is stored."""
    from charley.api import journal as journals

    for row, stop in found:
        from charley.faces.report.wording.figures import clock, distance_with_unit
        from charley.faces.report.wording.notes import sentence

        prompt = journals.ask_about(journal, row.run_id, about_s=stop.at_s)
        click.echo(_title(row, units))
        where = f"{distance_with_unit(stop.at_m, units)}, {clock(stop.at_s)}"
        answer = _choice(
            f"{where}: {sentence(stop.why, units)}. A cramp? [y]es, [n]o, [s]kip", {"y": True, "n": False, "s": None}
        )
        if answer is None:
            continue
        place = Cramp(stop.at_s, stop.at_s, stop.at_s)
        side = _choice(_LEG, _SIDES) if answer else None
        logged = journals.log_event(
            journal, "cramp" if answer else "other_stop", run=row.run_id, place=place, prompt_id=prompt,
            source="suggested", side=side, severity=STOPPED if answer else None,
        )  # fmt: skip
        _keep(journal, logged, done)


def _keep(journal: Path, logged: Logged, done: list[int]) -> None:
    done.append(logged.id)
    say(journal, logged, {"json": False})


def baseline() -> dict[str, Any]:
    """The ten-second questionnaire."""
    cramps = _choice(
        "cramps in your last ten long efforts: 0, 1-2, 3-5, 6+, Enter: not sure",
        {key: key for key in CRAMPED_OF_TEN} | {"": None},
    )
    mass = click.prompt("body mass (70kg, 154lb; Enter to skip)", default="", show_default=False)
    return {"cramps": cramps, "mass": values.MASS.convert(mass, None, None) if mass.strip() else None}


def _choice(question: str, words: dict[str, Any]) -> Any:
    while True:
        typed = click.prompt(question, default="", show_default=False, prompt_suffix=" > ").strip().lower()
        for key in (typed, typed[:1]):
            if key in words and (key or typed == ""):
                return words[key]
        click.echo(f"one of: {', '.join(k or 'Enter' for k in words)}")


def _title(row: RunRow, units: str) -> str:
    from charley.faces.report.wording.figures import clean, clock, distance_with_unit

    name = f" · {clean(row.title)}" if row.title else ""
    when = f"{row.started_at:%a %d %b %Y %H:%M}"
    return f"{when} · {distance_with_unit(row.distance_m, units)} · {clock(row.elapsed_s)}{name}"
