"""What is typed, and where the output goes: a slip is one line with a code, and stores nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from charley.api import journal as verbs
from charley.journal.store import open_store
from charley.vocabulary.errors import JournalError
from stranger_world import Call, digest_of, refused
from stranger_world import charley as charley  # a fixture
from stranger_world import journal as journal  # a fixture


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
