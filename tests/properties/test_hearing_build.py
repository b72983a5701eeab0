"""The files that the ear reads are what its tables give, and every table is whole."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from charley import evidence
from charley.advice.hearing.compile import build
from charley.advice.hearing.learnt import Learnt, pieces
from charley.advice.hearing.network import Network
from charley.advice.tables import load
from charley.advice.triage import flags

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "src" / "charley" / "advice" / "data" / "hearing" / "built"
PHRASES = load("hearing/phrases")
FEWEST = 20  # phrases of a claim or answer


def script(name: str = "make_hearing"):
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["signs", "questions", "words"])
def test_the_built_files_are_what_the_tables_give(name):
    assert (BUILT / f"{name}.json").read_text(encoding="utf-8") == script().as_text(build()[name]), (
        "the tables of the ear have changed: run scripts/make_hearing.py"
    )


def test_the_weights_were_learnt_from_the_texts_that_are_here():
    fit = script("fit_hearing")
    learnt = Learnt((BUILT / "learnt_questions.txt").read_bytes())
    assert learnt.digest == fit.digest(fit.question_rows()), "the texts have changed: run scripts/fit_hearing.py"
    assert set(learnt.targets) == set(PHRASES)
    danger = Learnt((BUILT / "learnt_danger.txt").read_bytes())
    assert danger.digest == fit.danger_digest(), "the texts have changed: run scripts/fit_hearing.py"
    network = Network((BUILT / "network_danger.bin").read_bytes())
    assert network.digest == danger.digest, "the texts have changed: run scripts/fit_network.py"


def test_the_fit_finds_the_words_that_tell_two_targets_apart():
    """Of texts of which one word decides, a new text goes where its word points, whatever else it says."""
    fit = script("fit_hearing")
    rows = [
        (f"does {word} stop a cramp {n}", (word,)) for word in ("salt", "massage") for n in ("now", "at all", "soon")
    ]
    weights = Learnt(fit.fitted(rows, ["massage", "salt"], [pieces([text.split()]) for text, _ in rows]))
    for word, other in (("salt", "massage"), ("massage", "salt")):
        scores = weights.scores(pieces([["is", word, "of", "use", "to", "me"]]))
        assert scores[word] > 0 > scores[other]


def test_every_sign_of_the_triage_table_can_be_heard_and_no_other():
    assert set(load("hearing/signs")["sign"]) == set(flags())


def test_every_claim_answer_and_intent_has_phrases_of_its_own():
    own = {row["id"] for row in load("answers")["answer"]}
    intents = {f"intent:{row['id']}" for row in load("intents")["intent"]}
    assert set(PHRASES) == {claim["id"] for claim in evidence.table("claims")} | own | intents | {"outside"}
    assert {target: len(row["phrases"]) for target, row in PHRASES.items() if len(row["phrases"]) < FEWEST} == {}


def test_no_phrase_stands_for_two_targets():
    seen: dict[str, str] = {}
    twice = []
    for target, row in PHRASES.items():
        for phrase in row["phrases"]:
            if phrase.lower() in seen:
                twice.append((phrase, seen[phrase.lower()], target))
            seen[phrase.lower()] = target
    assert twice == []


def test_what_an_intent_leads_to_is_there():
    known = set(PHRASES)
    for row in load("intents")["intent"]:
        assert set(row["claim_ids"]) <= known, row["id"]


def test_a_question_is_answered_without_numpy():
    code = (
        "import sys; from charley.api import advice; advice.ask('does salt help'); advice.help_me('none');"
        "print(json.dumps(sorted({m.split('.')[0] for m in sys.modules} & {'numpy', 'scipy'})))"
    )
    found = subprocess.run([sys.executable, "-c", f"import json; {code}"], capture_output=True, text=True, check=True)
    assert json.loads(found.stdout) == []
