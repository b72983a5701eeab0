"""Each mechanism by itself: signs, limits and what is conserved. The oracle of each test is said in it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from charley.evidence import parameters
from charley.neuromuscular import (
    Subject,
    after_days,
    after_sessions,
    constants,
    excitability,
    flow,
    ion_shift_mv,
    muscle,
    muscles,
    passive_length,
    reference,
    reflex_loop,
    renshaw,
    spindle,
    tendon_organ,
    terminals,
    virtual_subjects,
)
from charley.neuromuscular import layout as at
from charley.neuromuscular.pool import Pool
from charley.neuromuscular.protocol import Protocol, Train
from charley.neuromuscular.simulate import simulate
from charley.neuromuscular.temperature import rate_factor

P = constants()
LENGTHS = st.floats(0.45, 1.2)
UNIT = st.floats(0.0, 1.0)


@given(load=st.floats(0.0, 2.0), active=st.floats(0.01, 1.0))
def test_a_muscle_shortens_under_a_smaller_load_and_gives_way_under_a_larger_one(load, active):
    """Hill's curve: sign of the velocity, its limits, and the load that it gives back (an independent evaluation)."""
    v = muscle.hill_velocity(P, load, active)
    assert np.sign(round(v, 12)) in (0.0, np.sign(load - active))
    u, k = v / P.hill_speed, P.hill_curvature
    assert -1.0 <= u <= 1.0
    if -1.0 < u < 1.0:
        c = (P.hill_lengthening_limit - 1.0) / (1.0 + 1.0 / k)
        factor = (1.0 + u) / (1.0 - u / k) if u < 0 else 1.0 + (P.hill_lengthening_limit - 1.0) * u / (u + c)
        assert active * factor + P.hill_damping * u == pytest.approx(load, abs=1e-9)


@given(active=st.floats(0.05, 1.0))
def test_force_velocity_is_smooth_through_zero_speed(active):
    step = 1e-6
    below = muscle.hill_velocity(P, active - step, active) / -step
    above = muscle.hill_velocity(P, active + step, active) / step
    assert below == pytest.approx(above, rel=1e-3)


@given(a=LENGTHS, b=LENGTHS)
def test_passive_force_never_falls_with_length_and_the_active_curve_peaks_at_one(a, b):
    low, high = sorted((a, b))
    assert muscle.passive_force(P, low) <= muscle.passive_force(P, high)
    assert muscle.force_length(P, a) <= muscle.force_length(P, 1.0) == 1.0


def test_a_silent_muscle_does_no_work_on_the_joint_over_a_cycle():
    """Energy: what a passive muscle takes up in a slow cycle of stretch it gives back at most (second law)."""
    pool = Pool(Subject(overrides=(("private_noise_mv", 1e-6), ("common_noise", 1e-6))), engine="reference")
    angle = tuple((t / 20.0, 10.0 + 15.0 * np.sin(2 * np.pi * t / 20.0)) for t in range(41))
    protocol = Protocol(joint_angle_deg=angle)
    records, *_ = pool.run(protocol.rows(pool.p, 0, 2000), record_ms=1)
    force, passive = (
        records[1000:, reflex_loop.TENDON_FORCE],
        protocol.rows(pool.p, 0, 2000)[1000:, reflex_loop.PASSIVE_LENGTH],
    )
    work_by_muscle = -np.sum(0.5 * (force[1:] + force[:-1]) * np.diff(passive))
    assert work_by_muscle <= 1e-6
    assert np.abs(force).max() > 1e-3


def test_currents_of_a_resting_membrane_sum_to_nothing():
    """Charge: at rest, leak, coupling and inward current balance in both compartments."""
    pool = Pool(Subject(motor_neurons=at.WIDTH), engine="reference")
    pool.discharge(0.05, 0.01, 1.0)
    u = pool.blocks.reshape(-1, at.ROWS, at.WIDTH).swapaxes(0, 1)
    vs, vd, m = u[at.V_SOMA], u[at.V_DENDRITE], u[at.PIC]
    soma = -(vs - P.leak_reversal_mv) - P.coupling_soma * (vs - vd)
    dendrite = (
        -(vd - P.leak_reversal_mv)
        - P.coupling_dendrite * (vd - vs)
        - u[at.PIC_CONDUCTANCE] * m * (vd - P.calcium_reversal_mv)
        - u[at.DRIVE] * 0.05 * (vd - P.excitatory_reversal_mv)
        - 0.01 * (vd - P.inhibitory_reversal_mv)
    )
    np.testing.assert_allclose(soma, 0.0, atol=1e-6)
    np.testing.assert_allclose(dendrite, 0.0, atol=1e-6)


