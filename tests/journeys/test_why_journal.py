"""Why over a whole journal, as a runner meets it: import, log, ask, try; from nothing logged to many cramps."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import career_world as world
from charley.api import journal as journal
from charley.evidence.numbers.learning import LEARNING
from charley.faces.cli import trial
from charley.faces.cli.main import cli
from charley.inference.trial import runs_an_arm
from charley.journal.store import streams_folder
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.errors import CharleyError

CRAMPED = (17, 26, 35, 44, 62)


def asked(path: Path, *words: str) -> Any:
    """The answer of a command as JSON."""
    result = CliRunner().invoke(cli, ["--journal", str(path), *words, "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def said(path: Path, *words: str) -> str:
    result = CliRunner().invoke(cli, ["--journal", str(path), *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eighteen runs of which every one was answered with "nothing"."""
    return world.fill(tmp_path_factory.mktemp("none") / "journal.sqlite", 18)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty-three runs; five of seven races were begun far too fast and cramped in the left calf."""
    path = world.fill(tmp_path_factory.mktemp("many") / "journal.sqlite", 63, cramped=CRAMPED, side="left")
    world.weigh(path, 3)
    return path


@pytest.fixture(scope="module")
def answer(full: Path) -> Any:
    return asked(full, "why")


def test_without_a_cramp_nothing_is_ranked(empty: Path) -> None:
    found = asked(empty, "why")
    assert found["meta"]["status"] == "cannot_tell"
    assert (found["n_cramps"], found["n_runs"], found["prior_share"]) == (0, 18, 1.0)
    assert found["cramp"] is None
    assert found["states"] is None
    assert found["journal"]["ranked"] is False
    assert [f["id"] for f in found["families"]] == ["pace", "fatigue", "load", "fluid"]  # the order of every answer
    for driver in found["drivers"]:
        if driver["id"] != "unexplained":  # the same as studies say, up to the noise of a thousand draws
            assert abs(driver["share"]["mean"] - driver["studies"]["mean"]) < 0.03
    text = said(empty, "why")
    assert "No cramp is logged in 18 runs" in text
    assert "most likely" not in text.lower()
    assert "leans to" not in text


def test_contract(answer: Any) -> None:
    """The keys of an answer for one file, and those of a journal."""
    assert set(answer["run"]) >= {"distance_m", "elapsed_s", "records", "started_at"}
    assert set(answer["cramp"]) >= {"at_s", "at_m"}
    assert set(answer["chance"]) >= {"mean", "low", "high"}
    assert {"time_s", "rate_per_h", "low", "high"} <= set(answer["hazard"])
    assert len(answer["hazard"]["time_s"]) == len(answer["hazard"]["rate_per_h"])
    assert "time_s" in answer["states"]
    assert [d["id"] for d in answer["drivers"]][-1] == "unexplained"
    for driver in answer["drivers"][:-1]:
        assert set(driver) >= {"id", "label", "share", "evidence_grade", "source_ids"}
        assert driver["source_ids"] or driver["evidence_grade"] == "D"
    assert {"missing", "warnings", "prior_share", "n_cramps", "n_runs"} <= set(answer)
    for step in answer["next_best"]:
        assert step["what"]
        assert step["expected_information_bits"] >= 0
    assert any(step["command"].startswith("charley try") for step in answer["next_best"])
    assert answer["n_cramps"] == len(CRAMPED)
    assert answer["n_runs"] == 63
    assert answer["run"]["file"] == f"career-{CRAMPED[-1]}.fit"


def test_the_driver_of_the_story_leads(answer: Any) -> None:
    """Every race that was begun too fast cramped, no other did: the family of pace, with the log behind it."""
    lead = answer["families"][0]
    assert lead["id"] == "pace"
    assert lead["named"] is True
    assert lead["share"]["mean"] > max(0.6, lead["before"]["mean"])
    assert [f["named"] for f in answer["families"][1:]] == [False] * 3
    assert answer["journal"]["verdict"] == "most_likely"
    assert answer["journal"]["change"]["code"] == "slower_start"
    assert answer["prior_share"] < 0.99
    assert 0 < answer["chance"]["low"] < answer["chance"]["mean"] < answer["chance"]["high"] < 1


def test_but_for_figures_are_of_each_cramp_and_sum_to_nothing(answer: Any) -> None:
    cramps = answer["journal"]["cramps"]
    assert len(cramps) == len(CRAMPED)
    for cramp in cramps:
        pace = next(f for f in cramp["families"] if f["id"] == "pace")
        assert pace["chance"]["mean"] == max(f["chance"]["mean"] for f in cramp["families"])
        assert all(0 <= f["chance"]["low"] <= f["chance"]["high"] <= 1 for f in cramp["families"])
        assert cramp["at_s"] == pytest.approx(world.CRAMP_SHARE * 5400)


def test_patterns(answer: Any, full: Path) -> None:
    """Place, leg and races are counts of what was logged: 3240 s into runs at 4.1 m/s, all left, all in races."""
    over = answer["journal"]
    assert over["same_place"]["cramps"] == len(CRAMPED)
    assert over["same_place"]["median_m"] == pytest.approx(4.1 * world.CRAMP_SHARE * 5400, rel=0.01)
    leg = over["tables"]["leg"]
    assert (leg["side"], leg["left"], leg["right"]) == ("left", 5, 0)
    assert leg["by_chance"] == pytest.approx(2 * 0.5**5)  # five of five in one leg, either leg
    assert leg["stands_out"] is False
    best = over["tables"]["tables"][0]
    assert (best["id"], best["beyond_cramped"], best["beyond_runs"], best["other_cramped"]) == ("fast_start", 5, 5, 0)
    assert best["alone"] == pytest.approx(1 / 21)  # Fisher: 5 of 7 cramped, all on one side of 5 against 2
    races = over["races"]
    assert (races["races"], races["races_cramped"], races["training_cramped"]) == (7, 5, 0)
    assert races["training"] == races["training_answered"] > 10
    groups = {g["id"]: g["cramps"] for g in over["groups"]}
    assert groups == {"fatigue": 5, "nocturnal": 0, "symptomatic": 0}
    text = said(full, "why", "--full")
    assert "5 left and 0 right." in text
    assert "Most likely it's pace and effort." in " ".join(text.split())


def test_the_body_is_learnt_with_its_uncertainty(answer: Any) -> None:
    """Uncramped races at 3.45 m/s over 90 min: critical speed lies above that; scales say more sweat than the model."""
    personal = {p["id"]: p for p in answer["journal"]["personal"]}
    speed = personal["critical_speed"]
    assert 3.45 < speed["estimate"]["mean"] < 4.8
    width = speed["estimate"]["high"] - speed["estimate"]["low"]
    assert 0 < width < speed["anybody"]["high"] - speed["anybody"]["low"]
    sweat = personal["sweat_rate"]
    assert sweat["estimate"]["low"] < world.WEIGHED_L_H < sweat["estimate"]["high"]
    assert sweat["estimate"]["high"] - sweat["estimate"]["low"] < sweat["anybody"]["high"] - sweat["anybody"]["low"]
    assert personal["easy_speed"]["estimate"]["mean"] == pytest.approx(2.79, abs=0.05)


def test_same_journal_same_figures(full: Path, answer: Any, tmp_path: Path) -> None:
    """From what was kept, and computed anew in a copy that has forgotten all that was computed."""
    again = asked(full, "why")
    copy = tmp_path / "journal.sqlite"
    with sqlite3.connect(full) as one, sqlite3.connect(copy) as other:
        one.backup(other)
        other.execute("DELETE FROM posterior")
        other.commit()
    _copy_streams(full, tmp_path)
    anew = asked(copy, "why")
    with sqlite3.connect(copy) as other:  # all that was kept is damaged: it is made anew, and nobody notices
        other.execute("UPDATE posterior SET content = substr(content, 1, 40) WHERE length(content) > 40")
        other.commit()
    damaged = asked(copy, "why")
    for found in (again, anew, damaged):
        assert {k: v for k, v in found.items() if k not in ("meta", "journal")} == {
            k: v for k, v in answer.items() if k not in ("meta", "journal")
        }


def _copy_streams(full: Path, to: Path) -> None:
    shutil.copytree(streams_folder(full), streams_folder(to / full.name))


def test_the_page_says_the_same(full: Path, tmp_path: Path) -> None:
    page = tmp_path / "why.html"
    said(full, "why", "--html", str(page))
    html = page.read_text(encoding="utf-8")
    assert "None of these" in html
    assert "Closer together than chance?" in html
    assert "<script" not in html


def test_the_latest_word_holds(tmp_path: Path) -> None:
    """A cramp that is taken back counts no more, "nothing" that was wrong neither; silence is not "nothing"."""
    path = world.fill(tmp_path / "journal.sqlite", 18, cramped=(8,), answered=False)
    before = asked(path, "why")
    assert (before["n_cramps"], before["journal"]["n_answered"]) == (1, 1)
    race = world.run_of(17)
    journal.log_event(path, "none", run=race.run_id)
    journal.log_event(path, "cramp", run=race.run_id, place=Cramp(3000.0, 3000.0, 3000.0))
    after = asked(path, "why")
    assert after["n_cramps"] == 2
    assert after["journal"]["before"]["n_cramps"] == 1
    assert "What has changed" in said(path, "why", "--full")
    journal.log_event(path, "none", run=race.run_id)
    journal.log_event(path, "none", run=world.run_of(8).run_id)
    last = asked(path, "why")
    assert (last["n_cramps"], last["journal"]["n_answered"], last["journal"]["ranked"]) == (0, 2, False)


def test_few_cramps_cannot_tell(tmp_path: Path) -> None:
    """Two cramps, whatever they look like: mostly what studies say."""
    found = asked(world.fill(tmp_path / "journal.sqlite", 18, cramped=(8, 17)), "why")
    assert found["meta"]["status"] == "cannot_tell"
    assert found["journal"]["enough"] is False
    assert not any(f["named"] for f in found["families"])
    assert found["prior_share"] > 0.5


def test_during_after_and_night_are_kept_apart(tmp_path: Path) -> None:
    path = world.fill(tmp_path / "journal.sqlite", 9, cramped=(8,))
    journal.log_event(path, "cramp", run=world.run_of(6).run_id, phase="after_0_1h")
    journal.log_event(path, "cramp", run=world.run_of(3).run_id, phase="night")
    found = asked(path, "why")
    assert found["n_cramps"] == 1  # in a run; the others are processes of their own
    groups = {g["id"]: dict(g["windows"]) for g in found["journal"]["groups"]}
    assert groups["fatigue"] == {"during": 1, "after_0_1h": 1, "after_1_6h": 0, "night": 0}
    assert groups["nocturnal"]["night"] == 1


def test_runs_that_say_nothing_break_nothing(tmp_path: Path) -> None:
    """A cramp in a run of twelve seconds, a watch that lay on a table for an hour, and one race."""
    path = tmp_path / "journal.sqlite"
    journal.add_run(path, world.run_of(8), read_by="test")
    blink = world.made_run(1, 12, 2.5)
    journal.add_run(path, blink, read_by="test")
    journal.log_event(path, "cramp", run=blink.run_id, place=Cramp(5.0, 5.0, 5.0))
    still = world.made_run(2, 3600, 2.5)
    nowhere = {name: np.zeros(3600) for name in ("speed_m_s", "distance_m")}
    journal.add_run(path, replace(still, streams=replace(still.streams, **nowhere), distance_m=0.0), read_by="test")
    found = asked(path, "why")
    assert (found["n_runs"], found["n_cramps"], found["meta"]["status"]) == (2, 1, "cannot_tell")
    assert [w["code"] for w in found["warnings"]].count("journal-run-left-out") == 1
    assert found["journal"]["skipped"] == [still.run_id]


def test_track_record_replays_what_was_known_before(full: Path) -> None:
    found = asked(full, "why", "--track-record")
    replayed = found["replayed"]
    assert [r["cramped"] for r in replayed] == [False, True, True, True, True, False, True]
    # after three races too fast that cramped, one at an even pace is foretold as less likely than those
    assert replayed[5]["chance"] < min(r["chance"] for r in replayed[3:5])
    assert found["replayed_scores"]["runs"] == 7
    assert found["made"] == []  # every run was there before the first forecast was


def test_a_forecast_made_before_a_run_is_scored_after_it(tmp_path: Path) -> None:
    path = world.fill(tmp_path / "journal.sqlite", 9)
    race = world.run_of(8)
    journal.add_forecast(
        path, model_version="t", posterior_id=None, name="race", planned_at=race.started_at, distance_m=race.distance_m,
        goal_s=None, chance_mean=0.2, chance_low=0.1, chance_high=0.4, detail="{}",
        now=race.started_at - timedelta(days=1),
    )  # fmt: skip
    journal.add_forecast(
        path, model_version="t", posterior_id=None, name="race", planned_at=None, distance_m=race.distance_m,
        goal_s=None, chance_mean=0.9, chance_low=0.8, chance_high=1.0, detail="{}", now=datetime.now(UTC),
    )  # fmt: skip
    found = asked(path, "why", "--track-record")
    assert [(m["chance"], m["cramped"]) for m in found["made"]] == [(0.2, False)]
    assert found["made_scores"]["brier"] == pytest.approx(0.04)  # (0.2 - 0)^2


def test_try_proposes_without_adding_a_stressor(full: Path) -> None:
    found = asked(full, "try")
    assert found["proposals"]
    for p in found["proposals"]:
        assert p["risk"] <= p["usual_risk"] + 1e-6
        assert p["expected_information_bits"] >= 0
        runs = 2 * runs_an_arm(p["usual_risk"], p["risk"])  # as a trial counts them: the two never disagree
        assert p["runs_to_tell"] == (int(runs) if runs <= LEARNING.trial_most_runs else None)
    assert found["next_best"][0]["what"]


@pytest.mark.parametrize("flag", [("--condition", "kidney"), ("--condition", "heart"), ("--condition", "pregnancy"),
                                  ("--medicine", "blood_pressure"), ("--medicine", "diuretic")])  # fmt: skip
def test_no_sodium_trial_with_a_flagged_condition(tmp_path: Path, flag: tuple[str, str]) -> None:
    path = tmp_path / "journal.sqlite"
    journal.add_run(path, world.run_of(0), read_by="test")
    said(path, "log", "health", *flag)
    found = asked(path, "try", "salt")
    assert found["refused"] is True
    assert flag[1].replace("_", " ") in found["reason"]
    assert journal.list_forecasts(path) == ()  # nothing was planned
    assert "No trial of salt" in said(path, "try", "salt")


def test_a_trial_fixes_its_rule_and_tells_when_it_cannot(full: Path, tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    shutil.copy(full, path)
    _copy_streams(full, tmp_path)
    found = asked(path, "try", "slower-start", "--runs", "8")
    plan = found["plan"]
    assert len(plan["arms"]) == 8
    assert sum(plan["arms"]) == 4
    assert found["expected_information_bits"] > 0
    assert plan["rule"]
    assert "race" not in plan["on"]
    assert journal.latest_trial(path) is None, "looking starts nothing"
    started = asked(path, "try", "slower-start", "--runs", "8", "--start")["plan"]
    assert started["arms"] == plan["arms"]  # same seed, same order
    result = asked(path, "try", "--result")["result"]
    done = result["done"]
    assert (done["on_runs"], done["off_runs"], result["verdict"]) == (0, 0, "cannot_tell")
    assert done["difference"]["low"] < 0 < done["difference"]["high"]


def test_one_trial_at_a_time(full: Path, tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    shutil.copy(full, path)
    _copy_streams(full, tmp_path)
    with pytest.raises(CharleyError) as none:
        CliRunner().invoke(cli, ["--journal", str(path), "try", "--end"], catch_exceptions=False)
    assert none.value.code == "trial-unknown"
    assert "under way" in said(path, "try", "slower-start", "--start")
    with pytest.raises(CharleyError) as second:
        CliRunner().invoke(cli, ["--journal", str(path), "try", "shoes", "--start"], catch_exceptions=False)
    assert second.value.code == "trial-open"
    assert "not started" in said(path, "try", "shoes"), "looking is allowed"
    assert "Ended" in said(path, "try", "--end")
    assert asked(path, "try", "--result")["result"]["over"] is True
    assert asked(path, "try", "shoes", "--start")["plan"]["id"] == 2


def test_what_cannot_be_asked_is_one_line(tmp_path: Path, full: Path) -> None:
    for words, code in (
        (["why"], "usage-one-file"),
        (["try"], "journal-no-runs"),
    ):
        with pytest.raises(CharleyError) as error:
            CliRunner().invoke(cli, ["--journal", str(tmp_path / "no.sqlite"), *words], catch_exceptions=False)
        assert error.value.code == code
    with pytest.raises(CharleyError) as error:
        CliRunner().invoke(cli, ["--journal", str(full), "try", "quinine"], catch_exceptions=False)
    assert error.value.code == "trial-unknown"
    with pytest.raises(CharleyError) as error:
        CliRunner().invoke(cli, ["--journal", str(full), "why", "--temp", "18c"], catch_exceptions=False)
    assert error.value.code == "usage-flag"


# ---- what was really done in a trial, and what must be known before one ----


def test_health_is_asked_before_a_trial_that_it_may_rule_out(
    full: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never asked: one line with the flag that answers. Named: refused. None of them: planned. At a keyboard: asked."""
    path = tmp_path / "journal.sqlite"
    shutil.copy(full, path)
    _copy_streams(full, tmp_path)
    earlier = journal.latest_trial(path, "salt")
    with pytest.raises(CharleyError) as error:
        CliRunner().invoke(cli, ["--journal", str(path), "try", "salt"], catch_exceptions=False)
    assert error.value.code == "trial-health"
    assert "kidney" in str(error.value)
    assert "--health" in str(error.value)
    assert journal.latest_trial(path, "salt") == earlier, "nothing was planned"
    with pytest.raises(CharleyError) as error:
        CliRunner().invoke(cli, ["--journal", str(path), "try", "salt", "--health", "gout"], catch_exceptions=False)
    assert error.value.code == "usage-value"
    assert asked(path, "try", "salt", "--health", "none")["refused"] is False
    assert asked(path, "try", "salt", "--runs", "4")["refused"] is False  # it is known now
    assert asked(path, "try", "strength", "--health", "hernia or sciatica")["refused"] is True
    other = tmp_path / "other" / "journal.sqlite"
    other.parent.mkdir()
    journal.add_run(other, world.run_of(8), read_by="test")
    monkeypatch.setattr(trial.sys.stdin, "isatty", lambda: True)
    options = {"health": None, "json": False}
    monkeypatch.setattr(trial.click, "prompt", lambda *_, **__: "diuretic, kidney")
    trial._ask_health(other, "salt", options)
    assert {h.name for h in journal.health(other) if h.present} == {"diuretic", "kidney"}
    assert asked(other, "try", "salt")["refused"] is True


