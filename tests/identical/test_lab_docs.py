"""The laboratory's pages stand in docs/ as they are made now, and the protocols of the manual work."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from charley.lab.reading import read_text
from charley.vocabulary.errors import registry

ROOT = Path(__file__).resolve().parents[2]
MANUAL = (ROOT / "docs" / "lab.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", MANUAL, re.S)


def load_maker():
    spec = importlib.util.spec_from_file_location("make_validation", ROOT / "scripts" / "make_validation.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGES = load_maker().pages()


@pytest.mark.parametrize("name", list(PAGES))
def test_a_made_page_is_current(name):
    stored = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert stored == PAGES[name], "run: python scripts/make_validation.py --pages"


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_protocols_of_the_manual_are_read(example):
    assert read_text(example, "lab.md", "lab").conditions


def test_the_manual_has_examples_and_the_first_has_ten_lines():
    assert len(EXAMPLES) >= 4
    assert len(EXAMPLES[0].strip().splitlines()) == 10


def test_every_code_of_a_protocol_stands_in_the_manual():
    codes = {c for c in registry() if c.startswith("protocol-")} - {
        "protocol-value",
        "protocol-state",
        "protocol-engine",
    }
    assert codes <= set(re.findall(r"`(protocol-[a-z]+)`", MANUAL))
