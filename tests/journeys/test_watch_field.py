"""The cramp button of a watch: files written by the project's own FIT writer, with the field of docs/watch-field.md."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activity_files import LATITUDE_DEG, METRES_PER_DEGREE, START
from charley.activities import cramp_button
from charley.activities.fit import profile
from charley.activities.fit.writer import SINT32, UINT8, UINT16, UINT32, Field, FitWriter
from charley.api import journal as journals
from charley.api import one_run
from charley.faces.cli.main import run as charley
from charley.vocabulary.journal import MUSCLES, SIDES
from charley.vocabulary.run import Press

DOCS = Path(__file__).resolve().parents[2] / "docs" / "watch-field.md"
FIT_START = int(START.timestamp() - profile.FIT_EPOCH_UNIX_S)
SPEED_M_S, SECONDS = 3.0, 1500


def fit_file(codes: dict[int, int], *, name: str = "cramp", unit: str = "cramp-code", shift_s: int = 0) -> bytes:
    """A run of 25 minutes whose button has these codes from these seconds on, one record a second."""
    writer = FitWriter()
    writer.define(0, profile.FILE_ID, [Field(profile.FILE_TYPE, 0x00), Field(profile.MANUFACTURER, UINT16)])
    writer.write(0, profile.ACTIVITY_FILE, 1)
    writer.define(15, profile.DEVELOPER_ID, [Field(3, UINT8)])
    writer.write(15, 0)
    text = [Field(3, profile.STRING, 24), Field(8, profile.STRING, 16)]
    writer.define(15, profile.FIELD_DESCRIPTION, [Field(0, UINT8), Field(1, UINT8), Field(2, UINT8), *text])
    writer.write(15, 0, 0, UINT16, name, unit)
    fields = [
        Field(profile.TIMESTAMP, UINT32), Field(0, SINT32), Field(1, SINT32), Field(5, UINT32),
        Field(0, UINT16, developer_index=0),
    ]  # fmt: skip
    writer.define(1, profile.RECORD, fields)
    code: int | None = None
    for second in range(SECONDS):
        code = codes.get(second, code)
        east = (-25.0 + SPEED_M_S * second / METRES_PER_DEGREE) / profile.DEGREES_PER_SEMICIRCLE
        north = LATITUDE_DEG / profile.DEGREES_PER_SEMICIRCLE
        writer.write(1, FIT_START + shift_s + second, north, east, 100 * SPEED_M_S * second, code)
    return writer.finish()


def bring(journal: Path, *files: Path) -> None:
    assert charley(["--journal", str(journal), "import", "--workers", "1", "--json", *map(str, files)]) in (0, 4)


def events(journal: Path) -> list[tuple[object, ...]]:
    report = next(iter(journals.reports(journal).values()))
    return [(e.kind, e.at_s, e.muscle, e.side, e.severity, e.source) for e in report.events]


def test_a_press_is_a_logged_cramp_and_importing_twice_logs_once(tmp_path, capsys) -> None:
    file, journal = tmp_path / "a.fit", tmp_path / "journal.sqlite"
    file.write_bytes(fit_file({0: 0, 600: 2100, 610: 0, 900: 1113, 930: 0, 1200: 1413}))
    bring(journal, file)
    said = json.loads(capsys.readouterr().out)
    assert (said["imported"], said["logged"], said["logged_before"], said["skipped"]) == (1, 3, 0, [])
    want = [
        ("twitch", 600.0, "calf", None, None, "import"),
        ("cramp", 900.0, "calf", "left", 3, "import"),
        ("cramp", 1200.0, "hamstring", "left", 3, "import"),
    ]
    assert events(journal) == want
    bring(journal, file)
    other = tmp_path / "again.fit"  # the same presses, as another recording of the run writes them
    other.write_bytes(fit_file({0: 0, 599: 2100, 609: 0, 899: 1113, 929: 0, 1199: 1413}, shift_s=1))
    bring(journal, other)
    assert len(journals.list_runs(journal)) == 1
    assert events(journal) == want


def test_what_was_taken_back_does_not_come_back_with_the_file(tmp_path, capsys, monkeypatch) -> None:
    from charley.vocabulary import version

    file, journal = tmp_path / "a.fit", tmp_path / "journal.sqlite"
    file.write_bytes(fit_file({900: 1113, 930: 0}))
    bring(journal, file)
    (event,) = next(iter(journals.reports(journal).values())).events
    journals.withdraw_answer(journal, event.id)
    monkeypatch.setattr(version, "__version__", "99.0.0")  # a newer reader reads every file again
    capsys.readouterr()
    bring(journal, file)
    said = json.loads(capsys.readouterr().out)
    assert (said["refreshed"], said["logged"], said["logged_before"]) == (1, 0, 1)
    assert events(journal) == []


def test_nothing_pressed_by_the_runner_who_says_so_is_a_none_and_a_cramp_overrules_it(tmp_path) -> None:
    for codes, kinds in (({1400: 3000}, ["none"]), ({300: 1000, 310: 0, 1400: 3000}, ["cramp"])):
        folder = tmp_path / kinds[0]
        folder.mkdir()
        (folder / "a.fit").write_bytes(fit_file(codes))
        bring(folder / "journal.sqlite", folder / "a.fit")
        assert [e[0] for e in events(folder / "journal.sqlite")] == kinds


def test_a_wrong_code_is_named_and_nothing_is_lost(tmp_path, capsys) -> None:
    file, journal = tmp_path / "a.fit", tmp_path / "journal.sqlite"
    file.write_bytes(fit_file({300: 7, 310: 0, 600: 1199, 610: 0, 900: 1113}))
    bring(journal, file)
    said = json.loads(capsys.readouterr().out)
    assert (said["imported"], said["logged"]) == (1, 1)
    (wrong,) = said["skipped"]
    assert wrong["code"] == "watch-code"
    assert "7 at 5 min, 1199 at 10 min" in wrong["text"]
    (channel,) = journals.get_run(journal).developer
    assert {7.0, 1199.0, 1113.0} <= set(channel.values.tolist())


def test_a_field_of_another_app_is_not_taken_for_the_button(tmp_path) -> None:
    for name, unit in (("cramp", ""), ("cramp", "code"), ("power", "cramp-code")):
        file = tmp_path / "a.fit"
        file.write_bytes(fit_file({300: 1113}, name=name, unit=unit))
        assert one_run.read_run(file).presses == ()


def test_why_takes_the_press_where_no_place_is_told(tmp_path) -> None:
    file = tmp_path / "a.fit"
    file.write_bytes(fit_file({300: 2100, 310: 0, 900: 1223, 930: 0}))
    answer = one_run.why(file, draws=20)
    assert answer.cramp is not None
    assert (answer.cramp.at_s, answer.cramp.muscle, answer.cramp.side, answer.cramp.severity) == (
        900.0, "upper_calf", "right", 3,
    )  # fmt: skip
    told = one_run.why(file, "20min", draws=20)
    assert told.cramp is not None
    assert told.cramp.at_s == 1200.0


@given(
    st.sampled_from(["cramp", "twitch"]),
    st.sampled_from([None, *MUSCLES]),
    st.sampled_from([None, *SIDES]),
    st.sampled_from([None, 1, 2, 3, 4]),
)
def test_every_code_says_what_it_was_made_of(kind, muscle, side, severity) -> None:
    code = cramp_button.code_of(kind, muscle, side, severity)
    assert cramp_button.press_of(code, 5.0) == Press(5.0, kind, muscle, side, severity)


def test_the_page_has_every_code() -> None:
    page = DOCS.read_text(encoding="utf-8")
    for number, muscle in enumerate(cramp_button.MUSCLES):
        assert f"| {number} | {muscle.replace('_', ' ') if muscle else 'not said'} |" in page
    for number, side in enumerate(cramp_button.SIDES):
        assert f"| {number} | {side or 'not said'} |" in page
    assert f"`{cramp_button.NAME}`" in page
    assert f"`{cramp_button.UNIT}`" in page


@pytest.mark.parametrize("code", [1, 999, 4000, 1040, 1005, 3001, 1000.5, 65_534, -1])
def test_other_codes_mean_nothing(code) -> None:
    assert cramp_button.press_of(code, 0.0) is None


def test_the_press_stands_at_its_moment(tmp_path) -> None:
    """900 s after the start by the record's own clock."""
    file, journal = tmp_path / "a.fit", tmp_path / "journal.sqlite"
    file.write_bytes(fit_file({900: 1113}))
    bring(journal, file)
    (event,) = next(iter(journals.reports(journal).values())).events
    assert (event.happened_at - START).total_seconds() == 900.0
    assert isinstance(event.answered_at, datetime)
