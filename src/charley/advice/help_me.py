"""A cramp, now: the warning signs first, then what to do. Works without data, journal or network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from charley.advice.emergency import call_line
from charley.advice.relief import Step, relief
from charley.advice.triage import NOT_SCREENED, Rule, ScreenRow, Triage, screen, triage
from charley.advice.triage import flags as all_flags
from charley.vocabulary.words import words

# tokens that a rule may forbid and a person should hear of, in the order in which they are said
SAID = ("mouth", "stretch", "massage", "compression", "heat", "ice", "jog")


@dataclass(frozen=True, slots=True)
class HelpMe:
    """What to do now. ``steps`` in order; ``changes`` says what would make it more urgent, at any urgency.

    ``denied`` are signs that the runner's own words say are not there, by name.
    """

    urgency: str
    headline: str
    muscle: str
    place: str
    flags: tuple[str, ...] | None
    denied: tuple[str, ...]
    screen: tuple[ScreenRow, ...]
    steps: tuple[Step, ...]
    do_not: tuple[str, ...]
    tell: tuple[str, ...]
    why: tuple[str, ...]
    changes: tuple[str, ...]
    rules: tuple[Rule, ...]
    version: int


def help_me(
    flags: Iterable[str] | None = None,
    muscle: str = "calf",
    place: str = "land",
    country: str | None = None,
    denied: Iterable[str] = (),
) -> HelpMe:
    """Relief and triage in one. ``flags``: ids that are present, () = asked and none, None = not asked yet.

    ``denied``: ids that were said not to be there. Raises UsageError for an unknown muscle, place or country. Without
    answers the steps begin with the screen itself.
    """
    outcome = triage(flags)
    forbidden = outcome.forbids
    steps = list(relief(muscle, place, forbidden))
    if outcome.urgency == NOT_SCREENED:
        # the place comes before all else (nobody reads a list in deep water), the screen before any stretch
        steps.insert(1, Step("screen", words("help_me.check_first"), "screen"))
    elif outcome.urgency == "self_care":
        steps = [*_own_steps(outcome, "self_care"), *(steps if "relief" not in forbidden else steps[:1])]
    else:
        # in water or on a road that comes first whatever else is true; the rest of relief only where it is allowed
        first = steps[:1] if place in ("water", "road") else []
        gentle = outcome.urgency == "see_someone" and not forbidden & {"stretch", "relief"}
        shown = [step for step in steps if step.uses in ("stop", "stretch", "walk", "log")] if gentle else []
        steps = list(dict.fromkeys([*first, *_own_steps(outcome, outcome.urgency), *shown]))
    return HelpMe(
        urgency=outcome.urgency,
        headline=call_line(country) if outcome.urgency == "emergency" else words(f"urgency.{outcome.urgency}"),
        muscle=muscle,
        place=place,
        flags=outcome.flags,
        denied=tuple(all_flags()[sign].short for sign in denied),
        screen=screen(),
        steps=tuple(steps),
        do_not=tuple(words(f"do_not.{word}") for word in SAID if word in forbidden),
        tell=tuple(dict.fromkeys(rule.tell for rule in outcome.rules if rule.tell)),
        why=_why(outcome, steps),
        changes=_changes(outcome),
        rules=outcome.rules,
        version=outcome.version,
    )


def _own_steps(outcome: Triage, urgency: str) -> list[Step]:
    """What the rules themselves ask for, those that set the urgency first, no sentence twice."""
    steps: dict[str, Step] = {}
    rules = outcome.leading if urgency in ("emergency", "urgent") else outcome.rules
    for rule in rules:
        for number, text in enumerate(rule.do):
            steps.setdefault(
                text, Step(f"{rule.id}.{number}", text, "care", rule.why, None, rule.source_ids, rule.grade)
            )
    return list(steps.values())


def _why(outcome: Triage, steps: list[Step]) -> tuple[str, ...]:
    """The reasons of the rules, then those of the steps that are shown."""
    reasons = [rule.why for rule in outcome.rules] + [step.why for step in steps if step.why]
    return tuple(dict.fromkeys(reasons))


def _changes(outcome: Triage) -> tuple[str, ...]:
    """What would make it more urgent: the rules' own lines, and the standing ones where care can wait."""
    lines = [rule.changes for rule in outcome.rules if rule.changes]
    if outcome.urgency not in ("emergency", "urgent"):
        lines += [words("changes.signs"), words("changes.ten_minutes"), words("changes.later")]
    if outcome.urgency in (NOT_SCREENED, "self_care"):
        lines.append(words("changes.often"))
    return tuple(dict.fromkeys(lines))
