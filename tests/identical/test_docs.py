"""The pages made from the code stand in docs/ as the code makes them now."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from charley.vocabulary.errors import registry

ROOT = Path(__file__).resolve().parents[2]


def load_maker():
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "scripts" / "make_docs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAKER = load_maker()


@pytest.mark.parametrize("name", list(MAKER.PAGES))
def test_a_made_page_is_current(name):
    made = MAKER.PAGES[name]()
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == made, "run: python scripts/make_docs.py"


def raised_codes() -> set[str]:
    """Codes that the source names where it raises or warns."""
    # A code may also be handed on as a constant, so any quoted word that is a code counts.
    text = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "src").rglob("*.py"))
    return set(re.findall(r"[\"']([a-z]+(?:-[a-z0-9]+)*)[\"']", text))


def test_every_code_of_the_registry_is_used_and_every_code_used_is_registered():
    used = raised_codes()
    unused = set(registry()) - used
    assert not unused, f"codes that nothing raises: {sorted(unused)}"
    text = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "src").rglob("*.py"))
    called = set(re.findall(r"(?:[A-Z]\w*Error|Warned)\(\s*[\"']([a-z0-9-]+)[\"']", text))
    assert called, "the pattern finds no raise at all"
    assert called <= set(registry()), f"codes without an entry: {sorted(called - set(registry()))}"


NUMBER = re.compile(r"\d+(?:[.:]\d+)*")


def numbers(text: str) -> list[float]:
    return [float(n.split(":")[-1]) if n.count(".") < 2 else 0.0 for n in NUMBER.findall(text)]


def test_the_readme_shows_what_the_demo_prints():
    # Words to the letter; figures within a few in 100, since another processor may round a chain of draws otherwise.
    shown, made = (ROOT / "README.md").read_text(encoding="utf-8"), MAKER.readme()
    words = [re.sub(r"[\d−.:━─●\s]+", " ", text) for text in (shown, made)]
    assert words[0] == words[1], "run: python scripts/make_docs.py"
    for there, now in zip(numbers(shown), numbers(made), strict=True):
        assert now == pytest.approx(there, rel=0.15, abs=3.0)


def test_every_verb_stands_in_the_readme_and_every_page_that_it_names_exists():
    from charley.faces.cli.main import VERBS

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"`charley {verb}`" in readme for verb in VERBS)
    for page in re.findall(r"\]\((docs/[\w.]+)\)", readme):
        assert (ROOT / page).exists(), page
