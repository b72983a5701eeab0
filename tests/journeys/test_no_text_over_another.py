"""No label prints over another, on a phone or on a desk: the boxes of all texts of a page, as a browser sets them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from charley.advice.cramp_card import cramp_card
from charley.faces.report import render_why
from charley.faces.report.pictures.cramp_now import render_page
from report_cases import page as one_run
from report_journals import journal
from text_boxes import clashes, past_the_edge

ONE_RUN = (
    "marathon", "10 km", "1 km", "24 h", "only position", "somewhere after", "no cramp", "five cramps logged",
    "hostile", "bare",
)  # fmt: skip
PAGES = {f"run: {case}": lambda case=case: one_run(case) for case in ONE_RUN}
JOURNALS = ((1, 0), (1, 1), (3, 2), (18, 5), (40, 0), (40, 5), (63, 5), (63, 40), (400, 16), (2000, 40))  # runs, cramps
PAGES |= {f"journal: {n}, {c}": lambda n=n, c=c: render_why(journal(n, c), "metric") for n, c in JOURNALS}
PAGES["cramp now"] = lambda: render_page(cramp_card())
WIDTHS = (390, 1280)


@pytest.fixture(scope="module")
def opened(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder: Path = tmp_path_factory.mktemp("pages")
    tabs = {width: browser.new_page(viewport={"width": width, "height": 900}) for width in WIDTHS}

    def open_page(case: str, width: int) -> Any:
        path = folder / f"{len(case)}.html"
        path.write_text(PAGES[case](), encoding="utf-8")
        tabs[width].goto(path.as_uri())
        return tabs[width]

    yield open_page
    for tab in tabs.values():
        tab.close()


def test_two_texts_in_one_place_are_seen(browser: Any) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 400})
    page.set_content("<p>Below.</p><svg width=300 height=60><text x=10 y=30>One</text><text x=20 y=30>Two</text></svg>"
                     "<p style='margin-left:380px;white-space:nowrap'>Out of the window</p>")  # fmt: skip
    assert clashes(page) == [("One", "Two")]
    assert past_the_edge(page) == ["Out of the window"]
    page.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("case", PAGES)
def test_no_text_prints_over_another(opened: Any, case: str, width: int) -> None:
    page = opened(case, width)
    for unfolded in (False, True):
        page.evaluate("all => document.querySelectorAll('details').forEach(d => d.open = all)", unfolded)
        assert clashes(page) == []
        assert past_the_edge(page) == []


@pytest.mark.parametrize(("runs", "cramps"), [(40, 0), (63, 5)])
def test_a_journal_is_five_screens_of_a_phone(opened: Any, runs: int, cramps: int) -> None:
    """Of 844 px each, unfolded parts only; the verdict, how sure it is and the change to make stand on the first."""
    page = opened(f"journal: {runs}, {cramps}", 390)
    assert page.evaluate("document.documentElement.scrollHeight") <= 5 * 844
    assert page.evaluate("document.querySelector('#change').getBoundingClientRect().bottom") <= 844
