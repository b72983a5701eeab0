"""A stranger's file harms nobody: whatever a backup, a path or a broken disk holds, no file of the runner's is touched.

Each case was once a fault that was found by trying; what should be stands in the name of its test.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest

from charley.api import journal as verbs
from charley.journal import backup, maintenance, migrations, own_schema
from charley.journal.digest import digest, row_counts
from charley.journal.store import journal_file, open_store, streams_folder
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.errors import CharleyError, JournalError
from journal_fixtures import unpack
from journal_world import made_run

main = import_module("charley.faces.cli.main")
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "home" / "journal.sqlite"
    verbs.add_run(path, made_run(0, 3000), read_by="1")
    verbs.log_event(path, "none", note="SECRET-WORDS")
    return path


@pytest.fixture
def charley(journal: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    def call(*arguments: object, at: object = journal) -> tuple[int, str, str]:
        code = main.run(["--journal", str(at), *map(str, arguments)])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert "[defect]" not in err
        return code, out, err

    return call


def refused(done: tuple[int, str, str], code: str, exit_code: int) -> None:
    assert done[0] == exit_code, done
    assert f"[{code}]" in done[2]
    assert done[2].count("\n") == 1, "one line"


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(CharleyError) as caught:
        work()
    assert "\n" not in str(caught.value)
    return caught.value.code


def signed_again(source: Path, *statements: str) -> Path:
    """A backup that somebody changed who knows how it is made, with a digest that fits."""
    with closing(sqlite3.connect(source, isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)
        db.execute("UPDATE backup_about SET value = ? WHERE key = 'digest'", (digest(db),))
        db.execute("UPDATE backup_about SET value = ? WHERE key = 'rows'", (repr(row_counts(db)),))
    return source


# ---- backups ----

OUTSIDE = (
    "UPDATE run SET streams_sha256 = '../victim.txt'",
    "UPDATE run SET streams_sha256 = '/tmp/victim.txt'",
    "UPDATE backup_streams SET streams_sha256 = '../victim.txt'",
    "INSERT INTO streams_to_remove VALUES ('../victim.txt')",
    f"UPDATE run SET streams_sha256 = '{'A' * 64}'",
    f"UPDATE run SET streams_sha256 = '{'a' * 64}' || char(10)",
)
SCHEMAS = (
    "CREATE TRIGGER t AFTER INSERT ON answer BEGIN INSERT INTO streams_to_remove VALUES ('../victim.txt'); END",
    "CREATE VIEW v AS SELECT * FROM run",
    "CREATE TABLE more (x)",
    "CREATE INDEX i ON run (title)",
    "ALTER TABLE run ADD COLUMN more TEXT",
    "DROP TRIGGER answers_stay",
    "DROP TABLE trial",
    "PRAGMA user_version = 3",
    "PRAGMA user_version = 0",
)


@pytest.mark.parametrize("change", [*OUTSIDE, *SCHEMAS])
def test_a_backup_that_is_not_as_ours_are_is_refused(journal: Path, tmp_path: Path, change: str) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("precious")
    source = signed_again(verbs.make_backup(journal, tmp_path / "backup").path, change)
    elsewhere = tmp_path / "elsewhere" / "journal.sqlite"
    assert code_of(lambda: verbs.restore_backup(elsewhere, source)) == "backup-bad"
    assert not elsewhere.exists()
    assert victim.read_text() == "precious"


def test_a_run_id_that_leads_out_of_an_export_is_refused(journal: Path, tmp_path: Path) -> None:
    source = verbs.make_backup(journal, tmp_path / "backup").path
    moved = [f"UPDATE {table} SET run_id = '../../pwned'" for table in ("run", "answer", "prompt", "source_file")]
    text = next(s for s in migrations.statements(migrations.steps()[0]) if "TRIGGER answers_stay" in s)
    stay = text[text.index("CREATE") :]
    signed_again(source, "DROP TRIGGER answers_stay", *moved, stay)
    assert code_of(lambda: verbs.restore_backup(journal, source)) == "backup-bad"


def test_a_backup_whose_text_is_not_utf_8_is_refused(journal: Path, tmp_path: Path) -> None:
    source = verbs.make_backup(journal, tmp_path / "backup").path
    with (
        closing(sqlite3.connect(source, isolation_level=None)) as db,
        closing(sqlite3.connect(tmp_path / "wide", isolation_level=None)) as wide,
    ):
        wide.execute("PRAGMA encoding = 'UTF-16'")
        wide.executescript("\n".join(db.iterdump()))
        wide.execute(f"PRAGMA application_id = {migrations.APPLICATION_ID}")
        wide.execute(f"PRAGMA user_version = {migrations.newest_format()}")
    assert code_of(lambda: backup.verify(tmp_path / "wide")) == "backup-bad"


def test_a_heading_of_an_export_is_no_formula(tmp_path: Path) -> None:
    import numpy as np

    from charley.vocabulary.run import DeveloperField

    path = tmp_path / "journal.sqlite"
    fields = (DeveloperField("=cmd|' /C calc'!A0", "", np.zeros(60)),)
    run = made_run(0, 60, developer=fields)
    verbs.add_run(path, run, read_by="1")
    done = verbs.export_all(path, tmp_path / "export")
    head = (done.path / "streams" / f"{run.run_id}.csv").read_text().splitlines()[0]
    assert head.endswith(",moving,'=cmd|' /C calc'!A0")


def test_channels_larger_than_any_run_has_are_refused(journal: Path, tmp_path: Path, monkeypatch) -> None:
    source = verbs.make_backup(journal, tmp_path / "backup").path
    monkeypatch.setattr("charley.journal.streams.MOST_PACKED_BYTES", 1000)
    assert code_of(lambda: backup.verify(source)) == "backup-bad"


@pytest.mark.parametrize("number", range(1, migrations.newest_format() + 1))
def test_a_backup_of_every_format_is_known_by_its_schema(number: int, tmp_path: Path, monkeypatch) -> None:
    full = migrations.steps()
    path = unpack(number, tmp_path / "old" / "journal.sqlite")
    with monkeypatch.context() as then:  # the Charley that knew this format and no newer one
        then.setattr(migrations, "steps", lambda: full[:number])
        made = verbs.make_backup(path, tmp_path / "backup")
    new = tmp_path / "new" / "journal.sqlite"
    done = verbs.restore_backup(new, made.path)
    assert (done.runs, done.warnings) == (2, ())
    assert maintenance.doctor(new) == ()
    signed_again(made.path, "CREATE TRIGGER t AFTER DELETE ON run BEGIN SELECT 1; END")
    assert code_of(lambda: verbs.restore_backup(new, made.path)) == "backup-bad"


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ("CREATE TABLE t (a TEXT)", "CREATE  TABLE t -- a note\n (a /* x */ TEXT)", True),
        ("CREATE TABLE t (a TEXT)", "CREATE TABLE t (a TEXT /* unfinished", False),
        ("CHECK (a <> 'x')", "CHECK (a <> '-- '\n'x')", False),
        ("CHECK (a <> 'x y')", "CHECK (a <> 'x  y')", False),
        ("CHECK (a IN ('x'))", "CHECK (a IN ('x', 'y'))", False),
    ],
)
def test_statements_are_compared_by_what_they_say(ours: str, theirs: str, same: bool) -> None:
    assert (own_schema.tokens(ours) == own_schema.tokens(theirs)) is same


# ---- a journal of a stranger's ----


@pytest.mark.parametrize("hidden", [False, True])
def test_a_journal_with_a_strangers_trigger_is_not_opened(journal: Path, tmp_path: Path, hidden: bool) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("precious")
    with closing(sqlite3.connect(journal, isolation_level=None)) as db:
        db.execute(
            "CREATE TRIGGER t AFTER INSERT ON answer BEGIN "
            "INSERT OR IGNORE INTO streams_to_remove VALUES ('../../victim.txt'); END"
        )
        if hidden:  # SQLite goes by the text, not by the column that says what it is
            db.execute("PRAGMA writable_schema = ON")
            db.execute(
                "UPDATE sqlite_master SET type = 'index', sql = 'CREATE /**/ TRIGGER' || substr(sql, 15) "
                "WHERE name = 't'"
            )
    assert code_of(lambda: verbs.log_event(journal, "none")) in ("journal-unsafe", "journal-damaged")
    assert victim.read_text() == "precious"


def test_names_in_a_journal_that_lead_elsewhere_touch_nothing(journal: Path, tmp_path: Path, charley: Call) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("precious")
    with closing(sqlite3.connect(journal, isolation_level=None)) as db:
        db.execute("INSERT INTO streams_to_remove VALUES ('../../victim.txt')")
        db.execute("UPDATE run SET streams_sha256 = '../../victim.txt'")
    run = made_run(0).run_id[:8]
    assert charley("data", "export", tmp_path / "export")[0] == 0
    assert charley("runs")[0] == 0
    refused(charley("data", "backup"), "journal-damaged", 5)
    assert charley("data", "forget", "--run", run, "--yes")[0] == 0
    assert victim.read_text() == "precious"


# ---- pages ----


def test_a_page_never_takes_the_place_of_a_journal_or_an_activity(journal: Path, tmp_path: Path, charley: Call) -> None:
    from charley.api import one_run

    file = one_run.write_demo(tmp_path)
    whole, content = digest_of(journal), file.read_bytes()
    stream = next(streams_folder(journal).iterdir())
    for words in (
        ("why", "--html", journal), ("why", "--html", journal, "--force"), ("help-me", "--page", journal, "--force"),
        ("help-me", "--card", stream, "--force"), ("why", file, "--html", file, "--force"),
        ("why", file, "--html", journal, "--force"),
    ):  # fmt: skip
        refused(charley(*words), "write-over", 2)
    link = tmp_path / "link.html"
    link.symlink_to(file)
    refused(charley("why", file, "--html", link, "--force"), "write-over", 2)
    assert file.read_bytes() == content
    assert digest_of(journal) == whole


def digest_of(path: Path) -> str:
    with open_store(path) as store:
        return digest(store.db)


def test_a_page_is_written_over_a_page_of_ours_and_nothing_else(tmp_path: Path, charley: Call) -> None:
    letter = tmp_path / "letter.html"
    letter.write_text("<html>dear</html>")
    refused(charley("help-me", "--page", letter), "write-over", 2)
    assert letter.read_text() == "<html>dear</html>"
    page = tmp_path / "page.html"
    assert charley("help-me", "--page", page)[0] == 0
    assert charley("help-me", "--page", page)[0] == 0, "one of ours"
    part = tmp_path / "page.html.part"
    part.write_text("mine")
    assert charley("help-me", "--page", page)[0] == 0
    assert part.read_text() == "mine"
    assert charley("help-me", "--page", letter, "--force")[0] == 0
    assert "dear" not in letter.read_text(encoding="utf-8")
    refused(charley("help-me", "--page", tmp_path), "write-failed", 2)
    os.mkfifo(tmp_path / "pipe")
    refused(charley("help-me", "--page", tmp_path / "pipe", "--force"), "write-over", 2)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["home", "letter.html", "page.html", "page.html.part", "pipe"]


def test_the_demonstration_writes_over_itself_only(tmp_path: Path, charley: Call) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    mine = folder / "charley-demo-marathon.fit"
    mine.write_bytes(b"a run of my own")
    refused(charley("demo", "--folder", folder), "write-over", 2)
    assert mine.read_bytes() == b"a run of my own"
    mine.unlink()
    assert charley("demo", "--folder", folder)[0] == 0
    assert charley("demo", "--folder", folder)[0] == 0
    (folder / "why.html").write_text("mine")
    refused(charley("demo", "--folder", folder), "write-over", 2)


def test_a_page_over_the_journal_is_as_private_as_the_journal(tmp_path: Path, charley: Call) -> None:
    before = os.umask(0o022)
    try:
        assert charley("why", "--html", tmp_path / "p.html")[0] == 0
        assert charley("help-me", "--page", tmp_path / "h.html")[0] == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "p.html").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "h.html").stat().st_mode) == 0o644


# ---- forgetting ----


def test_only_a_journal_of_ours_is_forgotten(journal: Path, tmp_path: Path, charley: Call) -> None:
    text, other, empty = tmp_path / "notes.txt", tmp_path / "photos.db", tmp_path / "empty"
    text.write_text("diary")
    empty.write_text("")
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE photo (x)")
        db.commit()
    streams_of_text = tmp_path / "notes.txt.streams"
    streams_of_text.mkdir()
    (streams_of_text / "letter").write_text("mine")
    for file in (text, other, empty):
        content = file.read_bytes()
        refused(charley("data", "forget", "--all", "--yes", "--backups", at=file), "journal-not-ours", 5)
        assert file.read_bytes() == content
    assert (streams_of_text / "letter").exists()
    with closing(sqlite3.connect(journal)) as db:
        db.execute("PRAGMA user_version = 99")
    refused(charley("data", "forget", "--all", "--yes"), "journal-newer", 5)
    assert journal.exists()


def test_the_examination_mends_nothing_of_a_file_that_is_not_ours(tmp_path: Path, charley: Call) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("diary")
    text.chmod(0o644)
    assert charley("data", "doctor", "--repair", at=text)[0] == 5
    assert stat.S_IMODE(text.stat().st_mode) == 0o644
    os.mkfifo(tmp_path / "pipe")
    refused(charley("data", "forget", "--all", "--yes", at=tmp_path / "pipe"), "journal-unreachable", 5)


def test_a_damaged_journal_of_ours_can_be_forgotten(journal: Path, charley: Call) -> None:
    with closing(sqlite3.connect(journal)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw = journal.read_bytes()
    journal.write_bytes(raw[:100] + b"\xff" * 8000 + raw[8100:])
    assert charley("data", "forget", "--all", "--yes")[0] == 0
    assert list(journal.parent.iterdir()) == []


def test_forgetting_by_a_link_removes_what_it_leads_to(journal: Path, tmp_path: Path, charley: Call) -> None:
    link = tmp_path / "linked" / "journal.sqlite"
    link.parent.mkdir()
    link.symlink_to(os.path.relpath(journal, link.parent))
    assert journal_file(link) == Path(os.path.realpath(journal)), "one journal, one lock, one folder of streams"
    assert charley("runs", at=link)[1].count("\n") == 1
    with open_store(journal):
        refused(charley("data", "forget", "--all", "--yes", at=link), "journal-in-use", 5)
    assert charley("data", "forget", "--all", "--yes", at=link)[0] == 0
    assert list(journal.parent.iterdir()) == []
    refused(charley("data", "backup", at=link), "journal-missing", 5)


def test_streams_behind_a_link_are_forgotten_and_what_is_not_ours_stays(
    journal: Path, tmp_path: Path, charley: Call
) -> None:
    disk = tmp_path / "other disk"
    shutil.move(streams_folder(journal), disk)
    streams_folder(journal).symlink_to(disk)
    (disk / "letter.txt").write_text("mine")
    (stream,) = (p for p in disk.iterdir() if len(p.name) == 64)
    code, out, _ = charley("data", "forget", "--all", "--yes")
    assert code == 0
    assert not stream.exists()
    assert (disk / "letter.txt").read_text() == "mine"
    assert "letter.txt" in out


def test_files_that_only_look_like_those_of_a_journal_are_left_alone(tmp_path: Path, charley: Call) -> None:
    """A journal may be called anything, and lie among other files."""
    journal = tmp_path / "desk" / "notes"
    verbs.add_run(journal, made_run(0), read_by="1")
    verbs.make_backup(journal)
    mine = {
        "notes.before-christmas", "notes.set-aside-for-later.jsonl", "notes about.party.txt", "notes.part.txt",
        "notes.part", "notes.before-format-4.txt", "backup.part",
    }  # fmt: skip
    for name in mine:
        (journal.parent / name).write_text("mine")
    inside = (streams_folder(journal) / "letter.part", backup.backups_folder(journal) / "plan.part.txt")
    for path in inside:
        path.write_text("mine")
    assert [f.code for f in maintenance.doctor(journal, repair=True)] == []
    refused(charley("data", "backup", journal.parent / "backup", at=journal), "journal-unreachable", 5)
    assert charley("data", "forget", "--all", "--backups", "--yes", at=journal)[0] == 0
    assert {p.name for p in journal.parent.iterdir() if p.is_file()} == mine
    assert all((journal.parent / name).read_text() == "mine" for name in mine)
    assert all(path.read_text() == "mine" for path in inside)


@pytest.mark.parametrize("end", ["-wal", "-journal", "-shm"])
def test_a_file_that_sqlite_would_take_for_its_own_is_not_touched(journal: Path, charley: Call, end: str) -> None:
    mine = Path(f"{journal}{end}")
    mine.write_text("what I ran")
    for words in (("runs",), ("log", "none"), ("data", "forget", "--all", "--yes")):
        refused(charley(*words), "journal-unreachable", 5)
    assert mine.read_text() == "what I ran"
    assert charley("data", "doctor")[0] == 5
    mine.unlink()
    assert charley("runs")[0] == 0


def held(path: Path) -> io.BufferedReader:
    """The file, kept open, so that its bytes can be looked at where they lie after its name is gone."""
    return open(path, "rb")


@pytest.mark.skipif(os.name != "posix", reason="a file that is open cannot be removed elsewhere")
def test_what_is_forgotten_is_overwritten_where_it_lay(journal: Path, charley: Call) -> None:
    with open_store(journal) as writer:  # a log with the words in it, as after a kill
        verbs.log_event(journal, "twitch", place=Cramp(7, 7, 7), note="SECRET-WORDS again")
        log = journal.with_name(journal.name + "-wal")
        kept = {name: held(name) for name in (journal, log, *streams_folder(journal).iterdir())}
        assert b"SECRET-WORDS" in kept[log].read()
        assert writer.writable
    code, out, _ = charley("data", "forget", "--run", "last", "--yes")
    assert code == 0
    assert "Flash disks" in out, "and it is said how far that goes"
    for name, file in kept.items():
        file.seek(0)
        content = file.read()
        assert b"SECRET-WORDS" not in content, name
        if len(name.name) == 64:
            assert content.count(0) == len(content) > 0, "channels are overwritten before they are removed"
        file.close()
    kept_journal = held(journal)
    charley("data", "forget", "--all", "--yes")
    content = kept_journal.read()
    assert content.count(0) == len(content) > 0
    kept_journal.close()


def test_a_second_name_keeps_its_bytes_and_that_is_said(journal: Path, tmp_path: Path, charley: Call) -> None:
    second = tmp_path / "my own copy"
    (stream,) = streams_folder(journal).iterdir()
    second.hardlink_to(stream)
    content = second.read_bytes()
    code, out, _ = charley("data", "forget", "--all", "--yes")
    assert code == 0
    assert second.read_bytes() == content
    assert f"not overwritten (another name still leads to it):\n  {stream}" in out


# ---- rows that cannot be read ----


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


# ---- archives ----


def nameless_entry(path: Path, run: bytes) -> None:
    """A zip whose last entry has no name, which Python's own reader does not expect."""
    import struct
    import zipfile

    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.fit", run)
        archive.writestr("x", "hi")
    data = bytearray(path.read_bytes())
    at, end = data.rfind(b"PK\1\2"), data.rfind(b"PK\5\6")
    entry = data[at:end]
    data[at:end] = entry[:28] + struct.pack("<H", 0) + entry[30:46] + entry[47:]
    end = data.rfind(b"PK\5\6")
    struct.pack_into("<I", data, end + 12, struct.unpack_from("<I", data, end + 12)[0] - 1)
    path.write_bytes(data)


