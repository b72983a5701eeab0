"""Names under which what was computed is kept: another version, or another model, and it is computed anew."""

from __future__ import annotations

from charley.vocabulary.version import __version__

MODEL = "career 16"  # raise it when the same journal would be answered otherwise
ROWS_MODEL, STATES_MODEL, ANSWERS_MODEL, WHOLE_MODEL = (
    f"{kind} {__version__} {MODEL}" for kind in ("rows", "states", "answers", "whole answers")
)
