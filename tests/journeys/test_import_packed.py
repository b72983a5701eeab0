"""Archives of other kinds than zip: opened, or called what they are, with the way to a file that can be read."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest

import maker_files as makers
from charley.activities.archives import walk
from charley.activities.exports.lists import objects_in
from charley.activities.exports.tars import members
from charley.api.one_run import read_run
from charley.vocabulary.errors import RunFileError
from maker_files import Made

RUN = makers.polar(Made())
FORMS = (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)


def seen(path: Path) -> list[tuple[str, str]]:
    return [(f.name.removeprefix(f"{path}/"), f.skipped.code if f.skipped else "") for f in walk([path])]


def put(tmp_path: Path, name: str, data: bytes) -> Path:
    (tmp_path / name).write_bytes(data)
    return tmp_path / name


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("packed", ["", "gz", "bz2", "xz"])
def test_a_tar_in_each_form_and_packing(tmp_path: Path, form: int, packed: str) -> None:
    """Written by Python's own tarfile; the second name is longer than the 100 bytes that a header holds."""
    long_name = "a/" + "b" * 90 + "/" + "ü" * 40 + "/run.json"
    files = {"12345678.FIT": RUN, long_name: RUN, "notes.txt": b"hello"}
    path = put(tmp_path, "backup", makers.tarred(files, packed, form))
    assert seen(path) == [("12345678.FIT", ""), (long_name, ""), ("notes.txt", "file-kind")]
    assert [f.data for f in walk([path])][:2] == [RUN, RUN]
    with pytest.raises(RunFileError, match="archive-several"):
        read_run(path)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_one_file_that_is_packed(tmp_path: Path, pack) -> None:
    path = put(tmp_path, "run.packed", pack(RUN))
    (found,) = walk([path])
    assert found.skipped is None
    assert found.data in (RUN, pack(RUN))  # a gzip is opened where it is read


def test_a_zip_in_a_tar_and_a_tar_in_a_zip(tmp_path: Path) -> None:
    inner = makers.zipped({"run.json": RUN})
    assert seen(put(tmp_path, "a.tar", makers.tarred({"x.zip": inner}))) == [("x.zip/run.json", "")]
    inner = makers.tarred({"run.json": RUN}, "gz")
    assert seen(put(tmp_path, "a.zip", makers.zipped({"x.tgz": inner}))) == [("x.tgz/run.json", "")]