@pytest.mark.parametrize("error", [MemoryError, IndexError, RecursionError])
def test_whatever_goes_wrong_in_one_file_ends_there(
    tmp_path: Path, charley: Call, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    from charley.activities import archives
    from charley.api import one_run

    good = one_run.write_demo(tmp_path)
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04")

    def broken(*_: object, **__: object) -> None:
        raise error("in the middle")

    monkeypatch.setattr(archives, "_zip", broken)
    code, out, _ = charley("import", tmp_path / "bad.zip", good, "x" * 10_000, at=tmp_path / "new.sqlite")
    assert code == 4
    assert "imported 1 run" in out
    assert ("[import-stopped]" in out or "import-stopped" in out) is (error is MemoryError)


def test_an_entry_without_a_name_costs_at_most_its_archive(tmp_path: Path, charley: Call) -> None:
    from charley.api import one_run

    good = one_run.write_demo(tmp_path)
    nameless_entry(tmp_path / "odd.zip", good.read_bytes()[:2000])
    code, out, _ = charley("import", tmp_path / "odd.zip", good, at=tmp_path / "new.sqlite")
    assert code == 4
    assert "imported 1 run" in out


# ---- what is typed, and where it goes ----


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [
        (("log", "health", "--condition", "kidney", "--medicine", " "), "journal-value", 2),
        (("log", "weight", "--before", "70kg", "--after", "700kg"), "journal-value", 2),
        (("why", "--seed", "-1"), "usage-flag", 2),
        (("log", "undo", "99999999999999999999"), "usage-flag", 2),
        (("log", "cramp", "--instead", "99999999999999999999"), "usage-flag", 2),
        (("try", "salt", "--health", "none", "--seed", "99999999999999999999"), "usage-flag", 2),
        (("log", "none", "--note", "caf\udce9"), "text-encoding", 2),
        (("log", "shoes", "caf\udce9"), "text-encoding", 2),
        (("why", "x" * 10_000), "path-refused", 2),
        (("data", "export", "x" * 10_000), "journal-unreachable", 5),
        (("data", "backup", "x" * 10_000), "path-refused", 2),
        (("log", "drink", "5"), "usage-value", 2),
        (("log", "drink", "+5"), "usage-value", 2),
        (("log", "drink", "+5l", "--ml", "3"), "usage-value", 2),
        (("log", "weight", "154"), "usage-value", 2),
        (("log", "weight", "--before", "154"), "usage-value", 2),
        (("log", "sodium", "5"), "usage-value", 2),
        (("log", "about", "--temp", "75"), "usage-value", 2),
    ],
)
def test_a_slip_is_one_line_and_stores_nothing(
    journal: Path, charley: Call, words: tuple[str, ...], code: str, exit_code: int
) -> None:
    before = digest_of(journal)
    refused(charley(*words), code, exit_code)
    assert digest_of(journal) == before


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (("log", "drink", "5"), "Write 5l or 5ml or 5floz."),
        (("log", "weight", "154"), "Write 154kg or 154lb."),
        (("log", "about", "--temp", "75"), "Write 75c or 75°c or 75f."),
    ],
)
def test_a_number_that_may_be_two_things_is_asked_for_its_unit(
    charley: Call, words: tuple[str, ...], asked: str
) -> None:
    assert asked in charley(*words)[2]


