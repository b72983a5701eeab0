"""What a newcomer meets in the first hour, beside the answer itself: help, slips of the keyboard, the extras."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import charley
from charley.faces.cli.main import run
from charley.vocabulary.runner import RANGES

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("group", ["data", "lab"])
def test_a_group_alone_shows_its_help_and_is_no_error(capsys, group):
    assert run([group]) == 0
    said, wrong = capsys.readouterr()
    assert wrong == ""
    assert said.startswith(f"Usage: charley {group} ")
    assert "Commands:" in said


@pytest.mark.parametrize(
    ("words", "typed", "possible"),
    [
        ("--rh 150", "relative humidity 150 %", "0 to 100 %"),
        ("--mass 300kg", "body mass 300 kg", "25 to 250 kg"),
        ("--temp 120f", "air temperature 48.89 °C", "-40 to 48 °C"),
        ("--sweat-rate 9", "sweat rate 9 L/h", "0.05 to 6 L/h"),
        ("--salt 80g", "salt 80 g", "0 to 60 g"),
    ],
)
def test_an_impossible_value_is_named_as_it_was_typed(capsys, words, typed, possible):
    assert run(["why", "run.fit", *words.split()]) == 2
    told = f"charley: {words}: {typed}; possible is {possible} [usage-value] See: charley why --help\n"
    assert capsys.readouterr().err == told
    assert run(["why", "run.fit", words.replace(" ", "=")]) == 2
    assert capsys.readouterr().err == told


@pytest.mark.parametrize(
    ("words", "verb"),
    [
        ("profile --mass 300kg", "profile"),
        ("profile --best 10k=4:00", "profile"),
        ("why run.fit --draws 1", "why"),
        ("--journal {journal} why run.fit --draws 1", "why"),
        ("--journal {journal} log strength --sets 99", "log strength"),
        ("--journal {journal} log about --rh 150%", "log about"),
    ],
)
def test_a_value_that_cannot_be_sends_to_the_help_of_the_verb_that_was_called(capsys, tmp_path, words, verb):
    journal = tmp_path / "log" / "journal.sqlite"  # a folder of a verb's name must not be taken for the verb
    charley.Journal(journal).import_files([charley.write_demo(tmp_path)])
    assert run(words.format(journal=journal).split()) == 2
    assert capsys.readouterr().err.endswith(f"See: charley {verb} --help\n")
    assert run([*verb.split(), "--help"]) == 0


def test_every_limit_has_a_unit_and_a_name_that_a_runner_knows():
    for name, (low, high, unit, what) in RANGES.items():
        assert low < high, name
        assert unit, name
        assert "_" not in what, name
    with pytest.raises(charley.UsageError, match="carbohydrate of the drink 900 g/L; possible is 0 to 400 g/L"):
        charley.Intake(drink_carbohydrate_g_l=900)


def test_the_way_to_the_command_is_told_after_the_demo():
    demo = re.search(r"^demo:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert "source .venv/bin/activate" in demo[1].splitlines()[-1]


@pytest.mark.parametrize("extra", ["lab", "roster"])
def test_an_extra_is_locked_and_installed_as_the_pages_say(extra):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = (ROOT / f"requirements-{extra}.lock").read_text(encoding="utf-8")
    for wanted in (*project["dependencies"], *project["optional-dependencies"][extra]):
        name = re.match(r"[\w-]+", wanted)[0]
        assert re.search(rf"^{name}==\S+ .*\\$", locked, re.M), wanted
    assert "://" not in locked
    assert re.search(rf"^(?:.* )?{extra}\b.*:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    page = {"lab": "lab.md", "roster": "learning.md"}[extra]
    assert f"`make {extra}`" in (ROOT / "docs" / page).read_text(encoding="utf-8")
