"""One flipped bit costs its row: all else is listed, answered, saved and exported, and the row can be set aside."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from charley.api import journal as verbs
from charley.journal import maintenance, migrations, own_schema
from charley.journal.store import open_store, streams_folder
from charley.vocabulary.cramp import Cramp
from journal_world import made_run
from stranger_world import Call
from stranger_world import charley as charley  # a fixture
from stranger_world import journal as journal  # a fixture


def flip(journal: Path, statement: str) -> None:
    with closing(sqlite3.connect(journal, isolation_level=None)) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute(statement)


BAD_RUNS = (
    "details = replace(details, ':', ';')", "details = '[]'", "channels = '5'", "started_unix_s = 1e300",
    "elapsed_s = 9e999", "distance_m = -5.0", "added_unix_s = -9e999", "streams_sha256 = 'no name'",
)  # fmt: skip


@pytest.mark.parametrize("change", BAD_RUNS)
def test_a_run_that_cannot_be_read_costs_itself_and_can_be_set_aside(
    journal: Path, tmp_path: Path, charley: Call, change: str
) -> None:
    verbs.add_run(journal, made_run(1, 3000), read_by="1")
    bad = made_run(0).run_id
    flip(journal, f"UPDATE run SET {change} WHERE run_id = '{bad}'")
    code, out, _ = charley("data", "doctor")
    assert code == 5
    assert f"run {bad[:8]} (run-0.fit)" in out
    code, out, _ = charley("runs")
    assert code == 0
    assert made_run(1).run_id[:8] in out
    if "streams" not in change:
        assert f"Run {bad[:8]} (run-0.fit) can't be read" in out
        made = json.loads(charley("data", "backup", "--json")[1])
        assert [w["code"] for w in made["warnings"]] == ["journal-row"]
        done = verbs.restore_backup(tmp_path / "new" / "journal.sqlite", Path(made["path"]))
        assert [w.code for w in done.warnings] == ["journal-row"]
    exported = json.loads(charley("data", "export", tmp_path / "export", "--json")[1])
    assert exported["files"]["run.jsonl"] == 2
    assert len((tmp_path / "export" / "run.jsonl").read_text().splitlines()) == 2
    assert (tmp_path / "export" / "streams" / f"{made_run(1).run_id}.csv").exists()
    answer = json.loads(charley("why", "--json")[1])
    left_out = [w["text"] for w in answer["warnings"] if w["code"] == "journal-run-left-out"]
    assert len(left_out) == 1, "the answer says what it was made without"
    assert bad[:8] in left_out[0]
    assert charley("log", "none", "--run", made_run(1).run_id[:8])[0] == 0
    assert charley("data", "doctor", "--repair")[0] in (0, 5)  # channels that are gone stay so until they are imported
    assert len(verbs.list_runs(journal)) == 2, "the run is there again, without what could not be read"
    assert verbs.get_report(journal, bad[:8]).state() == "none", "what was said of it stays"
    (aside,) = maintenance.set_aside_files(journal)
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600
    kept = json.loads(aside.read_text())
    assert (kept["table"], kept["row"]["run_id"]) == ("run", bad)
    found = {f.code for f in maintenance.doctor(journal)}
    assert found <= {"streams-lost"}
    with open_store(journal) as store:
        assert own_schema.differences(store.db) == (), "the triggers stand again"
    assert verbs.forget_run(journal, bad[:8]).still_in[0] == aside


BAD_ANSWERS = {
    "event": "from_s = 9e999, to_s = 9e999, at_s = NULL",
    "weighing": "mass_kg = 9e999",
    "about": "unusual = '[\"ill\"'",
}


@pytest.mark.parametrize("table", BAD_ANSWERS)
def test_an_answer_that_cannot_be_read_costs_itself(journal: Path, charley: Call, table: str) -> None:
    verbs.log_event(journal, "cramp", place=Cramp(60, 60, 60))
    first = verbs.log_weight(journal, 70.0, when="before").id
    verbs.withdraw_answer(journal, first)
    verbs.log_weight(journal, 71.0, when="before")
    verbs.log_about(journal, unusual=("ill",))
    with closing(sqlite3.connect(journal, isolation_level=None)) as db:
        db.execute("DROP TRIGGER events_stay")
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute(
            f"UPDATE {table} SET {BAD_ANSWERS[table]} WHERE answer_id = (SELECT min(answer_id) + "
            f"{int(table == 'event')} FROM {table})"
        )
        text = next(s for s in migrations.statements(migrations.steps()[0]) if "TRIGGER events_stay" in s)
        db.execute(text[text.index("CREATE") :])
    code, out, _ = charley("data", "doctor")
    assert (code, "[journal-row]" in out) == (5, True)
    for words in (("runs",), ("runs", "show"), ("data", "reveal"), ("data", "status"), ("data", "backup"), ("why",)):
        assert charley(*words)[0] == 0, words
    charley("data", "doctor", "--repair")
    assert [f for f in maintenance.doctor(journal) if f.grave] == []
    assert verbs.get_report(journal).state() in ("none", "cramp")


def test_damaged_letters_are_shown_as_marks_and_named(journal: Path, charley: Call) -> None:
    with closing(sqlite3.connect(journal, isolation_level=None)) as db:
        db.execute("UPDATE run SET title = CAST(x'e92074696d65' AS TEXT)")
    code, out, _ = charley("runs")
    assert code == 0
    assert "\ufffd time" in out
    code, out, _ = charley("data", "doctor")
    assert (code, "letters that are damaged" in out) == (0, True)
    with closing(sqlite3.connect(journal, isolation_level=None)) as db:
        before = verbs.data_sha256(journal)  # damaged letters have a hash too, and it is another one for other letters
        db.execute("UPDATE run SET title = CAST(x'e92074696d66' AS TEXT)")
    assert verbs.data_sha256(journal) != before


def test_pages_in_the_middle_are_damaged_and_the_rest_is_exported(journal: Path, tmp_path: Path, charley: Call) -> None:
    for n in range(400):
        verbs.log_strength(journal, f"exercise {n:03d}", sets=3, repetitions=15)
    with closing(sqlite3.connect(journal)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw = bytearray(journal.read_bytes())
    page = raw.index(b"exercise 200") // 4096 * 4096
    raw[page : page + 4096] = b"\xff" * 4096
    journal.write_bytes(raw)
    assert charley("data", "doctor")[0] == 5
    code, out, _ = charley("data", "export", tmp_path / "export")
    assert (code, "[journal-row]" in out) == (0, True)
    told = [json.loads(line)["exercise"] for line in (tmp_path / "export" / "strength.jsonl").read_text().splitlines()]
    assert told[0] == "exercise 000"
    assert told[-1] == "exercise 399"
    assert 200 < len(told) < 400
    assert "damaged behind row" in (tmp_path / "export" / "READ_ME.txt").read_text()


@pytest.mark.parametrize("what", ["a folder", "streams that are a file", "a pipe"])
def test_channels_that_are_no_file_are_named(journal: Path, charley: Call, what: str) -> None:
    folder = streams_folder(journal)
    (stream,) = folder.iterdir()
    stream.unlink()
    if what == "a folder":
        stream.mkdir()
    elif what == "a pipe":
        os.mkfifo(stream)
    else:
        folder.rmdir()
        folder.write_text("")
    code, out, _ = charley("data", "doctor")
    assert (code, "[streams-lost]" in out) == (5, True)
    assert charley("runs")[0] == 0
    assert charley("log", "none")[0] == 0
    assert charley("log", "cramp", "--at", "1km")[0] == 5
    assert charley("data", "backup")[0] == 0
    assert charley("data", "doctor", "--repair")[0] == 5