@settings(max_examples=30, deadline=None)
@example([(0, "spike"), (16, "pulse")])  # the impulse reaches the site of the stimulus in the millisecond of a pulse
@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from(["spike", "pulse"])), max_size=25))
def test_no_impulse_appears_or_vanishes_except_in_pairs(events):
    """Collision: in every nerve, impulses that set out = those that arrive + those under way + pairs that met."""
    pool = Pool(Subject(motor_neurons=1, overrides=(("terminal_rate_limit", 0.0),)), engine="reference")
    z, p, row = pool.z, pool.p, np.zeros(reflex_loop.COLUMNS)
    u = pool.blocks.reshape(-1, at.ROWS, at.WIDTH).swapaxes(0, 1)
    out, back, direct, arrived, invaded = 0, 0, 0, [], 0
    with np.errstate(over="ignore"):
        for ms in range(120):
            spike, pulse = ((ms, kind) in events for kind in ("spike", "pulse"))
            u[at.SPIKED, 0], u[at.REFRACTORY, 0] = float(spike), 0.0
            row[reflex_loop.PULSE_MOTOR] = float(pulse)
            reference.events_ms(pool.arrays, p, np.uint64(1), ms, row, arrived)
            invaded += int(z[reflex_loop.COLLATERAL_SPIKES] - z[reflex_loop.CENTRAL_SPIKES])
            out, direct = out + spike, direct + pulse
            # a pulse sends one impulse each way; the one towards the cord counts as set out even when it
            # meets one at once
            back += pulse
    assert not pool.axons.any()  # 120 ms are longer than any nerve here
    natural = sum(kind == at.NATURAL for _, _, kind in arrived)
    met = out - natural
    assert met >= 0
    assert back - invaded == met
    together = sum(1 for ms, kind in set(events) if kind == "pulse")
    assert sum(kind == at.DIRECT for _, _, kind in arrived) == together


def test_a_pulse_meets_the_impulse_that_comes_down_the_same_axon():
    pool = Pool(Subject(motor_neurons=1), engine="reference")
    u = pool.blocks.reshape(-1, at.ROWS, at.WIDTH).swapaxes(0, 1)
    row, arrived, invasions = np.zeros(reflex_loop.COLUMNS), [], 0.0
    with np.errstate(over="ignore"):
        for ms in range(60):
            u[at.SPIKED, 0], u[at.REFRACTORY, 0] = float(ms == 0), 0.0
            row[reflex_loop.PULSE_MOTOR] = float(ms == 8)
            reference.events_ms(pool.arrays, pool.p, np.uint64(1), ms, row, arrived)
            invasions += pool.z[reflex_loop.COLLATERAL_SPIKES] - pool.z[reflex_loop.CENTRAL_SPIKES]
    assert [kind for _, _, kind in arrived] == [at.DIRECT]
    assert invasions == 0


@given(force=UNIT, more=UNIT, gain=st.floats(0.1, 2.0))
def test_tendon_organs_fire_more_with_force_and_gain_and_stay_below_their_limit(force, more, gain):
    low, high = sorted((force, more))
    assert tendon_organ.ib_rate(P, low, 0.0, gain) <= tendon_organ.ib_rate(P, high, 0.0, gain) <= P.ib_limit
    assert tendon_organ.ib_rate(P, high, 0.0, 0.5 * gain) <= tendon_organ.ib_rate(P, high, 0.0, gain)


@given(a=LENGTHS, b=LENGTHS)
def test_tendon_inhibition_grows_with_stretch_and_the_ia_path_shrinks(a, b):
    """Khan and Burne 2009: tendon inhibition is largest in the stretched muscle."""
    low, high = sorted((a, b))
    assert tendon_organ.ib_efficacy(P, low) <= tendon_organ.ib_efficacy(P, high) <= 1.0
    assert spindle.ia_efficacy(P, high) <= spindle.ia_efficacy(P, low)


