"""The walk over what people hand over: account exports in any language, archives in archives, what is not opened."""

from __future__ import annotations

import csv
import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest

from charley.activities import archives, opening, write_demo
from charley.activities.archives import walk

GERMAN = (  # headers as in an account in German: names that come twice, columns that English exports do not have
    "Aktivitäts-ID,Aktivitätsdatum,Name der Aktivität,Aktivitätsart,Aktivitätsbeschreibung,Verstrichene Zeit,Distanz,"
    "Max. Herzfrequenz,Relative Leistung,Pendelfahrt,Private Anmerkung,Ausrüstung,Dateiname,Gewicht,Verstrichene Zeit"
)


@pytest.fixture(scope="module")
def fit(tmp_path_factory) -> bytes:
    return write_demo(tmp_path_factory.mktemp("demo")).read_bytes()


def _zip(path: Path, **entries: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name.replace("__", "/"), data)
    return path


def _settings_fit() -> bytes:
    """A FIT file with one message: file_id of the type settings (2). Layout: the FIT protocol's header and records."""
    definition = bytes(
        [0x40, 0, 0, 0, 0, 1, 0, 1, 0]
    )  # local 0, little-endian, message 0, one field: number 0, 1 byte, enum
    body = definition + bytes([0x00, 2])
    return bytes([12, 16, 0, 0]) + len(body).to_bytes(4, "little") + b".FIT" + body + b"\0\0"


def _seen(*paths: Path) -> list[tuple[str, str]]:
    return [(Path(f.name).name, f.skipped.code if f.skipped else "") for f in walk(paths)]


def test_a_strava_export_in_another_language(tmp_path, fit) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(GERMAN.split(","))
    row = ["1", "04.10.2026, 07:00:00", 'Lauf am Morgen, "locker"', "Lauf", "", "1", "1", "", "", "false", "", ""]
    writer.writerow([*row, "activities/11.fit.gz", "", "1"])
    writer.writerow([*row, "", "", "1"])
    writer.writerow([*row, "activities/gone.gpx.gz", "", "1"])
    table = ("\ufeff" + text.getvalue()).encode()
    entries = {"activities.csv": table, "activities__11.fit.gz": gzip.compress(fit), "media__a.jpg": b"\xff\xd8\xff\0"}
    packed = _zip(tmp_path / "export.zip", **entries)
    found = list(walk([packed]))
    assert [(Path(f.name).name, f.notes.title, f.skipped.code if f.skipped else "") for f in found] == [
        ("activities.csv", "", "import-row"),
        ("activities.csv", "", "import-row"),
        ("11.fit.gz", 'Lauf am Morgen, "locker"', ""),
        ("a.jpg", "", "file-kind"),
    ]
    assert found[0].skipped.harmless
    assert "gone.gpx.gz is not in the export" in found[1].skipped.text
    # the same, unpacked into a folder
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    assert [(Path(f.name).name, f.notes.title) for f in walk([folder])][2] == ("11.fit.gz", 'Lauf am Morgen, "locker"')
    assert len(list(walk([folder]))) == 4


def test_only_heads_of_what_is_no_activity_are_read(tmp_path, fit, monkeypatch) -> None:
    inner = _zip(tmp_path / "part.zip", **{f"{n}.fit": _settings_fit() for n in range(50)}, **{"99.fit": fit})
    outer = _zip(tmp_path / "export.zip", **{"DI_CONNECT__Uploaded__part.zip": inner.read_bytes()})
    inner.unlink()
    whole = []
    monkeypatch.setattr(opening, "_whole", lambda name, *_: whole.append(name) or fit)
    seen = _seen(tmp_path)
    assert seen.count(("99.fit", "")) == 1
    assert [code for _, code in seen].count("not-activity") == 50
    assert whole == [f"{outer}/DI_CONNECT/Uploaded/part.zip/99.fit"]


