"""Before and after a race: grades as in the tables, figures of the runner's own, nothing for those whom it may harm."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import pytest

from charley.api import race as api
from charley.evidence.ledger import claims
from charley.faces.report.race import day as shown
from charley.vocabulary.race import RaceAnswer
from charley.vocabulary.runner import Runner, Weather

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@cache
def answer(mass_kg: float = 70.0, health: tuple[str, ...] = ()) -> RaceAnswer:
    race = api.race_of(
        api.course(None, 42_195.0), goal_s=14_400.0, weather=Weather(20.0), starts_at=datetime(2027, 4, 11, 9), now=NOW
    )
    return api.forecast(race, runner=Runner(mass_kg=mass_kg), health=health, now=NOW)


def test_every_grade_is_that_of_its_claim_and_no_answer_is_left_out() -> None:
    day = api.race_day(answer())
    for advice in day.advice:
        assert advice.grade == (claims()[advice.claim_id].grade if advice.claim_id else "D")
        assert not advice.headline or shown.said(advice, day).count(advice.headline) == 1
    assert {"meal", "fluid-before", "urine", "warm-up", "stretch-after", "rolling", "massage"} <= {
        a.id for a in day.advice
    }


def test_fluid_before_goes_by_body_mass_and_the_clock() -> None:
    # Sawka 2007: 5 to 7 mL/kg, four hours before; 70 kg: 0.35 to 0.49 L
    day = api.race_day(answer())
    assert day.drink_before_l == (pytest.approx(0.35), pytest.approx(0.49))
    assert day.drink_at == datetime(2027, 4, 11, 5)
    assert day.meal_at == datetime(2027, 4, 11, 7, 30)
    assert day.told_before_l == (pytest.approx(0.473, abs=0.001), pytest.approx(0.710, abs=0.001))  # 16 and 24 fl oz


def test_minerals_follow_the_sweat() -> None:
    # Montain 2007: calcium 16 ug/mL, magnesium 1.265 ug/mL of sweat
    a = answer()
    assert a.plan is not None
    lost = {m.id: m.lost_mg.mean for m in api.race_day(a).minerals}
    assert lost["calcium"] == pytest.approx(16.0 * a.plan.sweat_l.mean)
    assert lost["magnesium"] == pytest.approx(1.265 * a.plan.sweat_l.mean)
    assert lost["sodium"] == pytest.approx(22.99 * a.plan.sodium_lost_mmol.mean, rel=1e-3)
    # far more sodium than potassium leaves with sweat (claim K56), so a banana is no remedy for it
    assert lost["sodium"] > 2 * lost["potassium"]
    assert "hardly any sodium" in shown.bananas(api.race_day(a))


def test_those_who_may_be_harmed_get_no_volume_and_no_salt() -> None:
    a = answer(health=("kidney",))
    day = api.race_day(a)
    assert day.drink_before_l is None
    assert not day.salt_suggested
    text = shown.as_text(a, day, "metric")
    assert "Usual is" not in text
    assert "Salt beyond your food is not suggested" in " ".join(text.split())


@pytest.mark.parametrize("word", ["cure", "prevents", "guarantee", "treat ", "safe "])
def test_nothing_is_promised(word: str) -> None:
    a = answer()
    assert word not in shown.as_text(a, api.race_day(a), "imperial").lower()
