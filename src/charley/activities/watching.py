"""A folder that is watched: which files in it are whole, so that none is read while it is still being written.

A file is whole when it has kept its size and time for a while. Names that browsers and synchronisers give to what they
have not finished are passed over until they are renamed. A file that by its own word is longer than it is, or that does
not end as its kind ends, gets more time: a copy over a slow line stands still now and then.

Events of the system only wake the look at the folder earlier (``watchfiles``, where it is installed); what counts is
what the look finds. So a folder on a network, which gives no events, works too.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from charley.activities.file_kinds import HEAD_BYTES, kind_of
from charley.activities.formats import FORMATS

SETTLE_S = 2.0  # without a change, before a file counts as whole
PATIENCE_S = 60.0  # the same for a file that looks cut
LOOK_S = 1.0  # between two looks while a file is settling, and everywhere without events
LONGEST_S = 15.0  # between two looks at a folder in which nothing is told to happen
_UNFINISHED = (
    ".part", ".crdownload", ".download", ".partial", ".tmp", ".temp", ".filepart", ".opdownload", ".aria2", ".icloud",
    ".!ut", ".bc!",
)  # fmt: skip
_HIDDEN = (".", "~")
_TAIL_BYTES = 4096
_ENDS = {"zip": re.compile(rb"PK\x05\x06")} | {one.kind: one.ends for one in FORMATS if one.ends is not None}

Form = tuple[int, int]  # size and time of the last change


@dataclass(slots=True)
class Watched:
    """What was seen of a folder: since when each file has had its form, and which were handed out in that form."""

    folder: Path
    settling: dict[Path, tuple[Form, float]] = field(default_factory=dict)
    done: dict[Path, Form] = field(default_factory=dict)

    def look(self, now_s: float) -> list[Path]:
        """Files that have become whole by ``now_s`` (of a steady clock), by name; each is handed out once a form."""
        there = dict(_files(self.folder))
        self.done = {path: form for path, form in self.done.items() if path in there}
        fresh = {path: form for path, form in there.items() if self.done.get(path) != form}
        self.settling = {
            path: seen if (seen := self.settling.get(path)) and seen[0] == form else (form, now_s)
            for path, form in fresh.items()
        }
        whole = [p for p, (_, since_s) in self.settling.items() if _is_whole(p, now_s - since_s)]
        for path in whole:
            self.done[path] = self.settling.pop(path)[0]
        return sorted(whole)

    def again(self, path: Path) -> None:
        """Hand a file out once more: what was to be done with it could not be done now."""
        self.done.pop(path, None)


def _files(folder: Path) -> Iterator[tuple[Path, Form]]:
    """Every file below a folder that may be finished, with its form. Links are not followed."""
    for here, inner, names in os.walk(folder):
        inner[:] = [n for n in inner if not n.startswith(_HIDDEN) and not n.lower().endswith(_UNFINISHED)]
        beside = set(names)
        for name in names:
            if name.startswith(_HIDDEN) or name.lower().endswith(_UNFINISHED):
                continue
            if any(name + end in beside for end in _UNFINISHED):
                continue  # a name that a browser keeps free beside what it is still loading
            try:
                found = os.lstat(os.path.join(here, name))
            except OSError:
                continue
            if stat.S_ISREG(found.st_mode) and found.st_size:
                yield Path(here, name), (found.st_size, found.st_mtime_ns)


def _is_whole(path: Path, unchanged_s: float) -> bool:
    return unchanged_s >= SETTLE_S and (unchanged_s >= PATIENCE_S or looks_whole(path))


def looks_whole(path: Path) -> bool:
    """False for a file whose own length, or whose missing end, says that more is to come."""
    try:
        with open(path, "rb") as file:
            head = file.read(HEAD_BYTES)
            size = os.fstat(file.fileno()).st_size
            file.seek(max(size - _TAIL_BYTES, 0))
            tail = file.read(_TAIL_BYTES)
    except OSError:
        return False
    kind = kind_of(head)
    if kind == "fit":
        return size >= head[0] + int(struct.unpack_from("<I", head, 4)[0])
    end = _ENDS.get(kind)
    # without zeros, so that it is found in UTF-16 as well
    return end is None or end.search(tail if kind == "zip" else tail.replace(b"\0", b"")) is not None


def waiter(folder: Path) -> Callable[[float], None]:
    """A function that waits until something happens in the folder, at most as many seconds as it is told."""
    events: Iterator[set[Any]] | None = None

    def wait(seconds: float) -> None:
        nonlocal events
        end = time.monotonic() + seconds
        try:
            events = events or _events(folder)
            while events is not None and time.monotonic() < end:
                if next(events):
                    return
        except (OSError, RuntimeError, StopIteration):  # the folder is gone, or the system has no more watches to give
            events = None
        time.sleep(min(LOOK_S, max(end - time.monotonic(), 0.0)))

    return wait


def _events(folder: Path) -> Iterator[set[Any]] | None:
    """What happens in the folder, an empty set each second in which nothing does; None without the library."""
    try:
        from watchfiles import watch
    except ImportError:
        return None
    return watch(
        folder, watch_filter=None, rust_timeout=int(LOOK_S * 1000), yield_on_timeout=True, debounce=400,
        ignore_permission_denied=True,
    )  # fmt: skip