@pytest.fixture
def tried(full: Path, tmp_path: Path) -> tuple[Path, Any]:
    """A trial of a slower start, kept before the last four long runs of the story."""
    path = tmp_path / "journal.sqlite"
    shutil.copy(full, path)
    _copy_streams(full, tmp_path)
    plan = asked(path, "try", "slower-start", "--runs", "4", "--start")["plan"]
    with sqlite3.connect(path) as db:  # as if it had been planned before the runs
        db.execute("UPDATE trial SET made_unix_s = ?", (world.run_of(35).started_at.timestamp(),))
    return path, plan


def test_what_was_done_is_asked_kept_and_shown_beside_the_plan(tried: tuple[Path, Any]) -> None:
    path, plan = tried
    before = asked(path, "try", "--result")["result"]
    assert len(before["unsaid"]) == 4  # nobody said what was done, and that is told
    assert (before["otherwise"], before["as_planned"]["on_runs"]) == (0, 2)
    assert before["done"] == before["as_planned"]
    assert before["done"]["on_runs"] + before["done"]["off_runs"] == 4
    runs = [r["run_id"] for r in before["unsaid"]]
    on = [r["run_id"] for r in before["unsaid"] if r["planned"]]
    text = said(path, "log", "none", "--run", runs[0])
    assert "Did you do it?" in text
    for run in runs:
        # one run with the change left it out; all others as planned
        done = run in on and run != on[0]
        said(path, "log", "change", "--done" if done else "--not-done", "--run", run)
    assert "Did you do it?" not in said(path, "log", "none", "--run", runs[0])
    after = asked(path, "try", "--result")["result"]
    done = after["done"]
    assert (done["on_runs"], done["off_runs"], after["otherwise"], after["unsaid"]) == (1, 3, 1, [])
    assert (after["as_planned"]["on_runs"], after["as_planned"]["off_runs"]) == (2, 2)
    assert done["difference"] != after["as_planned"]["difference"]
    shown = said(path, "try", "--result")
    assert "Counting what you did" in shown
    assert "As planned" in shown
    assert "1 run didn't go as planned" in shown
    assert plan["arms"].count(True) == 2


def test_below_fifty_runs_what_to_try_is_told_of_ten(empty: Path) -> None:
    assert "of 10" in said(empty, "try", "slower-start")
    assert " in 100" not in said(empty, "try").replace("80 in 100", "")
    assert "of 10" in said(empty, "why", "--track-record")


def test_a_run_outside_a_trial_is_not_asked_about(tried: tuple[Path, Any]) -> None:
    path, _ = tried
    early = world.run_of(0).run_id
    assert "Did you do it?" not in said(path, "log", "none", "--run", early)
    with pytest.raises(CharleyError) as error:
        CliRunner().invoke(
            cli, ["--journal", str(path), "log", "change", "--done", "--run", early], catch_exceptions=False
        )
    assert error.value.code == "trial-unknown"
