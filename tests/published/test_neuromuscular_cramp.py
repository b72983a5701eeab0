"""The motor pool against published experiments. Each test names the paper's number and the band that it is held to.

Bands are the published mean and spread where the model was calibrated on them (docs/calibration-neuromuscular.md),
and signs elsewhere.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

pytest.importorskip("numba")

from charley.neuromuscular import SlowState, Subject, constants, ion_shift_mv, virtual_subjects
from charley.neuromuscular.emg import electromyogram
from charley.neuromuscular.pool import Pool
from charley.neuromuscular.protocol import Protocol, TendonShock, Train
from charley.neuromuscular.simulate import simulate
from charley.neuromuscular.threshold import RampProtocol, cramp_after, rested_threshold_hz, threshold_frequency

CALF, FLEXOR = Subject(), Subject("flexor_hallucis_brevis")
ABDUCTOR = Subject("abductor_hallucis", constants().trait_prone_mean_mv)  # the middle of those who cramp
NON_CRAMPER = Subject("flexor_hallucis_brevis", constants().trait_other_mean_mv, constants().trait_other_tendon_organ)
SHORT_DEG = -30.0
RESTED = SlowState()
CRAMP = 0.6  # impulses per unit and second


@cache
def threshold(subject=CALF, state=RESTED, angle=None, blocked=False, high=60.0):
    ramp = RampProtocol(joint_angle_deg=angle, blocked=blocked)
    return rested_threshold_hz(subject, state, ramp, seeds=(1, 2, 3), high_hz=high, within_hz=0.5)


@cache
def cramps(subject=ABDUCTOR, above=2.0, blocked=False, follow=120.0, seeds=(1, 2, 3, 4, 5, 6)):
    start = threshold(subject, blocked=blocked) + above
    return [cramp_after(start, subject, ramp=RampProtocol(blocked=blocked, follow_s=follow), seed=s) for s in seeds]


def rate(trace, start, end):
    return float(trace.unit_rate_hz[(trace.time_s > start) & (trace.time_s <= end)].mean())


@pytest.mark.parametrize("angle", [-40.0, -20.0, 0.0, 20.0])
@pytest.mark.parametrize("slow_fatigue", [0.0, 1.0])
def test_a_muscle_at_rest_is_silent(angle, slow_fatigue):
    """No involuntary discharge is seen before a stimulus (any of the papers): below one impulse in 20 s from a unit."""
    trace = simulate(
        state=SlowState(slow_fatigue=slow_fatigue), protocol=Protocol(joint_angle_deg=angle), duration_s=40.0
    )
    assert trace.unit_rate_hz.mean() < 0.05


def test_threshold_whole_and_below_a_nerve_block():
    """Minetto 2011: 13 ± 3 Hz whole, 18 ± 3 Hz with the nerve blocked."""
    whole, blocked = threshold(ABDUCTOR), threshold(ABDUCTOR, blocked=True)
    assert 10.0 <= whole <= 16.0
    assert 15.0 <= blocked <= 21.0
    assert blocked > whole + 1.0


def test_how_long_a_cramp_lasts_whole_and_below_a_nerve_block():
    """Minetto 2011: 55.6 ± 19.2 s whole, 2.6 ± 1.3 s blocked."""
    whole = np.mean([r.cramp_duration_s for r in cramps()])
    blocked = np.mean([r.cramp_duration_s for r in cramps(blocked=True, follow=20.0)])
    assert 36.4 <= whole <= 74.8
    assert 1.1 <= blocked <= 4.0


def test_rates_of_single_units():
    """Minetto 2009 and 2011: mean 14.5 ± 5.1 and 20.0 ± 5.9; largest 25 ± 8; interval variation 0.446 ± 0.097."""
    found = [r.units for r in cramps()]
    mean, largest, variation = (
        np.concatenate([getattr(u, name) for u in found]).mean()
        for name in ("mean_rate_hz", "largest_rate_hz", "interval_cv")
    )
    assert 10.0 <= mean <= 25.0
    assert 17.0 <= largest <= 33.0
    assert 0.35 <= variation <= 0.55
    blocked = np.concatenate([r.units.mean_rate_hz for r in cramps(blocked=True, follow=20.0)]).mean()
    assert 14.1 <= blocked <= 37.3  # 25.7 ± 11.6 below the block


@pytest.mark.xfail(
    reason="units fall silent near 7.8 impulses a second, not near 6.0 ± 0.8 (Minetto 2009)", strict=True
)
def test_units_fall_silent_near_six_a_second():
    last = np.concatenate([r.units.last_rate_hz for r in cramps()]).mean()
    assert last == pytest.approx(6.0, abs=1.6)


def test_the_greatest_discharge_is_that_of_the_cramp():
    """By the model's own criterion: a pool that cramps fires above it at its most, one that does not never does."""
    assert all(r.peak_unit_rate_hz >= CRAMP for r in cramps())
    quiet = cramp_after(4.0, CALF, ramp=RampProtocol(follow_s=3.0))
    assert quiet.frequency_hz is None
    assert quiet.peak_unit_rate_hz < CRAMP


