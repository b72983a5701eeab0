"""Files that public bug reports describe, made again on an invented course: each behaves as its right value says.

They lie beside the project (``cases/files``, with ``CASES.md``). Other files of the same kinds are written by the tests
of ``tests/properties/test_activities_*.py`` and ``tests/journeys/test_import_*.py``, which need no folder.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from charley.api import journal as journals
from charley.api.one_run import read_run
from charley.vocabulary.errors import RunFileError


@pytest.fixture(scope="module")
def cases(shared_data: Path) -> Path:
    folder = shared_data / "cases" / "files"
    if not folder.is_dir():
        pytest.skip("the folder of cases is not part of the reference data here")
    return folder


@pytest.mark.parametrize(
    ("name", "elapsed_s", "pause_s"),
    [
        ("k01_gpx_segments_transport_in_pause.gpx", 4800, 1200),
        ("k01_fit_pause_transport_device_counter_right.fit", 4800, 1200),
        ("k01_gpx_segments_stood_still_10min.gpx", 4200, 600),
    ],
)
def test_pauses(cases: Path, name: str, elapsed_s: float, pause_s: float) -> None:
    run = read_run(cases / name)
    assert run.distance_m == pytest.approx(12_000, abs=60)
    assert (run.elapsed_s, run.timer_s) == (elapsed_s, elapsed_s - pause_s)
    assert sum(i.duration_s for i in run.intervals if i.kind == "pause") == pytest.approx(pause_s, abs=2)
    assert [i for i in run.intervals if i.kind == "gap"] == []


def test_the_drive_home_at_the_end_is_not_running(cases: Path) -> None:
    """10.0 km run, 5 min standing, 20 min by car."""
    run = read_run(cases / "k11_gpx_drive_home_at_the_end.gpx")
    assert run.distance_m == pytest.approx(10_000, abs=60)
    assert [w.code for w in run.warnings] == ["carried"]


def test_a_ride_is_no_run_whatever_the_language(cases: Path) -> None:
    """25.1 km in an hour, called Radfahren."""
    with pytest.raises(RunFileError, match="not-a-run"):
        read_run(cases / "k04_gpx_type_Radfahren.gpx")


def test_two_that_agree_outvote_the_counter(cases: Path) -> None:
    """The counter ends at 11.29 km, speed sums to 12.00, the session says 12.00."""
    assert read_run(cases / "k14_fit_counter_6pc_short.fit").distance_m == pytest.approx(12_000, abs=60)


def test_points_every_twelve_seconds_are_a_recording(cases: Path) -> None:
    run = read_run(cases / "k06_gpx_point_every_12s.gpx")
    assert (run.distance_m, run.elapsed_s, run.timer_s) == (pytest.approx(30_000, abs=150), 10_800, 10_800)
    assert run.intervals == ()
    assert run.moving.all()
    assert run.streams.speed_m_s[3000] == pytest.approx(3.4, abs=0.1)
    assert run.streams.speed_m_s[9000] == pytest.approx(2.0, abs=0.1)


def test_of_a_duathlon_the_running_is_the_run(cases: Path) -> None:
    """10.0 km, a ride of 40.0 km, 5.0 km; the records' distance restarts with each session."""
    run = read_run(cases / "k02_duathlon_run_bike_run.fit")
    assert (run.distance_m, run.timer_s) == (pytest.approx(15_000, abs=60), pytest.approx(4500, abs=10))
    (ride,) = [leg for leg in run.other_legs if leg.sport == "cycling"]
    assert ride.distance_m == pytest.approx(40_000, abs=200)
    assert not run.moving[int(ride.start_s) + 2 : int(ride.end_s) - 2].any()


