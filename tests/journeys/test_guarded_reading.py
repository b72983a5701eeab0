"""A file that hangs, eats memory or crashes its reader costs that file only, in `why FILE` as in an import.

That a reader was ended from outside is not held against the file."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from charley.api import one_run
from charley.journal import guard
from charley.journal.guard import Guarded
from charley.journal.importing import import_runs
from charley.vocabulary.errors import RunFileError
from journal_world import file_of, found, reader

main = import_module("charley.faces.cli.main")
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


def code(work: Callable[[], object], **limits: int) -> str:
    with Guarded(work, "a.fit", **limits) as guarded, pytest.raises(RunFileError) as caught:
        guarded.result()
    assert str(caught.value).startswith("a.fit: ")
    return caught.value.code


def spin() -> None:
    while True:
        pass


def eat() -> bytes:
    return b"x" * (2 * guard.MEMORY_BYTES)


def refuse() -> None:
    raise RunFileError("file-empty", "the file holds no bytes", "a.fit")


def test_what_comes_of_each_way_to_end() -> None:
    with Guarded(lambda: [1.5, "two"], "a.fit") as guarded:
        assert guarded.result() == [1.5, "two"]
    assert code(refuse) == "file-empty"
    assert code(lambda: 1 / 0) == "import-killed"
    assert code(lambda: os._exit(7)) == "import-killed"
    assert code(lambda: os.kill(os.getpid(), signal.SIGTERM)) == "import-killed"
    assert code(lambda: os.kill(os.getpid(), signal.SIGKILL)) == "import-stopped"
    assert code(eat) == "file-limits"
    assert code(spin, cpu_seconds=1) == "file-slow"


def test_a_file_that_only_waits_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "WALL_SECONDS", 0.2)
    assert code(lambda: signal.pause()) == "file-slow"


def test_one_that_was_ended_from_outside_is_read_again(tmp_path: Path) -> None:
    counter = tmp_path / "counter"

    def killed_once() -> str:
        if not counter.exists():
            counter.write_text("1")
            os.kill(os.getpid(), signal.SIGKILL)
        return "read"

    with Guarded(killed_once, "a.fit") as guarded:
        assert guarded.result() == "read"


def test_work_that_nobody_waits_for_is_ended() -> None:
    with Guarded(spin, "a.fit") as guarded:
        child = guarded._child
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_why_reads_a_file_in_a_process_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from charley import activities

    file = one_run.write_demo(tmp_path)
    assert main.run(["why", str(file), "--draws", "20"]) == 0
    alone = capsys.readouterr().out
    with monkeypatch.context() as broken:
        broken.setattr(activities, "read", lambda path: os._exit(9))
        assert main.run(["why", str(file), "--draws", "20"]) == 3
        assert "[import-killed]" in capsys.readouterr().err
    again = one_run.why(file, draws=20)
    assert one_run.why(file, draws=20, guarded=True).chance == again.chance
    assert alone


@pytest.mark.parametrize(("times", "imported"), [(1, 1), (2, 0)])
def test_an_import_reads_again_what_was_ended_from_outside(tmp_path: Path, times: int, imported: int) -> None:
    path = tmp_path / "journal.sqlite"
    files = found(file_of(0, do="killed", counter=str(tmp_path / "counter"), times=times), file_of(1))
    first = import_runs(path, files, reader, read_by="1", workers=1)
    assert first.imported == 1 + imported
    assert [s.code for s in first.skipped] == ["import-stopped"] * (1 - imported)
    second = import_runs(path, files, reader, read_by="1", workers=1)
    assert (second.imported, second.skipped) == (1 - imported, ()), "and by the next import all the same"


def test_a_lack_of_memory_is_not_held_against_the_file(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    assert [s.code for s in import_runs(path, found(file_of(0, do="short")), reader, read_by="1").skipped] == [
        "import-stopped"
    ]
    from charley.journal.store import open_store

    with open_store(path) as store:
        assert store.db.execute("SELECT count(*) FROM source_file").fetchone()[0] == 0