@given(length=LENGTHS, velocity=st.floats(-2.0, 2.0), rate=st.floats(0.0, 40.0), slack=st.floats(0.0, 0.1))
def test_spindle_signs(length, velocity, rate, slack):
    def ia(v=velocity, r=rate, s=slack, gain=1.0):
        return spindle.ia_rate(P, length, length + s, v, r, 1.0, 1.0, gain)

    assert ia() >= 0.0
    assert ia(r=rate + 5.0) >= ia()
    assert ia(v=abs(velocity)) >= ia(v=-abs(velocity))
    assert ia(v=abs(velocity), s=slack + 0.05) <= ia(v=abs(velocity))  # slack: stretch goes unheard
    assert ia(gain=2.0) == pytest.approx(2.0 * ia())


@given(UNIT)
def test_renshaw_cells_saturate(share):
    assert 0.0 <= renshaw.renshaw_rate(P, 1000.0 * share) < P.renshaw_limit


@given(force=UNIT, more=UNIT)
def test_flow_falls_with_force_and_stops_between_half_and_two_thirds_of_maximum(force, more):
    """Sadamoto et al. 1983: flow stops on average at 50 to 64 in 100 of maximal force."""
    low, high = sorted((force, more))
    assert flow.flow_share(P, high, 0.0) <= flow.flow_share(P, low, 0.0)
    assert flow.flow_share(P, 0.05, 0.0) > 0.95
    assert flow.flow_share(P, 0.64, 0.0) < 0.02
    assert flow.flow_share(P, low, 1.0) == 0.0


@given(fast=UNIT, slow=UNIT, mv=st.floats(-2.0, 2.0))
def test_what_raises_and_what_lowers_excitability(fast, slow, mv):
    shift = excitability.threshold_shift_mv
    assert shift(P, 0.0, mv, fast, 0.0, 0.0) >= shift(P, 0.0, mv, 0.0, 0.0, 0.0)  # E15: fast fatigue protects
    assert shift(P, 0.0, mv, fast, 1.0, 0.0) < shift(P, 0.0, mv, fast, 0.0, 0.0)  # E23: a cramp sensitises
    assert shift(P, 0.0, mv, fast, 0.0, 1.0) > shift(P, 0.0, mv, fast, 0.0, 0.0)  # E19: cramp training
    assert excitability.spindle_gain(P, slow, 0.0) >= 1.0 >= excitability.tendon_organ_gain(P, slow)
    assert terminals.terminal_shift(P, 0.7, mv, fast) >= terminals.terminal_shift(P, 0.7, mv, 0.0)
    assert rate_factor(P, 37.0) == 1.0 < rate_factor(P, 40.0)


def test_a_contraction_hurts_only_in_a_short_muscle():
    assert excitability.contraction_pain(P, 0.5, 0.6) > 0.4
    assert excitability.contraction_pain(P, 0.5, 0.85) < 0.01


def test_water_and_salt_work_against_each_other():
    assert ion_shift_mv(P, 3.0, 0.0) > 0.0 > ion_shift_mv(P, -3.0, 0.0)
    assert ion_shift_mv(P, 0.0, -0.05) < 0.0
    np.testing.assert_allclose(ion_shift_mv(P, np.array([1.0, 2.0]), 0.0), P.sodium_shift_mv * np.array([1.0, 2.0]))


def test_training_needs_cramps_and_fades():
    assert after_sessions(P, 6, 3.5) > after_sessions(P, 3, 3.5) > 0.0 == after_sessions(P, 6, 3.5, cramped=False)
    assert after_sessions(P, 500, 3.5) <= 1.0
    assert after_days(P, 0.5, P.adaptation_time_d) == pytest.approx(0.5 / np.e)


@pytest.mark.parametrize("name", muscles())
def test_every_muscle_is_short_where_it_is_tested_and_longer_when_stretched(name):
    p = constants(name)
    assert 0.5 < passive_length(p, p.test_angle_deg) < passive_length(p, p.longest_angle_deg) < 1.4
    assert passive_length(p, -20.0, 40.0) <= passive_length(p, -20.0, 0.0)


