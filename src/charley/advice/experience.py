"""Novice and experienced get different advice: which sentences, and which answers first."""

from __future__ import annotations

from collections.abc import Sequence

from charley.advice.tables import load
from charley.vocabulary.experience import Experience, ForYou


def level(experience: Experience) -> str:
    """ "novice" or "experienced", by years of running; "" between the two, and where nobody said."""
    rule, years = load("experience")["level"], experience.years
    if years is None:
        return ""
    if years < rule["novice_below_years"]:
        return "novice"
    return "experienced" if years >= rule["experienced_from_years"] else ""


def for_you(experience: Experience, where: str, claim_id: str | None = None) -> tuple[ForYou, ...]:
    """The sentences for this runner in ``where`` ("ask", "why", "after"), those beside ``claim_id`` if one is given."""
    known = {"longest": experience.longest_m is not None, "cramped": bool(experience.cramped)}
    found = []
    for row in load("experience")["advice"]:
        fits = where in row["where"] and row["level"] in ("", level(experience))
        if fits and all(known[need] for need in row["needs"]) and (claim_id is None or claim_id in row["claims"]):
            found.append(ForYou(row["id"], tuple(row["claims"]), row["grade"], experience))
    return tuple(found)


def in_order(claim_ids: Sequence[str], experience: Experience) -> list[str]:
    """Claims with the first one kept, and of the others first those that matter more at this level."""
    first = load("experience")["first"].get(level(experience), [])
    rank = {claim_id: place for place, claim_id in enumerate(first)}
    return [*claim_ids[:1], *sorted(claim_ids[1:], key=lambda claim_id: rank.get(claim_id, len(rank)))]
