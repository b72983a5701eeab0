"""Charley says one thing: priors, families, rules of triage and relief agree with the claims that they stand on."""

from __future__ import annotations

import re

import pytest

from charley import evidence
from charley.advice.ask import ask
from charley.advice.help_me import help_me
from charley.advice.tables import load
from charley.advice.triage import rules

CLAIMS = {row["id"]: row for row in (*evidence.table("claims"), *load("answers")["answer"])}
FAMILIES = {row["id"]: row for row in evidence.table("families")}
NO = ("contradicted", "not_supported", "unsafe")  # verdicts that no cause can lead with
YES = ("supported",)
HOLD = "30 seconds"  # how long a stretch is held, everywhere
TOO_LONG = "10 minutes"  # after how long a cramp is too long, everywhere


def test_every_prior_family_and_rule_names_claims_that_exist() -> None:
    named = {f"prior {p.key}": p.claim_ids for p in evidence.priors().values()}
    named |= {f"family {name}": tuple(row["claim_ids"]) for name, row in FAMILIES.items()}
    named |= {f"rule {rule.id}": rule.claim_ids for rule in rules()}
    assert {name: ids for name, ids in named.items() if not ids or not set(ids) <= set(CLAIMS)} == {}


def test_a_cause_that_is_called_contradicted_leads_no_family() -> None:
    factors = evidence.factors("run", "told")
    for name, family in FAMILIES.items():
        assert family["lead"] in factors
        lead = evidence.priors()[family["lead"]]
        assert lead.factor is not None
        assert lead.factor.family == name
        verdicts = {CLAIMS[claim_id]["verdict"] for claim_id in lead.claim_ids}
        assert not verdicts & {"contradicted", "unsafe"}, (name, verdicts)
        assert CLAIMS[family["claim_ids"][0]]["verdict"] not in NO, name


def test_the_weight_of_a_prior_agrees_with_what_is_told_of_it() -> None:
    """Called right: it can move the chance. Called not supported, by all that is told of it: small, or left out."""
    for prior in evidence.priors().values():
        verdicts = {CLAIMS[claim_id]["verdict"] for claim_id in prior.claim_ids}
        if prior.role == "excluded":
            assert not verdicts & set(YES) or verdicts & set(NO), prior.key
        if prior.role in ("core", "optional"):
            assert prior.sd > 0, f"{prior.key} stands at {prior.mean} ({prior.mean} to {prior.mean})"
            if verdicts <= set(NO):
                assert abs(prior.mean) <= prior.sd, f"{prior.key} is sure of what its claims call not so"


def test_what_is_called_the_best_theory_can_move_the_chance() -> None:
    best = [claim for claim in CLAIMS.values() if "best theory" in claim.get("headline", "")]
    assert [claim["id"] for claim in best] == ["K27"]
    standing = [p for p in evidence.priors().values() if "K27" in p.claim_ids and p.role == "core"]
    assert standing
    assert all(p.sd > 0 for p in standing)
    assert any(p.mean > 0 for p in standing), "every factor of the best theory stands at 0"


def test_a_stretch_is_held_equally_long_everywhere() -> None:
    said = {
        "help-me": next(step.text for step in help_me(()).steps if step.id == "hold"),
        "help-me, in bed": next(step.text for step in help_me((), place="bed").steps if step.id == "hold"),
        **{claim_id: CLAIMS[claim_id]["answer"] for claim_id in ("K74", "K75", "K77")},
    }
    for place, text in said.items():
        assert re.findall(r"\d+(?: to \d+)? seconds", text), place
        assert set(re.findall(r"\d+(?: to \d+)? seconds", text)) - {"The 30 seconds"} == {HOLD}, place


def test_a_cramp_is_too_long_after_the_same_time_everywhere() -> None:
    rule = next(rule for rule in rules() if rule.id == "will-not-let-go")
    assert "Ten minutes" in rule.why
    for claim_id in ("K77", "A07"):
        assert set(re.findall(r"\d+(?: to \d+)? minutes", CLAIMS[claim_id]["answer"])) == {TOO_LONG}, claim_id


@pytest.mark.parametrize("claim_id", CLAIMS)
def test_the_headline_says_the_verdict_and_not_the_myth(claim_id: str) -> None:
    claim = CLAIMS[claim_id]
    headline = claim["headline"]
    assert headline.endswith(".")
    assert headline != claim["text"]
    assert len(headline) <= 110
    first = headline.split()[0].strip(",:.").lower()
    if claim["verdict"] in ("contradicted", "unsafe", "not_supported") and claim_id[0] == "K":
        assert first in {"no", "not", "mostly", "nobody"} or "makes no difference" in headline, headline
    if claim["verdict"] in YES and claim_id[0] == "K":
        assert first not in {"no", "not"}, headline


def test_who_says_otherwise_names_only_those_who_do() -> None:
    for claim in evidence.table("claims"):
        for answer in ask(claim["text"]).answers:
            if answer.claim_id != claim["id"]:
                continue
            for row in answer.otherwise:
                one_text = row.about == "The most common cause"  # the same text says another thing further down
                assert one_text or not {who for side, _ in row.sides for who in side} & set(claim["seeds"]), claim["id"]
