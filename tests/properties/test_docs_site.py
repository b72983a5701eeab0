"""The pages as a site: every page has its place behind one of the four doors, and no link leads nowhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = sorted(path.name for path in DOCS.glob("*.md"))
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.DOTALL | re.MULTILINE)


def doors() -> dict[str, list[str]]:
    """The pages of each door of the index, by its caption."""
    blocks = re.findall(
        r"```\{toctree\}\n:caption: (.+?)\n:maxdepth: 1\n\n(.+?)\n```", (DOCS / "index.md").read_text(), re.S
    )
    return {caption: pages.split() for caption, pages in blocks}


def test_there_are_four_doors_and_every_page_is_behind_one_of_them() -> None:
    found = doors()
    assert len(found) == 4
    listed = [page for pages in found.values() for page in pages]
    assert sorted(f"{page}.md" for page in listed) == [page for page in PAGES if page != "index.md"]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_within_the_project_leads_somewhere(page) -> None:
    text = CODE.sub("", (DOCS / page).read_text(encoding="utf-8"))
    for target in LINK.findall(text):
        if target.startswith(("http:", "https:", "mailto:", "#")):
            continue
        assert (DOCS / target.partition("#")[0]).exists(), f"{page}: {target}"
