"""What a result stands on: the publications behind a set of priors, parameters, claims and rows of studies."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from charley.evidence import ledger, studies
from charley.evidence.tables import DATA, parameters, priors, sources
from charley.vocabulary.errors import EvidenceError
from charley.vocabulary.evidence import Source


def standing_on(ids: Iterable[str]) -> tuple[Source, ...]:
    """The sources behind ``ids``, each once, by id; our own assumptions and calculations come last.

    An id is that of a source ("baker-2016"), a prior by number or key ("P11", "pace_excess"), a claim ("K12"), a
    contradiction ("X01"), a row of studies ("E02", "R05", "I01", "D13", "F02", "G01"), or a parameter with its room,
    "body.sweat_gain". EvidenceError names an id that stands nowhere.
    """
    found: set[str] = set()
    for wanted in ids:
        found |= _source_ids(wanted)
    table = sources()
    return tuple(table[i] for i in sorted(found, key=lambda i: (table[i].seen == "own", i)))


@cache
def rooms_with_parameters() -> tuple[str, ...]:
    """Names of the rooms that have a table of parameters."""
    return tuple(sorted(path.stem.removeprefix("parameters_") for path in DATA.glob("parameters_*.toml")))


@cache
def _source_ids(wanted: str) -> frozenset[str]:
    if wanted in sources():
        return frozenset((wanted,))
    room, _, name = wanted.partition(".")
    if name and room in rooms_with_parameters() and name in parameters(room):
        return frozenset(parameters(room)[name].source_ids)
    for prior in priors().values():
        if wanted in (prior.id, prior.key):
            return frozenset(prior.source_ids)
    if wanted in ledger.claims():
        claim = ledger.claims()[wanted]
        return _union(claim.evidence_for + claim.evidence_against) | frozenset(claim.source_ids)
    if wanted in ledger.contradictions():
        return _union(ledger.contradictions()[wanted].evidence)
    row = study(wanted)
    if row is not None:
        return frozenset(row.source_ids)
    raise EvidenceError("evidence-row", f"nothing in the evidence is called {wanted}", "standing_on")


def study(row_id: str) -> studies.Study | None:
    """The row of studies of that id ("E02", "R05", "I01", "D13", "F02", "G01"), or None."""
    for table in studies.BY_LETTER.get(row_id[:1], ()):
        if row_id in table():
            return table()[row_id]
    return None


def _union(ids: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(_source_ids(i) for i in ids))
