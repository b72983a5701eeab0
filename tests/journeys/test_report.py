"""The page in a browser: it fits its window, shows one drawing of each picture, and is worked with the keyboard."""

from __future__ import annotations

import json
from itertools import combinations

import pytest

from charley.faces.report import render_why, render_why_json, render_why_text
from charley.faces.report.pictures import drivers
from charley.faces.report.strip import rows, strip
from charley.faces.report.wording import figures
from report_answers import make

CASES = {
    "marathon": {},
    "only position, somewhere after": {"heart": False, "cadence": False, "altitude": False, "cramp": "range"},
    "hostile": {"hostile": True},
    "24 h, no cramp": {"length": "24 h", "cramp": "none", "demo": True},
}
WINDOWS = [(case, width) for case in CASES for width in (1280, 390, 360)] + [("marathon", 1128), ("marathon", 768)]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The made-up runner's file, read and answered as any file is."""
    from charley.api import one_run

    return one_run.why(one_run.write_demo(tmp_path_factory.mktemp("demo")), one_run.DEMO_PLACE, draws=50)


def test_a_file_becomes_a_page_a_text_and_an_object_that_agree(demo):
    thing = json.loads(json.dumps(render_why_json(demo), allow_nan=False))
    page, text = render_why(demo), " ".join(render_why_text(demo).split())
    chance = f"{figures.chance(thing['chance']['mean'])} in 100 ("
    assert chance in text
    assert chance in page.replace("\u00a0", " ")
    for output in (page, text):
        assert "cramped at 33.4\u00a0km" in output or "cramped at 33.4 km" in output
        assert "DEMO" in output
    assert thing["run"]["demo"] is True
    assert thing["cramp"]["at_m"] == pytest.approx(33_400, abs=50)
    assert {"calf_slow_fatigue", "plasma_sodium_change_mmol_l"} <= set(thing["states"])
    assert len(page.encode()) <= 300_000


@pytest.mark.parametrize("wide", [True, False])
def test_labels_of_a_real_answer_keep_off_each_other(demo, wide):
    for picture in (strip.draw(demo, rows.build(demo, "metric"), "metric", wide), drivers.draw(demo, wide, "metric")):
        clashes = [(a.text, b.text) for a, b in combinations(picture.boxes, 2) if a.overlaps(b)]
        assert clashes == []


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    for i, (case, options) in enumerate(CASES.items()):
        path = folder / f"{i}.html"
        path.write_text(render_why(make(**options)), encoding="utf-8")
        found[case] = path.as_uri()
    return found


@pytest.fixture
def show(browser, pages):
    """Open a page in a window; whatever it asks the network for, or complains of, is kept."""
    opened = []

    def open_page(case: str, width: int, **options):
        page = browser.new_page(viewport={"width": width, "height": 900}, **options)
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(pages[case])
        opened.append(page)
        return page

    yield open_page
    for page in opened:
        page.close()


@pytest.mark.parametrize(("case", "width"), WINDOWS)
def test_the_page_fits_its_window_and_asks_the_network_for_nothing(show, pages, case, width):
    page = show(case, width)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert page.asked == [pages[case]]
    assert page.complaints == []
    # One of the two drawings of a picture, at the width at which it was drawn.
    for drawing, wanted in (("wide", 1080), ("narrow", 350)):
        for box in page.locator(f"figure > svg.{drawing}").all():
            assert box.is_visible() == ((width >= 1128) == (drawing == "wide"))
            if box.is_visible():
                assert box.bounding_box()["width"] == wanted


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("width", "wide"), [(1280, True), (390, False)])
def test_no_text_of_a_picture_is_wider_than_the_room_that_was_reckoned_for_it(show, case, width, wide):
    answer = make(**CASES[case])
    reckoned = {
        "strip": strip.draw(answer, rows.build(answer, "metric"), "metric", wide).boxes,
        "drivers": drivers.draw(answer, wide, "metric").boxes,
    }
    page = show(case, width)
    for name, boxes in reckoned.items():
        selector = f"section[aria-labelledby={name}] svg.{'wide' if wide else 'narrow'} text"
        widths = page.eval_on_selector_all(selector, "all => all.map(t => [t.textContent, t.getBBox().width])")
        assert [text for text, _ in widths] == [box.text for box in boxes]
        too_wide = [(t, w, b.x1 - b.x0) for (t, w), b in zip(widths, boxes, strict=True) if w > b.x1 - b.x0 + 1]
        assert too_wide == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_follow_the_reader(show, scheme):
    page = show("marathon", 1280, color_scheme=scheme)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(251, 249, 244)", "dark": "rgb(22, 21, 19)"}[scheme]


def test_the_keyboard_alone_opens_a_table_and_reaches_the_warning_signs(show):
    page = show("marathon", 1280)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "warning signs"
    page.keyboard.press("Enter")
    assert page.url.endswith("#warning-signs")
    page.reload()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('figure') && document.activeElement.tagName") == "SUMMARY":
            break
    table = page.locator("figure table").first
    assert not table.is_visible()
    page.keyboard.press("Enter")
    assert table.is_visible()
    page.keyboard.press("Tab")  # a table that is wider than the window can be scrolled with the keys
    assert page.evaluate("document.activeElement.className") == "scroll"


def test_an_open_table_scrolls_in_its_own_box_on_a_phone(show):
    page = show("marathon", 390)
    page.eval_on_selector_all("details", "all => all.forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_print_shows_the_wide_drawings_and_nothing_to_press(show):
    page = show("marathon", 390)
    page.emulate_media(media="print")
    assert all(s.is_visible() for s in page.locator("figure > svg.wide").all())
    assert not any(s.is_visible() for s in page.locator("figure > svg.narrow, .twin, .no-print").all())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    made = page.pdf(prefer_css_page_size=True)
    assert made.startswith(b"%PDF")


def test_text_can_be_twice_as_large(show):
    """WCAG 2.2, 1.4.4 and 1.4.10: half the window, as a zoom to 200 % gives, and no sideways scrolling."""
    page = show("marathon", 640)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
