"""A cleaned 4-h run at one sample a second, made here: what the benchmarks of answers and bodies stand on."""

from __future__ import annotations

from datetime import UTC, datetime

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
