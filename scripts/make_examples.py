"""Runs the examples of the manual and puts what they print beside them: `python scripts/make_examples.py`.

In a page of ``PAGES`` every block of ``python`` is run, and of every block of ``sh`` each line that begins with
``charley``. All blocks of a page share one empty folder and one home without a journal. A block of ``text`` right after
another holds what that one printed; where there is none, nothing is shown. A test compares the pages with this.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("python.md", "first-week.md", "coach.md", "scientists.md")
BLOCK = re.compile(r"^```(?P<kind>python|sh)\n(?P<code>.*?)^```\n(?P<shown>\n```text\n.*?^```\n)?", re.M | re.S)


class ExampleFailed(Exception):
    """An example of a page that does not run as printed."""


def made(name: str) -> str:
    """The page of docs/ with the output of its examples as they print it now."""
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    names: dict[str, object] = {"__name__": "__main__"}

    def again(block: re.Match[str]) -> str:
        printed = run(block["kind"], block["code"], names, name)
        source = f"```{block['kind']}\n{block['code']}```\n"
        return f"{source}\n```text\n{printed.strip()}\n```\n" if block["shown"] else source

    with newcomer():
        return BLOCK.sub(again, page)


def run(kind: str, code: str, names: dict[str, object], page: str) -> str:
    """What one block prints; ``names`` are the variables of the page's earlier blocks."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        if kind == "python":
            exec(compile(code, page, "exec"), names)
        else:
            for line in code.splitlines():
                command(line)
    return said.getvalue()


def command(line: str) -> None:
    """Run one line of a shell, where it is ours."""
    from charley.faces.cli.main import run as charley

    words = shlex.split(line, comments=True)
    if words[:1] == ["charley"] and charley(words[1:]) != 0:
        raise ExampleFailed(line)


@contextlib.contextmanager
def newcomer() -> Iterator[None]:
    """An empty folder and a home without a journal, at Greenwich."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as home, contextlib.chdir(home):
        os.environ |= {"HOME": home, "XDG_DATA_HOME": f"{home}/share", "TZ": "UTC"}
        os.environ.pop("CHARLEY_JOURNAL", None)
        time.tzset()
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)
            time.tzset()


def main() -> None:
    """Write all pages anew."""
    for name in PAGES:
        (ROOT / "docs" / name).write_text(made(name), encoding="utf-8")


if __name__ == "__main__":
    main()
