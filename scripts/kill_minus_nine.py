"""Kills import, log, migrate, backup and restore at random moments with SIGKILL, and looks at what is left each time.

    python scripts/kill_minus_nine.py --kills 1000 --seed 1

A third of the kills come at a random time, the others just before a random call that changes something (a statement,
a write, a sync, a rename), so that each gets its turn on a slow machine too. After each one the journal must open and
be whole, every answer that was confirmed must be there, every run must be whole or absent, and a backup must be whole
or have no name. In the end the interrupted work is repeated, and the journal must equal one that was never
interrupted. Prints one line of JSON; leaves with 1 at a loss.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from charley.api import journal as verbs  # noqa: E402
from charley.journal import backup, importing, maintenance, migrations, runs  # noqa: E402
from charley.journal.digest import columns, digest  # noqa: E402
from charley.journal.store import open_store, streams_folder  # noqa: E402
from charley.vocabulary.cramp import Cramp  # noqa: E402
from journal_fixtures import fill, unpack  # noqa: E402 - the made-up runner of the tests
from journal_world import file_of, found, made_run, reader  # noqa: E402

FILES = [file_of(n, seconds=300) for n in range(9)]
ANSWERS = 6
importing.BATCH_FILES = 3  # several transactions an import, as a long one has


class Lost(Exception):
    """Something that should never be lost was."""


@dataclass
class Trial:
    """One kind of work: how to set it up, what it does (told by ``confirm``), and what must hold after a kill."""

    prepare: Callable[[Path], None]
    work: Callable[[Path, Callable[[int], None]], None]
    check: Callable[[Path, set[int]], None]
    finished: Callable[[Path], None]
    confirmed: set[int] = field(default_factory=set)


def must(holds: bool, what: str) -> None:
    if not holds:
        raise Lost(what)


def whole(path: Path) -> None:
    """The journal opens, is whole, and every run of it can be read."""
    grave = [f.text for f in maintenance.doctor(path) if f.grave]
    must(not grave, f"the journal is not whole: {grave}")
    for row in verbs.list_runs(path):
        must(len(verbs.get_run(path, row.run_id).streams) == row.samples, f"run {row.run_id} is not whole")


def content(path: Path) -> str:
    with open_store(path) as store:
        return digest(store.db, everything=False)


# ---- import ----


def import_work(path: Path, confirm: Callable[[int], None]) -> None:
    importing.import_runs(path, found(*FILES), reader, read_by="1", workers=0)


def import_check(path: Path, confirmed: set[int]) -> None:
    if not path.exists():
        must(not confirmed, "the journal is gone")
        return
    whole(path)
    names = [r.file_name for r in reversed(verbs.list_runs(path))]
    must(names == [f"folder/{n}.fit" for n in range(len(names))], f"runs are missing in the middle: {names}")
    must(len(names) >= max(confirmed, default=0), "runs that were there are gone")
    confirmed.add(len(names))


def import_finished(path: Path) -> None:
    import_work(path, lambda _: None)
    alone = path.with_name("never-interrupted.sqlite")
    import_work(alone, lambda _: None)
    must(content(path) == content(alone), "the journal differs from one that was never interrupted")
    for extra in (alone, streams_folder(alone)):
        shutil.rmtree(extra) if extra.is_dir() else extra.unlink()


# ---- log ----


def log_prepare(path: Path) -> None:
    verbs.add_run(path, made_run(0), read_by="1")


def log_work(path: Path, confirm: Callable[[int], None]) -> None:
    for _ in range(ANSWERS):
        second = time.monotonic_ns() % 599 + 0.5
        logged = verbs.log_event(path, "cramp", place=Cramp(second, second, second), severity=2)
        confirm(logged.id)


def log_check(path: Path, confirmed: set[int]) -> None:
    whole(path)
    told = {e.id for e in verbs.get_report(path).history}
    must(confirmed <= told, f"answers that were confirmed are gone: {sorted(confirmed - told)}")
    confirmed |= told
    with open_store(path) as store, store.reading() as db:
        halves = db.execute("SELECT count(*) FROM answer WHERE id NOT IN (SELECT answer_id FROM event)").fetchone()[0]
    must(halves == 0, "half an answer was stored")


# ---- migrate ----


def migrate_work(path: Path, confirm: Callable[[int], None]) -> None:
    open_store(path).close()


def migrate_check(path: Path, confirmed: set[int]) -> None:
    for one in (path, *maintenance.copies(path)):
        with closing(sqlite3.connect(one)) as db:
            must(db.execute("PRAGMA integrity_check").fetchone()[0] == "ok", f"{one.name} is damaged")
            number = migrations.format_of(db)
            must(number in range(1, migrations.newest_format() + 1), f"{one.name} has no known format")
            must(digest(db, _old_tables()) == _old_digest(), f"{one.name} lost rows")
            must(_schema(db) == _schema_of(number), f"{one.name} is between two formats")


def migrate_finished(path: Path) -> None:
    migrate_work(path, lambda _: None)
    migrate_check(path, set())
    must(len(maintenance.copies(path)) == 1, "the journal as it was is not kept")
    for row in verbs.list_runs(path):
        verbs.get_run(path, row.run_id)


def _schema(db: sqlite3.Connection) -> set[str]:
    return {name for (name,) in db.execute("SELECT name FROM sqlite_master")}


@cache
def _schema_of(number: int) -> set[str]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        migrations.migrate(db, number)
        return _schema(db)


_OLD: dict[str, object] = {}


def _old_tables() -> dict[str, tuple[str, ...]]:
    if not _OLD:
        with tempfile.TemporaryDirectory() as there, closing(sqlite3.connect(unpack(1, Path(there) / "j"))) as db:
            _OLD["tables"], _OLD["digest"] = columns(db), digest(db)
    return _OLD["tables"]  # type: ignore[return-value]


def _old_digest() -> str:
    _old_tables()
    return str(_OLD["digest"])


# ---- backup and restore ----


def filled(path: Path) -> None:
    with open_store(path, create=True) as store:
        fill(store)
        for number in range(2, 8):
            runs.add_run(store, made_run(number), read_by="1")


def backup_work(path: Path, confirm: Callable[[int], None]) -> None:
    number = time.monotonic_ns()
    backup_to = backup.backups_folder(path) / f"{number}{backup.SUFFIX}"
    verbs.make_backup(path, backup_to)
    confirm(number)


def backup_check(path: Path, confirmed: set[int]) -> None:
    whole(path)
    must(len(verbs.list_runs(path)) == 8, "a backup changed the journal")
    there = {int(p.name.removesuffix(backup.SUFFIX)): p for p in backup.backups(path)}
    must(confirmed <= set(there), "a backup that was confirmed is gone")
    for made in there.values():
        must(backup.verify(made).streams == 8, "a backup with a name is not whole")
        made.unlink()
    confirmed.clear()


def restore_prepare(path: Path) -> None:
    filled(path)
    verbs.make_backup(path, path.with_name("backup"))
    verbs.add_run(path, made_run(30), read_by="1")
    _OLD["before"] = content(path)


def restore_work(path: Path, confirm: Callable[[int], None]) -> None:
    verbs.restore_backup(path, path.with_name("backup"))
    confirm(1)


def restore_check(path: Path, confirmed: set[int]) -> None:
    must(path.exists(), "there is no journal under its name")
    whole(path)
    number = len(verbs.list_runs(path))
    must(number in (8, 9), f"neither the old nor the new journal: {number} runs")
    must(not confirmed or number == 8, "a restore that was confirmed did not happen")
    if number == 8:
        kept = maintenance.copies(path)
        must(bool(kept), "the old journal was not kept")
        with closing(sqlite3.connect(kept[0])) as db:
            must(digest(db, everything=False) == _OLD["before"], "the old journal was not kept as it was")
        for one in kept:
            one.unlink()
        confirmed.clear()
        verbs.add_run(path, made_run(30), read_by="1")
        _OLD["before"] = content(path)


def restore_finished(path: Path) -> None:
    restore_work(path, lambda _: None)
    must(len(verbs.list_runs(path)) == 8, "the restore did not happen")


def nothing(path: Path) -> None:
    """Where a kind of work needs no preparation, or no end."""


TRIALS: dict[str, Trial] = {
    "import": Trial(nothing, import_work, import_check, import_finished),
    "log": Trial(log_prepare, log_work, log_check, nothing),
    "migrate": Trial(lambda path: unpack(1, path) and None, migrate_work, migrate_check, migrate_finished),
    "backup": Trial(filled, backup_work, backup_check, nothing),
    "restore": Trial(restore_prepare, restore_work, restore_check, restore_finished),
}
SOMETIMES, BY_CALL = 0.1, 2 / 3
CHANGES = {"execute", "executemany", "backup", "write", "fsync", "open", "replace", "rename", "link", "unlink", "mkdir"}
STARTS_ANEW = {"import", "migrate"}  # once done there is nothing left to kill


def kill_once(trial: Trial, path: Path, dice: random.Random, seconds: float, calls: int) -> bool:
    """Do the work in a process of its own and kill it. True if the kill came before the end."""
    by_call = dice.randrange(1, calls + 1) if dice.random() < BY_CALL else 0
    after_s = dice.uniform(0, seconds)
    hears, tells = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(hears)
        try:
            if by_call:
                sys.setprofile(_counting(by_call))
            trial.work(path, lambda number: os.write(tells, f"{number}\n".encode()) and None)
            sys.setprofile(None)
            os._exit(0)
        except BaseException as error:
            sys.setprofile(None)
            os.write(2, f"the work failed by itself: {type(error).__name__}: {error}\n".encode())
            os._exit(1)
    os.close(tells)
    if not by_call:
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    with os.fdopen(hears) as pipe:
        trial.confirmed |= {int(line) for line in pipe.read().split()}
    must(os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the work failed without being killed")
    return os.WIFSIGNALED(status)


def _counting(last: int) -> Callable[..., None]:
    """A profiler that ends the process just before its ``last`` call that changes something."""
    left = last

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal left
        if event == "c_call" and getattr(argument, "__name__", "") in CHANGES:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return count


def measure(trial: Trial, path: Path) -> tuple[float, int]:
    """Time and calls of the undisturbed work."""
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "c_call" and getattr(argument, "__name__", "") in CHANGES

    trial.prepare(path)
    started = time.perf_counter()
    sys.setprofile(count)
    try:
        trial.work(path, lambda _: None)
    finally:
        sys.setprofile(None)
    return time.perf_counter() - started, calls


def run(name: str, kills: int, dice: random.Random) -> dict[str, int]:
    """Kill one kind of work ``kills`` times."""
    trial = TRIALS[name]
    with tempfile.TemporaryDirectory(prefix=f"kill-{name}-") as there:
        seconds, calls = measure(trial, Path(there) / "measured" / "journal.sqlite")
        path = Path(there) / "journal" / "journal.sqlite"
        trial.prepare(path)
        done = finished = 0
        while done < kills:
            killed = kill_once(trial, path, dice, seconds, calls)
            done, finished = done + killed, finished + (not killed)
            trial.check(path, trial.confirmed)
            if name in STARTS_ANEW and (not killed or dice.random() < SOMETIMES):
                trial.finished(path)
                shutil.rmtree(path.parent)
                trial.confirmed.clear()
                trial.prepare(path)
        if path.exists() or name == "import":
            trial.finished(path)
    return {"kills": done, "finished_before": finished, "calls": calls}


# ---- the import with its readers, as a whole program ----


def run_with_readers(kills: int, dice: random.Random) -> dict[str, int]:
    """Kill an import that has two reading processes; they must end by themselves."""
    done = 0
    with tempfile.TemporaryDirectory(prefix="kill-readers-") as there:
        path = Path(there) / "journal.sqlite"
        seen: set[int] = set()
        while done < kills:
            child = subprocess.Popen([sys.executable, __file__, "--import-into", str(path)], start_new_session=True)
            time.sleep(dice.uniform(0.2, 2.5))
            done += child.poll() is None
            child.kill()
            child.wait()
            end = time.monotonic() + 20
            while _group_lives(child.pid):
                must(time.monotonic() < end, "readers went on after their import was killed")
                time.sleep(0.05)
            import_check(path, seen)
            if len(verbs.list_runs(path)) == len(FILES):
                path.unlink()
                seen.clear()
    return {"kills": done}


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200, help="of each kind of work")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default=",".join(TRIALS), help="kinds of work, by commas")
    parser.add_argument("--readers", type=int, default=0, help="kills of an import with its reading processes")
    parser.add_argument("--keep", action="store_true", help="keep the figures in docs/reliability.md")
    parser.add_argument("--import-into", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.import_into is not None:
        importing.import_runs(options.import_into, found(*FILES), reader, read_by="1", workers=2)
        return 0
    dice = random.Random(options.seed)
    report: dict[str, object] = {"seed": options.seed}
    try:
        for name in options.only.split(","):
            report[name] = run(name, options.kills, dice)
        if options.readers:
            report["readers"] = run_with_readers(options.readers, dice)
    except Lost as loss:
        report["lost"] = str(loss)
    print(json.dumps(report))
    if options.keep:
        sys.path.insert(0, str(ROOT / "scripts"))
        import reliability_page

        work = {name: done["kills"] for name, done in report.items() if isinstance(done, dict)}
        run_of = {"seed": options.seed, "work": work, "lost": report.get("lost", "")}
        others = [r for r in reliability_page.figures().get("kills", []) if r["seed"] != options.seed]
        reliability_page.keep("kills", sorted([*others, run_of], key=lambda r: r["seed"]))
    return 1 if "lost" in report else 0


if __name__ == "__main__":
    sys.exit(main())
