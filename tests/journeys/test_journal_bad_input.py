"""What a runner may throw at a journal, by slip, by a broken watch or from a stranger's backup: each has one answer."""

from __future__ import annotations

import sqlite3
import struct
import zlib
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest

import career_world as world
from charley.answers.history import cache
from charley.api import history
from charley.api import journal as journal
from charley.journal import streams
from charley.journal.importing import import_runs
from charley.journal.store import streams_folder
from charley.vocabulary.answer import SuggestedStop
from charley.vocabulary.compressed import inflate
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.errors import JournalError
from charley.vocabulary.note import note
from journal_world import file_of, found, made_run, reader

main = import_module("charley.faces.cli.main")
Call = Callable[..., tuple[int, str, str]]
NOT_SET = (
    datetime(1970, 1, 1, tzinfo=UTC),  # Unix
    datetime(1980, 1, 6, tzinfo=UTC),  # GPS
    datetime(1989, 12, 31, tzinfo=UTC),  # FIT
    datetime(1990, 1, 1, 0, 12, tzinfo=UTC),
    datetime(2000, 1, 1, tzinfo=UTC),
    datetime.now(UTC) + timedelta(days=400),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


@pytest.fixture
def charley(path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    def call(*arguments: object) -> tuple[int, str, str]:
        code = main.run(["--journal", str(path), *map(str, arguments)])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert err.count("\n") <= 1 or err.startswith("\n")
        return code, out, err

    return call


# ---- bombs ----


@pytest.mark.parametrize("size", [0, 1, 999, 1000])
def test_what_fits_is_unpacked_and_what_does_not_is_refused(size: int) -> None:
    plain = bytes(range(250)) * 4
    packed = zlib.compress(plain[:size])
    assert inflate(packed, 1000) == plain[:size]
    with pytest.raises(ValueError, match="more than" if size else "early"):
        inflate(packed if size else packed[:-3], size - 1 if size else 10)


def bomb() -> bytes:
    """A stream that says it is of ours and unpacks to twice what any run can hold, in half a megabyte."""
    state = zlib.compressobj(9)
    parts = [state.compress(streams.MAGIC + b'{"samples": 1, "parts": []}\n')]
    parts += [state.compress(bytes(2**20)) for _ in range(2 * streams.MOST_BYTES // 2**20)]
    return b"".join([*parts, state.flush()])


def test_a_bomb_in_a_restored_journal_is_one_coded_line(path: Path, tmp_path: Path, charley: Call) -> None:
    """Channels that unpack without end, and a head that asks for a billion samples, come back as lost channels."""
    run = made_run(0, 3600)
    journal.add_run(path, run, read_by="1")
    head = streams.MAGIC + b'{"samples": 4000000000, "parts": []}\n'
    for content in (bomb(), zlib.compress(head)):
        name = streams.put(streams_folder(path), content)
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("UPDATE run SET streams_sha256 = ?", (name,))
        backup = tmp_path / f"{name[:8]}.backup"
        journal.make_backup(path, backup)
        journal.restore_backup(path, backup)  # a stranger's backup may hold the same
        with pytest.raises(JournalError) as error:
            journal.get_run(path, "last")
        assert error.value.code == "journal-streams-lost"
        code, _, err = charley("why")
        assert code == 2  # the only run of the journal cannot be read
        assert "journal-no-runs" in err


@pytest.mark.parametrize(
    "content", [zlib.compress(bytes(2**20)), b"", b"no zlib", zlib.compress(b"charley rows 1\n{}")]
)
def test_what_was_kept_and_is_no_such_thing_is_made_anew(content: bytes) -> None:
    assert cache.readable_rows(content) is None
    with pytest.raises(cache.UNUSABLE):
        cache.unpack_rows(content)


def test_rows_have_a_limit_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_BYTES", 1000)
    assert cache.readable_rows(zlib.compress(b"charley rows 1\n" + bytes(2000))) is None
    with pytest.raises(ValueError, match="more than"):
        cache.unpack_rows(zlib.compress(b"charley rows 1\n" + bytes(2000)))


# ---- clocks that were never set ----


@pytest.mark.parametrize("start", NOT_SET)
def test_a_run_whose_clock_was_never_set_is_kept_and_counts_in_nothing(start: datetime, path: Path) -> None:
    journal.add_run(path, world.run_of(8), read_by="1")
    odd = made_run(1, 3600, started_at=start)
    journal.add_run(path, odd, read_by="1")
    row = journal.get_run_row(path, odd.run_id)
    assert not row.dated
    answer = history.why(path)
    assert answer.n_runs == 1
    assert [w.code for w in answer.warnings].count("journal-undated") == 1


def test_its_date_can_be_said_and_is_then_believed(path: Path, charley: Call) -> None:
    odd = made_run(1, 3600, started_at=NOT_SET[2])
    journal.add_run(path, odd, read_by="1")
    code, _, err = charley("why")
    assert code == 2
    assert "charley log date" in err
    assert "date not known" in charley("runs")[1]
    assert charley("log", "date", "2026-05-03T09:00", "--run", odd.run_id[:8])[0] == 0
    assert journal.get_run_row(path, odd.run_id).dated
    assert "2026-05-03 09:00" in charley("runs")[1]
    journal.add_run(path, odd, read_by="2")  # a newer reader reads the wrong clock again; what was said stays
    row = journal.get_run_row(path, odd.run_id)
    assert (row.dated, f"{row.started_at.astimezone():%Y-%m-%d %H:%M}") == (True, "2026-05-03 09:00")
    assert charley("log", "date", "2026-05-04", "--run", odd.run_id[:8])[0] == 0  # a slip is corrected the same way
    assert charley("runs", "--json")[1].count('"dated": true') == 1


@pytest.mark.parametrize("day", ["yesterday", "1990-01-01", "2199-01-01", "2026-13-40"])
def test_a_date_that_cannot_be_is_refused(day: str, path: Path, charley: Call) -> None:
    journal.add_run(path, made_run(1, 600), read_by="1")
    code, _, err = charley("log", "date", day)
    assert code == 2
    assert "[journal-date]" in err


def test_two_runs_of_a_watch_without_a_clock_are_two_runs(path: Path) -> None:
    """Both begin at the same moment of 1989, as each does after a cold start; the same bytes are still one run."""
    shift = (NOT_SET[2] - made_run(0).started_at).total_seconds()
    files = found(file_of(0, later_s=shift), file_of(0, later_s=shift, seconds=620), file_of(0, later_s=shift + 5))
    now = datetime(2026, 6, 1, tzinfo=UTC)
    first = import_runs(path, files, reader, read_by="1", workers=0, now=now)
    assert (first.imported, first.duplicates, len(first.undated)) == (3, 0, 3)
    again = import_runs(path, files, reader, read_by="1", workers=0, now=now)
    assert (again.imported, again.duplicates, again.undated) == (0, 3, ())


def test_a_fit_file_without_a_clock_says_so_when_it_is_imported(path: Path, tmp_path: Path, charley: Call) -> None:
    """Times counted from power-on, as a receiver without a fix writes them."""
    (tmp_path / "cold.fit").write_bytes(_fit_from_power_on())
    code, out, _ = charley("import", tmp_path / "cold.fit")
    assert code == 0, out
    assert "[journal-undated]" in out
    assert "charley log date" in out


def _fit_from_power_on(seconds: int = 900) -> bytes:
    """The smallest running activity of a FIT device whose clock counts from power-on: file, session and records."""
    fields = struct.pack("<BBBBBB", 253, 4, 0x86, 5, 4, 0x86) + struct.pack("<BBB", 6, 2, 0x84)
    body = struct.pack("<BBBHB", 0x40, 0, 0, 0, 1) + struct.pack("<BBB", 0, 1, 0) + struct.pack("<BB", 0, 4)
    body += struct.pack("<BBBHB", 0x41, 0, 0, 20, 3) + fields
    for s in range(seconds):
        body += struct.pack("<BIIH", 1, 1000 + s, 300 * s, 3000)
    session = ((253, 4, 0x86), (2, 4, 0x86), (5, 1, 0), (7, 4, 0x86), (8, 4, 0x86), (9, 4, 0x86))
    body += struct.pack("<BBBHB", 0x42, 0, 0, 18, len(session)) + b"".join(struct.pack("<BBB", *f) for f in session)
    body += struct.pack("<BIIBIII", 2, 1000 + seconds, 1000, 1, 1000 * seconds, 1000 * seconds, 300 * seconds)
    head = struct.pack("<BBHI4s", 14, 0x10, 2132, len(body), b".FIT")
    whole = head + struct.pack("<H", _crc(head)) + body
    return whole + struct.pack("<H", _crc(whole))


def _crc(data: bytes) -> int:
    table = (0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401,
             0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400)  # fmt: skip
    crc = 0
    for byte in data:
        for part in (byte & 15, byte >> 4):
            crc = (crc >> 4) ^ table[crc & 15] ^ table[part]
    return crc


# ---- Ctrl-C ----


def keys(monkeypatch: pytest.MonkeyPatch, *typed: str) -> None:
    """What the runner types; Ctrl-C after the last."""
    waiting = list(typed)

    def prompt(*args: Any, **kwargs: Any) -> str:
        if not waiting:
            raise click.Abort
        return waiting.pop(0)

    monkeypatch.setattr(click, "prompt", prompt)


@pytest.mark.parametrize("typed", [(), ("c",), ("c", "0:10:00"), ("c", "0:10:00", "l", "c")])
def test_ctrl_c_in_the_questions_stores_no_half_answer_and_says_so(
    typed: tuple[str, ...], path: Path, charley: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = made_run(0, 3600)
    journal.add_run(path, run, read_by="1")
    keys(monkeypatch, *typed)
    code, out, err = charley("log")
    assert code == 130
    assert "no answer was stored" in err
    assert "logged" not in out
    report = journal.get_report(path, run.run_id)
    assert report.history == ()
    assert len(report.prompts) == 1  # asked, no answer: as the line says
    assert "asked, no answer" in err


def test_ctrl_c_among_suggested_stops_says_how_many_are_stored(
    path: Path, charley: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [made_run(n, 3600) for n in range(3)]
    for run in runs:
        journal.add_run(path, run, read_by="1")
    stop = SuggestedStop(3000.0, 9000.0, "sudden_stop", 60.0, 170.0, note("stopped-dead", within_s=10.0))
    rows = [(journal.get_run_row(path, r.run_id), stop) for r in runs]
    monkeypatch.setattr(journal, "suggested_stops", lambda _: rows)
    keys(monkeypatch, "n", "y", "l", "y")
    code, out, err = charley("log", "--suggested")
    assert code == 130
    assert "2 answers are stored; this one is not" in err
    assert out.count("To take it back") == 2
    events = [journal.get_report(path, r.run_id).history for r in runs]
    assert [len(e) for e in events] == [1, 1, 0]


# ---- slips ----


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["log", "cramp", "--at", "90km"], "at-outside"),
        (["log", "cramp", "--at", "5:00:00"], "at-outside"),
        (["log", "cramp", "--at", "0:50:00-3:00:00"], "at-outside"),
        (["log", "cramp", "--at", "somewhere"], "at-form"),
        (["log", "cramp", "--at", "0:10:00", "--after", "0-1h"], "journal-contradiction"),
        (["log", "cramp", "--date", "2199-01-01"], "journal-date"),
        (["log", "cramp", "--date", "1989-12-31"], "journal-date"),
        (["log", "cramp", "--date", "31.12.2025"], "journal-date"),
        (["log", "weight", "--before", "7kg"], "journal-value"),
        (["log", "drink", "500l"], "journal-value"),
        (["log", "none", "--run", "beef"], "journal-unknown-run"),
        (["log", "undo", "77"], "journal-unknown-answer"),
        (["runs", "show", "2025-01-01"], "journal-unknown-run"),
    ],
)
def test_a_slip_is_one_line_with_its_code_and_changes_nothing(
    words: list[str], code: str, path: Path, charley: Call
) -> None:
    journal.add_run(path, made_run(0, 3600), read_by="1")
    before = journal.data_sha256(path)
    status, _, err = charley(*words)
    assert status == 2
    assert f"[{code}]" in err
    assert journal.data_sha256(path) == before


def test_answers_that_contradict_each_other_the_latest_holds_and_it_is_said(path: Path, charley: Call) -> None:
    run = made_run(0, 3600)
    journal.add_run(path, run, read_by="1")
    charley("log", "cramp", "--at", "0:50:00")
    _, out, _ = charley("log", "none")
    assert "note: " in out
    assert journal.get_report(path, run.run_id).cramps == ()
    _, out, _ = charley("log", "cramp", "--at", "0:40:00")
    assert "note: " in out
    assert len(journal.get_report(path, run.run_id).cramps) == 1
    assert len(journal.get_report(path, run.run_id).history) == 3


def test_a_journal_of_a_newer_version_a_locked_and_a_damaged_one(path: Path, charley: Call) -> None:
    journal.add_run(path, made_run(0, 3600), read_by="1")
    for words in (["why"], ["log", "none"], ["try"], ["runs"]):
        with closing(sqlite3.connect(path)) as db, db:
            kept = db.execute("PRAGMA user_version").fetchone()[0]
            db.execute("PRAGMA user_version = 99")
        code, _, err = charley(*words)
        assert (code, "[journal-newer]" in err) == (5, True), words
        with closing(sqlite3.connect(path)) as db, db:
            db.execute(f"PRAGMA user_version = {kept}")
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * 3000 + whole[3100:])
    for words in (["why"], ["log", "none"], ["runs"]):
        code, _, err = charley(*words)
        assert code == 5, words
        assert "[journal-" in err


def test_forty_cramps_in_one_run(path: Path) -> None:
    """All are kept; one of them comes first, the others raise the hazard after it; the answer is finite."""
    run = world.run_of(8, cramped=True)
    journal.add_run(path, run, read_by="1")
    journal.log_about(path, run=run.run_id, effort="race")
    for n in range(40):
        at_s = 600.0 + 100.0 * n
        journal.log_event(path, "cramp", run=run.run_id, place=Cramp(at_s, at_s, at_s))
    answer = history.why(path)
    assert answer.n_cramps == 40
    assert answer.journal is not None
    assert len(answer.journal.cramps) == 1  # runs that cramped, each with its first
    assert answer.journal.verdict == "cannot_tell"
    assert answer.cramp is not None
    assert answer.cramp.at_s == 600.0
    assert 0 < answer.chance.low <= answer.chance.mean <= answer.chance.high <= 1
    assert all(np.isfinite([d.share.mean, d.share.low, d.share.high]).all() for d in answer.drivers)


def test_two_thousand_runs_are_gathered(path: Path) -> None:
    """Six years of a run a day: the list, the reports and the plan of what is computed, without reading a channel."""
    from charley.answers.history.plan import Career, plan
    from charley.journal import runs
    from charley.journal.history import everything
    from charley.journal.store import open_store

    run = made_run(0, 60)
    with open_store(path, create=True) as store, store.writing() as db:
        made = runs.prepare(run)
        runs.add(store, made, "1", datetime.now(UTC))
        columns = [c for (_, c, *_) in db.execute("PRAGMA table_info(run)") if c not in ("run_id", "started_unix_s")]
        for n in range(1, 2000):
            db.execute(
                f"INSERT INTO run (run_id, started_unix_s, {', '.join(columns)}) SELECT printf('%064x', ?1), "
                f"started_unix_s - 86400.0 * ?1, {', '.join(columns)} FROM run WHERE run_id = ?2",
                (n, run.run_id),
            )
    told = everything(path)
    assert len(told.runs) == 2000
    planned = plan(Career(told.runner, told.runs))
    assert len({p.key for p in planned}) == 2000
    assert planned[-1].runner.longest_run_30d_m == pytest.approx(run.distance_m)
