"""Reads the evidence tables and refuses a row that does not say where it comes from."""

from __future__ import annotations

import math
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from charley.vocabulary.errors import EvidenceError
from charley.vocabulary.evidence import GRADES, Claim, Parameter, Prior, Source

DISTRIBUTIONS = frozenset({"normal", "lognormal", "beta", "uniform", "fixed"})


@cache
def table(name: str) -> tuple[dict[str, Any], ...]:
    """Rows of ``data/<name>.toml``, whose single array bears the file's last name in the singular or as ``row``."""
    text = (files(__package__) / "data" / f"{name}.toml").read_text(encoding="utf-8")
    arrays = [value for value in tomllib.loads(text).values() if isinstance(value, list)]
    if len(arrays) != 1:
        raise EvidenceError("evidence-row", f"{len(arrays)} arrays of rows where one is expected", f"{name}.toml")
    return tuple(arrays[0])


@cache
def sources() -> dict[str, Source]:
    """All publications and assumptions, by id."""
    found: dict[str, Source] = {}
    for row in table("sources"):
        source = Source(**{"year": None, **row})
        if source.id in found:
            raise EvidenceError("evidence-row", f"source {source.id} stands twice", "sources.toml")
        found[source.id] = source
    return found


@cache
def parameters(room: str) -> dict[str, Parameter]:
    """The numbers of one room ("body", "risk", "neuromuscular"), by id."""
    found: dict[str, Parameter] = {}
    for row in table(f"parameters_{room}"):
        parameter = Parameter(**{**row, "source_ids": tuple(row.get("source_ids", ()))})
        where = f"parameters_{room}.toml, {parameter.id}"
        _check_provenance(where, parameter.source_ids, parameter.where, parameter.grade)
        if parameter.distribution not in DISTRIBUTIONS:
            raise EvidenceError("evidence-row", f"unknown distribution {parameter.distribution}", where)
        if not all(map(math.isfinite, (parameter.low, parameter.value, parameter.high))):
            raise EvidenceError("evidence-row", "a value or a limit that is not a finite number", where)
        if not parameter.low <= parameter.value <= parameter.high:
            raise EvidenceError("evidence-row", "the value lies outside its own range", where)
        if parameter.distribution != "fixed" and parameter.low == parameter.high:
            raise EvidenceError("evidence-row", "a distribution without a range", where)
        if parameter.id in found:
            raise EvidenceError("evidence-row", "the id stands twice", where)
        found[parameter.id] = parameter
    return found


@cache
def priors() -> dict[str, Prior]:
    """Priors of the hazard, by key."""
    found: dict[str, Prior] = {}
    for row in table("priors"):
        prior = Prior(**{**row, "source_ids": tuple(row.get("source_ids", ()))})
        where = f"priors.toml, {prior.id}"
        _check_provenance(where, prior.source_ids, prior.where, prior.grade)
        if not (math.isfinite(prior.mean) and math.isfinite(prior.sd) and prior.sd > 0):
            raise EvidenceError("evidence-row", "a prior without a spread", where)
        found[prior.key] = prior
    return found


@cache
def claims() -> dict[str, Claim]:
    """What runners are told, with our verdicts, by id."""
    found: dict[str, Claim] = {}
    for row in table("claims"):
        lists = ("seeds", "evidence_for", "evidence_against")
        claim = Claim(**{**row, **{key: tuple(row.get(key, ())) for key in lists}})
        if claim.grade not in GRADES:
            raise EvidenceError("evidence-row", f"unknown grade {claim.grade}", f"claims.toml, {claim.id}")
        found[claim.id] = claim
    return found


def _check_provenance(where: str, source_ids: tuple[str, ...], place: str, grade: str) -> None:
    if not source_ids or not place:
        raise EvidenceError("evidence-row", "a number without a source and the place in it", where)
    unknown = [s for s in source_ids if s not in sources()]
    if unknown:
        raise EvidenceError("evidence-row", f"unknown source {', '.join(unknown)}", where)
    if grade not in GRADES:
        raise EvidenceError("evidence-row", f"unknown grade {grade}", where)
