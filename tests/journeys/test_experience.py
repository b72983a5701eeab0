"""Novice and experienced get different advice: years, longest run and history choose its order and its words."""

from __future__ import annotations

import json
import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import career_world as world
from charley import evidence
from charley.activities.demo_run import write_demo
from charley.advice.experience import for_you, in_order, level
from charley.advice.tables import load
from charley.api import journal as journals
from charley.api.own_runs import experience_of, own_runs
from charley.faces.cli.main import cli
from charley.vocabulary.experience import Experience
from charley.vocabulary.words import words

PACE = "does going out too fast give you cramps"  # K11
NEW, OLD = ("--years", "8months", "--longest", "12km"), ("--years", "12", "--longest", "34km", "--history", "3/10")


def said(path: Path, *typed: str) -> str:
    done = CliRunner().invoke(cli, ["--journal", str(path), *typed], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return " ".join(done.output.split())


def asked(path: Path, *typed: str) -> tuple[list[str], list[list[str]]]:
    """Claims in order, and what is said for this runner beside each."""
    done = CliRunner().invoke(cli, ["--journal", str(path), "ask", *typed, "--json"], catch_exceptions=False)
    answers = json.loads(done.output)["answers"]
    return [a["claim_id"] for a in answers], [[one["id"] for one in a["for_you"]] for a in answers]


@pytest.fixture
def nothing(tmp_path) -> Path:
    return tmp_path / "none.sqlite"


def test_ask_says_other_words_in_another_order(nothing: Path) -> None:
    plain, no_words = asked(nothing, PACE)
    new, new_words = asked(nothing, PACE, *NEW)
    old, old_words = asked(nothing, PACE, *OLD)
    assert plain[0] == new[0] == old[0] == "K11"  # the question is answered first, whoever asks
    assert sorted(plain) == sorted(new) == sorted(old)
    assert new != old
    assert no_words[0] == []
    assert new_words[0] == ["new_pace"]
    assert old_words[0] == ["old_day"]
    assert "For you: You are new to running" in said(nothing, "ask", PACE, *NEW)
    assert "For you: After 12 years you know your pace." in said(nothing, "ask", PACE, *OLD)
    assert "For you" not in said(nothing, "ask", PACE)


def test_the_way_back_speaks_to_who_asks(nothing: Path) -> None:
    new, old = (said(nothing, "help-me", "--after", "cramp", *who) for who in (NEW, OLD))
    assert "go by the leg, not by the plan" in new
    assert "never more than 6 km" in new  # half of the longest run told
    assert "It has happened before" not in new
    assert "add speed last" in old
    assert "never more than 17 km" in old
    assert "It has happened before." in old
    assert "For you" not in said(nothing, "help-me", "--after", "cramp")
    stages = [json.loads(CliRunner().invoke(cli, ["help-me", "--after", "cramp", *who, "--json"]).output)["stages"]
              for who in (NEW, OLD)]  # fmt: skip
    assert stages[0] == stages[1]  # what the leg has to pass is the same for everybody


def test_why_of_one_run_speaks_to_who_asks(nothing: Path, tmp_path: Path) -> None:
    file = write_demo(tmp_path)
    why = ("why", str(file), "--at", "33.4km", "--draws", "100")
    new, old, plain = (said(nothing, *why, *who) for who in (NEW, OLD, ()))
    assert "For you You are new to running" in new
    assert "For you You have cramped before" in old
    assert "For you" not in plain


def test_a_log_of_many_years_makes_nobody_a_novice_and_a_short_one_says_nothing(tmp_path: Path) -> None:
    path = world.fill(tmp_path / "journal.sqlite", 3)
    known = experience_of(own_runs(path))
    assert known.years is None
    assert known.cramped is False
    old = replace(world.run_of(5), started_at=datetime.now(UTC) - timedelta(days=7 * 366))
    journals.add_run(path, old, read_by="test")
    assert level(experience_of(own_runs(path))) == "experienced"
    assert level(experience_of(own_runs(path), years=1.0)) == "novice"  # what is told counts
    journals.log_event(path, "cramp", run=old.run_id)
    assert experience_of(own_runs(path)).cramped is True


# ---------------------------------------------------------------- the table

KNOWN = st.builds(
    Experience,
    st.none() | st.floats(0, 60),
    st.none() | st.floats(1_000, 100_000),
    st.none() | st.booleans(),
)


@given(KNOWN, st.sampled_from(["ask", "why", "after"]))
def test_nothing_is_said_that_is_not_known(known: Experience, where: str) -> None:
    for one in for_you(known, where):
        names = {name for _, name, _, _ in string.Formatter().parse(words(f"for_you.{one.id}")) if name}
        assert not (names & {"longest", "half"} and known.longest_m is None), one.id
        assert not ("years" in names and known.years is None), one.id
    if known == Experience():
        assert for_you(known, where) == ()


@given(KNOWN, st.lists(st.sampled_from([f"K{n}" for n in range(1, 89)]), unique=True))
def test_the_order_loses_no_answer_and_keeps_the_first(known: Experience, claims: list[str]) -> None:
    ordered = in_order(claims, known)
    assert sorted(ordered) == sorted(claims)
    assert ordered[:1] == claims[:1]


def test_each_sentence_stands_on_claims_of_ours_and_in_the_catalogue() -> None:
    claims = {row["id"] for row in (*evidence.table("claims"), *load("answers")["answer"])}
    table = load("experience")
    for row in table["advice"]:
        assert words(f"for_you.{row['id']}")
        assert row["claims"]
        assert set(row["claims"]) <= claims, row["id"]
        assert row["level"] in ("", "novice", "experienced")
        assert set(row["where"]) <= {"ask", "why", "after"}
    assert {claim for first in table["first"].values() for claim in first} <= claims
    assert [level(Experience(years)) for years in (0.5, 1.99, 2.0, 4.9, 5.0, 30.0, None)] == [
        "novice", "novice", "", "", "experienced", "experienced", "",
    ]  # fmt: skip
