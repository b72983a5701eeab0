"""A runner who does not exist, over two years: 240 runs, of which 8 cramped. What the app's first door opens.

The story: two or three runs a week along one river, 17 long, hard days. On eight of those the runner set off 5 to 9 in
100 too fast and a calf seized late; on eight they began evenly, and nothing cramped; of the last nobody has said yet.
The hot days, the shoes and the drinks are spread over both kinds, so that the pace at the start is what differs. The
river lies in the middle of an ocean, so that it is nobody's, and every run is marked as a demonstration.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta

import numpy as np

from charley.vocabulary.arrays import Floats
from charley.vocabulary.run import Run, Streams

RUNS = 240
FIRST_MONDAY = date(2023, 12, 4)
WEEKS = 104
BODY_MASS_KG = 70.0
HEIGHT_M, BORN, SEX = 1.76, 1982, "male"

_SEED = 240
_LEVEL_M_S = 3.33  # what this runner can hold over a marathon
_STEP_M = 10.0
_SWEAT_L_H, _DRINK_L_H = 1.15, 0.42
_STAND_S, _WALK_M = 71.0, 500.0
_FAST_UNTIL_M, _TIRED_FROM_M = 10_000.0, 26_000.0
_SOURCE_DEG = (46.0, -25.0)
_METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class HardDay:
    """A race or a long, hard run. ``start``: the first ten kilometres against the runner's level, as a share.

    ``said``: "cramp", "none", or "" where nobody asked yet. ``from_source_m``: where on the river it begins.
    """

    day: date
    title: str
    distance_m: float
    start: float
    air_temp_c: float
    said: str
    cramp_m: float | None = None
    side: str | None = None
    severity: int | None = None
    from_source_m: float = 0.0
    river: int = 0  # 0: the one by the runner's door

    @property
    def race(self) -> bool:
        """Whether it has a race's name."""
        return not self.title.startswith("Long run")


def _cramped(
    day: str, title: str, km: float, start: float, temp: float, at_km: float, side: str, river: int = 0,
    source_km: float = 0.0,
) -> HardDay:  # fmt: skip
    return HardDay(
        date.fromisoformat(day), title, km * 1000, start / 100, temp, "cramp", at_km * 1000, side, 4, source_km * 1000,
        river,
    )  # fmt: skip


def _even(day: str, title: str, km: float, start: float, temp: float, said: str = "none", river: int = 0) -> HardDay:
    return HardDay(date.fromisoformat(day), title, km * 1000, start / 100, temp, said, river=river)


