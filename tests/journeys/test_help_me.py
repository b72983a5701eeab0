"""A cramp, now: on the command line, on the phone, and on paper."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from charley.advice import triage
from charley.advice.cramp_card import cramp_card
from charley.advice.help_me import SAID
from charley.faces.cli import help_me as verb
from charley.faces.report.pictures.cramp_now import render_card, render_page
from charley.vocabulary.errors import UsageError
from charley.vocabulary.words import words
from text_boxes import clashes

PHONE = {"width": 390, "height": 844}
NUMBERS = ("112", "911", "999", "000")
LINK = re.compile(r'href="?#([\w-]+)')


@pytest.fixture
def charley_help_me() -> Any:
    """The verb as it is typed."""

    def run(*words: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(verb.command, list(words), input=typed)

    return run


def test_without_a_word_the_warning_signs_come_before_any_stretch(charley_help_me: Any) -> None:
    shown = charley_help_me().output
    assert shown.index("In deep water") < shown.index("Is any of these true?") < shown.index("Straighten the knee")
    assert max(map(len, shown.splitlines())) <= 80
    assert len(shown.splitlines()) <= 50, "about one screen"
    found = json.loads(charley_help_me("--json").output)
    assert found["urgency"] == "not_screened"
    assert found["flags"] is None
    assert found["screen"]


def test_the_object_holds_what_the_contract_names(charley_help_me: Any) -> None:
    found = json.loads(charley_help_me("--flags", "none", "--json").output)
    assert {"tool", "version", "generated_at", "status"} <= set(found["meta"])
    assert found["urgency"] == "self_care"
    assert all(isinstance(line, str) for line in (*found["steps"], *found["why"], *found["changes"]))
    assert found["checked_by_a_clinician"] is False
    assert all(step["source_ids"] for step in found["steps_detail"] if step["why"])


@pytest.mark.parametrize(
    ("flags", "urgency"),
    [
        ("chest_pain", "emergency"),
        ("confused,vomiting", "emergency"),
        ("swelling", "urgent"),
        ("pop", "urgent"),
        ("sore_days,oestrogen", "urgent"),
        ("sore_days", "see_someone"),
        ("most_runs", "see_someone"),
        ("side_stitch", "self_care"),
        ("none", "self_care"),
    ],
)
def test_signs_on_the_command_line(charley_help_me: Any, flags: str, urgency: str) -> None:
    found = json.loads(charley_help_me("--flags", flags, "--json").output)
    assert found["urgency"] == urgency
    shown = charley_help_me("--flags", flags).output
    assert found["headline"][:30] in shown
    if urgency in ("urgent", "emergency"):
        assert "Straighten" not in shown


def test_words_in_which_no_sign_is_heard_are_one_line_that_says_where_the_names_are(charley_help_me: Any) -> None:
    refused = charley_help_me("--flags", "swollen_knee").exception
    assert isinstance(refused, UsageError)
    assert refused.exit_code == 2
    assert "help-me --signs" in str(refused)
    assert "\n" not in str(refused)


@pytest.mark.parametrize("muscle", ["calf", "thigh_front", "thigh_back", "foot", "shin"])
@pytest.mark.parametrize("place", ["land", "water", "road", "bed"])
def test_every_muscle_in_every_place_has_its_own_sentence(charley_help_me: Any, muscle: str, place: str) -> None:
    found = json.loads(charley_help_me("--flags", "none", "--muscle", muscle, "--where", place, "--json").output)
    lengthen = next(step["text"] for step in found["steps_detail"] if step["id"] == "lengthen")
    others = json.loads(charley_help_me("--flags", "none", "--json").output)
    default = next(step["text"] for step in others["steps_detail"] if step["id"] == "lengthen")
    assert (lengthen == default) == (muscle == "calf" and place in ("land", "road"))


def test_the_timer_guides_the_hold_until_it_lets_go(charley_help_me: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    shown = charley_help_me("--flags", "none", "--timer", typed="n\ny\n").output
    assert sum(slept) == 60, "two rounds of 30 s"
    assert " 30 s" in shown
    assert "Walk for 2 minutes" in shown.splitlines()[-1]
    slept.clear()
    shown = charley_help_me("--flags", "none", "--timer", typed="n\n" * 20).output
    assert sum(slept) == 600
    assert "get care today" in shown.splitlines()[-1]
    slept.clear()
    charley_help_me("--flags", "pop", "--timer")
    assert not slept, "no hold where stretching is forbidden"


def test_the_way_back_the_signs_and_the_reasons(charley_help_me: Any) -> None:
    back = charley_help_me("--after", "strain").output
    for days in ("8 days", "17 days", "25 days", "48 days"):  # Prakash 2018, abstract
        assert days in back
    assert "Stop at once" in back
    stages = json.loads(charley_help_me("--after", "cramp", "--json").output)["stages"]
    assert [stage["id"] for stage in stages] == ["today", "next-day", "first-run", "normal", "stop"]
    assert "chest_pain" in charley_help_me("--signs").output
    assert "khan-2007" in charley_help_me("--flags", "none", "--why").output


def test_nothing_heavy_is_loaded_for_help() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from charley.advice.help_me import help_me; help_me(None); from charley.advice.ask import ask;"
        "ask('salt'); print([m for m in ('numpy', 'scipy', 'jinja2', 'lxml', 'fitdecode') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# ---------------------------------------------------------------- the page and the card


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "cramp now.html"
    path.write_text(render_page(cramp_card()), encoding="utf-8")
    return path


def test_the_page_is_one_file_without_address_and_allows_one_script(page_file: Path) -> None:
    text = page_file.read_text(encoding="utf-8")
    assert len(text.encode()) <= 46_500  # of which 20 kB are words to read, each of them there once
    assert len(gzip.compress(text.encode())) <= 18_000
    assert not re.search(r"https?://|src=|@import|url\(", text)
    assert "default-src 'none'" in text
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    name = b64encode(sha256(script.encode()).digest()).decode()  # as Content Security Policy Level 3 names a script
    assert f"script-src 'sha256-{name}'" in text
    assert not re.search(r"fetch|XMLHttp|WebSocket|import|eval|innerHTML|localStorage|cookie", script)
    ids = re.findall(r'\sid="?([\w-]+)', text)
    assert len(ids) == len(set(ids))
    assert set(LINK.findall(text)) <= set(ids), "no dead end"
    shown = [part for part in re.split(r"<[^>]*>", text[text.index("<body>") : text.index("<script>")]) if part]
    assert [part for part in shown if len(part) > 100 and shown.count(part) > 1] == [], "long sentences stand once"


def test_a_served_page_posts_what_was_tapped() -> None:
    text = render_page(cramp_card(), log_action="/cramp", log_fields='<input type="hidden" name="token" value="t">')
    assert "<form method=post action=/cramp>" in text
    assert "name=side value=left" in text
    assert '<input type="hidden" name="token" value="t">'.replace('"', "") in text
    assert "<form" not in render_page(cramp_card())


def test_both_are_written_to_files(charley_help_me: Any, tmp_path: Path) -> None:
    page, card = tmp_path / "p.html", tmp_path / "c.html"
    assert charley_help_me("--page", str(page), "--card", str(card)).exit_code == 0
    assert page.read_text(encoding="utf-8") == render_page(cramp_card())
    assert card.read_text(encoding="utf-8") == render_card(cramp_card())
    refused = charley_help_me("--page", str(tmp_path / "no" / "p.html")).exception
    assert isinstance(refused, UsageError)


@pytest.fixture
def phone(browser: Any, page_file: Path) -> Iterator[Any]:
    context = browser.new_context(viewport=PHONE, java_script_enabled=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    yield page
    assert all(url.startswith("file:") for url in asked), "the page asked the network for something"
    context.close()


def seen(page: Any) -> list[str]:
    """Ids of the screens that are shown."""
    return list(page.eval_on_selector_all("main > div", "s => s.filter(x => x.offsetParent !== null).map(x => x.id)"))


def test_a_few_taps_from_none_of_these_to_walking(phone: Any) -> None:
    assert seen(phone) == ["start"]
    assert phone.locator("#start h1").inner_text().startswith("Stop.")
    for tap, screen in (
        ("None of these", "more"),
        ("None of these", "calf"),
        ("I’m holding it", "hold"),
        ("It let go", "walk"),
        ("Moving again", "log"),
    ):
        phone.get_by_text(tap, exact=True).locator("visible=true").click()
        assert seen(phone) == [screen]
    phone.get_by_role("link", name="Left calf").click()
    assert seen(phone) == ["left"]
    assert "charley log cramp" in phone.locator("#left pre").inner_text()
    assert phone.get_by_text("None of the listed warning signs was chosen").is_visible()
    assert phone.get_by_role("heading", name="Tomorrow").is_visible()


@pytest.mark.parametrize("number", range(6))
def test_each_warning_sign_leads_to_one_instruction_and_a_number_to_call(phone: Any, number: int) -> None:
    phone.locator("#start .ch a").nth(number).click()
    shown = seen(phone)
    assert len(shown) == 1
    assert shown != ["start"]
    for number_to_call in NUMBERS:
        assert phone.locator(f"a[href='tel:{number_to_call}']").is_visible()
    text = phone.locator(f"#{shown[0]}").inner_text().lower()
    assert "no stretching" in text
    phone.get_by_text("Back to the questions").locator("visible=true").click()
    assert seen(phone) == ["start"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(390, 844), (320, 568)])
def test_every_screen_fits_a_phone_and_a_thumb(
    browser: Any, page_file: Path, scheme: str, width: int, height: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=True
    )
    page = context.new_page()
    page.goto(page_file.as_uri())
    ids = page.eval_on_selector_all("main > div", "s => s.map(x => x.id)")
    for screen in ids:
        page.goto(f"{page_file.as_uri()}#{screen}")
        assert seen(page) == [screen]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{screen} runs out of the side"
        assert clashes(page) == [], screen
        if height >= 844 and screen != "signs":  # a list of all signs scrolls
            assert page.evaluate("document.documentElement.scrollHeight") <= height, f"{screen} needs scrolling"
        for box in page.locator("a.b:visible, .ch a:visible").all():
            measured = box.bounding_box()
            assert measured is not None
            assert measured["height"] >= (64 if height >= 700 else 56), screen
    context.close()


def test_it_works_with_script_turned_off(browser: Any, page_file: Path) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(page_file.as_uri())
    page.get_by_text("None of these").locator("visible=true").click()
    assert not page.locator("#find").is_visible()  # no box that does nothing
    page.get_by_text("Something else about the leg").locator("visible=true").click()
    assert page.get_by_text("One calf or leg swollen").is_visible()
    page.get_by_text("Back to the questions").locator("visible=true").click()
    for _ in range(2):
        page.get_by_text("None of these").locator("visible=true").click()
    assert page.locator("#calf h1").is_visible()
    assert not page.locator("#start h1").is_visible()
    context.close()


def test_every_sign_can_be_tapped_and_leads_to_its_own_urgency(phone: Any) -> None:
    """What is seen after each tap is what triage says of that sign alone, with nothing that it does not say."""
    start = phone.url.split("#")[0]
    phone.goto(f"{start}#signs")
    tapped = dict(phone.eval_on_selector_all("#signs .all a", "a => a.map(x => [x.textContent, x.hash])"))
    card = cramp_card()
    assert set(tapped) == {sign.text for sign in card.signs}
    assert {sign.id for sign in card.signs} == set(triage.flags())
    for sign in card.signs:
        phone.goto(start + tapped[sign.text])
        shown = " ".join(phone.locator("main").inner_text().split())
        alone = triage.triage((sign.id,))
        grave = alone.urgency in ("emergency", "urgent")
        for number in NUMBERS:
            assert phone.locator(f"a[href='tel:{number}']").is_visible() == grave, sign.id
        rule = alone.leading[0] if alone.leading else None
        for said in (*rule.do, rule.tell, rule.changes) if rule else (words("card.beside"),):
            assert said in shown, sign.id
        assert (words("urgency.see_someone") in shown) == (alone.urgency == "see_someone"), sign.id
        for what in SAID:
            assert (words(f"do_not.{what}") in shown) == (rule is not None and what in rule.forbids), (sign.id, what)
        for link in ("More signs", "Back to the questions"):
            assert phone.get_by_role("link", name=link, exact=True).count() == 1, sign.id


def test_the_call_buttons_are_reached_by_keyboard_and_named(phone: Any) -> None:
    phone.goto(phone.url.split("#")[0] + "#chest")
    names = []
    for _ in NUMBERS:
        phone.keyboard.press("Tab")
        names.append(phone.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert names == ["Call 112, Europe", "Call 911, US, Canada", "Call 999, UK", "Call 000, Australia"]


def test_the_stretch_is_only_reached_past_both_screens(phone: Any) -> None:
    links: dict[str, set[str]] = {}
    start = phone.url.split("#")[0]
    for screen in phone.eval_on_selector_all("main > div", "s => s.map(x => x.id)"):
        phone.goto(f"{start}#{screen}")
        seen_links = "a => a.filter(x => x.offsetParent !== null && x.hash).map(x => x.hash.slice(1))"
        links[screen] = set(phone.eval_on_selector_all("main a", seen_links))
    for needed in ("start", "more"):
        reached, todo = {"start"} - {needed}, [] if needed == "start" else ["start"]
        while todo:
            new = links.get(todo.pop(), set()) - reached - {needed}
            reached |= new
            todo += new
        assert not reached & {"calf", "other", "hold", "walk", "bed"}, needed
    assert "calf" in links["more"]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("my pee is dark", "Urine as dark as cola or tea, or red"),
        ("heard a pop", "A pop, a snap, or what felt like a kick to the calf or heel"),
        ("calf swollen", "One calf or leg swollen"),
        ("heart racing", "A heart that races or skips at rest"),
        ("dvt", "One calf or leg swollen"),
    ],
)
def test_the_search_finds_a_sign_in_other_words(phone: Any, typed: str, first: str) -> None:
    phone.goto(phone.url.split("#")[0] + "#signs")
    phone.fill("#find", typed)
    rows = phone.locator("#signs .all a:visible")
    top = min(rows.all(), key=lambda row: row.bounding_box()["y"])
    assert top.inner_text() == first
    assert rows.count() < 10
    phone.fill("#find", "zzzz")
    assert phone.locator("#nothing").is_visible()
    assert rows.count() == len(triage.flags())  # nothing is hidden where nothing was found


def test_the_ring_counts_down_by_itself(phone: Any) -> None:
    phone.goto(phone.url.split("#")[0] + "#hold")
    phone.wait_for_timeout(2300)
    left = int(phone.evaluate("getComputedStyle(document.querySelector('.ring')).getPropertyValue('--t')"))
    assert 25 <= left < 30


def test_the_card_prints_on_one_sheet(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "card.html"
    path.write_text(render_card(cramp_card()), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1
    page.close()
