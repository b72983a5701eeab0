"""What was published: experiments, risk factors, how often cramps come, what people do about them, red flags, rules.

Each row names its source, the place in it and a grade, and says how sure its number is, or why that is not known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from charley.evidence.tables import by_id, check_provenance, check_word, refuse
from charley.vocabulary.studies import (
    BaselineRow,
    Experiment,
    Guideline,
    Incidence,
    Intervention,
    KeptAside,
    Outcome,
    RedFlag,
    RiskFactor,
)

PRINTED = frozenset({"SD", "SE", "SE?", "as printed"})
UNPRINTED = frozenset({"count", "not printed", "words"})
NO_SPREAD = frozenset({"count", "not printed", "no size", "no number"})
DIRECTIONS = frozenset({"up", "down", "null", "other"})
KINDS = frozenset({"acute", "preventive"})
URGENCIES = frozenset({"emergency", "urgent", "see_someone", "self_care"})
_EMPTY: dict[str, Any] = {"source_ids": (), "where": "", "grade": ""}


@cache
def experiments() -> dict[str, Experiment]:
    """Published experiments to run again, by id (E01 ...), with all their outcomes."""

    def build(values: dict[str, Any]) -> Experiment:
        outcomes = tuple(Outcome(**row) for row in values.get("outcomes", ()))
        row = Experiment(**{**_EMPTY, **values, "outcomes": outcomes})
        where = f"experiments.toml, {row.id}"
        check_provenance(where, row.source_ids, row.where, row.grade)
        keys = [outcome.key for outcome in outcomes]
        if not keys or len(set(keys)) < len(keys):
            raise refuse("no outcome, or two of the same key", where)
        for outcome in outcomes:
            _check_outcome(f"{where}, {outcome.key}", outcome)
        return row

    return by_id("experiments", build)


@cache
def kept_aside() -> dict[str, KeptAside]:
    """Experiments that no part of a model may be set by: the source alone."""

    def build(values: dict[str, Any]) -> KeptAside:
        row = KeptAside(**values)
        check_provenance(f"kept_aside.toml, {row.id}", row.source_ids, "the whole paper", "B")
        return row

    return by_id("kept_aside", build)


@cache
def risk_factors() -> dict[str, RiskFactor]:
    """What single studies found on who cramps, by id (R01 ...)."""

    def build(values: dict[str, Any]) -> RiskFactor:
        row = RiskFactor(**{**_EMPTY, **values})
        where = f"risk_factors.toml, {row.id}"
        check_provenance(where, row.source_ids, row.where, row.grade)
        check_word(where, "direction", row.direction, DIRECTIONS)
        _check_size(where, row.log_effect, row.log_se, row.spread)
        return row

    return by_id("risk_factors", build)


@cache
def incidence() -> dict[str, Incidence]:
    """How often, where and when cramps come, by id (I01 ...)."""

    def build(values: dict[str, Any]) -> Incidence:
        row = Incidence(**{**_EMPTY, **values})
        where = f"incidence.toml, {row.id}"
        check_provenance(where, row.source_ids, row.where, row.grade)
        if (row.low is None) != (row.high is None):
            raise refuse("half an interval", where)
        if row.low is None or row.high is None:
            check_word(where, "reason for a missing interval:", row.spread, NO_SPREAD)
        elif not row.low < row.high or (row.value is not None and not row.low <= row.value <= row.high):
            raise refuse("the value lies outside its own interval", where)
        if row.spread == "count" and not row.n:
            raise refuse("a count without its n", where)
        return row

    return by_id("incidence", build)


@cache
def interventions() -> dict[str, Intervention]:
    """What people do against cramps, by id (D01 ...)."""

    def build(values: dict[str, Any]) -> Intervention:
        row = Intervention(**{**_EMPTY, **values})
        where = f"interventions.toml, {row.id}"
        check_provenance(where, row.source_ids, row.where, row.grade)
        check_word(where, "kind", row.kind, KINDS)
        if (row.size is None) != (not row.measure):
            raise refuse("a size without its measure", where)
        _check_size(where, row.size, row.se, row.spread)
        return row

    return by_id("interventions", build)


@cache
def safety() -> dict[str, RedFlag]:
    """What is not a plain cramp, with its signs and how fast to get help, by id (F01 ...)."""

    def build(values: dict[str, Any]) -> RedFlag:
        row = RedFlag(**{**_EMPTY, **values})
        where = f"safety.toml, {row.id}"
        check_provenance(where, row.source_ids, row.where, row.grade)
        check_word(where, "urgency", row.urgency, URGENCIES)
        return row

    return by_id("safety", build)


@cache
def guidelines() -> dict[str, Guideline]:
    """Rules of societies on drinking and eating, by id (G01 ...)."""

    def build(values: dict[str, Any]) -> Guideline:
        row = Guideline(**{**_EMPTY, **values})
        check_provenance(f"guidelines.toml, {row.id}", row.source_ids, row.where, row.grade)
        return row

    return by_id("guidelines", build)


@cache
def baseline_two_class() -> dict[float, BaselineRow]:
    """Chance of a cramp under the two-class reading, by distance in km."""

    def build(values: dict[str, Any]) -> BaselineRow:
        row = BaselineRow(**{**_EMPTY, **values})
        where = f"baseline_two_class.toml, {row.distance_km} km"
        check_provenance(where, row.source_ids, row.where, row.grade)
        if not row.low <= row.chance_population <= row.high:
            raise refuse("the chance lies outside its own interval", where)
        return row

    return {row.distance_km: row for row in by_id("baseline_two_class", build, key="distance_km").values()}


def _check_outcome(where: str, outcome: Outcome) -> None:
    if outcome.spread is None:
        check_word(where, "reason for a missing spread:", outcome.spread_kind, UNPRINTED)
    else:
        check_word(where, "kind of spread", outcome.spread_kind, PRINTED)
        if not (math.isfinite(outcome.spread) and outcome.spread > 0):
            raise refuse("a spread that is not above zero", where)
    if outcome.mean is None and not (outcome.spread_kind == "words" and outcome.note):
        raise refuse("neither a number nor words", where)
    if outcome.mean is not None and (outcome.spread_kind == "words" or not math.isfinite(outcome.mean)):
        raise refuse("a number that is not one", where)


def _check_size(where: str, size: float | None, se: float | None, spread: str) -> None:
    """A size has a standard error above zero, or the row says why there is none."""
    if se is None:
        check_word(where, "reason for a missing spread:", spread, NO_SPREAD)
        if (size is None) != (spread == "no size"):
            raise refuse("the row does not say rightly whether it has a size", where)
    elif size is None or not se > 0:
        raise refuse("a spread without a size, or not above zero", where)


Study = Experiment | KeptAside | RiskFactor | Incidence | Intervention | RedFlag | Guideline
# The first letter of a row's id names the table or tables in which it stands.
BY_LETTER: dict[str, tuple[Callable[[], Mapping[str, Study]], ...]] = {
    "E": (experiments, kept_aside),
    "R": (risk_factors,),
    "I": (incidence,),
    "D": (interventions,),
    "F": (safety,),
    "G": (guidelines,),
}
