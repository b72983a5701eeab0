"""Figures as people read them: the only place of a report where a number is rounded.

Inside, all is SI; pace, miles and "in 100" exist only from here on. A minus is a true minus sign.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from charley.vocabulary.estimate import Estimate
from charley.vocabulary.units import (
    FAHRENHEIT_PER_CELSIUS,
    KG_PER_POUND,
    LITRES_PER_US_FLUID_OUNCE,
    METRES_PER_KM,
    METRES_PER_MILE,
    METRES_PER_YARD,
    SECONDS_PER_HOUR,
    SECONDS_PER_MINUTE,
    fahrenheit_from_celsius,
)

if TYPE_CHECKING:
    from charley.vocabulary.answer import Why

MINUS = "−"
NONE = "–"  # stands for a figure that is not there


def clean(text: str) -> str:
    """One line without control or direction marks: text from a file cannot draw on a page or a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def number(value: float, decimals: int = 0, plus: bool = False) -> str:
    """A rounded number with a true minus sign, never "−0"; a dash where there is none."""
    if not math.isfinite(value):
        return NONE
    text = f"{abs(value):.{decimals}f}"
    zero = float(text) == 0
    return ("" if zero else MINUS if value < 0 else "+" if plus else "") + text


def axis_number(value: float, all_values: Sequence[float]) -> str:
    """A figure at an axis: as many decimals as its neighbours need, none where they are all zero."""
    step = all_values[1] - all_values[0] if len(all_values) > 1 else 1.0
    decimals = max(0, math.ceil(-math.log10(step) - 1e-9))
    return number(value, 0 if round(value, 9).is_integer() else decimals)


def figure(value: float, plus: bool = False) -> str:
    """A number of any size at a reader's precision: two figures below 10, whole from 10 on, none below 0.001."""
    size = abs(value)
    if not math.isfinite(value) or size == 0 or size >= 9.95:
        return number(value, 0, plus)
    if size < 0.001:
        return "under 0.001" if value > 0 else "0"
    return number(value, max(0, 1 - math.floor(math.log10(size))), plus)


FEW_RUNS = 50  # below so many own runs a chance is told to 1 in 10: a finer figure would promise more than they hold


def denominator(answer: Why) -> int:
    """Of how many a chance is told in an answer: 10 over a short journal, else 100. One answer keeps to one."""
    return 100 if answer.journal is None else of_runs(answer.n_runs)


def of_runs(runs: int) -> int:
    """Of how many a chance is told that so many own runs stand behind."""
    return 10 if runs < FEW_RUNS else 100


def chance(value: float, of: int = 100) -> str:
    """A probability as a count of so many. Of 100, close to never or always with a decimal, and never quite 0 or 100;
    of 10, whole, "under 1" and "over 9"."""
    count = of * value
    if not math.isfinite(count) or count in (0.0, float(of)):
        return number(count)
    if of == 10:
        return "under 1" if count < 0.5 else "over 9" if count > 9.5 else number(max(count, 1.0))
    if 0.95 <= count <= 99.05:
        return number(count)
    if count < 0.05:
        return "under 0.1"
    return "over 99.9" if count > 99.95 else number(count, 1)


def belief(value: float, of: int = 100) -> str:
    """How likely a cause is: as ``chance``, but whole, "under 1" and "over 99": no belief of ours is finer."""
    count = of * value
    if of == 10 or not math.isfinite(count) or count in (0.0, float(of)):
        return chance(value, of)
    return "under 1" if count < 0.95 else "over 99" if count > 99.05 else number(count)


def believed(value: float, of: int = 100) -> str:
    """A belief within a sentence: "over 99 in 100", "about 2 of 10"."""
    return f"{belief(value)} in 100" if of == 100 else told(value, of)


def told(value: float, of: int = 100) -> str:
    """A probability within a sentence: "24 in 100", "about 2 of 10"."""
    count = chance(value, of)
    if of == 10:
        return f"{'' if count.startswith(('under', 'over')) else 'about '}{count} of 10"
    return f"{count} in 100"


def span(low: str, high: str) -> str:
    """Two limits: "11 to 46"; what lies wholly under a limit is said once."""
    return low if low == high and low.startswith(("under", "over")) else f"{low} to {high}"


def chance_range(estimate: Estimate, of: int = 100) -> str:
    """The limits of the middle 80 in 100 of a probability: "11 to 46"."""
    return span(chance(estimate.low, of), chance(estimate.high, of))


def in_100(estimate: Estimate, of: int = 100) -> str:
    """A probability with its range: "24 in 100 (11 to 46)", or "about 2 of 10 (1 to 5 of 10)"."""
    return f"{told(estimate.middle, of)} ({chance_range(estimate, of)}{' of 10' if of == 10 else ''})"


def share_range(estimate: Estimate, of: int = 100) -> str:
    """Limits of a share, which may lie below zero: "−7 to 21"; one figure where they are printed alike."""
    low, high = number(of * estimate.low), number(of * estimate.high)
    return low if low == high else f"{low} to {high}"


def bracketed(estimate: Estimate, of: int = 100) -> str:
    """The limits of a share in brackets; nothing where they are printed like the figure itself."""
    limits = share_range(estimate, of)
    return "" if limits == number(of * estimate.middle) else f"({limits})"


