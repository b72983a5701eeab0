"""What a plan may never do, whoever runs and whatever the day: drink, salt, pace, and who gets no figures."""

from __future__ import annotations

import importlib.util
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from charley.api import race as api
from charley.evidence.numbers.planning import PLANNING
from charley.planning.race import belief as beliefs
from charley.planning.race import levers, limits
from charley.planning.race.gates import NAMES, NO_SODIUM, health_of
from charley.planning.race.optimise import Freedom, optimised
from charley.planning.race.scenario import setting_of
from charley.planning.race.strategy import PACE_PARTS, started, way_of
from charley.planning.race.usual import Usual
from charley.vocabulary.errors import UsageError
from charley.vocabulary.race import CANNOT_TELL, INFEASIBLE, RaceAnswer
from charley.vocabulary.runner import BestEffort, Runner, Weather

MARATHON_M = 42_195.0
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def _script() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "scripts" / "replay_plans.py"
    spec = importlib.util.spec_from_file_location("replay_plans", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["replay_plans"] = module
    spec.loader.exec_module(module)
    return module


REPLAY = _script()


@cache
def answer(
    goal_s: float | None = 4 * 3600.0,
    temp_c: float = 15.0,
    runner: Runner | None = None,
    health: tuple[str, ...] | None = (),
    distance_m: float = MARATHON_M,
    **race: Any,
) -> RaceAnswer:
    way = api.course(None, distance_m)
    asked = api.race_of(way, goal_s=goal_s, weather=Weather(temp_c), now=NOW, **race)
    return api.forecast(asked, runner=runner or Runner(mass_kg=70.0), health=health, now=NOW)


@pytest.mark.parametrize("climate", list(REPLAY.CLIMATES))
def test_no_plan_breaks_a_limit_under_wrong_inputs(climate: str) -> None:
    # Ten made-up runners; the rule is the project's own: at most 1 in 100 gains water, none breaks another limit
    rows = [REPLAY.judged(number, climate, bodies=6) for number in range(10)]
    assert any(not r["refused"] for r in rows)
    assert {r["runner"]: REPLAY.broken(r) for r in rows if REPLAY.broken(r)} == {}


@pytest.mark.parametrize(("number", "climate"), [(3, "2 °C, dry"), (7, "10 °C")])
def test_blood_sodium_that_begins_at_its_floor_forbids_drinking_and_not_the_plan(number: int, climate: str) -> None:
    # Of 3,000 races these two were broken and refused: without a drink the water that is burnt brings a body below 136,
    # which is no plan's doing, so the plan that is left is one without drinking
    row = REPLAY.judged(number, climate)
    assert row["refused"] == []
    assert row["ceiling_l"] == 0.0
    assert REPLAY.broken(row) == []


def test_with_the_hazard_off_the_best_pace_is_even() -> None:
    # even pace is the published optimum where only energy counts (Keller 1974, doi:10.1080/00029890.1974.11993589)
    way = api.course(None, MARATHON_M)
    race = api.race_of(way, weather=Weather(12.0))
    belief = beliefs.from_studies(Runner(mass_kg=70.0)).thinned(6, 480)
    setting = setting_of(belief, way_of(way, race.stations_m), race.air, 1)
    fast = Usual(started(1.08), 1, 0.4, 5.0, 30.0).strategy(4 * 3600.0, belief)
    found = optimised(fast, setting, Freedom(np.full(6, 3.0), 90.0), hazard=False)
    assert found.effort == pytest.approx(np.ones(PACE_PARTS), abs=1e-3)


def test_a_start_faster_than_the_rest_is_never_planned() -> None:
    found = answer()
    assert found.plan is not None
    fastest = max(s.speed_m_s for s in found.plan.segments[:2])
    assert fastest <= 1.01 * MARATHON_M / found.plan.finish_s


def test_two_weighings_allow_more_than_none() -> None:
    none, two = limits.sweat_doubt(()), limits.sweat_doubt((0.02, -0.04))
    assert none.log_sd == PLANNING.sweat_unknown_sd
    assert two.log_sd < none.log_sd
    assert limits.sweat_doubt((0.02,)).log_sd == none.log_sd  # one is no measure of scatter


def test_all_ceilings_together_stay_below_what_is_sweated() -> None:
    for temp_c in (15.0, 20.0):
        plan = answer(temp_c=temp_c).plan
        assert plan is not None
        assert plan.drink_ceiling_l is not None
        assert plan.drink_ceiling_l < plan.sweat_l.low


def test_heat_in_which_nobody_stays_within_the_limits_is_refused_with_what_would() -> None:
    heavy = Runner(mass_kg=110.0)
    found = answer(4.5 * 3600.0, 32.0, heavy)
    assert found.status == INFEASIBLE
    assert found.plan is None
    assert found.refusal is not None
    assert found.refusal.fastest_s is not None
    assert found.refusal.fastest_s > 4.5 * 3600.0
    slower = answer(1.005 * found.refusal.fastest_s, 32.0, heavy)
    assert slower.plan is not None


def test_a_goal_out_of_reach_is_refused_with_the_fastest_in_reach() -> None:
    runner = Runner(mass_kg=70.0, bests=(BestEffort(10_000.0, 3600.0),))
    found = answer(3 * 3600.0, runner=runner)
    assert found.status == INFEASIBLE
    assert found.chance is None
    assert found.refusal is not None
    assert found.refusal.fastest_s is not None
    assert found.refusal.fastest_s > 3.5 * 3600.0


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("outside-hot", {"temp_c": 45.0}),
        ("outside-cold", {"temp_c": -20.0}),
        ("outside-distance", {"distance_m": 1500.0, "goal_s": 400.0}),
        ("outside-distance", {"distance_m": 300_000.0, "goal_s": 150_000.0}),
        ("outside-walk", {"goal_s": 20 * 3600.0}),
        ("outside-under-18", {"runner": Runner(age_y=15.0)}),
    ],
)
def test_outside_what_was_fitted_no_number_is_given(code: str, changes: dict[str, Any]) -> None:
    found = answer(**changes)
    assert found.status == CANNOT_TELL
    assert [n.code for n in found.outside] == [code]
    assert (found.chance, found.plan, found.finish, found.levers, found.by_km) == (None, None, None, (), ())


