"""Whatever is handed over, the answer is a recording, a run, or one coded line; in bounded time and memory."""

from __future__ import annotations

import gzip
import io
import stat
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import maker_files
from charley import activities
from charley.activities import limits, unpack
from charley.activities.demo_run import demo_fit
from charley.activities.fit import profile
from charley.activities.fit.writer import UINT8, UINT16, UINT32, Field, FitWriter
from charley.activities.unpack import ACTIVITY_KINDS
from charley.vocabulary.errors import RunFileError
from charley.vocabulary.run import Recording, Run
from maker_files import Made

START = 1_000_000_000


def small_fit() -> bytes:
    writer = FitWriter()
    writer.define(0, profile.FILE_ID, [Field(0, 0)])
    writer.write(0, 4)
    writer.define(1, profile.RECORD, [Field(253, UINT32), Field(5, UINT32), Field(6, UINT16), Field(3, UINT8)])
    for second in range(120):
        writer.write(1, START + second, 300 * second, 3000, 150)
    writer.define(
        2, profile.SESSION, [Field(2, UINT32), Field(5, 0), Field(7, UINT32), Field(8, UINT32), Field(9, UINT32)]
    )
    writer.write(2, START, 1, 119_000, 119_000, 35_700)
    return writer.finish()


def points(form: str) -> str:
    return "".join(form.format(s=f"{s // 60:02d}:{s % 60:02d}", d=3 * s, lat=46 + s * 2.7e-5) for s in range(120))


def small_tcx() -> bytes:
    point = (
        "<Trackpoint><Time>2024-05-01T08:{s}Z</Time><DistanceMeters>{d}</DistanceMeters>"
        "<HeartRateBpm><Value>150</Value></HeartRateBpm></Trackpoint>"
    )
    return (
        '<?xml version="1.0"?><TrainingCenterDatabase><Activities><Activity Sport="Running"><Lap>'
        "<TotalTimeSeconds>119</TotalTimeSeconds><DistanceMeters>357</DistanceMeters><Track>"
        f"{points(point)}</Track></Lap></Activity></Activities></TrainingCenterDatabase>"
    ).encode()


def small_gpx() -> bytes:
    point = '<trkpt lat="{lat:.6f}" lon="-25"><ele>40</ele><time>2024-05-01T08:{s}Z</time></trkpt>'
    return f"<gpx><trk><type>running</type><trkseg>{points(point)}</trkseg></trk></gpx>".encode()


def zipped(entries: dict[str, bytes], *, link: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if name == link:
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, data)
    return out.getvalue()


MAKERS: dict[str, Callable[[], bytes]] = {
    "fit": small_fit,
    "tcx": small_tcx,
    "gpx": small_gpx,
    "gzip": lambda: gzip.compress(small_fit(), mtime=0),
    "zip": lambda: zipped({"run.fit": small_fit()}),
    **{kind: lambda make=make: make(Made()) for kind, make in maker_files.BY_KIND.items()},  # type: ignore[misc]
}


def outcome(folder: Path, data: bytes, name: str = "some.fit") -> Run | Recording | RunFileError:
    """A Run, a Recording that is no run, or the error; anything else is raised and fails the test."""
    path = folder / name
    path.write_bytes(data)
    found: Run | Recording | RunFileError
    try:
        found = activities.read(path)
    except RunFileError as error:
        found = error
    if isinstance(found, RunFileError):
        assert str(found).isprintable()  # so it is one line, too
        return found
    try:
        return activities.clean(found)
    except RunFileError:
        return found


def code(folder: Path, data: bytes, name: str = "some.fit") -> str:
    found = outcome(folder, data, name)
    return found.code if isinstance(found, RunFileError) else "read"


def test_every_kind_of_activity_is_attacked(tmp_path: Path) -> None:
    """A new reader comes with a maker of small files here; each maker's file is told to be of its own kind."""
    assert set(MAKERS) >= ACTIVITY_KINDS
    for kind in ACTIVITY_KINDS:
        (tmp_path / "any.name").write_bytes(MAKERS[kind]())
        assert unpack.content(tmp_path / "any.name").kind == kind


