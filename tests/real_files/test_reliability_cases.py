"""Files that once did harm or cost much, each with what should come of it.

They lie beside the project (``cases/reliability``, with ``CASES.md``). Others of the same kinds are written by
``test_stranger``, ``test_import_packed``, ``test_activities_work`` and ``test_damaged_rows``, which need no folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from charley.activities.fit import fast, fitdecode_reader
from charley.activities.fit.frame import parts
from charley.activities.limits import Deadline
from charley.api import journal as journals
from charley.api.one_run import read_run
from charley.journal.guard import Guarded
from charley.vocabulary.errors import JournalError, RunFileError
from charley.vocabulary.run import Run
from stranger_world import charley as charley  # a fixture
from stranger_world import journal as journal  # a fixture

CPU_S = 10  # of a process that reads one file: far above what each takes, far below what it took


@pytest.fixture(scope="module")
def cases(shared_data: Path) -> Path:
    folder = shared_data / "cases" / "reliability"
    if not folder.is_dir():
        pytest.skip("the folder of cases is not part of the reference data here")
    return folder


@pytest.mark.parametrize(
    "name", ["backup_names_a_file_outside", "backup_with_a_trigger", "backup_run_id_leaves_export"]
)
def test_a_backup_of_a_stranger_is_refused_and_touches_nothing(cases: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "victim.txt").write_text("precious")
    with pytest.raises(JournalError, match="backup-bad"):
        journals.restore_backup(tmp_path / "journal.sqlite", cases / f"{name}.charley-backup")
    assert [p.name for p in tmp_path.iterdir() if "journal" not in p.name] == ["victim.txt"]


@pytest.mark.parametrize(
    ("name", "code"), [("bomb_bz2.zip", "archive-kind"), ("entry_without_name.zip", "import-entry")]
)
def test_an_archive_costs_itself(cases: Path, tmp_path: Path, name: str, code: str) -> None:
    summary = journals.import_files(tmp_path / "j.sqlite", [cases / name, cases / "run.gpx"], workers=0)
    assert summary.imported == 1
    assert code in {s.code for s in summary.skipped}


def test_a_table_of_commas_is_no_list_of_activities(cases: Path, tmp_path: Path) -> None:
    summary = journals.import_files(tmp_path / "j.sqlite", [cases / "table_of_commas.zip"], workers=0)
    assert summary.imported == 0


def test_a_row_with_a_name_of_three_hundred_letters_is_listed(cases: Path, tmp_path: Path) -> None:
    summary = journals.import_files(tmp_path / "j.sqlite", [cases / "strava_long_name"], workers=0)
    assert (summary.imported, [s.code for s in summary.skipped]) == (1, ["import-row"])


@pytest.mark.parametrize("name", ["developer_ids.fit.gz", "sessions_20000.fit.gz"])
def test_small_files_take_little_time(cases: Path, name: str) -> None:
    def read() -> Run:
        return read_run(cases / name)

    with Guarded(read, name, cpu_seconds=CPU_S) as guarded:
        assert guarded.result().records == 200


def test_both_decoders_pass_over_an_invalid_time(cases: Path) -> None:
    data = (cases / "decoders_differ_invalid_stamp.fit").read_bytes()
    file_parts, _ = parts(data, "x")
    ours, theirs = (m.messages(data, file_parts, Deadline("x")) for m in (fast, fitdecode_reader))
    assert ours.others == theirs.others


def test_one_flipped_byte_costs_one_row(
    cases: Path, tmp_path: Path, charley: Callable[..., tuple[int, str, str]]
) -> None:
    shutil.copytree(cases / "one_byte_flipped", tmp_path / "j")
    for path in [tmp_path / "j", *(tmp_path / "j").rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)
    journal = tmp_path / "j" / "journal.sqlite"
    code, out, err = charley("data", "doctor", at=journal)
    assert code != 0
    assert "b312048d" in out + err
    for words in (("runs",), ("data", "backup"), ("data", "export", tmp_path / "out")):
        code, out, err = charley(*words, at=journal)
        assert code == 0
        assert "journal-row" in out + err


def test_a_bomb_is_refused_where_one_run_is_asked_for(cases: Path) -> None:
    with pytest.raises(RunFileError, match=r"archive-empty|file-limits"):
        read_run(cases / "bomb_bz2.zip")
