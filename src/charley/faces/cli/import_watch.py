"""`charley import --watch FOLDER`: goes on importing what appears in a folder, until it is stopped."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from charley.vocabulary.errors import JournalError, UsageError
from charley.vocabulary.journal import ImportSummary


def watch(journal: Path, folder: Path, workers: int, say: Callable[[ImportSummary], None]) -> int:
    """Watch until Ctrl-C or a request to end (SIGTERM); 0 then. What was complete is stored, and nothing is half."""
    from charley.api import journal as journals

    if not folder.is_dir():
        raise UsageError("usage-value", "there is no such folder to watch", str(folder), "Make it, or check the path.")
    imported, held = 0, False
    try:
        with _ends_like_ctrl_c():
            click.echo(f"Watching {folder}. Ctrl-C stops it.", err=True)
            for done in journals.watch_folder(journal, folder, workers=workers):
                if isinstance(done, JournalError):
                    if not held:
                        click.echo(f"charley: {done}", err=True)
                    held = True
                    continue
                held = False
                imported += done.imported
                say(done)
    except KeyboardInterrupt:
        many = f"{imported} {'activity' if imported == 1 else 'activities'}"
        click.echo(f"Stopped. {many} imported; everything that was complete is stored.", err=True)
    return 0


@contextmanager
def _ends_like_ctrl_c() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
