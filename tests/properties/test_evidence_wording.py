"""How the evidence is worded: plain, without promises, and not in the words of the documents it judges."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from charley import evidence
from charley.evidence import claims, contradictions, questions

DATA = Path(evidence.__file__).parent / "data"
PROMISES = re.compile(r"\b(diagnos|treat|cure|prevents|preventing|prevented|safe|guarantee)\w*", re.IGNORECASE)
ONE_IN = re.compile(r"\b(?:1|one|two|three) in (?!100\b)(?:\d+|two|three|four|five|six|ten|twenty)\b", re.IGNORECASE)
RUN = 6  # words in a row that count as taken over


def told() -> dict[str, str]:
    """Everything of the ledger that a runner may read, by id."""
    found = {c.id: f"{c.text} {c.verdict_text}. {c.answer}" for c in claims().values()}
    found |= {x.id: " ".join([x.about, x.finding, *(s.says for s in x.sides)]) for x in contradictions().values()}
    return found | {q.id: q.text for q in questions().values()}


def readability(text: str) -> float:
    """Automated Readability Index: 4.71 characters a word + 0.5 words a sentence - 21.43 (Senter and Smith 1967)."""
    words = text.split()
    sentences = max(1, len(re.findall(r"[.!?](?:\s|$)", text)))
    characters = sum(c.isalnum() for c in text)
    return 4.71 * characters / len(words) + 0.5 * len(words) / sentences - 21.43


def test_readability_of_a_known_sentence():
    # 6 words, 1 sentence, 17 letters: 4.71 * 17 / 6 + 0.5 * 6 - 21.43
    assert readability("The cat sat on the mat.") == pytest.approx(4.71 * 17 / 6 + 3 - 21.43)


@pytest.mark.parametrize("claim_id", sorted(claims()))
def test_an_answer_is_short_and_easy_to_read(claim_id):
    answer = claims()[claim_id].answer
    assert readability(answer) <= 14
    assert 2 <= len(re.findall(r"[.!?](?:\s|$)", answer)) <= 5


@pytest.mark.parametrize("row_id", sorted(told()))
def test_nothing_is_promised_and_nobody_is_called_fine(row_id):
    text = told()[row_id]
    assert not PROMISES.search(text)
    assert not re.search(r"\byou (?:are|'re|will be) (?:fine|ok|okay|healthy|well)\b", text, re.IGNORECASE)
    assert not ONE_IN.search(text)


def test_no_sentence_sends_drinking_above_the_sweat_loss():
    more = re.compile(
        r"\bdrink (?:more|as much|a lot|plenty|ahead)\b|\b(?:more|plenty of) (?:water|fluid)\b", re.IGNORECASE
    )
    for claim in claims().values():
        for sentence in re.split(r"(?<=[.!?])\s", claim.answer):
            if more.search(sentence):
                assert re.search(r"\b(?:never|not|no)\b", sentence, re.IGNORECASE), f"{claim.id}: {sentence}"


def test_an_answer_that_tells_people_to_drink_names_the_limit():
    for claim in claims().values():
        if re.search(r"drink to thirst", claim.answer, re.IGNORECASE):
            limited = re.search(r"never more than you sweat|plain water at once is not a good idea", claim.answer)
            assert limited, claim.id


@pytest.fixture(scope="module")
def seed_runs(shared_data) -> dict[tuple[str, ...], str]:
    """Every run of six words of the documents, with the document's name."""
    folder = shared_data / "seeds"
    if not folder.is_dir():
        pytest.skip("the five documents are not in the shared folder")
    runs = {}
    for path in sorted(folder.iterdir()):
        words = in_words(path.read_text(encoding="utf-8"))
        runs |= {tuple(words[i : i + RUN]): path.name for i in range(len(words) - RUN + 1)}
    assert len(runs) > 1000
    return runs


def in_words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", re.sub("['’]", "", text.lower()))


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for child in value.values():
            yield from strings(child)
    elif isinstance(value, list):
        for child in value:
            yield from strings(child)


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.glob("*.toml")))
def test_no_six_words_in_a_row_are_taken_from_the_documents(name, seed_runs):
    for text in strings(tomllib.loads((DATA / name).read_text(encoding="utf-8"))):
        words = in_words(text)
        for i in range(len(words) - RUN + 1):
            run = tuple(words[i : i + RUN])
            assert run not in seed_runs, f"{' '.join(run)} stands in {seed_runs[run]}"


def test_the_comparison_would_find_a_copy(seed_runs):
    run = next(iter(seed_runs))
    assert tuple(in_words(" ".join(run).upper() + "!")) in seed_runs
