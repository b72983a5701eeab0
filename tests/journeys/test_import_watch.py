"""`charley import --watch FOLDER`: takes what appears once it is whole, and ends when it is asked to, losing nothing.

Whole programs, without a word on how long anything takes: each step waits for what the program says.
"""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest

from charley import activities
from charley.activities.watching import PATIENCE_S, SETTLE_S, Watched, looks_whole
from charley.api import journal as verbs
from charley.journal import maintenance

main = import_module("charley.faces.cli.main")
GIVE_UP_S = 240  # nothing is said of how long it takes, but a test must end


class Watching:
    """The program as it runs, and what it says."""

    def __init__(self, journal: Path, folder: Path, **environment: str) -> None:
        command = [sys.executable, "-u", "-m", "charley", "--journal", str(journal), "import", "--watch", str(folder)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, **environment}
        )
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        self.said: list[str] = []

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def until(self, words: str) -> None:
        while True:
            try:
                self.said.append(self._lines.get(timeout=GIVE_UP_S))
            except queue.Empty:
                raise AssertionError(f"never said {words!r}: {self.said}") from None
            if words in self.said[-1]:
                return

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def run(tmp_path: Path) -> Path:
    (tmp_path / "elsewhere").mkdir()
    return activities.write_demo(tmp_path / "elsewhere")


@pytest.fixture(params=["events", "polling"])
def watching(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Watching]:
    folder = tmp_path / "downloads"
    folder.mkdir()
    environment = {}
    if request.param == "polling":  # as where the library is not installed
        (tmp_path / "without" / "watchfiles").mkdir(parents=True)
        (tmp_path / "without" / "watchfiles" / "__init__.py").write_text("raise ImportError")
        environment = {"PYTHONPATH": str(tmp_path / "without")}
    with closing(Watching(tmp_path / "journal.sqlite", folder, **environment)) as program:
        program.until("Watching")
        yield program


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_what_appears_is_imported_once_it_is_whole(
    tmp_path: Path, run: Path, watching: Watching, how: signal.Signals
) -> None:
    folder, journal = tmp_path / "downloads", tmp_path / "journal.sqlite"
    content = run.read_bytes()
    (folder / "cut.fit").write_bytes(content[: len(content) // 2])  # still being copied
    (folder / "loading.fit.crdownload").write_bytes(content)
    (folder / "free.fit").write_bytes(b"")
    (folder / "free.fit.part").write_bytes(content)
    (folder / "picture.jpg.fit").write_bytes(b"\xff\xd8\xff" + bytes(100))
    watching.until("not imported")
    assert "picture.jpg.fit" in watching.said[-1]
    assert "[file-kind]" in watching.said[-1]
    assert not journal.exists() or verbs.list_runs(journal) == ()
    (folder / "loading.fit.crdownload").rename(folder / "run.fit")
    watching.until("imported 1 run")
    assert [r.file_name for r in verbs.list_runs(journal)] == ["run.fit"]
    watching.process.send_signal(how)
    watching.until("Stopped. 1 activity imported")
    assert watching.process.wait(GIVE_UP_S) == 0
    assert [f for f in maintenance.doctor(journal) if f.code != "disk-nearly-full"] == []


def test_a_journal_that_is_in_use_is_waited_for(tmp_path: Path, run: Path, watching: Watching) -> None:
    from charley.journal.store import hold, make_private_file

    journal = tmp_path / "journal.sqlite"
    make_private_file(journal)
    lock = hold(journal, exclusive=True)  # as a restore holds it
    assert lock is not None
    shutil.copy(run, tmp_path / "downloads")
    watching.until("[journal-in-use]")
    lock.close()
    watching.until("imported 1 run")


def test_slips_of_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, code in (
        (("--watch", tmp_path / "none"), "usage-value"), (("a.fit", "--watch", tmp_path), "usage-flag"),
        ((), "usage-flag"),
    ):  # fmt: skip
        assert main.run(["--journal", str(tmp_path / "j"), "import", *map(str, words)]) == 2
        assert f"[{code}]" in capsys.readouterr().err


# ---- when a file is whole, on a clock of our own ----


def test_a_file_is_handed_out_when_it_kept_its_form_for_a_while(tmp_path: Path) -> None:
    watched, file = Watched(tmp_path), tmp_path / "a.txt"
    file.write_text("one")
    assert watched.look(0.0) == []
    assert watched.look(SETTLE_S / 2) == []
    file.write_text("one and more")
    assert watched.look(SETTLE_S) == [], "it grew"
    assert watched.look(2 * SETTLE_S) == [file]
    assert watched.look(9 * SETTLE_S) == [], "once"
    file.write_text("another")
    watched.look(10 * SETTLE_S)
    assert watched.look(11 * SETTLE_S) == [file], "a new form is a new file"
    watched.again(file)
    watched.look(12 * SETTLE_S)
    assert watched.look(13 * SETTLE_S) == [file]


def test_a_file_that_looks_cut_gets_more_time(tmp_path: Path, run: Path) -> None:
    watched, content = Watched(tmp_path / "in"), run.read_bytes()
    file = tmp_path / "in" / "deep" / "run.fit"
    file.parent.mkdir(parents=True)
    file.write_bytes(content[:-100])
    watched.look(0.0)
    assert watched.look(10 * SETTLE_S) == []
    assert watched.look(PATIENCE_S) == [file], "a watch that died leaves a file that never ends"
    file.write_bytes(content)
    watched.look(PATIENCE_S + 1)
    assert watched.look(PATIENCE_S + 1 + SETTLE_S) == [file]


@pytest.mark.parametrize(
    ("content", "whole"),
    [
        (b"<gpx><trk></trk></gpx>\n", True),
        (b"<gpx><trk>", False),
        (b"<x:gpx xmlns:x='u'></x:GPX>", True),
        (b"<TrainingCenterDatabase></TrainingCenterDatabase>", True),
        (b"<TrainingCenterDatabase><Activities>", False),
        (b"PK\x03\x04" + bytes(40), False),
        (b"PK\x05\x06" + bytes(18), True),
        (b"\x1f\x8b" + bytes(10), True),
        ("<gpx><trk></trk></gpx>".encode("utf-16"), True),
    ],
)
def test_what_a_cut_file_looks_like(tmp_path: Path, content: bytes, whole: bool) -> None:
    (tmp_path / "file").write_bytes(content)
    assert looks_whole(tmp_path / "file") is whole


def test_links_and_hidden_files_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.txt").write_text("x")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    (folder / "a.txt").symlink_to(tmp_path / "elsewhere" / "a.txt")
    (folder / ".a.fit.x7Gh2").write_text("as rsync writes")
    (folder / "run.download").mkdir()
    (folder / "run.download" / "run.fit").write_text("as a browser writes")
    watched = Watched(folder)
    watched.look(0.0)
    assert watched.look(PATIENCE_S) == []
    shutil.rmtree(folder)
    assert watched.look(PATIENCE_S) == [], "a folder that is gone holds nothing, and may come back"
