"""A journal, the program to be called on it, and what a refusal looks like, for tests of strangers' files."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest

from charley.api import journal as verbs
from charley.journal.digest import digest, row_counts
from charley.journal.store import open_store
from charley.vocabulary.errors import CharleyError
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


def digest_of(path: Path) -> str:
    with open_store(path) as store:
        return digest(store.db)
