"""What people type, read into numbers with units. Each type refuses in one line and says the form."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import click

from charley.vocabulary.errors import UsageError
from charley.vocabulary.runner import BestEffort, CrampHistory
from charley.vocabulary.units import (
    KG_PER_POUND,
    METRES_PER_KM,
    METRES_PER_MILE,
    SECONDS_PER_HOUR,
    SECONDS_PER_MINUTE,
    celsius_from_fahrenheit,
    litres_from_us_fluid_ounces,
)

_RACES_M = {
    "5k": 5000.0,
    "10k": 10_000.0,
    "15k": 15_000.0,
    "half": 21_097.5,
    "marathon": 42_195.0,
    "50k": 50_000.0,
    "100k": 100_000.0,
}
_METRES_PER_CM = 0.01
_METRES_PER_FOOT = 0.3048  # international foot, exact by definition
_METRES_PER_INCH = 0.0254  # exact by definition
_M_S_PER_KM_H = METRES_PER_KM / SECONDS_PER_HOUR
_M_S_PER_MPH = METRES_PER_MILE / SECONDS_PER_HOUR


if TYPE_CHECKING:
    _Type = click.ParamType[Any]
else:
    _Type = click.ParamType


class Quantity(_Type):
    """A number with its unit: ``units`` maps what may be written to a function into the inner unit.

    A number without a unit is in ``plain``, but only from ``low`` to ``high``, where no other unit could be meant;
    elsewhere the unit is asked for: 154 as a body mass is more likely pounds, and 5 as a drink may be anything. 0 is
    the same in every unit but those of temperature.
    """

    def __init__(self, name: str, units: dict[str, Any], plain: str, low: float, high: float) -> None:
        self.name = name
        self._units = units
        self._plain, self._low, self._high = plain, low, high

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number in the inner unit."""
        if isinstance(value, float):
            return value
        match = re.fullmatch(r"([+-]?\d+(?:[.,]\d+)?)\s*([^\d\s]*)", str(value).strip().lower())
        unit = (match[2] or self._plain) if match else ""
        if not match or unit not in self._units:
            forms = ", ".join(f"12{u}" for u in self._units)
            raise UsageError("usage-value", f"{str(value)[:40]!r} is no {self.name}", _flag(param), f"Write {forms}.")
        number = float(match[1].replace(",", "."))
        nothing = number == 0 and all(to_inner(0) == 0 for to_inner in self._units.values())
        clear = nothing or (self._low <= number <= self._high and not match[1].startswith("+"))
        if not match[2] and not clear:
            forms = " or ".join(f"{match[1].lstrip('+')}{u}" for u in self._units)
            found = f"{str(value)[:40]!r} as a {self.name} has no unit"
            raise UsageError("usage-value", found, _flag(param), f"Write {forms}.")
        if not math.isfinite(number):
            raise UsageError("usage-value", f"{str(value)[:40]!r} is no {self.name}", _flag(param))
        return float(self._units[unit](number))


def _times(factor: float) -> Any:
    return lambda x: x * factor


# The ranges of numbers without a unit: 88 lb are 40 kg, and no grown runner has less; 45 °F are a cool day, 45 °C none
# to run in. They decide what is asked back, not what is possible.
TEMPERATURE = Quantity("temperature", {"c": _times(1), "°c": _times(1), "f": celsius_from_fahrenheit}, "c", -30, 45)
SHARE = Quantity("percentage", {"%": _times(0.01)}, "%", 0, math.inf)
WIND = Quantity(
    "wind speed", {"m/s": _times(1), "km/h": _times(_M_S_PER_KM_H), "mph": _times(_M_S_PER_MPH)}, "m/s", 0, 15
)
SUN = Quantity("solar irradiance", {"w/m2": _times(1), "w/m²": _times(1)}, "w/m2", 0, math.inf)
VOLUME = Quantity("volume", {"l": _times(1), "ml": _times(1e-3), "floz": litres_from_us_fluid_ounces}, "l", 0, 0)
GRAMS = Quantity("mass", {"g": _times(1), "mg": _times(1e-3)}, "g", 0, 0)
MASS = Quantity("body mass", {"kg": _times(1), "lb": _times(KG_PER_POUND)}, "kg", 40, 88)
HEIGHT = Quantity(
    "height", {"m": _times(1), "cm": _times(_METRES_PER_CM), "in": _times(_METRES_PER_INCH)}, "m", 1.2, 2.3
)
DISTANCE = Quantity(
    "distance", {"km": _times(METRES_PER_KM), "mi": _times(METRES_PER_MILE), "m": _times(1)}, "km", 0, 1000
)


SEED = click.IntRange(0, 2**63 - 1)
ROW = click.IntRange(1, 2**63 - 1)  # the number of an answer


class Best(_Type):
    """A best effort such as 10k=45:00, half=1:40:00 or 5km=21:30."""

    name = "best"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> BestEffort:
        """The effort in metres and seconds."""
        if isinstance(value, BestEffort):
            return value
        where, _, clock = str(value).lower().partition("=")
        form = "Write 10k=45:00, half=1:40:00 or 5km=21:30."
        if where in _RACES_M:
            distance_m = _RACES_M[where]
        else:
            try:
                distance_m = DISTANCE.convert(where, param, ctx)
            except UsageError:
                raise UsageError("usage-value", f"{str(value)[:40]!r} names no distance", _flag(param), form) from None
        return BestEffort(distance_m, _clock(clock, str(value), param, form))


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


def race_distance_m(text: str) -> float:
    """A race's distance by name (marathon, half, 10k) or as a number with a unit."""
    word = text.strip().lower()
    return _RACES_M[word] if word in _RACES_M else DISTANCE.convert(word, None, None)


def _clock(text: str, whole: str, param: click.Parameter | None, form: str) -> float:
    match = re.fullmatch(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})", text.strip())
    if not match:
        raise UsageError("usage-value", f"{whole[:40]!r} has no time", _flag(param), form)
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * SECONDS_PER_HOUR + minutes * SECONDS_PER_MINUTE + seconds


def _flag(param: click.Parameter | None) -> str:
    return param.opts[0] if param is not None and param.opts else ""
