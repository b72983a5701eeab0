"""Account exports and hostile archives of the reference data, brought into a journal."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from charley.api import journal as journals
from charley.api.journal import import_files
from charley.journal import maintenance


@pytest.fixture(scope="module")
def activities(shared_data) -> Path:
    folder = shared_data / "data" / "activities"
    if not folder.is_dir():
        pytest.skip("the folder of activity files is not part of the reference data here")
    return folder


@pytest.fixture(scope="module")
def reference(activities) -> dict:
    with (activities / "MANIFEST.toml").open("rb") as file:
        return {entry["file"]: entry for entry in tomllib.load(file)["file"]}


def _codes(summary) -> list[tuple[str, str]]:
    return sorted((Path(s.file).name, s.code) for s in summary.skipped)


def test_a_garmin_export_a_zip_in_a_zip(tmp_path, activities, reference) -> None:
    path = tmp_path / "journal.sqlite"
    export = activities / "exports" / "garmin_account.zip"
    summary = import_files(path, [export])
    # in this export every activity is of another sport, or has no distance: kept in figures, not as runs
    assert (summary.imported, summary.others) == (reference["exports/garmin_account.zip"]["ref"]["activities"],) * 2
    assert _codes(summary) == [
        ("2024-01-01_2024-04-10_1_sleepData.json", "file-kind"),
        ("runner@example.com_20000000372.fit", "no-records"),
        ("runner@example.com_20000000403.fit", "not-activity"),
        ("runner@example.com_20000008888.txt", "file-kind"),
        ("runner@example.com_20000009999.fit", "file-empty"),
        ("runner_0_summarizedActivities.json", "file-kind"),
    ]
    rides = {round(o.elapsed_s) for o in journals.list_others(path)}
    first = reference["fit/049286_batt.fit"]["ref"]  # the first file of the export
    assert round(first["elapsed_s"]) in rides
    again = import_files(path, [export])
    assert (again.imported, again.duplicates, len(again.skipped)) == (0, 12, 6)


def test_a_strava_export_with_its_table(tmp_path, activities, reference) -> None:
    path = tmp_path / "journal.sqlite"
    export = activities / "exports" / "strava_en.zip"
    summary = import_files(path, [export])
    ref = reference["exports/strava_en.zip"]["ref"]
    assert summary.imported == ref["activities_with_file"]
    assert _codes(summary) == [
        ("activities.csv, row 22", "import-row"),
        ("activities.csv, row 23", "import-row"),
        ("profile.csv", "file-kind"),
    ]
    titles = {r.title for r in journals.list_runs(path)}
    assert 'Morning Run 12, "easy"' in titles
    assert maintenance.doctor(path) == ()
    again = import_files(path, [export])
    assert (again.imported, again.duplicates) == (0, ref["activities_with_file"])


@pytest.mark.parametrize(
    ("name", "activities_inside", "skipped"),
    [
        ("zip_duplicates.zip", 1, {"file-kind"}),
        ("zip_path_traversal.zip", 1, {"import-entry"}),
        ("zip_symlink.zip", 1, {"import-entry"}),
        ("zip_nested5.zip", 0, {"file-limits"}),
        ("zip_bomb.zip", 0, {"file-kind"}),
    ],
)
def test_hostile_zips(tmp_path, activities, name: str, activities_inside: int, skipped: set[str]) -> None:
    path = tmp_path / "journal" / "journal.sqlite"
    summary = import_files(path, [activities / "hard" / name], workers=1)
    assert summary.imported == activities_inside
    assert {s.code for s in summary.skipped} == skipped
    assert {p.name for p in tmp_path.iterdir()} == {"journal"}, "nothing is written outside the journal"
