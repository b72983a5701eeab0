"""What a model noted about a result, in words and in the reader's units."""

from __future__ import annotations

from collections.abc import Callable

from charley.faces.report.wording import figures as fig
from charley.vocabulary.note import Note

Wording = Callable[[Note, str], str]

_TEMPERATURE_FROM = {
    "watch": "your watch's own reading, which your wrist warms",
    "climate": "the latitude and the month",
    "usual": "what is usual for running",
}


def _of_bodies(note: Note) -> str:
    return f"In {fig.number(100 * note.value('share'))} of 100 plausible bodies"


def other_sports(note: Note) -> str:
    """What came before a run, or between its legs, without the full stop."""
    names = fig.listing([name.replace("_", " ") for name in note.detail])
    spans = (("Before the run", note.value("before_s")), ("Between its legs", note.value("between_s")))
    when = [f"{where} came {fig.clock(seconds)}" for where, seconds in spans if seconds]
    said = fig.listing([when[0], *(fig.lower_first(one) for one in when[1:])])
    return f"{said} of {names}; it cost you heat, water and fuel, but it doesn't count as running"


# Whole sentences without their full stop, by code.
_SENTENCES: dict[str, Wording] = {
    "one-run": lambda n, u: "All of this answer comes from published studies, so no cause is ranked",
    "gap-bridged": lambda n, u: (
        f"{fig.clock(n.value('seconds'))} without a recording, filled in at the pace on either side"
    ),
    "other-sports": lambda n, u: other_sports(n),
    "speed-capped": lambda n, u: (
        f"The file shows speeds above {fig.pace(n.value('speed_m_s'), u)}, faster than anyone runs; "
        "they were cut to that"
    ),
    "long-steps": lambda n, u: f"This run is so long that it was worked out in steps of {n.value('step_s'):.0f} s",
    "drink-drawn": lambda n, u: "You didn't say what you drank, so the usual range was taken",
    "temperature-drawn": lambda n, u: (
        f"You didn't give the air temperature, so it was estimated from {_TEMPERATURE_FROM[n.detail[0]]}"
    ),
    "air-drawn": lambda n, u: f"You didn't give the {_listed(n)}, so the usual range was taken",
    "slope-cost": lambda n, u: (
        f"Slopes steeper than {_percent(n, 'grade')} are taken as {_percent(n, 'grade')}: nobody has measured steeper"
    ),
    "braking": lambda n, u: (
        f"On descents steeper than {_percent(n, 'grade')} runners brake, and what that costs is uncertain"
    ),
    "sweat-in-the-cold": lambda n, u: (
        f"Below {fig.temperature(n.value('temp_c'), u)} sweat depends on what you wore, and the model has not been "
        "checked against runners there"
    ),
    "heat-model": lambda n, u: (
        f"Above {fig.temperature(n.value('temp_c'), u)} the heat model has not been checked against runners"
    ),
    "durability": lambda n, u: (
        "Beyond two hours of hard running, how pace fades is extrapolated from tests of 90 and 120 minutes"
    ),
    "above-ceiling": lambda n, u: (
        f"{_of_bodies(n)} the pace asks for more than {_percent(n, 'ceiling')} of the most oxygen a body can use: "
        "your level, or the speed or slope in the file, is wrong"
    ),
    "above-level": lambda n, u: (
        f"{_of_bodies(n)} you ran faster than the level that was assumed: your level must be higher"
    ),
    "temperature-held": lambda n, u: (
        f"{_of_bodies(n)} core or skin reached a temperature at which nobody keeps running; it was held there"
    ),
    "drink-refused": lambda n, u: (
        f"{_of_bodies(n)} part of what was drunk would not have fitted in the stomach; it was left out"
    ),
    "had-slowed": lambda n, u: f"You had already slowed by {_percent(n, 'share')} in the minutes before",
    "regular-walks": lambda n, u: "Walks of about this length come at regular distances through the run",
    "stopped-dead": lambda n, u: (
        f"You stopped within {n.value('within_s'):.0f} s from {_steps(n)}, and were slower from then on"
    ),
    "neither": lambda n, u: "Neither abrupt nor a fade",
    "pace-came-back": lambda n, u: "Your pace came back afterwards",
}


def sentence(note: Note, units: str) -> str:
    """The note as a sentence without its full stop."""
    return _SENTENCES[note.code](note, units)


def codes() -> frozenset[str]:
    """Every code that has a sentence."""
    return frozenset(_SENTENCES)


def _percent(note: Note, name: str) -> str:
    return f"{fig.number(100 * abs(note.value(name)))} %"


def _listed(note: Note) -> str:
    return fig.listing(list(note.detail))


def _steps(note: Note) -> str:
    steps = dict(note.values).get("cadence_spm")
    return "full pace" if steps is None else f"{fig.number(steps)} steps a minute"
