"""The air that is usual at a place, a day and an hour, with its width: for a race whose weather nobody knows yet."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from charley.body.weather import climate_temp_c
from charley.evidence.numbers.body import BODY, BodyNumbers
from charley.evidence.numbers.planning import PLANNING, PlanningNumbers

HOURS_A_DAY = 24.0


def usual_temp_c(
    latitude_deg: float,
    local_start: datetime,
    hour: float | None = None,
    n: PlanningNumbers = PLANNING,
    body: BodyNumbers = BODY,
) -> float:
    """Usual air temperature (C) at sea level at a latitude, on a day, at a local hour; ``climate_width_c`` is its SD.

    Validity: 60 S to 60 N near sea level; mountains are colder and coasts milder than the line. Notes: the mean of the
    day by latitude and month (body/weather.py), and a wave of 5 C either way: half a cosine from the coolest hour, at
    six, to the warmest, at three in the afternoon, and a longer one back. ``hour`` is that of ``local_start`` unless
    given.
    """
    at = (local_start.hour + local_start.minute / 60.0 if hour is None else hour) % HOURS_A_DAY
    risen = (at - n.climate_coolest_hour) % HOURS_A_DAY
    rising_h = n.climate_warmest_hour - n.climate_coolest_hour
    phase = risen / rising_h if risen <= rising_h else 1.0 + (risen - rising_h) / (HOURS_A_DAY - rising_h)
    return float(climate_temp_c(latitude_deg, local_start, body) - n.climate_day_swing_c * np.cos(np.pi * phase))
