"""Weeks to a race: what no plan may do, whatever the log holds, and the two texts."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

import career_world as world
from charley.api import journal as journals
from charley.api import training as api
from charley.evidence.ledger import claims
from charley.faces.cli.main import cli
from charley.faces.report.training import words
from charley.planning.training.ladder import JUMPS_FROM, LADDER, reached
from charley.planning.training.weeks import training_plan
from charley.vocabulary.errors import UsageError
from charley.vocabulary.journal import StrengthSession
from charley.vocabulary.training import Trained, TrainingPlan

TODAY = date(2026, 11, 30)
TRAINED = st.builds(
    Trained,
    week_m=st.floats(0.0, 120_000.0),
    longest_m=st.floats(0.0, 45_000.0),
    easy_speed_m_s=st.none() | st.floats(1.5, 4.5),
    missed_weeks=st.integers(0, 12),
    spike=st.none() | st.floats(0.2, 3.0),
    week_change=st.none() | st.floats(0.0, 3.0),
    raises_best=st.integers(-1, 6),
    weeks_logged=st.integers(0, 200),
)
PLANS = st.builds(
    lambda trained, distance_m, days, level: training_plan(
        distance_m, TODAY + timedelta(days=days), TODAY, trained, level
    ),
    TRAINED,
    st.sampled_from([5000.0, 10_000.0, 21_097.5, 42_195.0, 100_000.0]),
    st.integers(1, 400),
    st.sampled_from(["novice", "experienced", ""]),
)


@given(PLANS)
def test_no_long_run_jumps_beyond_a_tenth_of_the_longest_of_thirty_days(plan: TrainingPlan) -> None:
    # Frandsen 2025: single runs more than 10 % beyond the longest of 30 days; 5 km where nothing was run
    longest = [plan.trained.longest_m or 5000.0] * 4
    for week in plan.weeks:
        if week.phase in ("race", "recover"):
            continue
        assert week.long_m <= 1.1 * max(longest[-4:]) + 1e-6
        longest.append(week.long_m)


@given(PLANS)
def test_the_last_weeks_are_a_taper_and_then_the_race_and_rest(plan: TrainingPlan) -> None:
    *_, race, after = plan.weeks
    assert race.phase == "race"
    assert race.starts_on <= plan.race_on < race.starts_on + timedelta(days=7)
    assert (after.phase, after.raises, after.faster) == ("recover", "", "none")
    starts = [w.starts_on for w in plan.weeks]
    assert all(later - earlier == timedelta(days=7) for earlier, later in pairwise(starts))
    build = [w for w in plan.weeks if w.phase == "build"]
    tapered = [w for w in plan.weeks if w.phase == "taper"]
    if build and tapered:  # Bosquet 2007: 41 to 60 % less
        assert 0.4 <= tapered[-1].week_m / build[-1].week_m <= 0.59 or tapered[-1].week_m == tapered[-1].long_m


@given(PLANS)
def test_novices_get_time_on_their_feet_and_no_hard_running(plan: TrainingPlan) -> None:
    running = [w for w in plan.weeks if w.phase not in ("race", "recover")]
    if plan.kind == "novice":
        assert {w.faster for w in running} <= {"none", "strides"}
        assert all(w.long_min is not None and w.goal_m == 0.0 for w in running)
    else:
        assert all(w.long_min is None for w in running)


@given(PLANS)
def test_jumps_wait_for_calf_raises_that_go_well(plan: TrainingPlan) -> None:
    if plan.trained.raises_best < JUMPS_FROM:
        assert not any(w.jumps for w in plan.weeks)


def test_two_missed_weeks_lower_the_start() -> None:
    usual = Trained(50_000.0, 20_000.0, 2.8, 0, None, None, -1, 100)
    missed = Trained(50_000.0, 20_000.0, 2.8, 3, None, None, -1, 100)
    race_on = TODAY + timedelta(weeks=12)
    first = training_plan(42_195.0, race_on, TODAY, usual, "experienced").weeks[0]
    lower = training_plan(42_195.0, race_on, TODAY, missed, "experienced")
    assert lower.weeks[0].week_m < 0.8 * first.week_m
    assert "missed-weeks" in [n.code for n in lower.notes]
    assert lower.weeks[0].faster == "strides"


def test_what_was_logged_decides_the_step() -> None:
    def session(exercise: str, sets: int, repetitions: int, load_kg: float = 0.0) -> StrengthSession:
        now = datetime(2026, 11, 1, tzinfo=UTC)
        return StrengthSession(1, None, now, now, "command", None, None, "", True, exercise, sets, repetitions, load_kg)

    assert reached(()) == -1
    assert reached((session("squat", 5, 20),)) == -1
    assert LADDER[reached((session("calf raise", 3, 15),))].id == "both-3x15"
    assert LADDER[reached((session("single-leg calf raise", 3, 12),))].id == "one-3x12"
    assert LADDER[reached((session("single-leg calf raise", 3, 12, 5.0),))].id == "one-3x12-5kg"


def test_the_two_texts_differ_and_grades_are_those_of_the_claims() -> None:
    assert words.HOW["novice"] != words.HOW["experienced"]
    for text, ids in words.EVIDENCE:
        for claim_id in ids:
            assert f"({claims()[claim_id].grade})" in text


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = world.fill(tmp_path_factory.mktemp("plan") / "journal.sqlite", 36)
    journals.log_strength(path, "single-leg calf raise", sets=3, repetitions=8)
    return path


def test_a_journal_decides_where_a_plan_begins(journal: Path) -> None:
    now = world.run_of(35).started_at + timedelta(days=1)
    plan = api.training_plan(journal, 42_195.0, (now + timedelta(weeks=16)).date(), years=9.0, now=now)
    longest = max(world.run_of(n).distance_m for n in range(21, 36))
    assert plan.trained.longest_m == pytest.approx(longest, rel=0.01)
    assert plan.trained.missed_weeks == 0
    assert plan.trained.raises_best == 2
    assert plan.weeks[0].raises == "one-3x12"
    assert plan.kind == "experienced"


def said(journal: Path, *more: str) -> Any:
    day = (datetime.now(UTC) + timedelta(weeks=17)).date()
    command = ["--journal", str(journal), "plan", "--distance", "marathon", "--date", str(day), *more]
    result = CliRunner().invoke(cli, command, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


@pytest.mark.parametrize("years", ["1", "9"])
def test_the_first_screen_fits_and_says_what_has_evidence(tmp_path: Path, years: str) -> None:
    text = said(tmp_path / "none.sqlite", "--years", years)
    lines = text.rstrip("\n").split("\n")
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert "Nobody has tested a training plan against cramps" in text
    assert "ten percent" in said(tmp_path / "none.sqlite", "--full") or "a tenth a week failed" in " ".join(
        said(tmp_path / "none.sqlite", "--full").split()
    )


def test_json_and_calendar_hold_the_same_weeks(tmp_path: Path) -> None:
    found = json.loads(said(tmp_path / "none.sqlite", "--json", "--ics", str(tmp_path / "plan.ics")))
    events = Calendar.from_ical((tmp_path / "plan.ics").read_bytes()).walk("VEVENT")
    assert len(events) == len(found["weeks"])
    assert str(events[-2]["summary"]) == "Race"
    assert events[-2].decoded("dtstart").isoformat() == found["race_on"]


@pytest.mark.parametrize(
    ("words_", "code"),
    [
        (("--date", "2027-04-11"), "race-needs"),
        (("--distance", "half"), "race-date"),
        (("--distance", "half", "--date", "2020-01-01"), "race-date"),
        (("--distance", "half", "--date", "soon"), "race-date"),
        (("--distance", "1km", "--date", "2027-04-11"), "usage-value"),
    ],
)
def test_what_cannot_be_planned_gets_one_clear_line(tmp_path: Path, words_: tuple[str, ...], code: str) -> None:
    result = CliRunner().invoke(cli, ["--journal", str(tmp_path / "j.sqlite"), "plan", *words_])
    assert isinstance(result.exception, UsageError)
    assert result.exception.code == code
