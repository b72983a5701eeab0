"""TCX and GPX: units, names of extensions whatever their namespace, laps, stops, times of all kinds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charley.activities.xml import gpx, tcx
from charley.vocabulary.errors import RunFileError
from charley.vocabulary.run import Recording

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
GARMIN = 'xmlns:a="http://www.garmin.com/xmlschemas/ActivityExtension/v2"'


def tcx_of(inside: str, root: str = "TrainingCenterDatabase") -> Recording:
    return tcx.read(f"<{root} {GARMIN}><Activities>{inside}</Activities></{root}>".encode(), "made.tcx")


def gpx_of(inside: str, head: str = 'creator="Watch"') -> Recording:
    return gpx.read(f"<gpx {head}>{inside}</gpx>".encode(), "made.gpx")


def tcx_point(second: int, more: str = "") -> str:
    return f"<Trackpoint><Time>{(NOON + timedelta(seconds=second)).isoformat()}</Time>{more}</Trackpoint>"


def gpx_point(second: int, more: str = "") -> str:
    return f'<trkpt lat="46" lon="-25"><time>{(NOON + timedelta(seconds=second)).isoformat()}</time>{more}</trkpt>'


def firsts(recording: Recording) -> dict[str, float]:
    return {name: float(values[0]) for name, values in recording.channels.items()}


@pytest.mark.parametrize("prefix", ["", "a:"])
def test_units_of_a_track_point_in_tcx(prefix: str) -> None:
    """RunCadence counts one leg, as FIT does: 85 are 170 steps a minute. All else is in the unit of its name."""
    more = (
        "<Position><LatitudeDegrees>46.5</LatitudeDegrees><LongitudeDegrees>-25.25</LongitudeDegrees></Position>"
        "<AltitudeMeters>12.5</AltitudeMeters><DistanceMeters>321.5</DistanceMeters>"
        "<HeartRateBpm><Value>151</Value></HeartRateBpm>"
        f"<Extensions><{prefix}TPX><{prefix}Speed>3.25</{prefix}Speed><{prefix}RunCadence>85</{prefix}RunCadence>"
        f"<{prefix}Watts>250</{prefix}Watts></{prefix}TPX></Extensions>"
    )
    recording = tcx_of(f'<Activity Sport="Running"><Lap><Track>{tcx_point(0, more)}</Track></Lap></Activity>')
    assert firsts(recording) == {
        "latitude_deg": 46.5,
        "longitude_deg": -25.25,
        "altitude_m": 12.5,
        "distance_m": 321.5,
        "heart_rate_bpm": 151.0,
        "speed_m_s": 3.25,
        "cadence_spm": 170.0,
        "power_w": 250.0,
    }
    assert recording.time_unix_s[0] == NOON.timestamp()


def test_laps_add_up_and_the_numbers_of_platforms_do_not_count() -> None:
    lap = "<Lap><TotalTimeSeconds>{t}</TotalTimeSeconds><DistanceMeters>{d}</DistanceMeters><Track>{p}</Track></Lap>"
    laps = lap.format(t=60, d=200, p=tcx_point(0)) + lap.format(t=30.5, d=101, p=tcx_point(91))
    more = "<Extensions><LX><DistanceMeters>9999</DistanceMeters></LX></Extensions>"
    creator = "<Creator><Name>A Watch</Name></Creator>"
    recording = tcx_of(f'<Activity Sport="Biking">{laps}{more}{creator}</Activity>')
    (session,) = recording.sessions
    assert (session.sport, session.timer_s, session.distance_m, session.elapsed_s) == ("cycling", 90.5, 301.0, 91.0)
    assert recording.device == "A Watch"


def test_a_new_track_is_a_break_and_a_lap_that_follows_its_forerunner_is_none() -> None:
    """The first lap's timer ran from 0 to 90 s by its own total, the second's begins there."""
    first = f"<Track>{tcx_point(0)}{tcx_point(10)}</Track><Track>{tcx_point(70)}</Track>"
    lap = '<Lap StartTime="{start}"><TotalTimeSeconds>{total}</TotalTimeSeconds>{tracks}</Lap>'
    start = NOON.timestamp()
    for total, breaks in (
        (90, ((start + 10, start + 70),)),
        (60, ((start + 10, start + 70), (start + 70, start + 95))),
    ):
        laps = lap.format(start=NOON.isoformat(), total=total, tracks=first) + lap.format(
            start=(NOON + timedelta(seconds=90)).isoformat(), total=30, tracks=f"<Track>{tcx_point(95)}</Track>"
        )
        assert tcx_of(f'<Activity Sport="Running">{laps}</Activity>').breaks == breaks


def test_several_activities_are_several_sessions() -> None:
    one = '<Activity Sport="{s}"><Lap><Track>{p}</Track></Lap></Activity>'
    recording = tcx_of(one.format(s="Running", p=tcx_point(0)) + one.format(s="Other", p=tcx_point(500)))
    assert [s.sport for s in recording.sessions] == ["running", "generic"]
    assert recording.sport == "several"


@pytest.mark.parametrize(
    ("extension", "channel", "expected"),
    [
        ("<x:hr>151</x:hr>", "heart_rate_bpm", 151.0),
        ("<heartrate>150</heartrate>", "heart_rate_bpm", 150.0),
        ("<x:TrackPointExtension><x:cad>84</x:cad></x:TrackPointExtension>", "cadence_spm", 168.0),
        ("<x:cadence>84</x:cadence>", "cadence_spm", 168.0),
        ("<x:atemp>21.5</x:atemp>", "air_temp_c", 21.5),
        ("<x:temp>20</x:temp>", "air_temp_c", 20.0),
        ("<power>240</power>", "power_w", 240.0),
        ("<x:PowerInWatts>241</x:PowerInWatts>", "power_w", 241.0),
        ("<x:distance>1200</x:distance>", "distance_m", 1200.0),
        ("<ele>40.5</ele>", "altitude_m", 40.5),
        ("<speed>3.5</speed>", "speed_m_s", 3.5),
    ],
)
def test_extensions_of_gpx_are_known_by_their_local_names(extension: str, channel: str, expected: float) -> None:
    point = gpx_point(0, f"<extensions>{extension}</extensions>")
    for head in ('xmlns:x="http://example.org/any"', 'creator="undeclared prefix"'):
        recording = gpx_of(f"<trk><trkseg>{point}</trkseg></trk>", head)
        assert firsts(recording)[channel] == expected


@pytest.mark.parametrize(
    ("kind", "sport"),
    [
        ("running", "running"),
        ("9", "running"),
        ("Trail Run", "running"),
        ("1", "cycling"),
        ("hiking", "hiking"),
        ("x", ""),
    ],
)
def test_the_type_of_a_track_tells_the_sport(kind: str, sport: str) -> None:
    way = '<wpt lat="1" lon="2"><type>swimming</type></wpt>'
    recording = gpx_of(f"{way}<trk><type>{kind}</type><trkseg>{gpx_point(0)}</trkseg></trk>")
    assert recording.sport == sport


@settings(deadline=None)
@given(
    st.datetimes(datetime(2001, 1, 1), datetime(2024, 1, 1)),
    st.integers(-14 * 4, 14 * 4),
    st.sampled_from(["seconds", "milliseconds", "microseconds"]),
)
def test_times_of_any_zone_and_precision_are_the_same_instant(moment: datetime, quarters: int, precision: str) -> None:
    zone = timezone(timedelta(minutes=15 * quarters))
    aware = moment.replace(tzinfo=UTC)
    text = aware.astimezone(zone).isoformat(timespec=precision)
    point = f'<trkpt lat="46" lon="-25"><time> {text} </time></trkpt>'
    recording = gpx_of(f"<trk><trkseg>{point}</trkseg></trk>")
    assert recording.time_unix_s[0] == pytest.approx(datetime.fromisoformat(text).timestamp(), abs=1e-6)
    assert recording.warnings == ()


def test_points_without_time_or_zone_are_told() -> None:
    bare = '<trkpt lat="46" lon="-25"/>'
    naive = '<trkpt lat="46" lon="-25"><time>2024-05-01T12:00:30</time></trkpt>'
    strange = '<trkpt lat="x" lon="1e999"><time>yesterday</time></trkpt>'
    recording = gpx_of(f"<trk><trkseg>{gpx_point(0)}{bare}{naive}{strange}</trkseg></trk>")
    assert recording.records == 4
    np.testing.assert_array_equal(recording.time_unix_s - NOON.timestamp(), [0.0, np.nan, 30.0, np.nan])
    np.testing.assert_array_equal(recording.channels["latitude_deg"], [46.0, 46.0, 46.0, np.nan])
    assert {w.code for w in recording.warnings} == {"points-without-time", "time-zone-missing"}


def test_a_course_or_a_route_is_no_recording() -> None:
    course = f"<Courses><Course><Track>{tcx_point(0)}</Track></Course></Courses>"
    course = f"<TrainingCenterDatabase>{course}</TrainingCenterDatabase>"
    with pytest.raises(RunFileError, match="not-activity"):
        tcx.read(course.encode(), "course.tcx")
    with pytest.raises(RunFileError, match="no-records"):
        gpx_of('<rte><rtept lat="1" lon="2"/></rte>')