def test_single_units_are_active_for_half_of_the_cramp():
    """Minetto 2011: 29.5 ± 21.8 s of 55.6 ± 19.2 s."""
    active = np.concatenate([r.units.active_s for r in cramps()]).mean()
    assert active < 0.75 * np.mean([r.cramp_duration_s for r in cramps()])


def test_a_shorter_muscle_cramps_more_easily_and_a_long_one_not_at_all():
    """Bertolasi 1993, Behringer 2014: no cramp at a neutral or long muscle, up to 30 Hz above the threshold."""
    found = [threshold(CALF, angle=a) for a in (-40.0, -30.0, -20.0, -10.0)]
    assert np.all(np.diff(found) >= 0.0)
    for angle in (10.0, 20.0):
        assert np.isnan(threshold(CALF, angle=angle, high=found[1] + 30.0))


@pytest.mark.parametrize(("angle", "blocked"), [(-30.0, False), (-30.0, True), (-15.0, False)])
def test_every_frequency_above_the_threshold_cramps_and_none_below(angle, blocked):
    """A threshold is one: there is no window of low frequencies that cramps, and no gap above."""
    limit = threshold(CALF, angle=angle, blocked=blocked)

    def votes(frequency):
        ramp = RampProtocol(joint_angle_deg=angle, blocked=blocked, follow_s=1.5)
        return sum(cramp_after(frequency, CALF, ramp=ramp, seed=s).cramp_duration_s >= 1.0 for s in (1, 2, 3))

    assert all(votes(f) <= 1 for f in np.arange(4.0, limit - 2.0, 2.0))
    assert all(votes(f) >= 2 for f in np.arange(limit + 2.0, 42.0, 4.0))


STRETCH_AT_S = 8.0


@cache
def stretched(to_deg, in_s=1.0, cut=False, seeds=10):
    out = []
    for seed in range(1, seeds + 1):
        protocol = Protocol(
            trains=(Train(0.5, 2.0, 20.0),),
            joint_angle_deg=((0.0, SHORT_DEG), (STRETCH_AT_S, SHORT_DEG), (STRETCH_AT_S + in_s, to_deg)),
            tendon_organ_cut_from_s=STRETCH_AT_S if cut else None,
        )
        out.append(simulate(protocol=protocol, duration_s=14.0, seed=seed))
    return out


def test_stretching_ends_a_cramp_and_needs_the_tendon_organ():
    """Bertolasi 1993 (secondary): sudden interruption by lengthening; Khan and Burne 2007: by tendon afferents."""
    going = [t for t in stretched(SHORT_DEG) if rate(t, 7.0, 8.0) > 3.0]
    assert len(going) >= 8
    assert np.mean([rate(t, 13.0, 14.0) >= CRAMP for t in going]) >= 0.75  # held still, it goes on
    ended = [t for t in stretched(15.0) if rate(t, 7.0, 8.0) > 3.0]
    assert np.mean([rate(t, 13.0, 14.0) < CRAMP for t in ended]) >= 0.9
    cut = [t for t in stretched(15.0, cut=True, seeds=4) if rate(t, 7.0, 8.0) > 3.0]
    assert not any(rate(t, 13.0, 14.0) < CRAMP for t in cut)


def test_a_forced_stretch_first_raises_activity():
    """Ross and Thomas 1995: activity rose in all calf muscles while the cramp was broken."""
    before = np.mean([rate(t, 7.0, 8.0) for t in stretched(15.0, 0.5)])
    during = np.mean([rate(t, STRETCH_AT_S, STRETCH_AT_S + 0.3) for t in stretched(15.0, 0.5)])
    after = np.mean([rate(t, 10.0, 11.0) for t in stretched(15.0, 0.5)])
    assert during > 1.03 * before
    assert after < 0.2 * before


