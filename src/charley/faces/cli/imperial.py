"""Fixed texts carry metric figures; for those who read miles the imperial ones are put behind them in brackets."""

from __future__ import annotations

import re
from collections.abc import Callable

from charley.vocabulary.units import (
    KG_PER_POUND,
    LITRES_PER_US_FLUID_OUNCE,
    METRES_PER_KM,
    METRES_PER_MILE,
    fahrenheit_from_celsius,
)

NUMBER = r"(?<![\w.,-])(\d+(?:\.\d+)?)"
RULES: tuple[tuple[str, str, Callable[[float], float]], ...] = (
    (r"[ -]km\b(?! \()", "mi", lambda km: km * METRES_PER_KM / METRES_PER_MILE),
    (r" °C(?! \()", "°F", fahrenheit_from_celsius),
    (r" (?:litres?|L)\b(?! \(|/)", "fl oz", lambda litres: litres / LITRES_PER_US_FLUID_OUNCE),
    (r" kg\b(?! \(|/)", "lb", lambda kg: kg / KG_PER_POUND),
)


def shown(text: str, units: str) -> str:
    """The text as it is, or with the imperial figure behind each metric one that stands alone."""
    if units != "imperial":
        return text
    for pattern, unit, convert in RULES:

        def both(match: re.Match[str], convert: Callable[[float], float] = convert, unit: str = unit) -> str:
            value = convert(float(match[1]))
            return f"{match[0]} ({value:.1f} {unit})" if value < 10 else f"{match[0]} ({value:.0f} {unit})"

        text = re.sub(NUMBER + pattern, both, text)
    return text
