"""A whole answer that is kept: what is read back is what was made, and nothing else is ever taken for it.

Oracle: the answer itself, and the JSON that the runner gets of it.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from charley.answers.history import kept
from charley.api import history
from charley.api import journal as journals
from charley.faces.report import render_why_json
from charley.journal import runs
from charley.journal.store import open_store
from charley.vocabulary.answer import Why
from journal_world import START, made_run
from report_journals import journal as answer_over

NOW = START + timedelta(days=300)


@pytest.mark.parametrize(("runs", "cramps"), [(3, 0), (90, 7)])
def test_an_answer_comes_back_to_the_last_digit(runs: int, cramps: int) -> None:
    answer = answer_over(runs, cramps)
    content = kept.pack_answer(answer)
    back = kept.readable_answer(content)
    assert back is not None
    assert kept.pack_answer(back) == content
    said, again = render_why_json(answer), render_why_json(back)
    assert said == {**again, "meta": said["meta"]}


def test_damaged_bytes_are_no_answer() -> None:
    content = kept.pack_answer(answer_over(3, 1))
    for damaged in (content[:-9], content[:40], b"", b"{}", content[:99] + b"\0" + content[100:]):
        assert kept.readable_answer(damaged) is None


def test_an_answer_is_named_by_all_that_it_stands_on(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {kept.name_of("a", 1, []), kept.name_of("b", 1, []), kept.name_of("a", 2, []), kept.name_of("a", 1, ["x"])}
    monkeypatch.setattr(kept, "made_by", lambda: "another Charley")
    names.add(kept.name_of("a", 1, []))
    assert len(names) == 5


def test_another_charley_is_one_of_whose_files_any_is_another(tmp_path: Path) -> None:
    def made_by() -> str:
        kept.made_by.cache_clear()
        return kept.made_by(tmp_path)

    names = [made_by()]
    for name, text in (("a.py", "1"), ("numbers.toml", "1"), ("a.py", "2\n")):
        (tmp_path / name).write_text(text)
        names.append(made_by())
    os.utime(tmp_path / "a.py", ns=(1, 1))
    names.append(made_by())
    assert len(set(names)) == 5
    (tmp_path / "a.cpython-311.pyc").write_text("made on the way")
    assert made_by() == names[-1]
    kept.made_by.cache_clear()


def with_journal(answer: Why, **changes: Any) -> Why:
    assert answer.journal is not None
    return replace(answer, journal=replace(answer.journal, **changes))


class Making:
    """A journal of one run, and how often an answer to it is made: ``answer``, whatever the journal says."""

    def __init__(self, path: Path) -> None:
        self.path, self.times, self.answer = path, 0, with_journal(answer_over(3, 1), groups=())
        with open_store(path, create=True) as store:
            runs.add_run(store, made_run(1), read_by="1", now=NOW)

    def make(self, *_: object) -> Why:
        self.times += 1
        return self.answer


@pytest.fixture
def making(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Making:
    found = Making(tmp_path / "journal.sqlite")
    monkeypatch.setattr("charley.answers.history.answer.answer", found.make)
    monkeypatch.setattr(history, "learned", lambda *_: None)
    return found


def test_an_answer_is_made_once_until_something_is_told(making: Making) -> None:
    first, again = history.why(making.path), history.why(making.path)
    assert making.times == 1
    assert kept.pack_answer(first) == kept.pack_answer(again)
    history.why(making.path, seed=2)
    assert making.times == 2
    journals.log_event(making.path, "none", run=made_run(1).run_id)
    history.why(making.path)
    assert making.times == 3
    history.why(making.path)
    assert making.times == 3


def test_an_answer_without_a_run_whose_channels_are_lost_is_made_each_time(making: Making) -> None:
    making.answer = with_journal(making.answer, skipped=("0" * 64,))
    history.why(making.path)
    history.why(making.path)
    assert making.times == 2
