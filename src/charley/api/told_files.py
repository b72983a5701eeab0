"""Files that hold what a runner told, not what a device recorded: open logs of cramps."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from charley.journal import cramp_log
from charley.journal.export import LOG_NAME
from charley.journal.store import open_store
from charley.vocabulary.errors import InputError, registry
from charley.vocabulary.journal import ImportSummary, Skipped

_HEAD_BYTES = 4096


def cramp_logs(paths: Iterable[Path]) -> dict[Path, Path]:
    """The cramp logs among what was named, each with its file: itself, or the one in an exported folder."""
    found = {}
    for path in paths:
        with suppress(OSError, ValueError):  # what cannot be read is said where the runs are read
            file = path / LOG_NAME if path.is_dir() else path
            with open(file, "rb") as opened:
                if cramp_log.is_log(opened.read(_HEAD_BYTES)):
                    found[path] = file
    return found


def nothing_else(path: Path) -> bool:
    """Whether a path that holds a cramp log holds no runs beside it: the log itself, or a folder that was exported."""
    return not path.is_dir() or (path / "answer.jsonl").exists()


def take_in(journal: Path, logs: dict[Path, Path], done: ImportSummary) -> ImportSummary:
    """Add what the logs tell to the journal, after an import; what was wrong with one stands among the skipped."""
    logged, before, skipped = done.logged, done.logged_before, list(done.skipped)
    for file in logs.values():
        try:
            log = cramp_log.parsed(file.read_bytes(), file.name)
            with open_store(journal, create=True) as store:
                taken = cramp_log.take_in(store, log, file.name, datetime.now(UTC))
        except InputError as error:
            skipped.append(Skipped(str(file), error.code, f"{error.found} {error.next_step}"))
            continue
        logged, before = logged + taken.added, before + taken.before
        if taken.without_run:
            skipped.append(_said(file, "cramp-log-no-run", f"{taken.without_run} entries: ", harmless=False))
        if log.foreign:
            skipped.append(_said(file, "cramp-log-foreign", f"{', '.join(log.foreign[:20])}: ", harmless=True))
    return replace(done, logged=logged, logged_before=before, skipped=tuple(skipped))


def _said(file: Path, code: str, what: str, *, harmless: bool) -> Skipped:
    about = registry()[code]
    return Skipped(str(file), code, f"{what}{about.meaning} {about.next_step}", harmless)
