"""The last part of a run: published definitions of a late loss of speed, each under its own name.

Pace is race pace: elapsed time over distance, stops included, as official splits have it.
"""

from __future__ import annotations

import numpy as np

from charley.vocabulary.answer import Detected
from charley.vocabulary.arrays import Bools, Floats
from charley.vocabulary.run import Run
from charley.vocabulary.units import METRES_PER_KM, SECONDS_PER_MINUTE

BASE_FROM_KM, BASE_TO_KM = 5.0, 20.0  # Smyth 2021 and Miyazaki 2025: earlier race pace is that of 5 to 20 km


def definitions(run: Run) -> tuple[Detected, ...]:
    """All named definitions applied to the run."""
    return (wall_smyth_2021(run), wall_miyazaki_2025(run), wall_doherty_2020(run))


def wall_smyth_2021(run: Run) -> Detected:
    """A 5-km stretch after 20 km at least 25 % slower than the pace of 5 to 20 km.

    Smyth 2021, PLoS ONE 16:e0251513, doi:10.1371/journal.pone.0251513 (4 million records of marathons; 28 % of men
    and 17 % of women met it). Stated for the marathon; the limit of 25 % is recalled from the text.
    """
    clock = _Clock(run)
    base = clock.pace_s_km(BASE_FROM_KM, BASE_TO_KM)
    figure, place = _slowest(clock, 5.0, BASE_TO_KM, base)
    return _detected(
        run,
        "wall-smyth-2021",
        "smyth-2021",
        None if figure is None else figure >= 0.25,
        figure,
        place,
        clock,
    )


def wall_miyazaki_2025(run: Run) -> Detected:
    """Slower than 125 % of the pace of 5 to 20 km for more than 5 km without a break, after 25 km.

    Miyazaki 2025, Front Sports Act Living 7, doi:10.3389/fspor.2025.1681444 (1437 marathoners with a motion sensor).
    Taken here on the pace of each running kilometre, every 100 m.
    """
    clock = _Clock(run)
    base = clock.pace_s_km(BASE_FROM_KM, BASE_TO_KM)
    met, figure, place = None, None, None
    if base is not None and clock.end_km > 25.0 + 5.0:
        starts = np.arange(25.0, clock.end_km - 1.0 + 1e-9, 0.1)
        slow = clock.paces_s_km(starts, 1.0) / base > 1.25
        run_length = longest_true(slow)
        met = run_length[1] * 0.1 > 5.0
        if met:
            place = float(starts[run_length[0]])
        figure = float(run_length[1] * 0.1 * METRES_PER_KM)
    return _detected(
        run,
        "wall-miyazaki-2025",
        "miyazaki-2025",
        met,
        figure,
        place,
        clock,
        unit="m",
    )


def wall_doherty_2020(run: Run) -> Detected:
    """Any 5-km segment at least 7.3 % slower than the mean of the others.

    J Athl Train 2020 55:494 (83 marathoners who said whether they had hit the wall: accuracy 84.6 %, sensitivity 1,
    specificity 0.64).
    """
    clock = _Clock(run)
    whole = int(clock.end_km // 5.0)
    met, figure, place = None, None, None
    if whole >= 3:
        paces = np.array([clock.pace_s_km(5.0 * i, 5.0 * (i + 1)) for i in range(whole)])
        others = (paces.sum() - paces) / (whole - 1)
        slower = paces / others - 1
        figure, place = float(slower.max()), float(5.0 * slower.argmax())
        met = figure >= 0.073
    return _detected(
        run,
        "wall-doherty-2020",
        "doherty-2020",
        met,
        figure,
        place,
        clock,
    )


def slowed_fraction(run: Run, until_s: float, window_s: float = 30 * SECONDS_PER_MINUTE) -> float | None:
    """By how much the last ``window_s`` before ``until_s`` was slower than the run before, as a fraction of speed.

    None where the run before is shorter than the window, so that there is nothing to compare.
    """
    clock = _Clock(run)
    start_s = until_s - window_s
    if start_s < window_s:
        return None
    early, late, end = clock.distance_km(0.0), clock.distance_km(start_s), clock.distance_km(until_s)
    before, last = (late - early) / start_s, (end - late) / window_s
    return None if before <= 0 else 1 - last / before


class _Clock:
    """Elapsed time at a distance, and distance at a time, over the recorded samples."""

    def __init__(self, run: Run) -> None:
        s = run.streams
        known = np.isfinite(s.distance_m)
        self._km = np.maximum.accumulate(s.distance_m[known]) / METRES_PER_KM
        self._s = s.time_s[known]
        self.end_km = float(self._km[-1]) if self._km.size else 0.0

    def time_s(self, km: Floats | float) -> Floats:
        return np.asarray(np.interp(km, self._km, self._s))

    def distance_km(self, time_s: float) -> float:
        return float(np.interp(time_s, self._s, self._km)) if self._km.size else 0.0

    def pace_s_km(self, from_km: float, to_km: float) -> float | None:
        if self.end_km < to_km:
            return None
        return float((self.time_s(to_km) - self.time_s(from_km)) / (to_km - from_km))

    def paces_s_km(self, starts_km: Floats, length_km: float) -> Floats:
        return (self.time_s(starts_km + length_km) - self.time_s(starts_km)) / length_km


def longest_true(flags: Bools) -> tuple[int, int]:
    """Start and length of the longest stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    if edges.size == 0:
        return 0, 0
    starts, ends = edges[::2], edges[1::2]
    best = int((ends - starts).argmax())
    return int(starts[best]), int(ends[best] - starts[best])


def _slowest(clock: _Clock, length_km: float, after_km: float, base: float | None) -> tuple[float | None, float | None]:
    """Greatest slowing of any stretch of that length after a distance, against ``base``, and where it starts."""
    if base is None or clock.end_km < after_km + length_km:
        return None, None
    starts = np.arange(after_km, clock.end_km - length_km + 1e-9, 0.1)
    slower = clock.paces_s_km(starts, length_km) / base - 1
    return float(slower.max()), float(starts[slower.argmax()])


def _detected(
    run: Run,
    id_: str,
    source_id: str,
    met: bool | None,
    figure: float | None,
    place_km: float | None,
    clock: _Clock,
    unit: str = "slower",
) -> Detected:
    return Detected(
        id=id_,
        source_ids=(source_id,),
        met=met,
        at_s=None if place_km is None else float(clock.time_s(place_km)),
        at_m=None if place_km is None else place_km * METRES_PER_KM,
        figure=figure,
        unit=unit,
    )
