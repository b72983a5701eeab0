"""Triage of calf trouble: warning signs in, an urgency out, by a table of rules that can only raise it.

A rule fires when at least one sign of each of its groups is present; no rule asks for the absence of a sign and none
takes another back. So one more sign never lowers the urgency. No score of any clinic is computed, and no outcome says
that someone is well: the mildest one is self-care together with what would change it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from charley.advice.tables import load
from charley.vocabulary.errors import UsageError

URGENCIES = ("self_care", "see_someone", "urgent", "emergency")  # from the mildest to the gravest
NOT_SCREENED = "not_screened"
NONE = "none"  # the word for "asked, and none of the signs is present"


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that is asked. ``short``: its name in a sentence; ``also``: other spellings.

    ``group``: "body", "leg", "pattern" or "you".
    """

    id: str
    short: str
    group: str
    ask: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScreenRow:
    """One line of the first screen, and the flags that it stands for."""

    id: str
    text: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table.

    ``needs``: groups of flags, of each of which one must be there; ``forbids``: words for what must not be done;
    ``claim_ids``: what is told of it to those who ask.
    """

    id: str
    claim_ids: tuple[str, ...]
    condition: str
    urgency: str
    needs: tuple[tuple[str, ...], ...]
    do: tuple[str, ...]
    forbids: tuple[str, ...]
    why: str
    changes: str
    source_ids: tuple[str, ...]
    where: str
    grade: str
    tell: str = ""

    def fires(self, present: frozenset[str]) -> bool:
        """True when the signs that are present meet every need of the rule."""
        return all(any(flag in present for flag in group) for group in self.needs)


@dataclass(frozen=True, slots=True)
class Triage:
    """The outcome: ``rules`` are all that fired, the gravest first; ``forbids`` and ``tell`` are gathered over them."""

    urgency: str
    flags: tuple[str, ...] | None
    rules: tuple[Rule, ...]
    version: int

    @property
    def forbids(self) -> frozenset[str]:
        """What must neither be done nor offered."""
        return frozenset(word for rule in self.rules for word in rule.forbids)

    @property
    def leading(self) -> tuple[Rule, ...]:
        """The rules that set the urgency."""
        return tuple(rule for rule in self.rules if rule.urgency == self.urgency)

    def steps(self, most: int | None = None) -> tuple[str, ...]:
        """What the rules that set the urgency ask for, or the first ``most`` of them, no sentence twice."""
        return tuple(dict.fromkeys(do for rule in self.leading[:most] for do in rule.do))


@cache
def flags() -> dict[str, Flag]:
    """All that can be asked, by id."""
    rows = (Flag(**{**row, "also": tuple(row.get("also", ()))}) for row in load("triage")["flag"])
    return {flag.id: flag for flag in rows}


@cache
def screen() -> tuple[ScreenRow, ...]:
    """The first screen."""
    return tuple(ScreenRow(row["id"], row["text"], tuple(row["flags"])) for row in load("triage")["screen"])


@cache
def rules() -> tuple[Rule, ...]:
    """The table, in its own order."""
    return tuple(
        Rule(
            **{
                **row,
                "needs": tuple(tuple(group) for group in row["needs"]),
                "claim_ids": tuple(row["claim_ids"]),
                "do": tuple(row["do"]),
                "forbids": tuple(row["forbids"]),
                "source_ids": tuple(row["source_ids"]),
            }
        )
        for row in load("triage")["rule"]
    )


def read_flags(text: str) -> tuple[str, ...]:
    """Flag ids from a list with commas, or from free text; "none" alone means asked and absent.

    Raises UsageError for an empty list, for "none" beside a sign, and where no sign is heard in the words.
    """
    words = [word.strip().lower().replace("-", "_").replace(" ", "_") for word in text.split(",")]
    words = [word for word in words if word]
    if not words:
        raise UsageError("flags-empty", "an empty list of warning signs", "--flags")
    if NONE in words:
        if set(words) != {NONE}:
            raise UsageError("flags-none", '"none" beside a warning sign', "--flags")
        return ()
    known = {other: flag.id for flag in flags().values() for other in (flag.id, *flag.also)}
    named = [known[word] for word in words if word in known]
    if len(named) < len(words):
        from charley.advice.hearing import hear  # only where the words are no names: the ear reads its own tables

        heard = hear(text).signs
        if not named and not heard:
            raise UsageError("flags-unknown", f"no warning sign heard in: {text.strip()[:60]}", "--flags")
        named += heard
    return tuple(dict.fromkeys(named))


def triage(present: Iterable[str] | None) -> Triage:
    """The urgency for the flag ids that are present; None = nobody was asked, () = asked and none present."""
    version = load("triage")["version"]
    if present is None:
        return Triage(NOT_SCREENED, None, (), version)
    given = tuple(dict.fromkeys(present))
    fired = [rule for rule in rules() if rule.fires(frozenset(given))]
    fired.sort(key=lambda rule: -URGENCIES.index(rule.urgency))  # stable: the table's order within an urgency
    urgency = fired[0].urgency if fired else URGENCIES[0]
    return Triage(urgency, given, tuple(fired), version)