def test_nesting_links_names_and_locks_are_not_opened(tmp_path, fit) -> None:
    third = _zip(tmp_path / "3.zip", **{"run.fit": fit}).read_bytes()
    second = _zip(tmp_path / "2.zip", **{"3.zip": third, "ok.fit": fit}).read_bytes()
    link = zipfile.ZipInfo("link.fit")
    link.external_attr = 0o120777 << 16
    locked = zipfile.ZipInfo("locked.fit")
    path = tmp_path / "1.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("../up.fit", "/root.fit", "C:/windows.fit", "a\\..\\..\\b.fit", ".hidden.fit", "__MACOSX/x.fit"):
            archive.writestr(name, fit)
        archive.writestr(link, "/etc/passwd")
        archive.writestr(locked, fit)
        archive.writestr("2.zip", second)
    raw = bytearray(path.read_bytes())
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # set the bit that says "encrypted"
        at = raw.find(b"locked.fit")
        while at >= 0:
            start = raw.rfind(header, 0, at)
            if 0 <= at - start in (30, 46):
                raw[start + flags] |= 1
            at = raw.find(b"locked.fit", at + 1)
    path.write_bytes(raw)
    assert _seen(path) == [
        ("up.fit", "import-entry"),
        ("root.fit", "import-entry"),
        ("windows.fit", "import-entry"),
        ("b.fit" if os.sep == "\\" else Path("a\\..\\..\\b.fit").name, "import-entry"),
        (".hidden.fit", "file-kind"),
        ("x.fit", "file-kind"),
        ("link.fit", "import-entry"),
        ("locked.fit", "import-entry"),
        ("3.zip", "file-limits"),
        ("ok.fit", ""),
    ]


def test_limits_hold_whatever_is_declared(tmp_path, fit, monkeypatch) -> None:
    monkeypatch.setattr(archives.limits, "XML_BYTES", 2**20)
    big = b"<gpx>" + b"<wpt lat='1' lon='2'/>" * 60_000
    bomb = b"<gpx>" + b" " * (3 * 2**20)
    packed = _zip(tmp_path / "a.zip", **{"big.gpx": big, "run.fit": fit})
    monkeypatch.setattr(archives.limits, "RATIO", 10_000)
    assert _seen(packed) == [("big.gpx", "file-limits"), ("run.fit", "")]
    monkeypatch.setattr(archives.limits, "XML_BYTES", 2**28)
    monkeypatch.setattr(archives.limits, "RATIO", 200)
    assert _seen(_zip(tmp_path / "b.zip", **{"bomb.gpx": bomb})) == [("bomb.gpx", "file-limits")]
    monkeypatch.setattr(archives.limits, "ARCHIVE_ENTRIES", 1)
    assert _seen(packed) == [("a.zip", "file-limits")]
    monkeypatch.setattr(archives.limits, "ARCHIVE_ENTRIES", 100)
    monkeypatch.setattr(archives.limits, "ARCHIVE_BYTES", len(fit))
    many = _zip(tmp_path / "c.zip", **{f"{n}.fit": fit for n in range(4)})
    assert _seen(many) == [("0.fit", ""), ("1.fit", ""), ("c.zip", "file-limits")]


def test_damaged_archives_give_what_can_be_had(tmp_path, fit) -> None:
    path = _zip(tmp_path / "a.zip", **{"0.fit": fit, "1.fit": fit})
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 4] ^= 0xFF
    path.write_bytes(raw)
    assert _seen(path) == [("0.fit", "archive-damaged"), ("1.fit", "")]
    path.write_bytes(raw[: len(raw) // 2])
    assert _seen(path) == [("a.zip", "archive-damaged")]


def test_folders_give_the_best_format_first_and_links_to_folders_are_not_followed(tmp_path, fit) -> None:
    for name in ("b.gpx", "a.tcx", "c.fit.gz", "d.zip"):
        (tmp_path / name).write_bytes(fit)
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.fit")
    assert _seen(tmp_path) == [
        ("c.fit.gz", ""),
        ("pipe.fit", "import-missing"),
        ("a.tcx", ""),
        ("b.gpx", ""),
        ("d.zip", ""),
    ]
    assert _seen(tmp_path / "nothing", Path("zero\0byte")) == [
        ("nothing", "import-missing"),
        ("zero?byte", "import-missing"),
    ]


def test_progress_covers_everything_once(tmp_path, fit) -> None:
    inner = _zip(tmp_path / "in.zip", **{f"{n}.fit": fit for n in range(3)}).read_bytes()
    (tmp_path / "in.zip").unlink()
    _zip(tmp_path / "out.zip", **{"in.zip": inner, "z.fit": fit})
    (tmp_path / "a.fit").write_bytes(fit)
    done = [f.done for f in walk([tmp_path])]
    assert done == sorted(done)
    assert 0 < done[0] < 1
    assert done[-1] == pytest.approx(1)


def test_names_cannot_draw_on_a_screen(tmp_path) -> None:
    path = tmp_path / "evil\x1b[2J\n.fit"
    path.write_bytes(b"nothing")
    (found,) = walk([path])
    assert found.skipped is not None
    assert found.skipped.file.isprintable()