def test_a_number_that_can_be_one_thing_needs_no_unit(charley: Call) -> None:
    for words in (
        ("weight", "70"),
        ("drink", "0"),
        ("strength", "--load", "0"),
        ("about", "--temp", "18"),
        ("drink", "0.5l"),
    ):
        assert charley("log", *words)[0] == 0, words


def test_a_slash_at_the_end_means_a_folder(tmp_path: Path, charley: Call) -> None:
    from charley.api import one_run

    file = one_run.write_demo(tmp_path)
    assert charley("import", file, at=f"{tmp_path}/new/")[0] == 0
    assert (tmp_path / "new" / "journal.sqlite").is_file()


def program(*arguments: object, journal: Path, **how: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "charley", "--journal", str(journal), *map(str, arguments)]
    return subprocess.run(command, text=True, timeout=120, check=False, stderr=subprocess.PIPE, **how)  # type: ignore[call-overload]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
@pytest.mark.parametrize("words", [("help-me",), ("runs",), ("data", "status", "--json")])
def test_output_that_cannot_be_written_is_one_line(journal: Path, words: tuple[str, ...]) -> None:
    with open("/dev/full", "w") as full:
        done = program(*words, journal=journal, stdout=full)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "[output-failed]" in done.stderr


@pytest.mark.parametrize("words", [("help-me",), ("runs", "--json"), ("runs", "show", "nothing")])
def test_a_program_without_any_output_ends_as_with_one(journal: Path, words: tuple[str, ...]) -> None:
    command = f'exec "$0" -m charley --journal "$1" {" ".join(words)} >&- 2>&-'
    done = subprocess.run(["/bin/sh", "-c", command, sys.executable, str(journal)], timeout=120, check=False)
    assert done.returncode == (2 if "nothing" in words else 0)


