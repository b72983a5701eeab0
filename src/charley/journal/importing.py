"""Files -> journal: many readers, one writer, in the order of the files.

Safe to repeat: a file that was looked at is known by the hash of its bytes and is not read again by the same version.
Safe to kill: runs are written in small transactions, each run whole, and the same command goes on from there. The order
of the files decides, never the speed of a reader, so that any number of workers gives the same journal.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from charley.journal import cramp_presses, other_activities, runs
from charley.journal.prepared import Prepared
from charley.journal.sqlite_errors import plain_errors
from charley.journal.store import Store, open_store
from charley.journal.workers import Pool, Reader, Refused, Result, Task, read_one
from charley.vocabulary.errors import JournalError, registry
from charley.vocabulary.journal import FoundFile, ImportProgress, ImportSummary, OtherActivity, Skipped

BATCH_FILES = 32
BATCH_SECONDS = 0.5  # also how long another command may have to wait for us
HARMLESS = ("not-activity", "not-a-run")  # skipped, and nothing of a runner's is missing for it
PASSING = ("import-stopped",)  # may go well another time: it is not kept in mind
# What each takes of the room of the file that was handed in: 1 is 0.1 ms of processor time; a duplicate costs a
# quarter less, so that an import of the same file comes farther.
PRICE_BEFORE, PRICE_FILE, PRICE_FIGURES, PRICE_REFUSED, PRICE_RUN = 1, 8, 4, 8, 32
WAITING_RESULTS = 64  # kept in memory while an earlier file is slow


@dataclass(frozen=True, slots=True)
class _Before:
    """The same bytes were imported before."""


_Outcome = Result | Skipped | _Before


def import_runs(
    path: Path, files: Iterable[FoundFile], reader: Reader, *, read_by: str, workers: int = 2,
    progress: Callable[[ImportProgress], None] | None = None, now: datetime | None = None,
) -> ImportSummary:  # fmt: skip
    """Bring files into the journal at ``path``, which is made if there is none.

    ``reader`` turns bytes, a name and notes into the activities of a file, or raises a CharleyError; it must be
    importable by name, as it is called in other processes (with ``workers`` 0 in this one, without limits of time).
    ``read_by`` names a version: a run that an older version read is read again and its channels are refreshed; what
    the runner said of it stays.

    Raises JournalError; what was stored until then stays stored.
    """
    started = time.monotonic()
    with open_store(path, create=True) as store, plain_errors(store.path):
        if not store.writable:
            raise JournalError("journal-read-only", "it may not be written", str(store.path))
        runs.sweep_streams(store)
        tally = _Tally(store, read_by, now or datetime.now(UTC), progress)
        try:
            for file, sha256, result in _in_order(store, files, reader, read_by, workers, tally.breathe):
                tally.take(file, sha256, result)
        except JournalError as error:
            tally.abandon()
            raise JournalError(
                error.code, f"{error.found}; {tally.stored} runs of this import are stored", error.where
            ) from error
        except BaseException:  # a Ctrl-C keeps what is complete
            tally.commit()
            raise
        tally.commit()
        if tally.refreshed or tally.same_runs:
            runs.sweep_streams(store)  # of the channels that gave way to better ones
    return tally.summary(time.monotonic() - started)


@dataclass(slots=True)
class _Tally:
    """The one writer: takes results in order, in batches of one transaction each."""

    store: Store
    read_by: str
    now: datetime
    progress: Callable[[ImportProgress], None] | None
    run_ids: list[str] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    others: int = 0
    duplicates: int = 0
    refreshed: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    same_runs: list[Skipped] = field(default_factory=list)
    stored: int = 0
    logged: int = 0
    logged_before: int = 0
    _full: set[str] = field(default_factory=set)
    _batch: AbstractContextManager[object] | None = None
    _files: int = 0
    _since: float = 0.0

    def take(self, file: FoundFile, sha256: str, result: _Outcome) -> None:
        """Write one file's result."""
        if isinstance(result, Skipped):
            self.skipped.append(result)
        elif isinstance(result, _Before):
            self.duplicates += 1
            if file.room is not None:
                file.room.left -= PRICE_BEFORE
        else:
            self._take_each(file, sha256, result)
            self._files += 1
        if self.progress is not None:
            counts = (len(self.run_ids) + self.others, self.duplicates, len(self.skipped))
            self.progress(ImportProgress(file.done, *counts, file.name))
        if self._files >= BATCH_FILES or (self._batch and time.monotonic() - self._since > BATCH_SECONDS):
            self.commit()

    def _take_each(self, file: FoundFile, sha256: str, result: Result) -> None:
        """Write each activity of a file, in order, as far as there is room for what they cost."""
        self._open()
        kept: list[tuple[str, dict[str, str]]] = []
        refused: list[Refused] = []
        for part in result:
            if file.room is not None and file.room.left <= 0:
                if file.room.file not in self._full:
                    self._full.add(file.room.file)
                    about = registry()["import-room"]
                    self.skipped.append(Skipped(file.room.file, about.code, f"{about.meaning} {about.next_step}"))
                return  # the file is not noted: the next import goes on with it
            if isinstance(part, Refused):
                refused.append(part)
                self.skipped.append(Skipped(file.name, part.code, part.text, part.code in HARMLESS))
                price = PRICE_REFUSED
            else:
                kept.append(self._add(part, file.name))
                price = PRICE_RUN if isinstance(part, Prepared) else PRICE_FIGURES
                price -= price // 4 if kept[-1][0] == "duplicate" else 0
            if file.room is not None:
                file.room.left -= price
        if kept:
            if file.room is not None:
                file.room.left -= PRICE_FILE
            outcome, ids = next((k for k in kept if k[0] != "duplicate"), kept[0])
            self._note(sha256, "duplicate" if outcome == "duplicate" else "new", file.name, **ids)
        elif refused and refused[0].code not in PASSING:
            self._note(sha256, "skipped", file.name, code=refused[0].code, reason=refused[0].text)

    def breathe(self) -> None:
        """Called while the readers are busy: let go of the journal if there is something to write."""
        if self._files:
            self.commit()

    def commit(self) -> None:
        """End the batch: its runs are on the disk after this."""
        if self._batch is not None:
            batch, self._batch, self._files = self._batch, None, 0
            batch.__exit__(None, None, None)
            self.stored = len(self.run_ids)

    def abandon(self) -> None:
        """Take the batch back: none of its runs is in the journal."""
        if self._batch is not None:
            batch, self._batch, self._files = self._batch, None, 0
            error = JournalError("journal-full", "the batch was given up")
            try:
                batch.__exit__(type(error), error, None)
            except JournalError:
                return

    def summary(self, seconds: float) -> ImportSummary:
        """What it all came to."""
        return ImportSummary(
            len(self.run_ids) + self.others,
            self.others,
            self.duplicates,
            self.refreshed,
            tuple(self.skipped),
            seconds,
            tuple(self.run_ids),
            tuple(self.undated),
            tuple(self.same_runs),
            self.logged,
            self.logged_before,
        )

    def _open(self) -> None:
        if self._batch is None:
            batch = self.store.writing()
            batch.__enter__()
            self._batch, self._since = batch, time.monotonic()

    def _add(self, read: Prepared | OtherActivity, file: str) -> tuple[str, dict[str, str]]:
        """What adding an activity came to, and the id that it is kept under."""
        if isinstance(read, OtherActivity):
            added = other_activities.add(self.store, read, self.now)
            self.others += added.outcome == "new"
        else:
            added = runs.add(self.store, read, self.read_by, self.now)
            if added.outcome == "new":
                self.run_ids.append(added.run_id)
                self.undated += [] if added.dated else [added.run_id]
        if isinstance(read, Prepared) and '"watch-code"' in read.details:
            told = (w for w in json.loads(read.details)["warnings"] if w["code"] == "watch-code")
            about = registry()["watch-code"].next_step
            self.skipped += [Skipped(file, "watch-code", f"{w['text']}. {about}", harmless=True) for w in told]
        if isinstance(read, Prepared) and read.presses:
            logged, before = cramp_presses.log(self.store, read, added.run_id, self.now)
            self.logged, self.logged_before = self.logged + logged, self.logged_before + before
        self.duplicates += added.outcome == "duplicate"
        self.refreshed += added.outcome == "refreshed"
        if added.beside:
            text = f"It is another recording of a run that is there, from {added.beside}: one run."
            self.same_runs.append(Skipped(file, "same-run", text, harmless=True))
        kind = "activity_id" if isinstance(read, OtherActivity) else "run_id"
        return added.outcome, {kind: added.run_id}

    def _note(
        self, sha256: str, outcome: str, place: str, *, run_id: str | None = None, activity_id: str | None = None,
        code: str = "", reason: str = "",
    ) -> None:  # fmt: skip
        self.store.db.execute(
            "INSERT INTO source_file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET "
            "outcome = excluded.outcome, run_id = excluded.run_id, activity_id = excluded.activity_id, "
            "code = excluded.code, reason = excluded.reason, read_by = excluded.read_by",
            (sha256, outcome, run_id, activity_id, place, code, reason, self.read_by, self.now.timestamp()),
        )


