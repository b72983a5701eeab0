"""How long a run of four hours takes to its first picture in Chromium: opened anew, and with its answer there."""

from __future__ import annotations

import shutil
import statistics
import tempfile
from pathlib import Path

from benchmarks.long_run import four_hours
from benchmarks.web import Server, processor_s
from charley.api import journal as journals

BAR_S, ROUNDS = 0.3, 9
# From the start of the way to the page until the frame after the one in which a picture with a line in it was there.
DRAWN = """
const look = () => {
  const found = document.querySelector("figure svg path");
  if (!found || !found.closest("svg").getBoundingClientRect().width) return requestAnimationFrame(look);
  requestAnimationFrame(() => requestAnimationFrame(() => { window.drawn_ms = performance.now(); }));
};
requestAnimationFrame(look);
"""


def main() -> None:
    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        print("No Chromium on this machine.")
        return
    print(
        "From the start of the way to a page to the frame in which a picture stands on it; and the processor time of the "
        "server and of all processes of the browser for the whole page.\n\n"
        "| what | processor, server | processor, browser | wall, median | quickest | slowest | bar |\n"
        "| --- | --- | --- | --- | --- | --- | --- |"
    )
    with tempfile.TemporaryDirectory() as there, sync_playwright() as started:
        journal = Path(there) / "journal.sqlite"
        run = four_hours()
        journals.add_run(journal, run, read_by="0")
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        with Server(journal) as server:
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            name, _, value = server.cookie.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": f"http://{server.host}"}])
            context.add_init_script(DRAWN)
            page = context.new_page()
            page.goto(f"http://{server.host}/ask")  # style sheets and fonts, as on the way to a run

            processes = browser.new_browser_cdp_session()

            def spent() -> tuple[float, float]:
                info = processes.send("SystemInfo.getProcessInfo")["processInfo"]
                return processor_s(server.process.pid), sum(float(one["cpuTime"]) for one in info)

            def seconds(path: str) -> tuple[float, float, float]:
                before = spent()
                page.goto(f"http://{server.host}{path}")
                while page.evaluate("window.drawn_ms") is None:  # the page's policy lets nothing wait in it
                    page.wait_for_timeout(20)
                wall_s = float(page.evaluate("window.drawn_ms")) / 1000
                after = spent()
                return wall_s, after[0] - before[0], after[1] - before[1]

            anew = []
            for told in range(ROUNDS):  # each answer makes what was worked out one of a journal that has changed
                journals.log_event(journal, "none" if told % 2 else "skip", run=run.run_id, source="tap")
                anew.append(seconds("/run/last"))
            row("a run of four hours, opened: its first picture (pace)", anew)
            server.worked_out("/run/last")
            row(
                "the same with its answer there: the strip of all states", [seconds("/run/last") for _ in range(ROUNDS)]
            )
        browser.close()


def row(what: str, times_s: list[tuple[float, float, float]]) -> None:
    """A line of the table, of wall seconds and of the processor seconds of server and browser."""
    walls, served, drawn = zip(*times_s, strict=True)
    middle = " | ".join(f"{1000 * statistics.median(v):.0f} ms" for v in (served, drawn, walls))
    print(
        f"| {what} | {middle} | {1000 * min(walls):.0f} ms | {1000 * max(walls):.0f} ms | {1000 * BAR_S:.0f} ms |",
        flush=True,
    )


if __name__ == "__main__":
    main()
