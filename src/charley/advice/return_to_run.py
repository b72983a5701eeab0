"""The way back to running, after a cramp and after a possible strain."""

from __future__ import annotations

from dataclasses import dataclass

from charley.advice.tables import load
from charley.vocabulary.errors import UsageError

AFTER = ("cramp", "strain")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: when it begins, what to do, and what has to be possible before the next one (``passed_when``)."""

    id: str
    after: str
    when: str
    do: str
    passed_when: str
    why: str
    source_ids: tuple[str, ...]
    grade: str


def return_to_run(after: str = "cramp") -> tuple[Stage, ...]:
    """The stages after a "cramp" or a possible "strain", in order; the last one says when to stop."""
    if after not in AFTER:
        raise UsageError("after-unknown", f"no way back is known after: {after[:40]}", "", f"Valid: {', '.join(AFTER)}")
    return tuple(
        Stage(
            id=row["id"],
            after=row["after"],
            when=row["when"],
            do=row["do"],
            passed_when=row["pass"],
            why=row["why"],
            source_ids=tuple(row["source_ids"]),
            grade=row["grade"],
        )
        for row in load("return")["stage"]
        if row["after"] in (after, "both")
    )
