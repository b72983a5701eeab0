"""A run as Charley knows it: one sample a second, gaps and pauses kept as what they are."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

import numpy as np

from charley.vocabulary.arrays import Bools, Floats
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.errors import Warned


@dataclass(frozen=True, slots=True)
class Streams:
    """Channels on a 1-Hz grid: float64 arrays of equal length n. NaN means not recorded.

    ``time_s`` counts elapsed seconds from the start, pauses included, so ``time_s[i] == i``. ``distance_m`` is
    cumulative and never falls. ``cadence_spm`` counts steps of both feet. ``altitude_m`` is as recorded.
    """

    time_s: Floats
    distance_m: Floats
    speed_m_s: Floats
    altitude_m: Floats
    grade: Floats  # rise over run, smoothed; 0 where altitude is missing
    heart_rate_bpm: Floats
    cadence_spm: Floats
    power_w: Floats
    air_temp_c: Floats  # the sensor's own reading, warmed by the wrist
    contact_time_s: Floats
    vertical_oscillation_m: Floats
    step_length_m: Floats
    latitude_deg: Floats
    longitude_deg: Floats

    def __post_init__(self) -> None:
        n = self.time_s.shape[0]
        for f in fields(self):
            array = getattr(self, f.name)
            if array.shape != (n,) or array.dtype != np.float64:
                raise ValueError(f"{f.name}: expected float64 of shape ({n},), got {array.dtype} {array.shape}")

    def __len__(self) -> int:
        return int(self.time_s.shape[0])

    @classmethod
    def of(cls, seconds: int, **channels: Floats) -> Streams:
        """Streams of that many seconds with the channels given; the others hold nothing, and grade is level."""
        nothing = np.full(seconds, np.nan)
        empty = {f.name: nothing for f in fields(cls)}
        level = {"time_s": np.arange(seconds, dtype=np.float64), "grade": np.zeros(seconds)}
        return cls(**{**empty, **level, **channels})

    def has(self, channel: str) -> bool:
        """True if the channel holds at least one recorded value."""
        return bool(np.isfinite(getattr(self, channel)).any())


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of a run in elapsed seconds, from ``start_s`` to ``end_s`` (not included), with what it is."""

    start_s: float
    end_s: float
    kind: str  # "pause" (the timer was stopped), "gap" (the recording has no samples), "signal" (a channel is missing)
    channel: str = ""  # the channel of ``Streams`` that is missing, for "signal"

    @property
    def duration_s(self) -> float:
        """Length of the stretch in seconds."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that cleaning changed, and how often: shown to whoever asks."""

    channel: str
    what: str
    count: int


@dataclass(frozen=True, slots=True)
class DeveloperField:
    """A field that an app or a sensor added to a FIT file: its name, unit, and values.

    In a ``Recording`` the values are one a record, in a ``Run`` one a second; NaN where there is none.
    """

    name: str
    unit: str
    values: Floats


@dataclass(frozen=True, slots=True)
class OtherLeg:
    """A stretch of another sport beside a run, in elapsed seconds of the run: below 0 before it."""

    sport: str
    start_s: float
    end_s: float
    distance_m: float | None = None
    heart_rate_bpm: float | None = None  # mean; None where nothing was recorded

    @property
    def duration_s(self) -> float:
        """Length of the stretch in seconds."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class Press:
    """A press of the cramp button of a watch: "cramp", "twitch" or "none", seconds from the start. None = not said."""

    at_s: float
    kind: str
    muscle: str | None = None
    side: str | None = None
    severity: int | None = None

    def cramp(self) -> Cramp:
        """The same as the models take it."""
        return Cramp(self.at_s, self.at_s, self.at_s, self.muscle or "calf", self.side, self.severity)


@dataclass(frozen=True, slots=True)
class Run:
    """One run. ``run_id`` is the SHA-256 of the content that was read; ``records`` counts the file's own samples.

    ``elapsed_s``, ``timer_s`` and ``distance_m`` are the sums over the file's sessions or laps where it has them and
    they agree with the samples, else from the samples (then a warning says so). ``moving`` is False in pauses and gaps.
    """

    run_id: str
    file_name: str
    file_format: str  # "fit", "tcx", "gpx"
    started_at: datetime  # aware, in the runner's zone as far as it is known, so that its date is the runner's day
    elapsed_s: float
    timer_s: float
    distance_m: float
    records: int
    streams: Streams
    moving: Bools
    intervals: tuple[Interval, ...] = ()
    changes: tuple[Change, ...] = ()
    warnings: tuple[Warned, ...] = ()
    developer: tuple[DeveloperField, ...] = ()
    device: str = ""
    sport: str = "running"
    demo: bool = False
    other_legs: tuple[OtherLeg, ...] = ()  # of a duathlon, a triathlon and the like
    zone_from: str = ""  # where the zone is from: "watch", "file", "list", "place", "machine", "" = not looked for
    presses: tuple[Press, ...] = ()  # of the watch's cramp button; a run out of the journal has them as answers

    def missing_channels(self) -> tuple[str, ...]:
        """Names of the channels without a single recorded value."""
        return tuple(f.name for f in fields(Streams) if not self.streams.has(f.name))


@dataclass(frozen=True, slots=True)
class Session:
    """One session of a FIT file or one activity of a TCX file, as the device summed it up. None = not said."""

    sport: str = ""  # FIT's names in lower case ("running", "cycling"), a bare number where the name is unknown
    sub_sport: str = ""
    start_unix_s: float | None = None
    elapsed_s: float | None = None
    timer_s: float | None = None
    distance_m: float | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One of several activities in a file: its rows from ``first_row`` to the next piece's, and what it claims.

    ``joined``: the file itself says that it belongs to the piece before it (one multisport activity).
    """

    first_row: int
    sessions: tuple[Session, ...] = ()
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Recording:
    """What a reader found in a file, before cleaning: one row a record, in file order, nothing taken out.

    ``time_unix_s`` counts seconds since 1970 UTC, NaN where a record has no time. ``channels`` maps a name of
    ``Streams`` to float64 values of shape (records,), NaN where a record has none. ``stops`` are (from, to) times at
    which the timer was stopped; ``breaks`` are the times of the last and the next record where the file ends one piece
    (a segment, a track, a lap) and begins another. ``sessions`` are the file's own claims; where the file holds several
    activities, ``pieces`` say which rows and sessions are whose. ``content_sha256`` is of the content after unpacking,
    so that a run and its gzip are the same run.
    """

    file_name: str
    file_format: str  # "fit", "tcx", "gpx"
    content_sha256: str
    time_unix_s: Floats
    channels: dict[str, Floats]
    sessions: tuple[Session, ...] = ()
    sport: str = ""  # of the only session or of all of them, "several" where they differ, "" where not said
    device: str = ""
    stops: tuple[tuple[float, float], ...] = ()
    breaks: tuple[tuple[float, float], ...] = ()
    pieces: tuple[Piece, ...] = ()  # empty: one activity
    utc_offset_s: float | None = None  # of the runner's clock, where the file or its archive says it
    zone_from: str = ""  # "watch", "file" or "list", as in ``Run``
    developer: tuple[DeveloperField, ...] = ()
    warnings: tuple[Warned, ...] = ()
    demo: bool = False

    @property
    def records(self) -> int:
        """Number of records (points) of the file, with or without a time."""
        return int(self.time_unix_s.shape[0])
