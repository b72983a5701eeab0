"""Which questions to take to a doctor, from the signs, conditions and medicines that were named."""

from __future__ import annotations

from collections.abc import Iterable

from charley.advice.tables import load
from charley.vocabulary.doctor import ToAsk

ABOUT = ("deficiency", "medicine", "condition")


def to_ask(named: Iterable[str]) -> tuple[ToAsk, ...]:
    """The questions that are always asked, and those for what was ``named``: ids of signs, conditions, medicines."""
    there = set(named)
    rows = [row for row in load("doctor")["question"] if not row["needs"] or there & set(row["needs"])]
    rows.sort(key=lambda row: ABOUT.index(row["group"]))  # stable: the table's order within each
    return tuple(ToAsk(row["id"], row["group"], row["text"], tuple(row["rules"])) for row in rows)
