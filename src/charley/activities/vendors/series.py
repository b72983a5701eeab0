"""Samples as makers write them: a series of its own for each channel, all of which together are the recording."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import numpy as np

from charley.activities import limits
from charley.activities.texts import moment, number
from charley.activities.zones import FILE
from charley.vocabulary.arrays import Floats
from charley.vocabulary.errors import RunFileError
from charley.vocabulary.run import Piece, Recording, Session

_EPOCH = datetime(1970, 1, 1)
_MILLISECONDS = 1000.0  # times closer than that are one


class Series:
    """Samples by channel, in the order in which they come."""

    def __init__(self, file_name: str) -> None:
        self._file_name = file_name
        self._held: dict[str, tuple[array[float], array[float]]] = {}
        self._count = 0

    def add(self, channel: str, unix_s: float, value: float) -> None:
        """A sample; one without a time or a value is passed over. Raises RunFileError beyond the limit of a file."""
        if not (math.isfinite(unix_s) and math.isfinite(value)):
            return
        times, values = self._held.setdefault(channel, (array("d"), array("d")))
        times.append(unix_s)
        values.append(value)
        self._count += 1
        if self._count > limits.SAMPLES:
            raise limits.too_large(self._file_name, f"more than {limits.SAMPLES} samples")

    def __contains__(self, channel: object) -> bool:
        return channel in self._held

    def add_steps(self, channel: str, unix_s: list[float], steps: list[float]) -> None:
        """The running sum of steps, at the end of each."""
        total = 0.0
        for at, step in sorted(zip(unix_s, steps, strict=True)):
            if math.isfinite(step) and step >= 0:
                total += step
                self.add(channel, at, total)

    def columns(self) -> tuple[Floats, dict[str, Floats]]:
        """One row for each moment of any channel; of two values at one moment the first counts."""
        if not self._held:
            return np.empty(0), {}
        stamps = {c: np.round(np.frombuffer(t) * _MILLISECONDS) for c, (t, _) in self._held.items()}
        rows = np.unique(np.concatenate(list(stamps.values())))
        if rows.size > limits.RECORDS:
            raise limits.too_large(self._file_name, f"more than {limits.RECORDS} records")
        channels = {}
        for channel, at in stamps.items():
            channels[channel] = column = np.full(rows.size, np.nan)
            column[np.searchsorted(rows, at[::-1])] = np.frombuffer(self._held[channel][1])[::-1]
        return rows / _MILLISECONDS, channels


@dataclass(frozen=True, slots=True)
class Part:
    """What a file says of one activity or one leg: its sums, and its samples."""

    session: Session
    series: Series


def recording(
    data: bytes, name: str, file_format: str, parts: list[Part], *, device: str = "", utc_offset_s: float | None = None,
    stops: tuple[tuple[float, float], ...] = (),
) -> Recording:  # fmt: skip
    """The parts, which belong together, as one recording. Raises RunFileError where there is nothing to keep."""
    rows = [part.series.columns() for part in parts]
    sessions = tuple(part.session for part in parts)
    if not any(times.size for times, _ in rows) and not any(map(_has_figures, sessions)):
        raise RunFileError("no-records", "no samples were recorded in this file", name)
    names = dict.fromkeys(channel for _, channels in rows for channel in channels)
    first_rows = np.cumsum([0, *(times.size for times, _ in rows)]).tolist()
    pieces = tuple(Piece(first_rows[i], (s,), joined=i > 0) for i, s in enumerate(sessions))
    sports = {s.sport for s in sessions if s.sport}
    return Recording(
        file_name=name,
        file_format=file_format,
        content_sha256=sha256(data).hexdigest(),
        time_unix_s=np.concatenate([times for times, _ in rows]),
        channels={c: np.concatenate([held.get(c, np.full(t.size, np.nan)) for t, held in rows]) for c in names},
        sessions=sessions,
        sport="several" if len(sports) > 1 else next(iter(sports), ""),
        device=limits.plain(device),
        stops=stops,
        pieces=pieces if len(pieces) > 1 else (),
        utc_offset_s=utc_offset_s,
        zone_from="" if utc_offset_s is None else FILE,
    )


def _has_figures(session: Session) -> bool:
    return session.start_unix_s is not None and bool(session.elapsed_s or session.timer_s) and bool(session.distance_m)


def value_of(raw: object) -> float:
    """A number, or a text that is one; NaN for everything else."""
    if isinstance(raw, str):
        return number(raw)
    return float(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) < 1e300 else math.nan


def milliseconds(raw: object) -> float:
    """Milliseconds as seconds, NaN for what is none."""
    return value_of(raw) / 1000.0


def positive(value: float) -> float | None:
    """The value, None for nothing and for what is less."""
    return value if math.isfinite(value) and value > 0 else None


def unix_of(text: object, offset_s: float = 0.0) -> float:
    """Seconds since 1970; a time without a zone is local, that many seconds ahead of UTC. NaN for no time."""
    when = moment(text) if isinstance(text, str) else None
    if when is None:
        return math.nan
    try:
        if when.tzinfo is not None:
            return when.timestamp()
        return (when - _EPOCH).total_seconds() - offset_s
    except (ValueError, OverflowError):
        return math.nan


def offset_of(text: object) -> float | None:
    """Seconds by which the zone of a time is ahead of UTC, None where it names none."""
    when = moment(text) if isinstance(text, str) else None
    away = None if when is None else when.utcoffset()
    return None if away is None else away.total_seconds()
