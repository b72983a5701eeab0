"""Trials of one change: who may try what, arms in random order, evidence that looking often does not spoil."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import career_world as world
from career_world import event, told
from charley.answers import trials
from charley.inference import trial
from charley.journal import trials as kept_trials
from charley.journal.store import open_store
from charley.vocabulary.errors import UsageError
from charley.vocabulary.history import Told
from charley.vocabulary.journal import CONDITIONS, MEDICINES

OUTCOMES = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=24)


@given(st.sets(st.sampled_from([*CONDITIONS, *MEDICINES])))
def test_sodium_is_refused_with_each_flag_and_only_with_one(named: set[str]) -> None:
    """Kidney, heart, blood pressure and its tablets, pregnancy, low sodium before: each of them is enough."""
    flagged = {"kidney", "heart", "high_blood_pressure", "pregnancy", "low_sodium_before"}
    flagged |= {"blood_pressure", "diuretic", "heart_rhythm"}
    refused = trials.refusal("salt", sorted(named))
    assert (refused is not None) == bool(named & flagged)
    assert trials.refusal("slower-start", sorted(named)) is None


@pytest.mark.parametrize("key", ["quinine", "magnesium", "more-drink", "", "salt "])
def test_no_medicine_and_nothing_unknown(key: str) -> None:
    with pytest.raises(UsageError) as error:
        trials.refusal(key, ())
    assert error.value.code == "trial-unknown"


@given(st.integers(4, 60), st.integers(0, 10_000))
def test_arms_are_balanced_in_each_block(runs: int, seed: int) -> None:
    quick = trials.arms(runs, seed, slow=False)
    assert len(quick) == runs
    for start in range(0, runs - 3, 4):
        assert sum(quick[start : start + 4]) == 2
    slow = trials.arms(runs, seed, slow=True)
    assert len(slow) == runs
    assert all(len(set(slow[s : s + 4])) == 1 for s in range(0, runs, 4))
    assert runs < 8 or set(slow) == {True, False}


@given(OUTCOMES.filter(lambda o: len(o) % trial.BLOCK == 0), st.integers(0, 99), st.floats(0.01, 0.99))
def test_a_fair_bet_gains_nothing_where_the_change_does_nothing(
    past: list[tuple[bool, bool]], seed: int, rate: float
) -> None:
    """Whatever came before, the evidence after the next block is on average no more than it was: all its outcomes
    summed by their probability under one rate for both arms (the definition of an e-value)."""
    arms = trial.randomised_arms(trial.BLOCK, seed)
    mean = 0.0
    for events in product((False, True), repeat=trial.BLOCK):
        probability = rate ** sum(events) * (1 - rate) ** (trial.BLOCK - sum(events))
        mean += probability * trial.evidence([*past, *zip(arms, events, strict=True)])
    assert mean <= trial.evidence(past) * (1 + 1e-9)


def test_arms_are_balanced_in_blocks_of_four_and_follow_the_seed() -> None:
    arms = trial.randomised_arms(22, seed=5)
    assert len(arms) == 22
    assert all(sum(arms[i : i + 4]) == 2 for i in range(0, 20, 4))
    assert arms == trial.randomised_arms(22, seed=5)
    assert arms != trial.randomised_arms(22, seed=6)


def test_luck_alone_seldom_tells_however_often_one_looks() -> None:
    """Ville's inequality: at one in two, no more than 1 of 20 trials of sixty runs ever shows evidence of 20."""
    rng = np.random.default_rng(4)
    told_wrongly = 0
    for n in range(200):
        outcomes = list(zip(trial.randomised_arms(60, n), (rng.random(60) < 0.5).tolist(), strict=True))
        told_wrongly += any(trial.evidence(outcomes[:stop]) >= 20 for stop in range(4, 61, 4))
    assert told_wrongly <= 10


def test_runs_to_see_a_halving_at_one_in_two() -> None:
    """58 an arm: the usual formula for two proportions, 5 in 100 both sides, power 80 in 100 (Fleiss 1981)."""
    assert trial.runs_an_arm(0.5, 0.25) == 58
    assert trial.runs_an_arm(0.3, 0.3) == np.inf


def test_more_runs_tell_more() -> None:
    """Information about a change grows with the runs and stays within the one bit that is asked."""
    bits = [trial.information_bits(0.4, n, 0.5) for n in (4, 8, 16, 32)]
    assert 0 < bits[0] < bits[1] < bits[2] < bits[3] < 1
    assert trial.information_bits(0.4, 8, 2.0) > bits[1], "a change that may do more is sooner seen"


@pytest.fixture(scope="module")
def past() -> tuple[Told, ...]:
    """Eighteen runs; both races cramped."""
    cramp = (event("cramp", at_s=3000.0),)
    return tuple(told(n, cramp if n in (8, 17) else (event("none"),)) for n in range(18))


def test_a_kept_plan_comes_back_and_ends_once(past: tuple[Told, ...], tmp_path: Path) -> None:
    plan = trials.plan(past, "salt", world.START, 8, seed=4)
    with open_store(tmp_path / "journal.sqlite", create=True) as store:
        assert kept_trials.latest(store) is None
        assert kept_trials.add(store, plan, "1") == replace(plan, id=1)
        assert kept_trials.latest(store) == kept_trials.latest(store, "salt") == replace(plan, id=1)
        assert kept_trials.latest(store, "shoes") is None
        kept_trials.end(store, 1, world.START + timedelta(days=9))
        kept_trials.end(store, 1, world.START + timedelta(days=20))
        assert kept_trials.latest(store) == replace(plan, id=1, ended_at=world.START + timedelta(days=9))


def _after(past: tuple[Told, ...], arms: tuple[bool, ...], word_on: str, word_off: str) -> tuple[Told, ...]:
    """The past and one run a day after it, each told by its arm."""
    like, day = past[8], past[-1].row.started_at
    added = [
        replace(
            told(8, (event(word_on if on else word_off),)),
            row=replace(like.row, run_id=f"{k:064x}", started_at=day + timedelta(days=k + 1)),
        )
        for k, on in enumerate(arms)
    ]
    return (*past, *added)


def test_a_change_that_ended_the_cramps_is_seen(past: tuple[Told, ...]) -> None:
    """Twelve runs after the plan, a twitch in all six without the change and in none with it; an ended trial counts
    no further run."""
    plan = replace(trials.plan(past, "slower-start", world.START, 12, seed=2), made_at=past[-1].row.started_at)
    longer = _after(past, plan.arms, "none", "twitch")
    found = trials.result(longer, plan)
    assert (found.done.on_runs, found.done.on_events, found.done.off_runs, found.done.off_events) == (6, 0, 6, 6)
    assert (found.silent, found.over, found.verdict) == (0, True, "lower")
    assert found.done.difference.high < 0
    ended = trials.result(longer, replace(plan, ended_at=plan.made_at + timedelta(days=4.5)))
    assert (ended.over, ended.done.on_runs + ended.done.off_runs) == (True, 4)
    same = trials.result(_after(past, plan.arms, "twitch", "twitch"), plan)
    assert same.verdict == "cannot_tell"
    assert same.done.evidence <= 1 + 1e-9
