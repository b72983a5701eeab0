"""What people type, read into numbers with units. Each type refuses in one line and says the form."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from charley.vocabulary import written
from charley.vocabulary.errors import UsageError
from charley.vocabulary.runner import BestEffort, CrampHistory
from charley.vocabulary.units import (
    KG_PER_POUND,
    METRES_PER_FOOT,
    METRES_PER_KM,
    METRES_PER_MILE,
    SECONDS_PER_HOUR,
    celsius_from_fahrenheit,
    litres_from_us_fluid_ounces,
)

_RACES_M = {
    **dict.fromkeys(("half", "half marathon", "half-marathon", "hm"), 21_097.5),
    **dict.fromkeys(("marathon", "full marathon"), 42_195.0),
}
_METRES_PER_CM = 0.01
_METRES_PER_INCH = 0.0254  # exact by definition
_POUNDS_PER_STONE = 14  # exact by definition
_M_S_PER_KM_H = METRES_PER_KM / SECONDS_PER_HOUR
_M_S_PER_MPH = METRES_PER_MILE / SECONDS_PER_HOUR


# Between which "3:45" is read as a race time: an ultra at a walk, and a sprint that no best effort allows.
SLOWEST_M_S, FASTEST_M_S = 1.0, 10.5

if TYPE_CHECKING:
    _Type = click.ParamType[Any]
else:
    _Type = click.ParamType

_NUMBER = r"([+-]?\d+(?:[.,]\d+)?)"
_AMOUNT = re.compile(rf"{_NUMBER} ?([^\d]*?)", re.ASCII)
_TWO_AMOUNTS = re.compile(rf"{_NUMBER} ?([^\d]+?) ?(\d+(?:[.,]\d+)?) ?([^\d]*?)", re.ASCII)


class Quantity(_Type):
    """A number with its unit: ``units`` maps what may be written to a function into the inner unit.

    A number without a unit is in ``plain``, but only from ``low`` to ``high``, where no other unit could be meant;
    elsewhere the unit is asked for: 154 as a body mass is more likely pounds, and 5 as a drink may be anything. 0 is
    the same in every unit but those of temperature. ``also`` holds further spellings of the units. ``then`` names the
    unit of a second number: feet have inches.
    """

    def __init__(
        self,
        name: str,
        units: Mapping[str, Callable[[float], float]],
        plain: str,
        low: float,
        high: float,
        also: Mapping[str, str] | None = None,
        then: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self._units = units
        self._plain, self._low, self._high = plain, low, high
        self._also, self._then = also or {}, then or {}

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number in the inner unit."""
        if isinstance(value, float):
            return value
        text = written.plain(str(value))
        match = _AMOUNT.fullmatch(text)
        unit = self._unit(match[2]) if match else None
        if match is None or unit is None:
            both = self._both(text)
            if both is not None:
                return both
            forms = ", ".join(f"12{u}" for u in self._asked_for())
            raise UsageError("usage-value", f"{str(value)[:40]!r} is no {self.name}", _flag(param), f"Write {forms}.")
        note_imperial(unit in _IMPERIAL)
        amount = written.number(match[1])
        nothing = amount == 0 and all(to_inner(0) == 0 for to_inner in self._units.values())
        clear = nothing or (self._low <= amount <= self._high and not match[1].startswith("+"))
        if not match[2] and not clear:
            forms = " or ".join(f"{match[1].lstrip('+')}{u}" for u in self._asked_for())
            found = f"{str(value)[:40]!r} as a {self.name} has no unit"
            raise UsageError("usage-value", found, _flag(param), f"Write {forms}.")
        if not math.isfinite(amount):
            raise UsageError("usage-value", f"{str(value)[:40]!r} is no {self.name}", _flag(param))
        return float(self._units[unit](amount))

    def _unit(self, typed: str) -> str | None:
        """The unit that was meant, or None."""
        word = typed.replace(" ", "").replace(".", "") or self._plain
        word = self._also.get(word, word)
        return word if word in self._units else None

    def _asked_for(self) -> list[str]:
        """The units that are offered: those of a whole number."""
        return [unit for unit in self._units if unit == self._plain or unit not in self._then]

    def _both(self, text: str) -> float | None:
        """An amount in two units, such as feet and inches: "5ft11in", "5 ft 11", "11st 4lb"."""
        match = _TWO_AMOUNTS.fullmatch(text)
        first = self._unit(match[2]) if match else None
        second = self._then.get(first) if first else None
        if match is None or first is None or second is None or (match[4] and self._unit(match[4]) != second):
            return None
        note_imperial(first in _IMPERIAL)
        whole = float(self._units[first](written.number(match[1])) + self._units[second](written.number(match[3])))
        return whole if math.isfinite(whole) else None


