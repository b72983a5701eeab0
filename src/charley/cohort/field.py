"""A race as a file: TOML with who runs, how long they take, when they start, the air and where each number comes from.

What cannot be is refused in one line: nothing is repaired in silence.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from charley.vocabulary.arrays import Floats
from charley.vocabulary.cohort import MOST_RUNNERS, Field, Origin, Wave
from charley.vocabulary.errors import InputError
from charley.vocabulary.runner import RANGES
from charley.vocabulary.units import METRES_PER_KM, SECONDS_PER_HOUR, SECONDS_PER_MINUTE

FOLDER = Path(__file__).with_name("fields")
MOST_BYTES = 1_000_000
SHORTEST_KM, LONGEST_KM = 10.0, 250.0  # below, the level's model is another; beyond, no data bear on it
FASTEST_M_S, SLOWEST_M_S = 6.5, 0.7  # mean speeds that a finisher can have
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_KEYS = {
    "": {"name", "race", "people", "finish", "wave", "air", "weather", "drink", "source"},
    "race": {"distance_km", "heights_km_m"},
    "people": {"runners", "female_share", "age_women_y", "age_men_y", "incidence"},
    "finish": {"wbgt_c", "shares", "women_min", "men_min"},
    "wave": {"start", "share"},
    "air": {"clock", "temp_c", "humidity", "wind_m_s", "sun_w_m2"},
    "weather": {"temp_sd_c"},
    "drink": {"l_h"},
    "source": {"what", "where"},
}


def known_fields() -> tuple[str, ...]:
    """Names of the races that come with Charley."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def field_text(name_or_path: str) -> tuple[str, str]:
    """The text of a race's file, and what to call it. Raises InputError (field-unreadable)."""
    path = FOLDER / f"{name_or_path}.toml" if name_or_path in known_fields() else Path(name_or_path)
    try:
        data = path.read_bytes()[: MOST_BYTES + 1]
        text = data.decode("utf-8")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "this is no text"
        raise InputError("field-unreadable", why, name_or_path) from error
    if len(data) > MOST_BYTES:
        raise InputError("field-unreadable", "the file is larger than any description of a race", name_or_path)
    return text, name_or_path


def field_of(text: str, where: str = "") -> Field:
    """The field that a text describes. Raises InputError: field-unreadable, field-contradicts."""
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError("field-unreadable", f"no TOML: {error}", where) from error
    reader = _Reader(where)
    reader.names(table)
    try:
        return reader.field(table)
    except (KeyError, TypeError, AttributeError, OverflowError, ValueError) as error:
        missing = (
            f"{error.args[0]} is missing" if isinstance(error, KeyError) else f"a value of the wrong kind: {error}"
        )
        raise InputError("field-unreadable", missing, where) from error


@cache
def field_from_key(key: str) -> Field:
    """The field of a text that was read before; what workers are sent."""
    return field_of(key)


