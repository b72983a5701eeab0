"""What was missing, what was assumed instead, and what would tell more: labels, sentences and how to give it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charley.faces.report.wording import figures as fig
from charley.faces.report.wording import notes
from charley.vocabulary.answer import Assumed, Missing, Seen, Why, WouldTell
from charley.vocabulary.units import FAHRENHEIT_PER_CELSIUS, METRES_PER_FOOT, METRES_PER_KM, METRES_PER_MILE


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that a file may lack: its name, what it would add, and how to get it (``said``: without a command)."""

    label: str
    adds: str
    how: str
    said: str = ""

    @property
    def shown(self) -> str:
        """How to get it, on a page, where nothing is typed."""
        return self.said or self.how


CHANNELS = {
    "air_temp": Channel("Air temperature", "", "--temp 18", "how warm it was"),
    "heart": Channel(
        "Heart rate",
        "It would help to place your own level if you give no best time.",
        "a chest strap or a watch that records it",
    ),
    "cadence": Channel(
        "Cadence",
        "It would separate a sudden stop from a gradual fade and give the load per step.",
        "a watch or a foot pod that records it",
    ),
    "altitude": Channel("Altitude", "Without it the course is taken as flat.", "a watch that records it"),
}


def adds(missing: Missing) -> str:
    """What the channel would add."""
    if missing.narrowing is not None:
        return f"It would narrow the range of your body water by about {fig.number(100 * missing.narrowing)} %."
    return CHANNELS[missing.key].adds


ASSUMED = {
    "gaps": "Gap in the recording",
    "level": "Your own level",
    "effort": "Effort",
    "mass": "Body mass",
    "sweat": "Sweat rate",
    "drink": "Drinking",
    "weather": "Weather",
    "history": "Your past",
    "longest": "Longest recent run",
}
_REASONS = {
    "level-bests": "from the best times you gave",
    "level-heart": "from this run's heart rate, and never below what the run itself shows",
    "level-runners": "from what runners are like, and never below what the run itself shows",
    "mass": "an average runner's; say --mass 70",
    "sweat": "from heat balance and studies; weigh yourself before and after a run to replace it",
    "drink": "what runners usually take; say --drank 1.5",
    "weather": "you didn't give it; say --temp 18 --rh 60",
    "longest": "usual for the distance; say --longest 30km",
}


def reason(item: Assumed, units: str) -> str:
    """Where an assumption comes from, and how to replace it."""
    code = item.reason.code
    if code == "effort-guessed":
        all_out = item.reason.value("all_out")
        if all_out == 1.0:
            return "taken as a race because of its length; say --training if it wasn't"
        return (
            f"all-out in {fig.number(100 * all_out)} of 100 draws of your level; say --race or --training to settle it"
        )
    if code == "history":
        return f"{fig.number(100 * item.reason.value('prone'))} in 100 people cramp easily; say --history 3/10"
    return _REASONS.get(code) or fig.lower_first(notes.sentence(item.reason, units))


def assumed(item: Assumed, units: str) -> str:
    """What was assumed, in the reader's units, and where it comes from."""
    where = reason(item, units)
    return where if item.estimate is None else f"{fig.quantity(item.estimate, item.unit, units)}, {where}"


# A step that would tell more: what it is, and how to take it for one file and in a journal ("" = it follows from runs).
_STEPS = {
    "history": ("how many of your last ten long races brought a cramp", "--history 3/10", "log baseline --cramps 1-2"),
    "best": ("a recent best time, which would measure your level", "--best 10k=45:00", "log about --effort race"),
    "longest": ("your longest run of the last 30 days", "--longest 30km", ""),
    "temp": ("the air temperature", "--temp 18", "log about --temp 18c --rh 60%"),
    "drank": ("what you drank", "--drank 1.5", "log drink 500ml"),
    "sweat": (
        "your weight before and after such a run", "--sweat-rate 0.9", "log weight --before 70.2kg --after 69.1kg",
    ),
}  # fmt: skip
LESS = "less"  # the key of a next run with less of something


def step(item: WouldTell) -> str:
    """What to do or say."""
    if item.key == LESS:
        return f"one of your usual hard runs, with less of “{fig.lower_first(fig.clean(item.label))}” in it"
    return _STEPS[item.key][0]


def command(item: WouldTell, answer: Why) -> str:
    """How: a flag for one file, a command for a journal."""
    if item.key == LESS:
        return "charley try"
    flag, logged = _STEPS[item.key][1:]
    return flag if answer.journal is None else f"charley {logged}"


def steps(answer: Why) -> list[WouldTell]:
    """The steps that can be taken, the most telling first."""
    there = answer.would_tell if answer.journal is None else in_a_journal(answer.would_tell)
    return sorted(there, key=lambda w: -w.expected_information_bits)


def in_a_journal(would_tell: Sequence[WouldTell]) -> list[WouldTell]:
    """The steps that can be taken in a journal."""
    return [w for w in would_tell if w.key == LESS or _STEPS[w.key][2]]


def log_command(item: WouldTell) -> str:
    """How to log it, without the journal: "log drink 500ml"; or "try"."""
    return "try" if item.key == LESS else _STEPS[item.key][2]


# Units of the table of factors -> the unit for those who read miles, and its size.
_IMPERIAL = {
    "m of climb a km": ("ft of climb a mile", METRES_PER_MILE / METRES_PER_KM / METRES_PER_FOOT),
    "°C": ("°F", FAHRENHEIT_PER_CELSIUS),
}


def seen(item: Seen | None, units: str) -> str:
    """How far a run was from the reference: "4 % faster than your own level so far (1 to 7)"."""
    if item is None:
        return "not known for this run"
    unit, size = _IMPERIAL.get(item.unit, (item.unit, 1.0)) if units == "imperial" else (item.unit, 1.0)
    mean, low, high = (size * value for value in (item.figure.middle, item.figure.low, item.figure.high))
    span = f" ({_figure(low)} to {_figure(high)})" if high - low >= 0.05 else ""
    if not unit:  # an answer, not a quantity
        return f"{_figure(mean)} ({item.words})"
    return f"{_figure(mean)} {unit} {item.words}{span}"


def _figure(value: float) -> str:
    return fig.number(value, 1 if abs(value) < 9.95 else 0).removesuffix(".0")
