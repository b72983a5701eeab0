"""A stranger's file harms nobody: whatever a backup, a journal or an archive holds, nothing of the runner's is touched.

Each case was once a fault that was found by trying; what should be stands in the name of its test.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from charley.api import journal as verbs
from charley.journal import backup, maintenance, migrations, own_schema
from journal_fixtures import unpack
from journal_world import made_run
from stranger_world import Call, code_of, refused, signed_again
from stranger_world import charley as charley  # a fixture
from stranger_world import journal as journal  # a fixture

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
    from charley.activities import opening
    from charley.api import one_run

    good = one_run.write_demo(tmp_path)
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04")

    def broken(*_: object, **__: object) -> None:
        raise error("in the middle")

    monkeypatch.setattr(opening, "_zip", broken)
    code, out, _ = charley("import", tmp_path / "bad.zip", good, "x" * 10_000, at=tmp_path / "new.sqlite")
    assert code == 4
    assert "imported 1 run" in out
    assert ("[import-stopped]" in out or "import-stopped" in out) is (error is MemoryError)


def test_an_entry_without_a_name_costs_itself(tmp_path: Path, charley: Call) -> None:
    from charley.api import one_run

    nameless_entry(tmp_path / "odd.zip", one_run.write_demo(tmp_path).read_bytes())
    code, out, _ = charley("import", tmp_path / "odd.zip", at=tmp_path / "new.sqlite")
    assert code == 4
    assert "imported 1 run" in out
    assert "1 x import-entry" in out
    assert charley("why", tmp_path / "odd.zip", "--draws", "20")[0] == 0
