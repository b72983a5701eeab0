"""Every text that people read, held to the rules of words: nothing promised, ranges beside figures, easy to read."""

from __future__ import annotations

from collections import defaultdict

import pytest

from charley import evidence
from charley.advice.plain_words import PACKAGE, RANGE, Text, automated_readability_index, findings, reading_age, texts
from charley.advice.tables import load

ALL = list(texts())
OLDEST = 14.0  # years
LONG_ENOUGH = 25  # words; the index jumps about on shorter texts


def test_nothing_banned_is_said_and_no_figure_stands_without_its_range() -> None:
    assert [str(finding) for text in ALL for finding in findings(text)] == []


def test_every_file_on_the_list_is_there_and_read() -> None:
    seen = {text.file for text in ALL}
    for pattern in load("plain_words")["tables"]:
        for path in PACKAGE.glob(pattern):
            assert path.name in seen, pattern
        assert list(PACKAGE.glob(pattern)), f"{pattern} names no file"
    assert "cramp_now.html.j2" in seen
    assert "report.html.j2" in seen


def test_each_file_is_read_with_ease_at_fourteen() -> None:
    whole: dict[str, list[str]] = defaultdict(list)
    for text in ALL:
        whole[text.file].append(text.text)
    assert {
        file: round(reading_age("\n".join(lines)), 1)
        for file, lines in whole.items()
        if reading_age("\n".join(lines)) > OLDEST
    } == {}


def test_each_text_of_some_length_is_read_with_ease_at_fourteen() -> None:
    long = [text for text in ALL if len(text.text.split()) >= LONG_ENOUGH and not text.file.endswith(".py")]
    hard = {f"{text.file} {text.place}": round(reading_age(text.text), 1) for text in long}
    assert {place: age for place, age in hard.items() if age > OLDEST} == {}


def test_a_figure_in_a_claim_is_backed_by_a_row_that_prints_its_range_or_its_people() -> None:
    tables = ("experiments", "risk_factors", "incidence", "interventions", "safety", "guidelines")
    rows = {row["id"]: row for name in tables for row in evidence.table(name)}
    for claim in evidence.table("claims"):
        if "in 100" not in claim["answer"]:
            continue
        backing = [rows[r] for r in (*claim.get("evidence_for", ()), *claim.get("evidence_against", ())) if r in rows]
        said = ("n", "low", "spread", "criteria")  # people, range, or why the range is missing
        sized = [row for row in backing if any(key in row for key in said) or RANGE.search(str(row.get("effect", "")))]
        assert sized or RANGE.search(claim["answer"]) or claim.get("source_ids"), claim["id"]


def test_the_index_is_that_of_its_authors() -> None:
    # one sentence, 9 words, 35 letters: 4.71 * 35/9 + 0.5 * 9 - 21.43 (Senter and Smith 1967, the formula by hand)
    text = "The quick brown fox jumps over the lazy dog."
    assert automated_readability_index(text) == pytest.approx(4.71 * 35 / 9 + 0.5 * 9 - 21.43)
    assert automated_readability_index("") == 0.0


def test_a_hard_text_is_found_to_be_hard() -> None:
    """A reading age is the index (Senter and Smith 1967) and five years; long words are beyond anybody."""
    hard = (
        "Neuromuscular fatigability hypothetically predisposes gastrocnemius motoneurons notwithstanding "
        "electrolyte supplementation, irrespective of environmental thermoregulation."
    )
    letters = sum(character.isalpha() for character in hard)
    words = len(hard.split())
    assert reading_age(hard) == pytest.approx(4.71 * letters / words + 0.5 * words - 21.43 + 5.0)
    assert reading_age(hard) > OLDEST
    assert reading_age("Stop. Hold the calf long. Breathe out.") < OLDEST


@pytest.mark.parametrize(
    "bad",
    [
        "This prevents cramps.",
        "A safe way to run.",
        "You are fine.",
        "It cures cramps.",
        "We diagnose it.",
        "Your chance is 30 in 100.",
        "It happens to 1 in 5 runners.",
        "Guaranteed to work.",
    ],
)
def test_the_check_can_fail(bad: str) -> None:
    assert list(findings(Text("words.toml", "x", bad)))


@pytest.mark.parametrize(
    "good",
    [
        "Your chance is 30 in 100 (20 to 41).",
        "In one field 16 in 100 men against 8 in 100 women.",
        "Call the emergency number.",
        "Tell the doctor.",
    ],
)
def test_the_check_lets_plain_words_pass(good: str) -> None:
    assert not list(findings(Text("words.toml", "x", good)))
