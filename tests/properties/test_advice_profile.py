"""The personal profile: directions, ranges and refusals."""

from __future__ import annotations

import pytest

from charley import evidence
from charley.advice.profile import profile
from charley.advice.tables import load
from charley.faces.report.wording.profile import render_profile_json, render_profile_text
from charley.vocabulary.errors import UsageError
from charley.vocabulary.runner import CrampHistory, Runner

DRAWS = 400


def test_nothing_known_is_the_base_rate_of_the_priors() -> None:
    found = profile(Runner(), draws=DRAWS)
    assert found.chance == found.base
    # half of the draws a volunteer field (21 in 100, I03), half a mass field (15 in 100, the prior mass_field_log_h42)
    assert 0.15 < found.chance.mean < 0.21
    assert found.prone.mean == pytest.approx(evidence.priors()["trait_prob"].mean, abs=0.02)


def test_a_history_of_cramps_moves_more_than_all_else_and_in_its_direction() -> None:
    clean = profile(Runner(history=CrampHistory(0, 5)), draws=DRAWS)
    cramped = profile(Runner(history=CrampHistory(3, 5)), draws=DRAWS)
    assert clean.chance.high < cramped.chance.low
    assert clean.prone.mean < 0.1 < 0.7 < cramped.prone.mean
    moves = {factor.key: abs(factor.moves.mean) for factor in profile(Runner(), draws=DRAWS).factors}
    assert max(moves, key=lambda key: moves[key]) == "history"


def test_the_longer_race_and_the_faster_start_raise_the_chance() -> None:
    moves = {factor.key: factor.moves for factor in profile(Runner(), draws=DRAWS).factors}
    assert moves["distance"].low > 0
    assert moves["pace_excess"].mean > 0
    assert profile(Runner(), distance_km=21.0975, draws=DRAWS).chance.mean < profile(Runner(), draws=DRAWS).chance.mean


def test_what_is_said_is_shown_and_what_is_not_is_named() -> None:
    told = Runner(age_y=55, sex="female", mass_kg=60, height_m=1.7, about=(("run_years", 3.0), ("family_history", 1.0)))
    factors = {factor.key: factor for factor in profile(told, draws=DRAWS).factors}
    assert factors["age_decade"].said == "55 years"
    assert factors["male"].said == "woman"
    assert factors["bmi"].said == "20.8 kg/m²"
    assert factors["run_years"].said == "3 years"
    assert factors["family_history"].said == "yes"
    assert factors["stretch_habit"].said is None
    assert factors["stretch_habit"].between
    assert factors["male"].moves.mean < 0 < factors["family_history"].moves.mean


def test_the_nine_factors_of_the_documents_are_there_with_their_studies() -> None:
    keys = [row["key"] for row in load("profile")["factor"]]
    assert sorted(keys) == sorted(
        [
            "history",
            "age_decade",
            "run_years",
            "bmi",
            "stretch_habit",
            "family_history",
            "male",
            "distance",
            "pace_excess",
        ]
    )
    claims = {claim["id"] for claim in evidence.table("claims")} | {a["id"] for a in load("answers")["answer"]}
    for factor in profile(Runner(), draws=DRAWS).factors:
        assert factor.published
        assert set(factor.source_ids) <= set(evidence.sources())
        assert set(factor.claim_ids) <= claims


def test_under_18_is_refused() -> None:
    with pytest.raises(UsageError) as refused:
        profile(Runner(age_y=15))
    assert refused.value.code == "profile-under-18"


def test_same_seed_same_profile_and_both_renderings_show_the_base_rate() -> None:
    one, two = profile(Runner(age_y=44), draws=DRAWS), profile(Runner(age_y=44), draws=DRAWS)
    assert one == two
    text = render_profile_text(one)
    assert f"{100 * one.base.mean:.0f} in 100 ({100 * one.base.low:.0f} to {100 * one.base.high:.0f})" in " ".join(
        text.split()
    )
    assert render_profile_json(one)["base"]["mean"] == one.base.mean
    assert "mi " in render_profile_text(one, "imperial").splitlines()[0]
