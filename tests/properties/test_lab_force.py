"""An effort of a share of one's force gives that force, by more units and more drive the more is asked for."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from charley.lab import examination, measures
from charley.lab.force import active_force, drive_that_holds, maximal_force
from charley.lab.protocol import Before, Effort, ForceTest, Setup, Train
from charley.lab.session import Session
from charley.neuromuscular import SlowState, virtual_subjects
from charley.neuromuscular.protocol import Protocol

pytest.importorskip("numba", reason="the laboratory runs with Numba, the extra lab")

SHARES = (0.05, 0.2, 0.5, 0.8)
PEOPLE = (0, 1)
POINTS = 2.0  # per cent of the maximal voluntary force


@cache
def effort_of(share, index):
    """A calf at its neutral angle that holds a share of its force for four seconds."""
    effort = Effort(force=share, for_s=4.0, stop_at_cramp=False)
    return examination.examine(Setup(group="prone", ankle_deg=0.0, effort=effort, watch_s=0.5), 1, index)


def value(name, share, index):
    return measures.MEASURES[name].value(effort_of(share, index))


@pytest.mark.parametrize("index", PEOPLE)
@pytest.mark.parametrize("share", SHARES)
def test_the_force_is_the_one_that_was_asked_for(share, index):
    assert value("effort_held", share, index) == 1.0
    assert abs(value("effort_force_pct", share, index) - 100.0 * share) <= POINTS


@pytest.mark.parametrize("index", PEOPLE)
def test_more_force_takes_more_drive_and_more_units(index):
    drives = [sum(v for _, _, v in effort_of(share, index).session._efforts) for share in SHARES]
    units = [value("effort_units_pct", share, index) for share in SHARES]
    assert all(a < b for a, b in pairwise(drives))
    assert all(a <= b for a, b in pairwise(units))
    assert 0.0 < units[0] < units[-1] <= 100.0


@pytest.mark.parametrize("index", PEOPLE)
def test_units_are_recruited_in_order_of_size(index):
    """Who fires at a twentieth of the force is smaller than who joins at half of it (Henneman's order)."""
    fired = [
        set(measures.impulses(t, t.start_s, t.start_s + 4.0)[1].tolist())
        for t in (effort_of(share, index) for share in SHARES)
    ]
    early, late = fired[0], fired[2] - fired[0]
    assert np.mean([a < b for a in early for b in late]) > 0.75


def test_a_force_that_full_drive_cannot_hold_is_said_so():
    session = Session(virtual_subjects(1, 1, prone=True)[0], SlowState(), 1, 0.0, Protocol())
    found = drive_that_holds(session, 1.0, 21.0)
    assert not found.held
    assert sum(added for _, added in found.rises) == pytest.approx(1.0)


def test_drive_is_added_as_units_tire_and_the_mean_force_stays():
    session = Session(virtual_subjects(1, 1, prone=True)[0], SlowState(), 1, 0.0, Protocol())
    found = drive_that_holds(session, 0.4, 24.0)
    assert found.held
    assert len(found.rises) > 1
    assert [at_s for at_s, _ in found.rises] == sorted(at_s for at_s, _ in found.rises)
    assert all(added > 0.0 for _, added in found.rises)
    session.hold(0.0, 24.0, 0.4, found.rises)
    force = active_force(session, session.run(24_000)) / maximal_force(session)
    assert abs(float(force[100:].mean()) - 0.4) <= POINTS / 100.0


def test_a_blocked_nerve_gives_no_force_and_no_error():
    setup = Setup(group="prone", ankle_deg=0.0, block=("nerve",), effort=Effort(force=0.2, for_s=1.0), watch_s=0.5)
    found = examination.examine(setup, 1, 0)
    assert maximal_force(found.session) == pytest.approx(0.0, abs=1e-6)
    assert measures.MEASURES["effort_held"].value(found) == 0.0


def test_an_effort_that_says_neither_is_a_greatest_one():
    plain, full = (
        examination.examine(Setup(ankle_deg=0.0, effort=Effort(level=level, for_s=1.0), watch_s=0.0), 1, 0)
        for level in (None, 1.0)
    )
    assert [p.spike_ms.tolist() for p in plain.parts] == [p.spike_ms.tolist() for p in full.parts]


def test_a_stronger_effort_before_the_test_tires_more():
    fatigue = [
        examination.examine(Setup(ankle_deg=0.0, before=(Before(force=share, for_s=4.0),), watch_s=0.0), 1, 0)
        for share in (0.1, 0.5)
    ]
    assert 0.0 < fatigue[0].state.fast_fatigue < fatigue[1].state.fast_fatigue


@cache
def cramped(after_s, pulses=None, frequency_hz=40.0):
    """A short calf that cramps after a train (not after a slow one), asked for its force before, in and after it."""
    asked = None if after_s is None else ForceTest(after_s=after_s, pulses=pulses)
    trains = (Train(frequency_hz, for_s=2.0, at_s=0.5),)
    setup = Setup(group="prone", ankle_deg=-30.0, train=trains, watch_s=0.2, force_test=asked)
    return examination.examine(setup, 1, 1)


def forces(tested):
    return {
        f"{what} {when}": measures.MEASURES[f"{what}_{when}_pct"].value(tested)
        for what in ("evoked", "voluntary")
        for when in ("before", "onset", "after", "left")
    }


def test_who_is_asked_for_force_cramps_as_without():
    asked, plain = cramped(0.0), cramped(None)
    assert asked.cramped
    assert (asked.onset_s, asked.end_s) == (plain.onset_s, plain.end_s)
    assert [p.spike_ms.tolist() for p in asked.parts] == [p.spike_ms.tolist() for p in plain.parts]


def test_a_cramp_takes_force_and_rest_gives_some_of_it_back():
    now, later = forces(cramped(0.0)), forces(cramped(300.0))
    assert all(0.0 < value <= 100.0 for value in now.values())
    for what in ("evoked", "voluntary"):
        assert now[f"{what} after"] < now[f"{what} before"]
        assert now[f"{what} left"] < later[f"{what} left"]


def test_a_twitch_is_smaller_than_a_train_and_stands_on_the_cramp():
    twitch, train = forces(cramped(0.0, pulses=1)), forces(cramped(0.0))
    assert 0.0 < twitch["evoked before"] < 0.5 * train["evoked before"]
    assert twitch["evoked onset"] > twitch["evoked before"]


def test_without_a_cramp_force_stays():
    tested = cramped(10.0, frequency_hz=2.0)
    assert not tested.cramped
    found = forces(tested)
    assert np.isnan(found["evoked onset"])
    assert found["evoked left"] == pytest.approx(100.0, abs=2.0)
    assert found["voluntary left"] == pytest.approx(100.0, abs=4.0)
