"""One person on the bench: the same seed the same figures on any number of processes, and a clock without holes."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from charley.lab import examination, measures, subjects
from charley.lab.protocol import Before, Effort, Inhibit, Ramp, Setup, Sip, Stretch
from charley.lab.protocol import Train as TrainRow
from charley.lab.reading import read_values
from charley.lab.run import run
from charley.lab.session import Session
from charley.neuromuscular import SlowState, Subject
from charley.neuromuscular.protocol import Protocol, Train
from charley.neuromuscular.threshold import RampProtocol, threshold_frequency

pytest.importorskip("numba", reason="the laboratory runs with Numba, the extra lab")

FOOT = Setup(muscle="abductor_hallucis", group="prone", ramp=Ramp(start_hz=10.0, step_hz=4.0))
CALF = Setup(group="prone", train=(TrainRow(30.0, at_s=0.0),))


@pytest.mark.parametrize("index", [0, 1])
@pytest.mark.parametrize("blocked", [False, True])
def test_the_ramp_is_that_of_the_motor_pool(index, blocked):
    """The closed-loop session and the pool's own ramp agree to the last window: same threshold, same duration."""
    setup = replace(FOOT, block=("nerve",) if blocked else ())
    found = examination.examine(setup, 1, index)
    ramp = RampProtocol(start_hz=10.0, step_hz=4.0, blocked=blocked)
    direct = threshold_frequency(
        subjects.person(setup, 1, index), subjects.slow_state(setup), ramp, subjects.noise_seed(1, index, 1)
    )
    assert found.threshold_hz == direct.frequency_hz
    assert found.end_s - found.onset_s == direct.cramp_duration_s


def test_any_number_of_processes_gives_the_same_figures():
    values = {
        "title": "a test",
        "muscle": "abductor hallucis",
        "subjects": 3,
        "ramp": {"start_hz": 12, "step_hz": 6},
        "conditions": {"whole": {}, "blocked": {"block": "nerve"}},
    }
    protocol = read_values(values, "mine.toml", "mine")
    alone, together = run(protocol, workers=1), run(protocol, workers=2)
    assert alone.conditions == together.conditions
    assert alone.outcomes == together.outcomes
    assert run(protocol, seed=2).conditions != alone.conditions


def test_people_are_the_same_in_every_condition_and_the_first_of_many_are_the_few():
    few = [subjects.person(replace(FOOT, subjects=3), 7, k) for k in range(3)]
    assert few == [subjects.person(replace(FOOT, subjects=30, pain=1.0, day=2), 7, k) for k in range(3)]
    assert len({p.excitability_mv for p in few}) == 3


def test_groups_differ_in_who_they_are():
    drawn = {
        g: [subjects.person(replace(CALF, group=g), 3, k) for k in range(40)] for g in ("prone", "not prone", "mixed")
    }
    assert all(p.prone for p in drawn["prone"])
    assert not any(p.prone for p in drawn["not prone"])
    assert 2 <= sum(p.prone for p in drawn["mixed"]) <= 25
    shares = [
        subjects.person(replace(CALF, group="mixed", prone_share=s), 3, k).prone for s in (0.0, 1.0) for k in range(9)
    ]
    assert shares == [False] * 9 + [True] * 9


def test_the_record_has_no_hole_and_rests_are_silent():
    found = examination.examine(
        replace(FOOT, before=(Before(effort=0.5, for_s=2.0), Before(rest_min=2.0))), 1, 0, keep=True
    )
    parts = found.parts
    assert any(p.skipped for p in parts)
    for earlier, later in pairwise(parts):
        assert earlier.end_ms == later.start_ms
    for part in parts:
        assert (part.spike_ms >= part.start_ms).all()
        assert (part.spike_ms < part.end_ms).all()
        if part.skipped:
            assert len(part.spike_ms) == 0


def test_asking_whether_it_would_go_on_changes_nothing():
    def record(ask):
        session = Session(Subject(), SlowState(), 5, -30.0, Protocol())
        session.effort(0.0, 3.0, 1.0)
        session.run_to(2.0)
        asked = [session.would_go_on(500, 500, 2, 0.6) for _ in range(2)] if ask else []
        session.run_to(5.0)
        return [p.spike_ms for p in session.parts], asked

    (plain, _), (asked, answers) = record(False), record(True)
    assert answers[0] == answers[1]
    np.testing.assert_array_equal(np.concatenate(plain), np.concatenate(asked))


def test_events_come_after_the_onset_they_wait_for():
    setup = replace(
        CALF,
        stretch=(Stretch(15.0, after_onset_s=4.0),),
        sip=(Sip("pickle juice", after_onset_s=2.0),),
        inhibit=(Inhibit(0.02, for_s=0.5, after_onset_s=3.0),),
    )
    found = examination.examine(setup, 1, 0)
    assert found.cramped
    at = {m.kind: m.start_s for m in found.session.marks}
    assert at["sip"] == pytest.approx(found.onset_s + 2.0)
    assert at["inhibit"] == pytest.approx(found.onset_s + 3.0)
    assert at["stretch"] == pytest.approx(found.onset_s + 4.0)


def test_without_a_cramp_what_waits_for_one_never_comes():
    setup = Setup(group="not prone", train=(TrainRow(5.0, at_s=0.0),), stretch=(Stretch(15.0, after_onset_s=1.0),))
    found = examination.examine(setup, 1, 0)
    assert not found.cramped
    assert not [m for m in found.session.marks if m.kind == "stretch"]
    assert math.isnan(measures.MEASURES["relief_s"].value(found))


def test_an_effort_ends_at_the_cramp_or_at_its_time():
    reluctant = examination.examine(
        Setup(group="not prone", effort=Effort(level=0.02, for_s=6.0, check_every_s=2.0)), 1, 0
    )
    marks = [m for m in reluctant.session.marks if m.kind == "effort"]
    assert not reluctant.cramped
    assert marks[0].end_s - marks[0].start_s == pytest.approx(6.0)


def test_every_measure_has_a_value_or_none_for_a_cramp():
    setup = replace(CALF, follow_s=20.0, stretch=(Stretch(15.0, after_onset_s=5.0),))
    found = examination.examine(setup, 1, 0)
    for name, kind in measures.MEASURES.items():
        values = np.atleast_1d(np.asarray(kind.value(found), dtype=float))
        assert np.isfinite(values).all() or np.isnan(values).all(), name
    assert measures.MEASURES["cramped"].value(found) == 1.0


def test_current_recruits_sensory_axons_before_motor_ones():
    previous = (0.0, 0.0)
    for current in range(10, 160, 10):
        motor, sensory = examination.shares(TrainRow(10.0, current_pct=float(current)))
        assert 0.0 < motor < sensory < 1.0
        assert motor > previous[0]
        assert sensory > previous[1]
        previous = (motor, sensory)
    assert examination.shares(TrainRow(10.0, current_pct=100.0))[0] == pytest.approx(0.5)


def test_a_train_that_is_given_is_the_train_that_is_recorded():
    session = Session(Subject(), SlowState(), 1, None, Protocol())
    session.train(Train(0.1, 0.5, 20.0))
    session.run(800)
    assert [(m.kind, m.start_s, m.end_s) for m in session.marks] == [("train", 0.1, 0.6)]
    assert session.angle_deg == session.p.test_angle_deg
