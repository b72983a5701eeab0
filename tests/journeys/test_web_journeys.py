"""Whole ways through the app in a real browser, as `charley serve` serves it; skipped in words without Chromium."""

from __future__ import annotations

import io
import re
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator

import pytest

from career_world import fill
from charley.activities.demo_run import demo_fit
from charley.api import demo
from charley.api import journal as journals

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SLOW_MS = 180_000  # of a busy machine; nothing is timed here


class Server:
    """`charley serve` on a journal, in a process of its own."""

    def __init__(self, journal, *words):
        command = [sys.executable, "-m", "charley", "--journal", str(journal), "serve", *words]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.address = next(m[0] for line in self.process.stdout if (m := re.search(r"http://\S+", line)))
        self.root = self.address.partition("/enter")[0]

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(20) == 0
        self.process.stdout.close()


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """A journal with the made-up runner in it as if they were the reader, and its server."""
    journal = tmp_path_factory.mktemp("story") / "journal.sqlite"
    demo.fill(journal)
    server = Server(journal)
    yield journal, server
    server.end()


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A newcomer's server: no journal yet."""
    journal = tmp_path_factory.mktemp("empty") / "journal.sqlite"
    server = Server(journal)
    yield journal, server
    server.end()


@pytest.fixture
def opened(browser) -> Iterator:
    """Opens pages of a server; whatever a page complains of in its console is an error."""
    rooms, said = [], []

    def open_page(server, path="/", size=WIDE, **more):
        context = browser.new_context(viewport=size, **more)
        context.set_default_timeout(SLOW_MS)
        rooms.append(context)
        page = context.new_page()
        page.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: said.append(str(e)))
        page.goto(server.address)
        page.goto(server.root + path)
        return page

    yield open_page
    for context in rooms:
        context.close()
    assert said == []


def test_a_newcomer_looks_around_and_reads_why(opened, empty):
    """Three doors; one press; what the made-up runner's calves do, marked DEMO; and back, with nothing left."""
    journal, server = empty
    page = opened(server)
    assert page.locator("h1").inner_text().startswith("Why do your calves cramp?")
    page.get_by_role("button", name="Look around").click()
    page.wait_for_selector(".stamp")
    assert "240 runs in 2 years. 8 cramped" in page.locator("main").inner_text()
    page.wait_for_selector(".three")  # the answer came while the page stood there
    page.get_by_role("link", name="Why", exact=True).first.click()
    page.wait_for_selector(".ans")
    assert page.locator(".stamp").inner_text() == "DEMO"
    page.get_by_role("button", name="Leave the demo").click()
    page.wait_for_selector(".doors")
    assert not journal.exists()


def test_an_archive_becomes_runs_and_a_stop_becomes_a_cramp(opened, tmp_path_factory):
    """The archive with a run, the same run again and a letter in it; then the stop that is offered is answered."""
    journal = tmp_path_factory.mktemp("archive") / "journal.sqlite"
    server = Server(journal)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("activities/1.fit", demo_fit())
        archive.writestr("activities/1 again.fit", demo_fit())
        archive.writestr("activities/broken.fit", demo_fit()[:60])
        archive.writestr("letter.txt", "Dear runner")
    page = opened(server, "/bring")
    page.set_input_files("#files", {"name": "export.zip", "mimeType": "application/zip", "buffer": packed.getvalue()})
    page.get_by_role("button", name="Bring them in").click()
    page.wait_for_selector("h1:has-text('1 new run')")
    said = page.locator("main").inner_text()
    assert "1 already here" in said
    assert "broken.fit" in said
    row = journals.list_runs(journal)[0]
    page.goto(f"{server.root}/run/{row.run_id[:16]}")
    page.wait_for_selector(".stops")
    page.locator(".stops").get_by_role("button", name="Cramp", exact=True).last.click()
    page.wait_for_selector("h2:has-text('What you told us')")
    (cramp,) = journals.get_report(journal, row.run_id).cramps
    assert cramp.at_s is not None
    assert not journal.with_name("journal.sqlite.incoming").exists()
    page.close()
    server.end()


