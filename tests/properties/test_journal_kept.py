"""What can be ticked is used by an answer, or says that it is only kept."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import charley
from charley.journal import entries, runs
from charley.journal.store import open_store
from charley.vocabulary.journal import CONDITIONS, KEPT_ONLY, MEDICINES, UNUSUAL
from journal_world import made_run

PACKAGE = Path(charley.__file__).parent
READERS = [*(PACKAGE / "answers").rglob("*.py"), *(PACKAGE / "risk").rglob("*.py"), PACKAGE / "journal" / "history.py"]


def words_read() -> set[str]:
    """Every text constant of the code that makes something of what was said."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in READERS)
    constants = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str)}


def test_the_table_of_what_is_only_kept_is_that_of_the_code() -> None:
    ticked = {*UNUSUAL, *CONDITIONS, *MEDICINES}
    assert ticked - words_read() == KEPT_ONLY


@pytest.mark.parametrize("word", sorted({*UNUSUAL, *CONDITIONS, *MEDICINES}))
def test_whoever_ticks_a_word_that_nothing_uses_is_told_so(tmp_path: Path, word: str) -> None:
    with open_store(tmp_path / "journal.sqlite", create=True) as store:
        runs.add_run(store, made_run(), read_by="1")
        if word in UNUSUAL:
            logged = entries.about(store, unusual=[word])
        else:
            logged = entries.health(store, "condition" if word in CONDITIONS else "medicine", word, True)
    codes = [w.code for w in logged.warnings]
    assert codes == (["kept-only"] if word in KEPT_ONLY else [])
    assert all(word.replace("_", " ") in w.text for w in logged.warnings)


def test_new_shoes_are_kept_and_said_to_be_kept(tmp_path: Path) -> None:
    with open_store(tmp_path / "journal.sqlite", create=True) as store:
        runs.add_run(store, made_run(), read_by="1")
        new = entries.shoes(store, "these", drop_m=0.004, new=True)
        old = entries.shoes(store, "those", drop_m=0.010)
    assert "kept-only" in {w.code for w in new.warnings}
    assert "kept-only" not in {w.code for w in old.warnings}


def test_the_manual_of_the_journal_names_each() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "journal.md").read_text(encoding="utf-8")
    section = page.split("## Kept, and not used yet")[1].split("\n## ")[0]
    for word in KEPT_ONLY:
        assert f"`{word}`" in section, word
