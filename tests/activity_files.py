"""Activity files for tests: an invented course in the middle of an ocean, along one parallel, run in legs.

A leg that is not recorded leaves a silence; its metres are on the ground, and on the device's counter if it counts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from charley.activities.fit import profile
from charley.activities.fit.writer import ENUM, SINT32, UINT8, UINT16, UINT32, Field, FitWriter

START = datetime(2025, 5, 4, 8, tzinfo=UTC)
LATITUDE_DEG, LONGITUDE_DEG = 46.0, -25.0
METRES_PER_DEGREE = math.radians(1) * 6_371_000.0 * math.cos(math.radians(LATITUDE_DEG))
RUN_M_S = 10 / 3  # 5:00 a km


@dataclass(frozen=True)
class Leg:
    """A stretch at one speed. ``cadence`` counts strides of one leg, as all three formats do."""

    seconds: int
    speed_m_s: float = RUN_M_S
    heart_rate: int | None = 150
    cadence: int | None = None
    recorded: bool = True
    counts: bool = True  # the device's counter goes on
    climb: float = 0.0


@dataclass(frozen=True)
class Sample:
    """One record: seconds and metres since the start, metres of the counter, and what the sensors say."""

    second: float
    ground_m: float
    counter_m: float
    heart_rate: int | None
    cadence: int | None
    speed_m_s: float
    altitude_m: float

    @property
    def longitude_deg(self) -> float:
        return LONGITUDE_DEG + self.ground_m / METRES_PER_DEGREE


def pieces(*legs: Leg, every: int = 3, start_s: float = 0.0) -> list[list[Sample]]:
    """Samples of the legs, a new piece behind each leg that is not recorded."""
    found: list[list[Sample]] = [[]]
    second, ground, counter, height = start_s, 0.0, 0.0, 20.0
    for leg in legs:
        if leg.recorded:
            for s in range(0 if not found[-1] else every, leg.seconds + 1, every):
                counted = counter + leg.speed_m_s * s * leg.counts
                up = height + leg.climb * leg.speed_m_s * s
                found[-1].append(
                    Sample(
                        second + s, ground + leg.speed_m_s * s, counted, leg.heart_rate, leg.cadence, leg.speed_m_s, up
                    )
                )
        elif found[-1]:
            found.append([])
        second += leg.seconds
        ground += leg.speed_m_s * leg.seconds
        counter += leg.speed_m_s * leg.seconds * leg.counts
        height += leg.climb * leg.speed_m_s * leg.seconds
    return [piece for piece in found if piece]


def one_piece(*legs: Leg, every: int = 3) -> list[Sample]:
    """The same without a mark where nothing was recorded."""
    return [sample for piece in pieces(*legs, every=every) for sample in piece]


def at(second: float, start: datetime = START) -> str:
    """A time as watches write it."""
    return (start + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ")


def gpx(
    segments: Sequence[Sequence[Sample]], sport: str | None = "running", start: datetime = START, creator: str = "watch"
) -> bytes:
    """One track of segments."""
    return gpx_of([gpx_track(segments, sport, start)], creator)


def gpx_of(tracks: Sequence[str], creator: str = "watch") -> bytes:
    """A file of tracks."""
    return f'<gpx version="1.1" creator="{creator}">{"".join(tracks)}</gpx>'.encode()


def gpx_track(segments: Sequence[Sequence[Sample]], sport: str | None = "running", start: datetime = START) -> str:
    """One ``trk`` element."""
    kind = f"<type>{sport}</type>" if sport else ""
    return f"<trk>{kind}{''.join(_segment(s, start) for s in segments)}</trk>"


def _segment(samples: Sequence[Sample], start: datetime) -> str:
    return f"<trkseg>{''.join(_trkpt(s, start) for s in samples)}</trkseg>"


def _trkpt(s: Sample, start: datetime) -> str:
    more = "".join(
        f"<{name}>{value}</{name}>" for name, value in (("hr", s.heart_rate), ("cad", s.cadence)) if value is not None
    )
    return (
        f'<trkpt lat="{LATITUDE_DEG:.7f}" lon="{s.longitude_deg:.7f}"><ele>{s.altitude_m:.2f}</ele>'
        f"<time>{at(s.second, start)}</time><extensions>{more}</extensions></trkpt>"
    )


def tcx(laps: Sequence[Sequence[Sequence[Sample]]], sport: str = "Running", start: datetime = START) -> bytes:
    """One activity of laps of tracks."""
    return tcx_of([tcx_activity(laps, sport, start)])


def tcx_of(activities: Sequence[str]) -> bytes:
    """A file of activities."""
    return f"<TrainingCenterDatabase><Activities>{''.join(activities)}</Activities></TrainingCenterDatabase>".encode()


def tcx_activity(laps: Sequence[Sequence[Sequence[Sample]]], sport: str = "Running", start: datetime = START) -> str:
    """One ``Activity`` element; each lap says the time of its timer and its metres."""
    return f'<Activity Sport="{sport}">{"".join(_lap(tracks, start) for tracks in laps)}</Activity>'


def _lap(tracks: Sequence[Sequence[Sample]], start: datetime) -> str:
    timer = sum(track[-1].second - track[0].second for track in tracks)
    metres = sum(track[-1].counter_m - track[0].counter_m for track in tracks)
    inside = "".join(f"<Track>{''.join(_trackpoint(s, start) for s in track)}</Track>" for track in tracks)
    return (
        f'<Lap StartTime="{at(tracks[0][0].second, start)}"><TotalTimeSeconds>{timer}</TotalTimeSeconds>'
        f"<DistanceMeters>{metres:.2f}</DistanceMeters>{inside}</Lap>"
    )


def _trackpoint(s: Sample, start: datetime) -> str:
    pulse = "" if s.heart_rate is None else f"<HeartRateBpm><Value>{s.heart_rate}</Value></HeartRateBpm>"
    steps = "" if s.cadence is None else f"<Extensions><TPX><RunCadence>{s.cadence}</RunCadence></TPX></Extensions>"
    return (
        f"<Trackpoint><Time>{at(s.second, start)}</Time><Position><LatitudeDegrees>{LATITUDE_DEG:.7f}</LatitudeDegrees>"
        f"<LongitudeDegrees>{s.longitude_deg:.7f}</LongitudeDegrees></Position><AltitudeMeters>{s.altitude_m:.2f}"
        f"</AltitudeMeters><DistanceMeters>{s.counter_m:.2f}</DistanceMeters>{pulse}{steps}</Trackpoint>"
    )


@dataclass(frozen=True)
class FitSession:
    """A session message; ``start_s`` counts from the start of the file."""

    start_s: float
    elapsed_s: float
    timer_s: float
    metres: float
    sport: int = 1
    sub_sport: int = 0


TIMER, START_TYPE, STOP_ALL = profile.EVENT_TIMER, profile.TIMER_START, 4


def fit(
    samples: Sequence[Sample],
    sessions: Sequence[FitSession] = (),
    stops: Sequence[tuple[float, float]] = (),
    start: datetime = START,
    *,
    positions: bool = True,
    counter: bool = True,
    speed: bool = True,
    utc_offset_s: int | None = None,
) -> bytes:
    """One FIT file: timer events around ``stops`` (from, to in seconds), records, sessions at the end."""
    writer = FitWriter()
    begin = int(start.timestamp() - profile.FIT_EPOCH_UNIX_S)
    writer.define(0, profile.FILE_ID, [Field(0, ENUM)])
    writer.write(0, profile.ACTIVITY_FILE)
    writer.define(1, profile.RECORD, [
        Field(profile.TIMESTAMP, UINT32), Field(0, SINT32), Field(1, SINT32), Field(5, UINT32), Field(6, UINT16),
        Field(2, UINT16), Field(3, UINT8), Field(4, UINT8),
    ])  # fmt: skip
    writer.define(2, profile.EVENT, [Field(profile.TIMESTAMP, UINT32), Field(0, ENUM), Field(1, ENUM)])
    semicircles = 1 / profile.DEGREES_PER_SEMICIRCLE
    told = sorted([(second, STOP_ALL) for second, _ in stops] + [(second, START_TYPE) for _, second in stops])
    for s in samples:
        while told and told[0][0] <= s.second:
            second, kind = told.pop(0)
            writer.write(2, begin + int(second), TIMER, kind)
        writer.write(
            1, begin + int(s.second), LATITUDE_DEG * semicircles if positions else None,
            s.longitude_deg * semicircles if positions else None, s.counter_m * 100 if counter else None,
            s.speed_m_s * 1000 if speed else None, (s.altitude_m + 500) * 5, s.heart_rate, s.cadence,
        )  # fmt: skip
    for second, kind in told:
        writer.write(2, begin + int(second), TIMER, kind)
    writer.define(3, profile.SESSION, [
        Field(2, UINT32), Field(7, UINT32), Field(8, UINT32), Field(9, UINT32), Field(5, ENUM), Field(6, ENUM)
    ])  # fmt: skip
    for told_session in sessions:
        s = told_session
        writer.write(
            3, begin + int(s.start_s), s.elapsed_s * 1000, s.timer_s * 1000, s.metres * 100, s.sport, s.sub_sport
        )
    if utc_offset_s is not None:  # the activity message: the watch's local time
        end = begin + int(samples[-1].second if samples else 0)
        writer.define(4, profile.ACTIVITY, [Field(profile.TIMESTAMP, UINT32), Field(5, UINT32)])
        writer.write(4, end, end + utc_offset_s)
    return writer.finish()


def session_of(samples: Sequence[Sample], stopped_s: float = 0.0) -> FitSession:
    """The session that a watch writes at the end of ``samples``."""
    elapsed = samples[-1].second - samples[0].second
    return FitSession(samples[0].second, elapsed, elapsed - stopped_s, samples[-1].counter_m - samples[0].counter_m)


def shifted(samples: Sequence[Sample], seconds: float) -> list[Sample]:
    """The same samples at another time."""
    return [replace(s, second=s.second + seconds) for s in samples]