def test_a_backup_goes_into_a_second_journal_and_exports_the_same_bytes(opened, tmp_path_factory):
    one = fill(tmp_path_factory.mktemp("one") / "journal.sqlite", 6, cramped=(2,))
    two = tmp_path_factory.mktemp("two") / "journal.sqlite"
    saved = tmp_path_factory.mktemp("saved") / "saved.charley-backup"
    exports = []
    for journal in (one, two):
        server = Server(journal)
        page = opened(server)
        page.wait_for_selector(".three" if journal is one else ".doors")  # an answer leaves its forecast in the journal
        page.goto(server.root + "/data")
        if journal is two:
            page.set_input_files("#backup", saved)
            page.get_by_role("button", name="Put it back").click()
            page.wait_for_selector("text=Take a copy")
        else:
            with page.expect_download() as kept:
                page.get_by_role("link", name="Save a backup").click()
            kept.value.save_as(saved)
        with page.expect_download() as kept:
            page.get_by_role("link", name="Export everything").click()
        with zipfile.ZipFile(kept.value.path()) as packed:  # its note tells the time at which it was made
            exports.append({n: packed.read(n) for n in packed.namelist() if not n.endswith("READ_ME.txt")})
        page.close()
        server.end()
    assert journals.data_sha256(one) == journals.data_sha256(two)
    assert exports[0] == exports[1]


def test_relief_is_three_taps_away_on_the_phone_without_script(opened, story):
    page = opened(story[1], "/runs", PHONE, java_script_enabled=False)
    page.get_by_role("link", name="Cramp now").click()
    page.locator("#start").get_by_role("link", name="None of these").click()
    page.locator("#more").get_by_role("link", name="None of these").click()
    assert page.locator("#calf:visible h1").count() == 1
    page.get_by_text("I’m holding it", exact=True).locator("visible=true").click()
    assert page.locator("#hold:visible [role=timer]").count() == 1


def test_with_script_off_forms_are_sent_folds_open_and_pictures_stand(opened, story):
    journal, server = story
    page = opened(server, "/ask", WIDE, java_script_enabled=False)
    page.fill("#q", "does salt help")
    page.get_by_role("button", name="Ask", exact=True).click()
    assert page.locator("#verdict").count() == 1
    row = journals.list_runs(journal)[3]
    page.goto(f"{server.root}/run/{row.run_id[:16]}")
    while not page.locator("#strip").count():  # with forms on it, it does not load itself again
        page.wait_for_timeout(1000)
        page.get_by_role("link", name="Load this page again to see it").click()
    assert page.locator("figure svg.wide").first.is_visible()
    page.locator(".twin > summary").first.click()
    assert page.locator("figure table").first.is_visible()
    page.get_by_role("button", name="No cramp in this run").click()
    assert journals.get_report(journal, row.run_id).state() == "none"


def test_the_run_can_be_walked_along_and_heard_with_the_keyboard(opened, story):
    journal, server = story
    cramped = next(r for r in journals.list_runs(journal) if r.title.startswith("Harbour"))
    page = opened(server, f"/run/{cramped.run_id[:16]}")
    page.wait_for_selector("#strip")  # the pace alone stands there until the rest is worked out
    page.wait_for_selector("figure[data-cursor][tabindex]")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('figure[data-cursor]')"):
            break
    live = page.locator("figure [aria-live]")
    page.keyboard.press("ArrowRight")
    first = live.inner_text()
    assert re.match(r"Distance, km \d", first)
    assert "Pace" in first
    page.keyboard.press("Shift+ArrowRight")
    assert live.inner_text() != first
    page.keyboard.press("End")
    assert live.inner_text().startswith("Distance, km 42")


def test_a_file_that_is_renamed_while_it_is_sent_is_said_and_nothing_is_lost(browser, tmp_path):
    """Chosen, then renamed before it is handed over: the browser can't read it, and the page says what to do."""
    (tmp_path / "run.fit").write_bytes(demo_fit())
    server = Server(tmp_path / "home" / "journal.sqlite")
    context = browser.new_context()
    page = context.new_page()
    page.goto(server.address)
    page.goto(f"{server.root}/bring")
    page.locator("#files").set_input_files(tmp_path / "run.fit")
    (tmp_path / "run.fit").rename(tmp_path / "other.fit")
    page.get_by_role("button", name="Bring them in").click()
    page.get_by_text("was one moved or renamed meanwhile?").wait_for(timeout=SLOW_MS)
    page.locator("#files").set_input_files(tmp_path / "other.fit")
    page.get_by_role("button", name="Bring them in").click()
    page.get_by_text("Next, say what happened in it").wait_for(timeout=SLOW_MS)
    context.close()
    server.end()
    assert len(journals.list_runs(tmp_path / "home" / "journal.sqlite")) == 1


