"""The journal on a real disk: old and new formats, damage, locks, rights, a full disk. One line says what is wrong."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
import textwrap
import threading
from contextlib import closing, suppress
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest

from charley.api import journal as verbs
from charley.journal import answers, entries, forecasts, maintenance, migrations, runs, store, trials
from charley.journal.digest import columns, digest
from charley.journal.store import open_store
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.errors import CharleyError, JournalError
from journal_fixtures import PLAN, unpack
from journal_world import START, made_run

NOW = START + timedelta(days=30)
FORMATS = range(1, migrations.newest_format() + 1)


def _filled(path: Path, number: int = 3) -> Path:
    for n in range(number):
        verbs.add_run(path, made_run(n), read_by="1", now=NOW)
    verbs.log_event(path, "cramp", place=Cramp(100, 100, 100), now=NOW)
    return path


def _code(work) -> str:
    with pytest.raises(JournalError) as caught:
        work()
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 5
    return caught.value.code


# ---- formats ----


@pytest.mark.parametrize("number", FORMATS)
def test_a_journal_of_every_format_opens_with_every_row(number: int, tmp_path) -> None:
    path = unpack(number, tmp_path / "journal.sqlite")
    with closing(sqlite3.connect(path)) as db:
        assert migrations.format_of(db) == number
        old, kept = columns(db), digest(db)
        counts = {t: db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in old}
    assert all(count for table, count in counts.items() if table != "streams_to_remove"), "a fixture fills every table"
    with open_store(path) as opened:
        assert opened.format == migrations.newest_format()
        assert digest(opened.db, old) == kept  # a later format may add columns, never change what was said
        for row in runs.rows(opened):
            assert len(runs.load(opened, row.run_id).streams) == 120
        assert answers.reports(opened)[runs.find(opened, "last")].state() == "cramp"
    assert maintenance.doctor(path, repair=True)[1:] == (), "only the rights of the unpacked fixture need mending"
    assert maintenance.doctor(path) == ()
    copies = maintenance.copies(path)
    assert len(copies) == (number < migrations.newest_format()), (
        "the journal as it was is kept before a change of format"
    )
    for copy in copies:
        with closing(sqlite3.connect(copy)) as db:
            assert (migrations.format_of(db), digest(db)) == (number, kept)


def test_a_trial_that_was_kept_as_a_forecast_is_a_trial(tmp_path) -> None:
    path = unpack(3, tmp_path / "journal.sqlite")
    kept = asdict(PLAN)
    del kept["usual_risk"]["median"]  # as formats 2 and 3 kept it
    detail = json.dumps(kept, default=lambda v: v.isoformat(), allow_nan=False)
    with closing(sqlite3.connect(path)) as db:
        for identity, name, content in ((7, "trial salt", detail), (8, "trial shoes", "{damaged"), (9, "a race", "{}")):
            db.execute(
                "INSERT INTO forecast VALUES (?, ?, 'career 3', NULL, ?, NULL, 20000.0, NULL, 0.2, 0.1, 0.3, ?)",
                (identity, PLAN.made_at.timestamp(), name, content),
            )
        db.commit()
    with open_store(path) as opened:
        assert trials.latest(opened) == replace(PLAN, id=7)
        assert {f.name for f in forecasts.forecasts(opened)} == {"the race", "a race", "trial shoes"}


def test_a_step_of_format_that_fails_leaves_the_old_one(tmp_path, monkeypatch) -> None:
    path = unpack(1, tmp_path / "journal.sqlite")
    before = path.read_bytes()
    broken = (migrations.steps()[0], "CREATE TABLE x (a TEXT) STRICT;\nINSERT INTO nowhere VALUES (1);\n")
    monkeypatch.setattr(migrations, "steps", lambda: broken)
    assert _code(lambda: open_store(path)) == "journal-damaged"
    with closing(sqlite3.connect(path)) as db:
        assert migrations.format_of(db) == 1
        assert not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'x'").fetchone()
    assert len(path.read_bytes()) == len(before)


def test_a_journal_of_a_newer_charley_is_left_alone(tmp_path) -> None:
    path = _filled(tmp_path / "journal.sqlite")
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    assert _code(lambda: open_store(path)) == "journal-newer"
    assert path.read_bytes() == before


def test_a_file_of_another_program_is_left_alone(tmp_path) -> None:
    path = tmp_path / "photos.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE photo (name TEXT)")
    before = path.read_bytes()
    assert _code(lambda: open_store(path, create=True)) == "journal-not-ours"
    assert path.read_bytes() == before
    numbered = tmp_path / "numbered.sqlite"  # no table yet, but a version that is not ours
    with closing(sqlite3.connect(numbered)) as db:
        db.execute("PRAGMA user_version = 1")
    before = numbered.read_bytes()
    assert _code(lambda: open_store(numbered, create=True)) == "journal-not-ours"
    assert numbered.read_bytes() == before
    assert _code(lambda: open_store(tmp_path / "no-journal.sqlite")) == "journal-missing"
    (tmp_path / "folder.sqlite" / "journal.sqlite").mkdir(parents=True)
    assert _code(lambda: open_store(tmp_path / "folder.sqlite")) == "journal-unreachable"


def test_a_path_may_be_the_file_or_its_folder(tmp_path) -> None:
    assert store.journal_file(tmp_path) == tmp_path / "journal.sqlite"
    assert store.journal_file(tmp_path / "mine.db") == tmp_path / "mine.db"
    assert store.journal_file(f"{tmp_path}/new/") == tmp_path / "new" / "journal.sqlite"
    assert store.default_path().name == "journal.sqlite"


# ---- rights, locks, damage ----


def test_everything_is_the_users_alone(tmp_path) -> None:
    mask = os.umask(0)
    try:
        path = _filled(tmp_path / "deep" / "down" / "journal.sqlite")
        made = verbs.make_backup(path)
        exported = verbs.export_all(path, tmp_path / "out" / "export")
        with open_store(path) as opened, opened.writing() as db:
            db.execute("DELETE FROM source_file")
            modes = {p: stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "deep").rglob("*")}
            assert any(p.name.endswith("-wal") for p in modes)
    finally:
        os.umask(mask)
    modes |= {p: stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "out").rglob("*")}
    wrong = {str(p): oct(mode) for p, mode in modes.items() if mode != (0o700 if p.is_dir() else 0o600)}
    assert wrong == {}
    assert made.path in modes
    assert exported.path in modes


def test_two_programs_may_make_the_same_journal_at_once(tmp_path) -> None:
    path = tmp_path / "journal.sqlite"
    errors: list[BaseException] = []

    def add(number: int) -> None:
        try:
            verbs.add_run(path, made_run(number), read_by="1")
        except BaseException as error:  # the thread's errors are the test's
            errors.append(error)

    threads = [threading.Thread(target=add, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(verbs.list_runs(path)) == 8
    assert maintenance.doctor(path) == ()


def test_a_fresh_journal_that_another_program_holds_for_a_moment_is_waited_for(tmp_path, monkeypatch) -> None:
    """SQLite itself does not wait when a journal is made to write ahead: the wait is ours."""
    path = tmp_path / "journal.sqlite"
    path.touch()
    waited: list[float] = []
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        def the_other_ends(seconds: float) -> None:
            if not waited:
                other.execute("ROLLBACK")
            waited.append(seconds)

        monkeypatch.setattr(store.time, "sleep", the_other_ends)
        with open_store(path, patience_s=0.0) as opened:
            assert opened.format == migrations.newest_format()
    assert waited, "the journal was not held"


@pytest.mark.parametrize("moment", range(4))
def test_a_journal_made_by_another_while_its_owner_is_asked_is_still_ours(moment: int, tmp_path) -> None:
    """The other program finishes just before the question's n-th statement: it must see all of it or nothing."""
    path = tmp_path / "journal.sqlite"
    path.touch()
    asked: list[str] = []

    def other_makes_it(statement: str) -> None:
        if len(asked) == moment:
            with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as other:
                other.execute("PRAGMA journal_mode = WAL")  # as another that is further along has it
                with suppress(sqlite3.OperationalError):  # locked by the question: it comes after
                    migrations.migrate(other)
        asked.append(statement)

    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.set_trace_callback(other_makes_it)
        assert migrations.is_ours(db)
        db.set_trace_callback(None)
        assert len(asked) > moment, "the question has fewer statements"
        assert migrations.format_of(db) == migrations.newest_format()


