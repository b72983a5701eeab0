"""Looking after a journal: what is in it, whether it is whole, what it discloses, and how to be forgotten by it."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from charley.journal import answers, glance, migrations, names, quarantine, runs, streams, versions
from charley.journal.backup import SUFFIX, backups, backups_folder
from charley.journal.names import copies, set_aside_files
from charley.journal.sqlite_errors import plain_errors
from charley.journal.store import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    Store,
    free_bytes,
    hold,
    journal_file,
    open_store,
    streams_folder,
)
from charley.vocabulary.errors import JournalError
from charley.vocabulary.journal import (
    Disclosure,
    Drink,
    Finding,
    HealthAnswer,
    JournalStatus,
    Weighing,
)

_FEW_BYTES = 100 * 2**20  # room for a year of runs; below it a backup may fail
_OWN = ("", "-wal", "-shm", ".lock")  # of the journal itself
_LOOKED_AT = 50  # runs whose start is looked at for the disclosure
_PLACED = (
    "SELECT run_id FROM run WHERE instr(channels, '\"latitude_deg\"') ORDER BY started_unix_s DESC, run_id LIMIT ?"
)
_COUNTED = (
    "SELECT count(*) FROM run",
    "SELECT DISTINCT device FROM run WHERE device <> '' ORDER BY device",
    "SELECT channels, count(*) FROM run WHERE json_valid(channels) GROUP BY channels ORDER BY max(started_unix_s) DESC",
    "SELECT kind, count(*) FROM answer GROUP BY kind",
)


def status(path: Path) -> JournalStatus:
    """The journal in figures; also where there is none yet."""
    file = journal_file(path)
    if not file.exists():
        none = (None, None, 0, 0, 0, 0, 0, 0, 0, backups(file))
        return JournalStatus(file, False, migrations.newest_format(), True, 0, 0, *none)
    with open_store(file) as store, store.reading() as db:
        count, demo, first, last = db.execute(
            "SELECT count(*), coalesce(sum(demo), 0), min(started_unix_s), max(started_unix_s) FROM run"
        ).fetchone()
        told = int(db.execute("SELECT count(*) FROM answer WHERE kind <> 'withdrawal'").fetchone()[0])
        asked = {str(r) for (r,) in db.execute("SELECT DISTINCT run_id FROM prompt WHERE about_s IS NULL")}
        return JournalStatus(
            file, True, store.format, store.writable, count, demo, _when(first), _when(last), told,
            glance.cramps(store), sum(word == "none" for word in glance.said(store).values()),
            len(asked - glance.answered(store)),
            len(answers.current(store, Weighing)), len(answers.current(store, Drink)),
            _bytes(file), backups(file),
        )  # fmt: skip


def _bytes(file: Path) -> int:
    """Room that a journal takes with its streams: thousands of files, so each is looked at once."""
    own = sum(Path(f"{file}{end}").stat().st_size for end in _OWN if Path(f"{file}{end}").is_file())
    folder = streams_folder(file)
    if not folder.is_dir():
        return own
    with os.scandir(folder) as there:
        kept = [e for e in there if streams.is_name(e.name) or names.is_stream_part(Path(e.name))]
        return own + sum(e.stat().st_size for e in kept if e.is_file())


def belongings(file: Path) -> Iterator[Path]:
    """The files and folders of a journal: itself, SQLite's own beside it, the streams; not backups and kept copies."""
    for end in _OWN:
        path = Path(f"{file}{end}")
        if path.exists():
            yield path
    folder = streams_folder(file)
    if folder.is_dir():
        yield folder
        yield from (p for p in folder.iterdir() if streams.is_name(p.name) or names.is_stream_part(p))


def doctor(path: Path, *, repair: bool = False) -> tuple[Finding, ...]:
    """Examine the whole journal: pages, references, streams, permissions, left-overs, room.

    ``repair`` mends what can be mended. What cannot be opened is a finding, not an error. Raises
    JournalError (journal-missing) where there is no journal.
    """
    file = journal_file(path)
    if not file.exists():
        raise JournalError("journal-missing", "there is no journal yet", str(file))
    found: list[Finding] = _versions(file, repair)
    try:
        with open_store(file) as store:
            found += _pages(store)
            found += _rows(store, repair)
            with plain_errors(file):
                found += _streams(store, repair)
    except JournalError as error:
        if not any(f.grave for f in found):
            found.append(Finding(error.code, str(error), grave=True))
        if not names.says_it_is_ours(file):
            return tuple(found)  # somebody else's file: nothing of it is mended
    found += _left_overs(file, repair)
    found += _permissions(file, repair)
    free = free_bytes(file.parent)
    if free < _FEW_BYTES:
        found.append(Finding("disk-nearly-full", f"only {free / 2**20:.0f} MB are free on the disk", grave=False))
    return tuple(found)