def test_a_console_that_takes_few_letters_gets_a_text_all_the_same(journal: Path) -> None:
    verbs.log_event(journal, "none", note="−5 °C, snow ❄ and a café")
    narrow = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    shown = program("runs", "show", journal=journal, stdout=subprocess.PIPE, env=narrow, encoding="cp1252")
    assert shown.returncode == 0, shown.stderr
    assert "snow ? and a café" in shown.stdout
    as_json = program("runs", "show", "--json", journal=journal, stdout=subprocess.PIPE, env=narrow, encoding="cp1252")
    assert json.loads(as_json.stdout)["history"][-1]["note"] == "−5 °C, snow ❄ and a café"


def test_a_lack_of_memory_is_one_line(journal: Path, charley: Call, monkeypatch) -> None:
    def short(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(verbs, "list_runs", short)
    refused(charley("runs"), "memory-short", 1)


def test_an_unknown_path_error_is_explained_with_its_path(journal: Path, charley: Call, monkeypatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "/somewhere")

    monkeypatch.setattr(verbs, "list_runs", refuse)
    code, _, err = charley("runs")
    assert (code, "/somewhere: Permission denied [path-refused]" in err) == (2, True)


def test_errors_of_the_journal_stay_what_they_are(tmp_path: Path) -> None:
    with pytest.raises(JournalError):
        open_store(tmp_path / "none")
