"""Named, published definitions of a collapse late in a run, in words."""

from __future__ import annotations

from dataclasses import dataclass

from charley.faces.report.wording import figures as fig
from charley.vocabulary.answer import Detected
from charley.vocabulary.units import METRES_PER_KM


@dataclass(frozen=True, slots=True)
class Definition:
    """What it is called, what it asks for, and what is said of a run that did not meet it.

    Published distances stand as {k5} for 5 km, and carry the miles for those who read miles.
    """

    label: str
    asks: str
    not_met: str


DEFINITIONS = {
    "wall-smyth-2021": Definition(
        "Hitting the wall, stretch by stretch",
        "a stretch of {k5} after {k20} at least 25 % slower than between {k5} and {k20}",
        "no stretch of {k5} after {k20} was a quarter slower than between {k5} and {k20}",
    ),
    "wall-miyazaki-2025": Definition(
        "Hitting the wall, without a break",
        "at least a quarter slower than between {k5} and {k20}, for more than {k5} on end, after {k25}",
        "you never slowed by a quarter for {k5} on end",
    ),
    "wall-doherty-2020": Definition(
        "One slow stretch",
        "a stretch of {k5} at least 7.3 % slower than the mean of the others",
        "no stretch of {k5} stood out from the others",
    ),
}


class _Distances(dict[str, str]):
    def __init__(self, units: str) -> None:
        self._units = units

    def __missing__(self, key: str) -> str:
        km = float(key.removeprefix("k"))
        miles = f" ({fig.distance_with_unit(km * METRES_PER_KM, self._units)})" if self._units == "imperial" else ""
        return f"{km:g} km{miles}"


def asks(item: Detected, units: str) -> str:
    """What the definition asks for."""
    return DEFINITIONS[item.id].asks.format_map(_Distances(units))


def figure(item: Detected, units: str) -> str:
    """The figure that a definition compares: "31 % slower", "1.4 km on end"."""
    if item.figure is None:
        return fig.NONE
    if item.unit == "m":
        return f"{fig.distance_with_unit(item.figure, units)} on end"
    return f"{fig.number(100 * item.figure)} % slower"


def verdict(item: Detected, units: str) -> str:
    """Met or not, in words."""
    known = DEFINITIONS[item.id]
    if item.met is None:
        return "the run is too short, or has too many gaps, for this definition"
    found = f" ({figure(item, units)})" if item.figure is not None else ""
    if item.met:
        return f"met{found}"
    not_met = known.not_met.format_map(_Distances(units))
    return not_met + (found if item.unit != "m" else f" ({_longest(item, units)})")


def _longest(item: Detected, units: str) -> str:
    return "never" if not item.figure else f"{fig.distance_with_unit(item.figure, units)} at the longest"