@cache
def shocked(weight=None, seeds=6):
    """Discharge by millisecond around tendon shocks, from -100 to +300 ms, relative to before."""
    subject = CALF if weight is None else Subject(overrides=(("ib_weight", weight),))
    shocks = tuple(TendonShock(5.0 + 0.8 * k, 200.0) for k in range(10))
    total = np.zeros(400)
    for seed in range(1, seeds + 1):
        trace = simulate(
            subject,
            protocol=Protocol(trains=(Train(0.5, 2.0, 24.0),), tendon_shocks=shocks),
            duration_s=13.5,
            seed=seed,
        )
        for shock in shocks:
            since = np.round((trace.spike_s - shock.at_s) * 1000.0).astype(int)
            total += np.bincount(since[(since >= -100) & (since < 300)] + 100, minlength=400)
    smooth = np.convolve(total, np.ones(10) / 10.0, "same")
    return smooth / total[:100].mean()


def test_a_tendon_shock_inhibits_twice():
    """Khan and Burne 2009: I1 begins at 47-49 ms, I2 at 187-193 ms; 2007: cramp and contraction alike."""
    course = shocked()
    assert course[100:140].min() > 0.8  # nothing before the volley can have arrived
    first, between, second = course[145:175].min(), course[190:270].mean(), course[285:315].min()
    assert first < 0.7
    assert between > 0.85
    assert first < second < 0.85


def test_tendon_inhibition_needs_its_synapse():
    assert shocked(1e-9, 2)[145:175].mean() > 0.85


def test_a_train_of_tendon_shocks_ends_the_cramp():
    """Khan and Burne 2007: tendon stimulation relieved every cramp, 8 of 8."""
    ended = []
    for seed in range(1, 7):
        protocol = Protocol(trains=(Train(0.5, 2.0, 24.0),), tendon_shocks=(TendonShock(6.0, 120.0, 3.0),))
        trace = simulate(protocol=protocol, duration_s=12.0, seed=seed)
        if rate(trace, 5.0, 6.0) > 3.0:
            ended.append(rate(trace, 11.0, 12.0) < CRAMP)
    assert len(ended) >= 4
    assert np.mean(ended) >= 0.8


def test_what_moves_the_threshold_and_which_way():
    """Slow fatigue lowers it (Nelson and Hutton 1985), fast fatigue raises it (Stone 2010), pain lowers it (Serrao
    2007)."""
    base = threshold()
    assert threshold(CALF, SlowState(slow_fatigue=0.5)) < base
    assert threshold(CALF, SlowState(slow_fatigue=1.0)) < threshold(CALF, SlowState(slow_fatigue=0.5))
    assert threshold(CALF, SlowState(fast_fatigue=0.3)) > base
    assert threshold(CALF, SlowState(pain=1.0)) < base
    assert threshold(CALF, SlowState(ion_shift_mv=-0.4)) < base < threshold(CALF, SlowState(ion_shift_mv=0.4))
    assert threshold(Subject(spindle_gain=1.1)) < base < threshold(Subject(tendon_organ_gain=1.5))


def test_more_spindle_and_less_tendon_organ_make_a_muscle_cramp_by_itself():
    wild = simulate(Subject(spindle_gain=1.6, tendon_organ_gain=0.5), duration_s=10.0)
    assert rate(wild, 5.0, 10.0) > CRAMP


def test_pain_lowers_the_threshold_by_a_fifth():
    """Serrao 2007: 31.2 ± 2.8 to 25.7 ± 2.1 Hz, a ratio of 0.82."""
    person = Subject(
        "flexor_hallucis_brevis", constants().trait_other_mean_mv + 0.3, constants().trait_other_tendon_organ
    )
    assert threshold(person, SlowState(pain=1.0)) / threshold(person) == pytest.approx(0.82, abs=0.12)


def test_a_cramp_lowers_the_threshold_for_an_hour():
    """Miller 2017: 18 to 14 Hz at 5, 30 and 60 min after a cramp made at will."""
    person = Subject("flexor_hallucis_brevis", 0.5)
    contraction = Protocol(voluntary=((0.0, 0.0), (0.5, 1.0), (10.0, 1.0), (10.5, 0.0)))
    pool = Pool(person)
    pool.run(contraction.rows(pool.p, 0, 120_000))
    row = Protocol().rows(pool.p, 0, 1)[0]
    before, done_min = threshold(person), 0.0
    for minutes in (5.0, 30.0, 60.0):
        pool.rest(60.0 * (minutes - done_min), row)
        done_min = minutes
        assert -8.0 <= threshold(person, pool.slow_state(SlowState())) - before <= -1.0


