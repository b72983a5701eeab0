"""Exports of single makers, imported as a runner has them: every run with its figures, every other sport as one.

Right values are those with which ``tests/maker_files.py`` writes the files.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

import maker_files as makers
from charley.api import journal as journals
from charley.api.one_run import read_run
from charley.vocabulary.errors import RunFileError
from charley.vocabulary.journal import ImportSummary
from maker_files import Made

RUN = Made(start=datetime(2024, 9, 1, 20, tzinfo=UTC), samples=1501, hours_ahead=-9.5, heart_rate=141)
LATER = replace(RUN, start=datetime(2024, 9, 3, 6, tzinfo=UTC), samples=1001, heart_rate=152)
RIDE = replace(RUN, start=datetime(2024, 9, 2, 6, tzinfo=UTC), speed_m_s=5.0)
CADENCE = 170.0  # of all files that tell one


def imported(tmp_path: Path, name: str, data: bytes) -> tuple[Path, ImportSummary]:
    (tmp_path / name).write_bytes(data)
    journal = tmp_path / "journal" / "journal.sqlite"
    return journal, journals.import_files(journal, [tmp_path / name], workers=0)


def kept(journal: Path) -> list[tuple[str, float, float, float]]:
    """Day on the runner's watch, seconds, metres and mean heart rate of each run, in order of time."""
    runs = [journals.get_run(journal, row.run_id) for row in journals.list_runs(journal)]
    runs.sort(key=lambda run: run.started_at)
    return [
        (f"{r.started_at:%Y-%m-%d}", r.elapsed_s, r.distance_m, float(np.nanmean(r.streams.heart_rate_bpm)))
        for r in runs
    ]


def right(run: Made, day: str) -> tuple[object, ...]:
    return (
        day, pytest.approx(run.elapsed_s, abs=1), pytest.approx(run.distance_m, rel=5e-3),
        pytest.approx(run.heart_rate, abs=0.5),
    )  # fmt: skip


@pytest.mark.parametrize("maker", ["polar", "suunto"])
def test_local_times_with_an_offset(tmp_path: Path, maker: str) -> None:
    """20:00 UTC at UTC-9:30 is 10:30 on the same day; a run at 6:00 UTC is one of the evening before."""
    files = {f"{n}.json": makers.BY_KIND[maker](run) for n, run in enumerate((RUN, LATER))}
    journal, summary = imported(tmp_path, "export.zip", makers.zipped({**files, "account.json": b"{}"}))
    assert summary.imported == 2
    assert kept(journal) == [right(RUN, "2024-09-01"), right(LATER, "2024-09-02")]


def test_steps_of_each_maker_that_counts_them(tmp_path: Path) -> None:
    for maker in ("polar", "suunto", "sml", "huawei", "hitrack", "samsung"):
        (tmp_path / maker).write_bytes(makers.BY_KIND[maker](RUN))
        cadence = read_run(tmp_path / maker).streams.cadence_spm
        assert np.nanmean(cadence) == pytest.approx(CADENCE, abs=0.5), maker


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("ride.json", makers.polar(RIDE, "CYCLING")),
        ("ride.json", makers.suunto(RIDE, 4)),
        ("ride.sml", makers.sml(RIDE, 5)),
        ("ride.json", makers.huawei(RIDE, kinds=(3,))),
        ("ride.json", makers.nike(RIDE, kind="cycling")),
        ("ride.zip", makers.zipped(makers.samsung_export({11007: RIDE}))),
        ("ride.zip", makers.zipped({"health_connect_export.db": makers.health_connect((8, RIDE))})),
        ("ride.xml", makers.apple_xml(("Cycling", RIDE, ""))),
    ],
)
def test_a_ride_of_any_maker_is_no_run(tmp_path: Path, name: str, data: bytes) -> None:
    """18 km/h for 25 minutes: only the word or the number of the sport tells."""
    journal, summary = imported(tmp_path, name, data)
    assert (summary.imported, summary.others) == (1, 1)
    (ride,) = journals.list_others(journal)
    assert (ride.sport, ride.elapsed_s) == ("cycling", pytest.approx(1500, abs=1))


def test_the_newer_form_of_suunto_wraps_its_samples(tmp_path: Path) -> None:
    journal, _ = imported(tmp_path, "run.json", makers.suunto(RUN, wrapped=True))
    assert kept(journal) == [right(RUN, "2024-09-01")]


def test_a_pause_of_a_suunto_is_one(tmp_path: Path) -> None:
    """Ten seconds between two samples, between the events of a pause."""
    run = replace(RUN, samples=151, every_s=10)
    (tmp_path / "run.sml").write_bytes(makers.sml(run, pause_after=700))
    found = read_run(tmp_path / "run.sml")
    (pause,) = found.intervals
    assert (pause.kind, pause.start_s, pause.end_s) == ("pause", 701, 710)  # that of 700 is recorded


