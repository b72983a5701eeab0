"""`charley data`: the journal as a thing of the runner's own: its state, backups, export, and being forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from charley.faces.cli.meta import meta
from charley.faces.cli.output import json_option, print_json
from charley.vocabulary.errors import UsageError, Warned
from charley.vocabulary.journal import Forgotten, JournalStatus

JOURNAL_PROBLEM = 5  # exit code
FORGET_LIMITS = (
    "Overwritten where it was stored. Flash disks, snapshots and some file systems may still keep old copies."
)


@click.group(name="data", invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Your journal: where it is, backup and restore, export, what it knows, and how to be forgotten by it."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@command.command(name="status", short_help="Show where the journal is and what it holds")
@json_option
@click.pass_context
def status(ctx: click.Context, /, **options: Any) -> None:
    """Where the journal is and what is in it."""
    from charley.api import journal as journals

    now = journals.journal_status(journals.journal_path(ctx.obj.journal_path))
    if options["json"]:
        print_json(status_json(now))
        return
    lines = [f"journal      {now.path}{'' if now.exists else ' (none yet)'}{'' if now.writable else ' (read-only)'}"]
    if now.exists:
        first, last = now.first_start, now.last_start
        span = f", {first:%Y-%m-%d} to {last:%Y-%m-%d}" if first and last else ""
        lines += [
            f"runs         {now.runs}{span}" + (f", {now.demo_runs} of them DEMO" if now.demo_runs else ""),
            f"said         {now.cramps} cramps, {now.cramp_free} runs with none, {now.unanswered} asked, not answered",
            f"also         {now.weighings} weighings, {now.drinks} drinks; {now.answers} answers in all",
            f"on disk      {now.bytes_on_disk / 1e6:.1f} MB, format {now.format}",
        ]
    lines.append(f"backups      {len(now.backups)}" + (f", the latest {now.backups[-1]}" if now.backups else ""))
    click.echo("\n".join(lines))


def status_json(now: JournalStatus) -> dict[str, Any]:
    """The journal in figures, as JSON."""
    counts = ("exists", "format", "writable", "runs", "demo_runs", "answers", "cramps", "cramp_free", "unanswered",
              "weighings", "drinks", "bytes_on_disk")  # fmt: skip
    ends = [None if t is None else t.isoformat() for t in (now.first_start, now.last_start)]
    thing: dict[str, Any] = {"meta": meta(), "path": str(now.path)} | {key: getattr(now, key) for key in counts}
    return thing | {"first_start": ends[0], "last_start": ends[1], "backups": [str(b) for b in now.backups]}


@command.command(name="backup", short_help="Save everything to one file")
@click.argument("to", required=False, type=click.Path(path_type=Path), metavar="[FILE]")
@json_option
@click.pass_context
def backup(ctx: click.Context, /, to: Path | None, **options: Any) -> None:
    """One file with everything in it, written while the journal may be in use, and read back before it counts."""
    from charley.api import journal as journals

    made = journals.make_backup(journals.journal_path(ctx.obj.journal_path), to)
    if options["json"]:
        thing = {"path": str(made.path), "bytes_on_disk": made.bytes_on_disk, "rows": dict(made.rows)}
        checked = {"streams": made.streams, "sha256": made.data_sha256, "warnings": _listed(made.warnings)}
        print_json({"meta": meta()} | thing | checked)
        return
    rows = dict(made.rows)
    size = f"{made.bytes_on_disk / 1e6:.1f} MB"
    whole = "read back and identical to the journal" if made.warnings else "read back and complete"
    click.echo(f"{made.path}\n{rows['run']} runs, {rows['answer']} answers, {size}; {whole}")
    _note(made.warnings)


@command.command(name="restore", short_help="Replace the journal with a backup")
@click.argument("backup_file", type=click.Path(path_type=Path), metavar="BACKUP")
@json_option
@click.pass_context
def restore(ctx: click.Context, /, backup_file: Path, **options: Any) -> None:
    """Put a backup in the place of the journal; the journal before it is kept beside it."""
    from charley.api import journal as journals

    done = journals.restore_backup(journals.journal_path(ctx.obj.journal_path), backup_file)
    kept = None if done.kept is None else str(done.kept)
    if options["json"]:
        thing = {"meta": meta(), "path": str(done.path), "kept": kept, "runs": done.runs, "answers": done.answers}
        print_json(thing | {"warnings": _listed(done.warnings)})
        return
    click.echo(f"restored {done.runs} runs and {done.answers} answers to {done.path}")
    if kept:
        click.echo(f"your previous journal is kept: {kept}")
    _note(done.warnings)


@command.command(name="export", short_help="Export everything as JSON lines and CSV")
@click.argument("folder", type=click.Path(path_type=Path), metavar="FOLDER")
@click.option("--open-mhealth", is_flag=True, help="Also runs and weighings as data points of Open mHealth.")
@json_option
@click.pass_context
def export(ctx: click.Context, /, folder: Path, open_mhealth: bool, **options: Any) -> None:
    """Everything in open formats: JSON lines for what was said, CSV for the channels of each run, and a cramp log."""
    from charley.api import journal as journals

    done = journals.export_all(journals.journal_path(ctx.obj.journal_path), folder, as_open_mhealth=open_mhealth)
    if options["json"]:
        thing = {"meta": meta(), "path": str(done.path), "files": dict(done.files)}
        print_json(thing | {"warnings": _listed(done.warnings)})
    else:
        tables = [f"{name}: {rows}" for name, rows in done.files if rows and not name.startswith("streams/")]
        runs = sum(name.startswith("streams/") for name, _ in done.files)
        click.echo(f"{done.path}\n  {', '.join(tables)}; channels of {runs} runs")
        _note(done.warnings)


@command.command(name="forget", short_help="Erase a run, health answers or everything")
@click.option("--run", metavar="RUN", help="One run and everything you said about it.")
@click.option("--demo", is_flag=True, help="The runs of the demonstration.")
@click.option("--health", is_flag=True, help="All answers about conditions and medicines.")
@click.option("--all", "everything", is_flag=True, help="The whole journal.")
@click.option("--backups", is_flag=True, help="With --all: also the backups and copies beside it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_context
def forget(ctx: click.Context, /, run: str | None, yes: bool, **options: Any) -> None:
    """Remove for good: a run, the health answers, the demonstration, or everything.

    What is removed is overwritten where it is stored. A flash disk, a snapshot, or a file system that copies on write
    (btrfs, ZFS, APFS) may keep old copies all the same; only an encrypted disk rules that out.
    """
    from charley.api import journal as journals

    chosen = [word for word in ("demo", "health", "everything") if options[word]] + (["run"] if run else [])
    if len(chosen) != 1:
        raise UsageError("forget-what", "you named nothing" if not chosen else "you named more than one thing")
    journal = journals.journal_path(ctx.obj.journal_path)
    what = f"run {journals.get_run_row(journal, run).run_id[:8]}" if run else chosen[0]
    if not yes and (options["json"] or not click.confirm(f"Erase {what} of {journal} for good?", default=False)):
        raise UsageError("forget-what", "not confirmed; nothing was changed")
    if run:
        done = journals.forget_run(journal, run)
    elif options["demo"]:
        done = journals.forget_demo(journal)
    elif options["health"]:
        done = journals.forget_health(journal)
    else:
        done = journals.forget_all(journal, backups_too=options["backups"])
    _say_forgotten(done, options["json"])


def _listed(warnings: tuple[Warned, ...]) -> list[dict[str, str]]:
    return [{"code": w.code, "text": w.text} for w in warnings]


def _note(warnings: tuple[Warned, ...]) -> None:
    for warned in warnings:
        click.echo(f"note: {warned.text} [{warned.code}]")


def _say_forgotten(done: Forgotten, as_json: bool) -> None:
    still = [str(path) for path in done.still_in]
    if as_json:
        left = [str(path) for path in done.not_overwritten]
        thing = {"meta": meta(), "runs": done.runs, "answers": done.answers, "still_in": still}
        print_json(thing | {"not_overwritten": left, "limits": FORGET_LIMITS})
        return
    runs = f"{done.runs} {'run' if done.runs == 1 else 'runs'}"
    answers = f"{done.answers} {'answer' if done.answers == 1 else 'answers'}"
    click.echo(f"forgotten: {runs}, {answers}\n{FORGET_LIMITS}")
    if gone := [str(path) for path in done.not_overwritten if not path.exists()]:
        click.echo("Removed, but not overwritten (another name still leads to it):\n  " + "\n  ".join(gone))
    if still:
        click.echo("Still there; remove them yourself if you don't want to keep them:\n  " + "\n  ".join(still))


@command.command(name="reveal", short_help="Show what the journal knows about you")
@json_option
@click.pass_context
def reveal(ctx: click.Context, /, **options: Any) -> None:
    """What the journal knows about you, line by line."""
    from charley.api import journal as journals

    told = journals.disclose(journals.journal_path(ctx.obj.journal_path))
    if options["json"]:
        print_json({"meta": meta(), "knows": dict(told.lines)})
    else:
        click.echo("\n".join(f"{name:<12} {text}" for name, text in told.lines))


@command.command(name="doctor", short_help="Check the journal and repair it")
@click.option("--repair", is_flag=True, help="Repair what can be repaired.")
@json_option
@click.pass_context
def doctor(ctx: click.Context, /, repair: bool, **options: Any) -> int:
    """Examine the journal: pages, references, channels, permissions, left-overs, room on the disk."""
    from charley.api import journal as journals

    found = journals.examine(journals.journal_path(ctx.obj.journal_path), repair=repair)
    grave = any(f.grave and not f.repaired for f in found)
    if options["json"]:
        listed = [{"code": f.code, "text": f.text, "grave": f.grave, "repaired": f.repaired} for f in found]
        print_json({"meta": meta("damaged" if grave else "ok"), "findings": listed})
    elif not found:
        click.echo("The journal is in order.")
    else:
        for f in found:
            mark = "mended" if f.repaired else "grave" if f.grave else "note"
            click.echo(f"{mark:<7} {f.text} [{f.code}]")
    return JOURNAL_PROBLEM if grave else 0
