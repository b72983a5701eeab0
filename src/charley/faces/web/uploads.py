"""Files that a browser sends, taken to the disk beside the journal as they come, and brought in from there.

Nothing is lost when the page is closed or the server is ended: a file that was taken whole lies in the folder
``JOURNAL.incoming`` until the import is done with it, and the next start goes on with what lies there.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from charley.api import journal as journals
from charley.faces.web.door import MOST_PARAMETER_CHARACTERS, Refusal, Refused
from charley.faces.web.forms import TOKEN, Form, check
from charley.faces.web.work import Task, Work
from charley.vocabulary.errors import UsageError
from charley.vocabulary.journal import ImportProgress, ImportSummary

MOST_FILES = 5000  # in one form; a folder of more is best sent as an archive
MOST_BYTES = 2 * 2**30  # of one form with runs
MOST_BACKUP_BYTES = 5 * 2**30
SPARE_BYTES = 100 * 2**20  # that an upload leaves on the disk
_TELL_S = 0.1
BEGAN_NS = time.time_ns()  # of this server: rooms of before are of one that was ended
_CHUNK = 2**20
_NAME = re.compile(r"[^\w .()+-]")
_BROKEN = Refusal(400, "The files did not arrive whole", "Nothing was changed. Send them again.")


@dataclass(frozen=True, slots=True)
class Sent:
    """What came with a form: its fields, and its files as they lie in a folder that is removed afterwards."""

    fields: Form
    files: tuple[Path, ...]


def folder_of(journal: Path) -> Path:
    """Where files wait for their import."""
    return Path(f"{journal}.incoming")


async def receive(request: Request, token: str, to: Path) -> Sent:
    """Take a form with files to the folder ``to``. Raises Refused for one that is not ours, or does not end."""
    from starlette.concurrency import run_in_threadpool

    _need_room(request, to)
    try:
        form = await request.form(max_files=MOST_FILES, max_fields=20, max_part_size=64 * 1024)
    except HTTPException as error:
        raise Refused(_BROKEN) from error
    except OSError as error:  # the disk is full, or its folder for what passes through may not be written
        raise UsageError("write-failed", error.strerror or "cannot be written", tempfile.gettempdir()) from error
    try:
        fields: dict[str, tuple[str, ...]] = {}
        for name, value in form.multi_items():
            if isinstance(value, str):
                fields[name] = (*fields.get(name, ()), value[:MOST_PARAMETER_CHARACTERS])
        check(fields.pop(TOKEN, ()), token)
        sent = [value for _, value in form.multi_items() if isinstance(value, UploadFile) and value.filename]
        files = [await run_in_threadpool(_keep, file, to, n) for n, file in enumerate(sent)]
        return Sent(fields, tuple(files))
    finally:
        await form.close()


def _need_room(request: Request, to: Path) -> None:
    """Raise Refused for more than fits on the disk, before a byte of it is read: it passes through the system's folder
    for such files, and waits beside the journal."""
    length = request.headers.get("content-length", "")
    wanted = SPARE_BYTES + (int(length) if length.isdecimal() else 0)
    for folder in (Path(tempfile.gettempdir()), to):
        free = shutil.disk_usage(folder).free
        if free < wanted:
            text = (
                f"It needs {wanted / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free in {folder}. Nothing was changed. "
                "Make room, and send it again."
            )
            raise Refused(Refusal(507, "There isn't enough room on the disk", text))


def _keep(file: UploadFile, to: Path, number: int) -> Path:
    """One file onto the disk, whole before it has its name."""
    name = _NAME.sub("_", os.path.basename((file.filename or "").replace("\\", "/")))[-100:].lstrip(". ") or "file"
    place = to / f"{number:04d}" / name  # a folder a file, so that two of one name are two
    place.parent.mkdir(mode=0o700, parents=True)  # an import may have emptied the room and taken it away
    part = place.with_name(".part")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            shutil.copyfileobj(file.file, out, _CHUNK)
        part.rename(place)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageError("write-failed", error.strerror or "cannot be written", str(to)) from error
    return place


class Incoming:
    """Uploads of one journal: what waits, and the import that is going on or was the last."""

    path = "/bring"  # the form whose files wait for an import

    def __init__(self, journal: Path, work: Work) -> None:
        self.journal, self.folder, self._work = journal, folder_of(journal), work
        self.task: Task[ImportSummary] | None = None
        self._times = 0

    def room(self) -> Path:
        """A new folder for one form. Raises UsageError where none can be made."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return Path(tempfile.mkdtemp(prefix=f"{time.time_ns():020d}-", dir=self.folder))
        except OSError as error:
            raise UsageError("write-failed", error.strerror or "cannot be written", str(self.folder)) from error

    def leave(self, room: Path) -> None:
        """Remove a folder with what is in it; the folder of all with the last of them."""
        shutil.rmtree(room, ignore_errors=True)
        with suppress(OSError):
            self.folder.rmdir()

    def waiting(self) -> list[Path]:
        """Files that were taken whole and are not brought in yet, in the order in which they came."""
        return sorted(p for p in self.folder.glob("*/*/*") if p.is_file() and p.name != ".part")

    def go_on(self) -> Task[ImportSummary] | None:
        """The import of what waits; the one that is going on, if there is one."""
        if self.task is not None and not self.task.ended.is_set():
            return self.task
        if self.waiting():
            self._times += 1
            self.task = self._work.start(
                ("import", str(self.journal), self._times), "Reading your files", bring, self.journal, self.folder,
                BEGAN_NS, progress=True,
            )  # fmt: skip
        return self.task

    def stop(self) -> None:
        """End the import that is going on; what it has read is kept, and what waits is let go of."""
        if self.task is not None and not self.task.ended.is_set():
            self._work.stop(self.task.key)
        shutil.rmtree(self.folder, ignore_errors=True)


def bring(journal: Path, folder: Path, began_ns: int, tell: Callable[[ImportProgress], None]) -> ImportSummary:
    """Import what lies in a folder of uploads, and remove that from there. Called in a process of its own.

    What comes meanwhile stays for the next import. Of forms of before ``began_ns``, when this server was started,
    nothing comes any more: what is left of them, cut off, goes too.
    """
    told = 0.0

    def progress(now: ImportProgress) -> None:
        nonlocal told
        if time.monotonic() - told >= _TELL_S:
            told = time.monotonic()
            tell(now)

    rooms = sorted(folder.iterdir())
    files = sorted(p for room in rooms for p in room.glob("*/*") if p.is_file() and p.name != ".part")
    done = journals.import_files(journal, files, progress=progress)
    for room in rooms:
        if room.name.partition("-")[0].isdecimal() and int(room.name.partition("-")[0]) < began_ns:
            shutil.rmtree(room, ignore_errors=True)
    for place in sorted({file.parent for file in files}):
        shutil.rmtree(place, ignore_errors=True)
    for empty in (*{file.parents[1] for file in files}, folder):
        with suppress(OSError):
            empty.rmdir()
    return done
