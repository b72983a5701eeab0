"""The cramp threshold frequency as a laboratory finds it: trains of rising frequency until the muscle goes on by
itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from charley.neuromuscular import layout as at
from charley.neuromuscular import reflex_loop
from charley.neuromuscular.pool import DEFAULT_STEP_S, Pool
from charley.neuromuscular.protocol import Profile, Protocol, Train
from charley.neuromuscular.subject import SlowState, Subject
from charley.vocabulary.arrays import Floats, Ints
from charley.vocabulary.errors import ProtocolError

CRAMP_RATE_HZ = 0.6  # mean impulses per unit and second that show as a cramp
CRAMP_S = 1.0  # for which they must go on after the train
WINDOW_MS = 500
LEAD_MS = 300  # from the start of a window to the first pulse
FLIGHT_MS = 100  # what the last pulses still send through nerve and muscle


@dataclass(frozen=True, slots=True)
class RampProtocol:
    """Trains of rising frequency, each followed by rest, until a cramp. ``pulses`` replaces ``train_s`` where a train
    is given by its pulses."""

    start_hz: float = 4.0
    step_hz: float = 2.0
    max_hz: float = 60.0
    train_s: float = 2.0
    pulses: int | None = None
    rest_s: float = 60.0
    site: str = "nerve"
    motor_share: float = 1.0
    sensory_share: float = 1.0
    joint_angle_deg: float | None = None
    knee_flexion_deg: float = 0.0
    blocked: bool = False
    follow_s: float = 300.0  # how long a cramp is watched
    inhibition: float = 0.0  # extra inhibitory conductance throughout

    def frequencies(self) -> Floats:
        """Frequencies in the order in which they are given."""
        if not (self.step_hz > 0 and 0 < self.start_hz <= self.max_hz):
            raise ProtocolError(
                "protocol-value", f"a ramp from {self.start_hz:g} by {self.step_hz:g} to {self.max_hz:g} Hz"
            )
        return np.arange(self.start_hz, self.max_hz + 1e-9, self.step_hz)


@dataclass(frozen=True, slots=True)
class UnitActivity:
    """Discharge of single units in a cramp, one value a unit that fired at least ``LEAST_SPIKES`` times."""

    active_s: Floats
    mean_rate_hz: Floats
    largest_rate_hz: Floats  # most impulses within a second
    last_rate_hz: Floats  # over its last five intervals
    interval_cv: Floats


@dataclass(frozen=True, slots=True)
class ThresholdResult:
    """``frequency_hz`` is None when the ramp ended without a cramp; the rest then describes the last train's
    after-effect."""

    frequency_hz: float | None
    cramp_duration_s: float
    cramp_force: float  # mean fraction of maximum over the cramp
    peak_unit_rate_hz: float  # largest 0.5-s mean of the pool after the train
    units: UnitActivity
    trains_given: int
    end_state: SlowState
    censored: bool  # the cramp outlasted ``follow_s``


LEAST_SPIKES = 8
PAUSE_S = 0.5


def threshold_frequency(
    subject: Subject | None = None,
    state: SlowState | None = None,
    ramp: RampProtocol | None = None,
    seed: int = 1,
    dt_s: float = DEFAULT_STEP_S,
    engine: str = "auto",
) -> ThresholdResult:
    """Run the whole ramp on one pool that keeps its past; rests are skipped by the slow states once nothing fires."""
    subject, state, ramp = subject or Subject(), state or SlowState(), ramp or RampProtocol()
    pool = Pool(subject, state, seed, dt_s, engine=engine)
    frequencies = ramp.frequencies()
    for given, frequency in enumerate(frequencies, start=1):
        after = _train_and_watch(pool, ramp, float(frequency))
        if after.duration_s >= CRAMP_S or given == len(frequencies):
            break
        _rest(pool, ramp)
    return ThresholdResult(
        frequency_hz=float(frequency) if after.duration_s >= CRAMP_S else None,
        cramp_duration_s=after.duration_s,
        cramp_force=after.force,
        peak_unit_rate_hz=after.peak_hz,
        units=after.units,
        trains_given=given,
        end_state=pool.slow_state(state),
        censored=after.duration_s >= ramp.follow_s,
    )


def cramp_after(
    frequency_hz: float,
    subject: Subject | None = None,
    state: SlowState | None = None,
    ramp: RampProtocol | None = None,
    seed: int = 1,
    dt_s: float = DEFAULT_STEP_S,
    engine: str = "auto",
) -> ThresholdResult:
    """One train at ``frequency_hz`` on a rested pool (``ramp`` gives all but the frequency)."""
    from dataclasses import replace

    one = replace(ramp or RampProtocol(), start_hz=frequency_hz, max_hz=frequency_hz)
    return threshold_frequency(subject, state, one, seed, dt_s, engine)


def cramp_duration_s(
    frequency_hz: float,
    subject: Subject | None = None,
    state: SlowState | None = None,
    ramp: RampProtocol | None = None,
    seed: int = 1,
) -> float:
    """How long the muscle goes on after one train, in seconds."""
    return cramp_after(frequency_hz, subject, state, ramp, seed).cramp_duration_s


def rested_threshold_hz(
    subject: Subject | None = None,
    state: SlowState | None = None,
    ramp: RampProtocol | None = None,
    seeds: tuple[int, ...] = (1, 2, 3),
    low_hz: float = 4.0,
    high_hz: float = 44.0,
    within_hz: float = 0.75,
    dt_s: float = DEFAULT_STEP_S,
) -> float:
    """Threshold of a pool that is fresh before each train, by bisection and majority over ``seeds``; nan above
    ``high_hz``.

    Free of the order of trains, so what the margin is checked against. Returns the middle of the last bracket, which
    lies at ``low_hz`` where all frequencies cramp. Found from above: a pool that is about to fire by itself may also
    be lit by the jerks of a few slow pulses.
    """
    from dataclasses import replace

    short = replace(ramp or RampProtocol(), follow_s=CRAMP_S + WINDOW_MS / 1000.0)

    def cramps(frequency: float) -> bool:
        votes = {True: 0, False: 0}
        for seed in seeds:
            votes[cramp_after(frequency, subject, state, short, seed, dt_s).cramp_duration_s >= CRAMP_S] += 1
            if max(votes.values()) * 2 > len(seeds):
                break
        return votes[True] * 2 > len(seeds)

    if not cramps(high_hz):
        return float("nan")
    while high_hz - low_hz > within_hz:
        middle = 0.5 * (low_hz + high_hz)
        low_hz, high_hz = (low_hz, middle) if cramps(middle) else (middle, high_hz)
    return 0.5 * (low_hz + high_hz)


@dataclass(frozen=True, slots=True)
class _After:
    duration_s: float
    force: float
    peak_hz: float
    units: UnitActivity


def _train_and_watch(pool: Pool, ramp: RampProtocol, frequency: float) -> _After:
    """Give one train and run until the pool has been below the criterion for a window, or ``follow_s`` is over."""
    start_s = (pool.tick + LEAD_MS) / 1000.0
    duration = ramp.train_s if ramp.pulses is None else ramp.pulses / frequency
    train = Train(start_s, duration, frequency, ramp.site, ramp.motor_share, ramp.sensory_share)
    protocol = _still(ramp, (train,))
    train_end = pool.tick + LEAD_MS + round(1000.0 * duration) + FLIGHT_MS
    pool.run(protocol.rows(pool.p, pool.tick, train_end))
    rates: list[float] = []
    forces: list[float] = []
    spikes: list[Any] = []
    while len(rates) * WINDOW_MS < ramp.follow_s * 1000.0:
        record, ms, unit, kind = pool.run(protocol.rows(pool.p, pool.tick, pool.tick + WINDOW_MS))
        spikes.append((ms, unit, kind))
        rates.append(float(record[:, reflex_loop.MUSCLE_SPIKES].sum()) * 1000.0 / WINDOW_MS / pool.subject.units)
        forces.append(float(record[:, reflex_loop.TENDON_FORCE].mean()))
        if rates[-1] < CRAMP_RATE_HZ:
            break
    active = sum(rate >= CRAMP_RATE_HZ for rate in rates)
    ms, unit, kind = (np.concatenate([part[k] for part in spikes]) for k in range(3))
    own = kind != at.DIRECT
    return _After(
        duration_s=active * WINDOW_MS / 1000.0,
        force=float(np.mean(forces[:active])) if active else 0.0,
        peak_hz=max(rates),
        units=unit_activity(ms[own] / 1000.0, unit[own]),
    )


def _rest(pool: Pool, ramp: RampProtocol) -> None:
    """Rest until the next train: run while anything fires (up to the whole rest), then skip."""
    left_ms = round(1000.0 * ramp.rest_s)
    protocol = _still(ramp, ())
    while left_ms > WINDOW_MS and not pool.quiet:
        pool.run(protocol.rows(pool.p, pool.tick, pool.tick + WINDOW_MS))
        left_ms -= WINDOW_MS
    if pool.quiet and left_ms > 0:
        pool.rest(left_ms / 1000.0, protocol.rows(pool.p, pool.tick, pool.tick + 1)[0])
    elif left_ms > 0:
        pool.run(protocol.rows(pool.p, pool.tick, pool.tick + left_ms))


def _still(ramp: RampProtocol, trains: tuple[Train, ...]) -> Protocol:
    inhibition: Profile = ((0.0, ramp.inhibition),) if ramp.inhibition else ()
    return Protocol(
        trains=trains,
        joint_angle_deg=ramp.joint_angle_deg,
        knee_flexion_deg=ramp.knee_flexion_deg,
        inhibition=inhibition,
        block_from_s=0.0 if ramp.blocked else None,
    )


def unit_activity(spike_s: Floats, unit: Ints) -> UnitActivity:
    """Rates of single units from their spikes; intervals longer than ``PAUSE_S`` count as pauses, not as slow
    discharge."""
    rows = []
    for u in np.unique(unit):
        t = np.sort(spike_s[unit == u])
        intervals = np.diff(t)
        intervals = intervals[intervals <= PAUSE_S]
        if len(intervals) < LEAST_SPIKES:
            continue
        within_a_second = np.searchsorted(t, t + 1.0) - np.arange(len(t))
        rows.append(
            (
                t[-1] - t[0],
                1.0 / intervals.mean(),
                within_a_second.max(),
                5.0 / intervals[-5:].sum(),
                intervals.std() / intervals.mean(),
            )
        )
    table = np.array(rows).reshape(-1, 5).T
    return UnitActivity(*table)
