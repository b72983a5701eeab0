"""Rules that hold for every row of the evidence tables, and refusals of rows that break them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charley import evidence
from charley.evidence import ledger, studies, tables
from charley.evidence.citations import rooms_with_parameters, standing_on, study
from charley.vocabulary.errors import EvidenceError
from charley.vocabulary.evidence import VERDICTS

SRC = Path(evidence.__file__).resolve().parents[1]
LOADERS = {
    "sources": tables.sources,
    "priors": tables.priors,
    "claims": ledger.claims,
    "contradictions": ledger.contradictions,
    "questions": ledger.questions,
    "experiments": studies.experiments,
    "kept_aside": studies.kept_aside,
    "risk_factors": studies.risk_factors,
    "incidence": studies.incidence,
    "interventions": studies.interventions,
    "safety": studies.safety,
    "guidelines": studies.guidelines,
    "baseline_two_class": studies.baseline_two_class,
}
NUMBERS = ("priors", "experiments", "risk_factors", "incidence", "interventions", "safety", "guidelines")


@pytest.fixture
def plant(monkeypatch):
    """Puts one changed row into a table and returns its loader without the cache."""

    def planted(name: str, index: int = 0, **changes):
        rows = [dict(row) for row in tables.table(name)]
        for key, value in changes.items():
            if value is None:
                rows[index].pop(key, None)
            else:
                rows[index][key] = value
        real = tables.table
        monkeypatch.setattr(tables, "table", lambda asked: tuple(rows) if asked == name else real(asked))
        return LOADERS[name].__wrapped__

    return planted


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("change", [{"source_ids": []}, {"source_ids": ["nobody-1900"]}, {"where": ""}, {"grade": "E"}])
def test_a_row_without_source_place_or_grade_is_refused(plant, name, change):
    with pytest.raises(EvidenceError, match="evidence-row"):
        plant(name, **change)()


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("key", ["source_ids", "where", "grade"])
def test_a_row_that_lacks_the_key_is_refused(plant, name, key):
    with pytest.raises(EvidenceError):
        plant(name, **{key: None})()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("sources", {"id": "own-simulation"}),  # stands twice
        ("sources", {"seen": "heard"}),
        ("sources", {"citation": None}),
        ("priors", {"sd": 0.0}),
        ("priors", {"sd": float("nan")}),
        ("priors", {"mean": float("inf")}),
        ("priors", {"sign": "unknown"}),
        ("priors", {"role": "star"}),
        ("priors", {"key": "k_other"}),  # stands twice
        ("priors", {"factor": {"how": "guessed", "family": "load", "seen": "x"}}),
        ("priors", {"factor": {"how": "run", "family": "nowhere", "seen": "x"}}),
        ("priors", {"factor": {"how": "run", "family": "load"}}),  # no words for its figure
        ("priors", {"factor": {"how": "told", "family": "load", "seen": "x"}}),  # no words for the answer
        ("priors", {"factor": {"how": "told", "family": "load", "seen": "x", "about": "hours of sleep"}}),  # how many?
        ("priors", {"factor": {"how": "told", "family": "load", "seen": "x", "about": "yes or no", "most": 9.0}}),
        ("priors", {"factor": {"how": "person", "about": "yes or no"}}),  # no mean of a field
        ("claims", {"verdict": "true"}),
        ("claims", {"seeds": ["S5"]}),
        ("claims", {"grade": "E"}),
        ("claims", {"evidence_for": [], "evidence_against": []}),
        ("claims", {"source_ids": ["nobody-1900"]}),
        ("contradictions", {"claim_ids": ["K99"]}),
        ("contradictions", {"sides": [{"who": ["S0"], "says": "alone"}]}),
        ("questions", {"claim_ids": ["K99"]}),
        ("experiments", {"outcomes": []}),
        ("experiments", {"outcomes": [{"key": "a", "quantity": "q", "unit": "Hz", "condition": "c", "mean": 1.0}]}),
        ("risk_factors", {"log_se": None}),
        ("risk_factors", {"log_se": 0.0}),
        ("risk_factors", {"direction": "sideways"}),
        ("incidence", {"low": None, "high": None}),
        ("incidence", {"high": None}),
        ("incidence", {"value": 99.0}),
        ("interventions", {"kind": "magic"}),
        ("interventions", {"size": 1.0}),
        ("safety", {"urgency": "later"}),
        ("baseline_two_class", {"low": 0.5}),
        ("kept_aside", {"source_ids": []}),
    ],
)
def test_a_planted_bad_row_is_refused(plant, name, change):
    with pytest.raises(EvidenceError, match="evidence-row"):
        plant(name, **change)()


@pytest.mark.parametrize(
    "change",
    [
        {"spread": 0.0, "spread_kind": "SD"},
        {"spread": 1.0, "spread_kind": "guess"},
        {"spread": None, "spread_kind": "SD"},
        {"mean": None, "spread": None, "spread_kind": "words", "note": ""},
    ],
)
def test_an_outcome_that_does_not_say_how_sure_it_is_is_refused(plant, change):
    outcome = {"key": "a", "quantity": "q", "unit": "Hz", "condition": "c", "mean": 1.0} | change
    outcome = {k: v for k, v in outcome.items() if v is not None}
    with pytest.raises(EvidenceError, match="evidence-row"):
        plant("experiments", outcomes=[outcome])()


def test_an_unchanged_table_loads_through_the_same_door(plant):
    assert plant("priors")() == tables.priors()


def test_every_row_of_evidence_that_a_claim_names_exists():
    for claim in ledger.claims().values():
        for row_id in claim.evidence_for + claim.evidence_against:
            assert study(row_id) is not None, f"{claim.id} names {row_id}"


def test_no_claim_counts_the_same_row_on_both_sides():
    for claim in ledger.claims().values():
        assert not set(claim.evidence_for) & set(claim.evidence_against), claim.id


def test_every_row_that_a_contradiction_names_exists():
    for row in ledger.contradictions().values():
        named = [*row.evidence, *(who for side in row.sides for who in side.who if who not in ledger.SEEDS)]
        for row_id in named:
            assert study(row_id) is not None, f"{row.id} names {row_id}"


def test_rows_named_in_the_text_of_a_prior_exist():
    for prior in tables.priors().values():
        for row_id in re.findall(r"\b[REID]\d\d\b", prior.where + prior.note):
            assert study(row_id) is not None, f"{prior.id} names {row_id}"


def _set_on_what_is_kept_aside(rows) -> list[str]:
    """What names a source that is kept aside, or in its text a row that rests on one."""
    aside = {source for row in studies.kept_aside().values() for source in row.source_ids}
    found = []
    for name, source_ids, text in rows:
        named = [study(row_id) for row_id in re.findall(r"\b[REID]\d\d\b", text)]
        behind = {source for row in named if hasattr(row, "source_ids") for source in row.source_ids}
        found += [f"{name}: {source}" for source in sorted(aside & (set(source_ids) | behind))]
    return found


def test_no_prior_and_no_constant_is_set_by_what_is_kept_aside():
    priors = [(p.id, p.source_ids, p.where + p.note) for p in tables.priors().values()]
    factors = [p for p in tables.priors().values() if p.factor and p.factor.field]
    fields = [(f"{p.id}, field", p.factor.field.source_ids, p.factor.field.where) for p in factors]
    constants = [
        (f"{room}, {p.id}", p.source_ids, f"{p.where} {p.note}")
        for room in rooms_with_parameters()
        for p in tables.parameters(room).values()
    ]
    assert len(constants) > 500
    assert len(priors) > 30
    assert fields
    assert not _set_on_what_is_kept_aside(priors + fields + constants)


@pytest.mark.parametrize(
    ("source_ids", "text"),
    [(("jung-2005",), ""), (("assumption",), "E29: a mixed drink"), (("assumption",), "D18, one of a kind")],
)
def test_a_number_that_is_set_by_what_is_kept_aside_is_found(source_ids, text):
    assert _set_on_what_is_kept_aside([("planted", source_ids, text)]) == ["planted: jung-2005"]


def test_a_claim_and_its_contradiction_tell_of_the_same_documents():
    for row in ledger.contradictions().values():
        told = {seed for claim_id in row.claim_ids for seed in ledger.claims()[claim_id].seeds}
        said = {who for side in row.sides for who in side.who if who in ledger.SEEDS}
        assert said <= told, row.id


def test_every_claim_answers_a_question():
    reached = {claim_id for q in ledger.questions().values() for claim_id in q.claim_ids}
    assert reached == set(ledger.claims())


def test_every_document_makes_claims_and_every_verdict_is_used():
    assert {seed for claim in ledger.claims().values() for seed in claim.seeds} == set(ledger.SEEDS)
    assert {claim.verdict for claim in ledger.claims().values()} == set(VERDICTS)


def test_every_source_is_used_or_marked_as_background():
    # used: its id stands quoted in another table or in the code, or its DOI in a docstring
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in SRC.rglob("*.*")
        if path.suffix in (".py", ".toml") and path.name != "sources.toml"
    )
    quoted = set(re.findall(r"[\"'`]([a-z0-9][a-z0-9-]*)[\"'`]", text))
    idle = [
        s.id
        for s in tables.sources().values()
        if s.id not in quoted
        and not s.background
        and not any(word in text for word in s.reference.split() if word.startswith("doi:"))
    ]
    assert not idle, f"used by nothing: name a row that uses it, or set background = true: {idle}"


def test_a_source_says_how_it_was_read_and_what_it_found():
    for source in tables.sources().values():
        assert source.finding.endswith((".", "?")), source.id
        assert len(source.finding.split()) >= 4, source.id
        if source.seen == "own":
            assert not source.reference, source.id


def test_standing_on_knows_every_kind_of_id():
    ids = [*tables.sources(), *ledger.claims(), *ledger.contradictions()]
    ids += [p.id for p in tables.priors().values()] + list(tables.priors())
    for load in (name for tables_of in studies.BY_LETTER.values() for name in tables_of):
        ids += list(load())
    for room in rooms_with_parameters():
        ids += [f"{room}.{name}" for name in tables.parameters(room)]
    for wanted in ids:
        assert standing_on([wanted]), wanted


def test_standing_on_names_an_id_that_stands_nowhere():
    with pytest.raises(EvidenceError, match="K99"):
        standing_on(["K99"])
    with pytest.raises(EvidenceError):
        standing_on(["body.no_such_number"])


def test_standing_on_puts_our_own_assumptions_last():
    found = standing_on(["post_run_share", "pace_excess", "baker-2016"])
    assert [s.id for s in found if s.seen == "own"] == ["assumption"]
    assert found[-1].id == "assumption"
    assert found[0].id == "baker-2016"


KNOWN = st.lists(st.sampled_from(["P11", "P06", "K01", "K88", "E02", "E04", "R37", "D13", "X05", "baker-2016", "H1"]))


@given(KNOWN, KNOWN)
def test_standing_on_is_a_union_in_an_order_that_does_not_depend_on_the_asking(first, second):
    both = standing_on(first + second)
    assert both == standing_on(second + first)
    assert {s.id for s in both} == {s.id for s in standing_on(first)} | {s.id for s in standing_on(second)}
    assert len({s.id for s in both}) == len(both)


def test_a_claim_names_the_priors_that_it_moves_and_says_so_where_one_stays_out():
    keys = tables.priors()
    for claim in ledger.claims().values():
        for key in re.findall(r"`(\w+)`", claim.used_by):
            assert key in keys, f"{claim.id} names {key}"
            if keys[key].role == "excluded":
                assert re.search(r"stays? out of the hazard", claim.used_by), claim.id
