"""The first screen of an answer: what happened, what most likely drove it, what to change next, what to tell us.

A terminal shows it in 24 lines and a phone on one screen; everything else follows under headings.
"""

from __future__ import annotations

from dataclasses import dataclass

from charley.faces.report.wording import asked, for_you, journal_sections, words
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording.people import people_differ
from charley.vocabulary.answer import Driver, Why, WouldTell

MOST_NAMED = 3  # factors that studies would look at first
WORTH_NAMING = 0.05  # a share whose upper limit stays below this is not worth a look
A_LOT_BITS, SOMETHING_BITS = 0.5, 0.1  # of one bit, which would settle a yes or no


@dataclass(frozen=True, slots=True)
class FirstScreen:
    """Each part is one short paragraph; ``command``: how to tell us what ``tell`` asks for; ``for_you``: what is said
    to a runner of this experience, or ""."""

    for_you: str
    title: words.Title
    occasion: str
    chance: str
    cause: str
    change: str
    tell: str
    command: str


def build(answer: Why, units: str) -> FirstScreen:
    """The first screen for one run, or for a journal."""
    steps, _ = words.steps_that_tell(answer)
    first = steps[0] if steps else None
    return FirstScreen(
        for_you=next(iter(for_you.sentences(answer.for_you, units)), ""),
        title=words.title(answer, units),
        occasion=words.occasion(answer, units) if answer.journal is None else journal_sections.span(answer),
        chance=_chance(answer, units),
        cause=_cause_of_one_run(answer) if answer.journal is None else journal_sections.cause(answer, units),
        change=_change(answer, units),
        tell="" if first is None else f"{fig.upper_first(asked.step(first))}: {worth(first)}.",
        command="" if first is None else words.with_file(asked.command(first, answer), answer, units),
    )


def worth(step: WouldTell) -> str:
    """What a step is expected to bring, in words: it can also leave the answer at "can't tell"."""
    bits = step.expected_information_bits
    if bits >= A_LOT_BITS:
        return "that would tell a lot"
    return "that would tell something" if bits >= SOMETHING_BITS else "that would tell a little"


def _chance(answer: Why, units: str) -> str:
    of = fig.denominator(answer)
    if answer.journal is not None:
        next_run, run = answer.journal.next_hard_run, answer.run
        usual = f"in your next hard run of about {fig.distance_with_unit(next_run.distance_m, units, 0)}"
        which = "the latest run that cramped" if answer.cramp else "the run shown here"
        shown = f"{fig.distance_with_unit(run.distance_m, units, 0)} on {run.started_at.day} {run.started_at:%B %Y}"
        beforehand = ", had you known its pace" if answer.cramp else ""
        return (
            f"{fig.upper_first(fig.in_100(next_run.chance, of))} {usual}. In {which} ({shown}){beforehand}: "
            f"{fig.in_100(answer.chance, of)}."
        )
    far = fig.distance_with_unit(answer.base_distance_m, units)
    when = "before the start, " if answer.cramp else ""
    people = people_differ(answer.chance_of_people)
    return (
        f"{fig.upper_first(fig.in_100(answer.chance, of))} {when}in a run like this. {people}{' ' * bool(people)}"
        f"Runners in general, racing {far}: {fig.in_100(answer.base_rate, of)}."
    )


def _cause_of_one_run(answer: Why) -> str:
    found = first_looked_at(answer)
    if not found:
        return (
            "Nothing in this run stands out against an evenly paced run at your own level in mild weather. "
            "That comes from studies, not from you: one run can't rank causes."
        )
    of = fig.denominator(answer)
    first, rest = found[0], found[1:]
    such = f"{of} such cramps" if answer.cramp else f"{of} cramps in such runs"
    text = (
        f"Studies would look first at “{fig.lower_first(fig.clean(first.label))}”: of {such}, "
        f"{fig.share(first.share, of)} wouldn't have come without it."
    )
    if rest:
        then = "; ".join(f"{fig.lower_first(fig.clean(d.label))}, {fig.share(d.share, of)}" for d in rest)
        text += f" Then {then}."
    return (
        f"{text} About {fig.chance(answer.unexplained.middle, of)} would have come anyway. One run can't rank causes."
    )


def first_looked_at(answer: Why) -> list[Driver]:
    """The factors that studies would look at first in this run: those that may matter, the largest first."""
    worth_it = [d for d in answer.drivers if d.share.high >= WORTH_NAMING]
    return sorted(worth_it, key=lambda d: (-d.share.mean, -d.share.high))[:MOST_NAMED]


def _change(answer: Why, units: str) -> str:
    if answer.journal is not None:
        return journal_sections.change(answer, units)
    return "Nothing yet: one run can't single out one change. Log your hard runs, the ones without a cramp too."
