"""What stands behind a number or a sentence: sources, parameters, priors, and the claims that runners hear."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from charley.vocabulary.normal import Z_975

if TYPE_CHECKING:  # NumPy is not loaded for words
    from charley.vocabulary.arrays import Floats

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
    background: bool = False  # read when the models were chosen, but no row or line of code rests on it


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

    @property
    def sd(self) -> float:
        """SD of the normal that has its middle 95 in 100 between ``low`` and ``high``."""
        return (self.high - self.low) / (2 * Z_975)

    @property
    def log_sd(self) -> float:
        """SD of the logarithm of the lognormal that has its middle 95 in 100 there."""
        return math.log(self.high / self.low) / (2 * Z_975)


@dataclass(frozen=True, slots=True)
class Field:
    """What an average field of runners looks like in one factor: ``value`` is its mean, in the unit of the prior."""

    value: float
    unit: str
    low: float
    high: float
    spread: str  # "share": yes or no; "count": a skewed number
    source_ids: tuple[str, ...]
    where: str
    grade: str

    @property
    def sd(self) -> float:
        """Spread between runners: Bernoulli for a share, else of the size of the mean."""
        return math.sqrt(self.value * (1 - self.value)) if self.spread == "share" else self.value


@dataclass(frozen=True, slots=True)
class Factor:
    """What makes a prior a factor of a run or of a person, beside its slope.

    ``how``: "run" (worked out along the run), "told" (of a run, only when it is said) or "person" (of the runner).
    """

    how: str
    family: str = ""  # in which it is reported; "" for a person
    scale: float = 1.0  # of the covariate to ``seen_unit``
    seen_unit: str = ""
    seen: str = ""  # the words behind the figure: "4 % faster than your own level so far"
    about: str = ""  # what an answer to ``--about KEY=ANSWER`` means; "" where none is taken
    above: float = 0.0  # an answer counts from here on ...
    per: float = 1.0  # ... in steps of so much
    most: float = 1.0  # the largest answer that can be; 1 where it is yes or no
    field: Field | None = None

    @property
    def yes_or_no(self) -> bool:
        """True where the answer is no number."""
        return self.about.startswith("yes or no")

    def counted(self, answer: float) -> float:
        """An answer in the unit of the prior, the field's mean taken off."""
        value = max(answer - self.above, 0.0) / self.per if self.above else answer / self.per
        return value - (self.field.value if self.field else 0.0)

    def counted_all(self, answers: Floats) -> Floats:
        """The same for many people, an array of any shape."""
        value = (answers - self.above).clip(0.0) if self.above else answers
        return value / self.per - (self.field.value if self.field else 0.0)


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
    claim_ids: tuple[str, ...]  # what is told of it
    note: str = ""
    factor: Factor | None = None


VERDICTS = {
    "supported": "the studies that exist agree",
    "supported_in_part": "a part of it holds",
    "plausible": "it fits, but was not tested as it is said",
    "unproven": "no study that could tell",
    "not_supported": "studies looked and found nothing",
    "contradicted": "studies found the opposite",
    "unsafe": "following it can do harm",
    "unknown": "no figures exist",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement that runners are told, with our verdict. ``seeds`` names the documents that make it (S0 to S4).

    ``evidence_for`` and ``evidence_against`` name rows of the tables of studies; ``source_ids`` are further sources.
    ``grade`` is the strength of the verdict, not of the statement.
    """

    id: str
    headline: str  # the verdict in a sentence
    seeds: tuple[str, ...]
    text: str
    theory: str
    verdict: str  # a key of VERDICTS
    verdict_text: str
    grade: str
    evidence_for: tuple[str, ...]
    evidence_against: tuple[str, ...]
    used_by: str
    answer: str
    source_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a contradiction: who says it (documents, or rows of studies) and what."""

    who: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Where the documents contradict each other or the studies, and what the studies say."""

    id: str
    about: str
    sides: tuple[Side, ...]
    finding: str
    claim_ids: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question that runners ask, with the claims that answer it, best first, and words that point to it."""

    id: str
    text: str
    claim_ids: tuple[str, ...]
    words: tuple[str, ...]
