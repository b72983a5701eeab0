"""Reads the tables of numbers and refuses a row that does not say where it comes from.

A table is read when it is first asked for and kept. Other rows of evidence: ``studies.py`` and ``ledger.py``.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from charley.vocabulary.errors import EvidenceError
from charley.vocabulary.evidence import GRADES, Factor, Field, Parameter, Prior, Source

DATA = Path(__file__).with_name("data")
DISTRIBUTIONS = frozenset({"normal", "lognormal", "beta", "uniform", "fixed"})
ROLES = frozenset({"baseline", "core", "optional", "alternative", "bridge", "acute", "excluded"})
HOWS = frozenset({"run", "told", "person"})
SPREADS = frozenset({"share", "count"})
SIGNS = frozenset({"signed", "positive"})
SEEN = frozenset({"abstract", "full text", "secondary", "recalled", "own"})

Row = TypeVar("Row")


@cache
def table(name: str) -> tuple[dict[str, Any], ...]:
    """Rows of ``data/<name>.toml``, which holds exactly one array of tables.

    Read from ``data/built/<name>.json``, which is quicker, as long as that was made from the table as it now is.
    """
    content = (DATA / f"{name}.toml").read_bytes()
    built = DATA / "built" / f"{name}.json"
    if built.is_file():
        made = json.loads(built.read_bytes())
        if made["crc32"] == zlib.crc32(content):
            return tuple(made["rows"])
    return parsed(content, f"{name}.toml")


@cache
def tables_sha256() -> str:
    """SHA-256 of all tables of evidence, in hex: other numbers, another name."""
    total = sha256()
    for path in sorted(DATA.glob("*.toml")):
        total.update(path.name.encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def parsed(content: bytes, where: str) -> tuple[dict[str, Any], ...]:
    """The rows of a table's text; EvidenceError where it does not hold exactly one array of tables."""
    import tomllib  # about 5 ms that a current built file saves

    arrays = [value for value in tomllib.loads(content.decode()).values() if isinstance(value, list)]
    if len(arrays) != 1:
        raise refuse(f"{len(arrays)} arrays of rows where one is expected", where)
    return tuple(arrays[0])


def refuse(found: str, where: str) -> EvidenceError:
    """The error for a row that breaks the rules of the tables."""
    return EvidenceError("evidence-row", found, where)


def by_id(name: str, build: Callable[[dict[str, Any]], Row], key: str = "id") -> dict[str, Row]:
    """All rows of a table, built and keyed by the attribute ``key``; refuses a row that repeats or lacks one."""
    found: dict[str, Row] = {}
    for values in table(name):
        where = f"{name}.toml, {values.get('id', 'a row without an id')}"
        try:
            row = build({k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})
        except TypeError as error:
            raise refuse(f"a key is missing or unknown ({error})", where) from error
        if getattr(row, key) in found:
            raise refuse(f"{key} {getattr(row, key)} stands twice", where)
        found[getattr(row, key)] = row
    return found


def check_provenance(where: str, source_ids: Iterable[str], place: str, grade: str) -> None:
    """Refuse a row without a known source, the place in it, and a grade."""
    source_ids = tuple(source_ids)
    if not source_ids or not place:
        raise refuse("a number without a source and the place in it", where)
    unknown = [s for s in source_ids if s not in sources()]
    if unknown:
        raise refuse(f"unknown source {', '.join(unknown)}", where)
    if grade not in GRADES:
        raise refuse(f"unknown grade {grade}", where)


def check_word(where: str, what: str, word: str, allowed: Iterable[str]) -> None:
    """Refuse a word that is not one of a fixed set."""
    if word not in allowed:
        raise refuse(f"unknown {what} {word}", where)


@cache
def sources() -> dict[str, Source]:
    """All publications and assumptions, by id."""

    def build(values: dict[str, Any]) -> Source:
        source = Source(**{"year": None, **values})
        check_word(f"sources.toml, {source.id}", "way of reading", source.seen, SEEN)
        return source

    return by_id("sources", build)


@cache
def parameters(room: str) -> dict[str, Parameter]:
    """The numbers of one room ("body", "risk", "neuromuscular", ...), by id."""
    name = f"parameters_{room}"

    def build(values: dict[str, Any]) -> Parameter:
        parameter = Parameter(**{"source_ids": (), "where": "", "grade": "", **values})
        where = f"{name}.toml, {parameter.id}"
        check_provenance(where, parameter.source_ids, parameter.where, parameter.grade)
        check_word(where, "distribution", parameter.distribution, DISTRIBUTIONS)
        if not all(map(math.isfinite, (parameter.low, parameter.value, parameter.high))):
            raise refuse("a value or a limit that is not a finite number", where)
        if not parameter.low <= parameter.value <= parameter.high:
            raise refuse("the value lies outside its own range", where)
        if parameter.distribution != "fixed" and parameter.low == parameter.high:
            raise refuse("a distribution without a range", where)
        return parameter

    return by_id(name, build)


@cache
def priors() -> dict[str, Prior]:
    """Priors of the hazard, by key."""

    def build(values: dict[str, Any]) -> Prior:
        where = f"priors.toml, {values.get('id')}"
        factor = _factor(values["factor"], where) if "factor" in values else None
        prior = Prior(**{"source_ids": (), "where": "", "grade": "", **values, "factor": factor})
        check_provenance(where, prior.source_ids, prior.where, prior.grade)
        check_word(where, "role", prior.role, ROLES)
        check_word(where, "sign", prior.sign, SIGNS)
        if not (math.isfinite(prior.mean) and math.isfinite(prior.sd) and prior.sd > 0):
            raise refuse("a prior without a spread", where)
        return prior

    return by_id("priors", build, key="key")


def _factor(values: dict[str, Any], where: str) -> Factor:
    found = dict(values)
    if "field" in found:
        row: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in found["field"].items()}
        found["field"] = field = Field(**{"source_ids": (), "where": "", "grade": "", **row})
        check_provenance(f"{where}, field", field.source_ids, field.where, field.grade)
        check_word(f"{where}, field", "spread", field.spread, SPREADS)
        if not field.low <= field.value <= field.high:
            raise refuse("the field's mean lies outside its own range", where)
    factor = Factor(**found)
    check_word(where, "way in which a factor is known", factor.how, HOWS)
    if factor.how != "person":
        check_word(where, "family", factor.family, families())
        if not factor.seen:
            raise refuse("a factor of a run without words for its figure", where)
    if factor.how != "run" and not factor.about:
        raise refuse("a factor that is told without words for the answer", where)
    if factor.how != "run" and factor.yes_or_no != (factor.most == 1.0):
        raise refuse("a number that is told without the largest that can be, or a yes or no with one", where)
    if factor.how == "person" and factor.field is None:
        raise refuse("a factor of a person without the mean of a field", where)
    return factor


@cache
def factors(*how: str) -> dict[str, Prior]:
    """Priors that are factors, by key; ``how``: only those known in these ways ("run", "told", "person").

    In the order in which they are shown: that of their families, then that of the table.
    """
    place = {name: i for i, name in enumerate(families())}
    found = [p for p in priors().values() if p.factor is not None and (not how or p.factor.how in how)]
    return {p.key: p for p in sorted(found, key=lambda p: place.get(p.factor.family, -1) if p.factor else -1)}


@cache
def families() -> dict[str, str]:
    """Families of factors, in the order in which they are shown: id to label."""
    return {row["id"]: row["label"] for row in table("families")}
