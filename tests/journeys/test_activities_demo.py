"""The demonstration runner, written as a file and read back like any other: the story is all there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from charley import activities
from charley.activities.demo_run import demo_fit
from charley.vocabulary.run import Run


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Run:
    path = activities.write_demo(tmp_path_factory.mktemp("demo"))
    return activities.clean(activities.read(path))


def pace_s_km(run: Run, from_m: float, to_m: float) -> float:
    at = [int(np.nanargmin(np.abs(run.streams.distance_m - metres))) for metres in (from_m, to_m)]
    return (at[1] - at[0]) / (to_m - from_m) * 1000


def test_it_is_small_marked_and_always_the_same(tmp_path: Path) -> None:
    path = activities.write_demo(tmp_path)
    assert path.parent == tmp_path
    assert path.stat().st_size < 150_000
    assert path.read_bytes() == demo_fit()
    assert demo_fit(7) != demo_fit(8)
    assert activities.sniff(path) == "fit/activity"
    assert activities.read(path).demo


def test_only_our_own_file_is_marked(tmp_path: Path) -> None:
    data = demo_fit().replace(b"Charley demo", b"Charley's ru")
    (tmp_path / "other.fit").write_bytes(data)
    recording = activities.read(tmp_path / "other.fit")
    assert not recording.demo
    assert "fit-checksum" in {w.code for w in recording.warnings}


def test_the_whole_run_is_a_marathon_in_about_3_40(demo: Run) -> None:
    assert demo.demo
    assert demo.distance_m == pytest.approx(42_400, abs=10)
    assert demo.elapsed_s == pytest.approx(3 * 3600 + 40 * 60, abs=120)
    assert demo.elapsed_s - demo.timer_s == 80
    assert demo.warnings == ()
    assert demo.sport == "running"
    assert demo.device == "Charley demo"
    assert set(demo.missing_channels()) == {
        "power_w", "air_temp_c", "contact_time_s", "vertical_oscillation_m", "step_length_m"
    }  # fmt: skip


def test_it_starts_a_little_fast_and_holds_about_4_50(demo: Run) -> None:
    assert pace_s_km(demo, 500, 3000) < pace_s_km(demo, 5_000, 10_000) - 5
    assert pace_s_km(demo, 3_000, 9_900) == pytest.approx(290, abs=8)
    assert pace_s_km(demo, 26_000, 33_000) == pytest.approx(296, abs=8)


def test_the_heart_drifts_and_the_steps_slow(demo: Run) -> None:
    s = demo.streams
    early, late = (s.distance_m > 5_000) & (s.distance_m < 9_900), (s.distance_m > 28_000) & (s.distance_m < 33_000)
    assert np.nanmean(s.heart_rate_bpm[late]) - np.nanmean(s.heart_rate_bpm[early]) > 6
    assert 2 < np.nanmean(s.cadence_spm[early]) - np.nanmean(s.cadence_spm[late]) < 8


def test_the_pulse_is_one_that_such_a_runner_could_have(demo: Run) -> None:
    """From rest over a steady race to its highest before the cramp; it falls within a pause and while standing."""
    s, pause = demo.streams, next(i for i in demo.intervals if i.kind == "pause")
    heart = s.heart_rate_bpm
    assert 90 <= heart[0] <= 105
    running = (s.distance_m > 5_000) & (s.distance_m < 33_000)
    low, middle, high = np.nanquantile(heart[running], (0.05, 0.5, 1.0))
    assert 140 <= low < 155 < middle < 160 < high <= 180
    seized = int(np.flatnonzero((s.distance_m > 33_000) & (s.cadence_spm == 0))[0])
    for before, after in ((pause.start_s, pause.end_s), (seized - 5, seized + 60)):
        assert heart[int(after) + 1] < heart[int(before) - 1] - 15


def test_the_calf_seizes_at_33_4_km(demo: Run) -> None:
    s = demo.streams
    stop = int(np.flatnonzero((s.distance_m > 33_000) & (s.cadence_spm == 0))[0])
    assert s.distance_m[stop] == pytest.approx(33_402, abs=5)
    assert np.nanmax(s.cadence_spm[stop - 8 : stop - 4]) > 150  # the drop takes 5 s or less
    standing = np.flatnonzero(s.speed_m_s[stop : stop + 200] < 0.1)
    assert 60 <= standing.size <= 80
    walking = (s.distance_m > 33_420) & (s.distance_m < 33_890)
    assert np.nanmedian(s.speed_m_s[walking]) == pytest.approx(1.35, abs=0.1)
    assert pace_s_km(demo, 34_500, 42_000) > 345
    assert demo.moving[stop : stop + 60].all()  # nobody stopped the timer


def test_pause_and_silence_are_marked(demo: Run) -> None:
    kinds = {i.kind: i for i in demo.intervals}
    assert set(kinds) == {"pause", "gap"}
    assert kinds["pause"].duration_s == pytest.approx(80, abs=2)
    assert demo.streams.distance_m[int(kinds["pause"].start_s)] == pytest.approx(15_000, abs=5)
    assert kinds["gap"].duration_s == pytest.approx(95, abs=10)
    assert np.isnan(demo.streams.heart_rate_bpm[int(kinds["gap"].start_s) : int(kinds["gap"].end_s)]).all()


def test_the_hills_are_gentle(demo: Run) -> None:
    assert 0.01 < demo.streams.grade.max() < 0.04
    assert np.ptp(demo.streams.altitude_m[np.isfinite(demo.streams.altitude_m)]) == pytest.approx(28, abs=3)


def test_two_drink_stations_slow_it_down(demo: Run) -> None:
    s = demo.streams
    for metres in (10_050, 25_120):
        near = (s.distance_m > metres) & (s.distance_m < metres + 60)
        assert np.nanmin(s.speed_m_s[near]) < 2.3
