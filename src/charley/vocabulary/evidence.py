"""What stands behind a number: a source, a graded claim, a parameter with its range."""

from __future__ import annotations

from dataclasses import dataclass

GRADES = {
    "A": "several sound studies that agree",
    "B": "one sound experiment, or a large observation",
    "C": "small, confounded or unblinded",
    "D": "expert opinion, borrowed from another question, or our own assumption",
}


@dataclass(frozen=True, slots=True)
class Source:
    """One publication (or the statement that something is our assumption). ``seen`` says how it was read."""

    id: str
    citation: str
    year: int | None
    reference: str  # DOI, PMID, PMC or "" where there is none
    seen: str  # "abstract", "full text", "secondary", "recalled", "own"
    finding: str = ""  # one sentence in our words
    interest: str = ""  # who pays, where that matters


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of a model. ``low`` and ``high`` bound the middle 95 in 100 (or the plausible range, see ``spread``)."""

    id: str
    value: float
    unit: str
    low: float
    high: float
    distribution: str  # "normal", "lognormal", "beta", "uniform", "fixed"
    source_ids: tuple[str, ...]
    where: str
    grade: str
    personal: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Prior:
    """A prior on the log-hazard scale (or the scale that ``unit`` names): normal with ``mean`` and ``sd``.

    ``sign`` is "positive" where the sign is certain or the scale cannot be negative; else draws may fall on both sides.
    """

    id: str
    key: str
    label: str  # what a runner reads
    unit: str
    mean: float
    sd: float
    role: str  # "baseline", "core", "optional", "alternative", "bridge", "acute", "excluded"
    sign: str  # "signed", "positive"
    source_ids: tuple[str, ...]
    where: str
    grade: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement that runners are told, with our verdict. ``seeds`` names the documents that make it (S0 to S4)."""

    id: str
    seeds: tuple[str, ...]
    text: str
    theory: str
    verdict: str
    grade: str
    evidence_for: tuple[str, ...]
    evidence_against: tuple[str, ...]
    answer: str