def test_a_halt_of_nike_is_a_pause_in_which_nobody_ran(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_bytes(makers.nike(RUN, halt=(600, 900)))
    run = read_run(tmp_path / "run.json")
    assert (run.elapsed_s, run.timer_s) == (pytest.approx(1500, abs=1), pytest.approx(1200, abs=2))
    assert run.distance_m == pytest.approx(3.0 * 1200, rel=5e-3)
    assert [i.kind for i in run.intervals] == ["pause"]


def test_every_activity_of_a_list_of_huawei(tmp_path: Path) -> None:
    data = makers.huawei(RUN, RIDE, LATER, kinds=(4, 3, 101), zone="-0930")
    journal, summary = imported(tmp_path, "motion path detail data.json", data)
    assert (summary.imported, summary.others) == (3, 1)
    assert kept(journal) == [right(RUN, "2024-09-01"), right(LATER, "2024-09-02")]
    with pytest.raises(RunFileError, match="archive-several"):
        read_run(tmp_path / "motion path detail data.json")


@pytest.mark.parametrize("form", ["{}000", "{}.0", "{:.6e}"])
def test_stamps_of_huawei_in_each_of_their_forms(tmp_path: Path, form: str) -> None:
    """Milliseconds, seconds, and seconds as a power of ten."""

    def stamp(second: int) -> str:
        return f"{second / 1e9:.9f}E9" if "e" in form else form.format(second)

    (tmp_path / "HiTrack_1").write_bytes(makers.hitrack(RUN, stamp))
    run = read_run(tmp_path / "HiTrack_1")
    assert (run.elapsed_s, run.distance_m) == (1500, pytest.approx(4500, rel=5e-3))


@pytest.mark.parametrize("old", [True, False])
def test_both_layouts_of_samsung(tmp_path: Path, old: bool) -> None:
    files = makers.samsung_export({1002: RUN, 11007: RIDE, 15005: LATER}, old=old)
    journal, summary = imported(tmp_path, "samsung.zip", makers.zipped(files))
    assert (summary.imported, summary.others) == (3, 1)
    assert kept(journal) == [right(RUN, "2024-09-01"), right(LATER, "2024-09-02")]


@pytest.mark.parametrize("as_folder", [True, False])
@pytest.mark.parametrize("name_routes", [True, False])
def test_apple_health_with_routes(tmp_path: Path, as_folder: bool, name_routes: bool) -> None:
    """Heart rate stands in the XML, the track beside it; old exports do not say which route is whose."""
    files = {
        "apple_health_export/Exportación.xml": makers.apple_xml(
            ("Running", RUN, "a.gpx"),
            ("Cycling", RIDE, "b.gpx"),
            ("Running", LATER, "c.gpx"),
            name_routes=name_routes,
            declares=300,  # as in true files more than the first 8 kB
        ),
        **{
            f"apple_health_export/workout-routes/{n}.gpx": makers.apple_route(r)
            for n, r in zip("abc", (RUN, RIDE, LATER), strict=True)
        },
    }
    if as_folder:
        for name, data in files.items():
            (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "in" / name).write_bytes(data)
        journal = tmp_path / "journal.sqlite"
        summary = journals.import_files(journal, [tmp_path / "in"], workers=0)
    else:
        journal, summary = imported(tmp_path, "export.zip", makers.zipped(files))
    assert (summary.imported, summary.others) == (3, 1)
    assert kept(journal) == [right(RUN, "2024-09-01"), right(LATER, "2024-09-02")]


def test_apple_health_without_routes_counts_with_one_device(tmp_path: Path) -> None:
    """Phone and watch both count the way; only the watch's own counts. The file is cut in the middle of its end."""
    data = makers.apple_xml(("Running", RUN, ""), counter_of=("Phone", "Watch"), end="<Rec")
    journal, summary = imported(tmp_path, "export.xml", data)
    assert kept(journal) == [right(RUN, "2024-09-01")]
    assert [s.code for s in summary.skipped] == ["archive-damaged"]
    with pytest.raises(RunFileError, match="archive-several"):
        read_run(tmp_path / "export.xml")


def test_a_workout_without_heart_rate_keeps_its_route(tmp_path: Path) -> None:
    xml = makers.apple_xml(("Running", RUN, "a.gpx"), counter_of=()).replace(
        b"QuantityTypeIdentifierHeartRate", b"Other"
    )
    files = {"apple_health_export/export.xml": xml, "apple_health_export/workout-routes/a.gpx": makers.apple_route(RUN)}
    journal, _ = imported(tmp_path, "export.zip", makers.zipped(files))
    (row,) = journals.list_runs(journal)
    assert row.distance_m == pytest.approx(RUN.distance_m, rel=5e-3)


def test_a_declaration_longer_than_what_is_looked_at(tmp_path: Path) -> None:
    journal, _ = imported(tmp_path, "export.xml", makers.apple_xml(("Running", RUN, ""), declares=300))
    assert kept(journal) == [right(RUN, "2024-09-01")]


def test_a_list_within_a_folder_of_a_zip(tmp_path: Path) -> None:
    """An export that was unpacked and packed again, as computers do it: all of it in a folder."""
    table = b"Id,Date,Name,Type,File\n1,d,Home,Ride,activities/1.gpx\n2,d,n,Run,activities/gone.gpx\n"
    files = {"export/activities.csv": table, "export/activities/1.gpx": makers.apple_route(RIDE)}
    journal, summary = imported(tmp_path, "export.zip", makers.zipped(files))
    assert [(o.sport) for o in journals.list_others(journal)] == ["cycling"]
    assert [s.code for s in summary.skipped] == ["import-row"]


def test_an_entry_by_hand_in_a_list_is_kept_and_a_slip_of_the_thumb_is_told(tmp_path: Path) -> None:
    """Decimal commas in the first column of distances, as in a German account; 9 s and 30 m are no run."""
    head = "Id,Datum,Name,Art,Text,Zeit,Distanz,Herz,Leistung,Pendeln,Notiz,Ausrüstung,Datei,Zeit,Distanz\n"
    rows = '1,"16.05.2025, 22:40:00",Ohne Uhr,Lauf,,7200,"21,10",,,,,,,7200.0,21100.0\n'
    rows += '2,"17.05.2025, 22:40:00",Slip,Lauf,,9,"0,03",,,,,,,9.0,30.0\n'
    rows += '3,"18.05.2025, 08:00:00",Mit Uhr,Lauf,,1500,"4,50",,,,,,activities/1.gpx,1500.0,4500.0\n'
    files = {"activities.csv": (head + rows).encode(), "activities/1.gpx": makers.apple_route(RUN)}
    journal, summary = imported(tmp_path, "export.zip", makers.zipped(files))
    assert [s.file.rsplit(" ", 1)[1] for s in summary.skipped] == ["3"]
    (entry,) = journals.list_others(journal)
    assert (entry.sport, entry.elapsed_s, entry.distance_m) == ("running", 7200, 21_100)
    assert f"{entry.started_at:%Y-%m-%d %H:%M %z}" == "2025-05-16 22:40 +0000"


def test_an_entity_in_apple_healths_file_is_not_declared(tmp_path: Path) -> None:
    """What stands before the root is passed over, so a name that is declared there means nothing."""
    data = makers.apple_xml(("Running", RUN, "")).replace(b"[<!ELEMENT", b'[<!ENTITY bomb "lol"><!ELEMENT')
    data = data.replace(b"<Workout ", b"<Me>&bomb;</Me><Workout ", 1)
    _, summary = imported(tmp_path, "export.xml", data)
    assert (summary.imported, [s.code for s in summary.skipped]) == (0, ["archive-damaged"])


@pytest.mark.parametrize("second_app", [True, False])
@pytest.mark.parametrize("spans", [1, 150])
def test_health_connect(tmp_path: Path, spans: int, second_app: bool) -> None:
    """With many spans of distance a run is one with samples, with one span its figures are kept; another app's metres
    do not count twice."""
    data = makers.health_connect((39, RUN), (8, RIDE), (39, LATER), spans=spans, second_app=second_app)
    journal, summary = imported(tmp_path, "hc.zip", makers.zipped({"health_connect_export.db": data}))
    assert summary.imported == 3
    if spans > 1:
        assert kept(journal) == [right(RUN, "2024-09-01"), right(LATER, "2024-09-02")]
        return
    figures = sorted((o.sport, o.elapsed_s, o.distance_m) for o in journals.list_others(journal))
    assert [f for f in figures if f[0] == "running"] == [("running", 1000, 3000), ("running", 1500, 4500)]


def test_a_database_that_is_a_trap_costs_itself(tmp_path: Path) -> None:
    """A view under the name of the table, which would count for ever."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(tmp_path / "health_connect_trap.db")) as db:
        db.execute(
            "CREATE VIEW exercise_session_record_table AS WITH RECURSIVE n(row_id) AS "
            "(SELECT 1 UNION ALL SELECT row_id + 1 FROM n) SELECT row_id, 1 AS start_time, 2 AS end_time FROM n"
        )
    summary = journals.import_files(tmp_path / "j.sqlite", [tmp_path / "health_connect_trap.db"], workers=0)
    assert (summary.imported, [s.code for s in summary.skipped]) == (0, ["archive-damaged"])


@pytest.mark.parametrize("maker", makers.BY_KIND)
def test_a_cut_file_is_one_line(tmp_path: Path, maker: str) -> None:
    """JSON cannot be read without its end; lines and XML give what is there."""
    whole = makers.BY_KIND[maker](RUN)
    (tmp_path / "cut").write_bytes(whole[: len(whole) * 2 // 3])
    if maker in ("hitrack", "sml"):
        assert read_run(tmp_path / "cut").distance_m > 2000
    else:
        with pytest.raises(RunFileError, match="json-unreadable"):
            read_run(tmp_path / "cut")