def test_water_lowers_and_a_rehydration_solution_raises_the_threshold():
    """Lau 2019: -4.7 Hz on water and +4.5 Hz, above the start, on a drink with 51 mmol/L sodium, after a run that
    left it unchanged."""
    p = constants()
    person = Subject("medial_gastrocnemius", p.trait_other_mean_mv, p.trait_other_tendon_organ)
    tired = p.downhill_run_fast_fatigue

    def after(sodium, volume):
        return threshold(person, SlowState(fast_fatigue=tired, ion_shift_mv=float(ion_shift_mv(p, sodium, volume))))

    start = threshold(person)
    assert after(-1.75, -0.02) - start < -1.5
    assert after(0.7, -0.005) - start > 1.0
    assert abs(after(3.3, -0.055) - start) < 4.0


def test_the_thinnest_blood_of_a_race_does_not_make_an_ordinary_person_cramp_from_one_pulse():
    """A bar of our own: plasma sodium of 128 mmol/L, 12 below the usual. With 0.31 mV per mmol/L the muscle fired by
    itself before the pulse and went on after it."""
    p = constants()
    person = Subject("medial_gastrocnemius", p.trait_other_mean_mv, p.trait_other_tendon_organ)
    thin = SlowState(ion_shift_mv=float(ion_shift_mv(p, -12.0, 0.0)))
    pulse = Protocol(trains=(Train(1.0, 0.01, 100.0),))
    trace = simulate(person, thin, pulse, duration_s=8.0)
    assert rate(trace, 0.0, 1.0) < CRAMP
    assert rate(trace, 4.0, 8.0) < CRAMP


def test_the_middle_cramper_and_non_cramper():
    """Miller and Knight 2009: 14.9 ± 1.3 and 25.5 ± 1.6 Hz with their ramp."""
    ramp = RampProtocol(start_hz=4.0, step_hz=2.0, rest_s=60.0, follow_s=1.5)
    cramper = Subject("flexor_hallucis_brevis", constants().trait_prone_mean_mv)
    found = [threshold_frequency(s, None, ramp, seed=1).frequency_hz for s in (cramper, NON_CRAMPER)]
    assert found[0] == pytest.approx(14.9, abs=3.0)
    assert found[1] == pytest.approx(25.5, abs=5.0)


def test_crampers_cramp_on_demand_and_others_seldom():
    """Triceps-surae induction: 31 in 100 of all, 63 of 74 of them with a history; 97 in 100 again on another day."""
    protocol = Protocol(voluntary=((0.0, 0.0), (1.0, 1.0), (10.0, 1.0), (10.3, 0.0)))

    def cramped(people, shift=0):
        traces = [simulate(s, protocol=protocol, duration_s=16.5, seed=k + shift) for k, s in enumerate(people, 1)]
        return np.array([rate(t, 15.5, 16.5) >= CRAMP for t in traces])

    crampers = virtual_subjects(20, 5, True)
    first, again = cramped(crampers), cramped(crampers, 100)
    assert 0.35 <= first.mean() <= 0.95
    assert cramped(virtual_subjects(20, 5, False)).mean() <= 0.2
    assert (first == again).mean() >= 0.85


def test_the_inner_head_cramps_before_the_outer_and_the_outer_before_soleus():
    """Ross and Thomas 1995: cramps of the calf sit in the inner gastrocnemius; soleus follows only a stretch."""
    inner, outer, deep = (threshold(Subject(m)) for m in ("medial_gastrocnemius", "lateral_gastrocnemius", "soleus"))
    assert inner < outer < deep


def test_occlusion_costs_force():
    """Direction of Richardson 1981 and Sjogaard 1986: pressure stops flow, metabolites stay, force is lost."""

    def lost(level, occluded):
        protocol = Protocol(
            voluntary=((0.0, 0.0), (1.0, level)), joint_angle_deg=10.0, occlusion_s=((0.0, 150.0),) if occluded else ()
        )
        trace = simulate(protocol=protocol, duration_s=150.0, record_hz=10.0)
        return 1.0 - trace.force[-100:].mean() / trace.force[20:120].mean(), trace.force[20:120].mean()

    medium, force = lost(0.6, False)
    assert 0.1 < force < 0.5
    assert lost(0.6, True)[0] - medium >= 0.05


def test_a_cramp_shows_in_the_electromyogram_and_its_spectrum_is_that_of_a_calf():
    """Serrao 2007: mean frequency 75 Hz before, 102 Hz in the cramp; activity where there was none."""
    trace = simulate(protocol=Protocol(trains=(Train(1.0, 2.0, 24.0),)), duration_s=8.0)
    signal = electromyogram(trace, with_direct=False)
    assert signal.rectified_uv(0.0, 1.0) < 0.1 * signal.rectified_uv(4.0, 7.0)
    assert 60.0 <= signal.mean_frequency_hz(4.0, 7.0) <= 130.0
