"""The runner's way through import, log, runs and data, as typed; each bad turn ends in one line and an exit code."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from charley import activities
from charley.api import journal as journals
from charley.vocabulary.answer import SuggestedStop
from charley.vocabulary.note import note
from journal_world import made_run

main = import_module("charley.faces.cli.main")  # the package has a function of that name
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def journal(tmp_path) -> Path:
    return tmp_path / "home" / "journal.sqlite"


@pytest.fixture
def charley(journal, monkeypatch, capsys) -> Call:
    def call(*arguments: object, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main.run(["--journal", str(journal), *map(str, arguments)])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return call


@pytest.fixture
def three_runs(journal) -> Path:
    for number in range(3):
        journals.add_run(journal, made_run(number, 3000), title=f"Run {number}", read_by="1")
    return journal


def _json(done: tuple[int, str, str], code: int = 0) -> dict[str, Any]:
    assert done[0] == code, done
    thing: dict[str, Any] = json.loads(done[1])
    assert set(thing["meta"]) >= {"tool", "version", "generated_at", "status"}
    return thing


def _refused(done: tuple[int, str, str], code: str, exit_code: int = 2) -> None:
    assert done[0] == exit_code, done
    assert f"[{code}]" in done[2]
    assert done[2].count("\n") == 1, "one line"


# ---- import ----


@pytest.fixture
def folder(tmp_path) -> Path:
    """What people hand over: a run, its copies, a picture, a broken file, a note."""
    there = tmp_path / "handed over"
    there.mkdir()
    run = activities.write_demo(there)
    (there / "copy").mkdir()
    (there / "copy" / "again.fit").write_bytes(run.read_bytes())
    with zipfile.ZipFile(there / "packed.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(run, "deep/run.fit")
        archive.writestr("../../evil.fit", run.read_bytes())
        archive.writestr("notes.txt", "hello")
    (there / "broken.fit").write_bytes(b"<html>log in</html>")
    (there / "photo.jpg").write_bytes(b"\xff\xd8\xff" + b"\0" * 100)
    return there


def test_import_repeat_and_list(charley, folder) -> None:
    done = _json(charley("import", folder, folder / "missing.fit", "--json"), code=4)
    assert done["meta"]["status"] == "partly"
    assert (done["imported"], done["runs"], done["duplicates"]) == (1, 1, 2)
    codes = sorted((Path(s["file"]).name, s["code"]) for s in done["skipped"])
    assert codes == [
        ("broken.fit", "file-kind"),
        ("evil.fit", "import-entry"),
        ("missing.fit", "import-missing"),
        ("notes.txt", "file-kind"),
        ("photo.jpg", "file-kind"),
    ]
    assert all(s["text"] for s in done["skipped"])
    assert done["seconds"] >= 0
    again = _json(charley("import", folder, "--json"), code=4)
    assert (again["imported"], again["duplicates"]) == (0, 3)
    (run,) = _json(charley("runs", "--json"))["runs"]
    assert run["run_id"] == done["run_ids"][0]
    assert run["demo"] is True
    assert run["state"] == "not asked"


def test_import_says_it_in_words_too(charley, folder) -> None:
    code, out, _ = charley("import", folder)
    assert code == 4
    assert "imported 1 run · 2 duplicates · 4 skipped" in out
    assert "charley log --suggested" in out
    done = charley("import", folder / "photo.jpg")
    _refused(done, "import-nothing", 3)
    assert "file-kind" in done[1]
    (folder / "empty").mkdir()
    _refused(charley("import", folder / "empty"), "import-nothing", 3)
    assert _json(charley("import", folder / "empty", "--json"), code=3)["meta"]["status"] == "nothing"
    code, out, _ = charley("import", folder / "packed.zip", "--verbose")
    assert code == 4
    assert "evil.fit" in out
    _refused(charley("import"), "usage-flag")


def test_nothing_is_written_outside_the_journal(charley, folder, tmp_path) -> None:
    charley("import", folder / "packed.zip")
    assert not list(tmp_path.rglob("evil.fit"))
    assert not (tmp_path.parent / "evil.fit").exists()


# ---- log ----


@pytest.mark.usefixtures("three_runs")
def test_every_log_verb_gives_an_id(charley) -> None:
    run = made_run(0).run_id[:8]
    calls = [
        ("cramp", "--run", run, "--at", "1.5km", "--muscle", "calf", "--side", "left", "--severity", "3"),
        ("cramp", "--run", run, "--at", "somewhere-after", "2km"),
        ("cramp", "--run", run, "--at", "40:00"),
        ("cramp", "--run", run, "--after", "0-1h", "--side", "both", "--helped", "stretch"),
        ("cramp", "--after", "night", "--date", "2026-01-06T23:30"),
        ("twitch", "--run", run, "--at", "78%"),
        ("none", "--run", made_run(1).run_id),
        ("skip",),
        ("drink", "--run", run, "500ml", "--sodium", "460"),
        ("drink", "--run", run, "--ml", "250", "--at", "1km"),
        ("weight", "--run", run, "--before", "70.2kg", "--after", "69.1kg"),
        ("weight", "154lb"),
        ("sodium", "--run", run, "500mg"),
        ("sodium", "--run", run, "--salt", "1g"),
        ("sweat-test", "--rate", "1.2", "--sodium", "45", "--temp", "20C"),
        ("shoes", "--run", run, "blue", "ones", "--drop", "4", "--new"),
        ("strength", "calf", "raise", "--sets", "3", "--reps", "15", "--load", "10kg"),
        ("health", "--condition", "kidney", "--medicine", "diuretic"),
        ("baseline", "--cramps", "3-5", "--mass", "70kg", "--height", "175cm", "--born", "1980", "--sex", "female"),
        ("about", "--run", run, "--effort", "race", "--temp", "75F", "--rh", "60%", "--unusual", "ill"),
    ]
    ids = []
    for call in calls:
        logged = _json(charley("log", *call, "--json"))
        ids += logged.get("ids", [logged["id"]])
    assert ids == list(range(1, len(ids) + 1))
    shown = _json(charley("runs", "show", run, "--json"))
    assert shown["run"]["state"] == "cramp"
    first = shown["history"][0]
    assert (first["muscle"], first["side"], first["severity"], first["from_s"]) == ("calf", "left", 3, first["at_s"])
    assert 480 < first["at_s"] < 520, "1.5 km at 3 m/s"
    undone = _json(charley("log", "undo", first["id"], "--json"))
    assert undone["id"] == ids[-1] + 1
    assert _json(charley("runs", "show", run, "--json"))["history"][0]["current"] is False


def test_the_journal_keeps_si(charley, three_runs) -> None:
    charley("log", "drink", "16floz", "--json")
    charley("log", "weight", "154lb", "--json")
    charley("log", "sodium", "--salt", "1g", "--json")
    charley("log", "about", "--temp", "75F", "--json")
    (drink,) = journals.drinks(three_runs)
    assert drink.volume_l == pytest.approx(0.473176, rel=1e-5)  # 16 US fluid ounces, by definition
    assert journals.weighings(three_runs)[0].mass_kg == pytest.approx(69.853, rel=1e-4)
    (sodium,) = journals.sodium_taken(three_runs)
    assert sodium.sodium_mmol == pytest.approx(17.11, rel=1e-3)  # 1 g of NaCl of 58.44 g/mol
    about = journals.about_run(three_runs, made_run(2).run_id)
    assert about is not None
    assert about.air_temp_c == pytest.approx(23.889, rel=1e-4)


@pytest.mark.usefixtures("three_runs")
def test_a_contradiction_is_told_and_kept(charley) -> None:
    charley("log", "none")
    code, out, _ = charley("log", "cramp", "--at", "1km")
    assert code == 0
    assert "answer-replaced" in out
    assert "nothing was deleted" in out
    code, out, _ = charley("runs", "show")
    assert "none  (withdrawn)" in out
    assert "at 5:3" in out


@pytest.mark.usefixtures("three_runs")
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("cramp --at 50km", "at-outside"),
        ("cramp --at yesterday", "at-form"),
        ("cramp --run deadbeef", "journal-unknown-run"),
        ("cramp --severity 9", "usage-flag"),
        ("cramp --muscle wing", "usage-flag"),
        ("cramp --at 1km --after night", "journal-contradiction"),
        ("cramp --after night --date 2026-13-45", "journal-date"),
        ("weight 70kg --date 2099-01-01", "journal-date"),
        ("weight", "usage-value"),
        ("weight 7kg", "journal-value"),
        ("drink", "usage-value"),
        ("drink 500ml --ml 500", "usage-value"),
        ("drink 500", "usage-value"),
        ("sodium much", "usage-value"),
        ("health", "usage-value"),
        ("undo 77", "journal-unknown-answer"),
        ("shoes", "journal-value"),
        ("--json", "usage-flag"),
        ("baseline --json", "journal-value"),
        ("dance", "usage-flag"),
    ],
)
def test_a_slip_is_one_line_and_changes_nothing(charley, journal, typed: str, code: str) -> None:
    _refused(charley("log", *typed.split()), code)
    assert journals.journal_status(journal).answers == 0


def test_a_long_run_is_answered_with_one_key(charley, three_runs) -> None:
    code, out, _ = charley("log", typed="n\n")
    assert code == 0
    assert "Run 2" in out
    report = journals.get_report(three_runs)
    assert report.state() == "none"
    assert [p.answered for p in report.prompts] == [True]
    # the next one: a cramp, with the place wrong at first
    code, out, _ = charley("log", typed="c\n99km\n1.5km\nl\nu\n3\n")
    assert code == 0
    assert "at-outside" in out
    (cramp,) = journals.get_report(three_runs, made_run(1).run_id).events
    assert (cramp.side, cramp.muscle, cramp.severity) == ("left", "upper_calf", 3)
    # asked, and went away: that is not "none"
    assert charley("log", typed="")[0] == 130
    report = journals.get_report(three_runs, made_run(0).run_id)
    assert (report.state(), report.no_cramp) == ("asked", None)
    charley("log", typed="s\n")
    code, out, _ = charley("log")
    assert "Every run of 45 minutes or more has an answer" in out


def test_suggested_stops_are_confirmed_or_not(charley, three_runs, monkeypatch) -> None:
    def detect(run):
        return [SuggestedStop(2000.0, 6000.0, "sudden_stop", 45.0, 176.0, note("neither"))]

    monkeypatch.setattr(journals, "suggested_stops", lambda path: journals.suggestions(path, detect))
    assert len(_json(charley("log", "--suggested", "--json"))["suggested"]) == 3
    code, out, _ = charley("log", "--suggested", typed="y\nl\nn\ns\n")
    assert code == 0
    assert out.count("A cramp?") == 3
    newest, middle, oldest = (journals.get_report(three_runs, made_run(n).run_id) for n in (2, 1, 0))
    assert [(e.kind, e.at_s, e.side, e.source) for e in newest.events] == [("cramp", 2000.0, "left", "suggested")]
    assert [e.kind for e in middle.events] == ["other_stop"]
    assert oldest.events == ()
    assert len(_json(charley("log", "--suggested", "--json"))["suggested"]) == 1


def test_the_questionnaire_asks(charley, journal) -> None:
    code, _, _ = charley("log", "baseline", typed="3-5\n70kg\n")
    assert code == 0
    assert journals.baseline(journal).cramped_high == 5
    assert journals.baseline(journal).body_mass_kg == 70


# ---- runs and data ----


def test_the_first_run_of_the_program_is_no_dead_end(charley, journal) -> None:
    code, out, _ = charley("runs")
    assert code == 0
    assert "charley import" in out
    assert _json(charley("runs", "--json"))["runs"] == []
    assert _json(charley("data", "status", "--json"))["exists"] is False
    assert not journal.exists()
    for verb in (("data", "backup"), ("data", "export", "x"), ("data", "reveal"), ("data", "doctor"), ("log", "none")):
        _refused(charley(*verb), "journal-missing", 5)


@pytest.mark.usefixtures("three_runs")
def test_runs_are_shown_in_the_runners_units(charley) -> None:
    code, out, _ = charley("runs", "--limit", "2", "--units", "imperial")
    assert code == 0
    assert "5.6 mi" in out
    assert "1 more: charley runs --all" in out
    assert len(charley("runs", "--all")[1].splitlines()) == 3


def test_backup_restore_export_forget(charley, three_runs, tmp_path) -> None:
    made = _json(charley("data", "backup", tmp_path / "backup", "--json"))
    assert made["rows"]["run"] == 3
    assert "read back and complete" in charley("data", "backup")[1]
    charley("log", "none")
    restored = _json(charley("data", "restore", tmp_path / "backup", "--json"))
    assert (restored["runs"], restored["answers"]) == (3, 0)
    assert "is kept: " in charley("data", "restore", tmp_path / "backup")[1]
    assert _json(charley("data", "export", tmp_path / "open", "--json"))["files"]["run.jsonl"] == 3
    _refused(charley("data", "export", tmp_path / "open"), "export-exists")
    _refused(charley("data", "restore", tmp_path / "open" / "READ_ME.txt"), "backup-bad", 5)
    status = _json(charley("data", "status", "--json"))
    assert (status["runs"], len(status["backups"])) == (3, 1)
    assert "the latest" in charley("data", "status")[1]
    assert "places" in _json(charley("data", "reveal", "--json"))["knows"]
    _refused(charley("data", "forget"), "forget-what")
    _refused(charley("data", "forget", "--all", "--demo"), "forget-what")
    _refused(charley("data", "forget", "--all", "--json"), "forget-what")
    code, _, err = charley("data", "forget", "--run", "last", typed="n\n")
    assert code == 2
    assert "nothing was changed" in err
    assert _json(charley("data", "forget", "--run", "last", "--yes", "--json"))["runs"] == 1
    code, out, _ = charley("data", "forget", "--all", "--yes")
    assert "Still there; remove them yourself" in out
    assert not three_runs.exists()


def test_the_doctor_leaves_with_5_for_what_is_lost(charley, three_runs) -> None:
    assert charley("data", "doctor")[:2] == (0, "The journal is in order.\n")
    next(Path(f"{three_runs}.streams").iterdir()).unlink()
    assert _json(charley("data", "doctor", "--json"), code=5)["meta"]["status"] == "damaged"
    code, out, _ = charley("data", "doctor", "--repair")
    assert code == 5
    assert "import that file again" in out


def test_a_journal_that_cannot_be_used_is_one_line(charley, three_runs, monkeypatch) -> None:
    other = sqlite3.connect(three_runs, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr("charley.journal.store.PATIENCE_S", 0.05)
    _refused(charley("log", "none"), "journal-locked", 5)
    other.execute("ROLLBACK")
    other.execute("PRAGMA user_version = 99")
    other.close()
    _refused(charley("runs"), "journal-newer", 5)
    _refused(charley("import", three_runs.parent), "journal-newer", 5)
    three_runs.write_bytes(b"no journal at all")
    _refused(charley("runs"), "journal-damaged", 5)
