"""Runs made here, cleaned and at one sample a second: one of four hours, and years of them in a journal."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from charley.vocabulary.run import Run, Streams


def four_hours(seconds: int = 14_400, speed_m_s: float = 2.95) -> Run:
    """A hilly 42.5 km in four hours with heart rate and cadence, slowing late."""
    t = np.arange(seconds, dtype=np.float64)
    rng = np.random.default_rng(0)
    speed = speed_m_s * (1.04 - 0.1 * (t / seconds) ** 2) + 0.05 * rng.standard_normal(seconds)
    streams = Streams.of(
        seconds,
        distance_m=np.cumsum(speed),
        speed_m_s=speed,
        altitude_m=50 + 20 * np.sin(t / 900),
        grade=20 / 900 * np.cos(t / 900) / speed,
        heart_rate_bpm=150 + 15 * t / seconds,
        cadence_spm=172 - 8 * (t / seconds) ** 2,
    )
    return Run(
        run_id="0" * 64,
        file_name="four-hours",
        file_format="made",
        started_at=datetime(2026, 4, 12, 9, 0, tzinfo=UTC),
        elapsed_s=float(seconds),
        timer_s=float(seconds),
        distance_m=float(streams.distance_m[-1]),
        records=seconds,
        streams=streams,
        moving=np.ones(seconds, bool),
    )


def years(journal: Path, runs: int) -> None:
    """A journal of so many runs, one every two and a half days: easy ones, every fifth long, every 33rd a race with
    its effort told; half of the races and some long runs cramped late, of every seventh run nothing was said."""
    from charley.api import journal as journals
    from charley.vocabulary.cramp import Cramp

    rng = np.random.default_rng(1)
    for n in range(runs):
        race, long = n % 33 == 32, n % 5 == 0
        marathon = race and n // 33 % 3 == 2
        cramped = (race and n // 33 % 2 == 0) or (long and n % 60 == 20)
        seconds = 13_800 if marathon else 6_300 if race else int(rng.uniform(*((5400, 9600) if long else (1800, 3900))))
        speed = 3.05 if marathon else 3.35 if race else float(rng.uniform(2.6, 2.9))
        run = _around_the_lake(n, seconds, speed, 0.8 if cramped else 1.0)
        journals.add_run(journal, run, read_by="0")
        if race:
            told = {"air_temp_c": float(rng.uniform(8, 26)), "relative_humidity": 0.6}
            journals.log_about(journal, run=run.run_id, effort="race", **told)
        at_s = 0.8 * seconds
        if cramped:
            journals.log_event(journal, "cramp", run=run.run_id, place=Cramp(at_s, at_s, at_s), severity=3)
        elif n % 7:
            journals.log_event(journal, "none", run=run.run_id)


def _around_the_lake(number: int, seconds: int, speed_m_s: float, slows_at: float) -> Run:
    """A run in laps of ten kilometres, half as fast from a share of its time on."""
    rng = np.random.default_rng([3, number])
    t = np.arange(seconds, dtype=np.float64)
    wander = np.repeat(0.05 * rng.standard_normal(seconds // 30 + 1), 30)[:seconds]
    speed = speed_m_s * np.where(t < slows_at * seconds, 1.0, 0.5) + wander
    angle = 2 * np.pi * np.cumsum(speed) / 10_000.0
    streams = Streams.of(
        seconds,
        distance_m=np.round(np.cumsum(speed), 2),
        speed_m_s=np.round(speed, 3),
        heart_rate_bpm=np.round(118 + 14 * (speed - 2) + 8 * t / seconds),
        altitude_m=np.round(50 + 5 * np.sin(angle), 1),
        latitude_deg=np.round(48.0 + 0.0143 * np.sin(angle), 7),
        longitude_deg=np.round(11.0 + 0.0214 * np.cos(angle), 7),
    )
    return Run(
        run_id=hashlib.sha256(f"lake {number}".encode()).hexdigest(),
        file_name=f"lake-{number}.fit",
        file_format="fit",
        started_at=datetime(2023, 6, 1, 7, 30, tzinfo=UTC) + timedelta(days=2.5 * number),
        elapsed_s=float(seconds),
        timer_s=float(seconds),
        distance_m=float(streams.distance_m[-1]),
        records=seconds,
        streams=streams,
        moving=np.ones(seconds, bool),
    )
