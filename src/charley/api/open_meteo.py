"""The weather of a place and a day from Open-Meteo: all that ever asks a network in Charley, and only when told to.

Sent are the place, rounded to a tenth of a degree (about 10 km), and the day; nothing of the runner, no name, no key.
This module is imported where ``--weather open-meteo`` is given, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from charley.vocabulary.errors import InputError, UsageError
from charley.vocabulary.runner import RANGES, Weather

if TYPE_CHECKING:
    from charley.planning.conditions.forecast_file import SavedForecast
    from charley.vocabulary.run import Run

SERVICE = "open-meteo"
FORECAST, ARCHIVE = "api.open-meteo.com", "archive-api.open-meteo.com"
PATHS = {FORECAST: "/v1/forecast", ARCHIVE: "/v1/archive"}
HOURLY = "temperature_2m,relative_humidity_2m,wind_speed_10m,shortwave_radiation"
PLACE_DECIMALS = 1
FORECAST_DAYS, KEPT_DAYS = 15, 85  # what the forecast service answers: so far ahead, and so far back
FIRST_DAY = date(1940, 1, 1)  # of the archive
WAIT_S, MOST_BYTES = 10.0, 1_000_000


@dataclass(frozen=True, slots=True)
class OpenMeteo:
    """The service. ``says`` is told what is sent, before it is sent."""

    says: Callable[[str], None]
    fetch: Callable[[str], bytes] | None = None  # from an address; None: over the network

    def of_day(
        self, latitude_deg: float | None, longitude_deg: float | None, day: date, *, in_utc: bool, today: date
    ) -> SavedForecast:
        """The hours of a day and the next, by the clock of the place or in UTC.

        Raises UsageError (weather-needs) without a place or for a day that nobody knows, InputError (weather-failed).
        """
        from charley.planning.conditions.forecast_file import read_forecast

        if latitude_deg is None or longitude_deg is None:
            raise UsageError("weather-needs", "the place is not known")
        if not (-90.0 <= latitude_deg <= 90.0 and -180.0 <= longitude_deg <= 180.0):
            raise UsageError("weather-needs", f"there is no place at {latitude_deg:g}, {longitude_deg:g}")
        if not FIRST_DAY <= day <= today + timedelta(days=FORECAST_DAYS):
            raise UsageError("weather-needs", f"{day:%d %B %Y}: the service knows 1940 to 15 days ahead")
        north, east = (round(x, PLACE_DECIMALS) + 0.0 for x in (latitude_deg, longitude_deg))
        host = FORECAST if day >= today - timedelta(days=KEPT_DAYS) else ARCHIVE
        end = min(day + timedelta(days=1), today + timedelta(days=FORECAST_DAYS))
        address = (
            f"https://{host}{PATHS[host]}?latitude={north:.{PLACE_DECIMALS}f}&longitude={east:.{PLACE_DECIMALS}f}"
            f"&start_date={day.isoformat()}&end_date={end.isoformat()}&hourly={HOURLY}&wind_speed_unit=ms"
            f"&timezone={'UTC' if in_utc else 'auto'}"
        )
        self.says(f"sent to {host}: latitude {north:g}, longitude {east:g}, {day.isoformat()} and the next day")
        data = (self.fetch or _over_the_network)(address)
        try:
            return read_forecast(data.decode("utf-8", "replace"), host)
        except InputError as error:
            raise InputError("weather-failed", error.found, host) from None

    def over_run(self, run: Run, told: Weather) -> Weather:
        """What was told, and the means over the run for what was not."""
        import numpy as np

        start = run.started_at.astimezone(UTC)
        placed = np.flatnonzero(np.isfinite(run.streams.latitude_deg) & np.isfinite(run.streams.longitude_deg))
        north, east = (
            float(values[placed[0]]) if placed.size else None
            for values in (run.streams.latitude_deg, run.streams.longitude_deg)
        )
        hours = self.of_day(north, east, start.date(), in_utc=True, today=datetime.now(UTC).date())
        first = hours.times[0]
        known_h = np.array([(at - first) / timedelta(hours=1) for at in hours.times])
        begin_h = (start.replace(tzinfo=None) - first) / timedelta(hours=1)
        asked_h = begin_h + np.linspace(0.0, run.elapsed_s / 3600.0, 61)
        if begin_h < known_h[0] - 1.0 or begin_h > known_h[-1] + 1.0:
            raise InputError("weather-failed", "its hours are not those of the run", SERVICE)
        found = {}
        for name in ("air_temp_c", "relative_humidity", "wind_m_s", "solar_w_m2"):
            values = getattr(hours, name)
            fit = np.isfinite(values)
            if getattr(told, name) is None and fit.any():
                low, high = RANGES[name][:2]
                found[name] = float(np.clip(np.interp(asked_h, known_h[fit], values[fit]).mean(), low, high))
        return replace(told, **found)


def _over_the_network(address: str) -> bytes:
    """The answer, from that host alone: another one that it points to is not asked. Raises InputError."""
    import urllib.error
    import urllib.request

    class Stays(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    try:
        with urllib.request.build_opener(Stays).open(address, timeout=WAIT_S) as answer:
            data: bytes = answer.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # URLError and a slow answer are OSErrors
        reason = getattr(error, "reason", None) or error
        raise InputError("weather-failed", f"it did not answer: {reason}", SERVICE) from None
    if len(data) > MOST_BYTES:
        raise InputError("weather-failed", "its answer is larger than any forecast", SERVICE)
    return data
