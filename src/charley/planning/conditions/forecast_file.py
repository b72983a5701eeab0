"""A weather forecast that the runner saved: JSON or CSV, by the names that services and people use. Nothing is fetched.

Read are JSON with columns by name (as open weather services answer), JSON with one object an hour, and CSV with a line
of names. Units are taken from the names or from the file's own table of units; without one, Celsius, per cent, km/h for
wind at 10 m, W/m2.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from charley.evidence.numbers.planning import PLANNING, PlanningNumbers
from charley.vocabulary.arrays import Floats
from charley.vocabulary.errors import InputError
from charley.vocabulary.units import METRES_PER_KM, METRES_PER_MILE, SECONDS_PER_HOUR, celsius_from_fahrenheit

MOST_BYTES = 4_000_000
M_S_PER_KNOT = 1852.0 / SECONDS_PER_HOUR  # nautical mile, exact by definition
_QUANTITIES = {
    "time": r"^(time|date|datetime|timestamp|valid.?time|hour|dt|zeit)\b",
    "temp": r"^(temp(erature)?(_2m)?|air.?temp(erature)?(_c|_f)?|t2m|2m.?temperature)\b",
    "humidity": r"^(relative.?humidity(_2m)?|humidity|rh)\b",
    "wind": r"^(wind.?speed(_10m)?|wind)\b",
    "sun": r"^(shortwave.?radiation|solar.?radiation|solar|global.?radiation|ghi|irradiance)\b",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SavedForecast:
    """Hours of a forecast: local clock times without a zone, and SI values (hours,), NaN where the file has none."""

    times: tuple[datetime, ...]
    air_temp_c: Floats
    relative_humidity: Floats
    wind_m_s: Floats  # at the height of runners
    solar_w_m2: Floats


def read_forecast(text: str, where: str = "", n: PlanningNumbers = PLANNING) -> SavedForecast:
    """The forecast in a file's text. Raises InputError (forecast-unreadable) without times or temperatures."""
    if len(text) > MOST_BYTES:
        raise InputError("forecast-unreadable", "the file is larger than any forecast", where)
    stripped = text.lstrip("\ufeff \t\r\n")
    columns, units = _from_json(stripped, where) if stripped[:1] in ("{", "[") else _from_csv(stripped)
    found = {
        key: next((name for name in columns if re.search(pattern, _plain(name))), None)
        for key, pattern in _QUANTITIES.items()
    }
    if found["time"] is None or found["temp"] is None:
        lacking = "times" if found["time"] is None else "temperatures"
        raise InputError("forecast-unreadable", f"no column of {lacking} was found", where)

    def values(key: str, convert: Callable[[str], Callable[[float], float]]) -> Floats:
        name = found[key]
        if name is None:
            return np.full(len(columns[str(found["time"])]), np.nan)
        to_si = convert(f"{name} {units.get(name, '')}".lower())
        return np.array([to_si(_number(v)) for v in columns[name]])

    times = [_moment(v) for v in columns[str(found["time"])]]
    temp = values(
        "temp", lambda unit: celsius_from_fahrenheit if re.search(r"°f|fahrenheit|_f\b|\(f\)", unit) else float
    )
    humidity, wind = values("humidity", _share), values("wind", _wind)
    sun = values("sun", lambda unit: float)
    keep = [i for i, t in enumerate(times) if t is not None and math.isfinite(temp[i])]
    if not keep:
        raise InputError("forecast-unreadable", "no row has both a time and a temperature", where)
    keep.sort(key=lambda i: times[i] or datetime.min)
    return SavedForecast(
        times=tuple(t for i in keep if (t := times[i]) is not None),
        air_temp_c=temp[keep],
        relative_humidity=np.clip(humidity[keep], 0.0, 1.0),
        wind_m_s=np.clip(wind[keep] * n.wind_10m_to_runner, 0.0, 30.0),
        solar_w_m2=np.clip(sun[keep], 0.0, 1300.0),
    )


Columns = tuple[dict[str, Sequence[Any]], dict[str, str]]


def _from_json(text: str, where: str) -> Columns:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError("forecast-unreadable", "the JSON is broken", where) from error
    units: dict[str, str] = {}
    if isinstance(data, dict):
        told = data.get("hourly_units") or data.get("units") or {}
        units = {str(k): str(v) for k, v in told.items()} if isinstance(told, dict) else {}
        for key in ("hourly", "hours", "forecast", "list", "data", "timeseries"):
            if isinstance(data.get(key), dict | list):
                data = data[key]
                break
    if isinstance(data, list):
        rows = [row for row in data if isinstance(row, dict)]
        names = list(dict.fromkeys(name for row in rows for name in row))
        return {str(name): [row.get(name) for row in rows] for name in names}, units
    if isinstance(data, dict):
        lists = {str(k): v for k, v in data.items() if isinstance(v, list)}
        shortest = min((len(v) for v in lists.values()), default=0)
        return {k: v[:shortest] for k, v in lists.items()}, units
    return {}, units


def _from_csv(text: str) -> Columns:
    """Columns below the line of names, which may stand below a few lines of the service's own."""
    lines = text.splitlines()
    for i, line in enumerate(lines[:20]):
        separator = max(",;\t", key=line.count)
        names = [name.strip() for name in next(csv.reader([line], delimiter=separator), [])]
        plain = [_plain(name) for name in names]
        if all(any(re.search(_QUANTITIES[k], name) for name in plain) for k in ("time", "temp")):
            rows = [r for r in csv.reader(lines[i + 1 :], delimiter=separator) if len(r) == len(names)]
            return {name: [row[k] for row in rows] for k, name in enumerate(names)}, {}
    return {}, {}


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_")


def _number(value: Any) -> float:
    try:
        found = float(str(value).strip().replace(",", ".").rstrip("%°CFcf "))
    except ValueError:
        return math.nan
    return found if math.isfinite(found) else math.nan


def _moment(value: Any) -> datetime | None:
    """A clock time as it stands there; its zone is left aside, as a race starts by the clock of its place."""
    if isinstance(value, int | float) and not isinstance(value, bool) and value > 10**8:
        return datetime.fromtimestamp(value, UTC).replace(tzinfo=None)
    try:
        return datetime.fromisoformat(str(value).strip()).replace(tzinfo=None)
    except ValueError:
        return None


def _share(unit: str) -> Callable[[float], float]:
    return (lambda v: v) if "fraction" in unit or "0..1" in unit else (lambda v: v / 100.0)


def _wind(unit: str) -> Callable[[float], float]:
    for pattern, factor in (
        (r"m/s|m_s|ms\b|mps", 1.0),
        (r"mph|mi/h", METRES_PER_MILE / SECONDS_PER_HOUR),
        (r"\bkn\b|knots|kt", M_S_PER_KNOT),
    ):
        if re.search(pattern, unit):
            return lambda v, f=factor: v * f  # type: ignore[misc]
    return lambda v: v * METRES_PER_KM / SECONDS_PER_HOUR
