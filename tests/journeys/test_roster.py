"""A coach's squad: each runner answered as `charley why` answers, whoever does the work, and no word of theirs shown.

Oracle: the answer over the same journal by itself; what was typed into the journals; the order on the page.
"""

from __future__ import annotations

import json
import pickle
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from career_world import fill
from charley.answers.history.carried import Answered
from charley.answers.history.kept import pack_answer
from charley.api import history
from charley.api import journal as journals
from charley.api import roster as api
from charley.faces.cli.main import run as cli
from charley.parallel.tasks import Task, ThisProcess
from charley.vocabulary.roster import Roster
from cluster_world import cluster as cluster
from cluster_world import free_port

SECRET = "Tell the coach nothing of my new job"
CHARLEY = [sys.executable, "-m", "charley", "roster"]


@pytest.fixture(scope="module")
def squad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Journals of three runners: a race that cramped, one that did not, and one of whom nothing is known."""
    folder = tmp_path_factory.mktemp("squad")
    fill(folder / "Anna" / "journal.sqlite", 9, cramped=(8,))
    fill(folder / "Ben <b>" / "journal.sqlite", 1)
    fill(folder / "carla.sqlite", 2, answered=False)
    journals.log_event(folder / "Anna" / "journal.sqlite", "twitch", run="last", phase="night", note=SECRET)
    return folder


@pytest.fixture
def copied(squad: Path, tmp_path: Path) -> Path:
    return shutil.copytree(squad, tmp_path / "squad")


def runner(folder: Path, name: str) -> Path:
    return folder / name / "journal.sqlite"


class Sent(ThisProcess):
    """What is asked and answered goes through bytes, as between machines; the last comes first, all of it twice."""

    def run(self, tasks: Iterator[Task[Answered]]) -> Iterator[Answered]:
        done = []
        for task in tasks:
            content = pickle.dumps(task.arguments)
            assert SECRET.encode() not in content
            done.append(pickle.dumps(Task(task.function, pickle.loads(content)).done()))
        yield from (pickle.loads(content) for content in [*done[::-1], *done])


@pytest.fixture(scope="module")
def answered(squad: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Roster]:
    """The same journals with their answers in them, and what was found."""
    folder = shutil.copytree(squad, tmp_path_factory.mktemp("answered") / "squad")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("charley.parallel.processes.workers_of", lambda _: Sent())
        return folder, api.learn_squad([folder])


def test_a_carried_journal_is_answered_as_by_itself(answered: tuple[Path, Roster], squad: Path) -> None:
    folder, found = answered
    assert [row.name for row in found.rows] == ["Anna", "Ben <b>", "carla"]
    assert found.kept == 0
    anna = runner(folder, "Anna")
    kept = history.kept_answer(anna, journals.data_sha256(anna), 1)
    by_itself = history.why(runner(squad, "Anna"))
    assert kept is not None
    assert pack_answer(kept) == pack_answer(replace(by_itself, for_you=()))
    assert found.rows[0].found == api.one_runner(by_itself)
    assert len(journals.list_forecasts(anna)) == 1
    again = api.learn_squad([folder])
    assert again.rows == found.rows
    assert again.kept == 3


def test_the_page_says_what_to_ask_and_nothing_that_was_typed(
    answered: tuple[Path, Roster], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copied = shutil.copytree(answered[0], tmp_path / "squad")
    page, bad = tmp_path / "squad.html", copied / "Dora"
    bad.mkdir()
    (bad / "journal.sqlite").write_text("no journal")
    (copied / "shopping.txt").write_text("milk")
    assert cli(["roster", str(copied), "--html", str(page)]) == 4, "done, but not for all of them"
    said, html = capsys.readouterr().out, page.read_text()
    assert page.stat().st_mode & 0o077 == 0
    for text in (said, html):
        assert SECRET not in text
        assert "career-" not in text
        assert str(tmp_path) not in text
        assert "journal-damaged" in text
        flat = " ".join(unescape(text).split())
        verdict = "None of these 3 logs can tell yet why its runner cramps."
        assert flat.index("get medical care now") < flat.index(verdict) < flat.index("Can't tell yet, from 1 cramp")
        for asked in ("Ask how many of their last ten long races brought a cramp", "2 runs have no answer"):
            assert asked in flat
    assert "Ben &lt;b&gt;" in html
    assert "<script" not in html
    assert cli(["roster", str(copied), "--json"]) == 4
    found = json.loads(capsys.readouterr().out)
    assert [r["name"] for r in found["runners"]] == ["Anna", "Ben <b>", "Dora", "carla"]
    assert found["runners"][2]["trouble"]["code"] == "journal-damaged"
    assert found["runners"][0]["n_cramps"] == 1
    assert found["kept"] == 3


def test_too_few_to_learn_together_is_one_line_and_loses_nothing(
    answered: tuple[Path, Roster], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "find_spec", lambda name: None)
    assert cli(["roster", str(answered[0]), "--together"]) == 2
    assert "[roster-extra]" in capsys.readouterr().err
    monkeypatch.setattr(api, "find_spec", lambda name: name)
    assert cli(["roster", str(answered[0]), "--together"]) == 2
    said = capsys.readouterr().err
    assert "[roster-few]" in said
    assert said.count("\n") == 1


def test_a_squad_is_learnt_together(answered: tuple[Path, Roster], monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numpyro", reason="the extra roster is not installed: nothing was learnt together")
    monkeypatch.setattr(api, "LEAST_TOGETHER", 2)
    found = api.learn_squad([answered[0]], together=True)
    assert found.shared is not None
    assert (found.shared.runners, found.shared.cramps) == (3, 1)
    assert found.shared.settled == (found.shared.r_hat <= 1.05)
    assert all((row.together is not None) == found.shared.settled for row in found.rows)
    assert [row.found for row in found.rows] == [row.found for row in answered[1].rows]


@pytest.mark.parametrize("workers", [2])
def test_several_processes_say_the_same(copied: Path, squad: Path, workers: int) -> None:
    assert api.learn_squad([copied], workers=workers).rows == api.learn_squad([squad]).rows


def test_what_is_no_squad_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    for arguments, code in (
        (["roster"], "usage-flag"),
        (["roster", str(tmp_path / "empty")], "roster-empty"),
        (["roster", str(tmp_path / "gone")], "roster-empty"),
        (["roster", "a\0b"], "roster-empty"),
    ):
        assert cli(arguments) == 2
        said = capsys.readouterr().err
        assert f"[{code}]" in said
        assert said.count("\n") == 1


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_cluster_that_loses_a_worker_says_the_same(cluster, copied: Path, squad: Path) -> None:
    address, processes = cluster
    running = subprocess.Popen([*CHARLEY, str(copied), "--scheduler", address, "--json"], stdout=subprocess.PIPE)
    _until_one_is_kept(running, copied)
    processes[1].send_signal(signal.SIGKILL)
    out, _ = running.communicate(timeout=240)
    found = json.loads(out)
    assert found["scheduler"] == "cluster"
    assert [r["name"] for r in found["runners"]] == ["Anna", "Ben <b>", "carla"]
    assert api.learn_squad([copied]).kept == 3
    assert api.learn_squad([copied]).rows == api.learn_squad([squad]).rows


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_scheduler_that_dies_leaves_what_was_worked_out(cluster, copied: Path) -> None:
    address, processes = cluster
    command = [*CHARLEY, str(copied), "--scheduler", address]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    _until_one_is_kept(running, copied)
    processes[0].send_signal(signal.SIGKILL)
    _, said = running.communicate(timeout=240)
    if running.returncode:  # it may have ended just before
        assert running.returncode == 2
        assert "[cohort-scheduler]" in said
        assert said.count("\n") == 1
    assert api.learn_squad([copied]).kept >= 1


def test_no_scheduler_is_one_line(
    copied: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="the extra cluster is not installed: no cluster was looked for")
    monkeypatch.setattr("charley.parallel.cluster.CONNECT_S", 1.0)
    assert cli(["roster", str(copied), "--scheduler", f"tcp://127.0.0.1:{free_port()}"]) == 2
    said = capsys.readouterr().err
    assert "[cohort-scheduler]" in said
    assert said.count("\n") == 1


def _until_one_is_kept(running: subprocess.Popen, folder: Path) -> None:
    deadline = time.monotonic() + 240
    while running.poll() is None and time.monotonic() < deadline:
        if any(journals.list_forecasts(j) for _, j in api.journals_in([folder])):
            return
        time.sleep(0.02)
