"""What a journal says of causes, in words: what the log moved, what is none of these, and the one change to make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from charley.faces.report.wording import figures as fig
from charley.faces.report.wording import plain_tables
from charley.vocabulary.answer import Why
from charley.vocabulary.units import SECONDS_PER_MINUTE

if TYPE_CHECKING:
    from charley.vocabulary.over_journal import Family, HoursAfter, OneChange, OverJournal

HARD_RULES = {
    "races": "your races and all-out efforts",
    "long": "your runs of an hour and a half or more, since the journal has no race",
    "all": "all your runs, since the journal has neither a race nor a long run",
}
WINDOWS = {
    "first_hour": "in the hour after",
    "one_to_six_hours": "one to six hours after",
    "night": "at night",
}
LEFT_OPEN = 0.1  # of a share: less is not worth a sentence
LITTLE_MOVED = 0.05  # a share that the log moved by less was hardly moved


def named(over: OverJournal) -> list[Family]:
    """The families that the log bears out, the largest share first."""
    return [f for f in over.families if f.named]


def labels(families: list[Family]) -> str:
    """Families within a sentence: "pace and effort, or tired calves and fuel"."""
    return ", or ".join(fig.lower_first(f.label) for f in families)


def title(answer: Why, over: OverJournal, ten: int) -> str:
    """The one sentence at the top: the verdict."""
    runs = fig.count(answer.n_runs, "run")
    if not over.ranked:
        after = sum(h.cramped for h in over.hours_after)
        if after:
            return f"Your calves cramp after runs, not in them: {fig.count(after, 'time')} after, never during."
        if not over.n_answered:
            which = "your run" if answer.n_runs == 1 else f"any of your {runs}"
            return f"You haven't told us whether {which} cramped, so nobody can say why yet."
        return f"No cramp is logged in {runs}: what drives yours, nobody can tell yet."
    found, log = named(over), f"{fig.count(len(over.cramps), 'cramped run')} of {answer.n_runs}"
    other = plain_tables.muscle(over.tables.muscle)
    if other:
        log = f"{log}; {fig.lower_first(other)}"
    if not found:
        return f"{log}. Your log can't tell you why yet."
    sure = "Most likely it's" if over.verdict == "most_likely" else "Your log points to"
    return f"{log}. {sure} {labels(found)}."


def how_sure(answer: Why, over: OverJournal, ten: int, units: str) -> str:
    """What stands behind the verdict, in two or three sentences: the plain table first."""
    if not over.ranked:
        return "Log a cramp, or that there was none, and this begins to answer. Until then studies are all there is."
    said = [plain_tables.first(over.tables, units)]
    if over.tables.leg.stands_out:
        said.append(plain_tables.leg(over.tables.leg))
    found = named(over)
    if found:
        said.append(moved(found[0], ten))
        if over.together:
            said.append(f"Your runs can't separate {labels(found).replace(', or ', ' from ')}: they came together.")
        if over.with_length:
            said.append("Your longer runs had more of it, so it may be how far and how long instead.")
    elif not over.enough:
        said.append("So few cramps say little about causes: this is mostly what is known of runners in general.")
    elif over.tables.standing_out:
        said.append("That isn't enough yet to name a cause.")
    else:
        said.append("No family stands out: each could be left out, and your cramps would hardly look different.")
    said.append(none_of_these(over, ten))
    return " ".join(s for s in said if s)


def moved(family: Family, ten: int) -> str:
    """What the log did to a share: "Your log moved pace and effort from 23 to 49 in 100 (31 to 70)"."""
    label = fig.lower_first(family.label)
    if abs(family.share.mean - family.before.mean) < LITTLE_MOVED:
        return f"Your log has hardly moved {label}: {fig.share_told(family.share, ten)}."
    return (
        f"Your log moved {label} from {fig.number(ten * family.before.middle)} to {fig.share_told(family.share, ten)}."
    )


def none_of_these(over: OverJournal, ten: int) -> str:
    """A candidate like the others."""
    return f"None of these: {fig.share_told(over.none, ten)}."


def family(found: Family, over: OverJournal, ten: int) -> str:
    """One family: its share before and after the log, and whether the log bears it out."""
    share = f"{fig.share_told(found.share, ten)} of these cramps would not have come without it"
    before = fig.share(found.before, ten)
    if not over.ranked:
        return f"{found.label}: {share}."
    what = _left_open(found, ten) if over.enough else ""
    if found.named:
        what = f" Your log bears this out: {fig.told(max(found.open.low, 0.0), ten).removeprefix('about ')} at least."
    if found.share.high < 0:
        what = " In your hard runs it spared you cramps."
    if found.always_there:
        what = " It's there in every hard run of yours, so your log has nothing to compare it with."
    return f"{found.label}: {share}; before your cramps were counted, {before}.{what}"


def _left_open(found: Family, ten: int) -> str:
    """What the log cannot rule out, where that is clearly more than the figure."""
    most = found.open.high
    return f" It may yet be {fig.told(most, ten)}." if most - found.share.high >= LEFT_OPEN else ""


def length(over: OverJournal, ten: int) -> str:
    """How far and how long, as a row of its own."""
    row = over.length
    named = " More than luck." if row.named else ""
    return (
        f"How far and how long: half way into such runs, {fig.share_told(row.share, ten)} of these cramps had not come "
        f"yet.{named} That cramps come late is well known (grade {row.late_grade}); that tired muscles are why is less "
        f"so (grade {row.why_grade})."
    )


def hours_after(found: HoursAfter, ten: int) -> str:
    """A stretch of hours after the run."""
    asked = f"{found.cramped} of {found.asked} that you told us about" if found.asked else "you told us about none"
    return (
        f"{fig.upper_first(WINDOWS[found.window])}: {asked}. After your usual hard run: "
        f"{fig.in_100(found.chance, ten)}."
    )


SEE_TRY = "To see what could be tried: charley try"
WHY_NO_CHANGE = {
    "nothing_stands_out": f"No single change stands out yet. {SEE_TRY}",
    "nothing_to_change": f"No change stands out: your last such run had as little of it as can be asked. {SEE_TRY}",
    "too_little": f"No change stands out: those that we can work out would buy you too little to show. {SEE_TRY}",
}


def change(over: OverJournal, ten: int, units: str) -> str:
    """The one change to make, or why there is none."""
    found = over.change
    if found.code == "weigh_first":
        return (
            "Weigh yourself before and after your next two hard runs (charley log weight). Your log points at heat, "
            "fluid or salt, but not at which of them, and drinking more unseen can do harm."
        )
    if found.without is None or found.with_it is None:
        return WHY_NO_CHANGE.get(found.code, WHY_NO_CHANGE["nothing_stands_out"])
    if fig.chance(found.with_it.mean, ten) == fig.chance(found.without.mean, ten):
        return WHY_NO_CHANGE["too_little"]  # "3 instead of about 3 of 10" would tell nobody anything
    when = "" if found.started_at is None else f" like {found.started_at.day} {found.started_at:%B}"
    buys = f"in runs{when}, {fig.chance(found.with_it.mean, ten)} instead of {fig.told(found.without.mean, ten)}"
    by = "Your log bears that out." if found.by == "log" else "That comes from studies, not from your log."
    return f"{_what(found, units)}: {buys}. {by}"


def _what(found: OneChange, units: str) -> str:
    size = fig.number(found.size)
    minutes = found.costs_s / SECONDS_PER_MINUTE
    costs = f"about {fig.count(round(minutes), 'minute')}" if minutes >= 1 else "less than a minute"
    return {
        "slower_start": f"Start {size} % slower in your next two long races, which costs {costs}",
        "eat_more": f"Eat {size} g of carbohydrate an hour more in your next two long races",
        "longer_before": f"Before your next long race, make your longest run {size} % longer, a little each week",
        "easy_days": f"Keep the {size} days before your next two hard runs easy",
        "cooler": f"For your next two hard runs, choose an hour or a day about {fig.warmth(found.size, units)} cooler",
    }[found.code]
