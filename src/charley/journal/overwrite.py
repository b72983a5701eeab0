"""Removes files so that their bytes are gone from the place where they lay, as far as a program can see to that.

A file is written over with zeros where it lies, brought to the disk, and then removed. A file system that writes every
change to a new place (btrfs, ZFS, APFS, most snapshots), one that journals contents, and the controller of a flash disk
may keep the old blocks all the same: no program above them can reach those, and whoever calls this says so.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_CHUNK = bytes(1 << 20)


def remove(path: Path) -> bool:
    """Remove a file, its bytes first. Of a link only the link goes; a file with a second name keeps its bytes.

    Returns False where bytes may be left: a second name, or a file that may be removed and not written. Nothing there
    is as good as removed. Raises OSError where it cannot be removed.
    """
    try:
        found = path.lstat()
    except FileNotFoundError:
        return True
    done = stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and _zero(path)
    path.unlink(missing_ok=True)
    return done or not stat.S_ISREG(found.st_mode)


def _zero(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return False
    try:
        return zero_handle(handle)
    finally:
        os.close(handle)


def zero_handle(handle: int) -> bool:
    """Write zeros over all bytes of an open file and bring them to the disk; True if that could be done."""
    try:
        left = os.fstat(handle).st_size
        if not left:
            return True
        os.lseek(handle, 0, os.SEEK_SET)
        while left > 0:
            left -= os.write(handle, _CHUNK[: min(left, len(_CHUNK))])
        os.fsync(handle)
    except OSError:
        return False
    return True


@contextmanager
def emptied_when_gone(path: Path) -> Iterator[None]:
    """Keeps a file open while another program removes it within the block, and writes over its bytes afterwards.

    For SQLite's log, which SQLite itself removes when the last connection closes: its bytes would stay on the disk. A
    file that is still there after the block is in use, and is left alone.
    """
    handle = -1
    if os.name == "posix":  # elsewhere a file that is open cannot be removed
        with suppress(OSError):
            handle = os.open(path, os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0))
    try:
        yield
        if handle >= 0 and os.fstat(handle).st_nlink == 0:
            zero_handle(handle)
    finally:
        if handle >= 0:
            os.close(handle)
