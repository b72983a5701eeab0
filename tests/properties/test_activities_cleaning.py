"""Cleaning: a grid that holds what it promises, whatever the records are; repairs that can be worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charley.activities import clean, grid
from charley.activities.distance import track_length
from charley.activities.pauses import stopped_before
from charley.activities.timeline import longest_rising
from charley.vocabulary.arrays import Floats
from charley.vocabulary.errors import RunFileError
from charley.vocabulary.run import DeveloperField, Interval, Recording, Run, Session

NOON = 1_714_564_800.0  # 2024-05-01 12:00 UTC
CHANNELS = (
    "distance_m", "speed_m_s", "altitude_m", "heart_rate_bpm", "cadence_spm", "latitude_deg", "longitude_deg"
)  # fmt: skip


def recording(time_s: Any, sessions: tuple[Session, ...] | None = None, **channels: Any) -> Recording:
    """A recording of a run that began at noon."""
    times = NOON + np.asarray(time_s, dtype=np.float64)
    return Recording(
        file_name="made.fit",
        file_format="fit",
        content_sha256="0" * 64,
        time_unix_s=times,
        channels={name: np.asarray(values, dtype=np.float64) for name, values in channels.items()},
        sessions=(Session(sport="running"),) if sessions is None else sessions,
        sport="running",
    )


def codes(run: Run) -> set[str]:
    return {w.code for w in run.warnings}


def changed(run: Run, channel: str) -> dict[str, int]:
    return {c.what: c.count for c in run.changes if c.channel == channel}


def steady(seconds: int = 301, every: int = 1, speed: float = 3.0) -> dict[str, Floats]:
    time_s = np.arange(0.0, seconds, every)
    return {"time_s": time_s, "distance_m": speed * time_s, "speed_m_s": np.full(time_s.shape, speed)}


# ---- the grid ----


@st.composite
def any_recordings(draw: Callable[..., Any]) -> Recording:
    """Records with odd times and values that no watch should write."""
    n = draw(st.integers(2, 40))
    step = st.one_of(st.integers(0, 12), st.floats(0, 3), st.integers(-60, 400), st.integers(-(10**8), 10**8))
    times = np.cumsum([draw(step) for _ in range(n)])
    if draw(st.booleans()):
        times = times[0] + 5.0 * np.arange(n)
    times = np.where([draw(st.integers(0, 19)) == 0 for _ in range(n)], np.nan, times)
    value = st.one_of(st.none(), st.floats(-1e7, 1e7), st.integers(0, 300))
    names = draw(
        st.lists(
            st.sampled_from(CHANNELS),
            unique=True,
        )
    )
    channels = {name: [np.nan if (v := draw(value)) is None else v for _ in range(n)] for name in names}
    made = recording(times, **channels)
    stops = draw(st.lists(st.tuples(st.integers(-10, 500), st.integers(0, 300)), max_size=3))
    elapsed = draw(st.none() | st.integers(0, 10**6))
    return replace(
        made,
        stops=tuple((NOON + a, NOON + a + b) for a, b in stops),
        sessions=(Session(sport="running", start_unix_s=NOON, elapsed_s=elapsed, distance_m=elapsed),),
        developer=(DeveloperField("Power", "W", np.arange(float(n))),),
    )


@settings(max_examples=150, deadline=None)
@given(any_recordings())
def test_a_run_keeps_its_promises_whatever_the_records_are(made: Recording) -> None:
    try:
        run = clean(made)
    except RunFileError as error:
        assert error.code in ("no-times", "no-distance", "too-short", "not-a-run", "not-recorded")  # noqa: PT017 (either outcome is right)
        return
    s = run.streams
    n = len(s)
    assert (s.time_s == np.arange(n)).all()
    assert n <= 400_001
    held = s.distance_m[np.isfinite(s.distance_m)]
    assert (np.diff(held) >= 0).all()
    assert np.isfinite(run.distance_m)
    assert np.isfinite(s.grade).all()
    assert (np.abs(s.grade) <= 0.45).all()
    speed = s.speed_m_s[np.isfinite(s.speed_m_s)]
    assert ((speed >= 0) & (speed <= 12.5)).all()
    for channel, low, high in (("heart_rate_bpm", 25, 240), ("cadence_spm", 0, 280), ("altitude_m", -500, 9000)):
        values = getattr(s, channel)
        values = values[np.isfinite(values)]
        assert ((values >= low) & (values <= high)).all()
    covered = np.zeros(n, dtype=int)
    for interval in run.intervals:
        if interval.kind in ("pause", "gap"):
            covered[int(interval.start_s) : int(interval.end_s)] += 1
    assert (covered <= 1).all()
    assert (run.moving == (covered == 0)).all()
    assert all(f.values.shape == (n,) for f in run.developer)
    gaps = [i for i in run.intervals if i.kind == "gap"]
    for gap in gaps:  # nothing is invented in a gap
        stretch = slice(int(gap.start_s), int(gap.end_s))
        assert np.isnan(s.distance_m[stretch]).all()
        assert np.isnan(s.heart_rate_bpm[stretch]).all()


@settings(max_examples=25, deadline=None)
@given(any_recordings())
def test_cleaning_gives_the_same_twice(made: Recording) -> None:
    try:
        first, second = clean(made), clean(made)
    except RunFileError:
        return
    for name in ("distance_m", "speed_m_s", "grade", "altitude_m"):
        np.testing.assert_array_equal(getattr(first.streams, name), getattr(second.streams, name))
    assert (first.changes, first.intervals, first.warnings) == (second.changes, second.intervals, second.warnings)


def test_a_second_split_over_several_records_is_merged() -> None:
    """Some watches write heart rate, distance and cadence of one second as records of their own."""
    base = steady(120)
    time_s = np.repeat(base["time_s"], 3)
    one = np.tile([1.0, np.nan, np.nan], 120)
    run = clean(
        recording(
            time_s,
            distance_m=np.repeat(base["distance_m"], 3) * one,
            heart_rate_bpm=150 * np.roll(one, 1),
            cadence_spm=170 * np.roll(one, 2),
        )
    )
    s = run.streams
    assert len(s) == 120
    assert (s.heart_rate_bpm == 150).all()
    assert (s.cadence_spm == 170).all()
    np.testing.assert_allclose(s.distance_m, base["distance_m"])


def test_sparse_samples_are_bridged_for_what_moves_and_not_for_the_heart() -> None:
    base = steady(301, every=5)
    run = clean(recording(**base, heart_rate_bpm=np.full(61, 150.0)))
    s = run.streams
    np.testing.assert_allclose(s.distance_m, 3.0 * np.arange(301))
    np.testing.assert_allclose(s.speed_m_s, 3.0)
    assert int(np.isfinite(s.heart_rate_bpm).sum()) == 61
    assert run.intervals == ()
    assert run.moving.all()
    assert changed(run, "distance_m") == {"straight lines over gaps of at most 15 s": 240}


@pytest.mark.parametrize(("silence", "is_gap"), [(10, False), (11, True), (60, True)])
def test_a_silence_is_a_gap_from_eleven_seconds_on(silence: int, is_gap: bool) -> None:
    base = steady(400)
    keep = (base["time_s"] <= 200) | (base["time_s"] >= 200 + silence)
    run = clean(recording(**{k: v[keep] for k, v in base.items()}))
    expected = (Interval(201.0, 200.0 + silence, "gap"),) if is_gap else ()
    assert run.intervals == expected
    assert np.isnan(run.streams.distance_m[201 : 200 + silence]).all() == is_gap


def test_a_stopped_timer_is_a_pause_with_standing_distance() -> None:
    base = steady(400)
    keep = (base["time_s"] <= 200) | (base["time_s"] >= 260)
    distance = np.where(base["time_s"] > 200, base["distance_m"] - 180, base["distance_m"])
    made = recording(base["time_s"][keep], distance_m=distance[keep])
    run = clean(replace(made, stops=((NOON + 200, NOON + 260),)))
    assert run.intervals == (Interval(201.0, 260.0, "pause"),)
    assert (run.streams.distance_m[201:260] == 600).all()
    assert (run.streams.speed_m_s[201:260] == 0).all()
    assert run.timer_s == run.elapsed_s - 60
    assert run.streams.speed_m_s[[195, 199, 262]].tolist() == pytest.approx([3.0, 3.0, 3.0])  # it does not reach out


def test_a_silent_channel_is_told_as_such() -> None:
    base = steady(400)
    pulse = np.where((base["time_s"] >= 100) & (base["time_s"] < 150), np.nan, 150.0)
    run = clean(recording(**base, heart_rate_bpm=pulse))
    assert run.intervals == (Interval(100.0, 150.0, "signal", "heart_rate_bpm"),)
    assert run.moving.all()


def test_what_a_channel_of_rare_values_bridges_ends_at_a_gap() -> None:
    """A watch on one sample a minute, and a silence of five minutes: the gap stays empty in every channel."""
    base = steady(3601, every=60)
    keep = (base["time_s"] <= 1200) | (base["time_s"] >= 1500)
    run = clean(recording(**{k: v[keep] for k, v in base.items()}))
    assert run.intervals == (Interval(1201.0, 1500.0, "gap"),)
    assert np.isnan(run.streams.distance_m[1201:1500]).all()
    assert np.isfinite(run.streams.distance_m[:1200]).all()


# ---- repairs ----


def test_impossible_heart_rates_are_missing_and_counted() -> None:
    base = steady(301)
    pulse = np.full(301, 150.0)
    pulse[[5, 6, 7, 8]] = [0, 255, 24, 241]
    pulse[[9, 10]] = [25, 240]
    run = clean(recording(**base, heart_rate_bpm=pulse))
    assert np.flatnonzero(np.isnan(run.streams.heart_rate_bpm)).tolist() == [5, 6, 7, 8]
    assert sum(changed(run, "heart_rate_bpm").values()) == 4


def test_a_spike_of_distance_leaves_no_trace_and_a_restart_goes_on() -> None:
    base = steady(401)
    spiked = base["distance_m"].copy()
    spiked[100] += 170_000
    run = clean(recording(**{**base, "distance_m": spiked}))
    np.testing.assert_allclose(run.streams.distance_m, base["distance_m"])
    assert sum(changed(run, "distance_m").values()) == 2
    restarted = np.where(base["time_s"] >= 200, base["distance_m"] - 600, base["distance_m"])
    run = clean(recording(**{**base, "distance_m": restarted}))
    np.testing.assert_allclose(run.streams.distance_m, base["distance_m"])
    assert sum(changed(run, "distance_m").values()) == 1


def test_distance_along_positions_is_that_of_the_sphere() -> None:
    """One degree of latitude is pi/180 x 6 371 000 m; cos 60 degrees is a half."""
    latitude = np.array([60.0, 61.0, np.nan, 61.0])
    longitude = np.array([10.0, 10.0, np.nan, 10.001])
    along = track_length(latitude, longitude)
    degree = np.pi / 180 * 6_371_000
    assert along[1] == pytest.approx(degree)
    assert np.isnan(along[2])
    assert along[3] - along[1] == pytest.approx(degree * 0.001 * np.cos(np.radians(61.0)), rel=1e-6)


def test_without_distance_the_positions_and_without_them_the_speed_are_taken() -> None:
    base = steady(301)
    latitude = 46 + base["distance_m"] / 111_194.9
    run = clean(recording(base["time_s"], latitude_deg=latitude, longitude_deg=np.full(301, -25.0)))
    assert run.distance_m == pytest.approx(900, rel=1e-4)
    np.testing.assert_allclose(run.streams.speed_m_s, 3.0, rtol=1e-4)
    run = clean(recording(base["time_s"], speed_m_s=base["speed_m_s"]))
    assert run.distance_m == pytest.approx(900)
    with pytest.raises(RunFileError, match="no-distance"):
        clean(recording(base["time_s"], heart_rate_bpm=np.full(301, 140)))


@pytest.mark.parametrize("as_written", [lambda d: d / 1000, lambda d: np.full(d.shape, 3.0)])
def test_a_distance_in_kilometres_or_in_steps_gives_way_to_the_positions(
    as_written: Callable[[Floats], Floats],
) -> None:
    base = steady(301)
    latitude = 46 + base["distance_m"] / 111_194.9
    places = {"latitude_deg": latitude, "longitude_deg": np.full(301, -25.0)}
    run = clean(recording(base["time_s"], distance_m=as_written(base["distance_m"]), **places))
    assert run.distance_m == pytest.approx(900, rel=1e-4)
    assert "far below the way along the positions: dropped" in changed(run, "distance_m")


def test_a_speed_in_another_unit_is_dropped_for_the_distance() -> None:
    base = steady(301)
    run = clean(recording(**{**base, "speed_m_s": base["speed_m_s"] * 3.6}))
    np.testing.assert_allclose(run.streams.speed_m_s, 3.0)
    assert "contradicts the distance: dropped" in changed(run, "speed_m_s")


@pytest.mark.parametrize(("slope", "expected"), [(0.05, 0.05), (-0.12, -0.12), (0.0, 0.0), (0.9, 0.45)])
def test_a_steady_slope_is_found_and_a_cliff_is_clipped(slope: float, expected: float) -> None:
    base = steady(601, speed=3.0 if slope < 0.45 else 0.7)  # nobody rises faster than that
    run = clean(recording(**base, altitude_m=100 + slope * base["distance_m"]))
    np.testing.assert_allclose(run.streams.grade[30:-30], expected, atol=1e-9)
    assert ("steeper than 0.45: clipped" in changed(run, "grade")) == (slope > 0.45)


def test_steps_of_a_barometer_do_not_become_walls() -> None:
    """Altitude in steps of 0.2 m on a slope of 2 in 100: the grade stays within half a point of it."""
    base = steady(1201)
    altitude = np.floor((100 + 0.02 * base["distance_m"]) * 5) / 5
    grade = clean(recording(**base, altitude_m=altitude)).streams.grade[60:-60]
    assert np.abs(grade - 0.02).max() < 0.015
    assert grade.mean() == pytest.approx(0.02, abs=5e-4)


@pytest.mark.parametrize(
    ("recorded", "speed", "expected", "told"),
    [(85.0, 3.0, 170.0, True), (340.0, 3.0, 170.0, True), (170.0, 3.0, 170.0, False), (95.0, 1.4, 95.0, False)],
)
def test_cadence_is_repaired_only_while_running_shows_it(
    recorded: float, speed: float, expected: float, told: bool
) -> None:
    base = steady(301, speed=speed)
    run = clean(recording(**base, cadence_spm=np.full(301, recorded)))
    assert (run.streams.cadence_spm == expected).all()
    assert bool(changed(run, "cadence_spm")) == told


def test_cadence_of_half_a_minute_is_no_evidence() -> None:
    base = steady(301)
    cadence = np.where(base["time_s"] < 30, 85.0, np.nan)
    assert np.nanmax(clean(recording(**base, cadence_spm=cadence)).streams.cadence_spm) == 85.0


# ---- clock and sessions ----


def test_records_stamped_an_hour_early_are_left_out() -> None:
    base = steady(401)
    time_s = base["time_s"].copy()
    time_s[200:230] -= 3600
    run = clean(recording(time_s, distance_m=base["distance_m"]))
    assert codes(run) == {"clock-backwards"}
    assert run.elapsed_s == 400
    assert run.intervals == (Interval(200.0, 230.0, "gap"),)


def test_a_jump_that_the_session_disproves_is_closed() -> None:
    base = steady(401)
    time_s = np.where(base["time_s"] >= 200, base["time_s"] + 1_728_000, base["time_s"])
    session = Session(sport="running", start_unix_s=NOON, elapsed_s=400.0)
    run = clean(recording(time_s, (session,), distance_m=base["distance_m"]))
    assert codes(run) == {"clock-jump"}
    assert (run.elapsed_s, run.distance_m, run.intervals) == (400.0, 1200.0, ())


def test_a_jump_that_nothing_explains_is_cut() -> None:
    base = steady(401)
    time_s = np.where(base["time_s"] >= 300, base["time_s"] + 1_728_000, base["time_s"])
    run = clean(recording(time_s, distance_m=base["distance_m"]))
    assert codes(run) == {"clock-jump"}
    assert run.elapsed_s == 299.0


def test_a_night_with_the_timer_stopped_is_a_pause() -> None:
    base = steady(401)
    time_s = np.where(base["time_s"] >= 200, base["time_s"] + 28_800, base["time_s"])
    made = recording(time_s, distance_m=base["distance_m"])
    run = clean(replace(made, stops=((NOON + 199, NOON + 29_000),)))
    assert run.elapsed_s == 29_200
    assert run.intervals == (Interval(200.0, 29_000.0, "pause"),)


def test_the_longest_run_of_a_file_is_taken_and_other_sports_are_left() -> None:
    pieces = [(0, 300), (400, 600), (1100, 200), (90_000, 300)]
    time_s = np.concatenate([begin + np.arange(float(length)) for begin, length in pieces])
    sports = [("cycling", 0, 299), ("running", 400, 599), ("transition", 1000, 99), ("running", 90_000, 299)]
    sessions = tuple(Session(name, "", NOON + a, float(b), float(b), 3.0 * b) for name, a, b in sports)
    distance = np.concatenate([3.0 * np.arange(length) for _, length in pieces])
    run = clean(recording(time_s, sessions, distance_m=distance))
    assert codes(run) == {"other-sports", "several-runs"}
    assert (run.elapsed_s, run.distance_m, run.sport) == (599.0, 1797.0, "running")
    assert run.started_at.timestamp() == NOON + 400


@pytest.mark.parametrize("session", [Session("cycling"), Session("swimming"), Session("training", "indoor_rowing")])
def test_other_sports_are_refused(session: Session) -> None:
    with pytest.raises(RunFileError, match="not-a-run"):
        clean(recording(**steady(), sessions=(session,)))


@pytest.mark.parametrize("sport", ["", "generic", "training", "131", "obstacle"])
def test_what_does_not_say_that_it_is_a_run_is_taken_as_one_with_a_warning(sport: str) -> None:
    assert "sport-unknown" in codes(clean(recording(**steady(), sessions=(Session(sport),))))
    assert "sport-unknown" in codes(clean(recording(**steady(), sessions=())))


@pytest.mark.parametrize(("seconds", "speed"), [(59, 4.0), (200, 0.5)])
def test_too_short_runs_are_refused(seconds: int, speed: float) -> None:
    with pytest.raises(RunFileError, match="too-short"):
        clean(recording(**steady(seconds + 1, speed=speed)))


@pytest.mark.parametrize(
    ("said", "used", "told"),
    [(900.0, 900.0, False), (960.0, 960.0, False), (1300.0, 900.0, True), (None, 900.0, False)],
)
def test_totals_of_the_device_count_while_its_samples_agree(said: float | None, used: float, told: bool) -> None:
    run = clean(recording(**steady(301), sessions=(Session("running", "", NOON, 300.0, 300.0, said),)))
    assert run.distance_m == used
    assert ("totals-disagree" in codes(run)) == told


# ---- the tools ----


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=9))
def test_the_longest_rising_rows_are_the_longest(values: list[int]) -> None:
    """Against all subsets, longest first."""
    array = np.array(values, dtype=np.float64)
    kept = longest_rising(array)
    assert (np.diff(kept) > 0).all()
    assert (np.diff(array[kept]) >= 0).all()
    longest = next(
        size
        for size in range(len(values), 0, -1)
        if any((np.diff(subset) >= 0).all() for subset in combinations(values, size))
    )
    assert kept.size == longest


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), max_size=5), st.integers(0, 100))
def test_time_stopped_is_counted_once_where_stops_overlap(pairs: list[tuple[int, int]], at: int) -> None:
    stops = tuple((float(a), float(a + b)) for a, b in pairs)
    inside = {second for a, b in pairs for second in range(a, a + b) if second < at}
    assert stopped_before(np.array([float(at)]), stops)[0] == pytest.approx(len(inside))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.none() | st.floats(-10, 10), min_size=1, max_size=40), st.integers(1, 6))
def test_filling_touches_only_short_gaps_and_stays_between_neighbours(values: list[float | None], longest: int) -> None:
    array = np.array([np.nan if v is None else v for v in values])
    out = grid.filled(array, longest)
    known = np.flatnonzero(np.isfinite(array))
    np.testing.assert_array_equal(out[known], array[known])
    for at in np.flatnonzero(np.isnan(array)):
        before, after = known[known < at][-1:], known[known > at][:1]
        near = before.size and after.size and after[0] - before[0] <= longest
        assert bool(np.isfinite(out[at])) == bool(near)
        if near:
            low, high = sorted((array[before[0]], array[after[0]]))
            assert low - 1e-9 <= out[at] <= high + 1e-9
