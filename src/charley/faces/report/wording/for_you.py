"""The sentences that are for this runner alone, by years of running, longest run and history. No NumPy on the way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from charley.vocabulary.units import METRES_PER_KM, METRES_PER_MILE
from charley.vocabulary.words import words

if TYPE_CHECKING:
    from charley.vocabulary.experience import ForYou

_UNITS = {"metric": (METRES_PER_KM, "km"), "imperial": (METRES_PER_MILE, "miles")}


def sentences(advice: Iterable[ForYou], units: str) -> list[str]:
    """Each piece of advice as its sentence."""
    return [_sentence(one, units) for one in advice]


def _sentence(one: ForYou, units: str) -> str:
    longest_m, years = one.experience.longest_m, one.experience.years
    return words(
        f"for_you.{one.id}",
        longest=_distance(longest_m, units),
        half=_distance(None if longest_m is None else longest_m / 2, units),
        years="" if years is None else f"{years:.0f}",
    )


def _distance(metres: float | None, units: str) -> str:
    size, name = _UNITS[units]
    return "" if metres is None else f"{metres / size:.0f} {name}"
