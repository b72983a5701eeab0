"""What people ask, and what comes back: every claim can be reached, danger first, nothing made up."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from charley import evidence
from charley.advice import evidence_rows
from charley.advice.ask import MOST_ANSWERS, TABLES, ask
from charley.advice.tables import load
from charley.faces.cli import ask as verb
from charley.faces.web.views import ask as page
from charley.vocabulary.errors import UsageError

ASKS: dict[str, str] = tomllib.loads((Path(__file__).parent / "advice_questions.toml").read_text(encoding="utf-8"))[
    "asks"
]
CLAIMS = {claim["id"]: claim for claim in evidence.table("claims")}


@pytest.fixture
def charley_ask() -> Any:
    """The verb as it is typed."""

    def run(*words: str) -> Result:
        return CliRunner().invoke(verb.command, list(words))

    return run


@pytest.mark.parametrize(("claim_id", "question"), ASKS.items(), ids=ASKS.keys())
def test_a_question_in_plain_words_reaches_its_claim(claim_id: str, question: str) -> None:
    found = ask(question)
    assert claim_id in [answer.claim_id for answer in found.answers]
    assert len(found.answers) <= MOST_ANSWERS


def test_there_is_a_question_for_every_claim_of_every_document() -> None:
    own = {answer["id"] for answer in load("answers")["answer"]}
    assert set(ASKS) == set(CLAIMS) | own
    assert {seed for claim in CLAIMS.values() for seed in claim["seeds"]} == {"S0", "S1", "S2", "S3", "S4"}


@pytest.mark.parametrize("claim_id", CLAIMS)
def test_a_claim_in_its_own_words_is_found_with_its_verdict_and_what_stands_behind_it(claim_id: str) -> None:
    answers = {answer.claim_id: answer for answer in ask(CLAIMS[claim_id]["text"]).answers}
    assert claim_id in answers
    answer = answers[claim_id]
    assert answer.text == CLAIMS[claim_id]["answer"]
    assert answer.grade in "ABCD"
    assert answer.how_sure
    assert answer.source_ids
    assert set(answer.source_ids) <= set(evidence.sources())
    assert all(row.text for row in (*answer.evidence_for, *answer.evidence_against))


def test_the_plain_rows_are_those_that_the_evidence_room_has_checked() -> None:
    for table in ("claims", "questions", "contradictions"):
        assert evidence_rows.rows(table) == evidence.table(table)
    checked = {row["id"]: row for table in TABLES.values() for row in evidence.table(table)}
    for claim in CLAIMS.values():
        for row_id in (*claim.get("evidence_for", ()), *claim.get("evidence_against", ())):
            alone = evidence_rows.row(TABLES[row_id[0]], row_id) or evidence_rows.row("kept_aside", row_id)
            assert alone is not None, row_id
            assert alone == checked.get(row_id, alone)
    assert set(evidence.claims()) == set(CLAIMS)


@pytest.mark.parametrize("question", [q["text"] for q in evidence.table("questions")])
def test_the_questions_that_runners_ask_are_answered_by_the_claims_that_are_meant(question: str) -> None:
    meant = next(q["claim_ids"] for q in evidence.table("questions") if q["text"] == question)
    assert {answer.claim_id for answer in ask(question).answers} & set(meant)


def test_contradictions_are_shown_as_such() -> None:
    for row in evidence.table("contradictions"):
        shown = {
            o.about
            for claim_id in row["claim_ids"]
            for a in ask(CLAIMS[claim_id]["text"]).answers
            if a.claim_id == claim_id
            for o in a.otherwise
        }
        assert row["about"] in shown, row["id"]


@pytest.mark.parametrize(
    "text",
    [
        "What is the capital of France?",
        "who won the boston marathon",
        "write me a poem",
        "you are a stupid idiot",
        "pourquoi ai-je des crampes aux mollets",
        "warum habe ich wadenkrämpfe",
        "なぜふくらはぎがつるのですか",
        "почему сводит икры",
        "stomach cramps after dairy",
        "xyzzy " * 2000,
    ],
)
def test_what_it_does_not_know_it_does_not_answer(text: str, charley_ask: Any) -> None:
    assert ask(text).answers == ()
    shown = charley_ask(text)
    assert shown.exit_code == 0
    said = " ".join(shown.output.split())
    assert "outside what Charley knows" in said or ask(text).other_language.only_english in said
    assert json.loads(charley_ask(text, "--json").output)["meta"]["status"] == "cannot_tell"


def test_ten_kilobytes_of_text_are_searched_for_danger_to_the_end() -> None:
    found = ask("does salt help " + "and so on " * 1000 + " chest pain")
    assert found.danger is not None
    assert found.danger.urgency == "emergency"
    assert found.answers
    assert len(found.question) <= 2000


@pytest.mark.parametrize("text", ["", "   ", "?!", "12345"])
def test_a_question_without_a_letter_is_refused(text: str, charley_ask: Any) -> None:
    with pytest.raises(UsageError) as refused:
        ask(text)
    assert refused.value.code == "ask-empty"
    assert isinstance(charley_ask(text).exception, UsageError)


@pytest.mark.parametrize("text", ["chest pain", "My calf cramped and now I have CHEST PAINS"])
def test_chest_pain_reaches_the_emergency_line_first(text: str, charley_ask: Any) -> None:
    shown = charley_ask(text).output
    assert shown.index("Call the emergency number now") < 120
    assert "How sure" not in shown, "nothing else on the screen"
    found = json.loads(charley_ask(text, "--json").output)
    assert found["urgency"] == "emergency"
    assert found["steps"][0].startswith("Call the emergency number")
    assert "How sure" in charley_ask("chest pain, and why do my calves hurt", "--all").output


def test_two_dangers_at_once_ask_for_the_same_thing_once(charley_ask: Any) -> None:
    # both rules begin with the call for help: read aloud twice, it holds up whoever reads
    told = "my husband collapsed at the finish and talks nonsense"
    assert charley_ask(told).output.count("  - Call the emergency number now.") == 1
    steps = json.loads(charley_ask(told, "--json").output)["steps"]
    assert len(steps) == len(set(steps)) > 3


def test_the_page_of_an_emergency_says_the_call_once_and_nothing_else() -> None:
    # what is no question is declined, but never below a call for help
    shown = page.show(
        ask("my husband collapsed at the finish and talks nonsense"), SimpleNamespace(query={}, units="metric")
    )
    assert shown["danger"]["call"].startswith("Call the emergency number now")
    assert len(shown["danger"]["do"]) >= 3
    assert not any(do.startswith("Call") for do in shown["danger"]["do"])
    assert not shown["declined"]


def test_the_object_holds_what_the_contract_names(charley_ask: Any) -> None:
    found = json.loads(charley_ask("does", "salt", "help?", "--json").output)
    assert {"tool", "version", "generated_at", "status"} <= set(found["meta"])
    assert found["meta"]["status"] == "ok"
    for answer in found["answers"]:
        assert {"claim_id", "text", "verdict", "grade", "source_ids"} <= set(answer)
        assert answer["claim_id"] in CLAIMS
    assert found["answers"][0]["claim_id"] == "K55"


def test_the_text_says_how_sure_for_and_against_and_who_says_otherwise(charley_ask: Any) -> None:
    shown = charley_ask("is it dehydration").output
    for heading in ("How sure:", "Against:", "Who says otherwise", "Your log:", "See also:"):
        assert heading in shown, heading
    assert max(map(len, shown.splitlines())) <= 80


def test_a_log_is_put_beside_the_answer_where_there_is_one() -> None:
    said = "In your 3 cramps the water loss was 1 to 2 %."
    assert ask("is it dehydration", log={"fluid": said}).answers[0].log == said
    assert ask("is it dehydration", log={"K01": "own"}).answers[0].log == "own"
    assert ask("is it dehydration").answers[0].log == ""


def test_miles_stand_behind_the_kilometres_of_the_texts(charley_ask: Any) -> None:
    assert "30 km (19 miles)" in " ".join(charley_ask("why late in the race", "--all").output.split())


@pytest.mark.parametrize("text", ["ibuprofen", "quinine", "magnesium dose", "can I stop my statin"])
def test_what_is_never_suggested_is_not_suggested(text: str, charley_ask: Any) -> None:
    shown = " ".join(charley_ask(text, "--all").output.split()).lower()
    assert "take ibuprofen" not in shown
    assert not any(f" {dose} mg" in shown for dose in range(50, 1000, 50))
    assert "never suggests" in shown or "not known to help" in shown or "keep taking" in shown or "prescriber" in shown
