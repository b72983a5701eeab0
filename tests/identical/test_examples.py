"""The examples of the manual run exactly as printed, and print what the pages show."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load_maker():
    spec = importlib.util.spec_from_file_location("make_examples", ROOT / "scripts" / "make_examples.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAKER = load_maker()
NUMBER = re.compile(r"\d+(?:\.\d+)?")


@pytest.mark.parametrize("name", MAKER.PAGES)
def test_the_examples_of_a_page_run_as_printed(name):
    # Words to the letter; figures within a few in 100, since another processor may round a chain of draws otherwise.
    shown, made = (ROOT / "docs" / name).read_text(encoding="utf-8"), MAKER.made(name)
    words = [NUMBER.sub("0", text) for text in (shown, made)]
    assert words[0] == words[1], "run: python scripts/make_examples.py"
    for there, now in zip(NUMBER.findall(shown), NUMBER.findall(made), strict=True):
        bound = 0.04 if "." in there and float(there) < 2 else 3.0  # a share of 1, or a chance in 100
        assert float(now) == pytest.approx(float(there), rel=0.05, abs=bound)


def test_an_example_that_fails_is_no_example(tmp_path, monkeypatch):
    # The check itself can fail: a wrong name in Python, and a command that ends with an error.
    with pytest.raises(NameError):
        MAKER.run("python", "nothing_of_that_name", {}, "page")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MAKER.ExampleFailed, match="nowhere"):
        MAKER.run("sh", "ls\ncharley why nowhere.fit --at 3km\n", {}, "page")


def test_an_output_is_put_in_the_place_of_the_old_one(tmp_path, monkeypatch):
    monkeypatch.setattr(MAKER, "ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    page = "A\n\n```python\nx = 2\nprint(x)\n```\n\n```text\nold\n```\n\nB\n\n```python\nprint(x)\n```\n\nC\n"
    (tmp_path / "docs" / "p.md").write_text(page, encoding="utf-8")
    assert MAKER.made("p.md") == page.replace("old", "2")
