"""Rows of the evidence tables as they stand in their files, for an answer that has to come in a blink.

``charley.evidence`` builds and checks every row, which costs more than the whole answer; that is done in the tests
(each claim that ``ask`` can give is loaded there both ways), so that here the plain rows are enough.
"""

from __future__ import annotations

import os
import tomllib
from functools import cache
from typing import Any

_FOLDER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "evidence", "data")


@cache
def rows(table: str) -> tuple[dict[str, Any], ...]:
    """All rows of ``<table>.toml``, which holds one array."""
    return tuple(next(iter(tomllib.loads(_text(table)).values())))


@cache
def row(table: str, row_id: str) -> dict[str, Any] | None:
    """One row alone, cut out of its table before it is parsed; None where the table does not hold it."""
    text = _text(table)
    at = text.find(f'\nid = "{row_id}"\n')
    if at < 0:
        return None
    start = text.rfind("\n[[", 0, at) + 1
    end = text.find("\n[[", at)
    arrays = tomllib.loads(text[start : end if end > 0 else len(text)])
    return dict(next(iter(arrays.values()))[0])


@cache
def _text(table: str) -> str:
    with open(os.path.join(_FOLDER, f"{table}.toml"), encoding="utf-8") as file:
        return f"\n{file.read()}"