def _versions(file: Path, repair: bool) -> list[Finding]:
    """A damaged byte that lets nobody write, or nobody open, a journal in which nothing else need be wrong."""
    with plain_errors(file):
        if not names.says_it_is_ours(file) or not versions.locks_out(file):
            return []
        if repair:
            lock = hold(file, exclusive=True)
            try:
                versions.mend(file, versions.WRITTEN_AHEAD)
            finally:
                if lock is not None:
                    lock.close()
    mended = "" if repair else "; charley data doctor --repair mends it"
    return [Finding("journal-damaged", f"a damaged byte keeps it from being changed{mended}", True, repair)]


def _pages(store: Store) -> list[Finding]:
    found = []
    try:
        with store.reading() as db:
            for (text,) in db.execute("PRAGMA integrity_check(5)").fetchall():
                if text != "ok":
                    found.append(Finding("journal-damaged", f"damaged: {text}; restore a backup", grave=True))
            for table, *_ in db.execute("PRAGMA foreign_key_check").fetchall():
                found.append(
                    Finding("journal-damaged", f"a row of {table} points at nothing; restore a backup", grave=True)
                )
    except JournalError as error:
        found.append(Finding(error.code, str(error), grave=True))
    return found


def _rows(store: Store, repair: bool) -> list[Finding]:
    """Rows that cannot be read; ``repair`` writes them into a file beside the journal and takes them out of it."""
    bad = quarantine.bad_rows(store)
    mend = repair and store.writable and any(row.grave for row in bad)
    aside = quarantine.set_aside(store, [row for row in bad if row.grave]) if mend else None
    kept = f"; what it held is kept in {aside.name}" if aside else ""
    return [
        Finding("journal-row", f"{row.about} cannot be read ({row.why}){kept}", grave=True, repaired=mend)
        if row.grave
        else Finding("journal-row", f"{row.about} holds letters that are damaged", grave=False)
        for row in bad
    ]


def _streams(store: Store, repair: bool) -> list[Finding]:
    found = []
    folder = store.streams_folder
    if folder.exists() and not folder.is_dir():
        text = f"{folder.name} is no folder: no run has its channels; move it away, then import the files again"
        return [Finding("streams-lost", text, grave=True)]
    with store.reading() as db:
        named = db.execute("SELECT run_id, streams_sha256, file_name FROM run").fetchall()
    lost = [(str(run_id), name) for run_id, sha, name in named if streams.read_raw(folder, sha) is None]
    for run_id, name in lost:
        text = f"the channels of run {run_id[: runs.SHORT_ID]} ({name}) are missing or damaged; import that file again"
        found.append(Finding("streams-lost", text, grave=True))
    if lost and repair and store.writable:
        with store.writing() as db:  # so that the next import reads these files again
            db.executemany("UPDATE run SET read_by = '' WHERE run_id = ?", [(r,) for r, _ in lost])
            db.executemany("DELETE FROM source_file WHERE run_id = ?", [(r,) for r, _ in lost])
        for sha in (sha for _, sha, _ in named if streams.is_name(sha)):
            if (folder / sha).is_dir():  # in the place of a file: nothing could be written there
                with suppress(OSError):
                    (folder / sha).rmdir()
    needed = {sha for _, sha, _ in named} | _kept_names(store.path)
    orphans = [p for p in folder.iterdir() if p.name not in needed] if folder.is_dir() else []
    orphans = [p for p in orphans if streams.is_name(p.name) and not p.is_dir()]
    if orphans:
        if repair and store.writable:
            for path in orphans:
                path.unlink(missing_ok=True)
        text = f"{len(orphans)} files of channels belong to no run (left by an interrupted import)"
        found.append(Finding("streams-orphan", text, grave=False, repaired=repair and store.writable))
    return found


def _kept_names(file: Path) -> set[str]:
    """Names of the streams that kept copies of the journal need."""
    found: set[str] = set()
    for copy in copies(file):
        with suppress(sqlite3.Error), closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as db:
            found |= {sha for (sha,) in db.execute("SELECT streams_sha256 FROM run")}
    return found


