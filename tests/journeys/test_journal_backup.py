"""Backup, restore, export, forget, doctor: what was in the journal is in the copy; what was forgotten is nowhere."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from charley.api import journal as verbs
from charley.journal import backup, maintenance, runs
from charley.journal.digest import digest
from charley.journal.importing import import_runs
from charley.journal.store import open_store, streams_folder
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.errors import CharleyError
from journal_fixtures import fill, unpack
from journal_world import START, file_of, found, made_run, reader

NOW = START + timedelta(days=30)


@pytest.fixture
def journal(tmp_path) -> Path:
    path = tmp_path / "home" / "journal.sqlite"
    with open_store(path, create=True) as store:
        fill(store)
    return path


def _digest(path: Path) -> str:
    with open_store(path) as store:
        return digest(store.db)


def _code(work) -> str:
    with pytest.raises(CharleyError) as caught:
        work()
    assert "\n" not in str(caught.value)
    return caught.value.code


def test_a_restored_backup_is_the_journal_again_and_the_old_one_is_kept(journal, tmp_path) -> None:
    before = _digest(journal)
    made = verbs.make_backup(journal)
    assert made.path.parent == backup.backups_folder(journal)
    assert dict(made.rows)["run"] == 2
    assert made.streams == 2
    verbs.add_run(journal, made_run(7), read_by="1", now=NOW)
    verbs.withdraw_answer(journal, 1)
    changed = _digest(journal)
    done = verbs.restore_backup(journal, made.path)
    assert _digest(journal) == before
    assert maintenance.doctor(journal) == ()
    assert done.kept is not None
    with closing(sqlite3.connect(done.kept)) as db:
        assert digest(db) == changed
    back = verbs.restore_backup(journal, verbs.make_backup(journal, tmp_path / "second").path)
    assert back.kept != done.kept, "a second restore does not touch what the first one kept"
    for row in verbs.list_runs(journal):
        assert len(verbs.get_run(journal, row.run_id).streams) == 120


def test_a_backup_restores_on_another_machine(journal, tmp_path) -> None:
    made = verbs.make_backup(journal, tmp_path / "stick" / "mine")
    elsewhere = tmp_path / "elsewhere" / "journal.sqlite"
    done = verbs.restore_backup(elsewhere, made.path)
    assert (done.kept, done.runs) == (None, 2)
    assert _digest(elsewhere) == _digest(journal)
    run = verbs.get_run(elsewhere)
    assert np.array_equal(run.streams.speed_m_s, made_run(1, 120).streams.speed_m_s)
    assert maintenance.doctor(elsewhere) == ()


@pytest.mark.parametrize("number", [1, 2])
def test_a_backup_of_every_format_restores(number: int, tmp_path, monkeypatch) -> None:
    from charley.journal import migrations

    full = migrations.steps()
    path = unpack(number, tmp_path / "old" / "journal.sqlite")
    with monkeypatch.context() as then:  # the Charley that knew this format and no newer one
        then.setattr(migrations, "steps", lambda: full[:number])
        made = verbs.make_backup(path, tmp_path / "backup")
    new = tmp_path / "new" / "journal.sqlite"
    assert verbs.restore_backup(new, made.path).runs == 2
    assert maintenance.doctor(new) == ()
    assert maintenance.status(new).cramps == 2


def test_a_backup_never_writes_over_a_file(journal, tmp_path) -> None:
    there = tmp_path / "letter.txt"
    there.write_text("dear")
    assert _code(lambda: verbs.make_backup(journal, there)) == "backup-exists"
    assert there.read_text() == "dear"
    assert verbs.make_backup(journal, tmp_path).path.parent == tmp_path, "a folder gets a file named by the time"


@pytest.mark.parametrize("damage", ["cut", "flipped", "streams", "rows", "other", "text", "missing", "newer"])
def test_a_bad_backup_is_refused_and_the_journal_stays(journal, tmp_path, damage: str) -> None:
    source = verbs.make_backup(journal, tmp_path / "backup").path
    before = _digest(journal)
    raw = source.read_bytes()
    expected = "backup-bad"
    match damage:
        case "cut":
            source.write_bytes(raw[: len(raw) // 2])
        case "flipped":
            at = raw.rindex(b"kidney")
            source.write_bytes(raw[:at] + b"Kidney" + raw[at + 6 :])
        case "streams" | "rows" | "newer":
            change = {
                "streams": "UPDATE backup_streams SET content = x'00'",
                "rows": "DELETE FROM weighing",
                "newer": "PRAGMA user_version = 99",
            }[damage]
            with closing(sqlite3.connect(source)) as db:
                db.execute(change)
                db.commit()
            expected = "journal-newer" if damage == "newer" else expected
        case "other":
            source = journal
        case "text":
            source.write_text("no backup")
        case "missing":
            source = tmp_path / "nothing"
            expected = "backup-missing"
    assert _code(lambda: verbs.restore_backup(journal, source)) == expected
    assert _digest(journal) == before
    assert maintenance.copies(journal) == ()


def test_a_damaged_journal_can_be_replaced_and_is_kept_as_it_is(journal, tmp_path) -> None:
    source = verbs.make_backup(journal, tmp_path / "backup").path
    journal.write_bytes(b"nonsense" * 1000)
    Path(f"{journal}-wal").write_bytes(b"a log that must not be merged")
    done = verbs.restore_backup(journal, source)
    assert done.kept is not None
    assert done.kept.read_bytes() == b"nonsense" * 1000
    assert Path(f"{done.kept}-wal").read_bytes() == b"a log that must not be merged"
    assert maintenance.doctor(journal) == ()


def test_a_journal_in_use_is_not_replaced(journal, tmp_path) -> None:
    source = verbs.make_backup(journal, tmp_path / "backup").path
    with open_store(journal):
        assert _code(lambda: verbs.restore_backup(journal, source)) == "journal-in-use"
        assert _code(lambda: verbs.forget_all(journal)) == "journal-in-use"
    with closing(sqlite3.connect(journal, isolation_level=None)) as other:  # a program that knows nothing of our lock
        other.execute("BEGIN")
        other.execute("SELECT * FROM run").fetchone()
        assert _code(lambda: verbs.restore_backup(journal, source)) == "journal-locked"
        other.execute("ROLLBACK")
    assert verbs.restore_backup(journal, source).runs == 2


def test_a_backup_taken_while_others_write_is_one_state(journal) -> None:
    with open_store(journal) as writer, writer.writing() as db:
        runs.add_run(writer, made_run(9), read_by="1", now=NOW)
        assert db.in_transaction
        made = verbs.make_backup(journal)
    assert dict(made.rows)["run"] == 2
    assert len(verbs.list_runs(journal)) == 3


def test_lost_streams_do_not_stop_a_backup_and_are_told(journal) -> None:
    (first, _) = sorted(streams_folder(journal).iterdir())
    first.unlink()
    made = verbs.make_backup(journal)
    assert (made.streams, [w.code for w in made.warnings]) == (1, ["streams-lost"])


# ---- export ----


def test_an_export_holds_every_row_and_every_second(journal, tmp_path) -> None:
    done = verbs.export_all(journal, tmp_path / "export")
    counts = dict(done.files)
    with open_store(journal) as store:
        for table, rows in counts.items():
            if table.endswith(".jsonl"):
                assert store.db.execute(f"SELECT count(*) FROM {table[:-6]}").fetchone()[0] == rows
                lines = (done.path / table).read_text(encoding="utf-8").splitlines()
                assert len([json.loads(line) for line in lines]) == rows
    run = made_run(1, 120)
    with (done.path / "streams" / f"{run.run_id}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 120
    for channel in ("distance_m", "speed_m_s", "altitude_m", "heart_rate_bpm", "latitude_deg", "longitude_deg"):
        exported = np.array([float(r[channel] or "nan") for r in rows])
        assert np.array_equal(exported, getattr(run.streams, channel), equal_nan=True), channel
    assert [r["moving"] for r in rows] == ["1" if m else "0" for m in run.moving]
    assert "power_w" not in rows[0]
    answers = [json.loads(line) for line in (done.path / "answer.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [a["id"] for a in answers] == sorted(a["id"] for a in answers)
    assert "out of the blue" in [a["note"] for a in answers]


def test_an_export_does_not_write_where_something_is(journal, tmp_path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "file").write_text("mine")
    assert _code(lambda: verbs.export_all(journal, tmp_path / "there")) == "export-exists"
    (tmp_path / "empty").mkdir()
    assert verbs.export_all(journal, tmp_path / "empty").path.is_dir()
    assert [p.name for p in tmp_path.iterdir() if ".part" in p.name] == []


# ---- forgetting ----


def _bytes_everywhere(folder: Path) -> bytes:
    return b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())


def test_a_forgotten_run_leaves_no_trace_on_the_disk(journal) -> None:
    verbs.log_event(journal, "twitch", place=Cramp(7, 7, 7), note="SECRET-WORDS", now=NOW)
    run_id = made_run(1).run_id
    assert b"SECRET-WORDS" in _bytes_everywhere(journal.parent)
    done = verbs.forget_run(journal, "last")
    assert (done.runs, done.still_in) == (1, ())
    rest = _bytes_everywhere(journal.parent)
    assert b"SECRET-WORDS" not in rest
    assert run_id.encode() not in rest
    assert [r.run_id for r in verbs.list_runs(journal)] == [made_run(0).run_id]
    assert len(list(streams_folder(journal).iterdir())) == 1
    assert maintenance.doctor(journal) == ()
    assert maintenance.status(journal).cramps == 1, "the cramp that belongs to no run is still there"


def test_forgetting_names_the_files_that_still_hold_it(journal) -> None:
    made = verbs.make_backup(journal)
    assert verbs.forget_run(journal, "last").still_in == (made.path,)
    assert _code(lambda: verbs.forget_run(journal, made_run(1).run_id)) == "journal-unknown-run"


def test_health_and_demo_can_be_forgotten_alone(journal) -> None:
    verbs.add_run(journal, made_run(20, demo=True), read_by="1", now=NOW)
    assert verbs.forget_health(journal).answers == 1
    assert verbs.health(journal) == ()
    assert b"kidney" not in _bytes_everywhere(journal.parent)
    assert verbs.forget_demo(journal).runs == 1
    assert len(verbs.list_runs(journal)) == 2
    assert maintenance.doctor(journal) == ()


def test_everything_can_be_forgotten(journal) -> None:
    made = verbs.make_backup(journal)
    verbs.restore_backup(journal, made.path)
    done = verbs.forget_all(journal)
    assert done.runs == 2
    assert len(done.still_in) == 2
    assert _code(lambda: verbs.forget_all(journal)) == "journal-missing"
    verbs.restore_backup(journal, made.path)
    assert verbs.forget_all(journal, backups_too=True).still_in == ()
    assert list(journal.parent.iterdir()) == []


def test_what_the_journal_knows_is_told_with_rounded_places(journal) -> None:
    lines = dict(verbs.disclose(journal).lines)
    assert "near 48.0, 11.0" in lines["places"]
    assert "48.00" not in json.dumps(lines)
    assert lines["runs"].startswith("2, 2026-01-0")
    assert lines["event"] == "3 answers"


# ---- doctor ----


def test_the_doctor_finds_and_mends(journal) -> None:
    assert maintenance.doctor(journal) == ()
    folder = streams_folder(journal)
    (folder / ("0" * 64)).write_bytes(b"left by a kill")
    (folder / f"{'0' * 64}.1.part").write_bytes(b"half")
    Path(f"{journal}.restored.part").write_bytes(b"SQLite format 3\0half")
    journal.chmod(0o644)
    codes = [f.code for f in maintenance.doctor(journal)]
    assert codes == ["streams-orphan", "half-files", "permissions"]
    assert all(f.repaired and not f.grave for f in maintenance.doctor(journal, repair=True))
    assert maintenance.doctor(journal) == ()


def test_lost_channels_come_back_with_the_next_import(tmp_path) -> None:
    path = tmp_path / "journal.sqlite"
    files = found(file_of(1), file_of(2))
    import_runs(path, files, reader, read_by="1", workers=0)
    verbs.log_event(path, "none")
    (lost, _) = sorted(streams_folder(path).iterdir())
    lost.write_bytes(b"damaged")
    (finding,) = maintenance.doctor(path, repair=True)
    assert (finding.code, finding.grave) == ("streams-lost", True)
    summary = import_runs(path, files, reader, read_by="1", workers=0)
    assert (summary.imported, summary.refreshed, summary.duplicates) == (0, 1, 1)
    assert maintenance.doctor(path) == ()
    assert verbs.get_report(path).state() == "none"


def test_streams_that_a_kept_journal_needs_are_no_left_overs(journal) -> None:
    made = verbs.make_backup(journal)
    verbs.add_run(journal, made_run(8), read_by="1", now=NOW)
    verbs.restore_backup(journal, made.path)
    maintenance.doctor(journal, repair=True)
    assert len(list(streams_folder(journal).iterdir())) == 3, (
        "the run that only the kept journal has keeps its channels"
    )


def test_the_status_is_told_before_there_is_a_journal(tmp_path) -> None:
    status = verbs.journal_status(tmp_path / "none.sqlite")
    assert (status.exists, status.runs) == (False, 0)
    assert not (tmp_path / "none.sqlite").exists()
    shutil.rmtree(tmp_path)