@pytest.mark.parametrize("kind", MAKERS)
def test_the_small_files_are_runs_when_whole(tmp_path: Path, kind: str) -> None:
    run = outcome(tmp_path, MAKERS[kind](), "any.name")
    assert isinstance(run, Run)
    assert (run.records, run.elapsed_s) == (120, 119.0)
    assert run.distance_m == pytest.approx(357.0, rel=2e-3)


@pytest.mark.parametrize("kind", MAKERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_cut_and_changed_files_never_escape(tmp_path: Path, kind: str, data: st.DataObject) -> None:
    whole = bytearray(MAKERS[kind]())
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=6)):
        whole[at] = data.draw(st.integers(0, 255))
    begin = data.draw(st.sampled_from([0, 0, 0, 1, 7]))
    outcome(tmp_path, bytes(whole[begin : data.draw(st.integers(begin, len(whole)))]))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(
        [b"", b"\x1f\x8b\x08\0", b"PK\x03\x04", b"\x0e\x20\0\0\0\0\0\0.FIT", b"<gpx>", b"<?xml", b"\xff\xd8\xff"]
    ),
    st.binary(max_size=400),
)
def test_noise_is_told_from_a_run(tmp_path: Path, start: bytes, noise: bytes) -> None:
    assert isinstance(outcome(tmp_path, start + noise), RunFileError | Recording)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=40)), max_size=12))
def test_any_messages_within_a_sound_fit_frame(tmp_path: Path, chunks: list[tuple[int, bytes]]) -> None:
    writer = FitWriter()
    writer.define(1, profile.RECORD, [Field(253, UINT32), Field(3, UINT8)])
    for header, rest in chunks:
        writer.write(1, START, 140)
        writer.raw(bytes((header,)) + rest)
    found = outcome(tmp_path, writer.finish())
    if chunks:  # what stands before the noise is kept
        assert isinstance(found, Recording | Run)


@pytest.mark.parametrize(
    ("data", "expected", "words"),
    [
        (b"", "file-empty", "no bytes"),
        (b"<!DOCTYPE html><html><title>Sign in</title></html>", "file-kind", "HTML page"),
        (b"\xff\xd8\xff\xe0JFIF", "file-kind", "JPEG"),
        (b"%PDF-1.7", "file-kind", "PDF"),
        (b'{"activityId": 1}', "file-kind", "JSON"),
        (b"time,heart rate\n1,2\n", "file-kind", "text file"),
        (b"<kml><Placemark/></kml>", "file-kind", "KML"),
        (b"<workout/>", "file-kind", "XML file of another kind"),
        (bytes(range(256)) * 4, "file-kind", "unknown kind"),
        (small_fit()[:11], "file-kind", "unknown kind"),
        (small_fit()[:13], "no-records", "no samples"),
        (b"<gpx><rte><rtept lat='1' lon='2'/></rte></gpx>", "no-records", "route"),
        (b"<TrainingCenterDatabase><Courses><Course><Track/></Course></Courses></TrainingCenterDatabase>",
         "not-activity", "planned course"),
        (zipped({"a.txt": b"hello"}), "archive-empty", "no activity"),
        (zipped({"a.fit": small_fit(), "b.tcx": small_tcx()}), "archive-several", "several"),
        (zipped({"activities.csv": b"", "activities/1.fit": small_fit()}), "archive-several", "whole account"),
        (b"PK\x03\x04" + bytes(40), "archive-damaged", "table of contents"),
    ],
)  # fmt: skip
def test_what_is_no_run_is_called_by_its_name(tmp_path: Path, data: bytes, expected: str, words: str) -> None:
    error = outcome(tmp_path, data, "afternoon.fit")
    assert isinstance(error, RunFileError)
    assert error.code == expected
    assert words in str(error)
    assert str(error).startswith("afternoon.fit: ")


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.fit", tmp_path / ("x" * 3000), "a\0b"):
        with pytest.raises(RunFileError) as caught:
            activities.read(path)
        assert caught.value.code == "file-missing"


def test_control_characters_of_a_name_do_not_reach_the_screen(tmp_path: Path) -> None:
    name = "evening\x1b[31m\nrun\r\x07.fit"
    assert code(tmp_path, b"", name) == "file-empty"
    line = str(outcome(tmp_path, b"", name))
    assert line.isprintable()
    assert "evening [31m run .fit: " in line


