"""`charley import PATHS`: files of any watch, folders, zips and whole account exports into the journal."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import click

from charley.faces.cli.meta import meta
from charley.faces.cli.output import json_option, print_json
from charley.vocabulary.errors import InputError, UsageError, registry
from charley.vocabulary.journal import ImportProgress, ImportSummary, Skipped

NOTHING, PARTLY = 3, 4  # exit codes
SHOWN_FILES = 3  # of each reason, unless all are asked for
_REDRAW_S = 0.1


@click.command(name="import")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="PATHS")
@click.option(
    "--watch",
    "folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Keep importing what appears in a folder, until Ctrl-C.",
)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="How many processes read files."
)
@click.option("--verbose", is_flag=True, help="Name every file that was skipped, with the reason.")
@json_option
@click.pass_context
def command(
    ctx: click.Context, /, paths: tuple[Path, ...], folder: Path | None, workers: int, verbose: bool, **options: Any
) -> int:
    """Bring runs into the journal: FIT, TCX, GPX, folders, .gz, .zip, and the account exports of Garmin and Strava.

    Safe to repeat and safe to stop: what is there already is not read again, and the same command goes on from where it
    was stopped. A bad file never stops it. Nothing leaves this machine.
    """
    from charley.api import journal as journals

    journal = journals.journal_path(ctx.obj.journal_path)
    if folder is not None and not paths:
        from charley.faces.cli.import_watch import watch

        return watch(journal, folder, workers, lambda done: _say(done, verbose, in_json=options["json"]))
    if not paths or folder is not None:
        what = "name files to import, or a folder to watch, not both" if paths else "you named no files and no folder"
        raise UsageError("usage-flag", what, next_step="See: charley import --help")
    bar = None if options["json"] or not sys.stderr.isatty() else _Bar()
    try:
        summary = journals.import_files(journal, paths, workers=workers, progress=bar)
    except KeyboardInterrupt:
        click.echo(
            "\ncharley: stopped; everything that was complete is stored. Run the same command to carry on.", err=True
        )
        return 130
    finally:
        if bar is not None:
            bar.close()
    code = _exit(summary)[0]
    if options["json"]:
        print_json(import_json(summary))
    else:
        click.echo(_text(summary, verbose))
        if code == NOTHING:
            many = f"none of the {len(summary.skipped)} files could be used" if summary.skipped else "no file was found"
            raise InputError("import-nothing", many, ", ".join(map(str, paths[:2])))
    return code


class _Bar:
    """One line on standard error that is drawn over itself."""

    def __init__(self) -> None:
        self._drawn = 0.0

    def __call__(self, now: ImportProgress) -> None:
        if time.monotonic() - self._drawn < _REDRAW_S:
            return
        self._drawn = time.monotonic()
        filled = round(30 * min(now.done, 1.0))
        counts = f"{now.imported} imported, {now.duplicates} known, {now.skipped} skipped"
        click.echo(f"\r[{'#' * filled:<30}] {100 * now.done:3.0f} %  {counts}\x1b[K", nl=False, err=True)

    def close(self) -> None:
        if self._drawn:
            click.echo("\r\x1b[K", nl=False, err=True)


def _exit(summary: ImportSummary) -> tuple[int, str]:
    told = summary.logged + summary.logged_before
    if summary.imported + summary.duplicates + summary.refreshed + told == 0:
        return NOTHING, "nothing"
    return (PARTLY, "partly") if any(not s.harmless for s in summary.skipped) else (0, "ok")


def import_json(summary: ImportSummary) -> dict[str, Any]:
    """What an import did, as JSON."""
    return {
        "meta": meta(_exit(summary)[1]),
        "imported": summary.imported,
        "runs": summary.imported - summary.others,
        "other_activities": summary.others,
        "duplicates": summary.duplicates,
        "refreshed": summary.refreshed,
        "skipped": [{"file": s.file, "code": s.code, "text": s.text, "harmless": s.harmless} for s in summary.skipped],
        "logged": summary.logged,
        "logged_before": summary.logged_before,
        "same_runs": [{"file": s.file, "text": s.text} for s in summary.same_runs],
        "seconds": round(summary.seconds, 3),
        "run_ids": list(summary.run_ids),
        "undated": list(summary.undated),
        "warnings": [{"code": "journal-undated", "text": _undated(summary)}] if summary.undated else [],
    }


def _say(done: ImportSummary, verbose: bool, *, in_json: bool) -> None:
    """What is said of one import of a watched folder: nothing, if nothing came of any file."""
    if in_json:
        print_json(import_json(done))
        return
    from charley.faces.report.wording.figures import clean, count

    parts = [count(done.imported - done.others, "run")] if done.imported > done.others else []
    parts += [count(done.others, "other activity", "other activities")] if done.others else []
    parts += [f"{done.refreshed} read again"] if done.refreshed else []
    if parts:
        click.echo(f"imported {', '.join(parts)}")
    elif verbose and done.duplicates:
        click.echo(f"{count(done.duplicates, 'file')} already known")
    for skipped in (s for s in done.skipped if verbose or not s.harmless):
        click.echo(f"not imported: {clean(skipped.file)}: {clean(skipped.text)} [{skipped.code}]")


def _undated(summary: ImportSummary) -> str:
    """What is said of runs whose clock was never set."""
    many = f"{len(summary.undated)} {'run has' if len(summary.undated) == 1 else 'runs have'}"
    first = summary.undated[0][:8]
    return f"{many} an impossible date and is left out until you correct it: charley log date DAY --run {first}"


def _different_first(files: list[Skipped]) -> list[Skipped]:
    """The first file of each reason, then the others."""
    firsts: dict[str, Skipped] = {}
    others = [f for f in files if firsts.setdefault(f.text, f) is not f]
    return [*firsts.values(), *others]


def _text(summary: ImportSummary, verbose: bool) -> str:
    from charley.faces.report.wording.figures import clean, count, listing

    new = [count(summary.imported - summary.others, "run")]
    if summary.others:
        new.append(count(summary.others, "other activity", "other activities"))
    parts = [f"imported {listing(new)}", count(summary.duplicates, "duplicate"), f"{len(summary.skipped)} skipped"]
    if summary.refreshed:
        parts.insert(1, f"{summary.refreshed} read again")
    lines = [f"{' · '.join(parts)} · {summary.seconds:.1f} s"]
    if summary.logged or summary.logged_before:
        known = f", {summary.logged_before} known" if summary.logged_before else ""
        lines.append(f"\n  logged {count(summary.logged, 'answer')} that came with the files{known}")
    by_code: defaultdict[str, list[Skipped]] = defaultdict(list)
    for skipped in (*summary.skipped, *summary.same_runs):
        by_code[skipped.code].append(skipped)
    for code, files in sorted(by_code.items(), key=lambda item: (item[1][0].harmless, item[0])):
        own = len({f.text for f in files}) > 1  # each has its own reason
        about = registry()[code]
        lines.append(
            f"\n  {len(files)} x {code}: {f'{about.meaning} {about.next_step}' if own else clean(files[0].text)}"
        )
        for f in files if verbose else _different_first(files)[:SHOWN_FILES]:
            reason = f": {clean(f.text.removesuffix(about.next_step).strip())}" if own else ""
            lines.append(f"    {clean(f.file)}{reason}")
        if len(files) > SHOWN_FILES and not verbose:
            lines.append(f"    and {len(files) - SHOWN_FILES} more (--verbose names them)")
    if summary.undated:
        lines.append(f"\nnote: {_undated(summary)} [journal-undated]")
    if summary.imported - summary.others:
        lines.append("\nNext, say what happened in them:\n  charley log               the latest run, in a few seconds")
        lines.append("  charley log --suggested   late stops that may have been cramps")
    return "\n".join(lines)