def share(estimate: Estimate, of: int = 100) -> str:
    """A share of so many cramps with its range: "6 (−7 to 21)", "up to 19", "about 0"."""
    middle, limits = number(of * estimate.middle), share_range(estimate, of)
    if limits == middle:
        return f"about {middle}"
    return (
        f"up to {number(of * estimate.high)}" if limits.startswith("0 ") and middle == "0" else f"{middle} ({limits})"
    )


def share_told(estimate: Estimate, of: int = 100) -> str:
    """A share within a sentence: "6 in 100 (−7 to 21)", "about 1 of 10 (0 to 3 of 10)", "up to 19 in 100"."""
    middle, limits = number(of * estimate.middle), share_range(estimate, of)
    if of == 10:
        return f"{'under 1' if middle == '0' else f'about {middle}'} of 10 ({limits} of 10)"
    whole = share(estimate, of)
    return f"{whole} in 100" if "(" not in whole else f"{middle} in 100 ({limits})"


def clock(seconds: float) -> str:
    """Elapsed time: "2:45:40", or "1:20" below an hour."""
    if not math.isfinite(seconds):
        return NONE
    whole = round(seconds)
    hours, rest = divmod(whole, int(SECONDS_PER_HOUR))
    minutes, left = divmod(rest, int(SECONDS_PER_MINUTE))
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def distance_unit(units: str) -> str:
    """ "km" or "mi"."""
    return "mi" if units == "imperial" else "km"


def metres_per_unit(units: str) -> float:
    """Metres in a kilometre or a mile."""
    return METRES_PER_MILE if units == "imperial" else METRES_PER_KM


def distance(metres: float, units: str, decimals: int = 1) -> str:
    """ "33.4" in the reader's unit, without its name."""
    return number(metres / metres_per_unit(units), decimals)


def distance_with_unit(metres: float, units: str, decimals: int = 1) -> str:
    """ "33.4 km"."""
    return f"{distance(metres, units, decimals)} {distance_unit(units)}"


def short_distance(metres: float, units: str) -> str:
    """ "100 m", "109 yd"."""
    return f"{number(metres / METRES_PER_YARD)} yd" if units == "imperial" else f"{number(metres)} m"


def pace(speed_m_s: float, units: str) -> str:
    """A speed as pace: "4:58 a km"."""
    return f"{clock(metres_per_unit(units) / speed_m_s)} a {distance_unit(units)}" if speed_m_s > 0 else NONE


def temperature(celsius: float, units: str) -> str:
    """ "18 °C", "64 °F"."""
    return f"{number(fahrenheit_from_celsius(celsius))} °F" if units == "imperial" else f"{number(celsius)} °C"


def warmth(degrees_c: float, units: str) -> str:
    """A difference of temperatures: "5 °C", "9 °F"."""
    return f"{number(degrees_c * FAHRENHEIT_PER_CELSIUS)} °F" if units == "imperial" else f"{number(degrees_c)} °C"


def quantity(estimate: Estimate, unit: str, units: str) -> str:
    """A quantity with its range in the reader's units; a speed as pace: "4:58 a km (4:44 to 5:13)"."""
    imperial = units == "imperial"
    values = (estimate.middle, estimate.low, estimate.high)
    if unit == "m/s" and min(values) > 0:
        pace = [clock(metres_per_unit(units) / v) for v in (estimate.middle, estimate.high, estimate.low)]
        return f"{pace[0]} a {distance_unit(units)} ({pace[1]} to {pace[2]})"
    name, decimals = _SHOWN.get(unit, (unit, -1))
    if imperial and unit in _IMPERIAL:
        name, decimals, convert = _IMPERIAL[unit]
        values = (convert(values[0]), convert(values[1]), convert(values[2]))
    mean, low, high = (figure(v) if decimals < 0 else number(v, decimals) for v in values)
    return f"{mean} {name} ({low} to {high})".replace("  ", " ")


_SHOWN = {"kg": ("kg", 0), "L/h": ("L an hour", 1), "°C": ("°C", 0), "km": ("km", 0)}
_IMPERIAL: dict[str, tuple[str, int, Callable[[float], float]]] = {
    "kg": ("lb", 0, lambda kg: kg / KG_PER_POUND),
    "L/h": ("fl oz an hour", 0, lambda litres: litres / LITRES_PER_US_FLUID_OUNCE),
    "°C": ("°F", 0, fahrenheit_from_celsius),
    "km": ("mi", 0, lambda km: km * METRES_PER_KM / METRES_PER_MILE),
}


def settles(bits: float) -> str:
    """How much of a yes-or-no question an expected information settles; one bit would settle it."""
    steps = ((0.85, "nearly all of it"), (0.4, "about half of it"), (0.15, "some of it"), (0.03, "a little of it"))
    return next((words for least, words in steps if bits >= least), "next to nothing")


def count(n: int, one: str, many: str = "") -> str:
    """ "1 cramp", "3 cramps"."""
    return f"{n} {one if n == 1 else many or one + 's'}"


def listing(words: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def lower_first(text: str) -> str:
    """A label within a sentence: its first letter small, unless it begins with an abbreviation."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def upper_first(text: str) -> str:
    """A text at the beginning of a sentence."""
    return text[:1].upper() + text[1:]
