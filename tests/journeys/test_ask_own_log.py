"""`ask` in a journal with cramps: what this runner's own runs say of a claim, and where that is out of date."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import career_world as world
from charley import evidence
from charley.answers.history.own_summary import COUNTED, claims_about
from charley.api import journal as journals
from charley.api.own_runs import own_runs
from charley.faces.cli.main import cli
from charley.faces.cli.own_log import ANY, own_log
from charley.vocabulary.journal import Baseline
from charley.vocabulary.own_runs import OwnRuns

WATER = "does being short of water make calves cramp?"  # K01


def run(path: Path, *words: str) -> str:
    done = CliRunner().invoke(cli, ["--journal", str(path), *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())


@pytest.fixture
def journal(tmp_path) -> Path:
    """Nine runs, all answered: the race cramped."""
    return world.fill(tmp_path / "journal.sqlite", 9, cramped=(8,), side="left")


def test_without_a_journal_it_is_from_studies_alone(tmp_path) -> None:
    said = run(tmp_path / "none.sqlite", "ask", WATER)
    assert "Nothing of yours is logged yet, so this is from studies alone." in said
    assert list(tmp_path.iterdir()) == []  # a question makes no journal


def test_before_why_it_counts_and_names_why_and_after_it_says_what_was_found(journal) -> None:
    assert "Your log: 1 cramp in the 9 runs you've told us about. To see what" in run(journal, "ask", WATER)
    found = json.loads(run(journal, "why", "--json"))
    said = run(journal, "ask", WATER)
    assert "Water loss: without it" in said
    assert "too little to tell" in said  # of one cramp no cause can be told
    assert "bring it up to date" not in said
    water = next(d for d in found["drivers"] if d["id"] == "body_mass_loss")
    high = max(round(10 * water["share"]["high"]), 1)
    assert f"{high} of 10)" in said  # the very figure of `why`
    run(journal, "log", "cramp", "--after", "night")
    assert "You have added to your journal since this was worked out." in run(journal, "ask", WATER)
    run(journal, "why")
    assert "bring it up to date" not in run(journal, "ask", WATER)
    with sqlite3.connect(journal) as db:  # the one before it is gone
        assert db.execute("SELECT count(*) FROM posterior WHERE model_version = 'own-summary-1'").fetchone() == (1,)


def test_a_log_without_a_cramp_and_a_silent_one_say_so(tmp_path) -> None:
    spared = world.fill(tmp_path / "spared.sqlite", 4)
    assert "No cramp in the 4 runs you've told us about" in run(spared, "ask", WATER)
    silent = world.fill(tmp_path / "silent.sqlite", 4, answered=False)
    assert "4 runs in your journal, and you haven't told us" in run(silent, "ask", WATER)


def test_what_cannot_be_read_never_stops_an_answer(journal) -> None:
    journal.write_bytes(b"no journal" * 200)
    assert "from studies alone" in run(journal, "ask", WATER)


def test_a_question_loads_no_arrays(journal) -> None:
    code = (
        "import sys; from charley.faces.cli.main import run; "
        f"run(['--journal', {str(journal)!r}, 'ask', {WATER!r}]); sys.exit('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "1 cramp in the 9 runs" in " ".join(done.stdout.split())


def test_demonstration_runs_are_nobody_s_log(tmp_path) -> None:
    path = tmp_path / "demo.sqlite"
    made = replace(world.run_of(8), demo=True)
    journals.add_run(path, made, read_by="test")
    journals.log_event(path, "cramp", run=made.run_id)
    assert own_runs(path) is None


# ---------------------------------------------------------------- the sentences, from a summary by hand


def own(stale: bool = False, **changed: Any) -> OwnRuns:
    water = {"label": "Water loss", "family": "Heat, fluid, salt", "share": [0.12, -0.04, 0.31]}
    summary = {
        "runs": 80,
        "tells": True,
        "families": [{"id": "pace", "label": "Pace and effort", "share": [0.5, 0.2, 0.7]}],
        "factors": {"body_mass_loss": water},
        "places": [5, 30_000.0, 33_000.0, 36_000.0],
        "windows": [5, 1, 0, 2],
        "muscles": {"calf": 3, "upper_calf": 1, "hamstring": 1},
        "claims": {"K01": ["body_mass_loss"], "K11": ["family pace"], "K29": ["places"], "K44": ["muscles"],
                   "K85": ["windows"]},
    } | changed  # fmt: skip
    return OwnRuns(80, 60, 5, 5, None, 42_000.0, 30_000.0, Baseline(), summary, stale)


def test_the_sentences_carry_the_figures_of_the_summary() -> None:
    said = own_log(own())
    begin = "5 cramps in the 60 runs you've told us about. "
    first = "What stands out most in your log: pace and effort."
    assert said["K01"] == (
        f"{begin}Water loss: without it, about 12 of 100 of the cramps in your hard runs would not have come "
        f"(−4 to 31 of 100). {first}"
    )
    assert said["K11"].startswith(f"{begin}Pace and effort: without it, about 50 of 100")
    assert said["K29"].endswith("mostly from 30 to 36 km, half of them before 33 km.")
    assert own_log(own(), "imperial")["K29"].endswith("mostly from 19 to 22 mi, half of them before 21 mi.")
    assert said["K44"].endswith("4 of 5 took the calf first.")
    assert said["K85"].endswith("All that you logged: 5 during runs, 1 in the hour after, 2 at night.")
    assert "studies alone" in said[ANY]
    assert own_log(None) == {}


def test_each_count_stands_on_a_prior_and_each_claim_is_one_of_ours() -> None:
    assert set(COUNTED) <= set(evidence.priors())
    about = claims_about(set(evidence.priors()))
    claims = {row["id"] for row in evidence.table("claims")}
    assert {claim_id for claim_id in about if claim_id[0] == "K"} <= claims
    assert about["K01"] == ["body_mass_loss"]
    assert about["K85"] == ["windows"]
