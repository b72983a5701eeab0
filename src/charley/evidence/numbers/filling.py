"""Fills a room's record from its table."""

from __future__ import annotations

from charley.evidence.tables import parameters, refuse


def values(room: str, names: tuple[str, ...]) -> tuple[float, ...]:
    """The table's values of a room's numbers in the order of ``names``; EvidenceError where the two do not agree."""
    rows = parameters(room)
    if names != tuple(key for key in rows if "." not in key):
        raise refuse("the record and the table name different numbers; run: python scripts/make_numbers.py", room)
    return tuple(rows[name].value for name in names)
