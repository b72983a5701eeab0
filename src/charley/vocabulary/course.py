"""A course before anybody has run it."""

from __future__ import annotations

from dataclasses import dataclass

from charley.vocabulary.arrays import Floats


@dataclass(frozen=True, slots=True)
class CoursePoints:
    """Points along a way as a file has them, (points,): metres from the start, heights (NaN where there is none).

    Latitude and longitude are those of its middle, None where the file has no positions.
    """

    name: str
    at_m: Floats
    altitude_m: Floats
    latitude_deg: float | None = None
    longitude_deg: float | None = None
