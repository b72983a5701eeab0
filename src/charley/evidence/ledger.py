"""What runners are told: claims with a verdict, where they contradict each other, and the questions they answer."""

from __future__ import annotations

from functools import cache
from typing import Any

from charley.evidence.tables import by_id, check_provenance, check_word, refuse
from charley.vocabulary.evidence import GRADES, VERDICTS, Claim, Contradiction, Question, Side

SEEDS = ("S0", "S1", "S2", "S3", "S4")


@cache
def claims() -> dict[str, Claim]:
    """What runners are told, with our verdicts, by id."""

    def build(values: dict[str, Any]) -> Claim:
        claim = Claim(**{"evidence_for": (), "evidence_against": (), **values})
        where = f"claims.toml, {claim.id}"
        check_word(where, "verdict", claim.verdict, VERDICTS)
        check_word(where, "grade", claim.grade, GRADES)
        for seed in claim.seeds:
            check_word(where, "document", seed, SEEDS)
        if not (claim.evidence_for or claim.evidence_against or claim.source_ids):
            raise refuse("a verdict that stands on nothing", where)
        if claim.source_ids:
            check_provenance(where, claim.source_ids, "the claim itself", claim.grade)
        return claim

    return by_id("claims", build)


@cache
def contradictions() -> dict[str, Contradiction]:
    """Where the documents contradict each other or the studies, by id."""

    def build(values: dict[str, Any]) -> Contradiction:
        sides = tuple(Side(tuple(side["who"]), side["says"]) for side in values["sides"])
        row = Contradiction(**{"evidence": (), **values, "sides": sides})
        where = f"contradictions.toml, {row.id}"
        if len(row.sides) < 2:
            raise refuse("a contradiction needs two sides", where)
        for claim_id in row.claim_ids:
            check_word(where, "claim", claim_id, claims())
        return row

    return by_id("contradictions", build)


@cache
def questions() -> dict[str, Question]:
    """What runners ask, with the claims that answer it, by id."""

    def build(values: dict[str, Any]) -> Question:
        question = Question(**values)
        for claim_id in question.claim_ids:
            check_word(f"questions.toml, {question.id}", "claim", claim_id, claims())
        return question

    return by_id("questions", build)