def test_links_and_names_that_lead_out_of_a_tar_are_not_opened(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in (("l.fit", tarfile.SYMTYPE), ("h.fit", tarfile.LNKTYPE), ("dev", tarfile.CHRTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        for name in ("../out.json", "/abs.json", "in.json"):
            info = tarfile.TarInfo(name)
            info.size = len(RUN)
            archive.addfile(info, io.BytesIO(RUN))
    assert [code for _, code in seen(put(tmp_path, "a.tar", out.getvalue()))] == ["import-entry"] * 4 + [""]


@pytest.mark.parametrize("packed", ["", "gz", "bz2", "xz"])
def test_a_tar_that_ends_early_gives_what_came_before(tmp_path: Path, packed: str) -> None:
    noise = bytes(i * 7919 % 251 for i in range(30_000))  # so that it does not pack away
    whole = makers.tarred({"run.json": RUN, "noise.txt": noise, "b.json": RUN}, packed)
    found = seen(put(tmp_path, "cut", whole[: len(whole) - (18_000 if not packed else len(whole) // 5)]))
    assert ("run.json", "") in found or packed in ("bz2", "xz")  # whose blocks are whole or nothing
    assert found[-1][1] == "archive-damaged"


@pytest.mark.parametrize("packed", ["gz", "bz2", "xz"])
def test_a_bomb_in_a_tar_stops_within_its_limit(tmp_path: Path, packed: str) -> None:
    """64 MB of one byte in some kB: more than 200 times its size."""
    path = put(tmp_path, "bomb", makers.tarred({"a.gpx": b"<gpx>" + b" " * (64 << 20)}, packed))
    assert path.stat().st_size < 200_000
    ((_, code),) = seen(path)
    assert code == "archive-damaged"


def test_sizes_in_a_header_are_not_believed() -> None:
    """Of eight exbibytes declared and none there, a long name of a gibibyte, and a size that is no number."""
    block = bytearray(512)
    block[:5], block[156:157], block[257:263] = b"x.fit", b"0", b"ustar\0"
    for size in (b"\x80" + b"\0" * 3 + b"\x7f" + b"\xff" * 7, b"zzzzzzzzzzz\0"):
        block[124:136] = size
        with pytest.raises(ValueError, match=r"ends early|no number"):
            list(members(io.BytesIO(bytes(block))))
    block[124:136], block[156:157] = b"10000000000\0", b"L"
    with pytest.raises(ValueError, match="longer than any name"):
        list(members(io.BytesIO(bytes(block) * 3)))


@pytest.mark.parametrize(
    ("start", "words"),
    [(b"7z\xbc\xaf'\x1c", "7-Zip"), (b"Rar!\x1a\x07", "RAR"), (b"\x28\xb5\x2f\xfd", "Zstandard")],
)
def test_what_is_not_opened_is_named_with_the_next_step(tmp_path: Path, start: bytes, words: str) -> None:
    (found,) = walk([put(tmp_path, "export.7z", start + b"\0" * 100)])
    assert found.skipped is not None
    assert (found.skipped.code, found.skipped.harmless) == ("archive-kind", False)
    assert words in found.skipped.text
    assert "charley import FOLDER" in found.skipped.text


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_packed_in_a_way_that_cannot_be_bounded_is_named(tmp_path: Path, method: int) -> None:
    """Of both Python's own reader unpacks an entry at once: 300 MB of spaces in some kB, beside a run."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as archive:
        archive.writestr("bomb.gpx", b"<gpx>" + b" " * (300 << 20))
        archive.writestr("run.json", RUN, zipfile.ZIP_DEFLATED)
    tracemalloc.start()
    try:
        assert seen(tmp_path / "a.zip") == [("bomb.gpx", "archive-kind"), ("run.json", "")]
        assert read_run(tmp_path / "a.zip").records == 120
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("letter", [b",", b"\n", b"\r"])
def test_a_list_of_activities_that_is_all_cells_is_none(tmp_path: Path, letter: bytes) -> None:
    """60 MB of commas or ends of lines in 60 kB; as cells they were a gigabyte."""
    path = put(tmp_path, "a.zip", makers.zipped({"activities.csv": letter * (60 << 20), "run.json": RUN}))
    tracemalloc.start()
    try:
        assert seen(path) == [("run.json", "")]
        assert tracemalloc.get_traced_memory()[1] < 200 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("packed", [True, False])
def test_a_row_whose_file_has_no_possible_name_is_listed(tmp_path: Path, packed: bool) -> None:
    table = b"Id,Date,Name,Type,File\n1,x,y,Run," + b"a" * 300 + b".fit\n2,x,Long one,Run,run.gpx\n3,x,y,Run,#error#\n"
    files = {"activities.csv": table, "run.gpx": makers.apple_route(Made())}
    if packed:
        path = put(tmp_path, "a.zip", makers.zipped(files))
    else:
        path = tmp_path / "in"
        path.mkdir()
        for name, data in files.items():
            put(path, name, data)
    found = list(walk([path]))
    told = [f.skipped.text for f in found if f.skipped and f.skipped.code == "import-row"]
    assert len(told) == 2
    assert "could not export its file (#error#)" in told[1]
    assert [f.notes.title for f in found if f.data is not None] == ["Long one"]


class Drops:
    """A stream that gives a few bytes at a time."""

    def __init__(self, data: bytes, size: int) -> None:
        self._data, self._size = data, size

    def read(self, size: int = -1, /) -> bytes:
        part, self._data = self._data[: self._size], self._data[self._size :]
        return part


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_a_list_falls_into_its_objects_wherever_it_is_cut(size: int) -> None:
    """Brackets and quotation marks within texts are text, also behind a backslash."""
    objects = [b'{"a": "}{][\\\\"}', b'{"b": {"c": [1, {"d": "\\"}"}]}}', b"{}", b'{"e": "\\\\\\""}']
    whole = b' [ "no object", [1], ' + b" ,\n".join(objects) + b', {"cut": "'
    assert list(objects_in(Drops(whole, size))) == objects
