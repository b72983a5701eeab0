"""Evidence as data: sources, graded claims, parameters and priors. No number loads without source, range and grade."""

from charley.evidence.tables import claims, parameters, priors, sources, table

__all__ = ["claims", "parameters", "priors", "sources", "table"]
