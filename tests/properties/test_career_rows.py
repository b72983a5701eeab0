"""Rows of many runs: the same as one by one, the same hazard as a single run's answer, and nothing made of silence."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

import career_world as world
from career_world import event, told
from charley import body
from charley.answers.history import cache, plan
from charley.answers.history import rows as career_rows
from charley.answers.history.answer import personal
from charley.answers.history.bodies import Bodies
from charley.answers.history.log import gather, possible
from charley.answers.history.plan import CALF, OTHER, Career, after_of, reports_of, runner_prior
from charley.answers.history.studies import studies
from charley.answers.one_run.answer import explain
from charley.answers.one_run.question import Question
from charley.inference import design as report
from charley.inference.design import ReportKind
from charley.parallel import copies
from charley.risk.hazard import over_people
from charley.vocabulary.errors import JournalError
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.journal import Prompt, Report
from charley.vocabulary.progress import Progress
from charley.vocabulary.run import Run
from charley.vocabulary.runner import CrampHistory, Intake, Runner, Weather


@pytest.fixture(scope="module")
def life() -> Career:
    return Career(Runner(mass_kg=70.0), tuple(told(n) for n in range(9)), seed=3)


@pytest.fixture(scope="module")
def computed(life: Career) -> career_rows.Computed:
    return career_rows.compute(life)[1]


def test_side_by_side_is_one_by_one(
    life: Career, computed: career_rows.Computed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Filling up with rest, and other runs' columns, change nothing in a run's own rows.

    The reference run of a batch lasts as long as its slowest needs; states are read by distance, so the rest is equal.
    """
    monkeypatch.setattr(career_rows, "COLUMNS", 1)
    alone = career_rows.compute(life)[1]
    for one, other in zip(alone.rows, computed.rows, strict=True):
        assert one is not None
        assert other is not None
        assert one.keys == other.keys
        np.testing.assert_allclose(one.rows.covariates, other.rows.covariates, rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(one.rows.log_h0, other.rows.log_h0, rtol=1e-5)
        assert one.rows.hard == other.rows.hard


def test_rows_come_back_as_they_were_kept(computed: career_rows.Computed) -> None:
    for rows in computed.rows:
        assert rows is not None
        again = cache.unpack_rows(cache.pack_rows(rows))
        np.testing.assert_array_equal(again.rows.covariates, rows.rows.covariates)
        np.testing.assert_array_equal(again.rows.log_h0, rows.rows.log_h0)
        assert (again.rows.run_id, again.rows.hard, again.keys) == (rows.rows.run_id, rows.rows.hard, rows.keys)
    with pytest.raises(ValueError, match="do not begin"):
        cache.unpack_rows(zlib.compress(b"something else"))


def test_only_what_changed_is_computed_anew(life: Career, computed: career_rows.Computed) -> None:
    kept = dict(computed.fresh)
    assert career_rows.compute(life, lambda keys: kept)[1].fresh == {}
    warm = replace(life.runs[4], weather=Weather(air_temp_c=28.0))
    changed = replace(life, runs=(*life.runs[:4], warm, *life.runs[5:]))
    # that run, and those of the six weeks after it, whose acclimation to heat stands on its air
    assert len(career_rows.compute(changed, lambda keys: kept)[1].fresh) == len(life.runs) - 4
    answered = replace(life.runs[4], report=Report(life.runs[4].row.run_id, 1.0, (), (event("none"),)))
    same = replace(life, runs=(*life.runs[:4], answered, *life.runs[5:]))
    assert career_rows.compute(same, lambda keys: kept)[1].fresh == {}  # an answer changes no body


def test_who_is_ended_goes_on_from_what_was_kept(
    life: Career, computed: career_rows.Computed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Years of runs take minutes: what is computed is kept a few runs at a time, and told."""
    monkeypatch.setattr(career_rows, "COLUMNS", 1)
    monkeypatch.setattr(career_rows, "TOGETHER", 3)
    kept: dict[str, bytes] = {}
    heard: list[Progress] = []

    def keep(some: Mapping[str, bytes]) -> None:
        kept.update(some)
        if len(kept) > 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        career_rows.compute(life, keep=keep, tell=heard.append)
    assert [(p.stage, p.done, p.of) for p in heard] == [("runs", n, 9) for n in (0, 3)]
    assert [p.share for p in heard] == pytest.approx([0.6 * n / 9 for n in (0, 3)])
    rest = career_rows.compute(life, lambda keys: kept)[1]
    assert set(rest.fresh) == set(computed.fresh) - set(kept)
    assert len(rest.fresh) == 3


def test_copies_of_the_process_compute_the_same(
    life: Career, computed: career_rows.Computed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(career_rows, "TOGETHER", 3)
    monkeypatch.setattr(copies, "processors", lambda: 2)
    monkeypatch.setattr(copies, "can_copy", lambda: True)
    opened: list[int] = []

    @contextmanager
    def held_open() -> Iterator[None]:
        opened.append(os.getpid())
        yield

    shared = career_rows.compute(life, held_open=held_open)[1]
    assert shared.fresh == computed.fresh
    assert len(opened) == 1  # here only the bodies were prepared: the runs were worked out by the copies


def test_a_run_whose_channels_are_lost_is_left_out_and_named(life: Career) -> None:
    def lost() -> Run:
        raise JournalError("journal-streams-lost", "gone", "x")

    broken = replace(life, runs=(*life.runs[:2], replace(life.runs[2], read=lost), *life.runs[3:]))
    planned, found = career_rows.compute(broken)
    assert found.skipped == (life.runs[2].row.run_id,)
    assert len(gather(broken, planned, found).rows) == 8


@pytest.mark.parametrize("runner", [Runner(), Runner(mass_kg=70.0, history=CrampHistory(5, 10), sex="male")])
def test_before_any_log_the_chance_is_that_of_a_single_run(runner: Runner) -> None:
    """Two ways to the same figure, mean and range: rows under the engine's prior, and the answer for one file.

    They differ in the bodies drawn (8 against 500), in where the baseline's uncertainty stands, and in that the log
    knows two kinds of muscle with triggers of their own, which add up where one is strong: two fifths of the mean are
    allowed. Rows have how risk grows with distance at its mean, so that away from the marathon their range is the
    narrower one; over the marathon both are compared in ``test_race_studies``.
    """
    life = Career(runner, tuple(told(n, effort="race") for n in (8, 17)), seed=5)
    planned, found = career_rows.compute(life)
    log = gather(life, planned, found)
    engine = Estimate.from_draws(over_people(studies(log.table, log.priors, 96).chance(log.rows[0]), 96))
    question = Question(
        world.run_of(8),
        None,
        replace(planned[0].runner, history=runner.history),
        Weather(),
        Intake(),
        "race",
        draws=2000,
        seed=2,
    )
    single = explain(question).chance
    assert engine.mean == pytest.approx(single.mean, rel=0.4)
    assert engine.low < engine.mean < engine.high
    assert engine.high - engine.low < 1.2 * (single.high - single.low)
    assert engine.high == pytest.approx(single.high, abs=0.4 * single.mean)


def test_a_history_of_cramps_moves_the_class() -> None:
    plain, often = runner_prior(Runner(), CALF), runner_prior(Runner(history=CrampHistory(6, 10)), CALF)
    assert plain.class_probability[1] == pytest.approx(0.31, abs=0.02)  # the sourced share of prone runners
    assert often.class_probability[1] > 0.8


def test_reports() -> None:
    """The latest word is the journal's work; here: times, ranges, muscles, silence and the hours after."""

    def calf(*said: Any) -> report.Report:
        return reports_of(told(*said))[CALF]

    exact = calf(8, (event("cramp", at_s=3000.0), event("cramp", at_s=4000.0)))
    assert (exact.kind, exact.at_h, exact.further_h) == (ReportKind.EXACT, 3000 / 3600, (4000 / 3600,))
    somewhere = calf(8, (event("cramp", to_s=5400.0),))
    assert (somewhere.kind, somewhere.from_h, somewhere.to_h) == (ReportKind.INTERVAL, 0.0, None)
    assert calf(8).kind is ReportKind.NO_REPORT
    assert calf(8).asked is False
    prompt = Prompt(1, "run", world.START, None, "web", False)
    assert calf(8, (), (prompt,)).asked is True
    assert calf(8, (event("none"),)).kind is ReportKind.NONE
    assert calf(8, (event("twitch", at_s=100.0),), (prompt,)).kind is ReportKind.TWITCH
    assert calf(8, (event("twitch", at_s=100.0),)).kind is ReportKind.NONE  # no cramp, and not asked
    later = (event("none"), event("cramp", "night"), event("none", "after_0_1h"))
    assert calf(8, later).kind is ReportKind.NONE
    assert after_of(told(8, later)) == (False, None, True)


def test_a_hamstring_says_nothing_of_the_calf_but_that_it_did_not_cramp_so_far() -> None:
    """A cramp of another muscle ends what is known of the calf in that run; it is no cramp of the calf."""
    said = reports_of(told(8, (replace(event("cramp", at_s=3000.0), muscle="hamstring"),)))
    assert said[OTHER].kind is ReportKind.EXACT
    assert (said[CALF].kind, said[CALF].until_h) == (ReportKind.NONE, 3000 / 3600)


def test_a_cramp_while_standing_belongs_to_the_running_before_it(computed: career_rows.Computed) -> None:
    rows = computed.rows[8]
    assert rows is not None
    stood = rows.rows.log_h0.copy()
    stood[:, 50:55] = -np.inf
    standing = replace(rows.rows, log_h0=stood)
    report = possible(reports_of(told(8, (event("cramp", at_s=52.5 * 60),)))[CALF], standing)
    assert report.at_h == pytest.approx(50 / 60)


def test_longest_recent_run_and_races_are_of_the_time_before_and_blind_to_cramps() -> None:
    """Thirty days and a year, counted back from each run; a race counts whether or not it cramped."""
    runs = tuple(told(n) for n in range(45))
    cramped = told(17, (event("cramp", at_s=3000.0),))
    planned = plan.plan(Career(Runner(), (*runs[:17], cramped, *runs[18:])))
    for i, p in enumerate(planned):
        before = [t for t in runs[:i] if p.told.row.started_at - t.row.started_at <= timedelta(days=30)]
        longest = max((t.row.distance_m for t in before), default=None) if len(before) >= 3 else None
        assert p.runner.longest_run_30d_m == longest
    raced = tuple(replace(t, effort="race" if n % 9 == 8 else None) for n, t in enumerate(runs))
    assert plan.plan(Career(Runner(), raced))[40].races == (8, 17, 26, 35)
    same = plan.plan(Career(Runner(), runs))
    assert [p.key for p in planned] == [p.key for p in same]  # what was said of cramps moves no row
    assert [p.bodies for p in planned[:9]] == [8 if n % 3 == 0 or n == 8 else 4 for n in range(9)]


@pytest.mark.parametrize(
    ("earlier", "hours"),  # days before the run, and hours, of the runs of that month
    [
        (((2, 1.0), (2, 3.0), (9, 5.0)), 3.0),  # the longer one of the last three days; what is older does not count
        (((4, 5.0), (6, 1.0), (9, 1.0)), 0.0),  # rested for more than three days
        (((2, 3.0), (40, 1.0)), None),  # too few runs in 30 days to say that the journal holds what was run
    ],
)
def test_hard_legs_are_the_longest_session_of_the_last_three_days(
    earlier: tuple[tuple[float, float], ...], hours: float | None
) -> None:
    """The prior P12 counts hours of the longest run of the last three days."""
    now = world.START + timedelta(days=60)
    runs = [
        replace(one, row=replace(one.row, started_at=now - timedelta(days=days), elapsed_s=3600.0 * hours))
        for one, (days, hours) in ((told(i), day) for i, day in enumerate((*earlier, (0, 1.0))))
    ]
    runs.sort(key=lambda one: one.row.started_at)
    about = dict(plan.plan(Career(Runner(), tuple(runs)))[-1].runner.about)
    assert about.get("muscle_damage_recent") == hours


def test_the_bodies_of_easy_runs_hardly_move_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four bodies or thirty-two: the chance of an easy run moves, what is said of the families hardly does."""
    runs = [told(n, (event("none"),)) for n in range(18)]
    runs[8], runs[17] = told(8, (event("cramp", at_s=3000.0),)), told(17, (event("cramp", at_s=3000.0),))
    shares = []
    for bodies in (4, 32):
        monkeypatch.setattr(plan, "EASY_BODIES", bodies)
        shares.append(world.belief_of(Career(Runner(), tuple(runs), seed=3), 1200).drivers.family.mean(axis=0))
    np.testing.assert_allclose(shares[0], shares[1], atol=0.1)  # the noise of 1,200 draws is 0.03


def test_scales_that_show_what_the_model_says_leave_it_as_it_was() -> None:
    """Breath, burnt carbon and all that was drunk are taken off a weighing before it is called sweat.

    A runner who loses just what the model expects, with half a litre drunk, sweats just as the model expects.
    """
    drunk = Intake(drink_l=0.5)
    expected = Bodies(Career(Runner(mass_kg=70.0), (told(0, intake=drunk, weighed_loss_kg=1.0),), seed=3))
    ((course, _, model),) = expected.weighed_rates(expected.unweighed)
    states = body.simulate(course, expected.unweighed)
    lost_kg = -float(states.mass_change_kg[-1].mean())
    life = Career(Runner(mass_kg=70.0), (told(0, intake=drunk, weighed_loss_kg=lost_kg),), seed=3)
    ((_, weighed, again),) = Bodies(life).weighed_rates(expected.unweighed)
    assert again == model
    assert weighed == pytest.approx(model, rel=1e-6)


@pytest.mark.parametrize(("runs", "easy"), [(8, (1, 2, 4, 5, 7)), (9, tuple(range(8)))])
def test_the_usual_easy_run_is_made_of_runs_that_were_not_hard(runs: int, easy: tuple[int, ...]) -> None:
    """Without a race (the ninth run is one) the long runs are what is hard here: runs 0, 3 and 6 last 95 min."""
    life = Career(Runner(mass_kg=70.0), tuple(told(n, (event("none"),)) for n in range(runs)), seed=3)
    belief = world.belief_of(life, 60)
    learnt = {p.id: p for p in personal(belief, Bodies(life))}
    distances = [world.run_of(n).distance_m for n in easy]
    assert learnt["easy_distance"].estimate.mean == pytest.approx(np.mean(distances))
    assert learnt["easy_distance"].learnt_from == f"{len(easy)} runs that were not hard"
