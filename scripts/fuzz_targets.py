"""What is fuzzed: for each kind of file small seeds, written by the project's own writers, and what must hold of any bytes.

A check returns for whatever has its one answer (a run, figures, a refusal with a code) and raises for everything else.
Nothing here needs the fuzzer, so that the tests run a short version of the same checks.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np

from charley.activities import archives
from charley.activities.fit import profile
from charley.activities.fit.writer import UINT8, UINT16, UINT32, Field, FitWriter
from charley.activities.kept import read_and_clean
from charley.journal import backup, export, forgetting, maintenance, runs, streams
from charley.journal.digest import digest, row_counts
from charley.journal.store import open_store
from charley.vocabulary.errors import CharleyError, JournalError, RunFileError
from charley.vocabulary.journal import FileNotes, OtherActivity
from charley.vocabulary.run import Run, Streams

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
import maker_files

_MADE = maker_files.Made(samples=12)
START = 1_000_000_000  # FIT counts from 1989-12-31: this is a September day in 2021
POINTS = 12  # enough for a run, few enough for a thousand inputs a second
_SHM = Path("/dev/shm")
Mutate = Callable[[bytes, int], bytes]


@dataclass(frozen=True)
class Target:
    """One kind of file. ``change`` makes another input of one by what it holds, not by its bytes alone."""

    seeds: Callable[[], list[bytes]]
    check: Callable[[bytes], None]
    change: Callable[[bytes, int, random.Random, Mutate], bytes] | None = None
    goal: int = 1_000_000
    most_bytes: int = 4096


class Wrong(Exception):
    """What an input showed that must not be."""


def must(holds: bool, what: str) -> None:
    """Raise Wrong unless it holds."""
    if not holds:
        raise Wrong(what)


@cache
def workshop() -> Path:
    """A folder in memory, of this process alone, for what can only be checked as a file."""
    folder = Path(tempfile.mkdtemp(prefix="charley-fuzz-", dir=_SHM if _SHM.is_dir() else None))
    import atexit

    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


# ---- activities ----


def a_fit(points: int = POINTS) -> bytes:
    """A run of a few seconds with a session, a lap, a stop of the timer and a field of an app."""
    writer = FitWriter()
    writer.define(0, profile.FILE_ID, [Field(0, 0)])
    writer.write(0, 4)
    writer.define(3, 21, [Field(253, UINT32), Field(0, 0), Field(1, 0)])
    writer.define(1, profile.RECORD, [Field(253, UINT32), Field(5, UINT32), Field(6, UINT16), Field(3, UINT8)])
    for second in range(points):
        writer.write(1, START + second, 300 * second, 3000, 150)
        if second == points // 2:
            writer.write(3, START + second, 0, 4)
            writer.write(3, START + second, 0, 0)
    session = [Field(2, UINT32), Field(5, 0), Field(7, UINT32), Field(8, UINT32), Field(9, UINT32)]
    writer.define(2, profile.SESSION, session)
    writer.write(2, START, 1, 1000 * points, 1000 * points, 300 * points)
    return writer.finish()


def a_tcx(points: int = POINTS) -> bytes:
    """The same as TCX."""
    inner = "".join(
        f"<Trackpoint><Time>2024-05-01T08:00:{s:02d}Z</Time><Position><LatitudeDegrees>{46 + s * 2.7e-5:.6f}"
        f"</LatitudeDegrees><LongitudeDegrees>7</LongitudeDegrees></Position><DistanceMeters>{3 * s}</DistanceMeters>"
        "<HeartRateBpm><Value>150</Value></HeartRateBpm></Trackpoint>"
        for s in range(points)
    )
    return (
        '<?xml version="1.0"?><TrainingCenterDatabase><Activities><Activity Sport="Running"><Id>x</Id><Lap>'
        f"<TotalTimeSeconds>{points}</TotalTimeSeconds><DistanceMeters>{3 * points}</DistanceMeters><Track>{inner}"
        "</Track></Lap></Activity></Activities></TrainingCenterDatabase>"
    ).encode()


def a_gpx(points: int = POINTS) -> bytes:
    """The same as GPX."""
    inner = "".join(
        f'<trkpt lat="{46 + s * 2.7e-5:.6f}" lon="7"><ele>40</ele><time>2024-05-01T08:00:{s:02d}Z</time></trkpt>'
        for s in range(points)
    )
    return (
        f'<gpx creator="a watch"><trk><name>n</name><type>running</type><trkseg>{inner}</trkseg></trk></gpx>'.encode()
    )


def a_zip(entries: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def read(data: bytes, name: str = "some.file", notes: FileNotes | None = None) -> None:
    """The way of a file in an import: a run that can be kept and read back, figures, or one coded line."""
    try:
        activities = read_and_clean(data, name, notes or FileNotes())
    except RunFileError as error:
        must(str(error).isprintable(), "a refusal of more than one line")
        return
    for found in activities:
        if isinstance(found, CharleyError):
            must(str(found).isprintable(), "a refusal of more than one line")
        elif isinstance(found, OtherActivity):
            must(found.elapsed_s >= 0 and (found.distance_m is None or found.distance_m >= 0), "figures below zero")
        else:
            kept(found)


def kept(run: Run) -> None:
    """What holds of every run: finite totals, a grid of seconds, and channels that come back as they were kept."""
    made = runs.prepare(run)
    must(min(run.elapsed_s, run.timer_s, run.distance_m) >= 0, "totals below zero")
    must(made.samples == len(run.streams) >= 1, "a run without a sample")
    back = streams.decode(made.streams_content)
    for name in ("distance_m", "speed_m_s", "heart_rate_bpm"):
        before, after = getattr(run.streams, name), getattr(back.streams, name)
        must(bool((np.isnan(before) == np.isnan(after)).all()), f"{name} changed where it is missing")
        known = ~np.isnan(before)
        must(np.allclose(before[known], after[known], rtol=1e-6, atol=streams.STEPS[name]), f"{name} changed")
    must(bool((np.diff(run.streams.distance_m[~np.isnan(run.streams.distance_m)]) >= -1e-6).all()), "a way back")


def read_archive(data: bytes, name: str = "some.zip") -> None:
    """The way of an archive in an import, and of one that is handed to `why`."""
    path = workshop() / name
    path.write_bytes(data)
    for found in archives.walk([path]):
        must(found.name.isprintable(), "a name that draws on the screen")
        if found.data is not None:
            read(found.data, found.name, found.notes)
    from charley.activities import unpack

    with contextlib.suppress(RunFileError):
        unpack.content(path)


def read_database(data: bytes) -> None:
    """The same of a database under the name that the phone gives it."""
    read_archive(data, "health_connect_export.db")


def in_gzip(data: bytes, most: int, dice: random.Random, mutate: Mutate) -> bytes:
    """Change what is inside two times in three, so that the readers behind the gzip are reached."""
    if dice.random() < 1 / 3:
        return mutate(data, most)
    try:
        inner = gzip.decompress(data)
    except Exception:
        return mutate(data, most)
    return gzip.compress(mutate(inner, most), 1, mtime=0)


def in_zip(data: bytes, most: int, dice: random.Random, mutate: Mutate) -> bytes:
    """Change an entry, its name or its way of packing two times in three."""
    if dice.random() < 1 / 3:
        return mutate(data, most)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = {i.filename: archive.read(i) for i in archive.infolist()[:6] if i.file_size < 65_536}
    except Exception:
        return mutate(data, most)
    if not entries:
        return mutate(data, most)
    chosen = dice.choice(list(entries))
    content = entries.pop(chosen)
    if dice.random() < 0.3:
        chosen = mutate(chosen.encode()[:200], 200).decode("utf-8", errors="replace") or "x"
    else:
        content = mutate(content, most)
    try:
        return a_zip({**entries, chosen: content}, dice.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)))
    except Exception:
        return mutate(data, most)


# ---- backups ----


@cache
def _journal() -> Path:
    """A small journal with a run, a cramp, a drink and what goes with them."""
    from charley.journal import entries
    from charley.vocabulary.cramp import Cramp

    path = workshop() / "seed" / "journal.sqlite"
    then = datetime(2026, 1, 4, 8, tzinfo=UTC)
    nothing = np.full(POINTS, np.nan)
    values = dict.fromkeys(Streams.__dataclass_fields__, nothing)
    values |= {"time_s": np.arange(POINTS, dtype=float), "distance_m": np.arange(POINTS) * 3.0}
    run = Run(
        run_id="ab" * 32, file_name="run.fit", file_format="fit", started_at=then, elapsed_s=float(POINTS),
        timer_s=float(POINTS), distance_m=33.0, records=POINTS, streams=Streams(**values),
        moving=np.ones(POINTS, dtype=bool), intervals=(), device="a watch", sport="running",
    )  # fmt: skip
    now = then + timedelta(days=1)
    with open_store(path, create=True) as store:
        runs.add_run(store, run, read_by="1", now=now)
        entries.event(store, "cramp", place=Cramp(6, 6, 6), severity=2, now=now)
        entries.drink(store, 0.5, now=now)
        entries.health(store, "condition", "kidney", False, now=now)
    return path


@cache
def a_backup() -> bytes:
    """A backup of that journal."""
    to = workshop() / "seed" / "backup"
    with open_store(_journal()) as store:
        backup.backup(store, to)
    data = to.read_bytes()
    to.unlink()
    return data


def restored(data: bytes) -> None:
    """A backup from anywhere is refused, or gives a whole journal with the same content, and no file elsewhere."""
    home = workshop() / "restore"
    source = workshop() / "given.charley-backup"
    source.write_bytes(data)
    try:
        made = backup.verify(source)
    except CharleyError as error:
        must(str(error).isprintable() and error.code in ("backup-bad", "journal-newer"), f"refused as {error.code}")
        return
    shutil.rmtree(home, ignore_errors=True)
    (home / "inner").mkdir(parents=True)
    journal = home / "inner" / "journal.sqlite"
    done = backup.restore(journal, source)
    with closing(sqlite3.connect(journal)) as db:
        counts = dict(row_counts(db))
    must(all(counts[t] == n for t, n in made.rows if t in counts and t != "streams_to_remove"), "rows were lost")
    grave = [f for f in maintenance.doctor(journal) if f.grave]
    rows = [f for f in grave if f.code == "journal-row"]  # values that no Charley wrote: named, and passed over
    must(all(f.code in ("journal-row", "streams-lost") for f in grave), f"restored, and not whole: {grave}")
    must(bool(rows) == bool(done.warnings), "rows that cannot be read, and nothing was said of them")
    if rows:
        maintenance.doctor(journal, repair=True)
        left = [f for f in maintenance.doctor(journal) if f.grave and f.code != "streams-lost"]
        must(not left, f"set aside, and not whole: {left}")
    with open_store(journal) as store:
        for row in runs.rows(store):
            with contextlib.suppress(JournalError):  # channels that no Charley wrote
                runs.load(store, row.run_id)
        export.export(store, home / "inner" / "export")
        left_runs = runs.rows(store)
    must(sorted(os.listdir(home)) == ["inner"], "a file was written outside")
    for row in left_runs:
        forgetting.forget_run(journal, row.run_id)
    must(sorted(os.listdir(home)) == ["inner"], "a file was written or removed outside")


def in_backup(data: bytes, most: int, dice: random.Random, mutate: Mutate) -> bytes:
    """What somebody would do who knows the format: change a value, the schema or the streams, and sign it again."""
    if dice.random() < 0.5:
        return mutate(data, most)
    path = workshop() / "changing.sqlite"
    path.write_bytes(data)
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("PRAGMA synchronous = OFF")
            db.execute("PRAGMA journal_mode = MEMORY")
            for _ in range(dice.randrange(1, 4)):
                with contextlib.suppress(sqlite3.Error, OverflowError, ValueError):
                    _one_change(db, dice, mutate)
            db.execute("UPDATE backup_about SET value = ? WHERE key = 'digest'", (digest(db),))
            db.execute("UPDATE backup_about SET value = ? WHERE key = 'rows'", (repr(row_counts(db)),))
            count = db.execute("SELECT count(*) FROM backup_streams").fetchone()[0]
            db.execute("UPDATE backup_about SET value = ? WHERE key = 'streams'", (str(count),))
        changed = path.read_bytes()
        return changed if len(changed) <= most else data
    except Exception:
        return mutate(data, most)


_NASTY = (
    "../victim.txt", "/tmp/victim", "", "a" * 300, "NaN", "[]", "{}", "null", "ab/" * 21 + "c", "..", 0, -1, 2**62, 1e300,
    float("inf"), -1e300, b"\0\1", None, "x'; DROP TABLE run; --", "run_id", "AB" * 32, "0" * 64, "\x00", "[1e999]",
)  # fmt: skip


def _one_change(db: sqlite3.Connection, dice: random.Random, mutate: Mutate) -> None:
    names = [n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    table = dice.choice(names)
    kind = dice.random()
    columns = [c[1] for c in db.execute(f'PRAGMA table_info("{table}")')]
    if kind < 0.5:
        column = dice.choice(columns)
        db.execute("DROP TRIGGER IF EXISTS answers_stay") if dice.random() < 0.05 else None
        row = db.execute(f'SELECT "{column}" FROM "{table}"').fetchone()
        value = dice.choice(_NASTY)
        if row is not None and row[0] is not None and dice.random() < 0.5:
            raw = row[0] if isinstance(row[0], bytes) else str(row[0]).encode()
            changed = mutate(raw[:4000], 4000)
            value = changed if isinstance(row[0], bytes) else changed.decode("utf-8", errors="replace")
        db.execute(f'UPDATE "{table}" SET "{column}" = ?', (value,))
    elif kind < 0.7:
        values = [dice.choice(_NASTY) for _ in columns]
        db.execute(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(values))})', values)
    elif kind < 0.8:
        db.execute(f'DELETE FROM "{table}"')
    else:
        db.execute(
            dice.choice(
                (
                    f'CREATE TRIGGER t AFTER INSERT ON "{table}" BEGIN DELETE FROM run; END',
                    "CREATE VIEW v AS SELECT * FROM run",
                    f'CREATE INDEX i ON "{table}" ("{columns[0]}")',
                    f'ALTER TABLE "{table}" ADD COLUMN more TEXT',
                    f'DROP TABLE "{table}"',
                    "PRAGMA user_version = 2",
                    "PRAGMA user_version = 0",
                    "CREATE TABLE other (x)",
                    "DROP TRIGGER prompts_stay",
                )
            )
        )


TARGETS: dict[str, Target] = {
    "fit": Target(lambda: [a_fit(), a_fit(40)], read),
    "tcx": Target(lambda: [a_tcx(), a_tcx(3)], read),
    "gpx": Target(lambda: [a_gpx(), a_gpx(3)], read),
    "gzip": Target(lambda: [gzip.compress(a(), mtime=0) for a in (a_fit, a_tcx, a_gpx)], read, in_gzip),
    "zip": Target(
        lambda: [
            a_zip({"run.fit": a_fit()}),
            a_zip({"activities.csv": b"Id,Date,Name,Type,File\n1,d,n,Run,activities/1.gpx\n", "activities/1.gpx": a_gpx(4)}),
            a_zip({"inner.zip": a_zip({"a.tcx": a_tcx(4), "notes.txt": b"hello"})}),
        ],
        read_archive,
        in_zip,
    ),
    "backup": Target(lambda: [a_backup()], restored, in_backup, most_bytes=400_000),
    "tar": Target(
        lambda: [maker_files.tarred({"run.fit": a_fit(), "notes.txt": b"hello"}), maker_files.tarred({"a.tcx": a_tcx()}, "xz")],
        read_archive, goal=100_000, most_bytes=16_384,
    ),
    "apple": Target(
        lambda: [maker_files.apple_xml(("Running", _MADE, "a.gpx"), ("Cycling", _MADE, ""))], read_archive, goal=100_000,
        most_bytes=16_384,
    ),
    "samsung-export": Target(
        lambda: [a_zip(maker_files.samsung_export({1002: _MADE, 11007: _MADE}, old=old)) for old in (True, False)],
        read_archive, in_zip, goal=100_000, most_bytes=16_384,
    ),
    "health-connect": Target(
        lambda: [maker_files.health_connect((39, _MADE), (8, _MADE), spans=12)], read_database, goal=100_000,
        most_bytes=65_536,
    ),
    **{
        kind: Target(lambda make=make: [make(_MADE)], read, goal=100_000, most_bytes=16_384)  # type: ignore[misc]
        for kind, make in maker_files.BY_KIND.items()
    },
}  # fmt: skip
