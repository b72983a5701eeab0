"""Pages on the disk: onto a free name, or over a page that Charley wrote; never over anything of the runner's."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

import click

from charley.vocabulary.errors import UsageError

# In the head of every page of ours; the earliest had no signature, but no other program writes these lines.
_SIGNATURES = (
    b'<meta name="generator" content="Charley">',
    b"<meta name=generator content=Charley>",  # the page for a cramp right now is packed tight
    b'style-src \'unsafe-inline\'">\n<meta name="referrer" content="no-referrer">\n<title>Why: ',
)
_LOOKED_AT = 1024  # bytes at the start of a page, in which its signature stands
_DATABASE = b"SQLite format 3\0"
_OF_A_JOURNAL = re.compile(r".*\.(?:streams|backups)")  # folders beside a journal
_PRIVATE = 0o600

force_option = click.option("--force", is_flag=True, help="Overwrite an existing file.")


def write_page(
    path: Path, text: str, *, force: bool = False, inputs: Iterable[Path] = (), private: bool = False
) -> None:
    """Write a page whole or not at all, as ``write_bytes`` does."""
    write_bytes(path, text.encode("utf-8", errors="replace"), force=force, inputs=inputs, private=private)


def write_bytes(
    path: Path, data: bytes, *, force: bool = False, inputs: Iterable[Path] = (), private: bool = False
) -> None:
    """Write a file whole or not at all; a ``private`` one is readable for its owner alone, as the journal is.

    A file in its place is replaced if it is a page of ours, or with ``force``; never replaced are the ``inputs``, a
    database (a journal is one), and what belongs to a journal. Raises UsageError (write-over, write-failed).
    """
    try:
        import tempfile

        target = Path(os.path.realpath(path))
        _check(target, path, force, inputs)
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".part", dir=target.parent)
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            part.chmod(_PRIVATE if private else 0o666 & ~_umask())
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        why = getattr(error, "strerror", None) or "this is no path"
        raise UsageError("write-failed", why, str(path)) from error


def check_free(path: Path | None, *, force: bool = False, inputs: Iterable[Path] = ()) -> None:
    """Say before minutes of work that a page cannot go there. Raises UsageError (write-over)."""
    if path is None:
        return
    try:
        _check(Path(os.path.realpath(path)), path, force, inputs)
    except (OSError, ValueError):
        return  # said when it is written


def _check(target: Path, path: Path, force: bool, inputs: Iterable[Path]) -> None:
    for one in inputs:
        if target == Path(os.path.realpath(one)) or (target.exists() and one.exists() and target.samefile(one)):
            raise UsageError("write-over", "the page is made from that file", str(path), "Give another name.")
    if any(_OF_A_JOURNAL.fullmatch(folder.name) for folder in target.parents):
        raise UsageError("write-over", "that folder belongs to a journal", str(path), "Give another name.")
    if target.is_dir():
        raise UsageError("write-failed", "this is a folder", str(path))
    if not target.exists():
        return
    if not target.is_file():
        raise UsageError("write-over", "this is no file", str(path), "Give another name.")
    with open(target, "rb") as file:
        head = file.read(_LOOKED_AT)
    if head.startswith(_DATABASE):
        raise UsageError("write-over", "this is a database, such as a journal", str(path), "Give another name.")
    if not force and not any(signature in head for signature in _SIGNATURES):
        raise UsageError("write-over", "a file of that name exists, and Charley did not write it", str(path))


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