def test_a_locked_journal_can_be_read_and_says_who_waits(tmp_path) -> None:
    path = _filled(tmp_path / "journal.sqlite")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with open_store(path, patience_s=0.05) as opened:
            assert len(runs.rows(opened)) == 3
            assert _code(lambda: entries.event(opened, "none", now=NOW)) == "journal-locked"
        other.execute("ROLLBACK")
    assert verbs.get_report(path).state() == "cramp"


def test_flipped_bits_are_told_in_one_line_or_do_no_harm(tmp_path) -> None:
    path = _filled(tmp_path / "journal.sqlite")
    with open_store(path) as opened:
        opened.db.execute("PRAGMA journal_mode = DELETE")
    whole = path.read_bytes()
    dice = random.Random(3)
    told = set()
    for _ in range(60):
        broken = bytearray(whole)
        for _ in range(dice.choice([1, 20, 400])):
            broken[dice.randrange(len(broken))] ^= 1 << dice.randrange(8)
        path.write_bytes(broken)
        for end in ("-wal", "-shm"):
            Path(f"{path}{end}").unlink(missing_ok=True)
        lines = str(_whatever_comes(path))
        told.add(lines.partition("[")[2].partition("]")[0])
        assert "\n" not in lines
    assert "journal-damaged" in told


