"""What a log shows by itself, and what may be tried: rules held on made-up logs."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from career_world import event, told
from charley.answers.history import patterns, tables
from charley.answers.history import rows as career_rows
from charley.answers.history.log import Log, gather
from charley.answers.history.plan import MUSCLES, Career
from charley.inference.design import Report, ReportKind, RunRows
from charley.vocabulary.journal import Event
from charley.vocabulary.runner import Runner

SAID = (Report(ReportKind.NONE), Report(ReportKind.EXACT, at_h=0.1))
SIDES = st.lists(st.sampled_from(["left", "right", "both", None]), max_size=14)


@pytest.fixture(scope="module")
def log() -> Log:
    life = Career(Runner(), tuple(told(n) for n in range(9)), seed=3)
    return gather(life, *career_rows.compute(life))


@given(SIDES)
def test_one_leg_is_seen_where_luck_does_not_explain_it(log: Log, sides: list[str | None]) -> None:
    """Each told side is a throw of a coin: both tails, so that four of five in one leg is no warning."""
    events = [replace(event("cramp", "night"), side=side) for side in sides]
    found = tables.leg_table(log, events)
    left, right = sides.count("left"), sides.count("right")
    assert (found.left, found.right) == (left, right)
    told, most = left + right, max(left, right)
    luck = 2 * sum(math.comb(told, k) for k in range(most, told + 1)) / 2**told
    assert found.by_chance == pytest.approx(min(1.0, luck))
    assert found.stands_out == (luck <= tables.LEG_ALPHA)
    if told == 5 and most == 4:
        assert not found.stands_out


def with_events(log: Log, number: int, *events: Event) -> Log:
    runs = list(log.told)
    runs[number] = told(number, events)
    return replace(log, told=tuple(runs))


def test_three_kinds_of_cramps_are_counted_once_each(log: Log) -> None:
    """A late one in a race: fatigue; in the night: nocturnal; ten minutes into an easy run: symptomatic."""
    some = with_events(log, 8, event("cramp", at_s=4000.0), event("cramp", "night"))
    some = with_events(some, 1, event("cramp", at_s=600.0))
    groups = {g.id: g.cramps for g in patterns.groups(some, (), ())}
    assert groups == {"fatigue": 1, "nocturnal": 1, "symptomatic": 1}
    noted = {g.id: g.note for g in patterns.groups(some, (), ("diuretic",))}
    assert "diuretic" in noted["symptomatic"]


def test_families_that_always_came_together_are_named(log: Log) -> None:
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
        log, told=runs, reports={m: tuple(log.reports[m][i] for i in life) for m in MUSCLES},
        rows=tuple(made(s, s, log.rows[i]) for i, s in zip(life, strength, strict=True)),
    )  # fmt: skip
    assert ("Pace and effort", "Heat, fluid, salt") in patterns.races_against_training(together).inseparable
    apart = replace(
        together, rows=tuple(made(s, o, log.rows[i]) for i, s, o in zip(life, strength, other, strict=True))
    )
    assert patterns.races_against_training(apart).inseparable == ()


def years(log: Log, runs: int) -> Log:
    """The runs of a log over and over, one every twelve hours; every fifth is said to have cramped."""
    which = [n % len(log.told) for n in range(runs)]
    start = log.told[0].row.started_at
    rows = [replace(log.told[n].row, started_at=start + timedelta(hours=12 * i)) for i, n in enumerate(which)]
    report = {m: tuple(SAID[i % 5 == 0] for i in range(runs)) for m in log.reports}
    return replace(
        log,
        told=tuple(replace(log.told[n], row=row) for n, row in zip(which, rows, strict=True)),
        rows=tuple(log.rows[n] for n in which),
        planned=tuple(log.planned[n] for n in which),
        reports=report,
    )


def test_the_weeks_before_a_run_are_summed_as_by_hand(log: Log) -> None:
    many = years(log, 200)
    runs = [t.row for t in many.told]
    month = timedelta(days=28)
    for i in (0, 1, 55, 56, 57, 199):
        before = [r.distance_m for r in runs if runs[i].started_at - month <= r.started_at < runs[i].started_at]
        assert many.four_weeks_m[i] == pytest.approx(sum(before))
    later = [many.four_weeks_m[i] for i, r in enumerate(runs) if r.started_at - runs[0].started_at > month]
    assert many.usual_four_weeks_m == pytest.approx(float(np.median(later)))


def test_thousands_of_runs_are_counted_too(log: Log) -> None:
    """By every run's own look at every other it would take days: this test would not end."""
    found = tables.plain_tables(years(log, 3000))
    assert found.tables
    for one in found.tables:
        assert one.beyond_runs + one.other_runs <= 3000
        assert one.beyond_cramped + one.other_cramped <= 600