TYPED_IMPERIAL = "charley.typed_imperial"  # a key of the command's own notes
_IMPERIAL = frozenset({"f", "mph", "floz", "lb", "st", "in", "ft", "mi"})


def note_imperial(typed: bool) -> None:
    """Keep in mind that this runner writes miles, pounds or ounces: what was understood is then said in them."""
    here = click.get_current_context(silent=True)
    if here is not None and typed:
        here.meta[TYPED_IMPERIAL] = True


def _times(factor: float) -> Callable[[float], float]:
    return lambda x: x * factor


def _spelt(**units: str) -> dict[str, str]:
    """Further spellings of units, each to the unit: ``l="litre litres"``."""
    return {word: unit for unit, words in units.items() for word in words.split()}


# The ranges of numbers without a unit: 88 lb are 40 kg, and no grown runner has less; 45 °F are a cool day, 45 °C none
# to run in. They decide what is asked back, not what is possible.
TEMPERATURE = Quantity(
    "temperature", {"c": _times(1), "°c": _times(1), "f": celsius_from_fahrenheit}, "c", -30, 45,
    also=_spelt(c="celsius degreesc degc", f="°f fahrenheit degreesf degf") | {"°": "c", "degrees": "c"},
)  # fmt: skip
SHARE = Quantity("percentage", {"%": _times(0.01)}, "%", 0, math.inf, also={"percent": "%", "per cent": "%"})
WIND = Quantity(
    "wind speed", {"m/s": _times(1), "km/h": _times(_M_S_PER_KM_H), "mph": _times(_M_S_PER_MPH)}, "m/s", 0, 15,
    also={"kph": "km/h", "kmh": "km/h"},
)  # fmt: skip
SUN = Quantity("solar irradiance", {"w/m2": _times(1), "w/m²": _times(1)}, "w/m2", 0, math.inf)
VOLUME = Quantity(
    "volume", {"l": _times(1), "ml": _times(1e-3), "floz": litres_from_us_fluid_ounces}, "l", 0, 0,
    also=_spelt(
        l="litre litres liter liters", ml="millilitre millilitres milliliter milliliters mls",
        floz="oz ounce ounces fluidounce fluidounces",
    ),
)  # fmt: skip
GRAMS = Quantity(
    "mass", {"g": _times(1), "mg": _times(1e-3)}, "g", 0, 0,
    also=_spelt(g="gram grams", mg="milligram milligrams"),
)  # fmt: skip
MASS = Quantity(
    "body mass", {"kg": _times(1), "lb": _times(KG_PER_POUND), "st": _times(_POUNDS_PER_STONE * KG_PER_POUND)},
    "kg", 40, 88,
    also=_spelt(kg="kgs kilo kilos kilogram kilograms", lb="lbs pound pounds", st="stone stones"), then={"st": "lb"},
)  # fmt: skip
HEIGHT = Quantity(
    "height",
    {
        "m": _times(1), "cm": _times(_METRES_PER_CM), "in": _times(_METRES_PER_INCH), "ft": _times(METRES_PER_FOOT),
    },
    "m", 1.2, 2.3,
    also=_spelt(m="metre metres meter meters", cm="centimetre centimetres", ft="foot feet '")
    | {"inch": "in", "inches": "in", '"': "in", "''": "in"},
    then={"ft": "in", "m": "cm"},
)  # fmt: skip


class Distance(Quantity):
    """A distance; also as "mile 22", "10k" or "marathon"."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Metres."""
        if isinstance(value, float):
            return value
        word = written.plain(str(value))
        metres = _RACES_M.get(word, written.distance_m(word))
        return super().convert(value, param, ctx) if metres is None else metres


