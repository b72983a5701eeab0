"""Fixed texts carry metric figures; for those who read miles the imperial ones are put behind them in brackets."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from charley.vocabulary.units import (
    KG_PER_POUND,
    LITRES_PER_US_FLUID_OUNCE,
    METRES_PER_KM,
    METRES_PER_MILE,
    fahrenheit_from_celsius,
)

if TYPE_CHECKING:
    from charley.vocabulary.answer import Detected, Why

NUMBER = r"(?<![\w.,-])(\d+(?:\.\d+)?)"
METRES_PER_FOOT = 0.3048  # international foot, exact by definition
METRES_PER_YARD = 0.9144
RULES: tuple[tuple[str, str, Callable[[float], float]], ...] = (
    (r" m of climb a km\b(?! \()", "ft a mi", lambda m: m / METRES_PER_FOOT * METRES_PER_MILE / METRES_PER_KM),
    (r" m of one spot\b(?! \()", "yd", lambda m: m / METRES_PER_YARD),
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


def in_units(answer: Why, units: str) -> Why:
    """The answer with its ready-made texts in the reader's units; figures that a face writes are its own work."""
    if units != "imperial":
        return answer

    def also(text: str) -> str:
        return shown(text, units)

    return replace(
        answer,
        base_rate_label=also(answer.base_rate_label),
        drivers=tuple(replace(d, seen=also(d.seen)) for d in answer.drivers),
        detected=tuple(_detected(d, also) for d in answer.detected),
        stops=tuple(replace(s, why=also(s.why)) for s in answer.stops),
        missing=tuple(replace(m, adds=also(m.adds)) for m in answer.missing),
        assumed=tuple(replace(a, text=also(a.text)) for a in answer.assumed),
        would_tell=tuple(replace(w, what=also(w.what)) for w in answer.would_tell),
        warnings=tuple(replace(w, text=also(w.text)) for w in answer.warnings),
    )


def _detected(item: Detected, also: Callable[[str], str]) -> Detected:
    figure, unit = item.figure, item.unit
    if figure is not None and re.match(r"km\b", unit):
        figure, unit = figure * METRES_PER_KM / METRES_PER_MILE, "mi" + unit.removeprefix("km")
    return replace(item, definition=also(item.definition), note=also(item.note), figure=figure, unit=unit)
