"""What runners of ten other languages type when it is grave is heard, and what is harmless is not.

The texts are made up (``hearing_languages_more.toml``). The level of each is what the triage table gives to its sign.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from charley.advice.hearing.compile import languages
from charley.api import advice

GRAVE = ("urgent", "emergency")  # the milder first
TEXTS = tomllib.loads(Path(__file__).with_name("hearing_languages_more.toml").read_text(encoding="utf-8"))


def level(text: str) -> str:
    danger = advice.ask(text).danger
    return "" if danger is None else danger.urgency


@pytest.mark.parametrize("code", TEXTS)
def test_a_grave_sign_is_heard_at_its_level_or_above(code):
    enough = {"emergency": GRAVE[1:], "urgent": GRAVE}
    missed = [text for least, levels in enough.items() for text in TEXTS[code][least] if level(text) not in levels]
    assert missed == []


@pytest.mark.parametrize("code", TEXTS)
def test_figures_of_speech_denials_and_questions_in_general_raise_no_alarm(code):
    assert [text for text in TEXTS[code]["harmless"] if level(text) in GRAVE] == []


def test_what_is_still_misheard_is_on_the_page():
    """A text that is heard rightly at last belongs among those that must be."""
    missed = [text for row in TEXTS.values() for text in row.get("missed", ())]
    alarmed = [text for row in TEXTS.values() for text in row.get("alarmed", ())]  # without need
    assert missed
    assert alarmed
    assert [text for text in missed if level(text) in GRAVE] == []
    assert [text for text in alarmed if level(text) not in GRAVE] == []


def test_every_language_has_its_texts():
    assert set(TEXTS) == set(languages())


def test_an_umlaut_is_heard_as_two_letters_too():
    """German keyboards abroad have none: "ä" is typed "ae" (or, without care, "a")."""
    for word in ("hängt", "haengt", "hangt"):
        assert level(f"seit dem lauf {word} ihr mundwinkel") == "emergency", word
