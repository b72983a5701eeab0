"""Every page of the app in every state, light and dark, on a phone and on a desk: measured, and as pictures to look at.

    python scripts/look_at_pages.py FOLDER [--state NAME ...] [--width 390] [--scheme dark]

The states: no journal; one run and nothing said of it; the made-up runner's two years with nothing said of any run; the
same with all that is said of them; and what is refused (an old token, a locked journal, a day of the past, a run that is
not there). Each page is asked until its answer stands. Prints what a browser finds by itself: texts that print over each
other, texts out of the window, sideways scroll, words under twelve pixels, breaches of axe-core's rules; also on paper and
at four times the size with scripts off. FOLDER gets a picture of each page. Needs Chromium; some minutes.
"""

from __future__ import annotations

import argparse
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from charley.activities.demo_run import demo_fit  # noqa: E402
from charley.api import demo  # noqa: E402
from charley.api import journal as journals  # noqa: E402
from charley.faces.web.app import PAGES  # noqa: E402
from chromium import CHROMIUM, FLAGS  # noqa: E402
from text_boxes import clashes, past_the_edge  # noqa: E402

HIGH = {390: 844, 1280: 900}
SCHEMES = ("light", "dark")
LONGEST_S = 600
SKIP = "To the answer"  # out of the window until it has the focus
SMALL = """() => [...document.querySelectorAll("main *, header *, footer *")].filter(e => e.checkVisibility() &&
  [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) &&
  parseFloat(getComputedStyle(e).fontSize) < 12 && !e.matches(".stamp, .sr")).map(e => e.textContent.trim().slice(0, 40))"""


def asked(state: str, run: str) -> dict[str, str]:
    """Names of pictures, and the addresses that they show."""
    year = datetime.now().year + 1
    more = {
        "race-plan": f"/race?distance=marathon&goal=3:30&date={year}-04-11&name=River+Marathon&health=none",
        "plan-weeks": f"/plan?distance=half&date={year}-04-11&years=8",
        "try-salt": "/try?change=salt",
        "try-start": "/try?change=slower-start",
        "ask-answer": "/ask?q=does+a+banan+help",
        "ask-signs": "/ask?q=my+calf+is+swollen+and+hot",
        "cramp-now": "/cramp-now",
    }
    wrong = {
        "not-there": "/nowhere",
        "no-such-run": "/run/0000000000000000",
        "a-day-of-the-past": "/plan?distance=half&date=2020-01-01",
        "no-such-goal": "/race?distance=marathon&goal=fast",
        "no-such-change": "/try?change=quinine",
        "not-asked-so": "/ask?q=zzzz+qqqq",
    }
    if state == "refused":
        return wrong
    own = {p.template: p.path.replace("{run}", run) for p in PAGES}
    return own | more


@contextmanager
def serving(journal: Path, *words: str) -> Iterator[str]:
    """The address that `charley serve` prints for a journal."""
    command = [sys.executable, "-m", "charley", "--journal", str(journal), "serve", *words]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        yield next(m[0] for line in server.stdout if (m := re.search(r"http://\S+", line)))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def journal_of(state: str, folder: Path) -> Path:
    """A journal in that state."""
    path = folder / state / "journal.sqlite"
    if state == "first":
        path.parent.mkdir()
        (path.parent / "run.fit").write_bytes(demo_fit())
        journals.import_files(path, [path.parent / "run.fit"])
    elif state in ("silent", "refused", "told"):
        demo.fill(path)
    if state == "silent":
        with closing(sqlite3.connect(path)) as db, db:
            kept = ("run", "source_file", "streams_to_remove", "other_activity", "sqlite_sequence")
            for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                if name not in kept:
                    db.execute(f'DELETE FROM "{name}"')
    return path


def settled(page: Page) -> None:
    """Until nothing on the page is still being worked out."""
    for _ in range(LONGEST_S):
        if not page.locator("[hx-trigger^=every]").count():
            break
        page.wait_for_timeout(1000)
    page.wait_for_timeout(150)


