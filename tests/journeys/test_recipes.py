"""The recipes of docs/contributing.md, each followed to the letter on the made-up example that it shows.

A copy of the package is changed as the recipe's blocks say, and its `sh` lines are run on the copy.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from charley.activities.demo_run import demo_fit

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^(?P<indent> *)```(?P<kind>\w+)\n(?P<code>.*?)^(?P=indent)```$", re.M | re.S)
PLACE = re.compile(r"(?:#|--) (?P<how>new file:|in|at the end of) (?P<file>\S+)\n")


@dataclass(frozen=True)
class Step:
    """One block of a recipe: what it is, and what stands in it."""

    kind: str
    code: str


def recipe(name: str) -> list[Step]:
    """The blocks under the heading of that name."""
    found = re.search(rf"^## {name}$(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    assert found, f"no recipe {name!r}"
    return [Step(m["kind"], textwrap.dedent(m["code"])) for m in BLOCK.finditer(found[1])]


def changed(text: str, change: str) -> str:
    """A text after a change: lines with - go, lines with + come, the others must stand there, once."""
    for hunk in re.split(r"^@@\n", change, flags=re.M):
        lines = hunk.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] in " -")
        after = "".join(line[1:] for line in lines if line[0] in " +")
        assert text.count(before) == 1, f"stands {text.count(before)} times:\n{before}"
        text = text.replace(before, after)
    return text


class Copy:
    """The package and the tests' tables in a folder of their own, which a recipe may change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(ROOT / "scripts", folder / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "tests" / "journeys").mkdir(parents=True)
        shutil.copy(ROOT / "tests" / "journeys" / "advice_questions.toml", folder / "tests" / "journeys")
        (folder / "tests" / "published").mkdir()
        for name in ("advice_vignettes.toml", "test_advice_vignettes.py"):
            shutil.copy(ROOT / "tests" / "published" / name, folder / "tests" / "published")
        (folder / "tests" / "properties").mkdir()
        shutil.copy(ROOT / "tests" / "properties" / "test_activities_hostile.py", folder / "tests" / "properties")
        shutil.copy(ROOT / "pyproject.toml", folder)
        (folder / "work").mkdir()
        (folder / "work" / "run.fit").write_bytes(demo_fit())

    def follow(self, steps: list[Step]) -> list[str]:
        """Do what the blocks say, in order; what the commands print."""
        said = []
        for step in steps:
            if step.kind == "sh":
                said += [self.command(*shlex.split(line, comments=True)) for line in step.code.splitlines()]
            elif place := PLACE.match(step.code):
                self.write(place["how"], self.folder / place["file"], step.code[place.end() :])
        return said

    def write(self, how: str, file: Path, text: str) -> None:
        there = file.read_text(encoding="utf-8") if file.exists() else None
        assert (there is None) == (how == "new file:"), f"{how} {file}"
        new = {"new file:": lambda: text, "in": lambda: changed(there, text), "at the end of": lambda: f"{there}{text}"}
        file.write_text(new[how](), encoding="utf-8")

    def command(self, program: str, *words: str) -> str:
        """What a line of a shell prints, on the copy: `charley`, or one of the scripts."""
        if program == "charley":
            return self.run(*words)
        assert program == ".venv/bin/python", program
        return self.done(str(self.folder / words[0]), *words[1:])

    def run(self, *words: str) -> str:
        """What `charley` prints with these words, on the copy."""
        return self.done("-m", "charley", *words)

    def done(self, *words: str) -> str:
        done = self.python(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def python(self, *words: str) -> subprocess.CompletedProcess[str]:
        home = {"HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder / "share"), "TZ": "UTC"}
        path = os.pathsep.join((str(self.folder / "src"), str(ROOT / "tests")))  # what the tests share is not changed
        environment = {**os.environ, **home, "PYTHONPATH": path}
        environment.pop("CHARLEY_JOURNAL", None)
        command = [sys.executable, *words]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, env=environment, cwd=self.folder / "work"
        )

    def test(self, file: str, chosen: str) -> None:
        """Run the chosen tests of a file that the recipe may have changed, on the copy."""
        apart = ["-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(self.folder)]
        held = self.python("-m", "pytest", "-q", "-k", chosen, *apart, str(self.folder / "tests" / file))
        assert held.returncode == 0, held.stdout + held.stderr

    def well_formed(self) -> None:
        """The changed package keeps the form of the house."""
        checked = self.python("-m", "ruff", "check", "--no-cache", str(self.folder / "src"))
        assert checked.returncode == 0, checked.stdout
        shaped = self.python("-m", "ruff", "format", "--no-cache", "--check", str(self.folder / "src"))
        assert shaped.returncode == 0, shaped.stdout


@pytest.fixture
def copy(tmp_path) -> Copy:
    return Copy(tmp_path)


def test_a_factor(copy):
    before = json.loads(copy.run("why", "run.fit", "--draws", "20", "--json"))
    (said,) = copy.follow(recipe("A factor"))
    driver = {d["id"]: d for d in json.loads(said)["drivers"]}["short_sleep"]
    assert (driver["label"], driver["evidence_grade"]) == ("A short night before the run", "D")
    assert "A short night before the run" in copy.run(
        "why", "run.fit", "--about", "short_sleep=yes", "--draws", "20", "--full"
    )
    # who does not answer gets the answer that stood before
    after = json.loads(copy.run("why", "run.fit", "--draws", "20", "--json"))
    assert (after["chance"], after["drivers"]) == (before["chance"], before["drivers"])
    unknown = copy.python("-m", "charley", "why", "run.fit", "--about", "moon=1")
    assert "short_sleep" in unknown.stderr


def test_a_claim(copy):
    _, said = copy.follow(recipe("A claim"))
    assert "[A99]" in said
    assert "No study of cherry juice has counted cramps" in " ".join(said.split())
    asks = tomllib.loads((copy.folder / "tests" / "journeys" / "advice_questions.toml").read_text(encoding="utf-8"))
    found = json.loads(copy.run("ask", asks["asks"]["A99"], "--json"))
    assert "A99" in [answer["claim_id"] for answer in found["answers"]]
    said = copy.python("-c", "from charley.advice.plain_words import texts, findings; print([str(f) for t in texts() "
                       "if t.file == 'answers.toml' for f in findings(t)])")  # fmt: skip
    assert said.stdout.strip() == "[]"


def test_a_warning_sign(copy):
    _, shown, heard = copy.follow(recipe("A warning sign"))
    assert "Get medical care today" in shown
    assert "Get medical care today" in heard
    asked = json.loads(copy.run("help-me", "--flags", "streak", "--json"))  # by its other spelling
    assert asked["urgency"] == "urgent"
    # all but the counts of docs/safety.md, which the recipe leaves to whoever follows it
    copy.test("published/test_advice_vignettes.py", "not counts")


def test_a_watch_format(copy):
    points = [[1_700_000_000 + second, 3.0 * second] for second in range(1800)]
    made = copy.folder / "work" / "trackbook.json"
    made.write_text(json.dumps({"trackbook": points}), encoding="utf-8")
    assert "[file-kind]" in copy.python("-m", "charley", "why", "trackbook.json").stderr
    answer, imported, listed = copy.follow(recipe("A watch format"))
    run = json.loads(answer)["run"]
    assert (run["distance_m"], run["elapsed_s"], run["records"]) == (5397.0, 1799.0, 1800)
    assert imported.startswith("imported 1 run")
    assert "5.4 km" in listed
    made.write_text('{"trackbook": [[1, "x"]]}', encoding="utf-8")
    assert "[json-unreadable]" in copy.python("-m", "charley", "why", "trackbook.json").stderr
    copy.well_formed()
    copy.test("properties/test_activities_hostile.py", "kind or small_files or trackbook")


def test_a_log_entry(copy):
    copy.run("import", "run.fit")  # a journal of the format before
    steps = recipe("A log entry")
    files = list((copy.folder / "src" / "charley" / "journal" / "schema").glob("*.sql"))
    copy.follow([Step(s.kind, s.code.replace("9999", f"{len(files) + 1:04}")) for s in steps])  # "the next free number"
    copy.well_formed()
    copy.run("log", "about", "--effort", "race")  # another word does not take it back
    asked = (
        "from charley.api import journal as j; path = j.journal_path(None); row = j.list_runs(path)[0];"
        "print(j.about_run(path, row.run_id).sleep_h)"
    )
    assert copy.python("-c", asked).stdout.split() == ["6.5"]
    refused = copy.python("-m", "charley", "log", "about", "--sleep", "25")
    assert refused.returncode == 2
    assert "[journal-value]" in refused.stderr


def test_an_experiment(copy, monkeypatch, tmp_path):
    (listed,) = copy.follow(recipe("An experiment"))
    assert re.search(r"E99 .*A made-up study", listed)
    pytest.importorskip("numba", reason="the laboratory runs with Numba, the extra lab")
    # Run here: a copy of the kernel would be compiled anew, which takes a minute.
    from charley.evidence import studies, tables
    from charley.lab import reading, run

    def read(name):
        text = (copy.folder / "src" / "charley" / "evidence" / "data" / f"{name}.toml").read_text(encoding="utf-8")
        return tuple(next(v for v in tomllib.loads(text).values() if isinstance(v, list)))

    monkeypatch.setattr(tables, "table", read)
    for module in (reading, run):  # each holds the function by name; the kept table must neither be read nor filled
        monkeypatch.setattr(module, "experiments", studies.experiments.__wrapped__)
    text = (copy.folder / "src" / "charley" / "lab" / "protocols" / "E99.toml").read_text(encoding="utf-8")
    found = run.run(reading.read_text(text, "E99.toml", "E99"), subjects=1)
    assert {o.key: o.published_mean for o in found.outcomes} == {"threshold_cool": 20.0, "threshold_warm": 18.0}
    assert all(o.simulated.mean > 0 for o in found.outcomes)


def test_a_verb(copy):
    nothing, _, found = copy.follow(recipe("A verb"))
    assert nothing == "There is no run in your journal yet.\n"
    assert json.loads(found)["distance_m"] == 42_402.5  # the made-up runner's marathon
    assert "longest  The run that took you furthest." in re.sub(r" {2,}", "  ", copy.run("--help"))
    copy.well_formed()


def test_a_recipe_that_no_longer_fits_is_noticed():
    with pytest.raises(AssertionError, match="stands 0 times"):
        changed("a\nb\n", " a\n-c\n+d\n")
    with pytest.raises(AssertionError, match="stands 2 times"):
        changed("a\na\n", "-a\n+b\n")
    assert changed("a\nb\nc\n", " a\n+x\n@@\n-c\n") == "a\nx\nb\n"


def test_every_recipe_is_followed_by_a_test():
    named = re.findall(r"^## (An? .+)$", PAGE.split("# Recipes")[1], re.M)
    tests = {name.removeprefix("test_").replace("_", " ") for name in globals() if name.startswith("test_")}
    assert len(named) == 7  # as the page says at its beginning
    assert {name.lower() for name in named} <= tests
