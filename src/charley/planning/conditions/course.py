"""The way of a race: from a course file with its heights, or of a told length and flat."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from charley.planning.conditions.heights import GRID_M, heights_along
from charley.vocabulary.arrays import Floats
from charley.vocabulary.course import CoursePoints
from charley.vocabulary.race import RaceCourse

STANDARD_M = (5000.0, 10_000.0, 15_000.0, 21_097.5, 42_195.0, 50_000.0, 56_000.0, 90_000.0, 100_000.0)
_SHORT, _LONG = 0.98, 1.03  # a drawn way cuts corners, a recorded one wanders


def flat_course(distance_m: float, name: str = "") -> RaceCourse:
    """A flat way of that length."""
    at = np.linspace(0.0, distance_m, max(int(distance_m / GRID_M), 1) + 1)
    return RaceCourse(name, distance_m, at, np.zeros_like(at), "flat")


def course_of(points: CoursePoints, distance_m: float | None = None) -> RaceCourse:
    """The way in a file: as long as told, else the standard distance that it means, else its own length.

    Heights are laid along that length. A file whose heights are all missing or all the same is taken as flat.
    """
    own_m = float(points.at_m.max())
    length_m = distance_m or next((s for s in STANDARD_M if _SHORT * s <= own_m <= _LONG * s), own_m)
    known = points.altitude_m[np.isfinite(points.altitude_m)]
    latitude, longitude = points.latitude_deg, points.longitude_deg
    if known.size < 2 or np.ptp(known) < 1e-6:
        flat = flat_course(length_m, points.name)
        return replace(flat, latitude_deg=latitude, longitude_deg=longitude)
    found = heights_along(points.at_m, points.altitude_m)
    at = np.linspace(0.0, length_m, max(int(length_m / GRID_M), 1) + 1)
    height = np.interp(at * own_m / length_m, found.at_m, found.height_m)
    ascent = (found.ascent_m, found.ascent_low_m, found.ascent_high_m)
    return RaceCourse(points.name, length_m, at, height, "file", *ascent, latitude, longitude)


def grade_along(course: RaceCourse, edges_m: Floats) -> Floats:
    """Mean rise over run between consecutive edges, (edges - 1,)."""
    return np.asarray(np.diff(np.interp(edges_m, course.at_m, course.height_m)) / np.diff(edges_m))
