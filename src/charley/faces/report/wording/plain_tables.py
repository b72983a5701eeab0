"""The plain tables of a journal in words: what was counted, and how often luck alone splits cramps as cleanly."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from charley.faces.report.wording import figures as fig

if TYPE_CHECKING:
    from charley.vocabulary.over_journal import LegTable, Misfit, MuscleTable, PlainTable, PlainTables

NO_PROOF = "That isn't proof: whatever always came along with it would look the same."

# What was compared; the runs beyond the line; the runs on this side of it.
_Words = tuple[str, "Callable[[PlainTable, str], str]", str]
_TABLES: dict[str, _Words] = {
    "fast_start": ("How you started", lambda t, u: f"{_percent(_cut(t))} % or more above your own level", "slower"),
    "distance": ("Distance", lambda t, u: f"{fig.distance_with_unit(_cut(t), u)} or more", "shorter"),
    "beyond_longest": (
        "Against your longest recent run", lambda t, u: f"{_percent(100 * _cut(t))} % longer", "not so long",
    ),
    "heat": ("Heat", lambda t, u: f"{fig.temperature(_cut(t), u)} or more", "cooler"),
    "drink": ("Drinking", lambda t, u: f"{_drink(_cut(t), u)} an hour or more", "less"),
    "hills": ("Descents", lambda t, u: f"{fig.short_distance(_cut(t), u)} down or more", "less"),
    "volume": ("The four weeks before", lambda t, u: f"at least {_percent(100 * _cut(t))} % of your usual", "less"),
    "shoe_age": ("Age of your shoes", lambda t, u: f"{fig.distance_with_unit(_cut(t), u, 0)} or more", "newer"),
    "hour": ("Time of day", lambda t, u: f"{_cut(t):.0f}:00 or later", "earlier"),
    "summer": ("Time of year", lambda t, u: "May to October", "November to April"),
    "tight_calves": ("Tight calves beforehand", lambda t, u: "told", "not told"),
    "bad_sleep": ("Bad sleep", lambda t, u: "told", "not told"),
    "pair": ("Shoes", lambda t, u: f"“{fig.clean(t.name)}”", "other pairs"),
}  # fmt: skip
_MISFITS: dict[str, str] = {
    "count": "{seen} of your hard runs cramped, where the model would expect about {expected}",
    "halves": "your cramps came much more in one half of these runs than the model expects",
    "spells": "your cramps came one run after the other more often than the model expects",
    "split": "no simulated log shows a split as clean as the one at the top of the table",
}


def name(table: PlainTable) -> str:
    """What was compared: "Heat"."""
    return _TABLES[table.id][0]


def sides(table: PlainTable, units: str) -> tuple[str, str]:
    """The two sides of a line: "18 °C or more", "cooler"."""
    _, beyond, other = _TABLES[table.id]
    return beyond(table, units), other


def verdict(table: PlainTable) -> str:
    """Whether luck explains it."""
    return "stands out" if table.stands_out else "can't tell" if table.alone < 0.1 else "no sign"


def counts(table: PlainTable, units: str) -> str:
    """The table in one sentence: "Heat: 18 °C or more, 3 of 7 cramped; cooler, 5 of 9"."""
    beyond, other = sides(table, units)
    return (
        f"{name(table)}: {beyond}, {table.beyond_cramped} of {table.beyond_runs} cramped; "
        f"{other}, {table.other_cramped} of {table.other_runs}"
    )


def first(tables: PlainTables, units: str) -> str:
    """What stands out, with how often luck does that; "" where nothing does."""
    if not tables.standing_out:
        return ""
    table = tables.standing_out[0]
    return f"{counts(table, units)}. {luck(table.by_chance, tables.looked_at)}"


def luck(by_chance: float, looked_at: int) -> str:
    """How often luck makes any of the tables as clean."""
    compared = f"one of the {looked_at} things we compared" if looked_at > 1 else "the one thing we compared"
    return f"Luck alone splits {compared} as cleanly in {logs(by_chance)}."


def logs(share: float) -> str:
    """How often, in logs: "about 1 log in 120", "about 4 logs in 10", "nearly every log"."""
    if share >= 0.95:
        return "nearly every log"
    if share >= 0.15:
        return f"about {fig.number(10 * share)} logs in 10"
    return f"about 1 log in {_round(1 / max(share, 1e-4))}" if share >= 1e-4 else "less than 1 log in 10,000"


def _round(value: float) -> str:
    """To two figures: 118 is 120."""
    digits = max(0, len(str(int(value))) - 2)
    return f"{round(value / 10**digits) * 10**digits:,}"


def lines(tables: PlainTables, units: str) -> tuple[str, ...]:
    """Every table, the cleanest first."""
    return tuple(f"{counts(t, units)} ({verdict(t)})." for t in tables.tables)


def leg(table: LegTable) -> str:
    """Left against right; "" where no side was told."""
    if not table.left + table.right:
        return ""
    most = max(table.left, table.right)
    if not table.stands_out:
        told = f"Cramps by leg: {table.left} left and {table.right} right"
        return f"{told}. Luck alone is as one-sided in {logs(table.by_chance)}."
    return (
        f"{most} of {table.left + table.right} were in your {table.side} leg; luck alone does that in "
        f"{logs(table.by_chance)}. An old injury, a nerve at the back, the calf itself? Have someone look at "
        "that leg."
    )


def muscle(table: MuscleTable) -> str:
    """Another muscle than the calf, where that stands out."""
    if not table.stands_out or table.other is None:
        return ""
    told = sum(n for _, n in table.counts)
    return f"{dict(table.counts)[table.other]} of {told} first cramps came in the {muscle_name(table.other)}"


def muscle_name(muscle: str) -> str:
    """A muscle within a sentence: "hamstring"."""
    return fig.clean(muscle).replace("_", " ")


def misfit(found: Misfit) -> str:
    """What the log shows and the model hardly ever makes."""
    said = _MISFITS[found.code].format(seen=fig.number(found.seen), expected=fig.number(found.expected))
    return (
        f"The model doesn't fit your log: {said} (about 1 simulated log in {_round(1 / max(found.by_model, 1e-4))}). "
        "Trust the table more than the model."
    )


def _cut(table: PlainTable) -> float:
    return 0.0 if table.cut is None else table.cut


def _percent(value: float) -> str:
    return fig.number(value, 0 if abs(value) >= 9.5 else 1).removesuffix(".0")


def _drink(litres_h: float, units: str) -> str:
    from charley.vocabulary.units import LITRES_PER_US_FLUID_OUNCE

    ounces = fig.number(litres_h / LITRES_PER_US_FLUID_OUNCE)
    return f"{ounces} fl oz" if units == "imperial" else f"{fig.number(litres_h, 1)} L"