def measured(page: Page, axe: Axe) -> list[str]:
    """What a browser finds wrong by itself."""
    found = [f"axe {v['id']}: {v['nodes'][0]['html'][:160]}" for v in axe.run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("scrolls sideways")
    found += [f"under 12 px: {text}" for text in page.evaluate(SMALL)[:3]]
    for unfolded in (False, True):
        page.evaluate("all => document.querySelectorAll('details').forEach(d => d.open = all)", unfolded)
        found += [f"one over another{' unfolded' * unfolded}: {a} | {b}" for a, b in clashes(page)[:4]]
        found += [
            f"out of the window{' unfolded' * unfolded}: {text}" for text in past_the_edge(page)[:4] if text != SKIP
        ]
    return found


def look(browser: Browser, address: str, pages: dict[str, str], name: str, folder: Path, **how: Any) -> int:
    """Pictures of pages, and what is wrong with them."""
    axe, root, wrong = Axe(), address.partition("/enter")[0], 0
    context = browser.new_context(**how)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: said.append(str(e)))
    page.goto(address)
    for what, path in pages.items():
        page.goto(root + path)
        settled(page)
        page.screenshot(path=folder / f"{name}-{what}.png", full_page=True)
        found = measured(page, axe) + [f"console: {text}" for text in said if "the server responded" not in text]
        said.clear()
        wrong += len(found)
        print(f"{name} {what}: {len(found) or 'nothing'}", *found, sep="\n    ", flush=True)
    context.close()
    return wrong


def on_paper_and_large(browser: Browser, address: str, pages: dict[str, str], folder: Path) -> int:
    """On A4, wide; and at 400 %, which is a window of 320 pixels, without scripts."""
    root, wrong = address.partition("/enter")[0], 0
    for how, options in (
        ("paper", {"viewport": {"width": 1040, "height": 700}}),
        ("400%", {"viewport": {"width": 320, "height": 256}, "java_script_enabled": False}),
    ):
        context = browser.new_context(**options)
        page = context.new_page()
        page.goto(address)
        if how == "paper":
            page.emulate_media(media="print")
        for what, path in pages.items():
            page.goto(root + path)
            if how == "paper":
                settled(page)
                page.pdf(path=folder / f"paper-{what}.pdf", format="A4", landscape=True)
            else:
                while page.locator("meta[http-equiv=refresh]").count():
                    page.wait_for_timeout(1000)
            page.screenshot(path=folder / f"{how.strip('%')}-{what}.png", full_page=True)
            found = [f"one over another: {a} | {b}" for a, b in clashes(page)[:4]]
            found += [f"out of the window: {text}" for text in past_the_edge(page)[:4] if text != SKIP]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append("scrolls sideways")
            wrong += len(found)
            print(f"{how} {what}: {len(found) or 'nothing'}", *found, sep="\n    ", flush=True)
        context.close()
    return wrong


def main() -> int:
    """How much was found wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    states = ("empty", "first", "silent", "told", "refused")
    parser.add_argument("--state", nargs="*", default=[*states, "other"], choices=[*states, "other"])
    parser.add_argument("--width", nargs="*", type=int, default=[*HIGH], choices=[*HIGH])
    parser.add_argument("--scheme", nargs="*", default=[*SCHEMES], choices=SCHEMES)
    parser.add_argument("--page", nargs="*", default=[])
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    wrong = 0
    with sync_playwright() as started, tempfile.TemporaryDirectory() as there:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for state in given.state:
            journal = journal_of("told" if state == "other" else state, Path(there))
            rows = journals.list_runs(journal) if journal.exists() else ()
            run = next((r for r in rows if r.title.startswith("Harbour")), rows[0] if rows else None)
            pages = asked(state, run.run_id[:16] if run else "last")
            pages = {name: path for name, path in pages.items() if not given.page or name in given.page}
            with serving(journal) as address:
                if state == "other":
                    wrong += on_paper_and_large(browser, address, pages, given.folder)
                    continue
                for width in given.width:
                    for scheme in given.scheme:
                        size = {"width": width, "height": HIGH[width]}
                        name = f"{state}-{width}-{scheme}"
                        wrong += look(browser, address, pages, name, given.folder, viewport=size, color_scheme=scheme)
        browser.close()
    print(f"{wrong} found")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
