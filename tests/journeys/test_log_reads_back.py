"""What was logged is said back, so that a slip is seen: the place, the run, the sweat rate that a weighing gives."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib import import_module

import numpy as np
import pytest

from charley.answers.weighed_sweat import weighed_sweat
from charley.api import journal as verbs
from charley.evidence.numbers.body import BODY
from charley.faces.cli import two_ways
from charley.vocabulary.history import Weighed
from charley.vocabulary.runner import Intake, Weather
from journal_world import made_run

main = import_module("charley.faces.cli.main")  # the package has a function of that name
_RUN = made_run(0, 14_120)
MARATHON = replace(  # 3 m/s for 14120 s
    _RUN,
    started_at=datetime(2018, 10, 13, 8, tzinfo=UTC),
    distance_m=42_360.0,
    streams=replace(_RUN.streams, distance_m=3.0 * _RUN.streams.time_s),
)


@pytest.fixture
def journal(tmp_path):
    path = tmp_path / "journal.sqlite"
    verbs.add_run(path, MARATHON, read_by="1")
    return path


@dataclass(frozen=True)
class Done:
    exit_code: int
    output: str


@pytest.fixture
def log(journal, capsys, monkeypatch) -> Callable[..., Done]:
    def run(*words: str, typed: str = "") -> Done:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main.run(["--journal", str(journal), "log", *words])
        said = capsys.readouterr()
        return Done(code, said.out + said.err)

    return run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        # 3 m/s: 36 km after 12000 s = 3:20:00; 22 miles (35.4 km) after 11801.9 s; half of 42.36 km after 7060 s
        (["cramp", "--at", "36km", "--side", "left", "--severity", "3"], "Left calf, 36.0 km (3:20:00), walked."),
        (["cramp", "--at", "mile", "22"], "Calf, 22.0 mi (3:16:42)."),
        (["cramp", "--at", "halfway", "--side", "both"], "Both calves, 21.2 km (1:57:40)."),
        (["cramp", "--at", "45min"], "Calf, 8.1 km (45:00 min)."),
        (["cramp", "--at", "30-35km"], "Calf, between 30.0 km (2:46:40) and 35.0 km (3:14:27)."),
        (["cramp", "--after", "night", "--muscle", "foot"], "Foot, in the night."),
        (["twitch", "--at", "36km"], "Twitch or tightness, calf, 36.0 km (3:20:00)."),
        (["none"], "No cramp."),
        (["none", "--after", "night"], "No cramp in the night."),
        (["drink", "20oz"], "20 fl oz drunk in all."),
        (["drink", "0l"], "Nothing drunk."),
        (["drink", "500ml", "--at", "halfway"], "500 mL drunk at 21.2 km (1:57:40)."),
        (["sodium", "500mg"], "500 mg of sodium (1.3 g of table salt) during the run."),  # sodium is 39.3 % of salt
        (["about", "--effort", "race", "--temp", "64F"], "A race, 64 °F."),
    ],
)
def test_an_answer_is_said_back_with_the_run_it_belongs_to(log, words: list[str], said: str) -> None:
    done = log(*words)
    assert done.exit_code == 0, done.output
    first, second, *_ = done.output.splitlines()
    assert first == f"{said} Marathon of 13 Oct 2018."
    assert second == "Answer 1. To take it back: charley log undo 1"


def test_json_has_the_same_sentence(log) -> None:
    done = json.loads(log("cramp", "--at", "36km", "--json").output)
    assert done["understood"] == ["Calf, 36.0 km (3:20:00). Marathon of 13 Oct 2018."]


def test_a_run_is_named_by_its_title_or_its_length(journal, log) -> None:
    verbs.add_run(journal, made_run(9, 3600), title="Parkrun", read_by="1")
    assert "Parkrun of" in log("none").output
    verbs.add_run(journal, made_run(12, 3600), read_by="1")
    assert "10.8 km run of" in log("none").output


def test_a_time_that_may_be_two_is_asked_about_at_a_terminal(log, monkeypatch) -> None:
    monkeypatch.setattr(two_ways, "at_terminal", lambda: True)
    done = log("cramp", "--at", "0:45", typed="x\n1\n")
    assert "45 minutes" in done.output
    assert "45 seconds" in done.output
    assert "Calf, 8.1 km (45:00 min)." in done.output
    asked = log("cramp", "--at", "0:45", "--json")
    assert (asked.exit_code, "at-two-ways" in asked.output) == (2, True)


def test_nothing_is_guessed_where_a_unit_is_missing(journal, log) -> None:
    for words, offer in ((["drink", "+5"], "5l or 5ml"), (["weight", "154"], "154kg or 154lb")):
        done = log(*words)
        assert done.exit_code == 2
        assert f"Write {offer}" in done.output
    assert verbs.drinks(journal) == ()


# ---------------------------------------------------------------- the sweat rate of a weighing


def weighed(drunk_l: float | None, lost_kg: float = 2.0, seconds: float | None = None) -> Weighed:
    run = MARATHON if seconds is None else made_run(0, int(seconds))
    return Weighed(run, 70.0, 70.0 - lost_kg, Intake(drink_l=drunk_l), Weather())


def test_the_sweat_rate_is_what_the_scales_lost_and_the_drinks_less_breath_and_carbon() -> None:
    hours = MARATHON.elapsed_s / 3600.0
    rate = weighed_sweat(weighed(1.0))
    assert rate is not None
    # By hand: 70 kg at 3 m/s burn about 2.5 L of oxygen a minute, and CO2 out less O2 in is some 0.1 kg an hour;
    # breath at 60 L a minute takes about as much water. So 0.1 to 0.35 kg an hour is not sweat.
    assert 3.0 / hours - 0.35 < rate.middle < 3.0 / hours - 0.1
    more = weighed_sweat(weighed(1.5))
    assert more is not None
    assert more.middle - rate.middle == pytest.approx(0.5 / hours, abs=0.03)


def test_its_margin_is_the_error_of_a_weighing() -> None:
    rate = weighed_sweat(weighed(1.0))
    assert rate is not None
    z80 = 1.2816  # the middle 80 in 100 of a normal
    assert math.log(rate.high / rate.low) == pytest.approx(2 * z80 * BODY.weighed_sweat_sd, rel=0.15)
    assert np.isfinite([rate.low, rate.high]).all()


def test_without_all_three_there_is_no_rate_and_it_says_what_is_missing(log) -> None:
    assert weighed_sweat(weighed(None)) is None
    assert weighed_sweat(weighed(0.5, seconds=1200)) is None
    assert weighed_sweat(weighed(0.0, lost_kg=0.05)) is None
    asked = log("weight", "--before", "70kg", "--after", "68kg").output
    assert "2.0 kg lighter" in asked
    assert "charley log drink" in asked
    told = log("drink", "1l").output
    assert "Sweat rate in this run: 0." in told
    assert "8 times out of 10" in told
    gained = log("weight", "--after", "71kg").output
    assert "Sweat rate" not in gained
    assert "more drunk than sweated" in gained


def test_a_session_says_its_day(log) -> None:
    day = (datetime.now() - timedelta(days=3)).date()
    said = log("strength", "--load", "22lb", "--date", day.isoformat()).output.splitlines()[0]
    assert said == f"Calf raise, 3 × 15, 22.0 lb on top, {day.day} {day:%b %Y}."
