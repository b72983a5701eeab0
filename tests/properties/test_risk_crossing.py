"""What the studies leave open, crossed with who the runner may be: the mean stays, the range is of studies alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charley.risk.crossing import Lived, cross, spread_evenly
from charley.risk.draws import HazardDraws
from charley.risk.hazard import RunHazard, expose
from charley.risk.person import describe
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.runner import Runner
from risk_world import worlds

BINS, BODIES = 60, 1600
DRAWS = worlds(BODIES, "either")


def marathon(draws: HazardDraws, effective_km: float = 42.195, spread: float = 0.0) -> Lived:
    """A raced marathon in heat and above own level, more or less so by body; ``spread`` of its effective distance."""
    rng = np.random.default_rng(4)
    metres = np.linspace(0.0, 42_195.0, BINS + 1)[1:]
    of_each = rng.normal(0.0, 1.0, draws.draws)
    effective = effective_km * 1000.0 * np.exp(spread * np.abs(rng.normal(0.0, 1.0, draws.draws)))
    heat = np.ones((BINS, 1)) * (24.0 + 3.0 * of_each)
    above = np.ones((BINS, 1)) * 2.0 * rng.normal(0.0, 1.0, draws.draws)
    return Lived(
        metres * 0.3, metres, metres[:, None] * np.ones(draws.draws), effective,
        {"pace_excess": np.maximum(above, 0.0), "wbgt": np.maximum(heat - 20.0, 0.0)},
        {"pace_excess": above, "heat": heat}, np.ones(draws.draws, dtype=bool),
    )  # fmt: skip


def one_by_one(run: Lived, draws: HazardDraws) -> RunHazard:
    """Each body in a world of its own, minute by minute: what the crossing must not move the mean of."""
    exposure = expose(
        run.time_s, run.distance_m, run.flat_distance_m, run.effective_distance_m, run.covariates, draws,
        run.stressors, run.raced,
    )  # fmt: skip
    return RunHazard(exposure, describe(Runner(), draws), draws)


@pytest.mark.parametrize(("effective_km", "spread"), [(42.195, 0.0), (45.0, 0.3)])
def test_the_mean_stays_and_the_range_narrows(effective_km: float, spread: float) -> None:
    run = marathon(DRAWS, effective_km, spread)
    plain, crossed = one_by_one(run, DRAWS).chance, cross(run, Runner(), DRAWS).hazard.chance
    error = np.hypot(plain.std() / np.sqrt(plain.size), crossed.std() / np.sqrt(crossed.size))
    assert crossed.mean() == pytest.approx(plain.mean(), abs=4 * error)
    before, after = Estimate.from_draws(plain), Estimate.from_draws(crossed)
    assert after.high - after.low < 0.75 * (before.high - before.low)
    assert after.low < after.mean < after.high


def test_people_who_do_not_differ_give_each_world_its_own_chance() -> None:
    """With one body, one trigger and one background for all, nothing is left to average."""
    first = np.zeros(BODIES, dtype=np.intp)
    alike = DRAWS.crossed(np.arange(BODIES), first)
    run = marathon(alike).of(first)
    each, crossed = one_by_one(run, alike).chance, cross(run, Runner(), alike).hazard
    np.testing.assert_allclose(crossed.chance, each[: crossed.chance.size], rtol=1e-9)
    np.testing.assert_allclose(crossed.over_people(crossed.chance_of_each**2), crossed.chance**2, rtol=1e-9)


def test_studies_that_leave_nothing_open_leave_a_narrow_range_and_people_who_differ() -> None:
    """One world for all: what is left of the range is how unevenly its people were met."""
    one = DRAWS.crossed(np.zeros(BODIES, dtype=np.intp), np.arange(BODIES))
    found = cross(marathon(one), Runner(), one)
    low, high = found.hazard.least_and_most(found.person)
    said = Estimate.from_draws(found.hazard.chance)
    assert said.high - said.low < 0.1 * (high - low)
    assert low < said.mean < high


def test_shares_are_of_the_cramps_that_come() -> None:
    """Of people of whom one always cramps of a cause and others hardly ever, it is the cause of most cramps."""
    found = cross(marathon(DRAWS), Runner(), DRAWS).hazard
    shares = found.preventable({"wbgt"})
    assert shares.shape == found.chance.shape
    single = replace(found, people=1)
    by_hand = np.average(
        single.preventable({"wbgt"}).reshape(-1, found.people), axis=1, weights=single.chance.reshape(-1, found.people)
    )
    np.testing.assert_allclose(shares, by_hand, rtol=1e-9)
    assert shares.mean() > single.preventable({"wbgt"}).mean()  # who has the trigger cramps more often


def test_the_rate_among_those_without_a_cramp_so_far_adds_up_to_the_chance() -> None:
    found = cross(marathon(DRAWS), Runner(), DRAWS).hazard
    track = found.rate()
    hours = np.diff(track.time_s, prepend=0.0) / 3600
    chance = 1 - np.exp(-(track.rate_per_h * hours).sum())
    assert chance == pytest.approx(found.chance.mean(), rel=0.05)  # a mean of rates against a mean of chances


@given(bodies=st.integers(40, 700), worlds_=st.integers(1, 90), people=st.integers(1, 40), seed=st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_each_world_meets_the_prone_and_the_others(bodies: int, worlds_: int, people: int, seed: int) -> None:
    """Each world meets one of each of so many groups of equal size, from the least prone to the most."""
    proneness = np.random.default_rng(seed).random(bodies)
    met = spread_evenly(proneness, worlds_, people).reshape(worlds_, people)
    rank = np.argsort(np.argsort(proneness))[met]
    expected = (np.arange(people) + 0.5) * bodies / people
    assert (np.abs(rank - expected) <= 0.5 * bodies / people + 1).all()


def test_blocks_hold_the_moment_asked_about() -> None:
    run = marathon(DRAWS)
    at = float(run.time_s[37])
    assert at in run.blocks(24, at).time_s
    assert run.blocks(24, at).time_s[-1] == run.time_s[-1]
    whole = run.blocks(BINS, float("inf"))
    np.testing.assert_allclose(whole.covariates["wbgt"], run.covariates["wbgt"])