def _whatever_comes(path: Path) -> CharleyError | str:
    try:
        for row in verbs.list_runs(path):
            verbs.get_run(path, row.run_id)
        verbs.reports(path)
        verbs.log_event(path, "none")
    except CharleyError as error:
        return error
    return ""


def test_a_file_that_is_no_database_is_told(tmp_path) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"<html>not found</html>" * 100)
    assert _code(lambda: open_store(path)) == "journal-damaged"
    (finding,) = [f for f in maintenance.doctor(path) if f.grave]
    assert finding.code == "journal-damaged"
    path.write_bytes(b"")
    with open_store(path) as opened:  # an empty file is a journal with nothing in it: a kill may leave one
        assert opened.format == migrations.newest_format()


READ_ONLY = """
    import sys
    from charley.api import journal as verbs
    from charley.vocabulary.errors import JournalError
    path = verbs.journal_path(sys.argv[1])
    print(len(verbs.list_runs(path)), verbs.get_report(path).state(), verbs.journal_status(path).writable)
    try:
        verbs.log_event(path, "none")
    except JournalError as error:
        print(error.code)
"""


def _child(script: str, *arguments: object, prefix: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    command = [*prefix, sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("while_open", [False, True])
def test_a_read_only_journal_can_be_read_and_is_not_written(tmp_path, while_open: bool) -> None:
    prefix: tuple[str, ...] = ()
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("the superuser may write everywhere, and there is no setpriv to take that right away")
        prefix = ("setpriv", "--inh-caps=-all", "--bounding-set=-all")
    path = _filled(tmp_path / "sub" / "journal.sqlite")
    other = open_store(path) if while_open else None
    before = path.read_bytes()
    path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        done = _child(READ_ONLY, path, prefix=prefix)
    finally:
        path.parent.chmod(0o700)
        path.chmod(0o600)
        if other is not None:
            other.close()
    assert done.stderr == ""
    assert done.stdout.split() == ["3", "cramp", "False", "journal-read-only"]
    assert path.read_bytes() == before


FULL = """
    import resource, sys
    from pathlib import Path
    from journal_world import made_run
    from charley.api import journal as verbs
    from charley.vocabulary.errors import JournalError
    path, limit = Path(sys.argv[1]), int(sys.argv[2])
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    for number in range(3, 400):
        try:
            verbs.add_run(path, made_run(number), read_by="1")
            verbs.log_event(path, "none")
            print(number, flush=True)
        except JournalError as error:
            print(error.code, flush=True)
            break
"""


@pytest.mark.parametrize("where", ["limit", "disk"])
def test_a_full_disk_loses_nothing_that_was_confirmed(tmp_path, where: str, monkeypatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = False
    if where == "disk":
        mount = ["mount", "-t", "tmpfs", "-o", "size=500k", "tmpfs", str(folder)]
        mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
        if not mounted:
            pytest.skip("a small disk can be made by the superuser of Linux only")
    try:
        path = _filled(folder / "journal.sqlite")
        done = _child(FULL, path, 0 if mounted else 150_000)
        assert done.stderr == ""
        *stored, code = done.stdout.split()
        assert code == "journal-full"
        assert stored, "some runs fitted"
        if mounted:  # make room, then look
            copied = tmp_path / "copied"
            shutil.copytree(folder, copied)
            path = copied / "journal.sqlite"
        assert [f for f in maintenance.doctor(path) if f.grave] == []
        for number in map(int, stored):
            run_id = made_run(number).run_id
            assert verbs.get_report(path, run_id).state() == "none"
            assert len(verbs.get_run(path, run_id).streams) == 600
        kept = {row.run_id for row in verbs.list_runs(path)}
        last = int(stored[-1])
        assert kept <= {made_run(n).run_id for n in range(last + 2)}, (
            "at most the run that was being added is there too"
        )
        verbs.add_run(path, made_run(399), read_by="1")  # with room, the same command goes on
        assert made_run(399).run_id in {row.run_id for row in verbs.list_runs(path)}
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


def test_a_history_of_two_thousand_runs_is_listed_and_searched(tmp_path) -> None:
    path = tmp_path / "journal.sqlite"
    with open_store(path, create=True) as opened, opened.writing() as db:
        runs.add_run(opened, made_run(0, 60), read_by="1", now=NOW)
        row = db.execute("SELECT * FROM run").fetchone()
        marks = ", ".join("?" for _ in row)
        for n in range(1, 2000):
            changed = (f"{n:064x}", row[1] + 43_200 * n, *row[2:])
            db.execute(f"INSERT INTO run VALUES ({marks})", changed)
            if n % 10 == 0:
                entries.event(opened, "none" if n % 50 else "cramp", run=f"{n:064x}", now=NOW)
    assert len(verbs.list_runs(path)) == 2000
    reports = verbs.reports(path)
    assert sum(r.state() == "cramp" for r in reports.values()) == 39
    assert verbs.journal_status(path).cramp_free == 160