@pytest.mark.parametrize("name", ["k03_tcx_history_three_runs.tcx", "k03_gpx_three_tracks_three_days.gpx"])
def test_each_run_of_a_file_is_imported(cases: Path, name: str, tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    summary = journals.import_files(path, [cases / name], workers=0)
    assert (summary.imported, summary.skipped) == (3, ())
    rows = sorted(journals.list_runs(path), key=lambda row: row.started_at)
    assert [f"{row.started_at:%d}" for row in rows] == ["04", "06", "11"]
    assert [row.distance_m for row in rows] == pytest.approx([6000, 4000, 8000], abs=40)
    told = [w.text for w in read_run(cases / name).warnings if w.code == "several-runs"]
    assert told
    assert read_run(cases / name, 1).distance_m == pytest.approx(6000, abs=40)


def test_an_entry_by_hand_is_kept_as_figures(cases: Path, tmp_path: Path) -> None:
    """30.0 km in 3:00:00 without a record: nothing to answer from, and the longest run of the month."""
    file, path = cases / "k13_fit_manual_entry_30km.fit", tmp_path / "journal.sqlite"
    with pytest.raises(RunFileError, match="no-records"):
        read_run(file)
    assert journals.import_files(path, [file], workers=0).imported == 1
    (entry,) = journals.list_others(path)
    assert (entry.sport, entry.distance_m, entry.elapsed_s) == ("running", 30_000, 10_800)


@pytest.mark.parametrize("name", ["k05_gpx_decimal_comma.gpx", "k05_gpx_persian_digits.gpx"])
def test_commas_and_digits_of_a_country_are_read(cases: Path, name: str) -> None:
    run = read_run(cases / name)
    assert (run.distance_m, run.elapsed_s) == (pytest.approx(12_000, abs=60), 3600)


def test_times_that_no_recording_has_are_refused(cases: Path) -> None:
    """14.0 km spread evenly over 135 days."""
    with pytest.raises(RunFileError, match="not-recorded"):
        read_run(cases / "k07_gpx_track_spread_over_months.gpx")


def test_cadence_in_steps_once_a_minute_is_kept(cases: Path) -> None:
    """176 to 182 steps a minute in 45 points."""
    cadence = read_run(cases / "k08_tcx_cadence_once_a_minute_in_steps.tcx").streams.cadence_spm
    assert np.nanmean(cadence) == pytest.approx(179, abs=1)
    assert np.isfinite(cadence).sum() >= 44


def test_the_day_is_that_on_the_watch(cases: Path, tmp_path: Path) -> None:
    """01:30 UTC on 27 April; the watch shows UTC-6."""
    file, path = cases / "k09_fit_evening_utc_minus_6.fit", tmp_path / "journal.sqlite"
    assert f"{read_run(file).started_at:%d %H:%M}" == "26 19:30"
    journals.import_files(path, [file], workers=0)
    assert journals.get_run(path, "2026-04-26").zone_from == "watch"


@pytest.mark.parametrize("order", [("watch.fit", "phone.gpx"), ("phone.gpx", "watch.fit")])
def test_two_devices_are_one_run(cases: Path, tmp_path: Path, order: tuple[str, str]) -> None:
    """Watch 08:05 to 09:05, phone 08:00 to 09:17, same road."""
    path = tmp_path / "journal.sqlite"
    for name in order:
        summary = journals.import_files(path, [cases / "k10_two_devices" / name], workers=0)
    assert len(summary.same_runs) == 1
    (row,) = journals.list_runs(path)
    assert (row.distance_m, row.elapsed_s, row.file_name) == (pytest.approx(12_000, abs=60), 3600, "watch.fit")


def test_apple_health_gives_heart_rate_and_sports(cases: Path, tmp_path: Path) -> None:
    """A run of 9.0 km at 150 beats, a ride of 25.1 km, a walk of 3.4 km."""
    path = tmp_path / "journal.sqlite"
    summary = journals.import_files(path, [cases / "k04_apple_health_export.zip"], workers=0)
    assert (summary.imported, summary.others) == (3, 2)
    (row,) = journals.list_runs(path)
    run = journals.get_run(path, row.run_id)
    assert run.distance_m == pytest.approx(9000, abs=60)
    assert np.nanmean(run.streams.heart_rate_bpm) == pytest.approx(150, abs=1.5)
    assert sorted(o.sport for o in journals.list_others(path)) == ["cycling", "walking"]


def test_the_list_of_an_export_tells_the_sport(cases: Path, tmp_path: Path) -> None:
    """Run, ride of 25.1 km and walk without a type; one row without its file, one by hand."""
    path = tmp_path / "journal.sqlite"
    summary = journals.import_files(path, [cases / "k04_strava_export_gpx_without_type.zip"], workers=0)
    assert len(journals.list_runs(path)) == 1
    assert {"cycling", "walking"} <= {o.sport for o in journals.list_others(path)}
    told = [s.text for s in summary.skipped if s.code == "import-row"]
    assert any("#error#" in text for text in told)
    assert not any("#error#" in text and "by hand" in text for text in told)


def test_a_tar_and_an_account_are_opened(cases: Path, tmp_path: Path) -> None:
    """A FIT in a tar; five sessions of Polar, all of one hour; Apple's XML with a run, a ride and a walk."""
    counts = {}
    for name in ("k12_run.tar.gz", "k12_polar_account_export.zip", "k12_apple_export.xml"):
        summary = journals.import_files(tmp_path / name / "journal.sqlite", [cases / name], workers=0)
        counts[name] = (summary.imported, sorted({s.code for s in summary.skipped if not s.harmless}))
        with pytest.raises(RunFileError, match=r"archive-several|no-distance"):
            read_run(cases / name)
    assert list(counts.values()) == [(1, []), (1, []), (3, [])]