def _left_overs(file: Path, repair: bool) -> list[Finding]:
    parts = [
        *names.parts(file),
        *(p for p in streams_folder(file).glob("*.part") if names.is_stream_part(p)),
        *(p for p in backups_folder(file).glob("*.part*") if names.is_backup_part(p, SUFFIX)),
    ]
    if not parts:
        return []
    if repair:
        for path in parts:
            path.unlink(missing_ok=True)
    text = f"{len(parts)} unfinished files were left by an interrupted command"
    return [Finding("half-files", text, grave=False, repaired=repair)]


def _permissions(file: Path, repair: bool) -> list[Finding]:
    open_to_others = []
    for path in [*belongings(file), *copies(file), *set_aside_files(file), *backups(file)]:
        wanted = PRIVATE_FOLDER if path.is_dir() else PRIVATE_FILE
        if stat.S_IMODE(path.stat().st_mode) & ~wanted:
            open_to_others.append(path)
            if repair:
                path.chmod(wanted)
    if not open_to_others:
        return []
    more = f" and {len(open_to_others) - 1} more" if len(open_to_others) > 1 else ""
    text = f"{open_to_others[0].name}{more} can be read by other users of this computer"
    return [Finding("permissions", text, grave=False, repaired=repair)]


def reveal(path: Path) -> Disclosure:
    """What the journal knows about a person; places rounded to a tenth of a degree, so that the report can be shown."""
    file = journal_file(path)
    lines: list[tuple[str, str]] = []
    with open_store(file) as store:
        with store.reading() as db:
            count, devices, channels, kinds = (db.execute(query).fetchall() for query in _COUNTED)
        many = int(count[0][0])
        ends = [runs.page(store, at, 1) for at in (many - 1, 0)] if many else []
        span = f", {ends[0][0].started_at:%Y-%m-%d} to {ends[1][0].started_at:%Y-%m-%d}" if all(ends) and ends else ""
        lines.append(("files", f"{file} and {streams_folder(file).name}/ beside it; nothing leaves this computer"))
        lines.append(("runs", f"{many}{span}"))
        lines.append(("devices", ", ".join(name for (name,) in devices) or "none named"))
        having: Counter[str] = Counter()
        for text, times in channels:
            having.update({str(name): times for name in json.loads(text)})
        lines.append(("channels", ", ".join(f"{c} in {n} runs" for c, n in having.most_common()) or "none"))
        lines.append(("places", _places(store)))
        told = dict(kinds)
        lines += [(table, f"{told[table]} answers") for table in answers.KINDS.values() if table in told]
        health = [h.name for h in answers.current(store, HealthAnswer) if h.present]
        lines.append(("health", ", ".join(sorted(health)) or "nothing named"))
        with store.reading() as db:
            notes = db.execute("SELECT count(*) FROM answer WHERE note <> ''").fetchone()[0]
            files = db.execute("SELECT count(*) FROM source_file").fetchone()[0]
        lines.append(("notes", f"{notes} in your own words"))
        lines.append(("file names", f"{files} files that were imported, with their folders"))
    for name, others in (
        ("backups", backups(file)),
        ("kept copies", copies(file)),
        ("set aside", set_aside_files(file)),
    ):
        lines.append((name, ", ".join(str(p) for p in others) or "none"))
    return Disclosure(tuple(lines))


def _places(store: Store) -> str:
    starts: Counter[tuple[float, float]] = Counter()
    with store.reading() as db:
        placed = db.execute(_PLACED, (_LOOKED_AT,)).fetchall()
    for (run_id,) in placed:
        with suppress(JournalError):
            track = runs.load(store, run_id).streams
            known = np.flatnonzero(np.isfinite(track.latitude_deg) & np.isfinite(track.longitude_deg))
            if known.size:
                first = known[0]
                starts[(round(float(track.latitude_deg[first]), 1), round(float(track.longitude_deg[first]), 1))] += 1
    if not starts:
        return "no positions"
    (lat, lon), count = starts.most_common(1)[0]
    return (
        f"every position of the runs that have them; {count} of the last {sum(starts.values())} start near {lat}, {lon}"
    )


def _when(unix_s: float | None) -> datetime | None:
    try:
        return None if unix_s is None else datetime.fromtimestamp(unix_s, UTC)
    except (ValueError, OverflowError, OSError):  # a date with flipped bits
        return None
