"""Pages and forgetting touch what is Charley's, and nothing else that lies on the disk."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from charley.api import journal as verbs
from charley.journal import backup, maintenance
from charley.journal.store import journal_file, open_store, streams_folder
from charley.vocabulary.cramp import Cramp
from journal_world import made_run
from stranger_world import Call, digest_of, refused
from stranger_world import charley as charley  # a fixture
from stranger_world import journal as journal  # a fixture

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


def test_a_page_is_written_over_a_page_of_ours_and_nothing_else(tmp_path: Path, charley: Call) -> None:
    letter = tmp_path / "letter.html"
    letter.write_text("<html>dear</html>")
    refused(charley("help-me", "--page", letter), "write-over", 2)
    assert letter.read_text() == "<html>dear</html>"
    page = tmp_path / "page.html"
    assert charley("help-me", "--page", page)[0] == 0
    assert charley("help-me", "--page", page)[0] == 0, "one of ours"
    page.write_text(  # as the first pages began, before they said whose they are
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">\n"""
        '<meta name="referrer" content="no-referrer">\n<title>Why: run.fit, 33.4 km</title>'
    )
    assert charley("help-me", "--page", page)[0] == 0, "one of our first"
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