@pytest.mark.parametrize("name", sorted(NAMES))
def test_what_somebody_lives_with_takes_its_figures_out(name: str) -> None:
    health = health_of((name,), True, Runner())
    assert health.no_sodium is (name in NO_SODIUM)
    assert health.notes
    assert not health.no_plan


def test_nobody_asked_is_not_healthy() -> None:
    assert health_of((), False, Runner()).no_sodium
    assert not health_of((), True, Runner()).no_sodium
    assert health_of((), True, Runner(age_y=16.0)).no_plan
    assert health_of((), True, Runner(mass_kg=45.0, height_m=1.75)).low_energy


@pytest.mark.parametrize("health", [None, ("kidney",), ("lithium",), ("pregnancy",)])
def test_no_salt_is_planned_for_those_whom_it_may_harm(health: tuple[str, ...] | None) -> None:
    found = answer(health=health, temp_c=20.0)
    assert found.plan is not None
    sodium = next(f for f in found.levers if f.id == "sodium")
    assert sodium.why is not None
    if health is not None:
        assert sodium.difference is None
        assert found.plan.sodium_mg_h is None
        assert found.plan.drink_ceiling_l is None  # how much to drink is for whoever treats them
        assert all(s.drink_most_l is None for s in found.plan.segments)
    else:
        assert found.plan.sodium_mg_h is None or "sodium" in found.plan.at_habit


def test_a_lever_worth_less_than_one_in_100_stays_at_habit() -> None:
    found = answer()
    assert found.plan is not None
    worth = {f.id: f.difference.mean for f in found.levers if f.difference is not None}
    for lever in ("sodium", "carbohydrate"):
        if worth[lever] > -PLANNING.lever_least:
            assert lever in found.plan.at_habit


def test_three_changes_at_once_since_the_last_cramp_cannot_be_told_apart() -> None:
    from dataclasses import replace

    import career_world as world
    from charley.vocabulary.runner import Intake

    cramped = world.told(17, (world.event("cramp", at_s=3000.0),))
    before = replace(cramped, intake=Intake(drink_l=0.2, salt_g=0.5, carbohydrate_g=20.0))
    after = world.told(26, (world.event("none"),))
    three = replace(after, intake=Intake(drink_l=1.0, salt_g=2.0, carbohydrate_g=90.0))
    two = replace(after, intake=Intake(drink_l=1.0, salt_g=2.0, carbohydrate_g=20.0))
    assert set(levers.changed_together((before, three))) == {"drink", "sodium", "carbohydrate"}
    assert levers.changed_together((before, two)) == ()


@pytest.mark.parametrize("starts_at", [datetime(2020, 1, 1, 9), datetime(2039, 1, 1, 9)])
def test_a_race_in_the_past_or_far_ahead_is_no_race_to_forecast(starts_at: datetime) -> None:
    with pytest.raises(UsageError) as caught:
        answer(starts_at=starts_at)
    assert caught.value.code == "race-date"


@pytest.mark.parametrize("mass_kg", [45.0, 110.0])
def test_light_and_heavy_runners_get_a_forecast(mass_kg: float) -> None:
    found = answer(5 * 3600.0, 12.0, Runner(mass_kg=mass_kg))
    assert found.chance is not None
    assert 0.0 < found.chance.low < found.chance.high < 1.0
    assert found.stretch is not None
    assert np.all(np.diff([p.chance.mean for p in found.by_km]) >= 0)