RACE = "/race?distance=marathon&goal=3:30&date=2027-04-11&name=River+Marathon&health=none"
PATHS = (
    "/",
    "/stops",
    "/plan?distance=half&date=2027-04-11",
    "/try?change=salt",
    "/runs",
    "/why",
    RACE,
    "/try",
    "/ask?q=does+a+banan+help",
    "/profile",
    "/data",
    "/bring",
    "/cramp-now",
    "run",
)


def test_a_race_is_planned_and_its_files_are_taken_along(opened, story):
    """The plan, the slider on its axis, and the workout, read back by the library that others read it with."""
    import fitdecode

    journal, server = story
    before = journals.data_sha256(journal)
    page = opened(server, "/race")
    page.fill("#goal", "3:30")
    page.fill("#date", "2027-04-11")
    page.fill("#name", "River Marathon")
    page.fill("#health", "none")
    page.get_by_role("button", name="How will it go?").click()
    page.wait_for_selector("#frontier")
    page.locator("#change-number summary").click()
    assert re.search(r"\d+ → \d+ \(\d+ to \d+\)", page.locator("#change-number dd").first.inner_text())
    assert "your time" in page.locator("#change-finish").text_content()
    fan = page.locator("section[aria-labelledby=fan] figure")
    fan.focus()
    page.keyboard.press("ArrowRight")
    assert fan.locator("[aria-live]").inner_text().startswith("by 5.0 km. as usual ")
    assert fan.locator("svg.wide .cursor[visibility=visible]").count() == 1
    page.keyboard.press("End")
    assert "by 42.2 km" in fan.locator("[aria-live]").inner_text()
    page.locator("#goal-at").focus()
    page.keyboard.press("ArrowRight")
    chosen = page.locator("output").inner_text()
    page.wait_for_function(f"document.querySelector('form.slide [name=goal]').value === '{chosen}:00'")
    with page.expect_download() as kept:
        page.get_by_role("link", name="Workout for the watch").click()
    assert kept.value.suggested_filename == "2027-04-11_river-marathon_plan.fit"
    with fitdecode.FitReader(kept.value.path()) as frames:
        steps = [f for f in frames if isinstance(f, fitdecode.FitDataMessage) and f.name == "workout_step"]
    assert len(steps) >= 5
    assert journals.data_sha256(journal) == before  # nothing is kept until the reader says so


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide", "phone"])
def test_no_page_fails_a_rule_of_accessibility_or_scrolls_sideways(opened, story, empty, size, scheme):
    """axe-core's own rules; first-run states too."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed").Axe()
    journal, server = story
    run = next(r for r in journals.list_runs(journal) if r.title.startswith("Harbour")).run_id[:16]
    page = opened(server, "/", size, color_scheme=scheme)
    new = opened(empty[1], "/", size, color_scheme=scheme)
    wrong = []
    for at, root, path in [(page, server.root, p) for p in PATHS] + [
        (new, empty[1].root, p) for p in ("/", "/why", "/data")
    ]:
        at.goto(root + path.replace("run", f"/run/{run}", 1) if path == "run" else root + path)
        while at.locator("[hx-trigger^=every]").count():
            at.wait_for_timeout(200)
        found = axe.run(at).response["violations"]
        wrong += [(path, v["id"], v["nodes"][0]["html"][:200]) for v in found]
        if at.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append((path, "scrolls sideways", ""))
    assert wrong == []


def test_the_server_ends_with_nothing_left_behind(tmp_path):
    server = Server(tmp_path / "journal.sqlite", "--port", "8799")
    server.end()
    assert list(tmp_path.iterdir()) == []
