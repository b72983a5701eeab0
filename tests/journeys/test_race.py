"""A race as a runner meets it: asked from a terminal, with a course and a forecast, with a journal, scored after."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import career_world as world
from charley.api import journal as journals
from charley.faces.cli import race as verb
from charley.faces.cli.main import cli
from charley.vocabulary.errors import UsageError

SCREEN = 24, 80
COURSE = """<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><trk>
<name>Hill Half</name><trkseg>{points}</trkseg></trk></gpx>"""


def run(path: Path, *words: str) -> str:
    result = CliRunner().invoke(cli, ["--journal", str(path), "race", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def asked(path: Path, *words: str) -> Any:
    return json.loads(run(path, *words, "--json"))


@pytest.fixture(scope="module")
def nobody(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place where no journal is."""
    return tmp_path_factory.mktemp("nobody") / "journal.sqlite"


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty-six runs, the last of them a race; two of three earlier races cramped, and two long runs were weighed."""
    path = world.fill(tmp_path_factory.mktemp("runner") / "journal.sqlite", 36, cramped=(17, 26))
    world.weigh(path, 3)
    return path


def course(folder: Path, heights: bool = True) -> Path:
    """A half marathon due north over one hill of 80 m, a point every 40 m."""
    points = []
    for i in range(528):
        at_m = 40.0 * i
        rise = 80.0 * (1.0 - abs(at_m - 10_500.0) / 10_500.0)
        ele = f"<ele>{100 + rise:.1f}</ele>" if heights else ""
        points.append(f'<trkpt lat="{47.0 + at_m / 111_195.0:.6f}" lon="8.0">{ele}</trkpt>')
    path = folder / "hill.gpx"
    path.write_text(COURSE.format(points="".join(points)), encoding="utf-8")
    return path


def test_the_first_screen_says_the_verdict_first_and_fits(nobody: Path) -> None:
    said = run(nobody, "--distance", "marathon", "--goal", "3:30:00", "--temp", "22")
    lines = said.rstrip("\n").split("\n")
    assert len(lines) <= SCREEN[0]
    assert max(len(line) for line in lines) <= SCREEN[1]
    assert lines[2].startswith("At 3:30, expect a cramp ")
    assert "runners in general" in said
    assert "What each change would buy" in said
    assert "never more than" in said
    assert "not medical advice" in lines[-1]
    assert not nobody.exists()  # nothing dated was asked, so nothing is kept


def test_all_of_it_is_there_for_who_asks(nobody: Path) -> None:
    said = run(nobody, "--distance", "half", "--goal", "1:45:00", "--temp", "12", "--full", "--units", "imperial")
    for part in (
        "The plan for 1:45",
        "Limits",
        "Assumed",
        "Predicted on the flat",
        "Chance of a cramp so far",
        " mi",
        "Can't tell",
        "People differ",
    ):
        assert part in said


def test_json_holds_what_is_printed_and_what_it_rests_on(nobody: Path) -> None:
    found = asked(nobody, "--distance", "marathon", "--goal", "4:00:00", "--temp", "14", "--health", "none")
    assert found["meta"]["status"] == "ok"
    assert found["by_km"][-1]["km"] == pytest.approx(42.195)
    assert found["by_km"][-1]["chance"]["mean"] == pytest.approx(found["chance"]["mean"], abs=0.002)
    assert {f["id"] for f in found["levers"]} >= {
        "pace",
        "drink",
        "sodium",
        "carbohydrate",
        "walk",
        "longest",
        "clothing",
    }
    assert [p["finish_s"] for p in found["frontier"]] == sorted(p["finish_s"] for p in found["frontier"])
    assert found["base_rate"]["mean"] > 0
    assert {p["id"] for p in found["finish"]["predictors"]} >= {"critical_speed"}
    assert found["plan"]["drink_ceiling_ml"] <= 1000 * found["plan"]["sweat_l"]["low"]
    assert all(limit["held"] for limit in found["plan"]["limits"])


def test_a_course_brings_its_climb_and_its_name(nobody: Path, tmp_path: Path) -> None:
    found = asked(nobody, str(course(tmp_path)), "--goal", "2:00:00", "--temp", "10")
    assert found["race"]["name"] == "Hill Half"
    assert found["race"]["ascent_m"] == pytest.approx(80.0, rel=0.1)
    up, down = found["plan"]["segments"][0], found["plan"]["segments"][-1]
    assert up["speed_m_s"] < down["speed_m_s"]  # even effort


def test_a_course_without_heights_is_taken_as_flat_and_said_so(nobody: Path, tmp_path: Path) -> None:
    found = asked(nobody, str(course(tmp_path, heights=False)), "--goal", "2:00:00")
    assert found["race"]["heights"] == "flat"
    assert "course-flat" in [n["code"] for n in found["assumed"]]


def test_weather_comes_from_what_was_saved_else_from_the_climate(nobody: Path, tmp_path: Path) -> None:
    day = (datetime.now(UTC) + timedelta(days=200)).date()
    hours = [f"{day}T{h:02d}:00,{8 + h},60" for h in range(6, 18)]
    saved = tmp_path / "forecast.csv"
    saved.write_text("time,temperature,humidity\n" + "\n".join(hours) + "\n", encoding="utf-8")
    words = ("--distance", "half", "--date", f"{day}T09:00", "--studies")
    found = asked(nobody, *words, "--forecast", str(saved))
    assert found["race"]["air"]["source"] == "forecast"
    assert found["race"]["air"]["air_temp_c"][0] == pytest.approx(17.0)
    usual = asked(nobody, *words, "--latitude", "47")
    assert usual["race"]["air"]["source"] == "climate"
    assert usual["race"]["air"]["temp_sd_c"] > found["race"]["air"]["temp_sd_c"]


def test_a_dated_forecast_is_kept_and_asking_again_keeps_no_second(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    words = ("--distance", "half", "--date", f"{datetime.now(UTC).date() + timedelta(days=30)}", "--temp", "12")
    first, second = asked(path, *words), asked(path, *words)
    assert first["seal"]
    assert first["seal"] == second["seal"]
    assert len(journals.list_forecasts(path)) == 1
    assert "not run yet" in run(path, "--score")


def test_a_journal_changes_the_forecast_and_the_record_stands_beside_the_next(runner: Path) -> None:
    race = world.run_of(35)
    # made the day before the last race, as the clock then stood
    from charley.api import race as api
    from charley.vocabulary.runner import Weather

    before = race.started_at - timedelta(days=1)
    asked_for = api.race_of(
        api.course(None, race.distance_m),
        starts_at=race.started_at.replace(tzinfo=None),
        weather=Weather(15.0),
        name="Own Half",
        now=before,
    )
    made = api.forecast(asked_for, journal=runner, health=(), now=before)
    kept = api.keep(runner, made, now=before)
    assert kept.seal
    assert (made.n_cramps, made.n_runs) == (2, 36)
    words = ("--distance", "half", "--goal", "1:42:00", "--temp", "15")
    found = asked(runner, *words, "--health", "none")
    assert found["ledger"]["races"] == 1
    assert found["ledger"]["rows"][0]["cramped"] is False
    assert found["chance"]["mean"] > asked(runner, *words, "--studies")["chance"]["mean"]
    said = run(runner, *words)
    assert len(said.rstrip("\n").split("\n")) <= SCREEN[0]
    said = " ".join(said.split())
    assert "1 earlier forecast scored" in said
    assert "so few races say little" in said
    score = run(runner, "--score")
    assert "Own Half" in score
    assert "no cramp" in score
    assert asked(runner, "--score")["brier"] == pytest.approx(kept.chance.mean**2 if kept.chance else -1.0)


def test_without_a_cramp_no_lever_claims_more_than_studies_do(tmp_path: Path) -> None:
    path = world.fill(tmp_path / "journal.sqlite", 18)
    words = ("--distance", "half", "--goal", "1:40:00", "--temp", "20", "--health", "none")
    own, studies = asked(path, *words), asked(path, *words, "--studies")
    assert own["n_cramps"] == 0
    claimed = {f["id"]: -f["chance_difference"]["mean"] for f in studies["levers"]}
    for lever in own["levers"]:
        # another level of the runner than nobody's in particular: within two of 100
        assert -lever["chance_difference"]["mean"] <= max(claimed[lever["id"]], 0.0) + 0.02


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "race-needs"),
        (("--distance", "marathon", "--date", "2020-04-01"), "race-date"),
        (("--distance", "marathon", "--date", "soon"), "race-date"),
        (("--distance", "marathon", "--goal", "fast"), "usage-value"),
        (("--distance", "marathon", "--goal", "0:50:00"), "usage-value"),
        (("--distance", "marathon", "--stations", "5,99"), "usage-value"),
        (("--distance", "marathon", "--stations", "x"), "usage-value"),
        (("--distance", "marathon", "--health", "sadness"), "usage-value"),
        (
            (
                "--distance",
                "0.1km",
            ),
            "usage-value",
        ),
    ],
)
def test_what_cannot_be_asked_gets_one_clear_line(nobody: Path, words: tuple[str, ...], code: str) -> None:
    result = CliRunner().invoke(cli, ["--journal", str(nobody), "race", *words])
    assert isinstance(result.exception, UsageError)
    assert result.exception.code == code
    assert not result.output


@pytest.mark.parametrize(
    ("words", "kind_words"),
    [
        (("--temp", "45"), "not starting"),
        (("--temp", "-20"), "Cover your skin"),
        (("--age", "15"), "parent"),
        (("--mass", "45kg", "--height", "175cm"), "dietitian"),
        (("--health", "kidney"), "whoever looks after"),
    ],
)
def test_where_there_is_no_number_there_is_a_kind_word(nobody: Path, words: tuple[str, ...], kind_words: str) -> None:
    said = run(nobody, "--distance", "marathon", "--goal", "4:00:00", *words)
    assert kind_words in " ".join(said.split())
    assert "BMI" not in said
    assert len(said.rstrip("\n").split("\n")) <= SCREEN[0]


@pytest.mark.parametrize(
    ("text", "distance_m", "seconds"),
    [
        ("3:30:00", 42_195.0, 12_600.0),
        ("3:30", 42_195.0, 12_600.0),
        ("45:00", 10_000.0, 2700.0),
        ("1:45", 21_097.5, 6300.0),
    ],
)
def test_a_goal_is_read_as_a_runner_writes_it(text: str, distance_m: float, seconds: float) -> None:
    assert verb.goal(text, distance_m) == seconds


def test_a_goal_that_is_no_time_is_refused() -> None:
    with pytest.raises(UsageError):
        verb.goal("3:75:00", 42_195.0)
