"""Evidence as data: sources, graded claims, parameters and priors. No number loads without source, range and grade.

Tables are read when they are first asked for. Look-ups that few callers need stand in ``evidence.studies``
(interventions, guidelines, experiments kept aside, the two-class baseline).
"""

from charley.evidence.citations import standing_on
from charley.evidence.ledger import claims, contradictions, questions
from charley.evidence.studies import experiments, incidence, risk_factors, safety
from charley.evidence.tables import factors, families, parameters, priors, sources, table

__all__ = [
    "claims",
    "contradictions",
    "experiments",
    "factors",
    "families",
    "incidence",
    "parameters",
    "priors",
    "questions",
    "risk_factors",
    "safety",
    "sources",
    "standing_on",
    "table",
]
