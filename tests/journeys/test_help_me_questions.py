"""The screen of warning signs as a conversation at a terminal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from charley.advice.triage import URGENCIES, screen, triage
from charley.faces.cli import help_me as verb

ROWS = [row for row in screen() if row.id != "water"]
STRETCH = "Straighten the knee"


@pytest.fixture
def talk(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.setattr(verb, "at_terminal", lambda: True)

    def run(*answers: str, words: tuple[str, ...] = ()) -> str:
        done = CliRunner().invoke(verb.command, list(words), input="".join(f"{a}\n" for a in answers))
        assert done.exception is None, done.output
        return str(done.output)

    return run


def test_six_times_no_leads_to_the_stretch_and_not_before(talk: Callable[..., str]) -> None:
    assert len(ROWS) == 6
    said = talk(*["n"] * 6)
    for number, row in enumerate(ROWS, 1):
        assert f"{number}/6  {row.text}?" in said
    assert said.rindex("6/6") < said.index(STRETCH)
    assert "rules nothing out" in said


@pytest.mark.parametrize("number", range(6))
def test_yes_and_enter_is_the_gravest_of_the_line(talk: Callable[..., str], number: int) -> None:
    row = ROWS[number]
    gravest = max((triage((flag,)).urgency for flag in row.flags), key=URGENCIES.index)
    said = talk(*["n"] * number, "y", "", *["n"] * 6)
    assert STRETCH not in said
    headline = {"emergency": "Call the emergency number now", "urgent": "Stop running. Get medical care today."}
    assert headline[gravest] in said
    if gravest == "emergency":
        assert f"{number + 2}/6" not in said, "nobody is asked on in an emergency"


def test_a_number_names_the_sign(talk: Callable[..., str]) -> None:
    said = talk("n", "n", "n", "n", "y", "1", "n")  # one calf swollen
    assert "a clinic or emergency department that can scan a leg" in " ".join(said.split())


def test_own_words_are_heard_at_every_question(talk: Callable[..., str]) -> None:
    assert "Call the emergency number now" in talk("my chest feels crushed")
    said = talk("no but my left calf is badly swollen", "n", "n", "n", "n")
    assert "5/6" not in said  # the line of the swollen calf is not asked again
    assert "can scan a leg" in " ".join(said.split())
    asked_again = talk("hmm", "", *["n"] * 6)
    assert asked_again.count("1/6") == 3
    assert asked_again.count("Not sure counts as yes") == 2
    assert "Which?" in talk("not sure", "1")


def test_what_was_said_before_is_not_asked_again(talk: Callable[..., str]) -> None:
    said = talk(*["n"] * 6, words=("my", "left", "hamstring", "cramped"))
    assert "1/6" in said  # a cramp alone is no sign: the screen comes
    told = talk(words=("i", "felt", "a", "pop", "in", "my", "calf"))
    assert "1/6" not in told  # heard as a tear: answered at once


def test_leaving_early_shows_the_signs_and_no_stretch_before_them(talk: Callable[..., str]) -> None:
    said = talk("n")  # the input ends: as Ctrl-D
    assert said.index("Is any of these true?") < said.index(STRETCH)
    left = talk("n", "n", "n", "y", "1")
    assert STRETCH not in left


def test_without_a_terminal_nothing_is_asked() -> None:
    said = CliRunner().invoke(verb.command, []).output
    assert "1/6" not in said
    assert "Is any of these true?" in said


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["y", "n", "", "?", "hm", "1", "2", "maybe not", "no pain"]), max_size=14))
def test_a_yes_never_ends_in_a_stretch_it_forbids(answers: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verb, "at_terminal", lambda: True)
        done = CliRunner().invoke(verb.command, [], input="".join(f"{a}\n" for a in answers))
    assert done.exception is None
    if "take it as the gravest" in done.output:
        assert STRETCH not in done.output
