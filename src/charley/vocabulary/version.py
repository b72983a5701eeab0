"""The version of this Charley: the same as in pyproject.toml and CITATION.cff, which a test compares."""

__version__ = "0.1.0"