DISTANCE = Distance(
    "distance", {"km": _times(METRES_PER_KM), "mi": _times(METRES_PER_MILE), "m": _times(1)}, "km", 0, 1000
)


YEARS = Quantity(
    "number of years", {"years": _times(1), "months": _times(1 / 12)}, "years", 0, 80,
    also=_spelt(years="year y yr yrs", months="month mo mos"), then={"years": "months"},
)  # fmt: skip


class Stretching(Quantity):
    """Minutes of stretching a day: "never", "10min"."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Minutes a day."""
        word = written.plain(str(value))
        if word in ("never", "none", "no"):
            return 0.0
        try:
            return super().convert(value, param, ctx)
        except UsageError as error:
            raise UsageError(error.code, error.found, error.where, "Write never, or minutes a day: 10min.") from None


STRETCHING = Stretching(
    "time of stretching a day", {"min": _times(1), "h": _times(60)}, "min", 0, 600,
    also=_spelt(min="m mins minute minutes minday minutesaday minaday min/day", h="hour hours"),
)  # fmt: skip


SEED = click.IntRange(0, 2**63 - 1)
ROW = click.IntRange(1, 2**63 - 1)  # the number of an answer


class Best(_Type):
    """A best effort such as 10k=45:00, half=1:40:00, marathon=3:45 or 5km=21:30."""

    name = "best"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> BestEffort:
        """The effort in metres and seconds."""
        if isinstance(value, BestEffort):
            return value
        where, _, clock = written.plain(str(value)).partition("=")
        form = "Write 10k=45:00, half=1:40:00, marathon=3:45 or 5km=21:30."
        try:
            distance_m = DISTANCE.convert(where, param, ctx)
        except UsageError:
            raise UsageError("usage-value", f"{str(value)[:40]!r} names no distance", _flag(param), form) from None
        return BestEffort(distance_m, _race_time_s(clock, distance_m, str(value), param, form))


class History(_Type):
    """Cramps in past long races: 3/10, or none."""

    name = "history"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> CrampHistory:
        """The count of cramped and of all races."""
        if isinstance(value, CrampHistory):
            return value
        match = re.fullmatch(r"(\d{1,4})\s*(?:/|of)\s*(\d{1,4})", str(value).strip().lower())
        if not match:
            form = "Write how many of how many long races, as 3/10."
            raise UsageError("usage-value", f"{str(value)[:40]!r} is no history", _flag(param), form)
        return CrampHistory(int(match[1]), int(match[2]))


class About(_Type):
    """A further answer, such as strength_training=yes or leg_injury_12mo=no."""

    name = "about"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, float]:
        """The key and its number; whether the key is known is for the api to say."""
        if isinstance(value, tuple):
            return value
        key, _, answer = str(value).strip().lower().partition("=")
        words = {"yes": 1.0, "no": 0.0}
        try:
            number = words[answer] if answer in words else float(answer.replace(",", "."))
        except ValueError:
            number = math.nan
        if not key or not math.isfinite(number):
            form = "Write KEY=yes, KEY=no or KEY=number."
            raise UsageError("usage-value", f"{str(value)[:40]!r} is no answer", _flag(param), form)
        return key, number


def _race_time_s(text: str, distance_m: float, whole: str, param: click.Parameter | None, form: str) -> float:
    """Seconds of a race time. Of "3:45", the reading that a person can run over the distance: the two differ sixtyfold,
    and between walking and the fastest of people lies less."""
    seconds = written.duration_s(text)
    if seconds is not None:
        return seconds
    clock = written.two_part_clock(text)
    if clock is None:
        raise UsageError("usage-value", f"{whole[:40]!r} has no time", _flag(param), form)
    for reading in clock:
        if reading > 0 and SLOWEST_M_S <= distance_m / reading <= FASTEST_M_S:
            return reading
    return clock[0]  # no person's time either way, and refused with its figures


def _flag(param: click.Parameter | None) -> str:
    return param.opts[0] if param is not None and param.opts else ""