# A long run goes down the river from the door and comes back; the Harbour Marathon comes down it from 34.9 km above.
HARD_DAYS = (
    _even("2024-02-18", "Long run, hard", 30.0, -2.1, 5),
    _cramped("2024-04-07", "River Marathon", 42.4, 7.9, 12, 33.2, "left", river=1),
    _cramped("2024-05-26", "Long run, hard", 30.4, 5.2, 19, 27.9, "left"),
    _even("2024-06-30", "Long run, hard", 31.0, 0.2, 24),
    _even("2024-08-11", "Long run, hard", 32.0, 1.1, 22),
    _cramped("2024-09-15", "Mill Town Marathon", 42.4, 9.4, 16, 31.0, "right", river=2),
    _cramped("2024-10-13", "Harbour Marathon", 42.4, 7.0, 13, 34.6, "left", source_km=34.9),
    _even("2024-12-08", "Long run, hard", 33.0, 1.6, 6),
    _cramped("2025-01-12", "Long run, hard", 32.0, 4.6, 4, 31.2, "right"),
    _even("2025-02-23", "Long run, hard", 31.0, -0.8, 5),
    _cramped("2025-03-30", "River Marathon", 42.4, 6.4, 11, 32.4, "left", river=1),
    _even("2025-05-11", "Lake Marathon", 42.4, 2.4, 15, river=3),
    _cramped("2025-06-01", "Moor Fifty", 50.0, 8.2, 17, 36.8, "right", river=4),
    _even("2025-07-13", "Long run, hard", 30.6, 0.4, 25),
    _even("2025-09-14", "Mill Town Marathon", 42.4, 2.9, 18, river=2),
    _cramped("2025-10-05", "Harbour Marathon", 42.4, 7.4, 17, 33.4, "left", source_km=34.9),
    _even("2025-11-23", "Long run, hard", 32.0, 5.5, 8, said=""),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outing:
    """One run of the career with all that the runner said of it; None and "" for what was not said."""

    run: Run
    title: str
    hard: HardDay | None
    said: str
    cramp_s: float | None
    weighed_kg: tuple[float, float] | None  # before and after
    drank_l: float | None


def outings() -> Iterator[Outing]:
    """All 240, the earliest first; always the same."""
    noise = np.random.default_rng(_SEED)
    hard = {h.day: h for h in HARD_DAYS}
    for number, (day, title, distance_m) in enumerate(_calendar(noise)):
        yield _outing(number, day, title, distance_m, hard.get(day), noise)


def _calendar(noise: np.random.Generator) -> list[tuple[date, str, float]]:
    """Days, titles and lengths (m): every hard day, and of the easy ones as many as make 240."""
    hard = {h.day: h for h in HARD_DAYS}
    rest = {h.day + timedelta(days=n) for h in HARD_DAYS if h.race for n in range(1, 8)}
    easy = []
    for week in range(WEEKS):
        for weekday, title, low, high in (
            (1, "Easy", 7, 12),
            (3, "6 × 1 km", 9, 11),
            (5, "Easy", 6, 9),
            (6, "Long run", 16, 22),
        ):
            day = FIRST_MONDAY + timedelta(days=7 * week + weekday)
            if day not in hard and day not in rest and not any(abs((day - h).days) == 1 for h in hard):
                easy.append((day, title, 1000 * round(float(noise.uniform(low, high)), 1)))
    last = [e for e in easy if e[0] > HARD_DAYS[-1].day]
    rest_of = [e for e in easy if e not in last]
    chosen = noise.choice(len(rest_of), RUNS - len(HARD_DAYS) - len(last), replace=False)
    races = [(h.day, h.title, h.distance_m) for h in HARD_DAYS]
    return sorted([*races, *last, *(rest_of[i] for i in chosen)])


def _outing(
    number: int, day: date, title: str, distance_m: float, hard: HardDay | None, noise: np.random.Generator
) -> Outing:
    metres, speed = _pace(title, distance_m, hard, noise)
    standing = np.zeros(len(metres))
    if hard is not None and hard.cramp_m is not None:
        standing[int(np.searchsorted(metres, hard.cramp_m))] = _STAND_S
    at_s = np.concatenate([[0.0], np.cumsum(np.diff(metres) / speed[:-1] + standing[1:])])
    seconds = np.arange(int(at_s[-1]) + 1, dtype=np.float64)
    # a stop is two moments at one place
    stops = np.flatnonzero(standing)
    moments = np.insert(at_s, stops, at_s[stops] - standing[stops])
    distance = np.round(np.interp(seconds, moments, np.insert(metres, stops, metres[stops])), 2)
    run = _run(number, day, distance, hard, noise)
    cramp_s = None
    if hard is not None and hard.cramp_m is not None:
        cramp_s = float(np.searchsorted(distance, hard.cramp_m - 1.0))
    hours = run.elapsed_s / 3600
    weighed = drank = None
    if hard is not None and number % 2 == 0:
        drank = round(_DRINK_L_H * hours, 1)
        before = BODY_MASS_KG + round(float(noise.uniform(-0.6, 0.6)), 1)
        weighed = (before, round(before - (_SWEAT_L_H + 0.02 * (hard.air_temp_c - 12)) * hours + drank, 1))
    easy_said = "none" if hard is None and title == "Long run" and number % 3 == 0 else ""
    return Outing(run, title, hard, hard.said if hard else easy_said, cramp_s, weighed, drank)


def _pace(title: str, distance_m: float, hard: HardDay | None, noise: np.random.Generator) -> tuple[Floats, Floats]:
    """Metres in steps of ten, and the speed over each."""
    metres = np.arange(0.0, distance_m + _STEP_M, _STEP_M)
    wander = np.convolve(noise.normal(0.0, 0.035, len(metres) + 40), np.ones(20) / np.sqrt(20), "same")[20:-20]
    if hard is None:
        speed = np.full(len(metres), _LEVEL_M_S * float(noise.uniform(0.86, 0.91)))
        if title.startswith("6"):
            speed = (
                np.where((metres > 2000) & ((metres - 2000) % 1300 < 1000) & (metres < 9800), 1.18, 0.88) * _LEVEL_M_S
            )
        return metres, np.maximum(speed + wander[: len(metres)], 1.2)
    share = np.clip((metres - _TIRED_FROM_M) / 14_000, 0.0, 1.0)
    late = (0.09 if hard.start > 0.04 else 0.025) * share
    base = _LEVEL_M_S * (1.0 if hard.race else 0.97)
    fast = hard.start * np.clip((_FAST_UNTIL_M + 2000 - metres) / 2000, 0.0, 1.0)
    speed = base * (1 + fast - late) + wander
    if hard.cramp_m is not None:
        after = metres - hard.cramp_m
        speed = np.where(after >= 0, np.where(after < _WALK_M, 1.4, 2.72) + wander, speed)
    return metres, np.maximum(speed, 1.2)


def _run(number: int, day: date, distance: Floats, hard: HardDay | None, noise: np.random.Generator) -> Run:
    n = len(distance)
    step = np.diff(distance, prepend=distance[0] - (distance[1] - distance[0]))
    speed = np.convolve(np.pad(step, 2, "edge"), np.ones(5) / 5, "valid")
    latitude, longitude, altitude = _place(distance, hard)
    rise = np.gradient(altitude, 5) / np.maximum(speed, 0.5)
    tired = np.clip(np.arange(n) / 13_000, 0.0, 1.0)
    effort = 84 + 23.5 * speed + 10 * tired + (0.25 * (hard.air_temp_c - 12) if hard else 0.0)
    lag = np.exp(-np.arange(180) / 40.0)
    pulse = np.convolve(np.concatenate([np.full(179, 92.0), effort]), lag / lag.sum(), "valid")
    cadence = np.where(speed > 0.4, 168 + 6 * (speed - 3.3) - 5 * tired**3 + noise.normal(0, 0.8, n), 0.0)
    missing = np.full(n, np.nan)
    channels = {f.name: missing for f in fields(Streams)} | {
        "time_s": np.arange(n, dtype=np.float64), "distance_m": distance, "speed_m_s": speed, "altitude_m": altitude,
        "grade": np.clip(rise, -0.2, 0.2), "heart_rate_bpm": np.round(pulse), "cadence_spm": np.round(cadence),
        "latitude_deg": latitude, "longitude_deg": longitude,
    }  # fmt: skip
    start = datetime(day.year, day.month, day.day, 9 if hard and hard.race else 8, 5 + number % 50, tzinfo=UTC)
    return Run(
        run_id=hashlib.sha256(f"charley demo career, run {number}".encode()).hexdigest(),
        file_name=f"charley-demo-{day.isoformat()}.fit", file_format="fit", started_at=start, elapsed_s=float(n - 1),
        timer_s=float(n - 1), distance_m=float(distance[-1]), records=n, streams=Streams(**channels),
        moving=np.ones(n, dtype=bool), device="Charley demo", demo=True, zone_from="watch",
    )  # fmt: skip


def _place(distance: Floats, hard: HardDay | None) -> tuple[Floats, Floats, Floats]:
    """Down the river and back again; a course from above the runner's door runs towards the sea, past it."""
    if hard is not None and hard.from_source_m:
        along, river = hard.from_source_m - distance, 0
    else:
        half = distance[-1] / 2
        along, river = half - np.abs(distance - half), hard.river if hard else 0
    bend = 900 * np.sin(along / 2600) + 240 * np.sin(along / 710 + 1)
    latitude = _SOURCE_DEG[0] + 0.4 * river + along / _METRES_PER_DEGREE
    longitude = _SOURCE_DEG[1] + bend / (_METRES_PER_DEGREE * np.cos(np.radians(_SOURCE_DEG[0])))
    hump = 11 * np.exp(-(((along - 1100) / 420) ** 2))  # a bridge
    altitude = 14 + along / 900 + hump + 5 * (1 + river) * np.sin(along / 1900)
    return latitude, longitude, altitude
