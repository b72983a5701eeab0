"""What the verbs of the log and its questions share: the place of a cramp, and the words after an entry."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from charley.faces.cli import values
from charley.faces.cli.meta import meta
from charley.faces.cli.output import print_json
from charley.faces.cli.two_ways import with_place
from charley.vocabulary import written
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.errors import UsageError
from charley.vocabulary.journal import Logged
from charley.vocabulary.words import words

PHASES = {"0-1h": "after_0_1h", "1-6h": "after_1_6h", "night": "night"}


def place_of(
    journal: Path, run: str | None, at: str | None, typed: tuple[str, ...], *, may_ask: bool = True
) -> Cramp | None:
    """The place meant by --at and by what is typed behind it ("--at somewhere-after 30km" comes in two).

    A "2:45" that can be two times of the run is asked about at a terminal, if one ``may_ask``.
    """
    from charley.api import journal as journals
    from charley.api import one_run

    text = " ".join([*([at] if at else []), *typed]).strip()
    if not text:
        return None
    if run is None:
        raise UsageError("journal-contradiction", "you gave a place but no run")
    values.note_imperial(written.in_miles(text))
    there = journals.get_run(journal, run)
    return with_place(lambda place: one_run.parse_at(place, there), text, may_ask=may_ask)


def say(journal: Path, logged: Logged, options: dict[str, Any], ids: list[int] | None = None, what: str = "") -> None:
    """What was understood and stored, as text or JSON."""
    all_ids = ids or [logged.id]
    said = [] if what else understood(journal, all_ids, logged.run_id, shown_units())
    if options["json"]:
        warnings = [{"code": w.code, "text": w.text} for w in logged.warnings]
        thing = {"meta": meta(), "id": logged.id, "run_id": logged.run_id, "understood": said, "warnings": warnings}
        print_json(thing | ({"ids": ids} if ids else {}))
        return
    for line in [what] if what else said:
        click.echo(line)
    if not what:
        undo = f"charley log undo {all_ids[-1]}"
        one, ids_told = len(all_ids) == 1, ", ".join(map(str, all_ids))
        click.echo(
            words("log.stored", id=ids_told, undo=undo) if one else words("log.stored_several", ids=ids_told, undo=undo)
        )
    for warned in logged.warnings:
        click.echo(f"note: {warned.text} [{warned.code}]")
    _danger_in(options.get("note") or "")


def understood(journal: Path, ids: list[int], run_id: str | None, units: str) -> list[str]:
    """The answers in the words of a runner, with the run they belong to; and the sweat rate that a weighing gives."""
    from charley.api import journal as journals
    from charley.faces.report.wording.read_back import read_back, run_name, sweat_lines
    from charley.vocabulary.journal import Drink, Event, Weighing
    from charley.vocabulary.place import distance_at_m

    told = [answer for answer in (journals.get_answer(journal, i) for i in ids) if answer is not None]
    placed = [a for a in told if isinstance(a, Event | Drink) and a.run_id and getattr(a, "at_s", None) is not None]
    ranged = [a for a in told if isinstance(a, Event) and a.run_id and a.from_s]
    run = journals.get_run(journal, run_id) if run_id and (placed or ranged) else None
    at = None if run is None else (lambda time_s: distance_at_m(run, time_s))
    line = " ".join(read_back(answer, units, at) for answer in told)
    of_run = f" {run_name(journals.get_run_row(journal, run_id), units)}." if run_id else ""
    lines = [line + of_run]
    if run_id and any(isinstance(a, Weighing) or (isinstance(a, Drink) and a.at_s is None) for a in told):
        weighed = journals.weighed_run(journal, run_id)
        lines += sweat_lines(weighed, journals.weighed_sweat(weighed), units)
    return lines


def shown_units() -> str:
    """Those that the runner typed ("mile 22", 20oz, 154lb), or asked for with --units; else metric."""
    here = click.get_current_context(silent=True)
    if here is None:
        return "metric"
    if here.meta.get(values.TYPED_IMPERIAL):
        return "imperial"
    return str((here.parent.params if here.parent else {}).get("units") or here.params.get("units") or "metric")


def _danger_in(note: str) -> None:
    """A sign of danger in a note is said at once, whatever was logged."""
    if not note:
        return
    from charley.api import advice

    signs = advice.hear(note).signs
    answer = advice.help_me(",".join(signs)) if signs else None
    if answer is not None and answer.urgency in ("emergency", "urgent"):
        click.echo(f"{words('ask.first')} {answer.headline}\n  charley help-me --flags {','.join(signs)}")
