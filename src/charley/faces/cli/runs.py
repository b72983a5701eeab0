"""`charley runs`: the runs of the journal and what was said of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from charley.faces.cli.meta import meta
from charley.faces.cli.output import json_option, print_json, units_option
from charley.vocabulary.journal import Event, Report, RunRow

SHORT_ID = 8
STATES = {
    "cramp": "cramp",
    "twitch": "twitch",
    "none": "nothing",
    "skipped": "skipped",
    "asked": "asked, no answer",
    "not asked": "",
}


@click.group(name="runs", invoke_without_command=True)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many, latest first.")
@click.option("--all", "everything", is_flag=True, help="All of them.")
@units_option
@json_option
@click.pass_context
def command(ctx: click.Context, /, limit: int, everything: bool, **options: Any) -> None:
    """The runs of the journal, the latest first, and what was said of each; `charley runs show RUN` for one."""
    if ctx.invoked_subcommand is not None:
        return
    from charley.api import journal as journals

    journal = journals.journal_path(ctx.obj.journal_path)
    rows = journals.list_runs(journal)
    bad = journals.unreadable_runs(journal)
    reports = journals.reports(journal) if rows else {}
    chosen = rows if everything else rows[:limit]
    if options["json"]:
        print_json(runs_json(chosen, reports, len(rows), bad))
    elif not rows and not bad:
        click.echo(f"No runs yet in {journal}\n\n  charley import FILES     files, folders, zips, account exports")
    else:
        click.echo(_table(chosen, reports, options["units"]))
        if len(chosen) < len(rows):
            click.echo(f"\n{len(rows) - len(chosen)} more: charley runs --all")
        if bad:
            click.echo(f"\nnote: {_left_out(bad)} [journal-row]")


@command.command(name="show", short_help="Show one run with all its answers")
@click.argument("run", default="last", metavar="[RUN]")
@units_option
@json_option
@click.pass_context
def show(ctx: click.Context, /, run: str, **options: Any) -> None:
    """One run: what was recorded, what was asked, and every answer in the order told."""
    from charley.api import journal as journals

    journal = journals.journal_path(ctx.obj.journal_path)
    row, report = journals.get_run_row(journal, run), journals.get_report(journal, run)
    if options["json"]:
        print_json(run_json(row, report))
    else:
        click.echo(_one(row, report, options["units"]))


def runs_json(
    rows: Sequence[RunRow], reports: dict[str, Report], all_runs: int, bad: tuple[tuple[str, str], ...]
) -> dict[str, Any]:
    """The list as JSON: the runs chosen, of how many, and those that cannot be read."""
    listed = [_run(row, reports[row.run_id]) for row in rows]
    warnings = [{"code": "journal-row", "text": _left_out(bad)}] if bad else []
    return {"meta": meta(), "n_runs": all_runs, "runs": listed, "warnings": warnings}


def run_json(row: RunRow, report: Report) -> dict[str, Any]:
    """One run as JSON, with every question and every answer."""
    asked = [
        {"id": p.id, "asked_at": p.asked_at.isoformat(), "about_s": p.about_s, "answered": p.answered}
        for p in report.prompts
    ]
    history = [_event(e) for e in report.history]
    return {"meta": meta(), "run": _run(row, report), "prompts": asked, "history": history}


def _left_out(bad: tuple[tuple[str, str], ...]) -> str:
    """What is said of runs whose rows cannot be read."""
    from charley.faces.report.wording.figures import clean

    first = f"{bad[0][0]} ({clean(bad[0][1])})"
    many = f"Run {first} can't be read" if len(bad) == 1 else f"{len(bad)} runs can't be read, {first} among them"
    return f"{many}; everything else is here. See: charley data doctor"


def _run(row: RunRow, report: Report) -> dict[str, Any]:
    return {
        "run_id": row.run_id,
        "started_at": row.started_at.isoformat(),
        "zone_from": row.zone_from,
        "distance_m": row.distance_m,
        "elapsed_s": row.elapsed_s,
        "timer_s": row.timer_s,
        "records": row.records,
        "file": row.file_name,
        "format": row.file_format,
        "device": row.device,
        "sport": row.sport,
        "title": row.title,
        "demo": row.demo,
        "dated": row.dated,
        "channels": list(row.channels),
        "state": report.state(),
        "events": [_event(e) for e in report.events],
    }


def _event(event: Event) -> dict[str, Any]:
    keys = (
        "id",
        "kind",
        "phase",
        "at_s",
        "from_s",
        "to_s",
        "muscle",
        "side",
        "severity",
        "helped",
        "note",
        "source",
        "replaces",
    )
    said = {key: getattr(event, key) for key in keys}
    return said | {"answered_at": event.answered_at.isoformat(), "current": event.current}


DAY_FROM = {
    "watch": "the day and time are those on your watch",
    "file": "the day and time are those in the file",
    "list": "the day and time are those in your platform's list",
    "place": "the day and time are those of the place",
    "runner": "the day and time are those that you gave",
    "machine": "the day and time are those of this computer's zone: nothing in the file says yours",
}


def _table(rows: tuple[RunRow, ...], reports: dict[str, Report], units: str) -> str:
    from charley.faces.report.wording.figures import clean, clock, distance_with_unit

    lines = []
    for row in rows:
        length = distance_with_unit(row.distance_m, units)
        said = STATES[reports[row.run_id].state()]
        demo = "DEMO " if row.demo else ""
        when = f"{row.started_at:%Y-%m-%d %H:%M}" if row.dated else "date not known   "[:16]
        what = f"{length:>9}  {clock(row.elapsed_s):>8}  {said:<16}  {demo}{clean(row.title)}"
        lines.append(f"{row.run_id[:SHORT_ID]}  {when}  {what}".rstrip())
    return "\n".join(lines)


def _one(row: RunRow, report: Report, units: str) -> str:
    from charley.faces.report.wording.figures import clean, clock, distance_with_unit

    lines = [
        f"{row.run_id[:SHORT_ID]}  {row.started_at:%a %d %b %Y %H:%M}  {clean(row.title)}".rstrip(),
        f"  {distance_with_unit(row.distance_m, units)} in {clock(row.elapsed_s)} ({clock(row.timer_s)} running)",
        f"  from {clean(row.file_name)}, {row.records} samples{f', {clean(row.device)}' if row.device else ''}",
        f"  {DAY_FROM.get(row.zone_from, '')}",
        f"  recorded: {', '.join(row.channels)}",
        "",
    ]
    if not row.dated:
        lines.insert(1, "  its clock was never set: charley log date 2026-05-03T09:00 --run " + row.run_id[:SHORT_ID])
    if not report.history:
        lines.append("  asked, no answer" if report.prompts else "  no answer yet: charley log")
    for event in report.history:
        where = event.phase.replace("_", " ") if event.phase != "during" else _where(event)
        words = [event.kind, where, event.side or "", event.muscle or "", event.helped, event.note]
        state = "" if event.current else "  (withdrawn)"
        lines.append(f"  {event.id:>4}  {' · '.join(clean(w) for w in words if w)}{state}")
    return "\n".join(lines)


def _where(event: Event) -> str:
    from charley.faces.report.wording.figures import clock

    if event.at_s is not None:
        return f"at {clock(event.at_s)}"
    if event.from_s is None or event.to_s is None:
        return ""
    return f"between {clock(event.from_s)} and {clock(event.to_s)}"
