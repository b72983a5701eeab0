"""The air of a run where it was not told: from the watch, the sun, the latitude and the month, widely spread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from charley.body.parameters import table_draws
from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.vocabulary.arrays import Floats, middle
from charley.vocabulary.note import Note, assumed
from charley.vocabulary.run import Run
from charley.vocabulary.runner import RANGES, Weather
from charley.vocabulary.units import SECONDS_PER_HOUR

DAYS_PER_YEAR = 365.2422
DEGREES_PER_HOUR = 15.0
NOON_H = 12.0
SOLSTICE_DAY = 172  # 21 June
WARMEST_DAY = 201  # a month after the solstice


@dataclass(frozen=True, slots=True)
class DrawnWeather:
    """Air for each draw. Temperature, humidity, wind: (draws,); sun: (steps, draws). ``notes`` say what was assumed."""

    air_temp_c: Floats
    relative_humidity: Floats
    wind_m_s: Floats
    solar_w_m2: Floats
    notes: tuple[Note, ...]


def draw_weather(
    run: Run, weather: Weather, time_s: Floats, draws: int, rng: np.random.Generator, n: BodyNumbers = BODY
) -> DrawnWeather:
    """What was told is taken; the rest is drawn.

    Temperature: a watch's own reading less its warmth from the wrist (5 (4) C, never above the reading); else from
    latitude and month (6 C either way); else from the table. Sun: from the sun's height and a drawn clearness where
    the file knows the place, else from the table.
    """
    notes: list[Note] = []
    place = _place(run)

    def told(value: float | None, otherwise: Floats) -> Floats:
        return otherwise if value is None else np.full(draws, float(value))

    watch = run.streams.air_temp_c[np.isfinite(run.streams.air_temp_c)]
    # Drawn in one fixed order whatever was told, so that one more answer moves nothing else.
    spread = rng.standard_normal(draws)
    temp = table_draws("air_temp_c", draws, rng, n)
    if watch.size:
        reading = middle(watch)
        temp = reading - np.maximum(n.watch_bias_c + n.watch_bias_sd_c * spread, 0.0)
        source = "watch"
    elif place is not None:
        temp = climate_temp_c(place[0], run.started_at, n) + n.climate_sd_c * spread
        source = "climate"
    else:
        source = "usual"
    if weather.air_temp_c is None:
        notes.append(assumed("temperature-drawn", source))
    humidity = table_draws("relative_humidity", draws, rng, n)
    wind = table_draws("wind_m_s", draws, rng, n)
    clearness = table_draws("clearness", draws, rng, n)
    anywhere = table_draws("solar_w_m2", draws, rng, n)
    if weather.solar_w_m2 is not None:
        sun = np.full((time_s.shape[0], draws), float(weather.solar_w_m2))
    elif place is not None:
        sun = clear_sky_w_m2(solar_elevation_deg(run.started_at, *place, time_s, n=n), n)[:, None] * clearness
    else:
        sun = np.broadcast_to(np.clip(anywhere, *RANGES["solar_w_m2"][:2]), (time_s.shape[0], draws))
    missing = [
        name
        for name, value in (
            ("humidity", weather.relative_humidity),
            ("wind", weather.wind_m_s),
            ("sun", weather.solar_w_m2),
        )
        if value is None
    ]
    if missing:
        notes.append(assumed("air-drawn", *missing))
    return DrawnWeather(
        air_temp_c=told(weather.air_temp_c, np.clip(temp, *RANGES["air_temp_c"][:2])),
        relative_humidity=told(weather.relative_humidity, humidity),
        wind_m_s=told(weather.wind_m_s, wind),
        solar_w_m2=sun,
        notes=tuple(notes),
    )


def _place(run: Run) -> tuple[float, float] | None:
    latitude, longitude = run.streams.latitude_deg, run.streams.longitude_deg
    known = np.isfinite(latitude) & np.isfinite(longitude)
    return (middle(latitude[known]), middle(longitude[known])) if known.any() else None


def climate_temp_c(latitude_deg: float, when: datetime, n: BodyNumbers = BODY) -> float:
    """Usual air temperature at sea level by latitude and day of the year, C (assumption, 6 C either way)."""
    mean = n.climate_equator_c - n.climate_latitude_c * latitude_deg**2
    swing = n.climate_season_c * latitude_deg  # the sign turns the seasons round in the south
    return float(mean + swing * np.cos(2 * np.pi * (when.timetuple().tm_yday - WARMEST_DAY) / DAYS_PER_YEAR))


def solar_elevation_deg(
    when: datetime, latitude_deg: float, longitude_deg: float, after_s: Floats, n: BodyNumbers = BODY
) -> Floats:
    """Height of the sun above the horizon in degrees, seconds after a time, within about 2 degrees.

    ``when`` must be aware. Notes: sin h = sin lat sin dec + cos lat cos dec cos(hour angle), without the equation of
    time and with the declination of the first day.
    """
    utc = when.astimezone(UTC)
    declination = np.radians(n.earth_tilt_deg) * np.cos(
        2 * np.pi * (utc.timetuple().tm_yday - SOLSTICE_DAY) / DAYS_PER_YEAR
    )
    hours = utc.hour + utc.minute / 60.0 + (utc.second + after_s) / SECONDS_PER_HOUR
    hour_angle = np.radians(DEGREES_PER_HOUR * (hours - NOON_H) + longitude_deg)
    latitude = np.radians(latitude_deg)
    sine = np.sin(latitude) * np.sin(declination) + np.cos(latitude) * np.cos(declination) * np.cos(hour_angle)
    return np.asarray(np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0))))


def clear_sky_w_m2(solar_elevation: Floats, n: BodyNumbers = BODY) -> Floats:
    """Global radiation of a clear sky on the level, W/m2; 0 at night.

    Notes: 1098 cos z exp(-0.057 / cos z), z from the zenith. References: Haurwitz 1945, J Meteorol 2:154.
    """
    cosine = np.maximum(np.sin(np.radians(solar_elevation)), 1e-3)
    clear = n.clear_sky_w_m2 * cosine * np.exp(-n.clear_sky_depth / cosine)
    return np.where(solar_elevation > 0, clear, 0.0)