def test_a_bent_knee_shortens_gastrocnemius_and_not_soleus():
    for name, changes in (("medial_gastrocnemius", True), ("lateral_gastrocnemius", True), ("soleus", False)):
        p = constants(name)
        assert (passive_length(p, 0.0, 60.0) < passive_length(p, 0.0, 0.0)) == changes


def test_people_are_drawn_one_by_one_and_in_their_share():
    """E27: 31 in 100 cramp on demand."""
    people = virtual_subjects(1000, 3)
    assert people[:10] == virtual_subjects(10, 3)
    assert people != virtual_subjects(1000, 4)
    assert np.mean([s.prone for s in people]) == pytest.approx(P.trait_prone_share, abs=0.05)
    prone, other = (np.mean([s.excitability_mv for s in people if s.prone is kind]) for kind in (True, False))
    assert prone < other
    assert all(s.prone for s in virtual_subjects(20, 1, prone=True))


def test_the_nerve_is_stimulated_in_the_share_that_was_asked_for():
    pool = Pool(Subject(), engine="reference")
    rows = Protocol(trains=(Train(0.0, 0.1, 10.0, motor_share=0.3, sensory_share=0.2),)).rows(pool.p, 0, 50)
    assert rows[0, reflex_loop.PULSE_SENSORY] == pytest.approx(0.2)
    _, _, unit, kind = pool.run(rows)
    assert (kind == at.DIRECT).sum() == len(set(unit[kind == at.DIRECT])) == round(0.3 * pool.subject.units)


def test_every_number_of_the_room_is_used():
    """A row of the table that no equation reads would be a number without a model."""
    from importlib.resources import files

    code = "".join(f.read_text() for f in files("charley.neuromuscular").iterdir() if f.name.endswith(".py"))
    elsewhere = {"shortest_angle_deg", "longest_angle_deg", "downhill_run_fast_fatigue"}  # read by the laboratory
    unused = [key for key in P._fields if f"p.{key}" not in code and f").{key}" not in code]
    assert set(unused) <= elsewhere
    assert {key.split(".")[1] for key in parameters("neuromuscular") if "." in key} <= set(P._fields)


def test_a_motor_neuron_fires_more_slowly_under_the_same_effort_after_half_a_minute():
    """Kernell and Monster 1982, Sawczuk 1995: late adaptation; without its term the rate stays."""

    def fall(size):
        subject = Subject(overrides=(("late_adaptation_mv", size), ("fast_fatigue_build", 0.0)))
        effort = Protocol(voluntary=((0.0, 0.0), (0.5, 0.25)), joint_angle_deg=0.0)
        trace = simulate(subject, protocol=effort, duration_s=32.0)
        early, late = (trace.unit_rate_hz[(trace.time_s > t) & (trace.time_s <= t + 4.0)].mean() for t in (2.0, 28.0))
        return late / early

    assert fall(0.06) < 0.9
    assert fall(0.06) < fall(0.0) - 0.05


def test_a_contraction_is_ended_by_inhibition_that_grows_with_how_fast_it_is_let_go():
    """Schieppati and Crenna 1984: the reflex is low while a contraction is let go, and only then."""

    def inhibition(release_s):
        protocol = Protocol(voluntary=((0.0, 0.0), (1.0, 1.0), (3.0, 1.0), (3.0 + release_s, 0.0)))
        return protocol.rows(P, 0, 8000)[:, reflex_loop.INHIBITION]

    quick, slow = inhibition(0.2), inhibition(3.0)
    assert not quick[:3000].any()
    assert quick.max() > 2.0 * slow.max() > 0.0
    assert quick[5500] < 0.05 * quick.max()
    pieces = Protocol(voluntary=((0.0, 0.0), (1.0, 1.0), (3.0, 1.0), (3.1, 0.5), (3.2, 0.0)))
    np.testing.assert_allclose(pieces.rows(P, 0, 8000)[:, reflex_loop.INHIBITION], quick, atol=1e-12)
