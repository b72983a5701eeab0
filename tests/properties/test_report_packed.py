"""A packed page is the page: same elements, same words, same hits of the search."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charley.advice.cramp_card import cramp_card
from charley.faces.report import packed
from charley.faces.report.pictures import cramp_now

WORD = st.text("abcdest", min_size=3, max_size=9)
ROW = st.tuples(st.lists(WORD, max_size=3).map(" ".join), st.lists(WORD, max_size=6).map(" ".join))
# elements with their attributes, and words, in order, without the spaces between elements
TREE = """() => { const said = []; const walk = (node) => {
  if (node.nodeType === 3) { const text = node.textContent.trim().replace(/\\s+/g, " "); if (text) said.push(text); }
  if (node.nodeType !== 1) return;
  said.push(node.tagName + [...node.attributes].map((a) => ` ${a.name}=${a.value}`).sort().join(""));
  if (!["SCRIPT", "STYLE"].includes(node.tagName)) node.childNodes.forEach(walk);
  said.push("/" + node.tagName); };
  walk(document.documentElement); return said; }"""


def unpacked(index: str, rows: list[tuple[str, str]]) -> list[set[str]]:
    """What the script of the page reads: the same steps in another language."""
    known = [set(re.findall(rf"[a-z]{{{packed.OWN},}}", text)) for text, _ in rows]
    word = ""
    for same, rest, places in re.findall(r"(\d)([a-z]*)([A-Z+]+)", index):
        word, first = word[: int(same)] + rest, 0
        for place in places:
            if place == "+":
                first += 26
            else:
                known[first + ord(place) - ord("A")].add(word)
    return known


def meets(typed: str, known: str) -> bool:
    return (
        typed == known
        or (len(typed) > 3 and known.startswith(typed))
        or (len(known) > 3 and typed.startswith(known))
    )  # fmt: skip


@given(st.lists(ROW, max_size=80))
def test_each_word_of_a_row_still_finds_it(rows: list[tuple[str, str]]) -> None:
    known = unpacked(packed.index(rows), rows)
    for (_, words), found in zip(rows, known, strict=True):
        for word in words.split():
            assert any(meets(word, other) for other in found)


@given(st.lists(ROW, max_size=80))
def test_no_word_finds_a_row_that_has_none_that_begins_like_it(rows: list[tuple[str, str]]) -> None:
    known = unpacked(packed.index(rows), rows)
    for (text, words), found in zip(rows, known, strict=True):
        own = {word[: packed.STEM] for word in f"{text} {words}".split()}
        assert {word[: packed.STEM] for word in found} <= own


def test_a_style_sheet_loses_what_nothing_uses_and_no_more() -> None:
    sheet = "/* why */ :root {\n  --ink: #000; /* 2:1 */\n  --spare: red;\n}"
    sheet += ".a > b, .c { color: var(--ink); top: calc(1% - 2px); }"
    assert packed.style(sheet) == ":root{--ink:#000}.a > b,.c{color:var(--ink);top:calc(1% - 2px)}"


def test_a_browser_reads_the_packed_page_as_it_reads_the_other(browser: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    page = browser.new_page()
    page.set_content(cramp_now.render_page(cramp_card()))
    small = page.evaluate(TREE)
    monkeypatch.setattr(packed, "markup", lambda text: text)
    page.set_content(cramp_now.render_page(cramp_card()))
    assert page.evaluate(TREE) == small
    assert len(small) > 1000
    page.close()
