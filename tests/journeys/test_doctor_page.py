"""The page for a doctor: one sheet with what was told, what was logged, and what to ask."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import career_world as world
from charley.advice.doctor import ABOUT, to_ask
from charley.advice.tables import load
from charley.advice.triage import flags, rules
from charley.api import journal as journals
from charley.faces.cli.main import cli
from charley.vocabulary.journal import CONDITIONS, MEDICINES
from text_boxes import clashes, past_the_edge

EIGHT = "swelling,dark_urine,tingling,night_cramps,new_medicine,poor_diet,sore_days,statin"  # more than anybody names


def page_of(path: Path, journal: Path, *words: str) -> str:
    done = CliRunner().invoke(cli, ["--journal", str(journal), "help-me", *words, "--report", str(path)])
    assert done.exit_code == 0, done.output
    assert f"For the doctor: {path}" in done.output
    text = re.sub(r"<style>.*?</style>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@pytest.fixture
def journal(tmp_path) -> Path:
    """Eighteen runs, two a race with a cramp in the left calf after 54 minutes; conditions and medicines told."""
    path = world.fill(tmp_path / "journal.sqlite", 18, cramped=(8, 17), side="left")
    journals.log_health_answers(path, [("condition", "kidney"), ("medicine", "statin")], True)
    journals.log_health_answers(path, [("medicine", "diuretic")], False)
    journals.log_baseline(path, body_mass_kg=70.0, height_m=1.75, birth_year=1980, sex="male")
    return path


def test_it_holds_what_happened_when_the_signs_the_runs_before_and_the_medicines(tmp_path, journal) -> None:
    said = page_of(tmp_path / "d.html", journal, "my calf is swollen since the race, no chest pain")
    for part in (
        "“my calf is swollen since the race, no chest pain”",
        "One calf or leg swollen",
        "Said not to be there: chest pain.",
        "This does not wait for an appointment. Stop running. Get medical care today.",
        "Cramps in 2 of 18 runs",
        "4 Apr 2025 Left calf, 13.3 km (54:00 min), walked.",  # the 18th run, two days apart from 1 March 2025
        "14 runs",  # days -28 to 0 of a run every two days, the later end being the cramp: 14 began before it ended
        "Medicines statin Asked, and no: diuretic.",
        "Conditions kidney Not asked: heart",
        "male, 70.0 kg, 1.75 m",
        "Has a clot in the leg been looked for?",
        "I take a statin.",
        "With what I have, may I take more salt",
    ):
        assert part in said, part
    assert "metabolic" not in said  # nothing was named that leads there


def test_without_a_journal_it_says_that_nothing_is_logged(tmp_path) -> None:
    said = page_of(tmp_path / "d.html", tmp_path / "none.sqlite", "--flags", "none")
    assert "The warning signs were gone through, and none was named." in said
    assert "No cramp is logged." in said
    assert "No run is in the journal." in said
    assert "Should sodium, potassium, calcium and magnesium" in said
    assert not (tmp_path / "none.sqlite").exists()
    assert "The warning signs were not gone through." in page_of(tmp_path / "e.html", tmp_path / "none.sqlite", "cramp")


def test_words_of_the_runner_stay_words(tmp_path, journal) -> None:
    page_of(tmp_path / "d.html", journal, "<script>alert(1)</script> my calf is swollen")
    assert "<script" not in (tmp_path / "d.html").read_text(encoding="utf-8")
    assert (tmp_path / "d.html").stat().st_mode & 0o077 == 0  # what a runner tells a doctor is nobody else's


def test_each_question_stands_on_rules_and_each_reason_is_a_name_of_ours() -> None:
    rows, known = load("doctor")["question"], {rule.id for rule in rules()}
    names = set(flags()) | set(CONDITIONS) | set(MEDICINES)
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert row["rules"], row["id"]
        assert set(row["rules"]) <= known, row["id"]
        assert set(row["needs"]) <= names, row["id"]
        assert row["group"] in ABOUT
    for about in ABOUT:  # of deficiency, medicine and condition something is always asked
        assert any(question.about == about for question in to_ask(()))
    assert {q.id for q in to_ask(["poor_diet"])} - {q.id for q in to_ask(())} == {"narrow-diet"}


@pytest.mark.parametrize("signs", ["none", EIGHT])
def test_it_prints_on_one_sheet_and_nothing_prints_over_another(
    browser: Any, tmp_path: Path, journal: Path, signs: str
) -> None:
    path = tmp_path / "d.html"
    page_of(path, journal, "--flags", signs)
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(path.as_uri())
    assert (clashes(page), past_the_edge(page)) == ([], [])
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True))) == 1
    page.close()
