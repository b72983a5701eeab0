"""What an import says of files that it passed over: each its own reason, though they are counted by kind."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from activity_files import Leg, gpx, gpx_of, gpx_track, one_piece, tcx_activity, tcx_of
from charley.activities.kept import read_and_clean
from charley.faces.cli.main import cli
from charley.vocabulary.journal import FileNotes, OtherActivity
from charley.vocabulary.run import Run

PAGE, TRACK = b"<!DOCTYPE html><html></html>", b"<gpx><trk><trkseg>%b</trkseg></trk></gpx>"


def _point(second: int) -> bytes:
    return b'<trkpt lat="46" lon="7"><time>2024-05-01T08:00:%02dZ</time></trkpt>' % second


def _said(folder: Path, *more: str) -> str:
    journal = str(folder.parent / "journal.sqlite")
    return CliRunner().invoke(cli, ["import", str(folder), *more], env={"CHARLEY_JOURNAL": journal}).output


def test_a_single_sample_is_too_short_and_not_without_a_time(tmp_path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.gpx").write_bytes(TRACK % _point(0))
    assert "1 x too-short: A single sample was recorded." in _said(tmp_path / "files")


def test_each_file_is_told_its_own_reason(tmp_path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, data in (("a.fit", b"\x00" * 40), ("b.fit", b"\x00" * 40), ("c.fit", b"\x00" * 40), ("page.fit", PAGE)):
        (folder / name).write_bytes(data)
    said = _said(folder)
    assert "4 x file-kind: This isn't an activity file, whatever its name says. Give a FIT" in said
    assert f"{folder / 'a.fit'}: This is a binary file of unknown kind.\n" in said
    assert f"{folder / 'page.fit'}: This is an HTML page.\n" in said, "of each reason the first is shown"
    assert "and 1 more (--verbose names them)" in said
    assert f"{folder / 'c.fit'}: This is a binary" in _said(folder, "--verbose")


def test_files_of_one_reason_are_told_it_once(tmp_path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for name in ("a.gpx", "b.gpx"):
        (folder / name).write_bytes(TRACK % b"".join(map(_point, (0, 5))))
    said = _said(folder)
    assert "2 x too-short: The recording is 5 s long. Give the file of a longer run.\n" in said
    assert f"    {folder / 'a.gpx'}\n    {folder / 'b.gpx'}\n" in said


@pytest.mark.parametrize(("speed_m_s", "walked"), [(1.3, True), (1.8, False), (3.0, False)])
def test_an_answer_says_at_once_that_it_is_of_a_walk(tmp_path, speed_m_s: float, walked: bool) -> None:
    """People walk at 1.3 m/s and change to a run at about 2; nobody is told that a slow jog is none."""
    (tmp_path / "a.gpx").write_bytes(gpx([one_piece(Leg(1200, speed_m_s=speed_m_s))]))
    said = " ".join(CliRunner().invoke(cli, ["why", str(tmp_path / "a.gpx")]).output.split())
    assert ("By its pace most of it was walked." in said) == walked


def test_an_answer_says_at_once_which_activity_of_the_file_it_is_of(tmp_path) -> None:
    later = datetime(2025, 5, 5, 8, tzinfo=UTC)
    both = [tcx_activity([[one_piece(Leg(600))]]), tcx_activity([[one_piece(Leg(1200))]], start=later)]
    (tmp_path / "a.tcx").write_bytes(tcx_of(both))
    said = " ".join(CliRunner().invoke(cli, ["why", str(tmp_path / "a.tcx")]).output.split())
    assert "The file holds 2 activities; this is number 2." in said


@pytest.mark.parametrize(
    ("sport", "speed_m_s", "kept"), [(None, 1.3, (0, 1)), (None, 1.8, (1, 0)), ("running", 1.3, (1, 0))]
)
def test_what_says_nothing_and_moves_as_a_walk_is_kept_as_one(tmp_path, sport, speed_m_s: float, kept) -> None:
    track = gpx_track([one_piece(Leg(1200, speed_m_s=speed_m_s))], sport)
    found = read_and_clean(gpx_of([track]), "a.gpx", FileNotes())
    assert (sum(isinstance(f, Run) for f in found), sum(isinstance(f, OtherActivity) for f in found)) == kept
    assert found[0].distance_m == pytest.approx(1200 * speed_m_s, rel=0.01)
