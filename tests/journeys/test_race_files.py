"""What a runner takes along: read back by other people's software, and printed by a browser."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import fitdecode
import pytest
from click.testing import CliRunner
from icalendar import Calendar

from charley.faces.cli.main import cli
from charley.faces.race_files import card, plan_text
from charley.vocabulary.errors import UsageError
from text_boxes import clashes

DAY = datetime.now(UTC).date() + timedelta(days=40)
ASKED = ("race", "--distance", "marathon", "--goal", "3:36:00", "--temp", "20", "--name", "River & Marathon <b>",
         "--date", f"{DAY}T09:30", "--health", "none", "--studies")  # fmt: skip


def export(folder: Path, *words: str) -> dict[str, Path]:
    journal = str(folder / "journal.sqlite")
    result = CliRunner().invoke(
        cli,
        ["--journal", journal, *ASKED, "--export", str(folder / "out"), "--html", str(folder / "race.html"), *words],
        catch_exceptions=False,
    )
    assert result.exit_code == 0, result.output
    return {path.name.split("_", 2)[-1]: path for path in (folder / "out").iterdir()}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return export(tmp_path_factory.mktemp("race"))


@pytest.fixture(scope="module")
def plan(files: dict[str, Path]) -> Any:
    return json.loads(files["race.json"].read_text(encoding="utf-8"))["plan"]


@pytest.fixture(scope="module")
def page(files: dict[str, Path]) -> Path:
    return files["race.json"].parents[1] / "race.html"


def test_the_page_says_what_the_plan_says_and_fetches_nothing(page: Path, plan: Any) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(text.encode()) <= 100_000
    assert "default-src 'none'" in text
    assert not re.search(r"<script|https?://(?!www\.w3\.org/)", text)
    assert "River &amp; Marathon &lt;b&gt;" in text
    for heading in ("The price of time", "Out of 100 races like this", "The plan for 3:36", "What was assumed"):
        assert heading in text
    shown = re.findall(r'<tr><th scope="row">([\d.]+)</th><td>([\d:]+)</td>', text[text.index('id="plan"') :])
    assert [float(km) for km, _ in shown] == pytest.approx([s["to_m"] / 1000 for s in plan["segments"]], abs=0.05)
    clocks = [sum(int(n) * 60**i for i, n in enumerate(reversed(clock.split(":")))) for _, clock in shown]
    assert clocks == pytest.approx([s["clock_s"] for s in plan["segments"]], abs=0.51)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_its_window(page: Path, browser: Any, width: int) -> None:
    tab = browser.new_page(viewport={"width": width, "height": 900})
    tab.goto(page.as_uri())
    for unfolded in (False, True):
        tab.evaluate("all => document.querySelectorAll('details').forEach(d => d.open = all)", unfolded)
        assert clashes(tab) == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.close()


def test_every_file_is_named_by_day_and_race(files: dict[str, Path]) -> None:
    assert set(files) == {"race.json", "handover.txt", "card.html", "plan.fit", "plan.csv", "plan.ics"}
    assert all(path.name.startswith(f"{DAY}_river-marathon-b_") for path in files.values())


def test_the_workout_decodes_with_pace_targets_and_drinks(files: dict[str, Path], plan: Any) -> None:
    with fitdecode.FitReader(str(files["plan.fit"]), check_crc=fitdecode.CrcCheck.RAISE) as reader:
        frames = [f for f in reader if f.frame_type == fitdecode.FIT_FRAME_DATA]
    head, workout, *steps = frames
    assert head.get_value("type") == "workout"
    assert workout.get_value("sport") == "running"
    assert workout.get_value("num_valid_steps") == len(steps) == len(plan["segments"])
    assert sum(s.get_value("duration_distance") for s in steps) == pytest.approx(42_195.0, abs=1.0)
    for step, segment in zip(steps, plan["segments"], strict=True):
        low, high = step.get_value("custom_target_speed_low"), step.get_value("custom_target_speed_high")
        assert low < segment["speed_m_s"] < high
        assert high - low == pytest.approx(0.04 * segment["speed_m_s"], abs=0.002)
        name = step.get_value("wkt_step_name")
        assert len(name.encode()) <= 15
        assert ("max" in name) is bool(segment["station"] and segment["drink_most_l"])
        if "max" in name:
            assert "never more than" in step.get_value("notes")


def test_the_calendar_parses_with_the_race_at_its_hour(files: dict[str, Path], plan: Any) -> None:
    calendar = Calendar.from_ical(files["plan.ics"].read_bytes())
    race, meal, back = calendar.walk("VEVENT")
    assert race.decoded("dtstart") == datetime(DAY.year, DAY.month, DAY.day, 9, 30)
    assert race.decoded("duration").total_seconds() == pytest.approx(plan["finish_s"], abs=1.0)
    assert "Drink to thirst" in race["description"]
    assert race.decoded("dtstart") - (meal.decoded("dtstart") + meal.decoded("duration")) == timedelta(minutes=90)
    assert back.decoded("dtstart") > race.decoded("dtstart")
    assert len({str(e["uid"]) for e in (race, meal, back)}) == 3


def test_the_table_holds_the_plan(files: dict[str, Path], plan: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(files["plan.csv"].read_text(encoding="utf-8"))))
    assert float(rows[-1]["km"]) == pytest.approx(42.195)
    assert float(rows[-1]["clock_s"]) == pytest.approx(plan["finish_s"], abs=0.1)
    ml = sum(float(r["never_more_than_ml"] or 0) for r in rows)
    assert ml == pytest.approx(plan["drink_ceiling_ml"], abs=len(rows))


def test_the_card_is_one_small_file_that_asks_nothing_of_a_network(files: dict[str, Path]) -> None:
    text = files["card.html"].read_text(encoding="utf-8")
    assert len(text.encode()) <= card.MOST_BYTES
    assert not re.search(r"(?:src|href)=|url\(|@import|<script", text)
    assert "<b>" not in text.split("<h1>")[1].split("</h1>")[0]  # the race's name stays text
    assert text.index("Call 112") < text.index("it cramps")  # warning signs before any stretch


def test_the_code_holds_the_plans_own_text(files: dict[str, Path], plan: Any) -> None:
    text = files["card.html"].read_text(encoding="utf-8")
    calendar = Calendar.from_ical(files["plan.ics"].read_bytes())
    said = str(calendar.walk("VEVENT")[0]["description"]).rsplit("\n", 1)[0]
    assert card.qr(said) in text
    assert "3:36" in said
    for segment in plan["segments"]:
        assert f"{segment['to_m'] / 1000:.0f} km" in said or "42.2 km" in said


def test_the_card_prints_on_one_a6_sheet(files: dict[str, Path], browser: Any) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(files["card.html"].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    pdf = page.pdf(prefer_css_page_size=True)
    page.close()
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1
    width, height = (float(v) for v in re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf).groups())  # type: ignore[union-attr]
    assert (width, height) == (pytest.approx(105 / 25.4 * 72, abs=1.5), pytest.approx(148 / 25.4 * 72, abs=1.5))


def test_the_sheet_is_for_those_who_help(files: dict[str, Path]) -> None:
    text = files["handover.txt"].read_text(encoding="utf-8")
    for part in ("For a coach", "For a physio", "For a dietitian", "not medical advice"):
        assert part in text
    assert max(len(line) for line in text.split("\n")) <= 80


def test_a_race_with_a_condition_writes_no_volume_anywhere(tmp_path: Path) -> None:
    made = export(tmp_path, "--health", "kidney")
    rows = list(csv.DictReader(io.StringIO(made["plan.csv"].read_text(encoding="utf-8"))))
    assert {r["never_more_than_ml"] for r in rows} == {""}
    for name in ("card.html", "plan.ics", "handover.txt"):
        text = made[name].read_text(encoding="utf-8")
        assert "cup" not in text.split("</style>")[-1].lower()
        assert "mL" not in text


def test_nothing_of_the_runners_is_written_over(files: dict[str, Path]) -> None:
    folder = files["plan.csv"].parent
    with pytest.raises(UsageError) as caught:
        export(folder.parent)
    assert caught.value.code == "write-over"
    assert export(folder.parent, "--force")


def test_the_longest_plan_still_fits_a_code() -> None:
    assert "<svg" in card.qr("½" * 4000)  # a station each kilometre of an ultra
    assert plan_text.hours_minutes(12_959.9) == "3:36"
