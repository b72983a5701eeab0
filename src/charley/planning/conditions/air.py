"""The air over a race: what was told, else a saved forecast, else what is usual there and then, else anywhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from charley.body.weather import clear_sky_w_m2, solar_elevation_deg
from charley.evidence.numbers.planning import PLANNING, PlanningNumbers
from charley.planning.conditions.climate import usual_temp_c
from charley.planning.conditions.forecast_file import SavedForecast
from charley.vocabulary.arrays import Floats
from charley.vocabulary.errors import InputError
from charley.vocabulary.note import Note, note
from charley.vocabulary.race import Air
from charley.vocabulary.runner import RANGES, Weather
from charley.vocabulary.units import SECONDS_PER_HOUR

HOURS = 12  # of air that an answer holds; a longer race keeps the last hour's


def air_of(
    told: Weather,
    saved: SavedForecast | None,
    latitude_deg: float | None,
    starts_at: datetime | None,
    n: PlanningNumbers = PLANNING,
) -> Air:
    """Air hour by hour from the start. ``starts_at`` is the local clock of the start.

    Told values hold over the whole race. Raises InputError where a saved forecast does not reach the start.
    """
    hour = np.arange(float(HOURS + 1))
    notes: list[Note] = []
    if saved is not None:
        base, source = _from_file(saved, starts_at, hour, n, notes), "forecast"
        temp_sd, humidity_sd = n.forecast_file_temp_sd_c, n.forecast_file_humidity_sd
    elif latitude_deg is not None and starts_at is not None:
        base, source = _usual(latitude_deg, starts_at, hour, n), "climate"
        temp_sd, humidity_sd = n.climate_width_c, n.unknown_humidity_sd
    else:
        base = tuple(np.full(hour.size, v) for v in _unknown(n))
        source, temp_sd, humidity_sd = "usual", n.unknown_temp_sd_c, n.unknown_humidity_sd
    values = []
    names = ("air_temp_c", "relative_humidity", "wind_m_s", "solar_w_m2")
    for name, otherwise in zip(names, base, strict=True):
        said = getattr(told, name)
        low, high = RANGES[name][:2]
        values.append(np.clip(otherwise, low, high) if said is None else np.full(hour.size, float(said)))
    if told.air_temp_c is not None:
        source, temp_sd = "told", 0.0
    if told.relative_humidity is not None:
        humidity_sd = 0.0
    missing = [name for name in names[1:] if getattr(told, name) is None]
    if missing and source == "told":
        notes.append(Note("air-assumed", detail=tuple(missing)))
    temp, humidity, wind, sun = values
    return Air(hour, temp, humidity, wind, sun, temp_sd, humidity_sd, source, tuple(notes))


def _unknown(n: PlanningNumbers) -> tuple[float, float, float, float]:
    return n.unknown_temp_c, n.unknown_humidity, n.unknown_wind_m_s, n.unknown_sun_w_m2


def _usual(latitude_deg: float, starts_at: datetime, hour: Floats, n: PlanningNumbers) -> tuple[Floats, ...]:
    """Usual temperature hour by hour, and the sun of a day with some cloud. Local time is taken as that of the sun."""
    start = starts_at.hour + starts_at.minute / 60.0
    temp = np.array([usual_temp_c(latitude_deg, starts_at, start + h, n) for h in hour])
    elevation = solar_elevation_deg(starts_at.replace(tzinfo=UTC), latitude_deg, 0.0, hour * SECONDS_PER_HOUR)
    sun = n.usual_clearness * clear_sky_w_m2(elevation)
    return temp, np.full(hour.size, n.unknown_humidity), np.full(hour.size, n.unknown_wind_m_s), sun


def _from_file(
    saved: SavedForecast, starts_at: datetime | None, hour: Floats, n: PlanningNumbers, notes: list[Note]
) -> tuple[Floats, ...]:
    """The file's hours from the start on; without a date from its first hour on."""
    first = saved.times[0]
    start = first if starts_at is None else starts_at.replace(tzinfo=None)
    if starts_at is None:
        notes.append(note("forecast-undated"))
    wanted = (start - first) / timedelta(hours=1) + hour
    held = np.array([(t - first) / timedelta(hours=1) for t in saved.times])
    if wanted[0] > held[-1] + 1.0 or wanted[0] < -1.0:
        found = f"it runs from {saved.times[0]:%d %B %H:%M} to {saved.times[-1]:%d %B %H:%M}, not over the start"
        raise InputError("forecast-unreadable", found, next_step="Save the forecast of the race's day and place.")

    def along(values: Floats, otherwise: float) -> Floats:
        known = np.isfinite(values)
        return np.interp(wanted, held[known], values[known]) if known.any() else np.full(hour.size, otherwise)

    columns = (saved.air_temp_c, saved.relative_humidity, saved.wind_m_s, saved.solar_w_m2)
    return tuple(along(c, o) for c, o in zip(columns, _unknown(n), strict=True))