def _in_order(
    store: Store, files: Iterable[FoundFile], reader: Reader, read_by: str, workers: int, breathe: Callable[[], None]
) -> Iterator[tuple[FoundFile, str, _Outcome]]:
    """Each file with its result, in the order of ``files``, however long each takes to be read."""
    ready: dict[int, _Outcome] = {}
    waiting: dict[int, tuple[FoundFile, str]] = {}
    source = enumerate(files)
    next_out, exhausted = 0, False
    with Pool(reader, workers) as pool:
        while not exhausted or waiting:
            while not exhausted and len(waiting) < WAITING_RESULTS and (pool.free or workers == 0):
                index, file = next(source, (-1, None))
                if file is None:
                    exhausted = True
                    break
                sha256 = hashlib.sha256(file.data).hexdigest() if file.data is not None else ""
                # the content is handed on and let go of: only names wait here
                waiting[index] = (replace(file, data=None), sha256)
                known = file.skipped or _known(store, sha256, file.name, read_by)
                if known is not None:
                    ready[index] = known
                elif workers == 0:
                    ready[index] = read_one(_task(index, file), reader)
                else:
                    pool.hand_over(_task(index, file))
                    continue
                if index == next_out:
                    break  # nothing stands before it
            while next_out in ready:
                yield *waiting.pop(next_out), ready.pop(next_out)
                next_out += 1
            if pool.busy and (exhausted or not pool.free or len(waiting) >= WAITING_RESULTS):
                found = [(t.index, r) for t, r in pool.results(BATCH_SECONDS)]
                ready.update(found)
                if not found:
                    breathe()


def _task(index: int, file: FoundFile) -> Task:
    assert file.data is not None
    return Task(index, file.name, file.data, file.notes)


def _known(store: Store, sha256: str, name: str, read_by: str) -> _Outcome | None:
    """What came of the same bytes before, if the same version looked at them."""
    found = store.db.execute(
        "SELECT s.outcome, s.code, s.reason, r.streams_sha256, r.read_by FROM source_file AS s "
        "LEFT JOIN run AS r USING (run_id) WHERE s.sha256 = ? AND s.read_by = ?",
        (sha256, read_by),
    ).fetchone()
    if found is None:
        return None
    outcome, code, reason, streams_sha256, run_read_by = found
    if outcome == "skipped":
        return Skipped(name, code, reason, code in HARMLESS)
    if outcome == "new" and streams_sha256 is not None:
        whole = run_read_by == read_by and (store.streams_folder / streams_sha256).exists()
        return _Before() if whole else None
    return _Before()
