"""Files that public bug reports describe, made again on an invented course: each behaves as its right value says.

They lie beside the project (``cases/files``, with ``CASES.md``). Other files of the same kinds are written by the tests
of ``tests/properties/test_activities_*.py`` and ``tests/journeys/test_import_*.py``, which need no folder.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from charley.api.one_run import read_run


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
