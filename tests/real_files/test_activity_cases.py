"""Files that public bug reports describe, made again on an invented course: each behaves as its right value says.

They lie beside the project (``cases/files``, with ``CASES.md``). Other files of the same kinds are written by the tests
of ``tests/properties/test_activities_*.py`` and ``tests/journeys/test_import_*.py``, which need no folder.
"""

from __future__ import annotations

from pathlib import Path

import pytest

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
