"""Evidence as data: sources, graded claims, parameters and priors. No number loads without source, range and grade."""

from charley.evidence.ledger import claims, contradictions, questions
from charley.evidence.tables import parameters, priors, sources, table

__all__ = ["claims", "contradictions", "parameters", "priors", "questions", "sources", "table"]
