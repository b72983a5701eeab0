"""The pictures of docs/tour.md: the app with the made-up runner, as Chromium shows it.

    python scripts/make_tour.py [NAME ...]    a minute or two; needs Chromium (CHARLEY_CHROMIUM may name one)

It starts `charley serve --demo`, walks through the pages, and writes docs/tour/*.png, or those that are named.
Nothing is drawn by hand. Look at each: a page that says what went wrong ends it.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from chromium import CHROMIUM, FLAGS  # noqa: E402

THERE = ROOT / "docs" / "tour"
WIDE, PHONE = (1280, 900), (390, 844)
RACE = "/race?distance=marathon&goal=3:30&date={year}-04-11&name=River+Marathon&health=none"
MOST_HIGH = 1500  # px of a picture in the page
SHOTS = (
    ("first", "first", WIDE, "light"),
    ("home", "/", WIDE, "light"),
    ("why", "/why", WIDE, "light"),
    ("run", "run", WIDE, "light"),
    ("same-stretch", "/same-stretch", WIDE, "light"),
    ("race", RACE, WIDE, "light"),
    ("plan", "/plan?distance=marathon&date={year}-04-11&years=8", WIDE, "light"),
    ("ask", "/ask?q=does+a+banan+help", WIDE, "light"),
    ("lab", "/lab", WIDE, "dark"),
    ("home-phone", "/", PHONE, "dark"),
    ("cramp-now", "/cramp-now", PHONE, "light"),
)


def main(names: list[str]) -> None:
    """Start, look, write, end."""
    from datetime import datetime

    THERE.mkdir(exist_ok=True)
    year = datetime.now().year + 1
    server = subprocess.Popen(
        [sys.executable, "-m", "charley", "serve", "--demo"], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert server.stdout is not None
    address = next(m[0] for line in server.stdout if (m := re.search(r"http://\S+", line)))
    root = address.partition("/enter")[0]
    try:
        with sync_playwright() as started:
            browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for name, path, (wide, high), scheme in sorted(SHOTS, key=lambda s: s[1] == "first"):
                if names and name not in names:
                    continue
                context = browser.new_context(viewport={"width": wide, "height": high}, color_scheme=scheme)  # type: ignore[arg-type]
                page = context.new_page()
                page.goto(address)
                if path == "first":  # the last: it closes the made-up runner
                    page.get_by_role("button", name="Leave the demo").click()
                    page.wait_for_selector(".doors, .rows")
                else:
                    page.goto(root + (_run(page, root) if path == "run" else path.format(year=year)))
                _settled(page)
                if page.title().startswith("Not done"):
                    raise SystemExit(f"{name}: {page.locator('main').inner_text()}")
                height = min(page.evaluate("document.documentElement.scrollHeight"), MOST_HIGH)
                page.screenshot(
                    path=THERE / f"{name}.png", clip={"x": 0, "y": 0, "width": wide, "height": height}, full_page=True
                )
                context.close()
            browser.close()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def _run(page: Page, root: str) -> str:
    """The latest race that cramped."""
    for first in range(0, 240, 50):
        page.goto(f"{root}/runs?from={first}")
        rows = page.locator(".row", has_text="Harbour Marathon")
        if rows.count():
            return str(rows.first.get_attribute("href"))
    raise SystemExit("the made-up runner has no Harbour Marathon")


def _settled(page: Page) -> None:
    """Until nothing on the page is still being worked out."""
    while page.locator("[hx-trigger^=every]").count():
        page.wait_for_timeout(300)
    page.wait_for_timeout(200)


if __name__ == "__main__":
    main(sys.argv[1:])
