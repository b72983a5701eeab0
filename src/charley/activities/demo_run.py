"""A runner who does not exist, at a marathon that was never held: what ``charley demo`` shows.

The story: a little fast at the start, about 4:50 a kilometre, two drink stations, a stop of 80 s at 15 km, a stretch
without signal; at 33.4 km a calf seizes. The runner stands for 70 s, walks half a kilometre and shuffles home in about
3:40 h. The course lies in the middle of an ocean, so that it is nobody's. The file is written as any watch would, with
samples every 4 to 6 s, is marked as a demonstration, and is read back by the same readers as any other file.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np

from charley.activities.fit import profile as fit
from charley.activities.fit.reader import DEMO_PRODUCT_NAME
from charley.activities.fit.writer import ENUM, SINT32, UINT8, UINT16, UINT32, Field, FitWriter
from charley.vocabulary.arrays import Floats

FILE_NAME = "charley-demo-marathon.fit"
SEED = 334

_START_UNIX_S = 1_747_558_800.0  # 2025-05-18 09:00 UTC, a quarter past seven by the sun over the course
_COURSE_M = 42_400.0  # nobody runs the shortest line
_LOOPS = 4
_CENTRE_DEG = (46.0, -25.0)
_METRES_PER_DEGREE = 111_195.0
_CRAMP_AT_M = 33_400.0
_STAND_S = 70.0
_WALK_M = 500.0
_PAUSE_AT_M, _PAUSE_S = 15_000.0, 80
_DRINKS_M = (10_050.0, 25_120.0)
_DRINK_LENGTH_M = 45.0
_SILENT_M = (21_300.0, 21_620.0)  # no samples under a long bridge
_HILLS = ((9.0, 7_070.0, 0.4), (4.0, 2_830.0, 1.3), (1.5, 1_180.0, 2.1))  # height (m), length (m), phase


@dataclass(slots=True)
class _Moment:
    """One second of the story."""

    metres: float
    speed: float
    heart_rate: float
    cadence: float
    paused: bool
    restless: bool  # the watch records each second while something changes


def write_demo(folder: str | PathLike[str], *, seed: int = SEED) -> Path:
    """Write the demonstration run as a FIT file into ``folder`` (which must exist) and return its path.

    The same seed gives the same bytes. ``Run.demo`` is True after reading it back. Raises OSError.
    """
    path = Path(folder) / FILE_NAME
    path.write_bytes(demo_fit(seed))
    return path


def demo_fit(seed: int = SEED) -> bytes:
    """The bytes of the demonstration run's FIT file."""
    rng = np.random.default_rng(seed)
    moments = _story(_slow_noise(rng, 16_000))
    writer = FitWriter()
    start = _START_UNIX_S - fit.FIT_EPOCH_UNIX_S
    name = Field(fit.PRODUCT_NAME, fit.STRING, len(DEMO_PRODUCT_NAME) + 1)
    writer.define(0, fit.FILE_ID, [Field(0, ENUM), Field(1, UINT16), Field(2, UINT16), Field(4, UINT32), name])
    writer.write(0, fit.ACTIVITY_FILE, fit.DEVELOPMENT, 1, start, DEMO_PRODUCT_NAME)
    writer.define(1, fit.EVENT, [Field(fit.TIMESTAMP, UINT32), Field(0, ENUM), Field(1, ENUM)])
    writer.write(1, start, fit.EVENT_TIMER, fit.TIMER_START)
    _write_records(writer, moments, start, rng)
    elapsed = len(moments) - 1
    timer = elapsed - sum(moment.paused for moment in moments)
    end, metres = start + elapsed, moments[-1].metres
    writer.write(1, end, fit.EVENT_TIMER, 4)
    summary = [
        Field(fit.TIMESTAMP, UINT32), Field(2, UINT32), Field(7, UINT32), Field(8, UINT32), Field(9, UINT32)
    ]  # fmt: skip
    values = (end, start, elapsed * fit.TIME_SCALE, timer * fit.TIME_SCALE, metres * fit.DISTANCE_SCALE)
    writer.define(3, 19, summary)
    writer.write(3, *values)
    writer.define(4, fit.SESSION, [*summary, Field(5, ENUM), Field(6, ENUM)])
    writer.write(4, *values, 1, 0)
    writer.define(5, 34, [Field(fit.TIMESTAMP, UINT32), Field(0, UINT32), Field(1, UINT16)])
    writer.write(5, end, timer * fit.TIME_SCALE, 1)
    return writer.finish()


