"""Rows of many runs: the same as one by one, the same hazard as a single run's answer, and nothing made of silence."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

import career_world as world
from career_world import event, told
from charley import body
from charley.answers.history import belief as over_journal
from charley.answers.history import bodies as career_bodies
from charley.answers.history import cache, plan
from charley.answers.history import rows as career_rows
from charley.answers.history.answer import personal
from charley.answers.history.bodies import Bodies
from charley.answers.history.plan import Career, report_of, runner_prior
from charley.answers.one_run.answer import explain
from charley.answers.one_run.question import Question
from charley.inference import streaming
from charley.inference.design import ReportKind
from charley.inference.forecast import chance
from charley.vocabulary.errors import JournalError
from charley.vocabulary.journal import Prompt, Report
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
    assert len(career_rows.compute(changed, lambda keys: kept)[1].fresh) == 1
    answered = replace(life.runs[4], report=Report(life.runs[4].row.run_id, 1.0, (), (event("none"),)))
    same = replace(life, runs=(*life.runs[:4], answered, *life.runs[5:]))
    assert career_rows.compute(same, lambda keys: kept)[1].fresh == {}  # an answer changes no body


def test_a_run_whose_channels_are_lost_is_left_out_and_named(life: Career) -> None:
    def lost() -> Run:
        raise JournalError("journal-streams-lost", "gone", "x")

    broken = replace(life, runs=(*life.runs[:2], replace(life.runs[2], read=lost), *life.runs[3:]))
    planned, found = career_rows.compute(broken)
    assert found.skipped == (life.runs[2].row.run_id,)
    assert len(over_journal.gather(broken, planned, found).runs) == 8


@pytest.mark.parametrize("runner", [Runner(), Runner(mass_kg=70.0, history=CrampHistory(5, 10), sex="male")])
def test_before_any_log_the_chance_is_that_of_a_single_run(runner: Runner) -> None:
    """Two ways to the same number: rows under the engine's prior, and the answer for one file.

    They differ in the bodies drawn (8 against 500) and in where the baseline's uncertainty stands: a fifth is allowed.
    """
    life = Career(runner, tuple(told(n, effort="race") for n in (8, 17)), seed=5)
    planned, found = career_rows.compute(life)
    log = over_journal.gather(life, planned, found)
    studies = streaming.start(log.table, log.prior, draws=4000, seed=1)
    engine = float(chance(studies, log.rows[0]).mean())
    question = Question(
        world.run_of(8), None, replace(planned[0].runner, history=runner.history), Weather(), Intake(), "race", seed=2
    )
    single = explain(question).chance.mean
    assert engine == pytest.approx(single, rel=0.2)


def test_a_history_of_cramps_moves_the_class() -> None:
    plain, often = runner_prior(Runner()), runner_prior(Runner(history=CrampHistory(6, 10)))
    assert plain.class_probability[1] == pytest.approx(0.31, abs=0.02)  # the sourced share of prone runners
    assert often.class_probability[1] > 0.95


def test_reports() -> None:
    """The latest word is the journal's work; here: times, ranges, silence and the hours after."""
    exact = report_of(told(8, (event("cramp", at_s=3000.0), event("cramp", at_s=4000.0))))
    assert (exact.kind, exact.at_h, exact.further_h) == (ReportKind.EXACT, 3000 / 3600, (4000 / 3600,))
    somewhere = report_of(told(8, (event("cramp", to_s=5400.0),)))
    assert (somewhere.kind, somewhere.from_h, somewhere.to_h) == (ReportKind.INTERVAL, 0.0, None)
    assert report_of(told(8)).kind is ReportKind.NO_REPORT
    assert report_of(told(8)).asked is False
    prompt = Prompt(1, "run", world.START, None, "web", False)
    assert report_of(told(8, (), (prompt,))).asked is True
    assert report_of(told(8, (event("none"),))).kind is ReportKind.NONE
    assert report_of(told(8, (event("twitch", at_s=100.0),), (prompt,))).kind is ReportKind.TWITCH
    assert report_of(told(8, (event("twitch", at_s=100.0),))).kind is ReportKind.NONE  # no cramp, and not asked
    after = report_of(told(8, (event("none"), event("cramp", "night"), event("none", "after_0_1h"))))
    assert (after.kind, after.after) == (ReportKind.NONE, (False, None, True))


def test_a_cramp_while_standing_belongs_to_the_running_before_it(computed: career_rows.Computed) -> None:
    rows = computed.rows[8]
    assert rows is not None
    stood = rows.rows.log_h0.copy()
    stood[:, 50:55] = -np.inf
    standing = replace(rows.rows, log_h0=stood)
    report = over_journal.possible(report_of(told(8, (event("cramp", at_s=52.5 * 60),))), standing)
    assert report.at_h == pytest.approx(50 / 60)


def test_longest_recent_run_and_bests_are_of_the_time_before() -> None:
    """Thirty days and twelve weeks, counted back from each run; a race that cramped is no best."""
    runs = tuple(told(n) for n in range(45))
    cramped = told(17, (event("cramp", at_s=3000.0),))
    planned = plan.plan(Career(Runner(), (*runs[:17], cramped, *runs[18:])))
    for i, p in enumerate(planned):
        before = [t for t in runs[:i] if p.told.row.started_at - t.row.started_at <= timedelta(days=30)]
        longest = max((t.row.distance_m for t in before), default=None) if len(before) >= 3 else None
        assert p.runner.longest_run_30d_m == longest
    bests = {round(b.distance_m) for b in planned[40].runner.bests}
    races = {round(runs[n].row.distance_m) for n in (8, 26, 35)}  # 17 cramped; days 16 to 70 lie within twelve weeks
    assert bests == races
    assert [p.bodies for p in planned[:9]] == [8 if n % 3 == 0 or n == 8 else 16 for n in range(9)]


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


def test_the_more_easy_runs_the_fewer_bodies_each() -> None:
    """Bodies are taken evenly from the pool, so that their number divides it; and no run goes without."""
    found = [plan.easy_bodies(n) for n in range(3000)]
    assert sorted(found, reverse=True) == found
    assert all(bodies > 0 and career_bodies.POOL % bodies == 0 for bodies in set(found))
    assert (found[0], found[-1]) == (16, plan.LEAST_BODIES)


def test_the_bodies_of_easy_runs_hardly_move_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four bodies or thirty-two: the chance of an easy run moves, which family leads and how likely hardly does."""
    runs = [told(n, (event("none"),)) for n in range(18)]
    runs[8], runs[17] = told(8, (event("cramp", at_s=3000.0),)), told(17, (event("cramp", at_s=3000.0),))
    leads = []
    for bodies in (4, 32):
        monkeypatch.setattr(plan, "EASY_BODIES", ((10_000, bodies),))
        life = Career(Runner(), tuple(runs), seed=3)
        belief = over_journal.believe(over_journal.gather(life, *career_rows.compute(life)), 1, draws=400)[0]
        leads.append(belief.drivers.main_family)
    np.testing.assert_allclose(leads[0], leads[1], atol=0.1)  # the noise of 400 draws is 0.03


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
    belief = over_journal.believe(over_journal.gather(life, *career_rows.compute(life)), 1, draws=60)[0]
    learnt = {p.id: p for p in personal(belief, Bodies(life))}
    distances = [world.run_of(n).distance_m for n in easy]
    assert learnt["easy_distance"].estimate.mean == pytest.approx(np.mean(distances))
    assert learnt["easy_distance"].learnt_from == f"{len(easy)} runs that were not hard"
