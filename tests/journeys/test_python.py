"""What a script and a notebook do with `import charley`."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import charley
from charley.api import one_run
from charley.faces.report import render_why, render_why_json, render_why_text
from charley.vocabulary import answer as vocabulary

ROOT = Path(__file__).resolve().parents[2]
FEW = 50  # draws: these tests look at the way, not at the figures


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    return charley.write_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def answer(demo) -> charley.Why:
    return charley.why(demo, at="33.4km", draws=FEW)


def in_a_fresh_interpreter(code: str, *words: str, folder: Path | None = None) -> str:
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, cwd=folder, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


# ---- the front door ----


def test_importing_charley_loads_nothing_else():
    # 20 ms beyond the interpreter are the limit; what takes time is loading, so nothing is loaded.
    loaded = "import sys; a = set(sys.modules); import charley; print(*sorted(set(sys.modules) - a))"
    assert in_a_fresh_interpreter(loaded).split() == ["charley"]


def test_a_name_loads_what_it_needs_and_no_more():
    light = "import sys, charley; charley.Runner(mass_kg=70); charley.CharleyError; charley.__version__; "
    assert in_a_fresh_interpreter(light + "print('numpy' in sys.modules)").split() == ["False"]


def test_every_public_name_is_there_and_a_type_checker_sees_the_same():
    for name in charley.__all__:
        assert getattr(charley, name) is not None
    assert set(charley.__all__) <= set(dir(charley))
    tree = ast.parse((ROOT / "src" / "charley" / "__init__.py").read_text(encoding="utf-8"))
    seen = [alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level == 0
            and node.module != "importlib" for alias in node.names]  # fmt: skip
    assert sorted(seen) == sorted(charley.__all__)
    with pytest.raises(AttributeError, match="no attribute 'because'"):
        charley.because  # noqa: B018


def test_the_manual_names_every_name_and_every_method():
    manual = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    methods = [name for name in vars(charley.Journal) if not name.startswith("_")]
    assert len(methods) > 10
    for name in (*charley.__all__, *methods):
        assert re.search(rf"`{re.escape(name)}\b", manual), name
    for function in (charley.why, charley.read_run, charley.write_demo):
        shown, *_ = re.findall(rf"^\| `{function.__name__}\((.*?)\)`", manual, re.M)
        assert re.findall(r"\w+", shown) == list(inspect.signature(function).parameters)


USER = """
from pathlib import Path
from typing import assert_type
import charley
assert_type(charley.why("a.fit", at="33km", effort="race"), charley.Why)
assert_type(charley.Journal(Path("j")).why(), charley.Why)
assert_type(charley.read_run(Path("a.fit")).distance_m, float)
assert_type(charley.Journal().log_cramp("3km").id, int)
charley.because  # error
charley.why("a.fit", at=33)  # error
charley.why("a.fit", effort="hard")  # error
charley.Journal().log_weight(70, "often")  # error
"""


def test_a_user_of_the_package_gets_its_types(tmp_path):
    file = tmp_path / "user.py"
    file.write_text(USER, encoding="utf-8")
    checked = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(ROOT / ".mypy_cache"), str(file)]
    told = subprocess.run(checked, capture_output=True, text=True, check=False, cwd=tmp_path).stdout
    wrong = [number for number, line in enumerate(USER.splitlines(), start=1) if line.endswith("# error")]
    assert [int(n) for n in re.findall(r"^user\.py:(\d+): error", told, re.M)] == wrong, told


# ---- one run ----


def test_why_is_the_answer_of_the_api_whole(demo, answer):
    asked = one_run.why(demo, "33.4km", draws=FEW)
    assert isinstance(answer, vocabulary.Why)
    assert json.dumps(render_why_json(asked)["drivers"]) == json.dumps(answer.json()["drivers"])
    assert answer.text() == str(answer) == render_why_text(asked)
    assert answer.page("imperial") == render_why(asked, "imperial")
    assert isinstance(dataclasses.replace(answer, seed=2), charley.Why)


def test_paths_may_be_text_or_paths(demo, answer):
    assert charley.why(str(demo), "33.4km", draws=FEW).chance == answer.chance
    assert charley.read_run(str(demo)).run_id == charley.read_run(demo).run_id


def test_what_is_told_reaches_the_answer(demo, answer):
    told = charley.why(
        demo, at="33.4km", draws=FEW, effort="race", runner=charley.Runner(history=charley.CrampHistory(9, 10))
    )
    assert told.chance.mean > answer.chance.mean  # nine cramps in ten long races make the next one likelier


def test_it_says_in_a_line_what_it_is(answer):
    assert re.fullmatch(
        r"<charley\.Why of charley-demo-marathon\.fit; chance 0\.\d\d \(.*\), status '\w+'>", repr(answer)
    )


class Frame(HTMLParser):
    """The tags of what a notebook is given, and the page within."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.values: dict[str, str | None] = {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.values = dict(attrs)


