"""Forecasts that are kept: sealed before the race, matched to it after it, and scored as the papers say."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import career_world as world
from charley.planning import ledger
from charley.vocabulary.history import Told
from charley.vocabulary.journal import Forecast
from charley.vocabulary.run import Run

RACE = 17  # the 17th run of the story is a race
TIMES = np.linspace(5000.0, 5800.0, ledger.QUANTILES.size)


def kept(number: int, run: Run, chance: float = 0.2, days_before: float = 1.0, **changes: object) -> Forecast:
    """A forecast of that run, made so many days before it."""
    said: dict[str, Any] = {
        "kind": ledger.KIND,
        "name": "River",
        "distance_m": run.distance_m,
        "chance": [chance, chance / 2, 2 * chance],
        "base_rate": 0.1,
        "finish_s": TIMES.tolist(),
    }
    detail = json.dumps({**said, "seal": ledger.sealed(said)})
    made = run.started_at - timedelta(days=days_before)
    planned = run.started_at.replace(hour=9, minute=0)
    f = Forecast(
        number, made, "race 1", None, "race: River", planned, run.distance_m, None, *said["chance"], detail,
    )  # fmt: skip
    return replace(f, **changes)  # type: ignore[arg-type]


def raced(cramped: bool | None = True) -> Told:
    """The race of the story, cramped or with "nothing", or with nothing said."""
    events = () if cramped is None else (world.event("cramp" if cramped else "none", at_s=3000.0 if cramped else None),)
    return world.told(RACE, events)


def test_the_interval_score_is_that_of_its_paper() -> None:
    # Gneiting and Raftery 2007, eq. 43, alpha = 0.2: width, and ten times the distance outside
    low, high = (float(np.interp(q, ledger.QUANTILES, TIMES)) for q in (0.1, 0.9))
    assert ledger.interval_score_s(TIMES, 5400.0) == pytest.approx(high - low)
    assert ledger.interval_score_s(TIMES, high + 30.0) == pytest.approx(high - low + 300.0)
    assert ledger.interval_score_s(TIMES, low - 7.0) == pytest.approx(high - low + 70.0)


def test_the_score_of_a_normal_forecast_is_that_of_its_closed_form() -> None:
    # Gneiting and Raftery 2007, eq. 5: sd (z (2 F(z) - 1) + 2 f(z) - 1/sqrt(pi)); 39 quantiles leave the tails out
    from statistics import NormalDist

    normal = NormalDist()
    quantiles = np.array([normal.inv_cdf(float(q)) for q in ledger.QUANTILES])
    for z in (-1.5, 0.0, 0.7):
        exact = z * (2 * normal.cdf(z) - 1) + 2 * normal.pdf(z) - 1 / np.sqrt(np.pi)
        assert ledger.crps_s(600.0 * quantiles, 600.0 * z) == pytest.approx(600.0 * exact, rel=0.06)


@pytest.mark.parametrize(("share", "races", "se"), [(0.5, 5, 0.22), (0.8, 5, 0.18)])
def test_five_races_say_little(share: float, races: int, se: float) -> None:
    # sqrt(p (1 - p) / 5)
    assert ledger.coverage_se(share, races) == pytest.approx(se, abs=0.005)


def test_a_kept_forecast_is_scored_against_the_run_of_its_day() -> None:
    run = world.run_of(RACE)
    found = ledger.ledger([kept(1, run)], [raced(cramped=True)])
    assert (found.races, found.timed) == (1, 1)
    assert found.brier == pytest.approx(0.64)  # (0.2 - 1)^2
    assert found.brier_base == pytest.approx(0.81)
    assert found.rows[0].finish_s == run.elapsed_s
    assert found.rows[0].cramped is True
    assert found.inside_80 == 1.0


def test_silence_is_not_no_cramp_but_the_time_counts() -> None:
    found = ledger.ledger([kept(1, world.run_of(RACE))], [raced(cramped=None)])
    assert (found.races, found.brier, found.timed) == (0, None, 1)


def test_the_latest_forecast_before_a_race_counts_and_one_after_it_never() -> None:
    run = world.run_of(RACE)
    early, late, after = kept(1, run, 0.5, 9.0), kept(2, run, 0.2, 1.0), kept(3, run, 0.99, -0.2)
    found = ledger.ledger([early, late, after], [raced(cramped=True)])
    assert found.brier == pytest.approx(0.64)
    assert [r.forecast_id for r in found.rows if r.run_id] == [2]


def test_two_names_for_one_race_are_one_race() -> None:
    run = world.run_of(RACE)
    found = ledger.ledger([kept(1, run), kept(2, run, name="race: unnamed")], [raced(cramped=True)])
    assert found.races == 1


def test_a_forecast_that_was_changed_is_said_so_and_not_counted() -> None:
    run = world.run_of(RACE)
    f = kept(1, run)
    said = json.loads(f.detail)
    for changed in (
        replace(f, detail=json.dumps({**said, "finish_s": (TIMES + 60.0).tolist()})),
        replace(f, chance_mean=0.9),
    ):
        found = ledger.ledger([changed], [raced(cramped=True)])
        assert (found.races, found.timed) == (0, 0)
        assert not found.rows[0].intact


def test_a_training_run_of_another_length_or_day_is_not_the_race() -> None:
    run = world.run_of(RACE)
    assert ledger.ledger([kept(1, run)], [world.told(3)]).rows[0].run_id is None
    far = kept(1, run, planned_at=run.started_at + timedelta(days=30))
    assert ledger.ledger([far], [raced()]).rows[0].run_id is None


@given(st.dictionaries(st.text(max_size=5), st.floats(allow_nan=False) | st.text(max_size=5), min_size=1))
def test_a_seal_knows_every_word_and_no_order(said: dict[str, object]) -> None:
    turned = dict(reversed(list(said.items())))
    assert ledger.sealed(said) == ledger.sealed(turned) == ledger.sealed({**said, "seal": "x"})
    key = next(iter(said))
    assert ledger.sealed({**said, key: "something else entirely"}) != ledger.sealed(said)