class _Reader:
    def __init__(self, where: str) -> None:
        self.where = where

    def refuse(self, found: str) -> InputError:
        return InputError("field-contradicts", found, self.where)

    def names(self, table: Mapping[str, Any]) -> None:
        """A word that nothing reads is a slip of the pen."""
        for section, known in _KEYS.items():
            parts = [table] if not section else table.get(section, [])
            for part in parts if isinstance(parts, list) else [parts]:
                unknown = sorted(set(part) - known) if isinstance(part, dict) else []
                if unknown:
                    raise self.refuse(
                        f"{section or 'the file'} has no {unknown[0]!r}; known: {', '.join(sorted(known))}"
                    )

    def field(self, table: Mapping[str, Any]) -> Field:
        race, people, finish = table["race"], table["people"], table["finish"]
        distance_km = self.number(race["distance_km"], "distance_km", SHORTEST_KM, LONGEST_KM)
        heights = np.array(race.get("heights_km_m", []), dtype=np.float64).reshape(-1, 2)
        if heights.shape[0] and not (self.rising(heights[:, 0]) and heights.shape[0] >= 2):
            raise self.refuse("heights_km_m: kilometres must rise")
        shares = self.array(finish["shares"], "finish.shares", 0.0, 1.0)
        women, men = (
            self.array(finish[key], f"finish.{key}", 10.0, 6000.0) * SECONDS_PER_MINUTE
            for key in ("women_min", "men_min")
        )
        if shares.size < 3 or not shares.size == women.size == men.size:
            raise self.refuse("finish: shares, women_min and men_min need equally many values, at least three")
        if shares[0] > 0.05 or shares[-1] < 0.95:
            raise self.refuse("finish: shares must reach from 0.05 or below to 0.95 or above")
        for what, values in (("shares", shares), ("women_min", women), ("men_min", men)):
            if not self.rising(values):
                raise self.refuse(f"finish: {what} must rise, who is slower comes later")
        fastest = distance_km * METRES_PER_KM / min(women[0], men[0])
        if fastest > FASTEST_M_S:
            raise self.refuse(f"finish: {fastest:.1f} m/s over {distance_km:g} km is faster than anybody")
        slowest = distance_km * METRES_PER_KM / max(women[-1], men[-1])
        if slowest < SLOWEST_M_S:
            raise self.refuse(f"finish: {slowest:.2f} m/s over {distance_km:g} km is slower than walking")
        incidence = str(people.get("incidence", "either"))
        if incidence not in ("volunteers", "mass", "either"):
            raise self.refuse(f"people.incidence {incidence!r}; known: volunteers, mass, either")
        clock, temp, humidity, wind, sun = self.air(table["air"])
        return Field(
            name=str(table["name"])[:80],
            runners=int(self.number(people["runners"], "people.runners", 1, MOST_RUNNERS)),
            distance_m=distance_km * METRES_PER_KM,
            height_at_m=heights[:, 0] * METRES_PER_KM,
            height_m=heights[:, 1].copy(),
            waves=self.waves(table["wave"]),
            female_share=self.number(people["female_share"], "people.female_share", 0.0, 1.0),
            age_women_y=self.age(people["age_women_y"]),
            age_men_y=self.age(people["age_men_y"]),
            incidence=incidence,
            shares=shares,
            women_s=women,
            men_s=men,
            finish_wbgt_c=self.number(finish["wbgt_c"], "finish.wbgt_c", -20.0, 40.0),
            air_s=clock,
            air_temp_c=temp,
            relative_humidity=humidity,
            wind_m_s=wind,
            solar_w_m2=sun,
            air_temp_sd_c=self.number(table.get("weather", {}).get("temp_sd_c", 0.0), "weather.temp_sd_c", 0.0, 10.0),
            drink_l_h=self.drink(table.get("drink")),
            origins=self.origins(table["source"]),
        )

    def number(self, value: Any, what: str, low: float, high: float) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(f"{what} is no number")
        if not low <= value <= high:  # also for NaN
            raise self.refuse(f"{what} = {value:g}; possible is {low:g} to {high:g}")
        return float(value)

    def array(self, values: Any, what: str, low: float, high: float) -> Floats:
        return np.array([self.number(v, what, low, high) for v in list(values)[:10_000]])

    def rising(self, values: Floats) -> bool:
        return bool((np.diff(values) > 0).all())

    def age(self, pair: Any) -> tuple[float, float]:
        mean, sd = pair
        return self.number(mean, "mean age", 15.0, 90.0), self.number(sd, "SD of age", 0.0, 30.0)

    def clock(self, text: Any) -> float:
        found = _CLOCK.fullmatch(str(text).strip())
        if found is None or int(found[1]) > 47 or int(found[2]) > 59:
            raise ValueError(f"{str(text)[:20]!r} is no clock time such as 12:00")
        return int(found[1]) * SECONDS_PER_HOUR + int(found[2]) * SECONDS_PER_MINUTE

    def waves(self, rows: Any) -> tuple[Wave, ...]:
        found = tuple(Wave(self.clock(r["start"]), self.number(r["share"], "wave.share", 0.0, 1.0)) for r in rows)
        total = sum(wave.share for wave in found)
        if not found or not math.isclose(total, 1.0, abs_tol=1e-6):
            raise self.refuse(f"wave: the shares add up to {total:g}, not to 1")
        return found

    def air(self, rows: Any) -> tuple[Floats, ...]:
        clock = np.array([self.clock(r["clock"]) for r in rows])
        names = {
            "temp_c": RANGES["air_temp_c"],
            "humidity": RANGES["relative_humidity"],
            "wind_m_s": RANGES["wind_m_s"],
            "sun_w_m2": RANGES["solar_w_m2"],
        }
        values = [np.array([self.number(r[k], f"air.{k}", *limits[:2]) for r in rows]) for k, limits in names.items()]
        if clock.size < 2 or not self.rising(clock):
            raise self.refuse("air: at least two hours, each later than the one before")
        return (clock, *values)

    def drink(self, section: Any) -> tuple[float, float, float] | None:
        if section is None:
            return None
        low, middle, high = (self.number(v, "drink.l_h", 0.01, 4.0) for v in section["l_h"])
        if not low < middle < high:
            raise self.refuse("drink.l_h: low, middle and high must rise")
        return middle, low, high

    def origins(self, rows: Any) -> tuple[Origin, ...]:
        found = tuple(Origin(str(r["what"])[:300], str(r["where"])[:300]) for r in rows)
        if not found:
            raise self.refuse("source: at least one, that says where the numbers come from")
        return found