def test_a_notebook_gets_the_page_in_a_frame_of_its_own(answer):
    frame = Frame(answer._repr_html_())
    assert frame.tags == ["iframe"]
    assert frame.values["srcdoc"] == answer.page()
    assert frame.values["sandbox"] in (None, "")  # nothing allowed: no script, no forms, no way out


def test_the_page_in_a_notebook_restyles_nothing_around_it(answer, browser):
    cell = "<!doctype html><style>h1{color:rgb(1,2,3)}body{margin:7px}</style><h1>Mine</h1><p>and mine</p>"
    look = "[getComputedStyle(document.querySelector('h1')).color, getComputedStyle(document.body).margin,"
    look += "getComputedStyle(document.querySelector('p')).fontFamily]"
    opened = browser.new_page(viewport={"width": 900, "height": 900})
    opened.set_content(cell)
    before = opened.evaluate(look)
    opened.set_content(cell + answer._repr_html_() + answer._repr_html_())
    assert opened.evaluate(look) == before
    inside = [frame for frame in opened.frames if frame is not opened.main_frame]
    assert len(inside) == 2
    for frame in inside:
        assert frame.locator("h1").inner_text()
        assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
    opened.close()


def test_a_notebook_without_html_gets_the_text(answer):
    class Printer:
        said = ""

        def text(self, text):
            self.said += text

    printer = Printer()
    answer._repr_pretty_(printer, False)
    assert printer.said == answer.text()


# ---- a journal ----


def test_a_journal_from_first_file_to_an_answer(tmp_path, demo):
    journal = charley.Journal(f"{tmp_path}/")
    assert journal.path == tmp_path / "journal.sqlite"
    assert journal.runs() == ()
    brought = journal.import_files(demo, workers=1)
    assert (brought.imported, brought.skipped) == (1, ())
    assert journal.import_files([str(demo)], workers=1).duplicates == 1
    (row,) = journal.runs()
    assert journal.read_run(row).run_id == row.run_id
    first = journal.log_none(row)
    second = journal.log_cramp("33.4km", side="left", severity=3)
    assert [w.code for w in second.warnings] == ["answer-replaced"]
    (cramp,) = journal.report(row).cramps
    assert (cramp.side, cramp.severity) == ("left", 3)
    assert cramp.at_s == pytest.approx(9754, abs=60)  # the story of the made-up runner: 33.4 km at 2:42:34
    journal.undo(second.id)
    assert journal.report().state() == "none"
    journal.undo(first.id)
    assert journal.report().state() == "not asked"
    journal.log_twitch("30km", note="tight")
    assert journal.report().state() == "twitch"
    journal.log_cramp("33.4km")
    assert journal.log_drink(1.2).run_id == journal.log_weight(70.2, "before").run_id == row.run_id
    assert journal.log_weight(71.0).run_id is None
    kept = journal.backup(tmp_path / "b.charley-backup")
    assert kept.path.exists()
    assert dict(kept.rows)["run"] == 1
    answer = journal.why()
    assert (answer.n_runs, answer.n_cramps) == (1, 1)
    assert "runs: 1, cramps: 1" in repr(answer)
    assert answer.journal is not None
    assert journal.track_record().made == ()


def test_a_script_without_a_main_guard_imports(tmp_path, demo):
    # A spawned reader must not run the caller's script again; before that was so, every file was lost.
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, charley\nprint('once')\n"
        "done = charley.Journal('j/').import_files(sys.argv[1])\nprint(done.imported, done.skipped)\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(script), str(demo)], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert (done.stdout, done.stderr) == ("once\n1 ()\n", "")
    assert (tmp_path / "j" / "journal.sqlite").exists()


# ---- what goes wrong ----


@pytest.mark.parametrize(
    ("wrong", "code", "kind"),
    [
        (lambda p: charley.why(p, at=33), "at-form", charley.UsageError),
        (lambda p: charley.why(p, at="33"), "at-form", charley.UsageError),
        (lambda p: charley.why(p, at="50km"), "at-outside", charley.UsageError),
        (lambda p: charley.why(p, effort="hard"), "usage-value", charley.UsageError),
        (lambda p: charley.why(p, activity=2), "usage-value", charley.UsageError),
        (lambda p: charley.read_run(p, activity=2), "usage-value", charley.UsageError),
        (lambda p: charley.Runner(mass_kg=7), "usage-value", charley.UsageError),
        (lambda p: charley.read_run("nowhere.fit"), "file-missing", charley.RunFileError),
        (lambda p: charley.Journal("nowhere/j").why(), "journal-missing", charley.JournalError),
        (lambda p: charley.Journal("nowhere/j").log_cramp("3km"), "journal-missing", charley.JournalError),
        (lambda p: charley.Journal("nowhere/j").log_cramp(3), "at-form", charley.UsageError),
    ],
)
def test_what_is_wrong_is_one_line_with_a_code_and_a_next_step(demo, wrong, code, kind):
    with pytest.raises(kind) as caught:
        wrong(demo)
    assert isinstance(caught.value, charley.CharleyError)
    assert caught.value.code == code
    assert caught.value.next_step
    assert "\n" not in str(caught.value)