def _write_records(writer: FitWriter, moments: list[_Moment], start: float, rng: np.random.Generator) -> None:
    writer.define(
        2,
        fit.RECORD,
        [
            Field(fit.TIMESTAMP, UINT32), Field(0, SINT32), Field(1, SINT32), Field(2, UINT16), Field(3, UINT8),
            Field(fit.CADENCE, UINT8), Field(fit.FRACTIONAL_CADENCE, UINT8), Field(5, UINT32), Field(6, UINT16),
        ],
    )  # fmt: skip
    due = 0
    for second, now in enumerate(moments):
        began = now.paused and not moments[second - 1].paused
        ended = not now.paused and second > 0 and moments[second - 1].paused
        if began or ended:
            writer.write(1, start + second, fit.EVENT_TIMER, 4 if began else fit.TIMER_START)
        if now.paused and not began:
            continue
        silent = _SILENT_M[0] <= now.metres <= _SILENT_M[1]
        last = second == len(moments) - 1
        if silent or not (second >= due or now.restless or began or ended or last):
            continue
        due = second + int(rng.integers(4, 7))
        latitude, longitude = _place(now.metres)
        half_cadence = now.cadence / 2
        writer.write(
            2,
            start + second,
            latitude / fit.DEGREES_PER_SEMICIRCLE,
            longitude / fit.DEGREES_PER_SEMICIRCLE,
            5 * (_height(now.metres) + 500),
            now.heart_rate,
            math.floor(half_cadence),
            fit.FRACTIONAL_CADENCE_SCALE * (half_cadence % 1),
            now.metres * fit.DISTANCE_SCALE,
            now.speed * 1000,
        )


def _story(noise: Floats) -> list[_Moment]:
    """Second by second, until the finish."""
    moments: list[_Moment] = []
    metres, speed, pulse, cadence = 0.0, 0.0, 96.0, 0.0
    paused_for, stood_for = 0, 0.0
    while metres < _COURSE_M:
        second = len(moments)
        tired = metres / _CRAMP_AT_M
        grade = (_height(metres + 5) - _height(metres - 5)) / 10
        wish = 3.47 + 0.16 * math.exp(-metres / 2500) - 0.10 * tired**3 - 3.0 * grade + float(noise[second])
        steps = 168.5 + 5 * (wish - 3.45) - 5 * tired**4
        paused = 0 < paused_for < _PAUSE_S or (metres >= _PAUSE_AT_M and paused_for == 0)
        restless = paused or abs(metres - _PAUSE_AT_M) < 20 or abs(metres - _CRAMP_AT_M) < 20
        settle = 0.25  # share of the way to the wished speed that a second brings
        if paused:
            paused_for += 1
            wish, steps, settle = 0.0, 0.0, 1.0
        elif any(0 <= metres - at < _DRINK_LENGTH_M for at in _DRINKS_M):
            wish, steps = 1.9, 140.0
        elif metres >= _CRAMP_AT_M:
            if stood_for < _STAND_S:
                stood_for += 1
                wish, steps, settle = 0.0, 0.0, 0.6
            elif metres < _CRAMP_AT_M + _WALK_M:
                wish, steps = 1.35 + float(noise[second]) / 3, 106.0
            else:
                wish, steps = 2.78 - 1.5 * grade + float(noise[second]), 157.0
        speed = max(speed + settle * (wish - speed), 0.0) if wish or speed > 0.15 else 0.0
        cadence = max(cadence + max(settle, 0.4) * (steps - cadence), 0.0) if steps or cadence > 12 else 0.0
        effort = 92 + 16.0 * speed + 14 * tired * min(speed / 3, 1) + 110 * max(grade, 0.0) * speed
        pulse += (effort - pulse) / 40
        metres += speed
        moments.append(_Moment(metres, speed, pulse, cadence, paused, restless))
    return moments


def _slow_noise(rng: np.random.Generator, size: int) -> Floats:
    """Speed that wanders by some cm/s over half a minute."""
    kernel = np.exp(-np.arange(120) / 25.0)
    return np.convolve(rng.normal(0.0, 0.05, size), kernel / np.sqrt((kernel**2).sum()), "same")


def _height(metres: float) -> float:
    return 40.0 + sum(high * math.sin(2 * math.pi * metres / length + phase) for high, length, phase in _HILLS)


def _place(metres: float) -> tuple[float, float]:
    """A point on a circle that is run four times."""
    loop_m = _COURSE_M / _LOOPS
    angle = 2 * math.pi * metres / loop_m
    radius_deg = loop_m / (2 * math.pi) / _METRES_PER_DEGREE
    latitude = _CENTRE_DEG[0] + radius_deg * math.sin(angle)
    return latitude, _CENTRE_DEG[1] + radius_deg * math.cos(angle) / math.cos(math.radians(_CENTRE_DEG[0]))
