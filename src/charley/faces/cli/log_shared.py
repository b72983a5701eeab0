"""What the verbs of the log and its questions share: the place of a cramp, and the words after an entry."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from charley.faces.cli.meta import meta
from charley.faces.cli.output import print_json
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.errors import UsageError
from charley.vocabulary.journal import (
    Logged,
)

PHASES = {"0-1h": "after_0_1h", "1-6h": "after_1_6h", "night": "night"}


def place_of(journal: Path, run: str | None, at: str | None, words: tuple[str, ...]) -> Cramp | None:
    """The place meant by --at and by the words behind it ("--at somewhere-after 30km" comes in two)."""
    from charley.api import journal as journals
    from charley.api import one_run

    text = " ".join([*([at] if at else []), *words]).strip()
    if not text:
        return None
    if run is None:
        raise UsageError("journal-contradiction", "you gave a place but no run")
    return one_run.parse_at(text, journals.get_run(journal, run))


def say(logged: Logged, options: dict[str, Any], ids: list[int] | None = None, what: str = "") -> None:
    """What was stored, as text or JSON."""
    if options["json"]:
        warnings = [{"code": w.code, "text": w.text} for w in logged.warnings]
        thing = {"meta": meta(), "id": logged.id, "run_id": logged.run_id, "warnings": warnings}
        print_json(thing | ({"ids": ids} if ids else {}))
        return
    of_run = f" for run {logged.run_id[:8]}" if logged.run_id else ""
    click.echo(what or f"logged{of_run} (answer {logged.id}; charley log undo {logged.id} takes it back)")
    for warned in logged.warnings:
        click.echo(f"note: {warned.text} [{warned.code}]")
    _danger_in(options.get("note") or "")


def _danger_in(note: str) -> None:
    """A sign of danger in a note is said at once, whatever was logged."""
    if not note:
        return
    from charley.api import advice
    from charley.vocabulary.words import words

    signs = advice.hear(note).signs
    answer = advice.help_me(",".join(signs)) if signs else None
    if answer is not None and answer.urgency in ("emergency", "urgent"):
        click.echo(f"{words('ask.first')} {answer.headline}\n  charley help-me --flags {','.join(signs)}")
