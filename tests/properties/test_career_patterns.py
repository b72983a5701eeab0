"""What a log shows by itself, and what may be tried: rules held on made-up logs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import career_world as world
from career_world import event, told
from charley.answers import trials
from charley.answers.history import belief as over_journal
from charley.answers.history import patterns
from charley.answers.history import rows as career_rows
from charley.answers.history.answer import usual_hard_run
from charley.answers.history.plan import Career
from charley.inference.design import RunRows
from charley.journal import trials as kept_trials
from charley.journal.store import open_store
from charley.vocabulary.errors import UsageError
from charley.vocabulary.journal import CONDITIONS, MEDICINES, Event
from charley.vocabulary.runner import Runner

SIDES = st.lists(st.sampled_from(["left", "right", "both", None]), max_size=14)


@pytest.fixture(scope="module")
def log() -> over_journal.Log:
    life = Career(Runner(), tuple(told(n) for n in range(9)), seed=3)
    return over_journal.gather(life, *career_rows.compute(life))


@given(SIDES)
def test_one_leg_needs_four_fifths_of_five(log: over_journal.Log, sides: list[str | None]) -> None:
    events = [replace(event("cramp", "night"), side=side) for side in sides]
    found = patterns.one_leg(log, events)
    named = [s for s in sides if s in ("left", "right")]
    most = max((named.count("left"), named.count("right")), default=0)
    assert (found is not None) == (len(named) >= 5 and most >= 0.8 * len(named))
    if found is not None:
        assert (found.same, found.told) == (most, len(named))


def with_events(log: over_journal.Log, number: int, *events: Event) -> over_journal.Log:
    runs = list(log.told)
    runs[number] = told(number, events)
    return replace(log, told=tuple(runs))


def test_three_kinds_of_cramps_are_counted_once_each(log: over_journal.Log) -> None:
    """A late one in a race: fatigue; in the night: nocturnal; ten minutes into an easy run: symptomatic."""
    some = with_events(log, 8, event("cramp", at_s=4000.0), event("cramp", "night"))
    some = with_events(some, 1, event("cramp", at_s=600.0))
    groups = {g.id: g.cramps for g in patterns.groups(some, (), ())}
    assert groups == {"fatigue": 1, "nocturnal": 1, "symptomatic": 1}
    noted = {g.id: g.note for g in patterns.groups(some, (), ("diuretic",))}
    assert "diuretic" in noted["symptomatic"]


def test_families_that_always_came_together_are_named(log: over_journal.Log) -> None:
    """Pace and heat that rise and fall together over all runs; then heat that goes its own way."""
    keys = log.table.keys
    assert patterns.races_against_training(log).inseparable == ()

    def made(pace: float, heat: float, run: RunRows) -> RunRows:
        x = np.zeros_like(run.covariates)
        x[:, :, keys.index("pace_excess")], x[:, :, keys.index("wbgt")] = pace, heat
        return replace(run, covariates=x)

    chosen = [i for i, t in enumerate(log.told) if t.row.elapsed_s >= 4000]
    life = [*range(3), *chosen, *chosen]
    rng = np.random.default_rng(1)
    strength = rng.uniform(0, 8, len(life))
    other = rng.uniform(0, 8, len(life))
    runs = tuple(log.told[i] for i in life)
    together = replace(
        log, told=runs, reports=tuple(log.reports[i] for i in life),
        rows=tuple(made(s, s, log.rows[i]) for i, s in zip(life, strength, strict=True)),
    )  # fmt: skip
    assert ("Pace and effort", "Heat, fluid, salt") in patterns.races_against_training(together).inseparable
    apart = replace(
        together, rows=tuple(made(s, o, log.rows[i]) for i, s, o in zip(life, strength, other, strict=True))
    )
    assert patterns.races_against_training(apart).inseparable == ()


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


@pytest.fixture(scope="module")
def belief() -> over_journal.Belief:
    runs = [told(n) for n in range(18)]
    runs[8], runs[17] = told(8, (event("cramp", at_s=3000.0),)), told(17, (event("cramp", at_s=3000.0),))
    life = Career(Runner(), tuple(runs), seed=3)
    return over_journal.believe(over_journal.gather(life, *career_rows.compute(life)), 1, draws=400)[0]


def test_more_runs_tell_more(belief: over_journal.Belief) -> None:
    """Information about a change grows with the runs, stays within the one bit that is asked, and so does power."""
    usual = usual_hard_run(belief)
    bits = [trials.information_bits(belief, usual, n) for n in (4, 8, 16, 32)]
    assert 0 < bits[0] < bits[1] < bits[2] < bits[3] < 1
    ratio, prior, p = trials.outcomes(belief, usual, 8)
    assert prior.sum() == pytest.approx(1)
    np.testing.assert_allclose(p.sum(axis=(1, 2)), 1, rtol=1e-9)  # each ratio's outcomes are all of them
    on = p[ratio == 0].sum(axis=(0, 2)) @ np.arange(5)
    off = p[ratio == 0].sum(axis=(0, 1)) @ np.arange(5)
    assert on == pytest.approx(off)  # no effect, no difference
    low = trials.runs_to_tell(belief, usual, 0.6, 0.5, 60)
    high = trials.runs_to_tell(belief, usual, 0.9, 0.8, 60)
    assert low is not None
    assert high is None or high >= low


def test_a_kept_plan_comes_back(belief: over_journal.Belief, tmp_path: Path) -> None:
    plan = trials.plan(belief, "salt", world.START, 8, seed=4)
    with open_store(tmp_path / "journal.sqlite", create=True) as store:
        assert kept_trials.latest(store) is None
        assert kept_trials.add(store, plan, "1") == replace(plan, id=1)
        assert kept_trials.latest(store) == kept_trials.latest(store, "salt") == replace(plan, id=1)
        assert kept_trials.latest(store, "shoes") is None


def test_a_change_that_ended_the_cramps_is_seen(belief: over_journal.Belief) -> None:
    """Twelve races after the plan, cramps in all six without the change and in none with it."""
    log = belief.log
    plan = replace(trials.plan(belief, "slower-start", world.START, 12, seed=2), made_at=log.told[-1].row.started_at)
    runs, rows, reports = list(log.told), list(log.rows), list(log.reports)
    for k, on in enumerate(plan.arms):
        day = log.told[-1].row.started_at + timedelta(days=k + 1)
        events = (event("none"),) if on else (event("cramp", at_s=3000.0),)
        runs.append(replace(log.told[8], row=replace(log.told[8].row, run_id=f"{k:064x}", started_at=day)))
        rows.append(replace(log.rows[8], run_id=runs[-1].row.run_id))
        reports.append(over_journal.possible(over_journal.report_of(told(8, events)), rows[-1]))
    longer = replace(log, told=tuple(runs), rows=tuple(rows), reports=tuple(reports))
    found = trials.result(replace(belief, log=longer), plan)
    assert (found.on_runs, found.on_cramped, found.off_runs, found.off_cramped, found.silent) == (6, 0, 6, 6, 0)
    assert found.verdict == "lower"
    assert found.difference.high < 0