def test_names_out_of_a_file_are_made_harmless(tmp_path: Path) -> None:
    name = "\x1b[2J" + "W" * 200
    creator = f"<Creator><Name>{name[1:]}\n&#9;</Name></Creator></Activity>".encode()
    writer = FitWriter()
    writer.define(0, profile.FILE_ID, [Field(0, 0), Field(8, profile.STRING, 220)])
    writer.write(0, 4, name)
    writer.define(1, profile.RECORD, [Field(253, UINT32)])
    writer.write(1, START)
    for data in (writer.finish(), small_tcx().replace(b"</Activity>", creator)):
        (tmp_path / "x\n.y").write_bytes(data)
        recording = activities.read(tmp_path / "x\n.y")
        assert "WWW" in recording.device
        assert recording.device.isprintable()
        assert len(recording.device) <= 80
        assert recording.file_name == "x .y"


def peak_bytes(work: Callable[[], Any]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_gzip_bomb_stops_long_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(200 * limits.MEBIBYTE), mtime=0)
    assert peak_bytes(lambda: code(tmp_path, bomb)) < 60 * limits.MEBIBYTE
    assert code(tmp_path, bomb) == "file-limits"
    assert code(tmp_path, gzip.compress(bomb, mtime=0)) == "file-limits"


def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path: Path) -> None:
    bomb = bytearray(zipped({"run.fit": bytes(70 * limits.MEBIBYTE)}))
    at = bomb.index(b"PK\x01\x02") + 24  # uncompressed size in the table of contents
    bomb[at : at + 4] = (1000).to_bytes(4, "little")
    assert code(tmp_path, bytes(bomb)) in ("file-limits", "archive-damaged", "archive-empty")
    assert code(tmp_path, zipped({f"{n}.fit": bytes(60 * limits.MEBIBYTE) for n in range(3)})) == "file-limits"


def test_zips_nested_too_deep_are_not_opened(tmp_path: Path) -> None:
    data = small_fit()
    for _ in range(2):
        data = zipped({"inner.zip" if data[:2] == b"PK" else "run.fit": data})
    assert code(tmp_path, data) == "read"
    assert code(tmp_path, zipped({"outer.zip": data})) == "file-limits"


def test_entries_that_leave_the_archive_or_link_out_of_it_are_passed_over(tmp_path: Path) -> None:
    other = demo_fit()
    bad = {
        "../../up.fit": other,
        "/etc/abs.fit": other,
        "C:\\win.fit": other,
        "link.fit": other,
        "__MACOSX/._run.fit": b"x",
    }
    before = set(tmp_path.rglob("*"))
    run = outcome(tmp_path, zipped({**bad, "ok/run.fit": small_fit()}, link="link.fit"), "mixed.zip")
    assert isinstance(run, Run)
    assert run.file_name == "run.fit"
    assert set(tmp_path.rglob("*")) - before == {tmp_path / "mixed.zip"}


def test_the_same_run_twice_in_a_zip_is_one(tmp_path: Path) -> None:
    assert code(tmp_path, zipped({"a.fit": small_fit(), "copy/b.fit": small_fit(), "notes.txt": b"hi"})) == "read"


def test_many_gzips_in_a_row_take_no_time_to_speak_of(tmp_path: Path) -> None:
    member = gzip.compress(b"", mtime=0)
    assert code(tmp_path, member * 100_000) == "file-empty"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        "<!DOCTYPE gpx [<!ENTITY a 'ha'>" + "".join(f"<!ENTITY a{n} '{'&a;' * 50}'>" for n in range(9)) + "]>",
        '<!DOCTYPE gpx SYSTEM "http://localhost:1/x.dtd">',
    ],
)
def test_documents_with_a_type_are_refused_unread(tmp_path: Path, declared: str, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{declared}' + small_gpx().decode().replace("running", "&x;", 1)
    error = outcome(tmp_path, text.encode(encoding), "evil.gpx")
    assert isinstance(error, RunFileError)
    assert error.code == "xml-entities"
    assert not error.__cause__ or "hostname" not in str(error.__cause__)


def test_xml_in_other_encodings_is_read(tmp_path: Path) -> None:
    text = small_gpx().decode()
    assert code(tmp_path, ('<?xml version="1.0" encoding="utf-16"?>' + text).encode("utf-16")) == "read"
    assert code(tmp_path, b"\xef\xbb\xbf \n" + small_gpx()) == "read"


def test_broken_xml_keeps_its_points_and_says_so(tmp_path: Path) -> None:
    broken = {
        "cut": small_tcx()[:14_000],
        "zero bytes": small_tcx().replace(b"</Track>", b"\0\0</Track>"),
    }
    for what, data in broken.items():
        run = outcome(tmp_path, data, "broken.tcx")
        assert isinstance(run, Run), what
        assert "xml-repaired" in {w.code for w in run.warnings}, what


def test_a_prefix_that_was_never_declared_costs_nothing(tmp_path: Path) -> None:
    data = small_tcx().replace(b"<Value>150", b"<ns9:x>1</ns9:x><Value>150")
    run = outcome(tmp_path, data, "prefix.tcx")
    assert isinstance(run, Run)
    assert (run.records, run.warnings) == (120, ())


def test_deep_nesting_is_an_error_and_no_crash(tmp_path: Path) -> None:
    assert code(tmp_path, b"<gpx>" + b"<a>" * 200_000) == "xml-unreadable"


def test_endless_elements_take_no_memory(tmp_path: Path) -> None:
    flood = b"<gpx>" + b"<a/>" * 500_000 + b"</gpx>"
    assert peak_bytes(lambda: code(tmp_path, flood)) < 4 * len(flood)
    assert code(tmp_path, flood) == "no-records"


def test_a_declared_size_is_never_believed(tmp_path: Path) -> None:
    for declared in (2**32 - 1, 0, 10**6):
        data = bytearray(small_fit())
        data[4:8] = declared.to_bytes(4, "little")
        run = outcome(tmp_path, bytes(data))
        assert isinstance(run, Run)
        assert run.records == 120
        assert "fit-cut" in {w.code for w in run.warnings}
        assert peak_bytes(lambda d=bytes(data): outcome(tmp_path, d)) < 8 * limits.MEBIBYTE


def test_floods_of_definitions_and_events_are_bounded(tmp_path: Path) -> None:
    writer = FitWriter()
    for number in range(30_000):
        writer.raw(bytes((0x40, 0, 0, 20, 0, 2, number & 255, 1, number >> 8, 3, 1, 2)))
    assert code(tmp_path, writer.finish()) == "file-limits"
    same = FitWriter()
    same.raw(bytes((0x40, 0, 0, 20, 0, 1, 3, 1, 2)) * 120_000)
    assert code(tmp_path, same.finish()) == "no-records"
    events = FitWriter()
    events.define(0, profile.EVENT, [Field(1, 0)])
    events.raw(bytes((0, 0)) * 250_000)
    assert code(tmp_path, events.finish()) == "file-limits"
    records = FitWriter()
    records.define(0, profile.RECORD, [Field(3, UINT8)])
    records.raw(bytes((0, 140)) * (limits.RECORDS + 1))
    assert code(tmp_path, records.finish()) == "file-limits"


def test_reading_stops_at_its_deadline() -> None:
    deadline = limits.Deadline("slow.fit", seconds=-1.0)
    with pytest.raises(RunFileError, match="file-slow"):
        deadline.check()


def test_times_from_nowhere_do_not_make_a_long_run(tmp_path: Path) -> None:
    """A clock that jumps by months in the middle, and by centuries at the end."""
    writer = FitWriter()
    writer.define(1, profile.RECORD, [Field(253, UINT32), Field(5, UINT32)])
    for second in range(300):
        jump = 0 if second < 200 else 10_000_000 if second < 299 else 3_000_000_000
        writer.write(1, START + second + jump, 300 * second)
    run = outcome(tmp_path, writer.finish())
    assert isinstance(run, Run)
    assert run.elapsed_s == 199.0
    assert {"clock-jump", "clock-impossible"} <= {w.code for w in run.warnings}


def _track(kind: str, times: list[str]) -> bytes:
    """A straight run, 3 m/s, with the times as they are written."""
    if kind == "gpx":
        points = (f'<trkpt lat="{46 + 27e-6 * k}" lon="-25"><time>{t}</time></trkpt>' for k, t in enumerate(times))
        return f"<gpx creator='Watch'><trk><type>running</type><trkseg>{''.join(points)}</trkseg></trk></gpx>".encode()
    points = (
        f"<Trackpoint><Time>{t}</Time><DistanceMeters>{3 * k}</DistanceMeters></Trackpoint>"
        for k, t in enumerate(times)
    )
    inside = f'<Activity Sport="Running"><Lap><Track>{"".join(points)}</Track></Lap></Activity>'
    return f"<TrainingCenterDatabase><Activities>{inside}</Activities></TrainingCenterDatabase>".encode()


def _seconds_of(year: int, count: int = 600) -> list[str]:
    return [f"{year:04d}-06-01T10:{s // 60:02d}:{s % 60:02d}Z" for s in range(count)]


@pytest.mark.parametrize("kind", ["gpx", "tcx"])
@pytest.mark.parametrize("year", [0, 1, 1900, 1970, 2100, 9999])
def test_a_track_of_an_impossible_year_is_refused(kind: str, year: int, tmp_path: Path) -> None:
    for times in (_seconds_of(year), ["2024-13-45T10:00:00Z"] * 600):
        (tmp_path / "a").write_bytes(_track(kind, times))
        with pytest.raises(RunFileError, match="no-times"):
            activities.clean(activities.read(tmp_path / "a"))


@pytest.mark.parametrize("kind", ["gpx", "tcx"])
@pytest.mark.parametrize("stray", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2024-02-31T10:00:00Z", "soon"])
def test_one_stray_time_in_a_track_costs_no_more_than_its_point(kind: str, stray: str, tmp_path: Path) -> None:
    times = _seconds_of(2024)
    times[300] = stray
    run = outcome(tmp_path, _track(kind, times))
    assert isinstance(run, Run)
    assert run.elapsed_s == 599.0


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a", small_fit(), "fit/activity"), ("b.fit", small_gpx(), "gpx"), ("c", small_tcx(), "tcx"),
        ("d", gzip.compress(small_fit()), "fit/activity"), ("e", b"", "empty"), ("f", zipped({"x": b"y"}), "zip"),
        ("g", b"<html>", "an HTML page"), ("h", small_fit()[:14], "fit/unknown"),
        ("i", b"\x1f\x8b\x08\0zzzz", "a damaged gzip"),
    ],
)  # fmt: skip
def test_sniffing_tells_kinds_from_the_first_bytes(tmp_path: Path, name: str, data: bytes, kind: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert activities.sniff(tmp_path / name) == kind


def test_sniffing_tells_settings_from_activities(tmp_path: Path) -> None:
    for number, kind in ((2, "settings"), (6, "course"), (32, "monitoring"), (200, "unknown")):
        writer = FitWriter(big_endian=number == 6)
        writer.define(0, profile.FILE_ID, [Field(8, profile.STRING, 5), Field(0, 0), Field(1, UINT16)])
        writer.write(0, "abc", number, 1)
        (tmp_path / "x").write_bytes(writer.finish())
        assert activities.sniff(tmp_path / "x") == f"fit/{kind}"
        with pytest.raises(RunFileError, match="not-activity"):
            activities.read(tmp_path / "x")


def test_a_clock_that_is_set_back_over_a_stop_of_weeks_costs_no_more_than_a_run(tmp_path: Path) -> None:
    """A stop of 49 days within a session that is as long, and a jump beside it: once a grid of all these seconds."""
    stop_s = 49 * 86_400
    writer = FitWriter()
    writer.define(0, profile.FILE_ID, [Field(0, 0)])
    writer.write(0, 4)
    writer.define(3, 21, [Field(253, UINT32), Field(0, 0), Field(1, 0)])
    writer.define(1, profile.RECORD, [Field(253, UINT32), Field(5, UINT32), Field(3, UINT8)])
    for number, begin in enumerate((0, stop_s, stop_s + 36_100)):
        for second in range(100):
            writer.write(1, START + begin + second, 300 * (100 * number + second), 150)
        if number == 0:
            writer.write(3, START + 100, 0, 4)
            writer.write(3, START + stop_s, 0, 0)
    session = [Field(2, UINT32), Field(5, 0), Field(7, UINT32), Field(8, UINT32)]
    writer.define(2, profile.SESSION, session)
    writer.write(2, START, 1, 1000 * (stop_s + 200), 1000 * (stop_s + 200))
    found = outcome(tmp_path, writer.finish())
    assert not isinstance(found, Run) or len(found.streams) <= limits.GRID_SECONDS
